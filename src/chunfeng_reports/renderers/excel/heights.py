"""Heights: how tall a row must be for its texts to be seen whole.

LibreOffice and WPS take a row's height from the file, and merged cells grow in no program; so every
row whose text wraps states its height.
"""

from __future__ import annotations

import re

from chunfeng_reports.renderers.wording import width

TALLEST = 409.0  # points; Excel refuses more
LEADING = 1.5  # of a line, in font sizes: fonts put in for ours stand up to 1.45 apart
PADDING = 4.0

_PIECES = re.compile(r"[\u0021-\u10ff]+|[\s\S]")
_NOT_FIRST = "，。；：、！？）》”’】%％"


def lines_of(text: str, *, room: float) -> int:
    """Lines that a text takes where ``room`` half-width characters fit in one.

    Latin words, numbers and file names stay whole where they fit; a stop begins no line.
    """
    return sum(_wrapped(line, max(room, 2.0)) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    lines, used, last = 1, 0.0, 0.0
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
