"""Graphs: bars and courses of a report as native charts, each beside the figures it shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.renderers.excel.formats import FILLS, INKS, Formats, number_format, suffix
from chunfeng_reports.renderers.excel.links import Links
from chunfeng_reports.renderers.excel.pages import set_head_and_foot
from chunfeng_reports.renderers.excel.tables import coloured, write
from chunfeng_reports.renderers.wording import finite, number
from chunfeng_reports.report import Bar, Bars, Course, Point
from chunfeng_reports.worksheets import legal, width

ACCENT, SOFT = "#174F86", "#7FA0C0"
ACROSS = 2  # charts beside each other
STEP = 4  # columns that each takes: labels, figures, chart, space
CHART = 38  # half-widths of a chart
LABELS, VALUES = (12, 18), (10, 16)  # those of what stands beside it, at least and at most
ROW_POINTS, ROW_PIXELS = 16.5, 22
ROOM = 1.2  # of the longest bar: its figure stands behind it
LEAST = {"bars": 9, "course": 11}  # rows of a chart
MOST = 28  # bars or points of one chart: more are not read, nor printed on a page
PAGE_ROWS = 40  # that fit on a printed page at PAGE_SCALE
PAGE_SCALE = 72  # at which it fits the page in wide fonts too

Graph = Bars | Course


def draw_graphs(
    book: Workbook,
    sheet: Worksheet,
    graphs: Sequence[Graph],
    formats: Formats,
    *,
    links: Links,
    title: str,
) -> None:
    """Draw charts on an empty worksheet, two beside each other, each beside its figures."""
    sheet.set_default_row(ROW_POINTS)
    for side in range(ACROSS):
        for column, wide in enumerate(_widths(graphs), start=side * STEP):
            sheet.set_column(column, column, wide)
    top, page, breaks = 0, 0, []
    for group in _groups(graphs):
        rows = max(_rows(graph) for graph in group)
        if top + rows - page > PAGE_ROWS and top > page:
            breaks.append(top)
            page = top
        for side, graph in enumerate(group):
            _Corner(book, sheet, formats, links, top, side * STEP).draw(graph)
        top += rows + 1
    _set_up_print(sheet, title, breaks, last=top - 1)


def _groups(graphs: Sequence[Graph]) -> Iterator[tuple[Graph, ...]]:
    """Charts of one kind that follow each other, as many as go beside each other."""
    for _, same in groupby(graphs, key=lambda graph: graph.kind):
        one_kind = list(same)
        for n in range(0, len(one_kind), ACROSS):
            yield tuple(one_kind[n : n + ACROSS])


def _widths(graphs: Sequence[Graph]) -> tuple[int, ...]:
    """Half-widths of labels, figures, chart and the space behind it."""
    labels, values = [0], [0]
    for graph in graphs:
        for mark in _marks(graph):
            labels.append(width(mark.label + _why(mark)) + 2)
            shown = number(finite(mark.value) or 0.0, decimals=graph.decimals)
            values.append(width(shown + suffix(mark.mark, mark.note)) + 2)
    return _within(max(labels), LABELS), _within(max(values), VALUES), CHART, 2


def _above(decimals: int) -> dict[str, Any]:
    """Labels of a line's points: the number alone, its note stands beside the chart."""
    digits = f".{'0' * decimals}" if decimals else ""
    return {"position": "above", "num_format": f"#,##0{digits}"}


def _within(size: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(size, bounds[1]))


def _why(mark: Bar | Point) -> str:
    """Why a point has no value, as it stands with its label; a bar says it in its figure's cell."""
    if isinstance(mark, Bar) or finite(mark.value) is not None:
        return ""
    return f" {mark.note or '未报'}"


def _marks(graph: Graph) -> Sequence[Bar | Point]:
    """The bars or points that are drawn: the first bars and the subject, or the last points."""
    if isinstance(graph, Course):
        return graph.points[-MOST:]
    return graph.bars[:MOST] + tuple(bar for bar in graph.bars[MOST:] if bar.strong)[:3]


def _rows(graph: Graph) -> int:
    """Rows that a chart and its figures take, title and note included."""
    return max(len(_marks(graph)) + 2, LEAST[graph.kind])


def _all(graph: Graph) -> Sequence[Bar | Point]:
    return graph.points if isinstance(graph, Course) else graph.bars


