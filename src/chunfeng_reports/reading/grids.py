"""Grids: the cells of one sheet (or one table of a document) as they were stored, unjudged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeAlias


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


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: name, rows of cells from A1 on, whether hidden, merged blocks.

    merged: (top row, left column, bottom row, right column) of each block, counted from 0.
    since_1904: whether day numbers count from 1904-01-01, as in workbooks of old Macs.
    """

    name: str
    rows: tuple[tuple[Value, ...], ...]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    since_1904: bool = False

    def at(self, row: int, column: int) -> Value:
        """The cell's content; empty text outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def filled(self, row: int, column: int) -> Value:
        """The cell's content, or, where it lies empty in a block merged along its row, the block's.

        A block that spans several rows belongs to its first row alone: a figure must not count for
        two items.
        """
        value = self.at(row, column)
        if value != "":
            return value
        for top, left, _, right in self.merged:
            if top == row and left <= column <= right:
                return self.at(top, left)
        return value

    def texts(self) -> Iterator[tuple[int, int, str]]:
        """Row, column and text of every cell that holds text, in reading order."""
        for r, row in enumerate(self.rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value:
                    yield r, c, value
                elif isinstance(value, Formula) and isinstance(value.stored, str) and value.stored:
                    yield r, c, value.stored

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


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
