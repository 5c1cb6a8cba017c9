"""Bands: the rows of a grid in which the heads of wide tables stand, one above the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from chunfeng_reports.campaign import Item
from chunfeng_reports.reading.grids import Broken, Formula, Grid, Value
from chunfeng_reports.reading.layouts.spots import Spot, text_of
from chunfeng_reports.reading.words.numerals import NUMERAL_CHARACTERS
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary

_HIGHEST = 4
_NUMBERED = re.compile(r"(?:第|\()?(?P<number>[0-9]{1,2})(?:栏|\))?(?:=.*)?")
_LETTER = re.compile(r"栏次|栏号|[甲乙丙丁A-D]")
_PART = re.compile(r"\(?[0-9]{1,2}\)?|[0-9]{1,2}[.-][0-9]{1,2}")
_COUNTS_COLUMNS = re.compile(r"|栏次|栏号|序号|行次|编号|[甲乙丙丁A-D]|[0-9]{1,2}")
_FIGURE = re.compile(r"['’‘]?[+-]?[0-9][0-9,.]*[人户家场份个次名元万亿余多]*(?:左右)?")
#: 三百二十人, 叁; a single 一 or 三 numbers a column.
_NUMERAL = re.compile(
    rf"(?:[{NUMERAL_CHARACTERS}]{{2,}}|[零〇壹贰叁肆伍陆柒捌玖拾])[人户家场份个名次元]*"
)
_MEASURE = re.compile(r"\(?(?:单位[:：])?[百千万]?(?:人次|场次|家次|人|户|个|家|份|场|次|元)\)?")
#: Share of neighbouring numbers that go up by one, in a row that counts the columns.
_STEADY = 0.6


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of heads: from ``top`` (``over``: with what stands over several items) to ``bottom``.

    end: the first row that is no part of the table under them; spots: the cells naming items, of
    all forms; numbers: the rows under them that count the columns.
    """

    over: int
    top: int
    bottom: int
    end: int
    spots: dict[tuple[int, int], Spot]
    numbers: tuple[int, ...] = ()


def shown(grid: Grid, row: int, column: int) -> str:
    """The text that a person sees over a column: a merged block's, wherever it begins."""
    return text_of(grid.at(*(grid.covered(row, column) or (row, column))))


def bands_of(grid: Grid, spots: Iterable[Spot], words: Vocabulary) -> list[Band]:
    """The bands of heads on a grid, from the top down; spots: of all forms."""
    found: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda s: (s.row, s.column)):
        if grid.covered(spot.row, spot.column) or _bears_figures(grid, spot.row):
            continue
        if found and _continues(grid, found[-1], spot, words):
            found[-1].append(spot)
        else:
            found.append([spot])
    tops = [min(s.row for s in group) for group in found] + [len(grid.rows)]
    told = [_told_before(found[:n], group) for n, group in enumerate(found)]
    return [_band(grid, group, end, before, words)
            for group, end, before in zip(found, tops[1:], told, strict=True)]  # fmt: skip


def _told_before(upper: list[list[Spot]], group: list[Spot]) -> int:
    """How many items stand in the blocks above one that goes on with them; 0 where none does."""
    codes = {spot.code for block in upper for spot in block}
    return 0 if any(spot.code in codes for spot in group) else len(codes)


def band_of_numbers(grid: Grid, items: tuple[Item, ...]) -> Band | None:
    """The band of a table whose heads cannot be read but are numbered; none where they are not."""
    if not all(item.number for item in items):
        return None
    for row in range(len(grid.rows)):
        if _numbers_in(grid, row, items):
            rows = _with_stray_numbers(grid, row, items)
            return Band(row, row, rows[-1], len(grid.rows), {}, rows)
    return None


def _bears_figures(grid: Grid, row: int) -> bool:
    """Whether figures stand in a row, so that the words in it (a remark) are no heads."""
    cells = grid.rows[row] if 0 <= row < len(grid.rows) else ()
    figures = sum(is_figure(value) for value in cells)
    return figures >= 2 and figures > sum(isinstance(v, str) and bool(v) for v in cells) - figures


