"""Prose: a written summary → the form it is, and the figures that it states."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chunfeng_reports.campaign import Form, Item
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.recognised import Doubt, Figure, Recognised, Seen
from chunfeng_reports.reading.texts.lines import MOST_TEXT, Text, is_heading, text_of
from chunfeng_reports.reading.texts.lines import dense as dense_of
from chunfeng_reports.reading.texts.mentions import mentions_in
from chunfeng_reports.reading.texts.narrative import passages_of, tells
from chunfeng_reports.reading.texts.stated import (
    BODY_TEXT,
    Chosen,
    chosen,
    statements_of,
    uncontested,
)
from chunfeng_reports.reading.texts.statements import Setting
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.places import NO_OTHERS
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import squeeze

_TITLE_PARAGRAPHS = 3
_LONGEST_TITLE = 120
_REPORT = re.compile(r"总结|小结|报告|汇报|进展|工作情况|活动情况|开展情况")
_INSTRUCTION = re.compile(
    r"(?:的通知|通知|方案|的函|预案|通告|公告|讲话|致辞|倡议书|邀请函)(?:稿|提纲)?$"
)
# A letter that hands in a report is one; a letter that asks for reports is none.
_HANDED_IN = re.compile(r"(?:报送|上报|呈报|呈送|提交|反馈|报告).*的函$")
_ASKED_FOR = re.compile(r"请(?:各|你|贵|于)")
_UNNAMED = Doubt(
    "reading.campaign_not_named", "warning",
    "全文没有写明是哪项活动，按标题作为本次活动的总结采用；请核对，并在标题中写明活动名称",
    sheet=BODY_TEXT,
)  # fmt: skip
_SPEECH = re.compile(r"^\W*(?:尊敬的|各位|同志们|亲爱的)")


def summary_in(
    paragraphs: tuple[str, ...],
    file: str,
    due: str,
    words: Vocabulary,
    *,
    tables: Iterable[Grid] = (),
    beside_forms: bool = False,
) -> Recognised | None:
    """The summary that a document is: its form, its figures expected at this due, its narrative.

    tables: the document's tables that are no forms (主要数据); beside_forms: whether forms stand in
    the same document. None where the text is no summary of this campaign: it must speak of the
    campaign by name, and call itself a report or state two of the figures; or, by a guess, bear the
    title that the notice gives the summary, and state two figures. Beside forms it must also tell
    something in sentences.
    """
    title = _title(paragraphs)
    if not _may_be_summary(paragraphs):
        return None
    by_name = words.titles.on_subject("".join((*paragraphs, file))[:MOST_TEXT])
    if not by_name and not words.titles.names_round(title + file):
        return None
    form = _form_of(title + file, words)
    if form is None:
        return None
    text, setting = text_of(paragraphs, tables), _setting(title, file, due, words)
    items = words.desk.expected_items(due, form.code)
    figures, doubts, seen = _figures(text, form, items, setting)
    stated = sum(figure.state == "value" for figure in figures.values())
    passages = passages_of(paragraphs)
    named = _REPORT.search(title + file) is not None
    if (not (named and by_name) and stated < 2) or (
        beside_forms and not stated and not tells(passages)
    ):
        return None
    return Recognised(
        form.code, "prose", BODY_TEXT, figures, title=title, titled=form.code,
        doubts=(*doubts, *_too_long(text), *(() if by_name else (_UNNAMED,))),
        seen=seen if words.telling else (),
        mentions=mentions_in(text, form, words.desk.campaign, setting), passages=passages,
    )  # fmt: skip


def _may_be_summary(paragraphs: tuple[str, ...]) -> bool:
    """Whether a text is no notice and no speech."""
    head = squeeze("".join(paragraphs[:1])[:_LONGEST_TITLE])
    handed_in = _HANDED_IN.search(head) and not _ASKED_FOR.search("".join(paragraphs)[:MOST_TEXT])
    if not head or (_INSTRUCTION.search(head) and not handed_in):
        return False
    return not _SPEECH.match("".join(paragraphs[1:2]))


def _title(paragraphs: tuple[str, ...]) -> str:
    """The heading: the first paragraph and what carries it on, up to the first of the text."""
    title = "".join(paragraphs[:1])[:_LONGEST_TITLE]
    for paragraph in paragraphs[1:_TITLE_PARAGRAPHS]:
        text = dense_of(paragraph[:_LONGEST_TITLE])[0]
        if len(text) > 40 or text.endswith("。") or is_heading(text):
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


def _setting(title: str, file: str, due: str, words: Vocabulary) -> Setting:
    """What the summary is about: its year, its unit's names, the months since the due before."""
    desk = words.desk
    place = words.places.within(title)
    place = words.places.within(file) if place.silent else place
    region = desk.campaign.region_by_code.get(place.unit)
    names = () if region is None else (region.name, region.short, *region.aliases)
    first = max((d for d in desk.dues if d < due), default=str(desk.campaign.starts))
    months = frozenset(range(int(first[5:7]), int(due[5:7]) + 1))
    others = NO_OTHERS if region is None else words.places.others(region.code, names)
    above = () if region is None else desk.ancestors(region)
    stage = sorted(desk.dues).index(due) + 1
    kinds = {desk.campaign.region_by_code[code].short[-1] for code in above}
    whole = () if region is None else tuple(f"全{kind}" for kind in sorted(kinds | {"国"})
                                            if kind != region.short[-1])  # fmt: skip
    return Setting(desk.campaign.year, months, names, others, whole, stage)


def _figures(
    text: Text, form: Form, items: tuple[Item, ...], setting: Setting
) -> tuple[dict[str, Figure], tuple[Doubt, ...], tuple[Seen, ...]]:
    found = uncontested({item.code: statements_of(item, text, setting) for item in form.items})
    taken: dict[str, Chosen] = {item.code: chosen(item, found, text, setting) for item in items}
    figures = {code: one.figure for code, one in taken.items()}
    doubts = tuple(doubt for one in taken.values() for doubt in one.doubts)
    seen = tuple(line for one in taken.values() for line in one.seen)
    return figures, (*doubts, *_converted(figures)), seen


def _converted(figures: dict[str, Figure]) -> list[Doubt]:
    odd = [f for f in figures.values() if f.how == "interpreted" and f.value is not None]
    if not odd:
        return []
    shown = "、".join(f"“{f.raw}”按 {as_typed(f.value or 0)} 计" for f in odd)
    message = f"正文中以万、亿为单位或以汉字书写的数字已换算：{shown}；附表数字请写到个位"
    return [Doubt("reading.interpreted", "info", message, tuple(f.item for f in odd),
                  value=odd[0].raw, sheet=BODY_TEXT, cell=odd[0].cell)]  # fmt: skip


def _too_long(text: Text) -> list[Doubt]:
    if not text.cut:
        return []
    message = f"正文过长，只在前 {MOST_TEXT} 字中查找数字；请删去无关内容后重新报送"
    return [Doubt("reading.text_too_long", "warning", message, sheet=BODY_TEXT)]
