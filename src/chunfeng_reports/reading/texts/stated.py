"""Stated: the figure that a text states for an item, out of all that it says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from chunfeng_reports.campaign import Item
from chunfeng_reports.reading.layouts.figures import doubts_of
from chunfeng_reports.reading.recognised import Doubt, Figure, Seen
from chunfeng_reports.reading.texts.lines import Text
from chunfeng_reports.reading.texts.patterns import Wording, wordings
from chunfeng_reports.reading.texts.statements import (
    Setting,
    Standing,
    months_in,
    sentence_around,
    standing,
)
from chunfeng_reports.reading.words.numbers import as_typed, read_number
from chunfeng_reports.reading.words.numerals import NUMERAL_CHARACTERS

#: What a document's text is called where a sheet's name would stand.
BODY_TEXT = "正文"

_LONGEST_QUOTED = 80
#: Of one pattern in one text; a summary says a thing two or three times.
_MOST_STATEMENTS = 300
_ROUGHLY = re.compile(
    r"(?:约为?|近|大概|将近|接近|超过?|逾|突破|不足|不到|不少于|不低于|至少|最多|[<>~])$"
)
_ABOUT = re.compile(r"(?:左右|上下|以上|以下|以内|之多)")
_SCALED = re.compile(f"[万亿{NUMERAL_CHARACTERS}]")
_MEASURE = re.compile(r"人次|百?万元|亿元|[百千]?元|场次|户次|[人名位户家个场次份]")
# A member of a list: no verb of its own, so that it shares the verb of the one before it.
_DEEDS = (
    "走访|慰问|帮|实现|发放|兑现|落实|服务|培训|举办|开展|组织|提供|达成|签|返|留|外出|输送|接|救助了|援助"
    "|登记|认定|享受|消除|参加|吸引|吸纳|安置|推荐|介绍|宣传|解答|受理|惠及|覆盖|其中|含|包括|共|合计|总计|累计"
    "|去年|上年|往年|前年|年同期|同比|环比|[与较比]|增[加长]|减少|下降|计划|目标|任务|预计|剩余|尚|未"
    "|超|最|单[笔场日]|平均|[人户日]均|高峰|高[于出]|低于|多(?!数)|少(?!数)"
)
_MEMBER = rf"(?:[、，；]|和|及|以及)(?:(?!{_DEEDS})[^，。；！？、\n0-9]){{1,14}}?"
_TOTAL_AFTER = (
    r"[，、；(]?(?:[两二三四五]项|以上)?(?:共计?|合计|总计|累计|总共|一共)"
    r"(?:[约计为达到金额资]|人数|人次|慰问|走访)*"
)
_MEMBER_END = r"(?=[、，；。)\n]|和|及|以及|$)"
_NEARLY = 1e-6
_LONGEST_LIST = 30
_AMOUNT = r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[万亿]?)"

_WHY: dict[Standing, str] = {
    "part": "只是其中一部分（一处、一场、一日或一类）", "unreal": "计划数，或与往期的比较",
    "period": "只说一个时段", "stage": "本阶段数", "total": "写明是合计", "plain": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A number met where an item's figure may stand.

    start, value_at, end: places in the dense text, begin: of its sentence; words: as matched and
    typed; sentence: as typed, at most 80 characters of it; typed: the number alone; among: whether
    其中 stands before it in its sentence; months: that the sentence names, of a period.
    """

    figure: Figure
    standing: Standing
    start: int
    value_at: int
    end: int
    words: str
    sentence: str
    measure: str
    typed: str
    begin: int
    among: bool = False
    months: frozenset[int] = frozenset()
    tier: int = 0
    unsure: bool = False

    @property
    def loose(self) -> int:
        """How much stands between the words that name the item and the number."""
        return self.end - self.start


def statements_of(item: Item, text: Text, setting: Setting) -> list[Statement]:
    """All that a text says of an item, in the order of the text; each number once."""
    met: dict[int, Statement] = {}
    for wording in wordings(item.prose):
        for match in islice(wording.pattern.finditer(text.dense), _MOST_STATEMENTS):
            one = _statement(match, wording, text, item, setting)
            other = met.get(one.value_at)
            if other is None or (one.tier, one.loose) < (other.tier, other.loose):
                met[one.value_at] = one
    return [met[place] for place in sorted(met)]


def _statement(
    match: re.Match[str], wording: Wording, text: Text, item: Item, setting: Setting
) -> Statement:
    line, offset = text.line_at(match.start("value"))
    begin, end = sentence_around(text.dense, match.start(), match.end())
    sentence = _quoted(line.typed(begin - offset, end - offset),
                       line.typed(match.start() - offset, match.end() - offset))  # fmt: skip
    said = "unreal" if line.ahead else standing(match, setting)
    measure = _measure(match)
    figure = _figure(match, measure, item)._replace(raw=sentence, cell=line.cell)
    return Statement(
        figure, said, match.start(), match.start("value"), match.end(),
        line.typed(match.start() - offset, match.end() - offset), sentence, measure,
        match["value"], begin, "其中" in text.dense[begin : match.start("value")],
        months_in(text.dense[begin:end]) if said == "period" else frozenset(),
        wording.tier, wording.unsure,
    )  # fmt: skip


