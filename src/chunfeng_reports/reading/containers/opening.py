"""Containers: what kind of file it is, by its content and never by its name, and what it holds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from defusedxml import DefusedXmlException, ElementTree

from chunfeng_reports.reading.containers.delimited import read_delimited
from chunfeng_reports.reading.containers.document import read_document
from chunfeng_reports.reading.containers.workbook import read_workbook
from chunfeng_reports.reading.grids import Content, Member
from chunfeng_reports.reading.refusal import Refusal

#: Bytes of a file that is still looked into, packed and unpacked.
MOST_BYTES = 64 * 2**20
MOST_UNPACKED = 512 * 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN_OTHERS = {
    b"%PDF": "PDF 文件不能取数，请报送 Excel 工作簿（xlsx）或 Word 文件（docx）原件",
    b"\x89PNG": "图片不能取数，请报送原件，不要截图或拍照",
    b"\xff\xd8\xff": "图片不能取数，请报送原件，不要截图或拍照",
    b"{\\rtf": "RTF 文件请另存为 docx 后重新报送",
    b"Rar!": "压缩包请解压后逐个报送",
    b"7z\xbc\xaf": "压缩包请解压后逐个报送",
    b"\x1f\x8b": "压缩包请解压后逐个报送",
}
_CUSTOM = "docProps/custom.xml"


def open_file(data: bytes, *, only: str | None = None) -> Iterator[Member]:
    """What a file holds: one member without a path, or one for each file in an archive.

    only: the path of the one member wanted. What cannot be read is a member with a refusal.
    """
    try:
        yield Member(content=open_content(data))
    except Refusal as refusal:
        yield Member(refusal=str(refusal))


def open_content(data: bytes) -> Content:
    """The grids, paragraphs and properties of a file. Refusal where it is none that we can read."""
    if not data:
        raise Refusal("空文件（0 字节），请重新报送")
    if len(data) > MOST_BYTES:
        raise Refusal("文件过大，请删除图片等无关内容后重新报送")
    for start, reason in _KNOWN_OTHERS.items():
        if data.startswith(start):
            raise Refusal(reason)
    if data.startswith(b"PK\x03\x04"):
        return _open_zip(data)
    if data.startswith(_OLE):
        return _open_ole(data)
    return Content(grids=(read_delimited(data),))


def _open_zip(data: bytes) -> Content:
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            names = set(parts.namelist())
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > MOST_UNPACKED:
                raise Refusal("文件解开后过大，请另存后重新报送")
            properties = _properties(parts) if _CUSTOM in names else ()
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Refusal("文件已损坏、打不开，请重新保存后报送") from None
    if "word/document.xml" in names:
        return replace(read_document(data), properties=properties)
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return Content(grids=read_workbook(data), properties=properties)
    raise Refusal("压缩包请解压后逐个报送")


def _open_ole(data: bytes) -> Content:
    for stream, reason in (
        ("EncryptedPackage", "文件设有打开密码，请取消密码后重新报送"),
        ("WordDocument", "旧版 Word 文件（.doc）请另存为 docx 后重新报送"),
    ):
        if stream.encode("utf-16-le") in data:
            raise Refusal(reason)
    return Content(grids=read_workbook(data))


def _properties(parts: zipfile.ZipFile) -> tuple[tuple[str, str], ...]:
    """Custom properties by name, as text; none where the part is damaged."""
    try:
        root = ElementTree.fromstring(parts.read(_CUSTOM))
    except (ElementTree.ParseError, DefusedXmlException):
        return ()
    return tuple(
        (entry.get("name", ""), "".join(entry.itertext()).strip())
        for entry in root
        if entry.get("name")
    )
