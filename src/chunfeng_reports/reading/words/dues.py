"""Dues: which deadline of the campaign a text names — by its day, its month or its ordinal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from chunfeng_reports.campaign import Desk
from chunfeng_reports.reading.words.wording import plain, squeeze

_REMEMBERED = 8192
_FULL = re.compile(
    r"(?<![0-9])(?P<y>20[0-9]{2})(?:[年./-](?P<m>[0-9]{1,2})[月./-](?P<d>[0-9]{1,2})(?![0-9])"
    r"|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2})(?![0-9]))"
)
_SHORT = re.compile(r"(?<![0-9./-])(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]")
_WRITTEN = re.compile(
    r"(?:(?P<y>[〇○零一二三四五六七八九]{4})年)?(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
#: In the name of a file: 0301, 230301. In the name of a sheet, and nothing else there: 3.1
_PACKED = re.compile(r"(?<![0-9.])(?:(?P<y>[0-9]{2}))?(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9.])")
_DOTTED = re.compile(r"(?P<m>[0-9]{1,2})[.-](?P<d>[0-9]{1,2})")
_MONTH = re.compile(
    r"(?:(?<![0-9])(?P<y>20[0-9]{2})年?|(?<![0-9年至到~、.—–-]))(?P<m>[0-9]{1,2})月"
    r"(?![0-9日号至到~、和及.—–-]|底?前)"
)
_MONTH_WRITTEN = re.compile(
    r"(?<![一二三四五六七八九十年至到和、])(?P<m>[一二三四五六七八九]|十[一二]?)月"
    r"(?![一二三四五六七八九十0-9日号至到和、~—–-])"
)
#: (3.1), (0301) in brackets; 3.1 at the end of a name, where it numbers no version and no annex.
_BRACKETED = re.compile(
    r"\((?:(?P<m>[0-9]{1,2})[.-](?P<d>[0-9]{1,2})|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2}))[日号报]?\)"
)
_LAST = re.compile(r"(?<=[\u4e00-\u9fff])(?<![件表版本第稿])(?P<m>[0-9]{1,2})\.(?P<d>[0-9]{1,2})$")
_UP_TO = re.compile(r"截[至止](?:时间|日期|到|[:：为于])*")
_LATE = timedelta(days=7)
_ORDINAL = re.compile(
    r"第(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:次|阶段|期|轮|批)"
    r"(?!更正|修改|修订|修正|订正|重报|补报|补充|招聘|专场|会|版|稿)"
)
_ZERO_TO_NINE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
#: Without one of these a text names a due by its title or not at all.
_NUMBER = re.compile("[0-9〇○零一二三四五六七八九十]")
_OTHER_TIME = re.compile(r"上期|上次|上月|前期|前次|去年|同期|上年|往年|较|比")


class Dues:
    """The dues of a desk's tier, by every way in which people name one."""

    def __init__(self, desk: Desk) -> None:
        rounds = sorted(desk.tier.rounds, key=lambda r: r.due)
        self._year = desk.campaign.year
        self._days = {(r.due.month, r.due.day): str(r.due) for r in rounds}
        self._ordinals = {
            n: str(r.due) for r in rounds if (n := _number(r.name.removeprefix("第"))) is not None
            and r.name.startswith("第")
        }  # fmt: skip
        for n, round_ in enumerate(rounds, start=1):
            self._ordinals.setdefault(n, str(round_.due))
        self._rounds = tuple(round_.due for round_ in rounds)
        self._titles = tuple(
            (squeeze(expected.title), str(r.due))
            for r in rounds for expected in r.forms.values() if expected.title
        )  # fmt: skip
        self._months: dict[int, set[str]] = {}
        since = desk.campaign.starts
        for round_ in rounds:
            for month in _months_of(since, round_.due):
                self._months.setdefault(month, set()).add(str(round_.due))
            since = round_.due
        self._days_in = lru_cache(maxsize=_REMEMBERED)(self._of_days)
        self._in_heading = lru_cache(maxsize=_REMEMBERED)(self._of_heading)

    def on_day(self, day: date) -> frozenset[str]:
        """The due on a day; the day itself, where it is a due's in another year; else none."""
        return self._due(day.year, day.month, day.day)

    def by_day(self, text: str) -> frozenset[str]:
        """The dues whose day a text gives (3月1日, 2023-03-01, 三月一日)."""
        return self._days_in(text)

    def in_heading(self, text: str) -> frozenset[str]:
        """The dues that a heading means: by day, by its round's title or ordinal, or by month.

        A month names every due that it may belong to, from the due before it on: 2023年2月 may be
        that of the first due as well as the month that the second reports on.
        """
        return self._in_heading(text)

    def in_name(self, text: str) -> frozenset[str]:
        """The dues that the name of a file, folder or sheet means: as a heading, or 0301, 3.1."""
        text = plain(text)
        if not _NUMBER.search(text):
            return self.in_heading(text)
        match = _DOTTED.fullmatch(text)
        if match is not None:
            return self._due(self._year, int(match["m"]), int(match["d"]))
        packed = {due for met in _PACKED.finditer(text) for due in self._of_packed(met)}
        last = _LAST.search(text)
        if last is not None:
            packed |= self._due(self._year, int(last["m"]), int(last["d"]))
        return frozenset(packed) | self.in_heading(text)

    def _of_packed(self, met: re.Match[str]) -> frozenset[str]:
        year = 2000 + int(met["y"]) if met["y"] else self._year
        found = self._due(year, int(met["m"]), int(met["d"])) if year == self._year else frozenset()
        return frozenset(found)

    def _of_heading(self, text: str) -> frozenset[str]:
        text = plain(text)
        if _OTHER_TIME.search(text):
            return frozenset()
        dense = squeeze(text)
        if not _NUMBER.search(text):
            return frozenset(due for title, due in self._titles if title in dense)
        found = set(self._of_days(text)) | self._of_brackets(text)
        found = found or self._of_last_day(text)
        found |= {due for title, due in self._titles if title in dense}
        numbers = (_number(match["n"]) for match in _ORDINAL.finditer(text))
        found |= {self._ordinals[n] for n in numbers if n in self._ordinals}
        return frozenset(found or self._of_months(text))

    def _of_months(self, text: str) -> set[str]:
        """The dues of the months that a text names, where it names them one by one."""
        met = [m for m in _MONTH.finditer(text) if not m["y"] or int(m["y"]) == self._year]
        months = [int(match["m"]) for match in met]
        months += [_number(match["m"]) or 0 for match in _MONTH_WRITTEN.finditer(text)]
        return {due for month in months for due in self._months.get(month, ())}

    def _of_brackets(self, text: str) -> set[str]:
        """The due whose day stands in brackets behind a title: （3.1）, (0301)."""
        met = [(m["m"] or m["mm"], m["d"] or m["dd"]) for m in _BRACKETED.finditer(text)]
        return {due for m, d in met for due in self._due(self._year, int(m), int(d))}

    def _of_last_day(self, text: str) -> set[str]:
        """The due of figures up to a day (截至2月28日): the next; a few days on, also the last."""
        until = _UP_TO.search(text)
        said = next(_days(text[until.end() :], self._year), None) if until is not None else None
        try:
            day = date(*said) if said is not None else None
        except ValueError:
            return set()
        if day is None or not self._rounds or day.year != self._year:
            return set()
        after = [due for due in self._rounds if due >= day][:1]
        return {str(due) for due in (*after, *(d for d in self._rounds if d < day <= d + _LATE))}

    def _of_days(self, text: str) -> frozenset[str]:
        text = plain(text)
        if _OTHER_TIME.search(text):
            return frozenset()
        return frozenset(due for y, m, d in _days(text, self._year) for due in self._due(y, m, d))

    def _due(self, year: int, month: int, day: int) -> frozenset[str]:
        due = self._days.get((month, day))
        if due is None:
            return frozenset()
        return frozenset({due if year == self._year else f"{year}-{month:02d}-{day:02d}"})


