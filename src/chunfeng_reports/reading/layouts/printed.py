"""Printed: a sheet that holds one form as the annex prints it, and so leaves nothing to search for.

Most returns are such: they are spared the search for tables, heads and columns, and what was worked
out for one sheet holds for all that differ in figures, the unit's name and the day alone. Whatever
the search would find on such a sheet is found here just the same; any other is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.layouts.deduction import crossed_numbers
from chunfeng_reports.reading.layouts.sides import HEAD_WORD
from chunfeng_reports.reading.layouts.spots import (
    REMARK,
    Found,
    Spot,
    counts_otherwise,
    seen_labels,
)
from chunfeng_reports.reading.layouts.times import beside_item
from chunfeng_reports.reading.recognised import Seen
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import in_last_bracket, plain, squeeze

_DATED = re.compile(r"填报(?:时间|日期)")
_FIGURE = re.compile(r"[0-9０-９][0-9０-９,，.．]{0,11}")
_MOST_REMEMBERED = 20_000
_HEADS = ("填报项目", "数量")
#: Text in the place of a figure, up to so many characters: a figure in words, a dash, 无.
_LONGEST_FIGURE = 12


def as_printed(
    grid: Grid,
    items: tuple[Item, ...],
    spots: list[Spot],
    title: tuple[int, int],
    words: Vocabulary,
) -> Found | None:
    """Where a form's figures stand on a sheet that holds it as printed; None for any other sheet.

    items: all that the form has; spots: every label on the sheet; title: row and column of its only
    title.
    """
    if [spot.code for spot in spots] != [item.code for item in items]:
        return None
    first, last, column = spots[0].row, spots[-1].row, spots[0].column
    if last - first + 1 != len(spots) or not title[0] < first - 1 or grid.width < column + 2:
        return None
    year = words.desk.campaign.year
    if any(spot.column != column or spot.row != first + n or spot.named.guessed
           or beside_item(spot.text, spot.named.item, year) != "plain"
           or counts_otherwise(in_last_bracket(spot.text), spot.named.item)
           for n, spot in enumerate(spots)):  # fmt: skip
        return None
    if any(top <= last and bottom >= first - 1 for top, _, bottom, _ in grid.merged):
        return None
    if not (_is_bare(grid, first, last, column) and _is_framed(grid, first, last, column, title)):
        return None
    head = Seen(cell_name(first - 1, column + 1), _HEADS[1], "列", "本表数字", "数字列")
    return Found(
        "rows",
        {item.code: (spot.row, column + 1) for item, spot in zip(items, spots, strict=True)},
        first,
        last,
        tuple(crossed_numbers(grid, spots, words)),
        seen=(head, *seen_labels(spots)),
        right=grid.width,
    )


def frame_of(grid: Grid, words: Vocabulary) -> Hashable:
    """All of a sheet that ``as_printed`` and the words on it hang on: figures, names and days are
    left out of it.
    """
    masks = words.masks
    rows = tuple(
        tuple([masks.get(v) or _mask(v, words) if type(v) is str else _kind(v) for v in row])
        for row in grid.rows
    )
    return grid.name, grid.merged, rows


def _kind(value: Value) -> Hashable:
    return "number" if type(value) in (int, float) else value


def _mask(text: str, words: Vocabulary) -> Hashable:
    """What stands for a text in a frame: itself, unless it is nothing but a name, day or figure."""
    mask: Hashable = (text,)
    if not words.places.called(labelled(text)[1]).silent:
        mask = "unit"
    elif words.titles.in_text(text) or words.labels.named(text) or REMARK.match(plain(text)):
        pass  # its very words matter
    elif _FIGURE.fullmatch(text):
        mask = "figure"
    elif labelled(text)[1]:
        mask = "unit"
    elif _DATED.match(plain(text)):
        mask = "day"
    elif words.places.alone(text).unit and not labelled(text)[0]:
        mask = "name"
    if len(words.masks) < _MOST_REMEMBERED:
        words.masks[text] = mask
    return mask


def _is_bare(grid: Grid, first: int, last: int, column: int) -> bool:
    """Whether head and table hold nothing but labels and, beside them, figures."""
    for row in range(first - 1, last + 1):
        own = grid.rows[row]
        if any(value != "" for value in own[:column]) or any(v != "" for v in own[column + 2 :]):
            return False
    heads = [squeeze(value) for value in grid.rows[first - 1][column : column + 2]
             if isinstance(value, str)]  # fmt: skip
    return tuple(heads) == _HEADS and all(
        _is_figure(grid.at(row, column + 1)) for row in range(first, last + 1)
    )


def _is_figure(value: Value) -> bool:
    """Whether a cell is a plain number, or short text without a formula."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_FIGURE and not value.startswith(("=", "＝"))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_framed(grid: Grid, first: int, last: int, column: int, title: tuple[int, int]) -> bool:
    """Whether over the table stand but title, unit's name and day, and under it but remarks."""
    for row, c, text in grid.texts():
        if (row, c) == title or first - 1 <= row <= last:
            continue
        if row > last and not REMARK.match(plain(text)):
            return False
        if row < first - 1 and not (_DATED.match(plain(text)) or _names(grid, row, c)):
            return False
        if c > column and HEAD_WORD.fullmatch(squeeze(text)):
            return False  # it may be taken for a part of a head
    return all(
        isinstance(value, str)
        for row in (*grid.rows[: first - 1], *grid.rows[last + 1 :])
        for value in row
    )


def _names(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell is the label of the unit's name, with it or without, or stands behind it."""
    texts = (grid.at(row, column), grid.at(row, column - 1))
    return any(isinstance(text, str) and labelled(text)[0] for text in texts)
