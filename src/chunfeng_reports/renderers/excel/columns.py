"""Columns: what the cells of a table say, how wide and how tall that is, and what of it is printed.

Widths are in characters of Excel, in which a Chinese one counts two.
"""

from __future__ import annotations

from chunfeng_reports.renderers.excel.formats import suffix
from chunfeng_reports.renderers.excel.links import NUMBERS
from chunfeng_reports.renderers.wording import MARKS, written
from chunfeng_reports.report import Column, Figure, Row, Table
from chunfeng_reports.worksheets import lines_of, width

WIDEST = 60.0
WIDEST_CODE = 24.0  # checksums need not be read in full on paper
NARROWEST = 16.0  # that a text is squeezed to
ROOM = 185.0  # that a table may take before its texts are squeezed: a lying page at three quarters
SHARES = (1.0, 0.98, 0.95, 0.9)  # of the rows that a text column is made wide enough for
MARGIN = 3.0  # half-widths of a column beside what it shows
SPARE = 1.0  # of a column's width, taken by the cell's own margins
BUTTON = 4  # half-widths beside a label for the button that filters


def words(cell: Figure, column: Column) -> str:
    """What a cell says: its value, else the note why there is none."""
    said = written(cell, column)
    if column.kind == "severity":
        return MARKS.get(str(cell.value), "") + said
    return said or cell.note


def ending(cell: Figure) -> str:
    """What a cell's number format adds: the mark, and the note of a value."""
    return suffix(cell.mark, cell.note if cell.value is not None else "").strip('"')


def widths_of(table: Table) -> list[float]:
    """A width a column: what is shown fits; texts wrap where the whole would be too wide.

    Then a text column is cut to what ever fewer of its rows need, and in the end to what there is
    room for.
    """
    shown = [_shown(table, index) for index in range(len(table.columns))]
    count, most = printed(table), WIDEST
    widths = [_wished(*pair) for pair in zip(table.columns, shown, strict=True)]
    if sum(widths[:count]) <= ROOM:
        return widths
    for share in SHARES:
        widths = [_needed(*pair, share) for pair in zip(table.columns, shown, strict=True)]
        if sum(widths[:count]) <= ROOM:
            return widths
    texts = [column.kind == "text" for column in table.columns]
    while most > NARROWEST and sum(_squeezed(widths, texts, most)[:count]) > ROOM:
        most -= 1
    return _squeezed(widths, texts, most)


def printed(table: Table) -> int:
    """How many of a table's columns are printed: not the checksums that stand last."""
    count = len(table.columns)
    while count > 1 and table.columns[count - 1].kind == "code" and _is_long(table, count - 1):
        count -= 1
    return count


def _is_long(table: Table, index: int) -> bool:
    return any(len(str(row.cells[index].value)) > WIDEST_CODE for row in table.rows)


def _squeezed(natural: list[float], texts: list[bool], most: float) -> list[float]:
    return [min(w, most) if text else w for w, text in zip(natural, texts, strict=True)]


def _wished(column: Column, shown: list[int]) -> float:
    """Wide enough for what is shown, the wish of the column included."""
    label = float(min(width(column.label) + BUTTON, 16))
    return max(_fitting(column, shown[-1], label), min(column.width, 2.0 * label))


def _needed(column: Column, shown: list[int], share: float) -> float:
    """Wide enough for what is shown; a text for what that share of its rows shows."""
    label = float(min(width(column.label) + BUTTON, 12))
    most = len(shown) - 1 if column.kind != "text" else int(share * (len(shown) - 1))
    return _fitting(column, shown[most], label)


def _fitting(column: Column, shown: int, label: float) -> float:
    return min(WIDEST_CODE if column.kind == "code" else WIDEST, max(MARGIN + shown, label))


def _shown(table: Table, index: int) -> list[int]:
    """Half-widths that a column's cells take, the least first; of an empty column 0."""
    column = table.columns[index]
    cells = ((row, row.cells[index]) for row in table.rows)
    found = (
        indent(row, index) + width(words(cell, column)) + width(ending(cell)) for row, cell in cells
    )
    return sorted(found) or [0]


def indent(row: Row, index: int) -> int:
    """Half-widths that a row's first cell is set in."""
    return 4 * row.indent if index == 0 else 0


def head_lines(table: Table, widths: list[float]) -> int:
    """Lines that the labels take, each beside its button."""
    pairs = zip(table.columns, widths, strict=True)
    return max(lines_of(c.label, room=w - SPARE - BUTTON / 2) for c, w in pairs)


def lines(table: Table, row: Row, widths: list[float]) -> int:
    """Lines that a row takes; only texts wrap."""
    cells = enumerate(zip(row.cells, table.columns, widths, strict=True))
    return max(
        (
            lines_of(words(cell, column) + ending(cell), room=wide - SPARE - indent(row, index))
            for index, (cell, column, wide) in cells
            if column.kind not in NUMBERS | {"code"}
        ),
        default=1,
    )
