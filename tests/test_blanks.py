"""The official forms, planned cell by cell: for this campaign and for any other."""

from __future__ import annotations

from typing import Any

import pytest

from chunfeng_reports.blanks import blank_properties, dues_in_words, form_sheet
from chunfeng_reports.campaign import Campaign, Desk, Form, Item
from chunfeng_reports.errors import UseError
from chunfeng_reports.sheets import PlannedCell, SheetPlan


def column(plan: SheetPlan, index: int) -> list[Any]:
    return [cell.value for cell in plan.cells if cell.column == index]


def at(plan: SheetPlan, row: int, column: int) -> PlannedCell:
    return next(cell for cell in plan.cells if (cell.row, cell.column) == (row, column))


@pytest.fixture
def province(campaign: Campaign) -> Desk:
    return Desk.of(campaign, "370000")


def test_a_rows_form_reads_as_printed(jinan: Desk) -> None:
    form = jinan.campaign.form_by_code["F1"]
    plan = form_sheet(jinan, form, region=jinan.unit("370102"))
    assert column(plan, 0)[:11] == [
        "2023年春风行动情况统计表",
        "区县：历下区",
        "填报项目",
        "1.参加活动的企业个数",
        "2.参加活动的求职者数（人）",
        "3.提供岗位数（个）",
        "4.提供岗位需求数（人）",
        "5.举办招聘活动数（场）",
        "其中：线下招聘活动数（场）",
        "　　　线上招聘活动数（场）",
        "　　　直播带岗活动数（场）",
    ]
    assert at(plan, 2, 1).value == "数 量"


def test_the_remark_names_the_dues_of_the_tier_and_no_mailbox(jinan: Desk, province: Desk) -> None:
    for desk, dues in ((jinan, "2月1日、3月1日、4月1日"), (province, "1月9日、2月3日、4月3日")):
        form = desk.campaign.form_by_code["F1"]
        assert dues_in_words(desk, form) == dues
        remark = column(form_sheet(desk, form), 0)[-1]
        assert dues in remark
        assert desk.tier.unit_word in remark
        assert "@" not in remark
    assert dues_in_words(jinan, jinan.campaign.form_by_code["F3"]) == "4月1日"


def test_a_columns_form_has_its_head_in_two_rows_and_numbered_columns(jinan: Desk) -> None:
    form = jinan.campaign.form_by_code["F3"]
    plan = form_sheet(jinan, form, region=jinan.unit("370102"))
    total, alone = at(plan, 3, 6), at(plan, 3, 9)
    assert (total.value, total.columns, total.rows) == (form.items[6].label, 3, 1)
    assert (alone.value, alone.columns, alone.rows) == (form.items[9].label, 1, 2)
    assert [at(plan, 4, c).value for c in (6, 7, 8)] == [
        "", "其中：社会用人单位按比例吸纳就业人数", "公益岗位数",
    ]  # fmt: skip
    assert [at(plan, 5, c).value for c in range(10)] == [str(n) for n in range(1, 11)]
    assert at(plan, 2, 0).value == "填报单位：历下区残联"
    assert at(plan, 2, 6).value == "填报时间：2023年　　月　　日"
    assert [c.value for c in plan.cells if c.style == "sign"] == list(form.sign_off)
    assert plan.landscape


def test_the_damaged_header_is_explained_on_the_form(jinan: Desk) -> None:
    notes = [
        cell.value
        for cell in form_sheet(jinan, jinan.campaign.form_by_code["F3"]).cells
        if cell.style == "note"
    ]
    assert str(notes[1]).startswith("注：通知所附表头残缺")
    assert len(notes) == 2


def test_a_blank_is_open_where_figures_go_and_nowhere_else(jinan: Desk) -> None:
    form = jinan.campaign.form_by_code["F1"]
    plan = form_sheet(jinan, form, region=jinan.unit("370102"))
    assert plan.protect
    assert {cell.style for cell in plan.cells if cell.entry} == {"figure"}
    assert len([cell for cell in plan.cells if cell.entry]) == len(form.items)


