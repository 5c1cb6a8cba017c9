"""Rows: a form laid out as a row an item, labels down the side, figures in a column beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.deduction import crossed_numbers, with_deduced
from chunfeng_reports.reading.layouts.elsewhere import (
    by_measure,
    columns_left,
    figures_below,
    part_columns,
    subtotals,
)
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.panels import Panel, Table
from chunfeng_reports.reading.layouts.sides import Choice, Column, choose, columns_beside
from chunfeng_reports.reading.layouts.spots import (
    Found,
    Spot,
    counts_otherwise,
    guessed_labels,
    holds_number,
    seen_labels,
    text_of,
)
from chunfeng_reports.reading.layouts.times import beside_item
from chunfeng_reports.reading.recognised import Doubt
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import in_last_bracket, squeeze

#: What stands around the figures: the words of a head, remarks, signatures.
_AROUND = re.compile(
    r"(?:填报|统计|指标)?(?:项目|指标|内容|名称|数[量值])(?:名称)?$|栏[次号]|序号|[甲乙丙]$|备注|注[:：]|说明"
    r"|(?:填[报表]|制表|统计|审[核批]|复核|联系|经办|负责|单位负责|分管)(?:人|领导)(?:签[字名])?(?:[:(].*)?$"
    r"|(?:联系|办公)?(?:电话|手机)号?码?(?:[:(].*)?$|(?:填[报表]|统计|报送|上报)?(?:日期|时间)(?:[:(].*)?$"
    r"|(?:单位)?(?:主要)?(?:负责人|审核|复核|制表|填表|填报)(?:签[字章])?[:(].*$"
)
_SUM = re.compile(r"(?:合|总|小|共)计$|总数$")
_SCALE = re.compile("[百千万亿]")
#: Words that explain an indicator where its figure would stand.
_EXPLAINED = 12

_Cells = dict[str, tuple[int, int] | None]


def in_rows(grid: Grid, table: Table, words: Vocabulary) -> list[Found]:
    """Where the figures of a form stand whose labels go down the side; one a unit's column.

    None where the cells beside its labels explain them and hold no figures.
    """
    items = words.desk.campaign.form_by_code[table.form].items
    table = _without_heads(grid, table)
    found = [one for panel in table.panels for one in _panel(grid, table, panel, items, words)]
    units: dict[str, Found] = {}
    for one in found:
        key = one.unit_texts[0] if one.shared else ""
        units[key] = _together(units[key], one) if key in units else one
    return [replace(one, cells={item.code: one.cells.get(item.code) for item in items})
            for one in units.values()]  # fmt: skip


def _without_heads(grid: Grid, table: Table) -> Table:
    """The table without labels that head columns of its figures: 线下|线上 beside 数量."""
    body = max(table.panels, key=lambda panel: len(panel.spots))
    panels = tuple(
        p for p in table.panels
        if p is body or p.last >= body.first
        or any(holds_number(grid, s.row, c) for s in p.spots for c in range(grid.width))
    )  # fmt: skip
    return replace(table, panels=panels)


def _together(one: Found, other: Found) -> Found:
    """Two panels of one form as one."""
    cells = one.cells | {code: at for code, at in other.cells.items() if at is not None}
    return replace(one, cells=cells, top=min(one.top, other.top), right=other.right,
                   bottom=max(one.bottom, other.bottom), doubts=one.doubts + other.doubts,
                   seen=one.seen + other.seen)  # fmt: skip


def _panel(
    grid: Grid, table: Table, panel: Panel, items: tuple[Item, ...], words: Vocabulary
) -> list[Found]:
    rows = sorted({spot.row for spot in panel.spots})
    columns, rival = _columns(grid, table, panel, rows, words)
    choices = choose(columns)
    if _explains(grid, rows, choices[0].column, columns, labels=panel.columns):
        return []
    elsewhere = {s.code for p in table.panels if p is not panel for s in p.spots}
    own = tuple(item for item in items if item.code not in elsewhere)
    spots = with_deduced(grid, panel, own, [c.index for c in columns if c.filled], words)
    spots, times = _of_this_time(grid, spots, words)
    if not spots:
        return [Found("rows", {}, rows[0], rows[-1], times, left=panel.left, right=panel.limit)]
    labels = (*times, *guessed_labels(spots, grid, words), *crossed_numbers(grid, spots, words))
    labels += _two_sides(grid, spots, columns, rival)
    block = _block(grid, table, panel, spots, words)
    told = tuple(column.index for column in columns if column.measures)
    found = []
    for choice in choices:
        cells, doubts = _figures(
            grid, panel, spots, block, columns, choice=choice, items=own, words=words
        )
        seen = (*(c.seen(panel.first - 1, taken=c is choice.column) for c in columns),
                *seen_labels(spots))  # fmt: skip
        doubts += tuple(_measures(grid, spots, cells, told))
        unit = (choice.unit_text,) if choice.unit_text else ()
        found.append(Found("rows", cells, spots[0].row, spots[-1].row, doubts + labels, unit,
                           bool(unit), seen, panel.left, panel.limit))  # fmt: skip
    return found


def _columns(
    grid: Grid, table: Table, panel: Panel, rows: list[int], words: Vocabulary
) -> tuple[list[Column], Column | None]:
    """The columns of the figures' side, right of the labels or left; one of the other side's.

    The other side's is None unless figures stand on both. Then those on the left are this table's
    if another table's stand on its right.
    """
    candidates = range(panel.columns[-1] + 1, max(panel.limit, panel.columns[-1] + 2))
    right = columns_beside(grid, table.top, rows, candidates, words)
    filled = [c for c in right if c.filled and c.role not in ("none", "other")]
    if filled and (panel.limit >= grid.width or panel.left):
        return right, None
    left = columns_left(grid, table.top, rows, panel, words)
    if not left:
        return right, None
    return left, filled[0] if filled else None


def _two_sides(
    grid: Grid, spots: list[Spot], columns: list[Column], rival: Column | None
) -> tuple[Doubt, ...]:
    """A doubt where figures stand left and right of the labels."""
    if rival is None:
        return ()
    message = f"{columns[0].shown}与{rival.shown}分列指标两侧，都有数字，已读取前者；请核对"
    return (_about_rows("reading.column_guessed", "warning", message, grid, spots),)


def _of_this_time(
    grid: Grid, spots: list[Spot], words: Vocabulary
) -> tuple[list[Spot], tuple[Doubt, ...]]:
    """The labels of this time's figures: 企业数（上期） is not one, （累计） goes before （本期）.

    An item that has none but another time's is in doubt and not read.
    """
    year = words.desk.campaign.year
    kinds = {(s.row, s.column): beside_item(s.text, s.named.item, year) for s in spots}
    since = {s.code for s in spots if kinds[s.row, s.column] == "since"}
    told = {s.code for s in spots if kinds[s.row, s.column] == "plain"}
    kept = [s for s in spots if kinds[s.row, s.column] == "since"
            or (kinds[s.row, s.column] == "plain" and s.code not in since)]  # fmt: skip
    lost = [s for s in spots if s.code not in since | told]
    doubts: list[Doubt] = []
    if lost:
        message = f"“{lost[0].text.strip()}”等行写明不是本期数，没有读取；请补报本期数"
        doubts.append(_about_rows("reading.row_other", "critical", message, grid, lost))
    both = [s for s in kept if s.code in since & told]
    if both:
        message = f"“{both[0].text.strip()}”与本期数并列，按累计数读取"
        doubts.append(_about_rows("reading.row_chosen", "info", message, grid, both))
    return kept, tuple(doubts)


def _about_rows(
    rule: str, severity: Severity, message: str, grid: Grid, spots: list[Spot]
) -> Doubt:
    return Doubt(rule, severity, message, tuple(dict.fromkeys(s.code for s in spots)),
                 value=spots[0].text.strip(), sheet=grid.name,
                 cell=cell_name(spots[0].row, spots[0].column))  # fmt: skip


def _explains(
    grid: Grid, rows: list[int], chosen: Column | None, columns: list[Column],
    *, labels: tuple[int, ...],
) -> bool:  # fmt: skip
    """Whether the cells beside the labels explain them in words, and no column holds figures."""
    if chosen is None or any(column.filled for column in columns):
        return False
    texts = [text_of(grid.filled(row, chosen.index)) for row in rows]
    if any(holds_number(grid, row + 1, column) for row in rows for column in labels):
        return False
    return sum(len(text) > _EXPLAINED for text in texts) * 2 > len(rows)


def _figures(
    grid: Grid, panel: Panel, spots: list[Spot], block: list[int], columns: list[Column],
    *, choice: Choice, items: tuple[Item, ...], words: Vocabulary,
) -> tuple[_Cells, tuple[Doubt, ...]]:  # fmt: skip
    """Item → cell of its figure in the column chosen, and every doubt about those cells."""
    doubts = choice.doubts(grid, tuple(dict.fromkeys(spot.code for spot in spots)))
    measured, unclear = ({}, ()) if choice.unit_text else by_measure(grid, spots, columns)
    if measured:
        message = "各列按计量单位分列，本项数字不在与其计量单位相符的一列，没有读取；请核对"
        return {**measured}, _told("reading.column_guessed", message, grid, [*unclear])
    if not any(c.filled for c in columns) and (under := figures_below(grid, panel.spots)):
        return {**under}, doubts
    if choice.column is None:
        return {}, doubts
    column = choice.column.index
    lost = choice.unit_text or choice.rule == "reading.column_parts"
    sides = [] if lost else [
        c.index for c in columns if c.index != column and c.role not in ("none", "other")
    ]  # fmt: skip
    one = _Figures(grid, spots, column, tuple(sides), panel.left, items)
    cells, twice = one.cells()
    parts = part_columns(grid, spots, items, columns, words) if not lost else {}
    sums, told = _subtotals(grid, spots, column, panel.left, block[-1] + 1)
    cells = {**cells, **parts, **sums}
    doubts += told
    block = [row for row in block if (row, column) not in sums.values()]
    return cells, (*doubts, *twice, *one.merged(), *_parts_differ(grid, spots, choice),
                   *one.strangers(block, cells))  # fmt: skip


def _subtotals(
    grid: Grid, spots: list[Spot], column: int, left: int, bottom: int
) -> tuple[_Cells, tuple[Doubt, ...]]:
    """Figures that a row 小计 under their label gives; a doubt where only parts are given."""
    cells: _Cells = {}
    lost = []
    for spot, at in subtotals(grid, spots, column, left, bottom):
        if at is not None:
            cells[spot.code] = at
        else:
            lost.append(spot)
    message = f"{len(lost)} 项本行没有数字，下面的行有数字而看不出是本项合计，没有读取，请补填"
    return cells, _told("reading.rows_parts", message, grid, lost)


def _told(rule: str, message: str, grid: Grid, spots: list[Spot]) -> tuple[Doubt, ...]:
    """A warning on some labels; none where there are none."""
    if not spots:
        return ()
    return (_about_rows(rule, "warning", f"“{spots[0].text.strip()}”等：{message}", grid, spots),)


# --- the figures of one column


@dataclass(frozen=True, slots=True)
class _Figures:
    """Labels and the column of their figures; sides: columns into which one may have slipped.

    left: the table's first column; items: all that the table should name.
    """

    grid: Grid
    spots: list[Spot]
    column: int
    sides: tuple[int, ...]
    left: int
    items: tuple[Item, ...]

    def cells(self) -> tuple[_Cells, list[Doubt]]:
        """Item → cell of its figure, and a doubt on every item told twice."""
        found: _Cells = {}
        doubts: list[Doubt] = []
        for spot in self.spots:
            before = found.get(spot.code)
            if before is None:
                found[spot.code] = (spot.row, self.column)
            else:
                doubts.append(self._twice(spot, before))
        return found, doubts

    def _twice(self, spot: Spot, before: tuple[int, int]) -> Doubt:
        here = cell_name(spot.row, self.column)
        first, again = number_at(self.grid, *before), number_at(self.grid, spot.row, self.column)
        same = (first.state, first.value) == (again.state, again.value)
        message = (
            f"“{spot.named.item.short}”在表中出现两次，"
            + ("数字相同，" if same else f"先为“{first.raw}”，后为“{again.raw}”，")
            + f"已采用 {cell_name(*before)} 的数字；请删除重复的一行"
        )
        items = (spot.code,) if same else (spot.code, *self._unnamed(spot.named.item))
        return Doubt("reading.repeated", "info" if same else "critical", message, items,
                     value=again.raw, expected=first.raw, sheet=self.grid.name,
                     cell=here, about=here)  # fmt: skip

    def _unnamed(self, item: Item) -> Iterator[str]:
        """Items beside one told twice that no label names: one of the two may be meant for it."""
        named = {spot.code for spot in self.spots}
        return (own.code for own in self.items
                if own.code not in named and own.parent == item.parent)  # fmt: skip

    def merged(self) -> Iterator[Doubt]:
        """A doubt on figures that a merged block hides, or that it spreads over several items."""
        owners = {spot.row: spot for spot in self.spots}
        for spot in self.spots:
            first = self.grid.covered(spot.row, self.column)
            if first is None:
                continue
            shown = number_at(self.grid, *first)
            hidden = self.grid.underneath(spot.row, self.column)
            across = first[0] == spot.row
            if hidden != "" and text_of(hidden) != shown.raw:
                yield self._hidden(spot, first, text_of(hidden))
            elif not across and first[0] in owners and shown.state == "value":
                yield self._spread(spot, owners[first[0]], first)

    def _hidden(self, spot: Spot, first: tuple[int, int], hidden: str) -> Doubt:
        cell = cell_name(spot.row, self.column)
        message = (
            f"{spot.named.item.short}所在的 {cell} 被合并单元格（{cell_name(*first)}）遮住，"
            f"其中存有“{hidden}”，没有采用；请取消合并并核对"
        )
        return Doubt("reading.hidden_value", "warning", message, (spot.code,), value=hidden,
                     sheet=self.grid.name, cell=cell, about=cell)  # fmt: skip

    def _spread(self, spot: Spot, owner: Spot, first: tuple[int, int]) -> Doubt:
        cell = cell_name(spot.row, self.column)
        message = (
            f"{owner.named.item.short}与{spot.named.item.short}的数字合并在 {cell_name(*first)}，"
            f"只作为{owner.named.item.short}读取；请取消合并后分别填写"
        )
        return Doubt("reading.merged_figures", "warning", message, (owner.code, spot.code),
                     sheet=self.grid.name, cell=cell_name(*first), about=cell)  # fmt: skip

    def strangers(self, block: list[int], cells: _Cells) -> Iterator[Doubt]:
        """Doubts on rows of the table that hold a figure under no label, or under no item's."""
        missing = tuple(code for code in (item.code for item in self.items) if code not in cells)
        taken = {spot.row: spot for spot in self.spots}
        for row in block:
            at = self._stray(row)
            if at is None or (row in taken and at == self.column):
                continue
            label = self._label(row)
            if row in taken:
                message = (
                    f"“{label}”的数字填在 {cell_name(row, at)}，不在数字一栏，没有读取；请填回原栏"
                )
                yield self._stranger(row, at, "warning", message, (taken[row].code,))
            elif not (_SUM.search(label) and not missing):
                what = f"“{label}”不是本表指标" if label else f"第 {row + 1} 行没有指标名称"
                message = f"{what}，{cell_name(row, at)} 的数字没有读取；请核对指标名称"
                severity: Severity = "warning" if missing else "info"
                yield self._stranger(row, at, severity, message, missing)

    def _label(self, row: int) -> str:
        texts = (text_of(self.grid.at(row, c)) for c in range(self.left, self.column))
        return next((text for text in texts if text and not text.isdecimal()), "")

    def _stranger(
        self, row: int, column: int, severity: Severity, message: str, items: tuple[str, ...]
    ) -> Doubt:
        return Doubt("reading.label_unknown", severity, message, items,
                     value=number_at(self.grid, row, column).raw, sheet=self.grid.name,
                     cell=cell_name(row, column), about=f"{row + 1}")  # fmt: skip

    def _stray(self, row: int) -> int | None:
        """The column of a row's figure: that of the figures, else the first other that has one."""
        if holds_number(self.grid, row, self.column):
            return self.column
        here = number_at(self.grid, row, self.column)
        if here.state != "blank":  # several figures in one cell are none, but not nothing
            return self.column if here.raw[:1].isdigit() else None
        return next((c for c in self.sides if holds_number(self.grid, row, c)), None)


