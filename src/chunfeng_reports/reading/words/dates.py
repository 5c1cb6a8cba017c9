"""Dates: the day on which a form was filled in, and the doubt that it is a form of another time.

填报时间 is the day on which the form was filled in, not the due: the two need not be equal.
A form that was filled in before the last due is one of last time, sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from chunfeng_reports.campaign import Desk
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid, Value
from chunfeng_reports.reading.recognised import Doubt, FilledIn, Recognised
from chunfeng_reports.reading.words.numerals import read_numeral
from chunfeng_reports.reading.words.wording import plain

#: Day 1 of the two systems in which workbooks count days; 1900's has a day too many in February.
_DAY_NOUGHT = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(36_000, 60_000)
_BESIDE = 4
_BELOW = 3

_LABEL = re.compile(r"(?:填[报表写制]|制[表作])的?(?:日期|时间)(?!要求|[前内])[:]?(?P<rest>.*)")
_BEFORE = re.compile("填|制")
_TIME = re.compile(r"T?[0-9]{1,2}[:时点](?:[0-9]{1,2}[:分]?(?:[0-9]{1,2}(?:\.[0-9]*)?秒?)?)?")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_UNWRITTEN = re.compile(r"[年月日_./\-:]*")
_MEANT = re.compile(r"[0-9〇○一二三四五六七八九十]+[年月日号./\-]")
#: What may follow in the same cell names persons, and is no business of this module.
_NEXT_LABEL = re.compile("(?:填报|填表|制表|审核|负责|联系|经办|单位|电话|手机|签).*")
_LONGEST = 20
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


def filled_in(grid: Grid, rows: Iterable[int], *, year: int) -> FilledIn | None:
    """The day in, beside or under a label such as 填报时间 in some rows of a sheet.

    None where there is no such label or no day is meant by it (``年 月 日`` left unwritten).
    """
    for row in rows:
        for column, value in enumerate(grid.rows[row] if 0 <= row < len(grid.rows) else ()):
            if not isinstance(value, str) or not _BEFORE.search(value):
                continue
            label = _LABEL.search(plain(value))
            if label and (found := _said(grid, row, column, label["rest"], year)):
                return found
    return None


def filling_doubts(found: Recognised, desk: Desk, due: str) -> tuple[Doubt, ...]:
    """The doubt that a form is another time's, by the day on which it was filled in.

    A warning where that day lies in another year than the campaign's, or not after an earlier due
    at which the form was asked for as well; an info where the day cannot be read.
    """
    filled, sheet = found.filled, found.sheet
    if filled is None:
        return ()
    if filled.day is None:
        message = f"填报时间“{filled.text}”读不出日期，未作核对；请按“2023年2月1日”的样子填写"
        return (Doubt("reading.filled_in", "info", message, value=filled.text,
                      sheet=sheet, cell=filled.cell),)  # fmt: skip
    before = [other for other in desk.earlier(due) if found.form in desk.expected_forms(other)]
    year = desk.campaign.year
    if filled.day.year != year:
        why = f"不在{year}年内"
    elif before and str(filled.day) <= before[-1]:
        why = f"不晚于上一报送期 {before[-1]}"
    else:
        return ()
    message = f"填报时间为 {filled.day}，{why}，可能是以前的表；请核实是否报错或忘改填报时间"
    return (Doubt("reading.filled_in", "warning", message, value=filled.text,
                  sheet=sheet, cell=filled.cell),)  # fmt: skip


def _said(grid: Grid, row: int, column: int, rest: str, year: int) -> FilledIn | None:
    """What stands in the label's own cell, else to the right of it, else under it."""
    own = _NEXT_LABEL.sub("", rest)
    if not _UNWRITTEN.fullmatch(own):
        return _meant(grid, own, row, column, year)
    for c in range(column + 1, column + 1 + _BESIDE):
        if (value := grid.at(row, c)) != "":
            if found := _meant(grid, value, row, c, year):
                return found
            break
    under = (_meant(grid, grid.at(r, column), r, column, year)
             for r in range(row + 1, row + 1 + _BELOW))  # fmt: skip
    return next((found for found in under if found and found.day), None)


def _meant(grid: Grid, value: Value, row: int, column: int, year: int) -> FilledIn | None:
    """The day that a cell names, or text that was meant as one."""
    day = read_day(value, since_1904=grid.since_1904, year=year)
    if day is not None:
        return FilledIn(str(day), day, cell_name(row, column))
    text = plain(value)[:_LONGEST] if isinstance(value, str) else ""
    return FilledIn(text, None, cell_name(row, column)) if _MEANT.search(text) else None


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
