"""Lines: a document's paragraphs and small tables → one text to search, each place traceable.

The text is dense: no spaces, digits and brackets of one width, 人（次） as 人次, so that patterns
need not foresee how it was typed. What is shown to people is always the text as typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid, Value
from chunfeng_reports.reading.words.numbers import as_typed

#: Characters of a document that are searched for figures, and cells of its tables.
MOST_TEXT = 200_000
_MOST_CELLS = 2_000

_LONGEST_HEADING = 40
_SHORTEST_WRAPPED = 25
_SECTION = re.compile(
    r"(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)"
    r"|\(?[0-9]{1,2}[.、)](?![0-9])|[一二三四五六七八九十]是)"
)
_CHAPTER = re.compile(r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}[、.]")
_ENDED = re.compile(r"[。；！？：…]$")
_OUTLOOK = re.compile(r"下一?步|下一?阶段|接下来|今后|明年|打算|设想|(?:工作|活动)(?:计划|安排)$")

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARKS = {ord(a): b for a, b in zip(",;:!?", "，；：！？", strict=True)}
_FOLD = {**{k: chr(v) for k, v in _WIDTHS.items()}, **_MARKS}
_FOLD |= {ord(c): c for c in "，；：！？"} | {ord("−"): "-", ord("﹣"): "-", ord("－"): "-"}
_GROUPED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:，[0-9]{3})+(?![0-9])")
_BRACKETED = re.compile(
    r"(?<=人)\((次)\)|(?<=人)/(?=次)|(?<=[0-9万亿余多])\((人次|[人户场家份个名元]|万元|亿元)\)"
)
_RESPECTIVELY = re.compile(
    r"(?P<names>[^，。；：！？0-9]{4,60})分别(?:为|达到?|是|有|共计?|：)*"
    r"(?P<numbers>[0-9][0-9,.]*[万亿]?[^，。；、0-9]{1,4}?(?:[、，和及][0-9][0-9,.]*[万亿]?[^，。；、0-9]{1,4})+)"
)
_COUNTED = re.compile(r"[0-9][0-9,.]*[万亿]?(?:人次|万元|亿元|[人户场家份个名次元])")
_NAME = re.compile(r"[^、和与及]+")
_NUMBER = re.compile(
    r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?[万亿]?(?:余|多)?(人次|[人户场家份个名次元]|万元|亿元)?"
)
_MEASURE = re.compile(r"\(?(?:单位：?)?(人次|[人户场家份个名次元]|万元|亿元)\)?")
_MEASURED = re.compile(r"\((?:单位：?)?(人次|[人户场家份个名次元]|万元|亿元)\)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of running text: dense, with the source and where in it each character stands.

    cell: ``第3段``, or ``表1 B2`` for a cell of a table; heading: whether it is one; ahead: whether
    it belongs to the part on what is still to come (三、下一步工作打算).
    """

    dense: str
    source: str
    places: tuple[int, ...]
    cell: str
    heading: bool = False
    ahead: bool = False

    def typed(self, start: int, end: int) -> str:
        """What was typed between two places of the dense text."""
        start, end = max(start, 0), min(end, len(self.dense))
        if start >= end:
            return ""
        typed = self.source[self.places[start] : self.places[end - 1] + 1]
        opened = typed.count("（") + typed.count("(") > typed.count("）") + typed.count(")")
        after = self.source[self.places[end - 1] + 1 :][:1]
        return typed + after if opened and after in {"）", ")"} else typed


@dataclass(frozen=True)
class Text:
    """All lines of a document in one dense text, a line break between them."""

    lines: tuple[Line, ...]
    cut: bool = False

    @cached_property
    def dense(self) -> str:
        """The text that patterns are tried on."""
        return "\n".join(line.dense for line in self.lines)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.dense) + 1
        return starts

    def line_at(self, place: int) -> tuple[Line, int]:
        """The line in which a place of the dense text lies, and where that line starts."""
        index = bisect_right(self._starts, place) - 1
        return self.lines[index], self._starts[index]


def text_of(paragraphs: Iterable[str], tables: Iterable[Grid] = ()) -> Text:
    """The text of a document: its paragraphs, then a line for each figure in its tables.

    A paragraph that a program has wrapped (a text file) is one line again. What goes beyond the
    first 200,000 characters is cut off, and ``cut`` says so.
    """
    lines = [*_aheads(_joined(_pieces(paragraphs))), *(line for g in tables for line in _rows(g))]
    lines += [line for told in lines if "分别" in told.dense for line in _respectively(told)]
    kept: list[Line] = []
    size = 0
    for line in lines:
        size += len(line.dense) + 1
        if size > MOST_TEXT:
            break
        kept.append(line)
    return Text(tuple(kept), len(kept) < len(lines))


def dense(source: str) -> tuple[str, tuple[int, ...]]:
    """A text without spaces, marks of one width, and for each character its place in the source."""
    kept = [(i, c) for i, c in enumerate(source) if not _void(c)]
    text = "".join(c for _, c in kept).translate(_FOLD)
    for match in _GROUPED.finditer(text):
        text = text[: match.start()] + match[0].replace("，", ",") + text[match.end() :]
    spread = [i for i, _ in kept]
    dropped = _dropped(text)
    if dropped:
        spread = [i for n, i in enumerate(spread) if n not in dropped]
        text = "".join(c for n, c in enumerate(text) if n not in dropped)
    return text, tuple(spread)


def is_heading(text: str) -> bool:
    """Whether a dense line numbers itself as a section and is short."""
    return bool(_SECTION.match(text)) and len(text.partition("。")[0]) <= _LONGEST_HEADING


