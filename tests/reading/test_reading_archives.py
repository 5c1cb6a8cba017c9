"""An archive is a folder: each file in it has its own fate, and none of them leads out of it."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_containers import xlsx, zipped

from chunfeng_reports.reading.containers import archive
from chunfeng_reports.reading.containers.opening import member_paths, open_file
from chunfeng_reports.reading.grids import Member

BOOK = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


def _packed(*files: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, content in files:
            into.writestr(name, content)
    return packed.getvalue()


def _entry(raw: bytes, *, extra: bytes = b"", marked: bool = False) -> zipfile.ZipInfo:
    """An entry whose name is these bytes, without the mark of UTF-8."""

    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - its name in zipfile
            return raw, self.flag_bits | (0x800 if marked else 0)

    entry = Raw("x")
    entry.extra = extra
    return entry


def _told(data: bytes) -> list[tuple[str, str]]:
    return [(member.path, member.refusal) for member in open_file(data)]


def _only(data: bytes) -> Member:
    (member,) = open_file(data)
    return member


def test_each_file_of_an_archive_is_a_member_of_its_own() -> None:
    data = _packed(("历下区/", b""), ("历下区/甲.xlsx", BOOK), ("历下区/乙.txt", b"\x00\x01"))
    first, second = open_file(data)
    assert (first.path, first.refusal) == ("历下区/甲.xlsx", "")
    assert first.content is not None
    assert first.content.grids[0].rows == ((1.0,),)
    assert (second.path, second.content) == ("历下区/乙.txt", None)
    assert "无法识别" in second.refusal
    assert member_paths(data) == ("历下区/甲.xlsx", "历下区/乙.txt")


def test_one_member_alone_can_be_asked_for() -> None:
    data = _packed(("a.xlsx", BOOK), ("b.xlsx", BOOK))
    assert [member.path for member in open_file(data, only="b.xlsx")] == ["b.xlsx"]


def test_a_file_that_is_no_archive_has_no_members() -> None:
    assert [member_paths(data) for data in (BOOK, b"PK\x03\x04 damaged", b"x", b"")] == [()] * 4


@given(st.lists(st.text(HAN, min_size=1, max_size=12), min_size=1, max_size=3, unique=True))
def test_names_are_read_as_windows_in_chinese_and_as_others_write_them(names: list[str]) -> None:
    path = "/".join(names) + ".xlsx"
    assume(not _is_chinese_in_utf8(path.encode("gbk")))  # nobody can tell which it is
    for marked, encoding in ((False, "gbk"), (True, "utf-8"), (False, "utf-8")):
        data = _packed((_entry(path.encode(encoding), marked=marked), BOOK))
        assert [member.path for member in open_file(data)] == [path]


def _is_chinese_in_utf8(raw: bytes) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for letter in raw.decode("utf-8", "ignore")) and (
        raw.decode("utf-8", "replace").encode() == raw
    )


def test_the_field_of_info_zip_says_a_name_once_more() -> None:
    raw, path = b"??.xlsx", "历下.xlsx"
    field = struct.pack("<BI", 1, zlib.crc32(raw)) + path.encode()
    told = struct.pack("<HH", 0x7075, len(field)) + field
    assert _told(_packed((_entry(raw, extra=told), BOOK))) == [(path, "")]
    wrong = told.replace(struct.pack("<I", zlib.crc32(raw)), b"\1\2\3\4")
    assert _told(_packed((_entry(raw, extra=wrong), BOOK))) == [("??.xlsx", "")]


def test_backslashes_part_folders_as_slashes_do() -> None:
    assert _told(_packed((_entry(b"a\\.\\b\\c.xlsx"), BOOK))) == [("a/b/c.xlsx", "")]
    assert _told(_packed((_entry("乱\\码".encode("gbk") + b".xlsx"), BOOK)))[0][0] == "乱/码.xlsx"


@pytest.mark.parametrize(
    "name", [b"../a.xlsx", b"a/../../b.xlsx", b"/etc/a.xlsx", b"C:\\a.xlsx", b"..\\a.xlsx",
             b"\\\\server\\a.xlsx", b"c:a.xlsx"],
)  # fmt: skip
def test_what_climbs_out_of_the_archive_costs_itself_alone(name: bytes) -> None:
    told = _told(_packed((_entry(name), BOOK), ("b.xlsx", BOOK)))
    assert [why[:9] for _, why in told] == ["压缩包内的路径越出", ""]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_special_files_are_refused(kind: int) -> None:
    link = zipfile.ZipInfo("a.xlsx")
    link.external_attr = (kind | 0o777) << 16
    assert [why[:6] for _, why in _told(_packed((link, b"b.xlsx"), ("b.xlsx", BOOK)))] == [
        "压缩包内是链", ""]  # fmt: skip


def test_names_that_occur_twice_are_refused_and_the_rest_is_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = _packed(("a.xlsx", BOOK), ("b.xlsx", BOOK), ("a.xlsx", BOOK))
    assert [(path, why[:10]) for path, why in _told(data)] == [
        ("a.xlsx", "压缩包内有 2 个同"), ("b.xlsx", "")]  # fmt: skip


def test_a_locked_entry_is_refused_with_what_to_do() -> None:
    data = bytearray(_packed(("a.xlsx", BOOK)))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert _told(bytes(data)) == [("a.xlsx", "压缩包设有密码，请取消密码后重新报送")]


def test_an_archive_within_an_archive_is_not_opened() -> None:
    told = _told(_packed(("a.zip", _packed(("b.xlsx", BOOK))), ("c.xlsx", BOOK)))
    assert told == [
        ("a.zip", "压缩包里还有压缩包，没有打开；请把里面的文件取出后报送"),
        ("c.xlsx", ""),
    ]


def test_what_unpacks_to_too_much_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 100_000)
    monkeypatch.setattr(archive, "MOST_IN_ALL", 150_000)
    files = {"a.csv": "a" * 100_001, "b.csv": "b" * 90_000, "c.csv": "c" * 90_000, "d.xlsx": BOOK}
    told = dict(_told(zipped(files)))
    assert [name for name, why in told.items() if "过大" in why] == ["a.csv", "c.csv"]


@pytest.mark.parametrize("named", [10, 200_000_000])
def test_sizes_that_lie_are_found_out(named: int) -> None:
    data = zipped({"a.csv": "a" * 1_000_000, "b.xlsx": BOOK})
    true = struct.pack("<I", 1_000_000)
    told = _told(data.replace(true, struct.pack("<I", named)))
    assert [bool(why) for _, why in told] == [True, False]


def test_a_method_of_packing_that_we_lack_is_told() -> None:
    data = bytearray(_packed(("a.xlsx", BOOK)))
    data[8] = data[data.rindex(b"PK\x01\x02") + 10] = 9
    assert _told(bytes(data)) == [
        ("a.xlsx", "压缩包内的文件采用了不常用的压缩方法，请用普通 zip 方式重新压缩")]  # fmt: skip


def test_damaged_and_empty_archives_are_refused_as_wholes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有文件" in _only(_packed()).refusal
    data = _packed(("a.xlsx", BOOK))
    assert "损坏" in _only(data[: len(data) // 2]).refusal
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    assert "过多（2 个）" in _only(_packed(("a", b"x"), ("b", b"x"))).refusal


@given(st.binary(max_size=60), st.integers(0, 400))
def test_no_damage_leads_to_an_exception(noise: bytes, at: int) -> None:
    data = _packed(("a.csv", b"a,b"), ("b.csv", b"a,b"))
    list(open_file(data[:at] + noise + data[at + len(noise) :]))
