"""Heads: what the columns of a wide table hold, told by the words and numbers over them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, TypeAlias

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name, column_name
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.bands import Band, printed_numbers, shown
from chunfeng_reports.reading.layouts.deduction import deduced
from chunfeng_reports.reading.layouts.spots import Spot, guessed_labels, text_of
from chunfeng_reports.reading.layouts.times import (
    OTHER_TIME,
    SINCE_START,
    beside_item,
    of_this_due,
)
from chunfeng_reports.reading.recognised import Doubt, Seen
from chunfeng_reports.reading.words.labels import Named
from chunfeng_reports.reading.words.numbers import measures_agree
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import keys, measure_in, numbering, squeeze

#: What the words under an item's head say of the column: another time's figures, since the start,
#: the whole of several columns, this time's, nothing, or something unknown.
Tail = Literal["other", "since", "total", "now", "plain", "unknown"]
_Path: TypeAlias = list[tuple[int, int]]

#: A part of a unit: a street, a town, the unit's own offices.
STREET = re.compile(
    r"(?:街道|街办|办事处|镇|乡|社区|村|居委会)(?:合计|小计)?$|街道办|本级|区直|市直|县直|直属|机关|其中"
)
_EXTRA = re.compile(
    r"序号|编号|^号$|备注|说明|^注$|联系|电话|手机|邮箱|填[报表]人|经办|审核|负责人|时间|日期|代码|编码|盖章"
    r"|签[章字名]|核实|人员$|姓名|职务"
)
_NAMES = re.compile(
    r"^(?:项目|指标|名称|类别|栏次)$|单位|地区|区域|街道|乡镇|镇街|部门|机构|区划|片区|区县|县区"
)
_NOW = re.compile(
    r"(?:本期|本次|本月|当期|今年|本年|实际)?(?:完成|发生|填报|统计|上报)?(?:数量|数值|数据|数|值|量|情况)?"
)
_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|全部|全区|全县|全市|总)(?:人|户|场|家|个|份)?(?:次|数|量)?|计"
)
_YEAR = re.compile(r"20[0-9]{2}(?=年|$)")
_THOUSANDS = re.compile(r"[百千万亿](?!元)")
#: How alike a head under a total and a part's name must be, and how far ahead of other parts'.
_LEAST_LIKE, _AHEAD = 0.6, 0.2
_ORDER: tuple[tuple[Tail, ...], ...] = (("since",), ("total",), ("now", "plain"))


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a wide table: its rows, and the columns of each item, the best first.

    columns: item → groups of columns, each group as good as another within it; first: the first
    column of any item; labels: columns left of it (and others so headed) that name a row; extra:
    those of remarks, numbers and dates among them; strangers: column → head that is no item's;
    parts: item → the columns under its head that hold parts of it, by street or otherwise.
    others: items of which no column tells this time's whole; since: columns of cumulative figures;
    streets: columns of one street or office.
    """

    top: int
    bottom: int
    columns: dict[str, tuple[tuple[int, ...], ...]]
    first: int
    labels: tuple[int, ...] = ()
    extra: frozenset[int] = frozenset()
    strangers: dict[int, str] = field(default_factory=dict)
    parts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    since: frozenset[int] = frozenset()
    streets: frozenset[int] = frozenset()
    doubts: tuple[Doubt, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def area(self) -> tuple[int, ...]:
        """Every column in which a figure of the form may stand, in order."""
        own = {c for groups in self.columns.values() for group in groups for c in group}
        return tuple(sorted(own or {c for part in self.parts.values() for c in part}))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as its head tells of it: the item's cell, if any, and what stands beside that.

    own: whether it is this form's; rest: words under it that are not known; under: the cell of
    another item over it.
    """

    index: int
    words: str
    tail: Tail
    spot: Spot | None = None
    own: bool = False
    rest: str = ""
    under: Spot | None = None


def read_head(
    grid: Grid, band: Band, form: str, words: Vocabulary, elsewhere: Collection[str] = ()
) -> Head:
    """What the columns under a band of heads hold, for one form.

    elsewhere: items that other bands of the same table name.
    """
    items = words.desk.campaign.form_by_code[form].items
    columns = [_column(grid, band, c, form, words) for c in range(grid.width)]
    columns = _of_dues(columns, words)
    columns = _with_children([_rather_part(c, columns, items) for c in columns], items)
    columns = _with_guesses(columns, band, items, words, elsewhere)
    by_words, others = _grouped(columns)
    numbers, told = printed_numbers(grid, band, items)
    chosen, doubts = _by_number(grid, by_words, numbers, words)
    doubts += [*_measures(grid, columns), *_crossed(grid, columns)]
    doubts += guessed_labels([c.spot for c in columns if c.own and c.spot], grid, words)
    return _head(band, columns, chosen, told, others, doubts)


def _head(
    band: Band,
    columns: list[_Column],
    chosen: dict[str, tuple[tuple[int, ...], ...]],
    told: tuple[int, ...],
    others: tuple[str, ...],
    doubts: list[Doubt],
) -> Head:
    used = {c for groups in chosen.values() for group in groups for c in group}
    first = min({c.index for c in columns if c.spot} | used, default=0)
    names = [c for c in columns if c.index not in used and c.spot is None]
    labels = tuple(c.index for c in names if c.index < first or _names_rows(c.words))
    extra = frozenset(c.index for c in names if _EXTRA.search(c.words))
    return Head(
        band.top,
        max((band.bottom, *told)),
        chosen,
        first,
        labels,
        extra,
        {c.index: c.words for c in columns if _strange(c, used, extra)},
        _parts(columns, used),
        tuple(code for code in others if code not in chosen),
        frozenset(c.index for c in columns if c.own and c.tail == "since"),
        frozenset(c.index for c in columns if c.own and STREET.search(c.rest)),
        tuple(doubts),
        tuple(_seen(band, columns, used, told)),
    )


def _names_rows(head: str) -> bool:
    return labelled(head)[0] or _NAMES.search(head) is not None


def _strange(column: _Column, used: set[int], known: frozenset[int]) -> bool:
    """Whether a column is neither an item's nor one that a table has besides."""
    if column.index in used | known or column.spot is not None or column.tail == "other":
        return False
    return not _names_rows(column.words) and not OTHER_TIME.search(column.words)


def _parts(columns: list[_Column], used: set[int]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for c in columns:
        if c.own and c.spot and c.tail in ("unknown", "other") and c.index not in used:
            found[c.spot.code] = (*found.get(c.spot.code, ()), c.index)
    return found


def _of_dues(columns: list[_Column], words: Vocabulary) -> list[_Column]:
    """The columns; of an item's headed by dues, others than this due's as another time's."""
    told = of_this_due([column.words for column in columns], words)
    return [column if this is None or column.tail not in ("unknown", "since", "now")
            else replace(column, tail="now" if this else "other")
            for column, this in zip(columns, told, strict=True)]  # fmt: skip


# --- one column


def _column(grid: Grid, band: Band, index: int, form: str, words: Vocabulary) -> _Column:
    path = list(_path(grid, band, index))
    spots = [spot for at in path if (spot := band.spots.get(at)) is not None]
    own = [spot for spot in spots if spot.named.item.form == form]
    spot = next(reversed(own or spots), None)
    year = words.desk.campaign.year
    rest = [text_of(grid.at(*at)) for at in path if at not in {(s.row, s.column) for s in own}]
    if spot is not None and not own:
        rest = []
    head = "".join(text_of(grid.at(*at)) for at in path)
    kinds = [kind_of(text, year) for text in rest]
    kinds += [beside_item(s.text, s.named.item, year) for s in own]
    unknown = next((t for t, k in zip(reversed(rest), reversed(kinds[: len(rest)]), strict=True)
                    if k == "unknown"), "")  # fmt: skip
    under = next((s for s in own[:-1] if s.code != own[-1].code), None)
    return _Column(index, squeeze(head), _foremost(kinds), spot, bool(own), unknown, under)


def _path(grid: Grid, band: Band, column: int) -> Iterator[tuple[int, int]]:
    """The cells over a column from the top down: a merged block's first cell, once.

    Where a head is not merged, an empty cell over a filled one belongs to the head on its left.
    """
    rows = range(band.over, band.bottom + 1)
    filled = [row for row in rows if shown(grid, row, column)]
    seen = None
    for row in rows:
        at = grid.covered(row, column) or (row, column)
        if not text_of(grid.at(*at)) and filled and row < filled[0]:
            at = _left_of(grid, row, column) or at
        if at != seen and text_of(grid.at(*at)):
            seen = at
            yield at


def _left_of(grid: Grid, row: int, column: int) -> tuple[int, int] | None:
    """The nearest head on the left in a row; none where that is a merged block that ends before."""
    if grid.covered(row, column):
        return None
    for left in range(column - 1, -1, -1):
        if grid.covered(row, left):
            return None
        if text_of(grid.at(row, left)):
            return None if (row, left) in _anchors(grid) else (row, left)
    return None


def _anchors(grid: Grid) -> set[tuple[int, int]]:
    return {(top, left) for top, left, _, right in grid.merged if right > left}


def kind_of(text: str, year: int) -> Tail:
    """What a head's words say of its column; year: the campaign's."""
    dense = squeeze(text).removeprefix("其中")
    years = [] if "月" in dense else [int(y) for y in _YEAR.findall(dense)]
    if OTHER_TIME.search(dense) or (years and year not in years) or "%" in text:
        return "other"
    if SINCE_START.search(dense):
        return "since"
    if _TOTAL.fullmatch(dense):
        return "total"
    if not dense or measure_in(text) or dense.isdecimal() or _THOUSANDS.sub("", dense) in _UNITS:
        return "plain"
    bare = re.sub(r"^(?:20[0-9]{2}年?)?(?:[0-9]{1,2}月)?", "", dense)
    return "now" if _NOW.fullmatch(bare) else "unknown"


_UNITS = frozenset({"", "单位", "计量单位", *"人户个家份场次元", "人次", "场次", "家次"})


def _foremost(kinds: Iterable[Tail]) -> Tail:
    """The kind of a column over which several words stand."""
    told = set(kinds)
    ranks: tuple[Tail, ...] = ("other", "unknown", "since", "total", "now")
    return next((kind for kind in ranks if kind in told), "plain")


# --- which column is which item's


def _grouped(
    columns: list[_Column],
) -> tuple[dict[str, tuple[tuple[int, ...], ...]], tuple[str, ...]]:
    """Item → its columns, the best group first; items of which none tells the whole."""
    found: dict[str, list[_Column]] = defaultdict(list)
    for column in columns:
        if column.own and column.spot is not None:
            found[column.spot.code].append(column)
    groups = {}
    for code, own in found.items():
        ranked = (tuple(c.index for c in own if c.tail in kinds) for kinds in _ORDER)
        chosen = tuple(group for group in ranked if group)
        if not chosen and len(own) == 1 and own[0].tail == "unknown":
            chosen = ((own[0].index,),)
        if chosen:
            groups[code] = chosen
    others = [code for code in found if code not in groups]
    return groups, tuple(others)


def _rather_part(column: _Column, columns: list[_Column], items: tuple[Item, ...]) -> _Column:
    """The column; one that names an item told elsewhere, under a total's head, as a part of that.

    帮助就业人数 under 认定的零就业家庭 is not item 3 a second time.
    """
    spot, under = column.spot, column.under
    if spot is None or under is None or not any(i.parent == under.code for i in items):
        return column
    twice = any(c.spot and c.own and c.spot.code == spot.code and c.under is None for c in columns)
    if not twice or spot.named.item.parent == under.code:
        return column
    return replace(column, spot=under, tail="unknown", rest=spot.text, under=None)


def _with_children(columns: list[_Column], items: tuple[Item, ...]) -> list[_Column]:
    """The columns, and those under a total's head whose words name a part of it in short."""
    told = {c.spot.code for c in columns if c.own and c.spot and c.tail != "unknown"}
    found = []
    for column in columns:
        spot = column.spot if column.own and column.tail == "unknown" else None
        parts = [i for i in items if spot and i.parent == spot.code and i.code not in told]
        beside = [c for c in columns if c.own and c.spot is spot and c.tail == "unknown"]
        named = _part(column.rest, parts, alone=len(parts) == len(beside) == 1)
        if spot is not None and named is not None:
            told.add(named.item.code)
            part = Spot(spot.row, column.index, named, column.rest)
            column = replace(column, tail="plain", spot=part)  # noqa: PLW2901
        found.append(column)
    return found


def _part(text: str, parts: list[Item], *, alone: bool) -> Named | None:
    """The part of a total that a short head under it names; none where two might be meant.

    Sure where its words stand in that part's name and no other's, or where only one part and one
    head are left (alone) that are somewhat alike.
    """
    key = keys(text)[0] if text else ""
    if len(key) < 2 or not parts:
        return None
    names = {part.code: {k for w in (part.label, *part.aliases) for k in keys(w)} for part in parts}
    inside = [p for p in parts if any(k in key or key in k for k in names[p.code] if len(k) > 1)]
    if len(inside) == 1:
        return Named(inside[0], guessed=True, sure=True)
    scored = sorted(
        (max(SequenceMatcher(None, key, k, autojunk=False).ratio() for k in names[p.code]), n)
        for n, p in enumerate(parts)
    )
    (best, n), second = scored[-1], scored[-2][0] if len(scored) > 1 else 0.0
    if inside or best < _LEAST_LIKE or best - second < _AHEAD:
        return None
    return Named(parts[n], guessed=True, score=best, sure=alone)


def _with_guesses(
    columns: list[_Column],
    band: Band,
    items: tuple[Item, ...],
    words: Vocabulary,
    elsewhere: Collection[str],
) -> list[_Column]:
    """The columns, and heads in words of their own that mean an item otherwise missing."""
    told = {c.spot.code for c in columns if c.own and c.spot}
    missing = [item for item in items if item.code not in told and item.code not in elsewhere]
    if not missing or not told:
        return columns
    open_ = [c for c in columns if c.spot is None and c.words and not _names_rows(c.words)
             and not _EXTRA.search(c.words) and not OTHER_TIME.search(c.words)]  # fmt: skip
    places = _places(columns, open_, items, missing)
    found = list(columns)
    for column in open_:
        place = places.get(column.index, "")
        named = deduced(column.words, place, missing, items, words) if missing else None
        if named is not None:
            missing = [item for item in missing if item.code != named.item.code]
            spot = Spot(band.bottom, column.index, named, column.words)
            found[column.index] = replace(column, tail="plain", spot=spot, own=True)
    return found


def _places(
    columns: list[_Column], open_: list[_Column], items: tuple[Item, ...], missing: list[Item]
) -> dict[int, str]:
    """Column of an unknown head → the item due there, where heads and items pair off in order."""
    order = {item.code: n for n, item in enumerate(items)}
    known = [(c.index, order[c.spot.code]) for c in columns if c.own and c.spot]
    known = [(-1, -1), *known, (len(columns), len(items))]
    found: dict[int, str] = {}
    for (left, before), (right, after) in pairwise(known):
        here = [c.index for c in open_ if left < c.index < right]
        due = [item.code for item in missing if before < order[item.code] < after]
        if here and len(here) == len(due):
            found |= dict(zip(here, due, strict=True))
    return found


def _rising(numbers: list[str]) -> bool:
    """Whether numbers only count the heads, from left to right."""
    whole = [int(number) for number in numbers if number.isdecimal()]
    return all(before < after for before, after in pairwise(whole))


def _crossed(grid: Grid, columns: list[_Column]) -> Iterator[Doubt]:
    """A doubt on each head whose number is another item's, where most heads bear their own."""
    every = [(n, c) for c in columns if c.own and c.spot and (n := numbering(c.spot.text))]
    told = [(n, c) for n, c in every if c.spot and c.spot.named.item.number]
    astray = [(n, c) for n, c in told if c.spot and n != c.spot.named.item.number]
    counting = len(every) > len(told) and _rising([n for n, _ in every])
    if counting or not astray or len(told) < 3 or len(astray) * 2 > len(told):
        return
    for number, column in astray:
        spot = column.spot
        if spot is not None:
            message = (
                f"“{spot.text.strip()}”按文字是{spot.named.item.short}，序号却是 {number}，"
                "已按文字读取；请核对"
            )
            cell = cell_name(spot.row, spot.column)
            yield Doubt("reading.number_disagrees", "warning", message, (spot.code,),
                        value=spot.text.strip(), expected=spot.named.item.number,
                        sheet=grid.name, cell=cell, about=cell)  # fmt: skip


# --- numbers over the columns


def _by_number(
    grid: Grid,
    by_words: dict[str, tuple[tuple[int, ...], ...]],
    numbers: dict[str, int],
    words: Vocabulary,
) -> tuple[dict[str, tuple[tuple[int, ...], ...]], list[Doubt]]:
    """The columns of the items: by their printed numbers, where there are any, else by words.

    Numbers that only count the columns, the unit's name among them, say nothing against words.
    """
    if not numbers:
        return by_words, []
    told = {code: groups[0][0] for code, groups in by_words.items()}
    if _shifted(told, numbers):
        return by_words, []
    astray = tuple(code for code in numbers if code in told and told[code] != numbers[code])
    taken = set(numbers.values())
    kept = {code: rest for code, groups in by_words.items() if code not in numbers
            if (rest := _without(groups, taken))}  # fmt: skip
    chosen = kept | {code: ((column,),) for code, column in numbers.items()}
    if not astray or _as_printed(astray, told, numbers, words):
        return chosen, []
    message = "栏目名称与栏号对不上，已按栏号读取；请核对各栏数字"
    doubt = Doubt("reading.columns_disagree", "warning", message, items=astray, sheet=grid.name)
    return chosen, [doubt]


def _shifted(told: dict[str, int], numbers: dict[str, int]) -> bool:
    """Whether all words stand by the same number of columns beside the numbers."""
    away = {told[code] - column for code, column in numbers.items() if code in told}
    known = sum(code in told for code in numbers)
    return len(away) == 1 and away != {0} and known == len(numbers) >= 4


def _as_printed(
    astray: tuple[str, ...], told: dict[str, int], numbers: dict[str, int], words: Vocabulary
) -> bool:
    """Whether only heads from the first part on are askew, and one of them is missing.

    So the annexes print form 3 (reading ``damaged-header``).
    """
    items = words.desk.campaign.form_by_code[astray[0].split("_")[0]].items
    parts = [n for n, item in enumerate(items) if item.parent]
    late = {item.code for item in items[parts[0] :]} if parts else set()
    return set(astray) <= late and len(told) < len(numbers)


def _without(groups: tuple[tuple[int, ...], ...], taken: set[int]) -> tuple[tuple[int, ...], ...]:
    rest = (tuple(c for c in group if c not in taken) for group in groups)
    return tuple(group for group in rest if group)


# --- measures under the heads, and what was seen


def _measures(grid: Grid, columns: list[_Column]) -> Iterator[Doubt]:
    """A doubt on each measure under an item's head that is another than the item's (万人, 户)."""
    for column in columns:
        spot = column.spot if column.own else None
        if spot is None or column.tail not in ("plain", "now"):
            continue
        rest = column.words.removeprefix(squeeze(spot.text))
        scaled = _THOUSANDS.search(rest) if rest != column.words and len(rest) <= 4 else None
        measure = measure_in(rest) if rest != column.words else ""
        if scaled or (measure and not measures_agree(measure, spot.named.item.unit)):
            item = spot.named.item
            message = (
                f"“{item.short}”栏标的计量单位是“{rest}”，不是“{item.unit}”，"
                "已按所填数字读取；请核对计量单位"
            )
            yield Doubt("reading.unit_differs", "warning", message, (item.code,), value=rest,
                        expected=item.unit, sheet=grid.name,
                        about=column_name(column.index))  # fmt: skip


def _seen(
    band: Band, columns: list[_Column], used: set[int], told: tuple[int, ...]
) -> Iterator[Seen]:
    reasons: Mapping[Tail, str] = {"other": "不是本期数", "unknown": "栏目不明"}
    for row in told:
        yield Seen(cell_name(row, 0), "", "栏号行", "栏号")
    for column in columns:
        if not column.words:
            continue
        cell, item = cell_name(band.bottom, column.index), column.spot and column.spot.named.item
        if item and column.own and column.index in used:
            score = None if column.spot and column.spot.named.guessed else 1.0
            yield Seen(cell, column.words, "栏目", f"{item.code} {item.short}", score=score)
        elif item and column.own:
            yield Seen(cell, column.words, "栏目", why=reasons.get(column.tail, "另有栏目更合适"))
        elif column.spot is None:
            yield Seen(cell, column.words, "栏目", why="不是本表指标")
