"""Rules: the records of this room — a rule, the suite it stands in, and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chunfeng_reports.checks.offered import TableName
from chunfeng_reports.findings import Severity

WIDE = ("units", "rollup")
"""Tables that have a column for every item; the others have a row for every item."""


@dataclass(frozen=True)
class Condition:
    """One part of a row condition: all parts must hold for a row to be judged."""

    expression: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule: an expectation and what the bureau says with it.

    type, kwargs: Great Expectations' own; columns: the columns it needs to judge a row, those of
    its conditions included; conditions: the parts of its ``row_condition``.
    label: its name for a reviewer; reason: why it is a rule; origin: a line of the notice, or
    ``reading:<id>``; items: codes that it is about (none: the row's item, or the whole form);
    message, value, expected: texts with ``{column}`` to be filled in.
    soften: a column of truth values; where true, a finding is only an ``info``.
    left_out: what a row is that ``row_condition`` leaves out although nothing is missing in it.
    """

    id: str
    table: TableName
    form: str
    type: str
    kwargs: Mapping[str, Any]
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...]
    severity: Severity
    label: str
    reason: str
    origin: str
    items: tuple[str, ...]
    message: str
    value: str = ""
    expected: str = ""
    soften: str = ""
    left_out: str = "passed"


@dataclass(frozen=True)
class Suite:
    """The rules of one file. table: what its rows are; form: the form it is about, if one."""

    name: str
    table: TableName
    form: str
    label: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations said of one rule: row numbers that failed, or why it could not run.

    error is empty where it ran.
    """

    failed: tuple[int, ...] = ()
    error: str = ""
