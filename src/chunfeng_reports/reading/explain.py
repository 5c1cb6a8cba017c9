"""Explain: what was seen where in one file, what was made of it, and what was rejected and why."""

from __future__ import annotations

import heapq
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chunfeng_reports.campaign import Desk
from chunfeng_reports.cells import cell_name
from chunfeng_reports.facts import Received
from chunfeng_reports.findings import SEVERITY_WORDS, Finding
from chunfeng_reports.reading.containers.opening import open_file
from chunfeng_reports.reading.grids import Content, Formula, Grid, Member
from chunfeng_reports.reading.readers import why_lost
from chunfeng_reports.reading.received import Errand, content_of, sort_out
from chunfeng_reports.reading.recognised import Figure, Seen
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.returns import Return, Source, returns_in
from chunfeng_reports.reading.survey import is_plain
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.workers import Limits, Lost, Workers

_LONGEST_LABEL = 60
_NEAREST = 5
_WORTH_TELLING = 0.4
_FATES = {"counts": "采用", "superseded": "被替代", "refuse": "未采用", "ignore": "略过"}
_LAYOUTS = {"rows": "纵表（指标在左）", "columns": "横表（指标在上）", "prose": "文字材料"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The outline of a sheet, and the texts on it that are most like an item's label."""

    name: str
    hidden: bool
    rows: int
    columns: int
    merged: int
    formulas: int
    nearest: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a file (or a member of an archive) holds: outlines, properties, and paragraphs."""

    path: str
    refusal: str
    sheets: tuple[Sheet, ...] = ()
    paragraphs: int = 0
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that reading made of one file.

    returns: the forms that were tied to a unit, each with what was seen on the way; rows: what
    became of the rest; findings: on the rest; fault: where an error of the program itself came up,
    its traceback, for whoever mends it.
    """

    due: str
    file: str
    parts: tuple[Part, ...]
    returns: tuple[Return, ...]
    rows: tuple[Received, ...]
    findings: tuple[Finding, ...]
    fault: str = ""


def explain(desk: Desk, due: str, file: str, path: Path) -> Explanation:
    """What is seen in one file, as if it had come for a due.

    file: its path below the due's folder, as far as it lies there; path: where it lies. It is read
    in a process of its own, under the same limits as any other.
    """
    desk.round(due)
    errand, limits = Errand(due, file, path), Limits()
    with Workers(_prepare, desk, jobs=1, limits=limits) as workers:
        seen = next(workers.each([errand]))
    if isinstance(seen, Lost):
        return Explanation(due, file, (Part("", why_lost(seen, limits)),), (), (), ())
    return seen


def in_words(seen: Explanation, desk: Desk) -> Iterator[str]:
    """An explanation, line by line, for the terminal."""
    yield f"{shown(seen.file)}（按 {seen.due} 一期读取）"
    taken = {(one.sheet, cell.cell) for one in seen.returns for cell in one.found.seen}
    for part in seen.parts:
        yield from _part_lines(part, taken)
    for one in seen.returns:
        yield from _return_lines(one, desk)
    for row in seen.rows:
        where = f"{shown(row.member)}：" if row.member else ""
        yield f"[{_FATES[row.fate]}] {where}{row.reason}"
    for finding in seen.findings:
        yield f"  {SEVERITY_WORDS[finding.severity]} {finding.rule}：{finding.message}"


# --- in the worker


def _prepare(desk: Desk) -> Callable[[Errand], Explanation]:
    return partial(_explained, words=Vocabulary.of(desk))


def _explained(errand: Errand, words: Vocabulary) -> Explanation:
    found = sort_out(errand, words)
    parts: list[Part] = []
    fault = ""
    try:
        for member in _members(errand.path):
            parts.append(_part(member, words))
            if member.content is not None:
                _tried(member.content, Source(errand.due, errand.file, "", member.path), words)
    except OSError:
        pass  # told by the row of the intake
    except Exception:  # told by the row of the intake; here, where in the program it came up
        fault = traceback.format_exc()
    return Explanation(
        errand.due, errand.file, tuple(parts), found.returns, found.rows, found.findings, fault
    )


def _members(path: Path) -> Iterator[Member]:
    if not is_plain(path):
        return iter(())
    data, _ = content_of(path)
    return open_file(data) if data else iter(())


def _tried(content: Content, source: Source, words: Vocabulary) -> None:
    """Read a member once more, without the net that ``sort_out`` spreads under it."""
    with suppress(Refusal):
        returns_in(content, source, words)


def _part(member: Member, words: Vocabulary) -> Part:
    content = member.content
    if content is None:
        return Part(member.path, member.refusal)
    sheets = tuple(_sheet(grid, words) for grid in content.grids)
    properties = (*content.properties, *content.authorship)
    return Part(member.path, "", sheets, len(content.paragraphs), properties)


def _sheet(grid: Grid, words: Vocabulary) -> Sheet:
    formulas = sum(isinstance(value, Formula) for row in grid.rows for value in row)
    return Sheet(grid.name, grid.hidden, len(grid.rows), grid.width, len(grid.merged), formulas,
                 tuple(_nearest(grid, words)))  # fmt: skip


def _nearest(grid: Grid, words: Vocabulary) -> list[Seen]:
    """The texts that were taken for no item and are most like one's label, the likest first."""
    scored = []
    for row, column, text in grid.texts():
        if not 2 <= len(text) <= _LONGEST_LABEL or words.labels.named(text):
            continue
        likely = [(words.labels.likeness(text, item), item) for item in words.labels.items]
        score, item = max(likely, key=lambda pair: pair[0])
        if score >= _WORTH_TELLING:
            name = f"{item.code} {item.short}"
            scored.append(Seen(cell_name(row, column), text, "文字", f"{name}？", score=score))
    return heapq.nlargest(_NEAREST, scored, key=lambda seen: seen.score or 0)


# --- in words


def _part_lines(part: Part, taken: set[tuple[str, str]]) -> Iterator[str]:
    if part.path:
        yield f"压缩包内 {shown(part.path)}"
    if part.refusal:
        yield f"  打不开：{part.refusal}"
    if part.properties:
        yield "  文件属性  " + "；".join(f"{what}：{shown(text)}" for what, text in part.properties)
    if part.paragraphs:
        yield f"  正文 {part.paragraphs} 段"
    for sheet in part.sheets:
        hidden = "，隐藏" if sheet.hidden else ""
        yield (
            f"  工作表“{shown(sheet.name)}”{sheet.rows} 行 × {sheet.columns} 列，"
            f"合并 {sheet.merged} 处，公式 {sheet.formulas} 个{hidden}"
        )
        where = "·".join(name for name in (part.path, sheet.name) if name)
        for seen in sheet.nearest:
            if (where, seen.cell) not in taken:
                yield f"    {_seen_line(seen)}：不够像，没有作为指标"


def _return_lines(one: Return, desk: Desk) -> Iterator[str]:
    form = desk.campaign.form_by_code[one.form]
    unit = desk.campaign.region_by_code[one.region]
    where = f"{shown(one.sheet)}：" if one.sheet else ""
    yield f"[认出] {where}{one.form} {form.short} · {unit.code} {unit.short} · {_layout(one)}"
    for seen in (*one.seen, *one.found.seen):
        yield f"  {_seen_line(seen)}"
    for figure in one.found.figures.values():
        yield f"  数字  {_figure_line(figure, desk)}"
    for mention in one.found.mentions:
        yield f"  正文提到  {_figure_line(mention.figure, desk)}（{shown(mention.sentence)}）"
    if one.found.passages:
        yield f"  正文保留 {len(one.found.passages)} 段，供编写本级总结"
    for doubt in (*one.doubts, *one.found.doubts):
        yield f"  {SEVERITY_WORDS[doubt.severity]}  {doubt.rule}：{doubt.message}"


def _layout(one: Return) -> str:
    return _LAYOUTS[one.found.layout]


def _seen_line(seen: Seen) -> str:
    score = "" if seen.score is None else f"（相似 {seen.score:.2f}）"
    taken = f" → {seen.taken}" if seen.taken else " 未采用"
    why = f"：{seen.why}" if seen.why else ""
    text = f"“{shown(seen.text)}”" if seen.cell else shown(seen.text)
    return f"{seen.what}  {seen.cell}{text}{taken}{score}{why}"


def _figure_line(figure: Figure, desk: Desk) -> str:
    item = desk.campaign.item_by_code[figure.item]
    value = as_typed(figure.value) if figure.value is not None else _STATES[figure.state]
    typed = f"{figure.cell}“{shown(figure.raw)}”" if figure.cell else "没有这一格"
    return f"{item.code} {item.short}  {typed} → {value}"


_STATES = {"value": "", "blank": "空", "absent": "未报", "unreadable": "不是数字"}