def begins_chapter(heading: str) -> bool:
    """Whether a heading is of the first level: 一、 or 第一部分, not （一） or 1."""
    return _CHAPTER.match(heading) is not None


def _void(char: str) -> bool:
    return char.isspace() or not (char.isprintable() or char == "\u3000")


def _dropped(text: str) -> set[int]:
    """Places of brackets around a measure: 人（次）, 3256（人次）."""
    gone: set[int] = set()
    for match in _BRACKETED.finditer(text):
        gone |= {match.start(), match.end() - 1}
    return gone


# --- paragraphs


def _pieces(paragraphs: Iterable[str]) -> Iterator[Line]:
    size = 0
    for number, paragraph in enumerate(paragraphs, start=1):
        for piece in paragraph[: MOST_TEXT + 1].split("\n"):
            text, places = dense(piece)
            if text:
                yield Line(text, piece, places, f"第{number}段", is_heading(text))
        size += len(paragraph)
        if size > MOST_TEXT:
            return


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines that a program wrapped are one again: long, not ended, and no heading follows."""
    before: Line | None = None
    for line in lines:
        if before is not None and (_wrapped(before, line) or _labels(before, line)):
            shift = len(before.source)
            places = before.places + tuple(place + shift for place in line.places)
            before = Line(before.dense + line.dense, before.source + line.source, places,
                          before.cell, before.heading)  # fmt: skip
            continue
        if before is not None:
            yield before
        before = line
    if before is not None:
        yield before


def _labels(before: Line, line: Line) -> bool:
    """Whether a line names what the next one gives: 一、走访慰问人次数, then 3256人次。"""
    alone = _NUMBER.fullmatch(line.dense.rstrip("。；")) is not None
    return alone and before.cell != "第1段" and not re.search("[0-9。；]", before.dense[-6:])


def _wrapped(before: Line, line: Line) -> bool:
    last = before.dense[-1:]
    if line.heading or _SECTION.match(line.dense) or _ENDED.search(last):
        return False
    long = len(before.dense) - before.dense.rfind("\n") >= _SHORTEST_WRAPPED
    indented = line.source[:1].isspace()
    titled = before.cell == "第1段" or (before.heading and "。" not in before.dense)
    return long and not indented and not titled


def _aheads(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines marked where they belong to the part on what is still to come."""
    ahead = False
    for line in lines:
        head = re.split("[。；]", line.dense)[0]
        if line.heading and len(head) <= _LONGEST_HEADING:
            chapter = begins_chapter(line.dense)
            ahead = _OUTLOOK.search(head) is not None or (ahead and not chapter)
        yield Line(line.dense, line.source, line.places, line.cell, line.heading, ahead)


def _respectively(line: Line) -> Iterator[Line]:
    """返乡、留岗分别为200人、100人 told one by one: 返乡200人，留岗100人."""
    for match in _RESPECTIVELY.finditer(line.dense):
        numbers = list(_COUNTED.finditer(line.dense, match.start("numbers"), match.end("numbers")))
        names = list(_NAME.finditer(line.dense, match.start("names"), match.end("names")))
        if not 2 <= len(numbers) <= len(names):
            continue
        spans = [
            place
            for pair in zip(names[-len(numbers) :], numbers, strict=True)
            for place in (pair[0].span(), pair[1].span(), (pair[1].end() - 1, pair[1].end()))
        ]
        dense = "".join("，" if n % 3 == 2 else line.dense[slice(*s)] for n, s in enumerate(spans))
        places = tuple(place for span in spans for place in line.places[slice(*span)])
        yield Line(dense, line.source, places, line.cell, ahead=line.ahead)


# --- tables


def _rows(grid: Grid) -> Iterator[Line]:
    """Each figure of a small table as a line ``column head，row label：figure``, and turned round.

    Whichever of the two names an item is found by its pattern; the other says whose or when
    (合计, 计划数, a street), as words before a figure in a sentence do.
    """
    seen = 0
    for r, row in enumerate(grid.rows):
        for c in range(len(row)):
            seen += 1
            if seen > _MOST_CELLS:
                return
            text = _shown(grid.at(r, c))
            if _NUMBER.fullmatch(text):
                yield from _told(grid, r, c, text)


def _told(grid: Grid, r: int, c: int, figure: str) -> Iterator[Line]:
    left = [_shown(grid.at(r, n)) for n in range(c - 1, -1, -1)]
    above = [_shown(grid.at(n, c)) for n in range(r - 1, -1, -1)]
    cell = f"{grid.name} {cell_name(r, c)}"
    beside, over = _first_words(left), _first_words(above)
    measure = next((m[1] for text in left if (m := _MEASURE.fullmatch(text))), "")
    measure = measure or next(
        (m[1] for name in (beside, over) if (m := _MEASURED.search(name))), ""
    )
    beside, over = (_MEASURED.sub("", name) for name in (beside, over))
    own = _NUMBER.fullmatch(figure)
    measure = "" if own is not None and own[1] else measure
    for label, other in ((beside, over), (over, beside)):
        if label:
            source = (
                f"{other}，{label}：{figure}{measure}" if other else f"{label}：{figure}{measure}"
            )
            text, places = dense(source)
            yield Line(text, source, places, cell)


def _first_words(texts: Iterable[str]) -> str:
    """The nearest text that is no figure and no bare measure."""
    for text in texts:
        if text and not _NUMBER.fullmatch(text) and not _MEASURE.fullmatch(text):
            return text.rstrip("：:")[:_LONGEST_HEADING]
    return ""


def _shown(value: Value) -> str:
    if isinstance(value, Formula):
        value = value.stored
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return as_typed(float(value))
    return dense(value)[0] if isinstance(value, str) else ""
