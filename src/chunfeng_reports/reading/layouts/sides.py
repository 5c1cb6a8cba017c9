"""Sides: the columns beside labels — what their heads say, and which one holds the figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chunfeng_reports.cells import column_name
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.figures import number_at
from chunfeng_reports.reading.layouts.spots import holds_number, text_of
from chunfeng_reports.reading.layouts.times import OTHER_TIME, SINCE_START, head_text, of_this_due
from chunfeng_reports.reading.recognised import Doubt, Seen
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

Role = Literal["none", "other", "total", "since", "period", "plain", "unit", "part", "bare"]

_HEAD_ROWS = 4
_ROLES: dict[Role, str] = {
    "none": "不是数字列", "other": "不是本期数", "total": "合计列", "since": "累计数列",
    "period": "本期数列", "plain": "数字列", "unit": "单位列", "part": "分项列", "bare": "无表头",
}  # fmt: skip
#: Columns in which numbers may stand that are of no time at all.
_NO_COUNTS = re.compile(
    r"备注|说明|序号|核实|核对|编码|代码|编号|电话|联系|示例|样例|范例|举例|来源|口径"
    r"|^(?:计量)?单位$|^栏次$|得分|评分|扣分|科室|责任"
)
#: Beside labels a head of more or fewer than before holds no figures of its own.
_MORE = re.compile("[增减]")
_YEAR = re.compile(r"20[0-9]{2}(?=年)")
#: A year that heads figures: 2023, 23年.
_BARE_YEAR = re.compile("20(?P<year>[12][0-9])年?|(?P<short>[12][0-9])年")
_TOTAL = re.compile(r"合计|总计|小计|总数|汇总|共计|总和|^总量$|^全部$|[全总](?:区|县|市|域)|^计$")
_PERIOD = re.compile(r"本期|本次|当期|本阶段|本月|本周|本轮|当月")
_FIGURES = re.compile(
    r"数量|数值|填报数|统计数|实际|完成|数据|人数|数$|^[今本]年度?$|(?:修改|更正|调整|修正|订正)后"
)
#: Words that a head may carry over its parts, and that tell nothing of them.
_GENERIC = re.compile(
    r"数量|数值|数据|填报数?|统计数?|情况|其中"
    r"|各?(?:镇街|街镇|乡镇|街道|区县|县区|单位)(?:名称|分列)?$"
    r"|^各(?:镇街|街镇|乡镇|街道|区县|县区)"
)
_PART_OF_UNIT = re.compile(r"街道|镇|乡|办事处|街办|社区|村|路$|本级|直属")
_OFFICE = re.compile("局|中心|残联|委员会|办公室")
HEAD_WORD = re.compile(
    r"(?:填报|统计|指标)?(?:项目|指标|内容|名称|数[量值据])(?:名称)?|序号|备注|说明|(?:计量)?单位"
    r"|累计数?|[本上当]期数?|[上去]年(?:同期)?数?|同[比期]数?|环比|合计|完成(?:率|数|情况)"
    r"|增减(?:数|率)?|目标(?:任务)?数?|计划数?"
)
_MEASURE_HEAD = re.compile("(?:计量)?单位")
_MEASURES = re.compile(r"^(?:人次|[人户个家份场次元])+$")
#: What a head says of the time of its figures.
_TIMES = re.compile(
    r"累计|本期|本次|当期|本阶段|本月|本周|本轮|当月|截[至止]|自?活动(?:开展|启动|期间)?(?:以来)?|年初|以来"
    r"|[今本当]年度?|20[0-9]{2}年|上报|报送|填报|实际|目?前|数|完成"
)
#: Rows from which on 1, 2, 3 … count rows.
_COUNTED = 4
_PERIODS = re.compile(r"第[一二三四五六1-6][次期]|[0-9]{1,2}月|20[0-9]{6}")
#: Columns of other roles that might be meant as well as those of some.
_LOOSE: dict[str, tuple[Role, ...]] = {
    "since": ("total", "plain", "unit"), "plain period": ("total", "unit"), "part": ("bare",),
}  # fmt: skip
_OF_FIGURES: tuple[Role, ...] = ("since", "plain", "period", "total")
_SEVERITIES: dict[str, Severity] = {
    "reading.column_other": "critical",
    "reading.column_parts": "critical",
    "reading.column_guessed": "warning",
    "reading.column_chosen": "info",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column beside labels: its head, what that says of it, and how many figures stand in it.

    unit: the unit's code that the head names, if any; named: whether the head says more than what
    time its figures are of (甲街道累计).
    """

    index: int
    head: str
    role: Role
    filled: int
    unit: str = ""
    named: bool = False

    @property
    def measures(self) -> bool:
        """Whether it holds the measure that each item is counted in."""
        return _MEASURE_HEAD.fullmatch(self.head) is not None

    @property
    def shown(self) -> str:
        """How a person would call it: ``C列“本期数”``."""
        return f"{column_name(self.index)}列“{self.head}”"

    def seen(self, row: int, *, taken: bool) -> Seen:
        """What the column was held to be."""
        return Seen(f"{column_name(self.index)}{row + 1}", self.head, "列",
                    "本表数字" if taken else "", _ROLES[self.role])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """The column of a unit's figures (None: it cannot be told), and why it is in doubt.

    parts: columns that must add up to it; unit_text: the head that names its unit, where several
    share the table. rule: empty without a doubt.
    """

    column: Column | None
    parts: tuple[Column, ...] = ()
    unit_text: str = ""
    rule: str = ""
    message: str = ""

    def doubts(self, grid: Grid, items: tuple[str, ...]) -> tuple[Doubt, ...]:
        """The doubt about the choice, as one about all the items concerned."""
        if not self.rule:
            return ()
        value = self.column.head if self.column else ""
        return (Doubt(self.rule, _SEVERITIES[self.rule], self.message, items, value=value,
                      sheet=grid.name),)  # fmt: skip


