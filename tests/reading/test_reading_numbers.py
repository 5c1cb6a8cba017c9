"""Numbers as people type them are read, told as doubtful, or refused; nothing in between."""

from __future__ import annotations

import string
from datetime import date, datetime, time, timedelta

import pytest
from cn2an import an2cn  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.reading.grids import Broken, Formula
from chunfeng_reports.reading.words.numbers import Number, as_typed, read_number
from chunfeng_reports.reading.words.numerals import read_numeral

FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
SURE = {"typed", "interpreted"}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (236.0, 236), (236, 236), (-1017.0, -1017), (12.5, 12.5), (-0.0, 0),
        ("181", 181), ("-5", -5), ("12.50", 12.5), (" 181 ", 181), ("0", 0), ("0.0", 0),
    ],
)  # fmt: skip
def test_a_plain_number_is_taken_as_it_stands(typed: object, value: float) -> None:
    number = read_number(typed, unit="人")  # type: ignore[arg-type]
    assert (number.state, number.value, number.how) == ("value", value, "typed")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１８３", 183), ("1,249", 1249), ("１，２３４", 1234), ("12,345,678", 12345678),
        ("2,000.00", 2000), ("295个", 295), ("4156 人", 4156), ("3人次", 3), ("'12", 12),
        ("‘12", 12), ('="300"', 300), ("1.2万", 12000), ("1.2万人", 12000), ("3.07万", 30700),
        ("3亿", 300_000_000), ("5百万", 5_000_000), ("1.5千", 1500), ("1,234万", 12_340_000),
        ("1 234", 1234), ("1\u00a0234", 1234), ("1’234", 1234), ("12\u00a0", 12),
        ("12\u3000人", 12),
        ("\u200b7", 7), ("+5", 5), ("−3", -3), ("负3", -3), ("236（人）", 236), ("12【人】", 12),
        ("12（单位：人）", 12), ("007", 7), ("1．5", 1.5), ("共120人", 120), ("12个岗位", 12),
        ("０", 0), ("0人", 0), ("120\n人", 120),
    ],
)  # fmt: skip
def test_a_number_that_needs_reading_is_read_and_keeps_what_was_typed(
    typed: str, value: float
) -> None:
    number = read_number(typed, unit="人次" if "次" in typed else "人")
    assert (number.state, number.value, number.raw) == ("value", value, typed)
    assert number.how in SURE
    assert typed.strip() != typed or number.how == "interpreted"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("零", 0), ("〇", 0), ("十", 10), ("二十三", 23), ("廿三", 23), ("卅五", 35), ("三百", 300),
        ("三百人", 300), ("一千零五", 1005), ("一千一十", 1010), ("一万五百", 10500),
        ("两百零三", 203), ("十二万", 120_000), ("一亿零二十", 100_000_020), ("三百萬", 3_000_000),
        ("壹佰贰拾叁", 123), ("貳佰", 200), ("二 十 三", 23), ("1万2千", 12000), ("1千零5", 1005),
        ("12万3456", 123_456), ("3亿2000万", 320_000_000), ("一点二万", 12000), ("三点五", 3.5),
    ],
)  # fmt: skip
def test_a_chinese_numeral_is_its_number(typed: str, value: float) -> None:
    assert read_number(typed, unit="人") == Number("value", value, typed, "interpreted")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("一", 1), ("一百二", 120), ("一千二", 1200), ("1万2", 12000), ("十万五", 105_000),
     ("二〇二三", 2023), ("一二三", 123), ("零五", 5)],
)  # fmt: skip
def test_a_numeral_that_may_be_read_otherwise_is_told_as_a_guess(typed: str, value: float) -> None:
    assert read_number(typed, unit="人") == Number("value", value, typed, "guessed")


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "　", "/", "／", "—", "——", "-", "－", "–", "ー", "无", "（无）", "暂无", "\\",
        "没有",
        "无数据", "暂无数据", "未开展", "未举办活动", "本期无", "不涉及", "N/A", "空",
    ],
)  # fmt: skip
def test_an_empty_cell_a_dash_or_a_no_is_blank_and_never_nought(typed: str) -> None:
    assert read_number(typed, unit="人") == Number("blank", None, typed.strip())


