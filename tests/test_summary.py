"""The body's own summary: sections as the notice asks, figures of the roll-up, gaps that show."""

from __future__ import annotations

import copy
from io import BytesIO
from typing import Any

import pytest
import yaml
from docx import Document

from chunfeng_reports.campaign import Campaign, Desk, find_faults
from chunfeng_reports.findings import Finding
from chunfeng_reports.renderers.word import document
from chunfeng_reports.report import Prose, Report, Section, Table
from chunfeng_reports.tables import Dossier, summary, unit
from chunfeng_reports.worksheets import lines_of
from workbench import ROOT, dossier_of

FIRST, SECOND, THIRD = "2023-02-01", "2023-03-01", "2023-04-01"
LIXIA, SHIZHONG, HUAIYIN = "370102", "370103", "370104"


def everybody(desk: Desk, due: str, **values: float) -> dict[str, dict[str, float]]:
    return {unit: dict(values) for unit in desk.unit_codes}


def made(dossier: Dossier) -> Report:
    report = summary.report(dossier)
    for topic in summary.topics(dossier):
        report += topic
    report += summary.figures(dossier)
    return report + summary.todo(report)


def lines(section: Section) -> list[str]:
    return [
        line.lead + line.text for b in section.blocks if isinstance(b, Prose) for line in b.lines
    ]


@pytest.fixture(scope="module")
def shandong(campaign: Campaign) -> Desk:
    return Desk.of(campaign, "370000")


VISITS, TROUBLE = "困难人员走访帮扶情况", "面临的困难问题和意见建议"


@pytest.mark.parametrize(
    ("body", "due", "title", "to", "topics"),
    [
        ("370100", FIRST, "第二次阶段性活动进展情况", "省人力资源社会保障厅",
         [VISITS, "农民工返岗情况", TROUBLE]),
        ("370100", SECOND, "第二次阶段性活动进展情况", "", [VISITS, "农民工返岗情况", TROUBLE]),
        ("370100", THIRD, "整体活动总结", "省人力资源社会保障厅",
         ["活动开展情况", VISITS, "农民工返乡返岗情况", "残疾人就业援助情况", TROUBLE]),
        ("370000", "2023-01-09", "第一次阶段性活动进展情况", "",
         ["活动开展情况", VISITS, "农民工返乡情况", TROUBLE]),
        ("370000", "2023-02-03", "第二次阶段性活动进展情况", "",
         [VISITS, "农民工返岗情况", TROUBLE]),
        ("370000", "2023-04-03", "整体活动总结", "",
         ["活动开展情况", VISITS, "农民工返乡返岗情况", "残疾人就业援助情况", TROUBLE]),
    ],
)  # fmt: skip
def test_each_round_has_the_sections_that_the_notice_asks_for(
    campaign: Campaign, body: str, due: str, title: str, to: str, topics: list[str]
) -> None:
    dossier = dossier_of(Desk.of(campaign, body), due, {due: {}})
    report = made(dossier)
    assert report.letter is not None
    assert (report.letter.title[1], report.letter.to) == (title, to)
    assert [s.title for s in report.sections if s.place == "text"] == topics
    shown = [p.text for p in Document(BytesIO(document(report))).paragraphs]
    numbered = [text for text in shown if text[1:2] == "、" and text[0] in "一二三四五"]
    assert [text[2:] for text in numbered] == topics


def test_figures_are_those_of_the_roll_up(jinan: Desk) -> None:
    values = {FIRST: everybody(jinan, FIRST, P_visits=1000.0, P_helped=10.0, P_funds_wan=100.1,
                               F2_1=7.0, F2_3=3.0, F2_5=2.0, F2_4=1.0, F2_4_1=1.0)}  # fmt: skip
    dossier = dossier_of(jinan, FIRST, values)
    said = lines(summary.topics(dossier)[0])
    assert said[1] == (
        "截至2月1日，全市本阶段走访慰问困难人员15000人次，帮助实现就业150人次，"
        "兑现就业补贴和社会救助资金1501.5万元。"
    )
    assert not any("暂定" in text for text in said)
    table = summary.figures(dossier).blocks[0]
    assert isinstance(table, Table)
    stated = {row.key: row.cells[2].value for row in table.rows}
    assert stated["P_visits"] == dossier.total[FIRST, "370100", "P_visits"].value == 15000
    assert {"F1_5", "P_returned"} <= set(stated)


