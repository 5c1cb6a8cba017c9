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

#: Records of cells that hold something.
_CELLS = frozenset(range(2, 12))
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
    try:
        for number, content in _records(package.read(_WORKBOOK)):
            if number == _BOOK:
                since_1904 = bool(content[0] & 1)
            elif number == _SHEET:
                relation, _ = _text(content, 8)
                part = normpath(join("/xl", targets.get(relation, ""))).lstrip("/")
                sheets.append(_Sheet().read(_records(package.read(part))))
    except (struct.error, IndexError):
        raise Refusal(DAMAGED) from None
    return Specials(tuple(sheet.found for sheet in sheets), since_1904,
                    tuple(tuple(sheet.merged) for sheet in sheets))  # fmt: skip


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
        if number in _CELLS:
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
