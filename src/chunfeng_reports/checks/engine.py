"""The engine: Great Expectations judges a table, row by row; nothing here judges again."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from chunfeng_reports.checks.gx import gx  # isort: skip  (quietly, before the rest of it)
from great_expectations.compatibility import pydantic
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.exceptions.exceptions import ExpectationNotFoundError
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import get_expectation_impl

from chunfeng_reports.checks import expectations  # noqa: F401  (registers ours with GX)
from chunfeng_reports.checks.rules import Rule, Verdict

_log = logging.getLogger(__name__)

_ROWWISE = (ColumnMapExpectation, ColumnPairMapExpectation, MulticolumnMapExpectation)
_SKIPS_GAPS = {
    ColumnPairMapExpectation: "either_value_is_missing",
    MulticolumnMapExpectation: "any_value_is_missing",
}
_HAS_ROW_NUMBERS: dict[str, Any] = {
    "result_format": "COMPLETE",
    "include_unexpected_rows": False,
    "partial_unexpected_count": 0,
}


def validate(table: pd.DataFrame, rules: Iterable[Rule]) -> dict[str, Verdict]:
    """The verdict on every rule, by rule id, from one validation of the whole table.

    A rule that cannot be run takes no other with it.
    """
    rules = list(rules)
    if not rules or table.empty:
        return {rule.id: Verdict() for rule in rules}
    needed = [name for name in table.columns if any(name in rule.columns for rule in rules)]
    batch = _batch(table[needed])  # a row condition costs by the width of the table
    try:
        return _verdicts(batch, rules)
    except Exception:
        _log.debug("the rules are run one by one, for together they failed", exc_info=True)
    return {rule.id: _alone(batch, rule) for rule in rules}


def refusals(kind: str, kwargs: Mapping[str, Any], severity: str) -> Iterator[tuple[str, str]]:
    """Why Great Expectations, or this house, refuses an expectation: (path, Chinese sentence)."""
    try:
        implementation = get_expectation_impl(kind)
    except ExpectationNotFoundError:
        yield "type", f"Great Expectations 没有这种期望：{kind}"
        return
    if not issubclass(implementation, _ROWWISE):
        yield "type", f"{kind} 不是逐行判断的期望，不能落到单位和单元格"
        return
    try:
        made = _expectation(kind, kwargs, severity=severity)
    except pydantic.ValidationError as error:
        for found in error.errors():
            yield ".".join(["kwargs", *map(str, found["loc"])]), f"参数有误：{found['msg']}"
        return
    except (TypeError, ValueError) as error:
        yield "kwargs", f"参数有误：{error}"
        return
    for base, wanted in _SKIPS_GAPS.items():
        if isinstance(made, base) and made.ignore_row_if != wanted:
            yield "kwargs.ignore_row_if", f"须为 {wanted}：缺数既不算对，也不算错"
    if made.mostly != 1:
        yield "kwargs.mostly", "不能用 mostly：每一行都要判断"


def _expectation(kind: str, kwargs: Mapping[str, Any], **other: Any) -> Any:
    config = ExpectationConfiguration(type=kind, kwargs=dict(kwargs), **other)
    return config.to_domain_obj()


def _batch(table: pd.DataFrame) -> Any:
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_pandas("chunfeng")
    whole = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    return whole.get_batch({"dataframe": table})


def _verdicts(batch: Any, rules: Iterable[Rule]) -> dict[str, Verdict]:
    made = [
        _expectation(rule.type, rule.kwargs, severity=rule.severity, meta={"id": rule.id})
        for rule in rules
    ]
    suite = gx.ExpectationSuite(name="rules", expectations=made)
    results = batch.validate(suite, result_format=_HAS_ROW_NUMBERS).results
    return {result.expectation_config.meta["id"]: _verdict(result) for result in results}


def _alone(batch: Any, rule: Rule) -> Verdict:
    try:
        return _verdicts(batch, [rule])[rule.id]
    except Exception as error:
        _log.debug("rule %s could not be run", rule.id, exc_info=True)
        return Verdict(error=_sentence(error))


def _verdict(result: Any) -> Verdict:
    errors = list(_errors(result.exception_info or {}))
    if errors:
        return Verdict(error=_sentence(errors[0]))
    if result.success:
        return Verdict()
    return Verdict(failed=tuple(int(row) for row in result.result["unexpected_index_list"]))


def _errors(info: Mapping[Any, Any]) -> Iterator[str]:
    if info.get("raised_exception"):
        yield str(info.get("exception_message"))
    for inner in info.values():
        if isinstance(inner, Mapping):
            yield from _errors(inner)


def _sentence(error: object) -> str:
    """The first line of an error, without what differs from run to run (addresses in memory)."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return re.sub(r"0x[0-9a-fA-F]+", "0x…", lines[0])[:200]
