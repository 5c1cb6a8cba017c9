"""A unit over time, how late its returns came, and the calendar that they are held against."""

from __future__ import annotations

from pathlib import Path

import pytest

from chunfeng_reports.calendar import moment
from chunfeng_reports.campaign import Desk
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading import collect_due
from chunfeng_reports.report import Course, Link, Report, Row, Table
from chunfeng_reports.tables import body, course, front, history, unit
from workbench import ROOT, dossier_of

FIRST, SECOND, THIRD = "2023-02-01", "2023-03-01", "2023-04-01"
LIXIA, SHIZHONG = "370102", "370103"
PAGES = {FIRST: "../1.html", SECOND: "../2.html"}
VALUES = {FIRST: {LIXIA: {"F1_1": 9.0}}, SECOND: {LIXIA: {"F1_1": 25.0}}}


def told(desk: Desk, *findings: Finding, pages: dict[str, str] | None = None) -> Report:
    dossiers = {
        due: dossier_of(desk, due, {d: VALUES[d] for d in (FIRST, SECOND) if d <= due},
                        findings=[one for one in findings if one.due <= due])
        for due in (FIRST, SECOND)
    }  # fmt: skip
    return history.of_unit(dossiers, LIXIA, PAGES if pages is None else pages)


def table(report: Report, name: str) -> Table:
    found = (b for s in report.sections for b in s.blocks if isinstance(b, Table) and b.id == name)
    return next(found)


def row(report: Report, name: str, key: str) -> Row:
    return next(one for one in table(report, name).rows if one.key == key)


def test_a_unit_is_seen_over_all_dues_each_figure_leading_to_its_report(jinan: Desk) -> None:
    first, second, change = row(told(jinan), "figures-F1", "F1_1").cells[2:]
    assert (first.value, first.href) == (9.0, "../1.html#src-2023-02-01.370102.F1_1")
    assert (second.value, second.href) == (25.0, "../2.html#src-2023-03-01.370102.F1_1")
    assert change.value == 16.0
    assert [one.href for one in change.operands] == [second.href, first.href]


def test_what_was_not_reported_leads_nowhere_and_says_so(jinan: Desk) -> None:
    report = told(jinan)
    missing = row(report, "figures-F2", "F2_1").cells[2]
    assert (missing.value, missing.note, missing.href) == (None, "未报", "")
    courses = [b for s in report.sections for b in s.blocks if isinstance(b, Course)]
    assert not any(p.href for c in courses for p in c.points if p.value is None)


def test_a_due_without_a_report_leads_nowhere(jinan: Desk) -> None:
    cells = row(told(jinan, pages={SECOND: "../2.html"}), "figures-F1", "F1_1").cells
    assert [cell.href for cell in cells[2:4]] == ["", "../2.html#src-2023-03-01.370102.F1_1"]


def test_each_further_report_has_a_column_of_its_own(jinan: Desk) -> None:
    more = {
        FIRST: [Link(label="小结", href="../a.html")],
        SECOND: [Link(label="简报", href="../b.html"), Link(label="小结", href="../c.html")],
    }
    dossiers = {due: dossier_of(jinan, due, VALUES) for due in more}
    dues = table(history.of_unit(dossiers, LIXIA, PAGES, more=more), "dues")
    assert [column.label for column in dues.columns[-2:]] == ["小结", "简报"]
    assert [[cell.href for cell in one.cells[-2:]] for one in dues.rows] == [
        ["../a.html", ""], ["../c.html", "../b.html"],
    ]  # fmt: skip


def test_the_doubts_that_stand_are_told_latest_due_first(jinan: Desk) -> None:
    doubts = [Finding(due, LIXIA, "F1", ("F1_1",), "r", "critical", f"{due}有误")
              for due in (FIRST, SECOND)]  # fmt: skip
    settled = Finding(SECOND, LIXIA, "F1", ("F1_2",), "r", "warning", "已说明", state="explained")
    rows = table(told(jinan, *doubts, settled), "findings").rows
    assert [one.cells[3].value for one in rows] == ["2023-03-01有误", "2023-02-01有误"]
    assert rows[0].cells[0].href == f"../2.html#finding-{doubts[1].id}"
    assert [r.cells[4].value for r in table(told(jinan, *doubts), "dues").rows] == [1.0, 1.0]


def test_key_figures_run_over_the_dues_and_break_where_none_came(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: {"F1_1": 9.0}}, SECOND: {}, THIRD: {LIXIA: {"F1_1": 25.0}}}
    section = course.of_unit(dossier_of(jinan, THIRD, values), LIXIA)
    first = section.blocks[0]
    assert isinstance(first, Course)
    assert [(p.label, p.value, p.note) for p in first.points] == [
        ("2月1日", 9.0, ""), ("3月1日", None, "未报"), ("4月1日", 25.0, ""),
    ]  # fmt: skip
    assert first.points[0].sources == ("2023-02-01.370102.F1_1",)


