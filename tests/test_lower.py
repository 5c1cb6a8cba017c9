"""A unit's own workspace: what it adds up to is held against what the unit reports."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from chunfeng_reports import manifest, pipeline
from chunfeng_reports.errors import UseError
from chunfeng_reports.rollup import ROLLUP_COLUMNS
from chunfeng_reports.store import Store, create, write_table
from chunfeng_reports.workspace import Workspace
from workbench import chunfeng

JINAN = "370100"


@pytest.fixture
def desks(tmp_path: Path) -> tuple[Workspace, Store]:
    """Shandong's workspace, and Jinan's beside it, which Shandong's settings name."""
    upper = create(tmp_path / "山东", campaign="2023-chunfeng", body="370000")
    lower = create(tmp_path / "济南", campaign="2023-chunfeng", body=JINAN)
    settings = upper.root / "chunfeng.toml"
    settings.write_text(settings.read_text("utf-8") + f'\n[lower]\n{JINAN} = "../济南"\n', "utf-8")
    return Workspace(upper), lower


def _roll(store: Store, due: str, **totals: tuple[float, bool]) -> None:
    rows = [
        (due, JINAN, item, value, 15, 15, "", "", value, value, provisional)
        for item, (value, provisional) in totals.items()
    ]
    write_table(store.table(due, "rollup"), pd.DataFrame(rows, columns=list(ROLLUP_COLUMNS)))


def _below(ws: Workspace, due: str) -> dict[str, tuple[float, str]]:
    return {
        row.item: (row.below, row.below_due)
        for row in ws.below(due).itertuples()
        if row.region == JINAN
    }


def test_a_city_is_held_against_the_round_that_feeds_its_due(
    desks: tuple[Workspace, Store],
) -> None:
    ws, jinan = desks
    for n, due in enumerate(("2023-02-01", "2023-03-01", "2023-04-01"), 1):
        _roll(jinan, due, F1_1=(n * 100.0, False))
    assert _below(ws, "2023-01-09") == {}
    assert _below(ws, "2023-02-03") == {"F1_1": (100.0, "2023-02-01")}
    assert _below(ws, "2023-04-03") == {"F1_1": (300.0, "2023-04-01")}


def test_a_provisional_total_and_another_measure_are_not_held_against_anything(
    desks: tuple[Workspace, Store],
) -> None:
    ws, jinan = desks
    _roll(jinan, "2023-02-01", F1_1=(9.0, False), F1_2=(8.0, True), P_stayed=(7.0, False))
    assert _below(ws, "2023-02-03") == {"F1_1": (9.0, "2023-02-01")}


def test_a_lower_roll_up_that_is_not_there_tells_nothing(desks: tuple[Workspace, Store]) -> None:
    ws, _ = desks
    assert _below(ws, "2023-02-03") == {}


def test_a_lower_workspace_that_is_not_there_is_told(desks: tuple[Workspace, Store]) -> None:
    ws, jinan = desks
    (jinan.root / "chunfeng.toml").unlink()
    assert _below(ws, "2023-02-03") == {}
    assert any("../济南 不是工作区" in note for note in pipeline.strays(ws))


def test_a_lower_workspace_of_another_body_is_refused(desks: tuple[Workspace, Store]) -> None:
    ws, jinan = desks
    settings = jinan.root / "chunfeng.toml"
    settings.write_text(settings.read_text("utf-8").replace(JINAN, "370200"), "utf-8")
    with pytest.raises(UseError, match="370200"):
        ws.below("2023-02-03")


@pytest.mark.slow
def test_a_rule_on_the_sums_of_the_tier_below_can_be_tried(desks: tuple[Workspace, Store]) -> None:
    ws, jinan = desks
    _roll(jinan, "2023-02-01", F1_1=(100.0, False), F1_2=(80.0, False))
    raw = ws.store.raw("2023-02-03")
    raw.mkdir(parents=True)
    sheet = (
        "2023年春风行动情况统计表,\n填报单位：济南市,\n填报项目,数量\n"
        "1.参加活动的企业个数,130\n2.参加活动的求职者数（人）,80\n"
    )
    (raw / "济南市.csv").write_text(sheet, "utf-8")
    rule = "cells.below"
    tried = ("check", "--due", "2023-02-03", "--suite", "cells", "--json")
    told = json.loads(chunfeng(*tried, at=ws.store.root).stdout)["dues"]["2023-02-03"]["found"]
    assert [(one["rule"], one["region"]) for one in told if one["rule"] == rule] == [(rule, JINAN)]

    chunfeng("check", "--due", "2023-02-03", at=ws.store.root)
    trial = ws.try_rules("2023-02-03", "cells").findings.query("rule == @rule")
    assert trial[["region", "items", "expected"]].to_numpy().tolist() == [
        [JINAN, "F1_1", "100（2月1日 汇总）"]
    ]


def test_the_lower_roll_up_is_an_input_of_the_manifest(desks: tuple[Workspace, Store]) -> None:
    ws, jinan = desks
    ws.store.raw("2023-02-03").mkdir(parents=True)
    name = f"lower/{JINAN}/2023-02-01/rollup.parquet"
    assert ws.lower_totals() == {}
    _roll(jinan, "2023-02-01", F1_1=(100.0, False))
    about = {"due": "2023-02-03"}
    manifest.write(ws.store, "2023-02-03", besides=ws.lower_totals(), parameters=about,
                   current=(), failed={})  # fmt: skip
    assert manifest.read(ws.store, "2023-02-03")["inputs"][name]
    assert manifest.changed(ws.store, "2023-02-03", besides=ws.lower_totals()) == []
    _roll(jinan, "2023-02-01", F1_1=(101.0, False))
    changed = manifest.changed(ws.store, "2023-02-03", besides=ws.lower_totals())
    assert changed == [(name, "已改动")]


def test_only_lower_roll_ups_that_are_read_are_inputs(desks: tuple[Workspace, Store]) -> None:
    ws, jinan = desks
    for due in ("2023-02-01", "2023-03-01", "2023-04-01"):
        _roll(jinan, due, F1_1=(100.0, False))
    ws.store.raw("2023-01-09").mkdir(parents=True)
    assert ws.lower_totals() == {}, "no round of the counties feeds the first due"
    ws.store.raw("2023-02-03").mkdir()
    first, last = (f"lower/{JINAN}/2023-{day}/rollup.parquet" for day in ("02-01", "04-01"))
    assert list(ws.lower_totals()) == [first], "the last due has not begun"
    ws.store.raw("2023-04-03").mkdir()
    assert list(ws.lower_totals()) == [first, last], "the round of 1 March feeds no due"
