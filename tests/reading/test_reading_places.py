"""A region is known by any of its names, and never taken for another of a like name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import desk_with_namesakes

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
        ("济南先行区", "3701Z2"), ("高新技术开发区管委会", "370176"),
        ("济南市高新技术开发区组织人社部", "370176"),
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("莱芜市莱城区", "370116"), ("莱芜市钢城区", "370117"), ("高新技术产业开发区", "370176"),
        ("南山管委会", "3701Z1"), ("济南新旧动能转换先行区", "3701Z2"), ("历下区370102", "370102"),
        ("历下区各街道", "370102"), ("历下区街道汇总", "370102"), ("商河县乡村振兴局", "370126"),
        ("历下区返乡就业情况总结", "370102"), ("历下区城镇就业", "370102"),
    ],
)  # fmt: skip
def test_old_names_and_words_beside_a_name_lead_to_the_unit(
    places: Places, text: str, code: str
) -> None:
    assert places.within(text).unit == code


@pytest.mark.parametrize(
    "text",
    ["历下区泉城路街道", "商河县玉皇庙镇", "济南高新区舜华路街道办", "章丘市明水街道",
     "天桥区北园街道人社所", "章丘高新区"],
)  # fmt: skip
def test_a_street_or_a_zone_of_a_unit_is_not_the_unit(places: Places, text: str) -> None:
    place = places.within(text)
    assert (place.unit, place.above, place.silent) == ("", False, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青岛市市南区", ""), ("济宁市任城区人社局", ""), ("泰安市泰山区", ""),
        ("枣庄市滕州市", ""),
        ("青岛市（报市局）", "370200"), ("泰安市各县市区", "370900"),
        ("潍坊市所属区县汇总", "370700"),
        ("临沂市老区就业", "371300"), ("青岛市人才市场", "370200"), ("济南市上报市局", "370100"),
    ],
)  # fmt: skip
def test_a_district_of_a_city_is_not_the_city(campaign: Campaign, text: str, code: str) -> None:
    assert Places(Desk.of(campaign, "370000")).within(text).unit == code


def test_several_units_in_a_text_are_none_but_it_is_known_which(places: Places) -> None:
    place = places.within("槐荫区、天桥区")
    assert (place.silent, place.several) == (True, ("370104", "370105"))
    assert places.agrees(place, "370104")
    assert not places.agrees(place, "370102")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("王长清", ""), ("张南山", ""), ("Administrator", ""), ("openpyxl", ""),
        ("长清区人社局王某", "370113"), ("历下人社", "370102"), ("历下区", "370102"),
    ],
)  # fmt: skip
def test_a_person_is_not_taken_for_the_place_of_a_like_name(
    places: Places, text: str, code: str
) -> None:
    assert places.maker(text).unit == code


@pytest.fixture
def with_namesakes(campaign: Campaign) -> Places:
    return Places(desk_with_namesakes(campaign))


def test_a_name_that_several_units_have_means_the_one_within_the_region_named_beside(
    with_namesakes: Places,
) -> None:
    places = with_namesakes
    shared = places.within("鼓楼区")
    assert (shared.several, shared.namesakes) == (("370199", "370299"), True)
    assert places.within("青岛市鼓楼区").unit == "370299"
    assert places.within("山东省/青岛市/鼓楼区统计表.xlsx").unit == "370299"
    assert places.alone("鼓楼").silent
    assert places.unclear("鼓楼区")


def test_units_of_one_name_are_told_apart_by_the_places_around(with_namesakes: Places) -> None:
    places = with_namesakes
    shared, province, city = map(places.within, ("鼓楼区", "山东省", "青岛市"))
    assert places.among(shared, [province]) == shared
    assert places.among(shared, [province, city]).unit == "370299"
    assert places.among(shared, [city, places.within("370199")]).unit == "370199"
    two = places.within("历下区、天桥区")
    assert not two.namesakes
    assert places.among(two, [city]) == two


def test_short_names_of_other_regions_are_known_by_how_a_text_begins(places: Places) -> None:
    others = places.others("370102", ("历下区", "历下"))
    assert [others.begin(text) for text in ("天桥区走访20人次", "青岛市", "天桥")] == [
        True, True, False,
    ]  # fmt: skip
    assert not any(map(others.begin, ("历下区走访20人次", "济南市", "山东省", "走访天桥区", "")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("返乡人数370102人", ""), ("发放370102份", ""), ("共370102人次", ""),
        ("370102人社局", "370102"), ("370102名单.xlsx", "370102"), ("370102.xlsx", "370102"),
    ],
)  # fmt: skip
def test_a_figure_is_not_taken_for_a_units_code(places: Places, text: str, code: str) -> None:
    assert places.within(text).unit == code


@given(st.text(alphabet="济南市历下城区章丘街道镇3701Z (）·x", max_size=14))
def test_any_text_names_one_region_or_none_and_its_names_can_be_taken_out(
    places: Places, text: str
) -> None:
    place = places.within(text)
    assert bool(place.unit) + bool(place.other) <= 1
    assert len(places.without_names(text)) <= len(text) * 2
    assert places.within(text) == place


@pytest.mark.parametrize("day", ["3月30日", "2023年3月30日", "3月", "30日"])
def test_a_day_is_no_name_of_a_unit(places: Places, day: str) -> None:
    assert not places.unclear(day)
