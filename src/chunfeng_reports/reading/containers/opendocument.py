"""OpenDocument: the sheets of ods files (and of flat fods), with formulas, errors and merges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, TypeAlias

from defusedxml import DefusedXmlException, ElementTree

from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.properties import Named, authorship
from chunfeng_reports.reading.containers.tokens import UNTOLD
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

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE = f"{{{_OASIS}table:1.0}}", f"{{{_OASIS}office:1.0}}"
_TEXT, _STYLE, _META = f"{{{_OASIS}text:1.0}}", f"{{{_OASIS}style:1.0}}", f"{{{_OASIS}meta:1.0}}"
#: LibreOffice's own word, besides the standard's, on what a cell holds.
_KIND_TOLD = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_GROUPS = {f"{_TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")}
_LEFT_OUT = {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text"}
_ERROR = re.compile(r"#[A-Z/0!?]+|Err:[0-9]+|错误:[0-9]+")
_REFERENCE = re.compile(r"\[([^\[\]]*)\]")
_OWN_SHEET = re.compile(r"\.(\$?[A-Z]{1,3}\$?[0-9]+)(?::\.(\$?[A-Z]{1,3}\$?[0-9]+))?")
_LIKE_A_CELL = re.compile(r"(?<![\w.])\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?![\w(.])")
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")


def read_opendocument(package: Package) -> Content:
    """The sheets of an ods file, its user-defined properties and its authorship."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read(
        "META-INF/manifest.xml"
    ):
        raise Refusal("文件设有打开密码，请取消密码后重新报送")
    grids = _grids(package.read("content.xml"))
    custom, made = _meta(package.read("meta.xml"))
    return Content(grids=grids, properties=custom, authorship=made)


def read_flat(text: str) -> Content:
    """The same of a file that is one XML text (fods)."""
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)  # it is decoded, whatever it says
    raw = text.encode()
    custom, made = _meta(raw)
    return Content(grids=_grids(raw), properties=custom, authorship=made)


def _grids(text: bytes) -> tuple[Grid, ...]:
    try:
        return _Sheets().read(text)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        raise Refusal(DAMAGED) from None


class _Sheets:
    """The sheets of one document; what was read of a table is let go at once."""

    def __init__(self) -> None:
        self._grids: list[Grid] = []
        self._hidden: set[str] = set()
        self._since_1904 = False

    def read(self, text: bytes) -> tuple[Grid, ...]:
        """All grids, in order."""
        depth = 0
        for event, element in ElementTree.iterparse(BytesIO(text), events=("start", "end")):
            if element.tag == f"{_TABLE}table":
                depth += 1 if event == "start" else -1
            if event == "start":
                continue
            if element.tag == f"{_TABLE}table" and not depth:
                self._grids.append(self._grid(element))
                element.clear()
            elif element.tag == f"{_STYLE}style":
                self._style(element)
            elif element.tag == f"{_TABLE}null-date":
                self._since_1904 = element.get(f"{_TABLE}date-value") == "1904-01-01"
        return tuple(self._grids)

    def _style(self, style: Element) -> None:
        for own in style.iter(f"{_STYLE}table-properties"):
            if own.get(f"{_TABLE}display") == "false":
                self._hidden.add(style.get(f"{_STYLE}name", ""))

    def _grid(self, table: Element) -> Grid:
        rows: list[tuple[Value, ...]] = []
        merged: list[Block] = []
        empty = 0
        for row, times in _rows(table):
            values = _values(row, len(rows) + empty, merged)
            if not values:
                empty += times
                continue
            if len(rows) + empty >= MOST_ROWS:
                break
            rows += [()] * empty
            empty = 0
            rows += [values] * min(times, MOST_ROWS - len(rows))
        name = table.get(f"{_TABLE}name", "")
        hidden = table.get(f"{_TABLE}style-name", "-") in self._hidden
        return Grid(name, tuple(rows), hidden, tuple(merged), self._since_1904)