def is_figure(value: Value) -> bool:
    """Whether a cell holds a number, or what looks like one."""
    if isinstance(value, Formula):
        return not isinstance(value.stored, str) or not value.stored or is_figure(value.stored)
    if isinstance(value, str):
        text = text_of(value)
        return (_FIGURE.fullmatch(text) or _NUMERAL.fullmatch(text)) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _continues(grid: Grid, group: list[Spot], spot: Spot, words: Vocabulary) -> bool:
    """Whether a spot belongs to the heads met before it: near, with nothing between."""
    last = group[-1].row
    if spot.row == last:
        return True
    if spot.row - group[0].row > _HIGHEST:
        return False
    if any(s.code == spot.code and s.column == spot.column for s in group):
        return False
    return not any(_parts(grid, row, words) for row in range(last + 1, spot.row))


def _parts(grid: Grid, row: int, words: Vocabulary) -> bool:
    """Whether a row ends a band: it holds a figure, a title or a unit's name."""
    cells = grid.rows[row]
    return any(is_figure(value) for value in cells) or _heads_a_table(cells, words)


def _heads_a_table(cells: Iterable[Value], words: Vocabulary) -> bool:
    texts = [text for value in cells if (text := text_of(value))]
    return any(
        words.titles.in_text(t) is not None or (labelled(t)[1] and len(texts) < 4) for t in texts
    )


def _band(grid: Grid, group: list[Spot], end: int, before: int, words: Vocabulary) -> Band:
    top, bottom = group[0].row, max(s.row for s in group)
    first = min(s.column for s in group)
    numbers: list[int] = []
    for row in range(bottom + 1, min(bottom + 1 + _HIGHEST, end)):
        if not numbers and counts_columns(grid, row, group, before):
            numbers.append(row)
        elif numbers or not _below_heads(grid, row, first, bottom, end):
            break
        else:
            bottom = row
    over = top
    while over and top - over < 2 and _over_heads(grid, over - 1, first, words):
        over -= 1
    spots = {(s.row, s.column): s for s in group}
    return Band(over, top, bottom, end, spots, tuple(numbers))


def _below_heads(grid: Grid, row: int, first: int, bottom: int, end: int) -> bool:
    """Whether a row without a label goes on with the heads: 本期 and 上期, 合计, 人 and 户."""
    cells = grid.rows[row]
    if any(text_of(value) and not grid.covered(row, c) for c, value in enumerate(cells[:first])):
        return False
    own = [text_of(v) for c, v in enumerate(cells) if c >= first and not grid.covered(row, c)]
    texts = [text for text in own if text]
    if any(is_figure(value) for value in cells[first:]) or not all(map(_is_word, texts)):
        return False
    if not texts:
        return any((at := grid.covered(row, c)) and at[0] <= bottom for c in range(grid.width))
    if all(_MEASURE.fullmatch(text) for text in texts):
        return True
    return any(_bears_any(grid, below) for below in range(row + 1, min(row + 7, end)))


def _is_word(text: str) -> bool:
    return any(c.isalpha() for c in text) and text not in {"无", "暂无"}


def _bears_any(grid: Grid, row: int) -> bool:
    return sum(is_figure(value) for value in grid.rows[row]) >= 2


def _over_heads(grid: Grid, row: int, first: int, words: Vocabulary) -> bool:
    """Whether a row over the heads says of which time the columns below are."""
    texts = [t for c, v in enumerate(grid.rows[row]) if c >= first and (t := text_of(v))]
    if not texts or _heads_a_table(grid.rows[row], words):
        return False
    return all(len(t) <= 8 and _TIME.fullmatch(t) for t in texts)


_TIME = re.compile(
    r"(?:本期|本次|本月|当期|今年|本年|上期|上次|上月|上年|去年|累计|同期|上年同期|去年同期|实际|计划|目标|任务"
    r"|20[0-9]{2}年?|其中)(?:同期)?(?:完成|填报)?(?:数量|数据|数|情况|任务|值)?[:：]?"
)


# --- numbers under the heads


