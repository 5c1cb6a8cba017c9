"""Of several versions one counts, and nobody has to guess which."""

from __future__ import annotations

import zipfile
from pathlib import Path
from time import process_time

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import fact, fates, form_rows, rules, save_book, values

from chunfeng_reports.campaign import Campaign, Desk, Region
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.reading.versions import mark
from chunfeng_reports.reading.words.vocabulary import Vocabulary

DUE = "2023-02-01"
A = [float(n) for n in range(11, 21)]
B = [99.0, *A[1:]]


def _two(
    campaign: Campaign, desk: Desk, folder: Path, first: str, second: str, received: str = ""
) -> Collected:
    """What is read where the first file says A and the second B."""
    save_book(folder / first, ("x", form_rows(campaign, "F1", A)))
    save_book(folder / second, ("x", form_rows(campaign, "F1", B)))
    if received:
        (folder / "received.csv").write_text(f"file,received_at\n{received}", "utf-8")
    return collect_due(desk, DUE, folder)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("历下区-旧版作废.xlsx", "历下区.xlsx"), ("历下区.xlsx", "历下区更正.xlsx"),
        ("历下区.xlsx", "历下区(2).xlsx"), ("历下区.xlsx", "历下区（2）.xlsx"),
        ("历下区v1.xlsx", "历下区V2.xlsx"), ("历下区初稿.xlsx", "历下区最终.xlsx"),
        ("作废/历下区.xlsx", "历下区.xlsx"), ("历下区V2.1.xlsx", "历下区v2.10.xlsx"),
        ("历下区修改前.xlsx", "历下区修改后.xlsx"), ("历下区.xlsx", "历下区（以此为准）.xlsx"),
        ("历下区v2作废.xlsx", "历下区v1.xlsx"), ("历下区终稿2.xlsx", "历下区终稿3.xlsx"),
        ("历下区.xlsx", "历下区更正版（原表作废）.xlsx"), ("历下区(1).xlsx", "历下区(2).xlsx"),
        ("历下区.xlsx", "重报/历下区.xlsx"), ("历下区 - 副本 (3).xlsx", "历下区(2).xlsx"),
        ("历下区第一稿.xlsx", "历下区第二稿.xlsx"), ("历下区old.xlsx", "历下区.xlsx"),
        ("历下区1稿.xlsx", "历下区2稿.xlsx"), ("历下区最终版.xlsx", "历下区最最终版.xlsx"),
        ("历下区.xlsx", "历下区终.xlsx"), ("历下区（被替换）.xlsx", "历下区（替换）.xlsx"),
        ("历下区修改.xlsx", "历下区再次修改.xlsx"), ("历下区.xlsx", "历下区（正确）.xlsx"),
        ("历下区（不要用）.xlsx", "历下区.xlsx"), ("历下区（替换前）.xlsx", "历下区.xlsx"),
        ("历下区.xlsx", "历下区更正错误后.xlsx"), ("历下区初报.xlsx", "历下区.xlsx"),
    ],
)  # fmt: skip
def test_a_mark_in_the_name_decides_and_the_difference_is_a_warning(
    campaign: Campaign, jinan: Desk, tmp_path: Path, first: str, second: str
) -> None:
    got = _two(campaign, jinan, tmp_path, first, second)
    assert fates(got) == {first: "superseded", second: "counts"}
    assert values(got, "F1") == B
    assert rules(got) == [("reading.versions_superseded", "warning")]
    assert got.findings[0].items == ("F1_1",)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2023-01-31 09:00", "2023-01-31T16:30"), ("2023/1/31 9:05", "2023/1/31 16:30"),
        ("2023/1/9", "2023/1/31 8:00:00"),
    ],
)  # fmt: skip
def test_a_later_arrival_decides_where_the_bureau_wrote_it_down(
    campaign: Campaign, jinan: Desk, tmp_path: Path, first: str, second: str
) -> None:
    times = f"历下区a.xlsx,{first}\n历下区b.xlsx,{second}\n"
    got = _two(campaign, jinan, tmp_path, "历下区a.xlsx", "历下区b.xlsx", times)
    assert values(got, "F1") == B
    assert rules(got) == [("reading.versions_superseded", "warning")]
    assert fates(got)["received.csv"] == "ignore"


