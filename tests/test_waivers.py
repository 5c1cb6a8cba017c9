"""What settles a finding: words that explain, an office that approves, a figure that stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.explanations import Explanation, Verdict, explanations_frame
from chunfeng_reports.findings import Finding, Severity, Standing
from chunfeng_reports.waivers import Heard, astray, hear, is_office, is_own, same_figure

DUE, LIXIA, SHIZHONG = "2023-02-01", "370102", "370103"
GOOD = "春节后两家大企业集中返岗，按台账补录"


def _finding(severity: Severity = "warning", region: str = LIXIA, value: str = "1,234") -> Finding:
    return Finding(DUE, region, "F1", ("F1_4",), "cells.fall", severity, "请核对", value=value)


def _said(
    finding: Finding, words: str = GOOD, *, value: str = "1234", by: str = "", cell: str = "D2"
) -> Explanation:
    return Explanation(DUE, finding.region, finding.id, value, words, by,
                       file="explanations.csv", cell=cell)  # fmt: skip


def _heard(severity: Severity = "warning", words: str = GOOD, **said: str) -> Heard:
    finding = _finding(severity)
    return hear([_said(finding, words, **said)], [finding])


def _came(heard: Heard) -> tuple[Standing, str, list[str]]:
    """The standing of the one finding, the one outcome, and the rules of doubts on the words."""
    return heard.findings[0].state, heard.verdicts[0].outcome, [d.rule for d in heard.doubts]


@pytest.mark.parametrize(
    ("severity", "by", "state", "outcome", "doubts"),
    [
        ("info", "", "explained", "explained", []),
        ("warning", "", "explained", "explained", []),
        ("warning", "区人社局", "explained", "explained", []),
        ("critical", "市就业服务中心", "waived", "waived", []),
        ("critical", "", "open", "refused", ["explanations.approval"]),
        ("critical", "张三", "open", "refused", ["explanations.approver"]),
        ("warning", "张三", "explained", "explained", ["explanations.approver"]),
    ],
)
def test_words_explain_a_doubt_and_an_office_waives_an_error(
    severity: Severity, by: str, state: str, outcome: str, doubts: list[str]
) -> None:
    assert _came(_heard(severity, by=by)) == (state, outcome, doubts)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "没有内容"),
        ("……！", "没有内容"),
        ("雪灾", "只有2个字"),
        ("因大雪停工", "只有5个字"),
        ("因 大 雪，停 工", "只有5个字"),
        *(
            (words, "只说核实无误一类的话")
            for words in (
                "核实无误", "情况属实。", "数据无误！", "已核实", "经核实无误", "属实", "无误",
                "没问题", "正常", "经核实，数据无误，特此说明", "已核实，请知悉。", "同上",
                "详见附件", "经区人社局核实，数据无误", "经核对，1，234人属实",
                "经与单位电话核实确认数据准确",
            )
        ),
    ],
)  # fmt: skip
def test_words_that_explain_nothing_leave_the_finding_open(words: str, why: str) -> None:
    heard = _heard(words=words)
    assert _came(heard) == ("open", "refused", ["explanations.words"])
    (doubt,) = heard.doubts
    assert why in doubt.message
    assert "原因、过程、依据" in doubt.message
    assert (doubt.region, doubt.severity, doubt.cell) == (LIXIA, "warning", "D2")
    assert (doubt.form, doubt.items) == ("", ()), "it marks no figure"


@pytest.mark.parametrize(
    "words",
    [GOOD, "因大雪灾停工", "情况属实，因雪灾", "数据来源于台账", "三月多计外市岗位，四月核减"],
)
def test_words_that_give_a_reason_will_do_however_short(words: str) -> None:
    assert _came(_heard(words=words)) == ("explained", "explained", [])


def test_the_same_words_of_two_units_explain_for_neither() -> None:
    one, two = _finding(), _finding(region=SHIZHONG)
    heard = hear([_said(one), _said(two, f" {GOOD}。")], [one, two])
    assert [f.state for f in heard.findings] == ["open", "open"]
    assert [d.rule for d in heard.doubts] == ["explanations.copied"] * 2
    assert {d.region for d in heard.doubts} == {LIXIA, SHIZHONG}


def test_a_unit_may_use_its_own_words_twice() -> None:
    one = _finding()
    two = replace(one, items=("F1_3",))
    heard = hear([_said(one), _said(two)], [one, two])
    assert [f.state for f in heard.findings] == ["explained", "explained"]


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_an_explanation_lapses_when_the_figure_is_another(severity: Severity) -> None:
    heard = _heard(severity, value="1,200", by="市就业服务中心")
    assert _came(heard) == ("lapsed", "lapsed", [])
    assert "由 1,200 变为 1,234" in heard.verdicts[0].reason


def test_the_figure_explained_must_be_told() -> None:
    heard = _heard(value=" ")
    assert _came(heard) == ("open", "refused", ["explanations.value"])
    assert "1,234" in heard.doubts[0].message
    blank = _finding(value="")
    assert hear([_said(blank, value="")], [blank]).findings[0].state == "explained"


def test_the_later_of_two_explanations_counts() -> None:
    finding = _finding()
    heard = hear([_said(finding), _said(finding, "核实无误", cell="D3")], [finding])
    assert heard.findings[0].state == "open"
    assert [v.outcome for v in heard.verdicts] == ["refused", "refused"]
    assert [d.cell for d in heard.doubts] == ["D3"]
    heard = hear([_said(finding, "核实无误"), _said(finding, cell="D3")], [finding])
    assert heard.findings[0].state == "explained"
    assert "后写的为准" in heard.verdicts[0].reason
    assert not heard.doubts


def test_a_unit_cannot_explain_for_another() -> None:
    finding = _finding()
    heard = hear([replace(_said(finding), region=SHIZHONG)], [finding])
    assert _came(heard) == ("open", "refused", ["explanations.region"])
    assert heard.doubts[0].region == SHIZHONG


def test_an_explanation_of_no_finding_is_left_over_and_then_told() -> None:
    finding = _finding()
    stray = replace(_said(finding), finding="0" * 12, approved_by="李四")
    heard = hear([stray], [finding])
    assert heard.unheard == (stray,)
    assert not heard.verdicts
    lost = astray(heard.unheard)
    assert [v.outcome for v in lost.verdicts] == ["refused"]
    assert [d.rule for d in lost.doubts] == ["explanations.finding"]
    assert lost.verdicts[0].explanation.approved_by == "", "a person is kept nowhere"
    assert lost.doubts[0].severity == "info"


def test_words_on_a_slip_about_what_has_gone_since_are_no_doubt() -> None:
    heard = astray([_on_a_slip(_said(_finding()))])
    assert [v.outcome for v in heard.verdicts] == ["refused"]
    assert heard.doubts == ()


def test_a_doubt_on_words_keeps_its_id_whatever_the_words() -> None:
    one, two = _heard(words="无误"), _heard(words="正常", value="7")
    assert one.doubts[0].id == two.doubts[0].id


@pytest.mark.parametrize(
    "office",
    [
        "市就业服务中心",
        "人社局",
        "区人社局就业科",
        "办公室",
        "市残联",
        "市局、省厅",
        "管委会",
        "济南市",
    ],
)
def test_offices_approve(office: str) -> None:
    assert is_office(office)


@pytest.mark.parametrize(
    "person",
    ["", "张三", "李会芳", "欧阳修文", "王主任", "人社局张科长", "区人社局 张三", "就业科（张三）",
     "13800000000", "就业科 138 0000 0000", "市就业服务中心［电话］", "张三、李四、王五",
     "Zhang San"],
)  # fmt: skip
def test_persons_titles_and_telephones_do_not(person: str) -> None:
    assert not is_office(person)


NAMES = {LIXIA: ("历下区", "历下", "历下市")}


def _on_a_slip(one: Explanation) -> Explanation:
    return replace(one, file="退回.xlsx", sheet="退回说明", cell="J9")


def test_a_unit_does_not_approve_its_own_error_on_a_slip() -> None:
    finding = _finding("critical")
    claim = _on_a_slip(_said(finding, by="历下区人社局"))
    heard = hear([claim], [finding], names=NAMES)
    assert _came(heard) == ("open", "claimed", [])
    assert "“历下区人社局”是填报单位自己的" in heard.verdicts[0].reason
    assert heard.verdicts[0].explanation == claim, "words and office are kept to be shown"
    for approved in (_on_a_slip(_said(finding, by="市就业服务中心")),
                     _said(finding, by="历下区人社局")):  # fmt: skip
        heard = hear([claim, approved], [finding], names=NAMES)
        assert heard.findings[0].state == "waived"


def test_a_slip_explains_a_doubt_without_any_approval() -> None:
    finding = _finding()
    assert _came(hear([_on_a_slip(_said(finding))], [finding])) == ("explained", "explained", [])


@pytest.mark.parametrize(
    ("office", "own"),
    [("历下区人社局", True), ("历下 人社局", True), ("区人社局就业科", True), ("我局", True),
     ("本区就业中心", True), ("市就业服务中心", False), ("市中区人社局", False),
     ("省人社厅", False), ("", False)],
)  # fmt: skip
def test_whose_office_it_is(office: str, own: bool) -> None:
    assert is_own(office, NAMES[LIXIA]) is own
    assert not is_own("市就业服务中心", ())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1,234", "1234.0", True), ("１２３４", "1,234", True), ("1234人", "1,234", True),
     ("－5", "-5", True), ("−5", "5", False), ("未报", "未 报", True), ("0", "", False),
     ("12万", "12", False), ("0.10", "0.1", True)],
)  # fmt: skip
def test_figures_are_compared_as_numbers_where_both_are(one: str, other: str, same: bool) -> None:
    assert same_figure(one, other) is same
    assert same_figure(other, one) is same


_REGIONS = st.sampled_from([LIXIA, SHIZHONG, "370104"])
_FINDINGS = st.lists(
    st.builds(_finding, st.sampled_from(["critical", "warning", "info"]), _REGIONS),
    unique_by=lambda finding: finding.id,
)
_WORDS = st.one_of(st.text(max_size=30), st.sampled_from([GOOD, "核实无误", ""]))


@given(_FINDINGS, st.data())
def test_whatever_is_said_nothing_is_lost_and_only_states_change(
    findings: list[Finding], data: st.DataObject
) -> None:
    ids = [f.id for f in findings] + ["0" * 12]
    said = data.draw(
        st.lists(
            st.builds(Explanation, st.just(DUE), _REGIONS, st.sampled_from(ids),
                      st.sampled_from(["1234", "5", "", "x"]), _WORDS,
                      st.sampled_from(["", "市局", "张三", "13800000000"]))
        )
    )  # fmt: skip
    heard = hear(said, findings)
    assert [replace(f, state="open") for f in heard.findings] == findings
    assert len(heard.verdicts) + len(heard.unheard) == len(said)
    assert len({d.id for d in heard.doubts}) == len(heard.doubts)
    spoken = {(one.region, one.finding) for one in said}
    for finding in heard.findings:
        if finding.state != "open":
            assert (finding.region, finding.id) in spoken
        assert (finding.state == "waived") <= (finding.severity == "critical")
    assert not {v.explanation.approved_by for v in heard.verdicts} & {"张三", "13800000000"}


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    heard = _heard(words=text, value=text, by=text)
    assert heard.verdicts[0].outcome in ("explained", "lapsed", "refused")


def test_the_table_of_explanations_is_text() -> None:
    frame = explanations_frame([Verdict(_said(_finding()), "explained", "说明已采用")])
    assert list(frame.columns) == [
        "due", "region", "finding", "value", "words", "approved_by",
        "file", "sheet", "cell", "outcome", "reason",
    ]  # fmt: skip
    assert frame.iloc[0]["outcome"] == "explained"
    assert list(explanations_frame(()).columns) == list(frame.columns)
