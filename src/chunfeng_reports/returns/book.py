"""The book: the cover and the pages of a slip, doubtful cells marked, as an xlsx file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.calendar import in_words
from chunfeng_reports.cells import column_name
from chunfeng_reports.copies import Block, CopiedSheet, Look, Outline
from chunfeng_reports.returns.cover import Heading, border, draw_cover
from chunfeng_reports.returns.marks import Line, Mark, marks_of
from chunfeng_reports.returns.pages import Page, Sources, Spot
from chunfeng_reports.returns.writing import MADE, as_bytes, put
from chunfeng_reports.slips import (
    AUTHOR,
    COVER,
    FILLS,
    KIND,
    Asked,
    Ledger,
    SlipFigure,
    SlipSheet,
    figure_text,
    mark_of,
)
from chunfeng_reports.tables.dossier import FactRow
from chunfeng_reports.worksheets import height, legal, lines_of, width

_PLAIN = Look(
    font="宋体",
    size=11.0,
    wrap=True,
    vertical="center",
    borders=tuple((side, "thin", "A6A6A6") for side in ("left", "right", "top", "bottom")),
)
_TEXT = Look(font="仿宋", size=12.0, wrap=True, vertical="top")
_TEXT_WIDTHS = {0: 9.0, 1: 90.0}
_NARROWEST, _WIDEST = 9.0, 46.0
_FORMATS = {"datetime": "yyyy-mm-dd hh:mm", "date": "yyyy-mm-dd", "time": "hh:mm"}


def slip_book(sources: Sources, region: str, lines: Sequence[Line], pages: Sequence[Page]) -> bytes:
    """A unit's slip; the same sources give the same bytes."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = COVER
    draw_cover(cover, _heading(sources, region), lines, pages)
    marks = marks_of(lines, sources, region)
    for page in pages:
        sheet = book.create_sheet(page.name)
        _draw_page(sheet, page.sheet)
        for (name, spot), mark in marks.items():
            if name == page.name:
                _draw_mark(sheet, spot, mark)
    _describe(book, sources, region, lines, pages)
    return as_bytes(book)


def _heading(sources: Sources, region: str) -> Heading:
    desk, due = sources.dossier.desk, sources.dossier.due
    return Heading(desk.campaign.title, desk.unit(region).name,
                   f"{in_words(due)}（{desk.round(due).name}）", desk.body.name)  # fmt: skip


# --- what the file says of itself


def _describe(
    book: Workbook, sources: Sources, region: str, lines: Sequence[Line], pages: Sequence[Page]
) -> None:
    dossier = sources.dossier
    book.properties.creator = AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    book.properties.title = COVER
    book.properties.created = book.properties.modified = MADE
    own = {"campaign": dossier.desk.campaign.id, "due": dossier.due, "region": region, "kind": KIND}
    ledger = _ledger(sources, region, lines, pages).properties()
    for name, text in (own | ledger).items():
        cast(Any, book).custom_doc_props.append(StringProperty(name=name, value=text))


def _shown(sources: Sources, fact: FactRow) -> str:
    """A figure as the slip's sheets show it; empty where there is none."""
    if fact.state != "value":
        return ""
    was = sources.in_text(fact)
    return figure_text(fact.value) if was is None else was


def _ledger(sources: Sources, region: str, lines: Sequence[Line], pages: Sequence[Page]) -> Ledger:
    intake = sources.dossier.intake
    files = intake[intake["region"] == region]["sha256"]
    return Ledger(
        due=sources.dossier.due,
        region=region,
        known=frozenset(map(mark_of, files)),
        sheets=tuple(SlipSheet(p.name, _origin(p), p.sheet.name, p.sheet.text) for p in pages),
        figures=tuple(
            SlipFigure(f.form, f.item, f.state, _shown(sources, f),
                       f.raw if f.state == "unreadable" else "")
            for f in sources.facts.get(region, [])
        ),
        asked=tuple(
            Asked(line.subject.id, line.subject.form,
                  tuple(filter(None, line.subject.items.split(","))), line.item, line.subject.value)
            for line in lines
        ),
    )  # fmt: skip


def _origin(page: Page) -> str:
    """The file that a page was copied from; of a slip, what that one was copied from."""
    return page.sheet.origin or "/".join(filter(None, (page.file, page.sheet.source)))


# --- pages


def _draw_page(sheet: Worksheet, copied: CopiedSheet) -> None:
    looks = Looks(copied)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    for cell in copied.cells:
        drawn = put(sheet, cell.row, cell.column, cell.value)
        looks.dress(drawn, cell.look)
    for top, left, bottom, right in _blocks(copied):
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1,
                          end_column=right + 1)  # fmt: skip
    if copied.outline is not None:
        _draw_outline(sheet, copied.outline)
    else:
        _fit(sheet, copied)


