"""Statements: whether a number in a sentence is this time's figure, or a comparison or a plan.

Only words before the number are asked (and what a pattern needs after it), so that a remark behind
it (返乡2000人，同比增长5%) takes nothing away.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[。；！？;\n]")
_CLAUSE = re.compile(r"[，、：:]|,(?![0-9]{3})")

# Held against another time: 较上年减少200人, 同比增加200人. What it has come to is no difference.
_COMPARED = re.compile(
    r"(?:去年|上年|往年|上期|上次|上月)(?![^，、]{0,8}(?:以来|起|至今))"
    r"|同期|同比|环比|比上|较上|较去"
)
_NOW = re.compile(r"今年|本年|本期|目前")
_CHANGED = re.compile(r"(?<!累计)(?:增加|减少|增长|下降)(?!到|至|为)")
_CHANGED_NEXT = re.compile(_CHANGED.pattern + "$")
_REACHED = re.compile(r"(?:增加|减少|增长|下降|上升|[增降升])(?:到|至|为)了?[约近]?$")

# Meant to be: 计划走访慰问2000人次. A plan made or kept (按计划走访) says nothing of the kind.
_PLANNED = re.compile(r"计划|预计|预期|(?<![模虚])拟(?!定)|力争|争取|目标")
_PLAN_KEPT = re.compile(
    r"(?:按照?|根据|依照|依据|对照|围绕|制定|制订|编制|印发|出台|细化|落实|实施|执行|纳入)"
    r"[^，]{0,12}?(?:计划|目标)|计划(?=[”》」])"
)
_PLAN_NEXT = re.compile(r"(?:计划|目标|任务)(?:人?数)?[为是约达]{0,2}$")
_PLAN_AFTER = re.compile(r"的?(?:计划|目标|任务)")
_AHEAD = re.compile(r"下一?步|下一?阶段|接下来|今后|明年")
# A plan goes on over commas until something done is told: 计划举办50场，走访2000人次.
_PLANS_ON = re.compile(rf"(?:计划|预计|(?<![模虚])拟(?!定))(?![，、])|{_AHEAD.pattern}")
_DONE = re.compile(r"已|共(?!同)|截至|目前|累计|实际|完成")
_OUTLOOK = re.compile(rf"{_AHEAD.pattern}|打算|设想")


def is_actual(match: re.Match[str]) -> bool:
    """Whether the ``value`` that a pattern matched in a text is this time's figure."""
    lead, gap = _lead(match), match.string[match.start() : match.start("value")]
    tail = match.string[match.end("value") : match.end()]
    here = _last_end(_CLAUSE, lead)
    clause = lead[here:] + gap
    if _PLAN_NEXT.search(gap) or _PLAN_AFTER.match(match.string, match.end()):
        return False
    if _PLANNED.search(_PLAN_KEPT.sub("", clause)) or _PLANNED.search(tail):
        return False
    if _planned_before(_PLAN_KEPT.sub("", lead[:here]), clause):
        return False
    if _REACHED.search(gap):
        return True
    if _CHANGED.search(gap) or _CHANGED_NEXT.search(lead):
        return False
    return not _COMPARED.search(clause[_last_end(_NOW, clause) :] + tail)


def opens_outlook(heading: str) -> bool:
    """Whether a heading opens the part that tells what is still to come (下一步工作打算)."""
    return _OUTLOOK.search(heading) is not None


def sentence_of(match: re.Match[str]) -> str:
    """The sentence in which a match stands."""
    end = _SENTENCE.search(match.string, match.end())
    rest = match.string[match.start() : end.start() if end else None]
    return (_lead(match) + rest).strip()


def _lead(match: re.Match[str]) -> str:
    """The words of the sentence before the match."""
    text = match.string[: match.start()]
    return text[_last_end(_SENTENCE, text) :]


def _planned_before(earlier: str, clause: str) -> bool:
    """Whether a plan in an earlier clause of the sentence still holds in this one."""
    plans = list(_PLANS_ON.finditer(earlier))
    if not plans:
        return False
    since = earlier[plans[-1].end() :]
    parted = _CLAUSE.search(since)
    return not _DONE.search((since[parted.end() :] if parted else "") + clause)


def _last_end(mark: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in mark.finditer(text)), default=0)
