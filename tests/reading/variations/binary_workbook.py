"""Binary workbooks (.xlsb): the few records that a sheet of text, numbers and sums takes.

Nothing at hand writes them; the records are those of [MS-XLSB], and LibreOffice opens the result.
"""

from __future__ import annotations

import re
import struct
import zipfile
from datetime import date
from io import BytesIO

from variations.pages import Book, Cell, Formula, Page

_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/>'
    "{sheets}</Types>"
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{n}.bin" '
    'ContentType="application/vnd.ms-excel.worksheet"/>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{entries}</Relationships>"
)
_RELATION = '<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

_DAY_STYLE = 1


def xlsb(book: Book) -> bytes:
    """A workbook of binary records."""
    count = len(book.pages)
    sheets = "".join(_SHEET_TYPE.format(n=n) for n in range(1, count + 1))
    own = [_RELATION.format(n=n, kind=_KINDS + "worksheet", target=f"worksheets/sheet{n}.bin")
           for n in range(1, count + 1)]  # fmt: skip
    own.append(_RELATION.format(n=count + 1, kind=_KINDS + "styles", target="styles.bin"))
    outer = _RELATION.format(n=1, kind=_KINDS + "officeDocument", target="xl/workbook.bin")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", _CONTENT_TYPES.format(sheets=sheets))
        parts.writestr("_rels/.rels", _RELATIONS.format(entries=outer))
        parts.writestr("xl/workbook.bin", _workbook(book))
        parts.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format(entries="".join(own)))
        parts.writestr("xl/styles.bin", _styles())
        for n, page in enumerate(book.pages, start=1):
            parts.writestr(f"xl/worksheets/sheet{n}.bin", _sheet(page, book))
    return packed.getvalue()


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record: kind and length in seven bits a byte, then the body."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(body), b""
    while True:
        length, low = length >> 7, length & 0x7F
        size += bytes([low | (0x80 if length else 0)])
        if not length:
            return head + size + body


def _text(words: str) -> bytes:
    return struct.pack("<I", len(words.encode("utf-16-le")) // 2) + words.encode("utf-16-le")


def _workbook(book: Book) -> bytes:
    sheets = b"".join(
        _record(156, struct.pack("<II", int(page.hidden), n) + _text(f"rId{n}") + _text(page.name))
        for n, page in enumerate(book.pages, start=1)
    )
    # BrtWbProp: flags (bit 0: days count from 1904), theme version, no code name
    properties = _record(153, struct.pack("<II", int(book.since_1904), 0) + _text(""))
    return _record(131) + properties + _record(143) + sheets + _record(144) + _record(132)


def _styles() -> bytes:
    """Two cell formats: General, and a day (number format 14)."""
    general = struct.pack("<HHHHHBBHBB", 0xFFFF, 0, 0, 0, 0, 0, 0, 0x1000, 0, 0)
    formats = [struct.pack("<HHHHHBBHBB", 0, code, 0, 0, 0, 0, 0, 0x1000, 1, 0) for code in (0, 14)]
    font = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 0, 0) + bytes([7, 0, 0, 0, 0, 0, 0, 255])
    font += b"\x00" + _text("Calibri")
    fill = struct.pack("<I", 0) + bytes(64)
    border = bytes(51)
    return b"".join(
        (_record(278),
         _record(611, struct.pack("<I", 1)), _record(43, font), _record(612),
         _record(603, struct.pack("<I", 1)), _record(45, fill), _record(604),
         _record(613, struct.pack("<I", 1)), _record(46, border), _record(614),
         _record(626, struct.pack("<I", 1)), _record(47, general), _record(627),
         _record(617, struct.pack("<I", 2)), *(_record(47, one) for one in formats), _record(618),
         _record(279))
    )  # fmt: skip


def _sheet(page: Page, book: Book) -> bytes:
    height, width = max(page.height, 1), max(page.width, 1)
    out = [_record(129), _record(148, struct.pack("<IIII", 0, height - 1, 0, width - 1)),
           _record(145)]  # fmt: skip
    for r, row in enumerate(page.rows()):
        out.append(_record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 1)
                           + struct.pack("<II", 0, width - 1)))  # fmt: skip
        out += [_cell(c, value, book) for c, value in enumerate(row) if value != ""]
    out.append(_record(146))
    if page.merged:
        out.append(_record(177, struct.pack("<I", len(page.merged))))
        out += [_record(176, struct.pack("<IIII", top, bottom, left, right))
                for top, left, bottom, right in page.merged]  # fmt: skip
        out.append(_record(178))
    return b"".join((*out, _record(130)))


def _cell(column: int, value: Cell, book: Book) -> bytes:
    style = _DAY_STYLE if isinstance(value, date) else 0
    head = struct.pack("<II", column, style)
    if isinstance(value, str):
        return _record(6, head + _text(value))
    if isinstance(value, date):
        start = date(1904, 1, 1) if book.since_1904 else date(1899, 12, 30)
        return _record(5, head + struct.pack("<d", (value - start).days))
    if isinstance(value, Formula):
        tokens = _tokens(value.text)
        return _record(9, head + struct.pack("<dHI", value.result, 0, len(tokens)) + tokens
                       + struct.pack("<I", 0))  # fmt: skip
    return _record(5, head + struct.pack("<d", value))


def _tokens(text: str) -> bytes:
    """The parsed form of SUM(…), a+b, a-b, +a."""
    if match := re.fullmatch(r"SUM\((.*)\)", text):
        parts = [_reference(part) for part in match[1].split(",")]
        return b"".join(parts) + struct.pack("<BBH", 0x42, len(parts), 4)
    signs = {"+": b"\x03", "-": b"\x04"}
    found = re.findall(r"([+-]?)([A-Z0-9$:]+)", text)
    out = _reference(found[0][1]) + (b"\x12" if found[0][0] == "+" else b"")
    return out + b"".join(_reference(name) + signs[sign] for sign, name in found[1:])


def _reference(name: str) -> bytes:
    ends = [re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", end) for end in name.split(":")]
    spots = [(int(end[2]) - 1, _column(end[1])) for end in ends if end]
    free = 0 if "$" in name else 0xC000
    if len(spots) == 1:
        return struct.pack("<BIH", 0x44, spots[0][0], spots[0][1] | free)
    (top, left), (bottom, right) = spots
    return struct.pack("<BIIHH", 0x25, top, bottom, left | free, right | free)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
