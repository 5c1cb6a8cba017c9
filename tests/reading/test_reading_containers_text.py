"""Text files: their encoding is tried strictly, and a table is told from prose."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chunfeng_reports.reading.containers.decoding import decode
from chunfeng_reports.reading.containers.opening import open_content, open_file
from chunfeng_reports.reading.refusal import Refusal

TABLE = '项目,数量\r\n企业个数,12\r\n求职者,"1,234"\r\n'
ROWS = (("项目", "数量"), ("企业个数", "12"), ("求职者", "1,234"))
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
FIELD = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
    | st.sampled_from("0123456789.（）：％０１２"),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_a_table_is_the_same_in_every_encoding_and_with_every_delimiter(
    encoding: str, delimiter: str
) -> None:
    text = TABLE.replace('"1,234"', "《》").replace(",", delimiter).replace("《》", '"1,234"')
    got = open_content(text.encode(encoding))
    assert (got.grids[0].rows, got.paragraphs) == (ROWS, ())


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=2, max_size=5))
def test_any_table_of_chinese_and_figures_comes_back_from_every_encoding(
    rows: list[list[str]],
) -> None:
    text = "\r\n".join("\t".join(row) for row in rows) + "\r\n"
    assume("\ufffd" in text.encode("gbk").decode("utf-8", "replace"))
    for encoding in ENCODINGS:
        assert decode(text.encode(encoding)) == text, encoding


@pytest.mark.parametrize("words", ["亭", "联通", "罴丏", "移动、联通"])
def test_words_that_are_utf8_by_chance_are_chinese_all_the_same(words: str) -> None:
    assert decode(f"{words},12\n".encode("gbk")) == f"{words},12\n"


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except Refusal:
        return
    assert "\0" not in text


@pytest.mark.parametrize(
    "data",
    [
        "项目,12\0\n".encode(),
        "项目,12\0\n".encode("gbk"),
        codecs.BOM_UTF16_LE + "项目".encode("utf-16-le") + b"x",
        b"\xff\xfe\xfa\xff\x80",
        "项目\x01,12\n".encode(),
    ],
)
def test_what_is_no_text_in_any_encoding_is_refused(data: bytes) -> None:
    (member,) = open_file(data)
    assert "无法识别" in member.refusal


def test_an_old_end_mark_and_a_line_for_excel_are_no_content() -> None:
    assert open_content(b"sep=;\r\na;1,5\r\nb;2\r\n\x1a").grids[0].rows == (
        ("a", "1,5"),
        ("b", "2"),
    )


def test_a_space_before_the_quotes_does_not_undo_them() -> None:
    got = open_content(TABLE.replace(',"', ', "').encode())
    assert got.grids[0].rows == ROWS


def test_columns_set_apart_by_spaces_alone_are_columns() -> None:
    text = "2023年春风行动情况统计表\n项目      数量\n企业个数    12\n求职者　　 34\n"
    got = open_content(text.encode()).grids[0].rows
    assert got[1:] == (("项目", "数量"), ("企业个数", "12"), ("求职者", "34"))


def test_a_summary_in_plain_text_is_paragraphs() -> None:
    text = (
        "历下区春风行动进展情况\n\n"
        "一、走访慰问。元旦以来，走访慰问3,256人次，兑现补贴456.7万元。\r\n"
        "二、招聘活动。举办招聘活动50场，达成意向1,200人。\n"
    )
    for encoding in ("utf-8", "gb18030", "utf-16"):
        got = open_content(text.encode(encoding))
        assert (got.grids, len(got.paragraphs)) == ((), 3)
        assert got.paragraphs[1].startswith("一、走访慰问。元旦以来，走访慰问3,256人次")


def test_sentences_that_a_program_has_wrapped_are_prose_all_the_same() -> None:
    text = "某县春风行动进展情况\n\n  截至目前，全县\n共走访慰问3256人次，帮助实现就业586\n人次。\n"
    got = open_content(text.encode())
    assert "共走访慰问3256人次，帮助实现就业586" in got.paragraphs


def test_prose_with_a_table_in_it_is_offered_as_both() -> None:
    prose = "今年以来，全区开展了春风行动，效果良好，群众满意。"
    text = f"情况说明\n{prose}\n项目\t数量\n企业\t12\n求职者\t34\n"
    got = open_content(text.encode())
    assert (len(got.grids), len(got.paragraphs)) == (1, 5)


def test_a_single_line_that_is_neither_is_offered_as_both() -> None:
    got = open_content("走访慰问3256人次".encode())
    assert (len(got.grids), got.paragraphs) == (1, ("走访慰问3256人次",))


def test_a_note_under_a_table_makes_no_prose_of_it() -> None:
    got = open_content((TABLE + "注：数据截至2月1日。\n").encode())
    assert (len(got.grids), got.paragraphs) == (1, ())


def test_figures_side_by_side_in_an_even_table_are_not_one_number_cut_in_two() -> None:
    """Programs quote what holds a comma, and give every row as many fields."""
    text = "表一,,,表二,,\n企业,542,,项目,当期,累计\n求职者,44,,走访户数,463,926\n"
    assert open_content(text.encode()).grids[0].rows[2] == (
        "求职者",
        "44",
        "",
        "走访户数",
        "463",
        "926",
    )