# --- which column


def choose(columns: Sequence[Column]) -> list[Choice]:
    """The column of the figures; one a unit where heads name several units.

    A cumulative column goes before one of the period alone (reading ``cumulative``); a total before
    its parts; parts without a total leave the figures unread.
    """
    usable = [c for c in columns if c.role not in ("none", "other")]
    if len({c.unit for c in usable if c.unit and c.filled}) > 1:
        return list(_shared(usable))
    filled = [c for c in usable if c.filled]
    parts = _parts(filled)
    if (total := _total(usable, parts)) is not None:
        return [_total_choice(total, parts)]
    overall = any(c.role == "since" and not c.named for c in filled)
    if not overall and len([c for c in parts if c.named and c.role in ("since", "period")]) > 1:
        return [_of_these("part", parts, filled)]
    for roles in ("since", "plain period", "total", "unit", "part", "bare"):
        if chosen := [c for c in filled if c.role in roles.split()]:
            if roles == "part" and len(chosen) == 1:
                return [_lone(chosen[0], usable)]
            return [_of_these(roles, chosen, filled)]
    return [_unfilled(columns, usable)]


def _parts(filled: Sequence[Column]) -> list[Column]:
    """Columns that may be parts of a total: streets, units, months, and their periods."""
    return [c for c in filled if c.role == "part" or (c.role == "unit" and len(filled) > 1)
            or (c.role in ("since", "period") and (c.named or _PERIODS.search(c.head)))
    ]  # fmt: skip


def _total(usable: Sequence[Column], parts: Sequence[Column]) -> Column | None:
    """The column of the total over parts: 总计 before 合计 before the unit's own name."""
    totals = [c for c in usable if c.role == "total"]
    own = [c for c in parts if c.role == "unit"]
    if not totals:
        return own[0] if len(own) == 1 and len(parts) > 1 else None
    if not parts:
        return None
    for rank in ("总计|总数", "合计|共计|总和|^总量$|^全部$", "汇总|[全总](?:区|县|市|域)"):
        if ranked := [c for c in totals if re.search(rank, c.head)]:
            since = [c for c in ranked if SINCE_START.search(c.head)]
            return next(iter([*since, *ranked]))
    return totals[0] if len(totals) == 1 else None


def _total_choice(total: Column, parts: Sequence[Column]) -> Choice:
    """The total, with those parts that are of the same time as it is."""
    if total.filled:
        kinds = [SINCE_START, _PERIOD]
        own = [bool(kind.search(total.head)) for kind in kinds]
        same = (c for c in parts if [bool(kind.search(c.head)) for kind in kinds] == own)
        return Choice(total, tuple(c for c in same if c is not total))
    message = (
        f"{total.shown}没有数字，只有{'、'.join(c.shown for c in parts[:3])}等分项有数字，"
        "没有读取；请补填合计"
    )
    return Choice(total, (), rule="reading.column_parts", message=message)


