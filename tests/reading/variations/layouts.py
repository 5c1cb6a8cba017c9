"""Layouts: one unit's truth (or several units') → pages, in every arrangement that people choose.

Each layout is a function of the truths and of a person's manner. What it needs of a container
(several sheets, hidden ones, values under a merge …) is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from chunfeng_reports.campaign import Item
from variations import habits
from variations.canvas import Canvas, Writing
from variations.pages import Cell, Page
from variations.returns import SUMS, TITLES, Truth, form, items, parts_of
from variations.styles import LOOSE_LABELS, Manner

Part = Literal["prefix", "indent", "own_cell", "own_cell_merged", "own_row", "sub_number", "none"]
UnitLine = Literal["one_cell", "two_cells", "office", "right", "none"]
SHEETS = {"F1": "春风行动情况统计表", "F2": "就业援助月情况统计表", "F3": "残联"}
STREETS = ("东关街道", "建新街道", "文化路街道")
FILLED_IN = date(2023, 3, 30)


@dataclass(frozen=True, slots=True)
class Rows:
    """How a table with labels down the side is arranged.

    columns: from left to right; ``part`` is a cell for 其中, ``figure`` the figures themselves.
    shuffle: groups (an item with its 其中) in another order. gaps: an empty row after each group.
    """

    columns: tuple[str, ...] = ("label", "figure")
    parts: Part = "prefix"
    unit_line: UnitLine = "one_cell"
    shuffle: bool = False
    gaps: bool = False
    head: bool = True
    title: bool = True
    totals: Writing | None = None
    remark: bool = True
    filled_in: str = ""


HEADS = {
    "label": "填报项目", "figure": "数 量", "part": "", "serial": "序号", "measure": "计量单位",
    "last": "上期数", "last_year": "上年同期", "growth": "同比", "rate": "完成率",
    "target": "目标任务数",
    "change": "增减", "share": "占比", "remark": "备注", "number": "",
}  # fmt: skip


def _extra(column: str, item: Item, value: int | None, place: int) -> Cell:
    """What stands in a column that is not the figures': never the figure itself."""
    base = value or 0
    others: dict[str, Cell] = {
        "serial": place + 1,
        "measure": item.unit,
        "last": base // 3 + 7,
        "last_year": base // 2 + 11,
        "growth": f"{place + 2}.5%",
        "rate": f"{101 + place}%",
        "target": base + 13 + place,
        "change": base // 5 + 3,
        "share": f"{place + 1}.2%",
        "remark": ("已核实", "", "含街道数")[place % 3],
    }
    return others[column]


def _groups(code: str, *, shuffle: bool) -> list[tuple[Item, ...]]:
    """Items with their 其中 behind them; in another order where they are shuffled."""
    own = [item for item in items(code) if item.parent is None]
    groups = [(item, *(i for i in items(code) if i.parent == item.code)) for item in own]
    return [*groups[3:][::-1], *groups[:3]] if shuffle else groups


def write_rows(canvas: Canvas, code: str, truth: Truth, manner: Manner, rows: Rows,
               *, top: int = 0, left: int = 0) -> None:  # fmt: skip
    """Put down a form with its labels down the side."""
    at = _top_lines(canvas, code, truth, rows, top, left)
    where = {column: left + n for n, column in enumerate(rows.columns)}
    if rows.head:
        canvas.line(at, left, *(HEADS[column] for column in rows.columns))
        at += 1
    place = 0
    for group in _groups(code, shuffle=rows.shuffle):
        start = at
        for n, item in enumerate(group):
            if rows.parts == "own_row" and n == 1:
                canvas.put(at, where["label"], "其中：")
                at += 1
            _label(canvas, item, n, manner, rows, at, where)
            for column in rows.columns:
                if column not in {"label", "figure", "part", "number"}:
                    value = truth.figures[item.code]
                    canvas.put(at, where[column], _extra(column, item, value, place))
            _figure(canvas, item, truth, manner, rows.totals, at, where["figure"])
            place += 1
            at += 1
        if rows.parts == "own_cell_merged" and len(group) > 1:
            canvas.merge(start + 1, where["part"], at - 1, where["part"])
        at += rows.gaps
    if rows.remark:
        canvas.put(at, left, "备注: 请按时报送。")


