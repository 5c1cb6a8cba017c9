"""Apart: a table of labels down the side next to one of labels along the top → a sheet for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.spots import Spot, text_of

#: A form of fewer labels is no table to part from.
_FEWEST = 3
#: Rows that the head of a table without a title may have.
_HEADS = 2


def apart(
    grid: Grid, by_form: Mapping[str, Sequence[Spot]], titles: Sequence[tuple[str, int, int]]
) -> tuple[Grid, ...]:
    """The sheet twice, with the left and with the right table alone; nothing where it is not so.

    Only where one of two forms is tall and the other wide and neither has a label among the
    other's: rows of the one would else be taken for rows or heads of the other. titles: the form,
    the row and the column of each title.
    """
    sides = sorted((s for s in by_form.values() if len(s) >= _FEWEST), key=_first)
    if len(sides) != 2 or len(by_form) != 2 or _is_tall(sides[0]) == _is_tall(sides[1]):
        return ()
    left, right = sides
    last = max(spot.column for spot in left) + _is_tall(left)
    if last >= _first(right) or not _level(sides, titles):
        return ()
    form = right[0].named.item.form
    named = [column for title, _, column in titles if title == form and column > last]
    cut = min(_begins(grid, right, last), *named, _first(right))
    return _kept(grid, 0, cut), _kept(grid, cut, grid.width)


def _first(spots: Sequence[Spot]) -> int:
    return min(spot.column for spot in spots)


def _is_tall(spots: Sequence[Spot]) -> bool:
    return len({spot.row for spot in spots}) > len({spot.column for spot in spots})


def _level(sides: Iterable[Sequence[Spot]], titles: Iterable[tuple[str, int, int]]) -> bool:
    """Whether the wide table's heads stand beside the tall one and not over or under it."""
    wide, tall = sorted(sides, key=_is_tall)
    first, last = min(spot.row for spot in tall), max(spot.row for spot in tall)
    own = [row for form, row, _ in titles if form == tall[0].named.item.form and row <= first]
    head = min(spot.row for spot in wide)
    return max(own, default=first - _HEADS) <= head <= last


def _begins(grid: Grid, spots: Sequence[Spot], last: int) -> int:
    """The first column of a table: of its labels, or of heads right before them (序号)."""
    column = _first(spots)
    row = min(spot.row for spot in spots if spot.column == column)
    while column - 1 > last and any(c.isalpha() for c in text_of(grid.at(row, column - 1))):
        column -= 1
    return column


def _kept(grid: Grid, first: int, end: int) -> Grid:
    """The sheet with nothing but some of its columns, each cell where it was."""
    rows = (
        tuple(value if first <= column < end else "" for column, value in enumerate(row))
        for row in grid.rows
    )
    return replace(grid, rows=tuple(rows))