@pytest.mark.parametrize(
    "typed",
    [
        "1,23", "1,2345", "1,234,56", "12,34,567", "0,123", "1, 234", "1,234 567", "13,5", "1，2",
        "12 3", "1 2345", "120\n35", "120\n350", "二十\n三", "1e5", "1.2E+05", "0x10", "12%",
        "12？",
        "O", "1O5", "#", "○", "1.2.3", "5/8", "12/15", "3天", "12人34", "12人/3户", "=1+1", "#REF!",
        "10²", "½", "100元", "100-200", "100～200", "300+15", "(5)", "（5）", "—5", "见附件",
        "待定",
        "未报", "未", "3个(含1个)", "120（含高校25）", "120（其中线上20）", "百", "百余", "几十",
        "点五", "三五", "三四十", "两三百", "一一", "一一一", "一万零", "二百三百", "三成",
        "1" * 16, "9" * 60, float("nan"), float("inf"), 1e15, True, False, date(2023, 2, 1),
        datetime.fromisoformat("2023-02-01"), time(8, 30), timedelta(hours=30), Broken("#DIV/0!"),
        Formula("=A1*2", ""),
    ],
)  # fmt: skip
def test_what_is_no_one_number_without_doubt_is_unreadable(typed: object) -> None:
    number = read_number(typed, unit="人")  # type: ignore[arg-type]
    assert (number.state, number.value) == ("unreadable", None)
    assert number.raw


@pytest.mark.parametrize(
    "typed",
    [
        "约300", "近300人", "将近300", "300左右", "300余", "300余人", "300多人", "三百余",
        "三百多人",
        "300+", "300人+", "＞300", ">=300", "≥300", "不足300", "超300", "300以上", "300人上下",
        "大约300人左右", "~300",
    ],
)  # fmt: skip
def test_a_round_number_is_read_and_marked_as_one(typed: str) -> None:
    assert read_number(typed, unit="人") == Number("value", 300, typed, "approximate")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.2万余人", 12000), ("1万余", 10000), ("三十多万", 300_000), ("近2千人", 2000)],
)
def test_a_round_number_may_stand_in_ten_thousands(typed: str, value: float) -> None:
    assert read_number(typed, unit="人") == Number("value", value, typed, "approximate")


@pytest.mark.parametrize("typed", ["120①", "120*", "120※", "120（含高校）", "120人(预计)", "120。"])
def test_a_mark_or_a_remark_beside_a_number_is_told(typed: str) -> None:
    assert read_number(typed, unit="人") == Number("value", 120, typed, "annotated")


@pytest.mark.parametrize(
    ("typed", "value", "how"),
    [
        ("100.5", 100.5, "typed"), ("100.5万元", 100.5, "interpreted"),
        ("100万", 100, "interpreted"), ("1.2亿元", 12000, "interpreted"),
        ("三百万元", 300, "interpreted"), ("五十", 50, "interpreted"),
        ("1005000元", 100.5, "from_yuan"), ("1,005,000元", 100.5, "from_yuan"),
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
        ("9人", "人次", "other_unit"), ("9人次", "人", "other_unit"), ("二十户", "人",
        "other_unit"),
        ("35家企业", "家", "interpreted"), ("12人（次）", "人次", "interpreted"),
    ],
)  # fmt: skip
def test_a_unit_of_another_kind_is_told(typed: str, unit: str, how: str) -> None:
    assert read_number(typed, unit=unit).how == how


def test_a_formula_has_its_stored_result_and_shows_its_text() -> None:
    assert read_number(Formula("=SUM(B9:B11)", 10.0), unit="场") == Number(
        "value", 10.0, "=SUM(B9:B11)"
    )


