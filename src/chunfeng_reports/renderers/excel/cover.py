"""Cover: the 说明 sheet — what the workbook is, whether it is final, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.excel.contents import SOURCES, Contents
from chunfeng_reports.renderers.excel.formats import FONT_SIZE, Formats
from chunfeng_reports.renderers.excel.links import MOST, Link, SheetLinks
from chunfeng_reports.renderers.excel.pages import print_title, set_up_page
from chunfeng_reports.renderers.excel.tables import LONGEST_TEXT
from chunfeng_reports.renderers.wording import MARKS, STATUS_WORDS, day
from chunfeng_reports.report import Report, Text
from chunfeng_reports.worksheets import height, legal, lines_of

WIDTHS = (10, 30, 60)
ROOM = WIDTHS[1] + WIDTHS[2] - 4  # half-widths that fit in the merged cells
LINKED: dict[str, Any] = {
    "font_color": "#174F86", "underline": 1, "valign": "top", "text_wrap": True,
}  # fmt: skip
STATUS_LOOKS: dict[str, dict[str, Any]] = {
    "final": {"bg_color": "#E3F1E5", "font_color": "#1E5B2A"},
    "provisional": {"bg_color": "#FDF1D8", "font_color": "#7A4B00"},
}
NOTES = "附注"


def draw_cover(
    sheet: Worksheet,
    report: Report,
    contents: Contents,
    formats: Formats,
    *,
    links: Mapping[str, SheetLinks],
) -> None:
    """Draw the cover: facts of the report, contents with links, notes, what the marks mean.

    links: those of each worksheet, by its name.
    """
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, _fit(report.title), formats.of(bold=True, font_size=16))
    sheet.set_row(0, 28)
    label = formats.of(font_color="#566170", valign="top")
    row = _draw_facts(sheet, report, formats, label)
    listed, notes = list(_contents(contents)), list(_notes(report, contents, links))
    below = row + len(listed) + 2
    listed.append((NOTES, Link(contents.cover, f"A{below + 1}"), f"{len(notes)}条，在本表下方"))
    for n, (name, link, words) in enumerate(listed):
        sheet.write_string(row, 0, "目录" if n == 0 else "", label)
        sheet.write_url(row, 1, link.url, formats.of(**LINKED), legal(name))
        sheet.write_string(row, 2, _fit(words), formats.of(text_wrap=True, valign="top"))
        row += 1
    _draw_lines(sheet, below, [(NOTES if n == 0 else "", note) for n, note in enumerate(notes)],
                formats, label)  # fmt: skip
    sheet.hide_gridlines(2)
    set_up_page(sheet, left=print_title(report), right=contents.cover, across=0)
    sheet.print_area(0, 0, below + len(notes) - 1, len(WIDTHS) - 1)


def _draw_facts(sheet: Worksheet, report: Report, formats: Formats, label: Format) -> int:
    """The facts of the report; gives the row where the contents begin."""
    facts = list(_facts(report))
    _draw_lines(sheet, 1, facts, formats, label)
    status = next(n for n, (name, _) in enumerate(facts, start=1) if name == "状态")
    look = formats.of(bold=True, valign="top", **STATUS_LOOKS[report.status])
    sheet.write_string(status, 1, STATUS_WORDS[report.status], look)
    return len(facts) + 2


def _draw_lines(
    sheet: Worksheet, top: int, lines: list[tuple[str, str]], formats: Formats, label: Format
) -> None:
    """Labelled lines from a row down, each as tall as its words."""
    text = formats.of(text_wrap=True, valign="top")
    for row, (name, words) in enumerate(lines, start=top):
        sheet.write_string(row, 0, name, label)
        sheet.merge_range(row, 1, row, 2, "", text)
        sheet.write_string(row, 1, _fit(words), text)
        sheet.set_row(row, height(lines_of(words, room=ROOM), size=FONT_SIZE))


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


def _contents(contents: Contents) -> Iterator[tuple[str, Link, str]]:
    """Every other sheet in its order: name, link, what it holds."""
    for name, _ in contents.forms:
        yield name, Link(name, "A1"), "正式表样"
    if contents.summary:
        titles = dict.fromkeys(section.title for section, _ in contents.drawn_up)
        yield contents.summary, Link(contents.summary, "A1"), "、".join(titles)
    for drawn in contents.tables:
        rows = len(drawn.table.rows)
        count = f"{rows}行" if rows else drawn.table.empty.rstrip("。")
        yield drawn.sheet, Link(drawn.sheet, "A1"), f"{drawn.title}（{count}）"
    if contents.charts:
        words = f"{len(contents.graphs)}张图，附各图的数据"
        yield contents.charts, Link(contents.charts, "A1"), words


def _notes(report: Report, contents: Contents, links: Mapping[str, SheetLinks]) -> Iterator[str]:
    """Footnotes and notices of the report, each once; then how the workbook is to be read."""
    texts = (block for section in report.sections for block in section.blocks
             if isinstance(block, Text) and block.tone != "plain")  # fmt: skip
    yield from dict.fromkeys(words for text in texts for words in text.paragraphs)
    noted: dict[str, list[str]] = {}
    for drawn in contents.tables:
        if drawn.table.note:
            noted.setdefault(drawn.table.note, []).append(drawn.sheet)
    yield from (f"{'、'.join(sheets)}：{note}" for note, sheets in noted.items())
    legend = "　".join(f"{MARKS[severity]} {word}" for severity, word in SEVERITY_WORDS.items())
    yield f"标记：{legend}；标记写在数字格式里，单元格仍是数字。"
    if any(drawn.table.id == SOURCES and drawn.table.rows for drawn in contents.tables):
        yield (
            "表中的数字点一下，就到“来源”中它的那一行（文件、工作表、单元格、原文）；"
            "没有单一来源的，到它的问题或明细。“来源”的代码、“问题”的级别点一下，回到数字。"
        )
    for sheet, linked in links.items():
        if linked.left_out:
            yield (
                f"工作表“{sheet}”只有前{MOST}处带链接，其余{linked.left_out}处没有："
                "一张工作表的链接不能再多；请按代码在“来源”中筛选。"
            )


def _fit(text: str) -> str:
    return legal(text)[:LONGEST_TEXT]