def test_a_total_over_the_dues_says_at_each_how_many_are_missing(jinan: Desk) -> None:
    section = course.of_body(dossier_of(jinan, SECOND, VALUES))
    first = section.blocks[0]
    assert isinstance(first, Course)
    assert [(p.value, p.note) for p in first.points] == [(9.0, "缺14家"), (25.0, "缺14家")]
    assert first.points[0].href.startswith("../../../2023-02-01/reports/370100/")


def test_the_first_due_has_no_course(jinan: Desk) -> None:
    (text,) = course.of_unit(dossier_of(jinan, FIRST, {FIRST: {}}), LIXIA).blocks
    assert text.kind == "text"


def test_a_form_is_late_by_the_days_after_its_due(jinan: Desk) -> None:
    came = {(LIXIA, "F1"): "2023-02-03 00:10", (SHIZHONG, "F1"): "2023-02-01 23:59"}
    values = {FIRST: {LIXIA: {"F1_1": 9.0}, SHIZHONG: {"F1_1": 9.0}}}
    dossier = dossier_of(jinan, FIRST, values, received=came)
    assert dossier.late_forms(LIXIA) == {"F1": 2}
    assert dossier.late_forms(SHIZHONG) == {}
    late = body.missing(dossier).blocks[1]
    assert isinstance(late, Table)
    assert [[cell.value for cell in one.cells] for one in late.rows] == [
        ["历下区", "春风行动表", "2023年2月3日00:10", "2天"]
    ]
    missing = unit.missing(dossier, LIXIA).blocks[0]
    assert isinstance(missing, Table)
    assert missing.rows[-1].cells[2].value == "迟报2天（2023年2月3日00:10收到）"


@pytest.mark.parametrize(
    ("at", "words"),
    [("2023-02-03 00:10", "2023年2月3日00:10"), ("2023-02-03 00:00", "2023年2月3日"), ("", "")],
)
def test_a_register_that_tells_the_day_alone_is_shown_without_an_hour(at: str, words: str) -> None:
    assert moment(at) == words


def test_nobody_is_late_where_nothing_was_written_down(jinan: Desk) -> None:
    dossier = dossier_of(jinan, FIRST, {FIRST: {LIXIA: {"F1_1": 9.0}}})
    assert dossier.late_forms(LIXIA) == {}
    assert len(body.missing(dossier).blocks) == 1


def test_the_intake_keeps_when_a_file_came(jinan: Desk, tmp_path: Path) -> None:
    name = "历下区2023年春风行动暨就业援助月统计表.xlsx"
    (tmp_path / name).write_bytes((ROOT / "data" / "raw" / SECOND / name).read_bytes())
    register = f"file,received_at\n{name},2023-03-02T01:30:00+00:00\n"
    (tmp_path / "received.csv").write_text(register, "utf-8")
    rows = collect_due(jinan, SECOND, tmp_path, jobs=0).intake
    assert {(one.file, one.received_at) for one in rows} == {
        (name, "2023-03-02 09:30"), ("received.csv", ""),
    }  # fmt: skip


def test_the_index_keeps_the_calendar_and_who_was_late(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: {"F1_1": 9.0}}}
    known = dossier_of(jinan, FIRST, values, received={(LIXIA, "F1"): "2023-02-02 08:00"})
    index = front.index(jinan, {FIRST: known}, made={}, notes=())
    assert [(one.day, one.what, one.clash) for one in index.days] == [
        ("2023-01-01", "活动开始", ""),
        ("2023-01-16", "报送联络人名单", ""),
        ("2023-02-01", "第一次报送：春风行动表、就业援助月表、阶段总结", ""),
        ("2023-03-01", "第二次报送：春风行动表、就业援助月表、阶段总结", ""),
        ("2023-03-31", "活动结束", ""),
        ("2023-04-01", "整体报送：春风行动表、就业援助月表、残联表、阶段总结、残联总结", "星期六"),
    ]
    assert index.every_week == "每周五16:00前报送本周工作信息，不少于3条。"
    assert index.units[0].cells[0].late == 1
    assert index.units[0].href == "units/370102.html"


def test_a_due_that_is_postponed_says_until_when(jinan: Desk) -> None:
    campaign = jinan.campaign.model_copy(update={"holiday_policy": "postpone"})
    desk = Desk(campaign, jinan.body, jinan.tier)
    assert front.index(desk, {}, made={}, notes=()).days[-1].clash == "星期六，顺延至4月3日"
    came = {(LIXIA, "F1"): "2023-04-04 08:00"}
    known = dossier_of(desk, THIRD, {THIRD: {LIXIA: {"F1_1": 9.0}}}, received=came)
    assert known.late_forms(LIXIA) == {"F1": 1}
