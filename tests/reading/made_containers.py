"""One known table, written in containers that no library writes: binary records, markup, parts."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from xlwt.CompoundDoc import XlsDoc


def zipped(parts: Mapping[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as into:
        for name, content in parts.items():
            into.writestr(name, content)
    return packed.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same zip after a change to its parts (name → content)."""
    with zipfile.ZipFile(BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    return zipped(parts)


# --- xlsx by its parts

RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{TYPES}/{kind}" Target="{target}"/>'


def xlsx(sheet_data: str, *, more: Mapping[str, str] | None = None) -> bytes:
    """A workbook of one sheet 表 with this ``sheetData``."""
    return zipped(
        {
            "_rels/.rels": RELS.format(relation("r", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{TYPES}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="s1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": RELS.format(
                relation("s1", "worksheet", "worksheets/sheet1.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}'
            "</sheetData></worksheet>",
            **(more or {}),
        }
    )


# --- xlsb


def _record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    size, rest = b"", len(content)
    while rest > 127:
        size, rest = size + bytes([rest & 0x7F | 0x80]), rest >> 7
    return head + size + bytes([rest]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_cell(column: int, value: object, tokens: bytes | None) -> bytes:
    head = struct.pack("<II", column, 0)
    formula = b"" if tokens is None else struct.pack("<HI", 0, len(tokens)) + tokens + bytes(4)
    if tokens is not None:
        if isinstance(value, str):
            return _record(8, head + _wide(value) + formula)
        return _record(9, head + struct.pack("<d", value) + formula)
    if isinstance(value, bytes):
        return _record(3, head + value)
    if isinstance(value, str):
        return _record(6, head + _wide(value))
    return _record(5, head + struct.pack("<d", value))


def _xlsb_short_cell(value: object) -> bytes:
    """A cell beside the last one, its column untold."""
    style = bytes(4)
    if isinstance(value, bytes):
        return _record(14, style + value)
    if isinstance(value, str):
        return _record(17, style + _wide(value))
    return _record(16, style + struct.pack("<d", value))


def xlsb(
    sheets: Mapping[str, list[list[object]]],
    *,
    hidden: tuple[str, ...] = (),
    merged: tuple[tuple[int, int, int, int], ...] = (),
    since_1904: bool = False,
    extra: Mapping[tuple[int, int], bytes] | None = None,
    short: bool = False,
) -> bytes:
    """A binary workbook. A cell (result, tokens) is a formula; bytes are an error's number.

    extra: records that follow a cell (shared formulas). short: cells that follow another one are
    written in short, as SheetJS does.
    """
    book = _record(131) + _record(153, struct.pack("<III", int(since_1904), 0, 0)) + _record(143)
    parts: dict[str, bytes | str] = {}
    relations = []
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        book += _record(156, struct.pack("<II", int(name in hidden), number)
                        + _wide(f"r{number}") + _wide(name))  # fmt: skip
        height, width = len(rows), max(map(len, rows))
        sheet = _record(129) + _record(148, struct.pack("<4I", 0, height - 1, 0, width - 1))
        sheet += _record(145)
        for r, row in enumerate(rows):
            sheet += _record(0, struct.pack("<IIHBBBI", r, 0, 0, 0, 0, 0, 0))
            for c, cell in enumerate(row):
                value, tokens = cell if isinstance(cell, tuple) else (cell, None)
                if value != "" or tokens is not None:
                    brief = short and tokens is None and c > 0 and row[c - 1] != ""
                    sheet += _xlsb_short_cell(value) if brief else _xlsb_cell(c, value, tokens)
                sheet += (extra or {}).get((r, c), b"")
        sheet += _record(146)
        if merged and number == 1:
            sheet += _record(177, struct.pack("<I", len(merged)))
            for top, left, bottom, right in merged:
                sheet += _record(176, struct.pack("<4I", top, bottom, left, right))
            sheet += _record(178)
        parts[f"xl/worksheets/sheet{number}.bin"] = sheet + _record(130)
        relations.append(relation(f"r{number}", "worksheet", f"worksheets/sheet{number}.bin"))
    return zipped(
        {
            "_rels/.rels": RELS.format(relation("r", "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": book + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": RELS.format("".join(relations)),
            **parts,
        }
    )


def xlsb_shared(block: tuple[int, int, int, int], tokens: bytes) -> bytes:
    """The record of a formula that the cells of a block share."""
    top, left, bottom, right = block
    head = struct.pack("<4I", top, bottom, left, right)
    return _record(427, head + struct.pack("<I", len(tokens)) + tokens)


# --- xls as Excel 5 and 95 wrote it


def _old(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _old_cell(row: int, column: int, value: object, encoding: str) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if isinstance(value, tuple):
        result, tokens = value
        stored = struct.pack("<d", result)
        return _old(6, head + stored + struct.pack("<HIH", 0, 0, len(tokens)) + tokens)
    if isinstance(value, bytes):
        return _old(0x205, head + value + b"\1")
    if isinstance(value, str):
        raw = value.encode(encoding)
        return _old(0x204, head + struct.pack("<H", len(raw)) + raw)
    return _old(0x203, head + struct.pack("<d", value))


def xls95(
    name: str,
    rows: list[list[object]],
    *,
    since_1904: bool = False,
    extra: Mapping[tuple[int, int], bytes] | None = None,
    encoding: str = "gbk",
    page: int = 936,
) -> bytes:
    """A workbook of Excel 95 in Chinese; cells and ``extra`` as in ``xlsb``."""
    raw = name.encode(encoding)
    sheet = _old(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    sheet += _old(0x200, struct.pack("<HHHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value != "":
                sheet += _old_cell(r, c, value, encoding)
            sheet += (extra or {}).get((r, c), b"")
    sheet += _old(0x0A)
    head = _old(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + _old(0x42, struct.pack("<H", page))
    head += _old(0x22, struct.pack("<H", int(since_1904)))
    head += _old(0xE0, struct.pack("<HHHHHHHH", 0, 0, 0, 0, 0, 0, 0, 0))
    at = len(head) + 4 + 7 + len(raw) + 4
    head += _old(0x85, struct.pack("<IHB", at, 0, len(raw)) + raw) + _old(0x0A)
    return ole(head + sheet, "Book")


def old_shared(block: tuple[int, int, int, int], tokens: bytes) -> bytes:
    """The record (of xls) of a formula that the cells of a block share."""
    top, left, bottom, right = block
    head = struct.pack("<HHBBH", top, bottom, left, right, 0)
    return _old(0x4BC, head + struct.pack("<H", len(tokens)) + tokens)


def ole(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream."""
    packed = BytesIO()
    XlsDoc().save(packed, stream)
    entry = "Workbook\0".encode("utf-16-le")
    renamed = name.encode("utf-16-le")
    renamed += bytes(64 - len(renamed)) + struct.pack("<H", 2 * len(name) + 2)
    at = packed.getvalue().index(entry)
    return packed.getvalue()[:at] + renamed + packed.getvalue()[at + 66 :]


# --- ods and XML

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:automatic-styles><style:style style:name="off" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def ods(tables: str, *, meta: str = "") -> bytes:
    """An OpenDocument spreadsheet of these tables."""
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                   "content.xml": _ODS.format(tables), "meta.xml": meta})  # fmt: skip


def xml_2003(tables: str, *, encoding: str = "utf-8", head: str = "") -> bytes:
    """An XML spreadsheet of these worksheets."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel">{head}{tables}</Workbook>'
    )
    return text.encode(encoding)
