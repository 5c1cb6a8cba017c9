"""A region is known by any of its names, and never taken for another of a like name."""

from __future__ import annotations

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading.words.places import Places, labelled


@pytest.fixture(scope="module")
def places(jinan: Desk) -> Places:
    return Places(jinan)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("历下区", "370102"), ("济南市历下区", "370102"), ("山东省济南市历城区人社局", "370112"),
        ("市中区", "370103"), ("济南市市中区", "370103"), ("济南市中区", "370103"),
        ("章丘市", "370114"), ("370181", "370114"), ("370102000000", "370102"),
        ("高新区", "370176"), ("济南高新技术产业开发区", "370176"), ("370191", "370176"),
        ("南部山区（报市局）", "3701Z1"), ("济南新旧动能转换起步区", "3701Z2"),
        ("2023年 历 下 区 统计表", "370102"), ("莱城区", "370116"),
    ],
)  # fmt: skip
def test_a_text_names_a_unit(places: Places, text: str, code: str) -> None:
    assert places.within(text).unit == code


@pytest.mark.parametrize("text", ["青岛市市中区", "莱芜高新区", "青岛市", "枣庄市市中区人社局"])
def test_a_region_that_is_none_of_ours_is_told_apart(places: Places, text: str) -> None:
    place = places.within(text)
    assert (place.unit, place.above) == ("", False)
    assert place.other


@pytest.mark.parametrize("text", ["", "统计表", "历下区和历城区", "城市中心", "1370102", "3701025"])
def test_a_text_without_one_region_says_nothing(places: Places, text: str) -> None:
    assert places.within(text).silent


def test_the_body_itself_is_no_unit_but_contradicts_none(places: Places) -> None:
    assert places.within("济南市").above


def test_a_bare_stem_will_do_where_it_stands_alone(places: Places) -> None:
    assert places.alone("市中").unit == "370103"
    assert places.within("城市中").silent


def test_a_county_is_no_unit_of_the_province(campaign: Campaign) -> None:
    province = Places(Desk.of(campaign, "370000"))
    assert province.within("济南市").unit == "370100"
    assert province.within("济南市历下区").other == "历下区"


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("区县：历下区", True, "历下区"), ("区县", True, ""), ("市：", True, ""),
        ("填报单位（盖章）：历下区残联", True, "历下区残联"), ("区县 历下区", True, "历下区"),
        ("市中区", False, ""), ("单位负责人：", False, ""), ("填报时间：2023年4月1日", False, ""),
    ],
)  # fmt: skip
def test_a_label_cell_of_the_unit_is_known(text: str, label: bool, name: str) -> None:
    assert labelled(text) == (label, name)
