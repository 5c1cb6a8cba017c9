"""Spots: the cells of a grid that name items, and where the figures of a form then stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid, Value
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.recognised import Doubt, Layout, Seen
from chunfeng_reports.reading.words.labels import Named
from chunfeng_reports.reading.words.numbers import as_typed, measures_agree
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import measure_in, plain

#: A cell that opens so is a remark, whatever it mentions.
REMARK = re.compile(r"备注|注[:：]|说明")
_SCALED = re.compile("(?:单位:?)?[百千万亿](?:人次|[人户个家份场次名])?数?")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that names an item."""

    row: int
    column: int
    named: Named
    text: str

    @property
    def code(self) -> str:
        """The item's code."""
        return self.named.item.code


@dataclass(frozen=True, slots=True)
class Found:
    """Where the items of one form stand: item → cell of its figure, and doubts met on the way.

    unit_texts: texts beside the figures of a wide row, where its unit may be named; shared: whether
    other units stand beside this one in the same table, so that nothing else tells whose it is.
    seen: what was made of the cells on the way. left, right: its first column and the first that
    is another table's (0: not told apart).
    """

    layout: Layout
    cells: dict[str, tuple[int, int] | None]
    top: int
    bottom: int
    doubts: tuple[Doubt, ...] = ()
    unit_texts: tuple[str, ...] = ()
    shared: bool = False
    seen: tuple[Seen, ...] = ()
    left: int = 0
    right: int = 0


def guessed_labels(spots: Iterable[Spot], grid: Grid, words: Vocabulary) -> tuple[Doubt, ...]:
    """A doubt for every label that was taken for an item on its likeness.

    A warning; a hint where the item's number or its place in the form says the same.
    """
    return tuple(_guessed(spot, grid, words) for spot in spots if spot.named.guessed)


def _guessed(spot: Spot, grid: Grid, words: Vocabulary) -> Doubt:
    own, text = words.desk.label(spot.named.item), spot.text.strip()
    sure = spot.named.sure
    message = f"“{text}”按“{own}”读取" + (
        "（序号或在表中的位置相符）" if sure else "，请核对是否同一指标"
    )
    return Doubt("reading.label_confirmed" if sure else "reading.label_guessed",
                 "info" if sure else "warning", message, (spot.code,), value=text, expected=own,
                 sheet=grid.name, cell=cell_name(spot.row, spot.column),
                 about=cell_name(spot.row, spot.column))  # fmt: skip


def seen_labels(spots: Iterable[Spot]) -> Iterator[Seen]:
    """What each label was held to be."""
    for spot in spots:
        named = spot.named
        yield Seen(cell_name(spot.row, spot.column), spot.text.strip(), "指标",
                   f"{spot.code} {named.item.short}",
                   "推断" if named.guessed and not named.sure else "", named.score)  # fmt: skip


def counts_otherwise(measure: str, item: Item) -> bool:
    """Whether a measure beside an item's name is another than the item's, or thousands of it."""
    bare = measure_in(measure)
    return bool(_SCALED.fullmatch(measure)) or bool(bare and not measures_agree(bare, item.unit))


def holds_number(grid: Grid, row: int, column: int) -> bool:
    """Whether an open cell (none under a merged block) holds a number, typed or as a formula."""
    value = grid.at(row, column)
    if value == "" or grid.covered(row, column) is not None:
        return False
    if isinstance(value, (float, int)) and not isinstance(value, bool):
        return True
    state = number_at(grid, row, column).state
    return state == "value" or (state == "unreadable" and isinstance(value, Formula))


def text_of(value: Value) -> str:
    """A cell's content as plain text; numbers as typed; nothing for dates and errors."""
    if isinstance(value, Formula):
        return text_of(value.stored)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return as_typed(value)
    return ""
