"""The records of a campaign: frozen pydantic models; unknown keys are refused.

Every definition carries ``origin``: where in the notice (or in which table) it stands.
"""

from __future__ import annotations

import re
from datetime import date, time
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1)]
#: What a sentence of a summary's outline names: an item's code, or ``due``; # asks for no unit.
NAMED = re.compile(r"\{([A-Za-z0-9_]+)(#?)\}")


class Definition(BaseModel):
    """Base of every record of a campaign: frozen, no unknown keys, an origin in the notice."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    origin: Words


class Item(Definition):
    """One figure that a form asks for.

    code: ``F1_5_1``; number: as printed (``5``), empty where the form prints none; label: as
    printed, without number and 其中; labels: other wordings by tier (another wording may be another
    measure: see the readings); parent: code of the total that it is 其中 of.
    basis: ``flow`` (happened in a period) or ``stock`` (stands on a day); over_time: a flow is
    ``cumulative`` since the campaign began or told for a ``period`` alone, a stock adds up to
    ``none``; over_units: ``sum``, or ``none`` where a sum has no meaning.
    prose: regular expressions that find it in a sentence, for a table form's items too (a summary
    that repeats them is compared); ``{N}`` stands for a number as people write them, a group
    ``unit`` for the measure that stands with it; ``reading.texts.patterns`` tells of ``…``,
    ``{共}``, ``{元}``, ``{止}`` and of a first ``~`` or ``?``.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    number: str = ""
    label: Words
    short: Words
    unit: Words
    parent: str | None = None
    basis: Literal["flow", "stock"]
    over_time: Literal["cumulative", "period", "none"]
    over_units: Literal["sum", "none"] = "sum"
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    aliases: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    prose: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """Code of the form that the item stands on: the code up to its first ``_``."""
        return self.code.split("_", 1)[0]

    @property
    def carries(self) -> bool:
        """Whether an earlier value bounds a later one: cumulative flows only, never stocks."""
        return self.basis == "flow" and self.over_time == "cumulative"


class Form(Definition):
    """A form: a table laid out in ``rows`` (填报项目 | 数量) or ``columns`` (one wide row), or a
    ``prose`` document whose text must state the items.

    title: as printed, ``{year}`` stands for the campaign's; titles: other names that people give
    it; line: who files it (人社, 残联); key: items (at most five) that a reader wants to see first;
    remark: printed under the form, ``{dues}`` stands for the dues; sign_off: names of the blanks
    below a columns form.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]*$")]
    title: Words
    short: Words
    annex: str = ""
    subtitle: str = ""
    line: Words
    layout: Literal["rows", "columns", "prose"]
    titles: tuple[str, ...] = ()
    items: tuple[Item, ...]
    key: tuple[str, ...] = ()
    remark: str = ""
    sign_off: tuple[str, ...] = ()


class Expected(Definition):
    """A form expected at a round: which items (none named: all), and which units need not file.

    title: for a prose form, what the document of this round calls itself.
    """

    items: tuple[str, ...] | None = None
    not_from: tuple[str, ...] = ()
    title: str = ""


class Topic(Definition):
    """A section of a body's summary.

    says: sentences, in which ``{F1_5}`` stands for the total of an item with its unit, ``{F1_5#}``
    for the number alone, and ``{due}`` for the day; what stands in 【 】 is for those who finish
    the document.
    narrative: words in the headings of the units' summaries under which they tell of it; form: a
    document that tells of nothing else. gap: what the notice asks for here that the units have not
    told yet, and why.
    """

    title: Words
    says: tuple[Words, ...] = ()
    narrative: tuple[Words, ...] = ()
    form: str = ""
    gap: str = ""


class Outline(Definition):
    """The summary that a body makes of a round: what the notice asks of the one that it serves.

    title: without body and campaign; to: whom it is for; opening: its first paragraph; signed: by
    which office; topics: its sections, in the notice's order.
    """

    title: Words
    to: str = ""
    opening: str = ""
    signed: str = ""
    topics: tuple[Topic, ...]


class Round(Definition):
    """One due of a tier. feeds: the due of the upper tier that these returns are for, if any.

    summary: the outline of the summary that the body makes of it.
    """

    due: date
    name: Words
    forms: dict[str, Expected]
    feeds: date | None = None
    note: str = ""
    summary: Outline | None = None


class Weekly(Definition):
    """Weekly news: weekday (1 Monday … 7 Sunday), hour, which week it tells of, how many items."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    at: time
    covers: Literal["this_week", "last_week"]
    at_least: int


class Tier(Definition):
    """Units of one level that report to a body.

    level: of the units (they may lie several levels under the body); bodies: codes of the desks
    that this tier reports to; unit_word: printed before the unit's name on the forms (区县, 市);
    upper: the tier that this tier's bodies report in, if any.
    """

    id: Words
    name: Words
    level: Words
    bodies: tuple[str, ...]
    unit_word: Words
    upper: str | None = None
    contacts_due: date | None = None
    rounds: tuple[Round, ...]
    weekly: Weekly | None = None


class Region(Definition):
    """A region. code: the statistics bureau's, or one of our own where there is none (``3701Z1``);
    aliases: names that people write; old_names and old_codes: from before a reorganisation.
    """

    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,12}$")]
    name: Words
    short: Words
    level: Words
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    old_names: tuple[str, ...] = ()
    old_codes: tuple[str, ...] = ()


class Reading(Definition):
    """A place where the notice is ambiguous: the question, the reading taken, why, what it touches.

    items: codes; footnote: printed under what it touches, where ``shown_on`` says (``form``: blank
    forms; ``unit``, ``rollup``, ``quality``: the reports).
    """

    id: Words
    question: Words
    taken: Words
    why: Words
    items: tuple[str, ...] = ()
    footnote: str = ""
    shown_on: tuple[Literal["form", "unit", "rollup", "quality"], ...] = ()


class Campaign(Definition):
    """One year's campaign. starts … ends: the activity; returns_until: no due lies later.

    suites: names of the rule suites that apply, a JSON file each.
    headline: the items (at most five) that a report's first screen shows; those that a due does not
    ask for are left out.
    holidays: days of rest within it, for the calendar; holiday_policy: whether a due on one of them
    moves (``postpone``) or stands (``none``).
    typical: about how much a unit of middling size reports of an item in all; made-up returns are
    drawn from it, and nothing else is.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Words
    year: int
    starts: date
    ends: date
    returns_until: date
    suites: tuple[Words, ...]
    headline: Annotated[tuple[str, ...], Field(max_length=5)] = ()
    holidays: tuple[date, ...] = ()
    holiday_policy: Literal["none", "postpone"] = "none"
    forms: tuple[Form, ...]
    tiers: tuple[Tier, ...]
    regions: tuple[Region, ...]
    readings: tuple[Reading, ...] = ()
    typical: dict[str, Annotated[float, Field(gt=0)]] = {}

    @cached_property
    def form_by_code(self) -> dict[str, Form]:
        """Forms by code."""
        return {form.code: form for form in self.forms}

    @cached_property
    def item_by_code(self) -> dict[str, Item]:
        """Items of all forms by code."""
        return {item.code: item for form in self.forms for item in form.items}

    @cached_property
    def region_by_code(self) -> dict[str, Region]:
        """Regions by code; old codes lead to the region of today."""
        today = {region.code: region for region in self.regions}
        old = {code: region for region in self.regions for code in region.old_codes}
        return old | today

    def title_of(self, form: Form) -> str:
        """The form's title as printed, with the year."""
        return form.title.format(year=self.year)