def _days(text: str, year: int) -> Iterator[tuple[int, int, int]]:
    """Year, month and day of every date in a text; the year of the campaign where none is given."""
    for match in _FULL.finditer(text):
        yield int(match["y"]), int(match["m"] or match["mm"]), int(match["d"] or match["dd"])
    for match in _SHORT.finditer(text):
        if not re.search(r"20[0-9]{2}年$", text[: match.start()]):
            yield year, int(match["m"]), int(match["d"])
    for match in _WRITTEN.finditer(text):
        month, day = _number(match["m"]), _number(match["d"])
        if month and day:
            yield _year(match["y"]) or year, month, day


def _year(digits: str | None) -> int:
    """二〇二三 → 2023; 0 for nothing."""
    return int(digits.translate(_ZERO_TO_NINE)) if digits else 0


def _number(text: str) -> int | None:
    """A small number in digits or in Chinese, its counter left off: 二次 → 2; None for none."""
    match = re.match(r"([0-9]{1,2})|([一二三四五六七八九])?(十)?([一二三四五六七八九])?", text)
    if match is None or not match[0]:
        return None
    if match[1]:
        return int(match[1])
    tens, ten, ones = match[2], match[3], match[4]
    digit = {word: n for n, word in enumerate("一二三四五六七八九", start=1)}
    if not ten:
        return digit[tens] if tens and not ones else None
    return 10 * (digit[tens] if tens else 1) + (digit[ones] if ones else 0)


def _months_of(since: date, due: date) -> set[int]:
    """The months between one due and the next, both included."""
    months, day = {due.month}, since
    while day < due:
        months.add(day.month)
        day += timedelta(days=1)
    return months