def test_two_versions_without_a_mark_are_an_error_and_the_first_name_counts(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    got = _two(campaign, jinan, tmp_path, "历下区a.xlsx", "历下区b.xlsx")
    assert values(got, "F1") == A
    assert rules(got) == [("reading.versions_conflict", "critical")]


def test_the_same_form_sent_twice_is_only_a_hint(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    for name in ("历下区a.xlsx", "历下区b.xlsx"):
        save_book(tmp_path / name, ("x", form_rows(campaign, "F1", A)))
    got = collect_due(jinan, DUE, tmp_path)
    assert fates(got) == {"历下区a.xlsx": "counts", "历下区b.xlsx": "superseded"}
    assert rules(got) == [("reading.versions_same", "info")]


def test_an_empty_form_does_not_push_out_a_filled_one(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "历下区a.xlsx", ("x", form_rows(campaign, "F1", [None] * 10)))
    save_book(tmp_path / "历下区b.xlsx", ("x", form_rows(campaign, "F1", A)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (A, [("reading.versions_blank", "info")])
    assert fact(got, "F1_1").file == "历下区b.xlsx"


def test_a_zone_with_old_and_new_in_its_name_is_no_old_version(jinan: Desk) -> None:
    words = Vocabulary.of(jinan)
    assert mark("济南新旧动能转换起步区.xlsx", words) == mark("起步区.xlsx", words)


@pytest.mark.parametrize(
    "text", ["file,when\na,b\n", "file,received_at\na.xlsx,昨天\n", "file,received_at\na.xlsx\n"]
)
def test_a_damaged_list_of_arrivals_is_told_and_costs_no_return(
    campaign: Campaign, jinan: Desk, tmp_path: Path, text: str
) -> None:
    folder = tmp_path / DUE
    save_book(folder / "历下区.xlsx", ("x", form_rows(campaign, "F1", A)))
    (folder / "received.csv").write_text(text, "utf-8")
    got = collect_due(jinan, DUE, folder)
    assert (values(got, "F1"), rules(got)) == (A, [("reading.received_damaged", "warning")])
    assert got.findings[0].region == "370100"
    assert f"data/raw/{DUE}/received.csv" in got.findings[0].message


def test_a_backslash_parts_folders_in_the_list_of_arrivals(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    for name, first in (("a.xlsx", 1), ("b.xlsx", 2)):
        save_book(tmp_path / "历下区" / name, ("x", form_rows(campaign, "F1", [first, *A[1:]])))
    listed = "历下区\\a.xlsx,2023-01-30 09:00\n历下区\\b.xlsx,2023-01-31 09:00\n"
    (tmp_path / "received.csv").write_text(f"file,received_at\n{listed}", "utf-8")
    got = collect_due(jinan, DUE, tmp_path)
    assert values(got, "F1")[0] == 2
    assert rules(got) == [("reading.versions_superseded", "warning")]


@pytest.mark.parametrize("name", ["历下区-作废.xlsx", "历下区旧版.xlsx", "勿用/历下区.xlsx"])
def test_a_form_marked_void_without_another_counts_and_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    save_book(tmp_path / name, ("x", form_rows(campaign, "F1", A)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (fates(got), values(got, "F1")) == ({name: "counts"}, A)
    assert rules(got) == [("reading.marked_void", "warning")]
    assert (got.findings[0].region, got.findings[0].form) == ("370102", "F1")


def test_a_row_of_the_list_of_arrivals_without_its_file_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    times = "历下区a.xlsx,2023-01-31 09:00\n历下区b.xlsx,2023-01-31T16:30\n历城区.xlsx,2023-02-01\n"
    got = _two(campaign, jinan, tmp_path, "历下区a.xlsx", "历下区b.xlsx", times)
    told = [f for f in got.findings if f.rule == "reading.received_unmatched"]
    assert [(f.severity, f.region, f.value) for f in told] == [("warning", "370100", "历城区.xlsx")]
    assert "2023-02-01" in told[0].message


def test_a_sheet_superseded_by_another_of_its_own_file_names_that_sheet(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "历下区.xlsx", ("甲", form_rows(campaign, "F1", A)),
              ("乙", form_rows(campaign, "F1", [1, *A[1:]])))  # fmt: skip
    got = collect_due(jinan, DUE, tmp_path)
    counts = next(row.member for row in got.intake if row.fate == "counts")
    reason = next(row.reason for row in got.intake if row.fate == "superseded")
    assert f"历下区.xlsx·{counts}" in reason


@pytest.mark.parametrize(
    ("first", "second"),
    [("历下区 - 副本.xlsx", "历下区.xlsx"), ("历下区.xlsx", "历下区v1.xlsx"),
     ("历下区-1.xlsx", "历下区-2.xlsx"), ("历下区a更正.xlsx", "历下区b更正.xlsx")],
)  # fmt: skip
def test_names_that_do_not_say_which_is_later_leave_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path, first: str, second: str
) -> None:
    got = _two(campaign, jinan, tmp_path, first, second)
    assert fates(got) == {first: "counts", second: "superseded"}
    assert rules(got) == [("reading.versions_conflict", "critical")]


def test_every_difference_is_listed_with_both_figures(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    mine = [1, None, "３", *A[3:]]
    for name, figures in (("历下区a.xlsx", mine), ("历下区b.xlsx", [n + 100 for n in A])):
        save_book(tmp_path / name, ("x", form_rows(campaign, "F1", figures)))
    (told,) = (f for f in collect_due(jinan, DUE, tmp_path).findings if f.severity == "critical")
    assert len(told.items) == 10
    for item, text in (("参加企业", "1／111"), ("求职者", "空／112"), ("岗位", "3／113")):
        assert item in told.message
        assert text in told.message
    assert "120" in told.message


def test_of_three_versions_each_that_does_not_count_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    for n, name in enumerate(("历下区.xlsx", "历下区v2.xlsx", "历下区v3作废.xlsx")):
        save_book(tmp_path / name, ("x", form_rows(campaign, "F1", [n, *A[1:]])))
    got = collect_due(jinan, DUE, tmp_path)
    assert values(got, "F1")[0] == 1
    assert rules(got) == [("reading.versions_superseded", "warning")] * 2
    assert len({f.id for f in got.findings}) == 2


def test_arrivals_known_of_some_alone_decide_nothing(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    for n, name in enumerate("abc"):
        save_book(tmp_path / f"历下区{name}.xlsx", ("x", form_rows(campaign, "F1", [n, *A[1:]])))
    times = "历下区a.xlsx,2023-01-30 09:00\n历下区b.xlsx,2023-01-31 09:00\n"
    (tmp_path / "received.csv").write_text(f"file,received_at\n{times}", "utf-8")
    got = collect_due(jinan, DUE, tmp_path)
    assert values(got, "F1")[0] == 0
    assert rules(got) == [("reading.versions_conflict", "critical")] * 2


def _archive(path: Path, *members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            file = path.parent / Path(member).name
            archive.writestr(member, file.read_bytes())
            file.unlink()


def test_what_lies_in_an_archive_came_when_the_archive_came(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "a.xlsx", ("x", form_rows(campaign, "F1", B)))
    _archive(tmp_path / "历下区.zip", "a.xlsx")
    save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", A)))
    times = "历下区.xlsx,2023-01-30 09:00\n历下区.zip,2023-01-31 09:00\n"
    (tmp_path / "received.csv").write_text(f"file,received_at\n{times}", "utf-8")
    got = collect_due(jinan, DUE, tmp_path)
    assert values(got, "F1") == B
    assert rules(got) == [("reading.versions_superseded", "warning")]
    assert fact(got, "F1_1").sheet == "a.xlsx·x"


@pytest.mark.parametrize("archive", ["历下区(2).zip", "历下区更正.zip"])
def test_the_mark_of_an_archive_holds_for_what_lies_in_it(
    campaign: Campaign, jinan: Desk, tmp_path: Path, archive: str
) -> None:
    save_book(tmp_path / "a.xlsx", ("x", form_rows(campaign, "F1", B)))
    _archive(tmp_path / archive, "a.xlsx")
    save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", A)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (B, [("reading.versions_superseded", "warning")])


def test_two_versions_within_one_archive(campaign: Campaign, jinan: Desk, tmp_path: Path) -> None:
    save_book(tmp_path / "1.xlsx", ("x", form_rows(campaign, "F1", A)))
    save_book(tmp_path / "2.xlsx", ("x", form_rows(campaign, "F1", B)))
    _archive(tmp_path / "历下区.zip", "旧版/1.xlsx", "2.xlsx")
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (B, [("reading.versions_superseded", "warning")])
    assert {row.member: row.fate for row in got.intake} == {
        "旧版/1.xlsx·x": "superseded", "2.xlsx·x": "counts"
    }  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [("初报", "终报"), ("作废", "表"), ("F1", "F1更正")])
def test_two_versions_within_one_workbook_are_told_apart_by_their_sheets(
    campaign: Campaign, jinan: Desk, tmp_path: Path, old: str, new: str
) -> None:
    save_book(tmp_path / "历下区.xlsx", (old, form_rows(campaign, "F1", A)),
              (new, form_rows(campaign, "F1", B)))  # fmt: skip
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (B, [("reading.versions_superseded", "warning")])


def test_one_workbook_with_both_forms_against_a_file_each(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    both = form_rows(campaign, "F1", A), form_rows(campaign, "F2", [*A, 1])
    save_book(tmp_path / "历下区.xlsx", ("x", both[0]), ("y", both[1]))
    save_book(tmp_path / "历下区附件1.xlsx", ("x", both[0]))
    save_book(tmp_path / "历下区附件2更正.xlsx", ("y", form_rows(campaign, "F2", [*A, 2])))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), values(got, "F2")) == (A, [*A, 2])
    assert rules(got) == [("reading.versions_same", "info"),
                          ("reading.versions_superseded", "warning")]  # fmt: skip


def test_an_empty_correction_is_doubted_and_counts_for_nothing(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", A)))
    save_book(tmp_path / "历下区更正.xlsx", ("x", form_rows(campaign, "F1", [None] * 10)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (A, [("reading.versions_blank", "warning")])


def test_a_neighbours_form_in_a_units_file_does_not_push_out_the_neighbours_own(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    for name, figures in (("历下区.xlsx", B), ("市中区.xlsx", A)):
        rows = form_rows(campaign, "F1", figures, unit="区县：市中区")
        save_book(tmp_path / name, ("x", rows))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1", "370103"), values(got, "F1")) == (A, ["absent"] * 10)
    told = [(f.region, f.rule, f.severity) for f in got.findings]
    assert told == [("370102", "reading.unit_disagrees", "critical"),
                    ("370103", "reading.versions_conflict", "critical")]  # fmt: skip


def test_a_form_in_a_document_and_the_same_in_a_workbook_are_two_versions(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = form_rows(campaign, "F1", A)
    document = docx.Document()
    for row in rows[:2]:
        document.add_paragraph(str(row[0]))
    table = document.add_table(len(rows) - 2, 2)
    for cells, row in zip(table.rows, rows[2:], strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = str(value)
    document.save(str(tmp_path / "历下区.docx"))
    save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", B)))
    got = collect_due(jinan, DUE, tmp_path)
    assert (values(got, "F1"), rules(got)) == (A, [("reading.versions_conflict", "critical")])


@given(
    st.lists(st.sampled_from(["历下区", "作废", "更正", "v2", "(2)", "副本", "初报"]), max_size=5)
)
def test_a_void_mark_is_never_outdone_by_another(jinan: Desk, parts: list[str]) -> None:
    words = Vocabulary.of(jinan)
    got = mark("-".join(parts), words)
    assert got.standing == ("作废" not in parts)
    assert got == mark("/".join(parts), words)
    assert got < mark("历下区更正v9(9)", words)


def test_a_mark_is_read_at_once_however_many_regions_there_are(campaign: Campaign) -> None:
    many = tuple(
        Region(code=f"99{n:04d}", name=f"第{n}号县", short=f"第{n}号县", level="county",
               parent="370100", origin="x") for n in range(3000)
    )  # fmt: skip
    words = Vocabulary.of(
        Desk.of(campaign.model_copy(update={"regions": (*campaign.regions, *many)}), "370100")
    )
    began = process_time()
    for n in range(3000):
        assert mark(f"第{n}号县更正v2({n % 9 + 1}).xlsx", words).version == (2,)
        assert words.places.within(f"第{n}号县统计表.xlsx").unit == f"99{n:04d}"
    assert process_time() - began < 5  # each name against all regions would take minutes


def test_sheets_of_one_workbook_that_differ_put_every_figure_in_doubt(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    """A sheet a street: figures that happen to be equal are the unit's no more than the others."""
    streets = (("泉城路街道", [5, *range(9)]), ("大明湖街道", [5, *range(10, 19)]))
    sheets = [(name, form_rows(campaign, "F1", figures)) for name, figures in streets]
    save_book(tmp_path / "历下区.xlsx", *sheets)
    got = collect_due(jinan, "2023-02-01", tmp_path)
    (doubt,) = [f for f in got.findings if f.severity == "critical"]
    assert (doubt.rule, len(doubt.items)) == ("reading.versions_conflict", 10)


@pytest.mark.parametrize("titled", [True, False])
def test_last_years_return_is_no_version_of_this_years_beside_it(
    campaign: Campaign, jinan: Desk, tmp_path: Path, titled: bool
) -> None:
    rows = form_rows(campaign, "F1", A)
    rows[0] = ["2022年春风行动情况统计表" if titled else "春风行动情况统计表"]
    save_book(tmp_path / "历下区2022年.xlsx", ("x", rows))
    save_book(tmp_path / "历下区表.xlsx", ("x", form_rows(campaign, "F1", B)))
    got = collect_due(jinan, DUE, tmp_path)
    assert fates(got) == {"历下区2022年.xlsx": "refuse", "历下区表.xlsx": "counts"}
    assert values(got, "F1") == B
    assert rules(got) == [("reading.refused", "warning")]
