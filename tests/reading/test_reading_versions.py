"""Of several versions one counts, and nobody has to guess which."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_returns import fact, fates, form_rows, rules, save_book, values

from chunfeng_reports.campaign import Campaign, Desk
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
        ("作废/历下区.xlsx", "历下区.xlsx"),
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


def test_a_later_arrival_decides_where_the_bureau_wrote_it_down(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    times = "历下区a.xlsx,2023-01-31 09:00\n历下区b.xlsx,2023-01-31T16:30\n"
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
