"""Spots: the cells of a grid that name items, and where the figures of a form then stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid, Value
from chunfeng_reports.reading.recognised import Doubt, Layout, Seen
from chunfeng_reports.reading.words.labels import Named
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

#: A cell that opens so is a remark, whatever it mentions.
REMARK = re.compile(r"备注|注[:：]|说明")


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
    seen: what was made of the cells on the way.
    """

    layout: Layout
    cells: dict[str, tuple[int, int] | None]
    top: int
    bottom: int
    doubts: tuple[Doubt, ...] = ()
    unit_texts: tuple[str, ...] = ()
    shared: bool = False
    seen: tuple[Seen, ...] = ()


def guessed_labels(spots: list[Spot], grid: Grid, words: Vocabulary) -> tuple[Doubt, ...]:
    """A doubt for every label that was taken for an item on its likeness alone."""
    return tuple(
        Doubt(
            "reading.label_guessed",
            "warning",
            f"“{spot.text.strip()}”按“{words.desk.label(spot.named.item)}”读取，请核对是否同一指标",
            (spot.code,),
            value=spot.text.strip(),
            expected=words.desk.label(spot.named.item),
            sheet=grid.name,
            cell=cell_name(spot.row, spot.column),
            about=cell_name(spot.row, spot.column),
        )
        for spot in spots
        if spot.named.guessed
    )


def text_of(value: Value) -> str:
    """A cell's content as plain text; numbers as typed; nothing for dates and errors."""
    if isinstance(value, Formula):
        return text_of(value.stored)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return as_typed(value)
    return ""