def _top_lines(canvas: Canvas, code: str, truth: Truth, rows: Rows, top: int, left: int) -> int:
    width = len(rows.columns)
    if rows.title:
        canvas.put(top, left, TITLES[code])
        canvas.merge(top, left, top, left + width - 1)
        top += 1
    unit: dict[UnitLine, tuple[Cell, ...]] = {
        "one_cell": (f"{truth.word}：{truth.name}",),
        "two_cells": (truth.word, truth.name),
        "office": (f"填报单位：{truth.name}人力资源和社会保障局（盖章）",),
        "right": ("", f"填报单位：{truth.name}"),
        "none": (),
    }
    if rows.unit_line != "none":
        canvas.line(top, left, *unit[rows.unit_line])
        top += 1
    if rows.filled_in:
        _filling_day(canvas, rows.filled_in, top, left)
        top += 1
    return top


def _filling_day(canvas: Canvas, kind: str, row: int, left: int) -> None:
    """填报时间 beside its day: as text, as a date, as the number of the day in either system."""
    days: dict[str, Cell] = {
        "text": "2023年3月30日",
        "dotted": "2023.3.30",
        "date": FILLED_IN,
        "serial": (FILLED_IN - date(1899, 12, 30)).days,
        "serial_1904": (FILLED_IN - date(1904, 1, 1)).days,
    }
    if kind == "one_cell":
        canvas.put(row, left, "填报时间：2023年3月30日")
    else:
        canvas.line(row, left, "填报时间", days[kind])


def _label(  # noqa: PLR0917
    canvas: Canvas,
    item: Item,
    n: int,
    manner: Manner,
    rows: Rows,
    at: int,
    where: dict[str, int],
) -> None:
    text = manner.wording(item) if rows.parts == "sub_number" else manner.numbered(item)
    if item.number and "number" in where:
        canvas.put(at, where["number"], manner.numbered(item).removesuffix(manner.wording(item)))
        text = manner.wording(item)
    elif rows.parts == "sub_number":
        text = (f"{item.number}." if item.number else f"{item.code[3:].replace('_', '.')} ") + text
    if n and rows.parts == "prefix" and n == 1:
        text = "其中：" + text
    elif n and rows.parts == "indent":
        text = ("    其中：" if n == 1 else "\u3000\u3000") + text
    elif n == 1 and rows.parts in {"own_cell", "own_cell_merged"}:
        canvas.put(at, where["part"], "其中" if rows.parts == "own_cell_merged" else "其中：")
    if n == 0 and "part" in where and where["part"] < where["label"]:
        # The total's label lies over both columns, its 其中 beside theirs.
        canvas.put(at, where["part"], text)
        canvas.merge(at, where["part"], at, where["label"])
    else:
        canvas.put(at, where["label"], text)


def _figure(  # noqa: PLR0917
    canvas: Canvas,
    item: Item,
    truth: Truth,
    manner: Manner,
    totals: Writing | None,
    at: int,
    column: int,
) -> None:
    value = truth.figures[item.code]
    key = (truth.unit, item.code)
    parts = [(truth.unit, part) for part in parts_of(item.code)]
    if totals is None or value is None or (totals != "minus" and item.code not in SUMS):
        canvas.put(at, column, manner.typed(item, value), key=key)
    elif totals != "minus":
        canvas.total(at, column, parts, value, writing=totals, key=key)
    elif item.parent in SUMS and item.code == parts_of(item.parent)[-1]:
        *others, _ = [(truth.unit, part) for part in parts_of(item.parent)]
        canvas.total(at, column, [(truth.unit, item.parent)], value, writing="minus",
                     less=others, key=key)  # fmt: skip
    else:
        canvas.put(at, column, value, key=key)


# --- labels down the side


