"""Verdicts: what Great Expectations said of rows, told as findings and as counts of units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.cells import NOWHERE, Place
from chunfeng_reports.checks.rules import WIDE, Condition, Rule, Verdict
from chunfeng_reports.checks.wording import fill
from chunfeng_reports.findings import Finding

OUTCOME_COLUMNS = ("due", "form", "rule", "passed", "failed", "unknown", "could_not_run")

Outcome = tuple[str, str, str, int, int, int, int]

_LEFT_OUT, _PASSED, _UNKNOWN, _FAILED = range(4)


@dataclass(frozen=True)
class Bench:
    """Where verdicts are given: a desk at a due.

    judged: form → the regions that a rule on it is judged for (units, or nodes of the roll-up);
    places: (region, item) → the cell that the figure came from.
    """

    desk: Desk
    due: str
    judged: Mapping[str, tuple[str, ...]]
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)

    def form_of(self, rule: Rule) -> str:
        """The form that a rule on a wide table is about; empty for rules on single cells."""
        if rule.form or not rule.items:
            return rule.form
        return self.desk.campaign.item_by_code[rule.items[0]].form

    def suits(self, rule: Rule, table: pd.DataFrame) -> bool:
        """Whether a rule can be asked at this due: its form and its columns are there."""
        form = self.form_of(rule)
        return (not form or form in self.judged) and set(rule.columns) <= set(table.columns)


def findings_of(
    bench: Bench, table: pd.DataFrame, rule: Rule, verdict: Verdict
) -> Iterator[Finding]:
    """A finding for every row that failed; one on the body where the rule could not run."""
    if verdict.error:
        yield _not_run(bench, rule, verdict)
    elif verdict.failed:
        for row in table.loc[list(verdict.failed)].to_dict("records"):
            yield _finding(bench, rule, row)


def outcomes_of(
    bench: Bench, table: pd.DataFrame, rule: Rule, verdict: Verdict
) -> Iterator[Outcome]:
    """Counts of units, as `OUTCOME_COLUMNS`, a row a form that the rule applies to.

    A unit failed if a row of it failed; is unknown if else a figure was missing in one; else
    passed. A rule on cells applies to a form if its row condition leaves it any cell.
    """
    standing = _standing(table, rule, verdict)
    for form, regions, rows in _forms(bench, table, rule):
        if verdict.error:
            yield (bench.due, form, rule.id, 0, 0, 0, len(regions))
        elif rule.table in WIDE or (standing[rows] != _LEFT_OUT).any():
            counts = _units(table.loc[rows, "region"], standing[rows], rule, regions)
            yield (bench.due, form, rule.id, *counts, 0)


def outcomes_frame(rows: Iterable[Outcome]) -> pd.DataFrame:
    """A table of outcomes; due, form and rule are text, the counts int64."""
    frame = pd.DataFrame(list(rows), columns=list(OUTCOME_COLUMNS))
    texts = dict.fromkeys(OUTCOME_COLUMNS[:3], "str")
    return frame.astype(texts | dict.fromkeys(OUTCOME_COLUMNS[3:], "int64"))


def _forms(
    bench: Bench, table: pd.DataFrame, rule: Rule
) -> Iterator[tuple[str, tuple[str, ...], pd.Series[bool]]]:
    """The forms that a rule is judged on: code, regions that count, rows of the table."""
    if rule.table in WIDE:
        form = bench.form_of(rule)
        yield form, bench.judged[form], table["region"].isin(bench.judged[form])
        return
    for form, regions in bench.judged.items():
        rows = table["form"] == form
        if rows.any():
            yield form, regions, rows


def _standing(table: pd.DataFrame, rule: Rule, verdict: Verdict) -> pd.Series[int]:
    """Of every row: failed (as Great Expectations says), unknown (a gap), left out, or passed."""
    standing = pd.Series(_PASSED, index=table.index)
    if verdict.error:
        return standing
    standing[_gaps(table, rule.columns)] = _UNKNOWN
    if rule.table == "cells":
        standing[table["state"] == "absent"] = _UNKNOWN
    for condition in rule.conditions:
        standing[_surely_unmet(table, condition)] = _LEFT_OUT
    standing[list(verdict.failed)] = _FAILED
    return standing


def _surely_unmet(table: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Rows in which a condition is false and lacks no figure: else nobody can tell."""
    columns = table[list(condition.columns)]
    met = pd.Series(columns.eval(condition.expression), index=table.index).astype("bool")
    return ~met & ~_gaps(table, condition.columns)


def _gaps(table: pd.DataFrame, columns: Iterable[str]) -> pd.Series[bool]:
    gaps: pd.Series[bool] = table[list(columns)].isna().any(axis=1)
    return gaps


def _units(
    regions: pd.Series[str], standing: pd.Series[int], rule: Rule, judged: tuple[str, ...]
) -> tuple[int, int, int]:
    """How many regions passed, failed, are unknown: each is as bad as its worst row."""
    meant = standing.replace(_LEFT_OUT, _UNKNOWN if rule.left_out == "unknown" else _PASSED)
    worst = list(meant.groupby(regions).max().reindex(list(judged), fill_value=_UNKNOWN))
    return worst.count(_PASSED), worst.count(_FAILED), worst.count(_UNKNOWN)


def _finding(bench: Bench, rule: Rule, row: Mapping[Any, Any]) -> Finding:
    items = rule.items if rule.table in WIDE else (str(row["item"]),)
    found = (bench.places[row["region"], item] for item in items if _known(bench, row, item))
    place = next(found, NOWHERE)
    return Finding(
        due=bench.due,
        region=row["region"],
        form=row.get("form") or bench.form_of(rule),
        items=items,
        rule=rule.id,
        severity="info" if rule.soften and row[rule.soften] is True else rule.severity,
        message=fill(rule.message, row),
        value=fill(rule.value, row),
        expected=fill(rule.expected, row),
        file=place.file,
        sheet=place.sheet,
        cell=place.cell,
    )


def _known(bench: Bench, row: Mapping[Any, Any], item: str) -> bool:
    return (row["region"], item) in bench.places


def _not_run(bench: Bench, rule: Rule, verdict: Verdict) -> Finding:
    return Finding(
        due=bench.due,
        region=bench.desk.body.code,
        form=bench.form_of(rule),
        items=(),
        rule=rule.id,
        severity="critical",
        message=(
            f"规则“{rule.label}”（{rule.id}）未能运行，本期没有按它检查过任何单位。"
            f"请改正规则文件后重新运行。原因：{verdict.error}"
        ),
        about="could_not_run",
    )
