"""Mentions: figures in a summary that repeat a table form's items, and whether both agree.

Only what speaks of the whole is held against a form: a part, a plan or another time's number never
is, and where the text gives several numbers for an item and none is the form's, none is judged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chunfeng_reports.campaign import Campaign, Form, Item
from chunfeng_reports.facts import Fact
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.recognised import Doubt, Mention
from chunfeng_reports.reading.texts.lines import Text
from chunfeng_reports.reading.texts.stated import BODY_TEXT, Statement, statements_of, uncontested
from chunfeng_reports.reading.texts.statements import Setting, Standing
from chunfeng_reports.reading.words.numbers import as_typed, read_number

#: A number that ends in two noughts may have been rounded: so far it may be from the form's.
_ROUND, _NEAR = 100, 0.02
_EVENTS = re.compile(r"([0-9][0-9,.]*万?)[余多]?场")
_SET_FREE = re.compile(r"累计|总计|合计|截至|目前|全[区市县]")
_ONE_FAIR = re.compile(r"招聘(?:会|活动)(?=，)")
_ALL_FAIRS = re.compile(r"累计|总计|合计|截至|目前|全[区市县]|活动期间|共|各类|系列|以来")
_LIST_OF_PRINTS = re.compile(r"[、和及][^，。；、0-9]{1,10}[0-9][0-9,.]*万?[份册张]")


def mentions_in(
    text: Text, form: Form, campaign: Campaign, setting: Setting
) -> tuple[Mention, ...]:
    """What a summary says of the items of the table forms that the same office files."""
    items = [
        item
        for table in campaign.forms
        if table.layout != "prose" and table.line == form.line
        for item in table.items
        if item.prose
    ]
    found = uncontested({item.code: statements_of(item, text, setting) for item in items})
    most = max((_times(s.typed) for item in items if item.unit == "场" and not item.parent
                for s in found[item.code] if s.standing != "unreal"), default=0.0)  # fmt: skip
    return tuple(
        _mention(one, said)
        for item in items
        for one in found[item.code]
        if (said := _said(one, item, found)) in {"total", "plain", "stage"}
        and not _of_some_events(one, text.dense, most)
        and one.figure.value is not None
    )


def _of_some_events(one: Statement, dense: str, most: float) -> bool:
    """Whether the sentence has come to tell of some events only, or the number begins a list.

    举办专场招聘会6场，参加企业45家; 赴外地举办招聘会2场，提供岗位300个 where 26 are told of;
    发放折页5000份、手册13600册.
    """
    before = dense[one.begin : one.start]
    after = before.rpartition("专场")[2]
    if after != before and not _SET_FREE.search(after):
        return True
    events = [_times(met[1]) for met in _EVENTS.finditer(before.rpartition("其中")[2])]
    if one.measure not in {"场", "场次"} and events and max(events) < most:
        return not _SET_FREE.search(before.rpartition("场")[2])
    if not events and most and _ONE_FAIR.search(before) and not _ALL_FAIRS.search(before):
        return True
    return one.measure == "份" and _LIST_OF_PRINTS.match(dense, one.end) is not None


def _times(typed: str) -> float:
    return read_number(typed, unit="场").value or 0.0


def _said(one: Statement, item: Item, found: Mapping[str, Sequence[Statement]]) -> Standing:
    """What a statement is said of; 其中 of an item's own total is as whole as that total."""
    if one.standing != "part" or item.parent is None or not one.among:
        return one.standing
    before = [p for p in found.get(item.parent, ()) if one.begin <= p.value_at < one.value_at]
    return before[-1].standing if before else "part"


def _mention(one: Statement, said: Standing) -> Mention:
    return Mention(one.figure, one.measure, one.sentence, said, _step(one))


def _step(one: Statement) -> float:
    """How finely a number is told: 1000 for 1.2万 and 近1.2万, 10 for 50余, 1 for 1234."""
    digits = re.match(r"[0-9,]+(?:\.([0-9]+))?([百千]?[万亿]|[百千])?", one.typed)
    if digits is None:
        return 1.0
    scale = {None: 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
             "百亿": 10**10, "千亿": 10**11}.get(digits[2], 1)  # fmt: skip
    step: float = scale / 10 ** len(digits[1] or "")
    whole = digits[0].replace(",", "")
    if one.figure.how == "approximate" and scale == 1 and whole.isdecimal():
        step *= 10 ** (len(whole) - len(whole.rstrip("0")))
        step = max(step, 10.0) if step == 1 else step
    return max(step, 1.0)


# --- held against the forms


def doubts_on(
    mentions: Iterable[Mention], facts: Mapping[str, Fact], campaign: Campaign
) -> Iterator[Doubt]:
    """A doubt for each item whose figure in a summary is another than in its form.

    facts: the unit's facts of the same due by item. A warning; an info where the text speaks of
    this stage alone, where the number may have been rounded, or where it gives several numbers.
    """
    told: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        told[mention.figure.item].append(mention)
    for code, some in told.items():
        fact = facts.get(code)
        if fact is None or fact.value is None or fact.state != "value":
            continue
        if any(_agrees(one, fact.value) for one in some):
            continue
        yield _doubt(campaign.item_by_code[code], campaign, some, fact)


def _agrees(mention: Mention, value: float) -> bool:
    """Whether a number told agrees with a form's, as finely as it is told."""
    told = mention.figure.value or 0.0
    return told == value or (mention.step > 1 and abs(told - value) < mention.step)


def _doubt(item: Item, campaign: Campaign, some: Sequence[Mention], fact: Fact) -> Doubt:
    totals = [one for one in some if one.standing == "total"] or list(some)
    one, value = totals[0], fact.value or 0.0
    told = one.figure.value or 0.0
    form = campaign.form_by_code[item.form]
    severity = _severity(totals, told, value)
    message = (
        f"正文写{item.short} {as_typed(told)} {one.measure}（“{one.sentence}”），"
        f"{form.short}为 {as_typed(value)} {item.unit}；{_ASKED[severity]}"
    )
    return Doubt("reading.text_differs", severity, message, (item.code,), value=as_typed(told),
                 expected=as_typed(value), sheet=BODY_TEXT, cell=one.figure.cell)  # fmt: skip


_ASKED: dict[Severity, str] = {
    "warning": "请核对总结与统计表，改正不对的一份（只是本阶段数的，请写明）",
    "info": "如口径不同（本阶段数、约数、分项数），不必修改",
}


def _severity(told: Sequence[Mention], first: float, value: float) -> Severity:
    several = len({one.figure.value for one in told}) > 1
    rounded = first % _ROUND == 0 and abs(first - value) <= _NEAR * abs(value)
    staged = told[0].standing == "stage" and first <= value
    return "info" if several or rounded or staged else "warning"