def each(rows: Rows) -> Callable[[Sequence[Truth], Manner], tuple[Page, ...]]:
    """A sheet a form, all arranged alike."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        (truth,) = truths
        return tuple(_one(code, truth, manner, rows) for code in truth.forms)

    return draw


def _one(code: str, truth: Truth, manner: Manner, rows: Rows, *, top: int = 0, left: int = 0,
         name: str = "", hidden: bool = False) -> Page:  # fmt: skip
    canvas = Canvas()
    write_rows(canvas, code, truth, manner, rows, top=top, left=left)
    return canvas.page(name or SHEETS[code], hidden=hidden)


def _stacked(rows: Rows, *, gap: int = 2) -> Callable[[Sequence[Truth], Manner], tuple[Page, ...]]:
    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        canvas = Canvas()
        for code in truths[0].forms:
            top = canvas.bottom + gap if canvas.bottom else 0
            write_rows(canvas, code, truths[0], manner, rows, top=top)
        return (canvas.page("统计表"),)

    return draw


def _beside(*, gap: int = 1, drop: int = 0, one_title: bool = False, rows: Rows | None = None):
    """Both forms side by side; the second one ``drop`` rows lower; one title over both, or two."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        canvas, own = Canvas(), rows or Rows()
        if one_title:
            own = replace(own, title=False, unit_line="none")
            canvas.put(0, 0, "2023年春风行动暨就业援助月情况统计表")
            canvas.put(1, 0, f"填报单位：{truths[0].name}")
        for n, code in enumerate(truths[0].forms):
            left = canvas.right + gap if n else 0
            top = 2 if one_title else drop * n
            write_rows(canvas, code, truths[0], manner, own, top=top, left=left)
        return (canvas.page("统计表"),)

    return draw