def _blocks(copied: CopiedSheet) -> Iterator[Block]:
    """Merged blocks, cut to where something stands; Excel takes none that overlap others."""
    last_row = max((cell.row for cell in copied.cells), default=0)
    last_column = max((cell.column for cell in copied.cells), default=0)
    taken: set[Spot] = set()
    for top, left, bottom, right in copied.merged:
        below, beside = min(bottom, last_row), min(right, last_column)
        spots = set(product(range(top, below + 1), range(left, beside + 1)))
        if len(spots) > 1 and not spots & taken:
            taken |= spots
            yield top, left, below, beside


class Looks:
    """The looks of one sheet's cells, each made for openpyxl once."""

    def __init__(self, copied: CopiedSheet) -> None:
        self._looks = copied.looks
        self._plain = _TEXT if copied.text else _PLAIN
        self._bare = copied.outline is not None
        self._made: dict[int, tuple[Font, PatternFill | None, Border, Alignment, str]] = {}

    def dress(self, cell: Cell, index: int) -> None:
        """Give a cell its look; dates keep a format that shows them."""
        if index < 0 and self._bare:
            return
        if index not in self._made:
            self._made[index] = _made(self._looks[index] if index >= 0 else self._plain)
        font, fill, lines, place, number_format = self._made[index]
        cell.font, cell.border, cell.alignment = font, lines, place
        if fill is not None:
            cell.fill = fill
        kind = type(cell.value).__name__
        if number_format != "General" or kind not in _FORMATS:
            cell.number_format = number_format
        else:
            cell.number_format = _FORMATS[kind]


def _made(look: Look) -> tuple[Font, PatternFill | None, Border, Alignment, str]:
    font: Any = {"name": look.font, "sz": look.size, "u": look.underline, "color": look.color}
    place: Any = {"horizontal": look.horizontal, "vertical": look.vertical, "indent": look.indent,
                  "textRotation": look.rotation}  # fmt: skip
    lines: Any = {side: _side(style, color) for side, style, color in look.borders}
    return (
        Font(b=look.bold, i=look.italic, strike=look.strike, **_told(font)),
        PatternFill("solid", fgColor=look.fill) if look.fill else None,
        Border(**lines),
        Alignment(wrap_text=look.wrap, shrink_to_fit=look.shrink, **_told(place)),
        look.number_format,
    )


def _side(style: Any, color: str) -> Side:
    return Side(style=style, color=color or None)


def _told(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings without those left as they come."""
    return {name: value for name, value in settings.items() if value}


def _draw_outline(sheet: Worksheet, outline: Outline) -> None:
    for column, size in outline.widths.items():
        sheet.column_dimensions[column_name(column)].width = size
    for row, size in outline.heights.items():
        sheet.row_dimensions[row + 1].height = size
    for row in outline.hidden_rows:
        sheet.row_dimensions[row + 1].hidden = True
    for column in outline.hidden_columns:
        sheet.column_dimensions[column_name(column)].hidden = True
    sheet.freeze_panes = outline.freeze or None
    sheet.sheet_view.showGridLines = outline.gridlines
    if outline.landscape:
        sheet.page_setup.orientation = "landscape"


def _fit(sheet: Worksheet, copied: CopiedSheet) -> None:
    """Column widths and row heights for a sheet that came without: as its texts need."""
    widths = _TEXT_WIDTHS if copied.text else dict(_widths(copied))
    for column, size in widths.items():
        sheet.column_dimensions[column_name(column)].width = size
    if copied.text:
        for cell in copied.cells:
            if cell.column == 1:
                lines = lines_of(str(cell.value), room=_TEXT_WIDTHS[1] * 11 / 12 - 2)
                sheet.row_dimensions[cell.row + 1].height = height(lines, size=12)


def _widths(copied: CopiedSheet) -> Iterator[tuple[int, float]]:
    covered = {(top, left) for top, left, _, right in copied.merged if right > left}
    widest: dict[int, float] = {}
    for cell in copied.cells:
        if (cell.row, cell.column) not in covered:
            needed = max((width(line) for line in str(cell.value or "").split("\n")), default=0) + 2
            widest[cell.column] = max(widest.get(cell.column, _NARROWEST), min(needed, _WIDEST))
    yield from sorted(widest.items())


def _draw_mark(sheet: Worksheet, spot: Spot, mark: Mark) -> None:
    """Colour and edge a doubtful cell, and say beside it what is wrong; nothing stays unseen."""
    row, column = spot
    cell = sheet.cell(row + 1, column + 1)
    if not isinstance(cell, Cell):
        return
    cell.fill = PatternFill("solid", fgColor=FILLS[mark.severity])
    cell.border = border(mark.severity)
    text = legal(mark.text)
    lines = lines_of(text, room=46)
    cell.comment = Comment(text, AUTHOR, width=340, height=min(30 + 17 * lines, 420))
    sheet.row_dimensions[row + 1].hidden = False
    sheet.column_dimensions[column_name(column)].hidden = False
