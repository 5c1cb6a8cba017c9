"""What reports ask of the dossier: changes, places and shares that no doubtful figure bends."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import UseError
from chunfeng_reports.explanations import Explanation, Verdict, explanations_frame
from chunfeng_reports.facts import Fact, Received, facts_frame, intake_frame
from chunfeng_reports.findings import Finding, Severity, Standing, findings_frame
from chunfeng_reports.report import Table
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.tables import Dossier, body, changes, quality, unit
from chunfeng_reports.tables.figures import (
    change_figure,
    counted_wrong,
    matched_change_figure,
    total_figure,
)

FIRST, SECOND, THIRD = "2023-02-01", "2023-03-01", "2023-04-01"
LIXIA, SHIZHONG, HUAIYIN = "370102", "370103", "370104"

Values = dict[str, dict[str, float]]  # due → unit → value of F1_1


def _dossier(desk: Desk, due: str, values: Values, *findings: Finding) -> Dossier:
    """What is known at a due if F1 came with one figure in it; everything else is absent."""
    facts = [
        Fact(when, code, "F1", item.code, *_figure(values[when].get(code), item.code))
        for when in values
        for code in desk.unit_codes
        for item in desk.expected_items(when, "F1")
    ]
    came = [Received(due, "a.xlsx", "", "0", code, "F1", "rows", "counts") for code in values[due]]
    frame, found = facts_frame(facts), findings_frame(findings)
    rollup = pd.concat([roll_up(desk, when, frame, found) for when in values], ignore_index=True)
    return Dossier(
        desk=desk, due=due, facts=frame, intake=intake_frame(came), findings=found,
        outcomes=pd.DataFrame(), rollup=rollup, rules={},
    )  # fmt: skip


def _figure(value: float | None, item: str) -> tuple[float | None, str]:
    if value is None:
        return None, "absent"
    return (value, "value") if item == "F1_1" else (1.0, "value")


def _doubt(due: str, region: str, severity: Severity) -> Finding:
    return Finding(due, region, "F1", ("F1_1",), "r", severity, "请核对")


def test_a_change_is_since_the_last_figure_and_says_when_that_was(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0}, SECOND: {SHIZHONG: 1.0}, THIRD: {LIXIA: 25.0}}
    dossier = _dossier(jinan, THIRD, values)
    item = jinan.campaign.item_by_code["F1_1"]
    assert dossier.last(LIXIA, "F1_1") == (FIRST, 10.0)
    assert dossier.change(LIXIA, item) == 15.0
    table = unit.figures(dossier, LIXIA).blocks[0]
    row = next(r for r in table.rows if r.key == "F1_1")  # type: ignore[union-attr]
    assert (row.cells[3].value, row.cells[3].note) == (10.0, "2月1日报")


@pytest.mark.parametrize("due", [FIRST, SECOND])
def test_there_is_no_change_from_or_to_a_figure_with_an_error(jinan: Desk, due: str) -> None:
    values = {FIRST: {LIXIA: -10.0}, SECOND: {LIXIA: 25.0}}
    dossier = _dossier(jinan, SECOND, values, _doubt(due, LIXIA, "critical"))
    item = jinan.campaign.item_by_code["F1_1"]
    assert dossier.change(LIXIA, item) is None
    assert dossier.matched_change("370100", item) is None
    row = unit.figures(dossier, LIXIA).blocks[0].rows[0]  # type: ignore[union-attr]
    assert row.cells[4].note == "有错误，不比较"


def test_questions_take_codes_and_names_alike(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0}, SECOND: {LIXIA: 25.0, SHIZHONG: 5.0}}
    dossier = _dossier(jinan, SECOND, values, _doubt(SECOND, SHIZHONG, "warning"))
    assert dossier.value("历下", "参加企业") == dossier.value(LIXIA, "F1_1") == 25.0
    assert dossier.value("历下区", "F1_1", due=FIRST) == 10.0
    assert dossier.state("槐荫区", "参加企业") == "未报"
    assert dossier.change("历下区", "参加企业") == dossier.change(LIXIA, "F1_1") == 15.0
    assert dossier.matched_change("370100", "F1_1") == 15.0
    assert dossier.rank("历下区", "参加企业") == (1, 1)
    assert dossier.mark("市中区", "参加企业") == dossier.mark(SHIZHONG, "F1_1") == "warning"
    assert dossier.open_counts("市中区")["warning"] == 1
    assert dossier.missing_forms("历下区") == dossier.missing_forms(LIXIA) != ()
    assert dossier.gaps("历下区") == dossier.gaps(LIXIA)
    assert unit.report(dossier, 370102) == unit.report(dossier, LIXIA)


def test_no_question_is_answered_for_a_unit_or_an_item_that_is_none(jinan: Desk) -> None:
    dossier = _dossier(jinan, SECOND, {FIRST: {LIXIA: 10.0}, SECOND: {}})
    for ask in (dossier.value, dossier.state, dossier.last, dossier.change, dossier.mark,
                dossier.rank):  # fmt: skip
        with pytest.raises(UseError, match="没有济南市的报送单位“历夏”；相近的：370102 历下区"):
            ask("历夏", "F1_1")
        with pytest.raises(UseError, match="指标“F9_9”"):
            ask(LIXIA, "F9_9")
    for about in (dossier.missing_forms, dossier.gaps, dossier.open_counts, dossier.late_forms,
                  dossier.findings_on, dossier.unsettled):  # fmt: skip
        with pytest.raises(UseError, match="没有济南市的报送单位“370202”"):
            about("370202")
    with pytest.raises(UseError, match="济南市（370100）自己，不是报送单位"):
        dossier.value("370100", "F1_1")
    with pytest.raises(UseError, match="370102 不是汇总的地区；可用：370100"):
        dossier.matched_change(LIXIA, "F1_1")


def test_a_total_changes_by_what_its_units_changed(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0, SHIZHONG: 5.0}, SECOND: {LIXIA: 12.0, HUAIYIN: 100.0}}
    dossier = _dossier(jinan, SECOND, values)
    assert dossier.matched_change("370100", jinan.campaign.item_by_code["F1_1"]) == 2.0


def _changes(dossier: Dossier, form: str = "F1") -> Table:
    tables = (block for block in changes.changes(dossier).blocks if isinstance(block, Table))
    return next(table for table in tables if table.id == f"changes-{form}")


def test_changes_of_all_units_say_since_when_and_why_there_are_none(jinan: Desk) -> None:
    values = {
        FIRST: {LIXIA: 10.0, SHIZHONG: 5.0},
        SECOND: {SHIZHONG: 6.0},
        THIRD: {LIXIA: 25.0, SHIZHONG: 9.0, HUAIYIN: 1.0},
    }
    dossier = _dossier(jinan, THIRD, values, _doubt(THIRD, SHIZHONG, "critical"))
    table = _changes(dossier)
    first = {row.key: (row.cells[1].value, row.cells[1].note) for row in table.rows}
    assert first[LIXIA] == (15.0, "比2月1日")  # nothing came at the due before
    assert first[SHIZHONG] == (None, "有错误，不比较")
    assert first[HUAIYIN] == (None, "首次报数")
    assert first["370105"] == (None, "未报")
    assert first["370100"] == (15.0, "1家比2月1日")
    (doubted,) = [row.cells[1] for row in table.rows if row.cells[1].mark]
    assert (doubted.mark, doubted.finding[:8]) == ("critical", "finding-")
    second = {row.key: (row.cells[2].value, row.cells[2].note) for row in table.rows}
    assert second[SHIZHONG] == (0.0, "")
    assert [row.strong for row in table.rows if row.key == "370100"] == [True]


def test_changes_stand_in_the_workbook_alone_and_only_after_the_first_due(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0}, SECOND: {LIXIA: 12.0}}
    table = _changes(_dossier(jinan, SECOND, values))
    assert (table.hidden, table.sheet) == (True, "增减 春风行动表")
    third = changes.changes(_dossier(jinan, THIRD, {**values, THIRD: {LIXIA: 13.0}}))
    assert [getattr(block, "id", "") for block in third.blocks] == ["changes-F1", "changes-F2"]
    first = changes.changes(_dossier(jinan, FIRST, values))
    assert [block.kind for block in first.blocks] == ["text"]


def test_stage_figures_have_no_column_of_changes(jinan: Desk) -> None:
    tables = changes.changes(_dossier(jinan, SECOND, {FIRST: {}, SECOND: {}})).blocks
    columns = [column.key for table in tables for column in table.columns]  # type: ignore[union-attr]
    assert "F1_1" in columns
    assert "P_visits" not in columns


def test_stage_figures_are_not_compared(jinan: Desk) -> None:
    facts = facts_frame(
        Fact(due, LIXIA, "P", "P_visits", value, "value")
        for due, value in ((FIRST, 10.0), (SECOND, 4.0))
    )
    empty = _dossier(jinan, SECOND, {FIRST: {}, SECOND: {}})
    dossier = replace(empty, facts=facts)
    assert dossier.change(LIXIA, jinan.campaign.item_by_code["P_visits"]) is None


@pytest.mark.parametrize("severity", ["warning", "critical"])
def test_a_doubtful_figure_has_no_place_and_bends_nobody_elses(
    jinan: Desk, severity: Severity
) -> None:
    values = {FIRST: {LIXIA: 10.0, SHIZHONG: 5.0, HUAIYIN: 99999.0}}
    dossier = _dossier(jinan, FIRST, values, _doubt(FIRST, HUAIYIN, severity))
    assert dossier.rank(HUAIYIN, "F1_1") is None
    assert dossier.rank(LIXIA, "F1_1") == (1, 2)
    row = unit.figures(dossier, LIXIA).blocks[0].rows[0]  # type: ignore[union-attr]
    assert row.cells[3].value is None, "no share of a total with a doubtful part"


def test_equal_figures_share_a_place(jinan: Desk) -> None:
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 7.0, SHIZHONG: 7.0, HUAIYIN: 3.0}})
    assert dossier.rank(SHIZHONG, "F1_1") == (1, 3)
    assert dossier.rank(HUAIYIN, "F1_1") == (3, 3)


def test_no_bounds_are_shown_for_a_total_with_doubtful_parts(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0, SHIZHONG: 5.0}}
    sound = body.totals(_dossier(jinan, FIRST, values)).blocks[0].rows[0]  # type: ignore[union-attr]
    assert sound.cells[5].value == "不少于15"
    doubted = _dossier(jinan, FIRST, values, _doubt(FIRST, LIXIA, "warning"))
    row = body.totals(doubted).blocks[0].rows[0]  # type: ignore[union-attr]
    assert row.cells[5].value == "有错误或存疑，不推算"
    assert (row.cells[2].mark, row.cells[8].value) == ("warning", "历下区")


def test_a_unit_is_final_only_without_gaps_and_errors(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0}}
    assert _dossier(jinan, FIRST, values).unsettled(LIXIA) == ["就业援助月表、阶段总结未报"]
    doubted = _dossier(jinan, FIRST, values, _doubt(FIRST, LIXIA, "critical"))
    assert doubted.unsettled(LIXIA)[-1] == "1处错误待更正"
    warned = _dossier(jinan, FIRST, values, _doubt(FIRST, LIXIA, "warning"))
    assert warned.unsettled(LIXIA) == ["就业援助月表、阶段总结未报"]
    assert any("存疑" in words for words in unit.report(warned, LIXIA).remarks)


def test_a_document_without_figures_holds_nothing_up_but_is_told(jinan: Desk) -> None:
    dossier = _dossier(jinan, THIRD, {THIRD: {LIXIA: 10.0}})
    report = unit.report(dossier, LIXIA)
    assert not any("残联总结" in reason for reason in report.reasons)
    assert "阶段总结、残联总结未报" in report.remarks


@pytest.mark.parametrize("section", [unit.report, unit.key_figures, unit.figures, unit.findings,
                                     unit.missing, unit.notes, unit.sources])  # fmt: skip
def test_a_region_that_is_none_is_refused_by_every_section(jinan: Desk, section: object) -> None:
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 10.0}})
    with pytest.raises(UseError, match="370102"):
        section(dossier, "历下区")  # type: ignore[operator]


def test_doubts_on_figures_stand_before_stray_files(jinan: Desk) -> None:
    stray = Finding(FIRST, "370100", "", (), "reading.refused", "warning", "打不开", about="x")
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 1.0}}, stray, _doubt(FIRST, LIXIA, "warning"))
    rows = quality.findings(dossier).blocks[0].rows  # type: ignore[union-attr]
    assert [row.cells[1].value for row in rows] == ["历下区", "单位不明"]


def test_every_total_is_marked_with_the_doubt_that_it_stands_for(jinan: Desk) -> None:
    doubt = _doubt(FIRST, LIXIA, "critical")
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: -3.0, SHIZHONG: 5.0}}, doubt)
    total = body.totals(dossier).blocks[0].rows[0].cells[2]  # type: ignore[union-attr]
    assert (total.value, total.mark, total.finding) == (2.0, "critical", f"finding-{doubt.id}")
    form = next(b for b in body.totals(dossier).blocks if b.kind == "form")
    words = [str(cell.value) for cell in form.plan.cells]
    assert any("参加企业（历下区）" in text and "有错误" in text for text in words)


@pytest.mark.parametrize(
    ("state", "stands"),
    [("open", True), ("lapsed", True), ("explained", False), ("waived", False)],
)
def test_a_doubt_counts_and_marks_until_it_is_settled(
    jinan: Desk, state: Standing, stands: bool
) -> None:
    doubt = replace(_doubt(FIRST, LIXIA, "critical"), state=state)
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 5.0, SHIZHONG: 2.0}}, doubt)
    assert dossier.open_counts(LIXIA)["critical"] == int(stands)
    assert (dossier.mark(LIXIA, "F1_1") == "critical") is stands
    assert (dossier.rank(LIXIA, "F1_1") is None) is stands
    assert any("错误" in why for why in dossier.unsettled(LIXIA)) is stands
    assert (dossier.total[FIRST, "370100", "F1_1"].doubted == LIXIA) is stands


def test_settled_findings_come_last_with_what_was_said(jinan: Desk) -> None:
    waived = replace(_doubt(FIRST, LIXIA, "critical"), state="waived")
    open_ = replace(_doubt(FIRST, LIXIA, "info"), rule="s")
    said = Explanation(FIRST, LIXIA, waived.id, "5", "=1+1 节后返岗", "市局")
    frame = explanations_frame([Verdict(said, "waived", "市局已审批")])
    known = _dossier(jinan, FIRST, {FIRST: {LIXIA: 5.0}}, waived, open_)
    dossier = replace(known, explanations=frame)
    for section in (unit.findings(dossier, LIXIA), quality.findings(dossier)):
        table = section.blocks[0]
        assert isinstance(table, Table)
        heads = [column.label for column in table.columns]
        rows = [
            {head: cell.value for head, cell in zip(heads, row.cells, strict=True)}
            for row in table.rows
        ]
        assert [row["状态"] for row in rows] == ["待处理", "已核准"]
        assert [row["单位说明"] for row in rows] == ["", "=1+1 节后返岗（市局已审批）"]
        assert [row["问题编号"] for row in rows] == [open_.id, waived.id]


def test_without_explanations_findings_have_no_columns_for_them(jinan: Desk) -> None:
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 5.0}}, _doubt(FIRST, LIXIA, "warning"))
    table = unit.findings(dossier, LIXIA).blocks[0]
    assert isinstance(table, Table)
    assert not {"state", "words"} & {column.key for column in table.columns}


def test_a_change_from_or_to_a_figure_in_doubt_carries_its_mark(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0, SHIZHONG: 5.0}, SECOND: {LIXIA: 12.0, SHIZHONG: 6.0}}
    item = jinan.campaign.item_by_code["F1_1"]
    for due in (FIRST, SECOND):
        dossier = _dossier(jinan, SECOND, values, _doubt(due, LIXIA, "warning"))
        assert change_figure(dossier, LIXIA, item).mark == "warning"
        assert change_figure(dossier, SHIZHONG, item).mark is None
        assert matched_change_figure(dossier, "370100", item).mark == "warning"


def test_a_total_of_changes_says_how_many_are_since_an_earlier_due(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0}, SECOND: {SHIZHONG: 5.0}, THIRD: {LIXIA: 25.0, SHIZHONG: 9.0}}
    dossier = _dossier(jinan, THIRD, values)
    figure = matched_change_figure(dossier, "370100", jinan.campaign.item_by_code["F1_1"])
    assert (figure.value, figure.note) == (19.0, "1家比2月1日")


def test_what_could_not_be_read_is_not_said_to_be_counted(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: 10.0, SHIZHONG: -5.0}}
    doubts = [_doubt(FIRST, unit, "critical") for unit in (SHIZHONG, HUAIYIN)]
    dossier = _dossier(jinan, FIRST, values, *doubts)
    total = dossier.total[FIRST, "370100", "F1_1"]
    assert counted_wrong(dossier, total) == (SHIZHONG,)
    assert total_figure(dossier, total).note == "缺13家，含1家错误"


def test_the_units_table_ends_with_the_totals_that_lead_to_what_they_lack(jinan: Desk) -> None:
    table = body.units(_dossier(jinan, FIRST, {FIRST: {LIXIA: 10.0, SHIZHONG: 5.0}})).blocks[0]
    assert isinstance(table, Table)
    last = table.rows[-1]
    assert (last.strong, last.cells[0].value, last.cells[1].value) == (True, "合计", 15.0)
    assert last.cells[1].href == "#t-totals-F1"


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_a_source_tells_what_was_found_on_the_figure(jinan: Desk, severity: Severity) -> None:
    doubt = _doubt(FIRST, LIXIA, severity)
    dossier = _dossier(jinan, FIRST, {FIRST: {LIXIA: 10.0}}, doubt)
    table = unit.sources(dossier, LIXIA).blocks[0]
    assert isinstance(table, Table)
    at = [column.key for column in table.columns].index("doubt")
    told = {row.key: row.cells[at] for row in table.rows}
    found = told[f"{FIRST}.{LIXIA}.F1_1"]
    assert (found.mark, found.finding) == (severity, f"finding-{doubt.id}")
    assert told[f"{FIRST}.{LIXIA}.F1_2"].mark is None
