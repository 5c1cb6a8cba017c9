"""Properties: what an office file says of itself and its maker, in three families of files."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from xml.parsers import expat

from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.xml_events import Attributes, local, read_events
from chunfeng_reports.reading.refusal import Refusal

Named = tuple[tuple[str, str], ...]

#: What is told of a file's making, in this order: the name shown → names in the parts of OOXML,
#: in the head of OpenDocument and XML spreadsheets.
_AUTHORSHIP = {
    "标题": ("title", "Title"),
    "主题": ("subject", "Subject"),
    "作者": ("creator", "initial-creator", "Author"),
    "最后保存者": ("lastModifiedBy", "LastAuthor"),
    "单位": ("Company",),
    "经理": ("Manager",),
    "关键词": ("keywords", "keyword", "Keywords"),
    "类别": ("category", "Category"),
    "备注": ("description", "Description"),
}
_NAMES = {own: shown for shown, names in _AUTHORSHIP.items() for own in names}
_LONGEST = 500
#: Parts up to this size are remembered: workbooks made from one template share them.
_SMALL = 20_000

_SUMMARY, _DOCUMENT = "\x05SummaryInformation", "\x05DocumentSummaryInformation"
_STREAMS = {
    _SUMMARY: {2: "标题", 3: "主题", 4: "作者", 8: "最后保存者", 5: "关键词", 6: "备注"},
    _DOCUMENT: {15: "单位", 14: "经理", 2: "类别"},
}
_USER_DEFINED = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def package_properties(package: Package) -> tuple[Named, Named]:
    """Custom properties and authorship of an OOXML file; none from a part that is damaged."""
    core, app = package.read("docProps/core.xml"), package.read("docProps/app.xml")
    told = _authorship if len(core) + len(app) < _SMALL else _authorship.__wrapped__
    custom: Named = ()
    if "docProps/custom.xml" in package:
        custom = tuple(_texts(package.read("docProps/custom.xml"), key="name").items())
    return custom, told(core, app)


@lru_cache(maxsize=64)
def _authorship(core: bytes, app: bytes) -> Named:
    return authorship({**_texts(core), **_texts(app)})


def authorship(told: Mapping[str, str]) -> Named:
    """What is known of a file's making, in order; ``told``: by the names used in the file."""
    shown: dict[str, str] = {}
    for name, text in told.items():
        if name in _NAMES and text.strip():
            shown.setdefault(_NAMES[name], text.strip()[:_LONGEST])
    return tuple((name, shown[name]) for name in _AUTHORSHIP if name in shown)


def _texts(part: bytes, *, key: str = "") -> dict[str, str]:
    """Element (or its attribute ``key``) → its text; a damaged part tells what stands before."""
    found: dict[str, str] = {}
    words: list[str] = []
    owner = [""]

    def start(name: str, own: Attributes) -> None:
        if not key:
            owner[0] = local(name)
            words.clear()
        elif key in own:
            owner[0] = own[key]
            words.clear()

    def end(_: str) -> None:
        if owner[0]:
            found[owner[0]] = "".join(words).strip()
            owner[0] = ""

    try:
        if part:
            read_events(part, start, end, words.append)
    except (expat.ExpatError, Refusal):
        pass
    return found


# --- property sets of xls


def stream_properties(read: Callable[[str], bytes]) -> tuple[Named, Named]:
    """Custom properties and authorship from the two property streams of an OLE file, by name."""
    shown: dict[str, str] = {}
    custom: dict[str, str] = {}
    for stream, names in _STREAMS.items():
        for kind, section in _sections(read(stream)):
            try:
                own = dict(_section(section))
                if kind == _USER_DEFINED:
                    custom.update(_user_defined(section, own))
                else:
                    shown.update((names[n], text) for n, text in own.items() if n in names)
            except (struct.error, IndexError, LookupError):
                continue
    kept = ((name, shown.get(name, "").strip()[:_LONGEST]) for name in _AUTHORSHIP)
    return tuple(custom.items()), tuple((name, text) for name, text in kept if text)


def _sections(stream: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each section of a property stream."""
    if len(stream) < 48:
        return
    for n in range(min(struct.unpack_from("<I", stream, 24)[0], 2)):
        if len(stream) >= 48 + 20 * n:
            at = struct.unpack_from("<I", stream, 44 + 20 * n)[0]
            yield stream[28 + 20 * n : 44 + 20 * n], stream[at:]


def _offsets(section: bytes) -> dict[int, int]:
    count = min(struct.unpack_from("<I", section, 4)[0], 200)
    return dict(struct.unpack_from("<II", section, 8 + 8 * n) for n in range(count))


def _encoding(section: bytes, offsets: Mapping[int, int]) -> str:
    """The encoding that a section names; Chinese Windows' own where it names none we know."""
    page = struct.unpack_from("<xxxxH", section, offsets[1])[0] if 1 in offsets else 936
    return {1200: "utf-16-le", 65001: "utf-8", 936: "gb18030", 54936: "gb18030",
            1252: "cp1252"}.get(page, "gb18030")  # fmt: skip


def _section(section: bytes) -> Iterable[tuple[int, str]]:
    """Number and text of each property that is a text."""
    offsets = _offsets(section)
    encoding = _encoding(section, offsets)
    for number, at in offsets.items():
        if number < 2 or at + 8 > len(section):
            continue
        kind, size = struct.unpack_from("<II", section, at)
        if kind == 0x1E:
            yield number, _words(section[at + 8 : at + 8 + size], encoding)
        elif kind == 0x1F:
            yield number, _words(section[at + 8 : at + 8 + 2 * size], "utf-16-le")


def _words(raw: bytes, encoding: str) -> str:
    return raw.decode(encoding, "replace").partition("\0")[0].strip()


def _user_defined(section: bytes, own: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Name and text of the properties that a section's dictionary (number 0) names."""
    offsets = _offsets(section)
    encoding, at = _encoding(section, offsets), offsets[0]
    count, at = struct.unpack_from("<I", section, at)[0], at + 4
    for _ in range(min(count, 200)):
        number, size = struct.unpack_from("<II", section, at)
        size *= 2 if encoding == "utf-16-le" else 1
        name = _words(section[at + 8 : at + 8 + size], encoding)
        at += 8 + size + (-size % 4 if encoding == "utf-16-le" else 0)
        if name and number in own:
            yield name, own[number]
