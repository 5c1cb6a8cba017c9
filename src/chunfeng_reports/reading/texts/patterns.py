"""Patterns: a form's ``prose`` wordings → regular expressions for dense text.

A wording is a regular expression with some words of its own:

- ``{N}`` a number as people write them; ``{元}`` the measure of an amount of money;
- ``…`` up to twenty characters of the same clause without a number or another deed (培训, 发放);
- ``{…8}`` up to eight characters of the same clause without a number, ``{…8!补贴|红包}`` without
  these words either, ``{……8}`` over commas as well;
- ``{共}`` what may stand between a name and its number (共计, 达到, 为, ：); ``{止}`` the end of a
  clause, of a table's cell or of a list's member.

A wording that begins with ``~`` counts only where none before it is met; one that begins with ``?``
likewise, and then as a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from chunfeng_reports.campaign import Campaign
from chunfeng_reports.errors import Fault
from chunfeng_reports.reading.words.numerals import NUMERAL_CHARACTERS

#: What stands directly before a number may be its sign, and no gap may swallow it.
_SIGNS = r"+\-–—―‐‑‒─"
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_ARABIC = (
    rf"(?<![0-9.,{_SIGNS}])(?<![0-9人次][至到~])[{_SIGNS}]?(?:{_DIGITS})"
    rf"[余多]?(?:[百千]?[万亿](?!元)(?:[0-9{NUMERAL_CHARACTERS}]+)?|[百千](?!万?元))?[余多]?"
)
# A single numeral is a word more often than a figure (帮助一名); 数百 and 上千 are no figures.
_CHINESE = (
    rf"(?<![0-9数几上第成{NUMERAL_CHARACTERS}])[{NUMERAL_CHARACTERS}]{{2,}}(?:点[{NUMERAL_CHARACTERS}]+)?"
    r"[余多]?(?<!万)(?<!亿)|"
    rf"(?<![0-9数几上第成{NUMERAL_CHARACTERS}])[{NUMERAL_CHARACTERS}]+[余多]?[万亿](?!元)[余多]?"
)
_NUMBER = rf"(?P<value>(?>{_ARABIC}|{_CHINESE}))(?![0-9]|\.[0-9]|[至到~{_SIGNS}][0-9])"
_MARKS = ("~", "?")
_OTHER_DEEDS = (
    "培训|指导|咨询|举办|提供|参加|达成|签订|吸引|接待|解答|受理|推荐|推送|帮助|帮扶|兑现|发放|服务"
    "|实现|返乡|留岗|外出"
)
_FILLERS = "(?:共计?|累计|合计|总计|达到?|计|数|：|为|是|约|近|有|了)*"
_STOP = r"(?=[，。；！？、)\n]|$)"
#: Words in braces that are neither ours nor a count of a regular expression.
_UNKNOWN = re.compile(r"(?<!\\)\{(?!N\}|元\}|共\}|止\}|…|[0-9]*,?[0-9]*\})[^{}]*\}")
_MONEY = r"(?P<unit>百?万元|亿元|[百千]?元|(?<=[万亿]))"
#: What our own words in braces stand for; and the same in short, which compiles five times as fast,
#: where it is only asked whether a wording can be compiled.
_MEANT = {"{N}": _NUMBER, "{元}": _MONEY, "{共}": _FILLERS, "{止}": _STOP}
_IN_SHORT = {"{N}": "(?P<value>[0-9]+)", "{元}": "(?P<unit>元)", "{共}": "计*", "{止}": "(?=。|$)"}


@dataclass(frozen=True, slots=True)
class Wording:
    """One pattern of an item; tier: patterns of a later tier count only where none before is met.

    unsure: whether what it finds is told as a doubt.
    """

    pattern: re.Pattern[str]
    tier: int = 0
    unsure: bool = False


@lru_cache(maxsize=512)
def wordings(prose: tuple[str, ...]) -> tuple[Wording, ...]:
    """The patterns of an item, ready to search dense text with."""
    return tuple(_wordings(prose))


def wordings_at_fault(campaign: Campaign) -> list[Fault]:
    """Every wording of a campaign that cannot be searched with, and why: before files are read.

    Else each summary that meets it would be refused as if it were the unit's mistake.
    """
    return [
        Fault(f"forms[{f}].items[{i}].prose[{n}]", why)
        for f, form in enumerate(campaign.forms)
        for i, item in enumerate(form.items)
        for n, words in enumerate(item.prose)
        if (why := _fault_of(words))
    ]


def _fault_of(words: str) -> str:
    try:
        pattern = re.compile(_expanded(words[words[:1] in _MARKS :], _IN_SHORT, deeds=""))
    except re.error as error:
        return f"“{words}”不是正则表达式（{error}）"
    if "value" not in pattern.groupindex:
        return f"“{words}”没有写明数字的位置，请在数字处写 {{N}}"
    if unknown := _UNKNOWN.search(words):
        return f"“{words}”中的 {unknown[0]} 不认识；可用 {{N}} {{元}} {{共}} {{止}} {{…}}"
    return ""


def _wordings(prose: Iterable[str]) -> Iterable[Wording]:
    tier = 0
    for words in prose:
        mark = words[:1] if words[:1] in _MARKS else ""
        tier += bool(mark)
        yield Wording(re.compile(_expanded(words.removeprefix(mark))), tier, mark == "?")


def _expanded(words: str, meant: Mapping[str, str] = _MEANT, *, deeds: str = _OTHER_DEEDS) -> str:
    """The regular expression of a wording; deeds: words that no plain gap may hold."""
    words = words.replace("{…", "{‥").replace("‥…", "‥‥").replace("…", "{‥}")
    # 返乡、8901人留岗: a number that opens the next member of a list belongs to that member.
    words = re.sub(r"(\{‥[^}]*\})\{N\}", r"\1(?<![、和与及或]){N}", words)
    words = re.sub(r"\{‥(‥?)([0-9]*)(?:!([^}]*))?\}", partial(_gap, deeds), words)
    for name, pattern in meant.items():
        words = words.replace(name, pattern)
    return words


def _gap(deeds: str, match: re.Match[str]) -> str:
    comma = "" if match[1] else "，"
    other = deeds if not match[2] else match[3] or ""
    not_other = f"(?!{other})" if other else ""
    return f"(?:{not_other}[^{comma}。；！？\\n0-9]){{0,{match[2] or 20}}}"
