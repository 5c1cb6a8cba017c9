"""What kind of slip it was: published cases, and what is promised besides."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.localise import Kind, Recognition, Rule, Slip, recognise, slip

TYPING = (Kind.TRANSPOSED, Kind.ADDED, Kind.DROPPED, Kind.DIGIT, Kind.SIGN)
SIGNS = (Kind.SIGN, Kind.SWAPPED)

SUM = Rule("sum", {"x": 1, "y": 1, "z": -1}, "==")
DIFFERENCE = Rule("difference", {"x": 1, "y": -1, "z": -1}, "==")

# Scholtus (2009), section 4.
ACCOUNT = (
    Rule("e1", {"x1": 1, "x2": 1, "x3": -1}, "=="),
    Rule("e2", {"x2": 1, "x4": -1}, "=="),
    Rule("e3", {"x5": 1, "x6": 1, "x7": 1, "x8": -1}, "=="),
    Rule("e4", {"x3": 1, "x8": 1, "x9": -1}, "=="),
    Rule("e5", {"x9": 1, "x10": -1, "x11": -1}, "=="),
)
ACCOUNT_RIGHT = (1452, 116, 1568, 116, 323, 76, 12, 411, 1979, 1842, 137)

# Scholtus (2008), section 3: revenue less cost is a result, and four results make a total.
RESULTS = [
    *(Rule(f"e{n}", {f"x{n}r": 1, f"x{n}c": -1, f"x{n}": -1}, "==") for n in range(4)),
    Rule("e4", {"x0": 1, "x1": 1, "x2": 1, "x3": 1, "x4": -1}, "=="),
]
RESULT_FIELDS = [f"x{n}{part}" for n in range(4) for part in ("r", "c", "")] + ["x4"]
RESULT_SWAPS = [(f"x{n}r", f"x{n}c") for n in (1, 2, 3)]


def _told(found: tuple[Recognition, ...]) -> list[list[tuple[str, ...]]]:
    """Each repair as (kind, field=value, …) a slip."""
    assert len(found) == 1
    return [
        [
            (one.kind.value, *(f"{f}={v}" for f, v in zip(one.fields, one.values, strict=True)))
            for one in repair
        ]
        for repair in found[0].repairs
    ]


def _sole(found: tuple[Recognition, ...]) -> tuple[Slip, ...]:
    assert len(found) == 1
    assert found[0].sole is not None, _told(found)
    return found[0].sole


# Published cases: typing errors.


def test_of_three_fields_one_is_a_transposition_away() -> None:
    """Van der Loo, De Jonge and Scholtus (2011), section 3.3."""
    assert _sole(recognise([SUM], {"x": 123, "y": 192, "z": 252})) == (
        Slip(Kind.TRANSPOSED, ("y",), (Fraction(129),)),
    )


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, None),
        ({"x4": 161}, [[("transposed", "x4=116")]]),
        ({"x4": 161, "x9": 19979}, [[("transposed", "x4=116"), ("added", "x9=1979")]]),
        ({"x4": 161, "x5": 0, "x6": 0, "x7": 0, "x9": 19979}, []),
        ({"x4": 161, "x8": 0, "x9": 19979}, []),
    ],
    ids=["4.0", "4.1", "4.2", "4.3", "4.4"],
)
def test_the_account(
    changed: Mapping[str, int], wanted: list[list[tuple[str, ...]]] | None
) -> None:
    """Scholtus (2009), section 4; there 4.3 and 4.4 are mended in part."""
    record = {f"x{n}": v for n, v in enumerate(ACCOUNT_RIGHT, start=1)} | changed
    found = recognise(ACCOUNT, record)
    if wanted is None:
        assert found == ()
    else:
        assert _told(found) == wanted


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ((-100, 150, 250), [[("sign", "cost=100")]]),
        ((325, 457, 800), [[("transposed", "profit=475")]]),
        (
            (326, 475, 800),
            [[("digit", "cost=325")], [("digit", "profit=474")], [("digit", "turnover=801")]],
        ),
    ],
)
def test_a_balance(record: tuple[int, int, int], wanted: list[list[tuple[str, ...]]]) -> None:
    """Announcement of deducorrect 1.0; the last is a rounding error, so no slip is the only one."""
    rules = [
        Rule("balance", {"cost": 1, "profit": 1, "turnover": -1}, "=="),
        Rule("ratio", {"turnover": 0.6, "profit": -1}, ">="),
    ]
    fields = ("cost", "profit", "turnover")
    found = recognise(rules, dict(zip(fields, record, strict=True)), nonnegative=fields)
    assert _told(found) == wanted


def test_rules_that_no_slip_mends() -> None:
    """deducorrect, testCorrectTypos.R: a field is missing from the sum; and 10 is not near 99."""
    total = Rule("total", {"x1": -1, "x2": 1, "x3": 1, "x5": 1, "x6": 1}, "==")
    record = {"x1": 42280000, "x2": 11289000, "x3": 4328000, "x5": 11201000, "x6": 11849000}
    assert _told(recognise([total], record)) == []
    both = [Rule("a", {"x1": 1, "x2": -1}, "=="), Rule("b", {"x1": 9, "x2": -1}, "==")]
    assert _told(recognise(both, {"x1": 10, "x2": 99})) == []


def test_a_repair_that_breaks_another_rule_is_none() -> None:
    """deductive, test_correct_typos.R: -123 may not become 123."""
    record = {"x": -123, "y": 129, "z": 252}
    loss = Rule("loss", {"x": 1}, "<=", -1)
    assert _told(recognise([SUM], record, kinds=TYPING)) == [[("sign", "x=123")]]
    assert _told(recognise([SUM, loss], record, kinds=TYPING)) == []


# Published cases: signs and swaps.


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ((3, 13, 10), [[("sign", "z=-10")]]),
        ((14, -4, 10), [[("sign", "y=4")]]),
        ((15, 5, -10), [[("sign", "z=10")]]),
    ],
)
def test_a_sign(record: tuple[int, int, int], wanted: list[list[tuple[str, ...]]]) -> None:
    """Van der Loo, De Jonge and Scholtus (2011), section 4.3: z = x - y, first without swaps."""
    fields = dict(zip("xyz", record, strict=True))
    assert _told(recognise([DIFFERENCE], fields, kinds=[Kind.SIGN])) == wanted


def test_two_values_exchanged() -> None:
    """The same, with x and y as a pair, and z not to be touched."""
    record = {"x": 3, "y": 13, "z": 10}
    found = recognise([DIFFERENCE], record, kinds=SIGNS, swaps=[("x", "y")], fixed="z")
    assert _sole(found) == (Slip(Kind.SWAPPED, ("x", "y"), (Fraction(13), Fraction(3))),)


def test_positive_numbers_exchanged() -> None:
    """deducorrect, testCorrectSigns.R."""
    rules = [SUM, *(Rule(f"{f} positive", {f: 1}, ">=", 1) for f in "xyz")]
    record = {"x": 1, "y": 2, "z": 1}
    assert _told(recognise(rules, record, kinds=[Kind.SIGN])) == []
    found = recognise(rules, record, kinds=SIGNS, swaps=[("z", "y")])
    assert _told(found) == [[("swapped", "y=1", "z=2")]]


CASE_B = [("swapped", "x1r=130", "x1c=0"), ("swapped", "x3r=25", "x3c=15")]
CASE_C = [("sign", "x0=-300"), ("swapped", "x2r=90", "x2c=50")]


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ((2100, 1950, 150, 0, 10, 10, 20, 5, 15, 50, 10, 40, 195), [("sign", "x1=-10")]),
        ((5100, 4650, 450, 0, 130, 130, 20, 0, 20, 15, 25, 10, 610), CASE_B),
        ((3250, 3550, 300, 110, 10, 100, 50, 90, 40, 30, 10, 20, -140), CASE_C),
    ],
    ids=["a", "b", "c"],
)
def test_results(record: tuple[int, ...], wanted: list[tuple[str, ...]]) -> None:
    """Scholtus (2008), section 3, table 2."""
    fields = dict(zip(RESULT_FIELDS, record, strict=True))
    signed = {"x0", "x1", "x2", "x3", "x4"}
    found = recognise(
        RESULTS,
        fields,
        kinds=SIGNS,
        swaps=RESULT_SWAPS,
        nonnegative=[f for f in fields if f not in signed],
    )
    assert _told(found) == [wanted]


def test_results_behind_a_rounding_error() -> None:
    """Case d: 276 is 5726 - 5449 but for 1; each balance may be out by 2."""
    values = (5726, 5449, 276, 17, 26, 10, 0, 46, 46, 0, 0, 0, 221)
    rules = [
        Rule(f"{rule.id} {side}", rule.coefficients, side, 2 if side == "<=" else -2)
        for rule in RESULTS
        for side in ("<=", ">=")
    ]
    found = recognise(rules, dict(zip(RESULT_FIELDS, values, strict=True)), swaps=RESULT_SWAPS)
    assert _told(found) == [[("sign", "x1=-10"), ("sign", "x2=-46")]]


# What is promised besides.


@pytest.mark.parametrize(
    ("typed", "value", "kind"),
    [
        ("161", 116, Kind.TRANSPOSED),
        ("116", 118, Kind.DIGIT),
        ("19979", 1979, Kind.ADDED),
        ("16", 126, Kind.DROPPED),
        ("-12", 12, Kind.SIGN),
        ("12", -12, Kind.SIGN),
        ("120", 12, Kind.SCALE),
        ("12", 1200, Kind.SCALE),
        ("12.5", 125, Kind.SCALE),
        ("350000", 35, Kind.SCALE),
        ("１６１", 116, Kind.TRANSPOSED),
        ("1,611", 1161, Kind.TRANSPOSED),
        ("−12", 12, Kind.SIGN),
        ("-161", -116, Kind.TRANSPOSED),
        ("12.35", 12.53, Kind.TRANSPOSED),
        ("116", 116, None),
        ("0116", 116, None),
        ("0", 0, None),
        ("161", 611, Kind.TRANSPOSED),
        ("161", 117, None),
        ("161", -116, None),
        ("12", Fraction(1, 3), None),
        ("约12", 21, None),
        ("", 1, None),
    ],
)
def test_the_kind_of_a_slip(typed: str, value: float, kind: Kind | None) -> None:
    assert slip(typed, value) == kind


def _distance(a: str, b: str) -> int:
    """Damerau–Levenshtein, neighbours exchanged, no part edited twice (textbook recursion)."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, x in enumerate(a, start=1):
        for j, y in enumerate(b, start=1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.integers(0, 99999), st.integers(0, 99999), st.integers(0, 3))
