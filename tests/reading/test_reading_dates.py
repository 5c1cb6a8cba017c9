"""The day on which a form was filled in is read however it is written; it is not the due."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import form_rows, rules, save_book, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.grids import Formula, Grid
from chunfeng_reports.reading.layouts.filling import filled_in
from chunfeng_reports.reading.recognised import FilledIn, Recognised
from chunfeng_reports.reading.when import filling_doubts
from chunfeng_reports.reading.words.dates import read_day

TEN = [31, 1200, 800, 900, 12, 6, 6, 0, 300, 1500]
FIRST = date(2023, 2, 1)
WITH_TIME = datetime.fromisoformat("2023-02-01T16:30")


@pytest.mark.parametrize(
    "typed",
    [
        "2023年2月1日", "2023年02月01日", "２０２３年２月１日", "2023 年 2 月 1 日", "2023.2.1",
        "2023/02/01", "2023-02-01", "2023-02-01 16:30", "2023-02-01T16:30:00", "23.2.1",
        "2023年2月1日（星期三）", "2023年2月1日16时30分", "二〇二三年二月一日", "二○二三年二月一日",
        "二零二三年二月一日", "2月1日", "2月1号", "20230201", "44958", 44958, 44958.0, 44958.6875,
        date(2023, 2, 1), WITH_TIME, Formula("=TODAY()", 44958.0),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed: object) -> None:
    assert read_day(typed, year=2023) == FIRST  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed", ["", "待定", "2023年2月", "2023-02-30", "二月初一", 12, 120.5, True, 10**9, "13800"]
)
def test_what_names_no_day_is_none(typed: object) -> None:
    assert read_day(typed, year=2023) is None  # type: ignore[arg-type]


def test_old_macs_count_days_from_1904() -> None:
    assert read_day(43496, since_1904=True, year=2023) == FIRST
    assert read_day("43496", since_1904=True, year=2023) == FIRST


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    ways = (
        day,
        str(day),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        (day - date(1899, 12, 30)).days,
    )
    assert {read_day(way, year=day.year) for way in ways} == {day}
    assert read_day(f"{day.month}月{day.day}日", year=day.year) == day


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    day = read_day(text, year=2023)
    assert day is None or isinstance(day, date)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (["填报时间：2023年2月1日"], "A1"),
        (["填报人：", "", "填表日期", "", FIRST], "E1"),
        (["单位负责人：    填报日期：2023.2.1   联系电话："], "A1"),
        (["填 报 时 间", 44958.0], "B1"),
        (["制表时间:", "2023-02-01"], "B1"),
    ],
)
def test_the_day_stands_in_the_label_or_beside_it(row: list[str], cell: str) -> None:
    found = filled_in(Grid("x", (tuple(row),)), range(1), year=2023)
    assert found == FilledIn("2023-02-01", FIRST, cell)


def test_the_day_may_stand_under_its_head() -> None:
    grid = Grid("x", (("区县", "填报时间", "备注"), ("历下区", FIRST, "")))
    assert filled_in(grid, range(2), year=2023) == FilledIn("2023-02-01", FIRST, "B2")


@pytest.mark.parametrize(
    "row",
    [
        ["填报时间：   年  月  日"], ["填报时间：2023年 月 日"], ["填报时间", "2023年  月  日"],
        ["填报时间", "填报人："], ["填报时间："], ["填报时间", 12.0],
        ["请于2月1日前填报"], ["备注：填报时间要求为2月1日前"],
        ["填报时间：", "", "", "", "", "", FIRST],
        ["填报时间", 13_800_138_000.0],
    ],
)  # fmt: skip
def test_no_day_is_made_of_what_is_none(row: list[str]) -> None:
    assert filled_in(Grid("x", (tuple(row),)), range(1), year=2023) is None


def test_what_was_meant_as_a_day_is_kept_without_what_follows_it() -> None:
    found = filled_in(Grid("x", (("填报时间：2月31日 填报人：某某",),)), range(1), year=2023)
    assert found == FilledIn("2月31日", None, "A1")


@pytest.mark.parametrize(
    ("form", "due", "day", "severity"),
    [
        ("F1", "2023-02-01", "2023-01-30", None),
        ("F1", "2023-02-01", "2023-02-09", None),
        ("F1", "2023-02-01", "2022-01-30", "warning"),
        ("F1", "2023-03-01", "2023-02-01", "info"),
        ("F1", "2023-03-01", "2023-02-02", None),
        ("F3", "2023-04-01", "2023-02-27", None),
        ("F3", "2023-04-01", None, "info"),
    ],
)
def test_a_form_filled_in_before_the_last_due_is_doubted(
    jinan: Desk, form: str, due: str, day: str | None, severity: str | None
) -> None:
    """F3 is asked for once: nothing earlier could have been sent again."""
    filled = FilledIn(day or "2月31日", date.fromisoformat(day) if day else None, "B15")
    found = Recognised(form, "rows", "x", {}, filled=filled)
    doubts = filling_doubts(found, jinan, due)
    assert [(d.rule, d.severity, d.cell) for d in doubts] == (
        [("reading.filled_in", severity, "B15")] if severity else []
    )
    assert filling_doubts(Recognised(form, "rows", "x", {}), jinan, due) == ()


@pytest.mark.parametrize("day", [FIRST, 44958, "2023年2月1日", "44958"])
@pytest.mark.parametrize("where", ["top", "bottom"])
def test_the_day_is_never_taken_for_a_figure(
    campaign: Campaign, jinan: Desk, tmp_path: Path, day: object, where: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows.insert(2 if where == "top" else len(rows), ["填报时间", day])
    save_book(tmp_path / "a.xlsx", ("x", rows))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert values(got, "F1") == TEN
    assert rules(got) == []
