"""Prose: a written summary → the form it is, and the figures that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from chunfeng_reports.campaign import Form, Item
from chunfeng_reports.reading.layouts.figures import doubts_of
from chunfeng_reports.reading.recognised import Doubt, Figure, Recognised
from chunfeng_reports.reading.texts.statements import is_actual, opens_outlook, sentence_of
from chunfeng_reports.reading.words.numbers import AMOUNT_IN_TEXT, as_typed, read_number
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

#: What a document's text is called where a sheet's name would stand.
BODY_TEXT = "正文"

_TITLE_PARAGRAPHS = 3
_LONGEST_TITLE = 120
_LONGEST_HEADING = 40
_LONGEST_QUOTED = 80
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．、])")
_CHAPTER = re.compile(r"\s*[一二三四五六七八九十]+、")
_REPORT = re.compile(r"总结|小结|报告|汇报|进展|工作情况|活动情况|开展情况")
_INSTRUCTION = re.compile(r"(?:的通知|通知|方案|的函|预案|通告|公告)$")
_ROUGHLY = re.compile(r"(?:约|近|大约|将近|超过?|不足)\s*$")
#: What stands directly before a number may be its sign, and no pattern's gap may swallow it.
_SIGNS = r"+＋\-－−﹣–"
# Digits keep their places, so that what was matched can be shown as it was typed.
_DIGITS = {0xFF10 + digit: ord("0") + digit for digit in range(10)} | {0xFF0E: ".", 0xFF0C: "，"}


def summary_in(
    paragraphs: tuple[str, ...], file: str, due: str, words: Vocabulary
) -> Recognised | None:
    """The summary that a document is: its form and its figures expected at this due.

    None where the text is no summary of this campaign: it must speak of the campaign by name, and
    call itself a report or state two of the figures.
    """
    if not paragraphs:
        return None
    title = _title(paragraphs)
    if _INSTRUCTION.search(squeeze(paragraphs[0])):
        return None
    if not words.titles.on_subject("".join((*paragraphs, file))):
        return None
    form = _form_of(title + file, words)
    if form is None:
        return None
    figures, doubts = _figures(paragraphs, words.desk.expected_items(due, form.code))
    stated = sum(figure.state == "value" for figure in figures.values())
    if not _REPORT.search(paragraphs[0] + title + file) and stated < 2:
        return None
    return Recognised(
        form.code, "prose", BODY_TEXT, figures, title=title, titled=form.code, doubts=doubts
    )


def _title(paragraphs: tuple[str, ...]) -> str:
    """The heading: the first paragraph and what carries it on, up to the first of the text."""
    title = paragraphs[0][:_LONGEST_TITLE]
    for paragraph in paragraphs[1:_TITLE_PARAGRAPHS]:
        text = squeeze(paragraph)
        if len(text) > 40 or paragraph.rstrip().endswith("。") or _SECTION.match(paragraph):
            break
        title += paragraph
    return title


def _form_of(heading: str, words: Vocabulary) -> Form | None:
    """The prose form that a heading names: by its title, else by who files it, else the first."""
    forms = [form for form in words.desk.campaign.forms if form.layout == "prose"]
    if not forms:
        return None
    lines = {form.line for form in forms}
    for form in reversed(forms):
        if len(lines) > 1 and form.line in heading and form.line != forms[0].line:
            return form
    return next((f for f in reversed(forms) if words.titles.names_summary(heading, f.code)),
                forms[0])  # fmt: skip


def _figures(
    paragraphs: tuple[str, ...], items: tuple[Item, ...]
) -> tuple[dict[str, Figure], tuple[Doubt, ...]]:
    figures: dict[str, Figure] = {}
    doubts: list[Doubt] = []
    for item in items:
        met = [list(_met(pattern, paragraphs, item)) for pattern in item.prose]
        stated = next(filter(None, ([m.figure for m in some if m.actual] for some in met)), [])
        figures[item.code] = stated[0] if stated else Figure(item.code, "blank")
        doubts += _differing(item, stated)
        doubts += doubts_of(item, figures[item.code], sheet=BODY_TEXT)
        if not stated:
            doubts += _not_actual(item, [m for some in met for m in some])
    return figures, (*doubts, *_converted(figures))


@dataclass(frozen=True, slots=True)
class _Met:
    """A number met where an item's figure may stand: whether it is the figure of this time."""

    figure: Figure
    actual: bool
    sentence: str


