"""What a file says of its maker and of itself is told alike from every container."""

from __future__ import annotations

import struct
from io import BytesIO

import docx
import openpyxl
import pytest
import xlsxwriter
from made_containers import ods, repacked, xls95, xlsx, xml_2003

from chunfeng_reports.reading.containers.opening import open_content
from chunfeng_reports.reading.containers.properties import stream_properties

MADE = (
    ("标题", "春风行动统计表"),
    ("主题", "就业"),
    ("作者", "市中区人社局"),
    ("最后保存者", "历下区"),
    ("单位", "市中区公共就业服务中心"),
    ("经理", "处室"),
    ("关键词", "春风"),
    ("类别", "统计"),
    ("备注", "附件1"),
)
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def _by_xlsxwriter() -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        said = dict(MADE)
        book.set_properties(
            {"title": said["标题"], "subject": said["主题"], "author": said["作者"],
             "company": said["单位"], "manager": said["经理"], "keywords": said["关键词"],
             "category": said["类别"], "comments": said["备注"]}
        )  # fmt: skip
        book.set_custom_property("region", "370102")
        book.add_worksheet().write(0, 0, 1)
    return repacked(packed.getvalue(), _saved_by)


def _saved_by(parts: dict[str, bytes]) -> None:
    core = parts["docProps/core.xml"].decode()
    start, _, rest = core.partition("<cp:lastModifiedBy>")
    parts["docProps/core.xml"] = (
        f"{start}<cp:lastModifiedBy>历下区</cp:lastModifiedBy>"
        + rest.partition("</cp:lastModifiedBy>")[2]
    ).encode()


def _by_word() -> bytes:
    document = docx.Document()
    own, said = document.core_properties, dict(MADE)
    own.title, own.subject, own.author = said["标题"], said["主题"], said["作者"]
    own.last_modified_by, own.keywords = said["最后保存者"], said["关键词"]
    own.category, own.comments = said["类别"], said["备注"]
    packed = BytesIO()
    document.save(packed)
    return packed.getvalue()


def test_a_workbook_tells_all_in_a_fixed_order() -> None:
    got = open_content(_by_xlsxwriter())
    assert (got.authorship, got.property_of("region")) == (MADE, "370102")


def test_a_document_tells_what_its_parts_say() -> None:
    told = {name for name, _ in MADE} - {"单位", "经理"}
    assert open_content(_by_word()).authorship == tuple(p for p in MADE if p[0] in told)


def test_what_a_program_leaves_empty_is_not_told() -> None:
    packed = BytesIO()
    openpyxl.Workbook().save(packed)
    assert open_content(packed.getvalue()).authorship == (("作者", "openpyxl"),)


def test_an_opendocument_file_tells_its_own_and_the_users_properties() -> None:
    meta = (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        "<dc:title>春风行动统计表</dc:title><meta:initial-creator>市中区人社局</meta:initial-creator>"
        "<dc:creator>历下区</dc:creator>"
        '<meta:user-defined meta:name="region">370102</meta:user-defined>'
        "</office:meta></office:document-meta>"
    )
    got = open_content(ods('<table:table table:name="表"/>', meta=meta))
    assert got.authorship == (MADE[0], MADE[2], MADE[3])
    assert got.properties == (("region", "370102"),)


def test_an_xml_spreadsheet_tells_its_own_and_the_users_properties() -> None:
    office = 'xmlns="urn:schemas-microsoft-com:office:office"'
    head = (
        f"<DocumentProperties {office}><Title>春风行动统计表</Title><Author>市中区人社局</Author>"
        f"<LastAuthor>历下区</LastAuthor><Company>市中区公共就业服务中心</Company></DocumentProperties>"
        f"<CustomDocumentProperties {office}><region>370102</region></CustomDocumentProperties>"
    )
    got = open_content(xml_2003('<Worksheet ss:Name="x"/>', head=head))
    assert got.authorship == (MADE[0], *MADE[2:5])
    assert got.properties == (("region", "370102"),)


# --- property streams of xls

SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
DOCUMENT = bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae")
USERS = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def _section(page: int, texts: dict[int, str], *, encoding: str, names: bytes = b"") -> bytes:
    entries = {1: struct.pack("<IHH", 2, page, 0)}
    if names:
        entries[0] = names
    for number, text in texts.items():
        raw = text.encode(encoding) + b"\0"
        entries[number] = struct.pack("<II", 0x1E, len(raw)) + raw + bytes(-len(raw) % 4)
    at, table, body = 8 + 8 * len(entries), b"", b""
    for number, entry in entries.items():
        table += struct.pack("<II", number, at + len(body))
        body += entry
    return struct.pack("<II", at + len(body), len(entries)) + table + body


def _stream(*sections: tuple[bytes, bytes]) -> bytes:
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, bytes(16), len(sections))
    at, body = 28 + 20 * len(sections), b""
    for kind, section in sections:
        head += kind + struct.pack("<I", at + len(body))
        body += section
    return head + body


@pytest.mark.parametrize(("page", "encoding"), [(936, "gbk"), (65001, "utf-8")])
def test_the_streams_of_an_xls_tell_in_their_code_page(page: int, encoding: str) -> None:
    said = dict(MADE)
    summary = {2: said["标题"], 3: said["主题"], 4: said["作者"], 5: said["关键词"],
               6: said["备注"], 8: said["最后保存者"]}  # fmt: skip
    document = {2: said["类别"], 14: said["经理"], 15: said["单位"]}
    name = b"region\0"
    names = struct.pack("<III", 1, 2, len(name)) + name + b"\0"
    streams = {
        "\x05SummaryInformation": _stream((SUMMARY, _section(page, summary, encoding=encoding))),
        "\x05DocumentSummaryInformation": _stream(
            (DOCUMENT, _section(page, document, encoding=encoding)),
            (USERS, _section(page, {2: "370102"}, encoding=encoding, names=names)),
        ),
    }
    assert stream_properties(streams.__getitem__) == ((("region", "370102"),), MADE)


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_a_damaged_property_stream_tells_less_and_never_fails(cut: int) -> None:
    whole = _stream((SUMMARY, _section(936, dict.fromkeys(range(2, 9), "某某"), encoding="gbk")))
    stream_properties(lambda _: whole[:cut])
    stream_properties(lambda _: whole[:cut] + b"\xff" * (len(whole) - cut))


def test_an_xls_without_such_streams_tells_nothing() -> None:
    got = open_content(xls95("表", [[1.0]]))
    assert (got.properties, got.authorship) == ((), ())


def test_a_damaged_part_does_not_cost_the_workbook() -> None:
    got = open_content(xlsx(CELL, more={"docProps/core.xml": "<x><title>历下</title><"}))
    assert (got.authorship, len(got.grids)) == ((("标题", "历下"),), 1)
