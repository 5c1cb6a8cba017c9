"""Expectations that Great Expectations lacks, written as it intends: usable in any suite.

>>> from chunfeng_reports.checks.expectations import ExpectSumToCompare
>>> ExpectSumToCompare(left=["offline", "online"], operator="<=", right=["total"])  # doctest: +SKIP

They know nothing of forms, and judge tables in pandas. Rows in which a figure is missing are left
out, unless ``ignore_row_if`` says otherwise: what is missing is neither right nor wrong.
"""

# ruff: noqa: N805 (Great Expectations makes class methods of metrics itself)
from __future__ import annotations

import operator as compare
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from chunfeng_reports.checks.gx import gx  # isort: skip  # noqa: F401  (quiet, before the rest)
from great_expectations.compatibility import pydantic
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnPairMapExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (  # noqa: E501
    column_pair_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (  # noqa: E501
    ColumnPairMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)
from great_expectations.render.renderer_configuration import (
    RendererConfiguration,
    RendererValueType,
)

Operator = Literal["<", "<=", "==", "!=", ">=", ">"]

DIGITS = 6
"""Digits behind the point that count when sums are compared: 0.1 + 0.2 equals 0.3."""

_COMPARE = {
    "<": compare.lt,
    "<=": compare.le,
    "==": compare.eq,
    "!=": compare.ne,
    ">=": compare.ge,
    ">": compare.gt,
}
_DOMAIN = ("batch_id", "table", "row_condition", "condition_parser", "ignore_row_if")


class SumsCompare(MulticolumnMapMetricProvider):
    """Metric: whether, row by row, the sum of some columns compares with the sum of others."""

    condition_metric_name = "multicolumn_values.sums_compare"
    condition_domain_keys = (*_DOMAIN, "column_list")
    condition_value_keys = ("left", "operator", "right")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **kwargs: Any) -> pd.Series[bool]:
        left, right = (_sum(column_list, kwargs[side]) for side in ("left", "right"))
        met: pd.Series[bool] = _COMPARE[kwargs["operator"]](left, right)
        return met


def _sum(table: pd.DataFrame, columns: list[str]) -> pd.Series[float]:
    total: pd.Series[float] = table[list(columns)].sum(axis=1, skipna=False).round(DIGITS)
    return total


class ExpectSumToCompare(MulticolumnMapExpectation):
    """Expect the sum of some columns to compare with the sum of others, in every row.

    Args:
        left: columns added up on the left.
        operator: ``<``, ``<=``, ``==``, ``!=``, ``>=`` or ``>``.
        right: columns added up on the right; one column is a total.
        ignore_row_if: rows left out, by default ``any_value_is_missing``.

    ``column_list``, which Great Expectations needs, is made from left and right. Sums are compared
    to six digits behind the point.
    """

    left: list[str]
    operator: Operator
    right: list[str]
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = (
        "any_value_is_missing"
    )

    map_metric: ClassVar[str] = "multicolumn_values.sums_compare"
    success_keys: ClassVar[tuple[str, ...]] = ("left", "operator", "right", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("left", "operator", "right")

    @pydantic.root_validator(pre=True)
    def _list_columns(cls, values: dict[str, Any]) -> dict[str, Any]:
        sides = [*(values.get("left") or []), *(values.get("right") or [])]
        return {**values, "column_list": list(dict.fromkeys(sides))}

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration[Any]) -> Any:
        kwargs = renderer_configuration.kwargs
        for side in ("left", "right"):
            added = " + ".join(kwargs.get(side, ()))
            renderer_configuration.add_param(side, RendererValueType.STRING, value=added)
        renderer_configuration.add_param("operator", RendererValueType.STRING)
        renderer_configuration.template_str = "$left must be $operator $right, in every row."
        return renderer_configuration


class DecimalsAtMost(ColumnPairMapMetricProvider):
    """Metric: whether the number in A has no more digits behind the point than B says."""

    condition_metric_name = "column_pair_values.decimals_at_most"
    condition_domain_keys = (*_DOMAIN, "column_A", "column_B")
    condition_value_keys = ()

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,
        column_A: pd.Series[float],  # noqa: N803  (named by Great Expectations)
        column_B: pd.Series[int],  # noqa: N803
        **_: Any,
    ) -> pd.Series[bool]:
        scaled = column_A * 10.0**column_B
        # What binary fractions leave over (19.9 * 10 is 199.00000000000003) is no decimal.
        slack = np.maximum(scaled.abs() * 1e-12, 1e-9)
        return (scaled - scaled.round()).abs() <= slack


class ExpectColumnPairValuesAToHaveAtMostBDecimals(ColumnPairMapExpectation):
    """Expect each number in column A to have at most as many decimals as column B says.

    Args:
        column_A: numbers.
        column_B: how many digits behind the point are allowed; 0: whole numbers only.
        ignore_row_if: rows left out, by default ``either_value_is_missing``.
    """

    ignore_row_if: Literal["both_values_are_missing", "either_value_is_missing", "neither"] = (
        "either_value_is_missing"
    )

    map_metric: ClassVar[str] = "column_pair_values.decimals_at_most"
    success_keys: ClassVar[tuple[str, ...]] = ("ignore_row_if", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column_A", "column_B")

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration[Any]) -> Any:
        for name in cls.args_keys:
            renderer_configuration.add_param(name, RendererValueType.STRING)
        renderer_configuration.template_str = "$column_A must have at most $column_B decimals."
        return renderer_configuration
