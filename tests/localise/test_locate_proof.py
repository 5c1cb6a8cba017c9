"""Where the error is, held against slow ways that share nothing with it.

For fractions: elimination by Fourier and Motzkin over every set of fields. For whole numbers:
every value in turn. For the tableau alone: scipy's linear programs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from chunfeng_reports.localise import Change, Rule, Solution, covers, locate
from chunfeng_reports.localise.linear import cases
from chunfeng_reports.localise.ranges import Scope
from chunfeng_reports.localise.tableau import Row, Tableau

FIELDS = ("a", "b", "c", "d", "e")
TOP = 4  # whole numbers are tried from 0 to here

Inequality = tuple[dict[str, Fraction], Fraction]


# The slow ways.


def _inequalities(rules: list[Rule]) -> Iterator[Inequality]:
    for rule in rules:
        terms = {name: Fraction(c) for name, c in rule.coefficients.items()}
        if rule.relation in ("<=", "=="):
            yield terms, Fraction(rule.bound)
        if rule.relation in (">=", "=="):
            yield {name: -c for name, c in terms.items()}, -Fraction(rule.bound)


def _put_in(system: list[Inequality], name: str, value: Fraction) -> list[Inequality]:
    return [
        ({n: c for n, c in terms.items() if n != name}, bound - terms.get(name, 0) * value)
        for terms, bound in system
    ]


def _eliminate(system: list[Inequality], name: str) -> list[Inequality]:
    """Fourier and Motzkin: the same system as far as the other unknowns go."""
    without = [(t, b) for t, b in system if not t.get(name)]
    above = [(t, b) for t, b in system if t.get(name, 0) > 0]
    below = [(t, b) for t, b in system if t.get(name, 0) < 0]
    for (up, high), (down, low) in product(above, below):
        p, q = -down[name], up[name]
        terms = {n: p * up.get(n, 0) + q * down.get(n, 0) for n in {*up, *down} - {name}}
        without.append((terms, p * high + q * low))
    return _tightest(without)


def _tightest(system: list[Inequality]) -> list[Inequality]:
    """Of inequalities with the same left side, only the tightest."""
    bounds: dict[tuple[tuple[str, Fraction], ...], Fraction] = {}
    for terms, bound in system:
        left = sorted((name, c) for name, c in terms.items() if c)
        scale = abs(left[0][1]) if left else Fraction(1)
        key = tuple((name, c / scale) for name, c in left)
        bounds[key] = min(bounds.get(key, bound / scale), bound / scale)
    return [(dict(key), bound) for key, bound in bounds.items()]


def _can_hold(system: list[Inequality], unknowns: set[str]) -> bool:
    for name in sorted(unknowns):
        system = _eliminate(system, name)
    return all(bound >= 0 for _, bound in system)


def _range(
    system: list[Inequality], unknowns: set[str], name: str
) -> tuple[Fraction | None, Fraction | None]:
    for other in sorted(unknowns - {name}):
        system = _eliminate(system, other)
    ends = [(terms[name], bound) for terms, bound in system if terms.get(name)]
    lower = max((bound / c for c, bound in ends if c < 0), default=None)
    return lower, min((bound / c for c, bound in ends if c > 0), default=None)


def _fixed(rules: list[Rule], record: Mapping[str, int | None], free: set[str]) -> list[Inequality]:
    system = list(_inequalities(rules))
    for name in set(record) - free:
        system = _put_in(system, name, Fraction(record[name] or 0))
    return system


def _holds(rules: list[Rule], record: Mapping[str, int]) -> bool:
    return all(
        sum(Fraction(c) * record[name] for name, c in terms.items()) <= bound
        for terms, bound in _inequalities(rules)
    )


def _subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


# Made-up rules and records.

_relations = st.sampled_from(["<=", "==", ">="])
_coefficients = st.dictionaries(
    st.sampled_from(FIELDS), st.sampled_from([-3, -2, -1, -1, 1, 1, 2, 3]), min_size=1, max_size=4
)
_rules = st.lists(st.tuples(_coefficients, _relations, st.integers(-3, 6)), min_size=1, max_size=5)
_weights = st.fixed_dictionaries({f: st.sampled_from([0.5, 1, 1, 1, 1.5, 3]) for f in FIELDS})
_records = st.fixed_dictionaries({f: st.integers(-4, 9) for f in FIELDS})
_blanks = st.sets(st.sampled_from(FIELDS), max_size=2)


def _named(rules: list[tuple[dict[str, int], str, int]]) -> list[Rule]:
    return [Rule(f"r{n}", c, r, b) for n, (c, r, b) in enumerate(rules)]  # type: ignore[arg-type]


def _together(rules: list[Rule]) -> list[Rule]:
    """The rules and one that says nothing new, so that all of them hang together."""
    return [*rules, Rule("all", dict.fromkeys(FIELDS, 1), "<=", 10**6)]


@settings(max_examples=150, deadline=None)
@given(_rules, _records, _blanks, _weights)
def test_the_lightest_sets_are_all_found_and_their_ranges_are_right(
    made: list[tuple[dict[str, int], str, int]],
    values: dict[str, int],
    blank: set[str],
    weights: dict[str, float],
) -> None:
    rules = _together(_named(made))
    record = {f: None if f in blank else v for f, v in values.items()}
    known = [f for f in record if f not in blank]
    fitting = [
        fields
        for fields in _subsets(known)
        if _can_hold(_fixed(rules, record, {*fields, *blank}), {*fields, *blank})
    ]
    found = locate(rules, record, weights=weights, limit=40)
    if () in fitting:
        assert found == ()
        return
    (location,) = found
    assert bool(location.solutions) == bool(fitting)
    assert bool(location.impossible) != bool(fitting)
    least = min((sum(Fraction(weights[f]) for f in fields) for fields in fitting), default=None)
    wanted = {fs for fs in fitting if sum(Fraction(weights[f]) for f in fs) == least}
    assert {solution.fields for solution in location.solutions} == wanted
    assert location.complete
    for solution in location.solutions:
        assert solution.weight == least
        unknowns = {*solution.fields, *blank}
        for change in (*solution.changes, *solution.blanks):
            expected = _range(_fixed(rules, record, unknowns), unknowns, change.field)
            assert (change.lower, change.upper) == expected


@settings(max_examples=60, deadline=None)
@given(_rules, st.fixed_dictionaries({f: st.integers(-2, 9) for f in FIELDS[:3]}))
def test_whole_numbers_are_searched_to_the_end(
    made: list[tuple[dict[str, int], str, int]], record: dict[str, int]
) -> None:
    few = [({f: c for f, c in cs.items() if f in record}, r, b) for cs, r, b in made]
    rules = _named([rule for rule in few if rule[0]])
    rules += [Rule(f"{f} small", {f: 1}, "<=", TOP) for f in record]
    rules.append(Rule("all", dict.fromkeys(record, 1), "<=", 10**6))
    fitting: dict[tuple[str, ...], list[dict[str, int]]] = {}
    for fields in _subsets(list(record)):
        for values in product(range(TOP + 1), repeat=len(fields)):
            changed = record | dict(zip(fields, values, strict=True))
            if min(changed.values()) >= 0 and _holds(rules, changed):
                fitting.setdefault(fields, []).append(changed)
    found = locate(rules, record, nonnegative=record, integral=record)
    if () in fitting:
        assert found == ()
        return
    (location,) = found
    size = min(map(len, fitting), default=0)
    assert {s.fields for s in location.solutions} == {fs for fs in fitting if len(fs) == size}
    assert bool(location.impossible) != bool(fitting)
    for solution in location.solutions:
        for change in solution.changes:
            reached = [values[change.field] for values in fitting[solution.fields]]
            assert (change.lower, change.upper) == (min(reached), max(reached))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_was_planted_is_never_lighter(data: st.DataObject) -> None:
    """A form that holds, in which some fields are then changed."""
    parts = data.draw(st.lists(st.integers(0, 500), min_size=8, max_size=8))
    right = {f"p{n}": value for n, value in enumerate(parts)}
    right |= {"t0": sum(parts[:4]), "t1": sum(parts[4:]), "t": sum(parts)}
    rules = [
        Rule("t0", {"t0": -1, "p0": 1, "p1": 1, "p2": 1, "p3": 1}, "=="),
        Rule("t1", {"t1": -1, "p4": 1, "p5": 1, "p6": 1, "p7": 1}, "=="),
        Rule("t", {"t": -1, "t0": 1, "t1": 1}, "=="),
        *(Rule(f"p{n} max", {f"p{n}": 1}, "<=", 500) for n in range(8)),
    ]
    planted = data.draw(st.sets(st.sampled_from(sorted(right)), min_size=1, max_size=3))
    changes = st.integers(-50, 5000)
    record = right | {name: data.draw(changes) for name in sorted(planted)}
    for location in locate(rules, record, nonnegative=record, integral=record):
        assert location.solutions
        _solves(rules, record, location.solutions[0])
        _solves(rules, record, location.solutions[-1])
        for solution in location.solutions:
            assert solution.weight <= len(planted)
            assert all(_leaves(change) for change in solution.changes)


def _solves(rules: list[Rule], record: dict[str, int], solution: Solution) -> None:
    """Changing the fields named lets the rules hold, and changing fewer does not."""
    rules = [*rules, *(Rule(f"{f} from 0", {f: 1}, ">=") for f in record)]
    for fields in _subsets(list(solution.fields)):
        holds = _can_hold(_fixed(rules, record, set(fields)), set(fields))
        assert holds == (len(fields) == len(solution.fields))


def _leaves(change: Change) -> bool:
    """The old value is outside the range: else the field need not have changed."""
    assert change.was is not None
    below = change.lower is not None and change.was < change.lower
    return below or (change.upper is not None and change.was > change.upper)


# The parts.


@pytest.mark.parametrize("seed", range(40))
def test_a_tableau_agrees_with_a_linear_program(seed: int) -> None:
    rnd = random.Random(seed)
    unknowns = rnd.randint(1, 4)
    rows = [
        Row(
            tuple(rnd.choice([-2, -1, 0, 0, 1, 1, 3]) for _ in range(unknowns)),
            rnd.randint(-4, 9),
            rnd.random() < 0.3,
        )
        for _ in range(rnd.randint(1, 7))
    ]
    tableau = Tableau(rows, unknowns)
    program = {
        "A_ub": [r.coefficients for r in rows if not r.equal] or None,
        "b_ub": [r.right for r in rows if not r.equal] or None,
        "A_eq": [r.coefficients for r in rows if r.equal] or None,
        "b_eq": [r.right for r in rows if r.equal] or None,
        "bounds": (None, None),
    }
    if tableau.clash is not None:
        assert linprog([0] * unknowns, **program).status == 2
        _proves(rows, tableau.clash)
        return
    for n in range(unknowns):
        unit = [int(m == n) for m in range(unknowns)]
        least, greatest = tableau.least(n), tableau.greatest(n)
        low = linprog(unit, **program)
        high = linprog([-u for u in unit], **program)
        assert (low.success, high.success) == (least is not None, greatest is not None)
        assert least is None or low.fun == pytest.approx(float(least))
        assert greatest is None or -high.fun == pytest.approx(float(greatest))


def _proves(rows: list[Row], clash: Mapping[int, int]) -> None:
    """The multipliers leave no unknown and a right side below 0 (Farkas)."""
    assert all(multiplier > 0 or rows[n].equal for n, multiplier in clash.items())
    columns = zip(*(rows[n].coefficients for n in clash), strict=True)
    assert not any(
        sum(m * c for m, c in zip(clash.values(), column, strict=True)) for column in columns
    )
    assert sum(multiplier * rows[n].right for n, multiplier in clash.items()) < 0


def test_a_conflict_is_a_rule_that_follows_and_fails() -> None:
    """Adding up p + c = t and c >= 0.6 t without c: p <= 0.4 t, which 755 and 200 break."""
    rules = [
        Rule("balance", {"p": 1, "c": 1, "t": -1}, "=="),
        Rule("costly", {"c": 1, "t": -0.6}, ">="),
    ]
    (case,) = cases(rules, {"p": 755, "c": 125, "t": 200})
    conflict = Scope(case, frozenset("c")).conflict()
    assert conflict is not None
    assert conflict.fields == {"p", "t"}
    assert conflict.rules == {"balance", "costly"}


PAIRS = [frozenset(pair) for pair in ("ab", "bc", "cd", "de", "ea")]


@pytest.mark.parametrize(
    "answer",
    [None, frozenset(), frozenset("a"), frozenset("abcde")],
    ids=["as it is", "gives up", "no cover", "too heavy"],
)
def test_the_outcome_does_not_hang_on_the_solver(
    monkeypatch: pytest.MonkeyPatch, answer: frozenset[str] | None
) -> None:
    """A ring of five pairs: no quick bound tells that three fields are needed."""
    asked = []
    solve = covers._solve

    def stand_in(*arguments: object) -> frozenset[str]:
        asked.append(arguments)
        return solve(*arguments) if answer is None else answer  # type: ignore[arg-type]

    monkeypatch.setattr(covers, "_solve", stand_in)
    rules = [Rule("".join(sorted(pair)), dict.fromkeys(pair, 1), "<=", 1) for pair in PAIRS]
    (location,) = locate(rules, dict.fromkeys("abcde", 1), nonnegative="abcde")
    assert asked
    assert [len(solution.fields) for solution in location.solutions] == [3] * 5
    (few,) = locate(rules, dict.fromkeys("abcde", 1), nonnegative="abcde", limit=2)
    assert (len(few.solutions), few.complete) == (2, False)


def test_covers_are_the_minimal_ones_within_the_budget() -> None:
    weights = dict.fromkeys("abcde", 1)
    found = set(covers.covers(list(PAIRS), weights, 3))
    assert found == {frozenset(s) for s in combinations("abcde", 3) if _meets(frozenset(s))}
    assert covers.lightest(PAIRS, weights) == 3
    assert covers.lightest([*PAIRS, frozenset("z")], weights) is None
    assert covers.lightest([], weights) == 0


def _meets(fields: frozenset[str]) -> bool:
    return all(pair & fields for pair in PAIRS)
