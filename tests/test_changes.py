"""What became of findings since they last changed: told by ids that hold, kept where no hash is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chunfeng_reports.findings import Changes, Finding, Standing, findings_frame
from workbench import DUES, ROOT, chunfeng

DUE, WILLOW = "2025-07-15", "990101001"
FIRST = "2023-02-01"


def _found(rule: str, state: Standing = "open", value: str = "") -> Finding:
    return Finding(DUE, WILLOW, "A", ("A_1",), rule, "warning", "请核对。", value, state=state)


def _between(before: list[Finding], now: list[Finding]) -> tuple[list[str], list[str]]:
    changes = Changes.between(findings_frame(before), findings_frame(now))
    return list(changes.gone["rule"]), list(changes.new["rule"])


def test_what_went_away_and_what_is_new_are_told_by_id() -> None:
    assert _between([_found("a"), _found("b")], [_found("b", value="7"), _found("c")]) == (
        ["a"], ["c"],
    )  # fmt: skip
    assert _between([], []) == ([], [])


def test_a_doubt_that_is_settled_went_away_and_one_that_lapsed_came_back() -> None:
    assert _between([_found("a")], [_found("a", "explained")]) == (["a"], [])
    assert _between([_found("a", "waived")], [_found("a", "waived")]) == ([], [])
    assert _between([_found("a", "explained")], [_found("a", "lapsed")]) == ([], ["a"])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A workspace with three units, of which one has sent a form."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    _send(root, "30")
    return root


def _send(root: Path, firms: str) -> None:
    sheet = (
        f"2025年夏季招聘月进展表,\n镇街：柳林街道,\n填报项目,数量\n1.到场单位数（家）,{firms}\n"
        "其中：民营企业数（家）,20\n2.发放求职补贴金额（万元）,0.2\n3.期末登记求职人数（人）,70\n"
    )
    path = root / "data" / "raw" / DUE / "柳林街道.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet, "utf-8")


def _status(root: Path) -> dict[str, list[dict[str, str]]] | None:
    shown = chunfeng("status", "--due", DUE, "--json", at=root)
    changes: dict[str, list[dict[str, str]]] | None = json.loads(shown.stdout)[DUE]["changes"]
    return changes


@pytest.mark.slow
def test_status_tells_what_went_away_and_no_hash_covers_it(small: Path) -> None:
    check = ("check", "--due", DUE)
    assert "还没有做过报告" in chunfeng("status", "--due", DUE, at=small).stdout
    assert chunfeng(*check, at=small).returncode == 0
    assert _status(small) is None, "there is nothing to compare with yet"
    _tells_of_a_check(small)
    assert chunfeng("run", "--due", DUE, "--region", WILLOW, at=small).returncode == 0
    assert _status(small) is None, "there is nothing to compare with yet"
    _send(small, "10")
    assert "与上次相比：消除 0 处、新增 1 处" in chunfeng(*check, at=small).stdout
    changes = _status(small)
    assert changes is not None
    assert [one["rule"] for one in changes["new"]] == ["A.private-within-total"]
    assert changes["gone"] == []
    previous = small / "data" / "processed" / "previous" / f"{DUE}.parquet"
    kept = previous.stat().st_mtime_ns

    assert chunfeng(*check, at=small).returncode == 0, "one that changes nothing"
    assert previous.stat().st_mtime_ns == kept

    _send(small, "30")
    assert chunfeng(*check, at=small).returncode == 0
    shown = chunfeng("status", "--due", DUE, at=small).stdout
    assert "与上次相比：消除 1 处、新增 0 处" in shown
    assert "消除　柳林街道" in shown
    verify = chunfeng("verify", "--due", DUE, at=small)
    assert verify.returncode == 0, (
        "what was run is back, and the earlier findings are no part of it"
    )
    previous.write_bytes(b"?")
    assert _status(small) is None, "what cannot be read is no measure"


def _tells_of_a_check(root: Path) -> None:
    """What a check found is told before any report was made, and what came after it."""
    told = json.loads(chunfeng("status", "--due", DUE, "--json", at=root).stdout)[DUE]
    assert (told["reports"], told["checked"]) == ("none", "current")
    assert (told["expected"], told["complete"]) == (3, 0)
    assert told["findings"]["warning"] >= 2
    assert len(told["missing"]) == 3
    shown = chunfeng("status", "--due", DUE, at=root).stdout
    assert "统计表报齐 0/3 家；问题：" in shown
    assert "未报：" in shown
    assert "还没有做过报告；以上是审核的结果" in shown
    assert "有变化" not in shown
    _send(root, "31")
    assert "材料在审核之后有变化" in chunfeng("status", "--due", DUE, at=root).stdout
    _send(root, "30")


@pytest.mark.slow
def test_a_correction_changes_no_other_findings_id(workspace_copy: Path) -> None:
    raw = workspace_copy / "data" / "raw"
    for due in DUES[1:]:
        shutil.rmtree(raw / due)
    before = _findings(workspace_copy)
    wrong = before[before["rule"] == "F1.demand-covers-posts"]
    assert len(wrong) == 1

    path = raw / FIRST / wrong["file"].iloc[0]
    book = openpyxl.load_workbook(path)
    sheet = book[wrong["sheet"].iloc[0]]
    demand = sheet[wrong["cell"].iloc[0]]  # the row above holds the posts: they were exchanged
    posts = sheet.cell(demand.row - 1, demand.column)
    demand.value, posts.value = posts.value, demand.value
    book.save(path)

    after = _findings(workspace_copy)
    region = wrong["region"].iloc[0]
    elsewhere = before[before["region"] != region]
    assert set(elsewhere["id"]) == set(after.loc[after["region"] != region, "id"])
    assert set(wrong["id"]).isdisjoint(after["id"])
    here = before[(before["region"] == region) & (before["rule"] != "F1.demand-covers-posts")]
    assert set(here["id"]) - set(after["id"]) <= set(here[here["form"] == "F1"]["id"])


def _findings(workspace: Path) -> pd.DataFrame:
    assert chunfeng("check", "--due", FIRST, at=workspace).returncode == 0
    return pd.read_parquet(workspace / "data" / "processed" / FIRST / "findings.parquet")


@pytest.mark.slow
def test_no_two_findings_of_a_due_share_an_id(jinan_run: Path) -> None:
    for due in DUES:
        ids = pd.read_parquet(jinan_run / "data" / "processed" / due / "findings.parquet")["id"]
        assert ids.is_unique, due
