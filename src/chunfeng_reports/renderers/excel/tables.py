"""Tables: a report's table → a worksheet to read, filter, copy from and print."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.cells import column_name
from chunfeng_reports.renderers.excel import columns
from chunfeng_reports.renderers.excel.contents import DrawnTable, number_of, runs, table_rows
from chunfeng_reports.renderers.excel.formats import (
    FILLS,
    FONT_SIZE,
    INKS,
    Formats,
    number_format,
    suffix,
)
from chunfeng_reports.renderers.excel.links import NUMBERS, Link, SheetLinks
from chunfeng_reports.renderers.excel.pages import set_up_page
from chunfeng_reports.renderers.wording import decimals_of, written
from chunfeng_reports.report import Column, Figure, Row, Table
from chunfeng_reports.worksheets import height, legal

LONGEST_TEXT = 32_767
LONGEST_LABEL = 255
#: Tables keyed by item or region: their codes are shown.
CODED = ("figures-", "totals-", "units-", "changes-")
STYLE = "Table Style Light 1"  # bands in grey: they print well, and leave marks their colours
WIDE = 150.0  # half-widths beyond which a sheet is shown smaller
HEAT = {
    "type": "data_bar",
    "bar_color": "#BFD3E8",
    "bar_solid": True,
    "bar_no_border": True,
    "data_bar_2010": True,
    "min_type": "num",
    "min_value": 0,
}
NO_LINKS = SheetLinks({})

Content = float | str | None
Look = dict[str, Any]
RIGHT: Look = {"align": "right", "indent": 1}  # figures keep off the text beside them
_TEXT_LOOKS: dict[str, Look] = {"code": {"align": "center"}} | dict.fromkeys(NUMBERS, RIGHT)
BORDER: Look = {"border": 1, "border_color": "#C9D0D8", "valign": "top"}
HEAD: Look = BORDER | {
    "bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "align": "center", "valign": "vcenter",
}  # fmt: skip


def draw_table(
    sheet: Worksheet,
    drawn: DrawnTable,
    formats: Formats,
    *,
    title: str,
    links: SheetLinks = NO_LINKS,
) -> None:
    """Draw a table on an empty worksheet: head in row 1, then its rows, as an Excel table.

    Tables of figures get one more column, the last: the code that each row is keyed by. Totals at
    the end stay outside of the Excel table, in their place when it is sorted.
    """
    table = _with_codes(drawn.table)
    widths = columns.widths_of(table)
    for index, wide in enumerate(widths):
        sheet.set_column(index, index, wide)
    _set_height(sheet, 0, columns.head_lines(table, widths))
    _make_table(sheet, table, formats.of(**HEAD), name=drawn.name)
    for n, row in table_rows(table):
        for index, cell in enumerate(row.cells):
            content, look = planned(cell, table.columns[index], row, first=index == 0)
            link = links.cells.get((n, index))
            if link and index and isinstance(content, str) and not cell.mark:
                look["font_color"] = "#174F86"  # words that lead somewhere look like it
            write(sheet, n, index, content, formats.of(**look), link)
        _set_height(sheet, n, columns.lines(table, row, widths))
    if not table.rows:
        sheet.write_string(1, 0, legal(table.empty), formats.of(font_color="#566170"))
    _heat(sheet, table)
    _set_up(sheet, table, title=title, name=drawn.title, widths=widths)


def _with_codes(table: Table) -> Table:
    if not table.id.startswith(CODED):
        return table
    column = Column(key="row", label="代码", kind="code", width=8)
    rows = tuple(
        row.model_copy(update={"cells": (*row.cells, Figure(value=row.key))}) for row in table.rows
    )
    return table.model_copy(update={"columns": (*table.columns, column), "rows": rows})


def _make_table(sheet: Worksheet, table: Table, head: Format, *, name: str) -> None:
    """The head, and an Excel table down to the totals at the end; no rows, no table."""
    body, labels = len(table.rows), _labels(table)
    while body and table.rows[body - 1].strong:
        body -= 1
    if not body:
        for index, label in enumerate(labels):
            sheet.write_string(0, index, label, head)
        return
    options = {
        "name": name,
        "style": STYLE,
        "columns": [{"header": label, "header_format": head} for label in labels],
    }
    sheet.add_table(0, 0, body, len(labels) - 1, options)


def _labels(table: Table) -> list[str]:
    """The heads of the columns, no two alike and none empty, as Excel demands of a table."""
    found: list[str] = []
    for n, column in enumerate(table.columns, start=1):
        base = " ".join(legal(column.label).split())[: LONGEST_LABEL - 4] or f"列{n}"
        label, k = base, 1
        while label.lower() in (other.lower() for other in found):
            k += 1
            label = f"{base} {k}"
        found.append(label)
    return found


def _heat(sheet: Worksheet, table: Table) -> None:
    """Bars behind the figures of shaded columns, each against its column's largest."""
    spans = runs(table)
    for index, column in enumerate(table.columns):
        if not column.heat or not spans:
            continue
        letter = column_name(index)
        areas = [f"{letter}{first}:{letter}{last}" for first, last in spans]
        rule = HEAT | _longest(table, index) | {"multi_range": " ".join(areas)}
        sheet.conditional_format(areas[0], rule)


