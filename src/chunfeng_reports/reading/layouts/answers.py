"""Answers: figures that stand in their label's own cell: ``1.参加活动的企业个数：236家``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.spots import Found, text_of
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.words.labels import Named
from chunfeng_reports.reading.words.vocabulary import Vocabulary

_LONGEST = 60
_MEASURE = "(?:万?(?:人次|场次|[人户个家份场次名]))"
_COLON = re.compile(r"(?P<label>[^:：=＝]{2,})[:：=＝]\s*(?P<figure>[^:：=＝]{1,40})")
_BEHIND = re.compile(
    rf"(?P<label>.*[^0-9０-９,，.．(（\s])\s*[(（]?\s*"
    rf"(?P<figure>[0-9０-９][0-9０-９,，.．]*\s*(?P<measure>{_MEASURE})?)\s*[)）]?\s*{_MEASURE}?"
)
_DIGIT = re.compile("[0-9一二两三四五六七八九十百千万]")
_ROUND = str.maketrans("（）", "()")
_LINES = re.compile("[_＿]+")
_SURE = re.compile(rf"[:：=＝]|{_MEASURE}[)）]?\s*$|[)）]\s*{_MEASURE}?\s*$")
_FIGURE = re.compile(
    rf"约?[0-9０-９].*|[一二两三四五六七八九十百千万零〇]+[余多]?{_MEASURE}?(?:左右)?|[无/—-]+"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell that names an item and gives its figure; sure: parted by a colon, unit or bracket."""

    row: int
    column: int
    label: str
    figure: str
    named: tuple[Named, ...]
    sure: bool


def answers_in(grid: Grid, words: Vocabulary) -> tuple[Answer, ...]:
    """The cells of a sheet that hold a label and its figure, in reading order."""
    return tuple(found for row, column, text in grid.texts() if len(text) <= _LONGEST
                 and (found := _answer(row, column, text, words)) is not None)  # fmt: skip


def _answer(row: int, column: int, text: str, words: Vocabulary) -> Answer | None:
    bare = _LINES.sub(" ", text).strip()
    for pattern in (_COLON, _BEHIND):
        match = pattern.fullmatch(bare)
        if match is None or not _FIGURE.fullmatch(match["figure"].strip()):
            continue
        if _in_a_remark(match["label"]):
            return None
        if named := words.labels.named(match["label"]):
            sure = _SURE.search(bare) is not None
            return Answer(row, column, match["label"], match["figure"].strip(), named, sure)
    return None


def _in_a_remark(label: str) -> bool:
    """Whether the words before a figure open a remark: the 50 of 101（其中线上50） is no answer."""
    folded = label.translate(_ROUND)
    return folded.count("(") > folded.count(")")


def parted(grid: Grid, answers: tuple[Answer, ...], *, labels: bool) -> Grid:
    """The sheet with nothing but the labels in those cells, or nothing but the figures."""
    rows: list[list[Value]] = [list(row) for row in grid.rows]
    for one in answers:
        rows[one.row][one.column] = one.label if labels else one.figure
    return replace(grid, rows=tuple(tuple(row) for row in rows))


def with_answers(place: Found, grid: Grid, answers: Mapping[str, Answer], *, own: Grid) -> Found:
    """Where a form's figures stand, those included that stand in their labels' cells.

    own: the sheet with the figures alone in those cells. Doubts: on a figure that stands beside
    such a cell as well and is another, and on a number that may be a footnote's.
    """
    cells = dict(place.cells)
    doubts: list[Doubt] = []
    for code, one in answers.items():
        at = cells.get(code)
        if at is None or not _DIGIT.search(text_of(grid.filled(*at))):
            cells[code] = (one.row, one.column)
            if not one.sure:
                doubts.append(_doubt(one, code, grid, "指标名称后面的数字已作为本项数字读取"))
        elif number_at(own, one.row, one.column).value not in (None, number_at(grid, *at).value):
            what = f"指标格内与 {cell_name(*at)} 都有数字，已采用后者"
            doubts.append(_doubt(one, code, grid, what))
    return replace(place, cells=cells, doubts=(*place.doubts, *doubts))


def of_form(answers: tuple[Answer, ...], form: str, place: Found) -> dict[str, Answer]:
    """The answers to a form's items that stand within its table."""
    found: dict[str, Answer] = {}
    for one in answers:
        own = [named.item.code for named in one.named if named.item.form == form]
        if len(own) == 1 and place.top <= one.row <= place.bottom:
            found.setdefault(own[0], one)
    return found


def _doubt(one: Answer, code: str, grid: Grid, what: str) -> Doubt:
    cell = cell_name(one.row, one.column)
    return Doubt("reading.label_answered", "warning", f"“{one.label}{one.figure}”：{what}；请核对",
                 (code,), value=one.figure, sheet=grid.name, cell=cell, about=cell)  # fmt: skip
