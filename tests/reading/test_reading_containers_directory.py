"""The directory of a zip is read as zipfile reads it, by whatever means is quicker."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.reading.containers import directory
from chunfeng_reports.reading.containers.directory import Entry, entries_of
from chunfeng_reports.reading.containers.package import opened
from chunfeng_reports.reading.refusal import Refusal

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20
).filter(lambda name: not name.endswith("/"))
PARTS = st.dictionaries(NAMES, st.tuples(st.binary(max_size=300), st.booleans()), max_size=6)


def _zipped(parts: dict[str, tuple[bytes, bool]], *, comment: bytes = b"") -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, (content, small) in parts.items():
            into.writestr(name, content, zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED)
        into.comment = comment
    return packed.getvalue()


def _told_by_zipfile(data: bytes) -> list[Entry]:
    with zipfile.ZipFile(BytesIO(data)) as parts:
        return [
            Entry(e.filename, e.compress_type, bool(e.flag_bits & 1), e.CRC, e.compress_size,
                  e.file_size, e.header_offset)
            for e in parts.infolist()
        ]  # fmt: skip


@given(PARTS)
def test_a_plain_zip_is_listed_as_zipfile_lists_it(parts: dict[str, tuple[bytes, bool]]) -> None:
    data = _zipped(parts)
    assert directory._plain_entries(data) == _told_by_zipfile(data) == entries_of(data)


@given(PARTS)
def test_each_part_is_unpacked_as_it_was_packed(parts: dict[str, tuple[bytes, bool]]) -> None:
    usual = {name: content for name, (content, _) in parts.items()
             if "\\" not in name and not name.startswith("/")}  # fmt: skip
    with opened(_zipped(parts)) as package:
        if not package.doubled:  # names that differ in case alone
            assert {name: package.read(name) for name in usual} == usual


@pytest.mark.parametrize("odd", ["prefix", "comment", "tail", "zip64"])
def test_any_other_zip_is_left_to_zipfile(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"a.xml": (b"one " * 50, True), "b.xml": (b"two", False)}
    data = _zipped(parts, comment=b"by hand" if odd == "comment" else b"")
    if odd == "prefix":
        data = b"#!/bin/sh\n" + data
    elif odd == "tail":
        data += b"\0" * 10
    elif odd == "zip64":
        at = data.index(b"PK\x01\x02")
        data = data[: at + 24] + struct.pack("<L", 0xFFFFFFFF) + data[at + 28 :]
    assert directory._plain_entries(data) is None
    if odd != "zip64":
        with opened(data) as package:
            assert package.read("A.XML") == b"one " * 50
            assert package.read("b.xml") == b"two"


def test_a_part_whose_sum_is_wrong_is_damage() -> None:
    data = bytearray(_zipped({"a.xml": (b"one " * 50, True)}))
    at = data.index(b"PK\x01\x02")
    data[at + 16] ^= 1
    with pytest.raises(Refusal), opened(bytes(data)) as package:
        package.read("a.xml")


@given(PARTS, st.data())
def test_a_flipped_byte_raises_nothing_but_a_refusal(
    parts: dict[str, tuple[bytes, bool]], data: st.DataObject
) -> None:
    spoiled = bytearray(_zipped(parts))
    spoiled[data.draw(st.integers(0, len(spoiled) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        with opened(bytes(spoiled)) as package:
            package.hold_within()
            for name in tuple(package.names):
                package.read(name)
    except Refusal:
        pass
