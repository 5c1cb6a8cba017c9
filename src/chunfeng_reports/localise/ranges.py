"""What a record can become when some of its fields may change, the others staying as they are.

Either the rules can hold, and each such field has a range; or they cannot, and a conflict says
which of the other fields cannot all be right. A conflict is what Fellegi and Holt (1976) call a
failed implied edit: rules added up until the fields that may change cancel out, and the fields that
are left break the sum. All of it is exact; fields of whole numbers are searched by branch and bound
over exact tableaus.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from chunfeng_reports.localise.linear import Case, Exact, Line, whole_rule
from chunfeng_reports.localise.tableau import Row, Tableau

# How many branchings a search for whole numbers may take before it is given up. Rules that add up
# counts (coefficients 1 and -1) need none or a few.
_BRANCHINGS = 200

# How far inside the bounds for fractions the bounds for whole numbers are looked for.
_STEPS = 16

Range = tuple[Fraction | None, Fraction | None]
Point = list[Fraction]  # values of the unknowns for which all rows hold
Refuted = frozenset[int]  # the rows that rule out that there are any


class Undecided(Exception):  # noqa: N818  (an outcome, not a fault)
    """Whether whole numbers fit was not found out within the branchings allowed."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Fields whose values cannot all be right, and the rules that show it."""

    fields: frozenset[str]
    rules: frozenset[str]


class Scope:
    """A case with some fields free to change, besides those that are missing."""

    def __init__(self, case: Case, free: frozenset[str]) -> None:
        self._case = case
        self._unknowns = tuple(sorted(free | case.missing))
        self.fixed: Mapping[str, Exact] = {f: v for f, v in case.values.items() if f not in free}
        self._lines = [one for one in case.lines if not one.fields.isdisjoint(self._unknowns)]
        self._scales = [one.room(self.fixed).denominator for one in self._lines]
        self._rows = [self._row(*pair) for pair in zip(self._lines, self._scales, strict=True)]
        self._tableau = Tableau(self._rows, len(self._unknowns))
        self._whole = [n for n, f in enumerate(self._unknowns) if f in case.whole]

    def conflict(self) -> Conflict | None:
        """Why the rules cannot hold, or None: they can. Undecided: not found out."""
        for name in sorted(self._case.fractional & set(self.fixed)):
            return Conflict(frozenset({name}), frozenset({whole_rule(name)}))
        for one in self._case.lines:
            if one.fields <= set(self.fixed) and not one.holds(self.fixed):
                return Conflict(one.fields, frozenset({one.rule}))
        if self._tableau.clash is not None:
            return self._implied(self._tableau.clash)
        found = self._settled
        return None if isinstance(found, list) else self._whole_conflict(found)

    def range(self, name: str) -> Range:
        """The least and the greatest value of a free field, None where there is no bound.

        Only where there is no conflict. Other free fields move along.
        """
        unknown = self._unknowns.index(name)
        low, high = self._tableau.least(unknown), self._tableau.greatest(unknown)
        if unknown not in self._whole:
            return low, high
        return (
            None if low is None else self._attained(unknown, math.ceil(low), 1),
            None if high is None else self._attained(unknown, math.floor(high), -1),
        )

    def point(self) -> dict[str, Exact]:
        """One record for which all rules hold; only where there is no conflict."""
        found = self._settled
        assert isinstance(found, list), "there is no conflict"
        return {**self.fixed, **dict(zip(self._unknowns, found, strict=True))}

    @cached_property
    def _settled(self) -> Point | Refuted:
        """The tableau's own point where it will do, else what a search for whole numbers finds."""
        point = self._tableau.point()
        if all(point[n].denominator == 1 for n in self._whole):
            return point
        return _settle(self._rows, len(self._unknowns), self._whole)

    def _row(self, one: Line, scale: int) -> Row:
        by_name = dict(one.terms)
        terms = tuple(by_name.get(f, 0) * scale for f in self._unknowns)
        return Row(terms, int(one.room(self.fixed) * scale), one.equal)

    def _implied(self, clash: Mapping[int, int]) -> Conflict:
        """The rules of a clash added up: the fixed fields that remain break the sum."""
        total: dict[str, int] = {}
        for n, multiplier in clash.items():
            for name, c in self._lines[n].terms:
                total[name] = total.get(name, 0) + c * multiplier * self._scales[n]
        rules = frozenset(self._lines[n].rule for n in clash)
        return Conflict(frozenset(f for f, c in total.items() if c), rules)

    def _whole_conflict(self, refuted: Refuted) -> Conflict:
        """The rules that a search for whole numbers ran against: all their fixed fields count."""
        used = [self._lines[n] for n in refuted]
        fields = frozenset().union(*(one.fields for one in used)) & set(self.fixed)
        wholes = {whole_rule(self._unknowns[n]) for n in self._whole}
        return Conflict(fields, frozenset(one.rule for one in used) | wholes)

    def _attained(self, unknown: int, value: int, step: int) -> Fraction:
        """The first whole value, from one on, that can be had; the bound as it is if none is found
        near it."""
        if len(self._unknowns) == 1:
            return Fraction(value)
        near = range(value, value + _STEPS * step, step)
        return Fraction(next((n for n in near if self._fits(unknown, n)), value))

    def _fits(self, unknown: int, value: int) -> bool:
        units = tuple(int(n == unknown) for n in range(len(self._unknowns)))
        rows = [*self._rows, Row(units, value, equal=True)]
        try:
            return isinstance(_settle(rows, len(units), self._whole), list)
        except Undecided:
            return True  # a bound too wide is no wrong claim


def _settle(rows: Sequence[Row], unknowns: int, whole: Sequence[int]) -> Point | Refuted:
    """Values for which all rows hold, those of ``whole`` whole; or the rows that rule them out.

    Undecided: neither was found within the branchings allowed.
    """
    return _branch(rows, unknowns, whole, [_BRANCHINGS])


def _branch(
    rows: Sequence[Row], unknowns: int, whole: Sequence[int], left: list[int]
) -> Point | Refuted:
    narrowed = [_narrow(row, whole) for row in rows]
    if None in narrowed:
        return frozenset({narrowed.index(None)})
    tableau = Tableau([row for row in narrowed if row], unknowns)
    if tableau.clash is not None:
        return frozenset(tableau.clash)
    point = tableau.point()
    between = [n for n in whole if point[n].denominator != 1]
    if not between:
        return point
    left[0] -= 1
    if left[0] < 0:
        raise Undecided
    used: Refuted = frozenset()
    for half in _halves(between[0], point[between[0]], unknowns):
        found = _branch([*rows, half], unknowns, whole, left)
        if isinstance(found, list):
            return found
        used |= found
    return frozenset(n for n in used if n < len(rows))


def _halves(unknown: int, value: Fraction, unknowns: int) -> Iterable[Row]:
    """A whole number is at most the floor of a fraction or at least its ceiling."""
    units = [int(n == unknown) for n in range(unknowns)]
    yield Row(tuple(units), math.floor(value), equal=False)
    yield Row(tuple(-u for u in units), -math.ceil(value), equal=False)


def _narrow(row: Row, whole: Sequence[int]) -> Row | None:
    """A row with its right side moved in to what whole unknowns can reach; None: they reach none.

    Without this a search in an endless strip between whole numbers (2x - 2y = 1) has no end.
    """
    if any(c and n not in whole for n, c in enumerate(row.coefficients)):
        return row
    common = math.gcd(*row.coefficients)
    if row.equal and row.right % common:
        return None
    return Row(tuple(c // common for c in row.coefficients), row.right // common, row.equal)
