"""Formulas: what a plain sum comes to, where the file holds no result of it or a stale one.

Plain are SUM, + and −, brackets, numbers and references, to other sheets of the workbook as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from chunfeng_reports.reading.grids import MOST_COLUMNS, MOST_ROWS, Formula, Grid, Value
from chunfeng_reports.reading.words.numbers import read_number

#: A cell of the workbook: sheet, row and column from 0.
Place: TypeAlias = tuple[str, int, int]

_REF = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"(?P<sum>SUM\()|(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?(?P<first>{_REF})(?::(?P<last>{_REF}))?"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<mark>[-+(),])"
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UNSURE = {"approximate", "guessed", "annotated"}
_LARGEST_RANGE = 10_000
_LONGEST = 2_000
#: Formulas that lean on one another, one below the other; brackets within one another; cells
#: looked at for one sheet.
_DEEPEST = 24
_MOST_BRACKETS = 8
_MOST_CELLS = 50_000


class _NotPlain(Exception):  # noqa: N818 - an answer, not an error
    """The formula is no plain sum."""


class _TooFar(_NotPlain):
    """It leads in a circle, or too far: no result that lies on the way is of use."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a formula comes to: value; empty: cells without a figure that it counts as nought;
    texts: cells whose figure is text, which a spreadsheet leaves out; unsure: those of them whose
    figure is a guess or cannot be read; counted: whether any number is in it at all."""

    value: Decimal = Decimal(0)
    empty: frozenset[Place] = frozenset()
    texts: frozenset[Place] = frozenset()
    unsure: frozenset[Place] = frozenset()
    counted: bool = False

    def times(self, sign: int) -> Sum:
        """This, or this below nought where sign is -1."""
        return replace(self, value=sign * self.value)


def _together(sums: Iterable[Sum]) -> Sum:
    """Several as one."""
    parts = tuple(sums)
    return Sum(
        sum((part.value for part in parts), Decimal(0)),
        frozenset().union(*(part.empty for part in parts)),
        frozenset().union(*(part.texts for part in parts)),
        frozenset().union(*(part.unsure for part in parts)),
        any(part.counted for part in parts),
    )


def evaluate(grid: Grid, formula: str) -> Sum | None:
    """What a formula of sums and differences of cells comes to; None for any other formula.

    Text that holds a figure (12人) is counted and told; dashes and words are skipped within SUM, as
    a spreadsheet does, and make a formula without SUM no plain one.
    """
    try:
        return _sums_of(_Same(grid)).of(formula, depth=0)
    except _NotPlain:
        return None


def is_computed(grid: Grid) -> bool:
    """Whether any formula of a sheet has a result stored other than 0.

    Some programs store none, or 0 for every formula: then no stored 0 tells anything.
    """
    return _sums_of(_Same(grid)).computed


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A grid that equals itself alone, so that it need not be compared cell by cell."""

    grid: Grid

    def __hash__(self) -> int:
        return id(self.grid)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.grid is self.grid


@lru_cache(maxsize=4)
def _sums_of(same: _Same) -> _Sums:
    return _Sums(same.grid)


@dataclass
class _Sums:
    """The sums of one grid, each formula cell worked out once."""

    grid: Grid
    _known: dict[Place, Sum] = field(default_factory=dict)
    _open: set[Place] = field(default_factory=set)
    _looked_at: int = 0

    def __post_init__(self) -> None:
        self._sheets = {g.name.upper(): g for g in (*self.grid.beside, self.grid)}
        self.computed = any(
            isinstance(value, Formula) and value.stored not in ("", 0)
            for row in self.grid.rows
            for value in row
        )

    def of(self, formula: str, *, depth: int, sheet: str = "") -> Sum:
        """What a formula comes to that stands on ``sheet`` (empty: this grid's own)."""
        return _Reader(self, sheet or self.grid.name.upper(), depth).read(formula)

    def cell(self, place: Place, depth: int, *, within_sum: bool) -> Sum:
        """What one cell holds; within SUM words are passed over."""
        self._looked_at += 1
        if self._looked_at > _MOST_CELLS:
            raise _TooFar
        sheet, row, column = place
        value = self._sheets[sheet].at(row, column)
        if isinstance(value, Formula):
            return self._formula(place, value, depth)
        return _held(value, place, within_sum=within_sum)

    def has(self, sheet: str) -> bool:
        """Whether a sheet of that name is at hand."""
        return sheet in self._sheets

    def _formula(self, place: Place, cell: Formula, depth: int) -> Sum:
        if place not in self._known:
            if depth == _DEEPEST or place in self._open:
                raise _TooFar
            self._open.add(place)
            try:
                self._known[place] = self.of(cell.text, depth=depth + 1, sheet=place[0])
            except _TooFar:
                raise
            except _NotPlain:
                self._known[place] = _as_stored(cell.stored)
            finally:
                self._open.discard(place)
        return self._known[place]


def _held(value: Value, place: Place, *, within_sum: bool) -> Sum:
    """What a cell without a formula adds: its number, nought where it is empty or a dash."""
    if value == "":
        return Sum(empty=frozenset({place}))
    if isinstance(value, str):
        return _of_text(value, place, within_sum=within_sum)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _NotPlain
    return Sum(Decimal(repr(value)), counted=True)


