"""Figures: the cells of a form → its figures, with doubts about how they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid
from chunfeng_reports.reading.layouts.formulas import evaluate
from chunfeng_reports.reading.recognised import Doubt, Figure
from chunfeng_reports.reading.words.numbers import How, Number, as_typed, read_number

#: Decimals to which a stored result must agree: sums of fractions differ in the last binary digits.
_DECIMALS = 6
_DOUBTED: dict[How, tuple[str, str]] = {
    "approximate": ("reading.approximate", "是约数，已按 {value} 计；请填准确数字"),
    "other_unit": (
        "reading.unit_differs",
        "所带单位不是本项单位“{unit}”，已按 {value} 计；请核对",
    ),
    "from_yuan": ("reading.money_scaled", "以元填写，已折算为 {value} 万元；请按万元填写"),
}


def number_at(grid: Grid, row: int, column: int, unit: str = "个") -> Number:
    """The number that a cell holds, read for an item counted in ``unit`` (个: anything)."""
    return read_number(grid.filled(row, column), unit=unit)


def read_figures(
    grid: Grid, items: Iterable[Item], cells: Mapping[str, tuple[int, int] | None]
) -> tuple[dict[str, Figure], tuple[Doubt, ...]]:
    """Figures by item code, ``blank`` without a cell where the form has no row for it; doubts."""
    figures: dict[str, Figure] = {}
    doubts: list[Doubt] = []
    for item in items:
        at = cells.get(item.code)
        if at is None:
            figures[item.code] = Figure(item.code, "blank")
        else:
            figures[item.code], stale = _figure(grid, item, *at)
            doubts += stale
            doubts += doubts_of(item, figures[item.code], sheet=grid.name)
    return figures, (*doubts, *_interpreted(figures.values(), sheet=grid.name))


def doubts_of(item: Item, figure: Figure, *, sheet: str) -> list[Doubt]:
    """The doubt that a figure's way of writing raises: 约, another unit, 元 for 万元."""
    if figure.how not in _DOUBTED or figure.value is None:
        return []
    rule, words = _DOUBTED[figure.how]
    told = words.format(value=as_typed(figure.value), unit=item.unit)
    return [Doubt(rule, "warning", f"{item.short}“{figure.raw}”{told}", (item.code,),
                  value=figure.raw, sheet=sheet, cell=figure.cell)]  # fmt: skip


def _figure(grid: Grid, item: Item, row: int, column: int) -> tuple[Figure, list[Doubt]]:
    value, cell = grid.filled(row, column), cell_name(row, column)
    number = read_number(value, unit=item.unit)
    if not isinstance(value, Formula):
        figure = Figure(item.code, number.state, number.value, number.raw, cell, number.how)
        return figure, []
    result = evaluate(grid, value.text)
    if result is None:
        figure = Figure(item.code, number.state, number.value, value.text, cell, number.how)
        return figure, _nobody_computed(grid, item, figure)
    figure = Figure(item.code, "value", result, value.text, cell, "interpreted")
    if number.value is None or round(number.value - result, _DECIMALS) == 0:
        return figure, []
    return figure, [_stale(grid, item, figure, number.value)]


def _nobody_computed(grid: Grid, item: Item, figure: Figure) -> list[Doubt]:
    """A doubt on a stored 0 that cannot be worked out: some programs store 0 for every formula."""
    if figure.value != 0:
        return []
    message = (
        f"{item.short}的公式 {figure.raw} 存的结果是 0，无法重新计算，可能并未算过；"
        "请在 Excel 中重新计算并保存，或直接填写数字"
    )
    return [Doubt("reading.formula_zero", "warning", message, (item.code,), value="0",
                  sheet=grid.name, cell=figure.cell)]  # fmt: skip


def _stale(grid: Grid, item: Item, figure: Figure, stored: float) -> Doubt:
    result = as_typed(figure.value or 0)
    message = (
        f"{item.short}的公式 {figure.raw} 存的结果是 {as_typed(stored)}，"
        f"重新计算为 {result}，已采用后者；请在 Excel 中重新计算并保存"
    )
    return Doubt("reading.formula_stale", "warning", message, (item.code,),
                 value=as_typed(stored), expected=result,
                 sheet=grid.name, cell=figure.cell)  # fmt: skip


def _interpreted(figures: Iterable[Figure], *, sheet: str) -> list[Doubt]:
    """One doubt a form for all formulas, and one for all figures that needed interpretation."""
    written = [f for f in figures if f.raw.startswith("=") and f.state == "value"]
    odd = [f for f in figures if f.how == "interpreted" and f not in written]
    found = []
    if written:
        message = "以公式填写，按公式结果读取；报送时可改为数值"
        found.append(_listed("reading.formula", message, written, sheet))
    if odd:
        message = "写法不规范（带单位、全角数字、千分位等），已按数字读取；请直接填阿拉伯数字"
        found.append(_listed("reading.interpreted", message, odd, sheet))
    return found


def _listed(rule: str, message: str, figures: list[Figure], sheet: str) -> Doubt:
    shown = "、".join(f"{f.cell}“{f.raw}”" for f in figures[:3])
    more = f" 等 {len(figures)} 处" if len(figures) > 3 else ""
    return Doubt(rule, "info", f"{shown}{more}：{message}", tuple(f.item for f in figures),
                 value=figures[0].raw, sheet=sheet, cell=figures[0].cell)  # fmt: skip
