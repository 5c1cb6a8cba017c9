"""A slip that comes back: unchanged it is no version, changed it is; words explain."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlwt
from made_returns import fact, form_rows, save_book, save_document
from made_slips import DUE, LIXIA, TEN, Work, reply

from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.slips import COVER

Fill = Callable[[openpyxl.Workbook], None]
SUMMARY = (
    "历下区2023年春风行动暨就业援助月第一次阶段性活动进展情况",
    "活动期间，走访慰问500人次，帮助300人次实现就业，兑现就业补贴和社会救助金额25万元。",
    "截至目前，返乡1200人，留岗800人。",
)


@pytest.fixture(autouse=True)
def _received(work: Work) -> None:
    campaign = work.desk.campaign
    values = [*TEN[:8], -19.0, TEN[9]]
    save_book(work.received / "历下区.xlsx", ("春风行动", form_rows(campaign, "F1", values)))
    save_document(work.received / "历下区第一次阶段性活动进展情况.docx", *SUMMARY)


def _rules(collected: Collected, start: str = "reading.") -> list[tuple[str, str]]:
    return [(f.rule, f.severity) for f in collected.findings
            if f.region == LIXIA and f.rule.startswith(start)]  # fmt: skip


def _fates(collected: Collected) -> list[tuple[str, str, str]]:
    return [(row.file[:2], row.form, row.fate) for row in collected.intake]


def test_unchanged_it_is_no_second_version(work: Work) -> None:
    work.doubt("F1_6")
    before = work.collect()
    after = work.back()
    assert after.facts == before.facts
    assert after.findings == before.findings
    assert after.explanations == ()
    rows = [row for row in after.intake if row.file.startswith("退回")]
    assert {row.fate for row in rows} == {"ignore"}
    assert {row.reason for row in rows if row.form} == {"退回单回件，数字没有改动，仍以原表为准"}


def test_as_another_program_saves_it_it_is_known_all_the_same(work: Work) -> None:
    """Under any name, and with its parts packed anew."""
    work.doubt("F1_6")
    before = work.collect()
    work.back()
    (work.received / f"退回-历下区-{DUE}.xlsx").rename(work.received / "新建 工作表(1).xlsx")
    assert work.collect().facts == before.facts


def test_a_changed_figure_goes_before_the_original(work: Work) -> None:
    work.doubt("F1_6")
    after = work.back(lambda book: _set(book, "春风行动", "B12", 19))
    now = fact(after, "F1_6")
    assert (now.value, now.cell, now.file[:2]) == (19.0, "B12", "退回")
    assert ("历下", "F1", "superseded") in _fates(after)
    (told,) = [f for f in after.findings if f.rule == "reading.versions_superseded"]
    assert (told.severity, told.items) == ("info", ("F1_6",))
    assert "意向协议 19／-19" in told.message
    assert "退回单回件" in told.message
    # What was not changed on it still counts as it came.
    assert fact(after, "P_helped").file.startswith("历下区")


def test_words_beside_a_finding_are_an_explanation(work: Work) -> None:
    doubt = work.doubt("F1_6", value="-19")
    cell = ""

    def fill(book: openpyxl.Workbook) -> None:
        nonlocal cell
        cell = reply(book, doubt, "冲减上期多报的协议数", approval="历下区人社局")

    before = work.collect()
    after = work.back(fill)
    assert after.facts == before.facts
    (words,) = after.explanations
    assert (words.due, words.region, words.finding) == (DUE, LIXIA, doubt.id)
    assert (words.value, words.words) == ("-19", "冲减上期多报的协议数")
    assert words.approved_by == "历下区人社局"
    assert (words.file, words.sheet, words.cell) == (f"退回-历下区-{DUE}.xlsx", COVER, cell)


def test_an_approval_without_words_is_handed_on(work: Work) -> None:
    doubt = work.doubt("F1_6")
    after = work.back(lambda book: _fill(book, doubt, "", approval="历下区人社局"))
    assert [(e.words, e.approved_by) for e in after.explanations] == [("", "历下区人社局")]


@pytest.mark.parametrize("typed", [19, "19", "１９", "19人"])
def test_a_number_beside_a_finding_is_the_new_figure(work: Work, typed: object) -> None:
    doubt = work.doubt("F1_6")
    after = work.back(lambda book: _fill(book, doubt, typed))
    assert fact(after, "F1_6").value == 19.0
    assert ("reading.slip_correction", "info") in _rules(after)
    assert after.explanations == ()


def test_a_number_on_several_items_is_taken_for_the_linked_one_and_doubted(work: Work) -> None:
    doubt = work.doubt("F1_4,F1_3")
    after = work.back(lambda book: _fill(book, doubt, 99))
    assert fact(after, "F1_4").value == 99.0
    assert fact(after, "F1_3").value == TEN[2]
    assert ("reading.slip_correction", "warning") in _rules(after)


def test_cell_and_column_that_differ_are_an_error(work: Work) -> None:
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _set(book, "春风行动", "B12", 19)
        reply(book, doubt, 91)

    after = work.back(fill)
    assert fact(after, "F1_6").value == 19.0
    (told,) = [f for f in after.findings if f.rule == "reading.slip_contradiction"]
    assert (told.severity, told.value, told.expected) == ("critical", "19", "91")


def test_cell_and_column_that_agree_are_one_correction(work: Work) -> None:
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _set(book, "春风行动", "B12", 19)
        reply(book, doubt, "19")

    after = work.back(fill)
    assert fact(after, "F1_6").value == 19.0
    assert not _rules(after, "reading.slip_c")


def test_two_numbers_for_one_item_are_an_error(work: Work) -> None:
    first, second = work.doubt("F1_6"), work.doubt("F1_6", severity="warning", about="other")

    def fill(book: openpyxl.Workbook) -> None:
        reply(book, first, 19)
        reply(book, second, 91)

    after = work.back(fill)
    assert fact(after, "F1_6").value == 19.0
    assert ("reading.slip_contradiction", "critical") in _rules(after)


def test_words_that_go_with_a_changed_figure_explain_nothing(work: Work) -> None:
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _set(book, "春风行动", "B12", 19)
        reply(book, doubt, "已更正为十九")

    after = work.back(fill)
    assert after.explanations == ()
    assert any("已更正为十九" in f.message for f in after.findings)


def test_a_corrected_number_in_a_summary_is_taken_too(work: Work) -> None:
    doubt = work.doubt("P_helped", severity="warning")
    after = work.back(lambda book: _fill(book, doubt, 310))
    assert fact(after, "P_helped").value == 310.0


def test_a_figure_changed_in_the_text_of_a_summary_is_a_new_version(work: Work) -> None:
    work.doubt("P_helped", severity="warning")
    changed = SUMMARY[1].replace("300", "330")
    after = work.back(lambda book: _set(book, "正文", "B2", changed))
    assert fact(after, "P_helped").value == 330.0
    assert fact(after, "P_visits").value == 500.0


def test_a_reply_beside_another_id_is_told(work: Work) -> None:
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        reply(book, doubt, "冲减上期多报的协议数")
        for row in book[COVER].iter_rows():
            if row[1].value == doubt.id:
                row[1].value = "000000000000"

    after = work.back(fill)
    assert after.explanations == ()
    assert ("reading.slip_unknown", "warning") in _rules(after)


def test_without_its_properties_it_is_an_ordinary_return(work: Work) -> None:
    """Figures that differ are then two versions to be settled, and the list is no form."""
    work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _set(book, "春风行动", "B12", 19)
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    after = work.back(fill)
    assert ("reading.versions_conflict", "critical") in _rules(after)
    assert fact(after, "F1_5").value == TEN[4]


def test_with_damaged_properties_it_says_so(work: Work) -> None:
    work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        book.custom_doc_props["ledger001"].value = "AAAA"

    assert ("reading.slip_damaged", "warning") in _rules(work.back(fill))


def test_where_the_original_is_gone_an_unchanged_slip_counts(work: Work) -> None:
    work.doubt("F1_6")
    work.back()
    (work.received / "历下区.xlsx").unlink()
    after = work.collect()
    assert (fact(after, "F1_6").value, fact(after, "F1_6").file[:2]) == (-19.0, "退回")


def test_a_version_that_came_after_the_slip_is_not_passed_over(work: Work) -> None:
    work.doubt("F1_6")
    work.back(lambda book: _set(book, "春风行动", "B12", 19))
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], 29.0, TEN[9]])
    save_book(work.received / "历下区(更正).xlsx", ("春风行动", rows))
    after = work.collect()
    assert fact(after, "F1_6").value == 29.0
    assert ("reading.versions_superseded", "warning") in _rules(after)


def test_a_slip_of_a_slip_knows_what_it_copies(work: Work) -> None:
    work.doubt("F1_6")
    work.back(lambda book: _set(book, "春风行动", "B12", -29))
    second = work.slip()
    assert second["春风行动"]["B12"].value == -29
    second["春风行动"]["B12"].value = 29
    second.save(work.received / f"退回-历下区-{DUE}-2.xlsx")
    after = work.collect()
    assert fact(after, "F1_6").value == 29.0
    assert not [rule for rule in _rules(after) if rule[1] == "critical"]


def test_a_slip_within_an_archive_is_known(work: Work) -> None:
    doubt = work.doubt("F1_6")
    work.back(lambda book: _fill(book, doubt, 19))
    name = f"退回-历下区-{DUE}.xlsx"
    with zipfile.ZipFile(work.received / "历下区回件.zip", "w") as archive:
        archive.write(work.received / name, name)
    (work.received / name).unlink()
    assert fact(work.collect(), "F1_6").value == 19.0


def test_a_return_in_an_archive_makes_the_round(work: Work) -> None:
    with zipfile.ZipFile(work.received / "历下区.zip", "w") as archive:
        archive.write(work.received / "历下区.xlsx", "报送/附件1.xlsx")
    (work.received / "历下区.xlsx").unlink()
    doubt = work.doubt("F1_6")
    before = work.collect()
    assert work.back().facts == before.facts
    assert fact(work.back(lambda book: _fill(book, doubt, 19)), "F1_6").value == 19.0


def test_an_old_workbook_makes_the_round(work: Work) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("附件1")
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], "１９人", "=B4"])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    (work.received / "历下区.xlsx").unlink()
    book.save(str(work.received / "历下区.xls"))
    work.doubt("F1_6")
    before = work.collect()
    assert work.back().facts == before.facts


def test_a_slip_at_another_due_says_so(work: Work) -> None:
    work.doubt("F1_6")
    work.back(lambda book: _set(book, "春风行动", "B12", 19))
    later = work.store.raw("2023-03-01")
    later.mkdir()
    shutil.move(work.received / f"退回-历下区-{DUE}.xlsx", later)
    found = collect_due(work.desk, "2023-03-01", later, jobs=0)
    assert _rules(found) == [("reading.refused", "critical")]
    assert {row.fate for row in found.intake} == {"refuse"}
    assert {one.state for one in found.facts} == {"absent"}


def _second(work: Work, fill: Fill = lambda _: None, *, name: str = "") -> Collected:
    """What is collected once a second slip lies with the files, made after the first came back."""
    book = work.slip()
    fill(book)
    book.save(work.received / (name or f"退回-历下区-{DUE}-2.xlsx"))
    return work.collect()


def test_a_second_slip_shows_what_was_corrected_on_the_first(work: Work) -> None:
    doubt = work.doubt("F1_6")
    work.back(lambda book: _fill(book, doubt, 29))
    assert work.slip()["春风行动"]["B12"].value == 29
    after = _second(work)
    assert fact(after, "F1_6").value == 29.0
    after = _second(work, lambda book: _fill(book, doubt, "有一家单位集中签订，已经核对原始台账"))
    assert fact(after, "F1_6").value == 29.0


def test_a_blank_cell_filled_in_beside_a_finding_is_shown_on_the_second_slip(work: Work) -> None:
    rows = form_rows(work.desk.campaign, "F1", [*TEN[:8], None, TEN[9]])
    save_book(work.received / "历下区.xlsx", ("春风行动", rows))
    doubt = work.doubt("F1_6")
    work.back(lambda book: _fill(book, doubt, 29))
    assert fact(_second(work), "F1_6").value == 29.0


def test_a_correction_of_a_summary_outlives_a_second_slip(work: Work) -> None:
    doubt = work.doubt("P_helped")
    assert fact(work.back(lambda book: _fill(book, doubt, 330)), "P_helped").value == 330.0
    assert fact(_second(work), "P_helped").value == 330.0


@pytest.mark.parametrize("name", ["历下区退回（旧）.xlsx", "第二轮改数.xlsx", "历下区v1.xlsx"])
def test_a_slip_may_be_called_anything(work: Work, name: str) -> None:
    """Marks of versions in names are those of files that compete, not of files answered."""
    doubt = work.doubt("F1_6")
    shutil.copy(work.received / "历下区.xlsx", work.received / "历下区春风行动情况统计表v2.xlsx")
    work.back(lambda book: _fill(book, doubt, 19))
    after = _second(work, lambda book: _set(book, "春风行动", "B12", 29), name=name)
    assert fact(after, "F1_6").value == 29.0


def test_the_words_of_the_later_slip_count_whatever_it_is_called(work: Work) -> None:
    doubt = work.doubt("F1_6")
    work.back(lambda book: _fill(book, doubt, "核实无误"))
    good = "有一家单位集中签订，已经核对原始台账"
    after = _second(work, lambda book: _fill(book, doubt, good), name="a.xlsx")
    assert [one.words for one in after.explanations] == ["核实无误", good]


@pytest.mark.parametrize("renamed", [False, True])
def test_the_list_of_findings_is_never_a_form(work: Work, renamed: bool) -> None:
    """Without its properties, under another name: the sheet is known by its head."""
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _fill(book, doubt, 19)
        book["退回说明"].title = "说明"
        for name in [] if renamed else list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    after = work.back(fill)
    assert fact(after, "F1_5").value == TEN[4]
    members = {row.member for row in after.intake if row.form == "F1"}
    assert {name.rpartition("·")[2] for name in members} == {"春风行动"}
    if renamed:
        assert fact(after, "F1_6").value == 19.0
    else:
        assert ("reading.slip_damaged", "warning") in _rules(after)


@pytest.mark.parametrize("typed", ["改为19", "应为 19", "=19", "实际为：19"])
def test_a_number_in_words_of_its_own_is_the_new_figure(work: Work, typed: str) -> None:
    doubt = work.doubt("F1_6")
    after = work.back(lambda book: _fill(book, doubt, typed))
    assert fact(after, "F1_6").value == 19.0


def test_a_number_that_is_a_guess_is_doubted(work: Work) -> None:
    doubt = work.doubt("F1_6")
    after = work.back(lambda book: _fill(book, doubt, "约29"))
    assert fact(after, "F1_6").value == 29.0
    assert ("reading.slip_correction", "warning") in _rules(after)


def test_a_number_whose_sheet_was_deleted_is_told(work: Work) -> None:
    doubt = work.doubt("F1_6")

    def fill(book: openpyxl.Workbook) -> None:
        _fill(book, doubt, 19)
        del book["春风行动"]

    after = work.back(fill)
    assert ("reading.slip_unknown", "warning") in _rules(after)
    assert after.explanations == ()


def test_a_sheet_that_names_another_unit_is_told(work: Work) -> None:
    work.doubt("F1_6")
    after = work.back(lambda book: _set(book, "春风行动", "A2", "区县：槐荫区"))
    assert ("reading.refused", "warning") in _rules(after)


def _set(book: openpyxl.Workbook, sheet: str, cell: str, value: object) -> None:
    book[sheet][cell].value = value


def _fill(book: openpyxl.Workbook, doubt: object, words: object, *, approval: str = "") -> None:
    reply(book, doubt, words, approval=approval)  # type: ignore[arg-type]
