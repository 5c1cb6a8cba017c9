"""Tables: a report's table → a worksheet to read, filter, copy from and print."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.cells import column_name
from chunfeng_reports.errors import ReportError
from chunfeng_reports.renderers.excel.formats import (
    FILLS,
    FONT_SIZE,
    INKS,
    Formats,
    number_format,
    suffix,
)
from chunfeng_reports.renderers.wording import MARKS, decimals_of, finite, written
from chunfeng_reports.report import Column, Figure, Row, Table
from chunfeng_reports.worksheets import height, legal, lines_of, quoted, width

NUMBERS = {"figure", "change", "percent"}
WIDEST = 60.0
WIDEST_CODE = 24.0  # checksums need not be read in full on paper
LONGEST_TEXT = 32_767
SPARE = 1.0  # of a column's width, taken by the cell's own margins
CODED = ("figures-", "totals-", "units-")  # tables keyed by item or region: their codes are shown

Content = float | str | None
Look = dict[str, Any]
_TEXT_LOOKS: dict[str, Look] = {"code": {"align": "center"}} | {
    kind: {"align": "right"} for kind in NUMBERS
}
_BORDER: dict[str, Any] = {"border": 1, "border_color": "#C9D0D8", "valign": "top"}


@dataclass(frozen=True)
class DrawnTable:
    """A table and the name of the worksheet that it gets."""

    table: Table
    sheet: str

    def total(self, column: str, value: float) -> str:
        """The formula that adds up a column's rows, totals aside.

        ReportError where there is no such column or its sum is not the value stated.
        """
        index = next((i for i, c in enumerate(self.table.columns) if c.key == column), None)
        if index is None:
            raise ReportError(f"工作表“{self.sheet}”没有 {column} 这一列，合计公式写不出来")
        rows = [(n, row) for n, row in enumerate(self.table.rows, start=2) if not row.strong]
        summed = sum(_number(row.cells[index]) or 0.0 for _, row in rows)
        if abs(summed - value) > 1e-6 * max(1.0, abs(value)):
            raise ReportError(
                f"工作表“{self.sheet}”的 {column} 列相加得 {summed:g}，汇总数却是 {value:g}；"
                "请核对汇总后再生成"
            )
        letter, sheet = column_name(index), quoted(self.sheet)
        spans = [f"{sheet}!{letter}{first}:{letter}{last}" for first, last in _runs(rows)]
        return f"=SUM({','.join(spans)})"


def _runs(rows: list[tuple[int, Row]]) -> list[tuple[int, int]]:
    """Runs of row numbers without a gap, as (first, last)."""
    numbers = [n for n, _ in rows]
    grouped = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[n for _, n in group] for _, group in grouped]
    return [(run[0], run[-1]) for run in runs]


def draw_table(sheet: Worksheet, table: Table, formats: Formats, *, title: str) -> None:
    """Draw a table on an empty worksheet: head in row 1, then its rows.

    Tables of figures get one more column, the last: the code that each row is keyed by.
    """
    table = _with_codes(table)
    widths = [_column_width(table, index) for index in range(len(table.columns))]
    head = formats.of(**_BORDER, bold=True, bg_color="#DCE6F1", text_wrap=True, align="center")
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, legal(column.label), head)
        sheet.set_column(index, index, widths[index])
    _set_height(sheet, 0, [lines_of(c.label, room=w - SPARE) for c, w in _pairs(table, widths)])
    for n, row in enumerate(table.rows, start=1):
        for index, cell in enumerate(row.cells):
            content, look = _planned(cell, table.columns[index], row, first=index == 0)
            _write(sheet, n, index, content, formats.of(**look))
        _set_height(sheet, n, _lines(table, row, widths))
    if not table.rows:
        note = formats.of(font_color="#566170")
        sheet.write_string(1, 0, legal(table.empty), note)
    _set_up_view(sheet, table)
    _set_up_print(sheet, table, title, across=sum(widths))


def _with_codes(table: Table) -> Table:
    if not table.id.startswith(CODED):
        return table
    column = Column(key="row", label="代码", kind="code", width=8)
    rows = tuple(
        row.model_copy(update={"cells": (*row.cells, Figure(value=row.key))}) for row in table.rows
    )
    return table.model_copy(update={"columns": (*table.columns, column), "rows": rows})


def _pairs(table: Table, widths: list[float]) -> list[tuple[Column, float]]:
    return list(zip(table.columns, widths, strict=True))


def _lines(table: Table, row: Row, widths: list[float]) -> list[int]:
    """Lines of each cell of a row; only texts wrap."""
    return [
        lines_of(_words(cell, column) + _ending(cell), room=wide - SPARE - _indent(row, index))
        for index, (cell, (column, wide)) in enumerate(
            zip(row.cells, _pairs(table, widths), strict=True)
        )
        if column.kind not in NUMBERS | {"code"}
    ]


def _set_height(sheet: Worksheet, n: int, lines: list[int]) -> None:
    if max(lines, default=1) > 1:
        sheet.set_row(n, height(max(lines), size=FONT_SIZE))


def _planned(cell: Figure, column: Column, row: Row, *, first: bool) -> tuple[Content, Look]:
    """What a cell holds and how it looks: a number where it is one, else text, else nothing."""
    look: Look = dict(_BORDER)
    if row.strong:
        look |= {"bold": True, "top": 2}
    if first and row.indent:
        look |= {"align": "left", "indent": 2 * row.indent}
    if cell.mark:
        look |= _coloured(cell.mark)
    value = _number(cell)
    if value is None or column.kind not in NUMBERS:
        return _planned_text(cell, column, look)
    look["num_format"] = number_format(
        value, kind=column.kind, decimals=decimals_of(cell, column), mark=cell.mark, note=cell.note
    )
    return value, look


def _planned_text(cell: Figure, column: Column, look: Look) -> tuple[Content, Look]:
    said = bool(written(cell, column))
    look |= _TEXT_LOOKS.get(column.kind, {"text_wrap": True})
    if column.kind == "code" and len(str(cell.value)) > WIDEST_CODE:
        look["align"] = "fill"  # cut off at the cell's edge, not run over the next
    if column.kind == "severity":
        look |= _coloured(str(cell.value))
    if not said and not cell.mark:
        look["font_color"] = "#566170"
    if ending := suffix(cell.mark, cell.note if said else ""):
        look["num_format"] = f"@{ending}"
    return legal(_words(cell, column))[:LONGEST_TEXT] or None, look


def _coloured(severity: str) -> Look:
    if severity not in FILLS:
        return {}
    return {"bg_color": FILLS[severity], "font_color": INKS[severity]}


def _write(sheet: Worksheet, n: int, index: int, content: Content, look: Format) -> None:
    if content is None:
        sheet.write_blank(n, index, None, look)
    elif isinstance(content, str):
        sheet.write_string(n, index, content, look)
    else:
        sheet.write_number(n, index, content, look)


def _words(cell: Figure, column: Column) -> str:
    words = written(cell, column)
    if column.kind == "severity":
        return MARKS.get(str(cell.value), "") + words
    return words or cell.note


def _number(cell: Figure) -> float | None:
    return None if isinstance(cell.value, str) else finite(cell.value)


def _column_width(table: Table, index: int) -> float:
    """Wide enough for what is shown, the wish of the column included; longer texts wrap."""
    column = table.columns[index]
    needed = 2 + max((_shown_width(row, index, column) for row in table.rows), default=0)
    label = min(width(column.label) + 4, 16)
    widest = WIDEST_CODE if column.kind == "code" else WIDEST
    return min(widest, max(float(needed), float(label), min(column.width, 2.0 * label)))


def _shown_width(row: Row, index: int, column: Column) -> int:
    cell = row.cells[index]
    return _indent(row, index) + width(_words(cell, column)) + width(_ending(cell))


def _indent(row: Row, index: int) -> int:
    return 4 * row.indent if index == 0 else 0


def _ending(cell: Figure) -> str:
    return suffix(cell.mark, cell.note if cell.value is not None else "").strip('"')


def _set_up_view(sheet: Worksheet, table: Table) -> None:
    sheet.freeze_panes(1, 1)
    body = len(table.rows)
    while body and table.rows[body - 1].strong:
        body -= 1  # totals below stay where they are when the rows are sorted
    if body:
        sheet.autofilter(0, 0, body, len(table.columns) - 1)


def _set_up_print(sheet: Worksheet, table: Table, title: str, *, across: float) -> None:
    sheet.set_paper(9)
    if across > 95:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{_in_header(title)}&R{_in_header(table.title or table.sheet or '')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _in_header(text: str) -> str:
    """Text for a page header, where ``&`` begins a code and 255 characters are the most."""
    return legal(text)[:60].replace("\n", " ").replace("&", "&&")