def test_a_blank_for_nobody_leaves_the_name_open(jinan: Desk) -> None:
    plan = form_sheet(jinan, jinan.campaign.form_by_code["F1"])
    line = at(plan, 1, 0)
    assert line.value == "区县："
    assert line.entry is not None
    assert line.entry.kind == "text"


def test_a_filled_form_has_figures_and_leaves_what_is_lacking_empty(jinan: Desk) -> None:
    form = jinan.campaign.form_by_code["F1"]
    plan = form_sheet(jinan, form, region=jinan.body, values={"F1_1": 236.0, "F1_2": None})
    figures = [cell for cell in plan.cells if cell.style == "figure"]
    assert [cell.value for cell in figures[:3]] == [236.0, None, None]
    assert not plan.protect
    assert not [cell for cell in plan.cells if cell.entry]
    assert at(plan, 1, 0).value == "汇总单位：济南市"


def test_totals_are_live_sums_of_the_items_column(jinan: Desk) -> None:
    form = jinan.campaign.form_by_code["F1"]
    plan = form_sheet(jinan, form, values={"F1_1": 236.0}, totals="units-F1")
    total = at(plan, 3, 1).total_of
    assert total is not None
    assert (total.table, total.column) == ("units-F1", "F1_1")


def test_a_form_not_asked_for_is_refused_with_what_to_do(jinan: Desk) -> None:
    with pytest.raises(UseError, match="2023-02-01这一期不要求报送残联表"):
        form_sheet(jinan, jinan.campaign.form_by_code["F3"], due="2023-02-01")
    with pytest.raises(UseError, match="没有表样"):
        form_sheet(jinan, jinan.campaign.form_by_code["P"])


def test_properties_leave_out_what_is_open(jinan: Desk) -> None:
    forms = [jinan.campaign.form_by_code[code] for code in ("F1", "F2")]
    assert blank_properties(jinan, forms) == {"campaign": "2023-chunfeng", "form": "F1,F2"}


def other_form(layout: str, *parents: str | None) -> Form:
    """A form of another campaign: items X_1 …, each with its parent's number or none."""
    items = tuple(
        Item(
            code=f"X_{n}",
            number="" if parent else str(n),
            label=f"指标{n}",
            short=f"指标{n}",
            unit="万元",
            parent=f"X_{parent}" if parent else None,
            basis="flow",
            over_time="cumulative",
            decimals=2,
            origin="表",
        )
        for n, parent in enumerate(parents, start=1)
    )
    return Form.model_validate(
        {
            "code": "X",
            "title": "{year}年他表",
            "short": "他表",
            "line": "人社",
            "origin": "表",
            "layout": layout,
            "items": items,
        }
    )


def test_parts_of_parts_stand_deeper(jinan: Desk) -> None:
    plan = form_sheet(jinan, other_form("rows", None, "1", "2", "2", "1", None))
    labels = [(cell.value, cell.indent) for cell in plan.cells if cell.style == "label"]
    assert labels == [
        ("1.指标1", 0),
        ("其中：指标2", 1),
        ("其中：指标3", 2),
        ("　　　指标4", 2),
        ("　　　指标5", 1),
        ("6.指标6", 0),
    ]
    assert {cell.decimals for cell in plan.cells if cell.style == "figure"} == {2}


@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize(
    "parents",
    [(None,), (None, "1"), (None, None, "1"), (None, "1", "2", None, "4", "4"), (None,) * 14],
)
def test_no_two_cells_of_a_plan_overlap(
    jinan: Desk, layout: str, parents: tuple[str | None, ...]
) -> None:
    plan = form_sheet(jinan, other_form(layout, *parents))
    taken = [
        (cell.row + row, cell.column + column)
        for cell in plan.cells
        for row in range(cell.rows)
        for column in range(cell.columns)
    ]
    assert len(taken) == len(set(taken))
    assert len([cell for cell in plan.cells if cell.style == "figure"]) == len(parents)
