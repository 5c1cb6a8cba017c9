"""Blanks: the campaign's official forms as planned sheets, blank or filled in.

Laid out as annexes 1–3 print them: ``rows`` forms as 填报项目 | 数量, ``columns`` forms as one wide
row under a two-row head with column numbers. Labels are those of the desk's tier, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chunfeng_reports.campaign import Desk, Form, Item, Region
from chunfeng_reports.errors import UseError
from chunfeng_reports.sheets import CellStyle, Entry, PlannedCell, SheetPlan, TotalOf

FIRST_PART = "其中："
OTHER_PARTS = "　　　"  # as wide as 其中： so that the parts stand under each other

Values = Mapping[str, float | None]


def form_sheet(
    desk: Desk,
    form: Form,
    *,
    due: str | None = None,
    region: Region | None = None,
    values: Values | None = None,
    totals: str | None = None,
    caveats: Sequence[str] = (),
) -> SheetPlan:
    """An official form as a sheet: to be filled in, or filled with values.

    due: only the items asked for at that due (default: the whole form as printed); region: who
    files it (default: left open), the body itself for its own totals; values: figures by item
    code, none where there is no figure; without values every figure is an open cell with a check
    on entry, and nothing else can be typed over. totals: id of a table of the same workbook with a
    column keyed by each item code: figures become live sums of those columns. caveats: printed
    under the form, for figures that are not yet what they will be.
    UseError for a narrative form, or one that is not asked for at the due.
    """
    if form.layout == "prose":
        raise UseError(f"{form.short}是文字材料，没有表样；请按通知要求撰写文档")
    sheet = _Sheet(desk, form, _items(desk, form, due), region, values, totals, caveats)
    return _rows_plan(sheet) if form.layout == "rows" else _columns_plan(sheet)


def blank_properties(
    desk: Desk, forms: Sequence[Form], *, due: str | None = None, region: Region | None = None
) -> dict[str, str]:
    """Document properties of a workbook of forms: campaign, form (comma separated), due, region.

    They tell the reading of a returned file what it is, whatever its name became; what is left
    open is left out.
    """
    known = {
        "campaign": desk.campaign.id,
        "form": ",".join(form.code for form in forms),
        "due": due or "",
        "region": region.code if region else "",
    }
    return {name: value for name, value in known.items() if value}


def dues_in_words(desk: Desk, form: Form) -> str:
    """The dues at which the desk's tier expects a form: ``2月1日、3月1日、4月1日``."""
    asked = [due for due in desk.dues if form.code in desk.round(due).forms]
    days = [date.fromisoformat(due) for due in asked]
    return "、".join(f"{day.month}月{day.day}日" for day in days)


def _items(desk: Desk, form: Form, due: str | None) -> tuple[Item, ...]:
    if due is None:
        return form.items
    items = desk.expected_items(due, form.code)
    if not items:
        raise UseError(f"{due}这一期不要求报送{form.short}；请换一个报送期或另一张表")
    return items


