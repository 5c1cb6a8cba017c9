"""Tokens: a formula as binary workbooks store it → its text (``=SUM(B9:B11)``).

Plain formulas (sums, references, numbers, the four operations) are told exactly. Of others the text
is no more than a hint with ``…`` in it: nobody can take it for a sum and work it out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from chunfeng_reports.cells import cell_name

#: 5: Excel 5 and 95; 8: Excel 97 and later (xls); 12: xlsb.
Version = Literal[5, 8, 12]
Spot = tuple[int, int]

#: What stands for a formula, or a part of one, that cannot be told.
UNTOLD = "…"

_OPERATORS = {
    0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/", 0x07: "^", 0x08: "&", 0x09: "<", 0x0A: "<=",
    0x0B: "=", 0x0C: ">=", 0x0D: ">", 0x0E: "<>",
}  # fmt: skip
_FUNCTIONS = {0: "COUNT", 1: "IF", 4: "SUM", 5: "AVERAGE", 6: "MIN", 7: "MAX", 24: "ABS",
              25: "INT", 27: "ROUND", 36: "AND", 37: "OR", 183: "PRODUCT", 228: "SUMPRODUCT",
              345: "SUMIF"}  # fmt: skip
_ARITY = {24: 1, 25: 1, 27: 2}


class _Untold(Exception):  # noqa: N818 - an answer, not an error
    """The formula holds something that is not told here."""


def exp_spot(tokens: bytes, version: Version) -> Spot | None:
    """Where a formula shared with other cells is kept; None for one that stands by itself.

    In xlsb the tokens tell the row alone: the column is given as -1.
    """
    if not tokens or tokens[0] not in (0x01, 0x02):
        return None
    if version == 12:
        return (struct.unpack_from("<I", tokens, 1)[0], -1) if len(tokens) >= 5 else None
    if len(tokens) < 4 + (version == 8):
        return None
    row, column = struct.unpack_from("<HB", tokens, 1)
    return row, column


def told(tokens: bytes, version: Version, *, at: Spot) -> str:
    """The formula's text; ``at``: row and column (from 0) of its cell, for relative references."""
    try:
        return "=" + _Reader(tokens, version, at).told()
    except (_Untold, struct.error, IndexError):
        return f"={UNTOLD}"


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How a version packs references: a cell, an area, the bits of its rows and columns.

    Offsets run around the sheet's edge: the masks cut them to its size.
    """

    cell: str
    area: str
    row_mask: int
    column_mask: int


_SIZES = {
    5: _Sizes("<HB", "<HHBB", 0x3FFF, 0xFF),
    8: _Sizes("<HH", "<HHHH", 0xFFFF, 0xFF),
    12: _Sizes("<IH", "<IIHH", 0xFFFFF, 0x3FFF),
}


class _Reader:
    """Reads tokens in order; operands wait on a stack for their operator."""

    def __init__(self, tokens: bytes, version: Version, at: Spot) -> None:
        self._tokens = tokens
        self._version: Version = version
        self._at = at
        self._next = 0
        self._stack: list[str] = []

    def told(self) -> str:
        """The one text that is left when all tokens are read."""
        while self._next < len(self._tokens):
            self._token(self._take("<B")[0])
        if len(self._stack) != 1:
            raise _Untold
        return self._stack[0]

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._tokens, self._next)
        self._next += struct.calcsize(layout)
        return values

    def _token(self, code: int) -> None:
        if code in _OPERATORS:
            right, left = self._stack.pop(), self._stack.pop()
            self._stack.append(f"{left}{_OPERATORS[code]}{right}")
            return
        kind = (code & 0x1F) | 0x20 if code >= 0x20 else code
        reader = _READERS.get(kind)
        if reader is None or code >= 0x80:
            raise _Untold
        reader(self)

    def _wrap(self, before: str, after: str = "") -> None:
        self._stack.append(f"{before}{self._stack.pop()}{after}")

    def _attribute(self) -> None:
        kind, _ = self._take("<BH")
        if kind & 0x04:  # a choice: its jump table follows
            raise _Untold
        if kind & 0x10:
            self._wrap("SUM(", ")")

    def _text(self) -> None:
        if self._version == 5:
            (size,) = self._take("<B")
            wide = False
        elif self._version == 8:
            size, flags = self._take("<BB")
            wide = bool(flags & 1)
        else:
            (size,) = self._take("<H")
            wide = True
        raw = self._tokens[self._next : self._next + size * (1 + wide)]
        self._next += len(raw)
        words = raw.decode("utf-16-le" if wide else "latin-1", "replace")
        self._stack.append(f'"{words}"')

    def _function(self, count: int, number: int) -> None:
        if count > len(self._stack):
            raise _Untold
        own = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        self._stack.append(f"{_FUNCTIONS.get(number, UNTOLD)}({','.join(own)})")

    def _fixed(self) -> None:
        (number,) = self._take("<H")
        if number not in _ARITY:
            raise _Untold
        self._function(_ARITY[number], number)

    def _variable(self) -> None:
        count, number = self._take("<BH")
        self._function(count & 0x7F, number & 0x7FFF)

    def _cell(self, *, shifted: bool = False) -> None:
        row, column = self._take(_SIZES[self._version].cell)
        self._stack.append(self._named(row, column, shifted=shifted))

    def _area(self, *, shifted: bool = False) -> None:
        top, bottom, left, right = self._take(_SIZES[self._version].area)
        first = self._named(top, left, shifted=shifted)
        self._stack.append(f"{first}:{self._named(bottom, right, shifted=shifted)}")

    def _number(self) -> None:
        (value,) = struct.unpack_from("<d", self._tokens, self._next)
        self._next += 8
        self._stack.append(repr(value).removesuffix(".0"))

    def _whole(self) -> None:
        self._stack.append(str(self._take("<H")[0]))

    def _truth(self) -> None:
        self._stack.append("TRUE" if self._take("<B")[0] else "FALSE")

    def _missing(self) -> None:
        self._stack.append("")

    def _named(self, row: int, column: int, *, shifted: bool) -> str:
        sizes = _SIZES[self._version]
        flags = row if self._version == 5 else column
        row, column = row & sizes.row_mask, column & sizes.column_mask
        if shifted and flags & 0x8000:
            row = (self._at[0] + row) & sizes.row_mask
        if shifted and flags & 0x4000:
            column = (self._at[1] + column) & sizes.column_mask
        return cell_name(row, column)


_READERS: dict[int, Callable[[_Reader], None]] = {
    0x12: lambda reader: reader._wrap("+"),
    0x13: lambda reader: reader._wrap("-"),
    0x14: lambda reader: reader._wrap("", "%"),
    0x15: lambda reader: reader._wrap("(", ")"),
    0x16: _Reader._missing,
    0x17: _Reader._text,
    0x19: _Reader._attribute,
    0x1D: _Reader._truth,
    0x1E: _Reader._whole,
    0x1F: _Reader._number,
    0x21: _Reader._fixed,
    0x22: _Reader._variable,
    0x24: _Reader._cell,
    0x25: _Reader._area,
    0x2C: lambda reader: reader._cell(shifted=True),
    0x2D: lambda reader: reader._area(shifted=True),
}
