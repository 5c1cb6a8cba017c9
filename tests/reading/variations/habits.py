"""Habits: more arrangements that people are fond of, each a small turn of a plain form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chunfeng_reports.campaign import Item
from variations.canvas import Canvas
from variations.pages import Page
from variations.returns import TITLES, Truth, items, parts_of
from variations.styles import Manner

SHEETS = {"F1": "春风行动", "F2": "就业援助月", "F3": "残联表"}
STREETS = ("东关街道", "建新街道", "文化路街道")
Draw = Callable[[Sequence[Truth], Manner], tuple[Page, ...]]


def _label(item: Item, manner: Manner) -> str:
    """其中： before the first part of a total, the number before all others."""
    first = item.parent and parts_of(item.parent)[0] == item.code
    return ("其中：" if first else "") + manner.numbered(item)


def _by_form(draw: Callable[[Canvas, str, Truth, Manner], None]) -> Draw:
    """A sheet a form."""

    def pages(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
        made = []
        for code in truths[0].forms:
            canvas = Canvas()
            draw(canvas, code, truths[0], manner)
            made.append(canvas.page(SHEETS[code]))
        return tuple(made)

    return pages


def _list(canvas: Canvas, code: str, truth: Truth, manner: Manner, at: int, *, left: int = 0,
          column: int = 1) -> int:  # fmt: skip
    for item in items(code):
        canvas.put(at, left, _label(item, manner))
        canvas.put(at, left + column, manner.typed(item, truth.figures[item.code]))
        at += 1
    return at


def _top(canvas: Canvas, code: str, truth: Truth) -> None:
    canvas.line(0, 0, TITLES[code])
    canvas.line(1, 0, f"{truth.word}：{truth.name}")


def annex_line(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """附件1 above the title, a line of measures, and at the foot who signed it and when."""
    canvas.put(0, 0, f"附件{code[1]}")
    canvas.put(1, 0, TITLES[code])
    canvas.line(2, 0, f"填报单位（盖章）：{truth.name}", "单位：人、个、场")
    canvas.line(3, 0, "填报项目", "数量")
    at = _list(canvas, code, truth, manner, 4)
    canvas.line(at, 0, "单位负责人：", "填表人：")
    canvas.line(at + 1, 0, "填报日期：2023年3月30日", "联系电话：")


def title_names_unit(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """The unit stands in the title and nowhere else."""
    canvas.put(0, 0, truth.name + TITLES[code])
    canvas.line(1, 0, "填报项目", "数量")
    _list(canvas, code, truth, manner, 2)


def unit_heads_figures(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """The column of figures is headed by the unit's name."""
    canvas.put(0, 0, TITLES[code])
    canvas.line(1, 0, "填报项目", truth.name)
    _list(canvas, code, truth, manner, 2)


