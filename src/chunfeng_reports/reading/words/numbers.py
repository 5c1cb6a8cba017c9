"""Numbers as people type them: a cell's content → a figure, or why there is none. Pure.

A text is folded (width, signs, brackets), its thousands are joined, and it must then be one number
with what may stand around it: ``_AROUND`` says what that is, and how sure the figure then is.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from chunfeng_reports.facts import State
from chunfeng_reports.reading.grids import Broken, Formula, Value
from chunfeng_reports.reading.recognised import How
from chunfeng_reports.reading.words.numerals import NUMERAL_CHARACTERS, Numeral, read_numeral

# Beyond this a float64 no longer tells neighbouring whole numbers apart.
_LARGEST = 10**15
#: What a spreadsheet shows of a number, and so what its writer saw: fifteen digits.
_SHOWN = ".15g"
_NEARLY_WHOLE = 1e-9
_LONGEST = 40

_FOLDED: dict[int, str | None] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")),
}
#: In figures alone: signs that look alike, and every bracket as a round one.
_ALIKE = str.maketrans("−﹣［【〔〖[］】〕〗]’‘≥≤≈", "--((((()))))''><~")

_DASHES = r"[-‐‑‒–—―─━－−﹣﹘ー_~/\\∕⁄]*"
_WHAT = r"(?:数据|数字|此项|该项|此类?|活动|情况|开展|举办|发生|组织|涉及|产生|安排)"
_NOTHING = rf"(?:本期|暂时?|均|尚)?(?:(?:无|没有){_WHAT}*|(?:没|未){_WHAT}+)|不涉及|不适用|空白?"
_BLANK = re.compile(rf"{_DASHES}|\(?(?:{_NOTHING}|[Nn]/?[Aa]|[Nn]ull|NULL)\)?。?")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")

# Thousands are parted in groups of three by one and the same mark, and nothing stands between else.
_MARKS = "[,' \u00a0\u2009\u202f]"
_GROUPED = re.compile(
    rf"(?<![0-9.,'])[1-9][0-9]{{0,2}}({_MARKS})[0-9]{{3}}(?:\1[0-9]{{3}})*(?![0-9,']|\s[0-9])"
)
_PARTED = re.compile(r"[0-9]\s+[0-9]")
_TWO_LINES = re.compile(rf"[0-9{NUMERAL_CHARACTERS}]\s*[\n\r\t\v\f]\s*[0-9{NUMERAL_CHARACTERS}]")

# Units by what they count; 个 counts anything.
_KINDS = {
    "人": "人", "名": "人", "位": "人", "个人": "人",
    "人次": "次", "人(次)": "次", "次": "次", "场": "次", "场次": "次", "场(次)": "次",
    "场招聘会": "次", "场活动": "次", "场招聘活动": "次",
    "户": "户", "家": "户", "户家庭": "户", "家企业": "户", "家单位": "户", "户次": "户",
    "份": "份", "张": "份", "本": "份", "册": "份", "份材料": "份",
    "元": "元", "万元": "元",
    "个": "", "个岗位": "",
}  # fmt: skip
_UNIT = "|".join(sorted((re.escape(u) for u in _KINDS if u != "万元"), key=len, reverse=True))

#: What may stand around a number, in its order; the groups named in ``_HOW`` make it unsure.
_AROUND = re.compile(
    rf"""
    (?P<before>大约|大概|约为?|将近|接近|近|超过?|逾|不足|不到|不少于|不低于|至少|最多|[<>]=?|~)?
    (?:共计?|合计|总计|累计)?
    (?P<sign>[+-]|负)?
    (?:(?P<digits>[0-9]+(?:\.[0-9]+)?)|(?P<numeral>[0-9点{NUMERAL_CHARACTERS}]+))
    (?P<over>余|多|来)?
    (?P<scale>[百千]?万|[百千万]?亿|百|千)?
    (?P<after>余|多)?
    (?:(?P<unit>{_UNIT})|\((?:单位:?)?(?P<bracketed>{_UNIT})\))?
    (?P<remark>\([^()0-9]{{0,20}}\))?
    (?P<mark>[*※†①-⑳。.]{{1,3}})?
    (?P<around>左右|上下|以上|以下|以内|之多|余|多|许|\+)?
    """,
    re.VERBOSE,
)
#: How a number is taken that has one of these about it; the first that holds.
_HOW: tuple[tuple[How, tuple[str, ...]], ...] = (
    ("approximate", ("before", "over", "after", "around")),
    ("annotated", ("remark", "mark")),
)
_QUOTED = re.compile(r'="([^"]*)"')
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_YUAN_IN_WAN = 10_000


class Number(NamedTuple):
    """A figure as read: state, value (only where the state is ``value``), what was typed, how.

    how: ``typed`` as it stands; ``interpreted`` without doubt (a unit, full-width digits, 万,
    二十三); ``approximate`` (约300, 300以上); ``guessed`` (一百二, which may be 120 or 102);
    ``annotated`` (120①, 120（含高校）); ``other_unit`` (12人 in an item counted in 户);
    ``from_yuan`` (元 typed for an item in 万元, divided).
    """

    state: State
    value: float | None
    raw: str
    how: How = "typed"


def read_number(value: Value, *, unit: str) -> Number:
    """The figure that a cell's content stands for, for an item counted in ``unit``.

    Empty cells, dashes, ``/``, 无 and 未开展 are ``blank``; what is no one number without doubt
    (``1,23``, ``100-200``, ``(5)``, ``120（其中线上20）``, error values, dates) is ``unreadable``.
    Never raises.
    """
    if isinstance(value, str):
        return _of_text(value, unit) if len(value) <= _LONGEST else _of_long_text(value, unit)
    if isinstance(value, Formula):
        inner = read_number(value.stored, unit=unit)
        blank = inner.state == "blank"  # no result stored: something stands there all the same
        return Number("unreadable" if blank else inner.state, inner.value, value.text, inner.how)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _stored(value)
    return Number("unreadable", None, _shown(value))


def as_typed(value: float) -> str:
    """A number as a person would type it: ``236.0`` → ``236``."""
    if math.isfinite(value) and value == int(value) and abs(value) < _LARGEST:
        return str(int(value))
    return repr(value)


def measures_agree(typed: str, unit: str) -> bool:
    """Whether a unit that was typed (人, 户) counts the same kind of thing as the item's unit."""
    kind = _KINDS.get(typed, typed)
    return typed == unit or not kind or kind == _KINDS.get(unit, unit)


