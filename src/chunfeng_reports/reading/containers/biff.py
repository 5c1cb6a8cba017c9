"""BIFF: what calamine leaves out of an xls workbook: formulas, error values, the date system.

A workbook is one stream of records (number, length, content). Values are calamine's; here stand the
cells that it shows as empty or as a mere result. Writers such as those behind web pages store 0, or
an empty text, for every formula: the formula itself is then all there is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from chunfeng_reports.reading.containers.special import (
    ERRORS,
    MOST_SPANNED,
    Special,
    Specials,
    hold_in,
)
from chunfeng_reports.reading.containers.tokens import Spot, Version, exp_spot, told
from chunfeng_reports.reading.grids import Broken
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

_BOF, _EOF = 0x0809, 0x000A
_FILEPASS, _DATEMODE, _BOUNDSHEET = 0x002F, 0x0022, 0x0085
_FORMULA = (0x0006, 0x0206, 0x0406)
_SHARED, _ARRAY, _BOOLERR = 0x04BC, 0x0221, 0x0205
#: Records of cells that hold something: calamine keeps a table of all up to the last of them.
_CELLS = frozenset({0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00BD, 0x00D6, 0x00FD})
_DIMENSIONS, _NUMBERS = 0x0200, 0x00BD
_TEXTS, _RESULT = (0x0204, 0x00D6), 0x0207
_CODEPAGE = 0x0042
#: Code pages that are not read as Chinese; programs that know no better write 1252 for Chinese.
_PAGES = {950: "big5", 932: "cp932", 949: "cp949", 1251: "cp1251", 1253: "cp1253"}

#: What stands for a cell that is told twice, each time with something else.
_DOUBLED = "#重复"

Record = tuple[int, bytes]


def is_locked(stream: bytes) -> bool:
    """Whether the workbook is encrypted: its second record then says how."""
    return any(number == _FILEPASS for number, _ in _substream(stream, 0))


def special_cells(stream: bytes) -> Specials:
    """Formulas and error values, sheet by sheet in the workbook's order, and the date system.

    Names and texts besides for Excel 5 and 95, whose Chinese calamine cannot read.
    """
    book = _Book().read(_substream(stream, 0))
    sheets = [_Sheet(book.version, book.encoding).read(_substream(stream, at))
              for at in book.offsets]  # fmt: skip
    old = book.version == 5
    return Specials(
        tuple(sheet.found for sheet in sheets),
        book.since_1904,
        names=tuple(name.decode(book.encoding, "replace") for name in book.names) if old else (),
        texts=tuple(sheet.texts for sheet in sheets) if old else (),
        claims=(*(sheet.claim for sheet in sheets if sheet.claim),
                *(_renamed(content, n) for n, content in enumerate(book.bound) if old)),
    )  # fmt: skip


def within_bounds(data: bytes, special: Specials) -> bytes:
    """The same file, its sheets claiming no more than they hold, under names that calamine reads.

    calamine makes room for all that a sheet claims to span, and so would need a gigabyte for a few
    cells in a sheet that is formatted to its end. It keeps sheets by name, and reads all Chinese
    names of one length in Excel 5 and 95 alike: the last sheet would stand for all of them.
    """
    for claimed, held in special.claims:
        data = data.replace(claimed, held)
    return data


def _renamed(content: bytes, number: int) -> tuple[bytes, bytes]:
    """The record of a sheet's name, as it is and with a number of the same length for a name."""
    head = struct.pack("<HH", _BOUNDSHEET, len(content))
    size = content[6]
    name = str(number).encode().zfill(size)[-size:] if size else b""
    return head + content, head + content[:7] + name + content[7 + size :]