def _rows(table: Element) -> Iterator[tuple[Element, int]]:
    """Each row and how often it is repeated; those in groups included."""
    for child in table:
        if child.tag in _GROUPS:
            yield from _rows(child)
        elif child.tag == f"{_TABLE}table-row":
            yield child, _count(child, "number-rows-repeated")


def _count(element: Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def _values(row: Element, number: int, merged: list[Block]) -> tuple[Value, ...]:
    """A row's cells up to the last one that holds something; its merged blocks are noted."""
    values: list[Value] = []
    empty = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        at = len(values) + empty
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            merged.append((number, at, number + down - 1, at + across - 1))
        times, value = _count(cell, "number-columns-repeated"), _value(cell)
        if value == "":
            empty += times
        elif at >= MOST_COLUMNS:
            break
        else:
            values += [""] * empty
            empty = 0
            values += [value] * min(times, MOST_COLUMNS - len(values))
    return tuple(values)


def _value(cell: Element) -> Value:
    stored = _stored(cell)
    formula = cell.get(f"{_TABLE}formula", "")
    if not formula:
        return stored
    return Formula(_plain(formula), "" if isinstance(stored, Broken) else stored)


def _stored(cell: Element) -> Plain | Broken:
    kind = cell.get(f"{_OFFICE}value-type", "")
    words = _words(cell)
    if cell.get(_KIND_TOLD) == "error" or (
        cell.get(f"{_TABLE}formula") and _ERROR.fullmatch(words)
    ):
        return Broken(words)
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", "nan"))
    if kind == "date":
        return _date(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return _time(cell.get(f"{_OFFICE}time-value", ""))
    if kind == "boolean":
        return bool(cell.get(f"{_OFFICE}boolean-value") == "true")
    return str(cell.get(f"{_OFFICE}string-value", "")) or words


def _date(text: str) -> date | str:
    try:
        moment = datetime.fromisoformat(text[:26])
    except ValueError:
        return text
    return moment if moment.time() != time() else moment.date()


def _time(text: str) -> timedelta | str:
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _words(cell: Element) -> str:
    return "\n".join("".join(_runs(p)) for p in cell if p.tag == f"{_TEXT}p")


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * (min(int(count), 1000) if count.isdecimal() else 1)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag not in _LEFT_OUT:
            yield from _runs(child)
        yield child.tail or ""


def _plain(formula: str) -> str:
    """``of:=SUM([.B9:.B11])`` as ``=SUM(B9:B11)``; references to other sheets stay as they are.

    A name that looks like a cell (``num1``: references stand in brackets) leaves it untold.
    """
    text = "=" + formula.partition("=")[2]
    if _LIKE_A_CELL.search(_REFERENCE.sub("", text)):
        return f"={UNTOLD}"
    return _REFERENCE.sub(_named, text).replace(";", ",")


def _named(match: re.Match[str]) -> str:
    own = _OWN_SHEET.fullmatch(match[1])
    if own is None:
        return match[0]
    return f"{own[1]}:{own[2]}" if own[2] else own[1]


def _meta(text: bytes) -> tuple[Named, Named]:
    """User-defined properties and authorship; none where the part is missing or damaged."""
    told: dict[str, str] = {}
    custom: dict[str, str] = {}
    try:
        for _, element in ElementTree.iterparse(BytesIO(text)):
            words = (element.text or "").strip()
            if element.tag == f"{_META}user-defined":
                custom[element.get(f"{_META}name", "")] = words
            elif element.tag in (f"{_OFFICE}meta", f"{_OFFICE}body"):
                break
            elif words and isinstance(element.tag, str):
                name = element.tag.rpartition("}")[2]
                told["lastModifiedBy" if element.tag.startswith("{http://purl.org/dc") and
                     name == "creator" else name] = words  # fmt: skip
    except (ElementTree.ParseError, DefusedXmlException):
        pass
    return tuple(custom.items()), authorship(told)
