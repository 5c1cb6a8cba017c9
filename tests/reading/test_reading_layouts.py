"""A form is found wherever it stands on a sheet, and its figures come from the right cells."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from made_returns import (
    F1_TITLE,
    Rows,
    fact,
    fates,
    form_rows,
    labels,
    rules,
    save_book,
    values,
)  # fmt: skip

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.reading.containers.package import opened
from chunfeng_reports.reading.containers.parts import workbook_parts
from chunfeng_reports.reading.containers.sheet_xml import special_cells
from chunfeng_reports.reading.grids import Broken

DUE = "2023-02-01"
TEN = [float(n) for n in range(11, 21)]
ELEVEN = [float(n) for n in range(31, 42)]

Reader = Callable[..., Collected]


@pytest.fixture
def read(jinan: Desk, tmp_path: Path) -> Reader:
    def read_sheets(*sheets: tuple[str, Rows], name: str = "a.xlsx", due: str = DUE) -> Collected:
        save_book(tmp_path / name, *sheets)
        return collect_due(jinan, due, tmp_path)

    return read_sheets


def test_the_official_layout_is_read_without_a_doubt(campaign: Campaign, read: Reader) -> None:
    got = read(
        ("附件1", form_rows(campaign, "F1", TEN)), ("附件2", form_rows(campaign, "F2", ELEVEN))
    )
    assert (values(got, "F1"), values(got, "F2"), got.findings) == (TEN, ELEVEN, ())
    assert (fact(got, "F1_2").sheet, fact(got, "F1_2").cell) == ("附件1", "B5")
    assert fact(got, "F1_2").raw == "12"


def test_two_forms_stacked_on_a_sheet_are_told_apart(campaign: Campaign, read: Reader) -> None:
    stacked = [*form_rows(campaign, "F1", TEN), [], [], *form_rows(campaign, "F2", ELEVEN)]
    got = read(("统计表", stacked))
    assert (values(got, "F1"), values(got, "F2")) == (TEN, ELEVEN)
    assert fact(got, "F2_1").cell == "B19"


def test_two_forms_side_by_side_are_told_apart(campaign: Campaign, read: Reader) -> None:
    left, right = form_rows(campaign, "F1", TEN), form_rows(campaign, "F2", ELEVEN)
    left += [[None, None]] * (len(right) - len(left))
    got = read(("x", [[*(a + [None] * (2 - len(a))), None, *b]
                      for a, b in zip(left, right, strict=True)]))  # fmt: skip
    assert (values(got, "F1"), values(got, "F2")) == (TEN, ELEVEN)


def test_the_column_is_known_by_its_head(campaign: Campaign, read: Reader) -> None:
    head: list[object] = ["填报项目", "上期数", "计量单位", "数 量", "同比", "备注"]
    rows: list[list[object]] = [[F1_TITLE], ["区县", "历下区"], head]
    rows += [[label, 7, "个", n, 1.5, "含3家"] for label, n in
             zip(labels(campaign, "F1"), TEN, strict=True)]  # fmt: skip
    got = read(("x", rows))
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_a_cumulative_column_goes_before_the_period_and_is_told(
    campaign: Campaign, read: Reader
) -> None:
    rows: list[list[object]] = [[F1_TITLE], ["区县", "历下区"], ["填报项目", "本期数", "累计数"]]
    rows += [[label, 1, n] for label, n in zip(labels(campaign, "F1"), TEN, strict=True)]
    got = read(("x", rows))
    assert values(got, "F1") == TEN
    assert rules(got) == [("reading.column_chosen", "info")]


def test_labels_split_over_columns_are_found(campaign: Campaign, read: Reader) -> None:
    rows: list[list[object]] = [[F1_TITLE], ["填报单位：历下区"], ["序号", "项目", None, "数量"]]
    for n, (label, value) in enumerate(zip(labels(campaign, "F1"), TEN, strict=True)):
        part = 5 <= n < 8
        rows.append([n + 1, "其中" if part else label, label if part else None, value])
    got = read(("x", rows))
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_a_form_turned_on_its_side_is_read_below_its_head(campaign: Campaign, read: Reader) -> None:
    head = ["单位名称", *labels(campaign, "F1")]
    got = read(("x", [[F1_TITLE], head, ["栏次", *range(1, 11)], ["历下区", *TEN]]))
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {row.layout for row in got.intake} == {"columns"}


def test_of_several_rows_of_figures_the_total_is_read_and_else_it_is_an_error(
    campaign: Campaign, read: Reader
) -> None:
    head = ["街道", *labels(campaign, "F1")]
    rows: list[list[object]] = [[F1_TITLE], ["区县：历下区"], head, ["甲", *[1] * 10]]
    got = read(("x", [*rows, ["乙", *(n - 1 for n in TEN)], ["合计", *TEN]]))
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.rows_ambiguous", "info")])
    assert rules(read(("x", [*rows, ["乙", *TEN]]))) == [("reading.rows_ambiguous", "critical")]


F3_HEAD = [
    "走访残疾登记失业人员家庭户数", "登记失业的残疾人员人数", "走访企业数",
    "组织残疾人专场招聘会次数", "残疾人专场招聘会岗位数", "实名制纳入年度培训计划残疾人数",
    "帮助残疾登记失业人员实现就业人数",
]  # fmt: skip


def _f3(*lines: list[object]) -> list[list[object]]:
    return [["2023年就业援助月活动情况统计表"], ["（残疾人就业服务机构负责填报）"],
            ["填报单位：历下区残联", None, None, "填报时间：2023年4月10日"], *lines,
            ["单位负责人：", None, "审核人："]]  # fmt: skip


def test_form_three_is_read_by_its_column_numbers_though_its_head_is_damaged(
    read: Reader,
) -> None:
    got = read(
        (
            "残联",
            _f3(
                [*F3_HEAD, "帮助残疾人享受专项扶持政策人数"],
                [None] * 7 + ["其中社会用人单位按比例吸纳就业人数", "公益岗位数"],
                [*map(str, range(1, 10))],
                [None] * 9 + ["10"],
                [*TEN],
            ),
        ),
        due="2023-04-01",
    )
    assert (values(got, "F3"), got.findings) == (TEN, ())
    assert fact(got, "F3_10").cell == "J8"


def test_an_empty_form_three_is_blank_and_its_signatures_are_no_figures(read: Reader) -> None:
    got = read(("残联", _f3([*F3_HEAD], [*range(1, 11)], [None] * 10)), due="2023-04-01")
    assert values(got, "F3") == ["blank"] * 10
    assert fates(got) == {"a.xlsx": "counts"}


def test_a_row_left_out_is_blank_and_has_no_cell(campaign: Campaign, read: Reader) -> None:
    rows = form_rows(campaign, "F1", TEN)
    del rows[6]
    got = read(("x", rows))
    assert values(got, "F1") == [*TEN[:3], "blank", *TEN[4:]]
    assert (fact(got, "F1_4").cell, fact(got, "F1_4").file) == ("", "a.xlsx")


def test_a_label_with_a_slip_is_read_and_told(campaign: Campaign, read: Reader) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[3][0], rows[6][0] = "1、参加活动的企来个数", "提供岗位人数"
    got = read(("x", rows))
    assert values(got, "F1") == TEN
    assert [(f.rule, f.severity, f.items) for f in got.findings] == [
        ("reading.label_confirmed", "info", ("F1_1",)),
        ("reading.label_confirmed", "info", ("F1_4",)),
    ]


def test_an_item_told_twice_with_other_figures_is_an_error(
    campaign: Campaign, read: Reader
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    got = read(("x", [*rows, [rows[4][0], 99]]))
    assert values(got, "F1") == TEN
    assert rules(got) == [("reading.repeated", "critical")]
    assert rules(read(("x", [*rows, rows[4]]))) == [("reading.repeated", "info")]


def test_ways_of_writing_give_one_hint_a_form_and_guesses_one_warning_each(
    campaign: Campaign, read: Reader
) -> None:
    typed = ["１１", "12人", "1,300", "约300", "三百", "—", "", "5人", "-3", "2.5"]
    got = read(("x", form_rows(campaign, "F1", typed)))
    assert values(got, "F1") == [11, 12, 1300, 300, 300, "blank", "blank", 5, -3, 2.5]
    assert rules(got) == [
        ("reading.approximate", "warning"),
        ("reading.interpreted", "info"),
        ("reading.unit_differs", "warning"),
    ]
    assert got.findings[1].items == ("F1_1", "F1_2", "F1_3", "F1_5")


def test_a_formula_counts_with_its_result_and_shows_its_text(
    campaign: Campaign, read: Reader
) -> None:
    typed: list[object] = [*TEN]
    typed[4] = "=SUM(B9:B11)"  # saved without a result, as openpyxl does
    typed[5] = "=ROUND(3.4,0)"  # no plain sum: nobody here can say what it comes to
    typed[6:8] = [2, 3]
    got = read(("x", form_rows(campaign, "F1", typed)))
    assert (fact(got, "F1_5").state, fact(got, "F1_5").raw) == ("unreadable", "=SUM(B9:B11)")
    assert (fact(got, "F1_5_1").state, fact(got, "F1_5_1").raw) == ("unreadable", "=ROUND(3.4,0)")
    typed[5] = 1
    got = read(("x", form_rows(campaign, "F1", typed)))
    assert (fact(got, "F1_5").value, fact(got, "F1_5").raw) == (6, "=SUM(B9:B11)")
    assert rules(got) == [("reading.formula", "info")]


def test_a_nought_stored_with_every_formula_is_no_result_and_no_doubt(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    typed = [*TEN[:4], "=SUM(B9:B11)", 1, 2, 3, *TEN[8:]]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("x")
        for r, row in enumerate(form_rows(campaign, "F1", typed)):
            sheet.write_row(r, 0, row)
    got = collect_due(jinan, DUE, tmp_path)
    assert (fact(got, "F1_5").value, fact(got, "F1_5").raw) == (6, "=SUM(B9:B11)")
    assert rules(got) == [("reading.formula", "info")]


def _stored(campaign: Campaign, desk: Desk, folder: Path, *fifth: object) -> Collected:
    """What is read where item 5 is a formula with a stored result; its parts are 0.1, 0.2, 0."""
    rows = form_rows(campaign, "F1", [*TEN[:4], 0, 0.1, 0.2, 0, *TEN[8:]])
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet("x")
        for r, row in enumerate(rows):
            sheet.write_row(r, 0, row)
        sheet.write_formula(7, 1, fifth[0], None, fifth[1])
    return collect_due(desk, DUE, folder)


def test_a_difference_in_the_last_binary_digits_is_no_stale_result(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    got = _stored(campaign, jinan, tmp_path, "=SUM(B9:B11)", 0.1 + 0.2)
    assert (fact(got, "F1_5").value, rules(got)) == (0.3, [("reading.formula", "info")])


def test_a_stored_zero_that_nobody_can_work_out_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    got = _stored(campaign, jinan, tmp_path, "=ROUND(B9*10,0)", 0)
    assert fact(got, "F1_5").value == 0
    told = [f for f in got.findings if f.rule == "reading.formula_zero"]
    assert [(f.severity, f.items, f.cell) for f in told] == [("warning", ("F1_5",), "B8")]
    got = _stored(campaign, jinan, tmp_path, "=ROUND(B9*10,0)", 1)
    assert rules(got) == [("reading.formula", "info")]


def test_a_formula_shared_down_a_column_is_told_as_if_it_stood_in_each_cell() -> None:
    sheet = (
        '<worksheet xmlns="urn:x"><sheetData><row r="1">'
        '<c r="A1"><f t="shared" ref="A1:A2" si="0">B1+C1</f><v>3</v></c></row><row r="2">'
        '<c r="A2"><f t="shared" si="0"/><v>7</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
        "</sheetData></worksheet>"
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("xl/worksheets/s.xml", sheet)
        parts.writestr("xl/_rels/workbook.xml.rels", '<R><r Id="a" Target="worksheets/s.xml"/></R>')
        parts.writestr(
            "xl/workbook.xml", '<w xmlns:r="urn:r"><sheets><sheet name="表" r:id="a"/></sheets></w>'
        )
    with opened(packed.getvalue()) as package:
        found = special_cells(package, workbook_parts(package))
    assert found.sheets == ({(0, 0): "=B1+C1", (1, 0): "=B2+C2", (1, 1): Broken("#REF!")},)


def test_an_error_value_is_unreadable_and_not_blank(campaign: Campaign, read: Reader) -> None:
    got = read(("x", form_rows(campaign, "F1", ["#REF!", *TEN[1:]])))
    assert (fact(got, "F1_1").state, fact(got, "F1_1").raw) == ("unreadable", "#REF!")


def test_a_figure_under_an_unknown_or_missing_label_is_told_with_its_cell(
    campaign: Campaign, read: Reader
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[3][0], rows[4][0], rows[12][0] = "电话统计人数", None, "统计人数"
    got = read(("x", rows))
    assert values(got, "F1") == ["blank", "blank", *TEN[2:9], "blank"]
    told = [(f.severity, f.cell, f.value, f.items) for f in got.findings]
    items = tuple(item.code for item in campaign.form_by_code["F1"].items)
    left = (items[0], items[1], items[9])
    assert told == [("warning", cell, raw, left)
                    for cell, raw in (("B13", "20"), ("B4", "11"), ("B5", "12"))]  # fmt: skip
    assert {f.rule for f in got.findings} == {"reading.label_unknown"}


def test_a_figure_that_slipped_into_the_next_column_is_told(
    campaign: Campaign, read: Reader
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[3] = [rows[3][0], None, 194]
    rows[5] = [rows[5][0], 13, 7]
    got = read(("x", rows))
    code = campaign.form_by_code["F1"].items[0].code
    found = [f for f in got.findings if f.rule == "reading.label_unknown"]
    assert [(f.severity, f.cell, f.value, f.items) for f in found] == [
        ("warning", "C4", "194", (code,))
    ]


def test_signatures_remarks_and_column_numbers_are_no_lost_figures(
    campaign: Campaign, read: Reader
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows.insert(3, ["甲", 1])
    rows += [["联系电话", 88881234], ["填报日期", 20230131], ["审核人（签字）：", 1]]
    got = read(("x", rows))
    assert (values(got, "F1"), got.findings) == (TEN, ())


@pytest.mark.parametrize("head", ["上期数", "同比", "完成率", "2022年", "计划数"])
def test_the_only_column_of_figures_headed_as_another_times_is_an_error(
    campaign: Campaign, read: Reader, head: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[2] = ["填报项目", head]
    got = read(("x", rows))
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.column_other", "critical")])
    assert len(got.findings[0].items) == 10


def test_an_empty_column_of_this_time_is_blank_though_the_one_before_is_filled(
    campaign: Campaign, read: Reader
) -> None:
    rows = [[*row, None] for row in form_rows(campaign, "F1", TEN)]
    rows[2] = ["填报项目", "2022年", "2023年"]
    assert values(read(("x", rows)), "F1") == ["blank"] * 10


@pytest.mark.parametrize(
    ("row", "text"),
    [(0, f"{F1_TITLE}（单位：万人）"), (1, "区县：历下区 单位：万人"), (2, "数量（万）")],
)
def test_a_head_that_counts_in_ten_thousands_over_plain_figures_is_told(
    campaign: Campaign, read: Reader, row: int, text: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[row] = ["填报项目", text] if row == 2 else [text]
    got = read(("x", rows))
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.unit_differs", "warning")])
    rows[3:] = [[label, f"{n}万"] for label, n in rows[3:]]
    assert "reading.unit_differs" not in dict(rules(read(("x", rows))))


def test_a_head_in_ten_thousand_yuan_is_no_other_unit(campaign: Campaign, read: Reader) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[1] = ["区县：历下区 单位：万元"]
    assert read(("x", rows)).findings == ()
