"""Cover: the 说明 sheet — what the workbook is, whether it is final, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.excel.formats import FONT_SIZE, Formats
from chunfeng_reports.renderers.excel.tables import LONGEST_TEXT, DrawnTable
from chunfeng_reports.renderers.wording import MARKS, STATUS_WORDS, day
from chunfeng_reports.report import Report, Table, Text
from chunfeng_reports.worksheets import height, legal, lines_of, quoted

WIDTHS = (12, 34, 56)
ROOM = WIDTHS[1] + WIDTHS[2] - 4  # half-widths that fit in the merged cells


def draw_cover(
    sheet: Worksheet,
    report: Report,
    forms: Sequence[str],
    tables: Sequence[DrawnTable],
    formats: Formats,
) -> None:
    """Draw the cover: facts of the report, contents with links, notes, what the marks mean."""
    label = formats.of(font_color="#566170", valign="top")
    text = formats.of(text_wrap=True, valign="top")
    link = formats.of(font_color="#174F86", underline=1, valign="top", text_wrap=True)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, _fit(report.title), formats.of(bold=True, font_size=16))
    sheet.set_row(0, 28)
    row = 1
    for name, words in _facts(report):
        sheet.write_string(row, 0, name, label)
        sheet.merge_range(row, 1, row, 2, "", text)
        sheet.write_string(row, 1, _fit(words), text)
        sheet.set_row(row, _height(words))
        row += 1
    row += 1
    for n, (name, title) in enumerate(_contents(forms, tables)):
        sheet.write_string(row, 0, "目录" if n == 0 else "", label)
        sheet.write_url(row, 1, f"internal:{quoted(name)}!A1", link, string=name)
        sheet.write_string(row, 2, _fit(title), text)
        row += 1
    row += 1
    for n, words in enumerate(_notes(report)):
        sheet.write_string(row, 0, "附注" if n == 0 else "", label)
        sheet.merge_range(row, 1, row, 2, "", text)
        sheet.write_string(row, 1, _fit(words), text)
        sheet.set_row(row, _height(words))
        row += 1
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    if report.subtitle:
        yield "", report.subtitle
    yield "活动", report.campaign
    yield "单位", report.region_name
    yield "截至", f"{day(report.due)}报送期"
    yield "状态", STATUS_WORDS[report.status]
    provisional = report.status == "provisional"
    reasons = report.reasons if provisional else ()
    remarks = report.remarks if provisional else (*report.reasons, *report.remarks)
    for n, reason in enumerate(reasons):
        yield "原因" if n == 0 else "", reason
    for n, remark in enumerate(remarks):
        yield ("另外" if reasons else "说明") if n == 0 else "", remark


def _contents(forms: Sequence[str], tables: Sequence[DrawnTable]) -> Iterator[tuple[str, str]]:
    for name in forms:
        yield name, "正式表样"
    for drawn in tables:
        yield drawn.sheet, drawn.table.title


def _notes(report: Report) -> list[str]:
    """Footnotes and notices of the report, each once, then the legend of the marks."""
    found: dict[str, None] = {}
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Text) and block.tone != "plain":
                found |= dict.fromkeys(block.paragraphs)
            elif isinstance(block, Table) and block.sheet and block.note:
                found[block.note] = None
    legend = "　".join(f"{MARKS[severity]} {word}" for severity, word in SEVERITY_WORDS.items())
    return [*found, f"标记：{legend}；标记写在数字格式里，单元格仍是数字。"]


def _fit(text: str) -> str:
    return legal(text)[:LONGEST_TEXT]


def _height(text: str) -> float:
    return height(lines_of(text, room=ROOM), size=FONT_SIZE)
