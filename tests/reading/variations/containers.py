"""Containers: a book → the bytes of the file (or the files) that a program would have saved."""

from __future__ import annotations

import csv
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from io import BytesIO, StringIO

import docx
import openpyxl
import xlsxwriter
import xlwt
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.cell_range import CellRange

from variations.binary_workbook import xlsb
from variations.excel95 import xls95
from variations.pages import Book, Cell, Formula, Habit, Page

_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


@dataclass(frozen=True, slots=True)
class Container:
    """A container: how it is written, its suffix, what it holds, what it stores with a formula.

    holds: ``sheets`` (several in a file), their ``names``, ``hidden`` ones, values ``covered`` by
    a merge, days since ``1904``.
    habits: what the programs that write it store with a formula; none: it holds results alone.
    """

    write: Callable[[Book], bytes]
    suffix: str
    holds: frozenset[str] = frozenset()
    habits: tuple[Habit, ...] = ()

    def files(self, book: Book, stem: str) -> dict[str, bytes]:
        """File name → bytes; a file a page where it holds no more than one."""
        if "sheets" in self.holds or len(book.pages) == 1:
            return {stem + self.suffix: self.write(book)}
        return {
            f"{stem}_{page.name}{self.suffix}": self.write(replace(book, pages=(page,)))
            for page in book.pages
        }


# --- spreadsheets of Excel's newer kind


def _cell_value(value: Cell) -> str | int | float | date:
    return f"={value.text}" if isinstance(value, Formula) else value


