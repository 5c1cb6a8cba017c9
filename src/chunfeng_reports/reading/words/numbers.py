"""Numbers as people type them: a cell's content → a figure, or why there is none. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal

from chunfeng_reports.facts import State
from chunfeng_reports.reading.grids import Broken, Formula, Value

How = Literal["typed", "interpreted", "approximate", "other_unit", "from_yuan"]

# Beyond this a float64 no longer tells neighbouring whole numbers apart.
_LARGEST = 10**15
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_MINUS = dict.fromkeys(map(ord, "−﹣"), "-")
_BLANK = re.compile(r"[-‐‑‒–—―─━－−﹣_~/\\]*|无|暂无|空")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_COMMA = "[,，]"
_AMOUNT = rf"[0-9]{{1,3}}(?:{_COMMA}[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
# Units by what they count; 个 counts anything.
_KINDS = {
    "人": "人", "名": "人", "位": "人",
    "人次": "次", "次": "次", "场": "次", "场次": "次",
    "户": "户", "家": "户",
    "份": "份", "张": "份", "本": "份", "册": "份",
    "元": "元", "万元": "元",
    "个": "",
}  # fmt: skip
_UNIT = "|".join(sorted((u for u in _KINDS if u != "万元"), key=len, reverse=True))
_TYPED = re.compile(
    rf"(?P<before>大约|约|近)?(?P<sign>[+-]?)(?P<amount>{_AMOUNT})(?P<over>余|多)?"
    rf"(?P<scale>[万亿])?(?P<after>余|多)?\(?(?P<unit>{_UNIT})?\)?(?P<around>左右)?"
)
_SCALES = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_YUAN_IN_WAN = Decimal(10_000)

#: The pattern of an amount within a sentence, thousands commas and 万/亿 included (not 万元).
AMOUNT_IN_TEXT = rf"(?:{_AMOUNT})\s*(?:余|多)?\s*(?:[万亿](?!元))?(?:余|多)?"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as read: state, value (only where the state is ``value``), what was typed, how.

    how: ``typed`` as it stands; ``interpreted`` without doubt (a unit, full-width digits, 万);
    ``approximate`` (约300); ``other_unit`` (12人 in an item counted in 户); ``from_yuan`` (元 typed
    for an item in 万元, divided).
    """

    state: State
    value: float | None
    raw: str
    how: How = "typed"


def read_number(value: Value, *, unit: str) -> Number:
    """The figure that a cell's content stands for, for an item counted in ``unit``.

    Empty cells, dashes, ``/`` and 无 are ``blank``; what is no number without doubt (``1,23``,
    ``100-200``, 三百, error values, dates) is ``unreadable``. Never raises.
    """
    if isinstance(value, Formula):
        inner = read_number(value.stored, unit=unit)
        blank = inner.state == "blank"  # no result stored: something stands there all the same
        return Number("unreadable" if blank else inner.state, inner.value, value.text, inner.how)
    if isinstance(value, str):
        return _typed(value, unit)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _stored(value)
    return Number("unreadable", None, _shown(value))


def _shown(value: Broken | bool | date | time | timedelta) -> str:
    if isinstance(value, Broken):
        return value.raw
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).upper() if isinstance(value, bool) else str(value)


def as_typed(value: float) -> str:
    """A number as a person would type it: ``236.0`` → ``236``."""
    if math.isfinite(value) and value == int(value) and abs(value) < _LARGEST:
        return str(int(value))
    return repr(value)


def measures_agree(typed: str, unit: str) -> bool:
    """Whether a unit that was typed (人, 户) counts the same kind of thing as the item's unit."""
    kind = _KINDS.get(typed, typed)
    return typed == unit or not kind or kind == _KINDS.get(unit, unit)


def _stored(value: float) -> Number:
    raw = as_typed(value)
    if not math.isfinite(value) or abs(value) >= _LARGEST:
        return Number("unreadable", None, raw)
    return Number("value", float(value), raw)


def _typed(raw: str, unit: str) -> Number:
    text = raw.translate(_FULL_WIDTH).translate(_INVISIBLE).strip()
    dense = "".join(text.split())
    if _BLANK.fullmatch(dense):
        return Number("blank", None, raw.strip())
    if _PLAIN.fullmatch(raw.strip()):
        return _within(Decimal(raw.strip()), raw, "typed")
    text = text.removeprefix("'").removeprefix("‘").translate(_MINUS)
    match = _TYPED.fullmatch(_without_spaces(text))
    if match is None:
        return Number("unreadable", None, raw)
    amount = Decimal(match["amount"].replace(",", ""))
    if match["sign"] == "-":
        amount = -amount
    return _scaled(amount, match, raw, unit)


def _without_spaces(text: str) -> str:
    """Text without its spaces, save that digits may be parted only in groups of three."""
    grouped = re.sub(r"(?<=[0-9])\s+(?=[0-9]{3}(?![0-9]))", ",", text)
    return grouped if re.search(r"[0-9]\s+[0-9]", grouped) else "".join(grouped.split())


def _scaled(amount: Decimal, match: re.Match[str], raw: str, unit: str) -> Number:
    typed, scale = match["unit"] or "", match["scale"]
    money = _KINDS.get(unit) == "元"
    if typed and (typed == "元") != money:
        return Number("unreadable", None, raw)
    how: How = "interpreted"
    if money and unit == "万元":
        if typed == "元" or scale:
            amount = amount * _SCALES[scale] / _YUAN_IN_WAN
        if typed == "元" and scale is None:
            how = "from_yuan"
    else:
        amount *= _SCALES[scale]
    if typed and not measures_agree(typed, unit):
        how = "other_unit"
    if any(match[word] for word in ("before", "over", "after", "around")):
        how = "approximate"
    return _within(amount, raw, how)


def _within(amount: Decimal, raw: str, how: How) -> Number:
    if abs(amount) >= _LARGEST:
        return Number("unreadable", None, raw)
    return Number("value", float(amount), raw, how)
