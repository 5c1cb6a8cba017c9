"""Recognised forms: what was found in a grid or a text, before it is anybody's return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from chunfeng_reports.facts import State
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.portable import Portable

Layout = Literal["rows", "columns", "prose"]
#: How a number was read: as it stands, or with an interpretation (see ``words.numbers``).
How = Literal[
    "typed", "interpreted", "approximate", "guessed", "annotated", "other_unit", "from_yuan"
]


class Figure(NamedTuple):
    """One item's figure as read: its state, value, what was typed, and where it stands."""

    item: str
    state: State
    value: float | None = None
    raw: str = ""
    cell: str = ""
    how: How = "typed"

    def __reduce__(self) -> tuple[type[Figure], tuple[object, ...]]:
        """As a tuple of the fields: pickled in half the time."""
        return Figure, tuple(self)

    def same_as(self, other: Figure) -> bool:
        """Whether both say the same: the same value, or both nothing, or the same unread text."""
        if self.state != other.state:
            return False
        return self.value == other.value and (self.state != "unreadable" or self.raw == other.raw)


@dataclass(frozen=True, slots=True)
class Doubt(Portable):
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
class Seen(Portable):
    """What was made of a cell on the way: shown by ``chunfeng collect --explain``.

    what: in Chinese, what kind of cell it was held to be (表名, 单位, 指标, 数字列 …);
    taken: as what it was taken (an item's code and short name, a column's role), empty where it was
    rejected; why: the reason (Chinese); score: likeness from 0 to 1, where there is one.
    """

    cell: str
    text: str
    what: str
    taken: str = ""
    why: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Passage(Portable):
    """A paragraph of a summary's narrative, under its headings.

    heading: the chapter's and the nearest below it in one (empty: none yet); cell: ``第3段``.
    """

    heading: str
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class Mention(Portable):
    """A figure in prose that repeats an item of a table form (招聘活动 50 场).

    measure: the measure that stands with it (人, 人次, 场 …); sentence: where it stands; standing:
    ``total`` (累计), ``stage`` (本阶段) or ``plain``; step: how finely it is told (1000 for 1.2万).
    """

    figure: Figure
    measure: str
    sentence: str
    standing: str = "plain"
    step: float = 1.0


@dataclass(frozen=True, slots=True)
class FilledIn(Portable):
    """The day on which a form says it was filled in: text, day (None: unreadable), cell."""

    text: str
    day: date | None
    cell: str


@dataclass(frozen=True, slots=True)
class Recognised(Portable):
    """A form found: its code and layout, the sheet, its figures by item, and doubts met.

    title: the title row or heading above it; unit_texts: what stands in label cells of the unit's
    name; year: the year in its title, if any. titled: the form that the title names, if any.
    shared: whether the sheet holds this form for several units, so that only ``unit_texts`` (the
    head of its row or column) tell whose it is. seen: what was made of the cells on the way.
    mentions and passages: of a summary, figures that repeat a table's, and its narrative.
    filled: the day in 填报时间, where there is one.
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
    doubts: tuple[Doubt, ...] = ()
    shared: bool = False
    seen: tuple[Seen, ...] = ()
    mentions: tuple[Mention, ...] = ()
    passages: tuple[Passage, ...] = ()
    filled: FilledIn | None = None