def counts_columns(grid: Grid, row: int, spots: Iterable[Spot], before: int = 0) -> bool:
    """Whether a row only numbers the columns or items (1, 2, 3 …) and so holds no figures.

    before: how many items stand in blocks further up, where a table goes on below itself.
    """
    cells = grid.rows[row]
    spots = list(spots)
    first = min(s.column for s in spots)
    if not all(_COUNTS_COLUMNS.fullmatch(text_of(v)) for v in cells[:first]):
        return False
    if any(isinstance(value, Formula) for value in cells):
        return False
    told = [(c, t) for c, v in enumerate(cells) if c >= first and (t := text_of(v))]
    own = [(c, t) for c, t in told if not _LETTER.fullmatch(t)]
    if not all(_NUMBERED.fullmatch(t) or _PART.fullmatch(t) for _, t in own):
        return False
    numbers = [int(m["number"]) for _, t in own if (m := _NUMBERED.fullmatch(t))]
    if len(own) < 3:
        goes_on = numbers == list(range(before + 1, before + 1 + len({s.column for s in spots})))
        return bool(before) and goes_on and _figures_follow(grid, row)
    again = numbers.index(1, 1) if 1 in numbers[1:] else len(numbers)
    steady = _steady(numbers[:again], before) and (not numbers[again:] or _steady(numbers[again:]))
    return steady or _items_numbers(dict(own), spots)


def _figures_follow(grid: Grid, row: int) -> bool:
    """Whether the next row with anything in it holds a figure, so that this one need hold none."""
    below = (cells for cells in grid.rows[row + 1 :] if any(value != "" for value in cells))
    return any(is_figure(value) for value in next(below, ()))


def _steady(numbers: list[int], before: int = 0) -> bool:
    """Whether numbers go up from the first columns on, most of them by one."""
    steps = [later - sooner for sooner, later in pairwise(numbers)]
    if len(numbers) < 3 or not all(step > 0 for step in steps):
        return False
    starts = numbers[0] <= 4 or before < numbers[0] <= before + 2
    return starts and steps.count(1) >= _STEADY * len(steps)


def _items_numbers(texts: dict[int, str], spots: list[Spot]) -> bool:
    """Whether each numbered item has its own number under it, and nothing else."""
    numbered = {s.column: s.named.item.number for s in spots if s.named.item.number}
    told = {c: m["number"] for c, t in texts.items() if c in numbered
            and (m := _NUMBERED.fullmatch(t))}  # fmt: skip
    return len(told) >= 3 and all(numbered[c] == number for c, number in told.items())


def printed_numbers(
    grid: Grid, band: Band, items: tuple[Item, ...]
) -> tuple[dict[str, int], tuple[int, ...]]:
    """Item → the column over which its number is printed, where all items of a form have one.

    Besides, the rows that hold the numbers.
    """
    if not all(item.number for item in items):
        return {}, band.numbers
    rows = band.numbers or range(band.bottom + 1, min(band.bottom + 1 + _HIGHEST, band.end))
    for row in rows:
        found = _numbers_in(grid, row, items)
        if found or row in band.numbers:
            told = _with_stray_numbers(grid, row, items) if found else (row,)
            for more in told[1:]:
                found |= _numbers_in(grid, more, items, fewest=1)
            return found, told
    return {}, band.numbers


def _numbers_in(
    grid: Grid, row: int, items: tuple[Item, ...], *, fewest: int | None = None
) -> dict[str, int]:
    """Item → column of its number, where a row holds most of a form's numbers and nothing else."""
    codes = {item.number: item.code for item in items}
    found: dict[str, int] = {}
    for column, value in enumerate(grid.rows[row] if row < len(grid.rows) else ()):
        text = text_of(value)
        match = _NUMBERED.fullmatch(text)
        code = codes.get(match["number"]) if match else None
        if code and code not in found and not isinstance(value, (Formula, Broken)):
            found[code] = column
        elif code or not _COUNTS_COLUMNS.fullmatch(text) or _beyond(text, items):
            return {}
    enough = fewest or max(4, round(len(items) * 0.6))
    order = [int(item.number) for item in items if item.code in found]
    sorted_ = [found[i.code] for i in items if i.code in found] == sorted(found.values())
    steady = fewest is not None or _steady(order)
    return found if len(found) >= enough and steady and sorted_ else {}


def _beyond(text: str, items: tuple[Item, ...]) -> bool:
    """Whether a number is too large to count columns: a few may stand beside those of items."""
    return text.isdecimal() and int(text) > len(items) + 3


def _with_stray_numbers(grid: Grid, row: int, items: tuple[Item, ...]) -> tuple[int, ...]:
    """A row of column numbers and, below it, one that holds only those left out (a split head)."""
    missing = {item.number for item in items} - {text_of(v).strip("()第栏") for v in grid.rows[row]}
    below = [t for v in grid.rows[row + 1 : row + 2] for c in v if (t := text_of(c))]
    alone = below and len(below) <= 3 and all(text.strip("()第栏") in missing for text in below)
    return (row, row + 1) if alone else (row,)
