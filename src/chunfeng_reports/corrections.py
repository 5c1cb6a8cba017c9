"""Corrections: for returns that break rules, which figures are likely wrong and what would do.

The fewest figures whose change lets all the rules hold (Fellegi and Holt 1976), as
:mod:`~chunfeng_reports.localise` finds them; a slip that has a name (digits transposed, a nought
too many, two rows swapped) goes first. Nothing here changes a figure: it is what a return slip
suggests to the unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from chunfeng_reports.campaign import Desk, Item
from chunfeng_reports.cells import NOWHERE, Place
from chunfeng_reports.findings import UNSETTLED
from chunfeng_reports.localise import Change, Kind, Rule, Slip, Solution, locate, recognise, slip

if TYPE_CHECKING:
    import pandas as pd

#: Ways to mend that are told, where several would do.
MOST_OPTIONS = 4

_INTERPRETED, _DOUBTED = 0.75, 0.5
_KINDS = {
    Kind.SIGN: "正负号写反",
    Kind.SWAPPED: "两项填反",
    Kind.TRANSPOSED: "相邻数字颠倒",
    Kind.SCALE: "多写或少写了零",
    Kind.ADDED: "多写一位数字",
    Kind.DROPPED: "少写一位数字",
    Kind.DIGIT: "一位数字写错",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure of one way to mend what does not fit together in a unit's returns.

    case: numbers the sets of rules that hang together, option: the ways to mend one, from 1;
    rules: ids of the rules that fail; was: the figure as read (None: blank); lower, upper: what
    the rules leave it, the other figures being right (None: no bound; equal: the one value);
    kind: of the slip, where one is recognised; sole: whether nothing else would do as well;
    message: the whole option in Chinese.
    """

    due: str
    region: str
    case: int
    option: int
    rules: tuple[str, ...]
    item: str
    was: float | None
    lower: float | None
    upper: float | None
    kind: str
    sole: bool
    message: str
    place: Place = NOWHERE


CORRECTION_COLUMNS = (
    "due", "region", "case", "option", "rules", "item", "was", "lower", "upper", "kind", "sole",
    "message", "file", "sha256", "sheet", "cell",
)  # fmt: skip


def corrections_frame(found: Iterable[Correction]) -> pd.DataFrame:
    """A table of corrections, a row a figure; rules are joined by commas, numbers are float64."""
    import pandas as pd  # noqa: PLC0415  (whoever only locates errors needs no tables)

    rows = [
        (c.due, c.region, c.case, c.option, ",".join(c.rules), c.item, c.was, c.lower, c.upper,
         c.kind, c.sole, c.message, c.place.file, c.place.sha256, c.place.sheet, c.place.cell)
        for c in found
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS))
    texts = dict.fromkeys(set(CORRECTION_COLUMNS) - {"case", "option", "was", "lower", "upper",
                                                     "sole"}, "str")  # fmt: skip
    numbers = dict.fromkeys(("was", "lower", "upper"), "float64")
    counts = dict.fromkeys(("case", "option"), "int64")
    return frame.astype({**texts, **numbers, **counts, "sole": "bool"})


@dataclass(frozen=True, slots=True)
class Record:
    """A unit's figures at a due, and what is known of how they came to be.

    values: by item, None where there is none; typed: what stood in the cell; places: where;
    interpreted: items whose figure needed interpretation; doubted: items in doubt for a reason of
    their own (a fall, out of line, a guess in reading).
    """

    values: Mapping[str, float | None]
    typed: Mapping[str, str]
    places: Mapping[str, Place]
    interpreted: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()

    def place(self, item: str) -> Place:
        """Where an item's figure stands."""
        return self.places.get(item, NOWHERE)

    @property
    def weights(self) -> dict[str, float]:
        """How much each figure is trusted: 1; 0.75 where it was interpreted; 0.5 in doubt."""
        return {item: _DOUBTED if item in self.doubted
                else _INTERPRETED if item in self.interpreted else 1.0
                for item in self.values}  # fmt: skip


def records(
    facts: pd.DataFrame, findings: pd.DataFrame, regions: Iterable[str]
) -> dict[str, Record]:
    """The records of some regions, from the facts and findings of one due."""
    wanted = set(regions)
    standing = findings[findings["state"].isin(UNSETTLED) & (findings["items"] != "")]
    read, doubted = _marked(standing, wanted)
    found = {}
    for region, own in facts[facts["region"].isin(wanted)].groupby("region"):
        rows = own.to_dict("records")
        found[str(region)] = Record(
            values={r["item"]: r["value"] if r["state"] == "value" else None for r in rows},
            typed={r["item"]: r["raw"] for r in rows},
            places={r["item"]: Place(r["file"], r["sha256"], r["sheet"], r["cell"]) for r in rows},
            interpreted=frozenset(read.get(str(region), ())),
            doubted=frozenset(doubted.get(str(region), ())),
        )
    return found


