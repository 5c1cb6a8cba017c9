"""Recognised forms: what was found in a grid or a text, before it is anybody's return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chunfeng_reports.facts import State
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.words.numbers import How

Layout = Literal["rows", "columns", "prose"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One item's figure as read: its state, value, what was typed, and where it stands."""

    item: str
    state: State
    value: float | None = None
    raw: str = ""
    cell: str = ""
    how: How = "typed"

    def same_as(self, other: Figure) -> bool:
        """Whether both say the same: the same value, or both nothing, or the same unread text."""
        if self.state != other.state:
            return False
        return self.value == other.value and (self.state != "unreadable" or self.raw == other.raw)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding that does not know yet whose return it is about; fields as in ``Finding``."""

    rule: str
    severity: Severity
    message: str
    items: tuple[str, ...] = ()
    value: str = ""
    expected: str = ""
    sheet: str = ""
    cell: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form found: its code and layout, the sheet, its figures by item, and doubts met.

    title: the title row or heading above it; unit_texts: what stands in label cells of the unit's
    name; year: the year in its title, if any. titled: the form that the title names, if any.
    """

    form: str
    layout: Layout
    sheet: str
    figures: dict[str, Figure]
    title: str = ""
    titled: str = ""
    year: int | None = None
    unit_texts: tuple[str, ...] = ()
    hidden: bool = False
    doubts: tuple[Doubt, ...] = field(default=())
