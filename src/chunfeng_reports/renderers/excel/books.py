"""Books: a report → a workbook; planned sheets → a workbook of blank forms."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.errors import ReportError
from chunfeng_reports.renderers.excel.contents import DrawnTable, TableNames, contents_of
from chunfeng_reports.renderers.excel.cover import draw_cover
from chunfeng_reports.renderers.excel.formats import Formats
from chunfeng_reports.renderers.excel.forms import draw_form
from chunfeng_reports.renderers.excel.graphs import draw_graphs
from chunfeng_reports.renderers.excel.links import links_in, links_on
from chunfeng_reports.renderers.excel.pages import print_title
from chunfeng_reports.renderers.excel.summary import draw_summary
from chunfeng_reports.renderers.excel.tables import draw_table
from chunfeng_reports.report import Report, Table
from chunfeng_reports.sheets import PlannedCell, SheetPlan
from chunfeng_reports.worksheets import SheetNames, legal

MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (every workbook: the same inputs, the same bytes)
OFFICIAL, FRONT = "#174F86", "#7FA0C0"  # of tabs: what goes up, and what to read first


def workbook(report: Report) -> bytes:
    """The report as an xlsx file: official forms, 说明, 概要, a sheet a table that has one, 图表.

    The same report gives the same bytes. ReportError where a live total on a form is not the sum
    of the table that it names, or where the workbook could not be written whole.
    """
    contents = contents_of(report)
    links = links_in(contents)
    linked = {drawn.sheet: links_on(drawn, links) for drawn in contents.tables}
    title = print_title(report)
    with _book(report.title, report.campaign) as (book, data):
        formats = Formats(book)
        _draw_forms(book, contents.forms, contents.tables, formats)
        cover = _sheet(book, contents.cover, tab=FRONT)
        draw_cover(cover, report, contents, formats, links=linked)
        if contents.summary:
            summary = _sheet(book, contents.summary, tab=FRONT)
            draw_summary(summary, report, contents, formats, links=links)
        for drawn in contents.tables:
            sheet = book.add_worksheet(drawn.sheet)
            draw_table(sheet, drawn, formats, title=title, links=linked[drawn.sheet])
        if contents.charts:
            sheet = book.add_worksheet(contents.charts)
            draw_graphs(book, sheet, contents.graphs, formats, links=links, title=title)
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
    names, table_names = SheetNames(), TableNames()
    sheets = [(names.take(plan.name), plan) for plan in plans]
    drawn = [
        DrawnTable(table, names.take(table.sheet or table.id), table_names.take(table.id))
        for table in tables
    ]
    with _book(title, "") as (book, data):
        for name, value in sorted(properties.items()):
            book.set_custom_property(name, legal(value), "text")
        formats = Formats(book)
        _draw_forms(book, sheets, drawn, formats)
        for one in drawn:
            draw_table(book.add_worksheet(one.sheet), one, formats, title=title)
    return data.getvalue()


def _draw_forms(
    book: Workbook,
    forms: Sequence[tuple[str, SheetPlan]],
    tables: Sequence[DrawnTable],
    formats: Formats,
) -> None:
    """The official forms, a sheet each; their totals sum up the tables."""
    by_id = {drawn.table.id: drawn for drawn in tables}
    for name, plan in forms:
        sheet = _sheet(book, name, tab=OFFICIAL)
        draw_form(sheet, plan, formats, formula=lambda cell: _formula(cell, by_id))


def _sheet(book: Workbook, name: str, *, tab: str) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_tab_color(tab)
    return sheet


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
