"""Coverage: how many planted errors the campaign's own rules notice, item by item, kind by kind.

Clean returns are checked as they are (whatever is doubted is a needless doubt), then again and
again with errors planted in some of the units at a time: all these variants are units of one big
desk, checked at once, each among its own peers. An error is noticed where a critical or warning
finding names an item that was changed; one that spoils a whole form, where any is on the form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.checks import Suite, check_due
from chunfeng_reports.doctor.invented import copy_of, invent, many_of
from chunfeng_reports.doctor.planting import KINDS, Figures, Kind
from chunfeng_reports.facts import facts_frame, intake_frame
from chunfeng_reports.findings import Finding, findings_frame

Form = tuple[str, str, str]
"""A form that came: due, region, form."""

EVERY = 1
"""One unit in so many is spoiled at once, each in another place: no unit is told by its peers being
right."""

MADE_UP = ((1, 12), (2, 18))
"""Campaigns invented to plant errors in: seed and number of units."""

CLEAN = {10: range(100, 108), 15: range(200, 208), 20: range(300, 308)}
"""Campaigns invented only to count needless doubts in: number of units → seeds."""

TARGETS: Mapping[str, float] = {
    "x10": 0.95, "x100": 0.95, "tenth": 0.8, "sign": 0.95, "swapped": 0.8, "shifted": 0.95,
    "stale": 0.95,
}  # fmt: skip
"""Least share to be noticed, by kind, on the forms that the targets are about (`targeted`)."""

BOUND_TARGETS: Mapping[str, float] = {"transposed": 0.95, "off": 0.95}
"""Least share to be noticed of errors that only an identity shows, where one binds the item."""

NEEDLESS = 1 / 40
"""Largest share of clean forms that may be doubted."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Coverage:
    """What was planted and what was noticed.

    planted, caught: (form, item, kind, whether an earlier due holds the form) → how many; item is
    empty for kinds that spoil a form; bound: (item, kind, whether it was caught) → how many, where
    an identity of the rules binds the item; forms, doubted: clean forms, and those of them with a
    finding that is more than an info, by form; doubting: rule → how many such findings.
    """

    planted: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    caught: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    bound: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    doubting: Counter[str] = field(default_factory=Counter)

    def share(self, *, form: str = "", item: str = "", kind: str = "", first: bool | None = None
              ) -> tuple[int, int]:  # fmt: skip
        """Caught and planted, of what is named (empty: of all)."""

        def meant(key: tuple[str, str, str, bool]) -> bool:
            wanted = (form, item, kind)
            named = all(not want or want == has for want, has in zip(wanted, key[:3], strict=True))
            return named and (first is None or first is not key[3])

        return tuple(  # type: ignore[return-value]
            sum(count for key, count in counter.items() if meant(key))
            for counter in (self.caught, self.planted)
        )


def targeted(desk: Desk) -> tuple[str, ...]:
    """The forms that `TARGETS` are about: tables that are asked for more than once.

    Where a form comes but once, there is no earlier figure to tell an error by; in a document
    nothing stands beside anything.
    """
    return tuple(
        form.code
        for form in desk.campaign.forms
        if form.layout != "prose"
        and sum(form.code in desk.expected_forms(due) for due in desk.dues) > 1
    )


@dataclass(frozen=True)
class _Clean:
    """Returns to plant in: frames of all dues, findings as they are, and which forms are clean."""

    desk: Desk
    facts: pd.DataFrame
    intake: pd.DataFrame
    findings: pd.DataFrame
    clean: frozenset[Form]


@dataclass(frozen=True)
class _Planted:
    """One error: where, what kind, and the figures as they would be typed."""

    place: Form
    item: str
    kind: Kind
    changed: Mapping[str, float | None]
    earlier: bool
    bound: bool


def measure_made_up(
    desk: Desk, suites: Sequence[Suite], *, progress: Progress | None = None
) -> Coverage:
    """Coverage of the rules on invented campaigns; the same rules give the same counts."""
    found = Coverage()
    for units, seeds in CLEAN.items():
        _doubts(_invented(desk, suites, seeds, units), found)
        if progress:
            progress(f"{units}")
    for seed, units in MADE_UP:
        clean = _invented(desk, suites, [seed], units)
        _plant_all(clean, suites, found)
        if progress:
            progress(f"{units}")
    return found


