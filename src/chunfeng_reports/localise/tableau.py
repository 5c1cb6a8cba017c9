"""A tableau of linear rules over a few unknowns, worked exactly in whole numbers.

It answers three things with proof: whether the rules can hold together, if not, which of them
cannot (with the multipliers that show it, Farkas 1902), and between what bounds an unknown lies.
The criss-cross method (Terlaky 1985) pivots by least index, so it ends, and takes no tolerance;
divisions leave no remainder, as each entry is a determinant of the rules' own coefficients
(Edmonds 1967; Bareiss 1968).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple


class Row(NamedTuple):
    """Σ coefficient × unknown is at most ``right``, or equal to it; all whole numbers."""

    coefficients: tuple[int, ...]
    right: int
    equal: bool


class Tableau:
    """Rows solved for some variables (the basis) in terms of the others (the cobasis).

    Variables are numbered: the unknowns 0 … n-1, which may have any sign, then a slack a row, which
    is at least 0, or 0 where the row is an equality. Entry (i, j) stands for
    ``basis[i] = (right[i] - Σ entry[i][j] × cobasis[j]) / scale``.
    """

    def __init__(self, rows: Sequence[Row], unknowns: int) -> None:
        self._unknowns = unknowns
        self._rows = [[*row.coefficients, row.right] for row in rows]
        self._basis = [unknowns + i for i in range(len(rows))]
        self._cobasis = list(range(unknowns))
        self._zero = {unknowns + i for i, row in enumerate(rows) if row.equal}
        self._scale = 1
        self._solve_for_unknowns()
        self._clash = self._find_clash()

    @property
    def clash(self) -> dict[int, int] | None:
        """The rows that cannot hold together, with multipliers; None where all can hold.

        Multiplied and added up, those rows leave no unknown and a right side below 0. No row can
        be spared: without any one of them the rest could hold.
        """
        return self._clash

    def point(self) -> list[Fraction]:
        """Values of the unknowns for which all rows hold; only where there is no clash."""
        found = [Fraction(0)] * self._unknowns
        for i, variable in enumerate(self._basis):
            if variable < self._unknowns:
                found[variable] = Fraction(self._rows[i][-1], self._scale)
        return found

    def least(self, unknown: int) -> Fraction | None:
        """The least value of an unknown; None where it has none. Only where there is no clash."""
        return self._twin()._descend(unknown, 1)

    def greatest(self, unknown: int) -> Fraction | None:
        """The greatest value of an unknown; None where it has none. Likewise."""
        return self._twin()._descend(unknown, -1)

    def _twin(self) -> Tableau:
        """A copy that may be pivoted; rows are never changed in place, so they are shared."""
        twin = copy.copy(self)
        twin._rows, twin._basis, twin._cobasis = self._rows[:], self._basis[:], self._cobasis[:]
        return twin

    def _solve_for_unknowns(self) -> None:
        """Brings unknowns into the basis and the slacks of equalities out of it, where it goes."""
        for unknown in range(self._unknowns):
            column = self._cobasis.index(unknown)
            rows = (i for i in self._slack_rows() if self._rows[i][column])
            chosen = min(rows, key=lambda i: (self._basis[i] not in self._zero, i), default=None)
            if chosen is not None:
                self._pivot(chosen, column)
        for i in [i for i in self._slack_rows() if self._basis[i] in self._zero]:
            for column in self._loose_columns():
                if self._rows[i][column]:
                    self._pivot(i, column)
                    break

    def _find_clash(self) -> dict[int, int] | None:
        for i in self._slack_rows():
            if self._basis[i] in self._zero and self._rows[i][-1]:
                return self._multipliers(i, -1 if self._rows[i][-1] > 0 else 1)
        while (row := self._lowest_negative()) is not None:
            column = self._relief(row)
            if column is None:
                return self._multipliers(row, 1)
            self._pivot(row, column)
        return None

    def _descend(self, unknown: int, sign: int) -> Fraction | None:
        """The least value of an unknown, or (sign -1) the greatest, by the criss-cross method."""
        if unknown in self._cobasis:
            return None
        aim = self._basis.index(unknown)
        if any(self._rows[aim][j] for j, v in enumerate(self._cobasis) if v < self._unknowns):
            return None
        while True:
            row = self._lowest_negative()
            falls = [j for j in self._loose_columns() if sign * self._rows[aim][j] > 0]
            column = min(falls, key=self._cobasis.__getitem__, default=None)
            if column is not None and (row is None or self._cobasis[column] < self._basis[row]):
                against = [i for i in self._slack_rows() if self._rows[i][column] > 0]
                row = min(against, key=self._basis.__getitem__, default=None)
                if row is None:
                    return None
            elif row is not None:
                column = self._relief(row)
                assert column is not None, "rows that can hold together still can"
            else:
                return Fraction(self._rows[aim][-1], self._scale)
            self._pivot(row, column)

    def _slack_rows(self) -> Iterator[int]:
        return (i for i, variable in enumerate(self._basis) if variable >= self._unknowns)

    def _loose_columns(self) -> Iterator[int]:
        """The columns of slacks that may grow: not of unknowns, not of equalities."""
        return (
            j
            for j, variable in enumerate(self._cobasis)
            if variable >= self._unknowns and variable not in self._zero
        )

    def _lowest_negative(self) -> int | None:
        broken = (i for i in self._slack_rows() if self._rows[i][-1] < 0)
        return min(broken, key=self._basis.__getitem__, default=None)

    def _relief(self, row: int) -> int | None:
        """The column that can raise a negative slack, of least index."""
        columns = (j for j in self._loose_columns() if self._rows[row][j] < 0)
        return min(columns, key=self._cobasis.__getitem__, default=None)

    def _multipliers(self, row: int, sign: int) -> dict[int, int]:
        found = {self._basis[row]: self._scale}
        found.update(zip(self._cobasis, self._rows[row][:-1], strict=True))
        return {v - self._unknowns: sign * e for v, e in found.items() if v >= self._unknowns and e}

    def _pivot(self, row: int, column: int) -> None:
        """Exchanges a variable of the basis and one of the cobasis."""
        rows, scale = self._rows, self._scale
        line, pivot = rows[row], rows[row][column]
        turn = 1 if pivot > 0 else -1
        for i, other in enumerate(rows):
            if i != row:
                factor = other[column]
                pairs = zip(other, line, strict=True)
                rows[i] = [turn * (a * pivot - factor * b) // scale for a, b in pairs]
                rows[i][column] = -turn * factor
        rows[row] = [turn * entry for entry in line]
        rows[row][column] = turn * scale
        self._scale = turn * pivot
        self._basis[row], self._cobasis[column] = self._cobasis[column], self._basis[row]
