"""Panels: labels that belong together — the tables on a sheet, stacked or side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.spots import Spot, holds_number

#: Items that two groups of labels must share to be two tables and not one with a repeated row.
_SHARED = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """Labels of one form down one side: their cells, and between which columns the rest stands.

    left: the first column that may belong to it; limit: the first that belongs to the next one.
    """

    spots: tuple[Spot, ...]
    left: int = 0
    limit: int = 0

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns in which its labels stand."""
        return tuple(sorted({spot.column for spot in self.spots}))

    @property
    def first(self) -> int:
        """The row of its first label."""
        return self.spots[0].row

    @property
    def last(self) -> int:
        """The row of its last label."""
        return self.spots[-1].row

    @property
    def codes(self) -> frozenset[str]:
        """The items that it names."""
        return frozenset(spot.code for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Table:
    """One form on a sheet: its panels, and the rows from ``top`` to before ``bottom`` it lies in.

    dropped: labels of the form elsewhere on the sheet, that are no table of their own.
    """

    form: str
    panels: tuple[Panel, ...]
    dropped: tuple[Spot, ...] = ()
    top: int = 0
    bottom: int = 0

    @property
    def spots(self) -> list[Spot]:
        """All its labels, in reading order."""
        return sorted((s for p in self.panels for s in p.spots), key=lambda s: (s.row, s.column))


def tables_in(
    grid: Grid, by_form: dict[str, list[Spot]], breaks: Sequence[tuple[int, int]]
) -> list[Table]:
    """The tables of a sheet from the labels of each form, in reading order, bounds set.

    breaks: rows and columns at which a new table may begin: titles, and names of units.
    """
    tables = []
    for form, spots in by_form.items():
        groups = _side_by_side(grid, spots)
        bands = [band for group in groups for band in _stacked(group, breaks)]
        tables += [replace(t, form=form) for t in _joined(bands)]
    return _bounded(grid, tables, breaks)


# --- labels of one form → groups side by side


def _side_by_side(grid: Grid, spots: list[Spot]) -> list[list[Spot]]:
    """The labels by their columns; columns of one table (其中 set apart) stay together."""
    columns: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        columns[spot.column].append(spot)
    groups: list[list[Spot]] = []
    for column in sorted(columns):
        if groups and not _apart(grid, groups[-1], columns[column]):
            groups[-1] = groups[-1] + columns[column]
        else:
            groups.append(columns[column])
    return [sorted(group, key=lambda s: (s.row, s.column)) for group in groups]


def _apart(grid: Grid, left: list[Spot], right: list[Spot]) -> bool:
    """Whether two columns of labels are two tables: the same items, or figures between them."""
    mine, theirs = {s.code for s in left}, {s.code for s in right}
    if len(mine & theirs) * 2 > min(len(mine), len(theirs)):
        return True
    last, first = max(s.column for s in left), right[0].column
    rows = [s.row for s in left if s.column == last]
    return any(
        sum(holds_number(grid, row, column) for row in rows) * 2 > len(rows)
        for column in range(last + 1, first)
    )


# --- one group → tables one below the other


def _stacked(spots: list[Spot], breaks: Sequence[tuple[int, int]]) -> Iterable[list[Spot]]:
    """A group of labels parted where its items begin anew."""
    cut = _cut(spots, breaks)
    if cut is None:
        return [spots]
    upper = [s for s in spots if s.row < cut]
    lower = [s for s in spots if s.row >= cut]
    return [upper, *_stacked(lower, breaks)]


def _cut(spots: list[Spot], breaks: Sequence[tuple[int, int]]) -> int | None:
    """The row at which the first table ends and the next begins; None where there is but one."""
    if len({s.code for s in spots}) == len(spots):
        return None
    columns = {s.column for s in spots}
    near = {row for row, column in breaks if column <= max(columns)}
    rows = sorted({s.row for s in spots})
    for above, row in pairwise(rows):
        upper = {s.code for s in spots if s.row <= above}
        lower = {s.code for s in spots if s.row >= row}
        parted = any(above < at <= row for at in near)
        repeats = any(s.code in upper for s in spots if s.row == row)
        shared = len(upper & lower)
        if parted and shared >= min(2, len(lower)) and shared * 2 >= min(len(upper), len(lower)):
            return row
        if repeats and shared >= _SHARED and shared * 2 >= len(upper):
            return row
    return None


def _joined(bands: list[list[Spot]]) -> list[Table]:
    """Tables from groups of labels: those with other items are one table that was folded."""
    tables: list[list[list[Spot]]] = []
    dropped: list[Spot] = []
    for band in sorted(bands, key=lambda b: -len({s.code for s in b})):
        codes = {s.code for s in band}
        home = next((t for t in tables if not codes & {s.code for b in t for s in b}), None)
        if home is not None and _beside(home, band):
            home.append(band)
        elif tables and len(codes) < _SHARED:
            dropped += band
        else:
            tables.append([band])
    found = [Table("", tuple(Panel(tuple(b)) for b in sorted(t, key=lambda b: b[0].column)))
             for t in tables]  # fmt: skip
    return [replace(found[0], dropped=tuple(dropped)), *found[1:]] if found else []


def _beside(home: list[list[Spot]], band: list[Spot]) -> bool:
    """Whether a group of labels stands beside others, or close below them."""
    rows = [s.row for b in home for s in b]
    return band[0].row <= max(rows) + 3 and band[-1].row >= min(rows) - 3


# --- where each ends


def _bounded(grid: Grid, tables: list[Table], breaks: Sequence[tuple[int, int]]) -> list[Table]:
    """Tables in reading order, each with its rows and its panels' columns."""
    bands = _bands(tables)
    tops = [0, *(_top(upper, lower, breaks) for upper, lower in pairwise(bands)), len(grid.rows)]
    every = [panel for table in tables for panel in table.panels]
    found = []
    for table in tables:
        at = next(n for n, band in enumerate(bands) if band[0] <= table.spots[0].row <= band[1])
        panels = tuple(_between(grid, panel, every) for panel in table.panels)
        found.append(replace(table, panels=panels, top=tops[at], bottom=tops[at + 1]))
    return sorted(found, key=lambda table: (table.spots[0].row, table.form))


def _bands(tables: list[Table]) -> list[tuple[int, int]]:
    """First and last rows of labels, of tables side by side together."""
    bands: list[tuple[int, int]] = []
    for first, last in sorted((t.spots[0].row, t.spots[-1].row) for t in tables):
        if bands and first <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(last, bands[-1][1]))
        else:
            bands.append((first, last))
    return bands