@dataclass(frozen=True)
class _Sheet:
    """What the plans of one form share: its words and the cell of a figure."""

    desk: Desk
    form: Form
    items: tuple[Item, ...]
    region: Region | None
    values: Values | None
    totals: str | None
    caveats: Sequence[str]

    @property
    def title(self) -> str:
        """The form's title as printed."""
        return self.desk.campaign.title_of(self.form)

    @property
    def own(self) -> bool:
        """Whether the form is the body's, holding its units' totals."""
        return self.region is not None and self.region.code == self.desk.body.code

    @property
    def blank(self) -> bool:
        """Whether the form is there to be filled in."""
        return self.values is None and self.totals is None

    def figure(self, item: Item, row: int, column: int) -> PlannedCell:
        """The cell of an item's figure: open, filled, or a live sum."""
        cell = PlannedCell(row=row, column=column, style="figure", decimals=item.decimals)
        if self.blank:
            return cell.model_copy(update={"entry": _entry(item)})
        value = (self.values or {}).get(item.code)
        total = TotalOf(table=self.totals, column=item.code) if self.totals else None
        return cell.model_copy(update={"value": value, "total_of": total})

    def part_of(self, item: Item) -> Item | None:
        """The item on this sheet that this one is 其中 of."""
        return next((other for other in self.items if other.code == item.parent), None)

    def parts(self, item: Item) -> list[Item]:
        """The items on this sheet that are 其中 of this one."""
        return [other for other in self.items if other.parent == item.code]

    def depth(self, item: Item) -> int:
        """How many totals stand above an item."""
        above = self.part_of(item)
        return 0 if above is None else 1 + self.depth(above)

    def opens_parts(self, item: Item) -> bool:
        """Whether the item is the first 其中 of its total."""
        above = self.part_of(item)
        return above is not None and self.parts(above)[0] is item

    def notes(self) -> list[str]:
        """What is printed under the form: caveats, its remark, the readings it was laid out by."""
        remark = self.form.remark.format(
            unit_word=self.desk.tier.unit_word,
            dues=dues_in_words(self.desk, self.form),
            year=self.desk.campaign.year,
        )
        codes = {item.code for item in self.items}
        places = {"form", "rollup"} if self.own else {"form"}
        readings = [
            f"注：{reading.footnote}"
            for reading in self.desk.campaign.readings
            if places & set(reading.shown_on) and reading.footnote and codes & set(reading.items)
        ]
        # The remark tells units by when to report to the body; on its own form it has no place.
        return [note for note in (*self.caveats, "" if self.own else remark, *readings) if note]

    def whose(self) -> str:
        """The words before and with the unit's name."""
        if self.region is None:
            return f"{self.desk.tier.unit_word}："
        return f"{'汇总单位' if self.own else self.desk.tier.unit_word}：{self.region.short}"

    def filer(self) -> str:
        """填报单位 of a form that a line of its own files: ``历下区残联``."""
        if self.own:
            return self.whose()
        return f"填报单位：{self.region.short + self.form.line if self.region else ''}"


def _entry(item: Item) -> Entry:
    kind = f"最多{item.decimals}位小数的数字" if item.decimals else "整数"
    return Entry(
        decimals=item.decimals,
        message=f"请填不小于0的{kind}，只填数字，不写单位（{item.unit}）；没有发生填0，暂无数据留空。",
    )


def _cell(
    row: int,
    column: int,
    value: str,
    style: CellStyle,
    *,
    rows: int = 1,
    columns: int = 1,
    entry: Entry | None = None,
    indent: int = 0,
) -> PlannedCell:
    return PlannedCell(
        row=row, column=column, rows=rows, columns=columns, value=value, style=style,
        entry=entry, indent=indent,
    )  # fmt: skip


def _open(sheet: _Sheet, message: str, *, when: bool = True) -> Entry | None:
    return Entry(kind="text", message=message) if sheet.blank and when else None


# --- rows: 填报项目 | 数量 ------------------------------------------------------------------------


def _rows_plan(sheet: _Sheet) -> SheetPlan:
    last = 3 + len(sheet.items)
    unnamed = _open(sheet, "请在冒号后写明单位名称。", when=sheet.region is None)
    cells = [
        _cell(0, 0, sheet.title, "title", columns=2),
        _cell(1, 0, sheet.whose(), "line", columns=2, entry=unnamed),
        _cell(2, 0, "填报项目", "head"),
        _cell(2, 1, "数 量", "head"),
    ]
    for row, item in enumerate(sheet.items, start=3):
        label = _row_label(sheet, item)
        cells.append(_cell(row, 0, label, "label", indent=sheet.depth(item)))
        cells.append(sheet.figure(item, row, 1))
    cells += _under(sheet, last, columns=2)
    heights = {0: 42.0, 1: 26.0, 2: 26.0} | dict.fromkeys(range(3, last), 25.0)
    return SheetPlan(
        name=sheet.form.short,
        cells=tuple(cells),
        widths=(58.0, 22.0),
        heights=heights | _note_heights(sheet, last, characters=70),
        protect=sheet.blank,
    )