def _met(pattern: str, paragraphs: tuple[str, ...], item: Item) -> Iterator[_Met]:
    outlook = False
    for number, paragraph in enumerate(paragraphs, start=1):
        outlook = _in_outlook(paragraph, outlook)
        for match in _compiled(pattern).finditer(paragraph.translate(_DIGITS)):
            figure = _figure(match, paragraph, number, item)
            yield _Met(figure, is_actual(match) and not outlook, sentence_of(match))


def _in_outlook(paragraph: str, before: bool) -> bool:
    """Whether a paragraph belongs to the part on what is still to come (三、下一步工作打算)."""
    heading = re.split("[。；]", paragraph)[0]
    if not _SECTION.match(paragraph) or len(heading) > _LONGEST_HEADING:
        return before
    return opens_outlook(heading) or (before and not _CHAPTER.match(paragraph))


def _not_actual(item: Item, met: list[_Met]) -> list[Doubt]:
    if not met:
        return []
    first, sentence = met[0], met[0].sentence[:_LONGEST_QUOTED]
    message = (
        f"{item.short}只见计划数或与往期的比较（{first.figure.cell}“{sentence}”），"
        "没有作为本期数读取；请写明本期实际数"
    )
    return [Doubt("reading.not_actual", "warning", message, (item.code,), value=first.figure.raw,
                  sheet=BODY_TEXT, cell=first.figure.cell)]  # fmt: skip


def _figure(match: re.Match[str], paragraph: str, number: int, item: Item) -> Figure:
    unit = match.groupdict().get("unit") or ""
    read = read_number(match["value"].replace("，", ",") + unit, unit=item.unit)
    how = read.how
    if how == "interpreted" and not re.search("[万亿]", match["value"] + unit.removeprefix("万")):
        how = "typed"
    if _ROUGHLY.search(match.string[: match.start("value")]):
        how = "approximate"
    raw = paragraph[match.start() : match.end()]
    return Figure(item.code, read.state, read.value, raw, f"第{number}段", how)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    amount = rf"(?<![0-9.,{_SIGNS}])(?P<value>[{_SIGNS}]?{AMOUNT_IN_TEXT})"
    return re.compile(pattern.replace("{N}", amount))


def _differing(item: Item, stated: list[Figure]) -> list[Doubt]:
    if len({figure.value for figure in stated}) < 2:
        return []
    shown = "；".join(f"{f.cell}“{f.raw}”" for f in stated[:4])
    message = f"{item.short}在正文中有几个不同的数字（{shown}），已采用第一个；请核对"
    return [Doubt("reading.figures_differ", "warning", message, (item.code,),
                  value=stated[0].raw, sheet=BODY_TEXT, cell=stated[0].cell)]  # fmt: skip


def _converted(figures: dict[str, Figure]) -> list[Doubt]:
    odd = [f for f in figures.values() if f.how == "interpreted" and f.value is not None]
    if not odd:
        return []
    shown = "、".join(f"“{f.raw}”按 {as_typed(f.value or 0)} 计" for f in odd)
    message = f"正文中以万、亿为单位的数字已换算：{shown}；附表数字请写到个位"
    return [Doubt("reading.interpreted", "info", message, tuple(f.item for f in odd),
                  value=odd[0].raw, sheet=BODY_TEXT, cell=odd[0].cell)]  # fmt: skip