def test_a_total_that_lacks_units_is_provisional_and_names_them(jinan: Desk) -> None:
    values = {FIRST: everybody(jinan, FIRST, P_visits=1000.0, P_helped=10.0)}
    del values[FIRST][LIXIA]["P_helped"]
    for item in ("P_visits", "P_helped"):
        del values[FIRST][SHIZHONG][item]
    doubt = Finding(FIRST, HUAIYIN, "P", ("P_visits",), "r", "critical", "请核对")
    dossier = dossier_of(jinan, FIRST, values, findings=[doubt])
    said = lines(summary.topics(dossier)[0])
    assert "走访慰问困难人员14000人次（暂定，含错误数字）" in said[1]
    assert "兑现就业补贴和社会救助资金【待补充：兑现就业补贴和社会救助金额数（万元）" in said[1]
    note = next(text for text in said if text.startswith("【数字说明"))
    assert "走访慰问缺市中区1家" in note
    assert "走访慰问中槐荫区1家的数字有错误待更正" in note
    assert "帮助就业人次缺历下区、市中区2家" in note


def test_a_sentence_of_provisional_figures_says_so_once(jinan: Desk) -> None:
    some = {LIXIA: dict.fromkeys(("P_visits", "P_helped", "P_funds_wan"), 5.0)}
    said = lines(summary.topics(dossier_of(jinan, FIRST, {FIRST: some}))[0])
    assert said[1].endswith("资金5.0万元（以上均为暂定数）。")
    assert said[1].count("暂定") == 1


def test_what_the_counties_tell_only_later_is_a_gap_with_its_reason(jinan: Desk) -> None:
    told = [(LIXIA, "三、农民工返乡情况", "返乡5人。")]
    dossier = dossier_of(jinan, FIRST, {FIRST: everybody(jinan, FIRST, P_returned=5.0)}, told=told)
    back = lines(summary.topics(dossier)[1])
    assert any(text.startswith("【待补充：") and "3月1日才报" in text for text in back)
    assert any(text.startswith("【供参考：") and "返乡75人" in text for text in back)
    assert not any("历下区。" in text for text in back), "返乡情况不充作返岗情况"
    table = summary.originals(dossier).blocks[0]
    assert isinstance(table, Table)
    assert [cell.value for cell in table.rows[0].cells][:5] == [
        "历下区", "阶段总结", "三、农民工返乡情况", "返乡5人。", "未用",
    ]  # fmt: skip


def test_figures_of_an_earlier_round_say_of_when_they_are(jinan: Desk) -> None:
    values = {
        FIRST: everybody(jinan, FIRST, P_returned=2.0, P_stayed=1.0),
        SECOND: everybody(jinan, SECOND, P_migrants_out=3.0),
        THIRD: everybody(jinan, THIRD, F1_1=1.0),
    }
    said = lines(summary.topics(dossier_of(jinan, THIRD, values))[2])
    assert "返乡30人（截至2月1日）" in said[1]
    assert "农民工外出45人（截至3月1日）" in said[1]


def test_narrative_goes_under_its_topic_with_the_unit_named(jinan: Desk) -> None:
    told = [
        (SHIZHONG, "二、困难人员走访帮扶情况（一）特色做法", "结对帮扶。"),
        (LIXIA, "二、困难人员走访帮扶情况", "走访5人次。"),
        (LIXIA, "二、困难人员走访帮扶情况", "送岗上门。"),
        (LIXIA, "五、存在的问题和对困难人员的建议", "订单不足。"),
    ]
    topics = summary.topics(dossier_of(jinan, FIRST, {FIRST: {}}, told=told))
    assert lines(topics[0])[-4:] == [
        "历下区。走访5人次。", "送岗上门。", "市中区。结对帮扶。",
        "【待补充：槐荫区、天桥区、历城区、长清区、章丘区、济阳区等13家没有报送总结。】",
    ]  # fmt: skip
    assert lines(topics[2])[0] == "历下区。订单不足。"
    assert "市中区1家的总结中没有这一部分" in lines(topics[2])[-1]


def test_the_disabled_persons_federation_has_its_own_topic(jinan: Desk) -> None:
    told = [(LIXIA, "一、主要做法", "走访残疾人家庭。")]
    topics = summary.topics(dossier_of(jinan, THIRD, {THIRD: {}}, told=told, form="S3"))
    assert "历下区。走访残疾人家庭。" in lines(topics[3])


def test_endless_narrative_is_cut_and_told(jinan: Desk) -> None:
    told = [(LIXIA, "困难问题", "长" * 9000), (LIXIA, "困难问题", "再说")]
    found = lines(summary.topics(dossier_of(jinan, FIRST, {FIRST: {}}, told=told))[2])
    assert len(found[0]) < summary.MOST_TOLD + 40
    assert found[0].endswith("【过长，以下略，见总结原文】")
    assert "再说" not in found


