"""Figures: the cells of a form → its figures, with doubts about how they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from chunfeng_reports.campaign import Item
from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Formula, Grid, Value
from chunfeng_reports.reading.layouts.formulas import Place, Sum, evaluate, is_computed
from chunfeng_reports.reading.recognised import Doubt, Figure, How
from chunfeng_reports.reading.words.numbers import Number, as_typed, read_number
from chunfeng_reports.reading.words.numerals import NUMERAL_CHARACTERS

#: Decimals to which a stored result must agree: sums of fractions differ in the last binary digits.
_DECIMALS = 6
_LARGEST = 10**15
_SHOWN = 3
_NUMERALS = re.compile(f"[{NUMERAL_CHARACTERS.replace('一', '')}]")
_DOUBTED: dict[How, tuple[str, str]] = {
    "approximate": ("reading.approximate", "是约数，已按 {value} 计；请填准确数字"),
    "guessed": (
        "reading.numeral_guessed",
        "不止一种读法，已按 {value} 计；请改填阿拉伯数字",
    ),
    "annotated": (
        "reading.annotated",
        "数字旁带有标注，已按 {value} 计；请核对，并把说明写到备注中",
    ),
    "other_unit": (
        "reading.unit_differs",
        "所带单位不是本项单位“{unit}”，已按 {value} 计；请核对",
    ),
    "from_yuan": ("reading.money_scaled", "以元填写，已折算为 {value} 万元；请按万元填写"),
}


def number_at(grid: Grid, row: int, column: int, unit: str = "个") -> Number:
    """The number that a cell holds, read for an item counted in ``unit`` (个: anything).

    A plain sum has its result even where the file holds none.
    """
    return _number(grid, grid.filled(row, column), unit)[0]


def read_figures(
    grid: Grid, items: Iterable[Item], cells: Mapping[str, tuple[int, int] | None]
) -> tuple[dict[str, Figure], tuple[Doubt, ...]]:
    """Figures by item code, ``blank`` without a cell where the form has no row for it; doubts."""
    items = tuple(items)
    figures: dict[str, Figure] = {}
    formulas: dict[str, Formula] = {}
    sums: dict[str, Sum] = {}
    for item in items:
        if (at := cells.get(item.code)) is None:
            figures[item.code] = Figure(item.code, "blank")
            continue
        value = grid.filled(*at)
        number, result = _number(grid, value, item.unit)
        figures[item.code] = Figure(item.code, number.state, number.value, number.raw,
                                    cell_name(*at), number.how)  # fmt: skip
        if isinstance(value, Formula):
            formulas[item.code] = value
        if result is not None:
            sums[item.code] = result
    if not (formulas or sums) and all(figure.how == "typed" for figure in figures.values()):
        return figures, ()
    figures = _ones(figures)
    doubts: list[Doubt] = []
    for item in items:
        figure, formula = figures[item.code], formulas.get(item.code)
        if formula is not None:
            doubts += _formula_doubts(grid, item, figure, formula, sums.get(item.code))
        doubts += doubts_of(item, figure, sheet=grid.name)
    if sums:
        lost = _lost(grid, figures, cells)
        doubts += [doubt for item in items for doubt in _lacking(grid, item, figures, sums, lost)]
    return figures, (*doubts, *_interpreted(figures.values(), sheet=grid.name))


def _ones(figures: dict[str, Figure]) -> dict[str, Figure]:
    """The figures; a lone 一 is no dash, but surely 1, where others are in Chinese numerals too."""
    ones = [f for f in figures.values() if f.how == "guessed" and f.raw.strip() == "一"]
    if not ones or not any(f.value is not None and _NUMERALS.search(f.raw)
                           for f in figures.values()):  # fmt: skip
        return figures
    return {**figures, **{f.item: f._replace(how="interpreted") for f in ones}}


def doubts_of(item: Item, figure: Figure, *, sheet: str) -> list[Doubt]:
    """The doubt that a figure's way of writing raises: 约, a remark, another unit, 元 for 万元."""
    if figure.how not in _DOUBTED or figure.value is None:
        return []
    rule, words = _DOUBTED[figure.how]
    told = words.format(value=as_typed(figure.value), unit=item.unit)
    return [Doubt(rule, "warning", f"{item.short}“{figure.raw}”{told}", (item.code,),
                  value=figure.raw, sheet=sheet, cell=figure.cell)]  # fmt: skip


# --- formulas


def _number(grid: Grid, value: Value, unit: str) -> tuple[Number, Sum | None]:
    """A cell's number, and what its formula comes to where that is a plain sum.

    A sum of nothing but empty cells is ``blank``: nobody gave a figure, whatever 0 is shown.
    """
    if isinstance(value, (int, float)):
        return read_number(value, unit=unit), None
    text = value.text if isinstance(value, Formula) else value
    if not isinstance(text, str) or not text.startswith(("=", "＝")):
        return read_number(value, unit=unit), None
    result = evaluate(grid, text)
    if result is None or abs(result.value) >= _LARGEST:
        return read_number(value, unit=unit), None
    if not result.counted:
        return Number("blank", None, text), result
    exact = read_number(float(result.value), unit=unit).value
    return Number("value", exact, text, "interpreted"), result


