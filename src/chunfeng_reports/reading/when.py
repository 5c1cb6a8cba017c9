"""When: which due a return says that it is for, held against the due it came at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePosixPath

from chunfeng_reports.campaign import Desk
from chunfeng_reports.findings import Severity
from chunfeng_reports.reading.grids import Content, Grid, Value
from chunfeng_reports.reading.layouts.spots import REMARK, text_of
from chunfeng_reports.reading.recognised import Doubt, Recognised
from chunfeng_reports.reading.words.dues import Dues
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

#: Words that stand before the day of a due. 填报时间 is none of them: the day of filling in.
_CUE = re.compile(
    r"(?:[报填]报期|报送期限?|数据期|统计月份|报送时[间限]|报送日期|上报时[间限]|上报日期|报告期|统计期|所属期|期别|期次|统计时点"
    r"|(?:统计|数据)?截[至止](?:时间|日期|到)?)[:：为于至到是]*"
)
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_LAST_TIME = re.compile(r"上期|上次|上月|上一期|前期|去年|上年|同期")
_LONGEST_CUED = 80
_LONGEST_HEAD = 40
_ROWS_LOOKED_AT = 200
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: A heading that is a day and nothing else: （2023年3月1日）, 截至3月1日.
_BARE = re.compile(r"\W*(?:截[至止])?[0-9一二三四五六七八九十〇○零年月日号./-]{3,11}\W*")
_FILLED_IN = re.compile(r"填[报表写](?!项目)|制表|打印|审[核批]|签[字章]|联系|经办|时间|日期")


@dataclass(frozen=True, slots=True)
class Said:
    """What one place says of the due: where, the text as written, the dues that it can mean."""

    where: str
    text: str
    dues: frozenset[str]


def due_doubts(
    one: Recognised, content: Content, path: PurePosixPath, due: str, words: Vocabulary
) -> Iterator[Doubt]:
    """Doubts on a form that says it is for another due than the one at which it came.

    From the properties of our own blanks: critical; from titles, labels, names: one warning that
    tells them all. Two days named in one place, this due's among them, are no doubt.
    """
    stated = content.property_of("due")[:10]
    if stated and stated != due:
        message = f"文件属性标明是{stated}一期的表，却在{due}一期报来；请核实报送期"
        yield Doubt("reading.due_disagrees", "critical", message, tuple(one.figures), value=stated,
                    expected=due, sheet=one.sheet, about="文件属性")  # fmt: skip
    astray = [said for said in _said(one, content, path, words) if due not in said.dues]
    if astray:
        shown_all = "，".join(_as_told(said, words) for said in astray)
        message = f"{shown_all}，却在{due}一期报来；请核实报送期"
        named = sorted({other for said in astray for other in said.dues})
        yield Doubt("reading.due_disagrees", "warning", message, tuple(one.figures),
                    value="、".join(named), expected=due, sheet=one.sheet,
                    about=astray[0].where)  # fmt: skip


def filling_doubts(found: Recognised, desk: Desk, due: str) -> tuple[Doubt, ...]:
    """The doubt that a form is another time's, by the day on which it was filled in.

    A warning where that day lies in another year than the campaign's; an info where it lies not
    after an earlier due at which the form was asked for as well (many forget to change it), or
    cannot be read.
    """
    filled, sheet = found.filled, found.sheet
    if filled is None:
        return ()
    if filled.day is None:
        message = f"填报时间“{filled.text}”读不出日期，未作核对；请按“2023年2月1日”的样子填写"
        return (Doubt("reading.filled_in", "info", message, value=filled.text,
                      sheet=sheet, cell=filled.cell),)  # fmt: skip
    before = [other for other in desk.earlier(due) if found.form in desk.expected_forms(other)]
    year = desk.campaign.year
    severity: Severity = "info"
    if filled.day.year != year:
        severity, why = "warning", f"不在{year}年内"
    elif before and str(filled.day) <= before[-1]:
        why = f"不晚于上一报送期 {before[-1]}"
    else:
        return ()
    message = f"填报时间为 {filled.day}，{why}，可能是以前的表；请核实是否报错或忘改填报时间"
    return (Doubt("reading.filled_in", severity, message, value=filled.text,
                  sheet=sheet, cell=filled.cell),)  # fmt: skip


def for_another_due(one: Recognised, content: Content, due: str, words: Vocabulary) -> str:
    """The other due that a form itself names, in its title, head or sheet's name; else empty."""
    if one.layout != "prose" and _LAST_TIME.search(plain(one.sheet)):
        return "上期"
    said = list(_inside(one, content, words))
    named = {other for each in said if due not in each.dues for other in each.dues}
    this = any(due in each.dues for each in said)
    return "" if this else "、".join(sorted(named))


def _said(
    one: Recognised, content: Content, path: PurePosixPath, words: Vocabulary
) -> Iterator[Said]:
    yield from _inside(one, content, words)
    for folder in path.parts[:-1]:
        if dues := words.dues.in_name(folder):
            yield Said("所在文件夹", folder, dues)
    name = _EXTENSION.sub("", path.name)
    if dues := words.dues.in_name(name):
        yield Said("文件名", name, dues)


