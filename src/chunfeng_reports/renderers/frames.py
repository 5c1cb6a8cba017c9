"""Frames: how the tables of a due look in a notebook: in words, with the names that code uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import pandas as pd

from chunfeng_reports.corrections import CORRECTION_COLUMNS
from chunfeng_reports.explanations import EXPLANATION_COLUMNS
from chunfeng_reports.explanations import OUTCOME_WORDS as EXPLAINED_WORDS
from chunfeng_reports.facts import FACT_COLUMNS, INTAKE_COLUMNS, PASSAGE_COLUMNS
from chunfeng_reports.findings import FINDING_COLUMNS, SEVERITY_WORDS, STANDING_WORDS
from chunfeng_reports.renderers.templates import fill
from chunfeng_reports.renderers.wording import MARKS, STATUS_WORDS, change, number, percent
from chunfeng_reports.rollup import ROLLUP_COLUMNS
from chunfeng_reports.tables.analysis import (
    COMPARED_COLUMNS,
    COURSE_COLUMNS,
    DUES_COLUMNS,
    ITEM_COLUMNS,
    UNIT_COLUMNS,
)
from chunfeng_reports.tables.dossier import STATE_WORDS
from chunfeng_reports.tables.quality import FATE_WORDS, OUTCOME_WORDS

#: Rows that are shown, unless pandas' own ``display.max_rows`` was set, and to more; what that is
#: as long as nobody sets it.
MOST_ROWS = 20
_UNSET = 60
#: Items named in one cell, characters shown of a text, digits shown of a hash.
_MOST_ITEMS, _MOST_TEXT, _MOST_HASH = 3, 120, 8
#: A text longer than this gets a wide column.
_WIDE = 30

Names = Callable[[], Mapping[str, str]]


class Cell(NamedTuple):
    """What a cell says; code: the value itself, beside its words; css: a class; title: the rest."""

    words: str = ""
    code: str = ""
    css: str = ""
    title: str = ""


@dataclass(frozen=True)
class _Look:
    """How one kind of table is headed, in what words its states stand, what is shown first.

    known: pairs of columns, of which a selection must hold one to be taken for such a table;
    plain: columns whose codes are shown without a name, since one stands in another column.
    """

    columns: tuple[str, ...]
    heads: Mapping[str, str]
    states: Mapping[str, str]
    first: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    plain: tuple[str, ...] = ()

    def shown(self, given: tuple[str, ...]) -> tuple[str, ...]:
        """The columns as a reader wants them: a selection as it is, else what matters first."""
        if given != self.columns:
            return given
        return (*self.first, *(name for name in self.columns if name not in self.first))

    def fits(self, given: tuple[str, ...]) -> bool:
        """Whether these columns are the contract's, or a selection that tells what it is of."""
        names = set(given)
        selected = len(names) == len(given) and names <= set(self.columns)
        return given == self.columns or (selected and any(names.issuperset(p) for p in self.known))


_HEADS = {
    "due": "报送期", "region": "单位", "form": "表", "item": "指标", "items": "指标",
    "value": "数值", "state": "情况", "raw": "原文", "file": "文件", "sha256": "校验",
    "sheet": "工作表", "cell": "单元格", "id": "问题编号", "rule": "规则", "severity": "级别",
    "message": "问题与处理", "expected": "应为", "member": "其中", "layout": "排列", "fate": "去向",
    "reason": "原因", "name": "名称", "status": "状态", "units": "单位数", "complete": "统计表报齐",
    "critical": "错误", "warning": "存疑", "info": "提示", "unit": "单位名称", "mark": "问题",
    "share": "占已报合计", "place": "位次", "change": "增减", "units_expected": "应计",
    "units_counted": "已计", "missing": "缺", "doubted": "有错误", "lower": "下限",
    "upper": "上限", "provisional": "暂定", "received_at": "收到时间",
    "label": "指标全称", "measure": "计量单位", "form_name": "表名", "case": "组", "option": "改法",
    "rules": "规则", "was": "报送值", "kind": "差错", "sole": "唯一改法", "order": "序号",
    "heading": "标题", "text": "正文", "finding": "问题编号", "words": "说明", "outcome": "结果",
    "approved_by": "核准",
}  # fmt: skip