def measure(
    desk: Desk,
    suites: Sequence[Suite],
    *,
    facts: pd.DataFrame,
    intake: pd.DataFrame,
    findings: pd.DataFrame,
) -> Coverage:
    """Coverage of the rules on returns that came, as far as they are clean.

    facts, intake, findings: of all dues. A form is clean where neither it nor the unit's same form
    at an earlier due has a finding that is more than an info.
    """
    grave = findings[findings["severity"] != "info"]
    spoiled = set(zip(grave["due"], grave["region"], grave["form"], strict=True))
    came = facts[facts["state"] == "value"]
    forms = set(zip(came["due"], came["region"], came["form"], strict=True))
    clean = frozenset(
        (due, region, form)
        for due, region, form in forms
        if not any((past, region, form) in spoiled for past in (*desk.earlier(due), due))
    )
    found = Coverage()
    _plant_all(_Clean(desk, facts, intake, findings, clean), suites, found)
    return found


def _invented(desk: Desk, suites: Sequence[Suite], seeds: Sequence[int], units: int) -> _Clean:
    """Campaigns of as many units each, a copy of the units a seed, and what the rules say."""
    made = [invent(desk, suites, seed=seed, units=units) for seed in seeds]
    many = many_of(made[0].desk, len(made))
    facts = _copies([facts_frame(one.facts) for one in made])
    intake = _copies([intake_frame(one.intake) for one in made])
    clean = frozenset(zip(intake["due"], intake["region"], intake["form"], strict=True))
    findings = findings_frame(())
    for due in many.dues:
        checked = _checked(_Clean(many, facts, intake, findings, clean), suites, due)
        findings = pd.concat([findings, findings_frame(checked)], ignore_index=True)
    return _Clean(many, facts, intake, findings, clean)


