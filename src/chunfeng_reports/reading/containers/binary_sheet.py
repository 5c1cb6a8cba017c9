"""Binary sheets: what calamine leaves out of an xlsb workbook: formulas, error values, merges."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath

from defusedxml import ElementTree

from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.special import ERRORS, Special, Specials, hold_in
from chunfeng_reports.reading.containers.tokens import Spot, exp_spot, told
from chunfeng_reports.reading.grids import Block, Broken
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

#: Records of cells, from an empty one on; those from 2 on hold something.
_CELLS = range(1, 12)
#: The same in short: no column is told, the cell stands beside the last one. Few programs write
#: them, calamine passes over them.
_SHORT_CELLS = range(12, 19)
#: A text with its own type faces in the cell: one more byte before the text, runs behind it.
_RICH_TEXT, _TEXT = 62, 6
_ROW, _ERROR, _MERGE = 0, 3, 176
#: Formula records → where the formula stands behind the column, the style and the result.
_FORMULAS = {9: 16, 10: 9, 11: 9}
_FORMULA_TEXT = 8
_SHARED, _ARRAY = 427, 426
_BOOK, _SHEET = 153, 156
_WORKBOOK, _RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"

Record = tuple[int, bytes]


def special_cells(package: Package) -> Specials:
    """Formulas, error values and merged blocks, sheet by sheet in the workbook's order."""
    targets = {entry.get("Id"): entry.get("Target", "")
               for entry in ElementTree.fromstring(package.read(_RELATIONS))}  # fmt: skip
    since_1904, sheets = False, []
    in_full: dict[str, bytes] = {}
    try:
        for number, content in _records(package.read(_WORKBOOK)):
            if number == _BOOK:
                since_1904 = bool(content[0] & 1)
            elif number == _SHEET:
                relation, _ = _text(content, 8)
                name = normpath(join("/xl", targets.get(relation, ""))).lstrip("/")
                part = package.read(name)
                if (full := _in_full(part)) != part:
                    in_full[name.lower()] = full
                sheets.append(_Sheet().read(_records(full)))
    except (struct.error, IndexError):
        raise Refusal(DAMAGED) from None
    return Specials(tuple(sheet.found for sheet in sheets), since_1904,
                    tuple(tuple(sheet.merged) for sheet in sheets), parts=in_full)  # fmt: skip


def _in_full(part: bytes) -> bytes:
    """A sheet with all its cells in full: their column first, one text without type faces."""
    packed, column = [], -1
    for number, content in _records(part):
        if number in _SHORT_CELLS:
            column += 1
            full = struct.pack("<I", column) + content
            packed.append(_packed(number - _SHORT_CELLS.start + _CELLS.start, full))
            continue
        if number in _CELLS or number == _RICH_TEXT:
            column = struct.unpack_from("<I", content)[0]
        rich = number == _RICH_TEXT
        packed.append(_packed(_TEXT, content[:8] + content[9:]) if rich
                      else _packed(number, content))  # fmt: skip
    return b"".join(packed)


def _packed(number: int, content: bytes) -> bytes:
    """A record as it is stored."""
    return _lengths(number) + _lengths(len(content)) + content


def _lengths(count: int) -> bytes:
    packed = b""
    while count > 0x7F:
        packed, count = packed + bytes([count & 0x7F | 0x80]), count >> 7
    return packed + bytes([count])


def _records(part: bytes) -> Iterator[Record]:
    """Number and content of each record; both lengths are written seven bits a byte."""
    at, end = 0, len(part)
    while at < end:
        number, at = part[at], at + 1
        if number & 0x80:
            number, at = number & 0x7F | (part[at] & 0x7F) << 7, at + 1
        size, shift, more = 0, 0, True
        while more:
            size |= (part[at] & 0x7F) << shift
            more, shift, at = bool(part[at] & 0x80) and shift < 21, shift + 7, at + 1
        if at + size > end:
            raise Refusal(DAMAGED)
        yield number, part[at : at + size]
        at += size


def _text(content: bytes, at: int) -> tuple[str, int]:
    """A text that is preceded by its length, and where it ends."""
    size = struct.unpack_from("<I", content, at)[0]
    end = at + 4 + 2 * size
    return content[at + 4 : end].decode("utf-16-le"), end


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is read."""

    found: Special = field(default_factory=dict)
    merged: list[Block] = field(default_factory=list)
    row: int = 0
    height: int = 0
    width: int = 0
    formulas: list[tuple[Spot, bytes]] = field(default_factory=list)
    shared: list[tuple[Block, bytes]] = field(default_factory=list)

    def read(self, records: Iterator[Record]) -> _Sheet:
        """The same sheet with all that its records tell."""
        for number, content in records:
            self._record(number, content)
        hold_in(self.height + 1, self.width + 1)
        for spot, tokens in self.formulas:
            own = self._shared(spot) if exp_spot(tokens, 12) else tokens
            self.found[spot] = told(own, 12, at=spot)
        return self

    def _record(self, number: int, content: bytes) -> None:
        if number in _CELLS and number != _CELLS.start:
            row, column = self._spot(content)
            self.height, self.width = max(self.height, row), max(self.width, column)
        if number == _ROW:
            self.row = struct.unpack_from("<I", content)[0]
        elif number in _FORMULAS:
            self._formula(content, _FORMULAS[number])
        elif number == _FORMULA_TEXT:
            self._formula(content, _text(content, 8)[1])
        elif number == _ERROR:
            self.found[self._spot(content)] = Broken(ERRORS.get(content[8], "#ERR!"))
        elif number == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", content)
            self.merged.append((top, left, bottom, right))
        elif number in (_SHARED, _ARRAY):
            top, bottom, left, right = struct.unpack_from("<4I", content)
            tokens = _tokens(content, 16 + (number == _ARRAY))
            self.shared.append(((top, left, bottom, right), tokens))

    def _spot(self, content: bytes) -> Spot:
        return self.row, struct.unpack_from("<I", content)[0]

    def _formula(self, content: bytes, at: int) -> None:
        self.formulas.append((self._spot(content), _tokens(content, at + 2)))

    def _shared(self, spot: Spot) -> bytes:
        """The formula of the last area that was said to share one and holds the cell."""
        for (top, left, bottom, right), tokens in reversed(self.shared):
            if top <= spot[0] <= bottom and left <= spot[1] <= right:
                return tokens
        return b""


def _tokens(content: bytes, at: int) -> bytes:
    size = struct.unpack_from("<I", content, at)[0]
    return content[at + 4 : at + 4 + size]
