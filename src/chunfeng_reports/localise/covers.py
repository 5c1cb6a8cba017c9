"""Covers: the lightest sets of fields that have a field in common with every conflict.

Where quick bounds do not settle what the lightest cover weighs, a solver does (HiGHS, through
scipy): a problem of noughts and ones, without the big constants that make the usual formulation
fragile. Of its answer only the weight is used: the sets themselves are listed by an exact search in
a fixed order, which finds lighter ones too, had the solver erred. Covers and conflicts are Reiter's
hitting sets (1987).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from chunfeng_reports.localise.linear import Exact


def lightest(conflicts: Sequence[frozenset[str]], weights: Mapping[str, Exact]) -> Fraction | None:
    """The weight of the lightest cover of all conflicts; None where there is none.

    weights: above 0, of the fields that a cover may use. A cover of this weight exists whatever the
    solver says; that none is lighter is the solver's word.
    """
    usable = [conflict.intersection(weights) for conflict in conflicts]
    if not all(usable):
        return None
    found = _weight(_greedy(usable, weights), weights)
    none: frozenset[str] = frozenset()
    if found > _least_more(usable, weights, none, none):
        solved = _solve(usable, weights)
        if not any(solved.isdisjoint(conflict) for conflict in usable):
            return min(found, _weight(solved, weights))
    return found


def _weight(fields: frozenset[str], weights: Mapping[str, Exact]) -> Fraction:
    return Fraction(sum(weights[f] for f in fields))


def _greedy(conflicts: Sequence[frozenset[str]], weights: Mapping[str, Exact]) -> frozenset[str]:
    """A cover found by taking, again and again, the field that meets most for its weight."""
    chosen: frozenset[str] = frozenset()
    while unmet := [conflict for conflict in conflicts if not conflict & chosen]:
        counts = Counter(f for conflict in unmet for f in conflict)
        chosen |= {min(sorted(counts), key=lambda f: Fraction(weights[f]) / counts[f])}
    return chosen


def _solve(conflicts: Sequence[frozenset[str]], weights: Mapping[str, Exact]) -> frozenset[str]:
    """What the solver takes for the lightest cover; empty where it gives up."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (a second to load)

    fields = sorted(frozenset().union(*conflicts))
    rows = [[int(f in conflict) for f in fields] for conflict in conflicts]
    heaviest = max(weights[f] for f in fields)
    found = milp(
        [float(Fraction(weights[f]) / heaviest) for f in fields],
        constraints=LinearConstraint(rows, lb=1),
        bounds=Bounds(0, 1),
        integrality=[1] * len(fields),
        options={"mip_rel_gap": 0},
    )
    taken = [] if found.x is None else list(found.x)
    return frozenset(f for f, share in zip(fields, taken, strict=False) if share > 0.5)


def covers(
    conflicts: list[frozenset[str]], weights: Mapping[str, Exact], budget: Exact
) -> Iterator[frozenset[str]]:
    """Every cover within a budget, each once, in the order in which the weights are given.

    Of covers that hold another one, only some. conflicts: read as it grows; where a conflict that
    the last cover does not meet is added before the next one is asked for, the search goes on from
    there.
    """
    yield from _extend(conflicts, weights, budget, frozenset(), frozenset())


def _extend(
    conflicts: list[frozenset[str]],
    weights: Mapping[str, Exact],
    budget: Exact,
    chosen: frozenset[str],
    barred: frozenset[str],
) -> Iterator[frozenset[str]]:
    if _least_more(conflicts, weights, chosen, barred) > budget:
        return
    unmet = _unmet(conflicts, chosen)
    if not unmet:
        yield chosen
        unmet = _unmet(conflicts, chosen)
    for name in weights:
        if name in unmet and name not in barred and weights[name] <= budget:
            yield from _extend(conflicts, weights, budget - weights[name], chosen | {name}, barred)
            barred |= {name}


def _unmet(conflicts: Sequence[frozenset[str]], chosen: frozenset[str]) -> frozenset[str]:
    """The first conflict that is not met; empty where all are."""
    return next((conflict for conflict in conflicts if not conflict & chosen), frozenset())


def _least_more(
    conflicts: Sequence[frozenset[str]],
    weights: Mapping[str, Exact],
    chosen: frozenset[str],
    barred: frozenset[str],
) -> Exact | float:
    """What must at least be added to meet all conflicts: the cheapest way to meet some that are
    disjoint; infinite where one cannot be met."""
    total: Exact = 0
    seen = chosen
    for conflict in conflicts:
        if conflict & chosen:
            continue
        usable = conflict.intersection(weights) - barred
        if not usable:
            return math.inf
        if not usable & seen:
            total += min(weights[f] for f in usable)
            seen |= usable
    return total
