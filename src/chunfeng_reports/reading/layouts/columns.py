"""Columns: a form laid out wide, its items as columns, a row a unit: where its figures stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name, column_name
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.bands import Band, band_of_numbers, bands_of, is_figure
from chunfeng_reports.reading.layouts.bodies import (
    Body,
    Choice,
    Line,
    choose,
    read_body,
    sums_to,
    worth,
)
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.heads import Head, read_head
from chunfeng_reports.reading.layouts.spots import Found, Spot, holds_number, text_of
from chunfeng_reports.reading.recognised import Doubt, Seen
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary

#: An item, the cell of its whole, and what its parts add up to instead.
_Uneven: TypeAlias = tuple[Item, tuple[int, int], float]
_EXAMPLE = re.compile(r"示例|样例|范例|举例|填[写报表]样")


@dataclass(frozen=True, slots=True)
class _Block:
    """A head and the rows under it; a table that goes on below itself has several."""

    head: Head
    body: Body


@dataclass(frozen=True, slots=True)
class _Wide:
    """One form's wide table on a grid: what its parts need to know of the whole."""

    grid: Grid
    words: Vocabulary
    items: tuple[Item, ...]
    known: frozenset[str]
    over: str


def in_columns(
    grid: Grid, form: str, spots: list[Spot], words: Vocabulary, others: Sequence[Spot] = ()
) -> list[Found]:
    """Where a form's figures stand that is laid out wide, a row a unit; none where it is not.

    others: spots of other forms on the sheet, which may stand beside this one or below it. Several
    where several units stand in one table (each ``shared``) or several tables on the sheet.
    """
    items = words.desk.campaign.form_by_code[form].items
    if spots and not _is_wide(grid, spots):
        return []
    bands = [band for band in bands_of(grid, (*spots, *others), words) if _has(band, form)]
    if not bands:
        numbered = band_of_numbers(grid, items)
        bands = [numbered] if numbered else []
    bands = [band for band in bands if not _is_example(grid, band)]
    blocks = [_block(grid, band, form, words, _elsewhere(band, bands, form)) for band in bands]
    tables = _tables([block for block in blocks if block.head.area])
    return [one for table in tables for one in _in_table(grid, table, items, words)]


def _is_wide(grid: Grid, spots: list[Spot]) -> bool:
    """Whether items stand side by side rather than one below the other."""
    rows, columns = Counter[int](), Counter[int]()
    for row, column, _ in {(s.row, s.column, s.code) for s in spots}:
        rows[row] += 1
        columns[column] += 1
    beside, below = max(rows.values()), max(columns.values())
    if abs(beside - below) > 1:
        return beside > below
    right = sum(is_figure(grid.filled(s.row, s.column + 1)) for s in spots)
    under = sum(is_figure(grid.filled(s.row + n, s.column)) for s in spots for n in (1, 2, 3))
    return (under, beside) > (right, below)


def _has(band: Band, form: str) -> bool:
    return bool(_codes(band, form))


def _is_example(grid: Grid, band: Band) -> bool:
    """Whether a line over a table says that it shows how to fill the form in."""
    over = grid.rows[max(band.over - 3, 0) : band.over]
    return any(_EXAMPLE.search(text) and len(text) < 20 for cells in over for value in cells[:1]
               if (text := text_of(value)))  # fmt: skip


def _elsewhere(band: Band, bands: list[Band], form: str) -> frozenset[str]:
    """The items that a table going on below itself names in its other bands."""
    own = _codes(band, form)
    told = (_codes(other, form) for other in bands)
    return frozenset().union(*(codes for codes in told if own.isdisjoint(codes)))


def _codes(band: Band, form: str) -> frozenset[str]:
    return frozenset(s.code for s in band.spots.values() if s.named.item.form == form)


def _block(
    grid: Grid, band: Band, form: str, words: Vocabulary, elsewhere: frozenset[str]
) -> _Block:
    head = read_head(grid, band, form, words, elsewhere)
    return _Block(head, read_body(grid, band, head, words) if head.area else Body(()))


def _tables(blocks: Iterable[_Block]) -> list[list[_Block]]:
    """Blocks that make up a table: one that brings other items goes on with the one above it."""
    tables: list[list[_Block]] = []
    for block in blocks:
        told = {code for part in tables[-1] for code in part.head.columns} if tables else set()
        if tables and told.isdisjoint(block.head.columns):
            tables[-1].append(block)
        else:
            tables.append([block])
    return tables


