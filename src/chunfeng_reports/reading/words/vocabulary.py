"""The vocabulary of a desk: labels, titles, places and dues that its returns are known by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from chunfeng_reports.campaign import Desk
from chunfeng_reports.reading.words.dues import Dues
from chunfeng_reports.reading.words.labels import Labels
from chunfeng_reports.reading.words.places import Places
from chunfeng_reports.reading.words.titles import Titles


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one desk's returns are known by; built once for all files of a run.

    due: that at which what is read came; empty where it is not known. telling: whether what was
    seen on the way is kept for ``collect --explain``. masks and frames: what was
    worked out, whatever the due, for texts and for sheets that differ in figures, names and days
    alone (see ``layouts.printed``).
    """

    desk: Desk
    labels: Labels
    titles: Titles
    places: Places
    dues: Dues
    due: str = ""
    telling: bool = True
    masks: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    frames: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _of_dues: dict[str, Vocabulary] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, desk: Desk, *, telling: bool = True) -> Vocabulary:
        """The vocabulary of a desk."""
        parts = (Labels(desk), Titles(desk), Places(desk), Dues(desk))
        return cls(desk, *parts, telling=telling)

    def at(self, due: str) -> Vocabulary:
        """The same vocabulary for what came at a due."""
        if due == self.due:
            return self
        if due not in self._of_dues:
            self._of_dues[due] = replace(self, due=due)
        return self._of_dues[due]

    def region_name(self, code: str) -> str:
        """A region's short name, or the code where it is none of the campaign's."""
        region = self.desk.campaign.region_by_code.get(code)
        return region.short if region else code

    def form_name(self, code: str) -> str:
        """A form's short name, or the code where there is none."""
        form = self.desk.campaign.form_by_code.get(code)
        return form.short if form else code
