"""Sheets: a worksheet planned cell by cell, before any program draws it.

The official forms, blank or filled, are planned by :mod:`chunfeng_reports.blanks` and drawn by
:mod:`chunfeng_reports.renderers.excel`; a plan can be held against the printed annex in a test
without opening a workbook.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

CellStyle = Literal["title", "subtitle", "line", "head", "label", "figure", "note", "sign"]


class Plan(BaseModel):
    """Base of the frozen records of this module."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TotalOf(Plan):
    """A live formula: the sum of a column of a table on another sheet of the same workbook."""

    table: str
    column: str


class Entry(Plan):
    """What may be typed into an input cell: a number from 0 up (whole, or decimals), or text.

    message: Chinese, shown where the cell is chosen and where something else is typed.
    """

    kind: Literal["number", "text"] = "number"
    decimals: int = 0
    message: str = ""


class PlannedCell(Plan):
    """One cell (or merged block: rows × columns) of a sheet; row and column count from 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    value: str | float | None = None
    style: CellStyle = "label"
    indent: int = 0
    decimals: int = 0
    total_of: TotalOf | None = None
    entry: Entry | None = None


class SheetPlan(Plan):
    """A worksheet: its cells, column widths (characters), row heights (points), A4 print set-up.

    protect: only cells with an :class:`Entry` can be typed into.
    """

    name: str
    cells: tuple[PlannedCell, ...]
    widths: tuple[float, ...]
    heights: dict[int, float] = {}
    landscape: bool = False
    protect: bool = False