def now_and_last(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """数量 lies over 本期 and 上期."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "数量")
    canvas.merge(2, 1, 2, 2)
    canvas.merge(2, 0, 3, 0)
    canvas.line(3, 1, "本期", "上期")
    at = _list(canvas, code, truth, manner, 4)
    for row, item in zip(range(4, at), items(code), strict=True):
        canvas.put(row, 2, (truth.figures[item.code] or 0) // 3 + 5)


def month_and_total(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """This month's figures beside those since the campaign began: the latter are reported."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "本月数", "累计数")
    at = _list(canvas, code, truth, manner, 3, column=2)
    for row, item in zip(range(3, at), items(code), strict=True):
        value = truth.figures[item.code]
        canvas.put(row, 1, "" if value is None else value // 4 + 1)


def repeated_head(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """The head is repeated where a printed page ends."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "数 量")
    at = 3
    for n, item in enumerate(items(code)):
        if n == 6:
            canvas.line(at, 0, "填报项目", "数 量")
            at += 1
        canvas.line(at, 0, _label(item, manner), manner.typed(item, truth.figures[item.code]))
        at += 1


def notes_with_figures(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """Notes below the table in which numbers stand, one of them in the figures' column."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "数 量")
    at = _list(canvas, code, truth, manner, 3)
    canvas.put(at, 0, "备注：1.数据截至上月30日；2.含东关街道12家企业。")
    canvas.line(at + 2, 0, "填表人电话", "0531-00000000")
    canvas.line(at + 3, 0, "第1页", "共1页")


def part_on_each(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """其中： before every part."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "数 量")
    for at, item in enumerate(items(code), start=3):
        text = ("其中：" if item.parent else "") + manner.numbered(item)
        canvas.line(at, 0, text, manner.typed(item, truth.figures[item.code]))


def serials_as_numbers(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """The printed numbers stand in a column 序号, none beside the parts."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "序号", "指标名称", "数值", "单位")
    for at, item in enumerate(items(code), start=3):
        serial = int(item.number) if item.number else ""
        canvas.line(at, 0, serial, manner.wording(item),
                    manner.typed(item, truth.figures[item.code]), item.unit)  # fmt: skip


def two_panels(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """A form folded in two to save paper: its later items stand beside the first."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "数量", "填报项目", "数量")
    whole = items(code)
    half = next(n for n, item in enumerate(whole) if n >= len(whole) // 2 and not item.parent)
    for n, item in enumerate(whole):
        row, left = (3 + n, 0) if n < half else (3 + n - half, 2)
        canvas.line(row, left, _label(item, manner), manner.typed(item, truth.figures[item.code]))


def streets_under_part(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """合计 beside 其中, under which the streets stand."""
    _top(canvas, code, truth)
    canvas.line(2, 0, "填报项目", "合计", "其中")
    canvas.merge(2, 0, 3, 0)
    canvas.merge(2, 1, 3, 1)
    canvas.merge(2, 2, 2, 4)
    canvas.line(3, 2, *STREETS)
    for at, item in enumerate(items(code), start=4):
        value = truth.figures[item.code]
        canvas.line(at, 0, _label(item, manner), manner.typed(item, value))
        if value is not None:
            shares = value // 2, value // 3
            canvas.line(at, 2, *(manner.typed(item, n) for n in (*shares, value - sum(shares))))


def wide_pairs(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """Items as columns, under each of them 本期 and 上期."""
    canvas.put(0, 0, TITLES[code])
    canvas.put(1, 0, f"填报单位：{truth.name}")
    for n, item in enumerate(items(code)):
        value = truth.figures[item.code]
        canvas.put(2, 2 * n, _label(item, manner))
        canvas.merge(2, 2 * n, 2, 2 * n + 1)
        canvas.line(3, 2 * n, "本期", "上期")
        canvas.line(4, 2 * n, manner.typed(item, value), (value or 0) // 3 + 2)


def wide_years(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """Items as columns, a row for this year and one for the last."""
    canvas.put(0, 0, TITLES[code])
    canvas.put(1, 0, f"填报单位：{truth.name}")
    canvas.line(2, 0, "项目", *(_label(item, manner) for item in items(code)))
    canvas.line(3, 0, "本期数", *(manner.typed(i, truth.figures[i.code]) for i in items(code)))
    canvas.line(4, 0, "上年同期", *((truth.figures[i.code] or 0) // 2 + 3 for i in items(code)))


def wide_wrapped(canvas: Canvas, code: str, truth: Truth, manner: Manner) -> None:
    """Items as columns in two blocks, one below the other."""
    canvas.put(0, 0, TITLES[code])
    canvas.put(1, 0, f"填报单位：{truth.name}")
    whole = items(code)
    half = next(n for n, item in enumerate(whole) if n >= len(whole) // 2 and not item.parent)
    for at, block in ((2, whole[:half]), (5, whole[half:])):
        canvas.line(at, 0, *(_label(item, manner) for item in block))
        canvas.line(at + 1, 0, *(manner.typed(i, truth.figures[i.code]) for i in block))


def one_list(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Both forms as two parts of one list under the campaign's own title."""
    (truth,) = truths
    canvas = Canvas()
    canvas.put(0, 0, "2023年春风行动暨就业援助月活动情况统计表")
    canvas.put(1, 0, f"{truth.word}：{truth.name}")
    canvas.line(2, 0, "填报项目", "数量")
    at = 3
    for words, code in (("一、春风行动情况", "F1"), ("二、就业援助月情况", "F2")):
        canvas.put(at, 0, words)
        canvas.merge(at, 0, at, 1)
        at = _list(canvas, code, truth, manner, at + 1)
    return (canvas.page("统计表"),)


def column_of_forms(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Both forms in one list, the form's name merged down a column at the left."""
    (truth,) = truths
    canvas = Canvas()
    canvas.put(0, 0, "2023年春风行动暨就业援助月活动情况统计表")
    canvas.put(1, 0, f"填报单位：{truth.name}")
    canvas.line(2, 0, "类别", "填报项目", "数量")
    at = 3
    for words, code in (("春风行动", "F1"), ("就业援助月", "F2")):
        start = at
        canvas.put(at, 0, words)
        at = _list(canvas, code, truth, manner, at, left=1)
        canvas.merge(start, 0, at - 1, 0)
    return (canvas.page("统计表"),)


def empty_column(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Several units, a column each; one more has a column in which nothing stands yet."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        canvas.put(0, 0, TITLES[code])
        canvas.line(1, 0, "填报项目", truths[0].name, "商河县", *(one.name for one in truths[1:]))
        for at, item in enumerate(items(code), start=2):
            canvas.put(at, 0, _label(item, manner))
            canvas.put(at, 1, manner.typed(item, truths[0].figures[item.code]))
            for n, one in enumerate(truths[1:], start=3):
                canvas.put(at, n, manner.typed(item, one.figures[item.code]))
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


def empty_row(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Several units, a row each; one more has a row in which nothing stands yet."""
    pages = []
    for code in truths[0].forms:
        canvas = Canvas()
        canvas.put(0, 0, TITLES[code])
        canvas.line(1, 0, "序号", "区县", *(_label(item, manner) for item in items(code)))
        canvas.line(2, 0, 1, "商河县")
        for n, one in enumerate(truths, start=2):
            figures = (manner.typed(i, one.figures[i.code]) for i in items(code))
            canvas.line(1 + n, 0, n, one.name, *figures)
        totals = (sum(one.figures[i.code] or 0 for one in truths) for i in items(code))
        canvas.line(3 + len(truths), 0, "合计", "", *totals)
        pages.append(canvas.page(SHEETS[code]))
    return tuple(pages)


def sheet_names_unit(truths: Sequence[Truth], manner: Manner) -> tuple[Page, ...]:
    """Only the sheet's name says whose it is."""
    (truth,) = truths
    canvas = Canvas()
    for code in truth.forms:
        top = canvas.bottom + 1 if canvas.bottom else 0
        canvas.put(top, 0, TITLES[code])
        canvas.line(top + 1, 0, "填报项目", "数量")
        _list(canvas, code, truth, manner, top + 2)
    return (canvas.page(truth.name),)


BY_FORM = {
    "annex_line": annex_line, "title_names_unit": title_names_unit,
    "unit_heads_figures": unit_heads_figures, "now_and_last": now_and_last,
    "month_and_total": month_and_total, "repeated_head": repeated_head,
    "notes_with_figures": notes_with_figures, "part_on_each": part_on_each,
    "serials_as_numbers": serials_as_numbers, "two_panels": two_panels,
    "streets_under_part": streets_under_part, "wide_pairs": wide_pairs, "wide_years": wide_years,
    "wide_wrapped": wide_wrapped,
}  # fmt: skip
ONE_UNIT: dict[str, Draw] = {name: _by_form(draw) for name, draw in BY_FORM.items()} | {
    "one_list": one_list,
    "column_of_forms": column_of_forms,
}
SEVERAL_UNITS: dict[str, Draw] = {"empty_column": empty_column, "empty_row": empty_row}
