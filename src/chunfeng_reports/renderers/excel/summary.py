"""Summary: the 概要 sheet — key figures, plain words and tables that have no sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.renderers.excel.contents import Contents
from chunfeng_reports.renderers.excel.cover import LINKED
from chunfeng_reports.renderers.excel.formats import FONT_SIZE, Formats
from chunfeng_reports.renderers.excel.links import Link, Links
from chunfeng_reports.renderers.excel.pages import print_title, set_up_page
from chunfeng_reports.renderers.excel.tables import (
    HEAD,
    LONGEST_TEXT,
    Content,
    planned,
    write,
)
from chunfeng_reports.report import (
    Block,
    Column,
    Figure,
    KeyFigure,
    KeyFigures,
    Report,
    Row,
    Table,
    Text,
)
from chunfeng_reports.worksheets import height, legal, lines_of

GRID = 12  # narrow columns that tables of any shape share
CELL = 8.0  # half-widths of one of them
SPARE = 2.0


def draw_summary(
    sheet: Worksheet, report: Report, contents: Contents, formats: Formats, *, links: Links
) -> None:
    """Draw the summary, section by section, on an empty worksheet."""
    sheet.set_column(0, GRID - 1, CELL)
    sheet.write_string(0, 0, legal(report.title), formats.of(bold=True, font_size=14))
    sheet.set_row(0, 24)
    back = Link(contents.cover, "A1")
    sheet.write_url(1, 0, back.url, formats.of(**LINKED | {"text_wrap": False}), "返回说明")
    pen = _Pen(sheet, formats, links, row=3)
    for section, blocks in contents.drawn_up:
        pen.heading(section.title)
        for block in blocks:
            pen.block(block)
    sheet.hide_gridlines(2)
    set_up_page(sheet, left=print_title(report), right=contents.summary, across=0)
    sheet.print_area(0, 0, pen.row - 1, GRID - 1)


class _Pen:
    """Writes downwards; row: where it stands."""

    def __init__(self, sheet: Worksheet, formats: Formats, links: Links, *, row: int) -> None:
        self._sheet, self._formats, self._links = sheet, formats, links
        self.row = row

    def heading(self, title: str) -> None:
        look = self._formats.of(bold=True, font_size=12, font_color="#174F86", valign="vcenter")
        self._sheet.write_string(self.row, 0, legal(title), look)
        self._sheet.set_row(self.row, 22)
        self.row += 1

    def block(self, block: Block) -> None:
        if isinstance(block, Text):
            for words in block.paragraphs:
                self._line(words)
        elif isinstance(block, KeyFigures):
            self._table(_as_table(block))
        elif isinstance(block, Table):
            self._table(block)
        self.row += 1

    def _line(self, words: str, **look: Any) -> None:
        text = {"text_wrap": True, "valign": "top"} | look
        self._cells([(words, text, None)], [GRID])

    def _table(self, table: Table) -> None:
        spans = _spans(table)
        if table.title:
            self._line(table.title, bold=True)
        self._cells([(column.label, HEAD, None) for column in table.columns], spans)
        for row in table.rows:
            self._cells([self._planned(*pair, row, first=n == 0) for n, pair in
                         enumerate(zip(row.cells, table.columns, strict=True))], spans)  # fmt: skip
        if not table.rows:
            self._line(table.empty, font_color="#566170")
        if table.note:
            self._line(table.note, font_color="#566170")

    def _planned(
        self, cell: Figure, column: Column, row: Row, *, first: bool
    ) -> tuple[Content, dict[str, Any], Link | None]:
        content, look = planned(cell, column, row, first=first)
        return content, look, self._links.of_figure(cell)

    def _cells(
        self, cells: list[tuple[Content, dict[str, Any], Link | None]], spans: list[int]
    ) -> None:
        """A row of cells, each over its share of the grid, as tall as the longest text."""
        column, lines = 0, 1
        for (content, look, link), span in zip(cells, spans, strict=True):
            made = self._formats.of(**look)
            if span > 1:
                self._sheet.merge_range(self.row, column, self.row, column + span - 1, "", made)
            said = legal(content)[:LONGEST_TEXT] if isinstance(content, str) else content
            write(self._sheet, self.row, column, said, made, link)
            lines = max(lines, lines_of(str(said or ""), room=span * CELL - SPARE))
            column += span
        self._sheet.set_row(self.row, height(lines, size=FONT_SIZE))
        self.row += 1


def _as_table(figures: KeyFigures) -> Table:
    """Key figures a row each; without a column of changes where none has one."""
    changed = any(item.change.value is not None for item in figures.items)
    change = Column(key="change", label=figures.change_label, kind="change", width=20)
    columns = (
        Column(key="label", label="指标", width=28),
        Column(key="value", label="数值", kind="figure", width=24),
        Column(key="unit", label="单位", width=10),
        *((change,) if changed else ()),
    )
    rows = tuple(
        Row(key=item.label, cells=tuple(_cells_of(item, changed=changed))) for item in figures.items
    )
    return Table(id=figures.id, columns=columns, rows=rows)


def _cells_of(item: KeyFigure, *, changed: bool) -> Iterator[Figure]:
    given = {"decimals": item.decimals}
    figure = item.figure.model_copy(update=given)
    yield Figure(value=item.label)
    yield figure.model_copy(update={"note": figure.note or ("—" if figure.value is None else "")})
    yield Figure(value=item.unit)
    if changed:
        yield item.change.model_copy(update=given)


def _spans(table: Table) -> list[int]:
    """How many columns of the grid each column takes, by the widths wished for; all of them."""
    count = len(table.columns)
    if count >= GRID:
        return [1] * count
    wished = sum(column.width for column in table.columns)
    spans = [max(1, int(GRID * column.width / wished)) for column in table.columns]
    widest = max(range(count), key=lambda n: table.columns[n].width)
    while sum(spans) > GRID:
        spans[spans.index(max(spans))] -= 1
    spans[widest] += GRID - sum(spans)
    return spans
