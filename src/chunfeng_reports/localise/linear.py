"""Linear rules and one record, held exactly: what a rule says, and which rules hang together.

Numbers are taken as a reader writes them: 0.6 is six tenths, not the binary fraction next to it.
Everything below is whole numbers and fractions, so that 1e9 and 1 live together and no tolerance
decides whether a rule holds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from numbers import Integral
from typing import Literal

Number = int | float | Fraction | Decimal
Exact = int | Fraction
Relation = Literal["<=", "==", ">="]

_RELATIONS = ("<=", "==", ">=")


def exact(number: Number) -> Exact:
    """A number as it reads (0.1 is a tenth, and so is 0.1 + 1e-17): an int where it is whole.

    Of a float that is not whole, 15 digits count, as in a spreadsheet. ValueError: not finite.
    """
    if isinstance(number, Integral):
        return int(number)
    if isinstance(number, (float, Decimal)) and not math.isfinite(number):
        raise ValueError(f"not a finite number: {number}")
    if isinstance(number, float) and not number.is_integer():
        return Fraction(f"{number:.15g}")
    found = Fraction(number)
    return found.numerator if found.denominator == 1 else found


@dataclass(frozen=True, slots=True)
class Rule:
    """A linear rule: the sum of coefficient × field stands in a relation to a bound.

    id: what findings call it; coefficients: by name of field, zeros are dropped;
    ``Rule("sum", {"cost": 1, "profit": 1, "turnover": -1}, "==")`` is cost + profit = turnover.
    ValueError: an unknown relation, no field, a number that is not finite.
    """

    id: str
    coefficients: Mapping[str, Number] = field(hash=False)
    relation: Relation
    bound: Number = 0

    def __post_init__(self) -> None:
        if self.relation not in _RELATIONS:
            raise ValueError(f"rule {self.id!r}: the relation is one of {', '.join(_RELATIONS)}")
        kept = {name: c for name, c in self.coefficients.items() if exact(c)}
        if not kept:
            raise ValueError(f"rule {self.id!r} says nothing of any field")
        exact(self.bound)
        object.__setattr__(self, "coefficients", kept)


@dataclass(frozen=True)
class Line:
    """A rule in whole numbers: the sum of terms is at most the bound, or equal to it."""

    rule: str
    terms: tuple[tuple[str, int], ...]
    equal: bool
    bound: int

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that it speaks of."""
        return frozenset(name for name, _ in self.terms)

    def room(self, values: Mapping[str, Exact]) -> Exact:
        """What is left up to the bound; fields without a value count nothing."""
        return self.bound - sum(c * values[name] for name, c in self.terms if name in values)

    def holds(self, values: Mapping[str, Exact]) -> bool:
        """Whether it holds, exactly. KeyError: a field has no value."""
        room = self.bound - sum(c * values[name] for name, c in self.terms)
        return room == 0 if self.equal else room >= 0


@lru_cache(maxsize=4096)
def line(rule: Rule) -> Line:
    """A rule multiplied up to whole numbers, turned so that it reads ``<=`` or ``==``."""
    sign = -1 if rule.relation == ">=" else 1
    parts = {name: exact(c) * sign for name, c in rule.coefficients.items()}
    bound = exact(rule.bound) * sign
    scale = math.lcm(*(part.denominator for part in parts.values()), bound.denominator)
    terms = tuple((name, int(part * scale)) for name, part in parts.items())
    return Line(rule.id, terms, rule.relation == "==", int(bound * scale))


@dataclass(frozen=True)
class Case:
    """One record under one set of rules that hang together.

    values: the fields that have one, in the record's order; missing: the fields of the rules that
    have none; weights: of the fields that may change; whole: fields that hold whole numbers only.
    """

    lines: tuple[Line, ...]
    values: Mapping[str, Exact]
    missing: frozenset[str]
    weights: Mapping[str, Exact]
    whole: frozenset[str]

    @cached_property
    def fractional(self) -> frozenset[str]:
        """The fields that must be whole and are not."""
        return frozenset(f for f in self.whole & set(self.values) if self.values[f] % 1)

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """The rules that fail as the record stands; rules with a missing field do not count."""
        judged = (one for one in self.lines if not one.fields & self.missing)
        broken = [one.rule for one in judged if not one.holds(self.values)]
        return (*broken, *(whole_rule(f) for f in self.values if f in self.fractional))

    def holds(self, values: Mapping[str, Exact]) -> bool:
        """Whether other values satisfy every rule, exactly; all fields need one."""
        return all(one.holds(values) for one in self.lines) and not any(
            values[f] % 1 for f in self.whole
        )


def whole_rule(name: str) -> str:
    """The id of the demand that a field be a whole number."""
    return f"{name} whole"


def nonnegative_rule(name: str) -> str:
    """The id of the demand that a field be no less than nought."""
    return f"{name} >= 0"


def cases(
    rules: Iterable[Rule],
    record: Mapping[str, Number | None],
    *,
    weights: Mapping[str, float] | None = None,
    nonnegative: Collection[str] = (),
    integral: Collection[str] = (),
) -> Iterator[Case]:
    """The record under each set of rules that hang together, in the order of the rules.

    Rules hang together where they share a field that may change. ValueError: a rule or a weight
    names a field that the record has not, two rules have one id, a weight is not above 0, a number
    is not finite.
    """
    lines = [line(rule) for rule in rules]
    lines += [Line(nonnegative_rule(f), ((f, -1),), False, 0) for f in nonnegative]
    whole = list(integral)
    _check(lines, record, [*whole, *(weights or {})])
    values = {f: exact(v) for f, v in record.items() if v is not None and not math.isnan(v)}
    cost = _weights(values, weights or {})
    fixed = set(values) - set(cost)
    spans = [*(one.fields for one in lines), *(frozenset({f}) for f in whole)]
    for members in _groups([span - fixed for span in spans]):
        fields = frozenset().union(*(spans[n] for n in members))
        yield Case(
            lines=tuple(lines[n] for n in members if n < len(lines)),
            values={f: v for f, v in values.items() if f in fields},
            missing=fields - set(values),
            weights={f: w for f, w in cost.items() if f in fields},
            whole=frozenset().union(*(spans[n] for n in members if n >= len(lines))),
        )


def _check(lines: list[Line], record: Mapping[str, object], others: list[str]) -> None:
    named = {f for one in lines for f in one.fields} | set(others)
    if unknown := sorted(named - set(record)):
        raise ValueError(f"the record has no field {', '.join(unknown)}")
    counts = Counter(one.rule for one in lines)
    if twice := sorted(rule for rule, count in counts.items() if count > 1):
        raise ValueError(f"more than one rule is called {', '.join(twice)}")


def _weights(values: Mapping[str, Exact], weights: Mapping[str, float]) -> dict[str, Exact]:
    """The weights of the fields that may change: 1 unless given; infinite ones are left out."""
    given = {f: weights.get(f, 1) for f in values}
    if wrong := sorted(f for f, w in given.items() if not w > 0):
        raise ValueError(f"a weight must be above 0: {', '.join(wrong)}")
    return {f: exact(w) for f, w in given.items() if w != math.inf}


def _groups(spans: list[frozenset[str]]) -> list[list[int]]:
    """The positions of sets that share a member, directly or through others, gathered."""
    groups: list[tuple[frozenset[str], list[int]]] = []
    for n, span in enumerate(spans):
        near = [group for group in groups if group[0] & span]
        far = [group for group in groups if not group[0] & span]
        reach = span.union(*(fields for fields, _ in near))
        groups = [*far, (reach, sorted([n, *(i for _, members in near for i in members)]))]
    return sorted(members for _, members in groups)