# --- measures beside the labels


def _measures(
    grid: Grid, spots: list[Spot], cells: _Cells, columns: tuple[int, ...]
) -> Iterator[Doubt]:
    """A doubt on each item whose label or measure column counts it otherwise: in 万人, in 户.

    Not where the figure bears a measure of its own (1.2万); that is read with it.
    """
    for spot in spots:
        item, at = spot.named.item, cells.get(spot.code)
        beside = (text_of(grid.filled(spot.row, column)) for column in columns)
        measure = next(
            (m for m in (*beside, in_last_bracket(spot.text)) if counts_otherwise(m, item)), ""
        )
        told = spot.named.guessed and not spot.named.sure
        figure = number_at(grid, *at) if measure and at and not told else None
        if figure is not None and figure.state == "value" and not _SCALE.search(figure.raw):
            message = (
                f"“{item.short}”标的计量单位是“{measure}”，不是“{item.unit}”，"
                "已按所填数字读取；请核对计量单位"
            )
            cell = cell_name(spot.row, spot.column)
            yield Doubt("reading.unit_differs", "warning", message, (spot.code,), value=measure,
                        expected=item.unit, sheet=grid.name, cell=cell, about=cell)  # fmt: skip


# --- parts and their total


def _parts_differ(grid: Grid, spots: list[Spot], choice: Choice) -> tuple[Doubt, ...]:
    """A doubt naming the items whose total is not what the parts beside it add up to."""
    if len(choice.parts) < 2 or choice.column is None:
        return ()
    differ = []
    for spot in spots:
        amounts = [_amount(grid, spot.row, part.index) for part in choice.parts]
        total = _amount(grid, spot.row, choice.column.index)
        if total is None or None in amounts:
            continue
        parts = sum(amount for amount in amounts if amount is not None)
        if round(parts - total, 6):
            differ.append((spot, total, parts))
    if not differ:
        return ()
    head = choice.column.head
    told = "、".join(
        f"{spot.named.item.short}（{head}{as_typed(total)}，各列之和{as_typed(parts)}）"
        for spot, total, parts in differ[:3]
    )
    message = f"{told}：{head}与各分项之和不等，已按{head}读取；请核对"
    return (Doubt("reading.parts_differ", "warning", message,
                  tuple(dict.fromkeys(spot.code for spot, *_ in differ)), sheet=grid.name,
                  cell=cell_name(differ[0][0].row, choice.column.index)),)  # fmt: skip


