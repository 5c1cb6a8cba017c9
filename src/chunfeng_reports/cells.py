"""Cells: where a figure stands in a file, in the words of a spreadsheet user (``B7``)."""

from __future__ import annotations

from dataclasses import dataclass


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


def cell_name(row: int, column: int) -> str:
    """The name of a cell from its 0-based row and column: ``(6, 1)`` → ``B7``."""
    return f"{column_name(column)}{row + 1}"
