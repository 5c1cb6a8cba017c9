"""Workbooks of Excel 95 (BIFF5): bytes in GBK, no merged blocks, a stream called Book.

No library at hand writes them any more; the records are those of the Excel 97 SDK, and LibreOffice
opens the result.
"""

from __future__ import annotations

import re
import struct
from datetime import date

from made_containers import ole

from variations.pages import Book, Cell, Formula, Page

_DAY = 1  # the cell format of days


def xls95(book: Book) -> bytes:
    """A workbook of Excel 95 in Chinese."""
    sheets = [_sheet(page, book) for page in book.pages]
    names = [page.name.encode("gbk")[:31] for page in book.pages]
    head = _record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0))
    head += _record(0x42, struct.pack("<H", 936))
    head += _record(0x22, struct.pack("<H", book.since_1904))
    font = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\5Arial"
    head += _record(0x31, font)
    head += _record(0xE0, struct.pack("<HHHHHHHH", 0, 0, 1, 0x20, 0, 0, 0, 0))
    head += _record(0xE0, struct.pack("<HHHHHHHH", 0, 14, 1, 0x20, 0, 0, 0, 0))
    at = len(head) + sum(4 + 7 + len(name) for name in names) + 4
    for page, name, sheet in zip(book.pages, names, sheets, strict=True):
        head += _record(0x85, struct.pack("<IHB", at, int(page.hidden), len(name)) + name)
        at += len(sheet)
    return ole(head + _record(0x0A) + b"".join(sheets), "Book")


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _sheet(page: Page, book: Book) -> bytes:
    out = _record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    out += _record(0x200, struct.pack("<HHHHH", 0, page.height, 0, page.width, 0))
    for spot in sorted(page.cells):
        out += _cell(*spot, page.cells[spot], book)
    return out + _record(0x0A)


def _cell(row: int, column: int, value: Cell, book: Book) -> bytes:
    head = struct.pack("<HHH", row, column, _DAY * isinstance(value, date))
    if isinstance(value, str):
        text = value.replace("\u00a0", " ").encode("gbk")
        return _record(0x204, head + struct.pack("<H", len(text)) + text)
    if isinstance(value, date):
        start = date(1904, 1, 1) if book.since_1904 else date(1899, 12, 30)
        return _record(0x203, head + struct.pack("<d", (value - start).days))
    if isinstance(value, Formula):
        stored = struct.pack("<d", 0 if book.habit == "zero" else value.result)
        tokens = _tokens(value.text)
        return _record(6, head + stored + struct.pack("<HIH", 0, 0, len(tokens)) + tokens)
    return _record(0x203, head + struct.pack("<d", value))


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
    free = 0 if "$" in name else 0xC000
    ends = [re.fullmatch(r"\$?([A-Z])\$?([0-9]+)", end) for end in name.split(":")]
    spots = [((int(end[2]) - 1) | free, ord(end[1]) - 65) for end in ends if end]
    if len(spots) == 1:
        return struct.pack("<BHB", 0x44, *spots[0])
    (top, left), (bottom, right) = spots
    return struct.pack("<BHHBB", 0x25, top, bottom, left, right)
