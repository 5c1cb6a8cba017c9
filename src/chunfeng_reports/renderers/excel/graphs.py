"""Graphs: bar charts of a report as native charts over their own figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.renderers.excel.formats import FILLS, INKS, Formats, number_format
from chunfeng_reports.renderers.wording import finite
from chunfeng_reports.report import Bar, Bars
from chunfeng_reports.worksheets import legal

ACCENT, SOFT = "#174F86", "#7FA0C0"
ROW_PIXELS = 20
PAGE_ROWS = 66  # that fit on a printed page at PAGE_SCALE
PAGE_SCALE = 72


def draw_graphs(book: Workbook, sheet: Worksheet, charts: Sequence[Bars], formats: Formats) -> None:
    """Draw charts under each other on an empty worksheet, each beside the figures it shows."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 2)
    top, page, breaks = 0, 0, []
    for bars in charts:
        height = max(len(bars.bars), 8) + 3
        if top + height - page > PAGE_ROWS and top > page:
            breaks.append(top)
            page = top
        sheet.write_string(top, 0, legal(f"{bars.title}（{bars.unit}）"), formats.of(bold=True))
        for n, bar in enumerate(bars.bars, start=top + 1):
            _write(sheet, n, bar, bars.decimals, formats)
        if bars.bars:
            _draw(book, sheet, bars, top)
        top += height
    sheet.set_paper(9)
    sheet.set_print_scale(PAGE_SCALE)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_h_pagebreaks(breaks)


def _write(sheet: Worksheet, row: int, bar: Bar, decimals: int, formats: Formats) -> None:
    look: dict[str, Any] = {"bold": True} if bar.strong else {}
    if bar.mark:
        look |= {"bg_color": FILLS[bar.mark], "font_color": INKS[bar.mark]}
    sheet.write_string(row, 0, legal(bar.label), formats.of(**look))
    value = finite(bar.value)
    if value is None:
        said = formats.of(**look, align="right")
        sheet.write_string(row, 1, legal(bar.note) or "未报", said)
        return
    shown = number_format(value, kind="figure", decimals=decimals, mark=bar.mark, note=bar.note)
    sheet.write_number(row, 1, value, formats.of(**look, num_format=shown))


def _draw(book: Workbook, sheet: Worksheet, bars: Bars, top: int) -> None:
    first, last = top + 1, top + len(bars.bars)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": legal(bars.title),
            "categories": [sheet.get_name(), first, 0, last, 0],
            "values": [sheet.get_name(), first, 1, last, 1],
            "points": [_point(bar) for bar in bars.bars],
            "data_labels": {"value": True},
            "gap": 40,
        }
    )
    chart.set_title({"name": legal(f"{bars.title}（{bars.unit}）"), "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "label_position": "low"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 420, "height": ROW_PIXELS * (max(len(bars.bars), 8) + 2)})
    sheet.insert_chart(top, 3, chart, {"description": legal(bars.title)})


def _point(bar: Bar) -> dict[str, Any]:
    if bar.mark:
        border = {"color": INKS[bar.mark], "dash_type": "dash"}
        return {"fill": {"color": FILLS[bar.mark]}, "border": border}
    return {"fill": {"color": ACCENT if bar.strong else SOFT}}