def _in_table(
    grid: Grid, blocks: list[_Block], items: tuple[Item, ...], words: Vocabulary
) -> list[Found]:
    known = frozenset(code for block in blocks for code in block.head.columns)
    wide = _Wide(grid, words, items, known, _unit_over(grid, blocks[0].head.top, words))
    parts = [list(_in_block(wide, block)) for block in blocks]
    if len(parts) == 1:
        return parts[0]
    if all(len(part) == 1 for part in parts):
        return [_joined([part[0] for part in parts])]
    by_name: dict[tuple[str, ...], list[Found]] = {}
    for one in chain.from_iterable(parts):
        by_name.setdefault(one.unit_texts, []).append(one)
    return [_joined(own) for own in by_name.values()]


def _joined(parts: list[Found]) -> Found:
    """One table's figures from its blocks."""
    cells = {code: next((p.cells[code] for p in parts if p.cells[code]), None)
             for code in parts[0].cells}  # fmt: skip
    return replace(
        parts[0],
        cells=cells,
        bottom=max(part.bottom for part in parts),
        doubts=tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts)),
        unit_texts=next((part.unit_texts for part in parts if part.unit_texts), ()),
        shared=any(part.shared for part in parts),
        seen=tuple(seen for part in parts for seen in part.seen),
    )


def _unit_over(grid: Grid, top: int, words: Vocabulary) -> str:
    """The unit that a label cell over a table names (区县：历下区), the nearest one; or empty."""
    for row in range(min(top, len(grid.rows)) - 1, max(top - 6, -1), -1):
        for value in grid.rows[row]:
            name = labelled(value)[1] if isinstance(value, str) else ""
            if name and (unit := words.places.alone(name).unit):
                return unit
    return ""


# --- whose rows


def _in_block(wide: _Wide, block: _Block) -> Iterator[Found]:
    """The forms that a block holds: one, or one for each unit that a row of it names."""
    lines = block.body.lines
    named = {who for line in lines if line.typed and (who := _who(line))}
    if len(named) < 2:
        yield _own(wide, block, named)
        return
    empty = [line for line in lines if line.place.unit and not line.typed]
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        if (line.typed or not _who(line)) and not _nobodys(line):
            groups.setdefault((_who(line),) if _who(line) else line.names, []).append(line)
    for n, own in enumerate(groups.values()):
        choice = choose(wide.grid, own, block.head)
        if not any(line.typed for line in own):
            continue
        found = _found(wide, block, choice, own, _called(own, wide.words), shared=True)
        told = [*_foreign(wide, own), *([] if n else _empty(wide, empty))]
        yield replace(found, doubts=(*found.doubts, *told))


def _called(lines: list[Line], words: Vocabulary) -> tuple[str, ...]:
    """The name by which rows call their unit, where other units stand beside it."""
    unit = lines[0].place.unit
    names = [name for line in lines for name in line.names]
    own = next((n for n in names if unit and words.places.alone(n).unit == unit), "")
    return (own or (words.region_name(unit) if unit else lines[0].name),)


def _who(line: Line) -> str:
    """The unit or other region that a row names, none where it is one above our units."""
    return line.place.unit or ("" if line.place.above else line.place.other)


def _nobodys(line: Line) -> bool:
    """Whether a row of a table of several units is no unit's: a total, last year's, an example."""
    return not line.place.unit and line.kind in ("total", "subtotal", "other", "example", "now",
                                                 "since")  # fmt: skip


def _own(wide: _Wide, block: _Block, named: set[str]) -> Found:
    """The one form of a block: of the only unit, or of nobody that its rows name."""
    lines = list(block.body.lines)
    others = {who for line in lines if (who := _who(line))} - named
    ours = [line for line in lines if _who(line) in named] if named else []
    if not named and len(others) > 1:
        lines = []  # a table of all units, all of it blank: nobody's
    elif others and ours and all(_who(x) or _nobodys(x) for x in lines if x.typed):
        lines = ours  # a table of all units of which one has filled in its row
    choice = choose(wide.grid, lines, block.head)
    names = _telling(choice, lines, wide.words)
    return _found(wide, block, choice, lines, names, shared=False)


def _chosen(choice: Choice) -> Iterator[Line]:
    if choice.line is not None:
        yield choice.line