def _row_label(sheet: _Sheet, item: Item) -> str:
    label = sheet.desk.label(item)
    if sheet.part_of(item) is not None:
        return f"{FIRST_PART if sheet.opens_parts(item) else OTHER_PARTS}{label}"
    return f"{item.number}.{label}" if item.number else label


# --- columns: one wide row under a two-row head -----------------------------------------------


def _columns_plan(sheet: _Sheet) -> SheetPlan:
    count = len(sheet.items)
    below = 7 if not sheet.form.sign_off else 8
    cells = [
        _cell(0, 0, sheet.title, "title", columns=count),
        _cell(1, 0, sheet.form.subtitle, "subtitle", columns=count),
        *_filing_line(sheet, count),
        *_head(sheet),
    ]
    for column, item in enumerate(sheet.items):
        cells.append(_cell(5, column, item.number or str(column + 1), "head"))
        cells.append(sheet.figure(item, 6, column))
    cells += [*_signatures(sheet, 7, count), *_under(sheet, below, columns=count)]
    return SheetPlan(
        name=sheet.form.short,
        cells=tuple(cells),
        widths=(12.5,) * count,
        heights={0: 36.0, 1: 22.0, 2: 24.0, 3: 50.0, 4: 66.0, 5: 20.0, 6: 32.0, 7: 30.0}
        | _note_heights(sheet, below, characters=11 * count),
        landscape=True,
        protect=sheet.blank,
    )


def _filing_line(sheet: _Sheet, count: int) -> Iterator[PlannedCell]:
    left = max(1, count * 3 // 5)
    who = _open(sheet, "请在冒号后写明填报单位。", when=sheet.region is None)
    when = _open(sheet, "请写明填表当日的日期。")
    day = f"填报时间：{sheet.desk.campaign.year}年　　月　　日"
    yield _cell(2, 0, sheet.filer(), "line", columns=left, entry=who)
    if count > left:
        yield _cell(2, left, day, "line", columns=count - left, entry=when)


def _head(sheet: _Sheet) -> Iterator[PlannedCell]:
    """Two rows: a total spans itself and its parts, whose own heads stand in the second row."""
    covered = 0  # columns left of this one stand under a total's head
    for column, item in enumerate(sheet.items):
        label = sheet.desk.label(item)
        prefix = FIRST_PART if sheet.opens_parts(item) else ""
        parts = _spanned(sheet, column)
        if column < covered:
            yield _cell(4, column, f"{prefix}{label}", "head")
        elif parts:
            yield _cell(3, column, label, "head", columns=1 + parts)
            yield _cell(4, column, "", "head")
            covered = column + 1 + parts
        else:
            yield _cell(3, column, f"{prefix}{label}", "head", rows=2)


def _spanned(sheet: _Sheet, column: int) -> int:
    """How many columns directly right of a total are parts of it, or parts of its parts."""
    depth = sheet.depth(sheet.items[column])
    right = sheet.items[column + 1 :]
    return next((n for n, item in enumerate(right) if sheet.depth(item) <= depth), len(right))


def _signatures(sheet: _Sheet, row: int, count: int) -> Iterator[PlannedCell]:
    names = sheet.form.sign_off
    for n, name in enumerate(names):
        start, end = n * count // len(names), (n + 1) * count // len(names)
        if end > start:
            entry = _open(sheet, f"请在冒号后填写{name.rstrip('：:')}。")
            yield _cell(row, start, name, "sign", columns=end - start, entry=entry)


# --- what is printed below -----------------------------------------------------------------------


def _under(sheet: _Sheet, row: int, *, columns: int) -> Iterator[PlannedCell]:
    for n, note in enumerate(sheet.notes()):
        yield _cell(row + n, 0, note, "note", columns=columns)


def _note_heights(sheet: _Sheet, row: int, *, characters: int) -> dict[int, float]:
    """Merged cells do not grow with their text: a line for every ``characters`` half-widths."""
    return {
        row + n: 8.0 + 16.0 * -(-2 * len(note) // characters)
        for n, note in enumerate(sheet.notes())
    }
