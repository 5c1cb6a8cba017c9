"""Whose return it is, which form and which due: sources are held against each other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from made_returns import (
    F1_TITLE,
    F2_TITLE,
    desk_with_namesakes,
    fates,
    form_rows,
    labels,
    rules,
    save_book,
    save_document,
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
        ("济南市历下区.xlsx", "市：济南市"), ("a.xlsx", "历下区"),
        ("a.xlsx", "济南市历下区人力资源和社会保障局"),
    ],
)  # fmt: skip
def test_the_unit_is_known_from_the_form_the_folder_or_the_name(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str, unit: str
) -> None:
    _f1(campaign, tmp_path, name, unit)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


@pytest.mark.parametrize("unit", ["区县：历城区", "历城区"])
def test_what_the_form_says_goes_before_the_name_and_a_contradiction_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path, unit: str
) -> None:
    _f1(campaign, tmp_path, "历下区.xlsx", unit)
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


# --- properties of the file


def _made_by(path: Path, **properties: str) -> Path:
    """The same workbook, its maker's properties (creator, title, company …) set."""
    book = openpyxl.load_workbook(path)
    for name, text in properties.items():
        setattr(book.properties, name, text)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "properties",
    [{"creator": "市中区人社局"}, {"title": "市中区春风行动情况统计表"},
     {"lastModifiedBy": "市中区"},
     {"subject": "济南市市中区"}, {"creator": "青岛市人社局"}],
)  # fmt: skip
def test_a_neighbours_name_in_the_properties_is_an_error_on_every_figure(
    campaign: Campaign, jinan: Desk, tmp_path: Path, properties: dict[str, str]
) -> None:
    _made_by(_f1(campaign, tmp_path, "历下区.xlsx", "区县：历下区"), **properties)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.unit_disagrees", "critical")])
    assert len(got.findings[0].items) == 10
    assert "文件属性" in got.findings[0].message


@pytest.mark.parametrize(
    "properties",
    [{"creator": "openpyxl"}, {"creator": "Administrator"}, {"creator": "王长清"},
     {"creator": "济南市人社局", "title": "2023年春风行动情况统计表"},
     {"lastModifiedBy": "历下人社"},
     {"creator": "山东省人社厅"}, {"description": "由济南市统一制表"}],
)  # fmt: skip
def test_makers_that_are_nobody_ourselves_or_the_unit_are_no_news(
    campaign: Campaign, jinan: Desk, tmp_path: Path, properties: dict[str, str]
) -> None:
    _made_by(_f1(campaign, tmp_path, "历下区.xlsx", "区县：历下区"), **properties)
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_a_citys_district_among_the_makers_is_no_news_at_the_provinces_desk(
    campaign: Campaign, tmp_path: Path
) -> None:
    path = _f1(campaign, tmp_path, "济南市.xlsx", "市：济南市")
    _made_by(path, creator="历下区人社局")
    got = collect_due(Desk.of(campaign, "370000"), "2023-01-09", tmp_path)
    assert (values(got, "F1", "370100"), got.findings) == (TEN, ())