def _telling(choice: Choice, lines: list[Line], words: Vocabulary) -> tuple[str, ...]:
    """The names that tell whose the figures are: of the row taken, or all rows' own."""
    line = choice.line
    if line is not None and not (line.place.silent and line.kind in ("total", "since", "now")):
        return line.names
    typed = [x for x in lines if x.typed and x is not line]
    units = {x.place.unit for x in typed}
    if typed and len(units) == 1 and "" not in units:
        return tuple(n for n in typed[0].names if words.places.alone(n).unit)
    return ()


def _foreign(wide: _Wide, lines: Iterable[Line]) -> list[Doubt]:
    """The doubt on a row of a unit, one of several, under a label that names another one."""
    line = next((x for x in lines if x.place.unit and x.place.unit != wide.over), None)
    if not wide.over or line is None:
        return []
    over, own = map(wide.words.region_name, (wide.over, line.place.unit))
    message = f"表头写的是{over}，第 {line.row + 1} 行写的是{own}；请核实是哪个单位的数字后重新报送"
    return [Doubt("reading.unit_disagrees", "critical", message, value=own, expected=over,
                  sheet=wide.grid.name, cell=cell_name(line.row, 0),
                  about=f"{line.row + 1}")]  # fmt: skip


def _empty(wide: _Wide, lines: list[Line]) -> list[Doubt]:
    """What is said of rows of our units that hold nothing: no return came with them."""
    names = "、".join(wide.words.region_name(line.place.unit) for line in lines)
    if not names:
        return []
    message = f"表中{names}的一行没有填数，未作为该单位的报表"
    return [Doubt("reading.rows_empty", "info", message, sheet=wide.grid.name)]


# --- the figures of a row


def _found(
    wide: _Wide,
    block: _Block,
    choice: Choice,
    lines: list[Line],
    names: tuple[str, ...],
    *,
    shared: bool,
) -> Found:
    head, line = block.head, choice.line
    cells: dict[str, tuple[int, int] | None] = {item.code: None for item in wide.items}
    doubts = [*head.doubts, *_of_choice(wide, head, choice, lines)]
    if line is not None:
        for code in head.columns:
            cells[code], more = _cell(wide, head, code, line.row)
            doubts += more
        doubts += _of_rivals(wide, head, cells)
        doubts += _merged_figures(wide, cells)
        doubts += _of_strangers(wide, head, line.row)
        doubts += _of_columns(wide, head, line)
    rows = [x.row for x in block.body.lines]
    seen = (*head.seen, *block.body.seen, *_rows_seen(block.body, choice))
    return Found("columns", cells, head.top, max((head.bottom, *rows)), tuple(doubts),
                 tuple(n for n in names if n), shared, seen)  # fmt: skip


def _cell(
    wide: _Wide, head: Head, code: str, row: int
) -> tuple[tuple[int, int] | None, list[Doubt]]:
    """The cell of an item's figure in a row, and a doubt where others might be meant."""
    groups, grid = head.columns[code], wide.grid
    typed = [[c for c in group if grid.filled(row, c) != ""] for group in groups]
    chosen = next((group for group in typed if group), None)
    if chosen is None:
        return (row, groups[0][0]), []
    rivals = [c for c in chosen[1:] if grid.covered(row, c) != (row, chosen[0])]
    differ = [c for c in rivals if worth(grid, row, c) != worth(grid, row, chosen[0])]
    return (row, chosen[0]), _twice(wide, code, row, chosen[0], differ)


def _twice(wide: _Wide, code: str, row: int, column: int, others: list[int]) -> list[Doubt]:
    if not others:
        return []
    item = next(i for i in wide.items if i.code == code)
    first, again = (number_at(wide.grid, row, c).raw for c in (column, others[0]))
    message = (
        f"“{item.short}”在表中有两栏，先为“{first}”，后为“{again}”，"
        f"已采用 {cell_name(row, column)} 的数字；请删除重复的一栏"
    )
    return [Doubt("reading.repeated", "critical", message, (code,), value=again, expected=first,
                  sheet=wide.grid.name, cell=cell_name(row, others[0]),
                  about=cell_name(row, others[0]))]  # fmt: skip


def _of_rivals(
    wide: _Wide, head: Head, cells: dict[str, tuple[int, int] | None]
) -> Iterator[Doubt]:
    """What is said of columns passed over that hold other figures than the one taken.

    A cumulative column goes before one of the period alone (reading ``cumulative``): a hint.
    """
    passed: dict[str, tuple[int, int, int]] = {}
    for code, at in cells.items():
        if at is None:
            continue
        later = (c for group in head.columns[code] if at[1] not in group for c in group)
        own = worth(wide.grid, *at)
        rival = next((c for c in later if worth(wide.grid, at[0], c) not in (own, 0.0)), None)
        if rival is not None:
            passed[code] = (*at, rival)
    since = {code: at for code, at in passed.items() if at[1] in head.since}
    rest = {code: at for code, at in passed.items() if code not in since}
    if since:
        yield _rival_columns(wide, since, "reading.column_chosen", "info", "已按累计数读取前者")
    if rest:
        message = "已读取前者；请确认应报哪一列"
        yield _rival_columns(wide, rest, "reading.column_guessed", "warning", message)


