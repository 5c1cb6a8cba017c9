"""Rows: a form laid out as a row an item, labels down the side, figures in one column."""

from __future__ import annotations

import re
from collections import Counter

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name, column_name
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.spots import REMARK, Found, Spot, guessed_labels, text_of
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

_HEAD_ROWS = 4
_NOT_FIGURES = re.compile(
    r"上期|上年|上次|上月|往期|去年|同期|同比|环比|增|减|备注|说明|序号|占比|比例|率$|目标|计划|任务|核实|编码|代码|电话|联系"
    r"|^(?:计量)?单位$"
)
#: Of those, columns in which numbers may stand that are of no time at all.
_NO_COUNTS = re.compile(r"备注|说明|序号|核实|编码|代码|电话|联系|^(?:计量)?单位$")
_YEAR = re.compile(r"20[0-9]{2}(?=年)")
_SINCE_START = re.compile(r"累计")
_FIGURES = re.compile(r"数量|数值|本期|本次|当期|填报数|统计数|完成|数据|合计|人数|数$")
#: What stands around the figures: the words of a head, remarks, signatures.
_AROUND = re.compile(
    r"(?:填报|统计|指标)?(?:项目|指标|内容|名称|数[量值])(?:名称)?$|栏[次号]|序号|[甲乙丙]$|备注|注[:：]|说明"
    r"|(?:填[报表]|制表|统计|审[核批]|联系|经办|负责|单位负责|分管)(?:人|领导)(?:签[字名])?(?:[:(].*)?$"
    r"|(?:联系|办公)?(?:电话|手机)号?码?(?:[:(].*)?$|(?:填[报表]|统计|报送|上报)?(?:日期|时间)(?:[:(].*)?$"
)


def in_rows(
    grid: Grid, form: str, spots: list[Spot], others: list[Spot], words: Vocabulary
) -> list[Found]:
    """Where the figures of a form stand whose labels go down the side, a column a unit.

    others: spots of other forms on the sheet, which may stand to the right of this one.
    """
    items = words.desk.campaign.form_by_code[form].items
    label_columns = _label_columns(spots)
    spots = [spot for spot in spots if spot.column in label_columns]
    first, last = min(s.row for s in spots), max(s.row for s in spots)
    right = max(label_columns)
    limit = min(
        [s.column for s in others if s.column > right and first <= s.row <= last],
        default=grid.width,
    )
    spots = _with_guesses(grid, spots, label_columns, items, words)
    candidates = range(right + 1, max(limit, right + 2))
    column, doubts = _figure_column(grid, first, spots, candidates, words)
    doubts += guessed_labels(spots, grid, words)
    cells: dict[str, tuple[int, int] | None] = {item.code: None for item in items}
    for spot in spots:
        before = cells[spot.code]
        if before is None:
            cells[spot.code] = (spot.row, column)
        else:
            doubts += _twice(grid, spot, before, column)
    last = max(s.row for s in spots)
    heads = _heads(grid, first, candidates, words)
    sides = [c for c in candidates if c != column and not _of_another(heads[c], words)]
    doubts += _strangers(grid, spots, _block(grid, spots, others, words), column, sides, cells)
    return [Found("rows", cells, min(s.row for s in spots), last, doubts)]


def _label_columns(spots: list[Spot]) -> set[int]:
    """Columns in which labels stand: the fullest, and those (其中 set apart) with two or more."""
    counts = Counter(spot.column for spot in spots)
    main = min(counts, key=lambda column: (-counts[column], column))
    return {main} | {c for c, n in counts.items() if n >= 2 and abs(c - main) <= 2}