def _shown(value: Broken | bool | date | time | timedelta) -> str:
    if isinstance(value, Broken):
        return value.raw
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).upper() if isinstance(value, bool) else str(value)


# --- stored numbers


@lru_cache(maxsize=8192)
def _stored(value: float) -> Number:
    if not math.isfinite(value) or abs(value) >= _LARGEST:
        return Number("unreadable", None, as_typed(value))
    seen = _as_seen(float(value))
    return Number("value", seen, as_typed(seen))


def _as_seen(value: float) -> float:
    """A stored number without the noise of its last binary digits: 235.99999999999997 is 236."""
    if value.is_integer():
        return value + 0.0  # -0.0 is 0.0
    seen = float(format(value, _SHOWN))
    whole = round(seen)
    return float(whole) if abs(seen - whole) < _NEARLY_WHOLE else seen


# --- typed text


def _of_long_text(raw: str, unit: str) -> Number:
    """A figure with much space around it; a text of that length is none."""
    stripped = raw.strip()
    if len(stripped) > _LONGEST:
        return Number("unreadable", None, raw)
    number = _of_text(stripped, unit)
    return number if number.state == "blank" else number._replace(raw=raw)


@lru_cache(maxsize=8192)
def _of_text(raw: str, unit: str) -> Number:
    stripped = raw.strip()
    if _PLAIN.fullmatch(stripped):
        return _within(Decimal(stripped), "typed", raw)
    folded = stripped.translate(_FOLDED).strip()
    if _BLANK.fullmatch("".join(folded.split())):
        return Number("blank", None, stripped)
    match = _AROUND.fullmatch(_joined(folded))
    counted = _counted(match, unit) if match else None
    return _within(*counted, raw) if counted else Number("unreadable", None, raw)


def _joined(folded: str) -> str:
    """Text without apostrophe, quotes, thousands marks and spaces, where that makes one number.

    Digits stay apart that are not parted as thousands are, and what stands on two lines.
    """
    text = folded.translate(_ALIKE)
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1]
    text = text.removeprefix("'").strip()
    if _TWO_LINES.search(text):
        return text
    text = _GROUPED.sub(lambda match: match[0].replace(match[1], ""), text, count=1)
    return text if _PARTED.search(text) else "".join(text.split())


def _number_in(match: re.Match[str]) -> Numeral | None:
    if not match["numeral"]:
        return Numeral(Decimal(match["digits"]))
    number = read_numeral(match["numeral"])
    # 一 alone may be a dash that an input method made of it.
    return replace(number, sure=False) if number and match[0] == "一" else number


def _counted(match: re.Match[str], unit: str) -> tuple[Decimal, How] | None:
    """An amount in the item's unit, by the power and the unit that stand behind it; how it was."""
    number = _number_in(match)
    typed, powers = match["unit"] or match["bracketed"] or "", match["scale"] or ""
    money = _KINDS.get(unit) == "元"
    if number is None or (typed and (typed == "元") != money):
        return None
    amount = -number.value if match["sign"] in {"-", "负"} else number.value
    amount *= math.prod(_SCALES[power] for power in powers)
    how: How = "interpreted"
    if money and unit == "万元":
        in_wan = any(power in "万亿" for power in powers + (match["numeral"] or ""))
        if typed == "元" or in_wan:  # 100万 is a hundred 万元, and so is 100万元
            amount /= _YUAN_IN_WAN
        how = "from_yuan" if typed == "元" and not in_wan else how
    if typed and not measures_agree(typed, unit):
        how = "other_unit"
    return amount, _unsure(match, number) or how


def _unsure(match: re.Match[str], number: Numeral) -> How | None:
    for how, groups in _HOW:
        if any(match[group] for group in groups):
            return how
    return None if number.sure else "guessed"


def _within(amount: Decimal, how: How, raw: str) -> Number:
    if abs(amount) >= _LARGEST:
        return Number("unreadable", None, raw)
    return Number("value", _as_seen(float(amount)), raw, how)
