"""Titles: which form a text names — a title row, a heading, a file name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from chunfeng_reports.campaign import Desk, Form
from chunfeng_reports.reading.words.wording import plain, squeeze

_CLOSE = 0.88
_REMEMBERED = 8192
_WRITTEN_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年?")


@dataclass(frozen=True, slots=True)
class Title:
    """A form's title met in a text: the form's code, the words as matched, the year if given."""

    form: str
    words: str
    year: int | None


class Titles:
    """The titles of a campaign's forms."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.tables = tuple(f for f in desk.campaign.forms if f.layout != "prose")
        self._wordings = {f.code: _wordings(f) for f in desk.campaign.forms}
        self._known = sorted(
            ((words, form.code) for form in self.tables for words in self._wordings[form.code]),
            key=lambda pair: -len(pair[0]),
        )
        self.subjects = tuple(
            part for part in re.split("[暨和与、]", _YEAR.sub("", desk.campaign.title)) if part
        )
        self._both = squeeze(_YEAR.sub("", desk.campaign.title))
        self._met = lru_cache(maxsize=_REMEMBERED)(self._in_text)

    def in_text(self, text: str) -> Title | None:
        """The table form whose title stands in a text; the longest title wins."""
        return self._met(text)

    def _in_text(self, text: str) -> Title | None:
        dense = squeeze(text).replace(self._both, "")
        for words, code in self._known:
            if words in dense:
                return Title(code, words, self._year(dense))
        return None

    def _year(self, text: str) -> int | None:
        """The year that a text gives; the campaign's, where it gives that among others."""
        years = [int(year) for year in _YEAR.findall(text)]
        wanted = self._desk.campaign.year
        return wanted if wanted in years else next(iter(years), None)

    def fits(self, title: Title, form: str) -> bool:
        """Whether a title is this form's, or so close to it that a slip of words explains it."""
        return title.form == form or any(
            SequenceMatcher(None, title.words, own, autojunk=False).ratio() >= _CLOSE
            for own in self._wordings[form]
        )

    def names_summary(self, text: str, form: str) -> bool:
        """Whether a text holds one of a prose form's titles (or its round's)."""
        dense = squeeze(text)
        rounds = (r.forms.get(form) for r in self._desk.tier.rounds)
        own = [squeeze(e.title) for e in rounds if e is not None and e.title]
        return any(words in dense for words in (*self._wordings[form], *own))

    def names_round(self, text: str) -> bool:
        """Whether a text holds the title that a round gives to a summary."""
        dense = squeeze(text)
        given = (form.title for one in self._desk.tier.rounds for form in one.forms.values())
        return any(squeeze(title) in dense for title in given if title)

    def on_subject(self, text: str) -> bool:
        """Whether a text speaks of the campaign by name."""
        dense = squeeze(text)
        return any(subject in dense for subject in self.subjects)

    def year_in(self, text: str) -> int | None:
        """The year that a name gives as such (2022年); the campaign's, where it is among others."""
        years = [int(year) for year in _WRITTEN_YEAR.findall(plain(text))]
        wanted = self._desk.campaign.year
        return wanted if wanted in years else next(iter(years), None)


def _wordings(form: Form) -> tuple[str, ...]:
    """A form's titles without the year, longest first."""
    own = (form.title.replace("{year}年", "").replace("{year}", ""), *form.titles)
    return tuple(sorted({squeeze(words) for words in own}, key=lambda w: (-len(w), w)))