def _rival_columns(
    wide: _Wide, passed: dict[str, tuple[int, int, int]], rule: str, severity: Severity, what: str
) -> Doubt:
    row, column, other = next(iter(passed.values()))
    message = (
        f"{column_name(column)}列与{column_name(other)}列等 {len(passed)} 项各有两栏数字，{what}"
    )
    return Doubt(rule, severity, message, tuple(passed),
                 value=number_at(wide.grid, row, column).raw, sheet=wide.grid.name,
                 cell=cell_name(row, column))  # fmt: skip


def _merged_figures(wide: _Wide, cells: dict[str, tuple[int, int] | None]) -> Iterator[Doubt]:
    """Takes a figure that is merged over the columns of several items from all but the first."""
    at_columns = {at: code for code, at in cells.items() if at}
    for code, at in list(cells.items()):
        first = wide.grid.covered(*at) if at else None
        if at is None or first is None or first not in at_columns:
            continue
        cells[code] = None
        own, other = (next(i.short for i in wide.items if i.code == c)
                      for c in (code, at_columns[first]))  # fmt: skip
        message = (
            f"{cell_name(*first)} 的数字跨“{other}”“{own}”两栏合并，只计入“{other}”；"
            "请拆分单元格后分别填写"
        )
        yield Doubt("reading.figure_merged", "warning", message, (code, at_columns[first]),
                    value=number_at(wide.grid, *first).raw, sheet=wide.grid.name,
                    cell=cell_name(*first), about=code)  # fmt: skip


# --- doubts on the row taken and on what was left


def _of_choice(wide: _Wide, head: Head, choice: Choice, lines: list[Line]) -> Iterator[Doubt]:
    line = choice.line
    every = tuple(head.columns) or head.others
    if choice.how == "unclear":
        rows = "、".join(_told(x) for x in choice.rivals[:4])
        message = f"{rows}，看不出本单位合计，没有读取；请只报本单位合计一行"
        yield _row_doubt(wide, "reading.rows_ambiguous", "critical", message, every)
    elif choice.how == "other":
        message = (
            f"只有第 {choice.rivals[0].row + 1} 行“{choice.rivals[0].name}”有数字，"
            "看不出是本期数，没有读取；请补报本期数"
        )
        yield _row_doubt(wide, "reading.row_other", "critical", message, every)
    elif choice.how == "since" and line is not None:
        other = choice.rivals[0]
        message = (
            f"第 {line.row + 1} 行“{line.name}”与第 {other.row + 1} 行“{other.name}”并列，"
            "按累计数读取前者"
        )
        yield _row_doubt(wide, "reading.row_chosen", "info", message, every)
    elif choice.parts and line is not None:
        message = (
            f"表内有 {len(choice.parts) + 1} 行数字，只读取了第 {line.row + 1} 行"
            f"“{line.name or '（无行名，等于其余各行之和）'}”"
        )
        yield _row_doubt(wide, "reading.rows_ambiguous", "info", message, every)
        yield from _of_parts(wide, head, choice.parts, line)
    yield from _of_strays(wide, head, choice, lines)


def _told(line: Line) -> str:
    """How a message names a row and what it holds."""
    name = f"“{line.name}”" if line.name else ""
    return f"第 {line.row + 1} 行{name}{'有数字' if line.figures else '没有数字'}"


def _row_doubt(
    wide: _Wide, rule: str, severity: Severity, message: str, items: tuple[str, ...]
) -> Doubt:
    return Doubt(rule, severity, message, items, sheet=wide.grid.name)


def _of_parts(wide: _Wide, head: Head, parts: tuple[Line, ...], total: Line) -> Iterator[Doubt]:
    """A doubt on the items whose parts by street do not add up to the whole."""
    if any("其中" in part.name for part in parts):
        return
    differ = []
    for item in wide.items:
        column = head.columns[item.code][0][0] if item.code in head.columns else None
        if column is None:
            continue
        told = sums_to(wide.grid, parts, total, column, item.unit)
        if told is not None:
            differ.append((item, (total.row, column), told))
    yield from _parts_differ(wide, differ, "各行", f"“{total.name or '合计'}”行")


