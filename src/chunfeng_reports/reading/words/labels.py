"""Labels: which item a label on a form means — exactly, by its bones, or by a careful guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from chunfeng_reports.campaign import Desk, Item
from chunfeng_reports.reading.words.numbers import measures_agree
from chunfeng_reports.reading.words.wording import in_last_bracket, keys, measure_in, skeleton

#: From this likeness on a label is guessed by itself; ahead of the next item by the margin.
_ALIKE = 0.78
_MARGIN = 0.08
#: Shorter words without their 数 may be anybody's: 企业, 岗位.
_LONG = 6
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Named:
    """A label's item; guessed where the words are not the item's own; how alike they are.

    sure: whether something besides the words (number, place in the form) says the same.
    """

    item: Item
    guessed: bool = False
    score: float = 1.0
    sure: bool = False


class Labels:
    """The labels of every table form of a campaign, as this desk's tier prints them."""

    def __init__(self, desk: Desk) -> None:
        forms = [form for form in desk.campaign.forms if form.layout != "prose"]
        self.items = tuple(item for form in forms for item in form.items)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._bones: dict[str, set[str]] = defaultdict(set)
        self._by_code = {item.code: item for item in self.items}
        self._remembered: dict[str, tuple[Named, ...]] = {}
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
        if (known := self._remembered.get(text)) is None:
            known = self._named(text)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[text] = known
        return known

    def _named(self, text: str) -> tuple[Named, ...]:
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
        for key in shorter:  # 残疾人（人） is 残疾人数
            if len(key) >= _LONG and (counted := f"{key}数") in self._exact:
                return self._those(self._exact[counted], measure=measure)
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
        return Named(self._by_code[code], guessed=True, score=best)

    def likeness(self, text: str, item: Item) -> float:
        """How alike a label and an item's wordings are, from 0 to 1; 1 where it is shortened.

        A label is shortened where all its bones (消除 of 消除零就业家庭) stand in the item's in
        order; whether other items hold them as well is for the caller to see.
        """
        whole, short, bare = keys(text)
        return max(self._likeness(whole, item), self._likeness(short, item),
                   self._likeness(bare, item), 0.99 * self._shortened(bare, item))  # fmt: skip

    def _shortened(self, key: str, item: Item) -> bool:
        bones = skeleton(key)[0]
        return len(bones) >= 2 and any(
            _within(bones, skeleton(own)[0]) for own in self._keys[item.code]
        )

    def measured_otherwise(self, text: str, item: Item) -> bool:
        """Whether a label's own measure (``…人数``, ``（户）``) is another kind than the item's."""
        measure = measure_in(in_last_bracket(text)) or skeleton(keys(text)[0])[1]
        return bool(measure) and not measures_agree(measure, item.unit)

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


def _within(short: str, whole: str) -> bool:
    """Whether all characters of a text stand in another in the same order."""
    rest = iter(whole)
    return all(character in rest for character in short)
