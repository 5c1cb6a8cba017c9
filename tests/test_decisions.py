"""What a report says has to be seen to: gravest first, each leading to where it is told."""

from __future__ import annotations

import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.findings import Finding, Severity
from chunfeng_reports.report import Section, Table
from chunfeng_reports.tables import decisions
from workbench import Values, dossier_of

FIRST, SECOND = "2023-02-01", "2023-03-01"
LIXIA, SHIZHONG = "370102", "370103"


def everything(desk: Desk, due: str, *, but: tuple[str, ...] = ()) -> Values:
    """Every figure of every unit, but those items of 历下区."""
    asked = [item.code for form in desk.expected_forms(due)
             for item in desk.expected_items(due, form)]  # fmt: skip
    return {
        due: {
            unit: {code: 9.0 for code in asked if unit != LIXIA or code not in but}
            for unit in desk.unit_codes
        }
    }


def doubt(severity: Severity, item: str = "F1_1", region: str = LIXIA) -> Finding:
    return Finding(FIRST, region, "F1", (item,), "r", severity, "请核对")


def told(section: Section) -> list[tuple[str, str]]:
    (table,) = section.blocks
    assert isinstance(table, Table)
    return [(str(row.cells[0].value), str(row.cells[1].value)) for row in table.rows]


def test_a_unit_whose_returns_are_whole_asks_for_nothing(jinan: Desk) -> None:
    section = decisions.of_unit(dossier_of(jinan, FIRST, everything(jinan, FIRST)), LIXIA)
    assert told(section) == []
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert table.empty == "没有需要处理的事项。"


def test_errors_come_before_gaps_and_these_before_doubts(jinan: Desk) -> None:
    values = everything(jinan, FIRST, but=("F1_7",))
    found = [doubt("warning", "F1_2"), doubt("critical"), doubt("info", "F1_3")]
    dossier = dossier_of(jinan, FIRST, values, findings=found)
    assert told(decisions.of_unit(dossier, LIXIA)) == [
        ("退回更正1处错误", "参加企业"),
        ("补填1项", "宣传材料"),
        ("核实1处存疑", "求职者"),
    ]


def test_forms_with_figures_are_chased_apart_from_documents(jinan: Desk) -> None:
    due = "2023-04-01"
    dossier = dossier_of(jinan, due, {due: {LIXIA: {"F1_1": 9.0}}})
    assert [what for what, _ in told(decisions.of_unit(dossier, LIXIA))] == [
        "催报2份",
        "补填9项",
        "催报2份书面材料",
    ]


def test_a_missing_form_is_chased_and_not_verified_as_well(jinan: Desk) -> None:
    whole = tuple(item.code for item in jinan.expected_items(FIRST, "F2"))
    values = everything(jinan, FIRST, but=whole)
    absent = Finding(FIRST, LIXIA, "F2", (), "cells.absent", "warning", "没有收到")
    dossier = dossier_of(jinan, FIRST, values, findings=[absent])
    assert told(decisions.of_unit(dossier, LIXIA)) == [("催报1份", "就业援助月表")]


def test_the_body_hears_of_whom_and_whether_to_submit(jinan: Desk) -> None:
    found = [doubt("critical"), doubt("warning", "F1_2", SHIZHONG)]
    dossier = dossier_of(jinan, FIRST, everything(jinan, FIRST), findings=found)
    assert told(decisions.of_body(dossier)) == [
        ("退回更正1处错误", "历下区1处"),
        ("核实1处存疑", "市中区1处"),
        ("2023年2月3日前上报", "山东省"),
    ]


@pytest.mark.parametrize(
    ("findings", "how"),
    [([], "合计已齐，可以上报。"),
     ([doubt("warning")], "合计已齐，存疑核实后上报。"),
     ([doubt("critical")], "先处理以上错误、缺报和缺项；到期仍未齐的，按暂定数上报并附说明。")],
)  # fmt: skip
def test_what_is_provisional_goes_up_with_a_word_only(
    jinan: Desk, findings: list[Finding], how: str
) -> None:
    dossier = dossier_of(jinan, FIRST, everything(jinan, FIRST), findings=findings)
    (table,) = decisions.of_body(dossier).blocks
    assert isinstance(table, Table)
    assert table.rows[-1].cells[2].value == how


def test_a_due_that_feeds_none_asks_for_no_submission(jinan: Desk) -> None:
    dossier = dossier_of(jinan, SECOND, everything(jinan, SECOND))
    assert told(decisions.of_body(dossier)) == []


def test_of_many_units_six_are_named(jinan: Desk) -> None:
    dossier = dossier_of(jinan, FIRST, {FIRST: {}})
    (what, who), *_ = told(decisions.of_body(dossier))
    assert what == "催报春风行动表15家"
    assert who == "历下区、市中区、槐荫区、天桥区、历城区、长清区等15家"


def test_who_lacks_a_summary_alone_is_not_said_to_lack_the_tables(jinan: Desk) -> None:
    figures = tuple(item.code for item in jinan.expected_items(FIRST, "P"))
    dossier = dossier_of(jinan, FIRST, everything(jinan, FIRST, but=figures))
    assert told(decisions.of_body(dossier))[0] == ("催报阶段总结1家", "历下区")
    (table,) = decisions.of_body(dossier).blocks
    assert isinstance(table, Table)
    assert table.rows[0].cells[2].value == "催报；补报前阶段总结各项的合计不含这些单位。"


def test_a_doubt_on_a_whole_form_that_came_is_to_be_verified(jinan: Desk) -> None:
    whole = Finding(FIRST, LIXIA, "F1", (), "F1.pace", "warning", "像是增量")
    dossier = dossier_of(jinan, FIRST, everything(jinan, FIRST), findings=[whole])
    assert told(decisions.of_unit(dossier, LIXIA)) == [("核实1处存疑", "春风行动表整表")]
    assert told(decisions.of_body(dossier))[0] == ("核实1处存疑", "历下区1处")