def _longest(table: Table, index: int) -> Look:
    """What the longest bar stands for: the largest figure that is not in doubt."""
    cells = [row.cells[index] for row in table.rows if not row.strong]
    every = [value for cell in cells if (value := number_of(cell)) is not None]
    sound = [value for cell in cells if not cell.mark and (value := number_of(cell)) is not None]
    if not sound or max(sound) <= 0 or max(sound) == max(every):
        return {}
    return {"max_type": "num", "max_value": max(sound)}


def _set_height(sheet: Worksheet, n: int, lines: int) -> None:
    if lines > 1:
        sheet.set_row(n, height(lines, size=FONT_SIZE))


def planned(cell: Figure, column: Column, row: Row, *, first: bool) -> tuple[Content, Look]:
    """What a cell holds and how it looks: a number where it is one, else text, else nothing."""
    look: Look = dict(BORDER)
    if row.strong:
        look |= {"bold": True, "top": 2}
    if first and row.indent:
        look |= {"align": "left", "indent": 2 * row.indent}
    if cell.mark:
        look |= coloured(cell.mark)
    value = number_of(cell)
    if value is None or column.kind not in NUMBERS:
        return _planned_text(cell, column, look)
    look |= RIGHT
    look["num_format"] = number_format(
        value, kind=column.kind, decimals=decimals_of(cell, column), mark=cell.mark, note=cell.note
    )
    return value, look


def _planned_text(cell: Figure, column: Column, look: Look) -> tuple[Content, Look]:
    said = bool(written(cell, column))
    look |= _TEXT_LOOKS.get(column.kind, {"text_wrap": True})
    if column.kind == "code" and len(str(cell.value)) > columns.WIDEST_CODE:
        look["align"] = "fill"  # cut off at the cell's edge, not run over the next
    if column.kind == "severity":
        look |= coloured(str(cell.value))
    if not said and not cell.mark:
        look["font_color"] = "#566170"
    if ending := suffix(cell.mark, cell.note if said else ""):
        look["num_format"] = f"@{ending}"
    words = legal(columns.words(cell, column))[:LONGEST_TEXT]
    if words.startswith(("=", "+", "-", "@")):
        look["quote_prefix"] = True  # it is text, and stays text where somebody edits the cell
    return words or None, look


def coloured(severity: str) -> Look:
    """The colours of a severity; none for any other word."""
    if severity not in FILLS:
        return {}
    return {"bg_color": FILLS[severity], "font_color": INKS[severity]}


def write(
    sheet: Worksheet, n: int, index: int, content: Content, look: Format, link: Link | None = None
) -> None:
    """Write a cell as what it is, number or text; a link takes nothing from its value or look."""
    if link is not None:
        shown = content if isinstance(content, str) else "→"
        sheet.write_url(n, index, link.url, look, shown, link.tip or None)  # the value goes over it
    if content is None:
        sheet.write_blank(n, index, None, look)
    elif isinstance(content, str):
        sheet.write_string(n, index, content, look)
    else:
        sheet.write_number(n, index, content, look)


def _set_up(sheet: Worksheet, table: Table, *, title: str, name: str, widths: list[float]) -> None:
    """What of the sheet stays in sight, and how it is printed."""
    sheet.freeze_panes(1, 1)
    count = columns.printed(table)
    across = sum(widths[:count])
    if across > WIDE:
        sheet.set_zoom(85)
    set_up_page(sheet, left=title, right=name, across=across)
    sheet.print_area(0, 0, max(len(table.rows), 1), count - 1)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