def _parts_differ(wide: _Wide, differ: list[_Uneven], parts: str, whole: str) -> Iterator[Doubt]:
    """One doubt for all items of which the parts make no whole."""
    if not differ:
        return
    told = "、".join(
        f"{item.short}（{number_at(wide.grid, *at, item.unit).raw}，{parts}之和 {as_typed(added)}）"
        for item, at, added in differ[:3]
    )
    _, at, added = differ[0]
    message = f"{told}：{whole}与{parts}之和不等，已按{whole}读取；请核对"
    yield Doubt("reading.parts_differ", "warning", message, tuple(item.code for item, *_ in differ),
                value=number_at(wide.grid, *at).raw, expected=as_typed(added),
                sheet=wide.grid.name, cell=cell_name(*at))  # fmt: skip


def _of_strays(wide: _Wide, head: Head, choice: Choice, lines: list[Line]) -> Iterator[Doubt]:
    """A doubt on rows with a figure or two that belong to nothing."""
    known = {x.row for x in (*_chosen(choice), *choice.parts, *choice.rivals)}
    for line in lines:
        if line.row in known or not line.figures or line.kind != "unnamed":
            continue
        columns = [c for c in head.area if is_figure(wide.grid.filled(line.row, c))]
        codes = tuple(code for code, groups in head.columns.items()
                      if any(c in group for group in groups for c in columns))  # fmt: skip
        cell = cell_name(line.row, columns[0])
        message = f"{cell} 的数字没有行名，没有读取；请核对"
        yield Doubt("reading.label_unknown", "warning", message, codes,
                    value=number_at(wide.grid, line.row, columns[0]).raw, sheet=wide.grid.name,
                    cell=cell, about=cell)  # fmt: skip


def _of_strangers(wide: _Wide, head: Head, row: int) -> Iterator[Doubt]:
    """A doubt on each figure of the row that stands under no head, or one that is no item's."""
    missing = tuple(item.code for item in wide.items if item.code not in wide.known)
    for column, text in head.strangers.items():
        beside = column < head.first and (not missing or not text)
        if beside or not holds_number(wide.grid, row, column):
            continue
        what = f"“{text}”不是本表指标" if text else f"{column_name(column)}列没有指标名称"
        message = f"{what}，{cell_name(row, column)} 的数字没有读取；请核对指标名称"
        yield Doubt("reading.label_unknown", "warning" if missing else "info", message, missing,
                    value=number_at(wide.grid, row, column).raw, sheet=wide.grid.name,
                    cell=cell_name(row, column), about=cell_name(row, column))  # fmt: skip


def _of_columns(wide: _Wide, head: Head, line: Line) -> Iterator[Doubt]:
    """Doubts on items told only in part or of another time, and on parts that make no whole."""
    lost = tuple(c for c in head.others if any(
        holds_number(wide.grid, line.row, column) for column in head.parts.get(c, ())))  # fmt: skip
    if lost:
        message = "只有上期、目标或分项等栏有数字，没有本期合计，没有读取；请补报本期合计数"
        yield Doubt("reading.column_other", "critical", message, lost, sheet=wide.grid.name)
    yield from _parts_differ(wide, _uneven(wide, head, line.row), "各栏", "合计栏")


def _uneven(wide: _Wide, head: Head, row: int) -> list[_Uneven]:
    """The items whose columns by street do not add up to that of the whole."""
    found = []
    for item in wide.items:
        columns = [c for c in head.parts.get(item.code, ()) if c in head.streets]
        if item.code not in head.columns or len(columns) < 2:
            continue
        column = head.columns[item.code][0][0]
        told = [worth(wide.grid, row, c, item.unit) for c in columns]
        whole = worth(wide.grid, row, column, item.unit)
        added = sum(value for value in told if value is not None)
        if whole is not None and None not in told and round(added - whole, 6):
            found.append((item, (row, column), added))
    return found


def _rows_seen(body: Body, choice: Choice) -> Iterator[Seen]:
    reasons = {"other": "不是本期数", "example": "填写示例", "total": "合计行"}
    for line in body.lines:
        cell = cell_name(line.row, 0)
        if line is choice.line:
            yield Seen(cell, line.name, "数字行", "本单位数字")
        else:
            why = reasons.get(line.kind, "不是本单位合计" if line.typed else "没有填数")
            yield Seen(cell, line.name, "行", why=why)
