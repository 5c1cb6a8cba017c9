"""Times: what heads and the names of rows say of time — this due's figures, or another time's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from chunfeng_reports.campaign import Item
from chunfeng_reports.reading.grids import Value
from chunfeng_reports.reading.layouts.spots import text_of
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

#: Words of a head whose figures are not this due's own: earlier, later, compared, or corrected.
OTHER_TIME = re.compile(
    r"上一?(?:期|次|轮|季|阶段)|上(?:一个?)?月|[上去]一?年|往(?:期|年|次)|前(?:期|次)|历[史年届次]|以往|同期"
    r"|同比|环比|比上|较上|增减|增长|增幅|增速|差[额异]|占比|比例|比重|百分比|[%％]"
    r"|完成率|完成比|达成率|进度|率$|(?:目标|计划|任务)(?!.*完成)|指标数|应完成|排名|名次"
    r"|预[计测]|下一?(?:期|次|轮|月|阶段)|(?:修改|更正|调整|修正|订正)前|原[报填]|原(?:始|来|有)?(?:数|值)"
)
SINCE_START = re.compile("累计|活动以来|启动以来|截[至止]")
_YEAR = re.compile(r"20[0-9]{2}(?=年)")
_DAY = re.compile(r"[0-9一二三四五六七八九十]月[0-9一二三四五六七八九十]{1,3}[日号]|20[0-9]{6}")
_ORDINAL = re.compile("第[一二三四五六1-6](?:次|期|轮|批|阶段)")


def beside_item(text: str, item: Item, year: int) -> Literal["other", "since", "plain"]:
    """What time a cell names besides its item: another's in 参加企业数（上期）, 2022年参加企业数.

    Words that are the item's own (年度培训计划) say nothing.
    """
    own = squeeze("".join((item.label, *item.labels.values(), *item.aliases)))
    dense = squeeze(text)
    if any(word not in own for word in OTHER_TIME.findall(dense)):
        return "other"
    years = [] if "月" in dense else [int(told) for told in _YEAR.findall(dense)]
    if years and year not in years:
        return "other"
    return "since" if SINCE_START.search(dense) and "累计" not in own else "plain"


def of_this_due(heads: Sequence[str], words: Vocabulary) -> list[bool | None]:
    """For each head whether it is this due's or another due's; None where it does not say.

    All None unless this due and another are both told by their day or ordinal: 2月1日 beside
    3月1日. A head that names two days is a stretch of time, not a due.
    """
    named = [_due(head, words) for head in heads]
    others = set(named) - {"", words.due}
    if not words.due or words.due not in named or not others:
        return [None] * len(named)
    return [due == words.due if due else None for due in named]


def _due(head: str, words: Vocabulary) -> str:
    """The one due that a head names by its day or ordinal; else empty."""
    days = len(_DAY.findall(head))
    if days > 1 or not (days or _ORDINAL.search(head)) or OTHER_TIME.search(head):
        return ""
    dues = words.dues.in_heading(head)
    return next(iter(dues)) if len(dues) == 1 else ""


def head_text(value: Value) -> str:
    """A head's words in plain form, those of a date cell as a day: ``3月1日``."""
    return f"{value.month}月{value.day}日" if isinstance(value, date) else text_of(value)
