"""Labels: which item a label on a form means — exactly, by its bones, or by a careful guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from chunfeng_reports.campaign import Desk, Item
from chunfeng_reports.reading.words.numbers import measures_agree
from chunfeng_reports.reading.words.wording import in_last_bracket, keys, measure_in, skeleton

_ALIKE = 0.78
_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class Named:
    """A label's item; guessed where the words are not the item's own."""

    item: Item
    guessed: bool = False


class Labels:
    """The labels of every table form of a campaign, as this desk's tier prints them."""

    def __init__(self, desk: Desk) -> None:
        forms = [form for form in desk.campaign.forms if form.layout != "prose"]
        self.items = tuple(item for form in forms for item in form.items)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._bones: dict[str, set[str]] = defaultdict(set)
        self._by_code = {item.code: item for item in self.items}
        for item in self.items:
            self._learn(item)

    def _learn(self, item: Item) -> None:
        wordings = (item.label, *item.labels.values(), *item.aliases)
        found = dict.fromkeys(key for wording in wordings for key in keys(wording) if key)
        self._keys[item.code] = tuple(found)
        for key in found:
            self._exact[key].add(item.code)
            self._bones[skeleton(key)[0]].add(item.code)

    def named(self, text: str) -> tuple[Named, ...]:
        """The items that a label names; several where forms share a wording, none where none."""
        whole, *shorter = keys(text)
        if whole in self._exact:
            return self._those(self._exact[whole])
        measure = measure_in(in_last_bracket(text))
        for key in shorter:
            if key in self._exact:
                return self._those(self._exact[key], measure=measure, guess=True)
        for key in (whole, *shorter):
            bones, ending = skeleton(key)
            if len(bones) >= 3 and bones in self._bones:
                return self._those(self._bones[bones], measure=ending or measure, guess=False)
        return ()

    def guess(self, text: str, among: Iterable[Item]) -> Named | None:
        """The one item among some whose label is clearly most alike, as a guess; None if in doubt.

        A label is alike at 0.78 of its characters, and ahead of the next item by 0.08 at least: so
        a slip of one or two characters passes and 线上/线下 is not taken for the other.
        """
        whole = keys(text)[0]
        if len(whole) < 4:
            return None
        scored = sorted((self._likeness(whole, item), item.code) for item in self.items)
        best, code = scored[-1]
        others = [score for score, other in scored[:-1] if other != code]
        wanted = {item.code for item in among}
        if best < _ALIKE or code not in wanted or (others and best - others[-1] < _MARGIN):
            return None
        return Named(self._by_code[code], guessed=True)

    def _likeness(self, key: str, item: Item) -> float:
        return max(SequenceMatcher(None, key, own, autojunk=False).ratio()
                   for own in self._keys[item.code])  # fmt: skip

    def _those(
        self, codes: set[str], *, measure: str = "", guess: bool = False
    ) -> tuple[Named, ...]:
        """Items in form order. Where the label's own measure is another than the item's: a guess
        if the words before the bracket are the item's own, else none of it."""
        found = []
        for code in sorted(codes):
            item = self._by_code[code]
            agrees = not measure or measures_agree(measure, item.unit)
            if agrees or guess:
                found.append(Named(item, guessed=not agrees))
        return tuple(found)
