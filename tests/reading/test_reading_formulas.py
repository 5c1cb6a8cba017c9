"""Plain sums are worked out as a spreadsheet would; anything else is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from chunfeng_reports.reading.grids import Broken, Formula, Grid
from chunfeng_reports.reading.layouts.formulas import evaluate

GRID = Grid(
    "x", ((1, 2.5, "字"), (4, "", Formula("=A1+A2", 0)), (Formula("=A3", 0), True, Broken("#N/A")))
)


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=A1", 1), ("=A1+B1", 3.5), ("=A2-A1", 3), ("=-A1+2", 1), ("=SUM(A1:B2)", 7.5),
        ("=sum(A1, A2, 10)", 15), ("=$A$1+C2", 6), ("=B2", 0), ("=Z99", 0),
        ("=SUM(A1:A2)-0.5", 4.5),
    ],
)  # fmt: skip
def test_a_plain_sum_is_worked_out(formula: str, result: float) -> None:
    assert evaluate(GRID, formula) == result


@pytest.mark.parametrize(
    "formula",
    [
        "=A1*2", "=A1/A2", "=IF(A1,1,2)", "=C1", "=SUM(A1:C1)", "=B3", "=C3", "=A3", "=Sheet2!A1",
        "=", "", "=+", "=SUM()", "=ROUND(1.5,0)", "=SUM(A1:XFD1048576)", "='x'",
    ],
)  # fmt: skip
def test_any_other_formula_is_left_alone(formula: str) -> None:
    assert evaluate(GRID, formula) is None


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20))
def test_a_sum_over_a_column_is_the_sum(numbers: list[int]) -> None:
    grid = Grid("x", tuple((n,) for n in numbers))
    assert evaluate(grid, f"=SUM(A1:A{len(numbers)})") == sum(numbers)


@given(st.text(alphabet="=SUM(A1:B2)+-,$0", max_size=25))
def test_no_formula_breaks_it(formula: str) -> None:
    result = evaluate(GRID, formula)
    assert result is None or isinstance(result, float)


def _leaning(columns: int, text: str) -> Grid:
    """A row in which every cell after the first is a formula over all cells before it."""
    row = [1, *(Formula(text.format(last=get_column_letter(n)), 0) for n in range(1, columns))]
    return Grid("x", (tuple(row),))


def test_sums_of_sums_are_worked_out_once_each() -> None:
    assert evaluate(_leaning(40, "=SUM(A1:{last}1)"), "=AN1") == 2**38
    assert evaluate(_leaning(40, "={last}1+{last}1"), "=AN1") == 2**39


def test_a_long_chain_a_circle_and_a_sheet_full_of_sums_are_given_up_in_time() -> None:
    assert evaluate(_leaning(60, "={last}1"), "=BH1") == 1
    assert evaluate(_leaning(300, "={last}1"), "=KN1") is None
    assert evaluate(Grid("x", ((Formula("=A1", 0),),)), "=A1") is None
    everything = Grid("x", tuple((Formula("=SUM(B1:CV100)", 0),) for _ in range(9000)))
    assert evaluate(everything, "=SUM(A1:A9000)") is None
