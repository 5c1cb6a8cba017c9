"""Labels are known by their words, whatever numbering, brackets and width they are typed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import form_rows, save_book, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.words.labels import Labels


@pytest.fixture(scope="module")
def known(jinan: Desk) -> Labels:
    return Labels(jinan)


def test_every_printed_label_and_alias_means_its_own_item_of_its_form(
    known: Labels, campaign: Campaign
) -> None:
    for item in known.items:
        for wording in (item.label, *item.aliases):
            named = known.named(wording)
            assert [n.item.code for n in named if n.item.form == item.form] == [item.code], wording
            assert not any(n.guessed for n in named), wording


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.参加活动的企业个数", "F1_1"), ("（一）参加活动企业数", "F1_1"),
        ("３．提供岗位数(个)", "F1_3"), ("4、提供岗位需求数", "F1_4"),
        ("其中：线下招聘活动数(场)", "F1_5_1"), ("其中:（1）线下招聘活动", "F1_5_1"),
        ("6.签订就业协议数", "F1_6"), ("签 订 就 业（意向）协 议 数", "F1_6"),
        ("走访就业困难人员与零就业家庭", "F2_1"), ("帮助零就业家庭实现就业", "F2_4_2"),
        ("参与活动求职人员数", "F1_2"),
        ("实名制纳入年度培训计划残疾人（人）", "F3_6"),
    ],
)  # fmt: skip
def test_habits_of_typing_do_not_hide_a_label(known: Labels, text: str, code: str) -> None:
    assert [(n.item.code, n.guessed) for n in known.named(text)] == [(code, False)]


def test_a_bracket_of_another_measure_makes_it_a_guess(known: Labels) -> None:
    (named,) = known.named("走访就业困难人员和零就业家庭（人数）")
    assert (named.item.code, named.guessed) == ("F2_1", True)


@pytest.mark.parametrize("text", ["", "填报项目", "数量", "备注", "提供岗位人数", "值班表"])
def test_other_words_name_no_item(known: Labels, text: str) -> None:
    assert known.named(text) == ()


def test_a_slip_of_the_pen_is_guessed_and_a_toss_up_is_not(known: Labels) -> None:
    guess = known.guess("参加活动的企来个数", among=known.items)
    assert guess is not None
    assert (guess.item.code, guess.guessed) == ("F1_1", True)
    assert known.guess("线X招聘活动数", among=known.items) is None
    assert known.guess("活动总体情况", among=known.items) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_matching(text: str) -> None:
    assert len({n.item.code for n in _LABELS[0].named(text)}) <= 3


_LABELS: list[Labels] = []


@pytest.fixture(scope="module", autouse=True)
def _once(known: Labels) -> None:
    _LABELS[:] = [known]


_OWN_WORDS = (
    "1.参与活动的用人企业个数", "2.前来参加活动求职的人数", "3.所提供的就业岗位共计数",
    "4.岗位上需求的人员数", "5.组织举办招聘活动的次数", "其中：现场线下举办招聘数",
    "网络线上举办招聘数", "直播形式带岗场数", "6.签下就业意向书人数", "7.发放的就业政策资料份数",
)  # fmt: skip


@pytest.mark.parametrize("first", [0, 1])
def test_words_of_ones_own_are_known_by_number_and_place_and_said_to_be_a_reading(
    campaign: Campaign, jinan: Desk, tmp_path: Path, first: int
) -> None:
    labels = Labels(jinan)
    assert not any(labels.named(words) for words in _OWN_WORDS)
    rows = form_rows(campaign, "F1", range(10))
    for row, words in list(zip(rows[3:], _OWN_WORDS, strict=True))[first::2]:
        row[0] = words
    save_book(tmp_path / "历下区.xlsx", ("x", rows))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert values(got, "F1") == list(range(10))
    assert [(f.rule, f.severity) for f in got.findings] == [("reading.label_confirmed", "info")] * 5
