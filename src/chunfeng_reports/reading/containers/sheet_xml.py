"""Sheet XML: formulas and error values of an xlsx workbook, which calamine does not give.

The parts are read directly: openpyxl would load the whole workbook, styles and all, and gives up on
files of other programs over things that nobody here needs. It does shift shared formulas.
"""

from __future__ import annotations

import re
from functools import cache
from xml.parsers import expat

from defusedxml import DefusedXmlException, ElementTree

from chunfeng_reports.cells import cell_at, cell_name
from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.parts import Parts
from chunfeng_reports.reading.containers.special import Special, Specials, hold_in
from chunfeng_reports.reading.containers.tokens import UNTOLD, Spot
from chunfeng_reports.reading.containers.xml_events import Attributes, local, read_events
from chunfeng_reports.reading.grids import Broken
from chunfeng_reports.reading.refusal import Refusal

#: Without one of these a sheet has neither a formula nor an error value, as most have not.
_SIGNS = (b"<f", b":f", b't="e"', b"t='e'")
#: What may cut the text of a cell into pieces, of which calamine takes the first.
_ODDITIES = (b"<!--", b"<![CDATA[", b"<?")
#: A character by its number anywhere but in text proper, where calamine reads it rightly: openpyxl
#: writes all Chinese so where lxml is missing.
_NUMBERED = re.compile(rb"<[^t][^<]*&#")
_DAMAGED_SHEET = "工作表已损坏、打不开，请重新保存后报送"
_FAR = re.compile(rb"""r=["'](?:[A-Za-z]{2,9}[0-9]|[A-Za-z][0-9]{5})""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Za-z]{1,9})([0-9]{1,12})["'][^>]*(?<!/)>"""
)


def special_cells(package: Package, parts: Parts) -> Specials:
    """Formulas and error values, sheet by sheet in the workbook's order, and the date system.

    Refusal where a sheet reaches so far that a dense table of it would not fit into memory.
    """
    found: list[Special] = []
    plain: dict[str, bytes] = {}
    for _, part in parts.sheets:
        text = package.read(part) if part else b""
        if _is_odd(text):
            plain[part.lower()] = text = _plain(text)
        found.append(_special(text))
    return Specials(tuple(found), parts.since_1904, parts=plain)


def _is_odd(text: bytes) -> bool:
    """Whether it is UTF-16, or has what calamine would stumble over."""
    return (
        b"\0" in text[:100]
        or any(text.find(sign, 5) >= 0 for sign in _ODDITIES)
        or (b"&#" in text and _NUMBERED.search(text) is not None)
    )


def _special(text: bytes) -> Special:
    _hold_in(text)
    return _Cells().read(text) if any(sign in text for sign in _SIGNS) else {}


def _plain(text: bytes) -> bytes:
    """The same sheet as UTF-8 with each text in one piece."""
    try:
        return bytes(ElementTree.tostring(ElementTree.fromstring(text), encoding="utf-8"))
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        raise Refusal(_DAMAGED_SHEET) from None


def _hold_in(text: bytes) -> None:
    """Refusal where the cells that hold something span too much."""
    if not _FAR.search(text):
        return
    rows = columns = 1
    for match in _FILLED.finditer(text):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column(match[1]))
    hold_in(rows, columns)


class _Cells:
    """The special cells of one sheet while it is read. A cell without a name follows the last.

    Formulas of rules and sparklines stand outside cells, and are none of theirs.
    """

    def __init__(self) -> None:
        self._found: Special = {}
        self._shared: dict[str, tuple[str, Spot]] = {}
        self._row = self._column = -1
        self._kind = ""
        self._inside = False
        self._formula: Attributes | None = None
        self._words: list[str] = []

    def read(self, text: bytes) -> Special:
        """Row and column → formula or error value."""
        try:
            read_events(text, self._start, self._end, self._words.append)
        except (expat.ExpatError, ValueError):
            raise Refusal(_DAMAGED_SHEET) from None
        return self._found

    def _start(self, name: str, own: Attributes) -> None:
        name = local(name)
        if name == "c":
            self._kind, self._inside = own.get("t", ""), True
            self._column += 1
            if place := own.get("r"):
                self._row, self._column = cell_at(place)
        elif name == "row":
            self._row = int(own["r"]) - 1 if "r" in own else self._row + 1
            self._column = -1
        elif name == "f":
            self._formula = own
        self._words.clear()

    def _end(self, name: str) -> None:
        name = local(name)
        spot = (self._row, self._column)
        if name == "c":
            self._inside = False
        elif not self._inside:
            pass
        elif name == "f" and self._formula is not None:
            self._found[spot] = self._told(self._formula, "".join(self._words), spot)
        elif name == "v" and self._kind == "e":
            self._found.setdefault(spot, Broken("".join(self._words).strip()))
        self._words.clear()

    def _told(self, own: Attributes, text: str, spot: Spot) -> str:
        """A formula's text; one shared with another cell is told as if it stood here."""
        formula = f"={text}"
        if own.get("t") != "shared":
            return formula
        group = own.get("si", "")
        if text:
            self._shared[group] = (formula, spot)
        master, origin = self._shared.get(group, (formula, spot))
        from openpyxl.formula.translate import (  # noqa: PLC0415 - slow, and seldom needed
            Translator,
            TranslatorError,
        )

        try:
            shifted = Translator(master, origin=cell_name(*origin))
            return str(shifted.translate_formula(cell_name(*spot)))
        except TranslatorError:
            return f"={UNTOLD}"


@cache
def _column(letters: bytes) -> int:
    return cell_at(f"{letters.decode()}1")[1] + 1
