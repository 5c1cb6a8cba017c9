"""Formulas: the result of a plain sum, where the file holds none or a stale one."""

from __future__ import annotations

import re
from decimal import Decimal

from chunfeng_reports.reading.grids import Formula, Grid

_REF = r"\$?([A-Z]{1,3})\$?([0-9]{1,7})"
_CELL = re.compile(_REF)
_RANGE = re.compile(f"{_REF}:{_REF}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TERM = re.compile(r"([+-])(SUM\([^()]*\)|\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9]+(?:\.[0-9]+)?)")
_LARGEST_RANGE = 10_000
#: Formulas that lean on one another, one below the other, and cells looked at for one result.
_DEEPEST = 64
_MOST_CELLS = 100_000


class _NotPlain(Exception):  # noqa: N818 - an answer, not an error
    """The formula is no plain sum, or leads in a circle, or too far."""


def evaluate(grid: Grid, formula: str) -> float | None:
    """What a formula of sums and differences of cells comes to; None for any other formula.

    Cells summed must hold numbers (or formulas of the same kind) or be empty: text is not summed,
    since programs differ in what they make of it.
    """
    try:
        return float(_Sums(grid).of(formula, depth=0))
    except _NotPlain:
        return None


class _Sums:
    """The sums of one grid, each formula cell worked out once."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._known: dict[tuple[int, int], Decimal] = {}
        self._looked_at = 0

    def of(self, formula: str, *, depth: int) -> Decimal:
        """What a formula comes to."""
        text = "".join(formula.upper().split()).removeprefix("=")
        text = text if text.startswith(("+", "-")) else f"+{text}"
        end, total = 0, Decimal(0)
        for match in _TERM.finditer(text):
            if match.start() != end:
                raise _NotPlain
            term = self._term(match[2], depth)
            total += -term if match[1] == "-" else term
            end = match.end()
        if end != len(text) or end < 2:
            raise _NotPlain
        return total

    def _term(self, term: str, depth: int) -> Decimal:
        parts = term[4:-1].split(",") if term.startswith("SUM(") else [term]
        return sum((self._part(part, depth) for part in parts), Decimal(0))

    def _part(self, part: str, depth: int) -> Decimal:
        if match := _RANGE.fullmatch(part):
            return self._block(match, depth)
        if match := _CELL.fullmatch(part):
            return self._cell(int(match[2]) - 1, _column(match[1]), depth)
        if _NUMBER.fullmatch(part):
            return Decimal(part)
        raise _NotPlain

    def _block(self, match: re.Match[str], depth: int) -> Decimal:
        rows = range(int(match[2]) - 1, int(match[4]))
        columns = range(_column(match[1]), _column(match[3]) + 1)
        if len(rows) * len(columns) > _LARGEST_RANGE:
            raise _NotPlain
        cells = (self._cell(row, column, depth) for row in rows for column in columns)
        return sum(cells, Decimal(0))

    def _cell(self, row: int, column: int, depth: int) -> Decimal:
        self._looked_at += 1
        if self._looked_at > _MOST_CELLS:
            raise _NotPlain
        value = self._grid.at(row, column)
        if value == "":
            return Decimal(0)
        if isinstance(value, Formula):
            return self._formula(row, column, value, depth)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _NotPlain
        return Decimal(repr(value))

    def _formula(self, row: int, column: int, cell: Formula, depth: int) -> Decimal:
        if depth == _DEEPEST:
            raise _NotPlain
        if (row, column) not in self._known:
            self._known[row, column] = self.of(cell.text, depth=depth + 1)
        return self._known[row, column]


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
