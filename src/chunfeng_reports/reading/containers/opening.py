"""Opening: what kind of file it is, by its content and never by its name, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chunfeng_reports.reading.containers.decoding import decode, decode_declared
from chunfeng_reports.reading.containers.package import Package, opened
from chunfeng_reports.reading.containers.parts import main_part
from chunfeng_reports.reading.containers.plain_text import read_text
from chunfeng_reports.reading.containers.properties import package_properties, stream_properties
from chunfeng_reports.reading.containers.strangers import (
    stranger,
    stranger_by_parts,
    stranger_by_streams,
)
from chunfeng_reports.reading.containers.workbook import read_package, read_workbook
from chunfeng_reports.reading.grids import Content, Member
from chunfeng_reports.reading.refusal import Refusal

#: Bytes of a file that is still looked into.
MOST_BYTES = 64 * 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
#: Parts by which a zip is one document and no archive of files.
_PARTS = frozenset(
    {"xl/workbook.xml", "xl/workbook.bin", "word/document.xml", "content.xml", "_rels/.rels"}
)
#: How far into a text its kind is looked for.
_HEAD = 4096


def open_file(data: bytes, *, only: str | None = None) -> Iterator[Member]:
    """What a file holds: one member without a path, or one for each file in an archive.

    One member's content is in memory at a time. only: the path of the one member wanted. What
    cannot be read is a member with a refusal.
    """
    try:
        content = _open(data)
    except Refusal as refusal:
        yield Member(refusal=str(refusal))
        return
    if content is None:
        yield from _members(data, only)
    else:
        yield Member(content=content)


def open_content(data: bytes) -> Content:
    """The grids, paragraphs and properties of one file. Refusal where it is none that we can read,
    an archive included.
    """
    content = _open(data)
    if content is None:
        raise Refusal("压缩包里还有压缩包，没有打开；请把里面的文件取出后报送")
    return content


def member_paths(data: bytes) -> tuple[str, ...]:
    """The paths of the members of an archive; none for any other file."""
    try:
        if not data.startswith(_ZIP) or not _is_archive(data):
            return ()
        from chunfeng_reports.reading.containers.archive import paths  # noqa: PLC0415 - rare

        return paths(data)
    except Refusal:
        return ()


def _members(data: bytes, only: str | None) -> Iterator[Member]:
    from chunfeng_reports.reading.containers.archive import unpacked  # noqa: PLC0415 - rare

    try:
        for packed in unpacked(data, only=only):
            yield _member(packed.path, packed.data, packed.refusal)
    except Refusal as refusal:
        yield Member(refusal=str(refusal))


def _member(path: str, data: bytes, refusal: str) -> Member:
    if refusal:
        return Member(path, refusal=refusal)
    try:
        return Member(path, open_content(data))
    except Refusal as why:
        return Member(path, refusal=str(why))


def _open(data: bytes) -> Content | None:
    """What a file holds; None for an archive of other files."""
    if not data:
        raise Refusal("空文件（0 字节），请重新报送")
    if len(data) > MOST_BYTES:
        raise Refusal("文件过大，请删除图片等无关内容后重新报送")
    if data.startswith(_ZIP):
        return _open_zip(data)
    if data.startswith(_OLE):
        return _open_ole(data)
    if sentence := stranger(data):
        raise Refusal(sentence)
    return _open_text(data)


def _open_zip(data: bytes) -> Content | None:
    with opened(data) as package:
        kind, part = _kind(package)
        if kind == "workbook":
            return _workbook(data, package)
        if kind == "document":
            return _document(package, part)
        return _opendocument(package) if kind == "opendocument" else None


def _kind(package: Package) -> tuple[str, str]:
    """What a zipped file is (empty: an archive), and its main part where that is not obvious.

    Refusal for a kind that is none of ours.
    """
    if "xl/workbook.xml" in package or "xl/workbook.bin" in package:
        return "workbook", ""
    if "word/document.xml" in package:
        return "document", "word/document.xml"
    if "content.xml" in package and _is_opendocument(package):
        return "opendocument", ""
    if sentence := stranger_by_parts(set(package.names)):
        raise Refusal(sentence)
    if "_rels/.rels" not in package:
        return "", ""
    main = main_part(package)
    return "document" if b"wordprocessingml" in package.read(main)[:_HEAD] else "workbook", main


def _is_opendocument(package: Package) -> bool:
    return "META-INF/manifest.xml" in package or b"opendocument" in package.read("mimetype")[:100]


def _is_archive(data: bytes) -> bool:
    with opened(data) as package:
        return not _kind(package)[0]


def _workbook(data: bytes, package: Package) -> Content:
    package.hold_within()
    grids = read_package(data, package)
    properties, authorship = package_properties(package)
    return Content(grids=grids, properties=properties, authorship=authorship)


def _document(package: Package, part: str) -> Content:
    from chunfeng_reports.reading.containers.document import read_document  # noqa: PLC0415 - slow

    package.hold_within()
    properties, authorship = package_properties(package)
    content = read_document(package.read(part))
    return replace(content, properties=properties, authorship=authorship)


def _opendocument(package: Package) -> Content:
    kind = package.read("mimetype")[:100]
    if kind and b"spreadsheet" not in kind:
        raise Refusal("OpenDocument 文字文件请另存为 docx（表格请另存为 xlsx）后重新报送")
    from chunfeng_reports.reading.containers.opendocument import (  # noqa: PLC0415 - rare
        read_opendocument,
    )

    package.hold_within()
    return read_opendocument(package)


def _open_ole(data: bytes, *, was_locked: bool = False) -> Content | None:
    from chunfeng_reports.reading.containers import biff, streams  # noqa: PLC0415 - rare

    parts = streams.streams_of(data)
    if "encryptedpackage" in parts.names and not was_locked:
        return _open_locked(data)
    records = parts.read("Workbook") or parts.read("Book")
    if not records:
        raise Refusal(stranger_by_streams(parts.names))
    if biff.is_locked(records) and not was_locked:
        return _open_locked(data)
    special = biff.special_cells(records)
    grids = read_workbook(biff.within_bounds(data, special), special)
    properties, authorship = stream_properties(parts.read)
    return Content(grids=grids, properties=properties, authorship=authorship)


def _open_locked(data: bytes) -> Content | None:
    from chunfeng_reports.reading.containers.locked import LOCKED, unlocked  # noqa: PLC0415 - rare

    inner = unlocked(data)
    if inner.startswith(_ZIP):
        return _open_zip(inner)
    if inner.startswith(_OLE):
        return _open_ole(inner, was_locked=True)
    raise Refusal(LOCKED)


def _open_text(data: bytes) -> Content:
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"mime-version:"):
        raise Refusal("单个文件网页（mht）不能取数，请在 Excel 或 Word 中另存为 xlsx、docx 后报送")
    if head.startswith(b"<"):
        return _open_markup(decode_declared(data))
    return read_text(decode(data))


def _open_markup(text: str) -> Content:
    from chunfeng_reports.reading.containers import (  # noqa: PLC0415 - rare
        html_table,
        opendocument,
        xml_spreadsheet,
    )

    head = text[:_HEAD]
    if xml_spreadsheet.NAMESPACE in head and "Workbook" in head:
        return xml_spreadsheet.read_xml_spreadsheet(text)
    if "urn:oasis:names:tc:opendocument" in head and "<office:document" in head:
        return opendocument.read_flat(text)
    if "<?xml" in head and "<html" not in head.lower() and "<table" not in text.lower():
        raise Refusal("XML 文件不能取数，请在 Excel 或 Word 中另存为 xlsx、docx 后重新报送")
    return html_table.read_html(text)
