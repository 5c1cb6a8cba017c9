"""The campaign's own rules notice what is planted, and leave clean returns in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, load_suites
from chunfeng_reports.doctor import KINDS, Coverage, coverage, told
from chunfeng_reports.doctor.invented import invent

COMPLETE = ("received", "blank", "unreadable")


@pytest.fixture(scope="module")
def suites(repository: Path, campaign: Campaign) -> tuple[Suite, ...]:
    return load_suites(repository / "expectations" / "2023-chunfeng", campaign=campaign)


@pytest.fixture(scope="module")
def found(jinan: Desk, suites: tuple[Suite, ...]) -> Coverage:
    """One campaign of twelve units, of the kinds that spoil a cell by much."""
    told = Coverage()
    clean = coverage._invented(jinan, suites, [1], 12)
    coverage._doubts(clean, told)
    with pytest.MonkeyPatch.context() as patched:
        few = {kind: coverage.KINDS[kind] for kind in ("x100", "sign", "stale")}
        patched.setattr(coverage, "KINDS", few)
        coverage._plant_all(clean, suites, told)
    return told


@pytest.mark.slow
def test_every_item_has_a_rule_beyond_completeness(
    found: Coverage, campaign: Campaign, suites: tuple[Suite, ...]
) -> None:
    """A figure a hundred times too large, or below 0, is noticed in every item."""
    judging = [
        rule for suite in suites for rule in suite.rules if rule.id.split(".")[-1] not in COMPLETE
    ]
    for item in campaign.item_by_code:
        assert any(item in rule.items or rule.table == "cells" for rule in judging), item
        caught, planted = found.share(item=item, kind="sign")
        assert 0 < planted == caught, item
        if item[:2] in ("F1", "F2"):
            caught, planted = found.share(item=item, kind="x100")
            assert caught * 10 >= planted * 8, item


@pytest.mark.slow
def test_large_errors_are_noticed_and_clean_forms_left_alone(found: Coverage) -> None:
    for form in ("F1", "F2"):
        for kind in ("x100", "sign", "stale"):
            caught, planted = found.share(form=form, kind=kind)
            assert caught * 100 >= planted * 95, (form, kind)
    assert sum(found.doubted.values()) * 40 <= sum(found.forms.values())


@pytest.mark.slow
def test_coverage_is_told_in_words_and_as_data(found: Coverage, jinan: Desk) -> None:
    assert "| F1_1 参加企业 |" in "\n".join(told.markdown(found, jinan))
    assert told.as_data(found)["clean_forms"] == sum(found.forms.values())


def test_a_share_is_held_against_its_target(jinan: Desk) -> None:
    assert coverage.targeted(jinan) == ("F1", "F2"), "tables that come more than once"
    found = Coverage()
    found.planted.update({("F1", "F1_1", "x10", True): 100, ("F2", "F2_1", "x10", True): 100})
    found.caught.update({("F1", "F1_1", "x10", True): 95, ("F2", "F2_1", "x10", True): 94})
    found.bound.update({("F1_5", "off", True): 1, ("F1_5", "off", False): 1})
    found.forms["F1"], found.doubted["F1"] = 39, 1
    lines = list(told.markdown(found, jinan))
    assert "| ×10 | 至少 95% | 95%（95/100） | 94%（94/100），**未达到** |" in lines
    assert "- 一项多记：50%（1/2），**未达到**；目标至少 95%" in lines
    assert "无误的表被提示：1/39 张，**未达到**；目标至多 2.50%。" in lines


def test_what_is_kept_in_the_docs_reaches_every_target(repository: Path, jinan: Desk) -> None:
    kept = (repository / "docs" / "rules-coverage.md").read_text("utf-8")
    assert all(f"| {KINDS[kind].label} | 至少" in kept for kind in coverage.TARGETS)
    assert "未达到" not in kept
    assert "make coverage" in kept
    for page in ("README.md", "docs/architecture.md"):
        assert "rules-coverage.md)" in (repository / page).read_text("utf-8")


def test_nothing_is_exchanged_or_shifted_in_a_document(
    jinan: Desk, suites: tuple[Suite, ...]
) -> None:
    clean = coverage._invented(jinan, suites, [1], 5)
    due, figures = jinan.dues[0], coverage._figures(clean)
    unit = clean.desk.unit_codes[0]
    planted = {
        (form, kind.id)
        for form in ("F1", "P")
        for kind in KINDS.values()
        for _ in coverage._planted(clean, (due, unit, form), kind, 1, figures, ())
    }
    assert planted & {("F1", "swapped"), ("F1", "shifted"), ("P", "x10")} == {
        ("F1", "swapped"), ("F1", "shifted"), ("P", "x10"),
    }  # fmt: skip
    assert not planted & {("P", "swapped"), ("P", "shifted")}


def test_an_invented_campaign_is_the_same_each_time_and_of_very_different_units(
    jinan: Desk, suites: tuple[Suite, ...]
) -> None:
    one, other = (invent(jinan, suites, seed=1, units=12) for _ in range(2))
    assert one.facts == other.facts
    assert one.facts != invent(jinan, suites, seed=2, units=12).facts
    people = [f.value or 0 for f in one.facts if f.item == "F1_2" and f.due == jinan.dues[-1]]
    assert max(people) > 10 * min(people)
