"""Wording: text of cells and titles made comparable — width, spaces, numbering, brackets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NUMBERING = re.compile(
    r"(?:[(\[【][0-9一二三四五六七八九十]{1,3}[)\]】]|[0-9]{1,2}(?:[.-][0-9]{1,2})*[.、:,)]*"
    r"|第?[一二三四五六七八九十]{1,3}[、.,:)]|第[0-9一二三四五六七八九十]{1,3}[项条栏行][、.,:]?"
    r"|[A-Za-z]{1,4}[.、)]|\(?其中\)?[::]?|[-—–·•*●▪]+)"
)
_BRACKETS = re.compile(r"[(\[【〔《<][^()\[\]【】〔〕《》<>]*[)\]】〕》>]")
_LAST_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_PUNCTUATION = re.compile(r"[\W_]+")
_FILLERS = re.compile(r"的|了|等|已|共|累计")
_JOINERS = re.compile(r"以及|及|(?<!参)与")
_MEASURE = re.compile(
    r"(总|人次|人|户|个|家|份|场|次)?(?:(?:次数|总数|数量|数|次)(?P<behind>人次|[人户个家份场次])?)$"
)
#: Words that mean the same in labels of this kind.
_SYNONYMS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        ("参与", "参加"),
        ("开展|举行|召开|组织", "举办"),
        ("资料", "材料"),
        ("签定|签署|签约", "签订"),
        ("协助", "帮助"),
    )
)
_UNIT_BEHIND = re.compile(r"(?:[,;/]|(?:计量)?单位:?)(人次|[人户个家份场次])$")
_LEADING = re.compile(r"[(\[【]?(?:第)?([0-9]{1,2}(?:[.-][0-9]{1,2})*|[一二三四五六七八九十]{1,3})")
_DIGITS = "零一二三四五六七八九"

_MEASURES = frozenset({"人", "人次", "户", "个", "家", "份", "场", "次", "元", "万元"})


#: Traditional characters that forms, units and figures may be written in, and what they stand for.
_TRADITIONAL = str.maketrans(
    "參動個數職崗辦簽訂業協議發傳線帶場區縣歷統計風況舉會項報資訪戶難員認幫實現額傢當觸"
    "華東濟陽長丘萊蕪鋼陰島煙濰寧濱澤臺臨淄棗莊聯殘計畫單位審覈負責電話時間總無萬億壹貳叁",
    "参动个数职岗办签订业协议发传线带场区县历统计风况举会项报资访户难员认帮实现额家当触"
    "华东济阳长丘莱芜钢阴岛烟潍宁滨泽台临淄枣庄联残计画单位审核负责电话时间总无万亿壹贰叁",
)
_TO_SIMPLIFY = frozenset(map(chr, _TRADITIONAL))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Text in normal form (NFKC), simplified, without spaces and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    if not _TO_SIMPLIFY.isdisjoint(folded):
        folded = folded.translate(_TRADITIONAL)
    if folded.isprintable() and " " not in folded:
        return folded
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] != "C")


@lru_cache(maxsize=8192)
def unnumbered(text: str) -> str:
    """Plain text without leading numbering, bullets and 其中."""
    text = plain(text)
    while match := _NUMBERING.match(text):
        if match.end() == 0 or match.end() == len(text):
            break
        text = text[match.end() :]
    return _UNIT_BEHIND.sub("", text.rstrip(":;,。"))


@lru_cache(maxsize=8192)
def numbering(text: str) -> str:
    """The number printed before a label (``5.线下`` → ``5``, ``（一）`` → ``1``), or empty."""
    text = plain(text).removeprefix("其中").lstrip(":")
    numbered = _NUMBERING.match(text)
    match = _LEADING.match(numbered[0]) if numbered else None
    if match is None:
        return ""
    number = match[1].replace("-", ".")
    return number if number[0].isdecimal() else str(_in_digits(number))


def _in_digits(numeral: str) -> int:
    """一 … 九十九 as a number."""
    tens, ten, ones = numeral.rpartition("十")
    return 10 * (_DIGITS.find(tens or "一")) * bool(ten) + max(_DIGITS.find(ones or "零"), 0)


@lru_cache(maxsize=8192)
def keys(text: str) -> tuple[str, str, str]:
    """A label's three keys: all words; without its last bracket; without any bracket."""
    text = unnumbered(text)
    return squeeze(text), squeeze(_LAST_BRACKET.sub("", text)), squeeze(_BRACKETS.sub("", text))


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Text without punctuation."""
    return _PUNCTUATION.sub("", plain(text))


def in_last_bracket(text: str) -> str:
    """What stands in the bracket that ends a label: ``…（户数）`` → ``户数``; else empty."""
    match = _LAST_BRACKET.search(plain(text))
    return match[1] if match else ""


def skeleton(key: str) -> tuple[str, str]:
    """A label's bare bones and the measure (人, 户, 个 …) that its ending names, if any.

    Small words go, 及 becomes 和, a closing …数 goes: 参加活动企业数 is 参加活动的企业个数.
    """
    key = _JOINERS.sub("和", _FILLERS.sub("", key))
    for pattern, word in _SYNONYMS:
        key = pattern.sub(word, key)
    match = _MEASURE.search(key)
    if match is None or match.start() == 0:
        return key, ""
    measure = match["behind"] or match[1] or ""
    return key[: match.start()], "" if measure == "总" else measure


def measure_in(words: str) -> str:
    """The unit that a bracket's words name: ``人数`` → ``人``, ``单位：户`` → ``户``, or empty."""
    words = squeeze(words).removeprefix("单位").removesuffix("数")
    return words if words in _MEASURES else ""
