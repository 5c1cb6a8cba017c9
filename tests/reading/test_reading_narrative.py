"""A summary as clerks write it: every wording of its figures, its tables, its narrative kept."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_returns import F1_TITLE, fact, fates, form_rows, rules, save_document, values
from wordings_of_summaries import WORDINGS

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.facts import PASSAGE_COLUMNS, passages_frame
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.recognised import Recognised
from chunfeng_reports.reading.texts.narrative import passages_of
from chunfeng_reports.reading.texts.prose import summary_in
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.store import read_table, write_table

FIRST, SECOND = "2023-02-01", "2023-03-01"
TITLE = "历下区关于2023年春风行动暨就业援助月阶段性活动进展情况的报告"
TEN = [float(n) for n in range(11, 21)]


@pytest.fixture(scope="module")
def words(jinan: Desk) -> Vocabulary:
    return Vocabulary.of(jinan)


def _read(
    words: Vocabulary, *text: str, item: str = "", tables: tuple[Grid, ...] = ()
) -> Recognised:
    due = SECOND if item == "P_migrants_out" else FIRST
    found = summary_in((TITLE, *text), "历下区.docx", due, words, tables=tables)
    assert found is not None
    return found


def _value(found: Recognised, item: str) -> float | None:
    return found.figures[item].value


def _told(found: Recognised, item: str) -> list[tuple[str, str]]:
    return [(d.rule.removeprefix("reading."), d.severity) for d in found.doubts if item in d.items]


# --- wordings


@pytest.mark.parametrize("item", WORDINGS)
def test_every_wording_of_a_figure_is_read_without_a_warning(words: Vocabulary, item: str) -> None:
    assert len(WORDINGS[item]) >= 20
    for sentence, value in WORDINGS[item]:
        for text in (sentence + "。", f"一、工作情况。我区高度重视，{sentence}；群众反响良好。"):
            found = _read(words, text, item=item)
            assert (_value(found, item), sentence) == (value, sentence)
            assert [d for d in found.doubts if d.severity != "info"] == [], sentence


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("12345人返乡、8901人留岗。", {"P_returned": 12345, "P_stayed": 8901}),
        ("返乡人员12345人、留岗8901人。", {"P_returned": 12345, "P_stayed": 8901}),
        ("返乡、留岗分别为12345人、8901人。", {"P_returned": 12345, "P_stayed": 8901}),
        ("返乡农民工1.2万人，就地过年8901人。", {"P_returned": 12000, "P_stayed": 8901}),
        ("走访慰问、帮助实现就业分别达3256人次和586人次。", {"P_visits": 3256, "P_helped": 586}),
        ("深入开展走访慰问，共帮助586人次实现就业。", {"P_visits": None, "P_helped": 586}),
        ("走访慰问困难群众1200人次、企业职工800人次，共计2000人次。", {"P_visits": 2000}),
        ("走访慰问3256人次，困难群众2000人次、企业职工1256人次。", {"P_visits": 3256}),
        ("兑现就业补贴400万元、社会救助56.7万元，合计456.7万元。", {"P_funds_wan": 456.7}),
        ("兑现就业补贴和社会救助资金4567000元。", {"P_funds_wan": 456.7}),
    ],
)
def test_each_number_goes_to_the_item_whose_words_stand_nearest(
    words: Vocabulary, sentence: str, figures: dict[str, float | None]
) -> None:
    found = _read(words, sentence)
    assert {item: _value(found, item) for item in figures} == figures
    assert {d.severity for d in found.doubts} <= {"info"}


@pytest.mark.parametrize(
    "beside",
    [
        "其中历山路街道走访慰问120人次。",
        "其中，历山路街道走访慰问120人次。",
        "历山路街道走访慰问120人次，文东街道走访慰问200人次。",
        "1月18日，区领导走访慰问30人次。",
        "本周走访慰问30人次。",
        "首场活动走访慰问30人次。",
        "2022年走访慰问2800人次。",
        "去年同期，走访慰问2800人次。",
        "上年春风行动期间走访慰问2800人次。",
        "下一步，将走访慰问5000人次。",
        "计划走访慰问5000人次。",
        "春节期间走访慰问1200人次。",
        "走访慰问困难党员50人次。",
        "走访企业30家，组织培训500人次。",
        "市中区走访慰问100人次。",
    ],
)
def test_a_part_a_plan_or_another_time_does_not_win_over_the_total(
    words: Vocabulary, beside: str
) -> None:
    for text in ((beside, "截至目前，全区累计走访慰问3256人次。"),
                 ("全区累计走访慰问3256人次。", beside)):  # fmt: skip
        found = _read(words, *text)
        assert (_value(found, "P_visits"), _told(found, "P_visits")) in [
            (3256, []), (3256, [("text_parts", "info")]),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("其中历山路街道走访慰问120人次", "P_visits"),
        ("历山路街道走访慰问120人次，帮助30人次实现就业", "P_helped"),
        ("首场招聘会帮助30人次实现就业", "P_helped"),
        ("首场招聘会上，帮助30人次实现就业", "P_helped"),
        ("1月18日，走访慰问30人次", "P_visits"),
        ("2022年春风行动期间，走访慰问2800人次", "P_visits"),
        ("将走访慰问5000人次", "P_visits"),
        ("包车接回返乡200人", "P_returned"),
    ],
)
def test_where_only_a_part_is_told_nothing_is_taken_and_the_sentence_quoted(
    words: Vocabulary, sentence: str, item: str
) -> None:
    found = _read(words, sentence + "。")
    assert found.figures[item].state == "blank"
    assert _told(found, item) == [("not_actual", "warning")]
    doubt = next(d for d in found.doubts if item in d.items)
    assert (doubt.cell, sentence in doubt.message) == ("第2段", True)


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("提供就业创业服务586人次，开展就业培训300人次", "P_helped"),
        ("达成就业意向586人次", "P_helped"),
        ("走访慰问上千人次", "P_visits"),
        ("走访慰问100至200人次", "P_visits"),
        ("走访慰问100-200人次", "P_visits"),
        ("发放创业担保贷款456.7万元", "P_funds_wan"),
        ("为1200名返乡农民工发放返乡补贴", "P_returned"),
        ("慰问返乡农民工200人", "P_returned"),
        ("返乡留岗人员12345人", "P_returned"),
        ("向1200名留岗职工发放留岗红包", "P_stayed"),
        ("返乡留岗人员12345人", "P_stayed"),
        ("留岗率达95%", "P_stayed"),
        ("为500名外出务工人员发放车票补贴", "P_migrants_out"),
        ("转移就业培训22773人", "P_migrants_out"),
    ],
)
def test_another_measure_leaves_the_item_blank(words: Vocabulary, sentence: str, item: str) -> None:
    assert _read(words, sentence + "。", item=item).figures[item].state == "blank"


def test_a_month_outside_the_stage_is_read_and_told(words: Vocabulary, jinan: Desk) -> None:
    text = (TITLE, "1月份走访慰问300人次。")
    rule = {
        due: [d.rule for d in found.doubts]
        for due in (FIRST, SECOND)
        if (found := summary_in(text, "", due, words)) is not None
    }
    assert rule == {FIRST: [], SECOND: ["reading.text_period"]}


STYLES = (
    "{n}", "{n:,}", "{full}", "{n}余", "{n}人次，", "约{n}", "\u3000{n} ", "近{n}",
)  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(n=st.integers(0, 10**7), style=st.sampled_from(STYLES), item=st.sampled_from(["P_visits"]))
@settings(max_examples=60, deadline=None)
def test_any_number_in_any_style_is_that_number_or_told(
    words: Vocabulary, n: int, style: str, item: str
) -> None:
    typed = style.format(n=n, full=str(n).translate(FULL_WIDTH)).removesuffix("人次，")
    found = _read(words, f"全区累计走访慰问{typed}人次，帮助实现就业7人次。")
    assert (_value(found, item), _value(found, "P_helped")) == (n, 7)
    assert bool(_told(found, item)) == any(word in typed for word in "余约近")


@given(
    st.text("走访慰问帮助实现就业人次0123456789,.，。、；万亿一二百（）：其中计划共", max_size=60)
)
@settings(max_examples=150, deadline=None)
def test_no_scribble_breaks_the_reading_and_every_figure_quotes_its_words(
    words: Vocabulary, text: str
) -> None:
    for figure in _read(words, text).figures.values():
        if figure.state == "value":
            assert re.sub(r"\W|…", "", figure.raw)[:4] in re.sub(r"\W", "", text)


# --- lines and tables


def test_a_line_that_a_program_wrapped_is_read_as_one(words: Vocabulary) -> None:
    found = _read(
        words,
        "　　截至1月31日，全区各级各部门深入开展走访慰问活动，累计走访慰",
        "问困难群众3256人次，帮助就业困难人员实现就业累计达到58",
        "6人次，兑现就业补贴和社会救助资金共计456.7万元。",
    )
    assert [f.value for f in found.figures.values()] == [3256, 586, 456.7, None, None]
    assert found.figures["P_helped"].cell == "第2段"


HEAD = ("指标", "单位", "计划数", "完成数", "去年同期")
BY_ROW = (HEAD, ("走访慰问", "人次", "5000", "3256", "2800"),
          ("帮助实现就业", "人次", "600", "586", "500"),
          ("兑现就业补贴和社会救助", "万元", "500", "456.7", "400"),
          ("返乡人数", "人", "", "12345", "1"), ("留岗人数", "人", "", "8901", "2"))  # fmt: skip
PLAIN = (("指标", "数量"), ("走访慰问人次数", "3256"), ("帮助实现就业人次数（人次）", "586"),
         ("兑现就业补贴和社会救助金额（万元）", "456.7"), ("返乡人数", "12345"),
         ("留岗人数（人）", "8901人"))  # fmt: skip
ACROSS = (("街道", "走访慰问人次数", "帮助实现就业人次数", "兑现就业补贴和社会救助金额（万元）",
           "返乡人数", "留岗人数"), ("历山路街道", "256", "86", "56.7", "345", "901"),
          ("文东街道", "3000", "500", "400", "12000", "8000"),
          ("合计", "3256", "586", "456.7", "12345", "8901"))  # fmt: skip
PAIRS = (("走访慰问", "3256人次", "帮助实现就业", "586人次"),
         ("返乡人数", "12345人", "留岗人数", "8901人"),
         ("兑现就业补贴和社会救助", "456.7万元", "", ""))  # fmt: skip


MEASURED = (("街道", "走访慰问（人次）", "帮助就业（人次）", "兑现资金（万元）", "返乡（人）",
             "留岗（人）"),
            ("文东", "3000", "500", "400", "12000", "8000"),
            ("合计", "3256", "586", "456.7", "12345", "8901"))  # fmt: skip


@pytest.mark.parametrize("rows", [BY_ROW, PLAIN, ACROSS, PAIRS, MEASURED])
def test_a_small_table_of_main_figures_is_read(
    words: Vocabulary, rows: tuple[tuple[str, ...], ...]
) -> None:
    found = _read(words, "主要数据如下：", tables=(Grid("表1", rows),))
    assert [f.value for f in found.figures.values()] == [3256, 586, 456.7, 12345, 8901]
    assert all(f.cell.startswith("表1 ") for f in found.figures.values())
    assert [d for d in found.doubts if d.severity != "info"] == []


def test_forms_and_summary_in_one_document_are_both_read(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    document = docx.Document()
    for text in (
        TITLE,
        "一、走访帮扶",
        "全区累计走访慰问3256人次，帮助实现就业586人次。",
        F1_TITLE,
    ):
        document.add_paragraph(text)
    rows = form_rows(campaign, "F1", TEN)[1:]
    table = document.add_table(len(rows), 2)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            text = as_typed(cell) if isinstance(cell, float) else str(cell)
            table.cell(row, column).text = text
    document.save(str(tmp_path / "历下区.docx"))
    got = collect_due(jinan, FIRST, tmp_path)
    assert (values(got, "F1"), values(got, "P")[:2]) == (TEN, [3256, 586])
    assert {row.form for row in got.intake if row.fate == "counts"} == {"F1", "P"}


def test_what_stands_around_a_table_is_no_summary(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    document = docx.Document()
    for text in ("2023年就业援助月活动情况统计表", F1_TITLE, "备注：请各区县分别于2月1日前报送。"):
        document.add_paragraph(text)
    rows = form_rows(campaign, "F1", map(int, TEN))[1:]
    table = document.add_table(len(rows), 2)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = str(cell)
    document.save(str(tmp_path / "历下区.docx"))
    got = collect_due(jinan, FIRST, tmp_path)
    assert {row.form for row in got.intake if row.fate == "counts"} == {"F1"}


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("在2023年春风行动启动仪式上的讲话", "同志们："),
        ("2023年春风行动邀请函", "各企业："),
        ("历下区举办春风行动专场招聘会", "1月18日，历下区举办专场招聘会，现场达成就业意向48人。"),
    ],
)
def test_speeches_invitations_and_news_are_no_summaries(
    jinan: Desk, tmp_path: Path, title: str, first: str
) -> None:
    save_document(tmp_path / "历下区.docx", title, first, "走访慰问30人次。")
    assert fates(collect_due(jinan, FIRST, tmp_path)) == {"历下区.docx": "refuse"}


@pytest.mark.parametrize(
    ("title", "text", "fate"),
    [
        ("关于报送{}的函", "现将有关情况报送如下。走访慰问5人次。", "counts"),
        ("关于报送{}的函", "请各街道于1月30日前报送。走访慰问5人次。", "refuse"),
        ("关于报送{}的通知", "走访慰问5人次。", "refuse"),
    ],
)
def test_a_letter_that_hands_in_a_report_is_one_and_a_letter_that_asks_for_it_is_none(
    jinan: Desk, tmp_path: Path, title: str, text: str, fate: str
) -> None:
    named = title.format("历下区2023年春风行动暨就业援助月第一次阶段性活动进展情况")
    save_document(tmp_path / "历下区.docx", named, text)
    assert fates(collect_due(jinan, FIRST, tmp_path)) == {"历下区.docx": fate}


# --- narrative


def test_the_narrative_is_kept_under_its_headings(jinan: Desk, tmp_path: Path) -> None:
    save_document(
        tmp_path / "历下区总结.docx", TITLE, "一、活动开展情况", "（一）招聘活动。举办招聘会3场。",
        "（二）政策宣传", "发放材料10份。", "走进社区。", "二、困难和建议", "订单不足。",
    )  # fmt: skip
    got = collect_due(jinan, FIRST, tmp_path)
    assert [(p.order, p.cell, p.heading, p.text) for p in got.passages] == [
        (1, "第3段", "一、活动开展情况（一）招聘活动", "举办招聘会3场。"),
        (2, "第5段", "一、活动开展情况（二）政策宣传", "发放材料10份。"),
        (3, "第6段", "一、活动开展情况（二）政策宣传", "走进社区。"),
        (4, "第8段", "二、困难和建议", "订单不足。"),
    ]
    assert {(p.due, p.region, p.form, p.file, p.sheet) for p in got.passages} == {
        (FIRST, "370102", "P", "历下区总结.docx", "正文")
    }
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    for path in (first, second):
        write_table(path, passages_frame(got.passages))
    assert first.read_bytes() == second.read_bytes()
    frame = read_table(first)
    assert tuple(frame.columns) == PASSAGE_COLUMNS
    assert list(frame["order"]) == [1, 2, 3, 4]


def test_a_summary_that_does_not_count_leaves_no_narrative(jinan: Desk, tmp_path: Path) -> None:
    save_document(tmp_path / "历下区总结作废.docx", TITLE, "旧的一段。走访慰问1人次。")
    save_document(tmp_path / "历下区总结.docx", TITLE, "新的一段。走访慰问2人次。")
    got = collect_due(jinan, FIRST, tmp_path)
    assert [p.text for p in got.passages] == ["新的一段。走访慰问2人次。"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("联系人：某某某", ""), ("联系人：某某 0531-12345678", ""), ("填报人 某某", ""),
        ("联系电话：０５３１－１２３４５６７８", ""),
        ("活动有序。联系电话：13800000000。", "活动有序。。"),
        ("请致电13800000000或138-0000-0000。", "请致电［电话］或［电话］。"),
        ("请致电0531-82345678。", "请致电［电话］。"),
        ("发至someone@example.com即可。", "发至［邮箱］即可。"),
        ("走访慰问13800人次，兑现456.7万元。", "走访慰问13800人次，兑现456.7万元。"),
        ("走访慰问12345678901人次。", "走访慰问12345678901人次。"),
        ("一\x00二\u202e三\x1b四。", "一 二 三 四。"),
    ],
)  # fmt: skip
def test_what_leads_to_persons_and_what_cannot_be_shown_stays_out(typed: str, kept: str) -> None:
    assert "".join(p.text for p in passages_of((TITLE, typed))) == kept


def test_a_paragraph_of_ten_megabytes_is_cut_and_told(words: Vocabulary) -> None:
    found = _read(words, "走访慰问困难群众。" * 500_000)
    assert len(found.passages[0].text) < 10_100
    assert [d.rule for d in found.doubts] == ["reading.text_too_long"]


def test_what_was_made_of_each_sentence_is_shown(words: Vocabulary) -> None:
    found = _read(words, "计划走访慰问5000人次。", "累计走访慰问3256人次。")
    assert [(s.cell, s.text, s.taken, s.why) for s in found.seen] == [
        ("第2段", "计划走访慰问5000人次", "", "计划数，或与往期的比较"),
        ("第3段", "累计走访慰问3256人次", "P_visits 走访慰问", "写明是合计"),
    ]


def test_the_brackets_of_a_measure_are_quoted_whole(words: Vocabulary) -> None:
    assert _read(words, "共走访慰问5人（次）。").figures["P_visits"].raw == "共走访慰问5人（次）"


def test_a_fact_of_prose_has_its_sentence(jinan: Desk, tmp_path: Path) -> None:
    save_document(tmp_path / "历下区总结.docx", TITLE, "活动顺利。共走访慰问5人次，群众满意。")
    got = collect_due(jinan, FIRST, tmp_path)
    assert fact(got, "P_visits").raw == "共走访慰问5人次，群众满意"
    assert rules(got) == []
