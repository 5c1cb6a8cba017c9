"""Books: a report → a workbook; planned sheets → a workbook of blank forms."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from chunfeng_reports.errors import ReportError
from chunfeng_reports.renderers.excel.cover import draw_cover
from chunfeng_reports.renderers.excel.formats import Formats
from chunfeng_reports.renderers.excel.forms import draw_form
from chunfeng_reports.renderers.excel.graphs import draw_graphs
from chunfeng_reports.renderers.excel.tables import DrawnTable, draw_table
from chunfeng_reports.report import Bars, FormSheet, Report, Table
from chunfeng_reports.sheets import PlannedCell, SheetPlan
from chunfeng_reports.worksheets import SheetNames, legal

MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (every workbook: the same inputs, the same bytes)
COVER = "说明"
CHARTS = "图表"


def workbook(report: Report) -> bytes:
    """The report as an xlsx file: official forms, 说明, a sheet for each table that has one, 图表.

    The same report gives the same bytes. ReportError where a live total on a form is not the sum
    of the table that it names, or where the workbook could not be written whole.
    """
    names = SheetNames()
    blocks = [block for section in report.sections for block in section.blocks]
    plans = [block.plan for block in blocks if isinstance(block, FormSheet)]
    forms = [(names.take(plan.name), plan) for plan in plans]
    cover = names.take(COVER)
    tables = [
        DrawnTable(block, names.take(block.sheet))
        for block in blocks
        if isinstance(block, Table) and block.sheet
    ]
    charts = [block for block in blocks if isinstance(block, Bars)]
    by_id = {drawn.table.id: drawn for drawn in tables}
    with _book(report.title, report.campaign) as (book, data):
        formats = Formats(book)
        for name, plan in forms:
            sheet = book.add_worksheet(name)
            draw_form(sheet, plan, formats, formula=lambda cell: _formula(cell, by_id))
        sheet = book.add_worksheet(cover)
        draw_cover(sheet, report, [name for name, _ in forms], tables, formats)
        for drawn in tables:
            sheet = book.add_worksheet(drawn.sheet)
            draw_table(sheet, drawn.table, formats, title=report.title)
        if charts:
            draw_graphs(book, book.add_worksheet(names.take(CHARTS)), charts, formats)
    return data.getvalue()


def forms_workbook(
    plans: Sequence[SheetPlan],
    *,
    properties: Mapping[str, str],
    title: str,
    tables: Sequence[Table] = (),
) -> bytes:
    """Forms as an xlsx file, with custom document properties (name → text).

    tables: those that totals on the forms sum up, a sheet each behind the forms. ReportError where
    a total is not the sum of the table that it names.
    """
    names = SheetNames()
    sheets = [names.take(plan.name) for plan in plans]
    drawn = [DrawnTable(table, names.take(table.sheet or table.id)) for table in tables]
    by_id = {one.table.id: one for one in drawn}
    with _book(title, "") as (book, data):
        for name, value in sorted(properties.items()):
            book.set_custom_property(name, legal(value), "text")
        formats = Formats(book)
        for name, plan in zip(sheets, plans, strict=True):
            sheet = book.add_worksheet(name)
            draw_form(sheet, plan, formats, formula=lambda cell: _formula(cell, by_id))
        for one in drawn:
            draw_table(book.add_worksheet(one.sheet), one.table, formats, title=title)
    return data.getvalue()


def _formula(cell: PlannedCell, tables: Mapping[str, DrawnTable]) -> str:
    total, value = cell.total_of, cell.value
    assert total is not None
    assert isinstance(value, (int, float))
    if total.table not in tables:
        raise ReportError(f"工作簿中没有表 {total.table}，正式表的合计公式写不出来")
    return tables[total.table].total(total.column, value)


@contextmanager
def _book(title: str, subject: str) -> Iterator[tuple[Workbook, BytesIO]]:
    """A workbook in memory, whole when the block ends; a mere warning of XlsxWriter is an error."""
    data = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with warnings.catch_warnings():
        warnings.filterwarnings("error", category=UserWarning)
        book = Workbook(data, options)
        book.set_properties({"title": legal(title), "subject": legal(subject), "created": MADE})
        try:
            yield book, data
            book.close()
        except (UserWarning, XlsxWriterException) as error:
            raise ReportError(f"Excel 工作簿没有写成：{error}") from error
