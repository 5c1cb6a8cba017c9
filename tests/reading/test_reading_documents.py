"""A Word file is read as it stands with its revisions accepted and its controls filled in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from made_returns import F1_TITLE, fact, fates, labels, rules, save_document, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.reading.containers.opening import open_content
from chunfeng_reports.reading.grids import Content

DUE = "2023-02-01"
TITLE = "历下区关于2023年春风行动暨就业援助月第一次阶段性活动进展情况的报告"
TEN = [float(n) for n in range(11, 21)]

RUN = "<w:r><w:t>{}</w:t></w:r>"
INS = '<w:ins w:id="1" w:author="x">' + RUN + "</w:ins>"
DEL = '<w:del w:id="2" w:author="x"><w:r><w:delText>{}</w:delText></w:r></w:del>'
MOVED = '<w:moveFrom w:id="3" w:author="x">' + RUN + "</w:moveFrom>"
CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
PROMPT = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
SMART = '<w:smartTag w:uri="u" w:element="e">' + RUN + "</w:smartTag>"
LINK = "<w:hyperlink>" + RUN + "</w:hyperlink>"


def _paragraph(*parts: str) -> str:
    return f"<w:p>{''.join(parts)}</w:p>"


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(text)}</w:tc>"


def _table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _document(*blocks: str) -> bytes:
    document = docx.Document()
    for block in blocks:
        wrapped = parse_xml(f"<w:body {nsdecls('w')}>{block}</w:body>")
        document.element.body.insert(len(document.element.body) - 1, wrapped[0])
    packed = BytesIO()
    document.save(packed)
    return packed.getvalue()


def _content(*blocks: str) -> Content:
    return open_content(_document(*blocks))


def _read(desk: Desk, folder: Path, *blocks: str) -> Collected:
    title = _paragraph(RUN.format(TITLE))
    (folder / "历下区总结.docx").write_bytes(_document(title, *blocks))
    return collect_due(desk, DUE, folder)


def test_an_insertion_counts_and_a_deletion_does_not(jinan: Desk, tmp_path: Path) -> None:
    revised = _paragraph(
        RUN.format("走访慰问1"), INS.format("234"), DEL.format("99"), MOVED.format("88"),
        RUN.format("人次。"),
    )  # fmt: skip
    got = _read(jinan, tmp_path, revised)
    assert fact(got, "P_visits").value == 1234
    assert rules(got) == [("reading.revisions", "warning")]
    assert (got.findings[0].region, got.findings[0].form) == ("370102", "P")


@pytest.mark.parametrize("wrapped", [CONTROL.format(RUN.format("234")), SMART.format("234"),
                                     LINK.format("234")])  # fmt: skip
def test_what_a_control_a_tag_or_a_link_holds_is_read_without_a_doubt(
    jinan: Desk, tmp_path: Path, wrapped: str
) -> None:
    got = _read(jinan, tmp_path, _paragraph(RUN.format("走访慰问1"), wrapped, RUN.format("人次。")))
    assert (fact(got, "P_visits").value, got.findings) == (1234, ())


def test_whole_paragraphs_and_tables_in_a_control_are_read() -> None:
    text = _paragraph(RUN.format("甲"))
    table = _table(CONTROL.format(_row(_cell(RUN.format("乙")), CONTROL.format(_cell("")))))
    got = _content(CONTROL.format(text), CONTROL.format(table))
    assert got.paragraphs == ("甲",)
    assert [grid.rows for grid in got.grids] == [(("乙", ""),)]


def test_the_prompt_of_an_empty_control_is_no_text() -> None:
    prompt = PROMPT.format(RUN.format("单击此处输入文字"))
    assert _content(_paragraph(RUN.format("甲"), prompt)).paragraphs == ("甲",)


def test_a_row_struck_out_is_gone_and_a_merged_block_has_its_text_once() -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    got = _content(
        _table(
            _row(_cell(RUN.format("宽"), '<w:gridSpan w:val="2"/>'), _cell(RUN.format("1"))),
            _row(_cell(RUN.format("高"), start), _cell(RUN.format("2")), _cell("")),
            _row(_cell(RUN.format("高"), on), _cell(RUN.format("3")), _cell("")),
            _row(_cell("去"), properties='<w:del w:id="4" w:author="x"/>'),
        )
    )
    assert got.grids[0].rows == (("宽", "", "1"), ("高", "2", ""), ("", "3", ""))
    assert got.revised


def test_revisions_in_the_cells_of_a_form_are_accepted_and_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    figures = [RUN.format(int(n)) for n in TEN]
    figures[0] = INS.format("1") + DEL.format("9") + CONTROL.format(RUN.format("1"))
    pairs = zip(labels(campaign, "F1"), figures, strict=True)
    rows = [_row(_cell(RUN.format(name)), _cell(figure)) for name, figure in pairs]
    title, unit = (_paragraph(RUN.format(text)) for text in (F1_TITLE, "区县：历下区"))
    head = _row(_cell(RUN.format("填报项目")), _cell(RUN.format("数量")))
    (tmp_path / "a.docx").write_bytes(_document(title, unit, _table(head, *rows)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (fates(got), values(got, "F1")) == ({"a.docx": "counts"}, TEN)
    assert rules(got) == [("reading.revisions", "warning")]


def test_a_document_without_revisions_has_no_such_doubt(jinan: Desk, tmp_path: Path) -> None:
    save_document(tmp_path / "历下区总结.docx", TITLE, "走访慰问464人次。")
    assert collect_due(jinan, DUE, tmp_path).findings == ()
