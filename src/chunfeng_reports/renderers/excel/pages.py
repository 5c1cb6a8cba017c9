"""Pages: how worksheets come out of a printer — A4, as wide as the page, with head and foot."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from chunfeng_reports.renderers.wording import STATUS_WORDS, day
from chunfeng_reports.report import Report
from chunfeng_reports.worksheets import legal

PORTRAIT = 95.0  # half-widths across an upright page at full size
LANDSCAPE = 140.0
SMALLEST = 0.62  # print smaller than this is not read: such tables go over several pages
FOOT = "&C第 &P 页，共 &N 页"


def print_title(report: Report) -> str:
    """What stands at the head of every printed page: report, whether final, as of when."""
    return f"{report.title}（{STATUS_WORDS[report.status]}，截至{day(report.due)}）"


def set_up_page(sheet: Worksheet, *, left: str, right: str, across: float) -> None:
    """Page set-up of a worksheet that is `across` half-widths wide: lying where it is wide."""
    wide = across > PORTRAIT
    sheet.set_paper(9)
    if wide:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    room = (LANDSCAPE if wide else PORTRAIT) / SMALLEST
    sheet.fit_to_pages(max(1, -int(-across // room)), 0)
    set_head_and_foot(sheet, left=left, right=right)


def set_head_and_foot(sheet: Worksheet, *, left: str, right: str) -> None:
    """The head of every page: report and sheet; its foot: which page it is."""
    sheet.set_header(f"&L{in_header(left)}&R{in_header(right)}")
    sheet.set_footer(FOOT)


def in_header(text: str) -> str:
    """Text for a page header, where ``&`` begins a code and 255 characters are the most."""
    return legal(text)[:60].replace("\n", " ").replace("&", "&&")
