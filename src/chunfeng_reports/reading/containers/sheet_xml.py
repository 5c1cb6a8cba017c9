"""Sheet XML: formulas and error values of an xlsx workbook, which calamine does not give.

The parts are read directly: openpyxl would load the whole workbook, styles and all, and gives up on
files of other programs over things that nobody here needs. It does shift shared formulas.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Broken
from chunfeng_reports.reading.refusal import Refusal

#: Row and column (from 0) → the formula's text (``=SUM(B9:B11)``) or the error value.
Special = dict[tuple[int, int], "Broken | str"]

_WORTH_PARSING = re.compile(rb"<(?:\w+:)?f[ />]|\bt=[\"']e[\"']")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>"""
)
#: Rows times columns of a sheet: calamine holds every cell from the first to the last one.
MOST_SPANNED = 2_000_000
_SHEET = re.compile(r"sheet[^/]*/[^/]*\.xml$", re.I)
_WORKBOOK = "xl/workbook.xml"


def special_cells(data: bytes) -> dict[str, Special]:
    """By sheet name: the cells that hold a formula or an error value; xlsx and xlsm only.

    Refusal where a sheet reaches so far that a dense table of it would not fit into memory.
    """
    with zipfile.ZipFile(BytesIO(data)) as parts:
        texts = {name: parts.read(name) for name in parts.namelist() if _SHEET.search(name)}
        for text in texts.values():
            _hold_in(text)
        worth = {name: text for name, text in texts.items() if _WORTH_PARSING.search(text)}
        if not worth or _WORKBOOK not in parts.namelist():
            return {}
        return {sheet: _special(worth[part]) for sheet, part in _sheets(parts) if part in worth}


def _hold_in(text: bytes) -> None:
    """Refusal where the cells that hold something span more than ``MOST_SPANNED`` from A1 on."""
    rows = columns = 1
    for match in _FILLED.finditer(text):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column(match[1]))
    if rows * columns > MOST_SPANNED:
        reach = cell_name(rows - 1, columns - 1)
        raise Refusal(f"表格范围过大（到 {reach}），请删除多余的单元格后重报")


@cache
def _column(letters: bytes) -> int:
    return column_index_from_string(letters.decode())


def _sheets(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the path of its part."""
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
    for entry in ElementTree.fromstring(parts.read(_WORKBOOK)).iter():
        if _local(entry) == "sheet":
            key = next((v for k, v in entry.attrib.items() if k.endswith("}id")), "")
            target = targets.get(key, "")
            yield entry.get("name", ""), normpath(join("/xl", target)).lstrip("/")


def _special(text: bytes) -> Special:
    found: Special = {}
    shared: dict[str, tuple[str, str]] = {}
    for _, cell in ElementTree.iterparse(BytesIO(text)):
        if _local(cell) != "c":
            continue
        place = cell.get("r", "")
        formula = next((child for child in cell if _local(child) == "f"), None)
        if formula is not None and place:
            found[_at(place)] = _formula(formula, place, shared)
        elif cell.get("t") == "e" and place:
            found[_at(place)] = Broken("".join(cell.itertext()).strip())
        cell.clear()
    return found


def _formula(formula: Element, place: str, shared: dict[str, tuple[str, str]]) -> str:
    """A formula's text; one shared with another cell is told as if it stood here."""
    text = f"={formula.text or ''}"
    group = formula.get("si", "")
    if formula.get("t") != "shared":
        return text
    if formula.text:
        shared[group] = (text, place)
    master, origin = shared.get(group, (text, place))
    try:
        return str(Translator(master, origin=origin).translate_formula(place))
    except TranslatorError:
        return master


def _at(place: str) -> tuple[int, int]:
    column, row = coordinate_from_string(place)
    return row - 1, column_index_from_string(column) - 1


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