@pytest.mark.parametrize(
    ("stored", "seen"),
    [(235.99999999999997, 236), (0.1 + 0.2, 0.3), (235.9999999995, 236), (12.5, 12.5),
     (235.9999, 235.9999)],
)  # fmt: skip
def test_noise_in_the_last_binary_digits_is_no_fraction(stored: float, seen: float) -> None:
    assert read_number(stored, unit="人") == Number("value", seen, as_typed(seen))
    assert read_number(repr(stored), unit="人").value == seen


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_survives_every_way_of_writing_it(number: int) -> None:
    spaced = f"{number:,}".replace(",", "\u00a0")
    ways = (number, float(number), str(number), f"{number:,}", f" {number}人 ", f"{number}.0",
            str(number).translate(FULL_WIDTH), f"{number:,}".translate(FULL_WIDTH), spaced,
            f"'{number}", f"{number:,}.00", f"{number}\u3000（人）")  # fmt: skip
    for way in ways:
        read = read_number(way, unit="人")
        assert (read.value, read.how in SURE) == (number, True), way


@given(st.integers(0, 10**8))
def test_every_whole_number_survives_being_written_in_words(number: int) -> None:
    for style in ("low", "up"):
        words = an2cn(number, style)
        numeral = read_numeral(words)
        assert numeral is not None, words
        assert (int(numeral.value), numeral.sure) == (number, True)
    read = read_number(an2cn(number) + "人", unit="人")
    assert (read.value, read.how) == (number, "interpreted")


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_digits_among_powers_are_as_good_as_words(ten_thousands: int, rest: int) -> None:
    words = f"{ten_thousands}万{an2cn(rest)}" if rest > 999 else f"{ten_thousands}万零{an2cn(rest)}"
    numeral = read_numeral(words)
    assert numeral is not None
    assert (int(numeral.value), numeral.sure) == (ten_thousands * 10_000 + rest, True)


@given(st.text(alphabet="零〇一二三四五六七八九十百千万亿两廿点0123456789", min_size=1, max_size=8))
def test_a_numeral_that_is_sure_says_its_number_and_no_other(text: str) -> None:
    numeral = read_numeral(text)
    if numeral is None or not numeral.sure or "点" in text:
        return
    again = read_numeral(an2cn(int(numeral.value)))
    assert again is not None
    assert again.value == numeral.value
    assert not text.isdecimal()


@given(st.decimals(-9999, 9999, places=4))
def test_ten_thousands_are_exact(number: object) -> None:
    assert read_number(f"{number}万", unit="人").value == float(round(number * 10_000))  # type: ignore[operator]


@given(st.integers(1, 10**9), st.sampled_from(["约{}", "{}左右", "{}余", "{}多人", "{}+", "≥{}"]))
def test_no_round_number_passes_as_an_exact_one(number: int, style: str) -> None:
    read = read_number(style.format(number), unit="人")
    assert (read.value, read.how) == (number, "approximate")


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from("-+/、~；;&|^ \n"))
def test_two_numbers_are_never_one(left: int, right: int, mark: str) -> None:
    thousands = mark == " " and 0 < left < 1000 and 100 <= right < 1000
    read = read_number(f"{left}{mark}{right}", unit="人")
    assert thousands or (read.state, read.value) == ("unreadable", None)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_and_a_value_needs_a_digit(text: str) -> None:
    number = read_number(text, unit="人")
    assert (number.value is not None) == (number.state == "value")
    if number.state == "value":
        assert any(c in "0123456789０１２３４５６７８９零〇一二三四五六七八九十廿卅" for c in text)
    if number.state == "unreadable":
        assert number.raw == text


@given(st.text(alphabet=string.digits + ",. 人约余万+-()百二", max_size=12))
def test_what_was_not_typed_as_a_plain_number_is_flagged(text: str) -> None:
    number = read_number(text, unit="人")
    if number.state == "value" and number.how == "typed":
        assert float(text) == number.value


@given(st.integers(0, 10**6), st.integers(0, 9))
def test_misplaced_commas_never_become_a_number(left: int, right: int) -> None:
    assert read_number(f"{left},{right}", unit="人").state == "unreadable"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_stored_number_is_shown_so_that_it_reads_back(number: float) -> None:
    assert float(as_typed(number)) == number
