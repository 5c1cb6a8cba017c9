"""Package: the parts of a zipped office file by their names, unpacked under a limit."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

from chunfeng_reports.reading.refusal import DAMAGED, Refusal

#: Bytes of one office file when it is unpacked: some 50 times the largest return seen.
MOST_UNPACKED = 128 * 2**20
#: No deflated bytes unpack to more than this many times their number.
_MOST_DEFLATED = 1032
_CHUNK = 2**20

_TOO_LARGE = "文件解开后过大，请删除多余的内容、另存后重新报送"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Package:
    """The parts of one file. Names are told apart as office programs do: ``/``, any case."""

    def __init__(self, data: bytes, parts: zipfile.ZipFile) -> None:
        self._data = data
        self._parts = parts
        entries = [entry for entry in parts.infolist() if not entry.filename.endswith("/")]
        self._entries = {_canonical(entry.filename): entry for entry in entries}
        self.doubled = len(self._entries) < len(entries)
        #: Whether each part is named as the standard has it (but for upper and lower case).
        self.well_named = not any(
            entry.filename[:1] == "/" or "\\" in entry.orig_filename for entry in entries
        )

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
        if entry.file_size > MOST_UNPACKED:
            raise Refusal(_TOO_LARGE)
        if entry.compress_type == zipfile.ZIP_DEFLATED and not entry.flag_bits & 1:
            return self._inflated(entry)
        return self._parts.read(entry)

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The same file with other content in some parts (by their names in lower case)."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as into:
            for name, entry in self._entries.items():
                into.writestr(entry.filename, changed.get(name) or self.read(name))
        return packed.getvalue()

    def _inflated(self, entry: zipfile.ZipInfo) -> bytes:
        """What zipfile would read: several small parts of each workbook, in half the time."""
        head = self._data[entry.header_offset : entry.header_offset + 30]
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile
        start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little")
        start += int.from_bytes(head[28:30], "little")
        packed = self._data[start : start + entry.compress_size]
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise zipfile.BadZipFile
        return content

    def hold_within(self) -> None:
        """Refusal where the parts are locked, doubled, oddly packed or unpack to too much.

        What the directory says of sizes may be a lie: where lies are possible, it is unpacked.
        """
        entries = self._entries.values()
        if self.doubled or any(entry.compress_type not in _METHODS for entry in entries):
            raise Refusal(DAMAGED)
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refusal("文件设有打开密码，请取消密码后重新报送")
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Refusal(_TOO_LARGE)
        for entry in entries:
            if entry.compress_size * _MOST_DEFLATED > MOST_UNPACKED:
                self._unpack(entry)

    def _unpack(self, entry: zipfile.ZipInfo) -> None:
        """Unpacks a part to nowhere: zipfile stops at the size named and then checks the sum."""
        with self._parts.open(entry) as stream:
            while stream.read(_CHUNK):
                pass


@contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """The parts of a zipped file. Refusal where it is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            yield Package(data, parts)
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


def _canonical(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
