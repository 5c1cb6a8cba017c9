"""Package: the parts of a zipped office file by their names, unpacked under a limit."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO

from chunfeng_reports.reading.containers.directory import Entry, entries_of
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

#: Bytes of one office file when it is unpacked: some 50 times the largest return seen.
MOST_UNPACKED = 128 * 2**20
#: No deflated bytes unpack to more than this many times their number.
_MOST_DEFLATED = 1032
_CHUNK = 2**20
#: Parts packed into so few bytes are remembered: workbooks made from one template share them.
_SMALL = 700

_TOO_LARGE = "文件解开后过大，请删除多余的内容、另存后重新报送"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Package:
    """The parts of one file. Names are told apart as office programs do: ``/``, any case."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        entries = [entry for entry in entries_of(data) if not entry.name.endswith("/")]
        self._entries = {_canonical(entry.name): entry for entry in entries}
        self.doubled = len(self._entries) < len(entries)
        #: Whether each part is named as the standard has it (but for upper and lower case).
        self.well_named = not any("\\" in entry.name or entry.name[:1] == "/" for entry in entries)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> Iterator[str]:
        """All names, in lower case."""
        return iter(self._entries)

    def read(self, name: str) -> bytes:
        """A part's content; empty where there is none. Raises BadZipFile where it is damaged."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return b""
        if entry.size > MOST_UNPACKED:
            raise Refusal(_TOO_LARGE)
        if entry.method != zipfile.ZIP_DEFLATED or entry.locked:
            with zipfile.ZipFile(BytesIO(self._data)) as parts:
                return parts.read(_told(parts, entry))
        packed = self._packed(entry)
        inflated = _inflated.__wrapped__ if entry.packed > _SMALL else _inflated
        return inflated(packed, entry.size, entry.crc)

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The same file with other content in some parts (by their names in lower case)."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as into:
            for name, entry in self._entries.items():
                into.writestr(entry.name, changed.get(name) or self.read(name))
        return packed.getvalue()

    def _packed(self, entry: Entry) -> bytes:
        """The bytes of a part as they are packed."""
        head = self._data[entry.at : entry.at + 30]
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile
        start = entry.at + 30 + int.from_bytes(head[26:28], "little")
        start += int.from_bytes(head[28:30], "little")
        return self._data[start : start + entry.packed]

    def hold_within(self) -> None:
        """Refusal where the parts are locked, doubled, oddly packed or unpack to too much.

        What the directory says of sizes may be a lie: where lies are possible, it is unpacked.
        """
        entries = self._entries.values()
        if self.doubled or not {entry.method for entry in entries} <= _METHODS:
            raise Refusal(DAMAGED)
        if True in {entry.locked for entry in entries}:
            raise Refusal("文件设有打开密码，请取消密码后重新报送")
        if sum([entry.size for entry in entries]) > MOST_UNPACKED:
            raise Refusal(_TOO_LARGE)
        for entry in entries:
            if entry.packed * _MOST_DEFLATED > MOST_UNPACKED:
                self._unpack(entry)

    def _unpack(self, entry: Entry) -> None:
        """Unpacks a part to nowhere: zipfile stops at the size named and then checks the sum."""
        with zipfile.ZipFile(BytesIO(self._data)) as parts:
            stream = parts.open(_told(parts, entry))
            while stream.read(_CHUNK):
                pass


def _told(parts: zipfile.ZipFile, entry: Entry) -> zipfile.ZipInfo:
    """The same entry as zipfile tells it."""
    return next(one for one in parts.infolist() if one.header_offset == entry.at)


@lru_cache(maxsize=128)
def _inflated(packed: bytes, size: int, crc: int) -> bytes:
    """What zipfile would read: several small parts of each workbook, in half the time."""
    content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    if len(content) != size or zlib.crc32(content) != crc:
        raise zipfile.BadZipFile
    return content


@contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """The parts of a zipped file. Refusal where it is damaged."""
    try:
        yield Package(data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        RuntimeError,
    ):
        raise Refusal(DAMAGED) from None


@lru_cache(maxsize=1024)
def _canonical(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
