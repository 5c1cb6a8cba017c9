"""Statements: what a number in a sentence is said of — the whole, a part, a plan, another time.

Words before the number are asked, in its own clause and in short clauses before it that only say
when or where (1月18日，历山路街道，…), and what a pattern needs behind it; so that a remark behind
it (返乡2000人，同比增长5%) takes nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from chunfeng_reports.reading.words.numerals import read_numeral
from chunfeng_reports.reading.words.places import NO_OTHERS, Others

#: total: said to be all of it (累计, 全区); plain: nothing is said; stage: of this stage alone;
#: period: of a month or a festival; part: of one event, place, day or kind; unreal: a plan or
#: another year's.
Standing = Literal["total", "plain", "stage", "period", "part", "unreal"]

_SENTENCE = re.compile(r"[。；！？\n]")
_CLAUSE = re.compile(r"[，、：(]")
_PHRASE = re.compile(r"[，：(]")
_REACH = 300
_LONGEST_CARRIED = 18

# Held against another time: 较上年减少200人, 同比增加200人. What it has come to is no difference.
_COMPARED = re.compile(
    r"常年|历年|历来|年均|每年|(?<!外出)(?<!返乡)(?<!返岗)(?<!留岗)农民工总[量数]"
    r"|劳动力(?:资源)?总[量数]|(?:常住|户籍|总)人口|(?:去年|上年|往年|上期|上次|上月|上阶段|上一阶段)(?![^，、]{0,8}(?:以来|起|至今))"
    r"|同期|同比|环比|比上|较上|较去|前年"
)
_NOW = re.compile(r"今年|本年|本期|目前|截[至止]")
_CHANGED = re.compile(r"(?<!累计)(?:增加|减少|增长|下降)(?!到|至|为)")
_CHANGED_NEXT = re.compile(_CHANGED.pattern + "$")
_REACHED = re.compile(r"(?:增加|减少|增长|下降|上升|[增降升])(?:到|至|为)了?[约近]?$")
_ANOTHER_YEAR = re.compile(r"(20[0-9]{2})年(?!1[12]月)(?![^，]{0,8}(?:以来|起|至今|底以来))")
_YEAR_BEFORE = re.compile(r"去年|上年|往年|前年|上一年|(?P<y>20[0-9]{2})年(?!1[0-2]月)")
_HELD_BESIDE = re.compile(
    r"(?:去年|上年|往年|前年|上一年|20[0-9]{2}年)(?:同期)?(?:同口径)?(?:人?次?数|数据|数量)?[为是达约仅有：]{0,3}"
    r"[0-9][0-9,.]*[万亿]?[余多]?(?:人次|万元|[人名户家场份个次元])"
)
_HELD_AGAINST = re.compile(r"(?:与|和|同(?!期)|较|比)[^，]{0,14}(?:相比|比较|相较)?$")

# Meant to be: 计划走访慰问2000人次. A plan made or kept (按计划走访) says nothing of the kind.
_PLANNED = re.compile(
    r"计划|预计|预期|(?<![模虚])拟(?!定)|力争|争取|目标|确保|(?<!即)将(?:再|继续|陆续|于)?(?="
    r"走访|慰问|举办|组织|开展|发放|帮助|兑现|提供|返|留|外出|达)|即将"
)
# Not done, not yet paid, or counted for another purpose: 尚未走访1200人次, 有返乡意愿12000人.
_UNDONE = re.compile(
    r"(?:尚|还|仍)(?:未|有|需|待|差)|未(?=返|外出|走访|兑现|留岗|实现|帮)"
    r"|剩余|结余|待(?=兑|发|走访|返|实现)|应(?=兑|发|走访)|有[^，、]{0,10}意[愿向]|预算|下达|全年|核酸|隔离"
)
_ROSE_FROM = re.compile(r"[由从][^，]{0,12}$")
_ROSE_TO = re.compile(r"[^，。；]{0,4}(?:[增提升扩减降][加高长升大少]?[到至为])")
_PLAN_KEPT = re.compile(
    r"(?:按照?|根据|依照|依据|对照|围绕|制定|制订|编制|印发|出台|细化|落实|实施|执行|纳入|超额)"
    r"[^，]{0,12}?(?:计划|目标)|计划(?=[”》」])|完成[^，]{0,6}(?:计划|目标)"
)
_PLAN_NEXT = re.compile(r"(?:计划|目标|任务)(?:人?数)?[为是约达]{0,2}$")
_PLAN_AFTER = re.compile(r"的?(?:计划|目标|任务)")
_AHEAD = re.compile(r"下一?步|下一?阶段|接下来|今后|明年|后续")
# A plan goes on over commas until something done is told: 计划举办50场，走访2000人次.
_PLANS_ON = re.compile(rf"(?:计划|预计|(?<![模虚])拟(?!定))(?![，、])|{_AHEAD.pattern}")
_DONE = re.compile(r"已|共(?!同)|截至|目前|累计|实际|完成")
_DONE_NOW = re.compile(r"，(?:目前|截[至止]目前|现)?(?:已|实际)")
#: The end of a list that says what its figures come to: A街道100人次，B街道200人次，合计300人次.
_TOTALLED = re.compile(
    r"[0-9].*[，、；](?:全[区市县]|[两二三四五]项|以上)*(?:合计|总计|共计?|累计|总共)[^，]{0,6}$",
    re.S,
)
_ORDINAL_STAGE = re.compile(r"第([一二三四1-4])(?:个)?阶段")
_ASIDE = re.compile(r"\([^()]*\)")

_SINCE = re.compile(
    r"截[至止]到?(?:目前|现在|[0-9年月日底号]{1,12}|[^，]{0,4}?(?:底|月末))?|[^，]{0,14}?以来"
    r"|自[^，]{1,14}?(?:起|至今|开始)"
)
_SPAN = re.compile(r"[0-9年月日号]+(?:[至到~—-]+|日-)[0-9年月日号]+(?:期间)?")
_WHOLE = re.compile(
    r"累计|总计|合计|总共|一共|总数|共计|(?<![公])共(?![同享建青产度性克识和筹])|(?:全|我|本)[区市县省]"
    r"|目前|活动期间"
)
_STAGE = re.compile(r"本阶段|本期|该阶段|这一?阶段|此阶段|第[一二三]阶段|本轮")
_PART = re.compile(
    r"其中|(?:首|单|每|该|本|某|一|这|此|两|几)场|首[日批]|当[天日场]|现场(?!招聘|活动)|平均|[人户日]均"
    r"|每[天日周月]|专列|专车|专机|包车|点对点|例如|比如|分别"
)
_ONE_DAY = re.compile(r"高峰|最多|单日|一天|每[个户]|某(?:街道|镇|乡|村|社区|企业|公司|场)")
_LED = re.compile(r"(?:领导|书记|[区县市]长)[^，、]{0,8}(?:走访|慰问|看望)")
#: A kind of people, and an office of its own: a part where they stand alone (残疾人、农民工等).
_KIND = re.compile(
    r"(?<!内)[省市]外(?!出)|跨[省市]|脱贫(?:人口|劳动力|人员)|高校毕业生|大学生|孤寡老人|老党员|志愿者"
    r"|^[区县市]?(?:残联|总工会|工会|妇联|团[区县市]?委|民政局?)"
)
_SEVERAL_KINDS = re.compile(r"[、等和及]|联合|共(?!青)|累计|总|合计")
_EVENT = re.compile(r"(?:首|单|每|该|某|这|此)场|首[日批]|当[天日场]|现场(?!招聘|活动)")
_SET_FREE = re.compile(r"累计|总计|截[至止]|目前|(?:全|我|本)[区市县省]")
_KICKED_OFF = re.compile("启动|召开|部署|印发|下发|动员|开始|通知")
_PART_FIRST = re.compile(r"(?:含|包括|包含|其中|如(?![期下约实])|仅|像)")
_DAY = re.compile(
    r"今[天日]|昨[天日]|[当本上这]周|一周|近日|日前|(?:[0-9]{1,2}月)?[0-9]{1,2}[日号]"
)
_MONTH = re.compile(r"(?<![0-9.])(1[0-2]|[1-9])月份?|([一二三四五六七八九十]{1,2})月份?")
_FESTIVAL = re.compile(r"春节|元旦|两节|节日|节[前后]|假期|[上中下]旬")
_SUBJECT = re.compile(
    r"(?:其中|如|例如|比如)?(?P<name>[\u4e00-\u9fff]{1,7}?)(?P<kind>街道|镇|乡|社区|村|区|县|市)"
    r"(?=[、和]|办事处|党工委|管委会|人社|共|累计|已|走访|慰问|帮|举办|开展|组织|兑现|发放|返乡|留|外出"
    r"|农民工|提供|实现|就业|困难|，|：|招聘|$)"
)
# 各街道, 深入社区, 返乡 and 园区 name no street and no district.
_NO_NAME = re.compile(
    r"[各全我本该每某多个农社镇街深组进到走动在为对向由与和及、入赴返回留外下]|^[乡城市区县村]$|工作|困难"
)
_NO_REGION = re.compile(r"[辖园社片城山景小地发能新区]$|^[市省]?[城辖]")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a summary is about: the campaign's year, the months of its stage, its unit's names.

    others: names of regions that are neither the unit nor around it; above: words for those around
    it (全市, of a district); stage: which of the dues it
    is, from 1; 0 where that is not known.
    """

    year: int
    months: frozenset[int] = frozenset()
    names: Collection[str] = ()
    others: Others = NO_OTHERS
    above: tuple[str, ...] = ()
    stage: int = 0