def _of_text(text: str, place: Place, *, within_sum: bool) -> Sum:
    number, here = read_number(text, unit="个"), frozenset({place})
    if number.value is not None:
        unsure = here if number.how in _UNSURE else frozenset()
        return Sum(Decimal(repr(number.value)), texts=here, unsure=unsure, counted=True)
    if number.state == "blank" and (within_sum or not text.strip()):
        return Sum(empty=here)
    if not within_sum:
        raise _NotPlain
    figures = any(character.isdecimal() for character in text)
    return Sum(texts=here, unsure=here) if figures else Sum(empty=here)


def _as_stored(stored: Value) -> Sum:
    """What a formula that is not plain adds to another: the result stored with it, unless 0."""
    if isinstance(stored, bool) or not isinstance(stored, (int, float)) or not stored:
        raise _NotPlain
    return _held(stored, ("", 0, 0), within_sum=False)


class _Reader:
    """A formula's text, read from left to right."""

    def __init__(self, sums: _Sums, sheet: str, depth: int) -> None:
        self._sums, self._sheet, self._depth = sums, sheet, depth
        self._tokens: list[re.Match[str]] = []

    def read(self, formula: str) -> Sum:
        """What the formula comes to; raises where it is not plain."""
        self._tokens = list(reversed(list(_tokens(formula))))
        total = self._terms(within_sum=False)
        if self._tokens:
            raise _NotPlain
        return total

    def _terms(self, *, within_sum: bool) -> Sum:
        """Terms with + and − between them; signs before a term may pile up (=+-B3)."""
        terms: list[Sum] = []
        while not terms or self._next() in {"+", "-"}:
            sign, signs = 1, 0
            while (mark := self._next()) in {"+", "-"}:
                self._tokens.pop()
                sign, signs = (-sign if mark == "-" else sign), signs + 1
            alone = within_sum and not terms and not signs and self._after() in {",", ")"}
            terms.append(self._term(within_sum=alone).times(sign))
        return _together(terms)

    def _term(self, *, within_sum: bool) -> Sum:
        if not self._tokens:
            raise _NotPlain
        token = self._tokens.pop()
        if token["number"]:
            return Sum(Decimal(token["number"]), counted=True)
        if token["sum"]:
            return self._summed()
        if token["mark"] == "(":
            inner = self._terms(within_sum=False)
            self._take(")")
            return inner
        if token["first"] and (within_sum or not token["last"]):
            return self._cells(token, within_sum=within_sum)
        raise _NotPlain

    def _summed(self) -> Sum:
        """What stands in SUM(…): at least one of its arguments is not empty."""
        arguments: list[Sum] = []
        while True:
            if self._next() not in {",", ")"}:
                arguments.append(self._terms(within_sum=True))
            if self._next() != ",":
                break
            self._take(",")
        self._take(")")
        if not arguments:
            raise _NotPlain
        return _together(arguments)

    def _cells(self, token: re.Match[str], *, within_sum: bool) -> Sum:
        sheet = (token["sheet"] or "").strip("'").replace("''", "'") or self._sheet
        if not self._sums.has(sheet):
            raise _NotPlain
        block = _block(token["first"], token["last"] or token["first"])
        return _together(
            self._sums.cell((sheet, row, column), self._depth, within_sum=within_sum)
            for row, column in block
        )

    def _next(self) -> str:
        return self._tokens[-1][0] if self._tokens else ""

    def _after(self) -> str:
        return self._tokens[-2][0] if len(self._tokens) > 1 else ""

    def _take(self, mark: str) -> None:
        if self._next() != mark:
            raise _NotPlain
        self._tokens.pop()


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    """The tokens of a formula without its ``=``; raises at anything that no plain sum holds."""
    text = formula.upper().strip()
    if "'" not in text:  # a sheet's name in quotes is left as it is
        text = "".join(text.translate(_FULL_WIDTH).split())
    text = text.removeprefix("=")
    if len(text) > _LONGEST:
        raise _NotPlain
    end = nested = 0
    while end < len(text):
        if text[end].isspace():
            end += 1
            continue
        match = _TOKEN.match(text, end)
        if match is None:
            raise _NotPlain
        nested += match[0].endswith("(") - match[0].endswith(")")
        if nested > _MOST_BRACKETS:
            raise _TooFar
        yield match
        end = match.end()


def _block(first: str, last: str) -> Iterator[tuple[int, int]]:
    """Row and column of every cell from one corner to the other, all of them kept in a grid."""
    (top, left), (bottom, right) = sorted((_at(first), _at(last)))
    left, right = min(left, right), max(left, right)
    if (bottom - top + 1) * (right - left + 1) > _LARGEST_RANGE:
        raise _NotPlain
    if bottom >= MOST_ROWS or right >= MOST_COLUMNS:
        raise _NotPlain
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


@lru_cache(maxsize=4096)
def _at(reference: str) -> tuple[int, int]:
    match = _CELL.fullmatch(reference)
    assert match is not None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