def test_the_maker_names_the_unit_where_nothing_else_does_but_never_of_the_bodys_own_table(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _made_by(_f1(campaign, tmp_path, "a.xlsx"), creator="历下区人社局")
    assert values(_read(jinan, tmp_path), "F1") == TEN
    _made_by(_f1(campaign, tmp_path, "a.xlsx", "填报单位：济南市人社局"), creator="历下区人社局")
    got = _read(jinan, tmp_path)
    assert fates(got) == {"a.xlsx": "refuse"}
    assert values(got, "F1") == ["absent"] * 10


def test_all_that_disagrees_is_told_in_one_finding(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    path = _f1(campaign, tmp_path, "槐荫区/天桥区.xlsx", "区县：历下区")
    _made_by(path, creator="市中区人社局")
    got = _read(jinan, tmp_path)
    assert rules(got) == [("reading.unit_disagrees", "critical")]
    for said in ("表内写的是历下区", "“作者”写的是市中区", "所在文件夹写的是槐荫区",
                 "文件名写的是天桥区", "已按历下区的表读取"):  # fmt: skip
        assert said in got.findings[0].message


# --- archives, tiers, names


def _zipped(path: Path, *members: tuple[str, Path]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in members:
            archive.writestr(name, file.read_bytes())
            file.unlink()
    return path


@pytest.mark.parametrize(
    ("archive", "member"),
    [("历下区.zip", "附件1.xlsx"), ("报表.zip", "历下区/附件1.xlsx"), ("报表.zip", "历下区.xlsx"),
     ("济南市各区县.zip", "历下区统计表/附件1.xlsx"), ("1.历下区.zip", "a.xlsx")],
)  # fmt: skip
def test_an_archive_is_a_folder_and_its_name_tells_whose_it_is(
    campaign: Campaign, jinan: Desk, tmp_path: Path, archive: str, member: str
) -> None:
    _zipped(tmp_path / archive, (member, _f1(campaign, tmp_path, "a.xlsx")))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert [row.member for row in got.intake] == [f"{member}·x"]


def test_an_archive_of_another_unit_than_the_form_in_it_is_an_error(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _zipped(tmp_path / "市中区.zip", ("a.xlsx", _f1(campaign, tmp_path, "a.xlsx", "区县：历下区")))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, [("reading.unit_disagrees", "critical")])


@pytest.mark.parametrize(
    ("unit", "said"),
    [("填报单位：历下区泉城路街道办事处", "泉城路街道"), ("填报单位：济南市人社局", "济南市"),
     ("市：青岛市", "青岛市"), ("填报单位：章丘区明水街道", "明水街道")],
)  # fmt: skip
def test_a_return_of_another_tier_is_refused(
    campaign: Campaign, jinan: Desk, tmp_path: Path, unit: str, said: str
) -> None:
    _f1(campaign, tmp_path, "a.xlsx", unit)
    got = _read(jinan, tmp_path)
    assert fates(got) == {"a.xlsx": "refuse"}
    assert rules(got) == [("reading.refused", "warning")]
    assert said in got.intake[0].reason


def test_a_streets_return_in_its_districts_folder_is_refused_and_an_error_there(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _f1(campaign, tmp_path, "历下区/a.xlsx", "填报单位：历下区泉城路街道办事处")
    got = _read(jinan, tmp_path)
    assert fates(got) == {"历下区/a.xlsx": "refuse"}
    told = [(f.rule, f.severity, f.region) for f in got.findings]
    assert told == [("reading.refused", "critical", "370102")]


def test_a_citys_return_counts_at_the_provinces_desk_and_a_districts_does_not(
    campaign: Campaign, tmp_path: Path
) -> None:
    _f1(campaign, tmp_path, "a.xlsx", "市：青岛市")
    _f1(campaign, tmp_path, "b.xlsx", "填报单位：青岛市市南区人社局")
    got = collect_due(Desk.of(campaign, "370000"), "2023-01-09", tmp_path)
    assert fates(got) == {"a.xlsx": "counts", "b.xlsx": "refuse"}


def test_a_remark_that_mentions_a_neighbour_is_no_contradiction(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = [[F1_TITLE], ["区县", *labels(campaign, "F1"), "备注"], ["历下区", *TEN, "与历城区合办"]]
    save_book(tmp_path / "a.xlsx", ("x", rows))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


@pytest.mark.parametrize("name", ["历下区\n.xlsx", "历下区\u202exslx.exe", "历下区\x07.xlsx"])
def test_a_name_that_could_mislead_is_shown_legibly_in_messages(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"")
    for other in ("历下区a.xlsx", f"b{name}"):
        _f1(campaign, tmp_path, other, "区县：历下区")
    got = _read(jinan, tmp_path)
    assert name in fates(got)
    assert all(f.message.isprintable() and "<U+" in f.message for f in got.findings)
    assert len(got.findings) == 2


# --- units of one name


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("青岛市/a.xlsx", "区县：鼓楼区"), ("山东省/青岛市/鼓楼区.xlsx", ""),
        ("青岛市鼓楼区.xlsx", "区县：鼓楼区"), ("370299.xlsx", "填报单位：鼓楼区人社局"),
        ("鼓楼区.xlsx", "填报单位（盖章）：青岛市鼓楼区人社局"),
    ],
)  # fmt: skip
def test_units_of_one_name_are_told_apart_by_whatever_names_one_or_its_city(
    campaign: Campaign, tmp_path: Path, name: str, unit: str
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    _f1(campaign, tmp_path, name, unit)
    got = _read(desk_with_namesakes(campaign), tmp_path)
    assert (values(got, "F1", "370299"), got.findings) == (TEN, ())


def test_summaries_of_units_of_one_name_are_told_apart_by_their_folders(
    campaign: Campaign, tmp_path: Path
) -> None:
    for city in ("济南市", "青岛市"):
        (tmp_path / city).mkdir()
        save_document(
            tmp_path / city / "鼓楼区总结.docx",
            "鼓楼区关于2023年春风行动暨就业援助月第一次阶段性活动进展情况的报告",
            "共走访慰问300人次，帮助实现就业20人次。",
        )
    got = _read(desk_with_namesakes(campaign), tmp_path)
    assert [row.region for row in got.intake if row.fate == "counts"] == ["370199", "370299"]


def test_a_name_of_several_units_alone_is_refused_and_says_why(
    campaign: Campaign, tmp_path: Path
) -> None:
    _f1(campaign, tmp_path, "鼓楼区.xlsx", "区县：鼓楼区")
    got = _read(desk_with_namesakes(campaign), tmp_path)
    assert fates(got) == {"鼓楼区.xlsx": "refuse"}
    assert "同名" in got.findings[0].message


@pytest.mark.parametrize(
    ("name", "regions"),
    [("历下区/a.xlsx", {"370102"}), ("青岛市/370199.xlsx", {"370199"})],
)
def test_a_name_of_several_units_is_held_against_the_other_sources(
    campaign: Campaign, tmp_path: Path, name: str, regions: set[str]
) -> None:
    (tmp_path / name).parent.mkdir()
    _f1(campaign, tmp_path, name, "区县：鼓楼区")
    got = _read(desk_with_namesakes(campaign), tmp_path)
    assert rules(got) == [("reading.unit_disagrees", "critical")]
    assert {finding.region for finding in got.findings} == regions


# --- several units in one file


def _units(campaign: Campaign, *units: str) -> list[tuple[str, list[list[object]]]]:
    return [(unit, form_rows(campaign, "F1", TEN, unit="区县：________")) for unit in units]


@pytest.mark.parametrize("name", ["各区县汇总.xlsx", "济南市.xlsx", "a.xlsx"])
def test_a_collected_workbook_of_a_sheet_a_unit_is_read_without_a_doubt(
    campaign: Campaign, jinan: Desk, tmp_path: Path, name: str
) -> None:
    total = ("汇总", form_rows(campaign, "F1", [1] * 10, unit="市：济南市"))
    path = save_book(tmp_path / name, *_units(campaign, "历下区", "市中区"), total)
    _made_by(path, creator="历下区人社局")
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), values(got, "F1", "370103"), got.findings) == (TEN, TEN, ())
    assert {row.member: row.fate for row in got.intake} == {
        "历下区": "counts", "市中区": "counts", "汇总": "ignore"
    }  # fmt: skip


def test_another_units_sheet_in_a_units_own_workbook_is_an_error_there(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "历下区.xlsx", *_units(campaign, "历下区", "市中区"))
    got = _read(jinan, tmp_path)
    assert [(f.rule, f.region) for f in got.findings] == [("reading.unit_disagrees", "370103")]
    assert "文件里有几个单位的表" in got.findings[0].message


def test_two_forms_of_two_units_in_one_workbook_are_an_error_on_both(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "a.xlsx", ("x", form_rows(campaign, "F1", TEN)),
              ("y", form_rows(campaign, "F2", [*TEN, 1], unit="区县：市中区")))  # fmt: skip
    got = _read(jinan, tmp_path)
    assert rules(got) == [("reading.unit_disagrees", "critical")] * 2


def test_a_form_without_a_name_goes_with_the_other_form_of_its_file(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_book(tmp_path / "a.xlsx", ("x", form_rows(campaign, "F1", TEN)),
              ("y", form_rows(campaign, "F2", [*TEN, 1], unit="区县：")))  # fmt: skip
    got = _read(jinan, tmp_path)
    assert (values(got, "F2"), got.findings) == ([*TEN, 1], ())


def _shared(campaign: Campaign, folder: Path, name: str, *units: str) -> Path:
    rows: list[list[object]] = [[F1_TITLE], ["区县", *labels(campaign, "F1")]]
    rows += [[unit, *TEN] for unit in units]
    return save_book(folder / name, ("x", rows))


def test_a_table_with_a_row_a_unit_is_read_row_by_row(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _shared(campaign, tmp_path, "各区县汇总.xlsx", "历下区", "市中区", "槐荫区")
    got = _read(jinan, tmp_path)
    for unit in ("370102", "370103", "370104"):
        assert values(got, "F1", unit) == TEN
    assert got.findings == ()


def test_unknown_names_in_a_shared_table_are_told_one_by_one_and_lie_in_one_row_of_the_intake(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    _shared(campaign, tmp_path, "a.xlsx", "历下区", "市中区", "槐阴区", "青岛市")
    got = _read(jinan, tmp_path)
    told = [f for f in got.findings if f.rule == "reading.refused"]
    assert {f.region for f in told} == {"370100"}
    assert len({f.id for f in told}) == 2
    assert any("槐阴区" in f.message for f in told)
    (refused,) = (row for row in got.intake if row.fate == "refuse")
    assert "槐阴区" in refused.reason
    assert "青岛市" in refused.reason


@pytest.mark.parametrize(
    ("title", "told"), [("", [("reading.form_disagrees", "warning")]), (F1_TITLE, [])]
)
def test_the_year_of_the_files_name_is_doubted_where_the_title_gives_none(
    campaign: Campaign, jinan: Desk, tmp_path: Path, title: str, told: list[tuple[str, str]]
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    rows[0] = [title]
    save_book(tmp_path / "2022年历下区.xlsx", ("x", rows))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), rules(got)) == (TEN, told)


@pytest.mark.parametrize("folder", ["各区县和高新区", "区县（含高新区）", "高新区等16个区县"])
def test_a_folder_for_all_units_means_none_of_them(
    campaign: Campaign, jinan: Desk, tmp_path: Path, folder: str
) -> None:
    _f1(campaign, tmp_path, f"{folder}/a.xlsx", "区县：历下区")
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())


def test_a_zone_that_heads_a_column_is_not_the_unit_of_the_form(
    campaign: Campaign, tmp_path: Path
) -> None:
    rows = [[F1_TITLE], ["填报项目", "合计", "高新区", "经开区"]]
    rows += [[label, 9, 5, 4] for label in labels(campaign, "F1")]
    save_book(tmp_path / "淄博市.xlsx", ("x", rows))
    got = collect_due(Desk.of(campaign, "370000"), "2023-01-09", tmp_path)
    assert values(got, "F1", "370300") == [9] * 10


def test_a_unit_at_the_far_end_of_its_labels_row_is_the_unit(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = [[F1_TITLE], ["填报单位：", *[""] * 9, "历下区"]]
    save_book(tmp_path / "a.xlsx", ("x", [*rows, labels(campaign, "F1"), TEN]))
    got = _read(jinan, tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
