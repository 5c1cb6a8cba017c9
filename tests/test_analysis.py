"""Analysis: what is known as pandas tables that agree with the reports, and tables as sections."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from sample_report import empty_report

from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import UseError
from chunfeng_reports.facts import Fact, facts_frame, intake_frame
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.renderers import excel
from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.report import Section
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.tables import Dossier, analysis

FIRST, SECOND = "2023-02-01", "2023-03-01"
LIXIA, SHIZHONG, HUAIYIN = "370102", "370103", "370104"


def known(desk: Desk, *doubts: Finding) -> Dossier:
    """Two dues at which some units gave F1_1; 历下 gave it twice, 槐荫 left it blank at last."""
    told = {(FIRST, LIXIA): 10.0, (SECOND, LIXIA): 30.0, (SECOND, SHIZHONG): 60.0}
    facts = facts_frame(
        Fact(due, unit, "F1", "F1_1", told.get((due, unit)), _state(due, unit, told))
        for due in (FIRST, SECOND)
        for unit in desk.unit_codes
    )
    found = findings_frame(doubts)
    totals = [roll_up(desk, due, facts, found) for due in (FIRST, SECOND)]
    return Dossier(
        desk=desk, due=SECOND, facts=facts, intake=intake_frame([]), findings=found,
        outcomes=pd.DataFrame(), rollup=pd.concat(totals, ignore_index=True), rules={},
    )  # fmt: skip


def _state(due: str, unit: str, told: dict[tuple[str, str], float]) -> str:
    if (due, unit) in told:
        return "value"
    return "blank" if (due, unit) == (SECOND, HUAIYIN) else "absent"


def test_units_stand_side_by_side_largest_first_and_all_of_them(jinan: Desk) -> None:
    table = analysis.compare(known(jinan), "F1_1")
    assert tuple(table.columns) == analysis.COMPARED_COLUMNS
    assert sorted(table["region"]) == sorted(jinan.expected_units(SECOND, "F1"))
    assert list(table["unit"][:2]) == ["市中区", "历下区"]
    assert list(table["place"][:2]) == [1, 2]
    assert list(table["share"][:2]) == [0.667, 0.333], "as the reports have them"
    rows = table.set_index("region")
    assert rows.loc[LIXIA, "change"] == 20.0
    assert pd.isna(rows.loc[SHIZHONG, "change"]), "no figure before to compare with"
    assert (rows.loc[HUAIYIN, "state"], rows.loc["370105", "state"]) == ("blank", "absent")
    assert rows.loc[HUAIYIN, ["value", "share", "place", "change"]].isna().all(), "blank is no 0"


def test_a_figure_in_doubt_is_shown_and_bends_nothing(jinan: Desk) -> None:
    doubt = Finding(SECOND, SHIZHONG, "F1", ("F1_1",), "r", "critical", "请核对")
    rows = analysis.compare(known(jinan, doubt), "F1_1").set_index("region")
    assert (rows.loc[SHIZHONG, "value"], rows.loc[SHIZHONG, "mark"]) == (60.0, "critical")
    assert pd.isna(rows.loc[SHIZHONG, "place"])
    assert rows["share"].isna().all()
    assert rows.loc[LIXIA, "place"] == 1


def test_a_course_has_a_row_a_due_and_what_is_missing_stays_empty(jinan: Desk) -> None:
    doubt = Finding(FIRST, LIXIA, "F1", ("F1_1",), "r", "warning", "请核对")
    one = analysis.course(known(jinan, doubt), LIXIA, "F1_1")
    assert one.to_dict("list") == {
        "due": [FIRST, SECOND],
        "value": [10.0, 30.0],
        "state": ["value", "value"],
        "mark": ["warning", ""],
    }
    other = analysis.course(known(jinan), SHIZHONG, "F1_1")
    assert pd.isna(other["value"][0])
    assert list(other["state"]) == ["absent", "value"]


def test_the_course_of_a_total_says_that_it_lacks_units(jinan: Desk) -> None:
    doubt = Finding(SECOND, LIXIA, "F1", ("F1_1",), "r", "critical", "请核对")
    total = analysis.course(known(jinan, doubt), "370100", "F1_1")
    assert list(total["value"]) == [10.0, 90.0]
    assert list(total["state"]) == ["provisional", "provisional"]
    assert list(total["mark"]) == ["", "critical"]


def test_dues_that_no_check_has_been_through_have_no_counts(jinan: Desk) -> None:
    doubt = Finding(SECOND, LIXIA, "F1", ("F1_1",), "r", "critical", "请核对")
    table = analysis.dues(jinan, {SECOND: known(jinan, doubt)}).set_index("due")
    assert list(table.index) == list(jinan.dues)
    assert list(table["status"]) == ["none", "provisional", "none"]
    assert table.loc[SECOND, ["units", "complete", "critical", "warning"]].tolist() == [15, 0, 1, 0]
    assert table.loc[FIRST, ["complete", "critical", "warning", "info"]].isna().all()


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"单位": ["历下区", "=1+1"], "场次": [26, 1.5], "占比": [0.125, None],
         "位次": pd.array([1, None], dtype="Int64"), "齐": [True, False]}
    )  # fmt: skip


def test_any_frame_becomes_a_table_of_a_report(frame: pd.DataFrame) -> None:
    table = analysis.table_of(frame, id="mine", kinds={"占比": "percent"}, sheet="我的")
    assert [c.label for c in table.columns] == list(frame.columns)
    assert [c.kind for c in table.columns] == ["text", "figure", "percent", "figure", "text"]
    assert [cell.value for cell in table.rows[0].cells] == ["历下区", 26.0, 0.125, 1.0, "是"]
    assert [cell.value for cell in table.rows[1].cells] == ["=1+1", 1.5, None, None, "否"]


def test_an_index_that_tells_something_comes_first(frame: pd.DataFrame) -> None:
    counted = pd.crosstab(frame["单位"].rename("region"), frame["齐"].rename("齐"))
    table = analysis.table_of(counted, id="mine")
    assert [c.label for c in table.columns] == ["region", "False", "True"]
    assert [c.kind for c in table.columns] == ["text", "figure", "figure"]
    assert [cell.value for cell in table.rows[1].cells] == ["历下区", 0.0, 1.0]
    deep = frame.set_index(["单位", "场次"])[["占比"]]
    heads = [c.label for c in analysis.table_of(deep, id="mine").columns]
    assert heads == ["单位", "场次", "占比"]
    unnamed = frame.set_axis(["甲", "乙"])[["场次"]]
    assert [c.label for c in analysis.table_of(unnamed, id="mine").columns] == ["", "场次"]


def test_an_index_that_only_numbers_the_rows_is_left_out(frame: pd.DataFrame) -> None:
    for some in (frame[frame["齐"]], frame.iloc[::-1], frame.sort_values("场次")):
        assert [c.label for c in analysis.table_of(some, id="m").columns] == list(frame.columns)


def test_a_series_is_taken_as_its_frame(frame: pd.DataFrame) -> None:
    sums = frame.groupby("单位")["场次"].sum()
    table = analysis.table_of(sums, id="mine")
    assert [c.label for c in table.columns] == ["单位", "场次"]
    assert [[cell.value for cell in row.cells] for row in table.rows] == [
        ["=1+1", 1.5], ["历下区", 26.0],
    ]  # fmt: skip
    assert analysis.table_of(pd.Series([1.0]), id="mine").columns[0].label == "数值"


def test_kinds_that_fit_no_column_or_are_none_are_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(UseError, match="kinds 中的 比例 不是表的列；表的列是：单位、场次、占比"):
        analysis.table_of(frame, id="mine", kinds={"比例": "percent"})
    with pytest.raises(UseError, match="没有这种列：pct；可用：text、figure、change、percent"):
        analysis.table_of(frame, id="mine", kinds={"占比": "pct"})  # type: ignore[dict-item]


def test_it_reaches_page_and_workbook_as_text(frame: pd.DataFrame) -> None:
    section = Section(
        id="mine", title="我的", blocks=(analysis.table_of(frame, id="mine", sheet="我的"),)
    )
    assert "<td" in fragment(section)
    book = excel.workbook(empty_report(sections=(section,)))
    sheet = openpyxl.load_workbook(io.BytesIO(book))["我的"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=1+1"] == "s", "what a unit typed is no formula"
    assert cells[26] == "n"
