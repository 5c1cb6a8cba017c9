"""Every rule of the campaign lets through, catches and leaves open what ``cases/`` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from chunfeng_reports.campaign import Desk
from chunfeng_reports.checks import Checked, Rule, Suite, check_due, check_rollup
from chunfeng_reports.checks.offered import BELOW_COLUMNS
from chunfeng_reports.findings import findings_frame
from chunfeng_reports.rollup import roll_up

CASES: dict[str, dict[str, Any]] = {}
for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
    CASES.update(yaml.safe_load(path.read_text("utf-8")))
for case in CASES.values():  # of several valid cases, the others are "valid 2", "valid 3" …
    if isinstance(case["valid"], list):
        case["valid"], *more = case["valid"]
        case.update({f"valid {n}": one for n, one in enumerate(more, 2)})
KINDS = ("valid", "invalid", "missing")
STANDS = {"valid": "passed", "invalid": "failed", "missing": "unknown"}
UNIT_CASES = [rule for rule in CASES if not rule.startswith(("totals.", "rollup."))]
TOTAL_CASES = [rule for rule in CASES if rule.startswith(("totals.", "rollup."))]

Case = Mapping[str, Any]


def _rules(suites: Iterable[Suite]) -> dict[str, Rule]:
    return {rule.id: rule for suite in suites for rule in suite.rules}


def _only(suites: Iterable[Suite], rule: str) -> tuple[Suite, ...]:
    kept = [replace(s, rules=tuple(r for r in s.rules if r.id == rule)) for s in suites]
    return tuple(suite for suite in kept if suite.rules)


def _stands(case: Case, kind: str) -> str:
    return str(case[kind].get("stands", STANDS[kind.split(maxsplit=1)[0]]))


def test_every_rule_has_a_valid_an_invalid_and_a_missing_case(suites: tuple[Suite, ...]) -> None:
    assert set(CASES) == set(_rules(suites))
    assert {rule for rule, case in CASES.items() if not set(KINDS) <= set(case)} == set()


@pytest.mark.parametrize("rule", UNIT_CASES)
def test_a_rule_on_units(
    rule: str,
    suites: tuple[Suite, ...],
    jinan: Desk,
    make_returns: Callable[[Desk], Any],
) -> None:
    case, judged = CASES[rule], _rules(suites)[rule]
    due, form = due_of(case, jinan), judged.form or _form(case)
    units = jinan.expected_units(due, form)
    kind_of = kinds_of(case, form, jinan)
    returns = sent(case, kind_of, make_returns(jinan))

    frames = returns.at(due) | {"below": below_of(case, kind_of)}
    checked = check_due(jinan, _only(suites, rule), due, **frames)

    says = case["invalid"]["says"]
    said = says if isinstance(says, list) else [says]
    invalid = [unit for unit in units if kind_of.get(unit) == "invalid"]
    assert [(f.region, f.message) for f in checked.findings] == [
        (unit, message) for unit in invalid for message in said
    ]
    for found in checked.findings:
        assert (found.rule, found.form, found.severity) == (rule, form, judged.severity)
        assert bool(found.cell) == bool(found.items)
    _assert_counts(checked, form, [_stands(case, kind_of.get(u) or "valid") for u in units])


@pytest.mark.parametrize("rule", TOTAL_CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_on_totals(
    rule: str,
    kind: str,
    suites: tuple[Suite, ...],
    jinan: Desk,
    make_returns: Callable[[Desk], Any],
) -> None:
    case, judged = CASES[rule], _rules(suites)[rule]
    checked = check_rollup(jinan, _only(suites, rule), **rolled(case, kind, make_returns(jinan)))

    assert [f.message for f in checked.findings] == [
        case[kind]["says"] for _ in range(kind == "invalid")
    ]
    for found in checked.findings:
        assert (found.rule, found.severity) == (rule, judged.severity)
        assert found.region == "370100"
    _assert_counts(checked, judged.items[0][:2] if judged.items else "F1", [_stands(case, kind)])


def due_of(case: Case, desk: Desk) -> str:
    return str(case.get("due", desk.dues[-1]))


def sent(case: Case, kind_of: Mapping[str, str], returns: Any) -> Any:
    """What units sent when each plays the kind of the case that it is given."""
    due = due_of(case, returns.desk)
    for name, when in _dues(returns.desk, due).items():
        returns.send(
            when,
            lambda unit, name=name: _figures(case, kind_of.get(unit, ""), name),
            typed=lambda unit: _part(case, kind_of.get(unit, ""), "typed", {}),
            absent=lambda unit, when=when: (
                _part(case, kind_of.get(unit, ""), "absent", ()) if when == due else ()
            ),
        )
    for unit, kind in kind_of.items():
        if doubted := _part(case, kind, "doubted", []):
            returns.doubt(_dues(returns.desk, due)["before"], unit, doubted)
    return returns


def below_of(case: Case, kind_of: Mapping[str, str]) -> pd.DataFrame:
    """What the units' own units add up to, as `check_due` takes it."""
    rows = [
        (unit, item, float(value), "2023-03-31")
        for unit, kind in kind_of.items()
        for item, value in _part(case, kind, "below", {}).items()
    ]
    return pd.DataFrame(rows, columns=list(BELOW_COLUMNS))


