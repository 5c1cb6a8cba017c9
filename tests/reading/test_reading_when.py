"""A return that says it is for another due than the one at which it came is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import form_rows, rules, save_book, save_document, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.reading.words.dues import Dues

FIRST, SECOND, LAST = "2023-02-01", "2023-03-01", "2023-04-01"
TEN = [float(n) for n in range(11, 21)]


@pytest.fixture(scope="module")
def dues(jinan: Desk) -> Dues:
    return Dues(jinan)


def _read(
    campaign: Campaign, desk: Desk, folder: Path, *, name: str = "历下区.xlsx", sheet: str = "表",
    above: tuple[object, ...] = (), below: tuple[object, ...] = (), title: str = "",
    due: str = FIRST,
) -> Collected:  # fmt: skip
    rows = form_rows(campaign, "F1", TEN)
    if title:
        rows[0] = [title]
    if above:
        rows.insert(1, list(above))
    if below:
        rows.append(list(below))
    save_book(folder / due / name, (sheet, rows))
    return collect_due(desk, due, folder / due)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2023年3月1日", {SECOND}), ("2023-03-01", {SECOND}), ("2023.3.1", {SECOND}),
        ("20230301", {SECOND}), ("３月１日报表", {SECOND}), ("三月一日", {SECOND}),
        ("二〇二三年三月一日", {SECOND}), ("第二次", {SECOND}), ("第二阶段", {SECOND}),
        ("第2期", {SECOND}), ("第一次阶段性活动进展情况", {FIRST}), ("整体活动总结", {LAST}),
        ("1月份", {FIRST}), ("3月份", {SECOND, LAST}), ("2023年2月", {FIRST, SECOND}),
        ("2023年1月1日—2023年3月1日", {SECOND}), ("2月1日、3月1日、4月1日", {FIRST, SECOND, LAST}),
        ("2022年3月1日", {"2022-03-01"}),
        ("（3.1）", {SECOND}), ("统计表(0301)", {SECOND}), ("（三月）", {SECOND, LAST}),
        ("第三次", {LAST}), ("截至2月28日", {SECOND}), ("截至2023年1月31日", {FIRST}),
        ("截至2月3日", {FIRST, SECOND}), ("截至13月45日", set()), ("一月至三月", set()),
        ("2月15日", set()), ("1-3月", set()), ("1月至3月", set()), ("第二次更正", set()),
        ("第二次招聘会", set()), ("13月1日", set()), ("上期（2月1日）", set()), ("12月", set()),
        ("2022年3月", set()), ("较2月1日增加", set()),
    ],
)  # fmt: skip
def test_a_heading_names_dues_by_day_ordinal_title_or_month(
    dues: Dues, text: str, named: set[str]
) -> None:
    assert dues.in_heading(text) == named


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("历下区0301", {SECOND}), ("历下区20230301", {SECOND}), ("230301历下区", {SECOND}),
        ("3.1", {SECOND}), ("3-1", {SECOND}), ("370102", set()), ("附件3.1", set()),
        ("0215", set()), ("v3.1", set()), ("1030", set()),
    ],
)  # fmt: skip
def test_a_name_names_a_due_in_digits_as_well(dues: Dues, name: str, named: set[str]) -> None:
    assert dues.in_name(name) == named


@given(st.dates(date(2022, 1, 1), date(2024, 12, 31)))
def test_only_the_days_of_dues_are_dues(dues: Dues, day: date) -> None:
    for text in (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"):
        named = dues.by_day(text)
        assert named == dues.on_day(day)
        assert bool(named) == ((day.month, day.day) in {(2, 1), (3, 1), (4, 1)})
        assert named <= {str(day)}


@pytest.mark.parametrize(
    "said",
    [
        {"title": "2023年春风行动情况统计表（第二次）"}, {"title": "春风行动情况统计表（3月1日）"},
        {"above": ("报送期：2023-03-01",)}, {"above": ("报送期", date(2023, 3, 1))},
        {"above": ("统计截止：", "2023年3月1日")}, {"above": ("数据截至2023年3月1日",)},
        {"above": ("（2023年3月1日）",)}, {"above": ("", date(2023, 3, 1))},
        {"above": ("报送时间：2023年3月1日",)}, {"below": ("统计截至3月1日",)},
        {"sheet": "3月1日"}, {"sheet": "第二次"}, {"sheet": "3.1"}, {"sheet": "3月份"},
        {"name": "历下区0301.xlsx"}, {"name": "历下区3月1日报表.xlsx"},
        {"name": "历下区第二次.xlsx"},
        {"name": "第二阶段/历下区.xlsx"}, {"name": "2023-03-01/历下区.xlsx"},
        {"above": ("报送期：2022年2月1日",)},
    ],
)  # fmt: skip
def test_another_due_named_in_the_file_is_a_doubt_on_every_figure(
    campaign: Campaign, jinan: Desk, tmp_path: Path, said: dict[str, object]
) -> None:
    got = _read(campaign, jinan, tmp_path, **said)  # type: ignore[arg-type]
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.due_disagrees", "warning")])
    assert len(got.findings[0].items) == 10


@pytest.mark.parametrize(
    "said",
    [
        {"title": "2023年春风行动情况统计表（第二次）"}, {"above": ("报送期：2023-03-01",)},
        {"sheet": "3月1日"}, {"name": "历下区0301.xlsx"}, {"sheet": "2月份"},
        {"name": "历下区3月.xlsx"},
        {"above": ("报送期：2023年2月",)}, {"above": ("2023年1月1日—2023年3月1日",)},
        {"above": ("填报时间：2023年2月28日",)}, {"above": ("填报日期", date(2023, 2, 27))},
        {"above": ("项目", "上期数（2月1日）", "本期数")}, {"name": "历下区第一次更正.xlsx"},
        {"below": ("备注：请于2月1日、3月1日、4月1日前将此表信息报至指定邮箱。",)},
        {"above": ("活动时间：2023年1月至3月",)}, {"name": "历下区2023年1-3月.xlsx"},
        {"sheet": "附件1"}, {"name": "370102.xlsx"}, {"below": ("制表日期：2023年2月20日",)},
    ],
)  # fmt: skip
def test_this_due_its_months_and_days_between_dues_are_no_news(
    campaign: Campaign, jinan: Desk, tmp_path: Path, said: dict[str, object]
) -> None:
    got = _read(campaign, jinan, tmp_path, due=SECOND, **said)  # type: ignore[arg-type]
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_every_place_that_names_another_due_is_told_in_one_finding(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    got = _read(campaign, jinan, tmp_path, name="历下区0401.xlsx", sheet="第二次")
    (finding,) = got.findings
    assert "工作表名称“第二次”写的是第二次（2023-03-01）" in finding.message
    assert "文件名“历下区0401”写的是整体（2023-04-01）" in finding.message
    assert (finding.value, finding.expected) == ("2023-03-01、2023-04-01", FIRST)


@pytest.mark.parametrize(("old", "new"), [("2月1日", "3月1日"), ("上期", "本期"), ("1月", "2月")])
def test_a_sheet_of_the_due_before_beside_this_ones_is_no_second_version(
    campaign: Campaign, jinan: Desk, tmp_path: Path, old: str, new: str
) -> None:
    rows = form_rows(campaign, "F1", [1] * 10), form_rows(campaign, "F1", TEN)
    save_book(tmp_path / "历下区.xlsx", (old, rows[0]), (new, rows[1]))
    got = collect_due(jinan, SECOND, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {row.member: row.fate for row in got.intake} == {old: "ignore", new: "counts"}
    assert next(row.reason for row in got.intake if row.fate == "ignore")


def test_of_two_files_the_one_for_this_due_counts_and_the_difference_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "历下区2月1日.xlsx", ("x", form_rows(campaign, "F1", [1] * 10)))
    save_book(tmp_path / "历下区统计表.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    got = collect_due(jinan, SECOND, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.versions_superseded", "warning")])


def test_the_title_of_a_summary_names_its_due(jinan: Desk, tmp_path: Path) -> None:
    save_document(tmp_path / "历下区.docx", "历下区春风行动第一次阶段性活动进展情况",
                  "春风行动期间走访慰问100人次，帮助实现就业20人次。")  # fmt: skip
    told = [f for f in collect_due(jinan, SECOND, tmp_path).findings
            if f.rule == "reading.due_disagrees"]  # fmt: skip
    assert [(f.severity, f.form, f.value) for f in told] == [("warning", "P", FIRST)]
