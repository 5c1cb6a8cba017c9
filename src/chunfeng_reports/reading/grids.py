"""Grids: the cells of one sheet (or one table of a document) as they were stored, unjudged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import TypeAlias

#: Rows and columns kept of a sheet; a return is small, what lies beyond is none.
MOST_ROWS = 5_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds an error value (``#REF!``): something stands there, but no figure."""

    raw: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula: its text (``=SUM(B9:B11)``) and the result stored with it."""

    text: str
    stored: Plain


Plain: TypeAlias = str | float | int | bool | date | time | timedelta
Value: TypeAlias = Plain | Broken | Formula
Block: TypeAlias = tuple[int, int, int, int]
Covers: TypeAlias = dict[tuple[int, int], tuple[int, int]]

#: Cells under merged blocks that are kept in mind; a return has a few dozen.
_MOST_COVERED = 100_000


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: name, rows of cells from A1 on, whether hidden, merged blocks.

    merged: (top row, left column, bottom row, right column) of each block, counted from 0.
    since_1904: whether day numbers count from 1904-01-01, as in workbooks of old Macs. beside: the
    sheets of the same workbook, to which formulas may refer.
    """

    name: str
    rows: tuple[tuple[Value, ...], ...]
    hidden: bool = False
    merged: tuple[Block, ...] = ()
    since_1904: bool = False
    beside: tuple[Grid, ...] = field(default=(), repr=False, compare=False)
    _covers: Covers = field(init=False, repr=False, compare=False)
    _texts: tuple[tuple[int, int, str], ...] | None = field(
        init=False, repr=False, compare=False, default=None
    )

    def __post_init__(self) -> None:
        """Note which cell is seen in place of each that lies under a merged block."""
        under = _covers(self.merged, len(self.rows), self.width) if self.merged else {}
        object.__setattr__(self, "_covers", under)

    def at(self, row: int, column: int) -> Value:
        """The cell's content; empty text outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def filled(self, row: int, column: int) -> Value:
        """What a person sees at a cell: its content, or that of the merged block it lies under.

        A block that spans several rows belongs to its first row alone: a figure must not count for
        two items. What is stored under a block is never shown (``underneath`` tells).
        """
        if (first := self._covers.get((row, column))) is None:
            return self.at(row, column)
        return self.at(*first) if first[0] == row else ""

    def covered(self, row: int, column: int) -> tuple[int, int] | None:
        """The first cell of the merged block that a cell lies under; None where it lies open."""
        return self._covers.get((row, column))

    def underneath(self, row: int, column: int) -> Value:
        """What is stored under a merged block, where no person sees it; else empty text."""
        return self.at(row, column) if (row, column) in self._covers else ""

    def texts(self) -> tuple[tuple[int, int, str], ...]:
        """Row, column and text of every cell that shows text, in reading order."""
        if self._texts is None:
            object.__setattr__(self, "_texts", tuple(self._shown_texts()))
        assert self._texts is not None
        return self._texts

    def _shown_texts(self) -> Iterator[tuple[int, int, str]]:
        covers = self._covers
        for r, row in enumerate(self.rows):
            for c, value in enumerate(row):
                if value == "" or (r, c) in covers:
                    continue
                if isinstance(value, str):
                    yield r, c, value
                elif isinstance(value, Formula) and isinstance(value.stored, str) and value.stored:
                    yield r, c, value.stored

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def _covers(merged: tuple[Block, ...], height: int, width: int) -> Covers:
    """Cell → first cell of the block that it lies under, for all cells of the sheet."""
    found: Covers = {}
    visited = 0
    for top, left, bottom, right in merged:
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, min(right + 1, width)):
                if (row, column) != (top, left):
                    found[row, column] = (top, left)
            visited += right - left + 1
        if visited > _MOST_COVERED:
            break
    return found


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds once its container is open: grids, paragraphs of text, properties.

    properties: the custom document properties that our own blank forms carry (``campaign``,
    ``form``, ``due``, ``region``). authorship: what the file says of itself and its maker, as
    (what in Chinese: 标题, 主题, 作者, 最后保存者, 单位 …, text). revised: whether a document holds
    revisions not yet accepted.
    """

    grids: tuple[Grid, ...] = ()
    paragraphs: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    authorship: tuple[tuple[str, str], ...] = ()
    revised: bool = False

    def linked(self) -> tuple[Grid, ...]:
        """The grids, each with the others beside it."""
        if len(self.grids) < 2:
            return self.grids
        return tuple(replace(grid, beside=self.grids) for grid in self.grids)

    def property_of(self, name: str) -> str:
        """A custom property's text; empty where there is none."""
        return dict(self.properties).get(name, "")


@dataclass(frozen=True, slots=True)
class Member:
    """One file within a file: its path in the archive (empty: the file itself) and what it holds.

    content is None where it cannot be read; refusal then says why (Chinese).
    """

    path: str = ""
    content: Content | None = None
    refusal: str = ""