def openpyxl_xlsx(book: Book) -> bytes:
    """What openpyxl writes, with the results that Excel would have stored with formulas."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    if book.since_1904:
        made.epoch = CALENDAR_MAC_1904
    if book.maker:
        made.properties.creator = book.maker
    for page in book.pages:
        sheet = made.create_sheet(page.name)
        for (row, column), value in page.cells.items():
            sheet.cell(row + 1, column + 1, _cell_value(value))
        for top, left, bottom, right in page.merged:
            # merge_cells() would wipe what lies under the merge
            block = CellRange(None, left + 1, top + 1, right + 1, bottom + 1)
            sheet.merged_cells.add(block)  # type: ignore[arg-type]
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    made.active = next(n for n, page in enumerate(book.pages) if not page.hidden)
    return _with_results(_saved(made), book)


def openpyxl_write_only(book: Book) -> bytes:
    """What openpyxl streams: no dimension, no merges."""
    made = openpyxl.Workbook(write_only=True)
    for page in book.pages:
        sheet = made.create_sheet(page.name)
        for row in page.rows():
            sheet.append([None if value == "" else _cell_value(value) for value in row])
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    return _with_results(_saved(made), book)


def _saved(made: openpyxl.Workbook) -> bytes:
    packed = BytesIO()
    made.save(packed)
    return packed.getvalue()


def _with_results(data: bytes, book: Book) -> bytes:
    """openpyxl stores nothing with a formula: what another program would have stored."""
    if book.habit == "none":
        return data
    results = {f"xl/worksheets/sheet{n}.xml": _results(page, book.habit)
               for n, page in enumerate(book.pages, start=1)}  # fmt: skip
    return _repacked(data, lambda name, part: _patched(part, results.get(name, {})))


def _results(page: Page, habit: Habit) -> dict[str, int]:
    return {value.text: 0 if habit == "zero" else value.result
            for value in page.cells.values() if isinstance(value, Formula)}  # fmt: skip


def _patched(part: bytes, results: Mapping[str, int]) -> bytes:
    def stored(match: re.Match[str]) -> str:
        return f"<f>{match[1]}</f><v>{results[match[1]]}</v>"

    if not results:
        return part
    return re.sub(r"<f>([^<]*)</f><v ?/?>(?:</v>)?", stored, part.decode()).encode()


def _repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return packed.getvalue()


def xlsxwriter_xlsx(book: Book) -> bytes:
    """What XlsxWriter writes: 0 with every formula, unless it is told the result."""
    packed = BytesIO()
    made = xlsxwriter.Workbook(packed, {"in_memory": True, "date_1904": book.since_1904})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    if book.maker:
        made.set_properties({"author": book.maker})
    sheets = [made.add_worksheet(page.name) for page in book.pages]
    next(
        sheet for sheet, page in zip(sheets, book.pages, strict=True) if not page.hidden
    ).activate()
    for sheet, page in zip(sheets, book.pages, strict=True):
        if page.hidden:
            sheet.hide()
        for block in page.merged:
            sheet.merge_range(*block, "")
        for (row, column), value in page.cells.items():
            if isinstance(value, Formula):
                stored = {"cached": value.result, "none": "", "zero": 0}[book.habit]
                sheet.write_formula(row, column, f"={value.text}", None, stored)
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, day)  # type: ignore[arg-type]
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)
    made.close()
    return packed.getvalue()


def xlsm(book: Book) -> bytes:
    """A workbook with macros (an empty store of them)."""
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return _repacked(openpyxl_xlsx(book), lambda _, part: part.replace(plain, macros))


_STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
     b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
     b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
     b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
     b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"),
    (b"http://schemas.openxmlformats.org/drawingml/2006/main",
     b"http://purl.oclc.org/ooxml/drawingml/main"),
)  # fmt: skip


def strict_xlsx(book: Book) -> bytes:
    """What Excel saves as “Strict Open XML”: other namespaces, a mark in the workbook."""

    def strict(name: str, part: bytes) -> bytes:
        if name == "xl/workbook.xml":
            part = part.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)
        for loose, tight in _STRICT:
            part = part.replace(loose, tight)
        return part

    return _repacked(openpyxl_xlsx(book), strict)


# --- Excel's older kind


def xls(book: Book) -> bytes:
    """BIFF8 as xlwt writes it; it stores 0 with every formula, Excel the result."""
    made = xlwt.Workbook(encoding="utf-8")
    made.dates_1904 = book.since_1904
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for page in book.pages:
        sheet = made.add_sheet(page.name, cell_overwrite_ok=True)
        sheet.visibility = int(page.hidden)
        for (row, column), value in page.cells.items():
            if isinstance(value, Formula):
                sheet.write(
                    row, column, xlwt.Formula(value.text.removeprefix("+"))
                )  # it knows no sign
            elif isinstance(value, date):
                sheet.write(row, column, value, day)
            else:
                sheet.write(row, column, value)
        for top, left, bottom, right in page.merged:
            sheet.merged_ranges.append((top, bottom, left, right))
    made.active_sheet = next(n for n, page in enumerate(book.pages) if not page.hidden)
    packed = BytesIO()
    made.save(packed)
    return (
        packed.getvalue() if book.habit == "zero" else _with_biff_results(packed.getvalue(), book)
    )


def _with_biff_results(data: bytes, book: Book) -> bytes:
    """FORMULA records with the result in them; they come in the order of sheets and rows."""
    found = bytearray(data)
    results = [page.cells[spot] for page in book.pages
               for spot in sorted(page.cells) if isinstance(page.cells[spot], Formula)]  # fmt: skip
    spots = [spot for page in book.pages for spot in sorted(page.cells)
             if isinstance(page.cells[spot], Formula)]  # fmt: skip
    at = 0
    for (row, column), formula in zip(spots, results, strict=True):
        wanted = re.compile(rb"\x06\x00..%s" % re.escape(struct.pack("<HH", row, column)), re.S)
        match = wanted.search(found, at)
        assert match is not None
        assert isinstance(formula, Formula)
        at = match.start() + 10
        found[at : at + 8] = struct.pack("<d", formula.result)
    return bytes(found)


def _stored(value: Cell) -> str | int | float | date:
    """What a container without formulas keeps of a cell."""
    return value.result if isinstance(value, Formula) else value


# --- OpenDocument


def ods(book: Book) -> bytes:
    """An OpenDocument spreadsheet."""
    made = OpenDocumentSpreadsheet()
    hide = Style(name="hide", family="table")
    hide.addElement(TableProperties(attributes={"display": "false"}))
    made.automaticstyles.addElement(hide)
    for page in book.pages:
        table = Table(name=page.name, **({"stylename": hide} if page.hidden else {}))
        spans, covered = _blocks(page)
        for r in range(max(page.height, 1 + max((m[2] for m in page.merged), default=0))):
            row = TableRow()
            for c in range(max(page.width, 1 + max((m[3] for m in page.merged), default=0))):
                kind = CoveredTableCell if (r, c) in covered else TableCell
                row.addElement(_ods_cell(kind, page.cells.get((r, c), ""), spans.get((r, c)), book))
            table.addElement(row)
        made.spreadsheet.addElement(table)
    packed = BytesIO()
    made.write(packed)
    return packed.getvalue()


def _ods_cell(kind: Callable[..., Element], value: Cell, span: tuple[int, int] | None,
              book: Book) -> Element:  # fmt: skip
    told: dict[str, object] = {}
    if span:
        told |= {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]}
    shown = str(_stored(value))
    if isinstance(value, Formula):
        text = re.sub(r"\$?([A-Z]+)\$?([0-9]+)", r"[.\1\2]", value.text)
        told["formula"] = "of:=" + text.replace("]:[", ":").replace(",", ";")
        if book.habit == "none":
            shown = ""
        else:
            shown = str(value.result if book.habit == "cached" else 0)
            told |= {"valuetype": "float", "value": shown}
    elif isinstance(value, date):
        told |= {"valuetype": "date", "datevalue": value.isoformat()}
    elif isinstance(value, int | float):
        told |= {"valuetype": "float", "value": str(value)}
    elif value:
        told["valuetype"] = "string"
    cell = kind(**told)
    for line in shown.split("\n") if shown else ():
        cell.addElement(P(text=line))
    return cell


# --- text


def _table_text(page: Page, delimiter: str) -> str:
    text = StringIO()
    lines = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    lines.writerows([[_stored(value) for value in row] for row in page.rows()])
    return text.getvalue()


def _text(encoding: str, delimiter: str = ",") -> Callable[[Book], bytes]:
    def write(book: Book) -> bytes:
        mark = "\ufeff" if encoding.startswith("utf-16-") else ""
        return (mark + _table_text(book.pages[0], delimiter)).encode(encoding)

    return write


# --- markup


def _blocks(page: Page) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Where merged blocks begin and how far they reach; cells that lie under one."""
    spans = {(t, le): (b - t + 1, r - le + 1) for t, le, b, r in page.merged}
    under = {(row, column) for t, le, b, r in page.merged
             for row in range(t, b + 1) for column in range(le, r + 1)} - set(spans)  # fmt: skip
    return spans, under


