"""Elsewhere: figures of rows that do not stand in one column to the right of their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from chunfeng_reports.campaign import Item
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.panels import Panel
from chunfeng_reports.reading.layouts.sides import Column, columns_beside
from chunfeng_reports.reading.layouts.spots import Spot, holds_number, text_of
from chunfeng_reports.reading.words.numbers import measures_agree
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import measure_in, unnumbered

_OF_FIGURES = ("since", "plain", "period", "total")
_SUBTOTAL = re.compile("(?:合|总|小|共)计|计")
_Cells = dict[str, tuple[int, int]]


def columns_left(
    grid: Grid, top: int, rows: Sequence[int], panel: Panel, words: Vocabulary
) -> list[Column]:
    """The columns left of labels that hold figures, the nearest first; not one that numbers rows.

    Where another table stands to the left, its own figures must stand left of it as well: else what
    lies between the two is that table's.
    """
    first = panel.columns[0]
    if panel.left and not any(_figures(grid, rows, c) for c in range(panel.left - 1)):
        return []
    columns = columns_beside(grid, top, rows, range(first - 1, panel.left - 1, -1), words)
    return [c for c in columns if c.filled and c.role not in ("none", "other")
            and ((c.head and c.role in _OF_FIGURES) or _figures(grid, rows, c.index))]  # fmt: skip


def _figures(grid: Grid, rows: Sequence[int], column: int) -> bool:
    """Whether a column holds numbers for half of the rows that cannot be numbers of the rows."""
    told = [number_at(grid, row, column).value for row in rows if holds_number(grid, row, column)]
    numbers = [number for number in told if number is not None]
    if len(numbers) * 2 < len(rows):
        return False
    rising = all(below > above for above, below in pairwise(numbers))
    return not rising and max(numbers) > len(rows)


def figures_below(grid: Grid, spots: Sequence[Spot]) -> _Cells:
    """Item → the cell under its label, where most labels stand over their figures."""
    own = {(spot.row, spot.column) for spot in spots}
    below = ((s.code, (s.row + 1, s.column)) for s in spots)
    under = {code: at for code, at in below if at not in own and holds_number(grid, *at)}
    return under if len(under) * 2 > len(spots) else {}


def by_measure(
    grid: Grid, spots: Iterable[Spot], columns: Sequence[Column]
) -> tuple[_Cells, tuple[Spot, ...]]:
    """Item → cell, where columns are headed by what they count: 户数 beside 人数.

    With it the labels whose figure stands under another measure, or under several that it may be
    counted in. No cells where no two columns count different things. An item that is counted as
    neither has the only figure of its row.
    """
    heads = {c.index: m for c in columns
             if (m := measure_in(c.head)) not in ("", "人次") and c.role != "other"}  # fmt: skip
    if all(measures_agree(one, other) for one in heads.values() for other in heads.values()):
        return {}, ()
    cells: _Cells = {}
    unclear = []
    for spot in spots:
        unit = spot.named.item.unit
        filled = [c for c in heads if holds_number(grid, spot.row, c)]
        own = next((c for c in heads if heads[c] == unit), None)
        alike = [c for c in filled if measures_agree(heads[c], unit)] or filled
        if own is None and len(alike) == 1:
            own = alike[0]
        if own is not None:
            cells[spot.code] = (spot.row, own)
        if filled and own not in filled:
            unclear.append(spot)
    return cells, tuple(unclear)


def part_columns(
    grid: Grid, spots: Sequence[Spot], items: Iterable[Item], columns: Iterable[Column],
    words: Vocabulary,
) -> _Cells:  # fmt: skip
    """Parts that no row names → the cell in their whole's row, under a head that names the part."""
    rows = {spot.code: spot.row for spot in spots}
    parts = {item.code: rows[item.parent] for item in items
             if item.code not in rows and item.parent in rows}  # fmt: skip
    found: _Cells = {}
    for column in columns if parts else ():
        for named in words.labels.named(column.head) if column.head else ():
            row = parts.get(named.item.code)
            if row is not None and holds_number(grid, row, column.index):
                found.setdefault(named.item.code, (row, column.index))
    return found


def subtotals(
    grid: Grid, spots: Sequence[Spot], column: int, left: int, bottom: int
) -> Iterator[tuple[Spot, tuple[int, int] | None]]:
    """Labels without a figure that rows with figures follow: the cell of the 小计 of those rows.

    None for the cell where no row, or more than one, sums up others. left, bottom: the
    table's first column and the first row below it.
    """
    rows = {spot.row for spot in spots}
    last = spots[-1].row
    taken: set[int] = set()
    for n, spot in reversed(list(enumerate(spots))):
        if text_of(grid.filled(spot.row, column)):
            continue
        after = [s.row for s in spots[n + 1 :] if s.named.item.parent != spot.code]
        parts = [s.row for s in spots[n + 1 :] if s.named.item.parent == spot.code]
        end = after[0] if after else bottom
        own = [row for row in _run(grid, range(spot.row + 1, end), column, last)
               if row not in rows and row not in taken]  # fmt: skip
        sums = [row for row in own if _SUBTOTAL.fullmatch(_name(grid, row, left, column))]
        taken.update(own)
        if len(sums) == 1 and (len(own) > 1 or parts):
            yield spot, (sums[0], column)
        elif own:
            yield spot, None


def _run(grid: Grid, rows: range, column: int, last: int) -> Iterator[int]:
    """The rows with figures that follow a label; after the last label up to the first without."""
    for row in rows:
        if holds_number(grid, row, column):
            yield row
        elif row > last:
            return


def _name(grid: Grid, row: int, left: int, column: int) -> str:
    texts = (text_of(grid.at(row, c)) for c in range(left, column))
    return next((unnumbered(text) for text in texts if text and not text.isdecimal()), "")