def _copies(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other, the regions of each named as those of a copy of its own."""
    named = [
        frame.assign(region=[copy_of(code, n) for code in frame["region"]])
        for n, frame in enumerate(frames)
    ]
    return pd.concat(named, ignore_index=True)


def _checked(many: _Clean, suites: Sequence[Suite], due: str) -> tuple[Finding, ...]:
    return check_due(
        many.desk,
        suites,
        due,
        facts=many.facts[many.facts["due"] <= due],
        intake=many.intake[many.intake["due"] <= due],
        earlier=many.findings[many.findings["due"] < due],
        peers={unit: unit.rsplit("X", 1)[1] for unit in many.desk.unit_codes},
    ).findings


def _doubts(clean: _Clean, found: Coverage) -> None:
    grave = clean.findings[clean.findings["severity"] != "info"]
    found.doubting.update(grave["rule"])
    doubted = set(zip(grave["due"], grave["region"], grave["form"], strict=True))
    for place in clean.clean:
        found.forms[place[2]] += 1
        found.doubted[place[2]] += place in doubted


def _plant_all(clean: _Clean, suites: Sequence[Suite], found: Coverage) -> None:
    identities = tuple(_identities(suites))
    known = frozenset(clean.findings["id"])
    for due in clean.desk.dues:
        batches = list(_batches(clean, due, identities))
        if not batches:
            continue
        desk = many_of(clean.desk, len(batches))
        so_far = clean.facts[clean.facts["due"] <= due]
        here = so_far["due"] == due
        facts = _copies([_spoiled(so_far, here, batch) for batch in batches])
        intake, findings = (_copies([frame] * len(batches)) for frame in
                            (clean.intake, clean.findings))  # fmt: skip
        said = _checked(_Clean(desk, facts, intake, findings, frozenset()), suites, due)
        named: dict[str, list[Finding]] = {}
        for finding in said:
            unit, n = finding.region.rsplit("X", 1)
            named.setdefault(n, []).append(replace(finding, region=unit))
        for k, batch in enumerate(batches):
            _tally(batch, named.get(f"{k:04d}", ()), known, found)


def _batches(
    clean: _Clean, due: str, identities: tuple[tuple[str, ...], ...]
) -> Iterator[list[_Planted]]:
    """Errors that are planted together: of one kind, one on a form, in some of the units."""
    desk = clean.desk
    units = desk.unit_codes
    figures = _figures(clean)
    most = max(
        (len(desk.expected_items(due, form)) for form in desk.expected_forms(due)), default=0
    )
    for kind in KINDS.values():
        for turn in range(EVERY):
            for row in range(1 if kind.whole else most):
                batch = [
                    planted
                    for n, unit in enumerate(units[turn::EVERY])
                    for form in desk.expected_forms(due)
                    if (due, unit, form) in clean.clean
                    for planted in _planted(clean, (due, unit, form), kind, row + n, figures,
                                            identities)
                ]  # fmt: skip
                if batch:
                    yield batch


def _planted(
    clean: _Clean,
    place: Form,
    kind: Kind,
    at: int,
    figures: Mapping[Form, Mapping[str, float | None]],
    identities: tuple[tuple[str, ...], ...],
) -> Iterator[_Planted]:
    due, unit, form = place
    items = [item.code for item in clean.desk.expected_items(due, form)]
    prose = clean.desk.campaign.form_by_code[form].layout == "prose"
    if not items or (kind.beside and prose):
        return
    right = figures[place]
    before = next(
        (figures[past, unit, form] for past in reversed(clean.desk.earlier(due))
         if (past, unit, form) in figures), {},
    )  # fmt: skip
    typed = tuple(right.get(item) for item in items)
    at %= len(items)
    wrong = _stale(items, typed, before) if kind.id == "stale" else kind.plant(typed, at)
    if wrong is None:
        return
    changed = {item: new for item, old, new in zip(items, typed, wrong, strict=True) if old != new}
    bound = any(_holds(identity, right) and items[at] in identity for identity in identities)
    yield _Planted(place, "" if kind.whole else items[at], kind, changed, bool(before), bound)


def _stale(items: list[str], typed: Figures, before: Mapping[str, float | None]) -> Figures | None:
    """The form as it was before; None where it is so already, or where there is nothing to tell."""
    old = tuple(before.get(item, now) for item, now in zip(items, typed, strict=True))
    return old if before and old != typed and sum(bool(value) for value in old) >= 4 else None


def _figures(clean: _Clean) -> dict[Form, dict[str, float | None]]:
    found: dict[Form, dict[str, float | None]] = {}
    values = clean.facts[clean.facts["state"] == "value"]
    for due, region, form, item, value in zip(
        *(values[name] for name in ("due", "region", "form", "item", "value")), strict=True
    ):
        found.setdefault((due, region, form), {})[item] = float(value)
    return found


def _identities(suites: Iterable[Suite]) -> Iterator[tuple[str, ...]]:
    """Items that a rule says add up exactly: parts, then their total."""
    for suite in suites:
        for rule in suite.rules:
            if suite.table == "units" and rule.kwargs.get("operator") == "==":
                yield (*rule.kwargs["left"], *rule.kwargs["right"])


def _holds(identity: tuple[str, ...], figures: Mapping[str, float | None]) -> bool:
    *parts, total = (figures.get(item) for item in identity)
    return total is not None and sum(part or 0 for part in parts) == total


def _spoiled(facts: pd.DataFrame, here: pd.Series[bool], batch: Iterable[_Planted]) -> pd.DataFrame:
    wrong = {
        (planted.place[1], item): value
        for planted in batch
        for item, value in planted.changed.items()
    }
    now = facts[here]
    keys = zip(now["region"], now["item"], now["value"], strict=True)
    spoiled = facts.copy()
    spoiled.loc[here, "value"] = [wrong.get((region, item), old) for region, item, old in keys]
    spoiled.loc[here & spoiled["value"].isna() & (spoiled["state"] == "value"), "state"] = "blank"
    return spoiled


def _tally(
    batch: Iterable[_Planted], findings: Iterable[Finding], known: frozenset[str], found: Coverage
) -> None:
    """Count what is noticed; a finding that the clean returns had already notices nothing."""
    named: dict[tuple[str, str], set[str]] = {}
    for finding in findings:
        if finding.severity != "info" and finding.id not in known:
            said = named.setdefault((finding.due, finding.region), set())
            said.update(finding.items or (finding.form,), [finding.form + "_"])
    for planted in batch:
        due, unit, form = planted.place
        key = (form, planted.item, planted.kind.id, planted.earlier)
        telling = {form + "_"} if planted.kind.whole else {form, *planted.changed}
        caught = bool(named.get((due, unit), set()) & telling)
        found.planted[key] += 1
        found.caught[key] += caught
        if planted.bound:
            found.bound[planted.item, planted.kind.id, caught] += 1
