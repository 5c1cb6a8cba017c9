"""Relations: those of a campaign's rules that are linear, for finding where an error is.

A rule that holds only under a condition (``row_condition``) is linear all the same where the
condition is itself a rule: it was put there lest one mistake be told twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from chunfeng_reports.checks.rules import Rule
from chunfeng_reports.localise import Rule as Relation

_PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
_SUMS = "expect_sum_to_compare"
_OPERATORS = {ast.LtE: "<=", ast.GtE: ">=", ast.Eq: "=="}
#: What a relation says, whichever way it is written: coefficients, sorted, and ``<=`` or ``==``.
_Line = tuple[tuple[tuple[str, float], ...], str]


def relations(rules: Iterable[Rule], items: Iterable[str]) -> dict[str, Relation]:
    """The linear rules between a unit's own items at a due, by their ids.

    items: codes asked for at the due; a rule that speaks of anything else is left out, and so is
    one that is only an ``info``.
    """
    known = set(items)
    wide = [r for r in rules if r.table == "units" and r.severity != "info"]
    told = {rule.id: made for rule in wide if (made := _relation(rule)) is not None
            and set(made.coefficients) <= known}  # fmt: skip
    lines = {_line(made) for made in told.values()}
    implied = {rule.id for rule in wide if all(_parsed(c.expression) in lines
                                               for c in rule.conditions)}  # fmt: skip
    return {key: made for key, made in told.items() if key in implied}


def bounds(rules: Iterable[Rule], cells: pd.DataFrame) -> dict[str, list[Relation]]:
    """What an earlier figure demands of each cell (``value >= last``), by region.

    cells: rows of the ``cells`` table. The ids are those of the rules, with the item behind a
    colon.
    """
    found: dict[str, list[Relation]] = {}
    for rule in rules:
        other = rule.kwargs.get("column_B")
        fits = rule.table == "cells" and rule.type == _PAIR and rule.kwargs.get("or_equal")
        if not fits or rule.kwargs.get("column_A") != "value" or other not in cells:
            continue
        held = cells[cells[other].notna() & _met(rule, cells)]
        for region, item, bound in zip(held["region"], held["item"], held[other], strict=True):
            made = Relation(f"{rule.id}:{item}", {item: 1}, ">=", float(bound))
            found.setdefault(region, []).append(made)
    return found


def _met(rule: Rule, cells: pd.DataFrame) -> pd.Series[bool]:
    """Rows that a rule is asked on, whatever their own value may be."""
    met = pd.Series(True, index=cells.index)
    for condition in rule.conditions:
        if "value" not in condition.columns:
            met &= pd.Series(cells.eval(condition.expression), index=cells.index).astype("bool")
    return met


def _relation(rule: Rule) -> Relation | None:
    kwargs: Mapping[str, Any] = rule.kwargs
    if rule.type == _PAIR and kwargs.get("or_equal"):
        return Relation(rule.id, {kwargs["column_A"]: 1, kwargs["column_B"]: -1}, ">=")
    if rule.type == _SUMS and kwargs["operator"] in ("<=", "==", ">="):
        return Relation(rule.id, _summed(kwargs["left"], kwargs["right"]), kwargs["operator"])
    return None


def _summed(left: Iterable[str], right: Iterable[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for side, sign in ((left, 1), (right, -1)):
        for name in side:
            found[name] = found.get(name, 0) + sign
    return found


def _line(relation: Relation) -> _Line:
    sign = -1 if relation.relation == ">=" else 1
    terms = sorted((name, float(sign * c)) for name, c in relation.coefficients.items())
    return tuple(terms), "==" if relation.relation == "==" else "<="


def _parsed(expression: str) -> _Line | None:
    """A condition as a line; None where it is no plain comparison of sums."""
    tree = ast.parse(expression, mode="eval").body
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        return None
    operator = _OPERATORS.get(type(tree.ops[0]))
    try:
        left, right = list(_added(tree.left)), list(_added(tree.comparators[0]))
    except ValueError:
        return None
    return _line(Relation("", _summed(left, right), operator)) if operator else None  # type: ignore[arg-type]


def _added(tree: ast.expr) -> Iterator[str]:
    """The names that a sum adds up. ValueError: it is something else."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        yield from _added(tree.left)
        yield from _added(tree.right)
    elif isinstance(tree, ast.Name):
        yield tree.id
    else:
        raise ValueError
