"""Explain: for one file, what was seen where, what it was taken for, what was rejected and why."""

from __future__ import annotations

import json
import os
import re
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest
from made_returns import form_rows, save_book

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.errors import DefinitionError, UseError
from chunfeng_reports.reading import collect_due, explain, in_words

DUES = ("2023-02-01", "2023-03-01", "2023-04-01")
TEN = [float(n) for n in range(11, 21)]


@pytest.fixture(scope="module")
def told(campaign: Campaign, jinan: Desk, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a workbook with last period's figures and a row that is no item's."""
    rows = [[*row, "", ""] for row in form_rows(campaign, "F1", TEN)]
    rows[2] = ["填报项目", "上期数", "数 量", "备注"]
    for row in rows[3:]:
        row[1], row[2] = 5, row[1]
    rows.append(["招聘海报张贴处数", 1, 7, ""])
    folder = tmp_path_factory.mktemp("told")
    path = save_book(folder / "历城区.xlsx", ("春风行动", rows), ("说明", [["参加活动企业情况"]]))
    return "\n".join(in_words(explain(jinan, DUES[0], path.name, path), jinan))


def test_labels_are_shown_with_the_item_they_were_taken_for(told: str) -> None:
    assert "指标  A4“参加活动的企业个数” → F1_1 参加企业（相似 1.00）" in told


def test_columns_are_shown_with_why_they_were_taken_or_not(told: str) -> None:
    assert "列  C3“数量” → 本表数字：数字列" in told
    assert "列  B3“上期数” 未采用：不是本期数" in told


def test_figures_are_shown_with_cell_and_what_was_typed(told: str) -> None:
    assert "数字  F1_1 参加企业  C4“11” → 11" in told


def test_what_told_the_unit_is_shown_and_what_contradicts_it(told: str) -> None:
    assert "单位  表内 → 历下区：采用" in told
    assert "单位  文件名 → 历城区：不符" in told
    assert "错误  reading.unit_disagrees" in told


def test_texts_that_are_only_like_a_label_are_shown_with_their_score(told: str) -> None:
    assert "文字  A1“参加活动企业情况” → F1_1 参加企业？（相似 0." in told


def test_members_of_an_archive_are_told_one_by_one(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    book = save_book(tmp_path / "1.xlsx", ("x", form_rows(campaign, "F1", TEN)))
    archive = tmp_path / "历下区.zip"
    with zipfile.ZipFile(archive, "w") as parts:
        parts.write(book, "历下区/附件1.xlsx")
        parts.writestr("历下区/照片.jpg", b"\xff\xd8\xff\xe0")
    seen = explain(jinan, DUES[0], archive.name, archive)
    lines = list(in_words(seen, jinan))
    assert [part.path for part in seen.parts] == ["历下区/附件1.xlsx", "历下区/照片.jpg"]
    assert any("[认出] 历下区/附件1.xlsx·x：F1" in line for line in lines)
    assert any("[未采用] 历下区/照片.jpg：图片不能取数" in line for line in lines)


def test_an_explanation_is_plain_data_for_programs(jinan: Desk, tmp_path: Path) -> None:
    path = tmp_path / "值班表.xlsx"
    save_book(path, ("Sheet", [["值班表"], ["姓名", "日期"]]))
    seen = asdict(explain(jinan, DUES[0], path.name, path))
    assert json.loads(json.dumps(seen, default=str))["rows"][0]["fate"] == "refuse"


def test_a_due_that_is_none_is_wrong_use(jinan: Desk, tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", ("x", [["1"]]))
    with pytest.raises(UseError, match="不是济南市的报送期"):
        explain(jinan, "2023-02-02", path.name, path)


def test_nothing_is_written_beside_the_file(jinan: Desk, tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", ("x", [["1"]]))
    explain(jinan, DUES[0], path.name, path)
    assert os.listdir(tmp_path) == ["a.xlsx"]  # noqa: PTH208


def test_figures_of_a_table_that_a_summary_repeats_are_shown(jinan: Desk, tmp_path: Path) -> None:
    title = "历下区春风行动第一次阶段性活动进展情况"
    text = f"{title}\n截至目前，全区累计举办招聘活动26场，走访慰问2313人次。"
    path = tmp_path / "总结.txt"
    path.write_text(text, "utf-8")
    told = list(in_words(explain(jinan, DUES[0], path.name, path), jinan))
    assert any(line.startswith("  正文提到  F1_5 招聘活动  第2段") for line in told), told
    assert "  正文保留 1 段，供编写本级总结" in told


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("走访(人次{N}", "不是正则表达式"),
        ("走访人次", "没有写明数字的位置"),
        ("走访{数}{N}人次", "{数} 不认识"),
    ],
)
def test_a_wording_that_cannot_be_searched_with_is_told_before_anything_is_refused(
    campaign: Campaign, tmp_path: Path, wording: str, why: str
) -> None:
    item = campaign.item_by_code["P_visits"].model_copy(update={"prose": (wording,)})
    form = campaign.form_by_code["P"].model_copy(update={"items": (item,)})
    forms = tuple(form if other.code == "P" else other for other in campaign.forms)
    desk = Desk.of(Campaign.model_copy(campaign, update={"forms": forms}), "370100")
    with pytest.raises(DefinitionError, match=re.escape(why)) as caught:
        collect_due(desk, DUES[0], tmp_path)
    assert caught.value.faults[0].path == "forms[3].items[0].prose[0]"
