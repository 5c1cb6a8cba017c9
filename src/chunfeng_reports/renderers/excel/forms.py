"""Forms: a planned sheet → an official form as a worksheet, open for entry or filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.cells import cell_name
from chunfeng_reports.renderers.excel.formats import FONT_SIZE, Formats
from chunfeng_reports.renderers.wording import finite, places
from chunfeng_reports.sheets import Entry, PlannedCell, SheetPlan
from chunfeng_reports.worksheets import height, legal, lines_of

SONG = {"font_name": "宋体", "font_size": 12, "valign": "vcenter", "text_wrap": True}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
    "subtitle": {"font_name": "楷体", "font_size": 13, "align": "center"},
    "line": {"align": "left"},
    "head": {"font_name": "黑体", "align": "center", "border": 1},
    "label": {"align": "left", "border": 1},
    "figure": {"align": "center", "border": 1},
    "note": {"align": "left", "font_size": 10, "valign": "top"},
    "sign": {"align": "left"},
}
NOTE_ROOM = 0.8  # of a note's width: programs and fonts differ in what they fit in a line

Formula = Callable[[PlannedCell], str]


def draw_form(sheet: Worksheet, plan: SheetPlan, formats: Formats, *, formula: Formula) -> None:
    """Draw a plan on an empty worksheet; formula gives the text of a cell's live total."""
    for column, width in enumerate(plan.widths):
        sheet.set_column(column, column, width)
    for row, points in _heights(plan).items():
        sheet.set_row(row, points)
    for cell in plan.cells:
        look = formats.of(**_look(cell))
        if cell.rows > 1 or cell.columns > 1:
            end = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
            sheet.merge_range(cell.row, cell.column, *end, "", look)
        _write(sheet, cell, look, formula)
        if cell.entry is not None:
            _check_entry(sheet, cell, cell.entry)
    _set_up_print(sheet, plan)
    if plan.protect:
        sheet.protect("", {"format_columns": True, "format_rows": True})


def _heights(plan: SheetPlan) -> dict[int, float]:
    """Heights as planned, but a note always has room for all its lines."""
    heights = dict(plan.heights)
    for cell in plan.cells:
        if cell.style == "note" and cell.rows == 1 and isinstance(cell.value, str):
            size = STYLES["note"]["font_size"]
            wide = sum(plan.widths[cell.column : cell.column + cell.columns])
            room = NOTE_ROOM * wide * FONT_SIZE / size
            needed = height(lines_of(cell.value, room=room), size=size) + size
            heights[cell.row] = max(heights.get(cell.row, 0.0), needed)
    return heights


def _look(cell: PlannedCell) -> dict[str, Any]:
    look = SONG | STYLES[cell.style]
    if cell.style == "label":
        look["indent"] = 1 + 2 * cell.indent
    if cell.style == "figure":
        value = cell.value if isinstance(cell.value, (int, float)) else 0.0
        shown = places(finite(value) or 0.0, cell.decimals)
        look["num_format"] = "#,##0" + (f".{'0' * shown}" if shown else "")
    if cell.entry is not None:
        look["locked"] = False
        if cell.entry.kind == "number":
            look["num_format"] = "0" + (f".{'0' * cell.decimals}" if cell.decimals else "")
            look["bg_color"] = "#FFFDF0"
    return look


def _write(sheet: Worksheet, cell: PlannedCell, look: Format, formula: Formula) -> None:
    where = (cell.row, cell.column)
    if isinstance(cell.value, str):
        if cell.value:
            sheet.write_string(*where, legal(cell.value), look)
        else:
            sheet.write_blank(*where, None, look)
        return
    value = finite(cell.value)
    if value is None:
        sheet.write_blank(*where, None, look)
    elif cell.total_of is not None:
        cached = int(value) if value == int(value) else value
        sheet.write_formula(*where, formula(cell), look, cached)
    else:
        sheet.write_number(*where, value, look)


def _check_entry(sheet: Worksheet, cell: PlannedCell, entry: Entry) -> None:
    message = legal(entry.message)[:255]
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": "填表说明",
        "input_message": message,
    }
    if entry.kind == "number":
        options |= {
            "validate": "decimal" if entry.decimals else "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": "这里不能这样填",
            "error_message": message,
        }
    if message or entry.kind == "number":
        sheet.data_validation(cell_name(cell.row, cell.column), options)


def _set_up_print(sheet: Worksheet, plan: SheetPlan) -> None:
    sheet.set_paper(9)
    if plan.landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.8, right=0.8, top=1.0, bottom=0.8)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    last = max((c.row + c.rows for c in plan.cells), default=1) - 1
    sheet.print_area(0, 0, last, len(plan.widths) - 1)
