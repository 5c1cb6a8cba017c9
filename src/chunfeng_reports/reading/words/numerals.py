"""Numerals: Chinese numerals (二十三, 壹佰贰拾叁, 1万2千) → a number, and whether it is sure.

The library ``cn2an`` does the reading. It is lenient, so what it reads is written out again and
must come to the same words; it is loaded only where a numeral is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_DIGITS = "零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳陸兩"
_POWERS = "十拾百佰千仟万亿廿卅萬億"

#: The characters that Chinese numerals are made of (digits and powers of ten).
NUMERAL_CHARACTERS = _DIGITS + _POWERS

_NUMERAL = re.compile(rf"[0-9{NUMERAL_CHARACTERS}]+")
_DECIMAL = re.compile(
    rf"(?P<whole>[{NUMERAL_CHARACTERS}]+)点(?P<part>[{_DIGITS}]+)(?P<scale>[万亿]?)"
)
_ONE_BY_ONE = re.compile(f"[{_DIGITS}]+")
_ARABIC = re.compile("[0-9]+")
#: The library knows 廿 but not 卅, and reads ○ nowhere.
_FOLDED = str.maketrans({"卅": "三十", "○": "〇"})
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral's value; sure: whether it can be read in one way only (not so 一百二)."""

    value: Decimal
    sure: bool = True


@lru_cache(maxsize=4096)
def read_numeral(text: str) -> Numeral | None:
    """The number that a numeral names, Arabic digits among its powers included; None for none.

    Not sure: a last power left unsaid (一百二, 1万2) and digits one by one (二〇二三). None: 三五
    and 三四十 (a range), 百余, 一一 (a dash), whatever does not come to the same words again.
    """
    if len(text) > _LONGEST or text == "○":  # alone it is a mark, not a nought
        return None
    text = text.translate(_FOLDED)
    if match := _DECIMAL.fullmatch(text):
        return _with_decimals(match)
    if not _NUMERAL.fullmatch(text) or _ARABIC.fullmatch(text):
        return None
    return _one_by_one(text) if _ONE_BY_ONE.fullmatch(text) else _with_powers(text)


def _one_by_one(text: str) -> Numeral | None:
    """One digit, or digits told one by one; two of them name a range, a row of 一 is a dash."""
    if len(text) == 1:
        return _read(text)
    if set(text) == {"一"} or (len(text) == 2 and not set(text) & set("零〇")):
        return None
    digits = [_read(character) for character in text]
    number = "".join(str(digit.value) for digit in digits if digit is not None)
    return Numeral(Decimal(number), sure=False)


def _with_decimals(match: re.Match[str]) -> Numeral | None:
    whole = read_numeral(match["whole"])
    digits = [_read(character) for character in match["part"]]
    if whole is None or not whole.sure:
        return None
    part = "".join(str(digit.value) for digit in digits if digit is not None)
    return Numeral(Decimal(f"{whole.value}.{part}") * _SCALES[match["scale"]])


def _with_powers(text: str) -> Numeral | None:
    if any(len(run) > 1 and run.startswith("0") for run in _ARABIC.findall(text)):
        return None
    words = _ARABIC.sub(lambda run: _written(int(run[0])), text)
    read = None if words.endswith(("零", "〇")) else _read(words)
    if read is None:
        return None
    again, own = _canonical(_written(int(read.value))), _canonical(words)
    if again == own:
        return read
    return Numeral(read.value, sure=False) if again[:-1] == own and again[-1] in _POWERS else None


def _read(words: str) -> Numeral | None:
    """What the library makes of a numeral; None where it gives up, in whatever way."""
    read, _ = _library()
    try:
        return Numeral(Decimal(read(words, "normal")))
    except (ValueError, LookupError):
        return None


def _written(number: int) -> str:
    """A number in plain words, as the library writes it; empty where it has no names for it."""
    _, written = _library()
    try:
        return written(number, "low")
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _library() -> tuple[Callable[[str, str], int | float], Callable[[int, str], str]]:
    """The library's reader and writer. It takes 0.1 s to load and is rarely needed."""
    from cn2an import an2cn, cn2an  # noqa: PLC0415

    return cn2an, an2cn


@lru_cache(maxsize=1)
def _plain_words() -> dict[int, str]:
    """Every other way of writing a digit or a power → the plain one."""
    plain, other = "二一二三四五六七八九十百千二六万亿", "两壹贰叁肆伍陆柒捌玖拾佰仟貳陸萬億"
    return str.maketrans(dict(zip(other, plain, strict=True)) | {"兩": "二", "廿": "二十"})


def _canonical(words: str) -> str:
    """Words without what may be left out: 零 between powers, 一 before 十."""
    plain = words.translate(_plain_words())
    return plain.replace("零", "").replace("〇", "").replace("一十", "十")
