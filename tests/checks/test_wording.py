"""Texts of rules are filled in as a bureau writes figures, and nothing in them is evaluated."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.checks.wording import LONGEST, NO_FIGURE, fill, names_in, odd_braces, word


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234567.0, "1,234,567"),
        (-1234.0, "-1,234"),
        (0.0, "0"),
        (2.5, "2.5"),
        (1234.5, "1,234.5"),
        (0.1 + 0.2, "0.3"),
        (math.nan, NO_FIGURE),
        (None, NO_FIGURE),
        ("约300份", "约300份"),
        ("两\n行\t字", "两 行 字"),
    ],
)
def test_a_value_is_written_as_a_reviewer_would(value: object, written: str) -> None:
    assert word(value) == written


def test_long_text_is_cut() -> None:
    assert len(word("九" * 500)) == LONGEST


def test_what_a_unit_typed_is_never_filled_in_again() -> None:
    assert fill("填的“{raw}”", {"raw": "{value}", "value": 3.0}) == "填的“{value}”"


@pytest.mark.parametrize("text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{}", "{0}", "{a", "a}"])
def test_braces_hold_one_name_and_nothing_else(text: str) -> None:
    assert odd_braces(text)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_written_number_reads_back(value: float) -> None:
    assert float(word(value).replace(",", "")) == pytest.approx(value, abs=1e-6, rel=1e-9)


@given(st.text(), st.text())
def test_filling_leaves_the_rest_of_a_text_alone(before: str, after: str) -> None:
    text = before.replace("{", "") + "{a}" + after.replace("{", "")
    filled = fill(text, {"a": 7.0})
    assert filled == text.replace("{a}", "7")
    assert names_in(text) == ("a",)
