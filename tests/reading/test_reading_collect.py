"""A due's folder is read whole: every file has its fate, every cell expected its fact."""

from __future__ import annotations

import csv
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_returns import (
    F1_TITLE,
    fact,
    fates,
    form_rows,
    labels,
    rules,
    save_book,
    values,
)  # fmt: skip

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.errors import UseError
from chunfeng_reports.facts import intake_frame
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.store import read_table, write_table

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
CORPUS = ROOT / "tests" / "corpus" / "jinan"
DUES = ("2023-02-01", "2023-03-01", "2023-04-01")
TEN = [float(n) for n in range(11, 21)]


def _table(name: str, due: str) -> list[dict[str, str]]:
    with (CORPUS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["due"] == due]


@pytest.fixture(scope="module", params=DUES)
def collected(request: pytest.FixtureRequest, jinan: Desk) -> tuple[str, Collected]:
    return request.param, collect_due(jinan, request.param, RAW / request.param)


def test_every_cell_of_the_corpus_is_read_as_the_truth_has_it(
    collected: tuple[str, Collected],
) -> None:
    due, got = collected
    facts = {(fact.region, fact.item): fact for fact in got.facts}
    truth = {(t["region_code"], f"{t['form']}_{t['item'].replace('.', '_')}"): t
             for t in _table("truth", due)}  # fmt: skip
    truth |= {(t["region_code"], f"P_{t['item']}"): t | {"state": "value"}
              for t in _table("progress", due)}  # fmt: skip
    wrong = [
        (key, told, facts[key])
        for key, told in truth.items()
        if facts[key].state != told["state"]
        or (told["state"] == "value" and facts[key].value != float(told["value"]))
    ]
    assert wrong == []
    assert {facts[key].state for key in set(facts) - set(truth)} <= {"absent"}


def test_every_file_of_the_corpus_has_its_fate(collected: tuple[str, Collected]) -> None:
    due, got = collected
    order = ("ignore", "refuse", "superseded", "counts")
    fate: dict[str, str] = {}
    for row in got.intake:
        fate[row.file] = max(fate.get(row.file, "ignore"), row.fate, key=order.index)
    assert fate == {row["file"]: row["fate"] for row in _table("files", due)}
    assert all(row.reason for row in got.intake if row.fate != "counts")


def test_a_corpus_without_contradictions_has_no_critical_doubt(
    collected: tuple[str, Collected],
) -> None:
    assert [f for f in collected[1].findings if f.severity == "critical"] == []


def test_every_doubt_has_a_name_of_its_own(collected: tuple[str, Collected]) -> None:
    names = [finding.id for finding in collected[1].findings]
    assert len(names) == len(set(names))


def test_every_value_can_be_followed_to_its_cell(collected: tuple[str, Collected]) -> None:
    for one in collected[1].facts:
        if one.state == "absent":
            assert (one.file, one.sheet, one.cell, one.raw) == ("", "", "", "")
        else:
            assert (RAW / collected[0] / one.file).is_file()
        if one.state == "value":
            assert one.cell
            assert one.raw


def test_where_nothing_came_everything_expected_is_absent(jinan: Desk, tmp_path: Path) -> None:
    got = collect_due(jinan, "2023-04-01", tmp_path / "none")
    assert (got.intake, got.findings) == ((), ())
    assert {fact.state for fact in got.facts} == {"absent"}
    assert len(got.facts) == 15 * (10 + 11) + 13 * 10


def test_a_due_that_is_none_is_bad_use(jinan: Desk, tmp_path: Path) -> None:
    with pytest.raises(UseError, match="2023-02-02"):
        collect_due(jinan, "2023-02-02", tmp_path)


def test_the_order_of_the_disk_does_not_matter(jinan: Desk, tmp_path: Path) -> None:
    files = sorted((RAW / DUES[0]).iterdir())
    for folder, order in (("a", files), ("b", files[::-1])):
        (tmp_path / folder).mkdir()
        for file in order:
            shutil.copyfile(file, tmp_path / folder / file.name)
    assert collect_due(jinan, DUES[0], tmp_path / "a") == collect_due(
        jinan, DUES[0], tmp_path / "b"
    )


