"""A slip as its unit sees it: its own sheets, what is doubted on them, and the list in front."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
from made_returns import form_rows, save_book, save_document, with_properties
from made_slips import DUE, LIXIA, TEN, Work
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName

from chunfeng_reports.copies import Copied
from chunfeng_reports.explanations import REGISTER, Explanation
from chunfeng_reports.returns import make_returns
from chunfeng_reports.slips import COVER, FILLS
from chunfeng_reports.waivers import hear

GOLDEN = Path(__file__).parent / "golden"
NASTY = ('=HYPERLINK("http://x","点")', "+1", "-1+2", "@SUM(1)", "\t=1", "<b>&", "\x07响")


def _styled(work: Work) -> Path:
    """A workbook as units make them, with all that a slip keeps and all that it must not."""
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:4], "=SUM(B9:B11)", *TEN[5:8], -19.0, TEN[9]])
    path = save_book(work.received / "历下区.xlsx", ("春风行动", rows), ("底稿", [["密"]]),
                     ("说明", [["填表说明", "第三季度"]]), hidden=("底稿",))  # fmt: skip
    book = openpyxl.load_workbook(path)
    sheet = book["春风行动"]
    sheet.merge_cells("A1:B1")
    sheet["A1"].font = Font(name="黑体", sz=20, b=True, color="FF3366CC")
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["B5"].number_format = "#,##0"
    sheet["B5"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B5"].border = Border(left=Side(style="thick"))
    sheet["B6"].comment = Comment("某某某 电话", "某某某")
    sheet.column_dimensions["A"].width = 41.5
    sheet.row_dimensions[1].height = 33
    sheet.row_dimensions[14].hidden = True
    sheet.freeze_panes = "A4"
    book.defined_names["外部"] = DefinedName("外部", attr_text="'[别处.xlsx]表'!$A$1")
    book.properties.creator = "某某某"
    book.save(path)
    return path


def _bytes(work: Work) -> bytes:
    sent = work.send()
    assert sent.slip is not None
    return sent.slip.read_bytes()


def test_their_own_workbook_is_known_again(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    book = work.slip()
    assert book.sheetnames == [COVER, "春风行动", "说明"]
    sheet = book["春风行动"]
    title = sheet["A1"]
    assert (title.value, title.font.name, title.font.sz, title.font.b) == (
        "2023年春风行动情况统计表", "黑体", 20, True)  # fmt: skip
    assert title.font.color.rgb[-6:] == "3366CC"
    assert title.alignment.horizontal == "center"
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A1:B1"]
    assert sheet["B5"].number_format == "#,##0"
    assert sheet["B5"].fill.fgColor.rgb[-6:] == "FFFF00"
    assert sheet["B5"].border.left.style == "thick"
    assert sheet.column_dimensions["A"].width == 41.5
    assert sheet.row_dimensions[1].height == 33
    assert sheet.row_dimensions[14].hidden
    assert sheet.freeze_panes == "A4"


def test_nothing_goes_with_it_that_is_not_to_be_seen(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    data = _bytes(work)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        names = parts.namelist()
        text = b"".join(parts.read(name) for name in names)
    assert not [n for n in names if "external" in n or "vba" in n or "media" in n or "embed" in n]
    assert "某某某".encode() not in text
    assert "别处".encode() not in text
    assert "密</t>".encode() not in text
    assert b"<f>" not in text
    book = openpyxl.load_workbook(BytesIO(data))
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert "f" not in {c.data_type for ws in book for row in ws.iter_rows() for c in row}


def test_a_formula_is_its_result_as_it_was_read(work: Work) -> None:
    """openpyxl stores no results: here the sum was worked out in reading."""
    _styled(work)
    work.doubt("F1_6")
    assert work.slip()["春风行动"]["B8"].value == sum(TEN[5:8])


def test_a_doubtful_cell_is_coloured_edged_and_explained(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6", value="-19", expected="≥ 0")
    work.doubt("F1_4,F1_3", severity="warning", message="需求数小于岗位数。", expected="≥ 13")
    sent = work.send(suggestions={(LIXIA, "F1_6", "rule"): "可能多写了负号，建议核对是否为 19。"})
    assert sent.slip is not None
    sheet = openpyxl.load_workbook(sent.slip)["春风行动"]
    cell = sheet["B12"]
    assert cell.fill.fgColor.rgb[-6:] == FILLS["critical"]
    assert cell.border.left.style == "double"
    assert cell.comment.author == "数据审核"
    assert cell.comment.text == (
        "错误：不能是负数。请核对后重报。\n符合要求：≥ 0\n"
        "建议：可能多写了负号，建议核对是否为 19。\n（第 1 条，请在“退回说明”中回复）"
    )
    for name in ("B6", "B7"):
        assert sheet[name].fill.fgColor.rgb[-6:] == FILLS["warning"]
        assert sheet[name].comment.text.startswith("存疑：需求数小于岗位数。\n对照：岗位需求 14（")
    assert sheet["B12"].value == -19


def test_a_suggestion_stands_with_the_rule_that_it_mends_and_nowhere_else(work: Work) -> None:
    _styled(work)
    mended = work.doubt("F1_6", expected="≥ 0")
    other = work.doubt("F1_6", rule="reading.formula", severity="info", expected="19",
                       message="以公式填写。")  # fmt: skip
    sent = work.send(suggestions={(LIXIA, "F1_6", "rule"): "改这一项：应为 19"})
    assert sent.slip is not None
    book = openpyxl.load_workbook(sent.slip)
    rows = {row[1].value: row[8].value for row in book[COVER].iter_rows()}
    assert (rows[mended.id], rows[other.id]) == ("改这一项：应为 19", None)
    first, second = book["春风行动"]["B12"].comment.text.split("\n\n")
    assert "建议：改这一项" in first
    assert "建议" not in second
    assert "符合要求" not in second, "a hint on how it was written asks nothing"


def test_of_several_doubts_on_a_cell_the_worst_colours_it_and_all_are_told(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6", severity="info", message="提示一句。")
    work.doubt("F1_6")
    cell = work.slip()["春风行动"]["B12"]
    assert cell.fill.fgColor.rgb[-6:] == FILLS["critical"]
    assert "提示：提示一句。" in cell.comment.text
    assert cell.comment.text.startswith("错误：")


def test_a_hidden_row_with_a_doubt_is_shown(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    work.doubt("F1_7")
    path = work.received / "历下区.xlsx"
    book = openpyxl.load_workbook(path)
    book["春风行动"].row_dimensions[13].hidden = True
    book.save(path)
    assert not work.slip()["春风行动"].row_dimensions[13].hidden


def test_the_list_in_front_reads_as_printed_here(work: Work) -> None:
    _styled(work)
    save_document(work.received / "历下区第一次阶段性活动进展情况.docx",
                  "历下区2023年春风行动暨就业援助月第一次阶段性活动进展情况",
                  "走访慰问500人次，帮助300人次实现就业。")  # fmt: skip
    work.doubt("F1_6", value="-19", expected="≥ 0")
    work.doubt("P_helped", severity="info", value="300", message="引用时请写明是人次还是人数。")
    work.doubt("F2", severity="warning", value="未报", message="没有收到就业援助月情况统计表。")
    sheet = work.slip()[COVER]
    lines = ["\t".join("" if c.value is None else str(c.value) for c in row).rstrip()
             for row in sheet.iter_rows()]  # fmt: skip
    golden = GOLDEN / "cover.tsv"
    assert lines == golden.read_text("utf-8").splitlines()
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$8:$8"


def test_each_line_leads_to_its_cell(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    sheet = work.slip()[COVER]
    links = [c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert "'春风行动'!B12" in links
    assert not [c.hyperlink.target for row in sheet.iter_rows() for c in row
                if c.hyperlink and c.hyperlink.target]  # fmt: skip


def test_a_refused_explanation_stands_below_its_finding_and_is_answered_under_its_number(
    work: Work,
) -> None:
    _styled(work)
    work.doubt("F1_4")
    work.doubt("F1_5", severity="info", expected="15")
    odd = work.doubt("F1_6", severity="warning", value="-19")
    said = Explanation(DUE, LIXIA, odd.id, "-19", "核实无误", file=REGISTER, cell="D2")
    work.findings += hear([said], work.findings).doubts
    book = work.slip()
    rows = [row for row in book[COVER].iter_rows(min_row=9) if row[1].value]
    assert [row[1].value == odd.id for row in rows[:4]] == [False, True, True, False]
    first, doubt = rows[1:3]
    assert "没有说出原因" in doubt[7].value
    assert doubt[5].value == first[5].value == "春风行动 B12"
    assert doubt[5].hyperlink.location == first[5].hyperlink.location
    assert (doubt[3].value, doubt[6].value) == (first[3].value, first[6].value)
    doubt[9].value = "冲减上期多报的协议数"
    book.save(work.received / "退回.xlsx")
    (words,) = work.collect().explanations
    assert (words.finding, words.value) == (odd.id, "-19")


def test_where_versions_differ_each_cell_tells_its_own_pair(work: Work) -> None:
    campaign = work.desk.campaign
    save_book(work.received / "历下区1.xlsx", ("表", form_rows(campaign, "F1", TEN)))
    others = [*TEN[:3], *[n + 100 for n in TEN[3:]]]
    save_book(work.received / "历下区2.xlsx", ("表", form_rows(campaign, "F1", others)))
    book = work.slip()
    (row,) = [r for r in book[COVER].iter_rows(min_row=9) if "数字不同" in str(r[7].value)]
    assert row[7].value.count("／") == 7, "the list in front has all"
    texts = {c.coordinate: c.comment.text for r in book.worksheets[1].iter_rows() for c in r
             if c.comment}  # fmt: skip
    assert len(texts) == 7
    for text in texts.values():
        assert text.count("／") == 1
        assert "对照" not in text
        assert "看不出哪份为准" in text
    assert "（意向协议 19／119）" in texts["B12"]


def test_the_same_bytes_each_time(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    first, second = _bytes(work), _bytes(work)
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


def test_what_a_unit_typed_stays_text(work: Work) -> None:
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], -19.0, TEN[9]])
    save_book(work.received / "历下区.xlsx", ("春风行动", rows))
    rows = [*form_rows(work.desk.campaign, "F2", range(11)), *([text] for text in NASTY[:6])]
    with (work.received / "历下区附件2.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    work.doubt("F1_6", message="".join(NASTY), value=NASTY[0])
    book = work.slip()
    cells = [c for ws in book for row in ws.iter_rows() for c in row]
    assert "f" not in {cell.data_type for cell in cells}
    kept = [c for c in cells if isinstance(c.value, str) and c.value[:1] in "=+@"]
    assert len(kept) >= 3
    assert all(cell.quotePrefix for cell in kept)


def test_merged_blocks_that_are_endless_or_overlap_are_cut(work: Work) -> None:
    path = save_book(work.received / "历下区.xlsx",
                     ("春风行动", form_rows(work.desk.campaign, "F1", TEN)))  # fmt: skip
    blocks = ("A1:XFD1", "A2:B2", "B2:C2")
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    told = "".join(f'<mergeCell ref="{block}"/>' for block in blocks)
    sheet = "xl/worksheets/sheet1.xml"
    content[sheet] = content[sheet].replace(
        b"</sheetData>", f"</sheetData><mergeCells>{told}</mergeCells>".encode()
    )
    with zipfile.ZipFile(path, "w") as into:
        for name, part in content.items():
            into.writestr(name, part)
    work.doubt("F1_1")
    found = {str(block) for block in work.slip()["春风行动"].merged_cells.ranges}
    assert found == {"A1:B1", "A2:B2"}


def test_sheets_of_several_files_keep_their_names_made_unique(work: Work) -> None:
    campaign = work.desk.campaign
    save_book(work.received / "历下区附件1.xlsx", ("Sheet1", form_rows(campaign, "F1", TEN)))
    save_book(work.received / "历下区附件2.xlsx",
              ("Sheet1", form_rows(campaign, "F2", range(20, 31))))  # fmt: skip
    work.doubt("F2_1")
    book = work.slip()
    assert book.sheetnames == [COVER, "Sheet1", "Sheet1 2"]
    assert book["Sheet1 2"]["B4"].comment is not None
    told = [str(row[0].value) for row in book[COVER].iter_rows()]
    assert any("“Sheet1 2”抄自 历下区附件2.xlsx" in line for line in told)


def test_a_summary_is_a_sheet_of_numbered_paragraphs(work: Work) -> None:
    save_document(work.received / "历下区第一次阶段性活动进展情况.docx",
                  "历下区2023年春风行动暨就业援助月第一次阶段性活动进展情况",
                  "走访慰问500人次，帮助300人次实现就业。", "特此报告。")  # fmt: skip
    work.doubt("P_helped", severity="warning")
    sheet = work.slip()["正文"]
    assert [row[0].value for row in sheet.iter_rows()] == ["第1段", "第2段", "第3段"]
    assert sheet["B2"].fill.fgColor.rgb[-6:] == FILLS["warning"]


def test_other_units_figures_stay_here(work: Work) -> None:
    """Of a table of several units, each gets its own row back."""
    campaign = work.desk.campaign
    names = [item.label for item in campaign.form_by_code["F1"].items]
    rows = [["2023年春风行动情况统计表"], ["区县", *names], ["历下区", *TEN],
            ["市中区", *[7000.0 + n for n in range(10)]]]  # fmt: skip
    save_book(work.received / "汇总.xlsx", ("汇总", rows))
    work.doubt("F1_6")
    sheet = work.slip()["汇总"]
    assert [c.value for c in sheet[3]][1:] == TEN
    assert [c.value for c in sheet[4]] == ["市中区"] + [None] * 10


def test_a_file_that_cannot_be_copied_is_drawn_from_its_figures(work: Work) -> None:
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], -19.0, "约二十"])
    path = save_book(work.received / "历下区.xlsx", ("春风行动", rows))
    work.doubt("F1_6")
    dossier = work.dossier()
    copies = {path.name: Copied(path.name, refusal="读不出来")}
    (sent,) = make_returns(dossier, copies, work.store, regions=[LIXIA])
    assert sent.slip is not None
    book = openpyxl.load_workbook(sent.slip)
    sheet = book[book.sheetnames[1]]
    marked = [c for row in sheet.iter_rows() for c in row if c.comment]
    assert -19 in [cell.value for cell in marked]
    assert sent.notes == ("“春风行动表”原表样式未能复制，按统计表样式重新列出",)
    book.save(work.received / "回件.xlsx")
    assert {row.fate for row in work.collect().intake if row.file == "回件.xlsx"} == {"ignore"}


def test_a_blank_form_of_ours_comes_back_as_a_slip_without_its_old_properties(work: Work) -> None:
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], -19.0, TEN[9]])
    path = save_book(work.received / "a.xlsx", ("春风行动", rows))
    with_properties(path, campaign="2023-chunfeng", form="F1", due=DUE, region=LIXIA)
    work.doubt("F1_6")
    told = {p.name: p.value for p in work.slip().custom_doc_props.props}
    assert (told["kind"], told["region"], told["due"]) == ("slip", LIXIA, DUE)
    assert "form" not in told


def test_old_slips_go_once_nothing_is_open(work: Work) -> None:
    _styled(work)
    work.doubt("F1_6")
    sent = work.send()
    assert sent.slip is not None
    assert sent.slip.name == f"退回-历下区-{DUE}.xlsx"
    assert sent.slip.parent == work.store.returns(DUE) / LIXIA
    work.findings.clear()
    (work.received / "历下区.xlsx").unlink()
    save_book(work.received / "历下区.xlsx", ("春风行动", form_rows(work.desk.campaign, "F1", TEN)))
    again = work.send()
    assert again.slip is None
    assert sorted(p.name for p in sent.slip.parent.iterdir()) == ["催报.txt"]
