"""Another year's campaign: other forms, dues, tiers and units, and the same code."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.definitions import load_campaign
from workbench import ROOT, chunfeng

pytestmark = pytest.mark.slow

SECOND = ROOT / "tests" / "second"
JULY, AUGUST = "2025-07-15", "2025-08-15"
WILLOW, BRIDGE, WHITE = "990101001", "990101002", "990102001"


def _fill(workspace: Path, due: str, unit: str, form: str, figures: list[float], name: str) -> None:
    """Type figures into a blank form, in the order in which its open cells stand."""
    blank = workspace / "data/processed/forms" / due / unit / f"{unit}-{form}.xlsx"
    book = openpyxl.load_workbook(blank)
    cells = [
        c for row in book.worksheets[0].iter_rows() for c in row
        if not c.protection.locked and c.number_format.startswith(("0", "#"))
    ]  # fmt: skip
    assert len(cells) == len(figures)
    for cell, figure in zip(cells, figures, strict=True):
        cell.value = figure
    path = workspace / "data" / "raw" / due / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("second") / "workspace"
    shutil.copytree(SECOND, root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    made = chunfeng("forms", "--all", at=root)
    assert made.returncode == 0, made.stderr
    _fill(root, JULY, WILLOW, "A", [30, 20, 1.25, 400], "甲.xlsx")
    _fill(root, JULY, BRIDGE, "A", [12, 15, 0.1, 90], "乙.xlsx")  # more private firms than firms
    _fill(root, JULY, WILLOW, "B", [3, 4, 250], "丙.xlsx")
    _fill(root, AUGUST, WILLOW, "A", [28, 20, 1.5, 380], "甲.xlsx")  # a cumulative figure falls
    # 白水镇 types a long sheet of its own.
    rows = [
        ["2025年夏季招聘月进展表", ""], ["镇街：白水镇", ""], ["填报项目", "数量"],
        ["1.到场单位数（家）", "8"], ["其中：民营企业数（家）", "5"],
        ["2.发放求职补贴金额（万元）", "0.2"], ["3.期末登记求职人数（人）", "70"],
    ]  # fmt: skip
    with (root / "data/raw" / JULY / "白水镇.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    done = chunfeng("run", "--all", "--jobs", "2", at=root)
    assert done.returncode == 0, done.stderr
    return root


def _table(workspace: Path, due: str, name: str) -> pd.DataFrame:
    return pd.read_parquet(workspace / "data" / "processed" / due / f"{name}.parquet")


def test_it_has_three_tiers_and_units_two_levels_under_their_body() -> None:
    campaign = load_campaign(SECOND / "campaigns" / "2025-xiazhao")
    assert [tier.id for tier in campaign.tiers] == ["town", "city", "province"]
    nodes = Desk.of(campaign, "990100").nodes
    assert nodes == {
        "990100": (WILLOW, BRIDGE, WHITE),
        "990101": (WILLOW, BRIDGE),
        "990102": (WHITE,),
    }


def test_totals_stand_for_every_node_and_decimals_add_up(workspace: Path) -> None:
    rollup = _table(workspace, JULY, "rollup").set_index(["region", "item"])
    assert rollup.loc[("990100", "A_1"), "value"] == 50
    assert rollup.loc[("990101", "A_1"), "value"] == 42
    assert rollup.loc[("990102", "A_1"), "value"] == 8
    assert rollup.loc[("990100", "A_2"), "value"] == 1.55
    assert rollup.loc[("990100", "B_1"), "units_expected"] == 2
    assert ("990100", "B_3") not in rollup.index, "an item that does not add up has no total"


def test_its_own_rules_find_its_own_errors(workspace: Path) -> None:
    july, august = _table(workspace, JULY, "findings"), _table(workspace, AUGUST, "findings")
    private = july[july["rule"] == "A.private-within-total"]
    assert list(private["region"]) == [BRIDGE]
    falls = august[august["rule"] == "cells.fall"]
    assert set(zip(falls["region"], falls["items"], strict=True)) == {(WILLOW, "A_1")}
    assert set(august[august["rule"] == "A.received"]["region"]) == {BRIDGE, WHITE}


def test_fewer_items_may_be_asked_for_later(workspace: Path) -> None:
    facts = _table(workspace, AUGUST, "facts")
    assert set(facts[facts["form"] == "B"]["item"]) == {"B_1", "B_2"}


def test_its_reports_are_made_and_listed(workspace: Path) -> None:
    index = (workspace / "data/processed/index.html").read_text("utf-8")
    assert "青溪市" in index
    for due in (JULY, AUGUST):
        assert f"{due}/reports/990100/rollup_report.html" in index
        assert f"{due}/reports/990100/summary_report.docx" in index
    page = workspace / f"data/processed/{JULY}/reports/990100/rollup_report.html"
    assert "求职补贴金额不含配套资金" in page.read_text("utf-8")
    assert "东河区" in page.read_text("utf-8")