def _inside(one: Recognised, content: Content, words: Vocabulary) -> Iterator[Said]:
    if dues := words.dues.in_heading(one.title):
        yield Said("标题", one.title, dues)
    if one.layout == "prose":
        return
    grid = next((grid for grid in content.grids if grid.name == one.sheet), None)
    told = list(_in_cells(grid, one, words)) if grid is not None else []
    if told:
        yield Said("表内", told[0][0], frozenset().union(*(dues for _, dues in told)))
    if dues := words.dues.in_name(one.sheet):
        yield Said("工作表名称", one.sheet, dues)


def _in_cells(
    grid: Grid, one: Recognised, words: Vocabulary
) -> Iterator[tuple[str, frozenset[str]]]:
    """Texts of a form's sheet that name dues: behind a cue, or as a heading over its figures."""
    for r, row in enumerate(grid.rows[:_ROWS_LOOKED_AT]):
        for c, value in enumerate(row):
            if value == "" or isinstance(value, (int, float)):
                continue
            text = value if isinstance(value, str) else text_of(value)
            if _says_nothing(text, words.dues) and value is text:
                continue
            if len(text) > _LONGEST_CUED:
                continue
            if text and _is_cued(text):
                yield from _cued(plain(text), row[c + 1 :], words)
            elif r < _top(one) and not _is_filling_in(row[:c], text) and not _bears_figures(row):
                yield from _heading(value, text, words)


@lru_cache(maxsize=8192)
def _says_nothing(text: str, dues: Dues) -> bool:
    """Whether a text names no due, wherever it stands: most cells of a form are such."""
    if len(text) > _LONGEST_CUED:
        return True
    return not _is_cued(text) and not _of_heading(text, dues)


def _is_cued(text: str) -> bool:
    return _CUE.search(text) is not None


def _cued(
    text: str, beside: Iterable[Value], words: Vocabulary
) -> Iterator[tuple[str, frozenset[str]]]:
    cue = _CUE.search(text)
    if cue is None or (REMARK.match(text) and not re.match("(?:统计|数据)?截", cue[0])):
        return
    rest = text[cue.end() :]
    rest = f"截至{rest}" if rest and "截" in cue[0] else rest
    follows = next((v for v in list(beside)[:4] if v != ""), "") if not rest else ""
    dues = _of_value(follows, words) if not rest else words.dues.in_heading(rest)
    if dues:
        yield f"{text}{_shown_value(follows)}", dues


def _heading(value: Value, text: str, words: Vocabulary) -> Iterator[tuple[str, frozenset[str]]]:
    dues = _of_heading(text, words.dues) if isinstance(value, str) else _of_value(value, words)
    if dues:
        yield (plain(text) if value is text else text) or _shown_value(value), dues


def _of_heading(text: str, dues: Dues) -> frozenset[str]:
    """The dues that a heading names which is a day alone, or a few words in brackets."""
    if len(text) > _LONGEST_HEAD:
        return frozenset()
    text = plain(text)
    if text[:1] in "([【〔" and len(text) <= 20:
        return dues.in_heading(text)
    return dues.by_day(text) if _BARE.fullmatch(text) else frozenset()


def _bears_figures(row: tuple[Value, ...]) -> bool:
    """Whether a row holds figures, so that a day in it names them and not the sheet."""
    return sum(isinstance(v, (int, float)) and not isinstance(v, bool) for v in row) > 1


def _of_value(value: Value, words: Vocabulary) -> frozenset[str]:
    if isinstance(value, (datetime, date)):
        return words.dues.on_day(value)
    return words.dues.in_name(text_of(value))


def _shown_value(value: Value) -> str:
    return value.isoformat()[:10] if isinstance(value, date) else text_of(value)


def _is_filling_in(before: tuple[Value, ...], text: str) -> bool:
    """Whether a text, or the label to its left, is about the day of filling in or signing."""
    label = next((v for v in reversed(before) if v != ""), "")
    label_text = label if isinstance(label, str) else ""
    return bool(_FILLED_IN.search(text) or _FILLED_IN.search(label_text))


def _top(one: Recognised) -> int:
    """The row (from 0) of the first figure; 0 where no cell is known."""
    rows = [cell.lstrip(_LETTERS) for figure in one.figures.values() if (cell := figure.cell)]
    return min((int(row) for row in rows if row.isdecimal()), default=1) - 1


def _as_told(said: Said, words: Vocabulary) -> str:
    named = "或".join(f"{_round_name(due, words)}（{due}）" for due in sorted(said.dues))
    return f"{said.where}“{shown(plain(said.text))[:40]}”写的是{named}"


def _round_name(due: str, words: Vocabulary) -> str:
    return next((r.name for r in words.desk.tier.rounds if str(r.due) == due), "另一年")
