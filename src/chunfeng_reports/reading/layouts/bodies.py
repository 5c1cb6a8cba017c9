"""Bodies: the rows under a wide table's head, what each is, and which is a unit's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.bands import Band, counts_columns, shown
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.heads import STREET, Head, kind_of
from chunfeng_reports.reading.layouts.spots import REMARK, holds_number, text_of
from chunfeng_reports.reading.layouts.times import OTHER_TIME, SINCE_START, head_text, of_this_due
from chunfeng_reports.reading.recognised import Seen
from chunfeng_reports.reading.words.places import NO_PLACE, Place
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

#: What a row is, by its name: the whole of several, the whole of a group, a unit's, a part's
#: (a street, an office, 区本级), of this time or since the start, of another time, an example, or
#: without a name that says so.
Kind = Literal["total", "subtotal", "unit", "part", "now", "since", "other", "example", "unnamed"]

_TOTAL = re.compile(r"合计|总计|共计|汇总|总数|总和|^计$|全(?:区|县|市|省)")
_GRAND = re.compile(r"总计|总合计")
_SUBTOTAL = re.compile(r"小计")
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_SUBTOTAL, "subtotal"), (_TOTAL, "total"), (SINCE_START, "since"),
)  # fmt: skip
EXAMPLE = re.compile(r"示例|样例|范例|举例|^例[:：]?|填[写报表]样|^[Xx×某*]+[区县市]")
_SIGNS = re.compile(
    r"(?:填[报表]|制表|统计|审[核批]|复核|联系|经办|负责|单位负责|分管|科室负责)(?:人|领导|人员)?(?:签[字名章]*)?(?:[:：(].*)?$"
    r"|(?:联系|办公)?(?:电话|手机)号?码?(?:[:：(].*)?$"
    r"|(?:填[报表]|统计|报送|上报|制表)?(?:日期|时间)(?:[:：(].*)?$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a wide table's body: what names it, whose and what it is, and what it holds.

    figures: how many of the item columns hold a number or a formula; typed: how many hold anything;
    worded: whether words stand in them that are no figure.
    """

    row: int
    names: tuple[str, ...]
    kind: Kind
    place: Place = NO_PLACE
    figures: int = 0
    typed: int = 0
    worded: bool = False

    @property
    def name(self) -> str:
        """The row's name as it stands there."""
        return "".join(dict.fromkeys(self.names))


@dataclass(frozen=True, slots=True)
class Body:
    """The rows under a head that may hold figures, and what was passed over on the way."""

    lines: tuple[Line, ...]
    seen: tuple[Seen, ...] = ()


def read_body(grid: Grid, band: Band, head: Head, words: Vocabulary) -> Body:
    """The rows under a wide table's head, down to its signatures or to the next table."""
    lines: list[Line] = []
    seen: list[Seen] = []
    above: tuple[str, ...] = ()
    for row in range(head.bottom + 1, band.end):
        why = _no_row(grid, row, band, head, words, lines)
        if why == _END:
            break
        if why:
            seen.append(Seen(cell_name(row, 0), shown(grid, row, 0), "行", why=why))
            continue
        above = _names(grid, row, head, above, words)
        lines.append(_line(grid, row, head, above, words))
    return Body(tuple(_of_dues(list(_without_words(lines)), words)), tuple(seen))


_END = "表格到此为止"


def _no_row(
    grid: Grid, row: int, band: Band, head: Head, words: Vocabulary, before: list[Line]
) -> str:
    """Why a row is none of a table's rows (``_END``: nor any below it); empty where it is one."""
    cells = grid.rows[row]
    texts = [(c, text) for c, value in enumerate(cells) if (text := text_of(value))]
    if not texts and not any(value != "" for value in cells):
        return "空行"
    figures = sum(holds_number(grid, row, c) for c in head.area)
    begun = any(line.figures for line in before)
    if figures * 2 < len(head.area) and (why := _around(texts, head, words, begun=begun)):
        return why
    told = [text for c, text in texts if c in head.area]
    if begun and not figures and len(told) > 1 and _is_prose(grid, row, head, words):
        return _END
    spots = band.spots.values()
    counts = not begun and not band.numbers and bool(spots) and counts_columns(grid, row, spots)
    return "栏号行" if counts else ""


def _around(texts: list[tuple[int, str]], head: Head, words: Vocabulary, *, begun: bool) -> str:
    """What a row with few figures is, where it stands around a table: a title, names, a note."""
    if any(words.titles.in_text(text) is not None for _, text in texts if len(text) > 6):
        return _END
    if any(_SIGNS.match(t) for c, t in texts if c not in head.extra or c < head.first):
        return _END if begun else "签字、日期行"
    return "说明文字" if texts and REMARK.match(texts[0][1]) else ""


