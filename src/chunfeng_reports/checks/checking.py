"""Checking: facts and totals of a due, held against a campaign's suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.cells import Place
from chunfeng_reports.checks import offered
from chunfeng_reports.checks.relations import bounds, relations
from chunfeng_reports.checks.rules import Rule, Suite
from chunfeng_reports.checks.suites import faults_against
from chunfeng_reports.checks.verdicts import (
    Bench,
    Outcome,
    findings_of,
    outcomes_frame,
    outcomes_of,
)
from chunfeng_reports.errors import DefinitionError
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.localise import Rule as Relation


@dataclass(frozen=True)
class Checked:
    """What the rules gave at a due.

    outcomes: a row a rule × form; columns due, form, rule, passed, failed, unknown, could_not_run
    (int64 counts: of units, for rules on the roll-up of region nodes). broken: for each unit whose
    items do not fit together, all the linear rules that they should keep.
    """

    findings: tuple[Finding, ...]
    outcomes: pd.DataFrame
    broken: Mapping[str, tuple[Relation, ...]] = field(default_factory=dict)


def check_due(
    desk: Desk,
    suites: Iterable[Suite],
    due: str,
    *,
    facts: pd.DataFrame,
    intake: pd.DataFrame,
    earlier: pd.DataFrame,
    below: pd.DataFrame | None = None,
    peers: Mapping[str, str] | None = None,
) -> Checked:
    """Findings and outcomes of the rules on cells and units at a due.

    facts, intake: of all dues up to and including this one (`FACT_COLUMNS`, `INTAKE_COLUMNS`);
    earlier: findings of the dues before it (`FINDING_COLUMNS`); below: what the units' own
    workspaces add up to (`offered.BELOW_COLUMNS`), where there are any; peers: unit → the group
    among which it is held against others, by default all units alike. Rules whose form or items are
    not asked for at this due are not asked either. DefinitionError where a suite speaks of what the
    campaign does not have.
    """
    rules = _rules(desk, suites)
    past = offered.history(desk, due, facts=facts, earlier=earlier)
    cells = offered.cells_table(
        desk, due, facts=facts, intake=intake, past=past, below=below, peers=peers
    )
    units = offered.units_table(desk, due, cells, intake, past)
    judged = {form: desk.expected_units(due, form) for form in desk.expected_forms(due)}
    bench = Bench(desk, due, judged, _places(facts[facts["due"] == due]))
    checked = _judge(bench, rules, cells=cells, units=units)
    return replace(checked, broken=_broken(desk, due, rules, cells, checked.findings))


def _broken(
    desk: Desk,
    due: str,
    rules: Iterable[Rule],
    cells: pd.DataFrame,
    findings: Iterable[Finding],
) -> dict[str, tuple[Relation, ...]]:
    forms = desk.expected_forms(due)
    items = [item.code for form in forms for item in desk.expected_items(due, form)]
    between = relations(rules, items)
    regions = {found.region for found in findings if found.rule in between}
    held = bounds(rules, cells[cells["region"].isin(regions)])
    return {region: (*between.values(), *held.get(region, ())) for region in sorted(regions)}


def check_rollup(
    desk: Desk, suites: Iterable[Suite], due: str, *, rollup: pd.DataFrame, facts: pd.DataFrame
) -> Checked:
    """Findings and outcomes of the rules on the roll-up at a due; their regions are nodes.

    rollup: `ROLLUP_COLUMNS`; facts: as for :func:`check_due`.
    """
    rules = _rules(desk, suites)
    past = offered.history(desk, due, facts=facts, earlier=findings_frame(()))
    totals = offered.totals_table(desk, due, rollup=rollup, facts=facts, past=past)
    wide = offered.rollup_table(desk, totals)
    judged = {form: tuple(desk.nodes) for form in desk.expected_forms(due)}
    return _judge(Bench(desk, due, judged), rules, totals=totals, rollup=wide)


def _rules(desk: Desk, suites: Iterable[Suite]) -> tuple[Rule, ...]:
    suites = tuple(suites)
    faults = faults_against(desk.campaign, suites)
    if faults:
        raise DefinitionError(desk.campaign.id, faults)
    return tuple(rule for suite in suites for rule in suite.rules)


def _judge(bench: Bench, rules: Iterable[Rule], **tables: pd.DataFrame) -> Checked:
    from chunfeng_reports.checks import engine  # noqa: PLC0415  (GX takes seconds to load)

    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    for name, table in tables.items():
        asked = [rule for rule in rules if rule.table == name and bench.suits(rule, table)]
        said = engine.validate(table, asked)
        for rule in asked:
            findings += findings_of(bench, table, rule, said[rule.id])
            outcomes += outcomes_of(bench, table, rule, said[rule.id])
    return Checked(tuple(findings), outcomes_frame(outcomes))


def _places(facts: pd.DataFrame) -> dict[tuple[str, str], Place]:
    there = facts[facts["file"] != ""]
    columns = (there[name] for name in ("region", "item", "file", "sha256", "sheet", "cell"))
    return {
        (region, item): Place(file, sha256, sheet, cell)
        for region, item, file, sha256, sheet, cell in zip(*columns, strict=True)
    }