def test_what_is_still_to_be_done_is_listed_of_the_sections_that_are_there(jinan: Desk) -> None:
    dossier = dossier_of(jinan, FIRST, {FIRST: {}})
    report = summary.report(dossier)
    topics = summary.topics(dossier)
    listed = lines(summary.todo(report + topics[1]))
    assert any("农民工返岗情况：待补充：农民工返岗采取的主要措施" in text for text in listed)
    assert not any(TROUBLE in text for text in lines(summary.todo(report + topics[1])))
    assert any("阶段总结：15家未报" in text for text in listed)


def test_the_provinces_stayed_figure_keeps_its_own_measure(shandong: Desk) -> None:
    due = "2023-01-09"
    values = {due: everybody(shandong, due, P_returned=2.0, P_stayed=3.0)}
    said = lines(summary.topics(dossier_of(shandong, due, values))[2])
    assert "全省返乡32人，留岗人次数为48。" in said[1]


def test_without_an_outline_there_is_a_topic_a_form(campaign: Campaign) -> None:
    raw = campaign.model_dump()
    for round_ in raw["tiers"][0]["rounds"]:
        round_["summary"] = None
    desk = Desk.of(Campaign.model_validate(raw), "370100")
    told = [(LIXIA, "", "一切顺利。")]
    dossier = dossier_of(desk, FIRST, {FIRST: everybody(desk, FIRST, F1_1=2.0)}, told=told)
    report = made(dossier)
    titles = [s.title for s in report.sections if s.place == "text"]
    assert titles == ["春风行动表", "就业援助月表", "阶段总结"]
    assert lines(report.sections[0])[0].startswith("参加企业30家，")
    assert "历下区。一切顺利。" in lines(report.sections[2])
    assert document(report)


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ({"says": ["走访{F9_9}。"]}, "没有这个指标：F9_9"),
        ({"says": ["走访{F1_1。"]}, "花括号里只能是指标代码或 due"),
        ({"form": "F9"}, "没有这个表：F9"),
    ],
)
def test_an_outline_that_names_what_is_not_there_is_refused(
    topic: dict[str, Any], message: str
) -> None:
    raw: dict[str, Any] = {}
    for file in (ROOT / "campaigns" / "2023-chunfeng").glob("*.yaml"):
        raw |= yaml.safe_load(file.read_text("utf-8"))
    raw = copy.deepcopy(raw)
    outline = raw["tiers"][0]["rounds"][0]["summary"]
    outline["topics"] = [{"title": "一", "origin": "样例", **topic}]
    faults = find_faults(raw)
    assert [fault.message for fault in faults] == [message]
    assert faults[0].path.startswith("tiers[0].rounds[0].summary.topics[0].")


# --- a unit's brief


def brief(dossier: Dossier, region: str) -> Report:
    report = unit.report(dossier, region)
    for section in (unit.key_figures, unit.findings, unit.missing, unit.figures, unit.sources):
        report += section(dossier, region)
    return report


def test_a_brief_tells_what_came_the_key_figures_and_the_doubts(jinan: Desk) -> None:
    values = {FIRST: {LIXIA: {"F1_1": 9.0, "F1_3": 20.0}}}
    doubt = Finding(FIRST, LIXIA, "F1", ("F1_3",), "r", "critical", "岗位数有误，请核对。")
    report = brief(dossier_of(jinan, FIRST, values, findings=[doubt]), LIXIA)
    found = Document(BytesIO(document(report)))
    shown = [paragraph.text for paragraph in found.paragraphs]
    assert shown[0] == "历下区报送情况"
    assert shown[3:] == [
        "一、主要数据",
        "应报春风行动表、就业援助月表、阶段总结3份，已报1份，未报就业援助月表、阶段总结。",
        "二、问题与处理",
        "共有错误1处。",
        "1.（错误）春风行动表：岗位数有误，请核对。",
        "三、未报、未填与迟报",
        (
            "没有数字：求职者（未报）、岗位需求（未报）、招聘活动（未报）、线下招聘（未报）、"
            "线上招聘（未报）等8项。"
        ),
    ]
    table = found.tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["参加企业", "9家", "提供岗位", "20个▲"]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_brief_leaves_room_on_its_page_whatever_is_doubted(jinan: Desk, count: int) -> None:
    values = {THIRD: {LIXIA: {"F1_1": 9.0, "F3_7": 1.0}}}
    doubts = [Finding(THIRD, LIXIA, "F1", ("F1_1",), f"r{n}", "warning", "请核对原始台账。" * 20)
              for n in range(count)]  # fmt: skip
    report = brief(dossier_of(jinan, THIRD, values, findings=doubts), LIXIA)
    found = Document(BytesIO(document(report)))
    used = sum(lines_of(f"　　{p.text}", room=54) for p in found.paragraphs)
    rows = sum(len(table.rows) for table in found.tables)
    assert used + 0.65 * rows <= 22
    if count == 30:
        assert any(p.text.endswith("处见 Excel 工作簿“问题”表。") for p in found.paragraphs)
