"""What would mend returns whose figures do not fit together, and how that is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunfeng_reports.campaign import Desk
from chunfeng_reports.cells import Place
from chunfeng_reports.checks import load_suites
from chunfeng_reports.checks.relations import relations
from chunfeng_reports.corrections import (
    CORRECTION_COLUMNS,
    Correction,
    Record,
    correct,
    corrections_frame,
    records,
    suggestions,
)
from chunfeng_reports.facts import Fact, facts_frame
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.localise import Rule

DUE, UNIT = "2023-02-01", "370102"
WITHIN = [
    Rule("F1.offline-within-total", {"F1_5": 1, "F1_5_1": -1}, ">="),
    Rule("F1.online-within-total", {"F1_5": 1, "F1_5_2": -1}, ">="),
    Rule("F1.offline-online-within-total", {"F1_5_1": 1, "F1_5_2": 1, "F1_5": -1}, "<="),
]
MAKES = [Rule("made-up.total", {"F1_5_1": 1, "F1_5_2": 1, "F1_5": -1}, "==")]
DEMAND = [Rule("F1.demand-covers-posts", {"F1_4": 1, "F1_3": -1}, ">=")]


def _record(values: dict[str, float | None], **known: frozenset[str]) -> Record:
    typed = {item: "" if value is None else f"{value:g}" for item, value in values.items()}
    places = {item: Place("a.xlsx", "00", "表", f"B{row}") for row, item in enumerate(values, 4)}
    return Record(values, typed, places, **known)


def _found(
    desk: Desk, values: dict[str, float | None], rules: list[Rule], **known: frozenset[str]
) -> tuple[Correction, ...]:
    return correct(desk, DUE, UNIT, _record(values, **known), rules)


def test_a_return_that_fits_together_needs_nothing(jinan: Desk) -> None:
    assert _found(jinan, {"F1_5": 10, "F1_5_1": 6, "F1_5_2": 4}, WITHIN) == ()


def test_one_total_is_wrong_rather_than_two_parts(jinan: Desk) -> None:
    (found,) = _found(jinan, {"F1_5": 3, "F1_5_1": 6, "F1_5_2": 14}, WITHIN)
    assert (found.item, found.lower, found.upper, found.sole) == ("F1_5", 20.0, None, True)
    assert set(found.rules) == {rule.id for rule in WITHIN}
    assert found.place.cell == "B4"
    assert found.message == "改这一项：“招聘活动”（B4）现填 3，应不小于 20（建议先核实）"


@pytest.mark.parametrize(
    ("typed", "right", "kind", "words"),
    [(1900, 190, "scale", "多写或少写了零"), (109, 190, "transposed", "相邻数字颠倒"),
     (90, 190, "dropped", "少写一位数字"), (1990, 190, "added", "多写一位数字"),
     (180, 190, "digit", "一位数字写错")],
)  # fmt: skip
def test_a_slip_is_named_as_a_person_would_name_it(
    jinan: Desk, typed: float, right: float, kind: str, words: str
) -> None:
    rules = [
        *MAKES,
        Rule("kept", {"F1_5_1": 1}, "==", 101),
        Rule("kept too", {"F1_5_2": 1}, "==", 89),
    ]
    found = _found(jinan, {"F1_5": typed, "F1_5_1": 101, "F1_5_2": 89}, rules)
    assert [(one.item, one.lower, one.kind) for one in found] == [("F1_5", right, kind)]
    assert found[0].sole
    assert f"应为 {right}（{words}）（很可能）" in found[0].message


def test_two_rows_swapped_are_one_way_and_not_the_only_one(jinan: Desk) -> None:
    found = _found(jinan, {"F1_3": 2229, "F1_4": 1001}, DEMAND)
    first = [one for one in found if one.option == 1]
    assert [(one.item, one.lower) for one in first] == [("F1_3", 1001.0), ("F1_4", 2229.0)]
    assert {one.kind for one in first} == {"swapped"}
    assert first[0].message == (
        "两项可能填反：“提供岗位”（B4）现填 2,229，应为 1,001，"
        "“岗位需求”（B5）现填 1,001，应为 2,229（一种可能）"
    )
    assert {one.item for one in found if one.option > 1} == {"F1_3", "F1_4"}
    assert not any(one.sole for one in found)


def test_what_was_in_doubt_before_is_doubted_first(jinan: Desk) -> None:
    values: dict[str, float | None] = {"F1_3": 237, "F1_4": 101}
    both = _found(jinan, values, DEMAND)
    assert {one.item for one in both if not one.kind} == {"F1_3", "F1_4"}
    only = _found(jinan, values, DEMAND, doubted=frozenset({"F1_4"}))
    assert {one.item for one in only if not one.kind} == {"F1_4"}


def test_a_blank_is_nothing_to_mend(jinan: Desk) -> None:
    assert _found(jinan, {"F1_5": None, "F1_5_1": 6, "F1_5_2": 4}, WITHIN) == ()


def test_a_record_is_made_of_facts_and_findings() -> None:
    facts = facts_frame([
        Fact(DUE, UNIT, "F1", "F1_3", 12.0, "value", "12人", "a.xlsx", "00", "表", "B6"),
        Fact(DUE, UNIT, "F1", "F1_4", None, "unreadable", "1,23", "a.xlsx", "00", "表", "B7"),
    ])  # fmt: skip
    findings = findings_frame([
        Finding(DUE, UNIT, "F1", ("F1_3",), "reading.interpreted", "info", "…"),
        Finding(DUE, UNIT, "F1", ("F1_4",), "cells.unreadable", "critical", "…"),
        Finding(DUE, UNIT, "F1", ("F1_3", "F1_4"), "F1.demand-covers-posts", "warning", "…"),
    ])  # fmt: skip
    record = records(facts, findings, [UNIT])[UNIT]
    assert record.values == {"F1_3": 12.0, "F1_4": None}
    assert record.weights == {"F1_3": 0.75, "F1_4": 0.5}
    assert record.place("F1_3") == Place("a.xlsx", "00", "表", "B6")


def test_the_table_has_its_columns_and_types_even_without_rows(jinan: Desk) -> None:
    found = _found(jinan, {"F1_3": 2229, "F1_4": 1001}, DEMAND)
    for frame in (corrections_frame(found), corrections_frame(())):
        assert tuple(frame.columns) == CORRECTION_COLUMNS
        assert frame["was"].dtype == "float64"
        assert frame["sole"].dtype == "bool"
    told = suggestions(corrections_frame(found))
    (rule,) = found[0].rules
    assert told[UNIT, "F1_3", rule] == told[UNIT, "F1_4", rule] == found[0].message
    assert {key[2] for key in told} == {rule}, "no other rule's finding is mended by it"


def test_nothing_to_mend_suggests_nothing() -> None:
    assert suggestions(corrections_frame(())) == {}


@settings(max_examples=50)
@given(st.lists(st.integers(-5, 2000), min_size=3, max_size=3))
def test_each_way_to_mend_can_be_followed(jinan: Desk, figures: list[int]) -> None:
    """Whatever stands there: what is suggested leaves a figure that the rules allow."""
    values = dict(zip(("F1_5", "F1_5_1", "F1_5_2"), map(float, figures), strict=True))
    found = _found(jinan, dict(values), WITHIN)
    assert bool(found) == (
        min(figures) < 0 or figures[1] + figures[2] > figures[0] or max(figures[1:]) > figures[0]
    )
    for one in found:
        assert one.lower is None or one.upper is None or one.lower <= one.upper
        assert one.was == values[one.item]


def test_the_campaigns_own_rules_are_known_to_be_linear_where_they_are(jinan: Desk) -> None:
    suites = load_suites(
        Path(__file__).parents[1] / "expectations" / "2023-chunfeng", campaign=jinan.campaign
    )
    rules = [rule for suite in suites for rule in suite.rules]
    items = list(jinan.campaign.item_by_code)
    linear = relations(rules, items)
    assert {"F1.offline-online-within-total", "F2.parts-within-total", "P.helped-covers-persons",
            "F1.demand-covers-posts"} <= set(linear)  # fmt: skip
    # It holds where the parts make the total without the third of them, or with it: no one line.
    assert "F1.parts-make-total" not in linear
    assert relations(rules, ["F1_5"]) == {}


def test_a_frame_of_corrections_is_the_same_each_time(jinan: Desk) -> None:
    frames = [corrections_frame(_found(jinan, {"F1_3": 9, "F1_4": 1}, DEMAND)) for _ in range(2)]
    pd.testing.assert_frame_equal(*frames)
