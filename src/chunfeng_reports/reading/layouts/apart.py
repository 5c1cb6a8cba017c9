"""Apart: two forms' tables side by side → the sheet twice, each with one of them alone."""

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

    Heads, rows and titles of the one would else be taken for the other's. Only for two forms of
    which neither has a label among the other's; two wide ones may share the names of their rows,
    so that the right one must have names of its own; figures of two tall ones may stand on either
    side. titles: the form, the row and the column.
    """
    sides = sorted((s for s in by_form.values() if len(s) >= _FEWEST), key=_first)
    if len(sides) != 2 or len(by_form) != 2 or not _level(sides, titles):
        return ()
    left, right = sides
    last = max(spot.column for spot in left) + _is_tall(left)
    if last >= _first(right):
        return ()
    form = right[0].named.item.form
    named = [column for title, _, column in titles if title == form and column > last]
    begins = _begins(grid, right, last)
    if _is_tall(left) == _is_tall(right):
        sure = _titled(left, titles) and _titled(right, titles)
        if not (sure if _is_tall(left) else begins < _first(right)):
            return ()
    cut = min(begins, *named, _first(right))
    return _kept(grid, 0, cut), _kept(grid, cut, grid.width)


def _first(spots: Sequence[Spot]) -> int:
    return min(spot.column for spot in spots)


def _is_tall(spots: Sequence[Spot]) -> bool:
    return len({spot.row for spot in spots}) > len({spot.column for spot in spots})


def _level(sides: Iterable[Sequence[Spot]], titles: Iterable[tuple[str, int, int]]) -> bool:
    """Whether two tables stand beside each other and not over or under one another."""
    one, other = sorted(sides, key=_is_tall)
    top, bottom = _extent(other, titles)
    if not _is_tall(one):
        head = min(spot.row for spot in one)
        return top <= head <= bottom
    above, below = _extent(one, titles)
    return max(top, above) <= min(bottom, below)


def _extent(spots: Sequence[Spot], titles: Iterable[tuple[str, int, int]]) -> tuple[int, int]:
    """The rows from a table's title, or the head it may have, to its last label."""
    first, last = min(spot.row for spot in spots), max(spot.row for spot in spots)
    own = [row for form, row, _ in titles if form == spots[0].named.item.form and row <= first]
    return max(own, default=first - _HEADS), last


def _titled(spots: Sequence[Spot], titles: Iterable[tuple[str, int, int]]) -> bool:
    """Whether a title begins right over a table's labels: its figures then stand on their right."""
    form = spots[0].named.item.form
    return any(title == form and column == _first(spots) for title, _, column in titles)


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
