"""Whole summaries in the manner of many clerks: every figure found, no needless doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.facts import Fact
from chunfeng_reports.reading.recognised import Doubt, Recognised
from chunfeng_reports.reading.texts.mentions import doubts_on
from chunfeng_reports.reading.texts.prose import summary_in
from chunfeng_reports.reading.words.vocabulary import Vocabulary

PAGES = Path(__file__).with_name("pages_of_clerks.txt")
BODIES = {"J": "370100", "S": "370000"}
STATED = {
    "P_visits": 3256, "P_helped": 586, "P_funds_wan": 456.7, "P_returned": 12345,
    "P_stayed": 8901, "P_migrants_out": 22773,
}  # fmt: skip
FORM = {
    "F1_1": 128, "F1_2": 6530, "F1_3": 5210, "F1_4": 7840, "F1_5": 26, "F1_5_1": 15, "F1_5_2": 9,
    "F1_5_3": 2, "F1_6": 1205, "F1_7": 18600, "F2_1": 1320, "F2_2": 286, "F2_3": 412, "F2_4": 3,
    "F2_4_1": 3, "F2_4_2": 4, "F2_5": 655, "F2_6": 88,
}  # fmt: skip


def _pages() -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    for page in PAGES.read_text("utf-8").split("\n== ")[1:]:
        head, *lines = page.strip().split("\n")
        tier, due, unit = head.split()
        yield tier, int(due), unit, tuple(lines)


@pytest.fixture(scope="module")
def vocabularies(campaign: Campaign) -> dict[str, Vocabulary]:
    return {tier: Vocabulary.of(Desk.of(campaign, body)) for tier, body in BODIES.items()}


def _read(words: Vocabulary, due: int, unit: str, *lines: str) -> tuple[Recognised, list[Doubt]]:
    found = summary_in(lines, f"{unit}总结.docx", sorted(words.desk.dues)[due], words)
    assert found is not None, lines[0]
    facts = {item: Fact("", "", item[:2], item, value, "value") for item, value in FORM.items()}
    doubts = (*found.doubts, *doubts_on(found.mentions, facts, words.desk.campaign))
    return found, [doubt for doubt in doubts if doubt.severity != "info"]


def test_every_page_is_read_in_full_and_without_a_warning(
    vocabularies: dict[str, Vocabulary],
) -> None:
    pages = list(_pages())
    assert len(pages) > 100
    for tier, due, unit, lines in pages:
        found, doubts = _read(vocabularies[tier], due, unit, *lines)
        read = {item: figure.value for item, figure in found.figures.items()}
        absent = {"P_returned", "P_stayed"} if "农民工返乡情况正在统计" in lines[1] else set()
        assert (lines, read) == (lines, {i: None if i in absent else STATED[i] for i in read})
        assert (lines, doubts) == (lines, [])


TITLE = "历下区2023年春风行动暨就业援助月阶段性活动进展情况的报告"


@pytest.mark.parametrize(
    ("due", "item", "sentence"),
    [
        (0, "P_visits", "区领导带队走访慰问50人次"),
        (0, "P_visits", "每个社区走访慰问30人次"),
        (0, "P_visits", "剩余1200人次尚未走访慰问"),
        (0, "P_visits", "某街道走访慰问300人次"),
        (0, "P_visits", "以大明湖街道为例，走访慰问300人次"),
        (0, "P_visits", "第二阶段走访慰问300人次"),
        (0, "P_visits", "区残联走访慰问残疾人300人次"),
        (0, "P_visits", "最多一天走访慰问300人次"),
        (0, "P_visits", "全市共走访慰问30000人次，我区占10.8%"),
        (0, "P_visits", "商河县走访慰问9人次"),
        (0, "P_visits", "走访慰问人次由2000人次增加到3256人次"),
        (0, "P_helped", "2022年走访500人次，帮助实现就业2300人次"),
        (0, "P_helped", "全年帮助2300人次实现就业"),
        (0, "P_helped", "帮助高校毕业生实现就业120人次"),
        (0, "P_funds_wan", "待兑现就业补贴和社会救助资金120万元"),
        (0, "P_funds_wan", "预算安排就业补贴和社会救助资金1200万元"),
        (0, "P_returned", "还有1200人未返乡"),
        (0, "P_returned", "有返乡意愿12000人"),
        (0, "P_returned", "全市返乡123450人"),
        (0, "P_stayed", "某公司留岗300人"),
        (1, "P_migrants_out", "常年外出务工230万人"),
        (1, "P_migrants_out", "省外外出务工8000人"),
        (1, "P_migrants_out", "农民工外出进展：全区农民工总量120.5万人"),
    ],
)
def test_a_number_of_less_or_of_more_than_the_unit_has_done_is_never_taken(
    vocabularies: dict[str, Vocabulary], due: int, item: str, sentence: str
) -> None:
    for text in (f"{sentence}。", f"我区高度重视，{sentence}，群众满意。"):
        found, doubts = _read(vocabularies["J"], due, "历下区", TITLE, text)
        assert found.figures[item].state == "blank"
        assert item in {item for doubt in doubts for item in doubt.items}


@pytest.mark.parametrize(
    ("sentence", "items"),
    [
        ("活动期间，全区累计举办招聘活动28场，帮助就业困难人员实现就业421人", ["F1_5", "F2_3"]),
        ("开展线上线下招聘会26场，参会企业126家，达成意向协议1305人", ["F1_1", "F1_6"]),
        ("举办招聘会26场，提供岗位5219个，发放宣传材料18611份", ["F1_3", "F1_7"]),
    ],
)
def test_a_real_difference_is_still_found(
    vocabularies: dict[str, Vocabulary], sentence: str, items: list[str]
) -> None:
    _, doubts = _read(vocabularies["J"], 2, "历下区", TITLE, sentence + "。")
    assert sorted(item for doubt in doubts for item in doubt.items) == items
