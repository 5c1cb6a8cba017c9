"""Numbers as people type them are read, or refused; nothing in between."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.reading.grids import Broken, Formula
from chunfeng_reports.reading.words.numbers import Number, as_typed, read_number

FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (236.0, 236), (236, 236), (-1017.0, -1017), (12.5, 12.5),
        ("181", 181), ("-5", -5), ("12.50", 12.5), (" 181 ", 181), ("0", 0),
    ],
)  # fmt: skip
def test_a_plain_number_is_taken_as_it_stands(typed: object, value: float) -> None:
    number = read_number(typed, unit="人")  # type: ignore[arg-type]
    assert (number.state, number.value, number.how) == ("value", value, "typed")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１８３", 183), ("1,249", 1249), ("１，２３４", 1234), ("12,345,678", 12345678),
        ("295个", 295), ("4156 人", 4156), ("3人次", 3), ("'12", 12), ("1.2万", 12000),
        ("1.2万人", 12000), ("3.07万", 30700), ("1 234", 1234), ("12\u00a0", 12),
        ("\u200b7", 7), ("+5", 5), ("−3", -3), ("236（人）", 236), ("007", 7),
    ],
)  # fmt: skip
def test_a_number_that_needs_reading_is_read_and_keeps_what_was_typed(
    typed: str, value: float
) -> None:
    number = read_number(typed, unit="人次" if "次" in typed else "人")
    assert (number.state, number.value, number.raw) == ("value", value, typed)
    assert number.how in {"interpreted", "typed"}
    assert typed.strip() != typed or number.how == "interpreted"


@pytest.mark.parametrize(
    "typed", ["", " ", "　", "/", "／", "—", "——", "-", "–", "无", "暂无", "\\"]
)
def test_an_empty_cell_or_a_dash_is_blank_and_never_nought(typed: str) -> None:
    assert read_number(typed, unit="人") == Number("blank", None, typed.strip())


@pytest.mark.parametrize(
    "typed",
    [
        "三百", "100-200", "1,23", "1,2345", "12 3", "1e5", "1.2E+05", "12%", "O", "一", "零",
        "1.2.3", "5/8", "3天", "见附件", "12人34", "=1+1", "#REF!", "10²", "½", "超300", "100元",
        "1" * 16, float("nan"), float("inf"), 1e15, True, False, date(2023, 2, 1), time(8, 30),
        Broken("#DIV/0!"), Formula("=A1*2", ""),
    ],
)  # fmt: skip
def test_what_is_no_number_without_doubt_is_unreadable(typed: object) -> None:
    number = read_number(typed, unit="人")  # type: ignore[arg-type]
    assert (number.state, number.value) == ("unreadable", None)
    assert number.raw


@pytest.mark.parametrize(
    ("typed", "value"),
    [("约300", 300), ("300左右", 300), ("300余人", 300), ("1.2万余人", 12000), ("近2000人", 2000)],
)
def test_a_round_number_is_read_and_marked_as_one(typed: str, value: float) -> None:
    number = read_number(typed, unit="人")
    assert (number.value, number.how) == (value, "approximate")


@pytest.mark.parametrize(
    ("typed", "value", "how"),
    [
        ("100.5", 100.5, "typed"), ("100.5万元", 100.5, "interpreted"),
        ("100万", 100, "interpreted"), ("1.2亿元", 12000, "interpreted"),
        ("1005000元", 100.5, "from_yuan"),
    ],
)  # fmt: skip
def test_money_is_told_in_ten_thousands(typed: str, value: float, how: str) -> None:
    number = read_number(typed, unit="万元")
    assert (number.value, number.how) == (value, how)


@pytest.mark.parametrize(
    ("typed", "unit", "how"),
    [
        ("12人", "户", "other_unit"), ("12户", "人", "other_unit"), ("12人", "个", "other_unit"),
        ("12个", "份", "interpreted"), ("12户", "家", "interpreted"), ("3次", "场", "interpreted"),
        ("9人", "人次", "other_unit"),
    ],
)  # fmt: skip
def test_a_unit_of_another_kind_is_told(typed: str, unit: str, how: str) -> None:
    assert read_number(typed, unit=unit).how == how


def test_a_formula_has_its_stored_result_and_shows_its_text() -> None:
    assert read_number(Formula("=SUM(B9:B11)", 10.0), unit="场") == Number(
        "value", 10.0, "=SUM(B9:B11)"
    )


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_survives_every_way_of_writing_it(number: int) -> None:
    ways = (number, float(number), str(number), f"{number:,}", f" {number}人 ", f"{number}.0",
            str(number).translate(FULL_WIDTH), f"{number:,}".translate(FULL_WIDTH))  # fmt: skip
    for way in ways:
        assert read_number(way, unit="人").value == number


@given(st.decimals(-9999, 9999, places=4))
def test_ten_thousands_are_exact(number: object) -> None:
    assert read_number(f"{number}万", unit="人").value == float(round(number * 10_000))  # type: ignore[operator]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_and_a_value_needs_a_digit(text: str) -> None:
    number = read_number(text, unit="人")
    assert (number.value is not None) == (number.state == "value")
    if number.state == "value":
        assert any(c in "0123456789０１２３４５６７８９" for c in text)
    if number.state == "unreadable":
        assert number.raw == text


@given(st.integers(0, 10**6), st.integers(0, 9))
def test_misplaced_commas_never_become_a_number(left: int, right: int) -> None:
    assert read_number(f"{left},{right}", unit="人").state == "unreadable"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_stored_number_is_shown_so_that_it_reads_back(number: float) -> None:
    assert float(as_typed(number)) == number
