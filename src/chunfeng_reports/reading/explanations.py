"""Explanations: the desk's register of what units say of their doubts (``explanations.csv``)."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from chunfeng_reports.cells import cell_name
from chunfeng_reports.explanations import REGISTER, Explanation
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading.containers.decoding import decode
from chunfeng_reports.reading.containers.delimited import GAPS, delimiter_of
from chunfeng_reports.reading.received import content_of
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.survey import is_plain
from chunfeng_reports.reading.texts.narrative import without_persons
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary

#: Columns by the words that may head them; the words of our own table of findings will do.
_HEADS = {
    "region": ("region", "单位代码", "单位", "单位名称", "填报单位", "区划代码"),
    "finding": ("finding", "问题编号", "编号"),
    "value": ("value", "数值", "报送值"),
    "words": ("explanation", "说明", "情况说明", "单位说明"),
    "approved_by": ("approved_by", "审批单位", "核准单位"),
}
_COLUMN_OF = {head: column for column, heads in _HEADS.items() for head in heads}
_NEEDED = {"region": "单位代码", "finding": "问题编号", "value": "数值", "words": "说明"}
_ASKED = "单位代码、问题编号、数值、说明、审批单位"


_FINDING = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong in the register: rule, where, in words; about tells two of a kind apart."""

    rule: str
    cell: str
    message: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the register: the number that it has in Excel, and its fields."""

    number: int
    fields: Sequence[str]


def explanations_in(
    folder: Path, due: str, words: Vocabulary
) -> tuple[tuple[Explanation, ...], tuple[Finding, ...]]:
    """The explanations that a due's ``explanations.csv`` holds, and what is wrong in it.

    Columns region (a code, an old code or a name that the desk knows), finding, value, explanation,
    approved_by (may be left out), or their Chinese names. None without the file. Nothing is lost: a
    row that cannot be used is a finding with its cell, on the body.
    """
    path = folder / REGISTER
    if not is_plain(path):
        return (), ()
    got = list(_explanations(path, due, words))
    faults = (_finding(words.desk.body.code, due, one) for one in got if isinstance(one, _Fault))
    alike = {fault.id: fault for fault in faults}  # the same row twice is one doubt
    return tuple(one for one in got if isinstance(one, Explanation)), tuple(alike.values())


def without_personal_data(one: Explanation) -> Explanation:
    """The explanation as it may be kept and shown: a person's telephone becomes ［电话］ …"""
    return replace(
        one,
        value=without_persons(one.value),
        words=without_persons(one.words),
        approved_by=without_persons(one.approved_by),
    )


def _explanations(path: Path, due: str, words: Vocabulary) -> Iterator[Explanation | _Fault]:
    columns: Mapping[str, int] | None = None
    width = 0
    for row in _rows(path):
        if isinstance(row, _Fault):
            yield row
        elif columns is None:
            columns, width = _columns(row.fields), len(row.fields)
            if lacking := [f"“{name}”" for key, name in _NEEDED.items() if key not in columns]:
                why = f"缺少{''.join(lacking)}列，没有使用；表头应为：{_ASKED}"
                yield _Fault("columns", f"A{row.number}", why)
                return
        else:
            yield _explanation(row, columns, width, due, words)


def _rows(path: Path) -> Iterator[_Row | _Fault]:
    """The rows that hold anything, the head first; where it cannot be read (further), why."""
    try:
        data, _ = content_of(path)
        text = "" if data is None else decode(data)
    except (Refusal, OSError):
        text = ""
    first = next((line for line in text.splitlines() if line.strip()), None)
    if first is None:
        yield _Fault("unreadable", "", "读不出来（空文件、编码不明或打不开），没有使用；"
                     "请另存为 UTF-8 编码的 csv")  # fmt: skip
        return
    mark = delimiter_of(first)
    lines = StringIO(text, newline="")
    number = 0
    try:  # strictly: quotes left open would swallow all rows behind them
        for number, fields in enumerate(
            csv.reader(lines, delimiter="," if mark == GAPS else mark, strict=True), start=1
        ):
            if any(field.strip() for field in fields):
                yield _Row(number, fields)
    except csv.Error:
        why = f"从第{number + 1}行起读不出来（引号不成对等），没有使用；"
        advice = "请用 Excel 或 WPS 打开，改好后另存为 csv"
        yield _Fault("unreadable", f"A{number + 1}", why + advice)


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Column → where it stands; of two that mean the same, the first."""
    found: dict[str, int] = {}
    for index, label in enumerate(head):
        plain = re.sub(r"\W+", "", unicodedata.normalize("NFKC", label)).casefold()
        if column := _COLUMN_OF.get(plain):
            found.setdefault(column, index)
    return found


def _explanation(
    row: _Row, columns: Mapping[str, int], width: int, due: str, words: Vocabulary
) -> Explanation | _Fault:
    field = {c: row.fields[i].strip() if i < len(row.fields) else "" for c, i in columns.items()}
    cell = {column: cell_name(row.number - 1, index) for column, index in columns.items()}
    if any(text.strip() for text in row.fields[width:]):
        return _unused(row, cell_name(row.number - 1, width), "row", "比表头多出几格",
                       "内容里有逗号的，请用 Excel 或 WPS 填写，或给该格加英文引号")  # fmt: skip
    finding = unicodedata.normalize("NFKC", field["finding"]).casefold()
    if not _FINDING.fullmatch(finding):
        return _unused(row, cell["finding"], "row", f"“{_shown(finding)}”不是12位的问题编号",
                       "请照问题清单抄写（用 Excel 编辑时请先把该列设为文本）")  # fmt: skip
    region = _region(field["region"], words)
    if not region:
        return _unused(row, cell["region"], "unit", f"没有认出单位“{_shown(field['region'])}”",
                       "请填单位代码或名称")  # fmt: skip
    return Explanation(
        due, region, finding, field["value"], field["words"], field.get("approved_by", ""),
        file=REGISTER, cell=cell["words"],
    )  # fmt: skip


def _unused(row: _Row, cell: str, rule: str, why: str, advice: str) -> _Fault:
    return _Fault(
        rule, cell, f"第{row.number}行{why}，没有使用；{advice}", about="|".join(row.fields)
    )


def _region(text: str, words: Vocabulary) -> str:
    """The unit, or the region above units, that a text names; empty where none of ours."""
    place = words.places.called(text.upper())
    return place.unit or (place.code if place.code in words.desk.nodes else "")


def _shown(text: str) -> str:
    return shown(without_persons(text))


def _finding(body: str, due: str, fault: _Fault) -> Finding:
    return Finding(
        due, body, "", (), f"explanations.{fault.rule}", "warning",
        f"说明登记表（data/raw/{due}/{REGISTER}）{fault.message}",
        file=REGISTER, cell=fault.cell, about=fault.about,
    )  # fmt: skip
