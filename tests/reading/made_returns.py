"""Small returns made for a test: workbooks, documents and folders as units send them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import docx
import openpyxl

from chunfeng_reports.campaign import Campaign, Desk, Region
from chunfeng_reports.facts import Fact
from chunfeng_reports.reading import Collected

Rows = Sequence[Sequence[object]]

F1_TITLE = "2023年春风行动情况统计表"
F2_TITLE = "2023年就业援助月情况统计表"


def labels(campaign: Campaign, form: str) -> list[str]:
    return [item.label for item in campaign.form_by_code[form].items]


def desk_with_namesakes(campaign: Campaign) -> Desk:
    """The province's desk over the counties, with a 鼓楼区 in 济南市 and another in 青岛市."""
    twins = tuple(
        Region(code=code, name="鼓楼区", short=f"{city}鼓楼区", level="county", parent=parent,
               origin="x")
        for code, city, parent in (("370199", "济南", "370100"), ("370299", "青岛", "370200"))
    )  # fmt: skip
    tier = campaign.tiers[0].model_copy(update={"bodies": ("370000",)})
    told = campaign.model_dump() | {"regions": (*campaign.regions, *twins), "tiers": (tier,)}
    return Desk.of(Campaign.model_validate(told), "370000")


def form_rows(
    campaign: Campaign, form: str, values: Iterable[object], *, unit: str = "区县：历下区"
) -> list[list[object]]:
    """A form as the annex lays it out: title, unit, head, a row an item."""
    title = F1_TITLE if form == "F1" else F2_TITLE
    head: list[list[object]] = [[title], [unit], ["填报项目", "数 量"]]
    return head + [list(pair) for pair in zip(labels(campaign, form), values, strict=True)]


def save_book(path: Path, *sheets: tuple[str, Rows], hidden: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def save_document(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def with_properties(path: Path, **properties: str) -> Path:
    """The same workbook with custom document properties, as our own blank forms carry them."""
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="{name}">'
        f"<vt:lpwstr>{value}</vt:lpwstr></property>"
        for n, (name, value) in enumerate(properties.items(), start=2)
    )
    custom = (
        '<?xml version="1.0" encoding="UTF-8"?><Properties '
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{entries}</Properties>"
    )
    packed = BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed, "a") as parts:
        parts.writestr("docProps/custom.xml", custom)
    path.write_bytes(packed.getvalue())
    return path


def values(collected: Collected, form: str, region: str = "370102") -> list[float | str | None]:
    """A form's facts in order: the value, or the state where there is none."""
    return [
        fact.value if fact.state == "value" else fact.state
        for fact in collected.facts
        if (fact.form, fact.region) == (form, region)
    ]


def fact(collected: Collected, item: str, region: str = "370102") -> Fact:
    return next(f for f in collected.facts if (f.item, f.region) == (item, region))


def rules(collected: Collected) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in collected.findings]


def fates(collected: Collected) -> dict[str, str]:
    return {row.file: row.fate for row in collected.intake}
