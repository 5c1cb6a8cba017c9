"""The figures that a summary must state are found in its sentences, and only those."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_returns import fact, fates, rules, save_document, values

from chunfeng_reports.campaign import Desk
from chunfeng_reports.reading import Collected, collect_due

DUE = "2023-02-01"
TITLE = "历下区关于2023年春风行动暨就业援助月第一次阶段性活动进展情况的报告"


def _read(
    desk: Desk, folder: Path, *text: str, title: str = TITLE, name: str = "历下区总结.docx"
) -> Collected:
    save_document(folder / name, title, *text)
    return collect_due(desk, DUE, folder)


def test_figures_carry_the_words_and_the_paragraph_that_state_them(
    jinan: Desk, tmp_path: Path
) -> None:
    got = _read(
        jinan,
        tmp_path,
        "一、困难人员走访帮扶情况",
        "共走访慰问2,313人次；帮助实现就业325人次；兑现就业补贴、社会救助资金共计100.0万元。",
        "截至目前返乡31954人，留岗4786人。",
    )
    assert values(got, "P") == [2313, 325, 100, 31954, 4786]
    visits = fact(got, "P_visits")
    assert (visits.sheet, visits.cell) == ("正文", "第3段")
    assert visits.raw == "共走访慰问2,313人次"
    assert got.findings == ()
    assert [(r.member, r.form, r.layout) for r in got.intake] == [("", "P", "prose")]


@pytest.mark.parametrize(
    ("sentence", "item", "value"),
    [
        ("组织工作队走访慰问困难人员464人次", "P_visits", 464),
        ("走访慰问困难群众、零就业家庭等共计３１２人次", "P_visits", 312),
        ("累计走访慰问3.07万人次", "P_visits", 30700),
        ("帮助46人次实现就业", "P_helped", 46),
        ("先后帮助就业困难人员实现就业46人次", "P_helped", 46),
        ("兑现就业补贴和社会救助金额121.1万元", "P_funds_wan", 121.1),
        ("落实社会救助和就业补贴资金1.5亿元", "P_funds_wan", 15000),
        ("截至目前有31954名农民工返乡", "P_returned", 31954),
        ("引导4786人留岗过年", "P_stayed", 4786),
    ],
)
def test_wordings_of_the_figures(
    jinan: Desk, tmp_path: Path, sentence: str, item: str, value: float
) -> None:
    assert fact(_read(jinan, tmp_path, sentence + "。"), item).value == value


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("支持返乡创业120人", "P_returned"),
        ("走访慰问若干人次", "P_visits"),
        ("走访企业30家，组织培训500人次", "P_visits"),
    ],
)
def test_another_measure_is_not_taken_for_the_figure(
    jinan: Desk, tmp_path: Path, sentence: str, item: str
) -> None:
    assert fact(_read(jinan, tmp_path, sentence + "。"), item).state == "blank"


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("走访慰问100人次，走访慰问200人次", "reading.figures_differ"),
        ("走访慰问1.2万余人次", "reading.approximate"),
        ("走访慰问约300人次", "reading.approximate"),
        ("帮助60名困难人员实现就业", "reading.unit_differs"),
        ("走访慰问3000人次左右", "reading.approximate"),
        ("走访慰问困难家庭1200户", "reading.unit_differs"),
        ("走访慰问困难群众1200人次、企业职工800人次", "reading.text_added"),
        ("兑现就业补贴80万元、社会救助资金20万元", "reading.text_added"),
        ("兑现就业补贴80万元", "reading.text_unclear"),
        ("本阶段走访慰问500人次，累计走访慰问3256人次", "reading.figures_differ"),
    ],
)
def test_a_doubtful_figure_is_read_and_told(
    jinan: Desk, tmp_path: Path, sentence: str, rule: str
) -> None:
    assert rules(_read(jinan, tmp_path, sentence + "。")) == [(rule, "warning")]


def test_a_summary_with_the_title_that_the_notice_gives_it_need_not_name_the_campaign(
    jinan: Desk, tmp_path: Path
) -> None:
    told = "共走访慰问2,313人次；帮助实现就业325人次。"
    title = "天桥区第一次阶段性活动进展情况"
    got = _read(jinan, tmp_path, told, title=title, name=f"{title}.docx")
    assert fact(got, "P_visits", region="370105").value == 2313
    assert rules(got) == [("reading.campaign_not_named", "warning")]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("天桥区第一次阶段性活动进展情况", "各项工作有序推进。"),
        ("天桥区安全生产月进展情况", "共走访慰问2,313人次；帮助实现就业325人次。"),
    ],
)
def test_what_neither_names_the_campaign_nor_states_its_figures_is_refused(
    jinan: Desk, tmp_path: Path, title: str, told: str
) -> None:
    got = _read(jinan, tmp_path, told, title=title, name=f"{title}.docx")
    assert fates(got)[f"{title}.docx"] == "refuse"


def test_a_summary_of_another_round_is_read_and_told(jinan: Desk, tmp_path: Path) -> None:
    got = _read(jinan, tmp_path, "走访慰问5人次。", title=TITLE.replace("第一次", "第二次"))
    assert fact(got, "P_visits").value == 5
    assert rules(got) == [("reading.due_disagrees", "warning")]


def test_the_disabled_persons_federation_files_a_summary_of_its_own(
    jinan: Desk, tmp_path: Path
) -> None:
    save_document(tmp_path / "a.docx", "历下区残联2023年就业援助月活动总结", "走访10户。")
    got = collect_due(jinan, "2023-04-01", tmp_path)
    assert [(row.region, row.form, row.fate) for row in got.intake] == [("370102", "S3", "counts")]
    assert got.findings == ()
    assert not [f for f in got.facts if f.form in {"P", "S3"}]


@pytest.mark.parametrize(
    "title", ["历下区政策宣传进社区", "关于开展2023年春风行动暨就业援助月活动的通知", "值班安排"]
)
def test_a_text_that_is_no_summary_is_refused(jinan: Desk, tmp_path: Path, title: str) -> None:
    got = _read(jinan, tmp_path, "现场达成就业意向121人。", title=title, name="a.docx")
    assert fates(got) == {"a.docx": "refuse"}
    assert rules(got) == [("reading.refused", "warning")]


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("返乡人数较上年减少200人", "P_returned"),
        ("返乡人数同比增加200人", "P_returned"),
        ("比去年同期多200人返乡", "P_returned"),
        ("留岗人数增长约300人", "P_stayed"),
        ("计划走访慰问2000人次", "P_visits"),
        ("走访慰问计划数2000人次", "P_visits"),
        ("提出走访慰问2000人次的目标", "P_visits"),
        ("计划举办招聘会50场、培训20场，走访慰问2000人次", "P_visits"),
        ("下一步，我区继续走访，走访慰问2000人次", "P_visits"),
        ("预计返乡3000人", "P_returned"),
        ("兑现就业补贴和社会救助资金比去年增加20万元", "P_funds_wan"),
        ("力争帮助实现就业500人次", "P_helped"),
    ],
)
def test_a_plan_or_a_comparison_is_no_figure_and_is_quoted(
    jinan: Desk, tmp_path: Path, sentence: str, item: str
) -> None:
    got = _read(jinan, tmp_path, f"活动顺利。{sentence}。")
    assert (fact(got, item).state, fact(got, item).value) == ("blank", None)
    assert rules(got) == [("reading.not_actual", "warning")]
    assert got.findings[0].items == (item,)
    assert sentence in got.findings[0].message


@pytest.mark.parametrize(
    ("sentence", "item", "value"),
    [
        ("返乡2000人，同比增长5%", "P_returned", 2000),
        ("返乡2000人（较上年减少200人）", "P_returned", 2000),
        ("返乡人数较上年减少200人，截至目前返乡2000人", "P_returned", 2000),
        ("返乡人数较去年增加到3200人", "P_returned", 3200),
        ("原计划走访慰问1000人次，实际走访慰问1234人次", "P_visits", 1234),
        ("计划举办招聘会50场，已走访慰问1234人次", "P_visits", 1234),
        ("制定招聘活动计划22场，走访慰问1234人次", "P_visits", 1234),
        ("按照工作计划走访慰问1234人次", "P_visits", 1234),
        ("自去年12月以来走访慰问1234人次", "P_visits", 1234),
        ("累计增加留岗4786人", "P_stayed", 4786),
        ("为实现年度目标，先后帮助实现就业46人次", "P_helped", 46),
    ],
)
def test_a_figure_beside_a_plan_or_a_comparison_is_read_without_a_doubt(
    jinan: Desk, tmp_path: Path, sentence: str, item: str, value: float
) -> None:
    got = _read(jinan, tmp_path, sentence + "。")
    assert (fact(got, item).value, got.findings) == (value, ())


def test_what_the_outlook_of_a_summary_names_is_no_figure(jinan: Desk, tmp_path: Path) -> None:
    outlook = ("三、下一步工作打算", "（一）继续走访", "走访慰问困难群众2000人次。")
    assert rules(_read(jinan, tmp_path, *outlook)) == [("reading.not_actual", "warning")]
    got = _read(jinan, tmp_path, "一、走访情况", "走访慰问464人次。", *outlook)
    assert (fact(got, "P_visits").value, got.findings) == (464, ())


@pytest.mark.parametrize("sign", ["-", "－", "−"])
def test_a_sign_before_a_number_is_its_sign(jinan: Desk, tmp_path: Path, sign: str) -> None:
    got = _read(jinan, tmp_path, f"兑现就业补贴和社会救助金额{sign}30万元。")
    assert fact(got, "P_funds_wan").value == -30


def test_the_end_of_a_range_is_no_figure(jinan: Desk, tmp_path: Path) -> None:
    assert fact(_read(jinan, tmp_path, "100-200名农民工返乡。"), "P_returned").state == "blank"


@pytest.mark.parametrize("aside", ["去年同期为1500人", "上年同期1,500人", "2022年同期为1500人"])
def test_a_bare_figure_of_last_year_beside_ours_leaves_the_next_one_ours(
    jinan: Desk, tmp_path: Path, aside: str
) -> None:
    got = _read(jinan, tmp_path, f"截至目前返乡农民工2000人，{aside}，留岗人员800人。")
    assert (fact(got, "P_returned").value, fact(got, "P_stayed").value) == (2000, 800)
    assert "reading.not_actual" not in rules(got)