_FACT_STATES = {"value": "有数字", "": "不要求"} | STATE_WORDS
_LOOKS = (
    _Look(FACT_COLUMNS, _HEADS, _FACT_STATES, known=(("region", "item"),)),
    _Look(FINDING_COLUMNS, _HEADS | {"value": "报送值", "state": "状态"}, STANDING_WORDS,
          first=("severity", "region", "items", "message", "value", "expected"),
          known=(("region", "rule"), ("region", "message"))),
    _Look(INTAKE_COLUMNS, _HEADS, {}, first=("file", "member", "region", "form", "fate", "reason"),
          known=(("file", "fate"),)),
    _Look(ROLLUP_COLUMNS, _HEADS | {"region": "地区", "value": "合计"}, {},
          known=(("region", "item"),)),
    _Look(("due", "form", "rule", *OUTCOME_WORDS), _HEADS | OUTCOME_WORDS, {}),
    _Look(CORRECTION_COLUMNS, _HEADS | {"message": "怎样改"}, {},
          first=("region", "case", "option", "item", "was", "lower", "upper", "kind", "sole"),
          known=(("region", "item"), ("region", "message"))),
    _Look(EXPLANATION_COLUMNS, _HEADS | {"value": "说明时的数"}, {},
          first=("region", "words", "outcome", "reason", "approved_by"),
          known=(("region", "words"),)),
    _Look(PASSAGE_COLUMNS, _HEADS, {}, first=("region", "heading", "text"),
          known=(("region", "text"),)),
    _Look(DUES_COLUMNS, _HEADS, {}),
    _Look(COMPARED_COLUMNS, _HEADS | {"region": "单位代码"}, _FACT_STATES, plain=("region",)),
    _Look(COURSE_COLUMNS, _HEADS, _FACT_STATES | STATUS_WORDS),
    _Look(UNIT_COLUMNS, _HEADS | {"region": "单位代码", "name": "全称"}, {}, plain=("region",)),
    _Look(ITEM_COLUMNS, _HEADS, {}, plain=("form",)),
)  # fmt: skip


def frame_html(frame: pd.DataFrame, names: Names) -> str | None:
    """A table of facts, findings or the like as HTML; what no look is known for, as pandas has it.

    Known are tables whose columns are those of a contract, or a selection of them that names the
    region with the item, the rule or the like; whatever their rows. Shown are the first
    `MOST_ROWS`, or as many as pandas was told to show, and how many there are. names: what codes
    are called.
    """
    given = tuple(frame.columns)
    look = next((look for look in _LOOKS if look.fits(given)), None)
    if look is None or frame.index.nlevels > 1:
        return frame._repr_html_()  # type: ignore[operator,no-any-return]
    columns = look.shown(given)
    known, shown = names(), frame.head(_most_rows(len(frame)))[list(columns)]
    rows = [
        (str(index), [_cell(*pair, look, known) for pair in zip(columns, values, strict=True)])
        for index, *values in shown.itertuples(name=None)
    ]
    heads = [(look.heads[name], name) for name in columns]
    return fill("notebook.html.j2", kind="frame", heads=heads, rows=rows, total=len(frame)).strip()


def _most_rows(total: int) -> int:
    told = pd.get_option("display.max_rows")
    if told is None:
        return total
    return MOST_ROWS if told == _UNSET else max(told, MOST_ROWS)


def _cell(name: str, value: Any, look: _Look, known: Mapping[str, str]) -> Cell:
    """A value in words. Whatever a unit typed stays text; the template escapes it."""
    if pd.isna(value):
        return Cell()
    if isinstance(value, Real):
        return Cell(_figure(name, float(value), yes_no=isinstance(value, bool)), css="cf-figure")
    text = str(value)
    if name in _CODES:
        return _named(text, {} if name in look.plain else known)
    if name in _STATES:
        return _state(text, _STATES[name] or look.states)
    return Cell(text[:_MOST_HASH], title=text) if name == "sha256" else _text(text)


_CODES = {"region", "form", "item", "items", "missing", "doubted"}
#: Columns of states → the words for them; None: as the kind of table has them.
_STATES: dict[str, Mapping[str, str] | None] = {
    "state": None, "severity": SEVERITY_WORDS, "mark": SEVERITY_WORDS, "status": STATUS_WORDS,
    "fate": FATE_WORDS, "outcome": EXPLAINED_WORDS,
}  # fmt: skip


def _figure(name: str, value: float, *, yes_no: bool) -> str:
    if yes_no:
        return "是" if value else ""
    if name == "share":
        return percent(value, decimals=1)
    return change(value) if name == "change" else number(value)


def _text(text: str) -> Cell:
    """A text, cut where it is long; what was cut stands in the title."""
    wide = "cf-long cf-words" if len(text) > _WIDE else "cf-long" if len(text) > 12 else ""
    cut = len(text) > _MOST_TEXT
    return Cell(f"{text[:_MOST_TEXT]}…" if cut else text, title=text if cut else "", css=wide)


def _state(text: str, words: Mapping[str, str]) -> Cell:
    """A state in words, a severity with its mark."""
    css = f"cf-severity cf-{text}" if text in MARKS else ""
    said = words.get(text, text)
    return Cell(MARKS.get(text, "") + said, code=text if said != text else "", css=css)


def _named(codes: str, known: Mapping[str, str]) -> Cell:
    """Codes by name, the first few of them, each code beside."""
    given = codes.split(",") if codes else []
    words = "、".join(known.get(code, code) for code in given[:_MOST_ITEMS])
    if len(given) > _MOST_ITEMS:
        return Cell(f"{words}等{len(given)}个", title=codes)
    return Cell(words, code=codes if any(code in known for code in given) else "")