def html_plain(book: Book) -> bytes:
    """A web page of bare tables under the name .xls, as reporting systems export them."""
    tables = "".join(_html_table(page, by_excel=False) for page in book.pages)
    return f'<html><head><meta charset="utf-8"></head><body>{tables}</body></html>'.encode()


def html_excel(book: Book) -> bytes:
    """A web page as Excel saves it: gb2312, its own attributes for numbers and formulas."""
    tables = "".join(_html_table(page, by_excel=True) for page in book.pages)
    head = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
        'xmlns:x="urn:schemas-microsoft-com:office:excel"\r\n'
        'xmlns="http://www.w3.org/TR/REC-html40">\r\n<head>\r\n'
        "<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\r\n"
        "<meta name=ProgId content=Excel.Sheet>\r\n"
        "<style><!-- .xl65 {mso-number-format:General;} --></style>\r\n</head>\r\n"
    )  # fmt: skip
    return f"{head}<body link=blue vlink=purple>{tables}</body></html>".encode("gb18030")


def _html_table(page: Page, *, by_excel: bool) -> str:
    spans, under = _blocks(page)
    lines = []
    for r, row in enumerate(page.rows()):
        cells = "".join(
            _html_cell(value, spans.get((r, c)), by_excel=by_excel)
            for c, value in enumerate(row)
            if (r, c) not in under
        )
        lines.append(f"<tr>{cells}</tr>")
    mark = ' x:str border=0 style="border-collapse:collapse"' if by_excel else " border=1"
    return f"<table{mark}>{''.join(lines)}</table>"


