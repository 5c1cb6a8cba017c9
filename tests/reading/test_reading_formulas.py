"""Plain sums are worked out as a spreadsheet would; anything else is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from chunfeng_reports.reading.grids import Broken, Content, Formula, Grid, Value
from chunfeng_reports.reading.layouts.formulas import evaluate, is_computed

GRID = Grid(
    "x",
    (
        (1, 2.5, "字"),
        (4, "", Formula("=A1+A2", 0)),
        (Formula("=A3", 0), True, Broken("#N/A")),
        (Formula("=VLOOKUP(A1,D:E,2)", 7), Formula("=A1*2", 0), date(2023, 2, 1)),
        ("12人", "—", "100-200"),
    ),
)


def _value(formula: str, grid: Grid = GRID) -> float | None:
    result = evaluate(grid, formula)
    return None if result is None else float(result.value)


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=A1", 1), ("=+A1", 1), ("=A1+B1", 3.5), ("=A2-A1", 3), ("=-A1+2", 1), ("=A1--A2", 5),
        ("=SUM(A1:B2)", 7.5), ("=SUM(B2:A1)", 7.5), ("=sum(A1, A2, 10)", 15), ("=$A$1+C2", 6),
        ("=B2", 0), ("=Z99", 0), ("=SUM(A1:A2)-0.5", 4.5), ("=SUM(A1:A2,)", 5), ("=(A1+A2)-(1)", 4),
        ("=SUM(A1+A2,SUM(A1,-A2))", 2), ("=SUM(A1:A2) ", 5), ("= A1 + A2", 5), ("A1+A2", 5),
        ("=SUM（A1：A2，10）", 15), ("=SUM(A1:C1)", 3.5), ("=SUM(C1)", 0), ("=x!A1+A2", 5),
        ("=A4+1", 8), ("=A5+1", 13), ("=SUM(A5:C5)", 12),
    ],
)  # fmt: skip
def test_a_plain_sum_is_worked_out(formula: str, result: float) -> None:
    assert _value(formula) == result


@pytest.mark.parametrize(
    "formula",
    [
        "=A1*2", "=A1/A2", "=IF(A1,1,2)", "=C1", "=B3", "=C3", "=SUM(A3:C3)", "=A3", "=Sheet2!A1",
        "=", "", "=+", "=SUM()", "=SUM(,)", "=ROUND(1.5,0)", "=SUM(A1:XFD1048576)", "='x'",
        "=A1:A2",
        "=SUM(A1:A2", "=SUM(A1:A2))", "=A1%", "=1E3", "=[1]x!A1", "=SUM(A:A)", "=A1 A2", "=A1+",
        "=C4", "=B4+1", "=B5", "=A1+C5", "=LOG10(A1)", "=SUMIF(A1:A2,1)", "=" + "(" * 99,
    ],
)  # fmt: skip
def test_any_other_formula_is_left_alone(formula: str) -> None:
    assert _value(formula) is None


def test_what_a_sum_leaves_out_or_takes_from_text_is_known() -> None:
    result = evaluate(GRID, "=SUM(A5:C5,B2,A1)")
    assert result is not None
    assert result.empty == {("X", 4, 1), ("X", 1, 1)}
    assert result.texts == {("X", 4, 0), ("X", 4, 2)}
    nothing = evaluate(GRID, "=SUM(B2:B2)+Z9")
    assert nothing is not None
    assert (float(nothing.value), nothing.counted) == (0, False)


def test_a_reference_may_lead_to_another_sheet_of_the_workbook() -> None:
    first = Grid("汇总", ((Formula("='街道 (一)'!A1+街道二!A1", ""),),))
    others = Grid("街道 (一)", ((3,), (Formula("=汇总!B1", ""),))), Grid("街道二", ((4,),))
    total, street, _ = Content((first, *others)).linked()
    assert _value("='街道 (一)'!A1+街道二!A1", total) == 7
    assert _value("=汇总!A1+1", street) == 8
    assert _value("=街道三!A1", total) is None


def test_a_sheet_is_computed_where_any_formula_has_a_result() -> None:
    assert is_computed(GRID)
    assert not is_computed(Grid("x", ((1, Formula("=A1", 0)), (2, Formula("=A2", "")))))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20))
def test_a_sum_over_a_column_is_the_sum(numbers: list[int]) -> None:
    grid = Grid("x", tuple((n,) for n in numbers))
    assert _value(f"=SUM(A1:A{len(numbers)})", grid) == sum(numbers)
    assert _value("=" + "+".join(f"A{n}" for n in range(1, len(numbers) + 1)), grid) == sum(numbers)


@given(st.text(alphabet="=SUM(A1:B2)+-,$0'!x", max_size=25))
def test_no_formula_breaks_it(formula: str) -> None:
    result = evaluate(GRID, formula)
    assert result is None or result.value.is_finite()


def _leaning(columns: int, text: str) -> Grid:
    """A row in which every cell after the first is a formula over all cells before it."""
    row: list[Value] = [
        1,
        *(Formula(text.format(last=get_column_letter(n)), 0) for n in range(1, columns)),
    ]
    return Grid("x", (tuple(row),))


def test_sums_of_sums_are_worked_out_once_each() -> None:
    assert _value("=AN1", _leaning(40, "=SUM(A1:{last}1)")) == 2**38
    assert _value("=T1", _leaning(20, "={last}1+{last}1")) == 2**19


def test_a_long_chain_a_circle_and_a_sheet_full_of_sums_are_given_up_in_time() -> None:
    assert _value("=T1", _leaning(20, "={last}1")) == 1
    assert _value("=KN1", _leaning(300, "={last}1")) is None
    assert _value("=KN1", _leaning(300, "=" + "(" * 8 + "{last}1" + ")" * 8)) is None
    assert _value("=A1", Grid("x", ((Formula("=A1", 5),),))) is None
    assert _value("=A1", Grid("x", ((Formula("=B1+1", 5), Formula("=A1+1", 6)),))) is None
    everything = Grid("x", tuple((Formula("=SUM(B1:CV100)", 0),) for _ in range(9000)))
    assert _value("=SUM(A1:A9000)", everything) is None


@pytest.mark.parametrize("formula", ["=SUM(A1:A6000)", "=A1+GS1", "=SUM(A1:IZ1)"])
def test_what_lies_beyond_the_cells_kept_of_a_sheet_is_not_summed(formula: str) -> None:
    assert evaluate(Grid("x", ((1.0, 2.0),)), formula) is None