@dataclass(frozen=True)
class _Corner:
    """Where a chart and its figures are drawn: the row and column of its title."""

    book: Workbook
    sheet: Worksheet
    formats: Formats
    links: Links
    top: int
    left: int

    def draw(self, graph: Graph) -> None:
        bold = self.formats.of(bold=True)
        self.sheet.write_string(self.top, self.left, legal(f"{graph.title}（{graph.unit}）"), bold)
        marks = _marks(graph)
        for n, mark in enumerate(marks, start=self.top + 1):
            self._figure(n, mark, graph.decimals)
        if more := len(_all(graph)) - len(marks):
            said = f"另有{more}个未画出，见各表。"
            row = self.top + 1 + len(marks)
            self.sheet.write_string(row, self.left, said, self.formats.of(font_color="#566170"))
        if marks:
            self._chart(graph, marks)

    def _figure(self, row: int, mark: Bar | Point, decimals: int) -> None:
        look: dict[str, Any] = coloured(mark.mark) if mark.mark else {}
        strong, finding = (mark.strong, mark.finding) if isinstance(mark, Bar) else (False, "")
        look |= {"bold": True} if strong else {}
        label = legal(mark.label + _why(mark))
        self.sheet.write_string(row, self.left, label, self.formats.of(**look, shrink=True))
        value, link = finite(mark.value), self.links.of(
            sources=mark.sources, finding=finding, href=mark.href
        )  # fmt: skip
        if value is not None:
            look["num_format"] = number_format(
                value, kind="figure", decimals=decimals, mark=mark.mark, note=mark.note
            )
        # A line falls to 0 where it meets a text: a point without a value leaves its cell empty.
        said = legal(mark.note) or "未报" if isinstance(mark, Bar) else None
        look |= {"align": "right", "shrink": True}
        write(self.sheet, row, self.left + 1, said if value is None else value,
              self.formats.of(**look), link)  # fmt: skip

    def _chart(self, graph: Graph, marks: Sequence[Bar | Point]) -> None:
        name, first, last = self.sheet.get_name(), self.top + 1, self.top + len(marks)
        line = isinstance(graph, Course)
        chart = self.book.add_chart({"type": "line" if line else "bar"})
        heading = [name, self.top, self.left]  # a reference: a title in words might be a formula
        series: dict[str, Any] = {
            "name": heading,
            "categories": [name, first, self.left, last, self.left],
            "values": [name, first, self.left + 1, last, self.left + 1],
            "points": [_point(mark, line=line) for mark in marks],
            "data_labels": {"value": True} | (_above(graph.decimals) if line else {}),
        }
        chart.add_series(series | (_LINE if line else {"gap": 40}))
        chart.set_title({"name": heading, "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        _set_axes(chart, [finite(mark.value) or 0.0 for mark in marks], line=line)
        rows = max(len(marks) + 2, LEAST[graph.kind])
        chart.set_size({"width": 7 * CHART, "height": ROW_PIXELS * rows - 4})
        options = {"description": legal(graph.title)[:255], "x_offset": 4, "y_offset": 2}
        self.sheet.insert_chart(self.top, self.left + 2, chart, options)


_LINE: dict[str, Any] = {
    "line": {"color": ACCENT, "width": 1.75},
    "marker": {"type": "circle", "size": 6, "fill": {"color": ACCENT}, "border": {"color": ACCENT}},
}


def _set_axes(chart: Chart, values: Sequence[float], *, line: bool) -> None:
    """Axes from 0, unless a value lies below it."""
    from_zero: dict[str, Any] = {} if min(values) < 0 else {"min": 0}
    if line:
        grid = {"visible": True, "line": {"color": "#E3E7EC"}}
        step = _step(max(map(abs, values)))
        from_zero |= {"major_unit": step, "num_format": "#,##0" if step >= 1 else "0.0##"}
        chart.set_y_axis({"major_gridlines": grid,
                          "line": {"none": True}} | from_zero)  # fmt: skip
        chart.set_x_axis({"label_position": "low"})
        return
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "label_position": "low",
                      "num_font": {"size": 9}})  # fmt: skip
    if max(values) > 0:
        from_zero |= {"max": ROOM * max(values)}
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}} | from_zero)


def _step(most: float) -> float:
    """Between two marks of an axis: a round number, so that four or so reach the largest value."""
    if not most:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most / 4))
    return next((power * n for n in (1, 2, 5) if power * n >= most / 4), power * 10 or most)


def _point(mark: Bar | Point, *, line: bool) -> dict[str, Any] | None:
    """The look of one bar or marker, where it is not that of the others."""
    if mark.mark:
        dash = {} if line else {"dash_type": "dash"}
        return {"fill": {"color": FILLS[mark.mark]}, "border": {"color": INKS[mark.mark]} | dash}
    if isinstance(mark, Bar):
        return {"fill": {"color": ACCENT if mark.strong else SOFT}}
    return None


def _set_up_print(sheet: Worksheet, title: str, breaks: list[int], *, last: int) -> None:
    """A fixed scale, as Excel heeds breaks between pages only then."""
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_print_scale(PAGE_SCALE)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, max(last, 0), ACROSS * STEP - 2)
    set_head_and_foot(sheet, left=title, right=sheet.get_name())
