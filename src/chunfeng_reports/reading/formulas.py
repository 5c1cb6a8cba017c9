"""Formulas: the result of a plain sum, where the file holds none or a stale one."""

from __future__ import annotations

import re
from decimal import Decimal

from chunfeng_reports.reading.grids import Formula, Grid

_DEEPEST = 8
_REF = r"\$?([A-Z]{1,3})\$?([0-9]{1,7})"
_CELL = re.compile(_REF)
_RANGE = re.compile(f"{_REF}:{_REF}")
_TERM = re.compile(r"([+-])(SUM\([^()]*\)|\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9]+(?:\.[0-9]+)?)")
_LARGEST_RANGE = 10_000


def evaluate(grid: Grid, formula: str) -> float | None:
    """What a formula of sums and differences of cells comes to; None for any other formula.

    Cells summed must hold numbers (or formulas of the same kind) or be empty: text is not summed,
    since programs differ in what they make of it.
    """
    result = _sum(grid, formula, depth=0)
    return None if result is None else float(result)


def _sum(grid: Grid, formula: str, *, depth: int) -> Decimal | None:
    text = "".join(formula.upper().split()).removeprefix("=")
    text = text if text.startswith(("+", "-")) else f"+{text}"
    end, total = 0, Decimal(0)
    for match in _TERM.finditer(text):
        if match.start() != end:
            return None
        term = _term(grid, match[2], depth)
        if term is None:
            return None
        total += -term if match[1] == "-" else term
        end = match.end()
    return total if end == len(text) and end > 1 else None


def _term(grid: Grid, term: str, depth: int) -> Decimal | None:
    if term.startswith("SUM("):
        parts = [_part(grid, part, depth) for part in term[4:-1].split(",")]
        return None if None in parts else sum((p for p in parts if p is not None), Decimal(0))
    return _part(grid, term, depth)


def _part(grid: Grid, part: str, depth: int) -> Decimal | None:
    if match := _RANGE.fullmatch(part):
        return _block(grid, match, depth)
    if match := _CELL.fullmatch(part):
        return _cell(grid, int(match[2]) - 1, _column(match[1]), depth)
    return Decimal(part) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", part) else None


def _block(grid: Grid, match: re.Match[str], depth: int) -> Decimal | None:
    rows = range(int(match[2]) - 1, int(match[4]))
    columns = range(_column(match[1]), _column(match[3]) + 1)
    if len(rows) * len(columns) > _LARGEST_RANGE:
        return None
    total = Decimal(0)
    for row in rows:
        for column in columns:
            value = _cell(grid, row, column, depth)
            if value is None:
                return None
            total += value
    return total


def _cell(grid: Grid, row: int, column: int, depth: int) -> Decimal | None:
    value = grid.at(row, column)
    if value == "":
        return Decimal(0)
    if isinstance(value, Formula):
        return _sum(grid, value.text, depth=depth + 1) if depth < _DEEPEST else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return Decimal(repr(value))


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
