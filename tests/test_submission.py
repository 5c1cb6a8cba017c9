"""What the body submits is a valid return one tier up: our own reading gets the same figures."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import collect_due

pytestmark = pytest.mark.slow

FED = {"2023-02-01": "2023-02-03", "2023-04-01": "2023-04-03"}


def _made(run: Path, due: str) -> list[Path]:
    return sorted((run / "data" / "processed" / due / "submission").rglob("*.xlsx"))


@pytest.mark.parametrize(("due", "upper"), FED.items())
def test_the_province_reads_the_citys_totals_from_it(
    jinan_run: Path, campaign: Campaign, tmp_path: Path, due: str, upper: str
) -> None:
    (path,) = _made(jinan_run, due)
    assert path.parent.name == upper
    received = tmp_path / upper
    received.mkdir()
    (received / path.name).write_bytes(path.read_bytes())
    collected = collect_due(Desk.of(campaign, "370000"), upper, received, jobs=0)
    read = {one.item: one.value for one in collected.facts
            if one.region == "370100" and one.state == "value"}  # fmt: skip
    totals = pd.read_parquet(jinan_run / "data" / "processed" / due / "rollup.parquet")
    ours = totals[(totals["region"] == "370100") & totals["value"].notna()]
    told = {i: v for i, v in zip(ours["item"], ours["value"], strict=True) if i[0] == "F"}
    assert read == told
    assert [f for f in collected.findings if f.severity == "critical"
            and f.region == "370100"] == []  # fmt: skip


def test_a_round_that_feeds_nothing_stays_in_the_house(jinan_run: Path) -> None:
    assert _made(jinan_run, "2023-03-01") == []


def test_totals_are_live_and_hold_their_values(jinan_run: Path) -> None:
    (path,) = _made(jinan_run, "2023-02-01")
    live = openpyxl.load_workbook(path).worksheets[0]
    stored = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    formulas = [cell.coordinate for row in live.iter_rows() for cell in row
                if isinstance(cell.value, str) and cell.value.startswith("=SUM(")]  # fmt: skip
    assert len(formulas) >= 10
    assert all(isinstance(stored[cell].value, (int, float)) for cell in formulas)
