"""The campaign's own rules notice what is planted, and leave clean returns in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, load_suites
from chunfeng_reports.doctor import Coverage, coverage, told
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


def test_an_invented_campaign_is_the_same_each_time_and_of_very_different_units(
    jinan: Desk, suites: tuple[Suite, ...]
) -> None:
    one, other = (invent(jinan, suites, seed=1, units=12) for _ in range(2))
    assert one.facts == other.facts
    assert one.facts != invent(jinan, suites, seed=2, units=12).facts
    people = [f.value or 0 for f in one.facts if f.item == "F1_2" and f.due == jinan.dues[-1]]
    assert max(people) > 10 * min(people)