def _measure(match: re.Match[str]) -> str:
    """The measure that stands behind a number, or that the pattern found before it."""
    behind = _MEASURE.match(match.string, match.end("value"))
    return match.groupdict().get("unit") or (behind[0] if behind else "")


def _figure(match: re.Match[str], measure: str, item: Item) -> Figure:
    typed = match["value"].translate(_SIGNS)
    unit = measure if match.groupdict().get("unit") else ""
    for words, scale in (("百万元", "百"), ("百元", "百"), ("千元", "千")):
        if unit == words:
            typed, unit = typed + scale, unit.removeprefix(scale)
    read = read_number(typed + unit, unit=item.unit)
    how = "interpreted" if read.how == "from_yuan" else read.how  # 元 stands there in so many words
    if how == "interpreted" and unit in {"", "万元"} and not _SCALED.search(typed):
        how = "typed"
    rest = match.string[match.end("value") + len(measure) : match.end("value") + len(measure) + 2]
    if _ROUGHLY.search(match.string[: match.start("value")][-4:]) or _ABOUT.match(rest):
        how = "approximate" if how in {"typed", "interpreted"} else how
    return Figure(item.code, read.state, read.value, "", "", how)


_SIGNS = dict.fromkeys(map(ord, "–—―‐‑‒─"), "-")


def _quoted(sentence: str, words: str) -> str:
    """A sentence of at most 80 characters around the words that matter."""
    sentence = " ".join(sentence.split())
    if len(sentence) <= _LONGEST_QUOTED:
        return sentence
    at = max(sentence.find(words[:10]), 0)
    start = max(sentence.rfind(mark, 0, at) + 1 for mark in "，：、")
    start = start if at - start < _LONGEST_QUOTED // 2 else at
    cut = sentence[start : start + _LONGEST_QUOTED - 2]
    return ("…" if start else "") + cut + ("…" if start + len(cut) < len(sentence) else "")


# --- one number, one item


def uncontested(found: Mapping[str, Sequence[Statement]]) -> dict[str, list[Statement]]:
    """Statements by item, each number left to the item whose words stand nearest to it.

    返乡、8901人留岗 is one number with two items' words about it. Of two as near, the one that has
    no other number keeps it.
    """
    nearest: dict[int, list[int]] = {}
    for statements in found.values():
        for one in statements:
            nearest.setdefault(one.value_at, []).append(one.loose)
    return {
        item: [one for one in statements if one.loose == min(nearest[one.value_at])
               and not (_tied(one, nearest) and any(not _tied(o, nearest) for o in statements))]
        for item, statements in found.items()
    }  # fmt: skip


def _tied(one: Statement, nearest: Mapping[int, Sequence[int]]) -> bool:
    return nearest[one.value_at].count(one.loose) > 1 or one.loose > min(nearest[one.value_at])


# --- the figure of an item


@dataclass(frozen=True, slots=True)
class Chosen:
    """The figure taken for an item, the doubts on it, and what was made of each statement."""

    figure: Figure
    doubts: tuple[Doubt, ...] = ()
    seen: tuple[Seen, ...] = ()


def chosen(
    item: Item, found: Mapping[str, Sequence[Statement]], text: Text, setting: Setting
) -> Chosen:
    """The figure that a text states for an item: of the first tier that has any.

    found: what it says of every item of the form; a number that is another's is no part of a list.

    A total comes before what is said without a word on what it covers, that before a month's; a
    part, a plan and another year's are never taken.
    """
    statements = found[item.code]
    others = {one.value_at for code in found if code != item.code for one in found[code]}
    for _, group in groupby(sorted(statements, key=lambda s: s.tier), key=lambda s: s.tier):
        tier = [_summed(one, text, item, others) for one in group]
        known = [one for one, _ in tier if one.standing in {"total", "plain", "stage"}]
        known = known or [one for one, _ in tier if one.standing == "period"]
        if known:
            best = _best(known)
            listed = [doubt for one, doubts in tier if one is best for doubt in doubts]
            doubts = (*_differing(item, best, known), *_unsure(item, best, setting), *listed,
                      *doubts_of(item, best.figure, sheet=BODY_TEXT))  # fmt: skip
            return Chosen(best.figure, doubts, tuple(_seen(item, statements, best)))
    seen = tuple(_seen(item, statements, None))
    return Chosen(Figure(item.code, "blank"), tuple(_none_taken(item, statements)), seen)


def _best(known: Sequence[Statement]) -> Statement:
    for said in ("stage", "total"):
        if some := [one for one in known if one.standing == said]:
            return max(some, key=_size)
    return max(known, key=_size)


def _size(one: Statement) -> float:
    return one.figure.value if one.figure.value is not None else float("-inf")


