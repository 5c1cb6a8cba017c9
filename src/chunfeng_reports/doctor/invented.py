"""Invented campaigns: clean returns of units of very different size, the same for the same seed.

What is drawn is what real campaigns differ by: a unit's size (by a factor of a hundred), what it is
strong in, how fast it goes on, which items it has nothing of, and chance, which is large where
counts are small. Then the figures are made to keep the rules of the campaign, as a unit that fills
in the form with care does; no rule on single cells or on peers is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from chunfeng_reports.campaign import Desk, Expected, Item, Region
from chunfeng_reports.checks import Rule, Suite
from chunfeng_reports.facts import Fact, Received

Figures = dict[str, float]

SIZES = np.log(100)
"""Logarithm of how many times the largest unit is the smallest."""

STRENGTHS = 0.25
"""Spread (of the logarithm) of how much of an item a unit has for its size."""

ZEAL = 0.15
"""Spread of how fast a unit goes on from due to due; HASTE: of one item; WHIM: of one cell."""
HASTE = 0.2
WHIM = 0.15

NOTHING = 0.02
"""Share of cells of which a unit has nothing at all."""

MIDDLING = 100.0
"""What a unit of middling size has of an item for which the campaign says nothing."""


@dataclass(frozen=True)
class Invented:
    """A clean campaign: the desk it came to, all facts and the intake, of all dues."""

    desk: Desk
    facts: tuple[Fact, ...]
    intake: tuple[Received, ...]


def invent(desk: Desk, suites: Iterable[Suite], *, seed: int, units: int) -> Invented:
    """A clean campaign of as many made-up units as asked for, in the forms and dues of a desk."""
    rng = np.random.default_rng([seed, units])
    made = with_units(desk, units)
    relations = tuple(_relations(suites))
    figures = _figures(made, rng, relations)
    facts, intake = [], []
    for due in made.dues:
        for form in made.expected_forms(due):
            for unit in made.expected_units(due, form):
                intake.append(
                    Received(due, f"{unit}-{form}.xlsx", "", "", unit, form, "rows", "counts")
                )
                for row, item in enumerate(made.expected_items(due, form), 1):
                    value = figures[due, unit][item.code]
                    facts.append(
                        Fact(due, unit, form, item.code, value, "value", f"{value:g}",
                             f"{unit}-{form}.xlsx", "", form, f"B{row}")
                    )  # fmt: skip
    return Invented(made, tuple(facts), tuple(intake))


def with_units(desk: Desk, units: int) -> Desk:
    """The desk with as many made-up units as asked for, and none of its own."""
    above = {desk.body.code, *desk.ancestors(desk.body)}
    kept = tuple(region for region in desk.campaign.regions if region.code in above)
    made = tuple(
        Region(
            code=f"Z{n:05d}", name=f"样例{n}", short=f"样例{n}", level=desk.tier.level,
            parent=desk.body.code, origin="made up",
        )
        for n in range(1, units + 1)
    )  # fmt: skip
    tier = desk.tier.model_copy(update={"bodies": (desk.body.code,)})
    update = {"regions": (*kept, *made), "tiers": (tier,)}
    return Desk.of(desk.campaign.model_copy(update=update), desk.body.code)


def many_of(desk: Desk, copies: int) -> Desk:
    """The desk with every unit so many times over, as :func:`copy_of` names them."""
    units = set(desk.unit_codes)
    regions: list[Region] = []
    for region in desk.campaign.regions:
        if region.code not in units:
            regions.append(region)
            continue
        for n in range(copies):
            update = {"code": copy_of(region.code, n), "old_codes": (), "old_names": ()}
            regions.append(region.model_copy(update=update))

    def spread(expected: Expected) -> Expected:
        spared = (copy_of(code, n) for code in expected.not_from for n in range(copies))
        return expected.model_copy(update={"not_from": tuple(spared)})

    rounds = tuple(
        one.model_copy(update={"forms": {k: spread(v) for k, v in one.forms.items()}})
        for one in desk.tier.rounds
    )
    tier = desk.tier.model_copy(update={"rounds": rounds, "bodies": (desk.body.code,)})
    told = {"regions": tuple(regions), "tiers": (tier,)}
    return Desk.of(desk.campaign.model_copy(update=told), desk.body.code)


def copy_of(unit: str, n: int) -> str:
    """The code of the n-th copy of a unit."""
    return f"{unit}X{n:04d}"


def _figures(
    desk: Desk, rng: np.random.Generator, relations: tuple[Rule, ...]
) -> dict[tuple[str, str], Figures]:
    items = tuple(desk.campaign.item_by_code.values())
    units, count = len(desk.unit_codes), len(items)
    typical = np.array([desk.campaign.typical.get(item.code, MIDDLING) for item in items])
    level = typical * np.exp(rng.normal(0, 0.2, count))
    size = np.exp(rng.uniform(-SIZES / 2, SIZES / 2, (units, 1)))
    shape = np.exp(rng.normal(0, STRENGTHS, (units, count)))
    shape[rng.random((units, count)) < NOTHING] = 0
    whole = size * level * shape
    cumulative = np.zeros((units, count))
    found: dict[tuple[str, str], Figures] = {}
    for due, share in _shares(desk).items():
        pace = np.exp(
            rng.normal(0, ZEAL, (units, 1))
            + rng.normal(0, HASTE, (1, count))
            + rng.normal(0, WHIM, (units, count))
        )
        cumulative = cumulative + rng.poisson(whole * share * pace)
        now = rng.poisson(whole * np.exp(rng.normal(0, WHIM, (units, count))))
        for n, unit in enumerate(desk.unit_codes):
            drawn = {
                item.code: _figure(item, cumulative[n, k], now[n, k])
                for k, item in enumerate(items)
            }
            before = found.get((_before(desk, due), unit), {})
            found[due, unit] = _kept(drawn, before, items, relations)
    return found


def _before(desk: Desk, due: str) -> str:
    earlier = desk.earlier(due)
    return earlier[-1] if earlier else ""


def _figure(item: Item, cumulative: float, now: float) -> float:
    return float(cumulative if item.carries else now)


def _shares(desk: Desk) -> Mapping[str, float]:
    """What part of the whole campaign falls between each due and the one before, by days."""
    ends = [date.fromisoformat(due) for due in desk.dues]
    days = (ends[-1] - desk.campaign.starts).days
    starts = [desk.campaign.starts, *ends]
    return {
        str(end): max((end - start).days, 1) / days
        for start, end in zip(starts, ends, strict=False)
    }


def _relations(suites: Iterable[Suite]) -> Iterator[Rule]:
    """The rules between items of one unit, those that a careful unit keeps."""
    for suite in suites:
        for rule in suite.rules:
            if suite.table == "units" and rule.severity != "info" and len(rule.items) > 1:
                yield rule


def _kept(
    figures: Figures, before: Figures, items: tuple[Item, ...], relations: tuple[Rule, ...]
) -> Figures:
    """The figures with the larger side of each relation raised until all of them hold."""
    kept = dict(figures)
    for item in items:
        if item.carries and before:
            kept[item.code] = max(kept[item.code], before[item.code])
    for rule in relations:  # totals are the sum of their parts before anything is raised
        if rule.kwargs.get("operator") == "==" or rule.type == "expect_sum_to_compare":
            left, right = rule.kwargs["left"], rule.kwargs["right"]
            kept[right[0]] = sum(kept[code] for code in left)
    for _ in range(4 * len(relations)):
        raised = dict(kept)
        for rule in relations:
            _raise(raised, rule)
        if raised == kept:
            break
        kept = raised
    return kept


def _raise(figures: Figures, rule: Rule) -> None:
    kwargs = rule.kwargs
    if rule.type == "expect_sum_to_compare":
        total = sum(figures[code] for code in kwargs["left"])
        short = figures[kwargs["right"][0]] < total
        if kwargs["operator"] == "==" or (kwargs["operator"] == "<=" and short):
            figures[kwargs["right"][0]] = total
    elif rule.type == "expect_column_pair_values_a_to_be_greater_than_b":
        larger, smaller = kwargs["column_A"], kwargs["column_B"]
        figures[larger] = max(figures[larger], figures[smaller])
