"""Definitions: the 2023 campaign as the notice has it, and bad definitions refused all at once."""

from __future__ import annotations

import copy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.errors import DefinitionError, UseError

Raw = dict[str, Any]


@pytest.fixture(scope="module")
def good(repository: Path) -> Raw:
    raw: Raw = {}
    for path in (repository / "campaigns" / "2023-chunfeng").glob("*.yaml"):
        raw |= yaml.safe_load(path.read_text("utf-8"))
    return raw


@pytest.fixture
def raw(good: Raw) -> Raw:
    return copy.deepcopy(good)


def _faults(raw: Raw, folder: Path) -> dict[str, str]:
    (folder / "campaign.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_campaign(folder)
    return {fault.path: fault.message for fault in caught.value.faults}


def test_jinan_has_fifteen_units_and_three_dues(campaign: Campaign) -> None:
    desk = Desk.of(campaign, "370100")
    assert len(desk.units) == 15
    assert desk.dues == ("2023-02-01", "2023-03-01", "2023-04-01")
    assert desk.nodes == {"370100": desk.unit_codes}


def test_shandong_has_sixteen_cities_and_its_own_dues(campaign: Campaign) -> None:
    desk = Desk.of(campaign, "370000")
    assert len(desk.units) == 16
    assert desk.dues == ("2023-01-09", "2023-02-03", "2023-04-03")


def test_rounds_feed_each_other_by_name_and_not_by_ordinal(campaign: Campaign) -> None:
    desk = Desk.of(campaign, "370100")
    feeds = {due: desk.round(due).feeds for due in desk.dues}
    assert feeds == {
        "2023-02-01": date(2023, 2, 3),
        "2023-03-01": None,
        "2023-04-01": date(2023, 4, 3),
    }


def test_the_federation_form_is_due_at_the_end_and_not_from_zones_without_one(jinan: Desk) -> None:
    assert jinan.expected_units("2023-02-01", "F3") == ()
    units = jinan.expected_units("2023-04-01", "F3")
    assert len(units) == 13
    assert not {"3701Z1", "3701Z2"} & set(units)


def test_summaries_must_state_other_figures_at_each_due(jinan: Desk) -> None:
    asked = {due: [i.code for i in jinan.expected_items(due, "P")] for due in jinan.dues}
    assert asked["2023-02-01"][-2:] == ["P_returned", "P_stayed"]
    assert asked["2023-03-01"][-1] == "P_migrants_out"
    assert asked["2023-04-01"] == []
    assert "P" in jinan.expected_forms("2023-04-01")


def test_items_keep_the_notice_numbering(campaign: Campaign) -> None:
    codes = [item.code for item in campaign.form_by_code["F1"].items]
    assert codes == [f"F1_{n}" for n in ("1", "2", "3", "4", "5", "5_1", "5_2", "5_3", "6", "7")]
    assert len(campaign.form_by_code["F2"].items) == 11
    assert len(campaign.form_by_code["F3"].items) == 10


def test_stocks_are_the_three_that_may_fall(campaign: Campaign) -> None:
    stocks = {c for c, i in campaign.item_by_code.items() if i.basis == "stock" and c[0] == "F"}
    assert stocks == {"F2_2", "F2_6", "F3_2"}


def test_old_codes_lead_to_the_region_of_today(campaign: Campaign) -> None:
    assert campaign.region_by_code["370181"].code == "370114"
    assert Desk.of(campaign, "370100").unit("371202").short == "莱芜区"


def test_every_reading_of_the_notice_that_touches_a_form_is_registered(campaign: Campaign) -> None:
    ids = {reading.id for reading in campaign.readings}
    assert {"cumulative", "live-within-online", "damaged-header", "counted-twice"} <= ids
    assert all(reading.taken and reading.why and reading.origin for reading in campaign.readings)


def test_no_mailbox_phone_or_person_of_the_notice_is_in_the_definition(repository: Path) -> None:
    texts = "".join(p.read_text("utf-8") for p in (repository / "campaigns").rglob("*.yaml"))
    assert "@" not in texts
    assert "shandong.cn" not in texts


def test_an_unknown_key_is_refused_with_its_path(raw: Raw, tmp_path: Path) -> None:
    raw["forms"][0]["items"][2]["colour"] = "red"
    assert _faults(raw, tmp_path) == {"forms[0].items[2].colour": "不认识的键"}


def test_every_fault_is_told_at_once_each_with_its_path(raw: Raw, tmp_path: Path) -> None:
    raw["forms"][0]["items"][5]["parent"] = "F1_99"
    raw["forms"][0]["items"][1]["code"] = "F1_1"
    raw["tiers"][0]["rounds"][0]["due"] = "2024-02-01"
    raw["tiers"][0]["rounds"][2]["feeds"] = "2023-04-09"
    raw["regions"][3]["parent"] = "999999"
    raw["regions"][5]["code"] = "370100"
    raw["readings"][0]["items"] = ["F9_1"]
    raw["surprise"] = 1
    del raw["title"]
    faults = _faults(raw, tmp_path)
    assert set(faults) >= {
        "forms[0].items[5].parent",
        "forms[0].items[1].code",
        "tiers[0].rounds[0].due",
        "tiers[0].rounds[2].feeds",
        "regions[3].parent",
        "regions[5].code",
        "readings[0].items[0]",
        "surprise",
        "title",
    }
    assert "2024-02-01" in faults["tiers[0].rounds[0].due"]


def test_one_name_for_two_items_of_a_form_is_refused(raw: Raw, tmp_path: Path) -> None:
    raw["forms"][0]["items"][3]["aliases"] = [raw["forms"][0]["items"][2]["label"]]
    faults = _faults(raw, tmp_path)
    assert "也是 F1_3 的名称" in faults["forms[0].items[3].aliases"]


def test_one_code_for_two_items_of_different_forms_is_refused(raw: Raw, tmp_path: Path) -> None:
    raw["forms"][1]["items"][0]["code"] = "F1_1"
    assert "forms[1].items[0].code" in _faults(raw, tmp_path)


def test_regions_that_are_their_own_ancestors_are_refused(raw: Raw, tmp_path: Path) -> None:
    raw["regions"][0]["parent"] = "370100"
    assert any("绕回" in message for message in _faults(raw, tmp_path).values())


def test_a_body_in_two_tiers_is_refused(raw: Raw, tmp_path: Path) -> None:
    raw["tiers"][1]["bodies"].append("370100")
    assert "tiers[0].bodies[0]" in _faults(raw, tmp_path)


def test_broken_yaml_names_file_and_line(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "campaigns" / "2023-chunfeng", tmp_path / "c")
    (tmp_path / "c" / "forms.yaml").write_text("forms:\n  - {code: F1", "utf-8")
    with pytest.raises(DefinitionError, match=r"forms\.yaml 第 \d+ 行"):
        load_campaign(tmp_path / "c")


def test_a_key_given_twice_is_refused_where_yaml_would_keep_the_last(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text("id: a\nid: b\n", "utf-8")
    with pytest.raises(DefinitionError, match="不是正确的 YAML"):
        load_campaign(tmp_path)


def test_the_same_key_in_two_files_is_refused(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "campaigns" / "2023-chunfeng", tmp_path / "c")
    (tmp_path / "c" / "more.yaml").write_text("title: 另一个\n", "utf-8")
    with pytest.raises(DefinitionError, match="另一文件中已有此键"):
        load_campaign(tmp_path / "c")


def test_a_body_that_no_tier_reports_to_says_which_there_are(campaign: Campaign) -> None:
    with pytest.raises(UseError, match="370100 济南市"):
        Desk.of(campaign, "110000")


def test_a_due_that_is_none_says_which_there_are(jinan: Desk) -> None:
    with pytest.raises(UseError, match="2023-03-01"):
        jinan.round("2023-02-03")