def _top(upper: tuple[int, int], lower: tuple[int, int], breaks: Sequence[tuple[int, int]]) -> int:
    """The row where the lower of two tables begins: its title or unit's name, else its labels."""
    return min((row for row, _ in breaks if upper[1] < row < lower[0]), default=lower[0])


def _between(grid: Grid, panel: Panel, every: list[Panel]) -> Panel:
    """A panel with its bounds: the labels of those to its left and right."""
    others = [p for p in every if p.first <= panel.last and panel.first <= p.last]
    right = [p for p in others if p.columns[0] > panel.columns[-1]]
    left = [p.columns[-1] + 1 for p in others if p.columns[-1] < panel.columns[0]]
    limit = grid.width
    if right:
        nearest = min(right, key=lambda p: p.columns[0])
        limit = nearest.columns[0]
        while limit - 1 > panel.columns[-1] + 1 and _numbers(grid, nearest, limit - 1):
            limit -= 1
    return replace(panel, left=max(left, default=0), limit=limit)


def _numbers(grid: Grid, panel: Panel, column: int) -> bool:
    """Whether a column left of a panel's labels does nothing but number them."""
    numbers = [v for spot in panel.spots
               if isinstance(v := grid.at(spot.row, column), (int, float)) and v]  # fmt: skip
    return (
        bool(numbers)
        and numbers[0] == 1
        and all(below == above + 1 for above, below in pairwise(numbers))
    )
