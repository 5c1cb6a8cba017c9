"""The roll-up of a body with many units: light enough to be opened, and nothing leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.report import Bars, Figure, Table
from chunfeng_reports.tables import Dossier, body, dossier
from workbench import ROOT, dossier_of

DUE = "2025-07-15"
UNITS = {"990101001": 30.0, "990101002": 12.0, "990102001": 8.0}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Dossier:
    """Three units, where two would be as many as a page can hold."""
    monkeypatch.setattr(dossier, "MOST_ON_A_PAGE", 2)
    desk = Desk.of(load_campaign(ROOT / "tests/second/campaigns/2025-xiazhao"), "990100")
    figures = {unit: {"A_1": value} for unit, value in UNITS.items()}
    return dossier_of(desk, DUE, {DUE: figures}, form="A")


def _figures(table: Table) -> Iterator[Figure]:
    for row in table.rows:
        yield from (cell for cell in row.cells if isinstance(cell.value, float))


def test_units_figures_are_in_the_workbook_and_lead_to_the_units_own_reports(
    known: Dossier,
) -> None:
    tables = [block for block in body.units(known).blocks if isinstance(block, Table)]
    assert all(table.hidden and table.sheet for table in tables)
    hrefs = [one.href for one in _figures(tables[0]) if one.href.startswith("..")]
    assert hrefs == [f"../{unit}/region_report.html#src-{DUE}.{unit}.A_1" for unit in UNITS]
    assert not any(one.sources for table in tables for one in _figures(table))
    assert not [block for block in body.sources(known).blocks if isinstance(block, Table)]


def test_totals_of_all_regions_stand_side_by_side(known: Dossier) -> None:
    section = body.totals(known)
    tables = {block.id: block for block in section.blocks if isinstance(block, Table)}
    assert set(tables) == {"totals-A", "totals-B", "nodes-A", "nodes-B"}
    shown = {row.key: row.cells[1].value for row in tables["nodes-A"].rows}
    assert shown == {"990100": 50.0, "990101": 42.0, "990102": 8.0}
    (total,) = [one for one in _figures(tables["totals-A"]) if one.value == 50.0]
    assert total.href == "#t-nodes-A"
    assert 'id="t-nodes-A"' in fragment(section)


def test_bars_lead_to_the_units_own_reports(known: Dossier) -> None:
    bars = next(block for block in body.ranking(known).blocks if isinstance(block, Bars))
    assert [bar.value for bar in bars.bars] == [30.0, 12.0, 8.0]
    assert all(bar.href.endswith(".A_1") and not bar.sources for bar in bars.bars)


def test_few_units_stay_on_the_page(known: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier, "MOST_ON_A_PAGE", 3)
    tables = [block for block in body.units(known).blocks if isinstance(block, Table)]
    assert not any(table.hidden for table in tables)
    assert {one.sources for one in _figures(tables[0]) if one.value == 12.0} == {
        (f"{DUE}.990101002.A_1",)
    }


def test_of_many_units_a_few_are_named_and_all_where_who_is_missing_is_told(
    known: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "_FEW", 1)
    totals = next(block for block in body.totals(known).blocks if isinstance(block, Table))
    lacking = next(row for row in totals.rows if row.key == "A_3")
    assert [cell.value for cell in lacking.cells][6] == "柳林街道等3家"
    (missing,) = (block for block in body.missing(known).blocks if isinstance(block, Table))
    assert [row.cells[-1].value for row in missing.rows] == ["柳林街道、石桥镇"]