def _with_guesses(
    grid: Grid,
    spots: list[Spot],
    label_columns: set[int],
    items: tuple[Item, ...],
    words: Vocabulary,
) -> list[Spot]:
    """The spots, and rows between and next to them whose label is much like a missing item's."""
    missing = {item.code: item for item in items if item.code not in {s.code for s in spots}}
    taken = {spot.row for spot in spots}
    found = list(spots)
    for row in range(max(min(taken) - 2, 0), max(taken) + 3):
        for column in sorted(label_columns):
            text = text_of(grid.at(row, column))
            if row in taken or not missing or not text or REMARK.match(text):
                continue
            named = words.labels.guess(text, among=missing.values())
            if named is not None:
                found.append(Spot(row, column, named, text))
                taken.add(row)
                del missing[named.item.code]
    return sorted(found, key=lambda spot: (spot.row, spot.column))


def _figure_column(
    grid: Grid, first: int, spots: list[Spot], candidates: range, words: Vocabulary
) -> tuple[int, tuple[Doubt, ...]]:
    """The column of the figures: by its head, else the first that holds numbers.

    A cumulative column goes before one of the period alone (reading ``cumulative``).
    """
    heads = _heads(grid, first, candidates, words)
    usable = [c for c in candidates if not _of_another(heads[c], words)]
    since = [c for c in usable if _SINCE_START.search(heads[c])]
    named = [c for c in usable if _FIGURES.search(heads[c])]
    filled = [c for c in usable if any(number_at(grid, s.row, c).state == "value" for s in spots)]
    for choice in (since, named, usable):
        if chosen := [c for c in choice if c in filled]:
            told = usable if choice is usable else {*since, *named}
            rivals = [c for c in filled if c in told and c != chosen[0]]
            return chosen[0], _column_doubt(grid, chosen[0], rivals, heads, spots)
    others = [c for c in candidates if c not in usable and not _NO_COUNTS.search(heads[c])
              and any(number_at(grid, s.row, c).state == "value" for s in spots)]  # fmt: skip
    if others and not any(heads[c] for c in usable):
        return others[0], _other_column(grid, others[0], heads[others[0]], spots)
    return next(iter((*since, *named, *usable, candidates.start))), ()


def _of_another(head: str, words: Vocabulary) -> bool:
    """Whether a head says that its column holds no figures, or those of another time."""
    years = [] if "月" in head else [int(year) for year in _YEAR.findall(head)]
    other = bool(years) and words.desk.campaign.year not in years
    return other or _NOT_FIGURES.search(head) is not None


def _other_column(grid: Grid, column: int, head: str, spots: list[Spot]) -> tuple[Doubt, ...]:
    """The doubt on the only column with figures, whose head says that they are not this time's."""
    message = (
        f"只有{column_name(column)}列“{head}”有数字，看不出是本期数，已暂按本期读取；"
        "请改正表头或补报本期数"
    )
    return (Doubt("reading.column_other", "critical", message,
                  tuple(dict.fromkeys(spot.code for spot in spots)), value=head,
                  sheet=grid.name),)  # fmt: skip


def _column_doubt(
    grid: Grid, column: int, rivals: list[int], heads: dict[int, str], spots: list[Spot]
) -> tuple[Doubt, ...]:
    if not rivals:
        return ()
    own, *others = (f"{column_name(c)}列“{heads[c]}”" for c in (column, *rivals))
    message = f"{own}与{'、'.join(others)}都有数字，已读取前者；请确认应报哪一列"
    items = tuple(dict.fromkeys(spot.code for spot in spots))
    return (Doubt("reading.column_guessed", "warning", message, items, value=heads[column],
                  sheet=grid.name),)  # fmt: skip


def _heads(grid: Grid, first: int, columns: range, words: Vocabulary) -> dict[int, str]:
    """The words over each column: the head's rows, up to the title or the unit's name."""
    heads = dict.fromkeys(columns, "")
    for row in range(first - 1, max(first - 1 - _HEAD_ROWS, -1), -1):
        texts = [text_of(value) for value in grid.rows[row]]
        if any(labelled(text)[0] or words.titles.in_text(text) for text in texts if text):
            break
        for column in columns:
            heads[column] = squeeze(text_of(grid.filled(row, column))) + heads[column]
    return heads


