"""Lists: a table with a row an item and unit (单位|指标|数量), or item and due → one's rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.layouts.sides import Choice, choose, kinds_of_rows
from chunfeng_reports.reading.layouts.spots import Spot, holds_number, text_of
from chunfeng_reports.reading.layouts.times import head_text, of_this_due
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

#: Labels one below the other of a table whose items have several rows each, more than.
_FEW = 3
_NOBODYS = re.compile("(?:合|总|小|共)计|(?:全|各)[市区县省].*")


def by_unit(grid: Grid, spots: Sequence[Spot], words: Vocabulary) -> tuple[tuple[str, Grid], ...]:
    """Name of a unit → the sheet with the rows of that unit alone, as it stands; none if no list.

    A list has a column that names a unit in the row of every label; left of the labels once for
    all rows down to the next name. Names that are no unit's have their own rows, totals have none.
    """
    rows = sorted({spot.row for spot in spots})
    if len(rows) < 2:
        return ()
    labels = {spot.column for spot in spots}
    for column in range(grid.width):
        if column in labels or not words.places.alone(_text(grid, rows[0], column)).unit:
            continue
        if column > min(labels) and labelled(_text(grid, rows[0] - 1, column)) != (True, ""):
            continue  # who answers for an item (联系单位), not whose figure it is
        names = _names(grid, rows, column, down=column < min(labels))
        units = [words.places.alone(name).unit for name in names]
        if all(names) and sum(map(bool, units)) * 2 > len(rows):
            told = dict.fromkeys(unit or name for unit, name in zip(units, names, strict=True))
            owners = {row: unit or name
                      for row, unit, name in zip(rows, units, names, strict=True)}  # fmt: skip
            called = {own: next(n for n, u in zip(names, units, strict=True) if own in (u, n))
                      for own in told}  # fmt: skip
            return tuple((called[own], _alone(grid, owners, own, column)) for own in told
                         if not _NOBODYS.fullmatch(called[own]))  # fmt: skip
    return ()


def of_due(grid: Grid, spots: Sequence[Spot], words: Vocabulary) -> Grid | None:
    """The sheet with the rows of this due alone, where a column tells each label's due; or None."""
    rows = sorted({spot.row for spot in spots})
    labels = {spot.column for spot in spots}
    for column in range(grid.width):
        heads = [head_text(grid.filled(row, column)) for row in rows]
        if column in labels or len(set(heads)) == len(heads):
            continue
        this = of_this_due(heads, words)
        if None not in this and True in this:
            owners = {row: "其他" if not own else "" for row, own in zip(rows, this, strict=True)}
            return _alone(grid, owners, "", column)
    return None


def unfolded(grid: Grid, spots: Sequence[Spot]) -> Grid | None:
    """The sheet with each label in all of its rows, where it has several (本期, 累计); or None.

    Those are told by a column of words right of the labels.
    """
    column = Counter(spot.column for spot in spots).most_common(1)[0][0]
    texts = {spot.row: spot.text for spot in spots if spot.column == column}
    items = {(spot.row, spot.column) for spot in spots}
    for kind in range(column + 1, grid.width if len(texts) > _FEW else 0):
        if any((row, kind) in items for row in texts) or not all(
            _text(grid, row, kind) for row in texts
        ):
            continue
        more: dict[int, str] = {}
        for row in range(min(texts), len(grid.rows)):
            label = texts.get(row) or more.get(row - 1) or texts.get(row - 1, "")
            if row not in texts and label and _goes_on(grid, row, column, kind):
                more[row] = label
        if len({row for row in texts if row + 1 in more}) * 2 > len(texts):
            rows = [tuple(more[n] if n in more and c == column else v for c, v in enumerate(row))
                    for n, row in enumerate(grid.rows)]  # fmt: skip
            merged = tuple(b for b in grid.merged
                           if not (b[1] <= column <= b[3] and b[0] < b[2]))  # fmt: skip
            return replace(grid, rows=tuple(rows), merged=merged)
    return None


def _goes_on(grid: Grid, row: int, column: int, kind: int) -> bool:
    """Whether a row without a label of its own holds a kind and a figure."""
    without = grid.covered(row, column) is not None or grid.at(row, column) == ""
    figures = (holds_number(grid, row, c) for c in range(kind + 1, grid.width))
    return without and bool(_text(grid, row, kind)) and any(figures)


def of_kind(grid: Grid, spots: Sequence[Spot], words: Vocabulary) -> tuple[Grid, Choice] | None:
    """The sheet with the rows of one kind alone, where items have several (本期, 累计); or None.

    Which is chosen as among columns with such heads; none of them may be the whole.
    """
    codes = Counter(spot.code for spot in spots)
    if sum(count > 1 for count in codes.values()) * 2 <= len(codes):
        return None
    rows = sorted({spot.row for spot in spots})
    labels = {spot.column for spot in spots}
    for column in range(grid.width):
        if column in labels or any(holds_number(grid, row, column) for row in rows):
            continue  # figures typed as text are no kinds
        kinds = {row: squeeze(head_text(grid.filled(row, column))) for row in rows}
        apart = {(spot.code, kinds[spot.row]) for spot in spots}
        if len(apart) < len(spots) or not all(_text(grid, row, column) for row in rows):
            continue
        (choice, *others) = choose(kinds_of_rows(column, dict(Counter(kinds.values())), words))
        if not others:
            own = choice.column.head if choice.column else kinds[rows[0]]
            return _alone(grid, kinds, own, column), choice
    return None


def _text(grid: Grid, row: int, column: int) -> str:
    value = grid.at(row, column)
    return text_of(value) if isinstance(value, str) and value else ""


def _names(grid: Grid, rows: Sequence[int], column: int, *, down: bool) -> list[str]:
    """What a column calls each row; down: whether a name holds for the rows without one below."""
    names: list[str] = []
    for row in rows:
        covered = grid.covered(row, column)
        text = _text(grid, *(covered or (row, column)))
        names.append(text or (names[-1] if down and names else ""))
    return names


def _alone(grid: Grid, owners: dict[int, str], own: str, column: int) -> Grid:
    """The sheet without the rows of other units, the head right above the first row that stays."""
    rows: list[tuple[Value, ...]] = list(grid.rows)
    for row, owner in owners.items():
        cells = rows[row] if owner == own else ()
        rows[row] = tuple("" if c == column else value for c, value in enumerate(cells))
    first = min(row for row, owner in owners.items() if owner == own)
    head = min(owners) - 1
    if head >= 0 and first - 1 > head:
        rows[first - 1] = tuple("" if c == column else v for c, v in enumerate(rows[head]))
    return replace(grid, rows=tuple(rows))
