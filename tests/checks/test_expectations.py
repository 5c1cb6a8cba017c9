"""Our own expectations, used as an analyst uses any other of Great Expectations."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunfeng_reports.checks.engine import _batch, _expectation
from chunfeng_reports.checks.expectations import (
    ExpectColumnPairValuesAToHaveAtMostBDecimals,
    ExpectSumToCompare,
)

WHOLE: dict[str, Any] = {"result_format": "COMPLETE"}


def _failed(table: pd.DataFrame, expectation: Any) -> list[int]:
    result = _batch(table).validate(expectation, result_format=WHOLE)
    info = result.exception_info
    assert not info.get("raised_exception", bool(info)), info
    return list(result.result["unexpected_index_list"] or [])


def test_sums_are_compared_row_by_row() -> None:
    table = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3], "total": [2.0, 5, 5]})
    for operator, failed in {
        "<=": [2], ">=": [1], "==": [1, 2], "!=": [0], "<": [0, 2], ">": [0, 1],
    }.items():  # fmt: skip
        made = ExpectSumToCompare(left=["a", "b"], operator=operator, right=["total"])
        assert _failed(table, made) == failed, operator


def test_a_row_with_a_gap_is_neither_right_nor_wrong() -> None:
    table = pd.DataFrame({"a": [1.0, None], "b": [9.0, 9.0], "total": [2.0, 2.0]})
    assert _failed(table, ExpectSumToCompare(left=["a", "b"], operator="<=", right=["total"])) == [
        0
    ]


def test_binary_fractions_do_not_break_a_sum() -> None:
    table = pd.DataFrame({"a": [0.1], "b": [0.2], "total": [0.3]})
    assert _failed(table, ExpectSumToCompare(left=["a", "b"], operator="==", right=["total"])) == []


def test_decimals_are_counted_as_written() -> None:
    table = pd.DataFrame(
        {
            "value": [3.0, 3.5, 19.9, 19.95, 1e12, 123456789.1, -2.5, None],
            "decimals": [0, 0, 1, 1, 0, 1, 0, 0],
        }
    )
    made = ExpectColumnPairValuesAToHaveAtMostBDecimals(column_A="value", column_B="decimals")
    assert _failed(table, made) == [1, 3, 6]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 2 * 10**9)),
        min_size=1,
        max_size=30,
    )
)
def test_whole_numbers_compare_exactly(rows: list[tuple[int, int, int]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "total"]).astype("float64")
    made = ExpectSumToCompare(left=["a", "b"], operator="<=", right=["total"])
    assert _failed(table, made) == [n for n, (a, b, total) in enumerate(rows) if a + b > total]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 4)), min_size=1))
def test_a_number_of_n_decimals_is_never_refused(rows: list[tuple[int, int]]) -> None:
    table = pd.DataFrame({"value": [n / 10**d for n, d in rows], "decimals": [d for _, d in rows]})
    made = ExpectColumnPairValuesAToHaveAtMostBDecimals(column_A="value", column_B="decimals")
    assert _failed(table, made) == []


@pytest.mark.parametrize(
    ("kind", "kwargs", "said"),
    [
        (
            "expect_sum_to_compare",
            {"left": ["a", "b"], "operator": "<=", "right": ["c"]},
            "a + b must be <= c, in every row.",
        ),
        (
            "expect_column_pair_values_a_to_have_at_most_b_decimals",
            {"column_A": "a", "column_B": "b"},
            "a must have at most b decimals.",
        ),
    ],
)
def test_they_are_known_by_name_and_say_what_they_expect(
    kind: str, kwargs: dict[str, Any], said: str
) -> None:
    made = _expectation(kind, kwargs)
    made.render()
    template = made.rendered_content[0].value.to_json_dict()
    text = template["template"]
    for name, param in template["params"].items():
        text = text.replace(f"${name}", str(param["value"]))
    assert text == said
