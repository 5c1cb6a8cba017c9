"""Archives: the files in a zip, one after the other, under limits and each by itself."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from chunfeng_reports.reading.containers.decoding import decode_name
from chunfeng_reports.reading.refusal import Refusal

#: Bytes of one file in an archive, of all of them, and files in an archive.
MOST_BYTES = 64 * 2**20
MOST_IN_ALL = 256 * 2**20
MOST_FILES = 2_000
_CHUNK = 2**20

_CLIMBS = "压缩包内的路径越出文件夹，没有打开；请重新压缩后报送"
_LINK = "压缩包内是链接或特殊文件，没有打开；请发送文件本身"
_LOCKED = "压缩包设有密码，请取消密码后重新报送"
_DOUBLED = "压缩包内有 {count} 个同名文件，分不清哪个有效，都没有打开；请改名后重新压缩"
_TOO_LARGE = "压缩包内的文件解开后过大，没有打开；请删除图片等无关内容后重新报送"
_DAMAGED = "压缩包内的文件已损坏，请重新压缩后报送"
_ODD_METHOD = "压缩包内的文件采用了不常用的压缩方法，请用普通 zip 方式重新压缩"
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of an archive: its path, and its content or why there is none."""

    path: str
    data: bytes = b""
    refusal: str = ""


def unpacked(data: bytes, *, only: str | None = None) -> Iterator[Packed]:
    """Each file of a zip in the order in which it was packed, its content read as it is asked for.

    only: the path of the one file wanted. Refusal where the archive itself cannot be opened.
    """
    with _opened(data) as archive:
        yield from _each(archive, _files(archive), only)


def paths(data: bytes) -> tuple[str, ...]:
    """The paths of the files in a zip, each once. Refusal where it cannot be opened."""
    with _opened(data) as archive:
        return tuple(dict(_files(archive)))


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise Refusal("压缩包已损坏、打不开，请重新压缩后报送") from None


def _files(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    named = ((path_of(entry), entry) for entry in archive.infolist())
    files = [(path, entry) for path, entry in named if not path.endswith("/")]
    if not files:
        raise Refusal("压缩包里没有文件，请重新压缩后报送")
    if len(files) > MOST_FILES:
        raise Refusal(f"压缩包里文件过多（{len(files)} 个），请分开报送")
    return files


def _each(
    archive: zipfile.ZipFile, files: list[tuple[str, zipfile.ZipInfo]], only: str | None
) -> Iterator[Packed]:
    left = MOST_IN_ALL
    count = Counter(path for path, _ in files)
    for path, entry in dict(files).items():
        if only is not None and path != only:
            continue
        if count[path] > 1:
            yield Packed(path, refusal=_DOUBLED.format(count=count[path]))
            continue
        try:
            content = _content(archive, path, entry, min(left, MOST_BYTES))
        except Refusal as refusal:
            yield Packed(path, refusal=str(refusal))
            continue
        left -= len(content)
        yield Packed(path, content)
        del content


def _content(archive: zipfile.ZipFile, path: str, entry: zipfile.ZipInfo, most: int) -> bytes:
    """A file's bytes, counted while they are unpacked: what the directory says may be a lie."""
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        raise Refusal(_CLIMBS)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refusal(_LINK)
    if entry.flag_bits & 1:
        raise Refusal(_LOCKED)
    if entry.file_size > most:
        raise Refusal(_TOO_LARGE)
    chunks, size = [], 0
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise Refusal(_TOO_LARGE)
                chunks.append(chunk)
    except NotImplementedError:
        raise Refusal(_ODD_METHOD) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise Refusal(_DAMAGED) from None
    return b"".join(chunks)


def path_of(entry: zipfile.ZipInfo) -> str:
    """A file's path in its archive, ``/`` separated.

    Its mark says that it is UTF-8, or a field of Info-ZIP's own says the name once more. Without
    either it is tried as UTF-8 strictly, then as GB18030, in which Chinese Windows writes it.
    """
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437")
        name = _unicode_path(entry.extra, raw) or decode_name(raw) or name
    path = name.partition("\0")[0].replace("\\", "/")
    return re.sub(r"^(?:\./)+|(?<=/)(?:\./)+", "", path)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name that Info-ZIP's field gives, where it belongs to this name (by its sum)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5:
            told = struct.unpack_from("<I", field, 1)[0]
            if told == zlib.crc32(raw):
                return field[5:].decode("utf-8", "replace")
        at += 4 + size
    return ""