def _differing(item: Item, best: Statement, known: Sequence[Statement]) -> list[Doubt]:
    """A doubt where another statement of the whole gives another number.

    Beside a total, smaller numbers that are not called totals are parts of it: an info.
    """
    others = [one for one in known if one.figure.value != best.figure.value]
    if not others:
        return []
    parts = all(_within(one, best) for one in others)
    shown = "；".join(f"{s.figure.cell}“{s.words}”" for s in (best, *others)[:4])
    if parts:
        message = f"{item.short}在正文中还有较小的数字（{shown}），已按合计数读取；请核对"
        return [_doubt("reading.text_parts", "info", message, item, best)]
    message = f"{item.short}在正文中有几个不同的数字（{shown}），已采用“{best.words}”；请核对"
    return [_doubt("reading.figures_differ", "warning", message, item, best)]


def _within(one: Statement, best: Statement) -> bool:
    """Whether a number is plainly a part of the one taken."""
    smaller = _size(one) < _size(best)
    after = one.start > best.start and one.sentence == best.sentence
    return smaller and one.standing in {"plain", "period"} and (best.standing == "total" or after)


def _unsure(item: Item, best: Statement, setting: Setting) -> list[Doubt]:
    if best.unsure:
        message = (
            f"{item.short}在正文中没有写全（“{best.sentence}”），已按 {_told(best)} 计；请核对"
        )
        return [_doubt("reading.text_unclear", "warning", message, item, best)]
    if best.standing == "period" and best.months - setting.months:
        message = (
            f"{item.short}在正文中只见某月的数字（“{best.sentence}”），已按 {_told(best)} 计；"
            "请写明本阶段合计"
        )
        return [_doubt("reading.text_period", "warning", message, item, best)]
    return []


def _none_taken(item: Item, statements: Sequence[Statement]) -> Iterator[Doubt]:
    if not statements:
        return
    parts = [one for one in statements if one.standing == "part"]
    first = (parts or statements)[0]
    what = "部分数字（一处、一场、一日或其中数）" if parts else "计划数或与往期的比较"
    message = (
        f"{item.short}只见{what}（{first.figure.cell}“{first.sentence}”），"
        "没有作为本期数读取；请写明本期实际数"
    )
    yield _doubt("reading.not_actual", "warning", message, item, first)


def _seen(item: Item, statements: Iterable[Statement], best: Statement | None) -> Iterator[Seen]:
    for one in statements:
        taken = best is not None and one.value_at == best.value_at
        why = _WHY[one.standing] or ("" if taken else "另有更确切的说法")
        yield Seen(one.figure.cell, one.sentence, "正文数字",
                   f"{item.code} {item.short}" if taken else "", why)  # fmt: skip


# --- lists of parts


def _summed(
    one: Statement, text: Text, item: Item, others: Collection[int]
) -> tuple[Statement, list[Doubt]]:
    """The total of a list (困难群众1200人次、职工800人次): as stated behind it, else added up.

    Members that come to the first number are its parts: it is the total itself.
    """
    value = one.figure.value
    if value is None or not one.measure or one.standing in {"part", "unreal"}:
        return one, []
    members, place, apart = _members(one, text, item, others)
    if not members:
        return one, []
    stated = re.compile(_TOTAL_AFTER + _AMOUNT + re.escape(one.measure)).match(text.dense, place)
    if stated is not None:
        figure = one.figure._replace(value=_amount(stated[1], one, item))
        return replace(one, figure=figure, standing="total", unsure=False), []
    rest = sum(members)
    if abs(rest - value) < _NEARLY:
        return one, []
    kept = apart and one.standing == "total" and rest < value
    total = value if kept else round(value + rest, item.decimals + 2)
    message = (
        f"{item.short}在正文中只列了分项、没有写明合计（“{one.sentence}”），"
        f"已按 {as_typed(total)} 计；请核对"
    )
    figure = one.figure._replace(value=total)
    doubt = _doubt("reading.text_added", "warning", message, item, one)
    return replace(one, figure=figure, unsure=False), [doubt]


def _members(
    one: Statement, text: Text, item: Item, others: Collection[int]
) -> tuple[list[float], int, bool]:
    """Amounts that go on after a number as members of its list, where they end, and whether a
    comma parts them from it."""
    member = re.compile(f"{_MEMBER}{_AMOUNT}{re.escape(one.measure)}{_MEMBER_END}")
    members: list[float] = []
    place = one.end
    while (found := member.match(text.dense, place)) and found.start(1) not in others:
        if len(members) == _LONGEST_LIST:
            break
        members.append(_amount(found[1], one, item))
        place = found.end()
    return members, place, text.dense[one.end : one.end + 1] in "，；"


def _amount(typed: str, one: Statement, item: Item) -> float:
    """A further amount of the same measure."""
    unit = one.measure if item.unit == "万元" else ""
    return read_number(typed + unit, unit=item.unit).value or 0.0


def _told(one: Statement) -> str:
    return as_typed(one.figure.value) if one.figure.value is not None else "无法读取"


def _doubt(rule: str, severity: str, message: str, item: Item, one: Statement) -> Doubt:
    return Doubt(rule, "info" if severity == "info" else "warning", message, (item.code,),
                 value=one.words, sheet=BODY_TEXT, cell=one.figure.cell)  # fmt: skip
