"""Whose return it is, which form and which due: sources are held against each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_returns import (
    F1_TITLE,
    F2_TITLE,
    fates,
    form_rows,
    labels,
    rules,
    save_book,
    values,
    with_properties,
)

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import Collected, collect_due

DUE = "2023-02-01"
TEN = [float(n) for n in range(11, 21)]


def _f1(campaign: Campaign, folder: Path, name: str, unit: str = "") -> Path:
    return save_book(folder / name, ("x", form_rows(campaign, "F1", TEN, unit=unit)))


def _read(desk: Desk, folder: Path) -> Collected:
    return collect_due(desk, DUE, folder)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("a.xlsx", "区县：历下区"), ("a.xlsx", "填报单位（盖章）：济南市历下区人社局"),
        ("历下区/a.xlsx", ""), ("历下区统计表.xlsx", ""), ("370102.xlsx", ""),
        ("济南市历下区.xlsx", "市：济南市"),
    ],
)  # fmt: skip
def test_the_unit_is_known_from_the_form_the_folder_or_the_name(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str, unit: str
) -> None:
    _f1(campaign, tmp_path, name, unit)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_what_the_form_says_goes_before_the_name_and_a_contradiction_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _f1(campaign, tmp_path, "历下区.xlsx", "区县：历城区")
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), values(got, "F1", "370112")) == (["absent"] * 10, TEN)
    assert rules(got) == [("reading.unit_disagrees", "critical")]


@pytest.mark.parametrize("name", ["a.xlsx", "济南市.xlsx", "青岛市市中区.xlsx"])
def test_a_form_that_cannot_be_tied_to_a_unit_is_refused(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    _f1(campaign, tmp_path, name)
    got = _read(jinan, tmp_path)
    assert fates(got) == {name: "refuse"}
    assert [(f.rule, f.region, f.form) for f in got.findings] == [("reading.refused", "370100", "")]


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"region": "370112"}, "reading.unit_disagrees"),
        ({"form": "F2"}, "reading.form_disagrees"),
        ({"due": "2023-03-01"}, "reading.due_disagrees"),
    ],
)
def test_properties_of_our_blank_forms_are_held_against_the_content(
    campaign: Campaign, jinan: Desk, tmp_path: Path, properties: dict[str, str], rule: str
) -> None:
    path = _f1(campaign, tmp_path, "a.xlsx", "区县：历下区")
    with_properties(path, campaign=campaign.id, **properties)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [(rule, "critical")])


def test_properties_that_agree_are_no_news_and_name_the_unit_where_nothing_else_does(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    path = _f1(campaign, tmp_path, "a.xlsx")
    with_properties(path, campaign=campaign.id, form="F1,F2", due=DUE, region="370102")
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_a_form_of_another_campaign_is_refused(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    with_properties(_f1(campaign, tmp_path, "历下区.xlsx"), campaign="2022-chunfeng")
    got = _read(jinan, tmp_path)
    assert fates(got) == {"历下区.xlsx": "refuse"}
    assert [f.region for f in got.findings] == ["370102"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (F2_TITLE, "历下区.xlsx"), ("2022年春风行动情况统计表", "历下区.xlsx"),
        ("", "历下区就业援助月情况统计表.xlsx"),
    ],
)  # fmt: skip
def test_a_title_of_another_form_or_year_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path, title: str, name: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[0] = [title]
    save_book(tmp_path / name, ("x", rows))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.form_disagrees", "critical")])


def test_a_form_that_nobody_asked_for_is_kept_and_told(jinan: Desk, tmp_path: Path) -> None:
    rows = [["2023年就业援助月活动情况统计表"], ["填报单位：历下区残联"], [*range(1, 11)], TEN]
    save_book(tmp_path / "a.xlsx", ("x", rows))
    got = _read(jinan, tmp_path)
    assert (values(got, "F3"), rules(got)) == (TEN, [("reading.not_expected", "warning")])


def test_a_hidden_sheet_is_no_return_unless_there_is_no_other(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    old = form_rows(campaign, "F1", [1] * 10)
    new = form_rows(campaign, "F1", TEN)
    save_book(tmp_path / "a.xlsx", ("上期", old), ("本期", new), hidden=["上期"])
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {row.member: row.fate for row in got.intake} == {"上期": "ignore", "本期": "counts"}
    save_book(tmp_path / "a.xlsx", ("说明", [["填表说明"]]), ("表", new), hidden=["表"])
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.hidden_sheet", "warning")])


@pytest.mark.parametrize(
    "unit",
    ["区县：西市场街道", "填报单位：某某公司", "区县：槐阴区", "区县：槐荫区、天桥区",
     "填报单位（盖章）：槐阴区人社局  填报人：甲"],
)  # fmt: skip
def test_a_unit_on_the_form_that_is_none_or_several_is_an_error_though_the_folder_names_one(
    campaign: Campaign, jinan: Desk, tmp_path: Path, unit: str
) -> None:
    _f1(campaign, tmp_path, "槐荫区/a.xlsx", unit)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1", "370104"), rules(got)) == (
        TEN,
        [("reading.unit_unknown", "critical")],
    )
    assert (got.findings[0].region, got.findings[0].cell) == ("370104", "A2")


@pytest.mark.parametrize(
    "unit",
    [
        "区县：", "填报单位（盖章）：", "区县人社局", "市人社局（盖章）",
        "填报单位：区人力资源和社会保障局", "填报单位：XX区人社局",
        "填报单位：（盖章） 填报人：甲乙", "单位：人、场次", "填报单位：____", "区县：济南市",
    ],
)  # fmt: skip
def test_words_of_a_form_that_name_nobody_are_no_unknown_unit(
    campaign: Campaign, jinan: Desk, tmp_path: Path, unit: str
) -> None:
    _f1(campaign, tmp_path, "槐荫区/a.xlsx", unit)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1", "370104"), got.findings) == (TEN, ())


def test_an_office_without_a_place_is_no_error_beside_the_name_of_the_unit(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = form_rows(campaign, "F1", TEN, unit="填报单位：劳动事务大厅")
    rows.insert(1, ["区县：槐荫区"])
    save_book(tmp_path / "a.xlsx", ("x", rows))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1", "370104"), got.findings) == (TEN, ())


def test_an_unknown_unit_beside_the_figures_of_a_wide_form_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    head = ["单位名称", *labels(campaign, "F1")]
    for name, told in (("槐阴区", [("reading.unit_unknown", "critical")]), ("合计", [])):
        save_book(tmp_path / "槐荫区" / "a.xlsx", ("x", [[F1_TITLE], head, [name, *TEN]]))
        got = _read(jinan, tmp_path)
        assert (values(got, "F1", "370104"), rules(got)) == (TEN, told)


def test_a_title_of_another_unit_than_the_label_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = form_rows(campaign, "F1", TEN, unit="区县：槐荫区")
    rows[0] = [f"天桥区{F1_TITLE}"]
    save_book(tmp_path / "槐荫区" / "a.xlsx", ("x", rows))
    got = _read(jinan, tmp_path)
    assert values(got, "F1", "370104") == TEN
    assert rules(got) == [("reading.unit_disagrees", "critical")]