def test_a_slip_in_digits_is_one_edit(typed: int, value: int, digits: int) -> None:
    """Also for numbers that are near: the last digits of one are put on the other."""
    value = typed // 10**digits * 10**digits + value % 10**digits
    kind = slip(str(typed), value)
    one_edit = _distance(str(typed), str(value)) == 1
    assert (kind is not None) == (one_edit or kind is Kind.SCALE)


def test_digits_are_compared_as_they_were_typed() -> None:
    """Typed 0123, the 1 came late: 1023. Written plainly, 123 has a digit too few."""
    record = {"x": 123, "y": 77, "z": 1100}
    assert _told(recognise([SUM], record))[0] == [("dropped", "x=1023")]
    assert _told(recognise([SUM], record, typed={"x": "0123"}))[0] == [("transposed", "x=1023")]
    assert _told(recognise([SUM], record, typed={"x": "123人"}))[0] == [("dropped", "x=1023")]


def test_a_part_and_its_total_exchanged() -> None:
    part = Rule("part", {"p": 1, "t": -1}, "<=")
    found = recognise([part], {"p": 510, "t": 48}, nonnegative="pt", integral="pt")
    assert _told(found)[0] == [("swapped", "p=48", "t=510")]
    assert found[0].vague
    assert found[0].sole is None


