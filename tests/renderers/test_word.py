"""Word: documents in the official format, whatever stands in the report."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_report import NASTY, empty_report, key_figures, units_table

from chunfeng_reports.renderers.word import document, is_written
from chunfeng_reports.renderers.word.documents import numeral
from chunfeng_reports.renderers.word.official import PITCH, STAND_INS
from chunfeng_reports.report import (
    Block,
    Figure,
    KeyFigure,
    KeyFigures,
    Letter,
    Prose,
    ProseLine,
    Report,
    Section,
    Text,
)

LETTER = Letter(
    title=("济南市2023年春风行动暨就业援助月", "第二次阶段性活动进展情况"),
    to="省人力资源社会保障厅",
    opening="现将有关情况报告如下。",
    signed="济南市人力资源和社会保障局",
    dated="2023年　月　日",
)


def prose(*texts: str) -> Prose:
    return Prose(lines=tuple(ProseLine(text=text) for text in texts))


def section(title: str, *blocks: Block, **more: Any) -> Section:
    return Section(id=title, title=title, blocks=blocks, **more)


def opened(report: Report) -> Any:
    return Document(BytesIO(document(report)))


def texts(report: Report) -> list[str]:
    return [paragraph.text for paragraph in opened(report).paragraphs]


def part(report: Report, name: str) -> str:
    with zipfile.ZipFile(BytesIO(document(report))) as package:
        return package.read(name).decode()


@pytest.fixture
def summary() -> Report:
    lines = (
        ProseLine(text="总体情况", heading=True),
        ProseLine(text="走访26034人次。【待补充：历城区没有报送总结。】"),
        ProseLine(text="各区县情况", heading=True),
        ProseLine(text="走访2313人次。", lead="历下区。"),
    )
    table = units_table(title="主要数据", written=True)
    return empty_report(
        letter=LETTER,
        sections=(
            section("困难人员走访帮扶情况", Prose(lines=lines)),
            section("主要数据", table, place="annex"),
            section("待补充、待核实事项", prose("1.补报总结。"), place="draft"),
            section("农民工返岗情况", prose("【待补充：区县3月1日才报。】")),
        ),
    )


def test_the_page_is_that_of_official_documents(summary: Report) -> None:
    page = opened(summary).sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)
    assert [round(m.mm) for m in margins] == [37, 28, 26, 35], "版心 156×225 毫米"
    assert PITCH * 22 <= 225 / 25.4 * 1440 < PITCH * 22.5, "每面 22 行"
    grid = page._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert grid.get(qn("w:linePitch")) == "579"  # 28.95 磅
    pitch = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert pitch * 28 <= 156 / 25.4 * 72 < pitch * 28.1, "每行 28 字"


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [("Title", "方正小标宋简体", 22), ("Body Text", "仿宋_GB2312", 16), ("Heading 1", "黑体", 16),
     ("Heading 2", "楷体_GB2312", 16), ("Footer", "宋体", 14)],
)  # fmt: skip
def test_each_style_has_its_font_and_size(
    summary: Report, style: str, font: str, points: int
) -> None:
    found = opened(summary).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size.pt == points
    assert found.font.color.rgb is None


def test_every_font_names_what_may_stand_in_for_it(summary: Report) -> None:
    table = part(summary, "word/fontTable.xml")
    for font, others in STAND_INS.items():
        assert f'<w:font w:name="{font}"><w:altName w:val="{others}"/>' in table
    assert "仿宋,FangSong" in table
    assert "华文中宋" in table
    assert "Theme" not in part(summary, "word/styles.xml")


def test_lines_stand_as_far_apart_as_the_grid_and_28_characters_fill_one(summary: Report) -> None:
    normal = opened(summary).styles["Normal"].element
    spacing = normal.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    closer = int(normal.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert (16 + closer / 20) * 28 <= 156 / 25.4 * 72 < (16.1 + closer / 20) * 28
    assert opened(summary).styles["Body Text"].element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_outside_between_dashes(summary: Report) -> None:
    found = opened(summary)
    assert found.settings.odd_and_even_pages_header_footer
    page = found.sections[0]
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph._p.pPr.jc.val.name == side.upper()
        assert paragraph._p.pPr.ind.get(qn(f"w:{side}")) == "280", "空一字"
        field = paragraph._p.find(qn("w:fldSimple"))
        assert field.get(qn("w:instr")) == "PAGE"
        assert "".join(re.findall("<w:t[^>]*>([^<]*)", paragraph._p.xml)) == "— 1 —"


def test_sections_are_numbered_as_they_stand_and_annexes_follow_the_signature(
    summary: Report,
) -> None:
    assert [text for text in texts(summary) if text] == [
        *LETTER.title,
        "【（第一次报送）】",
        "【初稿，数字暂定，待补充2处，尚不能报出；标有方括号的文字成稿时补齐、核实并删去。】",
        "省人力资源社会保障厅：",
        LETTER.opening,
        "一、困难人员走访帮扶情况",
        "（一）总体情况",
        "走访26034人次。【待补充：历城区没有报送总结。】",
        "（二）各区县情况",
        "历下区。走访2313人次。",
        "二、农民工返岗情况",
        "【待补充：区县3月1日才报。】",
        "附件：主要数据",
        LETTER.signed,
        LETTER.dated,
        "附件",
        "主要数据",
        "逐单位列示。",
        "▲ 错误　● 存疑",
        "【成稿时删去本页】待补充、待核实事项",
        "1.补报总结。",
    ]


def test_a_section_taken_out_is_gone_and_the_others_close_up(summary: Report) -> None:
    fewer = summary.model_copy(update={"sections": summary.sections[1:]})
    shown = texts(fewer)
    assert "一、农民工返岗情况" in shown
    assert not any("走访" in text for text in shown)


def test_gaps_are_highlighted_and_units_named_in_bold(summary: Report) -> None:
    runs = [run for paragraph in opened(summary).paragraphs for run in paragraph.runs]
    marked = {run.text for run in runs if run.font.highlight_color is not None}
    assert "【待补充：区县3月1日才报。】" in marked
    assert all(text.startswith("【") for text in marked)
    assert [run.text for run in runs if run.bold] == ["历下区。"]


def test_a_table_shows_figures_notes_and_marks(summary: Report) -> None:
    table = opened(summary).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["单位", "意向协议", "增减", "占合计", "区划"]
    assert rows[1] == ["历下区", "2,952", "+1,234", "50.0%", "370102"]
    assert rows[3][1] == "●未填"
    assert rows[5][1] == "2,935▲（缺1家）"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    widths = [int(cell.get(qn("w:w"))) for cell in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert sum(widths) <= 156 / 25.4 * 1440


def test_key_figures_stand_two_by_two_with_their_changes() -> None:
    changes = (Figure(value=-1.0), Figure(), Figure(note="有错误，不比较"))
    items = [
        KeyFigure(label=f"指标{n}", unit="人", figure=Figure(value=n * 1000.0), change=change)
        for n, change in enumerate(changes, start=1)
    ]
    block = KeyFigures(id="k", items=tuple(items))
    table = opened(empty_report(sections=(section("主要数据", block),))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["指标", "本期", "较上期", "指标", "本期", "较上期"],
        ["指标1", "1,000人", "−1", "指标2", "2,000人", ""],
        ["指标3", "3,000人", "", "", "", ""],
    ]


def test_a_report_without_a_letter_says_why_it_is_provisional() -> None:
    report = empty_report(sections=(section("主要数据", key_figures()),), remarks=("另有存疑",))
    shown = texts(report)
    assert shown[0] == report.title
    assert shown[2] == "【暂定：1家单位未报；1处错误待更正。】另外：另有存疑。"
    final = report.model_copy(update={"status": "final", "reasons": (), "remarks": ()})
    assert texts(final)[2] == "数据齐全。"


def test_only_what_is_for_paper_is_drawn() -> None:
    note = Text(paragraphs=("口径",), tone="note")
    report = empty_report(sections=(section("数据", units_table(), note),))
    assert not is_written(report)
    assert "一、数据" not in texts(report)
    assert is_written(report + section("导语", Text(paragraphs=("正文",))))


def test_the_same_report_gives_the_same_bytes(summary: Report) -> None:
    first, second = document(summary), document(summary)
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}
    assert "python-docx" not in core
    assert len(first) < 12_000


def test_hostile_text_stays_text() -> None:
    lines = tuple(ProseLine(text=text, lead=text) for text in NASTY)
    figures = KeyFigures(id="k", items=tuple(
        KeyFigure(label=text, unit=text, figure=Figure(value=text, note=text)) for text in NASTY
    ))  # fmt: skip
    more = ('{ HYPERLINK "https://example.invalid" }', "\u202e反\u2066转", "\u200b零宽")
    hostile = empty_report(
        title=NASTY[6],
        subtitle=NASTY[0],
        campaign=NASTY[6],
        reasons=NASTY,
        letter=Letter(title=NASTY, to=NASTY[0], opening=NASTY[6], signed="长" * 60, dated="x"),
        sections=(section(NASTY[0], Prose(lines=lines), prose(*more), figures),
                  section(NASTY[6], figures, place="annex")),
    )  # fmt: skip
    body = part(hostile, "word/document.xml")
    assert "w:instrText" not in body
    assert "w:fldSimple" not in body
    assert "w:hyperlink" not in body
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202e\u2066]", body)
    shown = "".join(texts(hostile))
    assert "<script>alert(1)</script>" in shown
    assert '{ HYPERLINK "https://example.invalid" }' in shown
    assert "反转" in shown


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_text_makes_a_document_that_opens(text: str) -> None:
    assert opened(empty_report(title=text, sections=(section(text, prose(text)),)))


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_sections_have_chinese_numerals(number: int, written: str) -> None:
    assert numeral(number) == written
