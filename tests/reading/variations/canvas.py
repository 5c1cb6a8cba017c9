"""Canvas: cells put down one by one, totals as formulas worked out once all of them lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from variations.pages import Cell, Formula, Page, Span, address

Writing = Literal["range", "list", "plus", "signed", "absolute", "minus"]
Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    row: int
    column: int
    parts: tuple[Key, ...]
    less: tuple[Key, ...]
    result: int
    writing: Writing


class Canvas:
    """A sheet in the making; ``key`` marks where a figure lies, for formulas that mean it."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merged: list[Span] = []
        self._where: dict[Key, tuple[int, int]] = {}
        self._sums: list[_Sum] = []

    @property
    def bottom(self) -> int:
        """The first row below everything."""
        return 1 + max((row for row, _ in self._cells), default=-1)

    @property
    def right(self) -> int:
        """The first column to the right of everything."""
        return 1 + max((column for _, column in self._cells), default=-1)

    def put(self, row: int, column: int, value: Cell, *, key: Key = ()) -> None:
        """Put a value down (empty text: leave the cell empty)."""
        if value != "":
            self._cells[row, column] = value
        if key:
            self._where[key] = (row, column)

    def line(self, row: int, column: int, *values: Cell) -> None:
        """Put values down side by side."""
        for offset, value in enumerate(values):
            self.put(row, column + offset, value)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a block, both ends within; a single cell stays as it is."""
        if (top, left) != (bottom, right):
            self._merged.append((top, left, bottom, right))

    def total(
        self,
        row: int,
        column: int,
        parts: Iterable[Key],
        result: int,
        *,
        writing: Writing = "range",
        less: Iterable[Key] = (),
        key: Key = (),
    ) -> None:
        """Put a formula down that adds up the figures at some keys (and takes others away)."""
        self._sums.append(_Sum(row, column, tuple(parts), tuple(less), result, writing))
        self.put(row, column, result, key=key)

    def page(self, name: str, *, hidden: bool = False) -> Page:
        """The sheet as it lies now."""
        cells = dict(self._cells)
        for one in self._sums:
            cells[one.row, one.column] = Formula(self._text(one), one.result)
        return Page(name, cells, tuple(self._merged), hidden)

    def _text(self, one: _Sum) -> str:
        spots = [self._where[part] for part in one.parts]
        names = [address(*spot) for spot in spots]
        if one.writing == "minus":
            return "-".join([names[0], *(address(*self._where[part]) for part in one.less)])
        if one.writing == "plus":
            return "+".join(names)
        if one.writing == "signed":
            return "+" + "+".join(names)
        if one.writing == "list" or not _in_a_row(spots):
            return f"SUM({','.join(names)})"
        if one.writing == "absolute":
            names = [re.sub("([A-Z]+)([0-9]+)", r"$\1$\2", name) for name in names]
        return f"SUM({names[0]}:{names[-1]})"


def _in_a_row(spots: list[tuple[int, int]]) -> bool:
    steps = {(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(spots)}
    return steps in ({(1, 0)}, {(0, 1)})