def _twice(grid: Grid, spot: Spot, before: tuple[int, int], column: int) -> tuple[Doubt, ...]:
    here = cell_name(spot.row, column)
    first, again = number_at(grid, *before), number_at(grid, spot.row, column)
    same = (first.state, first.value) == (again.state, again.value)
    message = (
        f"“{spot.named.item.short}”在表中出现两次，"
        + ("数字相同，" if same else f"先为“{first.raw}”，后为“{again.raw}”，")
        + f"已采用 {cell_name(*before)} 的数字；请删除重复的一行"
    )
    return (Doubt("reading.repeated", "info" if same else "critical", message, (spot.code,),
                  value=again.raw, expected=first.raw, sheet=grid.name,
                  cell=here, about=here),)  # fmt: skip


def _strangers(
    grid: Grid,
    spots: list[Spot],
    block: list[int],
    column: int,
    sides: list[int],
    cells: dict[str, tuple[int, int] | None],
) -> tuple[Doubt, ...]:
    """Rows of the table that hold a figure under no label, or under one that is no item's.

    sides: columns beside that of the figures, in which a figure may have slipped.
    """
    missing = tuple(code for code, at in cells.items() if at is None)
    severity: Severity = "warning" if missing else "info"
    taken = {spot.row: spot for spot in spots}
    doubts = []
    for row in block:
        at = _stray(grid, row, column, sides)
        label = next((t for c in range(column) if _is_word(t := text_of(grid.at(row, c)))), "")
        if at is None:
            continue
        if row not in taken:
            what = f"“{label}”不是本表指标" if label else f"第 {row + 1} 行没有指标名称"
            message = f"{what}，{cell_name(row, at)} 的数字没有读取；请核对指标名称"
            doubts.append(_stranger(grid, row, at, severity, message, missing))
        elif at != column:
            message = (
                f"“{label}”的数字填在 {cell_name(row, at)}，不在数字一栏，没有读取；请填回原栏"
            )
            doubts.append(_stranger(grid, row, at, "warning", message, (taken[row].code,)))
    return tuple(doubts)


def _stranger(
    grid: Grid, row: int, column: int, severity: Severity, message: str, items: tuple[str, ...]
) -> Doubt:
    return Doubt("reading.label_unknown", severity, message, items,
                 value=number_at(grid, row, column).raw, sheet=grid.name,
                 cell=cell_name(row, column), about=f"{row + 1}")  # fmt: skip


def _stray(grid: Grid, row: int, column: int, sides: list[int]) -> int | None:
    """The column of a row's figure: that of the figures, else the only other that holds one."""
    if number_at(grid, row, column).state == "value":
        return column
    if number_at(grid, row, column).state == "unreadable":
        return None
    beside = [c for c in sides if number_at(grid, row, c).state == "value"]
    return beside[0] if len(beside) == 1 else None


def _block(grid: Grid, spots: list[Spot], others: list[Spot], words: Vocabulary) -> list[int]:
    """The rows of a table: below its head, title or unit's name, down to its remarks or a gap."""
    rows = {spot.row for spot in spots}
    foreign = {spot.row for spot in others if spot.column in {s.column for s in spots}}
    top, bottom = min(rows), max(rows)
    while top - 1 not in foreign and not _ends(grid, top - 1, words):
        top -= 1
    while bottom + 1 not in foreign and not _ends(grid, bottom + 1, words):
        bottom += 1
    return [row for row in range(top, bottom + 1)
            if row in rows or not (row in foreign or _ends(grid, row, words))]  # fmt: skip


def _ends(grid: Grid, row: int, words: Vocabulary) -> bool:
    """Whether a row is no part of a table's body: a head, a title, a name, a remark or a gap."""
    if not 0 <= row < len(grid.rows):
        return True
    texts = [text for value in grid.rows[row] if (text := text_of(value))]
    return not texts or any(
        _AROUND.match(text) or labelled(text)[0] or words.titles.in_text(text) for text in texts
    )


def _is_word(text: str) -> bool:
    return bool(text) and not text.isdecimal()
