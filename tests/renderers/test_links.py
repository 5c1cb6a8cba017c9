"""Links: a figure leads to its source and its finding, and back, and stays what it is."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sample_report import empty_report, findings_table, sources_table, units_table

from chunfeng_reports.renderers.excel import workbook
from chunfeng_reports.report import (
    Column,
    Figure,
    KeyFigure,
    KeyFigures,
    Report,
    Row,
    Section,
    Table,
)

UNITS, FOUND, SOURCES = "各单位 春风行动表", "问题", "来源"
KEY = "2023-02-01.370102.F1_6"


def _book(*blocks: Any, **changes: Any) -> Any:
    """A workbook of the figures, findings and sources of the sample, and of what is given."""
    every = (*blocks, units_table(), findings_table(), sources_table())
    section = Section(id="s", title="节", blocks=every)
    report = empty_report(sections=(section,), **changes)
    return openpyxl.load_workbook(BytesIO(workbook(report)))


def _linked(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.hyperlink.location
            for row in sheet.iter_rows() for cell in row if cell.hyperlink}  # fmt: skip


def test_a_figure_leads_to_its_source_and_stays_a_number(report: Report) -> None:
    cell = openpyxl.load_workbook(BytesIO(workbook(report)))[UNITS]["B2"]
    assert cell.hyperlink.location == "'来源'!A2"
    assert cell.hyperlink.tooltip == "来源：历下区.xlsx B12"
    assert (cell.value, cell.data_type, cell.number_format) == (2952, "n", "#,##0")
    assert cell.font.underline is None
    assert cell.font.color.theme == 1  # as any other figure: not the blue of links


def test_a_marked_figure_without_a_source_leads_to_its_finding_and_back() -> None:
    book = _book()
    assert _linked(book[UNITS])["B3"] == "'问题'!A2"
    assert _linked(book[FOUND])["A2"] == f"'{UNITS}'!B3"
    assert book[UNITS]["B3"].value == -17


def test_the_source_goes_before_the_finding() -> None:
    both = Figure(value=1.0, mark="critical", sources=(KEY,), finding="finding-ab12")
    table = units_table(
        rows=(Row(key="r", cells=(Figure(value="历下区"), both, *(Figure(),) * 3)),)
    )
    other = table.model_copy(update={"id": "units-F2", "sheet": "另表"})
    book = _book(other)
    assert _linked(book["另表"]) == {"B2": "'来源'!A2"}
    assert _linked(book[FOUND])["A2"] == "'另表'!B2"  # a unit's own figure rather than another


def test_the_place_of_a_finding_leads_to_the_source_and_the_source_to_the_figure() -> None:
    columns = (Column(key="severity", label="级别", kind="severity"),
               Column(key="place", label="位置"))  # fmt: skip
    cells = (Figure(value="warning"), Figure(value="历下区.xlsx B12", sources=(KEY,)))
    found = Table(id="f", columns=columns, rows=(Row(key="finding-x", cells=cells),), sheet="存疑")
    coded = (*sources_table().columns, Column(key="code", label="代码", kind="code"))
    row = sources_table().rows[0]
    rows = (row.model_copy(update={"cells": (*row.cells, Figure(value="F1_6"))}),)
    sources = sources_table().model_copy(update={"columns": coded, "rows": rows})
    section = Section(id="s", title="节", blocks=(found, units_table(), sources))
    book = openpyxl.load_workbook(BytesIO(workbook(empty_report(sections=(section,)))))
    assert _linked(book["存疑"]) == {"B2": "'来源'!A2"}
    assert _linked(book[SOURCES]) == {"D2": f"'{UNITS}'!B2"}


def test_a_sum_leads_to_the_table_that_it_sums_up() -> None:
    total = Figure(value=2935.0, sources=(KEY, "another"), href="#t-units-F1")
    counted = Figure(value=1.0, href="#s")
    away = Figure(value=1.0, href="../370102/region_report.html#s")
    items = tuple(KeyFigure(label="数", unit="人", figure=f) for f in (total, counted, away))
    links = _linked(_book(KeyFigures(id="k", items=items))["概要"])
    assert [link for cell, link in links.items() if cell != "A2"] == [f"'{UNITS}'!A1"] * 2
    assert links["A2"] == "'说明'!A1"


def test_a_source_that_the_workbook_lacks_is_no_link() -> None:
    section = Section(id="s", title="节", blocks=(units_table(),))
    book = openpyxl.load_workbook(BytesIO(workbook(empty_report(sections=(section,)))))
    assert _linked(book[UNITS]) == {}


def test_links_too_many_for_a_sheet_are_left_out_and_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chunfeng_reports.renderers.excel.links.MOST", 1)
    monkeypatch.setattr("chunfeng_reports.renderers.excel.cover.MOST", 1)
    book = _book()
    assert list(_linked(book[UNITS])) == ["B2"]
    assert book[UNITS]["B3"].value == -17
    said = [str(row[1].value) for row in book["说明"].iter_rows()]
    told = f"工作表“{UNITS}”只有前1处带链接，其余1处没有"
    assert [words for words in said if words.startswith(told)]


@pytest.mark.slow
def test_more_links_than_excel_allows_still_make_a_workbook() -> None:
    columns = tuple(Column(key=f"n{n}", label=f"数{n}", kind="figure") for n in range(4))
    cells = (Figure(value=1.0, sources=(KEY,)),) * 4
    rows = tuple(Row(key=str(n), cells=cells) for n in range(16_500))
    section = Section(
        id="s", title="节",
        blocks=(Table(id="t", columns=columns, rows=rows, sheet="数"), sources_table()),
    )  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(workbook(empty_report(sections=(section,)))))
    assert len(_linked(book["数"])) == 65_530
    assert book["数"]["D16501"].value == 1