def standing(match: re.Match[str], setting: Setting) -> Standing:
    """What the ``value`` that a pattern matched in a dense text is said of."""
    if not is_actual(match, setting):
        return "unreal"
    lead, gap = _before(match)
    here = _last_end(_PHRASE, lead)
    own, carried = lead[here:] + gap, _carried(lead[:here])
    if "其中" not in own and _TOTALLED.search(gap):
        return "total"
    if _partial(own, gap) or any(c.endswith("其中") for c in carried):
        return "part"
    if _elsewhere(own, setting) or _in_a_part(lead[:here], own, setting):
        return "part"
    return _when("，".join((*(c for c in carried if not _KICKED_OFF.search(c)), own)))


def _partial(own: str, gap: str) -> bool:
    """Whether the clause itself speaks of a part: one place, day, kind, or 就业（就近300人次."""
    aside = gap.rpartition("(")[2] if gap.count("(") > gap.count(")") else ""
    if aside and not _WHOLE.search(aside) and not _SINCE.search(aside):
        return True
    if _KIND.search(own) and not _SEVERAL_KINDS.search(own):
        return True
    return bool(
        _ONE_DAY.search(own) or _LED.search(own) or _PART.search(own) or _PART_FIRST.match(own)
    )


def _in_a_part(earlier: str, own: str, setting: Setting) -> bool:
    """Whether the sentence has come to tell of one event, day or place, and tells of it still."""
    within = earlier.startswith("其中")
    for clause in _PHRASE.split(earlier):
        if _SET_FREE.search(clause) or _SINCE.search(clause):
            within = False
        elif "其中" not in clause:
            day = _DAY.search(_SPAN.sub("", clause)) and not _KICKED_OFF.search(clause)
            within = bool(
                within
                or day
                or clause.endswith("为例")
                or _EVENT.search(clause)
                or _elsewhere(clause, setting)
            )
    return within and not _SET_FREE.search(own) and not _SINCE.search(own)