def test_progress_is_told_file_by_file(jinan: Desk, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).write_text("x", "utf-8")
    told: list[str] = []
    collect_due(jinan, DUES[0], tmp_path, progress=told.append)
    assert told == ["a.txt", "b.txt", "sub/c.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_csv_is_read_in_any_of_its_encodings(
    campaign: Campaign, jinan: Desk, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    text = "\r\n".join(delimiter.join(map(str, row)) for row in rows)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    got = collect_due(jinan, DUES[0], tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {(row.member, row.layout) for row in got.intake} == {("", "rows")}


def _csv(folder: Path, head: str, *figures: str) -> Path:
    """A csv of form F1, a line an item, as a script joins it: nothing is quoted."""
    lines = [F1_TITLE, "区县,历下区", head, *figures]
    (folder / "a.csv").write_text("\n".join(lines), "utf-8")
    return folder


def test_a_number_cut_by_its_own_comma_is_unreadable(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    names = labels(campaign, "F1")
    lines = [f"{name},{n}" for name, n in zip(names, range(11, 21), strict=True)]
    lines[0], lines[3] = f"{names[0]},1,234", f"{names[3]},12,345,678人"
    got = collect_due(jinan, DUES[0], _csv(tmp_path, "填报项目,数量", *lines))
    assert values(got, "F1") == ["unreadable", *TEN[1:3], "unreadable", *TEN[4:]]
    assert [fact(got, item).raw for item in ("F1_1", "F1_4")] == ["1,234", "12,345,678人"]


def test_of_several_columns_none_is_read_behind_a_number_cut_by_its_comma(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    names = labels(campaign, "F1")
    lines = [f"{name},7,{n},含3家" for name, n in zip(names, range(11, 21), strict=True)]
    lines[1], lines[2] = f"{names[1]},1,100,1,234,", f"{names[2]},100,1,234,"
    got = collect_due(jinan, DUES[0], _csv(tmp_path, "填报项目,上期数,本期数,备注", *lines))
    assert values(got, "F1") == [11, "unreadable", "unreadable", *TEN[3:]]
    assert [fact(got, item).raw for item in ("F1_2", "F1_3")] == ["1,100,1,234", "1,234"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("填报项目,上期数,数量", "{name},7,{n}00"),
        ("填报项目,数量,备注", "{name},{n}00,其中5,个体"),
        ("填报项目,数量", '{name},"{n},000"'), ("填报项目,数量,上期数,备注", "{name},{n},345,"),
    ],
)  # fmt: skip
def test_columns_that_a_head_announces_are_no_cut_numbers(
    campaign: Campaign, jinan: Desk, tmp_path: Path, head: str, line: str
) -> None:
    lines = [line.format(name=name, n=n) for n, name in enumerate(labels(campaign, "F1"), start=11)]
    got = collect_due(jinan, DUES[0], _csv(tmp_path, head, *lines))
    factor = 1000 if '"' in line else 1 if "345" in line else 100
    assert values(got, "F1") == [n * factor for n in TEN]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_name_that_is_no_utf8_is_shown_and_its_file_read(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    whole = save_book(tmp_path / "x.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    for name in ("历城区　表.xlsx".encode("gb18030"), b"\xff\xfe.xlsx"):
        shutil.copyfile(whole, tmp_path / os.fsdecode(name))
    shutil.copyfile(whole, tmp_path / os.fsdecode("历下区.xlsx".encode("gb18030")))
    whole.rename(tmp_path / "历下区.xlsx")
    got = collect_due(jinan, DUES[0], tmp_path)
    names = [row.file for row in got.intake]
    assert len(set(names)) == 4
    assert set(names) >= {"历城区　表.xlsx", "历下区.xlsx", "\\xff\\xfe.xlsx"}
    assert values(got, "F1") == TEN
    write_table(tmp_path / "intake.parquet", intake_frame(got.intake))
    assert list(read_table(tmp_path / "intake.parquet")["file"]) == names


def test_a_file_is_known_by_its_content_not_its_extension(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "a.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    assert values(collect_due(jinan, DUES[0], tmp_path), "F1") == TEN


@pytest.mark.parametrize(
    "name",
    [
        "~$a.xlsx",
        "a.xlsx.tmp",
        ".DS_Store",
        "Thumbs.db",
        "sub/.hidden",
        "__MACOSX/a.xlsx",
        ".Trash-1000/files/a.xlsx",
    ],
)
def test_litter_is_passed_over_in_silence(jinan: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / name).write_bytes(b"\0")
    got = collect_due(jinan, DUES[0], tmp_path)
    assert (fates(got), got.findings) == ({name: "ignore"}, ())


def _zip(**parts: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空文件"), (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "图片"), (b"Rar!\x1a", "压缩包"),
        (_zip(**{"a.txt": "x"}), "没有认出"), (_zip(**{"xl/workbook.xml": "<"}), "损坏"),
        (_zip(**{"word/document.xml": "<"}), "损坏"), (b"PK\x03\x04damaged", "损坏"),
        (b"<html><table/></html>", "没有认出"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "损坏"),
        (b"\0\1\2\3", "格式"), ("今日无事".encode(), "没有认出"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_send(
    jinan: Desk, tmp_path: Path, data: bytes, word: str
) -> None:
    (tmp_path / "历下区.dat").write_bytes(data)
    (tmp_path / "x.dat").write_bytes(data)
    got = collect_due(jinan, DUES[0], tmp_path)
    assert [(row.fate, row.region) for row in got.intake] == [("refuse", ""), ("refuse", "370102")]
    assert all(word in row.reason for row in got.intake)
    assert rules(got) == [("reading.refused", "warning")] * 2
    assert {finding.region for finding in got.findings} == {"370100", "370102"}


def test_another_campaign_needs_a_definition_and_no_code(tmp_path: Path) -> None:
    desk = Desk.of(load_campaign(ROOT / "tests/second/campaigns/2025-xiazhao"), "990100")
    down: list[list[object]] = [
        ["2025年夏季招聘月进展表"],
        ["镇街：柳林街道"],
        ["填报项目", "数量"],
    ]
    down += [["1.到场单位数（家）", 12], ["其中：民营企业数", "８"],
             ["2.发放求职补贴金额", "12.34万元"], ["3.期末登记求职人数", "1,200"]]  # fmt: skip
    wide = [["2025年夏季招聘月场次表"], ["填报单位", "石桥镇"],
            ["现场招聘会场次", "网络招聘会场次", "单场最多人数"], [1, 2, 3],
            [4, 5, 600]]  # fmt: skip
    save_book(tmp_path / "a.xlsx", ("x", down))
    save_book(tmp_path / "b.xlsx", ("y", wide))
    got = collect_due(desk, "2025-07-15", tmp_path)
    assert values(got, "A", "990101001") == [12, 8, 12.34, 1200]
    assert values(got, "B", "990101002") == [4, 5, 600]
    assert rules(got) == [("reading.interpreted", "info")]


_CELLS = st.one_of(
    st.none(), st.integers(-10, 10**6), st.floats(allow_nan=False, allow_infinity=False),
    st.text("历下区市中：:1２,.万人约—/ 数量其中本期备注", max_size=8), st.booleans(),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_scribble_over_a_form_loses_the_file_or_a_cell(
    campaign: Campaign, jinan: Desk, tmp_path: Path, data: st.DataObject
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    for _ in range(data.draw(st.integers(0, 6))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row] = data.draw(st.lists(_CELLS, max_size=4))
    save_book(tmp_path / "历下区.xlsx", ("x", rows))
    got = collect_due(jinan, DUES[0], tmp_path)
    assert {row.fate for row in got.intake} <= {"counts", "refuse"}
    assert not any("读取时出错" in row.reason for row in got.intake)


def test_links_and_special_files_are_refused_and_not_followed(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    elsewhere = save_book(tmp_path / "x" / "a.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "历下区.xlsx").symlink_to(elsewhere)
    (folder / "历城区").symlink_to(elsewhere.parent)
    (folder / "天桥区.xlsx").symlink_to(folder / "none.xlsx")
    (folder / ".#a.xlsx").symlink_to("nobody")
    os.mkfifo(folder / "pipe")
    got = collect_due(jinan, DUES[0], folder)
    refused = {row.file: row.region for row in got.intake if row.fate == "refuse"}
    assert refused == {
        "历下区.xlsx": "370102", "历城区": "370112", "天桥区.xlsx": "370105", "pipe": "",
    }  # fmt: skip
    assert {row.file for row in got.intake if row.fate == "ignore"} == {".#a.xlsx"}
    assert all("链接或特殊文件" in f.message for f in got.findings)
    assert set(values(got, "F1")) == {"absent"}


def test_a_file_in_the_place_of_the_folder_is_bad_use(jinan: Desk, tmp_path: Path) -> None:
    (tmp_path / DUES[0]).write_text("x", "utf-8")
    with pytest.raises(UseError, match="不是文件夹"):
        collect_due(jinan, DUES[0], tmp_path / DUES[0])


def _with_sheet(path: Path, change: Callable[[bytes], bytes]) -> None:
    """The same workbook with the XML of its first sheet changed."""
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == "xl/worksheets/sheet1.xml" else data)


def test_a_stray_cell_at_the_far_end_of_a_sheet_costs_its_file_and_no_memory(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    path = save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    far = b'<row r="1048576"><c r="XFD1048576"%s</row></sheetData>'
    _with_sheet(path, lambda xml: xml.replace(b"</sheetData>", far % b' s="0"/>'))
    assert values(collect_due(jinan, DUES[0], tmp_path), "F1") == TEN  # styled and empty
    _with_sheet(path, lambda xml: xml.replace(b"</sheetData>", far % b"><v>1</v></c>"))
    got = collect_due(jinan, DUES[0], tmp_path)
    assert [(row.fate, row.reason) for row in got.intake] == [
        ("refuse", "表格范围过大（到 XFD1048576），请删除多余的单元格后重新报送")
    ]


def test_a_workbook_with_a_broken_sheet_is_told_as_damaged(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    path = save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    _with_sheet(path, lambda xml: xml[: len(xml) // 2] + b"</broken>")
    got = collect_due(jinan, DUES[0], tmp_path)
    assert [(row.fate, row.reason[-16:]) for row in got.intake] == [
        ("refuse", "已损坏、打不开，请重新保存后报送")
    ]


@pytest.mark.parametrize("name", ["../历下区.xlsx", "../../历下区.xlsx"])
def test_a_path_that_climbs_out_of_its_archive_is_refused_and_not_passed_over(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    book = save_book(tmp_path / "book.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    folder = tmp_path / "due"
    folder.mkdir()
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.write(book, name)
    got = collect_due(jinan, DUES[0], folder)
    assert [(row.fate, "越出" in row.reason) for row in got.intake] == [("refuse", True)]
    assert [finding.rule for finding in got.findings] == ["reading.refused"]


@pytest.mark.parametrize("name", [".历下区.xlsx", "历下区.xlsx.bak", ".历下区/表.xlsx"])
def test_a_workbook_that_is_passed_over_by_its_name_is_told(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    save_book(tmp_path / name, ("x", form_rows(campaign, "F1", TEN)))
    got = collect_due(jinan, DUES[0], tmp_path)
    assert [row.fate for row in got.intake] == ["ignore"]
    assert [(f.rule, f.severity) for f in got.findings] == [("reading.passed_over", "warning")]
