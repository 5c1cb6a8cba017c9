"""Where the error is: published cases of the method, and what is promised besides."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from chunfeng_reports.localise import Change, Location, Rule, locate, ranges

Record = Mapping[str, float | None]

BALANCE = Rule("balance", {"profit": 1, "cost": 1, "turnover": -1}, "==")
COSTLY = Rule("costly", {"cost": 1, "turnover": -0.6}, ">=")
TOO_PROFITABLE = {"profit": 755, "cost": 125, "turnover": 200}
SUM = Rule("sum", {"x": 1, "y": 1, "z": -1}, "==")

# Scholtus (2009), section 4: eleven items of a profit-and-loss account.
ACCOUNT = (
    Rule("e1", {"x1": 1, "x2": 1, "x3": -1}, "=="),
    Rule("e2", {"x2": 1, "x4": -1}, "=="),
    Rule("e3", {"x5": 1, "x6": 1, "x7": 1, "x8": -1}, "=="),
    Rule("e4", {"x3": 1, "x8": 1, "x9": -1}, "=="),
    Rule("e5", {"x9": 1, "x10": -1, "x11": -1}, "=="),
)
ACCOUNT_RIGHT = (1452, 116, 1568, 116, 323, 76, 12, 411, 1979, 1842, 137)


def _account(**changed: float) -> dict[str, float]:
    return {f"x{n}": value for n, value in enumerate(ACCOUNT_RIGHT, start=1)} | changed


def _at_least(field: str, bound: float) -> Rule:
    return Rule(f"{field} from {bound}", {field: 1}, ">=", bound)


def _one(found: tuple[Location, ...]) -> Location:
    assert len(found) == 1
    return found[0]


def _fields(found: tuple[Location, ...]) -> list[tuple[str, ...]]:
    return [solution.fields for solution in _one(found).solutions]


# Published cases: editrules (De Jonge and Van der Loo 2011), documentation of errorLocalizer.


def test_with_one_balance_any_of_its_fields_may_be_wrong() -> None:
    found = _one(locate([BALANCE], TOO_PROFITABLE))
    assert found.failed == ("balance",)
    assert [(s.fields, s.changes[0].forced) for s in found.solutions] == [
        (("profit",), 75),
        (("cost",), -555),
        (("turnover",), 880),
    ]
    assert found.complete
    assert found.sole is None
    assert found.certain == ()


def test_a_field_that_is_trusted_more_is_not_named() -> None:
    found = locate([BALANCE], TOO_PROFITABLE, weights={"turnover": 2})
    assert _fields(found) == [("profit",), ("cost",)]


def test_a_second_rule_leaves_one_field_and_forces_its_value() -> None:
    sole = _one(locate([BALANCE, COSTLY], TOO_PROFITABLE)).sole
    assert sole is not None
    assert sole.changes == (Change("profit", Fraction(755), Fraction(75), Fraction(75)),)
    assert sole.weight == 1


def test_a_missing_field_is_free_and_weighs_nothing() -> None:
    rules = [
        Rule("balance", {"p": 1, "c1": 1, "c2": 1, "t": -1}, "=="),
        Rule("costly", {"c1": 1, "t": -0.3}, ">="),
    ]
    record = {"p": 755, "c1": 50, "c2": None, "t": 200}
    found = _one(locate(rules, record, nonnegative=record))
    assert found.failed == ("costly",)
    assert {solution.weight for solution in found.solutions} == {2}
    assert all(s.blanks[0].field == "c2" and s.blanks[0].was is None for s in found.solutions)


@pytest.mark.parametrize(
    ("x", "y", "fields"), [(2, -1, ("y",)), (0, 0, ("x", "y")), (-1, 2, ("x",))]
)
def test_the_diamond(x: float, y: float, fields: tuple[str, ...]) -> None:
    """De Jonge and Van der Loo (2011), the first of two examples; here with its borders."""
    rules = [
        Rule("e1", {"y": 1, "x": -1}, ">=", -1),
        Rule("e2", {"y": 1, "x": 1}, ">=", 3),
        Rule("e3", {"y": 1, "x": -1}, "<=", 1),
        Rule("e4", {"y": 1, "x": 1}, "<=", 5),
    ]
    sole = _one(locate(rules, {"x": x, "y": y})).sole
    assert sole is not None
    assert sole.fields == fields
    assert all((change.lower, change.upper) == (1, 3) for change in sole.changes)
    assert all(change.forced is None for change in sole.changes)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"x": 1, "y": -1, "z": 2}, ("y",)),
        ({"x": -1, "y": 1, "z": 0}, ("x", "z")),
    ],
)
def test_a_sum_of_positive_numbers(record: Record, fields: tuple[str, ...]) -> None:
    """editrules, documentation of localizeErrors; there x > 0, here of whole numbers x >= 1."""
    rules = [SUM, *(_at_least(field, 1) for field in record)]
    sole = _one(locate(rules, record, integral=record)).sole
    assert sole is not None
    assert sole.fields == fields


@pytest.mark.parametrize("trusted_less", ["x", "y", "z"])
def test_weights_decide_between_equals(trusted_less: str) -> None:
    """editrules, testLocalizeErrors.R: weights of (1, 2, 2), (2, 1, 2), (2, 2, 1)."""
    weights = dict.fromkeys("xyz", 2.0) | {trusted_less: 1}
    found = locate([SUM], {"x": 1, "y": 1, "z": 1}, weights=weights)
    assert _fields(found) == [(trusted_less,)]


def test_a_range_of_ten_to_a_billion() -> None:
    """editrules, testlocalizeErrors_mip.R: there the big constant of the solver gives out."""
    rules = [
        Rule("a", {"x1": 1, "x2": 1, "x3": -1}, "=="),
        Rule("b", {"x4": 1, "x5": 1, "x6": 1, "x7": -1}, "=="),
        Rule("c", {"x7": 1, "x3": 1, "x8": 1, "x9": -1}, "=="),
    ]
    found = _one(locate(rules, {f"x{n}": 10.0**n for n in range(1, 10)}, limit=50))
    assert found.complete
    assert {solution.weight for solution in found.solutions} == {3}
    sets = {solution.fields: solution for solution in found.solutions}
    assert [c.forced for c in sets["x3", "x7", "x9"].changes] == [110, 1110000, 101110110]


# Published cases: errorlocate (De Jonge and Van der Loo), test-locate_errors.R.


@pytest.mark.parametrize(("free", "value"), [("cost", 50), ("turnover", 100)])
def test_an_infinite_weight_keeps_a_field(free: str, value: float) -> None:
    record = {"profit": 30, "cost": 70, "turnover": 80}
    weights = {field: math.inf for field in record if field != free}
    sole = _one(locate([BALANCE, COSTLY], record, weights=weights, nonnegative=record)).sole
    assert sole is not None
    assert (sole.fields, sole.changes[0].forced) == ((free,), value)


def test_two_fields_must_change_where_the_third_may_not() -> None:
    found = locate([SUM], {"x": 6, "y": 6, "z": 5}, weights={"z": math.inf}, nonnegative=("x", "y"))
    assert _fields(found) == [("x", "y")]


def test_ten_billion_and_two_hundred() -> None:
    """Issue 30: the solver there cannot hold both, and calls the field missing."""
    record = {"profit": 1e10, "cost": 200, "turnover": 300}
    sole = _one(locate([BALANCE, COSTLY], record, nonnegative=["turnover"])).sole
    assert sole is not None
    assert sole.changes[0] == Change("profit", Fraction(10**10), Fraction(100), Fraction(100))


def test_rules_that_cannot_hold_for_want_of_a_missing_field() -> None:
    """Issue 31: 10 + ? = 5 with nothing below 0; there one of the two answers is drawn by lot."""
    found = _one(locate([SUM], {"x": 10, "y": None, "z": 5}, nonnegative=("x", "y")))
    assert found.failed == ("sum", "y >= 0")
    assert [s.fields for s in found.solutions] == [("x",), ("z",)]
    assert (found.solutions[0].changes[0].lower, found.solutions[0].changes[0].upper) == (0, 5)


def test_fixed_values_and_their_total() -> None:
    """Issue 34."""
    right = {"y": 60, "yA": 5, "yB": 5, "yC": 5, "yD": 25, "yE": 20}
    rules = [Rule(field, {field: 1}, "==", value) for field, value in right.items()]
    rules.append(Rule("total", {"y": -1, "yA": 1, "yB": 1, "yC": 1, "yD": 1, "yE": 1}, "=="))
    sole = _one(locate(rules, right | {"yD": 45, "yE": 0})).sole
    assert sole is not None
    assert {change.field: change.forced for change in sole.changes} == {"yD": 25, "yE": 20}


# Published cases: Scholtus (2009), section 4, as far as it is a matter of fields and not of typing.


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"x4": 161}, [{"x4": 116}]),
        ({"x4": 161, "x9": 19979}, [{"x4": 116, "x9": 1979}]),
        (
            {"x4": 161, "x5": 0, "x6": 0, "x7": 0, "x9": 19979},
            [{"x4": 116, odd: 411, "x9": 1979} for odd in ("x5", "x6", "x7")],
        ),
        ({"x4": 161, "x8": 0, "x9": 19979}, [{"x4": 116, "x8": 411, "x9": 1979}]),
    ],
    ids=["4.1", "4.2", "4.3", "4.4"],
)
def test_the_account(changed: Record, wanted: list[dict[str, float]]) -> None:
    record = _account(**changed)
    found = _one(locate(ACCOUNT, record, nonnegative=record, integral=record))
    assert [{c.field: c.forced for c in s.changes} for s in found.solutions] == wanted
    assert found.complete
    assert {"x4", "x9"} & set(changed) <= set(found.certain)


# What is promised besides.


def test_rules_that_hold_give_nothing() -> None:
    assert locate(ACCOUNT, _account()) == ()
    assert locate([SUM], {"x": 1, "y": 2, "z": None}) == ()
    assert locate([SUM], {"x": 1, "y": 2, "z": math.nan}, integral="xyz") == ()


def test_rules_with_no_field_in_common_are_located_apart() -> None:
    other = Rule("other", {"u": 1, "v": -1}, "<=")
    found = locate([other, SUM], {"x": 1, "y": 1, "z": 3, "u": 5, "v": 4})
    assert [location.failed for location in found] == [("other",), ("sum",)]
    assert [len(location.solutions) for location in found] == [2, 3]


def test_a_field_that_never_changes_does_not_tie_rules_together() -> None:
    rules = [Rule("a", {"x": 1, "z": -1}, "<="), Rule("b", {"y": 1, "z": -1}, "<=")]
    found = locate(rules, {"x": 5, "y": 6, "z": 4}, weights={"z": math.inf})
    assert [_fields((location,)) for location in found] == [[("x",)], [("y",)]]


def test_a_fraction_where_things_are_counted() -> None:
    found = _one(locate([SUM], {"x": 1.5, "y": 1.5, "z": 3}, integral="xyz"))
    assert found.failed == ("x whole", "y whole")
    assert [s.fields for s in found.solutions] == [("x", "y")]


def test_whole_numbers_force_what_fractions_would_not() -> None:
    rule = Rule("r", {"x": 2, "y": 3}, "==", 7)
    found = _one(locate([rule], {"x": 4, "y": 0}, nonnegative="xy", integral="xy"))
    assert found.sole is not None
    assert [change.forced for change in found.sole.changes] == [2, 1]
    loose = _one(locate([rule], {"x": 4, "y": 0}, nonnegative="xy"))
    assert [s.fields for s in loose.solutions] == [("x",)]


def test_rules_that_contradict_each_other_are_named() -> None:
    rules = [_at_least("x", 5), Rule("low", {"x": 1, "y": 1}, "<=", 3), SUM]
    found = _one(locate(rules, {"x": 4, "y": 0, "z": 4}, nonnegative="y"))
    assert found.impossible == ("x from 5", "low", "y >= 0")
    assert found.solutions == ()
    assert found.sole is None


def test_whole_numbers_can_contradict_too() -> None:
    odd = Rule("odd", {"x": 2, "y": -2}, "==", 1)
    found = _one(locate([odd], {"x": 4, "y": 0}, integral="xy"))
    assert found.impossible == ("odd", "x whole", "y whole")
    assert _one(locate([odd], {"x": 4, "y": 0})).solutions


def test_a_search_that_is_given_up_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "_BRANCHINGS", 0)
    rule = Rule("r", {"x": 2, "y": 3}, "==", 7)
    found = _one(locate([rule], {"x": 4, "y": 0}, nonnegative="xy", integral="xy"))
    assert found == Location(failed=("r",), solutions=(), complete=False)
    assert locate([rule], {"x": None, "y": None}, nonnegative="xy", integral="xy") == ()


def test_fields_that_may_not_change_leave_no_solution() -> None:
    found = _one(locate([SUM], {"x": 1, "y": 1, "z": 3}, weights=dict.fromkeys("xyz", math.inf)))
    assert (found.solutions, found.impossible) == ((), ("sum",))


def test_what_is_not_listed_is_said() -> None:
    parts = [f"p{n:02}" for n in range(12)]
    rule = Rule("total", {"total": -1, **dict.fromkeys(parts, 1)}, "==")
    record = {"total": 1, **dict.fromkeys(parts, 1)}
    found = _one(locate([rule], record, limit=3))
    assert [s.fields for s in found.solutions] == [("total",), ("p00",), ("p01",)]
    assert not found.complete
    assert found.sole is None
    assert found.certain == ()
    assert len(_one(locate([rule], record, limit=13)).solutions) == 13


def test_several_light_fields_are_weighed_against_one_heavy() -> None:
    """The solver is asked here: the cheapest cover is not the one with the fewest fields."""
    rules = [Rule(f"r{n}", {"total": -1, f"p{n}": 1}, "<=") for n in range(3)]
    rules.append(Rule("all", {"total": -2, "p0": 1, "p1": 1, "p2": 1}, "<="))
    record = {"total": 1, "p0": 5, "p1": 5, "p2": 5}
    light = {"total": 1, "p0": 0.25, "p1": 0.25, "p2": 0.25}
    assert _fields(locate(rules, record, weights=light)) == [("p0", "p1", "p2")]
    even = light | {"total": 0.75}
    assert _fields(locate(rules, record, weights=even)) == [("total",), ("p0", "p1", "p2")]


@pytest.mark.parametrize("factor", [1e-9, 1, 1e9])
def test_weights_of_any_size_weigh_alike(factor: float) -> None:
    weights = {f"x{n}": factor * (1 + n % 3) for n in range(1, 12)}
    plain = {f"x{n}": 1.0 + n % 3 for n in range(1, 12)}
    record = _account(x4=161, x8=0, x9=19979)
    assert _fields(locate(ACCOUNT, record, weights=weights)) == _fields(
        locate(ACCOUNT, record, weights=plain)
    )


def test_the_outcome_does_not_hang_on_the_order_of_the_rules() -> None:
    record = _account(x4=161, x5=0, x6=0, x7=0, x9=19979)
    there, back = (_one(locate(r, record)) for r in (ACCOUNT, ACCOUNT[::-1]))
    assert there.solutions == back.solutions


def test_numbers_are_taken_as_they_read() -> None:
    share = Rule("share", {"part": 1, "total": -0.6}, "<=")
    assert locate([share], {"part": 60, "total": 100}) == ()
    assert locate([share], {"part": Decimal("0.6"), "total": 1}) == ()
    assert locate([SUM], {"x": 0.1, "y": 0.2, "z": 0.3}) == ()
    assert locate([SUM], {"x": 0.1, "y": 0.2, "z": 0.1 + 0.2}) == ()
    assert locate([SUM], {"x": 0.1, "y": 0.2, "z": 0.300001}) != ()
    assert locate([SUM], {"x": 2.0**53, "y": 1, "z": 2**53 + 1}) == ()


def test_a_location_can_be_sent_to_another_process() -> None:
    found = locate([BALANCE], TOO_PROFITABLE)
    assert pickle.loads(pickle.dumps((BALANCE, found))) == (BALANCE, found)


@pytest.mark.parametrize(
    ("rules", "record", "options", "says"),
    [
        ([SUM], {"x": 1, "y": 1}, {}, "no field z"),
        ([SUM], {"x": 1, "y": 1, "z": 1}, {"integral": ["q"]}, "no field q"),
        ([SUM], {"x": 1, "y": 1, "z": 1}, {"weights": {"q": 1}}, "no field q"),
        ([SUM], {"x": 1, "y": 1, "z": 1}, {"weights": {"x": 0}}, "above 0: x"),
        ([SUM], {"x": 1, "y": 1, "z": 1}, {"weights": {"x": math.nan}}, "above 0: x"),
        ([SUM], {"x": 1, "y": 1, "z": math.inf}, {}, "not a finite number"),
        ([SUM], {"x": 1, "y": 1, "z": 1}, {"limit": 0}, "at least 1"),
        ([SUM, SUM], {"x": 1, "y": 1, "z": 1}, {}, "more than one rule is called sum"),
    ],
)
def test_wrong_use_is_refused(
    rules: list[Rule], record: Record, options: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        locate(rules, record, **options)  # type: ignore[arg-type]


def test_a_rule_must_say_something() -> None:
    with pytest.raises(ValueError, match="relation"):
        Rule("r", {"x": 1}, "<", 0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nothing"):
        Rule("r", {"x": 0}, "==")
    with pytest.raises(ValueError, match="finite"):
        Rule("r", {"x": 1}, "==", math.nan)