def _html_cell(value: Cell, span: tuple[int, int] | None, *, by_excel: bool) -> str:
    told = f" rowspan={span[0]} colspan={span[1]}" if span else ""
    shown = escape(str(_stored(value))).replace("\n", "<br>")
    if by_excel and isinstance(value, Formula):
        told += f' align=right x:num x:fmla="={escape(value.text)}"'
    elif by_excel and isinstance(value, int | float):
        told += f' align=right x:num="{value}"'
        shown = f"{value:,}"
    elif by_excel:
        told += " class=xl65"
    return f"<td{told}>{shown}</td>"


def xml_spreadsheet(book: Book) -> bytes:
    """XML Spreadsheet 2003: cells by index, formulas in R1C1."""
    options = "<Date1904/>" if book.since_1904 else ""
    made = "".join(_xml_sheet(page, book) for page in book.pages)
    maker = f"<Author>{escape(book.maker)}</Author>" if book.maker else ""
    return (
        '<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\r\n'
        f'<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office">{maker}'
        "</DocumentProperties>"
        f'<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel">{options}</ExcelWorkbook>'
        '<Styles><Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
        f"{made}</Workbook>"
    ).encode()


def _xml_sheet(page: Page, book: Book) -> str:
    spans, under = _blocks(page)
    rows = []
    for r, row in enumerate(page.rows()):
        cells = "".join(
            _xml_cell(r, c, value, spans.get((r, c)), book)
            for c, value in enumerate(row)
            if (r, c) not in under and (value != "" or (r, c) in spans)
        )
        if cells:
            rows.append(f'<Row ss:Index="{r + 1}">{cells}</Row>')
    hide = "<Visible>SheetHidden</Visible>" if page.hidden else ""
    return (
        f'<Worksheet ss:Name="{escape(page.name)}"><Table>{"".join(rows)}</Table>'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{hide}'
        "</WorksheetOptions></Worksheet>"
    )


def _xml_cell(row: int, column: int, value: Cell, span: tuple[int, int] | None,
              book: Book) -> str:  # fmt: skip
    told = f' ss:Index="{column + 1}"'
    if span:
        told += f' ss:MergeDown="{span[0] - 1}" ss:MergeAcross="{span[1] - 1}"'
    if isinstance(value, Formula):
        told += f' ss:Formula="={_in_r1c1(value.text, row, column)}"'
        if book.habit == "none":
            return f"<Cell{told}/>"
        value = value.result if book.habit == "cached" else 0
    if isinstance(value, date):
        day = f'<Data ss:Type="DateTime">{value}T00:00:00.000</Data>'
        return f'<Cell{told} ss:StyleID="day">{day}</Cell>'
    if isinstance(value, int | float):
        return f'<Cell{told}><Data ss:Type="Number">{value}</Data></Cell>'
    if value == "":
        return f"<Cell{told}/>"
    text = escape(value).replace("\n", "&#10;")
    return f'<Cell{told}><Data ss:Type="String">{text}</Data></Cell>'


def _in_r1c1(text: str, row: int, column: int) -> str:
    def spot(match: re.Match[str]) -> str:
        across = 0
        for letter in match[2]:
            across = across * 26 + ord(letter) - 64
        down, across = int(match[4]) - 1, across - 1
        if match[1]:
            return f"R{down + 1}C{across + 1}"
        return (f"R[{down - row}]" if down != row else "R") + (
            f"C[{across - column}]" if across != column else "C"
        )

    return re.sub(r"(\$?)([A-Z]+)(\$?)([0-9]+)", spot, text)


# --- Word


def docx_tables(book: Book) -> bytes:
    """A Word document with a table a page, title and unit in the table's own rows."""
    made = docx.Document()
    for page in book.pages:
        lay_table(made, page, first=0)
        made.add_paragraph("")
    return _document(made)


def docx_titled(book: Book) -> bytes:
    """A Word document where title and unit are paragraphs above each table."""
    made = docx.Document()
    for page in book.pages:
        rows = [[_stored(v) for v in row if v != ""] for row in page.rows()]
        first = next((n for n, row in enumerate(rows) if len(row) > 1), 0)
        for row in rows[:first]:
            made.add_paragraph("".join(str(value) for value in row))
        lay_table(made, page, first=first)
        made.add_paragraph("")
    return _document(made)


