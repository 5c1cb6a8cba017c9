"""Broken, locked and hostile files cost their own refusal, and little time."""

from __future__ import annotations

import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from hashlib import md5
from io import BytesIO
from itertools import pairwise

import docx
import openpyxl
import pytest
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_containers import (
    MAIN,
    RELS,
    ods,
    ole,
    relation,
    repacked,
    xls95,
    xlsb,
    xlsx,
    xml_2003,
    zipped,
)
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4

from chunfeng_reports.reading.containers.opening import open_content, open_file
from chunfeng_reports.reading.containers.streams import streams_of
from chunfeng_reports.reading.grids import Broken

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
_TENFOLD = (f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
BOMB = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{"".join(_TENFOLD)}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'
BOF, FILEPASS, BOUNDSHEET = 0x809, 0x2F, 0x85
LOCKED = "文件设有打开密码，请取消密码后重新报送"


def _refusal(data: bytes) -> str:
    (member,) = open_file(data)
    assert member.content is None
    return member.refusal


def _xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, 1)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _docx() -> bytes:
    packed = BytesIO()
    docx.Document().save(packed)
    return packed.getvalue()


# --- files of other kinds


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空文件"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "截图"),
        (b"\xff\xd8\xff\xe0", "截图"),
        (b"GIF89a", "截图"),
        (b"II*\0\x08\0", "截图"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "截图"),
        (b"\0\0\0\x18ftypheic", "截图"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "截图"),
        (b"Rar!\x1a\x07\x00", "解压"),
        (b"7z\xbc\xaf\x27\x1c", "解压"),
        (b"\x1f\x8b\x08\0", "解压"),
        (b"x" * 257 + b"ustar\0", "解压"),
        (b"{\\rtf1\\ansi", "docx"),
        (b"MZ\x90\0", "程序"),
        (b"\0\1\0\0Standard Jet DB\0", "数据库"),
        (b"\x4c\0\0\0\1\x14\2\0\0\0", "快捷方式"),
        (b"[InternetShortcut]\nURL=x", "快捷方式"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "mht"),
        (b"\x09\x08\x10\0\0\x06\x05\0", "旧版"),
        (ole(b"x" * 5000, "WordDocument"), "doc"),
        (ole(b"x" * 5000, "WpsDocument"), "docx"),
        (ole(b"x" * 5000, "PowerPoint Document"), "演示"),
        (ole(b"x" * 5000, "Contents"), "损坏"),
        (zipped({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}), "演示"),
        (zipped({"OFD.xml": "x", "Doc_0/Document.xml": "x"}), "OFD"),
        (repacked(ods(""), lambda p: p.update(mimetype=b"application/vnd.oasis.opendocument.text")),
         "docx"),
        (b"<?xml version='1.0'?><x/>", "XML"),
        (bytes(range(256)) * 8, "无法识别"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n', "交换文件"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "交换文件"),
        (b"\0\0\2\0\6\4\6\0", "交换文件"),
        (zipped({"Index/Document.iwa": "x"}), "Numbers"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_with_what_to_ask_for(data: bytes, words: str) -> None:
    assert words in _refusal(data)


# --- locked


def _in_package(password: str) -> bytes:
    book, plain, locked = openpyxl.Workbook(), BytesIO(), BytesIO()
    book.worksheets[0]["A1"] = 1
    book.save(plain)
    OOXMLFile(plain).encrypt(password, locked)
    return locked.getvalue()


def _in_records(password: str) -> bytes:
    """An xls workbook under the encryption of Excel 97: every record's content but a few."""
    salt = bytes(range(16))
    records = list(_records(streams_of(_xls()).read("Workbook")))
    lock = struct.pack("<HHH", 1, 1, 1) + salt + _verifier(password, salt)
    records.insert(1, (FILEPASS, lock))
    starts = [sum(4 + len(content) for _, content in records[:n]) for n in range(len(records))]
    sheet = next(at for at, (n, _) in zip(starts, records, strict=True) if n == BOF and at)
    clear = b"".join(_told(n, content, sheet) for n, content in records)
    cipher = DocumentRC4.decrypt(password, salt, BytesIO(clear), blocksize=1024).read()
    mixed = bytearray(cipher)
    for at, (number, content) in zip(starts, records, strict=True):
        kept = 4 + (len(content) if number in (BOF, FILEPASS) else 4 * (number == BOUNDSHEET))
        mixed[at : at + kept] = clear[at : at + kept]
    return ole(bytes(mixed))


def _told(number: int, content: bytes, sheet: int) -> bytes:
    if number == BOUNDSHEET:
        content = struct.pack("<I", sheet) + content[4:]
    return struct.pack("<HH", number, len(content)) + content


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream) and stream[at : at + 4] != bytes(4):
        number, size = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _verifier(password: str, salt: bytes) -> bytes:
    """What lets a password be checked: some bytes and their hash, both encrypted."""
    chosen = bytes(range(16, 32))
    told = BytesIO(chosen + md5(chosen).digest())
    return bytes(DocumentRC4.decrypt(password, salt, told, blocksize=0x200).read())


@pytest.mark.parametrize("lock", [_in_package, _in_records])
def test_a_workbook_under_nobodys_password_opens_and_one_under_a_persons_does_not(
    lock: Callable[[str], bytes],
) -> None:
    assert open_content(lock("VelvetSweatshop")).grids[0].rows == ((1,),)
    assert _refusal(lock("春风2023")) == LOCKED


# --- markup that reaches out or blows up


def _in_sheet(head: str) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        cell = b'<c r="B1" t="str"><f>A1</f><v>&i;</v></c></row>'
        parts[name] = head.encode() + parts[name].replace(b"</row>", cell)

    return repacked(xlsx(ONE), change)


def _in_document(head: str) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        start, end = parts["word/document.xml"].split(b"<w:body>")
        start = start.replace(b"<w:document", head.encode() + b"<w:document")
        parts["word/document.xml"] = start + b"<w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p>" + end

    return repacked(_docx(), change)


def _in_ods(head: str) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        content = parts["content.xml"].replace(b"?>", b"?>" + head.encode(), 1)
        parts["content.xml"] = content.replace(
            b"</office:spreadsheet>", b"&i;</office:spreadsheet>"
        )

    return repacked(ods(""), change)


def _in_xml(head: str) -> bytes:
    text = xml_2003('<Worksheet ss:Name="&i;"/>')
    return text.replace(b"<Workbook", head.encode() + b"<Workbook")


@pytest.mark.parametrize("wrap", [_in_sheet, _in_document, _in_ods, _in_xml])
@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
def test_entities_are_neither_expanded_nor_fetched(wrap: Callable[[str], bytes], head: str) -> None:
    start = time.process_time()
    assert _refusal(wrap(head))
    assert time.process_time() - start < 1


def test_entities_in_properties_tell_nothing_and_cost_nothing() -> None:
    core = f"{BOMB}<x><title>&i;</title></x>"
    got = open_content(xlsx(ONE, more={"docProps/core.xml": core}))
    assert (got.authorship, got.grids[0].rows) == ((), ((1.0,),))


# --- sizes


def test_a_cell_far_out_is_refused_and_an_empty_one_is_not() -> None:
    row = '<row r="1048576">{}</row>'
    for place in ("XFD1048576", "XFE16777217", "xfd1048576"):
        far = f'<c r="{place}"><v>1</v></c>'
        assert "范围过大" in _refusal(xlsx(ONE + row.format(far)))
    empty = row.format('<c r="XFD1048576" s="1"/>')
    assert open_content(xlsx(ONE + empty)).grids[0].rows[0][0] == 1.0


def test_a_sheet_that_claims_all_rows_and_columns_for_one_cell_needs_no_room() -> None:
    whole = _xls()
    claimed = struct.pack("<HHIIHHH", 0x200, 14, 0, 65_536, 0, 256, 0)
    at = whole.index(struct.pack("<HH", 0x200, 14))
    data = whole[:at] + claimed + whole[at + 18 :]
    start = time.process_time()
    assert open_content(data).grids[0].rows == ((1,),)
    assert time.process_time() - start < 0.2


def test_a_sheet_that_claims_to_end_before_it_begins_needs_no_room() -> None:
    whole = xls95("表", [["甲", 2.0]])
    at = whole.index(struct.pack("<HH", 0x200, 10)) + 4
    data = whole[:at] + struct.pack("<H", 0x8000) + whole[at + 2 :]
    assert open_content(data).grids[0].rows == (("甲", 2.0),)


def test_a_cell_far_out_in_an_xls_or_xlsb_is_refused_before_it_is_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    sheet.write(0, 0, 1)
    for column in range(200, 256):
        sheet.write(65_535, column, 1)
    packed = BytesIO()
    book.save(packed)
    assert "范围过大" in _refusal(packed.getvalue())


def test_repeated_rows_and_cells_of_an_ods_are_not_written_out() -> None:
    cell = '<table:table-cell {}office:value-type="float" office:value="1"/>'
    wide = cell.format('table:number-columns-repeated="16384" ')
    rows = (
        f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="99999999999">{wide}</table:table-row>',
    )
    got = open_content(ods("".join(f"<table:table>{row}</table:table>" for row in rows)))
    assert [(len(grid.rows), grid.width) for grid in got.grids] == [(5000, 200), (1, 200)]


def test_spans_and_indexes_beyond_all_sheets_are_cut() -> None:
    page = "<table><tr><td colspan=999999 rowspan=999999>甲</td></tr><tr><td>乙</td></tr></table>"
    assert open_content(page.encode()).grids[0].rows[0] == ("甲",)
    cell = '<Cell ss:Index="99999999"><Data ss:Type="Number">1</Data></Cell>'
    row = f'<Row ss:Index="99999999">{cell}</Row>'
    data = xml_2003(f'<Worksheet ss:Name="x"><Table>{row}</Table></Worksheet>')
    assert open_content(data).grids[0].rows == ()


@pytest.mark.parametrize("lie", [False, True])
def test_a_part_that_unpacks_to_too_much_is_refused(lie: bool) -> None:
    """200 MB of spaces in 200 kB; the directory may say that it is little."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        with zipfile.ZipFile(BytesIO(xlsx(ONE))) as old:
            for name in old.namelist():
                if "sheet1" not in name:
                    into.writestr(name, old.read(name))
        with into.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>{ONE}'.encode())
            for _ in range(200):
                part.write(b" " * 2**20)
            part.write(b"</sheetData></worksheet>")
        size = into.getinfo("xl/worksheets/sheet1.xml").file_size
    data = packed.getvalue()
    if lie:
        data = data.replace(struct.pack("<I", size), struct.pack("<I", 5000))
    start = time.process_time()
    assert _refusal(data)
    assert time.process_time() - start < 2


# --- parts that are missing, doubled or wrong


def _without(name: str) -> bytes:
    return repacked(xlsx(ONE), lambda parts: parts.pop(name) and None)


@pytest.mark.parametrize(
    "data",
    [
        _without("xl/worksheets/sheet1.xml"),
        _without("xl/_rels/workbook.xml.rels"),
        repacked(xlsx(ONE), lambda parts: parts.update({"xl/workbook.xml": b"<workbook"})),
        repacked(xlsx(ONE), lambda parts: parts.update({"XL/Workbook.xml": b"<workbook/>"})),
        xlsx(ONE, more={"xl/_rels/workbook.xml.rels": RELS.format(
            relation("s1", "worksheet", "../../../../etc/passwd"))}),
        xlsx(ONE.replace("<row", "<row><c r='B1'><f>1</row>")),
    ],
)  # fmt: skip
def test_a_workbook_with_wrong_parts_is_refused(data: bytes) -> None:
    assert "损坏" in _refusal(data)


def test_a_shared_string_that_is_not_there_is_no_value() -> None:
    cells = '<c r="A1" t="s"><v>7</v></c><c r="B1"><v>1</v></c>'
    assert "损坏" in _refusal(xlsx(f'<row r="1">{cells}</row>'))


@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=4))
@example(17307, b"\0\0")  # a part without a name
@settings(max_examples=150, deadline=None)
def test_damage_to_a_package_is_a_refusal_or_harms_nothing(at: int, noise: bytes) -> None:
    """The sums of a zip tell every change to its parts."""
    whole = xlsx('<row r="1"><c r="A1"><v>236</v></c><c r="B1"><f>A1+1</f><v>237</v></c></row>')
    at %= len(whole)
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    (member, *_) = open_file(damaged)
    assert member.refusal or member.path or member.content == open_content(whole)


@given(st.integers(0, 2**16))
@settings(max_examples=100, deadline=None)
def test_records_that_are_cut_short_are_refused(at: int) -> None:
    """A file cut anywhere is no other file: what is read of it is what stands there."""
    for whole in (xls95("表", [[1.0, 2.0]]), xlsb({"表": [[1.0, 2.0]]})):
        data = whole[: 16 + at % (len(whole) - 16)]
        (member,) = open_file(data)
        if member.content is not None:
            assert [grid.rows for grid in member.content.grids] in ([], [((1.0, 2.0),)])


def test_a_record_that_claims_more_than_there_is_is_refused() -> None:
    stream = streams_of(_xls()).read("Workbook")
    at = stream.index(struct.pack("<HH", 0x85, 9))
    damaged = stream[:at] + struct.pack("<HH", 0x85, 0xFFFF) + stream[at + 4 :]
    assert "损坏" in _refusal(ole(damaged))


def test_a_sheet_that_lacks_its_end_is_refused() -> None:
    stream = streams_of(_xls()).read("Workbook").rstrip(b"\0")
    assert stream[-1] == 0x0A
    assert "损坏" in _refusal(ole(stream[:-1]))


def test_a_page_whose_table_is_cut_off_is_refused() -> None:
    page = "<table><tr><td>企业</td><td>12</td></tr><tr><td>求职者</td><td>34</td></tr></table>"
    for at in range(page.index("<tr>"), len(page)):
        assert "不完整" in _refusal(page[:at].encode())


def test_a_cell_of_an_xls_that_is_told_twice_holds_neither_value() -> None:
    """One of the two is another cell's, its place damaged."""
    whole = xls95("表", [["甲", 2.0], ["乙", 3.0], ["丙", 3.0]])
    at = whole.index(struct.pack("<HHHHH", 0x203, 14, 1, 1, 0)) + 4
    data = whole[:at] + b"\0" + whole[at + 1 :]
    rows = open_content(data).grids[0].rows
    assert rows == (("甲", Broken("#重复")), ("乙", ""), ("丙", 3.0))
    at = whole.index(struct.pack("<HHHHH", 0x203, 14, 2, 1, 0)) + 4
    same = whole[:at] + b"\1" + whole[at + 1 :]
    assert open_content(same).grids[0].rows[1] == ("乙", 3.0)
