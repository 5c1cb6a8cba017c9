"""Formats: the looks of cells, each made once a workbook."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from chunfeng_reports.renderers.wording import MARKS, places
from chunfeng_reports.worksheets import legal

FONT_SIZE = 10.0
FONT = {"font_name": "Microsoft YaHei", "font_size": FONT_SIZE}
INKS = {"critical": "#9C1C15", "warning": "#7A4B00", "info": "#36536E"}
FILLS = {"critical": "#FDE5E2", "warning": "#FDF1D8", "info": "#E8F0F7"}


class Formats:
    """Formats of one workbook by their properties."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        """The format with these properties, on the font of all cells."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(FONT | properties)
        return self._made[key]


def number_format(value: float, *, kind: str, decimals: int, mark: str | None, note: str) -> str:
    """How Excel shows a number: grouped, signed where it is a change, then its mark and note.

    The mark and the note stand in the format, so that the cell stays a number.
    """
    shown = decimals if kind == "percent" else places(value, decimals)
    digits = "#,##0" + (f".{'0' * shown}" if shown else "")
    ending = suffix(mark, note)
    if kind == "percent":
        return f"{digits}%{ending}"
    if kind == "change":
        return f"+{digits}{ending};-{digits}{ending};0{ending}"
    return digits + ending


def suffix(mark: str | None, note: str) -> str:
    """A mark and a note as the quoted end of a number format; empty where there is neither."""
    if not mark and not note:
        return ""
    words = " ".join(part for part in (MARKS.get(mark or "", ""), legal(note)[:40]) if part)
    safe = "".join(sign for sign in words if sign not in '"\\;\n\t')
    return f'" {safe}"' if safe else ""
