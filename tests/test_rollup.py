"""Totals: what they add, what they lack, and between what bounds they lie."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.campaign import Desk
from chunfeng_reports.facts import Fact, facts_frame
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.rollup import ROLLUP_COLUMNS, add, roll_up

FIRST, SECOND, THIRD = "2023-02-01", "2023-03-01", "2023-04-01"
NO_FINDINGS = findings_frame(())


def _facts(desk: Desk, due: str, values: dict[tuple[str, str], float]) -> list[Fact]:
    """Every expected fact of a due; those without a value are absent."""
    return [
        Fact(due, unit, form, item.code, values.get((unit, item.code)),
             "value" if (unit, item.code) in values else "absent")
        for form in desk.expected_forms(due)
        for unit in desk.expected_units(due, form)
        for item in desk.expected_items(due, form)
    ]  # fmt: skip


def _all(
    desk: Desk, item: str, value: float, *, but: Iterable[str] = ()
) -> dict[tuple[str, str], float]:
    return {(unit, item): value for unit in desk.unit_codes if unit not in set(but)}


def _row(frame: pd.DataFrame, due: str, item: str) -> pd.Series:
    found = frame[(frame["due"] == due) & (frame["item"] == item)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_complete_total_is_the_sum_and_is_final(jinan: Desk) -> None:
    facts = facts_frame(_facts(jinan, FIRST, _all(jinan, "F1_1", 10)))
    row = _row(roll_up(jinan, FIRST, facts, NO_FINDINGS), FIRST, "F1_1")
    assert row["value"] == 150
    assert (row["units_expected"], row["units_counted"], row["missing"]) == (15, 15, "")
    assert row["lower"] == 150
    assert math.isnan(row["upper"])
    assert not row["provisional"]


def test_a_missing_unit_makes_the_total_provisional_and_never_counts_as_zero(jinan: Desk) -> None:
    earlier = _facts(jinan, FIRST, _all(jinan, "F1_1", 10))
    now = _facts(jinan, SECOND, _all(jinan, "F1_1", 20, but=["370102"]))
    row = _row(roll_up(jinan, SECOND, facts_frame([*earlier, *now]), NO_FINDINGS), SECOND, "F1_1")
    assert row["value"] == 14 * 20
    assert row["missing"] == "370102"
    assert row["provisional"]
    assert row["lower"] == 14 * 20 + 10, "a cumulative figure is at least its last value"
    assert math.isnan(row["upper"])


def test_a_later_value_of_the_missing_unit_is_a_ceiling(jinan: Desk) -> None:
    now = _facts(jinan, SECOND, _all(jinan, "F1_1", 20, but=["370102"]))
    later = _facts(jinan, THIRD, _all(jinan, "F1_1", 33))
    row = _row(roll_up(jinan, SECOND, facts_frame([*now, *later]), NO_FINDINGS), SECOND, "F1_1")
    assert (row["lower"], row["upper"]) == (280, 313)


def test_a_stock_is_never_carried_forward(jinan: Desk) -> None:
    earlier = _facts(jinan, FIRST, _all(jinan, "F2_2", 10))
    now = _facts(jinan, SECOND, _all(jinan, "F2_2", 20, but=["370102"]))
    row = _row(roll_up(jinan, SECOND, facts_frame([*earlier, *now]), NO_FINDINGS), SECOND, "F2_2")
    assert row["lower"] == 280


def test_where_nobody_reported_there_is_no_total(jinan: Desk) -> None:
    facts = facts_frame(_facts(jinan, FIRST, {}))
    row = _row(roll_up(jinan, FIRST, facts, NO_FINDINGS), FIRST, "F1_1")
    assert math.isnan(row["value"])
    assert row["lower"] == 0
    assert row["units_counted"] == 0


def _grave(items: tuple[str, ...], *, due: str = FIRST, state: str = "open") -> pd.DataFrame:
    return findings_frame(
        [Finding(due, "370103", "F1", items, "r", "critical", "错", state=state)]  # type: ignore[arg-type]
    )


def test_a_value_in_grave_doubt_is_added_as_typed_and_makes_the_total_provisional(
    jinan: Desk,
) -> None:
    values = _all(jinan, "F1_6", 10) | {("370103", "F1_6"): -5.0}
    row = _row(
        roll_up(jinan, FIRST, facts_frame(_facts(jinan, FIRST, values)), _grave(("F1_6",))),
        FIRST,
        "F1_6",
    )
    assert row["value"] == 135
    assert (row["doubted"], bool(row["provisional"])) == ("370103", True)


def test_a_doubt_on_the_whole_form_is_on_each_of_its_items(jinan: Desk) -> None:
    facts = facts_frame(_facts(jinan, FIRST, _all(jinan, "F1_1", 10)))
    frame = roll_up(jinan, FIRST, facts, _grave(()))
    assert _row(frame, FIRST, "F1_1")["doubted"] == "370103"
    assert _row(frame, FIRST, "F2_1")["doubted"] == ""


def test_a_doubt_that_was_waived_no_longer_holds_the_total_up(jinan: Desk) -> None:
    facts = facts_frame(_facts(jinan, FIRST, _all(jinan, "F1_1", 10)))
    row = _row(roll_up(jinan, FIRST, facts, _grave((), state="waived")), FIRST, "F1_1")
    assert not row["provisional"]


def test_a_doubted_last_value_is_no_floor(jinan: Desk) -> None:
    earlier = _facts(jinan, FIRST, _all(jinan, "F1_1", 10))
    now = _facts(jinan, SECOND, _all(jinan, "F1_1", 20, but=["370103"]))
    row = _row(
        roll_up(jinan, SECOND, facts_frame([*earlier, *now]), _grave(("F1_1",))), SECOND, "F1_1"
    )
    assert row["lower"] == 280


def test_a_unit_that_need_not_file_is_neither_expected_nor_added(jinan: Desk) -> None:
    facts = _facts(jinan, THIRD, _all(jinan, "F3_1", 10))
    unasked = [Fact(THIRD, "3701Z1", "F3", "F3_1", 99.0, "value")]
    row = _row(roll_up(jinan, THIRD, facts_frame([*facts, *unasked]), NO_FINDINGS), THIRD, "F3_1")
    assert (row["value"], row["units_expected"]) == (130, 13)


def test_columns_are_the_contract(jinan: Desk) -> None:
    frame = roll_up(jinan, FIRST, facts_frame(_facts(jinan, FIRST, {})), NO_FINDINGS)
    assert tuple(frame.columns) == ROLLUP_COLUMNS
    assert set(frame["region"]) == {"370100"}


@given(st.lists(st.decimals(min_value=-1000, max_value=1_000_000, places=1), max_size=40))
def test_tenths_add_up_as_on_paper(values: list) -> None:
    assert add(float(v) for v in values) == pytest.approx(float(sum(values)), abs=1e-6)
    assert repr(add([0.1, 0.2])) == "0.3"


@given(
    now=st.lists(st.none() | st.integers(0, 10_000), min_size=15, max_size=15),
    more=st.lists(st.integers(0, 1000), min_size=15, max_size=15),
)
def test_the_true_total_lies_within_the_bounds(
    jinan: Desk, now: list[int | None], more: list[int]
) -> None:
    """Whatever is missing: if figures are cumulative, the full total lies between the bounds."""
    truth = {u: (v if v is not None else 500) for u, v in zip(jinan.unit_codes, now, strict=True)}
    first = {
        (u, "F1_1"): float(max(0, t - m)) for (u, t), m in zip(truth.items(), more, strict=True)
    }
    second = {
        (u, "F1_1"): float(v) for u, v in zip(jinan.unit_codes, now, strict=True) if v is not None
    }
    third = {(u, "F1_1"): float(t + m) for (u, t), m in zip(truth.items(), more, strict=True)}
    facts = facts_frame(
        [*_facts(jinan, FIRST, first), *_facts(jinan, SECOND, second), *_facts(jinan, THIRD, third)]
    )
    row = _row(roll_up(jinan, SECOND, facts, NO_FINDINGS), SECOND, "F1_1")
    assert row["lower"] <= sum(truth.values())
    if row["missing"]:
        assert row["upper"] >= sum(truth.values())
