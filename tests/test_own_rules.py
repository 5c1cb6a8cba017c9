"""Rules of an analyst's own: tried alone, told with all four outcomes, and nothing is written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chunfeng_reports import Workspace
from chunfeng_reports.errors import DefinitionError, UseError
from chunfeng_reports.tables import quality
from workbench import ROOT, chunfeng

DUE = "2025-07-15"
COUNTS = ("passed", "failed", "unknown", "could_not_run")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A workspace with three units, of which one has sent a form with an odd figure."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    raw = root / "data" / "raw" / DUE
    raw.mkdir(parents=True)
    sheet = (
        "2025年夏季招聘月进展表,\n镇街：柳林街道,\n填报项目,数量\n1.到场单位数（家）,-30\n"
        "其中：民营企业数（家）,\n2.发放求职补贴金额（万元）,0.2\n3.期末登记求职人数（人）,70\n"
    )
    (raw / "柳林\x1b街道.csv").write_text(sheet, "utf-8")
    return root


def _suite(*entries: dict[str, Any], name: str = "own") -> dict[str, Any]:
    return {
        "name": name,
        "meta": {"table": "units", "form": "A", "label": "试"},
        "expectations": list(entries),
    }


def _entry(name: str, column: str = "A_1", **other: Any) -> dict[str, Any]:
    return {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": column, "min_value": 0},
        "severity": "critical",
        "meta": {
            "id": name, "label": "试", "reason": "试", "origin": "试", "items": ["A_1"],
            "message": "为 {A_1}，请核对。",
        },
    } | other  # fmt: skip


def _write(root: Path, suite: dict[str, Any], name: str = "own.json") -> Path:
    (root / name).write_text(json.dumps(suite, ensure_ascii=False), "utf-8-sig")
    return root / name


def test_a_suite_is_found_by_path_below_the_workspace_or_by_name(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws, own = Workspace.find(small), _write(small, _suite(_entry("own.one")))
    assert [suite.name for suite in ws.suites("own.json", "A", str(own), "A")] == ["own", "A"]
    (elsewhere := small / "elsewhere").mkdir()
    monkeypatch.chdir(elsewhere)
    _write(elsewhere, _suite(_entry("own.two")))
    assert ws.suites("own.json")[0].rules[0].id == "own.two", "what lies here comes first"
    with pytest.raises(UseError, match=r"没有这套规则：B；.*A、cells"):
        ws.suites("B")
    with pytest.raises(UseError, match="请指明"):
        ws.suites()


def test_suites_may_come_in_a_list_and_a_rule_without_one_is_told_what_it_lacks(
    small: Path,
) -> None:
    ws, own = Workspace.find(small), _suite(_entry("own.one"))
    assert [suite.name for suite in ws.suites(["A", own])] == ["A", "own"]
    for bare in (_entry("own.one"), [own, _entry("own.two")]):
        with pytest.raises(
            UseError, match=r"这是一条规则，不是一套规则；请放进一套里再试：.*table"
        ):
            ws.suites(bare)


@pytest.mark.parametrize("form", ["B", ""], ids=["of a form", "of items alone"])
def test_rules_on_a_form_that_the_due_does_not_ask_for_are_refused(small: Path, form: str) -> None:
    toml = small / "chunfeng.toml"
    toml.write_text(toml.read_text("utf-8").replace('"990100"', '"000000"'), "utf-8")
    entry = _entry("own.one", "B_1")
    entry["meta"] |= {"items": ["B_1"], "message": "请核对"}
    suite = _suite(entry)
    suite["meta"]["form"] = form
    with pytest.raises(UseError, match=r"2025-07-25 不要求报B .*，规则“own”无从判断；.*要求报：A "):
        Workspace.find(small).try_rules("2025-07-25", suite)


def test_items_join_with_facts_by_form_and_item(small: Path) -> None:
    items = Workspace.find(small).items
    assert set(items["form"]) == {"A", "B"}
    assert items.set_index("item").loc["A_1", "form_name"] == "进展表"


def test_everything_wrong_with_an_entry_is_told_at_once(small: Path) -> None:
    wrong = _entry("own.one", "A_99", severity="fatal", type="expect_nothing")
    with pytest.raises(DefinitionError) as told:
        Workspace.find(small).suites(_suite(wrong, _entry("own.one", "A_98")))
    said = "\n".join(str(fault) for fault in told.value.faults)
    for part in (
        "severity：只能是 critical、warning、info",
        "expect_nothing",
        "A_99",
        "A_98",
        "重复",
    ):
        assert part in said
    assert "own: expectations[0]" in said


@pytest.mark.slow
def test_rules_tried_alone_tell_cells_and_outcomes_and_write_nothing(small: Path) -> None:
    _write(small, _suite(_entry("own.one"), _entry("own.broken", "region")))
    tried = ("check", "--due", DUE, "--suite", "own.json", "--suite", "cells")
    done = chunfeng(*tried, at=small)
    assert done.returncode == 0, done.stderr
    assert "　规则 own.one　试" in done.stdout
    assert "通过 0、未通过 1、无法判断 2、未能运行 0" in done.stdout
    assert "错误　柳林街道　" in done.stdout
    assert "柳林�街道.csv B4" in done.stdout, "no byte of a unit's reaches the terminal's controls"
    assert "通过 0、未通过 0、无法判断 0、未能运行 3" in done.stdout
    assert "没有写入 data/processed" in done.stdout
    assert not (small / "data" / "processed").exists()

    answer = json.loads(chunfeng(*tried, "--json", at=small).stdout)["dues"][DUE]
    assert {row["rule"] for row in answer["rules"]} >= {"own.one", "own.broken", "cells.blank"}
    assert {row["rule"] for row in answer["found"]} >= {"own.one", "own.broken", "cells.blank"}
    assert not {row["rule"] for row in answer["found"]} & {"A.received"}
    assert chunfeng(*tried, "--strict", at=small).returncode == 1
    assert not (small / "data" / "processed").exists()

    ended = chunfeng("check", "--due", DUE, "--suite", "nothing", at=small)
    assert (ended.returncode, "没有这套规则：nothing" in ended.stderr) == (2, True)


@pytest.mark.slow
def test_four_outcomes_are_kept_apart_wherever_they_are_told(small: Path) -> None:
    path = small / "expectations" / "2025-xiazhao" / "A.json"
    suite = json.loads(path.read_text("utf-8"))
    suite["expectations"] += [_entry("A.own"), _entry("A.broken", "region")]
    path.write_text(json.dumps(suite, ensure_ascii=False), "utf-8")
    done = chunfeng("check", "--due", DUE, "--json", at=small)
    told = {(row["form"], row["rule"]): tuple(row[name] for name in COUNTS)
            for row in json.loads(done.stdout)["dues"][DUE]["rules"]}  # fmt: skip
    assert told["A", "A.received"] == (1, 2, 0, 0)
    assert told["A", "A.own"] == (0, 1, 2, 0)
    assert told["A", "A.broken"] == (0, 0, 0, 3)

    kept = pd.read_parquet(small / "data" / "processed" / DUE / "outcomes.parquet")
    assert {(r.form, r.rule): (r.passed, r.failed, r.unknown, r.could_not_run)
            for r in kept.itertuples()} == told  # fmt: skip

    table = quality.rules(Workspace.find(small).dossier(DUE)).blocks[0]
    labels = [column.label for column in table.columns]
    assert labels[2:6] == ["通过", "未通过", "无法判断", "未能运行"]
    shown = {row.key: tuple(cell.value for cell in row.cells[2:6]) for row in table.rows}
    assert shown == {f"{form}-{rule}": counts for (form, rule), counts in told.items()}
