"""Blank forms: what a unit gets to fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.blanks import blank_properties, form_sheet
from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.renderers.excel import forms_workbook
from chunfeng_reports.sheets import Entry, PlannedCell, SheetPlan

CODES = ("F1", "F2", "F3")


@pytest.fixture
def blanks(jinan: Desk) -> bytes:
    forms = [jinan.campaign.form_by_code[code] for code in CODES]
    unit = jinan.unit("370102")
    return forms_workbook(
        [form_sheet(jinan, form, region=unit) for form in forms],
        properties=blank_properties(jinan, forms, due="2023-04-01", region=unit),
        title="统计表",
    )


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def dump(sheet: Worksheet) -> Iterator[str]:
    """A sheet as text: cells in order, then merges, open cells, checks and page."""
    yield f"## {sheet.title}"
    for row in sheet.iter_rows():
        yield from (f"{cell.coordinate} {cell.value}" for cell in row if cell.value is not None)
    yield f"merged: {' '.join(sorted(str(area) for area in sheet.merged_cells.ranges))}"
    opened = [c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked]
    yield f"open: {' '.join(opened)}"
    for check in sheet.data_validations.dataValidation:
        yield f"check: {check.sqref} {check.type} {check.operator} {check.formula1} {check.prompt}"
    page = sheet.page_setup
    yield f"page: {page.orientation} {page.paperSize} {sheet.print_area}"


def test_the_forms_are_as_the_annexes_print_them(
    campaign: Campaign, golden: Callable[[str, str], None]
) -> None:
    lines: list[str] = []
    for body, region in (("370100", "370102"), ("370000", "370100")):
        desk = Desk.of(campaign, body)
        forms = [campaign.form_by_code[code] for code in CODES]
        plans = [form_sheet(desk, form, region=desk.unit(region)) for form in forms]
        book = opened(forms_workbook(plans, properties={}, title="统计表"))
        for sheet in book:
            lines += [f"# {desk.tier.name}", *dump(sheet), ""]
    golden("blank_forms.txt", "\n".join(lines))


def test_only_open_cells_can_be_typed_into(blanks: bytes) -> None:
    sheet = opened(blanks)["春风行动表"]
    assert sheet.protection.sheet
    assert [sheet[f"B{row}"].protection.locked for row in (3, 4, 13)] == [True, False, False]


def test_entry_is_checked_with_words_that_say_what_to_do(blanks: bytes) -> None:
    checks = opened(blanks)["春风行动表"].data_validations.dataValidation
    assert {(c.type, c.operator, c.formula1) for c in checks} == {
        ("whole", "greaterThanOrEqual", "0")
    }
    assert "只填数字" in str(checks[0].error)


def test_decimals_may_be_typed_where_the_item_has_them() -> None:
    cell = PlannedCell(row=0, column=0, style="figure", decimals=1, entry=Entry(decimals=1))
    plan = SheetPlan(name="资金", cells=(cell,), widths=(20.0,), protect=True)
    sheet = opened(forms_workbook([plan], properties={}, title="表"))["资金"]
    assert sheet.data_validations.dataValidation[0].type == "decimal"
    assert sheet["A1"].number_format == "0.0"


def test_the_file_says_what_it_is_whatever_it_is_called(blanks: bytes) -> None:
    properties = {p.name: p.value for p in opened(blanks).custom_doc_props.props}
    assert properties == {
        "campaign": "2023-chunfeng", "form": "F1,F2,F3", "due": "2023-04-01", "region": "370102",
    }  # fmt: skip


def test_wide_forms_print_across_the_page(blanks: bytes) -> None:
    book = opened(blanks)
    assert [sheet.page_setup.orientation for sheet in book] == ["portrait", "portrait", "landscape"]
    assert all(sheet.page_setup.paperSize == 9 for sheet in book)


def test_the_same_forms_give_the_same_bytes(jinan: Desk) -> None:
    plan = form_sheet(jinan, jinan.campaign.form_by_code["F3"])
    one, other = (forms_workbook([plan], properties={"a": "1"}, title="表") for _ in range(2))
    assert one == other
