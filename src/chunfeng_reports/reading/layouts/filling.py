"""Filling: the day on which a form says it was filled in (填报时间); it need not be the due."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.recognised import FilledIn
from chunfeng_reports.reading.words.dates import read_day
from chunfeng_reports.reading.words.wording import plain

_BESIDE = 4
_BELOW = 3
_LONGEST = 20
_LABEL = re.compile(r"(?:填[报表写制]|制[表作])的?(?:日期|时间)(?!要求|[前内])[:]?(?P<rest>.*)")
#: Left as it was printed, with the year or without: 2023年 月 日.
_UNWRITTEN = re.compile(r"(?:20[0-9]{0,2}年(?=_*月))?[年月日_./\-:]*")
_MEANT = re.compile(r"[0-9〇○一二三四五六七八九十]+[年月日号./\-]")
#: What may follow in the same cell names persons, and is no business of this module.
_NEXT_LABEL = re.compile("(?:填报|填表|制表|审核|负责|联系|经办|单位|电话|手机|签).*")


def filled_in(grid: Grid, rows: Iterable[int], *, year: int) -> FilledIn | None:
    """The day in, beside or under a label such as 填报时间 in some rows of a sheet.

    None where there is no such label or no day is meant by it (``年 月 日`` left unwritten).
    """
    for row in rows:
        for column, value in enumerate(grid.rows[row] if 0 <= row < len(grid.rows) else ()):
            if not isinstance(value, str) or not ("填" in value or "制" in value):
                continue
            label = _LABEL.search(plain(value))
            if label and (found := _said(grid, row, column, label["rest"], year)):
                return found
    return None


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
    if _UNWRITTEN.fullmatch(text) or not _MEANT.search(text):
        return None
    return FilledIn(text, None, cell_name(row, column))
