"""Great Expectations does the judging: what stands in the JSON decides, and nothing besides.

Every entry of the campaign is taken out, and its finding goes; every bound and operand of it is
moved, and the verdict moves. The returns are those of ``cases/``.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from test_rules import CASES, TOTAL_CASES, UNIT_CASES, below_of, due_of, kinds_of, rolled, sent

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, check_due, check_rollup
from chunfeng_reports.checks.suites import load_own
from workbench import ROOT

FILES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "expectations" / "2023-chunfeng").glob("*.json"))
]
ENTRIES = {entry["meta"]["id"]: (file, entry) for file in FILES for entry in file["expectations"]}

FAR = 1e12
OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
# What says of which columns, or how gaps are treated, is no bound.
NO_BOUNDS = {"column", "column_A", "column_B", "column_list", "left", "right", "ignore_row_if"}

Kwargs = dict[str, Any]
Check = Callable[[tuple[Suite, ...]], set[tuple[str, str, str]]]


@pytest.fixture
def judge(campaign: Campaign, jinan: Desk, make_returns: Callable[[Desk], Any]) -> Any:
    """The findings (kind of case, region, rule id) that some entries give on a rule's cases."""

    def judged(rule: str, entries: list[Any]) -> set[tuple[str, str, str]]:
        suites = load_own([ENTRIES[rule][0] | {"expectations": entries}], campaign=campaign)
        case = CASES[rule]
        if rule in UNIT_CASES:
            due = due_of(case, jinan)
            kinds = kinds_of(case, ENTRIES[rule][0]["meta"].get("form", ""), jinan)
            frames = sent(case, kinds, make_returns(jinan)).at(due)
            below = below_of(case, kinds)
            found = check_due(jinan, suites, due, **frames, below=below).findings
            return {(kinds.get(f.region, ""), f.region, f.rule) for f in found}
        return {
            (kind, f.region, f.rule)
            for kind in ("valid", "invalid")
            for f in check_rollup(jinan, suites, **rolled(case, kind, make_returns(jinan))).findings
        }

    return judged


@pytest.mark.parametrize("rule", [*UNIT_CASES, *TOTAL_CASES])
def test_an_entry_taken_out_takes_its_finding_with_it(rule: str, judge: Any) -> None:
    file, _ = ENTRIES[rule]
    others = [entry for entry in file["expectations"] if entry["meta"]["id"] != rule]
    assert rule not in {found for _, _, found in judge(rule, others)}


@pytest.mark.parametrize("rule", [*UNIT_CASES, *TOTAL_CASES])
def test_every_bound_moved_moves_the_verdict(rule: str, judge: Any) -> None:
    _, entry = ENTRIES[rule]
    moved = dict(_moves(entry["kwargs"]))
    assert moved, "a rule without a bound or an operand cannot be Great Expectations' verdict"
    entries = [
        _called(entry, f"{rule}.{n}.{m}", kwargs)
        for n, ways in enumerate(moved.values())
        for m, kwargs in enumerate(ways)
    ]
    found = judge(rule, [entry, *entries])
    stands = _failing(found, rule)
    assert {kind for kind, _ in stands} == {"invalid"}
    for n, (name, ways) in enumerate(moved.items()):
        verdicts = [_failing(found, f"{rule}.{n}.{m}") for m in range(len(ways))]
        assert any(verdict != stands for verdict in verdicts), f"{name} decides nothing"


def _called(entry: Mapping[str, Any], name: str, kwargs: Kwargs) -> dict[str, Any]:
    return {**entry, "kwargs": kwargs, "meta": entry["meta"] | {"id": name}}


def _failing(found: set[tuple[str, str, str]], rule: str) -> set[tuple[str, str]]:
    """Kind and region of what failed; a rule that could not run would fail on the body."""
    return {(kind, region) for kind, region, name in found if name == rule and kind}


def _moves(kwargs: Kwargs) -> Iterator[tuple[str, list[Kwargs]]]:
    """Every bound and operand of an expectation, with ways to move it."""
    for name, value in kwargs.items():
        if name == "row_condition":
            for part, conditions in _other_conditions(value["pass_through_filter"]):
                others = [value | {"pass_through_filter": other} for other in conditions]
                yield f"row_condition: {part}", [kwargs | {name: other} for other in others]
        elif name not in NO_BOUNDS:
            yield name, [kwargs | {name: other} for other in _others(name, kwargs)]
    if "column_A" in kwargs and "or_equal" in kwargs:
        exchanged = {"column_A": kwargs["column_B"], "column_B": kwargs["column_A"]}
        yield "column_A, column_B", [kwargs | exchanged]


def _others(name: str, kwargs: Kwargs) -> list[Any]:
    value = kwargs[name]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):  # a lower bound above the upper one is refused
        return [kwargs.get("min_value", -FAR) if name == "max_value" else -FAR,
                kwargs.get("max_value", FAR) if name == "min_value" else FAR]  # fmt: skip
    if isinstance(value, list):
        return [["—"]]
    return [OPPOSITE[value]]  # KeyError: say here how this kind of operand is moved


def _other_conditions(written: str) -> Iterator[tuple[str, list[str]]]:
    """Each part of a row condition turned round, and each figure or text in it replaced."""
    tree = ast.parse(written, mode="eval").body
    parts = tree.values if isinstance(tree, ast.BoolOp) else [tree]
    for part in map(ast.unparse, parts):
        yield part, [ast.unparse(ast.parse(written)).replace(part, f"(not ({part}))")]
    for constant in (node for node in ast.walk(tree) if isinstance(node, ast.Constant)):
        others = ["—"] if isinstance(constant.value, str) else [-FAR, FAR]
        yield f"{constant.value!r}", [_with(written, constant, other) for other in others]


def _with(written: str, constant: ast.Constant, other: object) -> str:
    before, after = written[: constant.col_offset], written[constant.end_col_offset :]
    return f"{before}{other!r}{after}"
