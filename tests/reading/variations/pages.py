"""Pages: sheets of cells as a program would store them, before any container is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

Habit = Literal["cached", "none", "zero"]
Span: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (without its ``=``) and what a program that works it out would store."""

    text: str
    result: int


Cell: TypeAlias = str | int | float | date | Formula


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its cells by (row, column) counted from 0, merged blocks, whether hidden.

    merged: (top, left, bottom, right), both ends within. A covered cell may hold something.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[Span, ...] = ()
    hidden: bool = False

    @property
    def height(self) -> int:
        """The number of rows down to the last cell."""
        return 1 + max((row for row, _ in self.cells), default=-1)

    @property
    def width(self) -> int:
        """The number of columns up to the last cell."""
        return 1 + max((column for _, column in self.cells), default=-1)

    def rows(self) -> Iterator[list[Cell]]:
        """Row after row, from A1 on, empty text where nothing stands."""
        for r in range(self.height):
            yield [self.cells.get((r, c), "") for c in range(self.width)]


@dataclass(frozen=True, slots=True)
class Book:
    """Pages that are sent together; habit: what the program stores with a formula.

    maker: what the document properties name as organisation; since_1904: its system of dates.
    """

    pages: tuple[Page, ...]
    habit: Habit = "cached"
    since_1904: bool = False
    maker: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    def with_habit(self, habit: Habit) -> Book:
        """The same book from a program with another habit."""
        return replace(self, habit=habit)


def address(row: int, column: int) -> str:
    """``B8`` for row 7, column 1."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"
