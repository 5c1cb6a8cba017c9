"""XML spreadsheets: the sheets of the XML text that Excel 2002 and 2003 wrote, often named .xls."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, TypeAlias

from defusedxml import DefusedXmlException, ElementTree

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.containers.properties import authorship
from chunfeng_reports.reading.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Broken,
    Content,
    Formula,
    Grid,
    Plain,
    Value,
)
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

Element: TypeAlias = Any

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS, _EXCEL = f"{{{NAMESPACE}}}", "{urn:schemas-microsoft-com:office:excel}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_PART = r"(?:\[(-?[0-9]{1,7})\]|([0-9]{1,7}))?"
_QUOTED_OR_REFERENCE = re.compile(rf'"[^"]*"|\'[^\']*\'|(?<![\w.])R{_PART}C{_PART}(?![\w(])')


def read_xml_spreadsheet(text: str) -> Content:
    """The sheets, their formulas in the usual notation, and what the file says of its maker."""
    try:
        # The text is decoded by now: what its declaration says of the encoding no longer holds.
        root = ElementTree.fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode())
        sheets = root.findall(f"{_SS}Worksheet")
        since_1904 = root.find(f"{_EXCEL}ExcelWorkbook/{_EXCEL}Date1904") is not None
        grids = tuple(_grid(sheet, since_1904=since_1904) for sheet in sheets)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        raise Refusal(DAMAGED) from None
    told = {entry.tag.rpartition("}")[2]: entry.text or ""
            for entry in root.findall(f"{_OFFICE}DocumentProperties/*")}  # fmt: skip
    custom = tuple((entry.tag.rpartition("}")[2], (entry.text or "").strip())
                   for entry in root.findall(f"{_OFFICE}CustomDocumentProperties/*"))  # fmt: skip
    return Content(grids=grids, properties=custom, authorship=authorship(told))


def _grid(sheet: Element, *, since_1904: bool) -> Grid:
    rows: list[list[Value]] = []
    merged: list[Block] = []
    number = -1
    for row in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        number = _whole(row, "Index", number + 2) - 1
        if number >= MOST_ROWS:
            break
        rows += ([] for _ in range(number + 1 - len(rows)))
        rows[number] = _row(row, number, merged)
        number += _whole(row, "Span", 0)
    visible = sheet.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible", "SheetVisible")
    name = sheet.get(f"{_SS}Name", "")
    return Grid(name, tuple(map(tuple, rows)), visible.strip() != "SheetVisible", tuple(merged),
                since_1904)  # fmt: skip


def _row(row: Element, number: int, merged: list[Block]) -> list[Value]:
    values: list[Value] = []
    column = -1
    for cell in row.iterfind(f"{_SS}Cell"):
        column = _whole(cell, "Index", column + 2) - 1
        across, down = _whole(cell, "MergeAcross", 0), _whole(cell, "MergeDown", 0)
        if column >= MOST_COLUMNS:
            break
        values += [""] * (column + 1 - len(values))
        values[column] = _value(cell, number, column)
        if across or down:
            merged.append((number, column, number + down, column + across))
        column += across
    return values


def _whole(element: Element, name: str, default: int) -> int:
    text = element.get(f"{_SS}{name}", "")
    return int(text) if text.isdecimal() and len(text) < 9 else default


def _value(cell: Element, row: int, column: int) -> Value:
    data = cell.find(f"{_SS}Data")
    stored = "" if data is None else _stored(data)
    formula = cell.get(f"{_SS}Formula", "")
    if not formula:
        return stored
    return Formula(_in_letters(formula, row, column), "" if isinstance(stored, Broken) else stored)


def _stored(data: Element) -> Plain | Broken:
    kind, words = data.get(f"{_SS}Type", "String"), "".join(data.itertext())
    if kind == "Error":
        return Broken(words.strip())
    if kind == "Number" and words.strip():
        return float(words)
    if kind == "Boolean":
        return words.strip() == "1"
    if kind == "DateTime":
        moment = datetime.fromisoformat(words.strip()[:23])
        return moment if moment.time() != time() else moment.date()
    return words


def _in_letters(formula: str, row: int, column: int) -> str:
    """A formula with references such as ``R[-1]C`` as ``B4``, seen from its cell."""

    def named(match: re.Match[str]) -> str:
        if match[0][0] != "R":
            return match[0]
        down = _place(row, match[1], match[2])
        across = _place(column, match[3], match[4])
        return cell_name(down, across) if down >= 0 and across >= 0 else "#REF!"

    return _QUOTED_OR_REFERENCE.sub(named, formula)


def _place(here: int, by: str | None, absolute: str | None) -> int:
    return int(absolute) - 1 if absolute else here + int(by or 0)
