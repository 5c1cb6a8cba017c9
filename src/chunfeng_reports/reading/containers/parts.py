"""Parts: where an xlsx workbook keeps its sheets, and the same workbook in the usual order.

calamine looks for parts where Excel puts them, and reads the Strict variant as well. Other programs
write other names, or backslashes; then the workbook is packed anew as Excel would have it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from types import MappingProxyType
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.xml_events import Attributes, local, read_events
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

_BOOK, _STRINGS, _STYLES = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"
_ROOT = "_rels/.rels"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_RELATION = '<Relationship Id={} Type="{}/{}" Target="{}"/>'
_NAMED = {"sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
#: Parts up to this size are remembered: workbooks made from one template share them.
_SMALL = 20_000
_SINCE_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true|on)["']""", re.I)
_SHEETS = ("worksheet", "chartsheet", "dialogsheet", "macrosheet")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a workbook: its own content, each sheet's relation, name and part.

    relations: id → kind (the last word of its type) and part. usual: whether calamine finds them.
    since_1904: whether its day numbers count from 1904-01-01.
    """

    book: bytes
    sheets: tuple[tuple[str, str], ...]
    relations: Mapping[str, tuple[str, str]]
    usual: bool
    since_1904: bool


def workbook_parts(package: Package) -> Parts:
    """The parts that the package's relations name. Refusal where there is no workbook in it."""
    in_place = _BOOK in package and _BOOK.encode() in package.read(_ROOT)
    main = _BOOK if in_place else main_part(package) or _BOOK
    book, listed = package.read(main), package.read(_relations_of(main))
    if not book:
        raise Refusal(DAMAGED)
    small = len(book) + len(listed) < _SMALL
    try:
        parts = (_parts if small else _parts.__wrapped__)(book, listed, dirname(main))
    except expat.ExpatError:
        raise Refusal(DAMAGED) from None
    usual = parts.usual and in_place and package.well_named
    return parts if usual == parts.usual else replace(parts, usual=usual)


@lru_cache(maxsize=64)
def _parts(book: bytes, listed: bytes, folder: str) -> Parts:
    """The parts of a workbook in a folder; usual: but for where the workbook itself is."""
    relations = _related(listed, folder)
    kinds = dict(relations.values())
    usual = (
        kinds.get("sharedStrings", _STRINGS).lower() == _STRINGS
        and kinds.get("styles", _STYLES).lower() == _STYLES
    )
    sheets = tuple((name, relations.get(key, ("", ""))[1]) for name, key in _sheets(book))
    return Parts(book, sheets, relations, usual, bool(_SINCE_1904.search(book)))


def rearranged(package: Package, parts: Parts, changed: Mapping[str, bytes]) -> bytes:
    """The same workbook, its parts named as Excel names them; some with other content."""
    packed, lines = BytesIO(), []
    with zipfile.ZipFile(packed, "w") as into:
        into.writestr(_ROOT, _listed([_RELATION.format('"r"', _TYPES, "officeDocument", _BOOK)]))
        into.writestr(_BOOK, parts.book)
        for number, (key, (kind, part)) in enumerate(parts.relations.items(), start=1):
            named = f"{kind}s/sheet{number}.xml" if kind in _SHEETS else _NAMED.get(kind)
            if named and part in package:
                into.writestr(f"xl/{named}", changed.get(part.lower()) or package.read(part))
                lines.append(_RELATION.format(quoteattr(key), _TYPES, kind, named))
        into.writestr("xl/_rels/workbook.xml.rels", _listed(lines))
    return packed.getvalue()


def _listed(lines: list[str]) -> str:
    return f"{_HEAD}{''.join(lines)}</Relationships>"


def main_part(package: Package) -> str:
    """The part that the package is about, by its own relations; empty where they name none."""
    try:
        relations = _related(package.read(_ROOT), "")
    except expat.ExpatError:
        return ""
    return next((part for kind, part in relations.values() if kind == "officeDocument"), "")


def _relations_of(part: str) -> str:
    """The part that names what a part refers to within the package."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _related(text: bytes, folder: str) -> Mapping[str, tuple[str, str]]:
    """Id → kind and part of what a part in a folder refers to, by the text of its relations."""
    found: dict[str, tuple[str, str]] = {}

    def start(_: str, own: Attributes) -> None:
        if "Target" in own and own.get("TargetMode") != "External":
            target = own["Target"].replace("\\", "/")
            kind = own.get("Type", "").rpartition("/")[2]
            found[own.get("Id", "")] = (kind, normpath(join("/", folder, target)).lstrip("/"))

    if text:
        read_events(text, start)
    return MappingProxyType(found)


def _sheets(book: bytes) -> tuple[tuple[str, str], ...]:
    """Name and relation of each sheet."""
    found: list[tuple[str, str]] = []

    def start(name: str, own: Attributes) -> None:
        if local(name) == "sheet":
            key = next((own[k] for k in own if k.endswith(":id")), "")
            found.append((own.get("name", ""), key))

    read_events(book, start)
    return tuple(found)
