"""Cells: where a figure stands in a file, in the words of a spreadsheet user (``B7``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NAME = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    file: path below ``data/raw/<due>``; sha256: of that file; sheet: worksheet, or ``正文`` for the
    text of a document; cell: ``B7`` in a sheet, ``第3段`` in a text. Empty where there is none.
    """

    file: str = ""
    sha256: str = ""
    sheet: str = ""
    cell: str = ""


NOWHERE = Place()


def column_name(index: int) -> str:
    """The letters of a 0-based column: 0 → ``A``, 26 → ``AA``."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=4096)
def cell_name(row: int, column: int) -> str:
    """The name of a cell from its 0-based row and column: ``(6, 1)`` → ``B7``."""
    return f"{column_name(column)}{row + 1}"


@lru_cache(maxsize=4096)
def cell_at(name: str) -> tuple[int, int]:
    """The 0-based row and column of a cell's name: ``B7`` → ``(6, 1)``. ValueError for no name."""
    match = _NAME.fullmatch(name.upper())
    if match is None:
        raise ValueError(f"not the name of a cell: {name[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
