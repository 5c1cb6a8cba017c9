"""Where the error is: the lightest sets of fields whose change lets all rules hold.

The principle is Fellegi and Holt's (1976), with weights: of all ways to make a record consistent,
those that change the fewest fields are the likeliest. The method goes back and forth between two
questions. Which lightest set of fields meets every conflict known so far (:mod:`covers`)? Can the
rules hold when these fields change (:mod:`ranges`)? If not, that shows another conflict. What is
said in the end is proved both ways without a tolerance: a set that is named can be made to fit, and
every lighter one leaves a conflict unmet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from chunfeng_reports.localise.covers import covers, lightest
from chunfeng_reports.localise.linear import Case, Exact, Number, Rule, cases, whole_rule
from chunfeng_reports.localise.ranges import Conflict, Scope, Undecided


@dataclass(frozen=True, slots=True)
class Change:
    """A field that must change, and what the rules leave it, the unchanged fields being right.

    was: None where the field is blank; lower, upper: no value outside can be right; None: no bound.
    """

    field: str
    was: Fraction | None
    lower: Fraction | None
    upper: Fraction | None

    @property
    def forced(self) -> Fraction | None:
        """The one value that the rules leave, if they leave one."""
        return self.lower if self.lower == self.upper else None


@dataclass(frozen=True, slots=True)
class Solution:
    """Fields that, changed together, let all rules hold; no fewer of them would do.

    weight: of the changes; blanks: what the rules then leave to the missing fields.
    """

    weight: Fraction
    changes: tuple[Change, ...]
    blanks: tuple[Change, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields to change, in the record's order."""
        return tuple(change.field for change in self.changes)


@dataclass(frozen=True, slots=True)
class Location:
    """Where the error may be in one set of rules that hang together and cannot all hold.

    failed: ids of the rules that fail as the record stands (where none does, for want of a missing
    field: those that cannot hold together); solutions: the lightest, all of one weight; complete:
    whether these are proved to be all the lightest there are (not so beyond the limit, nor where a
    search for whole numbers was given up); impossible: where no change of the fields that may
    change helps, the rules that contradict each other (then there is no solution).
    """

    failed: tuple[str, ...]
    solutions: tuple[Solution, ...]
    complete: bool = True
    impossible: tuple[str, ...] = ()

    @property
    def sole(self) -> Solution | None:
        """The solution, where no other is as light."""
        return self.solutions[0] if self.complete and len(self.solutions) == 1 else None

    @property
    def certain(self) -> tuple[str, ...]:
        """The fields that every lightest solution changes; none where not all are known."""
        if not (self.complete and self.solutions):
            return ()
        first, *others = self.solutions
        return tuple(f for f in first.fields if all(f in other.fields for other in others))


def locate(
    rules: Iterable[Rule],
    record: Mapping[str, Number | None],
    *,
    weights: Mapping[str, float] | None = None,
    nonnegative: Collection[str] = (),
    integral: Collection[str] = (),
    limit: int = 10,
) -> tuple[Location, ...]:
    """Where the error is, for each set of rules of a record that hang together and cannot all hold.

    Empty where the rules hold, or can hold once blanks are filled in.

    record: by name of field, None or NaN where it is blank: as in the literature, a blank is always
    among the fields to fill in, and weighs nothing; weights: 1 unless given, the greater the more
    the value is trusted, infinite: it is never changed; nonnegative, integral: fields that can be
    no less than nought, and no fractions (as rules, these are called ``x >= 0`` and ``x whole``);
    limit: how many solutions of equal weight to list.

    The outcome hangs on nothing but the arguments: solutions are in the record's order. ValueError:
    a rule or a weight names a field that the record has not, two rules have one id, a weight is not
    above 0, a number is not finite.

    Sources: Fellegi and Holt (1976), JASA 71; De Waal, Pannekoek and Scholtus (2011), Handbook of
    Statistical Data Editing and Imputation, chapter 3; De Jonge and Van der Loo (2014), Error
    localization as a mixed integer problem with the editrules package; Reiter (1987), Artificial
    Intelligence 32, for the going back and forth.
    """
    if limit < 1:
        raise ValueError("the limit is at least 1")
    split = cases(rules, record, weights=weights, nonnegative=nonnegative, integral=integral)
    return tuple(_locate(case, known, limit) for case in split if (known := _known_conflicts(case)))


