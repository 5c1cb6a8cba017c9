"""Columns: a form laid out as one wide row, known by its column numbers, else by its labels."""

from __future__ import annotations

import re
from collections import Counter

from chunfeng_reports.campaign import Item
from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.spots import Found, Spot, guessed_labels, text_of
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.words.vocabulary import Vocabulary

_FIGURE_ROWS = 10
_TOTAL = re.compile(r"合计|总计|全区|全县|全市")


def in_columns(grid: Grid, form: str, spots: list[Spot], words: Vocabulary) -> list[Found]:
    """Where a form's figures stand that is laid out wide, a row a unit; none where it is not."""
    items = words.desk.campaign.form_by_code[form].items
    numbers = _numbered(grid, items)
    wide = len({s.column for s in spots}) > len({s.row for s in spots})
    if not numbers and not wide:
        return []
    head: dict[str, tuple[int, int]] = {}
    for spot in spots:
        head.setdefault(spot.code, (spot.row, spot.column))
    doubts = guessed_labels(spots, grid, words)
    if numbers:
        doubts += _crossed(head, numbers, grid)
        head |= numbers
    taken = {column for _, column in numbers.values()}
    columns = {code: at[1] for code, at in head.items() if code in numbers or at[1] not in taken}
    bottom = max(row for row, _ in head.values())
    top = min([row for row, _ in head.values()] + [s.row for s in spots])
    row, more = _figure_row(grid, bottom, columns, words)
    doubts += more
    cells = {item.code: (row, columns[item.code]) if item.code in columns and row >= 0 else None
             for item in items}  # fmt: skip
    beside = tuple(value for c, value in enumerate(_row(grid, row)) if isinstance(value, str)
                   and value and c not in columns.values())  # fmt: skip
    return [Found("columns", cells, top, max(row, bottom), doubts, beside)]


def _numbered(grid: Grid, items: tuple[Item, ...]) -> dict[str, tuple[int, int]]:
    """Item → cell of its printed column number, where a row holds most of a form's numbers."""
    wanted = {item.number: item.code for item in items}
    if "" in wanted or len(wanted) < len(items):
        return {}
    for row in range(len(grid.rows)):
        found = _numbers_in(grid, row, wanted)
        columns = [column for _, column in found.values()]
        enough = len(found) == len(items) or len(found) >= max(4, len(items) * 0.6)
        if enough and columns == sorted(columns):
            below = _numbers_in(grid, row + 1, wanted)
            alone = len(below) == sum(bool(text_of(v)) for v in _row(grid, row + 1))
            return {**(below if alone else {}), **found}
    return {}


def _numbers_in(grid: Grid, row: int, wanted: dict[str, str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for column, value in enumerate(_row(grid, row)):
        code = wanted.get(text_of(value).strip("()栏第"))
        if code is not None and code not in found:
            found[code] = (row, column)
    order = [wanted[number] for number in sorted(wanted, key=int) if wanted[number] in found]
    return found if order == list(found) else {}


def _row(grid: Grid, row: int) -> tuple[Value, ...]:
    return grid.rows[row] if 0 <= row < len(grid.rows) else ()


def _crossed(
    head: dict[str, tuple[int, int]], numbers: dict[str, tuple[int, int]], grid: Grid
) -> tuple[Doubt, ...]:
    """A doubt where several labels stand over another item's number.

    One or two may: the annexes themselves print labels 8 to 10 askew (reading ``damaged-header``).
    """
    astray = tuple(code for code in head if code in numbers and head[code][1] != numbers[code][1])
    if len(astray) < 3:
        return ()
    message = "栏目名称与栏号对不上，已按栏号读取；请核对各栏数字"
    return (Doubt("reading.columns_disagree", "warning", message, items=astray, sheet=grid.name),)


def _figure_row(
    grid: Grid, bottom: int, columns: dict[str, int], words: Vocabulary
) -> tuple[int, tuple[Doubt, ...]]:
    """The row of the figures under a wide head (-1: none), and a doubt where several hold some."""
    rows = range(bottom + 1, min(bottom + 1 + _FIGURE_ROWS, len(grid.rows)))
    states = {row: Counter(number_at(grid, row, c).state for c in columns.values()) for row in rows}
    filled = [row for row in rows if states[row]["value"] and not _counts_up(grid, row, columns)]
    if filled:
        beside = {row: "".join(map(text_of, grid.rows[row])) for row in filled}
        total = [row for row in filled if _TOTAL.search(beside[row])]
        units = {unit for text in beside.values() if (unit := words.places.within(text).unit)}
        row = (total or filled)[0]
        return row, _several(grid, row, filled, columns, sure=bool(total) and len(units) < 2)
    written = [row for row in rows if states[row]["unreadable"] * 2 > len(columns)]
    dashed = [row for row in rows if any(text_of(grid.at(row, c)) for c in columns.values())
              and not states[row]["unreadable"]]  # fmt: skip
    return next(iter(written + dashed), -1), ()


def _counts_up(grid: Grid, row: int, columns: dict[str, int]) -> bool:
    """Whether a row only numbers the columns (1, 2, 3 …) and so holds no figures."""
    texts = [text_of(grid.at(row, c)) for c in sorted(columns.values())]
    return len(texts) >= 4 and texts == [str(n) for n in range(1, len(texts) + 1)]


def _several(
    grid: Grid, row: int, filled: list[int], columns: dict[str, int], *, sure: bool
) -> tuple[Doubt, ...]:
    if len(filled) < 2:
        return ()
    message = f"表内有 {len(filled)} 行数字，只读取了第 {row + 1} 行；请确认后只报本单位合计一行"
    return (Doubt("reading.rows_ambiguous", "info" if sure else "critical", message,
                  tuple(columns), sheet=grid.name),)  # fmt: skip
