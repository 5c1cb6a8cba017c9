"""A due is checked: what the suites say is found, and nothing else."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, check_due, check_rollup, load_suites
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.facts import facts_frame, intake_frame
from chunfeng_reports.findings import Finding, Severity, Standing, findings_frame
from chunfeng_reports.rollup import roll_up

DUE, SECOND, THIRD = "2023-02-01", "2023-03-01", "2023-04-01"
COUNTS = ["passed", "failed", "unknown", "could_not_run"]
LIXIA = "370102"

Edit = Callable[[dict[str, Any]], None]


def _edited(folder: Path, tmp_path: Path, name: str, edit: Edit) -> Path:
    copy = tmp_path / "suites"
    shutil.copytree(folder, copy)
    raw = json.loads((copy / name).read_text("utf-8"))
    edit(raw)
    (copy / name).write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return copy


def _rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def _negative(unit: str) -> dict[str, float | None]:
    return {"F1_6": -5} if unit == LIXIA else {}


def test_clean_returns_raise_nothing(suites: tuple[Suite, ...], jinan: Desk, returns: Any) -> None:
    for due in jinan.dues:
        returns.send(due)
        assert check_due(jinan, suites, due, **returns.at(due)).findings == ()


def test_a_finding_leads_to_the_cell(suites: tuple[Suite, ...], jinan: Desk, returns: Any) -> None:
    returns.send(DUE, _negative)
    (finding,) = check_due(jinan, suites, DUE, **returns.at(DUE)).findings
    assert (finding.due, finding.region, finding.form, finding.items) == (
        DUE, LIXIA, "F1", ("F1_6",),
    )  # fmt: skip
    assert (finding.file, finding.sheet, finding.cell) == ("370102-F1.xlsx", "F1", "B12")
    assert (finding.rule, finding.severity, finding.value) == ("cells.negative", "critical", "-5")


def test_a_rule_taken_out_of_its_suite_finds_nothing_any_more(
    suites_folder: Path, tmp_path: Path, campaign: Campaign, jinan: Desk, returns: Any
) -> None:
    def drop(raw: dict[str, Any]) -> None:
        raw["expectations"] = [
            e for e in raw["expectations"] if e["meta"]["id"] != "cells.negative"
        ]

    folder = _edited(suites_folder, tmp_path, "cells.json", drop)
    returns.send(DUE, _negative)
    checked = check_due(jinan, load_suites(folder, campaign=campaign), DUE, **returns.at(DUE))
    assert checked.findings == ()
    assert "cells.negative" not in set(checked.outcomes["rule"])


def test_a_bound_moved_in_its_suite_moves_the_verdict(
    suites_folder: Path, tmp_path: Path, campaign: Campaign, jinan: Desk, returns: Any
) -> None:
    def allow(raw: dict[str, Any]) -> None:
        for e in raw["expectations"]:
            if e["meta"]["id"] == "cells.negative":
                e["kwargs"]["min_value"] = -5

    folder = _edited(suites_folder, tmp_path, "cells.json", allow)
    returns.send(DUE, _negative)
    checked = check_due(jinan, load_suites(folder, campaign=campaign), DUE, **returns.at(DUE))
    assert checked.findings == ()


_PARTS = st.tuples(*[st.one_of(st.none(), st.integers(0, 9))] * 4)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_PARTS, min_size=15, max_size=15))
def test_parts_against_their_total(
    suites: tuple[Suite, ...],
    jinan: Desk,
    make_returns: Callable[[Desk], Any],
    figures: list[tuple[int | None, ...]],
) -> None:
    """Whatever is typed into the total and its three parts, the reading of the notice holds."""
    names = ("F1_5", "F1_5_1", "F1_5_2", "F1_5_3")
    typed = dict(zip(jinan.unit_codes, figures, strict=True))
    returns = make_returns(jinan)
    returns.send(DUE, lambda unit: dict(zip(names, typed[unit], strict=True)))
    only = tuple(suite for suite in suites if suite.name == "F1")
    found = check_due(jinan, only, DUE, **returns.at(DUE)).findings
    assert sorted((f.region, f.rule) for f in found) == sorted(
        (unit, f"F1.{rule}") for unit, cells in typed.items() for rule in _broken(*cells)
    )


def _broken(
    total: int | None, offline: int | None, online: int | None, live: int | None
) -> Iterator[str]:
    if total is None:
        return
    parts = {"offline": offline, "online": online, "live": live}
    for name, part in parts.items():
        if part is not None and part > total:
            yield f"{name}-within-total"
    if offline is None or online is None:
        return
    if max(offline, online) <= total < offline + online:
        yield "offline-online-within-total"
    if live is not None and offline + online < total != offline + online + live:
        yield "parts-make-total"


def test_a_form_that_did_not_come_is_one_finding_not_one_a_cell(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(DUE, absent=lambda unit: ("F1", "P") if unit == LIXIA else ())
    found = check_due(jinan, suites, DUE, **returns.at(DUE)).findings
    assert [(f.rule, f.region, f.items) for f in found] == [
        ("F1.received", LIXIA, ()), ("P.received", LIXIA, ()),
    ]  # fmt: skip


def test_a_unit_whose_form_did_not_come_has_passed_no_rule_on_it(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    """Nor one whose row condition needs figures on both its sides."""
    returns.send(DUE, absent=lambda _: ("F1",))
    outcomes = check_due(jinan, suites, DUE, **returns.at(DUE)).outcomes
    on_form = outcomes[(outcomes["form"] == "F1") & (outcomes["rule"] != "F1.received")]
    assert len(on_form) > 8
    assert (on_form["passed"] == 0).all(), on_form


def test_an_unreadable_cell_raises_only_that(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(DUE).send(SECOND, typed=lambda unit: {"F1_5": "若干"} if unit == LIXIA else {})
    found = check_due(jinan, suites, SECOND, **returns.at(SECOND)).findings
    assert _rules(found) == ["cells.unreadable"]
    assert found[0].value == "若干"


def test_units_that_need_not_file_a_form_are_not_missed(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(THIRD)
    checked = check_due(jinan, suites, THIRD, **returns.at(THIRD))
    assert checked.findings == ()
    row = checked.outcomes[checked.outcomes["rule"] == "F3.received"].iloc[0]
    assert row["passed"] == 13


def test_a_form_not_asked_for_at_a_due_is_not_judged(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(DUE)
    outcomes = check_due(jinan, suites, DUE, **returns.at(DUE)).outcomes
    assert not {"F3", "S3"} & set(outcomes["form"])


def test_a_fall_from_a_doubted_figure_is_only_an_info(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(DUE, lambda _: {"F1_2": 9, "F1_3": 9, "F1_4": 9}).send(SECOND)
    returns.doubt(DUE, LIXIA, ["F1_2", "F1_3", "F1_4"])
    found = check_due(jinan, suites, SECOND, **returns.at(SECOND)).findings
    falls = {f.region: f.severity for f in found if f.rule == "cells.fall"}
    assert falls.pop(LIXIA) == "info"
    assert set(falls.values()) == {"warning"}
    assert len(falls) == 14


@pytest.mark.parametrize(
    ("state", "then"),
    [("open", "info"), ("lapsed", "info"), ("explained", "warning"), ("waived", "warning")],
)
def test_a_fall_from_a_figure_that_was_explained_is_one_from_a_firm_figure(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any, state: Standing, then: Severity
) -> None:
    returns.send(DUE, lambda unit: {"F1_2": 9} if unit == LIXIA else {}).send(SECOND)
    doubt = Finding(DUE, LIXIA, "F1", ("F1_2",), "cells.jump", "warning", "存疑", state=state)
    returns.findings.append(doubt)
    (found,) = check_due(jinan, suites, SECOND, **returns.at(SECOND)).findings
    assert (found.rule, found.severity) == ("cells.fall", then)


@pytest.mark.parametrize(("doubt", "then"), [("critical", "info"), ("warning", "warning")])
def test_only_a_grave_doubt_about_a_whole_form_is_one_about_its_cells(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any, doubt: Severity, then: Severity
) -> None:
    returns.send(DUE, lambda unit: {"F1_2": 9} if unit == LIXIA else {}).send(SECOND)
    returns.findings.append(Finding(DUE, LIXIA, "F1", (), "reading.versions", doubt, "两份"))
    (found,) = check_due(jinan, suites, SECOND, **returns.at(SECOND)).findings
    assert (found.rule, found.severity) == ("cells.fall", then)


def test_a_stock_item_may_fall(suites: tuple[Suite, ...], jinan: Desk, returns: Any) -> None:
    returns.send(DUE, lambda _: {"F2_2": 900}).send(SECOND)
    assert check_due(jinan, suites, SECOND, **returns.at(SECOND)).findings == ()


def test_every_unit_is_counted_once_for_every_rule(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    for due in jinan.dues:
        returns.send(
            due,
            lambda unit: {"F1_5": None, "F2_3": 0.5} if unit < "370112" else {},
            absent=lambda unit: ("F2", "P") if unit == "370126" else (),
        )
        outcomes = check_due(jinan, suites, due, **returns.at(due)).outcomes
        counted = outcomes.groupby(["form", "rule"])[COUNTS].sum().sum(axis=1)
        for (form, rule), units in counted.items():
            assert units == len(jinan.expected_units(due, form)), (form, rule)
        assert (outcomes.dtypes[COUNTS] == "int64").all()


def test_a_rule_that_cannot_run_says_so_and_takes_no_other_with_it(
    suites_folder: Path, tmp_path: Path, campaign: Campaign, jinan: Desk, returns: Any
) -> None:
    def spoil(raw: dict[str, Any]) -> None:
        raw["expectations"][2]["kwargs"] = {"column": "raw", "min_value": 0}
        assert raw["expectations"][2]["meta"]["id"] == "cells.negative"

    folder = _edited(suites_folder, tmp_path, "cells.json", spoil)
    returns.send(DUE, lambda unit: {"F2_3": 1.5, "P_helped": 2} if unit == LIXIA else {})
    checked = check_due(jinan, load_suites(folder, campaign=campaign), DUE, **returns.at(DUE))
    broken, fraction = [one for one in checked.findings if one.form != "P"]
    assert (broken.rule, broken.region, broken.severity) == ("cells.negative", "370100", "critical")
    assert "未能运行" in broken.message
    assert "Traceback" not in broken.message
    assert fraction.rule == "cells.fraction"
    rows = checked.outcomes[checked.outcomes["rule"] == "cells.negative"]
    assert rows["could_not_run"].tolist() == [15, 15, 15]
    assert rows[["passed", "failed", "unknown"]].to_numpy().sum() == 0


def test_a_row_condition_that_cannot_run_says_so(
    suites_folder: Path, tmp_path: Path, campaign: Campaign, jinan: Desk, returns: Any
) -> None:
    def spoil(raw: dict[str, Any]) -> None:
        condition = {"type": "pass_through", "pass_through_filter": "raw > 0"}
        raw["expectations"][2]["kwargs"]["row_condition"] = condition

    folder = _edited(suites_folder, tmp_path, "cells.json", spoil)
    returns.send(DUE)
    checked = check_due(jinan, load_suites(folder, campaign=campaign), DUE, **returns.at(DUE))
    assert _rules(checked.findings) == ["cells.negative"]
    assert "未能运行" in checked.findings[0].message


def test_a_part_of_a_row_condition_may_name_a_column_twice(
    suites_folder: Path, tmp_path: Path, campaign: Campaign, jinan: Desk, returns: Any
) -> None:
    def spoil(raw: dict[str, Any]) -> None:
        condition = {"type": "pass_through", "pass_through_filter": "value < -9 or value > -6"}
        raw["expectations"][2]["kwargs"]["row_condition"] = condition

    folder = _edited(suites_folder, tmp_path, "cells.json", spoil)
    suites = load_suites(folder, campaign=campaign)
    (rule,) = [rule for suite in suites for rule in suite.rules if rule.id == "cells.negative"]
    assert [condition.columns for condition in rule.conditions] == [("value",)]
    figures = dict(zip(jinan.unit_codes, (-5.0, -7.0, -10.0), strict=False))
    returns.send(DUE, lambda unit: {"F1_6": figures.get(unit, 1.0)})
    checked = check_due(jinan, suites, DUE, **returns.at(DUE))
    found = [one.region for one in checked.findings if one.rule == "cells.negative"]
    assert found == [jinan.unit_codes[0], jinan.unit_codes[2]]
    outcomes = checked.outcomes.query("rule == 'cells.negative' and form == 'F1'")
    assert outcomes[COUNTS].to_numpy().tolist() == [[13, 2, 0, 0]]


def test_figures_of_a_summary_stand_in_no_rows_to_be_exchanged(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    stated = {"P_visits": 3000, "P_helped": 400, "P_funds_wan": 60, "P_returned": 9000}
    astray = {"P_returned": 200, "P_stayed": 9000}
    returns.send(DUE, lambda unit: stated | {"P_stayed": 200} | (astray if unit == LIXIA else {}))
    checked = check_due(jinan, suites, DUE, **returns.at(DUE))
    of_p = [f.rule for f in checked.findings if f.form == "P" and f.region == LIXIA]
    assert "cells.out-of-line" in of_p
    assert "cells.swapped" not in of_p
    told = checked.outcomes.query("rule == 'cells.swapped'")["form"].tolist()
    assert told == ["F1", "F2"], "nor is the rule asked of a summary"


def test_the_same_returns_give_the_same_findings(
    suites: tuple[Suite, ...], jinan: Desk, returns: Any
) -> None:
    returns.send(DUE, lambda _: {"F1_5_1": 7, "F2_6": 3, "F1_7": None})
    once, twice = (check_due(jinan, suites, DUE, **returns.at(DUE)) for _ in range(2))
    assert once.findings == twice.findings
    pd.testing.assert_frame_equal(once.outcomes, twice.outcomes)


def test_no_failing_cell_is_cut_off(suites: tuple[Suite, ...], jinan: Desk, returns: Any) -> None:
    """Great Expectations lists only 200 unexpected values; row numbers it lists all."""
    codes = [item.code for form in ("F1", "F2") for item in jinan.expected_items(DUE, form)]
    returns.send(DUE, lambda _: dict.fromkeys(codes, -1))
    found = check_due(jinan, suites, DUE, **returns.at(DUE)).findings
    assert _rules(found).count("cells.negative") == 15 * len(codes) > 200


def test_nothing_arrived_at_all(suites: tuple[Suite, ...], jinan: Desk, returns: Any) -> None:
    returns.send(DUE, absent=lambda _: ("F1", "F2", "P"))
    frames = returns.at(DUE) | {"intake": intake_frame(())}
    checked = check_due(jinan, suites, DUE, **frames)
    assert len(checked.findings) == 45
    assert set(_rules(checked.findings)) == {"F1.received", "F2.received", "P.received"}
    rollup = roll_up(jinan, DUE, frames["facts"], findings_frame(checked.findings))
    totals = check_rollup(jinan, suites, DUE, rollup=rollup, facts=frames["facts"])
    assert totals.findings == ()
    assert (totals.outcomes["unknown"] == 1).all()


def test_a_check_needs_no_network_and_draws_no_progress_bar(
    suites: tuple[Suite, ...],
    jinan: Desk,
    returns: Any,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a check reached for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    returns.send(DUE, _negative)
    assert _rules(check_due(jinan, suites, DUE, **returns.at(DUE)).findings) == ["cells.negative"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_loading_great_expectations_needs_no_network(suites_folder: Path) -> None:
    script = (
        "import socket, sys, pathlib\n"
        "def refuse(*a, **k): raise SystemExit('network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from chunfeng_reports.checks import load_suites\n"
        "load_suites(pathlib.Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(suites_folder)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_face_of_the_room_does_not_load_great_expectations() -> None:
    script = "import sys, chunfeng_reports.checks; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.fixture(scope="module")
def another(repository: Path) -> Desk:
    """The desk of a made-up campaign with other forms, tiers and units."""
    folder = repository / "tests" / "second" / "campaigns" / "2025-xiazhao"
    return Desk.of(load_campaign(folder), "990100")


def test_another_campaign_needs_other_suites_and_no_code(
    another: Desk,
    suites_folder: Path,
    tmp_path: Path,
    make_returns: Callable[[Desk], Any],
) -> None:
    for name in ("cells.json", "totals.json"):
        text = (suites_folder / name).read_text("utf-8")
        for reading in ("reading:cumulative", "reading:counted-twice"):
            text = text.replace(reading, "样例通知")
        (tmp_path / name).write_text(text, "utf-8")
    named = another.campaign.model_copy(update={"suites": ("cells", "totals")})
    suites = load_suites(tmp_path, campaign=named)
    july, august = another.dues
    returns = make_returns(another).send(july, lambda _: {"A_2": 30.25, "A_1": 50})
    returns.send(august, lambda unit: {"A_2": 30.257, "A_1": 700 if unit[-1] == "2" else 50})
    found = check_due(another, suites, august, **returns.at(august)).findings
    assert [(f.rule, f.items) for f in found] == [
        *[("cells.precision", ("A_2",))] * 3,
        ("cells.jump", ("A_1",)),
    ]
    facts = returns.at(august)["facts"]
    rollup = roll_up(another, august, facts, findings_frame(()))
    checked = check_rollup(another, suites, august, rollup=rollup, facts=facts)
    assert checked.findings == ()
    assert set(checked.outcomes["form"]) == {"A", "B"}
    assert (checked.outcomes[COUNTS].sum(axis=1) == len(another.nodes)).all()


def test_a_due_that_asks_for_documents_alone(
    suites: tuple[Suite, ...], jinan: Desk, make_returns: Callable[[Desk], Any]
) -> None:
    rounds = list(jinan.tier.rounds)
    asked = {code: rounds[2].forms[code] for code in ("P", "S3")}
    rounds[2] = rounds[2].model_copy(update={"forms": asked})
    desk = replace(jinan, tier=jinan.tier.model_copy(update={"rounds": tuple(rounds)}))
    returns = make_returns(desk).send(THIRD, absent=lambda unit: ("P",) if unit == LIXIA else ())
    frames = returns.at(THIRD) | {"facts": facts_frame(())}
    checked = check_due(desk, suites, THIRD, **frames)
    assert _rules(checked.findings) == ["P.received"]
    empty = roll_up(desk, THIRD, frames["facts"], findings_frame(()))
    assert check_rollup(desk, suites, THIRD, rollup=empty, facts=frames["facts"]).findings == ()
