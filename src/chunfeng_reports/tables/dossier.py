"""The dossier: all that is known at one due, and the questions that reports ask of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import pandas as pd

from chunfeng_reports.calendar import effective
from chunfeng_reports.campaign import Desk, Item, Region
from chunfeng_reports.corrections import corrections_frame
from chunfeng_reports.errors import UseError
from chunfeng_reports.explanations import explanations_frame
from chunfeng_reports.facts import passages_frame
from chunfeng_reports.findings import SEVERITIES, UNSETTLED, Finding, Severity
from chunfeng_reports.rollup import add
from chunfeng_reports.tables.standings import Standing, standings, standings_frame

#: The tables of a dossier that are of units, and a report of one unit has its own rows of.
OF_UNITS = ("facts", "intake", "findings", "explanations", "corrections", "passages")

#: The tables of a dossier that have the rows of the dues before it as well.
OVER_TIME = ("facts", "findings", "rollup")

#: Units whose figures one page can hold: of more, a browser has trouble, and nobody reads them.
MOST_ON_A_PAGE = 1000

STATE_WORDS = {"blank": "未填", "absent": "未报", "unreadable": "无法识别"}


class FactRow(NamedTuple):
    """A row of the facts table."""

    due: str
    region: str
    form: str
    item: str
    value: float
    state: str
    raw: str
    file: str
    sha256: str
    sheet: str
    cell: str


class FindingRow(NamedTuple):
    """A row of the findings table."""

    id: str
    due: str
    region: str
    form: str
    items: str
    rule: str
    severity: Severity
    message: str
    value: str
    expected: str
    file: str
    sheet: str
    cell: str
    state: str

    @property
    def stands(self) -> bool:
        """Whether it is in want of an answer: open, or explained for a figure that has changed."""
        return self.state in UNSETTLED

    def names(self, item: str) -> bool:
        """Whether the finding is on this item: named, or all items of its form where none is."""
        if self.items:
            return item in self.items.split(",")
        return item.split("_", 1)[0] == self.form


class ExplanationRow(NamedTuple):
    """A row of the table of explanations."""

    due: str
    region: str
    finding: str
    value: str
    words: str
    approved_by: str
    file: str
    sheet: str
    cell: str
    outcome: str
    reason: str


class Withheld:
    """Stands for a table that a report of one unit does not hang on: any use is refused."""

    def __init__(self, unit: str) -> None:
        object.__setattr__(self, "_unit", unit)

    def _refuse(self, *_: object) -> NoReturn:
        raise withheld(object.__getattribute__(self, "_unit"))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copying and pickling ask for
            raise AttributeError(name)
        self._refuse()

    __getitem__ = __len__ = __iter__ = __bool__ = _refuse


def withheld(unit: str) -> UseError:
    """What is told whoever asks for more than there is of one unit, by its name."""
    return UseError(
        f"这里只有{unit}的数据；要看其他单位的数据或汇总数，请用 ws.dossier(due)，"
        '并在笔记本元数据的 chunfeng 中写 "reads": "all"'
    )


class RollupRow(NamedTuple):
    """A row of the roll-up."""

    due: str
    region: str
    item: str
    value: float
    units_expected: int
    units_counted: int
    missing: str
    doubted: str
    lower: float
    upper: float
    provisional: bool


@dataclass(frozen=True, repr=False)
class Dossier:
    """All that is known at a due.

    facts, rollup, findings: of this due and those before it; intake, outcomes: of this due alone;
    rules: the Chinese label of each rule by its id; explanations: of this due, what units say of
    findings; corrections: of this due, what would mend returns that break rules; passages: of this
    due, what the units' summaries tell.

    only: the unit that all of this is of, where it was narrowed to one (:meth:`of_unit`), and
    compared: how that one stands among the others, as :func:`.standings.standings_frame`. Whoever
    asks a narrowed dossier for anything else gets a UseError.
    """

    desk: Desk
    due: str
    facts: pd.DataFrame
    intake: pd.DataFrame
    findings: pd.DataFrame
    outcomes: pd.DataFrame
    rollup: pd.DataFrame
    rules: Mapping[str, str]
    explanations: pd.DataFrame = field(default_factory=lambda: explanations_frame(()))
    corrections: pd.DataFrame = field(default_factory=lambda: corrections_frame(()))
    passages: pd.DataFrame = field(default_factory=lambda: passages_frame(()))
    only: str = ""
    compared: pd.DataFrame | None = None

    def __repr__(self) -> str:
        """Due, body, and how much there is of the due; never the tables themselves."""
        tables = (self.facts, self.findings)
        facts, findings = ((table["due"] == self.due).sum() for table in tables)
        return f"Dossier({self.due!r}, {self.body.code!r}: {facts} facts, {findings} findings)"

    @classmethod
    def narrow(
        cls, desk: Desk, due: str, unit: str, rules: Mapping[str, str], **tables: pd.DataFrame
    ) -> Dossier:
        """The dossier of one unit: its rows of the tables in :data:`OF_UNITS`, and ``compared``."""
        no: Any = Withheld(desk.unit(unit).short)
        return cls(desk=desk, due=due, rules=rules, only=unit, rollup=no, outcomes=no, **tables)

    def of_unit(self, region: str | int) -> Dossier:
        """All that a unit's report tells: what is known of it, and how it stands among the others.

        So such a report hangs on nothing of another unit that it does not show.
        """
        unit = self.unit(region)
        if self.only:
            return self
        frames = {name: getattr(self, name) for name in OF_UNITS}
        own = {n: f[f["region"] == unit].reset_index(drop=True) for n, f in frames.items()}
        compared = standings_frame(one for one in self.standings.values() if one.region == unit)
        return Dossier.narrow(self.desk, self.due, unit, self.rules, compared=compared, **own)

    @cached_property
    def standings(self) -> dict[tuple[str, str], Standing]:
        """How units stand among each other in the items of this due, by (region, item)."""
        known: Iterable[Standing]
        if self.compared is not None:
            known = map(Standing._make, self.compared.itertuples(index=False, name=None))
        else:
            known = standings(self._given(), self._doubted, self._reported)
        return {(one.region, one.item): one for one in known}

    def _given(self) -> Iterator[tuple[str, str, float]]:
        """The figures of this due: region, item, value."""
        for row in self.fact.values():
            if row.due == self.due and row.state == "value":
                yield row.region, row.item, row.value

    @cached_property
    def _doubted(self) -> frozenset[tuple[str, str]]:
        """(region, item) of this due on which a doubt stands."""
        doubts = (row for row in self.all_findings if row.stands and row.severity != "info")
        codes = {form: [item.code for item in self.items(form)] for form in self.table_forms}
        return frozenset(
            (row.region, code)
            for row in doubts
            for code in (row.items.split(",") if row.items else codes.get(row.form, ()))
        )

    @cached_property
    def _reported(self) -> dict[str, float]:
        """The body's totals of this due, by item, without those on a part of which a doubt stands:
        no share is reckoned of these.
        """
        ours = (row for (due, region, _), row in self.total.items()
                if due == self.due and region == self.body.code)  # fmt: skip
        return {row.item: row.value for row in ours
                if row.value > 0 and not row.doubted
                and not self.doubted_units(row, "warning")}  # fmt: skip

    @cached_property
    def fact(self) -> dict[tuple[str, str, str], FactRow]:
        """Facts by (due, region, item)."""
        rows = map(FactRow._make, self.facts.itertuples(index=False, name=None))
        return {(row.due, row.region, row.item): row for row in rows}

    @cached_property
    def total(self) -> dict[tuple[str, str, str], RollupRow]:
        """Totals by (due, region, item)."""
        rows = map(RollupRow._make, self.rollup.itertuples(index=False, name=None))
        return {(row.due, row.region, row.item): row for row in rows}

    @cached_property
    def explanation(self) -> dict[tuple[str, str], ExplanationRow]:
        """What a region said of each finding, by both: the last words, where there are several."""
        rows = map(ExplanationRow._make, self.explanations.itertuples(index=False, name=None))
        return {(row.region, row.finding): row for row in rows}

    @cached_property
    def all_findings(self) -> tuple[FindingRow, ...]:
        """Findings of this due, worst first: on figures, then on forms, then on stray files.

        Those that are settled (explained or waived) come after all others.
        """
        found = [row for rows in self._findings.values() for row in rows if row.due == self.due]
        return tuple(sorted(found, key=lambda r: (*_weight(r), not r.items, not r.form)))

    def findings_on(self, region: str, *, due: str | None = None) -> tuple[FindingRow, ...]:
        """Findings on a region, worst first, those that are settled after all others."""
        if region in self.desk.nodes:
            self._refuse_others(region)
        found = self._findings.get((due or self.due, region))
        if found is None and region not in self.desk.nodes:
            found = self._findings.get((due or self.due, self.unit(region)))
        return tuple(found or ())

    @cached_property
    def _findings(self) -> dict[tuple[str, str], list[FindingRow]]:
        found: dict[tuple[str, str], list[FindingRow]] = {}
        for row in map(FindingRow._make, self.findings.itertuples(index=False, name=None)):
            found.setdefault((row.due, row.region), []).append(row)
        return {key: sorted(rows, key=_weight) for key, rows in found.items()}

    def about(self, row: FindingRow) -> FindingRow | None:
        """The finding that words are about which a finding doubts; None for any other finding."""
        return self._about.get(row.id)

    @cached_property
    def _about(self) -> dict[str, FindingRow]:
        """A doubt's id hangs on what it is about: that is found by what the id would be."""
        rules = {(r.due, r.region, r.rule) for rows in self._findings.values() for r in rows
                 if r.rule.startswith("explanations.")}  # fmt: skip
        return {
            Finding(due, region, "", (), rule, "warning", "", about=row.id).id: row
            for due, region, rule in rules
            for row in self.findings_on(region, due=due)
        }

    def with_doubts_below(self, rows: Iterable[FindingRow]) -> tuple[FindingRow, ...]:
        """Findings in their order, but doubts on words right below the open finding explained."""
        given = tuple(rows)
        here = {row.id for row in given if row.stands}
        below: dict[str, list[FindingRow]] = {}
        for row in given:
            if (one := self.about(row)) is not None and one.id in here:
                below.setdefault(one.id, []).append(row)
        moved = {row.id for some in below.values() for row in some}
        return tuple(one for row in given if row.id not in moved
                     for one in (row, *below.get(row.id, ())))  # fmt: skip

    @cached_property
    def came(self) -> frozenset[tuple[str, str]]:
        """(region, form) of the forms that came and count."""
        counting = self.intake[self.intake["fate"] == "counts"]
        return frozenset(zip(counting["region"], counting["form"], strict=True))

    @cached_property
    def table_forms(self) -> tuple[str, ...]:
        """Codes of the forms expected at this due that have figures."""
        return tuple(f for f in self.desk.expected_forms(self.due) if self.items(f))

    @property
    def many(self) -> bool:
        """Whether the units are too many for one page to hold their figures."""
        return len(self.desk.units) > MOST_ON_A_PAGE

    @property
    def body(self) -> Region:
        """The body at whose desk we sit."""
        return self.desk.body

    def form_title(self, form: str) -> str:
        """What a form is called at this due: as printed, or what its document calls itself."""
        campaign = self.desk.campaign
        titled = self.desk.round(self.due).forms[form].title
        return titled or campaign.title_of(campaign.form_by_code[form])

    def items(self, form: str) -> tuple[Item, ...]:
        """Items of a form asked for at this due."""
        return self.desk.expected_items(self.due, form)

    def unit(self, region: str | int) -> str:
        """The code of a unit by its code or name.

        UseError where it is none of the body's, or another than all of this is of.
        """
        code = str(region) if region in self._units else self.desk.unit_named(region).code
        self._refuse_others(code)
        return code

    def _refuse_others(self, region: str | None) -> None:
        if self.only and region != self.only:
            raise withheld(self.name(self.only))

    @cached_property
    def _units(self) -> frozenset[str]:
        return frozenset(self.desk.unit_codes)

    def item(self, item: Item | str) -> Item:
        """An item by its code, or by its name if this due asks for it. UseError where none is."""
        if isinstance(item, Item):
            return item
        known = self.desk.campaign.item_by_code.get(item)
        return known or self.desk.item_named(self.due, item)

    def value(self, region: str, item: str, *, due: str | None = None) -> float | None:
        """A unit's figure; None where there is none.

        Here as below, unit and item may go by their names. UseError where there is no such one.
        """
        row = self._row(region, item, due or self.due)
        return row.value if row is not None and row.state == "value" else None

    def state(self, region: str, item: str, *, due: str | None = None) -> str:
        """Why there is no figure, in a word (未填, 未报, 无法识别); empty where there is one."""
        row = self._row(region, item, due or self.due)
        return STATE_WORDS.get(row.state, "") if row is not None else "不要求"

    def _row(self, region: str, item: str, due: str) -> FactRow | None:
        """Names are looked up only where no code fits: this is asked very often.

        No item at all (a finding on a whole form names none) has no figure.
        """
        found = self.fact.get((due, region, item))
        if found or not item:
            return found
        return self.fact.get((due, self.unit(region), self.item(item).code))

    def last(self, region: str, item: str) -> tuple[str, float] | None:
        """The latest earlier due at which the unit gave a figure, and that figure."""
        for due in reversed(self.desk.earlier(self.due)):
            value = self.value(region, item, due=due)
            if value is not None:
                return due, value
        return None

    def change(self, region: str, item: Item | str) -> float | None:
        """Change since the last figure of a cumulative or stock item.

        None where there is nothing to compare, or where an error stands on either figure.
        """
        item = self.item(item)
        now, last = self.value(region, item.code), self.last(region, item.code)
        if now is None or last is None or item.over_time == "period":
            return None
        if "critical" in (self.mark(region, item.code), self.mark(region, item.code, due=last[0])):
            return None
        return round(now - last[1], 6)

    def matched_change(self, node: str, item: Item | str) -> float | None:
        """Change of a total: the sum of its units' own changes since their last figures.

        Like is compared with like: a unit that is missing now, or has no figure yet, or on whose
        figures an error stands, has no part in it.
        """
        if node not in self.desk.nodes:
            raise UseError(f"{node} 不是汇总的地区；可用：{'、'.join(self.desk.nodes)}")
        item = self.item(item)
        changes = (self.change(unit, item) for unit in self.desk.nodes[node])
        known = [change for change in changes if change is not None]
        return add(known) if known else None

    def doubt(self, region: str, item: str, *, due: str | None = None) -> FindingRow | None:
        """The worst doubt that stands on a unit's figure (提示 is no doubt)."""
        code = self.item(item).code
        for row in self.findings_on(self.unit(region), due=due):
            if row.stands and row.severity != "info" and row.names(code):
                return row
        return None

    def mark(self, region: str, item: str, *, due: str | None = None) -> Severity | None:
        """How grave the worst open doubt on a unit's figure is."""
        row = self.doubt(region, item, due=due)
        return row.severity if row else None

    def open_counts(self, region: str | None = None) -> dict[Severity, int]:
        """Findings that stand (open or lapsed) by severity, of one region or of all."""
        if region is None:
            self._refuse_others(None)
        rows = self.all_findings if region is None else self.findings_on(region)
        return {s: sum(row.severity == s and row.stands for row in rows) for s in SEVERITIES}

    def missing_forms(self, region: str) -> tuple[str, ...]:
        """Codes of the forms that a unit must file at this due and that have not come."""
        unit = self.unit(region)
        return tuple(
            form
            for form in self.desk.expected_forms(self.due)
            if self.desk.expects(self.due, form, unit) and (unit, form) not in self.came
        )

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """Codes of the (at most five) items asked for at this due that a first screen shows.

        Those that the campaign names, else the first key items of its forms.
        """
        forms = self.desk.campaign.form_by_code
        asked = {item.code for form in self.table_forms for item in self.items(form)}
        keys = (code for form in self.table_forms for code in forms[form].key)
        named = self.desk.campaign.headline or tuple(keys)
        return tuple(code for code in named if code in asked)[:5]

    def came_at(self, region: str, form: str) -> str:
        """When the first version of a form came, Chinese time; empty where nobody wrote it down."""
        return self._came_at.get((self.unit(region), form), "")

    @cached_property
    def _came_at(self) -> dict[tuple[str, str], str]:
        """Of a form whose versions are not all registered, nobody knows when it first came."""
        used = self.intake[self.intake["fate"].isin(("counts", "superseded"))]
        found: dict[tuple[str, str], list[str]] = {}
        for region, form, at in zip(used["region"], used["form"], used["received_at"], strict=True):
            found.setdefault((region, form), []).append(at)
        return {key: min(times) for key, times in found.items() if all(times)}

    def days_late(self, region: str, form: str) -> int:
        """How many days after the due a form came; 0 where it was in time or nobody knows."""
        at = self.came_at(region, form)
        until = effective(self.desk.campaign, self.desk.round(self.due).due)
        return max((date.fromisoformat(at[:10]) - until).days, 0) if at else 0

    def late_forms(self, region: str) -> dict[str, int]:
        """Codes of the forms that came late → by how many days."""
        unit = self.unit(region)
        asked = (form for form in self.desk.expected_forms(self.due)
                 if self.desk.expects(self.due, form, unit))  # fmt: skip
        return {form: days for form in asked if (days := self.days_late(unit, form))}

    def doubted_units(self, total: RollupRow, severity: Severity) -> tuple[str, ...]:
        """Units whose figure in a total carries an open doubt of this severity."""
        return tuple(
            unit
            for unit in self.desk.nodes[total.region]
            if self.value(unit, total.item, due=total.due) is not None
            and self.mark(unit, total.item, due=total.due) == severity
        )

    def gaps(self, region: str) -> tuple[str, ...]:
        """Codes of the items of forms that came for which there is no figure all the same."""
        unit = self.unit(region)
        return tuple(
            item.code
            for form in self.table_forms
            if (unit, form) in self.came and self.desk.expects(self.due, form, unit)
            for item in self.items(form)
            if self.value(unit, item.code) is None
        )

    def unsettled(self, region: str) -> list[str]:
        """Why a unit's figures are not final yet, in words; empty where they are.

        A form with figures has not come, a figure is missing, or an error stands on one. A document
        without figures that has not come holds nothing up.
        """
        forms = self.desk.campaign.form_by_code
        missing = [form for form in self.missing_forms(region) if form in self.table_forms]
        why = [f"{'、'.join(forms[code].short for code in missing)}未报"] if missing else []
        if gaps := self.gaps(region):
            why.append(f"{len(gaps)}项没有数字")
        if errors := self.open_counts(region)["critical"]:
            why.append(f"{errors}处错误待更正")
        return why

    def complete_units(self, *, documents: bool = False) -> tuple[str, ...]:
        """Units of which no statistical table is missing; documents: no written document."""
        forms = self.desk.campaign.form_by_code
        wanted = {code for code in self.desk.expected_forms(self.due)
                  if (forms[code].layout == "prose") == documents}  # fmt: skip
        return tuple(u for u in self.desk.unit_codes if not wanted & set(self.missing_forms(u)))

    def complete_documents(self) -> int | None:
        """Of how many units no written document is missing; None where the due asks for none."""
        forms = self.desk.campaign.form_by_code
        asked = any(forms[code].layout == "prose" for code in self.desk.expected_forms(self.due))
        return len(self.complete_units(documents=True)) if asked else None

    def missing_units(self) -> dict[str, tuple[str, ...]]:
        """Form → units that have not filed it; forms that all have filed are left out."""
        lacking = {
            form: tuple(u for u in self.desk.unit_codes if form in self.missing_forms(u))
            for form in self.desk.expected_forms(self.due)
        }
        return {form: units for form, units in lacking.items() if units}

    def rank(self, region: str, item: str) -> tuple[int, int] | None:
        """A unit's place among those with a figure (1 is the largest), and how many these are.

        Figures in open doubt have no place.
        """
        known = self._standing(region, item)
        return (known.place, known.among) if known and known.place else None

    def share(self, region: str, item: str) -> float | None:
        """A unit's part of what was reported, to a tenth of a percent.

        None while a doubt stands on any part of the whole.
        """
        known = self._standing(region, item)
        return known.share if known and not math.isnan(known.share) else None

    def _standing(self, region: str, item: str) -> Standing | None:
        return self.standings.get((self.unit(region), self.item(item).code))

    def whose(self, row: FindingRow) -> str:
        """Whom a finding is about: a unit, the body's own totals, or nobody that could be told."""
        ours = row.rule.startswith("explanations.")  # the body keeps the register itself
        if row.region == self.body.code and not row.form and not ours:
            return "单位不明"
        return self.name(row.region)

    def name(self, region: str) -> str:
        """A region's short name; the code where it is none of ours."""
        known = self.desk.campaign.region_by_code.get(region)
        return known.short if known else region


def _weight(row: FindingRow) -> tuple[bool, int]:
    """Where a finding stands in a list: what needs an answer first, then by severity."""
    return not row.stands, SEVERITIES.index(row.severity)