def _amount(grid: Grid, row: int, column: int) -> float | None:
    """A cell's amount, 0 where it is blank, None where it is no number."""
    number = number_at(grid, row, column)
    return 0.0 if number.state == "blank" else number.value


# --- the rows of a table


def _block(
    grid: Grid, table: Table, panel: Panel, spots: list[Spot], words: Vocabulary
) -> list[int]:
    """The rows of a table: below its head, title or unit's name, down to its remarks or a gap."""
    rows = {spot.row for spot in spots}
    top, bottom = min(rows), max(rows)
    while top > table.top and not _ends(grid, top - 1, panel, words):
        top -= 1
    while bottom + 1 < table.bottom and not _ends(grid, bottom + 1, panel, words):
        bottom += 1
    return [row for row in range(top, bottom + 1)
            if row in rows or not _ends(grid, row, panel, words)]  # fmt: skip


def _ends(grid: Grid, row: int, panel: Panel, words: Vocabulary) -> bool:
    """Whether a row is no part of a table's body: a head, a title, a name, a remark or a gap."""
    own = grid.rows[row][panel.left : panel.limit] if row < len(grid.rows) else ()
    texts = [text for value in own if value != "" and (text := text_of(value))]
    return (
        not texts
        or any(
            _AROUND.match(text) or labelled(text)[0] or words.titles.in_text(text) for text in texts
        )
        or all(not any(c.isdigit() for c in text) and squeeze(text) == "" for text in texts)
    )
