"""Worksheets: what any program must heed that writes one: legal text, names, heights of rows.

LibreOffice and WPS take a row's height from the file, and merged cells grow in no program; so every
row whose text wraps states its height.
"""

from __future__ import annotations

import re

LONGEST = 31  # in UTF-16 units, as Excel counts
TALLEST = 409.0  # points; Excel refuses more
LEADING = 1.5  # of a line, in font sizes: fonts put in for ours stand up to 1.45 apart
PADDING = 4.0

_PIECES = re.compile(r"[\u0021-\u10ff]+|[\s\S]")
_NOT_FIRST = "，。；：、！？）》”’】%％"

_CONTROL = {
    code: None for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF) if chr(code) not in "\n\t"
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def legal(text: str) -> str:
    """The text without characters that XML forbids (control characters, lone surrogates)."""
    if text.isprintable():  # most are, and workbooks have a million
        return text
    return _SURROGATES.sub("", text.translate(_CONTROL))


def width(text: str) -> int:
    """Width in half-width characters: Chinese and full-width ones count two."""
    if text.isascii():
        return len(text)
    return sum(1 if ord(sign) < 0x1100 else 2 for sign in text)


# --- names


class SheetNames:
    """Names given out so far in one workbook."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # Excel keeps this one to itself

    def take(self, wanted: str) -> str:
        """A legal, unused name like the one wanted: ``a/b`` → ``a_b``, second ``表`` → ``表 2``."""
        base = re.sub(r"[\[\]:*?/\\\n\t]", "_", legal(wanted)).strip(" '") or "表"
        name, n = _cut(base, LONGEST), 1
        while name.casefold() in self._taken:
            n += 1
            ending = f" {n}"
            name = _cut(base, LONGEST - len(ending)) + ending
        self._taken.add(name.casefold())
        return name


def quoted(name: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"


def _cut(text: str, longest: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > longest:
        text = text[:-1]
    return text.rstrip(" '")


# --- heights


def lines_of(text: str, *, room: float) -> int:
    """Lines that a text takes where ``room`` half-width characters fit in one.

    Latin words, numbers and file names stay whole where they fit; a stop begins no line.
    """
    return sum(_wrapped(line, max(room, 2.0)) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    lines, used, last = 1, 0.0, 0.0
    if width(line) <= room:
        return lines
    for piece in _PIECES.findall(line):
        size = width(piece)
        if used + size > room and used:
            lines += 1
            used = last if piece in _NOT_FIRST else 0.0  # it takes the sign before it along
        used += size
        while used > room and size > room:
            lines, used = lines + 1, used - room
        last = size
    return lines


def height(lines: int, *, size: float) -> float:
    """Points that lines of a font of this size need."""
    return min(TALLEST, round(PADDING + LEADING * size * lines, 1))
