"""Waivers: whether what a unit says of a doubt settles it.

Good words explain a warning or a hint; an error is waived only where an office approved besides: on
a slip, which the unit fills in, another than its own; the desk's register may name any. An
explanation holds for the figure that it was written for: where that has changed, it lapses.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chunfeng_reports.explanations import REGISTER, Explanation, Outcome, Verdict
from chunfeng_reports.findings import Finding, Standing

FEWEST_CHARACTERS = 6

_ADVICE = "请写明原因、过程、依据：为什么是这个数，怎样核实的，依据什么材料。"
#: What is said where nothing is explained. The longer ones come first.
_STOCK = re.compile(
    r"没有问题|没有错误|没有异常|未见异常|未发现|没问题|无问题|无异常|无错误|无差错|无出入|没有错|没错"
    r"|请予以?|特此|说明如下|说明|请知悉|知悉|望批准|批准|请审核|领导|审阅|批示|谢谢|您好|如上|同上|详见"
    r"|附件|材料|核实|核对|核查|复核|审核|检查|查证|确认|属实|无误|准确|正确|真实|正常|一致|合理|实际|如实"
    r"|填报|上报|报送|统计|数据|数字|数值|情况|内容|指标|问题|以上|上述|确实|予以|工作人员|负责人|经办人"
    r"|人工|电话|再次|多次|人力资源和?社会保障|人社|公共就业|就业|人才|服务|残联|相关|有关|部门|单位|中心"
    r"|[局科室区县市街镇年月日我本该此项数的了为是都请对无有实略现将均已经确由及和与0-9]"
)
#: Fewer characters besides stock phrases tell nothing.
_FEWEST_BESIDES = 3
_PHONE = re.compile(r"\[电话\]|(?<!\d)\d(?:[-\s]?\d){6,}")
#: How the name of an office ends; names of persons do not, and have four characters at most.
_OFFICE = re.compile(
    "(?:[局科处办室委厅部组会院所站股队府省市区县镇乡]|中心|街道|机构|机关|残联|指挥部?|公司)$"
)
_TITLE = re.compile(
    "(?:[局科处厅部组会院所站股队市区县镇乡]长|主任|主席|书记|经理|专员|科员|干事|同志|先生|女士|老师)$"
)
_LEVELS = ("省", "市", "区", "县", "旗", "镇", "乡", "街道")
#: What an outcome makes of its finding; others leave it open.
_STANDING: dict[Outcome, Standing] = {
    "explained": "explained", "waived": "waived", "lapsed": "lapsed",
}  # fmt: skip
_FIGURE = re.compile(r"([+-]?\d+(?:\.\d+)?)(?:人次|[人户个家份场次])?")


@dataclass(frozen=True)
class Heard:
    """What came of explanations that were held against findings.

    findings: those given, in their order, with their states; verdicts: one for each explanation
    that is on one of them, as the explanations came; doubts: findings on the explanations
    themselves; unheard: explanations that name none of the findings.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    doubts: tuple[Finding, ...]
    unheard: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why an explanation does not settle its finding: rule, the reason, and what to do."""

    rule: str
    reason: str
    advice: str


def hear(
    explanations: Iterable[Explanation],
    findings: Iterable[Finding],
    *,
    names: Mapping[str, Sequence[str]] | None = None,
) -> Heard:
    """The findings of a due as their explanations leave them, and doubts on the explanations.

    explanations: of the same due; of several on one finding the last counts; names: region → what
    it is called, the official name first, so that no unit approves for itself. Words are judged
    beside all the others given: those that two regions share explain for neither. What is wrong
    with an explanation is a warning (``explanations.…``) on its region; the finding stays open.
    """
    said, given = tuple(explanations), tuple(findings)
    on = {finding.id: finding for finding in given}
    last = {(one.finding, one.region): n for n, one in enumerate(said)}
    copies = _copies(said)
    states: dict[str, Standing] = {}
    verdicts: list[Verdict] = []
    doubts: list[Finding] = []
    for n, one in enumerate(said):
        if one.finding not in on:
            continue
        if last[one.finding, one.region] != n:
            verdicts.append(_verdict(one, "refused", "后面另有对同一问题的说明，以后写的为准"))
            continue
        own = is_own(one.approved_by, (names or {}).get(one.region, ()))
        verdict, faults = _judged(one, on[one.finding], copies, own=own)
        verdicts.append(verdict)
        doubts += [_doubt(one, fault, on[one.finding]) for fault in faults]
        if (standing := _STANDING.get(verdict.outcome)) is not None:
            states[one.finding] = standing
    return Heard(
        tuple(replace(f, state=states[i]) if (i := f.id) in states else f for f in given),
        tuple(verdicts),
        tuple(doubts),
        tuple(one for one in said if one.finding not in on),
    )


def astray(explanations: Sequence[Explanation]) -> Heard:
    """What becomes of explanations whose finding there is none: refused.

    A slip that came back was once asked about it, and the finding has gone since: that is as it
    should be. In the register the number may be mistyped: a hint.
    """
    last = {(one.finding, one.region): one for one in explanations}
    why = _Fault(
        "finding",
        "本期没有这个编号的问题",
        "问题可能已随数据更正而消失，也可能是编号抄错（用 Excel 编辑时请先把该列设为文本）。"
        "请核对；已消失的，删去这一行即可。",
    )
    return Heard(
        findings=(),
        verdicts=tuple(_verdict(one, "refused", why.reason) for one in explanations),
        doubts=tuple(
            replace(_doubt(one, why, None), severity="info")
            for one in last.values()
            if one.registered
        ),
        unheard=(),
    )


def _judged(
    one: Explanation, finding: Finding, copies: frozenset[str], *, own: bool
) -> tuple[Verdict, list[_Fault]]:
    """The verdict on an explanation of a finding, and what is wrong with the explanation.

    own: whether the office that approved is the unit's own.
    """
    if one.region != finding.region:
        return _refused(one, _OTHERS), [_OTHERS]
    unfit = _dense(one.approved_by) and not is_office(one.approved_by)
    wrong = [_NO_OFFICE] if unfit else []
    fault = _fault_of_words(one, copies) or _fault_of_value(one, finding)
    if fault:
        return _refused(one, fault), [fault, *wrong]
    if not same_figure(one.value, finding.value):
        return _verdict(one, "lapsed", _lapsed(one, finding)), wrong
    if finding.severity != "critical":
        return _verdict(one, "explained", "说明已采用"), wrong
    return _approved(one, wrong, own=own)


def _approved(one: Explanation, wrong: list[_Fault], *, own: bool) -> tuple[Verdict, list[_Fault]]:
    """The verdict on good words on an error: whether an office that may do so approved them."""
    if not is_office(one.approved_by):
        return _refused(one, _UNAPPROVED), wrong or [_UNAPPROVED]
    if own and not one.registered:
        return _verdict(one, "claimed", _CLAIMED.format(_shown(one.approved_by))), wrong
    return _verdict(one, "waived", f"{one.approved_by}已审批"), wrong


_OTHERS = _Fault("region", "问题不是这个单位的", "请核对单位和问题编号。")
_NO_OFFICE = _Fault(
    "approver",
    "“审批单位”像是人名或电话，不算审批",
    "请填审批的上级单位（如“市就业服务中心”），不写个人姓名和电话。",
)
_UNAPPROVED = _Fault(
    "approval",
    "没有审批，错误级的问题只凭说明不能放行",
    "请更正数据；确实无误的，报上级单位审批后在“审批单位”一栏写明该单位。",
)
_CLAIMED = (
    "审批单位“{}”是填报单位自己的，不算审批；"
    f"确已由上级单位审批的，请写明该单位，或把这一条登记到 {REGISTER}"
)


def _refused(one: Explanation, fault: _Fault) -> Verdict:
    return _verdict(one, "refused", fault.reason)


def _verdict(one: Explanation, outcome: Outcome, reason: str) -> Verdict:
    """A verdict; who approved is kept only where that is an office."""
    kept = one if is_office(one.approved_by) else replace(one, approved_by="")
    return Verdict(kept, outcome, reason)


def _lapsed(one: Explanation, finding: Finding) -> str:
    return f"数值已由 {_shown(one.value)} 变为 {_shown(finding.value)}，说明失效，请重新说明或更正"


def _fault_of_words(one: Explanation, copies: frozenset[str]) -> _Fault | None:
    words = _dense(one.words)
    besides = len(_STOCK.sub("", words))
    if not words:
        return _Fault("words", "没有内容", _ADVICE)
    if not besides or (len(words) >= FEWEST_CHARACTERS and besides < _FEWEST_BESIDES):
        return _Fault("words", "只说核实无误一类的话，没有说出原因", _ADVICE)
    if len(words) < FEWEST_CHARACTERS:
        return _Fault("words", f"只有{len(words)}个字，看不出原因", _ADVICE)
    if words in copies:
        return _Fault(
            "copied", "与其他单位的说明文字相同", f"请各单位按自己的实际情况说明。{_ADVICE}"
        )
    return None


def _fault_of_value(one: Explanation, finding: Finding) -> _Fault | None:
    if _close(one.value) or not _close(finding.value):
        return None
    return _Fault(
        "value", "没有写所说明的数值", f"请在“数值”一栏写明，该问题现在的数值是 {finding.value}。"
    )


def _copies(said: Iterable[Explanation]) -> frozenset[str]:
    """Words, normalised, that more than one region uses."""
    users: dict[str, set[str]] = defaultdict(set)
    for one in said:
        users[_dense(one.words)].add(one.region)
    return frozenset(words for words, regions in users.items() if len(regions) > 1)


def _doubt(one: Explanation, fault: _Fault, finding: Finding | None) -> Finding:
    """A warning on an explanation; it names no form, so that it marks no figure."""
    what = f"（数值 {finding.value}）" if finding and finding.value else " "
    return Finding(
        one.due, one.region, "", (), f"explanations.{fault.rule}", "warning",
        f"对问题 {_shown(one.finding)}{what}的说明：{fault.reason}。{fault.advice}",
        file=one.file, sheet=one.sheet, cell=one.cell, about=one.finding,
    )  # fmt: skip


def is_office(text: str) -> bool:
    """Whether a text names an office that may approve, and not a person, a title or a telephone."""
    plain = unicodedata.normalize("NFKC", text)
    names = [name for part in re.split(r"[\s、,;/()]+", plain) if (name := _dense(part))]
    return bool(names) and not _PHONE.search(plain) and all(map(_is_office, names))


def is_own(office: str, names: Sequence[str]) -> bool:
    """Whether an office is the unit's own: it bears one of its names, or says only 区、本、我 …

    names: the official one first. To the unit 天桥区 its own are 济南市天桥区人社局, 天桥人社局,
    区人社局 and 我局.
    """
    text = _dense(office)
    levels = [level for level in _LEVELS if names and names[0].endswith(level)]
    return text.startswith(("本", "我", *levels)) or any(_dense(name) in text for name in names)


def _is_office(name: str) -> bool:
    if _TITLE.search(name):
        return False
    return bool(_OFFICE.search(name)) or len(re.findall(r"[\u4e00-\u9fff]", name)) > 4


def same_figure(one: str, other: str) -> bool:
    """Whether two texts say the same figure: as numbers where both are, ``1,234`` = ``1234.0``."""
    a, b = _figure(one), _figure(other)
    if a is not None and b is not None:
        return a == b
    return _close(one) == _close(other)


def _figure(text: str) -> Decimal | None:
    met = _FIGURE.fullmatch(_close(text).replace(",", "").replace("−", "-"))
    return Decimal(met[1]) if met else None


def _close(text: str) -> str:
    """A text without spaces, width and case folded."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _dense(text: str) -> str:
    """A text without spaces and punctuation, width and case folded: what two texts share."""
    return re.sub(r"[\W_]+", "", _close(text))


def _shown(text: str) -> str:
    """A text as a sentence may hold it: on one line, and not endless; 空 where there is none."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (line if len(line) <= 40 else f"{line[:39]}…") or "空"
