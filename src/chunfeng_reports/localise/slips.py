"""Slips: errors of a kind that has a name, as what was typed and what the rules want show them.

Changing the fewest fields says where an error may be, not how it came about. A value that is one
transposed digit away from the one that the rules want, or two values that fit once exchanged, tell
more: such a repair is the likelier one even among others as light, or lighter (Scholtus 2009).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from chunfeng_reports.localise.linear import Case, Exact, Line, Number, Rule, cases, exact
from chunfeng_reports.localise.ranges import Scope


class Kind(StrEnum):
    """What went wrong in typing; first those that have the fewest outcomes, so that one which fits
    is the least likely to do so by chance."""

    SIGN = "sign"
    SWAPPED = "swapped"  # the values of two fields, one for the other
    TRANSPOSED = "transposed"  # two neighbouring digits, one for the other
    SCALE = "scale"  # a factor of 10, 100, 1000 or 10000: a unit, a decimal point, some noughts
    ADDED = "added"  # a digit too many
    DROPPED = "dropped"  # a digit too few
    DIGIT = "digit"  # one digit for another


_RANK = {kind: n for n, kind in enumerate(Kind)}
_FACTORS = tuple(Fraction(10) ** power for power in (1, -1, 2, -2, 3, -3, 4, -4))
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PLACES = 12  # no figure on a form has more places after the point


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: its kind, the field it befell (two where they were swapped), their right values."""

    kind: Kind
    fields: tuple[str, ...]
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The slips that explain why one set of rules that hang together fails.

    failed: as in :class:`~chunfeng_reports.localise.Location`; repairs: each the slips that,
    undone together, let all rules hold; all with the same, least number of slips, the most telling
    kinds first; vague: whether as many slips of other kinds fit too, in more ways than one, which
    names no value.
    """

    failed: tuple[str, ...]
    repairs: tuple[tuple[Slip, ...], ...]
    vague: bool = False

    @property
    def sole(self) -> tuple[Slip, ...] | None:
        """The repair, where nothing else that was looked for fits."""
        return self.repairs[0] if len(self.repairs) == 1 and not self.vague else None


def slip(typed: str, value: Number) -> Kind | None:
    """The kind of slip by which a value came to be typed like this; None where it is none.

    typed: a number as typed (full-width digits and thousands separators are read over); all kinds
    but ``scale`` are one edit away, by the Damerau–Levenshtein distance in which neighbours may be
    exchanged (optimal string alignment). What is both, such as a dropped last nought, is ``scale``.
    """
    cleaned, right = _cleaned(typed), _written(exact(value))
    if not _PLAIN.fullmatch(cleaned) or right is None:
        return None
    was, wanted = Fraction(cleaned), Fraction(right)
    if was == -wanted:
        return Kind.SIGN if was else None
    if was * wanted < 0 or was == wanted:
        return None
    if was * wanted and any(was * factor == wanted for factor in _FACTORS):
        return Kind.SCALE
    return _edit(cleaned.removeprefix("-"), right.removeprefix("-"))


def recognise(  # noqa: PLR0913  (options all but two)
    rules: Iterable[Rule],
    record: Mapping[str, Number | None],
    *,
    typed: Mapping[str, str] | None = None,
    fixed: Collection[str] = (),
    nonnegative: Collection[str] = (),
    integral: Collection[str] = (),
    kinds: Collection[Kind] = tuple(Kind),
    swaps: Iterable[tuple[str, str]] | None = None,
    most: int = 2,
) -> tuple[Recognition, ...]:
    """The slips that explain, for each set of rules of a record that hang together, why it fails.

    As :func:`~chunfeng_reports.localise.locate`, and: typed: what stood in a field, where it is not
    the plain number; fixed: fields not to be touched; kinds: those to look for; swaps: the pairs
    that may have been swapped (None: any two); most: how many slips at once.

    A kind of slip is named only where one value alone of that kind fits: a part greater than its
    total could have any digit wrong, which explains nothing. A single slip is looked for in every
    field; of several at once, each has to mend a failing rule by itself, and those in digits an
    equality. Rules with a missing field are only held to be possible.

    Sources: Scholtus (2009), Automatic correction of simple typing errors in numerical data with
    balance edits, Statistics Netherlands 09046; Scholtus (2008), Algorithms for correcting some
    obvious inconsistencies and rounding errors in business survey data (signs and swaps); Van der
    Loo, De Jonge and Scholtus (2011), Correction of rounding, typing, and sign errors with the
    deducorrect package, Statistics Netherlands 201119.
    """
    pairs = None if swaps is None else {frozenset(pair) for pair in swaps}
    split = cases(
        rules,
        record,
        weights=dict.fromkeys(fixed, math.inf),
        nonnegative=nonnegative,
        integral=integral,
    )
    return tuple(
        _Bench(case, typed or {}, kinds, pairs).recognise(most) for case in split if case.failed
    )


class _Bench:
    """A case on which slips are tried."""

    def __init__(
        self,
        case: Case,
        typed: Mapping[str, str],
        kinds: Collection[Kind],
        pairs: Collection[frozenset[str]] | None,
    ) -> None:
        self._case = case
        self._kinds = kinds
        self._texts = {f: _text(typed.get(f, ""), case.values[f]) for f in case.weights}
        self._judged = [one for one in case.lines if not one.fields & case.missing]
        known = combinations(case.weights, 2)
        self._pairs = [pair for pair in known if pairs is None or frozenset(pair) in pairs]

    def recognise(self, most: int) -> Recognition:
        """The repairs with the fewest slips, up to ``most``."""
        for depth in range(1, most + 1):
            chains = self._chains(self._case.values, frozenset(), depth, lone=depth == 1)
            found = {tuple(sorted(chain, key=self._order)) for chain in chains}
            if found:
                told = sorted(_telling(found), key=lambda repair: [*map(self._order, repair)])
                return Recognition(self._case.failed, tuple(told), vague=len(told) < len(found))
        return Recognition(self._case.failed, ())

    def _order(self, one: Slip) -> tuple[int, list[int]]:
        order = list(self._case.values)
        return _RANK[one.kind], [order.index(f) for f in one.fields]

    def _chains(
        self, values: Mapping[str, Exact], touched: frozenset[str], depth: int, *, lone: bool
    ) -> Iterator[tuple[Slip, ...]]:
        """Slips, each in fields of their own, each mending the first rule that fails by then."""
        broken = next((one for one in self._judged if not one.holds(values)), None)
        fractional = [f for f in values if f in self._case.whole and values[f] % 1]
        if broken is None and not fractional:
            if self._possible(values):
                yield ()
        elif depth:
            fields = [f for f, _ in broken.terms] if broken else fractional[:1]
            for one in self._slips(values, [f for f in fields if f not in touched], broken, lone):
                if one.kind in self._kinds and touched.isdisjoint(one.fields):
                    mended = {**values, **dict(zip(one.fields, one.values, strict=True))}
                    if broken is None or broken.holds(mended):
                        rest = self._chains(mended, touched.union(one.fields), depth - 1, lone=lone)
                        yield from ((one, *others) for others in rest)

    def _slips(
        self, values: Mapping[str, Exact], fields: Sequence[str], broken: Line | None, lone: bool
    ) -> Iterator[Slip]:
        for name in fields:
            if name in self._texts:
                yield from self._single(name, values, broken, lone)
        for first, second in self._pairs:
            if values[first] != values[second] and (first in fields or second in fields):
                exchanged = (Fraction(values[second]), Fraction(values[first]))
                yield Slip(Kind.SWAPPED, (first, second), exchanged)

    def _single(
        self, name: str, values: Mapping[str, Exact], broken: Line | None, lone: bool
    ) -> Iterator[Slip]:
        text = self._texts[name]
        if broken and broken.equal:
            wanted: Iterable[Fraction] = [values[name] + _short(broken, name, values)]
        else:
            wanted = _neighbours(text) if lone else _multiples(Fraction(text))
        for value in wanted:
            if kind := slip(text, value):
                yield Slip(kind, (name,), (value,))

    def _possible(self, values: Mapping[str, Exact]) -> bool:
        """Whether the missing fields can be filled in."""
        if not self._case.missing:
            return True
        case = Case(self._case.lines, values, self._case.missing, {}, self._case.whole)
        return Scope(case, frozenset()).conflict() is None


def _short(broken: Line, name: str, values: Mapping[str, Exact]) -> Fraction:
    """By how much a field would have to grow for an equality to hold."""
    return Fraction(broken.room(values)) / dict(broken.terms)[name]


def _telling(repairs: Iterable[tuple[Slip, ...]]) -> list[tuple[Slip, ...]]:
    """The repairs that are alone among those with the same kinds of slips in the same fields."""
    alike: dict[tuple[tuple[Kind, tuple[str, ...]], ...], list[tuple[Slip, ...]]] = {}
    for repair in repairs:
        alike.setdefault(tuple((one.kind, one.fields) for one in repair), []).append(repair)
    return [group[0] for group in alike.values() if len(group) == 1]


def _text(typed: str, value: Exact) -> str:
    """A figure as it was typed; where that is no plain number of its value, as it is written."""
    cleaned = _cleaned(typed)
    if _PLAIN.fullmatch(cleaned) and Fraction(cleaned) == value:
        return cleaned
    return _written(value) or str(float(value))


def _cleaned(typed: str) -> str:
    """Full-width characters made plain, thousands separators and blanks left out."""
    return re.sub(r"[,\s']", "", unicodedata.normalize("NFKC", typed)).replace("−", "-")


def _written(value: Exact) -> str | None:
    """A value as plain digits; None where it has no end of them (a third)."""
    for places in range(_PLACES + 1):
        scaled = value * 10**places
        if scaled % 1 == 0:
            digits = str(abs(int(scaled))).zfill(places + 1)
            whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
            return ("-" if value < 0 else "") + whole + (f".{part}" if part else "")
    return None


def _edit(typed: str, right: str) -> Kind | None:
    """The kind of the one edit between two texts; None where it takes none, or more."""
    if len(typed) == len(right):
        apart = [n for n, (a, b) in enumerate(zip(typed, right, strict=True)) if a != b]
        if len(apart) == 1:
            return Kind.DIGIT
        crossed = (
            len(apart) == 2 and apart[1] - apart[0] == 1 and typed[apart[0]] == right[apart[1]]
        )
        return Kind.TRANSPOSED if crossed and typed[apart[1]] == right[apart[0]] else None
    if right in _shortened(typed):
        return Kind.ADDED
    return Kind.DROPPED if typed in _shortened(right) else None


def _shortened(text: str) -> set[str]:
    return {text[:n] + text[n + 1 :] for n in range(len(text))}


def _multiples(value: Fraction) -> list[Fraction]:
    return [-value, *(value * factor for factor in _FACTORS)]


def _neighbours(text: str) -> list[Fraction]:
    """All values that a slip could have turned into this text, in order."""
    minus, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    near = _shortened(digits)
    for n in range(len(digits) + 1):
        near |= {digits[:n] + d + digits[n + m :] for d in "0123456789" for m in (0, 1)}
        near.add(digits[:n] + digits[n : n + 2][::-1] + digits[n + 2 :])
    values = {Fraction(minus + one) for one in near if _PLAIN.fullmatch(one)}
    return sorted(values.union(_multiples(Fraction(text))))