def _when(said: str) -> Standing:
    whole = _WHOLE.search(said) is not None or _SINCE.search(said) is not None
    said = _SPAN.sub("", _SINCE.sub("", said))
    if _STAGE.search(said):
        return "stage"
    if whole:
        return "total"
    if _DAY.search(said):
        return "part"
    return "period" if _FESTIVAL.search(said) or _MONTH.search(said) else "plain"


def months_in(sentence: str) -> frozenset[int]:
    """The months that a sentence names (1月份, 二月)."""
    return frozenset(_month(match[1] or match[2]) for match in _MONTH.finditer(sentence))


def _month(typed: str) -> int:
    """A month's number; 0 where it is none."""
    numeral = None if typed.isdecimal() else read_numeral(typed)
    return int(typed) if typed.isdecimal() else int(numeral.value) if numeral else 0


def is_actual(match: re.Match[str], setting: Setting) -> bool:
    """Whether the ``value`` that a pattern matched in a text is this time's figure."""
    lead, gap = _before(match)
    tail = match.string[match.end("value") : match.end()]
    here = _last_end(_CLAUSE, lead)
    clause = lead[here:] + gap
    clause = clause[_last_end(_DONE_NOW, clause) :]
    planned = (
        _PLAN_NEXT.search(gap)
        or _PLAN_AFTER.match(match.string, match.end())
        or _PLANNED.search(_PLAN_KEPT.sub("", clause))
        or _PLANNED.search(tail)
        or _UNDONE.search(clause)
        or _UNDONE.search(tail)
        or (_ROSE_FROM.search(gap) and _ROSE_TO.match(match.string, match.end()))
        or _planned_before(_PLAN_KEPT.sub("", lead[:here]), clause)
    )
    if planned or _REACHED.search(gap):
        return not planned
    changed = _CHANGED.search(gap) or _CHANGED_NEXT.search(lead)
    compared = _COMPARED.search(clause[_last_end(_NOW, clause) :] + tail)
    return not (changed or compared or _of_another_year(lead, gap, setting.year)
                or _of_another_stage(lead, gap, setting.stage))  # fmt: skip