def _known_conflicts(case: Case) -> list[Conflict]:
    """The rules that fail as the record stands, each with its fields; or, where none fails for
    want of missing fields, why these cannot be filled in; empty where all rules can hold."""
    failed = set(case.failed)
    plain = [Conflict(one.fields, frozenset({one.rule})) for one in case.lines]
    plain += [Conflict(frozenset({f}), frozenset({whole_rule(f)})) for f in case.fractional]
    broken = [conflict for conflict in plain if conflict.rules <= failed]
    hidden = _conflict(Scope(case, frozenset())) if case.missing and not broken else None
    return [hidden] if hidden and hidden.rules else broken


def _locate(case: Case, known: list[Conflict], limit: int) -> Location:
    failed = case.failed or _in_order(case, known[0].rules)
    found = _lightest(case, known, limit + 1)
    undecided = any(not conflict.rules for conflict in known)
    solutions = [_solution(case, fields) for fields in found[:limit]]
    return Location(
        failed=failed,
        solutions=tuple(sorted(solutions, key=lambda one: _positions(case, one.fields))),
        complete=len(found) <= limit and not undecided,
        impossible=() if found or undecided else _in_order(case, _contradiction(case, known)),
    )


def _lightest(case: Case, known: list[Conflict], limit: int) -> list[frozenset[str]]:
    """The lightest sets of fields that can be made to fit, no more than ``limit`` of them.

    known: conflicts to begin with; those met on the way are added.
    """
    found: list[frozenset[str]] = []
    while not found:
        budget = lightest([conflict.fields for conflict in known], case.weights)
        if budget is None:
            return []
        found = list(islice(_fitting(case, known, budget), limit))
    # Had the solver set the budget too high, lighter sets could be hidden behind the limit.
    step = Fraction(1, math.lcm(*(w.denominator for w in case.weights.values())))
    while len(found) == limit and (
        lighter := next(_fitting(case, known, _least(case, found) - step), None)
    ):
        found = list(islice(_fitting(case, known, _weight(case, lighter)), limit))
    return [fields for fields in found if _weight(case, fields) == _least(case, found)]


def _fitting(case: Case, known: list[Conflict], budget: Fraction) -> Iterator[frozenset[str]]:
    """The sets of fields within a budget that can be made to fit; adds to the known conflicts."""
    conflicts = [conflict.fields for conflict in known]
    for fields in covers(conflicts, case.weights, budget):
        conflict = _conflict(Scope(case, fields))
        if conflict is None:
            yield fields
        else:
            known.append(conflict)
            conflicts.append(conflict.fields)


def _conflict(scope: Scope) -> Conflict | None:
    """Why the rules cannot hold; where that is undecided, all fixed fields and no rule."""
    try:
        return scope.conflict()
    except Undecided:
        return Conflict(frozenset(scope.fixed), frozenset())


def _contradiction(case: Case, known: list[Conflict]) -> frozenset[str]:
    return next(c.rules for c in known if c.fields.isdisjoint(case.weights))


def _solution(case: Case, fields: frozenset[str]) -> Solution:
    scope = Scope(case, fields)
    if not case.holds(scope.point()):
        raise ArithmeticError("a solution does not satisfy the rules")
    return Solution(
        weight=_weight(case, fields),
        changes=tuple(_change(scope, f, case.values[f]) for f in case.values if f in fields),
        blanks=tuple(_change(scope, f, None) for f in sorted(case.missing)),
    )


def _change(scope: Scope, name: str, was: Exact | None) -> Change:
    lower, upper = scope.range(name)
    return Change(name, None if was is None else Fraction(was), lower, upper)


def _least(case: Case, sets: Iterable[frozenset[str]]) -> Fraction:
    return min(_weight(case, fields) for fields in sets)


def _weight(case: Case, fields: Iterable[str]) -> Fraction:
    return Fraction(sum(case.weights[f] for f in fields))


def _positions(case: Case, fields: Iterable[str]) -> list[int]:
    order = list(case.values)
    return [order.index(f) for f in fields]


def _in_order(case: Case, rules: frozenset[str]) -> tuple[str, ...]:
    """Ids of rules in the order of the rules; those that say a field is whole come last."""
    order = [one.rule for one in case.lines]
    return (*(rule for rule in order if rule in rules), *sorted(rules - set(order)))
