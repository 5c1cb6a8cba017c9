"""Figures, marks and days are written the same way everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.renderers.wording import (
    brief,
    change,
    day,
    decimals_of,
    marks,
    number,
    percent,
    slug,
    written,
)
from chunfeng_reports.report import Column, Figure, Row, Table
from chunfeng_reports.worksheets import legal, width


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (0, 0, "0"),
        (1234567.0, 0, "1,234,567"),
        (-5.0, 0, "−5"),
        (-0.0, 0, "0"),
        (-0.04, 1, "0.0"),
        (2467.94, 1, "2,467.9"),
        (12.5, 0, "12.5"),
        (12.00001, 0, "12.0000"),
    ],
)
def test_numbers_are_grouped_and_a_fraction_is_never_rounded_away(
    value: float, decimals: int, words: str
) -> None:
    assert number(value, decimals=decimals) == words


def test_a_change_carries_its_sign() -> None:
    assert [change(value) for value in (1234.0, -56.0, 0.0)] == ["+1,234", "−56", "0"]


def test_a_share_is_shown_as_a_percentage() -> None:
    assert percent(0.125, decimals=1) == "12.5%"
    assert percent(-0.5) == "−50%"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 3))
def test_a_number_can_be_read_back(value: float, decimals: int) -> None:
    words = number(value, decimals=decimals)
    assert float(words.replace(",", "").replace("−", "-")) == pytest.approx(value, abs=0.5)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_slug_is_a_safe_name_and_tells_keys_apart(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.-]*", slug(one))
    assert (slug(one) == slug(other)) == (one == other)


def test_a_safe_key_is_its_own_slug() -> None:
    assert slug("2023-02-01.370102.F1_5_1") == "2023-02-01.370102.F1_5_1"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_legal_text_can_stand_in_xml(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", legal(text))
    legal(text).encode()


def test_each_kind_of_column_has_its_way_of_writing() -> None:
    def cell(kind: str, value: float | str | None) -> str:
        return written(Figure(value=value), Column(key="k", label="列", kind=kind))  # type: ignore[arg-type]

    assert cell("text", "约300") == "约300"
    assert cell("severity", "warning") == "存疑"
    assert cell("code", 370102.0) == "370102"
    assert cell("change", 3.0) == "+3"
    assert cell("figure", None) == cell("figure", float("nan")) == ""
    assert cell("figure", "约300") == "约300"


def test_a_figure_may_have_decimals_of_its_own() -> None:
    column = Column(key="k", label="列", kind="figure", decimals=1)
    assert written(Figure(value=4279.0, decimals=0), column) == "4,279"
    assert decimals_of(Figure(value=1.0), column) == 1


def test_the_marks_of_a_table_stand_worst_first() -> None:
    cells = (Figure(mark="info"), Figure(mark="critical"), Figure())
    columns = tuple(Column(key=key, label=key) for key in "abc")
    table = Table(id="t", columns=columns, rows=(Row(key="r", cells=cells),))
    assert marks(table) == ("critical", "info")


def test_a_due_is_said_as_a_day() -> None:
    assert day("2023-02-01") == "2023年2月1日"
    assert day("整体") == "整体"


def test_chinese_counts_double() -> None:
    assert width("F1 表") == 5


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (999_999, "999,999"),
        (12_345_678, "1,234.6万"),
        (1_234_567_890, "12.35亿"),
        (-2e6, "−200.0万"),
    ],
)
def test_large_figures_are_short_where_room_is(value: float, words: str) -> None:
    assert brief(value) == words
