"""The cover: the first sheet of a slip, 退回说明 — what is to be done, and a line a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.cells import cell_name, column_name
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS
from chunfeng_reports.returns.marks import Line
from chunfeng_reports.returns.pages import Page
from chunfeng_reports.returns.writing import put
from chunfeng_reports.slips import APPROVAL, FILLS, HEADS, REPLY
from chunfeng_reports.worksheets import height, lines_of, quoted

_WIDTHS = (5.0, 14.0, 6.0, 13.0, 16.0, 18.0, 11.0, 44.0, 24.0, 26.0, 13.0)
_LINK = HEADS.index("所在单元格")
_HOW = (
    "1. 有误的，请直接在后面各表中改正带颜色的数字；也可在本表“说明/更正”栏只填正确的数。",
    (
        "2. 核实无误的，请在“说明/更正”栏写明具体原因（不少于6个字）；级别为“错误”的，"
        "还须写明审批的上级单位（不是本单位）。"
    ),
    "3. 请勿改动“问题编号”和各表的位置；填好后将本文件原样报回。没有列出的数字不必重填。",
)
_LEGEND = {
    "critical": "错误：必须改正",
    "warning": "存疑：请核实，改正或说明",
    "info": "提示：供参考，不必处理",
}
_HINT = "有误：在表内改正，或在此只填正确的数。无误：在此写明具体原因。"
_APPROVAL_HINT = "错误确需保留原数的，请填写同意的上级单位（不是本单位），不写个人姓名。"
_BLUE, _GREY, _INPUT = "0563C1", "F2F2F2", "FFFDF0"
_SONG = "宋体"
_LAST = len(HEADS) - 1
_CENTRED = (0, 1, 2, 6)
_HEAD_ROW = 7


@dataclass(frozen=True)
class Heading:
    """What stands over the list: who sends it back to whom, for which due, for which campaign."""

    campaign: str
    unit: str
    due: str
    body: str


def draw_cover(
    sheet: Worksheet, heading: Heading, lines: Sequence[Line], pages: Sequence[Page]
) -> None:
    """Draw 退回说明 on an empty sheet."""
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions[column_name(column)].width = width
    _wide(sheet, 0, f"{heading.campaign}退回说明", size=18, bold=True, center=True)
    _wide(sheet, 1, f"单位：{heading.unit}　　报送期：{heading.due}　　退回单位：{heading.body}")
    for row, text in enumerate(_HOW, start=2):
        _wide(sheet, row, text)
    _draw_legend(sheet, 5)
    _draw_head(sheet, _HEAD_ROW)
    for row, line in enumerate(lines, start=_HEAD_ROW + 1):
        _draw_line(sheet, row, line)
    below = _HEAD_ROW + 1 + len(lines)
    _hint(sheet, _HEAD_ROW + 1, below)
    for row, text in enumerate(_origins(pages), start=below + 1):
        _wide(sheet, row, text, size=10)
    _set_up(sheet)


def _wide(
    sheet: Worksheet, row: int, text: str, *, size: float = 11, bold: bool = False,
    center: bool = False,
) -> None:  # fmt: skip
    cell = put(sheet, row, 0, text)
    cell.font = Font(name=_SONG, sz=size, b=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="center",
                               horizontal="center" if center else "left")  # fmt: skip
    sheet.merge_cells(start_row=row + 1, start_column=1, end_row=row + 1, end_column=_LAST + 1)
    lines = lines_of(text, room=0.9 * sum(_WIDTHS) * 11 / size)
    sheet.row_dimensions[row + 1].height = height(lines, size=size)


def _draw_legend(sheet: Worksheet, row: int) -> None:
    put(sheet, row, 0, "图例").font = Font(name=_SONG, sz=11)
    for n, severity in enumerate(SEVERITIES):
        column = (2, 5, 7)[n]
        cell = put(sheet, row, column, _LEGEND[severity])
        cell.fill = PatternFill("solid", fgColor=FILLS[severity])
        cell.border = border(severity)
        cell.font = Font(name=_SONG, sz=11)
        cell.alignment = Alignment(horizontal="center", vertical="center")
        if n < 2:
            sheet.merge_cells(start_row=row + 1, start_column=column + 1, end_row=row + 1,
                              end_column=(5, 7)[n])  # fmt: skip
    sheet.row_dimensions[row + 1].height = 22.0


def border(severity: str) -> Border:
    """How a doubtful cell is edged, so that its severity is seen without colour too."""
    style, color = {"critical": ("double", "C00000"), "warning": ("medium", "BF8F00"),
                    "info": ("dashed", "2F75B5")}[severity]  # fmt: skip
    side = Side(style=style, color=color)  # type: ignore[arg-type]
    return Border(left=side, right=side, top=side, bottom=side)


# --- the list


def _draw_head(sheet: Worksheet, row: int) -> None:
    for column, text in enumerate(HEADS):
        cell = put(sheet, row, column, text)
        cell.font = Font(name="黑体", sz=11)
        cell.fill = PatternFill("solid", fgColor="D9E1F2")
        cell.border = _THIN
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[row + 1].height = 30.0


def _draw_line(sheet: Worksheet, row: int, line: Line) -> None:
    finding = line.finding
    texts = (line.number, line.subject.id, SEVERITY_WORDS[finding.severity], line.form, line.items,
             line.link or line.subject.file, line.now, finding.message, line.suggestion,
             None, None)  # fmt: skip
    for column, text in enumerate(texts):
        cell = put(sheet, row, column, text)
        cell.font = Font(name=_SONG, sz=10)
        cell.border = _THIN
        where = "center" if column in _CENTRED else "left"
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal=where)
    sheet.cell(row + 1, 3).fill = PatternFill("solid", fgColor=FILLS[finding.severity])
    sheet.cell(row + 1, REPLY + 1).fill = PatternFill("solid", fgColor=_INPUT)
    room = _INPUT if line.subject.severity == "critical" else _GREY
    sheet.cell(row + 1, APPROVAL + 1).fill = PatternFill("solid", fgColor=room)
    if line.page is not None and line.spot is not None:
        _link(sheet, row, line.page.name, cell_name(*line.spot))
    most = max(lines_of(str(text), room=_WIDTHS[n] - 1) for n, text in enumerate(texts) if text)
    sheet.row_dimensions[row + 1].height = max(height(most, size=10), 30.0)


def _link(sheet: Worksheet, row: int, page: str, cell: str) -> None:
    name = cell_name(row, _LINK)
    where = sheet[name]
    where.hyperlink = Hyperlink(
        ref=name, location=f"{quoted(page)}!{cell}", tooltip="点击转到该单元格"
    )
    where.font = Font(name=_SONG, sz=10, u="single", color=_BLUE)


def _hint(sheet: Worksheet, first: int, after: int) -> None:
    """What may be typed, shown where a cell is chosen; nothing is refused."""
    for column, title, text in (
        (REPLY, "说明/更正", _HINT),
        (APPROVAL, "审批单位", _APPROVAL_HINT),
    ):
        if after > first:
            hint = DataValidation(showInputMessage=True, promptTitle=title, prompt=text)
            hint.add(f"{cell_name(first, column)}:{cell_name(after - 1, column)}")
            sheet.add_data_validation(hint)


def _origins(pages: Sequence[Page]) -> Iterator[str]:
    """Which page was copied from what, and what is to be known of the copy."""
    yield "各表来源："
    for page in pages:
        source = "·".join(filter(None, (page.file, page.sheet.source)))
        named = f"的“{page.sheet.name}”" if page.sheet.name else ""
        notes = f"（{'；'.join(page.notes)}）" if page.notes else ""
        yield f"“{page.name}”抄自 {source}{named}{notes}"
    if not pages:
        yield "没有可以附上的原表。"
    yield "表中公式已换成结果，宏、外部链接、图片没有带入；带颜色的单元格另有批注。"


def _set_up(sheet: Worksheet) -> None:
    sheet.freeze_panes = cell_name(_HEAD_ROW + 1, 0)
    sheet.print_title_rows = f"{_HEAD_ROW + 1}:{_HEAD_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"  # type: ignore[union-attr]


_LINE = Side(style="thin", color="808080")
_THIN = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
