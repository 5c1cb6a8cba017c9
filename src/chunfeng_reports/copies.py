"""Copies: the sheets of a file as a person sees them, before any program draws them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypeAlias

Shown: TypeAlias = str | float | int | bool | date | time | timedelta | None
Block: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. Colours are ``RRGGBB``; empty or 0: as it comes.

    borders: (side, style, colour) of ``left``, ``right``, ``top`` and ``bottom``.
    """

    font: str = ""
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    underline: str = ""
    strike: bool = False
    color: str = ""
    fill: str = ""
    borders: tuple[tuple[str, str, str], ...] = ()
    horizontal: str = ""
    vertical: str = ""
    wrap: bool = False
    shrink: bool = False
    indent: int = 0
    rotation: int = 0
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class CopiedCell:
    """A cell (row and column count from 0): what it shows, and its look (an index, -1: plain).

    formula: where its value is the result of one, the formula's text.
    """

    row: int
    column: int
    value: Shown = None
    look: int = -1
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a sheet looks like apart from its cells: sizes by row and column, what is hidden.

    freeze: the cell that the frozen panes end before (``B4``), or empty.
    """

    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    freeze: str = ""
    gridlines: bool = True
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class CopiedSheet:
    """One sheet as a person sees it.

    source: the file that it stands in, a path within an archive, or empty for the file received
    itself; name: its own name there; place: how facts and findings name it (path in an archive
    and sheet); outline: None where the file's look could not be copied.
    origin: the file that the sheet was copied from before, where this one is a slip of ours.
    text: whether it holds the paragraphs of a document, one a row, numbered as findings name them.
    """

    source: str
    name: str
    place: str
    cells: tuple[CopiedCell, ...]
    merged: tuple[Block, ...] = ()
    hidden: bool = False
    looks: tuple[Look, ...] = ()
    outline: Outline | None = None
    text: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied of one file received: its hash and its sheets; why nothing was (Chinese)."""

    file: str
    sha256: str = ""
    sheets: tuple[CopiedSheet, ...] = ()
    refusal: str = ""
