"""Dates: the day that a cell names — a date, a day number in either system, or text. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from chunfeng_reports.reading.grids import Formula, Value
from chunfeng_reports.reading.words.numerals import read_numeral
from chunfeng_reports.reading.words.wording import plain

#: Day 1 of the two systems in which workbooks count days; 1900's has a day too many in February.
_DAY_NOUGHT = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(36_000, 60_000)

_TIME = re.compile(r"T?[0-9]{1,2}[:时点](?:[0-9]{1,2}[:分]?(?:[0-9]{1,2}(?:\.[0-9]*)?秒?)?)?")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_CHINESE = re.compile("[〇○零一二三四五六七八九十廿卅]+")
_WRITTEN = re.compile(
    r"(?:(?P<year>[0-9]{4}|[0-9]{2})[年./\-])?(?P<month>[0-9]{1,2})[月./\-](?P<day>[0-9]{1,2})[日号]?"
    r"|(?P<dense>20[0-9]{6})"
)
_BY_DIGIT = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def read_day(value: Value, *, since_1904: bool = False, year: int) -> date | None:
    """The day that a cell names: a date, a day number, or text; None where it names none.

    year: taken where the text gives none (2月1日). A time behind the day is passed over.
    """
    if isinstance(value, Formula):
        value = value.stored
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _written(value, since_1904=since_1904, year=year)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _numbered(value, since_1904=since_1904)
    return None


def _written(text: str, *, since_1904: bool, year: int) -> date | None:
    dense = _TIME.sub("", _WEEKDAY.sub("", plain(text)))
    match = _WRITTEN.match(_CHINESE.sub(_in_digits, dense))
    if match is None:
        serial = re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", dense)
        return _numbered(float(serial[0]), since_1904=since_1904) if serial else None
    if match["dense"]:
        told = (match["dense"][:4], match["dense"][4:6], match["dense"][6:])
    else:
        told = (match["year"] or str(year), match["month"], match["day"])
    years, month, day = map(int, told)
    try:
        return date(years + 2000 if years < 100 else years, month, day)
    except ValueError:
        return None


def _in_digits(match: re.Match[str]) -> str:
    """A year digit by digit (二〇二三), a month or a day as a number (二十三)."""
    words = match[0]
    if len(words) > 2 and not re.search("[十廿卅]", words):
        return words.translate(_BY_DIGIT)
    numeral = read_numeral(words)
    return str(numeral.value) if numeral else words


def _numbered(serial: float, *, since_1904: bool) -> date | None:
    """The day of a day number, where it is one of these decades."""
    if int(serial) not in _SERIALS:
        return None
    return _DAY_NOUGHT[since_1904] + timedelta(days=int(serial))
