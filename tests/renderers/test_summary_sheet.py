"""The summary of a workbook: key figures, plain words, and tables without a sheet of their own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from sample_report import NASTY, empty_report, key_figures, nasty_report, units_table

from chunfeng_reports.renderers.excel import workbook
from chunfeng_reports.report import Column, Figure, KeyFigure, KeyFigures, Row, Section, Table, Text


def _book(*blocks: Any) -> Any:
    section = Section(id="key", title="主要数据", blocks=blocks)
    return openpyxl.load_workbook(BytesIO(workbook(empty_report(sections=(section,)))))


def _rows(sheet: Any) -> list[list[Any]]:
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    return [row for row in rows if row]


def _decisions() -> Table:
    wanted = (("what", "事项", 40), ("who", "由谁", 12), ("how", "怎样处理", 44))
    columns = tuple(Column(key=k, label=label, width=w) for k, label, w in wanted)
    words = ("长清区“意向协议”为负数", "长清区", "退回更正，" * 20)
    row = Row(key="1", cells=tuple(Figure(value=text) for text in words))
    return Table(id="decisions", columns=columns, rows=(row,), note="截至当日。")


def test_key_figures_are_numbers_with_unit_and_change() -> None:
    rows = _rows(_book(key_figures())["概要"])
    assert [[cell.value for cell in row] for row in rows[2:]] == [
        ["主要数据"],
        ["指标", "数值", "单位", "较上期"],
        ["意向协议", 2952, "人", -56],
        ["兑现资金", "未报", "万元"],
    ]
    assert rows[4][3].number_format == "+#,##0;-#,##0;0"


def test_a_key_figure_shows_its_mark_note_and_decimals() -> None:
    figure = Figure(value=12.5, mark="critical", note="缺1家")
    items = (KeyFigure(label="资金", unit="万元", figure=figure, decimals=1),)
    rows = _rows(_book(KeyFigures(id="k", items=items))["概要"])
    assert [cell.value for cell in rows[3]] == ["指标", "数值", "单位"]  # nothing to compare
    assert rows[4][1].number_format == '#,##0.0" ▲ 缺1家"'


def test_tables_without_a_sheet_and_plain_words_stand_below() -> None:
    book = _book(key_figures(), Text(paragraphs=("共收到35个文件。",)), _decisions(), units_table())
    values = [[cell.value for cell in row] for row in _rows(book["概要"])]
    assert ["共收到35个文件。"] in values
    assert ["事项", "由谁", "怎样处理"] in values
    assert ["截至当日。"] in values
    assert "各单位 春风行动表" in book.sheetnames
    assert not [row for row in values if "历下区" in row]


def test_a_row_of_the_summary_is_as_tall_as_its_longest_text() -> None:
    sheet = _book(_decisions())["概要"]
    (row,) = [row for row in _rows(sheet) if row[0].value == "长清区“意向协议”为负数"]
    assert sheet.row_dimensions[row[0].row].height >= 4 * 10 * 1.3


def test_only_what_the_report_has_is_drawn() -> None:
    assert "概要" not in _book(units_table()).sheetnames
    assert "概要" not in _book(Text(paragraphs=("口径。",), tone="note")).sheetnames


def test_hostile_words_stay_words() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(nasty_report())))
    cells = [cell for row in book["概要"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if cell.value != 1} == {"s"}
    assert {"=1+1", "+86", "@SUM(A1)"} < {cell.value for cell in cells} & set(NASTY)