def _of_these(roles: str, chosen: list[Column], filled: list[Column]) -> Choice:
    """The first of equal columns, with a doubt where others could be meant as well."""
    if roles == "part" and len(chosen) > 1:
        message = (
            f"{'、'.join(c.shown for c in chosen[:3])}等 {len(chosen)} 列都有数字而没有合计列，"
            "看不出哪一列是本单位数字，没有读取；请补填合计列后重新报送"
        )
        return Choice(None, rule="reading.column_parts", message=message)
    clear = [c for c in chosen if not c.named] or chosen
    dated = [c for c in clear if _PERIODS.search(c.head)]
    first = dated[-1] if len(dated) > 1 else clear[0]
    loose = _LOOSE.get(roles, ())
    rivals = [c for c in filled if c is not first and (c in chosen or c.role in loose)]
    if rivals:
        message = (
            f"{first.shown}与{'、'.join(c.shown for c in rivals)}都有数字，已读取前者；"
            "请确认应报哪一列"
        )
        return Choice(first, rule="reading.column_guessed", message=message)
    periods = [c for c in filled if c.role == "period"]
    if roles == "since" and periods:
        message = f"{first.shown}与{periods[0].shown}并列，按累计数读取前者"
        return Choice(first, rule="reading.column_chosen", message=message)
    return Choice(first)


def _lone(part: Column, usable: Sequence[Column]) -> Choice:
    """The only column with figures, under a head that is none of figures: 泉城路街道, 年初."""
    empty = next((c for c in usable if not c.filled and c.role in _OF_FIGURES), None)
    if empty is None and not _PART_OF_UNIT.search(part.head):
        if _FIGURES.search(part.head):  # with words of the rows above it: 一、春风行动 over 数量
            return Choice(part)
        message = f"{part.shown}的表头看不出是本单位数字，已暂按本单位数字读取；请核对并改正表头"
        return Choice(part, rule="reading.column_guessed", message=message)
    beside = f"{empty.shown}没有数字，" if empty else ""
    message = f"{beside}只有{part.shown}有数字，看不出是本单位数字，没有读取；请补填后重新报送"
    return Choice(None, rule="reading.column_parts", message=message)


def _unfilled(columns: Sequence[Column], usable: Sequence[Column]) -> Choice:
    """Where no column of this time holds figures: an empty one, or the only one with figures."""
    others = [c for c in columns if c.role == "other" and c.filled]
    if others and not any(c.head for c in usable):
        message = (
            f"只有{others[0].shown}有数字，看不出是本期数，已暂按本期读取；请改正表头或补报本期数"
        )
        return Choice(others[0], rule="reading.column_other", message=message)
    ranked = (c for role in ("since", "total", "plain", "period", "unit", "part", "bare")
              for c in usable if c.role == role)  # fmt: skip
    return Choice(next(ranked, columns[0] if columns else None))


def _shared(usable: Sequence[Column]) -> Iterator[Choice]:
    """A choice for every unit that has figures, and for every other head that is no total."""
    told = set()
    for column in usable:
        if not column.unit and column.role == "part" and column.filled:
            yield Choice(column, unit_text=column.head)
        if not column.unit or column.unit in told:
            continue
        told.add(column.unit)
        own = [c for c in usable if c.unit == column.unit and c.filled]
        if own:
            chosen = choose([_unnamed(c) for c in own])[0]
            same = next((c for c in own if chosen.column and c.index == chosen.column.index), None)
            yield Choice(same, (), column.head, chosen.rule, chosen.message)


def _unnamed(column: Column) -> Column:
    role: Role = "plain" if column.role == "unit" else column.role
    return Column(column.index, column.head, role, column.filled)


# --- what heads say


def columns_beside(
    grid: Grid, top: int, rows: Sequence[int], candidates: Iterable[int], words: Vocabulary
) -> list[Column]:
    """The columns beside labels, from the heads over their first row and the cells beside them.

    top: the table's first row; rows: those of its labels.
    """
    first = rows[0]
    counted = {c: sum(holds_number(grid, row, c) for row in rows) for c in candidates}
    above = range(first - 1, max(first - 1 - _HEAD_ROWS, top - 1), -1)
    heads = _heads(grid, above, list(counted), words)
    found: list[Column] = []
    for column, filled in counted.items():
        if not filled and not heads[column] and any(c.filled for c in found):
            break  # beyond a gap stands something else
        found.append(_headed(column, heads[column], filled, words))
    found = [c if c.role != "bare" or not _counts(grid, rows, c, found) else replace(c, role="none")
             for c in found]  # fmt: skip
    return _of_dues(_of_offices(found), words)