def test_a_kind_that_fits_in_many_ways_is_not_named() -> None:
    """Any first digit from 0 to 4 would do, and a factor of 10 as well as of 100."""
    part = Rule("part", {"p": 1, "t": -1}, "<=")
    found = recognise([part], {"p": 800, "t": 450}, fixed="t", integral="p", nonnegative="p")
    assert _told(found) == []
    assert found[0].vague
    narrow = Rule("growth", {"p": 1, "t": -0.1}, ">=")
    found = recognise([part, narrow], {"p": 800, "t": 450}, fixed="t", integral="p")
    assert [("scale", "p=80")] in _told(found)


def test_a_fraction_of_a_person_is_a_slipped_point() -> None:
    found = recognise([SUM], {"x": 12.5, "y": 75, "z": 200}, integral="xyz")
    assert _sole(found) == (Slip(Kind.SCALE, ("x",), (Fraction(125),)),)


def test_missing_fields_must_leave_the_rules_possible() -> None:
    rules = [Rule("a", {"x": 1, "y": -1}, "=="), Rule("b", {"y": 1, "z": 1}, "==", 115)]
    record = {"x": 116, "y": 161, "z": None}
    free = [[("transposed", "x=161")], [("transposed", "y=116")]]
    assert _told(recognise(rules, record)) == free
    assert _told(recognise(rules, record, nonnegative="z")) == []


def test_unrelated_rules_are_explained_apart() -> None:
    rules = [SUM, Rule("pair", {"u": 1, "v": -1}, "==")]
    found = recognise(rules, {"x": 123, "y": 192, "z": 252, "u": 7, "v": 70})
    assert [one.failed for one in found] == [("sum",), ("pair",)]
    assert [slips[0].kind for one in found for slips in one.repairs] == [
        Kind.TRANSPOSED,
        Kind.SCALE,
        Kind.SCALE,
    ]
    assert pickle.loads(pickle.dumps(found)) == found


def test_most_limits_the_slips() -> None:
    record = {f"x{n}": v for n, v in enumerate(ACCOUNT_RIGHT, start=1)} | {"x4": 161, "x9": 19979}
    assert _told(recognise(ACCOUNT, record, most=1)) == []


@given(st.integers(10, 9999), st.integers(10, 9999), st.data())
def test_a_planted_slip_is_among_those_found(x: int, y: int, data: st.DataObject) -> None:
    text = str(x)
    place = data.draw(st.integers(0, len(text) - 2))
    typed = int(text[:place] + text[place + 1] + text[place] + text[place + 2 :])
    record = {"x": typed, "y": y, "z": x + y}
    for one in recognise([SUM], record, nonnegative="xyz", integral="xyz"):
        assert any(s.fields == ("x",) and s.values == (x,) for r in one.repairs for s in r)
        for repair in one.repairs:
            mended = record | {
                f: v for s in repair for f, v in zip(s.fields, s.values, strict=True)
            }
            assert mended["x"] + mended["y"] == mended["z"]
