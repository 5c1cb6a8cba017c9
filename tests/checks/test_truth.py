"""Held against a corpus whose truth is known: what a careful reviewer finds, and no more."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.checks import Suite, check_due
from chunfeng_reports.facts import Fact, Received, facts_frame, intake_frame
from chunfeng_reports.findings import findings_frame

CORPUS = Path(__file__).parents[1] / "corpus" / "jinan"


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(CORPUS / name, dtype=str, keep_default_na=False)


def _code(form: str, item: str) -> str:
    return f"{form}_{item.replace('.', '_')}"


@pytest.fixture(scope="module")
def found(jinan: Desk, suites: tuple[Suite, ...]) -> pd.DataFrame:
    """Findings of all dues, from facts that hold the truth itself."""
    truth = pd.concat([_table("truth.csv"), _table("progress.csv").assign(form="P", state="value")])
    known = {(t.due, t.region_code, _code(t.form, t.item)): t for t in truth.itertuples()}
    gone = {(d.due, d.region_code, d.form) for d in _defects("not_received").itertuples()}
    facts, intake = [], []
    for due in jinan.dues:
        for form in jinan.expected_forms(due):
            for unit in jinan.expected_units(due, form):
                if (due, unit, form) not in gone:
                    intake.append(Received(due, unit + form, "", "", unit, form, "rows", "counts"))
                for item in jinan.expected_items(due, form):
                    cell = known.get((due, unit, item.code))
                    value = float(cell.value) if cell and cell.state == "value" else None
                    state = cell.state if cell else "absent"
                    facts.append(Fact(due, unit, form, item.code, value, state))
    all_facts, all_intake, findings = facts_frame(facts), intake_frame(intake), findings_frame(())
    for due in jinan.dues:
        checked = check_due(
            jinan,
            suites,
            due,
            facts=all_facts[all_facts["due"] <= due],
            intake=all_intake[all_intake["due"] <= due],
            earlier=findings,
        )
        findings = pd.concat([findings, findings_frame(checked.findings)], ignore_index=True)
    return findings


def _defects(kind: str = "") -> pd.DataFrame:
    defects = _table("defects.csv")
    # Two versions of a form are for the reading room to find.
    return defects[defects["kind"].ne("conflicting_versions") & defects["kind"].str.contains(kind)]


def test_every_defect_is_found_where_it_is(found: pd.DataFrame) -> None:
    grave = found[found["severity"].isin(["critical", "warning"])]
    missed = []
    for d in _defects().itertuples():
        here = grave[
            (grave["due"] == d.due) & (grave["region"] == d.region_code) & (grave["form"] == d.form)
        ]
        if d.item:
            here = here[[_code(d.form, d.item) in items.split(",") for items in here["items"]]]
        if here.empty:
            missed.append((d.due, d.region, d.form, d.item, d.kind))
    assert missed == []


def test_no_clean_form_is_called_wrong_and_hardly_any_doubted(found: pd.DataFrame) -> None:
    defects = _table("defects.csv")
    spoiled = {(d.due, d.region_code, d.form) for d in defects.itertuples()}
    critical = found[found["severity"] == "critical"]
    assert {(f.due, f.region, f.form) for f in critical.itertuples()} <= spoiled
    clean = {
        (t.due, t.region_code, t.form)
        for t in _table("truth.csv").itertuples()
        if not any(
            (region, form) == (t.region_code, t.form) and due <= t.due
            for due, region, form in spoiled
        )
    }
    doubted = {
        (f.due, f.region, f.form) for f in found[found["severity"] == "warning"].itertuples()
    }
    assert len(doubted & clean) * 40 <= len(clean)