def _is_prose(grid: Grid, row: int, head: Head, words: Vocabulary) -> bool:
    """Whether words stand where figures should and no unit is named: another table's head."""
    names = [shown(grid, row, c) for c in head.labels]
    told = [number_at(grid, row, c).state for c in head.area]
    named = any(words.places.alone(n).unit or _TOTAL.search(squeeze(n)) for n in names if n)
    return told.count("unreadable") > 1 and not named


def _without_words(lines: list[Line]) -> Iterator[Line]:
    """The rows save those that hold only words (explanations), where others hold figures."""
    begun = any(line.figures for line in lines)
    for line in lines:
        if not (begun and line.worded and not line.figures and line.place.silent):
            yield line


def _of_dues(lines: list[Line], words: Vocabulary) -> list[Line]:
    """The rows; of those named after dues, others than this due's as another time's."""
    told = of_this_due([line.name for line in lines], words)
    return [line if this is None or line.kind not in ("part", "now", "since")
            else replace(line, kind="now" if this else "other")
            for line, this in zip(lines, told, strict=True)]  # fmt: skip


# --- what a row is


def _names(
    grid: Grid, row: int, head: Head, above: tuple[str, ...], words: Vocabulary
) -> tuple[str, ...]:
    """The words that name a row, a column each; a unit's name counts for rows of streets below."""
    found = []
    for n, column in enumerate(head.labels):
        text = head_text(grid.at(*(grid.covered(row, column) or (row, column))))
        if text.isdecimal() and len(text) != 6:
            text = ""
        if column in head.extra and not _says_more(text, words):
            text = ""
        if n == 0 and not text and len(head.labels) > 1 and above[:1]:
            rest = any(shown(grid, row, c) for c in head.labels[1:])
            text = above[0] if rest and words.places.alone(above[0]).unit else ""
        found.append(text)
    return tuple(found)


def _says_more(text: str, words: Vocabulary) -> bool:
    """Whether a cell under a head of numbers or remarks names the row: 合计, a unit's code."""
    if text.isdecimal():
        return words.places.alone(text).unit != ""
    return bool(_TOTAL.search(squeeze(text)) or OTHER_TIME.search(text)) and len(text) <= 8


def _line(grid: Grid, row: int, head: Head, names: tuple[str, ...], words: Vocabulary) -> Line:
    told = tuple(name for name in names if name)
    place, kind = _kind(told, words)
    cells = [c for c in head.area if grid.filled(row, c) != ""]
    figures = sum(holds_number(grid, row, c) for c in cells)
    worded = len(cells) > figures and any(
        number_at(grid, row, c).state == "unreadable" for c in cells
    )
    return Line(row, told, kind, place, figures, len(cells), worded)


def _kind(names: tuple[str, ...], words: Vocabulary) -> tuple[Place, Kind]:
    """Whose a row is and what it is, by the words that name it."""
    place, rest = _place(names, words)
    dense = squeeze("".join(rest))
    if EXAMPLE.search(dense) and not place.unit:
        return place, "example"
    told = kind_of(dense, words.desk.campaign.year) if dense else "plain"
    if told == "other":
        return place, "other"
    for pattern, kind in _KINDS:
        if pattern.search(dense):
            return place, kind
    if dense:
        return place, "now" if told == "now" else "part"
    if place.above and not place.unit:
        return place, "total"
    return place, "unnamed" if place.silent else "unit"


def _place(names: tuple[str, ...], words: Vocabulary) -> tuple[Place, list[str]]:
    """The unit that names of a row tell (of a street, the unit it is in), and what else they say.

    A unit goes before a region that is none, and that before one above our units.
    """
    told, rest = NO_PLACE, []
    for name in names:
        place = words.places.alone(name)
        within = place.other != "" and place.code in words.desk.unit_codes
        rest.append(name if place.silent or within else _besides(name))
        if within:
            place = Place(unit=place.code, code=place.code)
        if _rank(place) > _rank(told):
            told = place
    return told, rest


def _rank(place: Place) -> int:
    if place.unit:
        return 3
    return 0 if place.silent else 1 if place.above else 2


def _besides(name: str) -> str:
    """What a name says besides a region: 历下区合计 → 合计; a street of it → the street."""
    if STREET.search(name):
        return name
    if match := _TOTAL.search(name) or _SUBTOTAL.search(name) or OTHER_TIME.search(name):
        return match[0]
    return "累计" if SINCE_START.search(name) else ""


# --- the worth of a row


def worth(grid: Grid, row: int, column: int, unit: str = "个") -> float | None:
    """The number that a cell comes to, a plain formula worked out; 0 for nothing; else None."""
    number = number_at(grid, row, column, unit)
    return 0.0 if number.state == "blank" else number.value