def rolled(case: Case, kind: str, returns: Any) -> dict[str, Any]:
    """What `check_rollup` takes when all units play one kind of a case."""
    desk = returns.desk
    due, first = desk.dues[-1], desk.unit_codes[0]
    for name, when in _dues(desk, due).items():
        returns.send(
            when,
            lambda unit, name=name: (
                _figures(case, kind, name)
                | (_part(case, kind, "first", {}) if (unit, name) == (first, "figures") else {})
            ),
        )
    facts = returns.at(due)["facts"]
    rollup = roll_up(desk, due, facts, findings_frame(()))
    for item, total in case[kind].get("rolled", {}).items():
        rollup.loc[rollup["item"] == item, "value"] = float(total)
    return {"due": due, "rollup": rollup, "facts": facts}


def _form(case: Case) -> str:
    named = case["invalid"].get("figures") or case["invalid"]["typed"]
    return str(next(iter(named))).split("_")[0]


def kinds_of(case: Case, form: str, desk: Desk) -> dict[str, str]:
    """Which kind of a case each unit that must file its form plays."""
    units = desk.expected_units(due_of(case, desk), form or _form(case))
    kinds = [*KINDS, *(name for name in case if name.startswith("valid "))]
    return _kinds(units, kinds, alone="others" in case)


def _kinds(units: tuple[str, ...], kinds: Sequence[str], *, alone: bool) -> dict[str, str]:
    """Which case each unit plays: one each where the others have figures of their own."""
    if alone:
        return dict(zip(units, kinds, strict=False))
    share = len(units) // len(kinds)
    return {unit: kinds[min(n // share, len(kinds) - 1)] for n, unit in enumerate(units)}


def _dues(desk: Desk, due: str) -> dict[str, str]:
    earlier = desk.earlier(due)
    dues = {"figures": due}
    if earlier:
        dues["before"] = earlier[-1]
    if len(earlier) > 1:
        dues["earlier"] = earlier[-2]
    return dues


def _figures(case: Case, kind: str, name: str) -> dict[str, float | None]:
    if name == "figures" and not kind:
        return dict(case.get("others", {}))
    return dict(case.get(name, {})) | dict(_part(case, kind, name, {}))


def _part(case: Case, kind: str, name: str, default: Any) -> Any:
    return case[kind].get(name, default) if kind else default


def _assert_counts(checked: Checked, form: str, standings: list[str]) -> None:
    outcomes: pd.DataFrame = checked.outcomes[checked.outcomes["form"] == form]
    assert len(outcomes) == 1
    row = outcomes.iloc[0]
    got = {name: int(row[name]) for name in ("passed", "failed", "unknown", "could_not_run")}
    assert got == {name: standings.count(name) for name in got}