def lay_table(made: docx.document.Document, page: Page, *, first: int) -> None:
    """Lay a page, from a row on, into a Word document as a table."""
    table = made.add_table(rows=page.height - first, cols=page.width)
    cells = [row.cells for row in table.rows]
    _, under = _blocks(page)
    for (r, c), value in page.cells.items():
        if r >= first and (r, c) not in under:
            cells[r - first][c].text = str(_stored(value))
    for top, left, bottom, right in page.merged:
        if top >= first:
            block = cells[top - first][left], cells[min(bottom, page.height - 1) - first]
            block[0].merge(block[1][min(right, page.width - 1)])


def _document(made: docx.document.Document) -> bytes:
    packed = BytesIO()
    made.save(packed)
    return packed.getvalue()


# --- archives


class _NamedInGbk(zipfile.ZipInfo):
    """An entry whose name is written as Chinese Windows writes it: GBK, and no flag to say so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(files: Mapping[str, bytes], *, folder: str = "", gbk: bool = True) -> bytes:
    """An archive of files, in a folder of it or at its top; names in GBK or in UTF-8."""
    packed = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            path = f"{folder}/{name}" if folder else name
            archive.writestr(_NamedInGbk(path) if gbk else zipfile.ZipInfo(path), data)
    return packed.getvalue()


_TEXT = frozenset({"names"})  # in the names of its files
_SHEETS = frozenset({"sheets"})
_WORKBOOK = frozenset({"sheets", "names", "hidden", "covered", "1904"})
_ALL: tuple[Habit, ...] = ("cached", "none", "zero")

CONTAINERS: dict[str, Container] = {
    "xlsx_openpyxl": Container(openpyxl_xlsx, ".xlsx", _WORKBOOK, _ALL),
    "xlsx_write_only": Container(openpyxl_write_only, ".xlsx", _SHEETS | {"names", "hidden"}, _ALL),
    "xlsx_xlsxwriter": Container(xlsxwriter_xlsx, ".xlsx", _WORKBOOK, _ALL),
    "xlsm": Container(xlsm, ".xlsm", _WORKBOOK, _ALL),
    "xlsx_strict": Container(strict_xlsx, ".xlsx", _WORKBOOK, _ALL),
    "xlsb": Container(xlsb, ".xlsb", _WORKBOOK, ("cached",)),
    "xls": Container(xls, ".xls", _WORKBOOK, ("cached", "zero")),
    "xls_95": Container(
        xls95, ".xls", frozenset({"sheets", "names", "hidden", "1904"}), ("cached", "zero")
    ),
    "et": Container(xls, ".et", _WORKBOOK, ("cached", "zero")),
    "et_ooxml": Container(openpyxl_xlsx, ".et", _WORKBOOK, _ALL),
    "xlsx_named_xls": Container(xlsxwriter_xlsx, ".xls", _WORKBOOK, _ALL),
    "ods": Container(ods, ".ods", _SHEETS | {"names", "hidden", "covered"}, _ALL),
    "csv_utf8": Container(_text("utf-8"), ".csv", _TEXT),
    "csv_utf8_mark": Container(_text("utf-8-sig"), ".csv", _TEXT),
    "csv_gb18030": Container(_text("gb18030"), ".csv", _TEXT),
    "csv_utf16": Container(_text("utf-16-le"), ".csv", _TEXT),
    "tab_utf16": Container(_text("utf-16-le", "\t"), ".txt", _TEXT),
    "tab_utf16_be": Container(_text("utf-16-be", "\t"), ".txt", _TEXT),
    "tab_gb18030": Container(_text("gb18030", "\t"), ".xls", _TEXT),
    "tab_utf8": Container(_text("utf-8", "\t"), ".tsv", _TEXT),
    "html_plain": Container(html_plain, ".xls", _SHEETS),
    "html_excel": Container(html_excel, ".xls", _TEXT),
    "xml_2003": Container(xml_spreadsheet, ".xls", _SHEETS | {"names", "hidden", "1904"}, _ALL),
    "docx": Container(docx_tables, ".docx", _SHEETS),
    "docx_titled": Container(docx_titled, ".docx", _SHEETS),
}
