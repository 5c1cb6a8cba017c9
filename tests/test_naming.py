"""Naming: the unit or item that a person means; where none or several could be, they are told."""

from __future__ import annotations

import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import UseError

DUE = "2023-02-01"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("370102", "370102"),
        ("历下区", "370102"),
        ("历下", "370102"),
        (" 历下区 ", "370102"),
        ("济南高新技术产业开发区", "370176"),
        ("新旧动能", "3701Z2"),
    ],
    ids=["code", "name", "alias", "with blanks", "in full", "a part of one name alone"],
)
def test_a_unit_is_found_by_code_name_or_part_of_one(jinan: Desk, words: str, code: str) -> None:
    assert jinan.unit_named(words).code == code


def test_a_code_may_be_a_number_or_an_old_one(jinan: Desk) -> None:
    """papermill reads ``-p region 370102`` as a number."""
    assert jinan.unit(370102).code == jinan.unit_named(370102).code == "370102"
    old = next(unit for unit in jinan.campaign.regions if unit.old_codes and unit in jinan.units)
    assert jinan.unit_named(old.old_codes[0]) == old
    with pytest.raises(UseError, match="999999 不是济南市的报送单位；可用：370102 历下区、"):
        jinan.unit(999999)


@pytest.mark.parametrize("words", ["济南市", "370100"])
def test_the_body_is_no_unit_and_that_is_said(jinan: Desk, words: str) -> None:
    with pytest.raises(UseError, match=f"“{words}”是汇总单位济南市（370100）自己，不是报送单位"):
        jinan.unit_named(words)


def test_an_exact_name_goes_before_names_that_hold_it(jinan: Desk) -> None:
    assert jinan.item_named(DUE, "帮助就业").code == "F2_3", "帮助就业人次 holds it too"


def test_a_part_of_several_names_is_refused_with_all_of_them(jinan: Desk) -> None:
    with pytest.raises(UseError, match="“历”可以是370102 历下区、370112 历城区；请写全"):
        jinan.unit_named("历")


@pytest.mark.parametrize("words", ["历夏区", "历下县"])
def test_a_slip_of_the_pen_is_told_the_nearest_names_first(jinan: Desk, words: str) -> None:
    with pytest.raises(UseError, match=f"没有济南市的报送单位“{words}”；相近的：370102 历下区、"):
        jinan.unit_named(words)


@pytest.mark.parametrize("words", ["", "　"])
def test_nothing_means_no_unit(jinan: Desk, words: str) -> None:
    with pytest.raises(UseError, match="没有济南市的报送单位"):
        jinan.unit_named(words)


def test_an_item_that_a_due_does_not_ask_for_is_none(jinan: Desk) -> None:
    assert jinan.item_named("2023-04-01", "F3_1").code == "F3_1"
    short = jinan.campaign.item_by_code["F3_1"].short
    for words in ("F3_1", short):
        with pytest.raises(
            UseError, match=f"{DUE} 不要求报“F3_1 {short}”；要求报它的：2023-04-01$"
        ):
            jinan.item_named(DUE, words)
    with pytest.raises(UseError, match="没有2023-02-01 报送的指标“F9_1”"):
        jinan.item_named(DUE, "F9_1")