def kinds_of_rows(column: int, kinds: dict[str, int], words: Vocabulary) -> list[Column]:
    """What a column says that tells the rows of each item apart (本期, 累计), as heads would.

    kinds: what it says → in how many rows.
    """
    found = [_headed(column, squeeze(kind), filled, words) for kind, filled in kinds.items()]
    return _of_dues(_of_offices(found), words)


def _headed(column: int, head: str, filled: int, words: Vocabulary) -> Column:
    role, unit = _role(head, words)
    named = bool(_bare(_TIMES.sub("", _GENERIC.sub("", head))))
    return Column(column, head, role, filled, unit, named)


def _of_offices(columns: list[Column]) -> list[Column]:
    """The columns; those of several offices of one unit as parts of it, not as the unit's own."""
    own = Counter(c.unit for c in columns if c.role == "unit")
    return [replace(c, role="part", unit="")
            if c.role == "unit" and own[c.unit] > 1 and _OFFICE.search(c.head) else c
            for c in columns]  # fmt: skip


def _bare(head: str) -> str:
    return _MEASURES.sub("", head)


def _of_dues(columns: list[Column], words: Vocabulary) -> list[Column]:
    """The columns; of those headed by dues only this due's as one of figures."""
    if any(c.role in ("since", "total") and not c.named for c in columns if c.filled):
        return columns
    told = of_this_due([c.head for c in columns], words)
    return [c if this is None or c.role not in ("period", "since", "plain")
            else replace(c, named=False) if this else replace(c, role="other")
            for c, this in zip(columns, told, strict=True)]  # fmt: skip


def _counts(grid: Grid, rows: Sequence[int], column: Column, columns: list[Column]) -> bool:
    """Whether a column without a head does nothing but number the rows, beside one of figures."""
    if column.filled < _COUNTED or not any(c.filled for c in columns if c is not column):
        return False
    numbers = [number_at(grid, row, column.index).value for row in rows]
    return numbers == [float(n + 1) for n in range(len(rows))]


def _role(head: str, words: Vocabulary) -> tuple[Role, str]:
    """What a head says of its column, and the unit that it names."""
    if not head:
        return "bare", ""
    if _NO_COUNTS.search(head):
        return "none", ""
    years = [] if "月" in head else [int(year) for year in _YEAR.findall(head)]
    another_year = bool(years) and words.desk.campaign.year not in years
    if another_year or OTHER_TIME.search(head) or _MORE.search(head):
        return "other", ""
    unit = "" if _PART_OF_UNIT.search(head) else words.places.alone(head).unit
    return _counting_role(head, bool(unit), bool(years)), unit


def _counting_role(head: str, unit: bool, year: bool) -> Role:
    if _TOTAL.search(head):
        return "total"
    if SINCE_START.search(head):
        return "since"
    if _PERIOD.search(head) or _PERIODS.search(head):
        return "period"
    if unit:
        return "unit"
    rest = _bare(_GENERIC.sub("", head))
    return "plain" if not rest or year or _FIGURES.search(rest) else "part"


def _heads(grid: Grid, rows: range, columns: list[int], words: Vocabulary) -> dict[int, str]:
    """The words over each column, from the rows above its labels, the nearest first.

    From the row of the title or the unit's name on only what is nothing but a head counts.
    """
    heads = dict.fromkeys(columns, "")
    around = False
    for row in rows:
        around = around or _is_around(grid, row, words)
        for column in columns:
            text = squeeze(head_text(grid.filled(row, column)))
            if year := _BARE_YEAR.fullmatch(text):
                text = f"20{year['year'] or year['short']}年"
            elif holds_number(grid, row, column):
                continue
            if text and (not around or HEAD_WORD.fullmatch(text)):
                heads[column] = text + heads[column]
    return heads


def _is_around(grid: Grid, row: int, words: Vocabulary) -> bool:
    """Whether a row holds a title or the unit's name, and so is no row of heads."""
    texts = [text for value in grid.rows[row] if value != "" and (text := text_of(value))]
    if any(words.titles.in_text(text) for text in texts):
        return True
    labels = [labelled(text) for text in texts]
    if any(name for _, name in labels):
        return True
    named = sum(bool(words.places.alone(text).unit) for text in texts)
    return (
        any(is_label for is_label, _ in labels)
        and named < 2
        and not any(HEAD_WORD.fullmatch(text) and not labelled(text)[0] for text in texts)
    )