def _formula_doubts(
    grid: Grid, item: Item, figure: Figure, formula: Formula, result: Sum | None
) -> list[Doubt]:
    """Doubts on a formula's figure: whether the result stored with it is the one that is meant.

    Parts typed as text (6场) are no doubt where nothing was worked out before: all are counted.
    """
    stored = read_number(formula.stored, unit=item.unit).value
    if result is None:
        return [_zero(grid, item, figure)] if stored == 0 else []
    if figure.value is None:
        return []
    agrees = stored is not None and round(stored - figure.value, _DECIMALS) == 0
    told = as_typed(stored) if stored is not None else ""
    if agrees:
        return []
    computed = stored is not None and (stored != 0 or is_computed(grid))
    if result.unsure or (computed and result.texts):
        return [_with_texts(grid, item, figure, result, told)]
    return [_stale(grid, item, figure, told)] if computed else []


def _zero(grid: Grid, item: Item, figure: Figure) -> Doubt:
    """The doubt on a stored 0 that cannot be worked out: some programs store 0 for everything."""
    message = (
        f"{item.short}的公式 {figure.raw} 存的结果是 0，无法重新计算，可能并未算过；"
        "请在 Excel 中重新计算并保存，或直接填写数字"
    )
    return _doubt("reading.formula_zero", message, grid, figure, stored="0")


def _stale(grid: Grid, item: Item, figure: Figure, stored: str) -> Doubt:
    result = as_typed(figure.value or 0)
    message = (
        f"{item.short}的公式 {figure.raw} 存的结果是 {stored}，"
        f"重新计算为 {result}，已采用后者；请在 Excel 中重新计算并保存"
    )
    return _doubt("reading.formula_stale", message, grid, figure, stored=stored, expected=result)


def _with_texts(grid: Grid, item: Item, figure: Figure, result: Sum, stored: str) -> Doubt:
    """The doubt on a sum over figures that are text: a spreadsheet leaves those out."""
    cells = [(row, column) for _, row, column in sorted(result.texts)][:_SHOWN]
    shown = "、".join(cell_name(*at) for at in cells)
    more = f" 等 {len(result.texts)} 格" if len(result.texts) > _SHOWN else ""
    seen = f"（存的结果是 {stored}）" if stored else ""
    value = as_typed(figure.value or 0)
    message = (
        f"{item.short}的公式 {figure.raw} 所加的 {shown}{more} 以文本填写，"
        f"电子表格求和时不计{seen}，已按 {value} 计；请把各格改为数字后重新计算并保存"
    )
    return _doubt("reading.formula_texts", message, grid, figure, stored=stored, expected=value)


def _lost(
    grid: Grid, figures: Mapping[str, Figure], cells: Mapping[str, tuple[int, int] | None]
) -> dict[Place, Figure]:
    """The items' cells in which no figure stands."""
    return {
        (grid.name.upper(), *at): figures[code]
        for code, at in cells.items()
        if at is not None and code in figures and figures[code].state != "value"
    }


def _lacking(
    grid: Grid,
    item: Item,
    figures: Mapping[str, Figure],
    sums: Mapping[str, Sum],
    lost: Mapping[Place, Figure],
) -> list[Doubt]:
    """The doubt on a total that adds up an item's cell in which no figure stands."""
    result = sums.get(item.code)
    if result is None or figures[item.code].state != "value":
        return []
    lacking = [lost[place] for place in sorted((result.empty | result.texts) & lost.keys())]
    if not lacking:
        return []
    figure = figures[item.code]
    shown = "、".join(f"{f.cell}“{f.raw}”" if f.raw else f.cell for f in lacking[:_SHOWN])
    message = (
        f"{item.short}的公式 {figure.raw} 所加的 {shown} 没有可用的数字，"
        f"合计 {as_typed(figure.value or 0)} 可能不全；请补齐后重新计算"
    )
    return [_doubt("reading.formula_lacks", message, grid, figure, stored=figure.raw)]


def _doubt(
    rule: str, message: str, grid: Grid, figure: Figure, *, stored: str, expected: str = ""
) -> Doubt:
    return Doubt(rule, "warning", message, (figure.item,), value=stored, expected=expected,
                 sheet=grid.name, cell=figure.cell)  # fmt: skip


# --- what was read without doubt, told once a form


def _interpreted(figures: Iterable[Figure], *, sheet: str) -> list[Doubt]:
    """One doubt a form for all formulas, and one for all figures that needed interpretation."""
    read = [f for f in figures if f.state == "value"]
    written = [f for f in read if f.raw.startswith(("=", "＝"))]
    odd = [f for f in read if f.how == "interpreted" and f not in written]
    found = []
    if written:
        message = "以公式填写，按公式结果读取；报送时可改为数值"
        found.append(_listed("reading.formula", message, written, sheet))
    if odd:
        message = "写法不规范（带单位、全角数字、千分位等），已按数字读取；请直接填阿拉伯数字"
        found.append(_listed("reading.interpreted", message, odd, sheet))
    return found


def _listed(rule: str, message: str, figures: list[Figure], sheet: str) -> Doubt:
    shown = "、".join(f"{f.cell}“{f.raw}”" for f in figures[:_SHOWN])
    more = f" 等 {len(figures)} 处" if len(figures) > _SHOWN else ""
    return Doubt(rule, "info", f"{shown}{more}：{message}", tuple(f.item for f in figures),
                 value=figures[0].raw, sheet=sheet, cell=figures[0].cell)  # fmt: skip
