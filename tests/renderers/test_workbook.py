"""Workbooks: numbers stay numbers, texts stay texts, totals stay live."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from sample_report import NASTY, empty_report, form, units_table

from chunfeng_reports.errors import ReportError
from chunfeng_reports.renderers.excel import workbook
from chunfeng_reports.report import Column, Figure, Report, Row, Section, Table, Text
from chunfeng_reports.worksheets import SheetNames


def opened(data: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


def with_blocks(*blocks: Any) -> Report:
    return empty_report(sections=(Section(id="s", title="节", blocks=blocks),))


def texts(sheet: Worksheet) -> list[str]:
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_forms_come_first_then_the_cover_then_a_sheet_a_table(report: Report) -> None:
    assert opened(workbook(report)).sheetnames == [
        "春风行动表", "说明", "概要", "各单位 春风行动表", "问题", "来源", "图表",
    ]  # fmt: skip


def test_a_total_on_the_form_is_a_live_sum_with_its_value(report: Report) -> None:
    data = workbook(report)
    assert opened(data)["春风行动表"]["B2"].value == "=SUM('各单位 春风行动表'!B2:B5)"
    assert opened(data, values=True)["春风行动表"]["B2"].value == 2935


def test_a_total_that_is_not_the_sum_of_its_table_is_refused() -> None:
    table = units_table()
    fewer = table.model_copy(update={"rows": table.rows[1:]})
    with pytest.raises(ReportError, match="相加得 -17，汇总数却是 2935"):
        workbook(with_blocks(form(), fewer))
    with pytest.raises(ReportError, match="没有表 units-F1"):
        workbook(with_blocks(form()))


def test_a_total_leaves_out_totals_between_the_rows() -> None:
    table = units_table()
    rows = (*table.rows[:1], table.rows[-1], *table.rows[1:4])
    data = workbook(with_blocks(form(), table.model_copy(update={"rows": rows})))
    formula = opened(data)["春风行动表"]["B2"].value
    assert formula == "=SUM('各单位 春风行动表'!B2:B2,'各单位 春风行动表'!B4:B6)"


def test_a_marked_figure_stays_a_number_and_shows_its_mark(report: Report) -> None:
    sheet = opened(workbook(report))["各单位 春风行动表"]
    assert (sheet["B3"].value, sheet["B3"].number_format) == (-17, '#,##0" ▲"')
    assert sheet["B3"].fill.fgColor.rgb == "FFFDE5E2"
    assert sheet["B6"].number_format == '#,##0" ▲ 缺1家"'
    assert [sheet[f"B{n}"].value for n in (4, 5)] == ["未填", "未报"]
    assert sheet["C2"].number_format == "+#,##0;-#,##0;0"
    assert (sheet["D2"].value, sheet["D2"].number_format) == (0.5, "#,##0.0%")
    assert sheet["E2"].value == "370102"


def test_a_sheet_can_be_filtered_scrolled_and_printed(report: Report) -> None:
    sheet = opened(workbook(report))["各单位 春风行动表"]
    assert sheet.freeze_panes == "B2"
    (table,) = sheet.tables.values()
    assert table.ref == "A1:F5"  # the total below is left in its place
    assert table.autoFilter.ref == table.ref
    assert table.tableStyleInfo.showRowStripes
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == f"'{sheet.title}'!$A$1:$F$6"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)


def test_figures_carry_their_codes_in_the_last_column(report: Report) -> None:
    book = opened(workbook(report))
    assert [row[-1].value for row in book["各单位 春风行动表"]] == [
        "代码", "370102", "370103", "370104", "3701Z2", "370100",
    ]  # fmt: skip
    assert [cell.value for cell in book["问题"][1]] == ["级别", "问题与处理", "报送值"]


def test_a_row_is_as_tall_as_its_longest_text() -> None:
    columns = (Column(key="a", label="单位"), Column(key="m", label="问题与处理", width=60))
    texts = ("短", "字" * 100, "字" * 9000)
    rows = tuple(Row(key=t[:9], cells=(Figure(value="历下区"), Figure(value=t))) for t in texts)
    data = workbook(with_blocks(Table(id="findings", columns=columns, rows=rows, sheet="问题")))
    heights = opened(data)["问题"].row_dimensions
    assert heights[2].height is None  # one line: every program's own
    assert heights[3].height >= 4 * 10 * 1.3  # 100 characters, 29 in a line
    assert 400 < heights[4].height <= 409


def test_the_cover_tells_remarks_from_reasons() -> None:
    def rows(**changes: object) -> list[tuple[Any, Any]]:
        sheet = opened(workbook(empty_report(remarks=("1处存疑",), **changes)))["说明"]
        return [(row[0].value, row[1].value) for row in sheet.iter_rows()]

    assert {("原因", "1家单位未报"), ("另外", "1处存疑")} <= set(rows())
    final = rows(status="final", reasons=())
    assert ("说明", "1处存疑") in final
    assert ("状态", "数据齐全") in final


def test_the_cover_says_what_the_reader_must_know(report: Report) -> None:
    sheet = opened(workbook(report))["说明"]
    said = "\n".join(texts(sheet))
    for words in ("暂定", "2023年2月1日报送期", "1家单位未报", "逐单位列示。", "合计为暂定数。"):
        assert words in said
    links = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]
    assert "'各单位 春风行动表'!A1" in links


def test_hostile_text_is_kept_as_text(nasty_report: Report) -> None:
    book = opened(workbook(nasty_report))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if cell.data_type == "n" and cell.value is not None]
    assert {(cell.parent.title, cell.value) for cell in numbers} == {("图表", 1), ("概要", 1)}
    assert {cell.data_type for cell in cells if cell.value is not None} == {"n", "s"}
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert all(link.target is None for link in links)
    assert "=1+1" in texts(book["a_b__c___"])
    assert "a_b__c___ 2".casefold() in {name.casefold() for name in book.sheetnames}


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    data = workbook(report)
    assert data == workbook(report.model_copy(deep=True))
    core = zipfile.ZipFile(BytesIO(data)).read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_a_fraction_where_whole_numbers_are_counted_is_shown() -> None:
    columns = (Column(key="a", label="单位"), Column(key="n", label="人数", kind="figure"))
    cells = (Figure(value="历下区"), Figure(value=12.5))
    table = Table(id="t", columns=columns, rows=(Row(key="r", cells=cells),), sheet="数")
    assert opened(workbook(with_blocks(table)))["数"]["B2"].number_format == "#,##0.0"


def test_bars_become_native_charts_over_their_figures(report: Report) -> None:
    data = workbook(report)
    sheet = opened(data)["图表"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "意向协议（人）",
        "历下区",
        "济南新旧动能转换起步区",
    ]
    assert [sheet.cell(row, 2).value for row in (2, 4)] == [2952, -17]
    assert sheet["B5"].value == "未填"
    charts = [n for n in zipfile.ZipFile(BytesIO(data)).namelist() if "charts/chart" in n]
    assert len(charts) == 3  # the third is a course


def test_an_empty_table_still_has_its_sheet() -> None:
    table = units_table(rows=(), empty="没有单位。")
    assert "没有单位。" in texts(opened(workbook(with_blocks(table)))["各单位 春风行动表"])


def test_what_xlsxwriter_only_warns_of_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    too_long = "长" * 300
    monkeypatch.setattr("chunfeng_reports.renderers.excel.pages.in_header", lambda _: too_long)
    with pytest.raises(ReportError, match="没有写成"):
        workbook(with_blocks(units_table()))


@given(st.lists(st.text(max_size=50) | st.sampled_from(NASTY), max_size=12))
def test_sheet_names_are_legal_and_each_its_own(wanted: list[str]) -> None:
    names = SheetNames()
    given_out = [names.take(name) for name in wanted]
    assert len({name.casefold() for name in given_out}) == len(wanted)
    for name in given_out:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")


@given(st.floats(), st.sampled_from(["figure", "change", "percent", "code", "text"]))
def test_any_value_can_be_written(value: float, kind: str) -> None:
    columns = (Column(key="n", label="数", kind=kind),)  # type: ignore[arg-type]
    row = Row(key="r", cells=(Figure(value=value, mark="warning", note="缺“1”家"),))
    table = Table(id="t", columns=columns, rows=(row,), sheet="数")
    assert opened(workbook(with_blocks(table))).sheetnames == ["说明", "数"]


def test_excel_tables_have_legal_names_and_heads_of_their_own() -> None:
    columns = tuple(
        Column(key=str(n), label=label) for n, label in enumerate(("数", "数", "", "A\n"))
    )
    row = Row(key="r", cells=(Figure(value="=1+1"),) * 4)
    table = Table(id="统计-F1", columns=columns, rows=(row,), sheet="数")
    book = opened(workbook(with_blocks(table, table)))
    tables = [found for sheet in book for found in sheet.tables.values()]
    assert [found.name for found in tables] == ["t__F1", "t__F1_2"]
    assert [cell.value for cell in book["数"][1]] == ["数", "数 2", "列3", "A"]
    assert [column.name for column in tables[0].tableColumns] == ["数", "数 2", "列3", "A"]


def test_shaded_columns_have_one_rule_each_over_their_figures() -> None:
    table = units_table()
    columns = tuple(c.model_copy(update={"heat": c.key == "F1_6"}) for c in table.columns)
    rows = (*table.rows[:1], table.rows[-1], *table.rows[1:])
    shaded = table.model_copy(update={"columns": columns, "rows": rows})
    rules = opened(workbook(with_blocks(shaded)))["各单位 春风行动表"].conditional_formatting
    assert [(str(found.sqref), [rule.type for rule in found.rules]) for found in rules] == [
        ("B2 B4:B6", ["dataBar"])
    ]


def test_a_figure_in_doubt_does_not_dwarf_the_bars_of_all_others() -> None:
    column = Column(key="n", label="数", kind="figure", heat=True)
    figures = (Figure(value=10.0), Figure(value=1e6, mark="warning"), Figure(value=20.0))
    rows = tuple(Row(key=str(n), cells=(figure,)) for n, figure in enumerate(figures))
    table = Table(id="t", columns=(column,), rows=rows, sheet="数")
    (found,) = opened(workbook(with_blocks(table)))["数"].conditional_formatting
    least, most = found.rules[0].dataBar.cfvo
    assert [(one.type, one.val) for one in (least, most)] == [("num", 0), ("num", 20)]


def test_every_sheet_is_set_up_to_be_printed(report: Report) -> None:
    book = opened(workbook(report))
    for sheet in book:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.print_area, sheet.title
    for sheet in book.worksheets[1:]:
        assert (
            sheet.oddHeader.left.text
            == "济南市2023年春风行动暨就业援助月汇总（暂定，截至2023年2月1日）"
        )
        assert sheet.oddHeader.right.text
        assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    official = book.worksheets[0]  # as the annex prints it: nothing of ours in its margins
    assert not official.oddHeader.left.text


def test_checksums_are_not_printed(report: Report) -> None:
    assert opened(workbook(report))["来源"].print_area == "'来源'!$A$1:$B$2"


def test_a_table_too_wide_to_be_read_on_a_page_goes_over_several() -> None:
    columns = (Column(key="a", label="单位"), *(
        Column(key=f"n{n}", label=f"指标{n}", kind="figure") for n in range(40)
    ))  # fmt: skip
    row = Row(key="r", cells=(Figure(value="历下区"), *(Figure(value=1234.0),) * 40))
    table = Table(id="t", columns=columns, rows=(row,), sheet="数")
    sheet = opened(workbook(with_blocks(table)))["数"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 2)
    assert sheet.print_title_cols == "$A:$A"


def test_a_long_text_is_squeezed_before_the_page_gets_too_small() -> None:
    columns = tuple(Column(key=f"c{n}", label=f"列{n}", width=60) for n in range(6))
    rows = tuple(Row(key=str(n), cells=(Figure(value="字" * 200),) * 6) for n in range(3))
    table = Table(id="t", columns=columns, rows=rows, sheet="数")
    sheet = opened(workbook(with_blocks(table)))["数"]
    across = [one.width * (one.max - one.min + 1) for one in sheet.column_dimensions.values()]
    assert sum(across) <= 190
    assert sheet.row_dimensions[2].height >= 14 * 10 * 1.3  # 400 half-widths, 30 in a line


def test_every_sheet_is_reached_from_the_cover(report: Report) -> None:
    book = opened(workbook(report))
    links = [cell.hyperlink.location for row in book["说明"] for cell in row if cell.hyperlink]
    sheets = [link.rpartition("!")[0].strip("'") for link in links]
    assert sheets == [name for name in book.sheetnames if name != "说明"] + ["说明"]
    assert book["说明"][links[-1].rpartition("!")[2]].value == "附注"


def test_the_cover_has_every_footnote_once() -> None:
    note = Text(paragraphs=("各项按累计数理解。", "功能区分别报送。"), tone="note")
    tables = [units_table(id=f"units-F{n}", sheet=f"各单位 {n}") for n in (1, 2)]
    said = texts(opened(workbook(with_blocks(note, *tables, note)))["说明"])
    for words in (*note.paragraphs, "各单位 1、各单位 2：逐单位列示。"):
        assert said.count(words) == 1
