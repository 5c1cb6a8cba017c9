"""Deduction: labels in words of their own, known by likeness, by number and by their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.panels import Panel
from chunfeng_reports.reading.layouts.spots import REMARK, Spot, holds_number, text_of
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.words.labels import Named
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import numbering, squeeze, unnumbered

#: Likeness from which number or place confirm a label, and from which they make it a guess.
_CONFIRMED = 0.6
_THINKABLE = 0.4
_BESIDES = 0.08
_SHORTENED = 0.9
_NO_LABEL = re.compile(
    r"其中|(?:合|总|小|共)计|(?:填报|统计|指标)?(?:项目|指标|内容|名称|数[量值])(?:名称)?|序号|栏次"
)
#: Rows beyond the labels known, in which a label in other words may stand.
_NEAR = 2


def with_deduced(
    grid: Grid, panel: Panel, items: Sequence[Item], filled: Sequence[int], words: Vocabulary
) -> list[Spot]:
    """A panel's labels with those added that mean a missing item in words of their own.

    A label is held for an item by its likeness to it alone (a guess), or by its number or place
    with some likeness: sure where likeness and one of these agree. filled: columns with figures.
    """
    spots = _own(panel)
    missing = _missing(items, spots)
    if not missing:
        return spots
    spots = _parts_under_their_total(spots, missing, words)
    missing = _missing(missing, spots)
    strays = _strays(grid, panel, spots, filled, words)
    if not strays:
        return spots
    places = _places(spots, strays, items, missing)
    numbers = _numbers_mean(grid, spots, items)
    for stray in strays:
        named = _Evidence(stray, places.get(stray, ""), _number(grid, stray, numbers)).named(
            missing, items, words
        )
        if named is not None:
            spots.append(Spot(stray.row, stray.column, named, stray.text))
            missing = [item for item in missing if item.code != named.item.code]
    return sorted(spots, key=lambda spot: (spot.row, spot.column))


def _missing(items: Sequence[Item], spots: list[Spot]) -> list[Item]:
    named = {spot.code for spot in spots}
    return [item for item in items if item.code not in named]


def crossed_numbers(grid: Grid, spots: Sequence[Spot], words: Vocabulary) -> Iterator[Doubt]:
    """A doubt on every label whose printed number is another item's, where numbers mean items."""
    items = {spot.code: spot.named.item for spot in spots}
    numbers = _numbers_mean(grid, spots, [*items.values()])
    by_code = {item.code: item for item in words.labels.items}
    for spot in spots:
        number = _number(grid, _Stray(spot.row, spot.column, spot.text), numbers)
        other = by_code.get(number)
        inner = other is not None and bool(other.number) and not spot.named.item.number
        if other is None or other.code == spot.code or inner:
            continue  # (3) before a part counts the parts
        cell = cell_name(spot.row, spot.column)
        message = (
            f"“{spot.text.strip()}”按文字是{spot.named.item.short}，"
            f"按序号是{other.short}，已按文字读取；请核对"
        )
        yield Doubt("reading.number_disagrees", "warning", message, (spot.code, other.code),
                    value=spot.text.strip(), expected=words.desk.label(other), sheet=grid.name,
                    cell=cell, about=cell)  # fmt: skip


# --- labels that no wording explains


@dataclass(frozen=True, slots=True)
class _Stray:
    """A cell of a label column that names no item by its words."""

    row: int
    column: int
    text: str


def _own(panel: Panel) -> list[Spot]:
    """One label a row: of two in a row (a parent beside its part) the one nearest the figures."""
    rows: dict[int, Spot] = {}
    for spot in panel.spots:
        before = rows.get(spot.row)
        if before is None or not (spot.named.guessed and not before.named.guessed):
            rows[spot.row] = spot
    return [rows[row] for row in sorted(rows)]


def _parts_under_their_total(
    spots: list[Spot], missing: list[Item], words: Vocabulary
) -> list[Spot]:
    """The labels; one that repeats an item and stands under a total, as that total's part.

    实现就业人数 below 认定的零就业家庭 is not item 3 a second time.
    """
    seen: set[str] = set()
    found: list[Spot] = []
    for spot in spots:
        over = next((s.named.item for s in reversed(found) if not s.named.item.parent), None)
        parts = [item for item in missing if over is not None and item.parent == over.code]
        fits = [item for item in parts
                if words.labels.likeness(unnumbered(spot.text), item) >= _SHORTENED]  # fmt: skip
        if spot.code in seen and len(fits) == 1:
            named = Named(fits[0], guessed=True, score=_SHORTENED, sure=True)
            found.append(Spot(spot.row, spot.column, named, spot.text))
        else:
            found.append(spot)
        seen.add(found[-1].code)
    return found


def _strays(
    grid: Grid, panel: Panel, spots: list[Spot], filled: Sequence[int], words: Vocabulary
) -> list[_Stray]:
    taken = {spot.row for spot in spots}
    found = []
    for row in range(max(min(taken) - _NEAR, 0), min(max(taken) + _NEAR + 1, len(grid.rows))):
        if row in taken or (filled and not any(holds_number(grid, row, c) for c in filled)):
            continue
        texts = ((c, text_of(grid.at(row, c))) for c in reversed(panel.columns)
                 if grid.covered(row, c) is None)  # fmt: skip
        for column, text in texts:
            if _may_be_label(text, words):
                found.append(_Stray(row, column, text))
                break
    return found