def _marked(
    findings: pd.DataFrame, regions: set[str]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By region, items that needed interpretation, and items that alone are in doubt."""
    read: dict[str, set[str]] = {}
    doubted: dict[str, set[str]] = {}
    columns = ("region", "items", "rule", "severity")
    for region, items, rule, severity in zip(*(findings[c] for c in columns), strict=True):
        if region not in regions:
            continue
        named = str(items).split(",")
        if rule.startswith("reading."):
            read.setdefault(region, set()).update(named)
        elif len(named) == 1 and severity != "info":
            doubted.setdefault(region, set()).update(named)
    return read, doubted


def correct(
    desk: Desk, due: str, region: str, record: Record, rules: Sequence[Rule]
) -> tuple[Correction, ...]:
    """The ways to mend a unit's figures at a due; none where all the rules hold.

    rules: linear rules between its items, with bounds from earlier dues. Figures are no less than
    nought, and whole where things are counted.
    """
    items = {code: desk.campaign.item_by_code[code] for code in record.values}
    asked = [rule for rule in rules if set(rule.coefficients) <= set(items)]
    whole = [code for code, item in items.items() if item.decimals == 0]
    located = locate(asked, record.values, weights=record.weights, nonnegative=items,
                     integral=whole, limit=MOST_OPTIONS + 1)  # fmt: skip
    slips = recognise(asked, record.values, typed=record.typed, nonnegative=items, integral=whole,
                      swaps=_neighbours(items.values()))  # fmt: skip
    by_rules = {one.failed: one for one in slips}
    found: list[Correction] = []
    for case, location in enumerate(located, start=1):
        known = by_rules.get(location.failed)
        surely = known.sole if known else None
        options = list(_options(() if surely else location.solutions,
                                known.repairs if known else (), record))  # fmt: skip
        sole = surely is not None or (location.sole is not None and len(options) == 1)
        failed = tuple(dict.fromkeys(rule.partition(":")[0] for rule in location.failed))
        for number, mended in enumerate(options, start=1):
            message = _message(mended, items, record, sole=sole)
            found += [
                Correction(due, region, case, number, failed, one.item, one.was, one.lower,
                           one.upper, one.kind or "", sole, message, record.place(one.item))
                for one in mended
            ]  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Mended:
    item: str
    was: float | None
    lower: float | None
    upper: float | None
    kind: Kind | None = None


def _options(
    solutions: Sequence[Solution], repairs: Sequence[tuple[Slip, ...]], record: Record
) -> Iterator[tuple[_Mended, ...]]:
    """Ways to mend, the likeliest first: slips that have a name, then the lightest changes."""
    told: set[frozenset[str]] = set()
    for repair in repairs[:MOST_OPTIONS]:
        mended = tuple(_undone(repair, record))
        told.add(frozenset(one.item for one in mended))
        yield mended
    for solution in solutions[: MOST_OPTIONS - len(told)]:
        if frozenset(solution.fields) not in told:
            yield tuple(_changed(change, record) for change in solution.changes)


def _undone(repair: tuple[Slip, ...], record: Record) -> Iterator[_Mended]:
    for one in repair:
        for item, value in zip(one.fields, one.values, strict=True):
            yield _Mended(item, record.values[item], float(value), float(value), one.kind)


def _changed(change: Change, record: Record) -> _Mended:
    forced = change.forced
    kind = slip(record.typed.get(change.field, ""), forced) if forced is not None else None
    return _Mended(change.field, record.values[change.field], _float(change.lower),
                   _float(change.upper), kind)  # fmt: skip


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _neighbours(items: Iterable[Item]) -> list[tuple[str, str]]:
    """Rows of one form that stand one under the other: what people swap."""
    return [(a.code, b.code) for a, b in pairwise(items) if a.form == b.form]


# --- in words


def suggestions(found: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Region, item and a rule that fails → what is suggested: the likeliest way to mend it that
    names the item."""
    first: dict[tuple[str, str, str], str] = {}
    columns = (found[name] for name in ("region", "item", "rules", "message"))
    for region, item, rules, message in zip(*columns, strict=True):
        for rule in rules.split(","):
            first.setdefault((region, item, rule), message)
    return first


def _message(
    mended: Sequence[_Mended], items: Mapping[str, Item], record: Record, *, sole: bool
) -> str:
    parts = "，".join(_part(one, items[one.item], record) for one in mended)
    if any(one.kind == Kind.SWAPPED for one in mended):
        how = "两项可能填反"
    else:
        how = f"改这 {len(mended)} 项" if len(mended) > 1 else "改这一项"
    if not sole:
        return f"{how}：{parts}（一种可能）"
    return f"{how}：{parts}（{'很可能' if any(one.kind for one in mended) else '建议先核实'}）"


def _part(one: _Mended, item: Item, record: Record) -> str:
    place = record.place(one.item)
    where = f"（{place.cell}）" if place.cell else ""
    was = "现未填" if one.was is None else f"现填 {_number(one.was)}"
    kind = f"（{_KINDS[one.kind]}）" if one.kind and one.kind != Kind.SWAPPED else ""
    return f"“{item.short}”{where}{was}，{_wanted(one)}{kind}"


def _wanted(one: _Mended) -> str:
    lower, upper = one.lower, one.upper
    if lower is not None and lower == upper:
        return f"应为 {_number(lower)}"
    if lower is not None and lower > 0 and upper is not None:
        return f"应在 {_number(lower)} 至 {_number(upper)} 之间"
    if upper is not None:
        return f"应不大于 {_number(upper)}"
    return f"应不小于 {_number(lower)}" if lower is not None else "应重新核实"


def _number(value: float) -> str:
    if math.isfinite(value) and float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.6f}".rstrip("0")
