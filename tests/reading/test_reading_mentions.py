"""What a summary repeats of the forms is held against them, where it speaks of the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_returns import form_rows, save_book, save_document

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.facts import Fact
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.texts.mentions import doubts_on
from chunfeng_reports.reading.texts.prose import summary_in
from chunfeng_reports.reading.words.vocabulary import Vocabulary

DUE = "2023-02-01"
TITLE = "历下区关于2023年春风行动暨就业援助月阶段性活动进展情况的报告"
FORM = {
    "F1_1": 124, "F1_2": 3318, "F1_3": 1620, "F1_4": 4050, "F1_5": 56, "F1_5_1": 40, "F1_5_2": 16,
    "F1_5_3": 9, "F1_6": 586, "F1_7": 12345, "F2_1": 320, "F2_2": 210, "F2_3": 72, "F2_4": 8,
    "F2_4_1": 5, "F2_4_2": 7, "F2_5": 180, "F2_6": 33,
}  # fmt: skip


@pytest.fixture(scope="module")
def words(jinan: Desk) -> Vocabulary:
    return Vocabulary.of(jinan)


def _doubts(words: Vocabulary, *text: str, form: dict[str, int] | None = None) -> list[Doubt]:
    found = summary_in((TITLE, *text), "", DUE, words)
    assert found is not None
    facts = {
        item: Fact(DUE, "370102", item[:2], item, float(value), "value")
        for item, value in (FORM if form is None else form).items()
    }
    return list(doubts_on(found.mentions, facts, words.desk.campaign))


AGREEING = (
    "举办招聘活动{F1_5}场", "举办各类招聘会{F1_5}场", "累计举办线上线下招聘会{F1_5}场",
    "开展{F1_5}场招聘活动", "组织招聘会{F1_5}场次", "参加企业{F1_1}家", "组织{F1_1}家企业参加",
    "参加活动的求职者{F1_2}人", "吸引求职者{F1_2}人", "提供岗位{F1_3}个", "发布{F1_3}个就业岗位",
    "岗位需求{F1_4}人", "达成就业意向{F1_6}人", "签订就业意向协议{F1_6}份",
    "{F1_6}人达成就业意向", "发放就业政策宣传材料{F1_7}份", "走访就业困难人员和零就业家庭{F2_1}户",
    "登记认定的未就业困难人员{F2_2}人", "帮助就业困难人员实现就业{F2_3}人",
    "帮助{F2_3}名就业困难人员实现就业", "认定零就业家庭{F2_4}户", "消除零就业家庭{F2_4_1}户",
    "帮助零就业家庭实现就业{F2_4_2}人", "帮助困难人员享受政策{F2_5}人",
    "招用就业困难人员并享受扶持政策的企业{F2_6}家",
)  # fmt: skip


@pytest.mark.parametrize("sentence", AGREEING)
def test_a_figure_repeated_is_found_and_a_difference_is_a_warning(
    words: Vocabulary, sentence: str
) -> None:
    item = sentence[sentence.index("{") + 1 : sentence.index("}")]
    assert _doubts(words, sentence.format(**FORM) + "。") == []
    other = FORM | {item: FORM[item] + 3}
    (doubt,) = _doubts(words, sentence.format(**other) + "。")
    assert (doubt.rule, doubt.severity, doubt.items) == ("reading.text_differs", "warning", (item,))
    assert (doubt.value, doubt.expected) == (str(other[item]), str(FORM[item]))
    assert sentence.format(**other) in doubt.message


def test_the_parts_of_a_total_are_held_against_theirs(words: Vocabulary) -> None:
    text = "累计举办招聘活动56场，其中线下{}场、线上16场、直播带岗9场。"
    assert _doubts(words, text.format(40)) == []
    assert [d.items for d in _doubts(words, text.format(41))] == [("F1_5_1",)]


@pytest.mark.parametrize(
    "sentence",
    [
        "举办招聘会50余场", "举办招聘会近60场", "提供岗位1600余个", "提供岗位约1600个",
        "发放就业政策宣传材料1.2万份", "发放就业政策宣传材料1.2万余份", "发放宣传材料近1.3万份",
        "举办招聘会五十六场",
    ],
)  # fmt: skip
def test_a_rounded_number_agrees_within_its_rounding(words: Vocabulary, sentence: str) -> None:
    assert _doubts(words, sentence + "。") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "首场招聘会参加企业50家，提供岗位500个，现场达成就业意向48人",
        "1月18日，举办招聘会3场，其中线下2场，提供岗位300个",
        "历山路街道举办招聘会3场，提供岗位30个",
        "其中历山路街道举办招聘会3场",
        "举办残疾人专场招聘会3场",
        "本周举办招聘会2场",
        "2月份举办招聘活动10场",
        "计划举办招聘会100场，拟提供岗位9000个",
        "制定招聘活动计划100场",
        "去年同期举办招聘会20场",
        "2022年提供岗位900个",
        "每场招聘会平均提供岗位200个",
        "下一步，将举办招聘会100场",
        "开发公益性岗位120个",
        "参加活动的求职者5000人次",
        "达成就业意向900人次",
        "帮助实现就业586人次",
    ],
)
def test_a_part_a_plan_another_time_or_measure_is_not_compared(
    words: Vocabulary, sentence: str
) -> None:
    assert _doubts(words, sentence + "。") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (("举办招聘会20场。", "累计举办招聘活动56场。"), []),
        (("举办招聘会20场。", "举办招聘会30场。"), ["info"]),
        (("本阶段举办招聘会20场。",), ["info"]),
        (("提供岗位1600个。",), ["info"]),
        (("累计举办招聘会60场。", "举办招聘会10场。"), ["warning"]),
    ],
)
def test_where_the_text_may_mean_something_else_it_is_an_info(
    words: Vocabulary, text: tuple[str, ...], told: list[str]
) -> None:
    assert [d.severity for d in _doubts(words, *text)] == told


def test_nothing_is_said_of_a_form_that_did_not_come(words: Vocabulary) -> None:
    assert _doubts(words, "举办招聘会99场。", form={}) == []


def _differing(desk: Desk, folder: Path) -> list[Finding]:
    found = collect_due(desk, DUE, folder).findings
    return [one for one in found if one.rule == "reading.text_differs"]


def test_the_form_that_counts_is_what_a_summary_is_held_against(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    save_document(tmp_path / "历下区总结.docx", TITLE, "举办招聘活动15场，提供岗位13个。")
    assert _differing(jinan, tmp_path) == []
    old, new = list(range(21, 31)), list(range(11, 21))
    save_book(tmp_path / "历下区旧版.xlsx", ("x", form_rows(campaign, "F1", old)))
    save_book(tmp_path / "历下区.xlsx", ("x", form_rows(campaign, "F1", new)))
    save_book(tmp_path / "市中区.xlsx",
              ("x", form_rows(campaign, "F1", old, unit="区县：市中区")))  # fmt: skip
    assert _differing(jinan, tmp_path) == []
    save_document(tmp_path / "历下区总结.docx", TITLE, "举办招聘活动18场，提供岗位13个。")
    (finding,) = _differing(jinan, tmp_path)
    assert (finding.region, finding.form, finding.items) == ("370102", "P", ("F1_5",))
    assert (finding.file, finding.sheet, finding.cell) == ("历下区总结.docx", "正文", "第2段")


def test_another_line_of_work_is_not_compared(words: Vocabulary) -> None:
    title = "历下区残联2023年就业援助月活动总结"
    found = summary_in((title, "举办招聘会3场，提供岗位20个。"), "", "2023-04-01", words)
    assert found is not None
    assert (found.form, found.mentions) == ("S3", ())