def sums_to(grid: Grid, parts: Iterable[Line], total: Line, column: int, unit: str) -> float | None:
    """What the parts of a total come to in a column, where that is not the total; else None.

    None also where the total is blank or some part cannot be read: others tell of that.
    """
    if number_at(grid, total.row, column, unit).state == "blank":
        return None
    whole = worth(grid, total.row, column, unit)
    own = [worth(grid, part.row, column, unit) for part in parts]
    if whole is None or None in own:
        return None
    told = sum(value for value in own if value is not None)
    return told if round(told - whole, 6) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The row taken for a unit (None: none can be), why, and the rows that make it up.

    how: ``only`` there is no other; ``total`` it is the whole of ``parts``;
    ``since``: the cumulative one beside ``rivals``; ``unclear``: several might be meant;
    ``other``: only another time's rows hold figures.
    """

    line: Line | None
    how: Literal["only", "total", "since", "unclear", "other"]
    parts: tuple[Line, ...] = ()
    rivals: tuple[Line, ...] = ()


def choose(grid: Grid, lines: Iterable[Line], head: Head) -> Choice:
    """The row of one unit's own figures among the rows that tell of it."""
    every = list(lines)
    ours = [line for line in every if line.kind not in ("other", "example")]
    typed = [line for line in ours if line.typed]
    if not typed:
        lost = [line for line in every if line.kind == "other" and line.figures]
        if lost and not ours:
            return Choice(None, "other", rivals=tuple(lost))
        return Choice(next(iter(ours), None), "only")
    typed = _without_strays(typed)
    whole = [line for line in ours if line.kind == "total"]
    if whole:
        return _among_totals(grid, whole, typed, head)
    if len(typed) == 1:
        return _alone(typed[0])
    return _among_parts(grid, typed, head)


def _alone(line: Line) -> Choice:
    """A row that alone holds something: no whole where it is named as a street or an office."""
    street = line.kind == "part" and STREET.search(line.name)
    return Choice(None, "unclear", rivals=(line,)) if street else Choice(line, "only")


def _without_strays(lines: list[Line]) -> list[Line]:
    """The rows save nameless ones with a figure or two, where one row is nearly full."""
    fullest = max(line.figures for line in lines)
    few = min(2, fullest // 3)
    return [x for x in lines if x.figures > few or x.kind != "unnamed" or not x.figures]


def _among_totals(grid: Grid, whole: list[Line], typed: list[Line], head: Head) -> Choice:
    """The grand total of several; the parts that should make it up."""
    grand = [line for line in whole if _GRAND.search(squeeze(line.name))] or whole
    filled = [line for line in grand if line.figures] or grand
    if len(filled) > 1:
        same = all(_same(grid, filled[0], line, head) for line in filled[1:])
        if not same:
            return Choice(None, "unclear", rivals=tuple(filled))
    total = filled[0]
    parts = [x for x in typed if x.kind in ("part", "unit", "unnamed")]
    parts = parts or [x for x in typed if x.kind == "subtotal"]
    if not total.figures and any(line.figures for line in parts):
        return Choice(None, "unclear", rivals=(total, *parts))
    units = [line for line in parts if line.kind == "unit"]
    streets = [line for line in parts if line.kind != "unit"]
    if len(units) == 1 and streets:
        if _same(grid, units[0], total, head):
            parts = streets
        elif _adds_up(grid, streets, units[0], head):
            return Choice(None, "unclear", rivals=(units[0], total))
    return Choice(total, "total" if parts else "only", tuple(parts))


def _among_parts(grid: Grid, typed: list[Line], head: Head) -> Choice:
    """The row of the whole among rows of which none is called so."""
    since = [line for line in typed if line.kind == "since"]
    now = [line for line in typed if line.kind in ("now", "since")]
    if len(since) == 1 and len(now) == len(typed):
        return Choice(since[0], "since", rivals=tuple(x for x in typed if x is not since[0]))
    for kind in ("unit", "subtotal", "unnamed"):
        own = [line for line in typed if line.kind == kind]
        rest = [line for line in typed if line.kind != kind]
        if len(own) != 1 or not rest or any(line.kind in ("now", "since") for line in rest):
            continue
        if kind == "unit" or _adds_up(grid, rest, own[0], head):
            return Choice(own[0], "total", tuple(rest))
    if all(_same(grid, typed[0], line, head) for line in typed[1:]):
        return Choice(typed[0], "only")
    return Choice(None, "unclear", rivals=tuple(typed))


def _same(grid: Grid, one: Line, other: Line, head: Head) -> bool:
    """Whether two rows tell the same figures."""
    return all(worth(grid, one.row, c) == worth(grid, other.row, c) for c in head.area)


def _adds_up(grid: Grid, parts: list[Line], total: Line, head: Head) -> bool:
    """Whether several rows make up one in all columns."""
    return (
        len(parts) > 1
        and total.figures > 0
        and all(sums_to(grid, parts, total, c, "个") is None for c in head.area)
    )