def _of_another_stage(lead: str, gap: str, stage: int) -> bool:
    """Whether the clause, or a short one before it, puts the number in another due's stage."""
    here = _last_end(_PHRASE, lead)
    for said in (lead[here:] + gap, *_carried(lead[:here])):
        named = [_month(met[1]) for met in _ORDINAL_STAGE.finditer(said)]
        if named:
            return stage > 0 and stage not in named
    return False


def _of_another_year(lead: str, gap: str, year: int) -> bool:
    """Whether the clause, or one before it, puts the number in another year."""
    here = _last_end(_PHRASE, lead)
    own = lead[here:] + gap
    if _came_to_another_year(lead[:here], own, year):
        return True
    for said in (own, *_carried(lead[:here])):
        if _NOW.search(said):
            return False
        others = [int(match[1]) for match in _ANOTHER_YEAR.finditer(said)]
        if others and year not in others:
            return True
        if said is not own and _COMPARED.search(said) and not _HELD_AGAINST.search(said):
            return True
    return False


def _came_to_another_year(earlier: str, own: str, year: int) -> bool:
    """Whether the sentence tells of another year, and has not come back to this one.

    2022年走访慰问5600人次，帮助实现就业2300人次: both are of 2022. A bare figure held beside one
    of this year (返乡2000人，去年同期为1500人，留岗800人) takes nothing of what follows with it.
    """
    away = told = False
    for clause in (*_PHRASE.split(earlier), own):
        begins = _YEAR_BEFORE.match(clause)
        if _NOW.search(clause) or f"{year}年" in clause or _SINCE.search(clause):
            away = False
        elif begins is not None and not _HELD_AGAINST.search(clause):
            away = away or not (told and _HELD_BESIDE.fullmatch(clause))
        told = told or re.search("[0-9]", clause) is not None
    return away


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends in which a stretch of dense text stands."""
    before = text[max(0, start - _REACH) : start]
    begin = start - len(before) + _last_end(_SENTENCE, before)
    after = _SENTENCE.search(text, end, end + _REACH)
    return begin, after.start() if after else min(len(text), end + _REACH)


def _before(match: re.Match[str]) -> tuple[str, str]:
    """The words of the sentence before the match, and those of it before its number.

    What stands aside in brackets that are closed by then (含残疾人、脱贫人口) is left out.
    """
    text = match.string[max(0, match.start() - _REACH) : match.start()]
    lead = _ASIDE.sub("", text[_last_end(_SENTENCE, text) :])
    gap = _ASIDE.sub("", match.string[match.start() : match.start("value")])
    opened, closed = lead.rfind("("), gap.find(")")
    if closed >= 0 and "(" not in gap[:closed] and opened >= 0:
        lead, gap = lead[:opened], gap[closed + 1 :]
    return lead, gap


def _carried(earlier: str) -> list[str]:
    """Short clauses right before that hold no figure: when or where it was, which holds still."""
    found: list[str] = []
    for clause in reversed(_PHRASE.split(earlier.rstrip("，：("))):
        bare = re.sub(
            r"[0-9年月日号至到~-]+(?=[，底起]|以来|期间|$)|[0-9]+[年月日号]|[0-9]+月份", "", clause
        )
        if len(clause) > _LONGEST_CARRIED or re.search("[0-9]", bare):
            break
        found.append(clause)
    return found


def _elsewhere(said: str, setting: Setting) -> bool:
    """Whether a clause begins with a street, a town or another region that has done it."""
    if setting.others.begin(re.sub("^(?:其中|例?如|比如)", "", said)):
        return True
    if any(re.match(f"{all_}(?!率先|首|领先|前列|第)", said) for all_ in setting.above):
        return True
    match = _SUBJECT.match(said)
    if match is None or _NO_NAME.search(match["name"]):
        return False
    if match["kind"] not in "区县市":
        return True
    if _NO_REGION.search(match["name"]):
        return False
    subject = match["name"] + match["kind"]
    ours = any(subject.endswith(name) or name.endswith(subject) for name in setting.names)
    return bool(setting.names) and not ours


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