def _offset(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    return tuple(_one(code, truths[0], manner, Rows(), top=3 + n, left=2 - n)
                 for n, code in enumerate(truths[0].forms))  # fmt: skip


def _named_by_sheet(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Several units in a workbook, a sheet each, both forms stacked on it."""
    pages = []
    for truth in truths:
        canvas = Canvas()
        for code in truth.forms:
            write_rows(canvas, code, truth, manner, Rows(),
                       top=canvas.bottom + 2 if canvas.bottom else 0)  # fmt: skip
        pages.append(canvas.page(truth.name))
    return tuple(pages)


def _named_by_sheet_alone(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """As above, but only the sheet's name says whose it is: 区县： is left empty on the form."""
    pages = []
    for truth in truths:
        canvas = Canvas()
        for code in truth.forms:
            top = canvas.bottom + 2 if canvas.bottom else 0
            rows = Rows(unit_line="none")
            canvas.put(top, 0, TITLES[code])
            canvas.put(top + 1, 0, f"{truth.word}：")
            write_rows(canvas, code, truth, manner, replace(rows, title=False), top=top + 2)
        pages.append(canvas.page(truth.name))
    return tuple(pages)


def _unit_columns(*, total: Literal["none", "first", "last"]):
    """Several units in a table, a column each, with or without the body's own total."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        return tuple(_columns_page(code, truths, manner, total) for code in truths[0].forms)

    return draw


def _columns_page(code: str, truths: Sequence[Truth], manner: Manner, total: str) -> Page:
    canvas = Canvas()
    canvas.put(0, 0, TITLES[code])
    heads: list[Truth | None] = list(truths)
    if total != "none":
        heads.insert(0 if total == "first" else len(heads), None)
    canvas.line(1, 0, "填报项目", *(truth.name if truth else "合计" for truth in heads))
    for r, item in enumerate((i for group in _groups(code, shuffle=False) for i in group), start=2):
        canvas.put(r, 0, ("" if item.number else "其中：") + manner.numbered(item))
        for c, truth in enumerate(heads, start=1):
            if truth is None:
                canvas.put(r, c, sum(one.figures[item.code] or 0 for one in truths))
            else:
                canvas.put(r, c, manner.typed(item, truth.figures[item.code]))
    return canvas.page(SHEETS[code])


def _split(value: int | None) -> tuple[int | None, int | None, int | None]:
    """A figure of three streets that adds up to it."""
    if value is None:
        return None, None, None
    first, second = value // 2, value // 3
    return first, second, value - first - second


def _street_columns(*, total: Literal["first", "last"], head: str, formulas: bool = False):
    """A unit's figures broken down by street, a column each, with the unit's own 合计."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        return tuple(_streets_page(code, truths[0], manner, total, head, formulas=formulas)
                     for code in truths[0].forms)  # fmt: skip

    return draw


def _streets_page(code: str, truth: Truth, manner: Manner, total: str, head: str,
                  *, formulas: bool) -> Page:  # fmt: skip
    canvas = Canvas()
    heads = [head, *STREETS] if total == "first" else [*STREETS, head]
    canvas.put(0, 0, TITLES[code])
    canvas.put(1, 0, f"{truth.word}：{truth.name}")
    canvas.line(2, 0, "填报项目", *heads)
    for r, item in enumerate((i for group in _groups(code, shuffle=False) for i in group), start=3):
        value = truth.figures[item.code]
        canvas.put(r, 0, ("" if item.number else "其中：") + manner.numbered(item))
        keys = [(name, item.code) for name in STREETS]
        for street, part in zip(STREETS, _split(value), strict=True):
            plain = part if part is None else manner.typed(item, part)
            canvas.put(r, 1 + heads.index(street), "" if plain is None else plain,
                       key=(street, item.code))  # fmt: skip
        if formulas and value is not None and manner.number == "plain":
            canvas.total(r, 1 + heads.index(head), keys, value)
        else:
            canvas.put(r, 1 + heads.index(head), manner.typed(item, value))
    return canvas.page(SHEETS[code])


def _hidden_last(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Last period's figures lie on hidden sheets beside this period's, under other names."""
    (truth,) = truths
    last = replace(truth, figures={c: v if v is None else v // 3 for c, v in truth.figures.items()})
    now = [_one(code, truth, manner, Rows()) for code in truth.forms]
    then = [
        _one(code, last, manner, Rows(), name=f"{SHEETS[code]}（上期）", hidden=True)
        for code in truth.forms
    ]
    return (*then, *now)


def _hidden_scratch(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Hidden sheets that are no form: lists for drop-downs, a scratch sheet with figures."""
    lists = Page("数据源", {(r, 0): name for r, name in enumerate(("历下区", "市中区", "槐荫区"))},
                 hidden=True)  # fmt: skip
    scratch = Page("Sheet3", {(0, 0): "草稿", (1, 0): 236, (2, 0): 118}, hidden=True)
    return (*each(Rows())(truths, manner), lists, scratch)


def _merged_everywhere(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Labels over two columns, figures over two, the title and the unit over all of them."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        for row, text in ((0, TITLES[code]), (1, f"{truths[0].word}：{truths[0].name}")):
            canvas.put(row, 0, text)
            canvas.merge(row, 0, row, 4)
        at = 2
        heads = ((0, "填报项目", 1), (2, "数 量", 3), (4, "备注", 4))
        for left, text, right in heads:
            canvas.put(at, left, text)
            canvas.merge(at, left, at + 1, right)
        at += 2
        for group in _groups(code, shuffle=False):
            for n, item in enumerate(group):
                canvas.put(at, 0, ("其中：" if n == 1 else "") + manner.numbered(item))
                canvas.merge(at, 0, at, 1)
                canvas.put(at, 2, manner.typed(item, truths[0].figures[item.code]))
                canvas.merge(at, 2, at, 3)
                at += 1
        canvas.put(4, 4, "以上数字已核实")
        canvas.merge(4, 4, at - 1, 4)
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


def _tall_rows(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Every item lies over two rows, label and figure merged alike."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        canvas.put(0, 0, TITLES[code])
        canvas.put(1, 0, f"{truths[0].word}：{truths[0].name}")
        canvas.line(2, 0, "填报项目", "数 量")
        at = 3
        for group in _groups(code, shuffle=False):
            for n, item in enumerate(group):
                canvas.put(at, 0, ("其中：" if n == 1 else "") + manner.numbered(item))
                canvas.merge(at, 0, at + 1, 0)
                canvas.put(at, 1, manner.typed(item, truths[0].figures[item.code]))
                canvas.merge(at, 1, at + 1, 1)
                at += 2
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


def _under_merge(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Figures lie over two columns; old figures still lie hidden in the second one."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        write_rows(canvas, code, truths[0], manner, Rows())
        for row in range(3, 3 + len(items(code))):
            canvas.put(row, 2, 95 + row)
            canvas.merge(row, 1, row, 2)
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


def _under_title(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """The title lies merged over cells that still hold an older title and a number."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        write_rows(canvas, code, truths[0], manner, Rows(columns=("label", "figure", "remark")))
        canvas.line(0, 1, "2022年统计表", 77)
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


# --- items as columns


@dataclass(frozen=True, slots=True)
class Wide:
    """How a table with items as columns is arranged."""

    two_level: bool = False
    numbers: bool = False
    measures: bool = False
    unit_column: bool = False
    shuffle: bool = False
    extras: bool = False
    title: bool = True
    part_cell: bool = False


def write_wide(canvas: Canvas, code: str, truths: Sequence[Truth], manner: Manner, wide: Wide,
               *, top: int = 0, left: int = 0, total: bool = False) -> None:  # fmt: skip
    """Put down a form with its items as columns: a row a unit, and the body's own total."""
    ordered = [item for group in _groups(code, shuffle=wide.shuffle) for item in group]
    at = top
    if wide.title:
        canvas.put(at, left, TITLES[code])
        at += 1
    if not wide.unit_column:
        canvas.put(at, left, f"填报单位：{truths[0].name}")
        at += 1
    start = left + wide.unit_column
    at = _head_rows(canvas, ordered, manner, wide, at, left)
    for truth in truths:
        if wide.unit_column:
            canvas.put(at, left, truth.name)
        canvas.line(at, start, *(manner.typed(i, truth.figures[i.code]) for i in ordered))
        if wide.extras:
            canvas.put(at, start + len(ordered) + 1, "已核实")
        at += 1
    if total:
        canvas.put(at, left, "合计")
        canvas.line(at, start, *(sum(t.figures[i.code] or 0 for t in truths) for i in ordered))


def _head_rows(canvas: Canvas, ordered: Sequence[Item], manner: Manner, wide: Wide,
               at: int, left: int) -> int:  # fmt: skip
    """All rows of the head; the first row below them."""
    start, deep = left + wide.unit_column, wide.two_level or wide.part_cell
    if wide.unit_column:
        canvas.put(at, left, "单位")
        canvas.merge(at, left, at + deep, left)
    _heads(canvas, ordered, manner, wide, at, start)
    if wide.extras:
        canvas.line(at, start + len(ordered), "填报人", "备注")
    at += 1 + deep
    if wide.numbers:
        canvas.line(at, start, *(str(n) for n in range(1, len(ordered) + 1)))
        at += 1
    if wide.measures:
        canvas.line(at, start, *(item.unit for item in ordered))
        at += 1
    return at


def _heads(canvas: Canvas, ordered: Sequence[Item], manner: Manner, wide: Wide,
           at: int, start: int) -> None:  # fmt: skip
    for n, item in enumerate(ordered):
        column, parts = start + n, len(parts_of(item.code))
        if wide.two_level and (parts or item.parent):
            if parts:
                canvas.put(at, column, manner.numbered(item))
                canvas.merge(at, column, at, column + parts)
            canvas.put(at + 1, column, manner.wording(item) if item.parent else "合计")
        elif wide.part_cell and item.parent:
            if ordered[n - 1].code == item.parent:
                canvas.put(at, column, "其中")
                canvas.merge(at, column, at, column + len(parts_of(item.parent)) - 1)
            canvas.put(at + 1, column, manner.wording(item))
        else:
            first = item.parent and n and ordered[n - 1].code == item.parent
            canvas.put(at, column, ("其中：" if first else "") + manner.numbered(item))
            canvas.merge(at, column, at + (wide.two_level or wide.part_cell), column)


def _wide(wide: Wide, *, arranged: Literal["sheets", "stacked", "beside"] = "sheets",
          total: bool = False):  # fmt: skip
    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        if arranged == "sheets":
            pages = []
            for code in truths[0].forms:
                canvas = Canvas()
                write_wide(canvas, code, truths, manner, wide, total=total)
                pages.append(canvas.page(SHEETS[code]))
            return tuple(pages)
        canvas = Canvas()
        for n, code in enumerate(truths[0].forms):
            top = canvas.bottom + 2 if n and arranged == "stacked" else 0
            left = canvas.right + 1 if n and arranged == "beside" else 0
            write_wide(canvas, code, truths, manner, wide, top=top, left=left, total=total)
        return (canvas.page("统计表"),)

    return draw


def _street_rows(*, total: Literal["first", "last"], head: str):
    """Items as columns, a row a street, and the unit's own 合计 above or below them."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        (truth,) = truths
        pages = []
        for code in truth.forms:
            canvas = Canvas()
            ordered = [item for group in _groups(code, shuffle=False) for item in group]
            canvas.put(0, 0, TITLES[code])
            canvas.put(1, 0, f"填报单位：{truth.name}")
            canvas.line(2, 0, "镇街", *(("" if i.number else "其中：") + manner.numbered(i)
                                         for i in ordered))  # fmt: skip
            streets = list(zip(*(_split(truth.figures[i.code]) for i in ordered), strict=True))
            rows = [(name, dict(zip((i.code for i in ordered), figures, strict=True)))
                    for name, figures in zip(STREETS, streets, strict=True)]  # fmt: skip
            rows.insert(0 if total == "first" else len(rows), (head, dict(truth.figures)))
            for r, (name, figures) in enumerate(rows, start=3):
                canvas.put(r, 0, name)
                canvas.line(r, 1, *(manner.typed(i, figures[i.code]) for i in ordered))
            pages.append(canvas.page(SHEETS[code]))
        return tuple(pages)

    return draw


# --- the 残联's table


def _third(kind: Literal["printed", "labels", "numbers", "nine_heads", "rows"], filled_in: str):
    """F3 as the annex prints it (its header is damaged there), and as people mend it."""

    def draw(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        (truth,) = truths
        canvas = Canvas()
        if kind == "rows":
            write_rows(canvas, "F3", truth, manner, Rows(filled_in=filled_in))
            return (canvas.page(SHEETS["F3"]),)
        canvas.put(0, 0, TITLES["F3"])
        canvas.merge(0, 0, 0, 9)
        canvas.put(1, 0, form("F3").subtitle)
        canvas.put(2, 0, f"填报单位：{truth.name}残联")
        _filling_day(canvas, filled_in or "one_cell", 2, 6)
        _third_heads(canvas, kind, manner)
        at = 5
        if kind != "labels":
            canvas.line(at, 0, *(str(n) for n in range(1, 11)))
            at += 1
        canvas.line(at, 0, *(manner.typed(i, truth.figures[i.code]) for i in items("F3")))
        canvas.line(at + 1, 0, "单位负责人:", "", "审核人:", "", "", "填报人:", "", "", "联系电话:")
        return (canvas.page(SHEETS["F3"]),)

    return draw


def _third_heads(canvas: Canvas, kind: str, manner: Manner) -> None:
    for column, item in enumerate(items("F3")):
        if item.parent:
            text = manner.wording(item)
            canvas.put(4, column, ("其中：" if item.code == "F3_8" else "") + text)
        elif not (kind == "nine_heads" and item.code == "F3_10"):
            canvas.put(3, column, manner.wording(item))
            canvas.merge(3, column, 4 if item.code != "F3_7" else 3, column)
    if kind == "nine_heads":
        # As the annex prints it: 8 and 9 stand under 享受专项扶持政策, and 10 has no head at all.
        canvas.put(3, 7, "帮助残疾人享受专项扶持政策人数")


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: how it is drawn, for how many units, which forms, and what it needs.

    needs: of the container (``sheets``, ``hidden``, ``covered``, ``1904``); loose: whether labels
    in nobody's own words may stand in it; plain:
    whether figures are numbers (a SUM passes over text); may_warn: whether a warning may come of
    it.
    """

    draw: Callable[[Sequence[Truth], Manner], tuple[Page, ...]]
    units: int = 1
    forms: str = "F1 F2"
    needs: frozenset[str] = frozenset()
    loose: bool = True
    plain: bool = False
    may_warn: bool = False

    def suits(self, manner: Manner) -> bool:
        """Whether a person of this manner would arrange it so, and be understood."""
        if self.plain and manner.number not in {"plain", "float"}:
            return False
        if manner.label not in LOOSE_LABELS:
            return True
        return self.loose and manner.numbering != "none"


def _needs(*what: str) -> frozenset[str]:
    return frozenset(what)


_EXTRA = ("label", "figure", "last", "remark")
LAYOUTS: dict[str, Layout] = {
    "official": Layout(each(Rows())),
    "official_two_cells": Layout(each(Rows(unit_line="two_cells"))),
    "official_office": Layout(each(Rows(unit_line="office"))),
    "official_unit_right": Layout(each(Rows(unit_line="right"))),
    "no_head": Layout(each(Rows(head=False))),
    "no_remark": Layout(each(Rows(remark=False))),
    "gaps": Layout(each(Rows(gaps=True))),
    "offset": Layout(_offset),
    "stacked": Layout(_stacked(Rows())),
    "stacked_no_gap": Layout(_stacked(Rows(), gap=0)),
    "stacked_extra_columns": Layout(_stacked(Rows(columns=_EXTRA))),
    "beside": Layout(_beside()),
    "beside_no_gap": Layout(_beside(gap=0)),
    "beside_lower": Layout(_beside(drop=3)),
    "beside_one_title": Layout(_beside(one_title=True), loose=False),
    "beside_remarks": Layout(_beside(rows=Rows(columns=("label", "figure", "remark")))),
    "shuffled": Layout(each(Rows(shuffle=True)), loose=False),
    "part_indented": Layout(each(Rows(parts="indent"))),
    "part_own_cell": Layout(each(Rows(columns=("part", "label", "figure"), parts="own_cell"))),
    "part_merged_cell": Layout(
        each(Rows(columns=("part", "label", "figure"), parts="own_cell_merged"))
    ),
    "part_own_row": Layout(each(Rows(parts="own_row"))),
    "part_unmarked": Layout(each(Rows(parts="none"))),
    "sub_numbers": Layout(each(Rows(parts="sub_number"))),
    "number_own_cell": Layout(each(Rows(columns=("number", "label", "figure")))),
    "serial_column": Layout(each(Rows(columns=("serial", "label", "figure")))),
    "measure_column": Layout(each(Rows(columns=("label", "measure", "figure")))),
    "serial_measure_remark": Layout(
        each(Rows(columns=("serial", "label", "measure", "figure", "remark")))
    ),
    "remark_column": Layout(each(Rows(columns=("label", "figure", "remark")))),
    "last_right": Layout(each(Rows(columns=("label", "figure", "last")))),
    "last_left": Layout(each(Rows(columns=("label", "last", "figure")))),
    "last_year_and_growth": Layout(
        each(Rows(columns=("label", "figure", "last_year", "growth", "remark")))
    ),
    "target_and_rate": Layout(
        each(Rows(columns=("label", "target", "figure", "rate", "remark")))
    ),
    "all_extra_columns": Layout(
        each(Rows(columns=("serial", "label", "measure", "last", "figure", "change", "growth",
                            "target", "rate", "share", "remark")))
    ),
    "totals_range": Layout(each(Rows(totals="range")), plain=True),
    "totals_list": Layout(each(Rows(totals="list")), plain=True),
    "totals_plus": Layout(each(Rows(totals="plus")), plain=True),
    "totals_signed": Layout(each(Rows(totals="signed")), plain=True),
    "totals_absolute": Layout(each(Rows(totals="absolute")), plain=True),
    "totals_minus": Layout(each(Rows(totals="minus")), plain=True),
    "totals_stacked_beside": Layout(_beside(rows=Rows(totals="range")), plain=True),
    "street_columns_first": Layout(_street_columns(total="first", head="合计")),
    "street_columns_last": Layout(_street_columns(total="last", head="合 计")),
    "street_columns_whole": Layout(_street_columns(total="first", head="全区")),
    "street_columns_formulas": Layout(
        _street_columns(total="last", head="合计", formulas=True), plain=True
    ),
    "street_rows_last": Layout(_street_rows(total="last", head="合计")),
    "street_rows_first": Layout(_street_rows(total="first", head="总计")),
    "units_by_sheet": Layout(_named_by_sheet, units=3),
    "units_by_sheet_alone": Layout(_named_by_sheet_alone, units=3, needs=_needs("names")),
    "units_by_column": Layout(_unit_columns(total="none"), units=3),
    "units_by_column_total": Layout(_unit_columns(total="last"), units=3),
    "units_by_column_total_first": Layout(_unit_columns(total="first"), units=3),
    "units_by_row": Layout(_wide(Wide(unit_column=True)), units=3),
    "units_by_row_total": Layout(
        _wide(Wide(unit_column=True, two_level=True), total=True), units=3
    ),
    "units_by_row_stacked": Layout(
        _wide(Wide(unit_column=True), arranged="stacked", total=True), units=3
    ),
    "hidden_last_period": Layout(_hidden_last, needs=_needs("sheets", "hidden")),
    "hidden_scratch": Layout(_hidden_scratch, needs=_needs("sheets", "hidden")),
    "merged_everywhere": Layout(_merged_everywhere),
    "tall_rows": Layout(_tall_rows),
    "under_title": Layout(_under_title, needs=_needs("covered")),
    "under_merge": Layout(_under_merge, needs=_needs("covered"), may_warn=True),
    "wide": Layout(_wide(Wide())),
    "wide_unit_column": Layout(_wide(Wide(unit_column=True))),
    "wide_two_level": Layout(_wide(Wide(two_level=True))),
    "wide_part_cell": Layout(_wide(Wide(part_cell=True))),
    "wide_numbers": Layout(_wide(Wide(numbers=True))),
    "wide_numbers_measures": Layout(_wide(Wide(numbers=True, measures=True, unit_column=True))),
    "wide_shuffled": Layout(_wide(Wide(shuffle=True)), loose=False),
    "wide_extras": Layout(_wide(Wide(extras=True, unit_column=True))),
    "wide_stacked": Layout(_wide(Wide(), arranged="stacked")),
    "wide_beside": Layout(_wide(Wide(), arranged="beside")),
    "wide_all": Layout(
        _wide(Wide(two_level=True, unit_column=True, extras=True), arranged="stacked")
    ),
    "filled_in_text": Layout(each(Rows(filled_in="text"))),
    "filled_in_dotted": Layout(each(Rows(filled_in="dotted"))),
    "filled_in_date": Layout(each(Rows(filled_in="date"))),
    "filled_in_serial": Layout(each(Rows(filled_in="serial"))),
    "filled_in_serial_1904": Layout(each(Rows(filled_in="serial_1904")), needs=_needs("1904")),
    "filled_in_date_1904": Layout(each(Rows(filled_in="date")), needs=_needs("1904")),
    "third_printed": Layout(_third("printed", ""), forms="F3"),
    "third_labels": Layout(_third("labels", "text"), forms="F3", loose=False),
    "third_nine_heads": Layout(_third("nine_heads", "date"), forms="F3",
                               loose=False),
    "third_serial": Layout(_third("printed", "serial"), forms="F3"),
    "third_serial_1904": Layout(_third("printed", "serial_1904"), forms="F3",
                                needs=_needs("1904")),
    "third_rows": Layout(_third("rows", "date"), forms="F3"),
}  # fmt: skip
LAYOUTS |= {name: Layout(draw) for name, draw in habits.ONE_UNIT.items()}
LAYOUTS |= {name: Layout(draw, units=3) for name, draw in habits.SEVERAL_UNITS.items()}
LAYOUTS["sheet_names_unit"] = Layout(habits.sheet_names_unit, needs=_needs("names"))