def _claim(content: bytes, height: int, width: int, version: Version) -> tuple[bytes, bytes] | None:
    """The record of what a sheet spans, as it is and as it should be; None where it is in order."""
    layout = "<HHHHH" if version == 5 else "<IIHHH"
    if len(content) < struct.calcsize(layout):
        return None
    top, bottom, left, right, rest = struct.unpack_from(layout, content)
    upright = top <= bottom and left <= right
    if upright and (bottom * right <= MOST_SPANNED // 10 or (bottom <= height and right <= width)):
        return None
    true = struct.pack(layout, min(top, height), height, min(left, width), width, rest)
    head = struct.pack("<HH", _DIMENSIONS, len(content))
    return head + content, head + true + content[len(true) :]


@dataclass(slots=True)
class _Book:
    """What the first stream of records says of the workbook as a whole."""

    version: Version = 8
    since_1904: bool = False
    encoding: str = "gb18030"
    offsets: list[int] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    bound: list[bytes] = field(default_factory=list)

    def read(self, records: Iterator[Record]) -> _Book:
        """The same with what the records say."""
        for number, content in records:
            if number == _BOF and content[:2] == b"\x00\x05":
                self.version = 5
            elif number == _DATEMODE:
                self.since_1904 = content[:1] == b"\x01"
            elif number == _CODEPAGE and len(content) >= 2:
                page = struct.unpack_from("<H", content)[0]
                self.encoding = _PAGES.get(page, "gb18030")
            elif number == _BOUNDSHEET and len(content) >= 7:
                self.offsets.append(struct.unpack_from("<I", content)[0])
                self.names.append(content[7 : 7 + content[6]])
                self.bound.append(content)
        return self


def _substream(stream: bytes, start: int) -> Iterator[Record]:
    """The records from one BOF to its EOF; those of charts within are left out."""
    depth = 0
    for number, content in _records(stream, start):
        depth += number == _BOF
        if depth <= 1:
            yield number, content
        if number == _EOF:
            depth -= 1
            if depth <= 0:
                return
    raise Refusal(DAMAGED)  # cut off


def _records(stream: bytes, start: int) -> Iterator[Record]:
    at, end = start, len(stream)
    while at + 4 <= end:
        number, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + size > end:
            raise Refusal(DAMAGED)
        yield number, stream[at : at + size]
        at += size


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is read. Formulas may be kept after the first cell that needs them."""

    version: Version
    encoding: str
    found: Special = field(default_factory=dict)
    texts: dict[Spot, str] = field(default_factory=dict)
    formulas: list[tuple[Spot, bytes]] = field(default_factory=list)
    shared: dict[Spot, bytes] = field(default_factory=dict)
    seen: dict[Spot, bytes] = field(default_factory=dict)
    doubled: set[Spot] = field(default_factory=set)
    height: int = 0
    width: int = 0
    dimensions: bytes = b""
    claim: tuple[bytes, bytes] | None = None

    def read(self, records: Iterator[Record]) -> _Sheet:
        """The same with the cells that hold a formula, an error value, or a text of old."""
        for number, content in records:
            self._record(number, content)
        hold_in(self.height, self.width)
        self.claim = _claim(self.dimensions, self.height, self.width, self.version)
        for spot, tokens in self.formulas:
            self.found[spot] = self._told(spot, tokens)
        self.found |= dict.fromkeys(self.doubled, Broken(_DOUBLED))
        return self

    def _reach(self, number: int, content: bytes) -> None:
        """Takes note of a cell (or of several cells of a row), and where one is told twice."""
        row, left = _spot(content)
        several = range(4, len(content) - 2, 6) if number == _NUMBERS else range(4, 5)
        for column, at in enumerate(several, start=left):
            own = content[at + 2 : at + 6 if number == _NUMBERS else None]
            if self.seen.setdefault((row, column), own) != own:
                self.doubled.add((row, column))
        right = left + len(several)
        self.height, self.width = max(self.height, row + 1), max(self.width, right)

    def _record(self, number: int, content: bytes) -> None:
        if number in _CELLS and len(content) >= 4:
            self._reach(number, content)
        if number in _FORMULA and len(content) >= 22:
            size = struct.unpack_from("<H", content, 20)[0]
            self.formulas.append((_spot(content), content[22 : 22 + size]))
        elif number == _DIMENSIONS:
            self.dimensions = content
        elif number in (_SHARED, _ARRAY):
            self._keep(content, 8 if number == _SHARED else 12)
        elif number == _BOOLERR and len(content) >= 8 and content[7]:
            self.found[_spot(content)] = Broken(ERRORS.get(content[6], "#ERR!"))
        elif number in _TEXTS and self.version == 5 and len(content) >= 8:
            self.texts[_spot(content)] = self._words(content, 6)
        elif number == _RESULT and self.version == 5 and self.formulas and len(content) >= 2:
            self.texts[self.formulas[-1][0]] = self._words(content, 0)

    def _words(self, content: bytes, at: int) -> str:
        """A text of Excel 5: as many bytes as its length says, in the workbook's code page."""
        size = struct.unpack_from("<H", content, at)[0]
        return content[at + 2 : at + 2 + size].decode(self.encoding, "replace")

    def _keep(self, content: bytes, at: int) -> None:
        """A formula that several cells share, under its first cell and the area's corner."""
        if len(content) < at + 2:
            raise Refusal(DAMAGED)
        top, _, left = struct.unpack_from("<HHB", content)
        size = struct.unpack_from("<H", content, at)[0]
        tokens = content[at + 2 : at + 2 + size]
        self.shared[top, left] = tokens
        if self.formulas:
            self.shared[self.formulas[-1][0]] = tokens

    def _told(self, spot: Spot, tokens: bytes) -> str:
        master = exp_spot(tokens, self.version)
        return told(tokens if master is None else self.shared.get(master, b""), self.version,
                    at=spot)  # fmt: skip


def _spot(content: bytes) -> Spot:
    row, column = struct.unpack_from("<HH", content)
    return row, column