def _may_be_label(text: str, words: Vocabulary) -> bool:
    bare = squeeze(unnumbered(text))
    return (
        len(bare) >= 2
        and not bare.isdecimal()
        and not REMARK.match(text)
        and not _NO_LABEL.fullmatch(bare)
        and words.titles.in_text(text) is None
    )


# --- place and number


def _places(
    spots: list[Spot], strays: list[_Stray], items: Sequence[Item], missing: list[Item]
) -> dict[_Stray, str]:
    """Stray label → the item whose place it holds, where labels and items pair off one to one."""
    if len(strays) == len(missing) == 1:
        return {strays[0]: missing[0].code}
    order = {item.code: n for n, item in enumerate(items)}
    known = [(spot.row, order[spot.code]) for spot in spots if spot.code in order]
    if any(above[1] >= below[1] for above, below in pairwise(known)):
        return {}
    found: dict[_Stray, str] = {}
    ends = [(-1, -1), *known, (10**9, len(items))]
    for (top, first), (bottom, last) in pairwise(ends):
        here = [stray for stray in strays if top < stray.row < bottom]
        gone = [item.code for item in missing if first < order[item.code] < last]
        if here and len(here) == len(gone):
            found |= dict(zip(here, gone, strict=True))
    return found


def _numbers_mean(grid: Grid, spots: Sequence[Spot], items: Sequence[Item]) -> dict[str, str]:
    """Printed number → item, learnt from the labels known: the form's numbers or none.

    Numbers that count rows (as 1 2 3 … down the side) say nothing once the order is another.
    """
    printed = ((_printed(grid, spot.row, spot.column, spot.text), spot) for spot in spots)
    told = [(n, spot) for n, spot in printed if n and spot.named.item.number]
    agree = sum(n == spot.named.item.number for n, spot in told)
    if agree < 2 or agree * 10 < len(told) * 6 or _counts_rows(grid, spots):
        return {}
    form = {spot.named.item.form for spot in spots}
    found = {item.number: item.code for item in items if item.number and item.form in form}
    for item in items:
        if not item.number and item.parent:
            found[item.code.split("_", 1)[1].replace("_", ".")] = item.code
    return found


def _counts_rows(grid: Grid, spots: Sequence[Spot]) -> bool:
    """Whether the numbers before labels count every row, sub-items included."""
    every = [_printed(grid, spot.row, spot.column, spot.text) for spot in spots]
    numbered = [(n, spot) for n, spot in zip(every, spots, strict=True) if n.isdecimal()]
    inner = [spot for _, spot in numbered if not spot.named.item.number]
    values = [int(n) for n, _ in numbered]
    return bool(inner) and all(above < below for above, below in pairwise(values))


def _number(grid: Grid, stray: _Stray, numbers: dict[str, str]) -> str:
    if not numbers:
        return ""
    return numbers.get(_printed(grid, stray.row, stray.column, stray.text), "")


def _printed(grid: Grid, row: int, column: int, text: str) -> str:
    """The number printed before a label: in its own cell, else in the one to its left."""
    if own := numbering(text):
        return own
    beside = text_of(grid.at(row, column - 1)) if column else ""
    if len(beside) > 5 or squeeze(unnumbered(beside)) != squeeze(beside):
        return ""
    bare = squeeze(beside)
    return bare if bare.isdecimal() else numbering(f"{beside}、") if bare else ""


# --- putting it together


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of a stray label: the items that its place and its number stand for."""

    stray: _Stray
    place: str
    number: str

    def named(self, missing: list[Item], items: Sequence[Item], words: Vocabulary) -> Named | None:
        """The item it means, sure or as a guess; None where nothing says so clearly."""
        text = unnumbered(self.stray.text)
        scores = {item.code: words.labels.likeness(text, item) for item in items}
        by_code = {item.code: item for item in missing}
        rest = max((s for code, s in scores.items() if code not in by_code), default=0.0)
        best = max(by_code, key=lambda code: scores[code])
        backed = [code for code in (self.number, self.place) if code in by_code]
        target = next((code for code in backed if scores[code] >= _THINKABLE), "")
        if target and scores[target] >= max(scores[best], rest) - _BESIDES:
            other = words.labels.measured_otherwise(text, by_code[target])
            clear = len(set(backed)) == 1 and target == best and scores[target] >= rest
            sure = clear and scores[target] >= _CONFIRMED and not other
            return Named(by_code[target], guessed=True, score=scores[target], sure=sure)
        return words.labels.guess(self.stray.text, among=missing)


def deduced(
    text: str, place: str, missing: list[Item], items: Sequence[Item], words: Vocabulary
) -> Named | None:
    """The missing item that a label in words of its own means; place: the item due where it stands.

    None where nothing says so clearly; ``sure`` where words and place agree.
    """
    return _Evidence(_Stray(0, 0, text), place, "").named(missing, items, words)
