"""Sections of the body's own summary: the draft of the document that it sends up after a round.

What it tells of, and in which order, is the outline that the campaign gives for the round. Figures
are totals of the roll-up; narrative is what the units' summaries tell under like headings, with the
unit named; what nobody has told stands in 【 】 and says why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from chunfeng_reports.calendar import month_and_day
from chunfeng_reports.campaign import Form, Item, Outline, Topic
from chunfeng_reports.campaign.models import NAMED
from chunfeng_reports.facts import Paragraph
from chunfeng_reports.report import (
    Column,
    Figure,
    Letter,
    Prose,
    ProseLine,
    Report,
    Row,
    Section,
    Table,
)
from chunfeng_reports.tables import body
from chunfeng_reports.tables.dossier import Dossier, RollupRow
from chunfeng_reports.tables.figures import counted_wrong, total_mark

#: Characters of one unit's narrative under one topic, and of one paragraph in the table of them.
MOST_TOLD = 1_500
MOST_SHOWN = 2_000

_PARTS = re.compile(r"(?=[（(][一二三四五六七八九十])")
_NOTE = "数字说明："
_GAP = re.compile(r"【([^【】]*)】")


def report(dossier: Dossier) -> Report:
    """The summary, still without sections: its title and frame, and whether its figures are final.

    Provisional while any total is.
    """
    desk, plan = dossier.desk, outline(dossier)
    base, round_ = body.report(dossier), desk.round(dossier.due)
    heading = f"{desk.body.name}{desk.campaign.title}"
    serves = f"，供{month_and_day(str(round_.feeds))}上报" if round_.feeds else ""
    letter = Letter(
        title=(heading, plan.title),
        to=plan.to,
        opening=plan.opening,
        signed=plan.signed,
        dated=f"{desk.campaign.year}年　月　日",
    )
    return base.model_copy(
        update={
            "name": "summary_report",
            "title": f"{heading}{plan.title}（初稿）",
            "subtitle": base.subtitle + serves,
            "letter": letter,
        }
    )


def outline(dossier: Dossier) -> Outline:
    """The outline of the round's summary; where the campaign gives none, a topic a form."""
    desk = dossier.desk
    if given := desk.round(dossier.due).summary:
        return given
    topics = tuple(
        _default_topic(dossier, desk.campaign.form_by_code[form])
        for form in desk.expected_forms(dossier.due)
    )
    title = f"{desk.round(dossier.due).name}进展情况"
    return Outline(title=title, topics=topics, origin="没有写提纲")


def _default_topic(dossier: Dossier, form: Form) -> Topic:
    said = (_key_sentence(dossier, form.code),) if dossier.items(form.code) else ()
    told = form.code if form.layout == "prose" else ""
    return Topic(title=form.short, says=said, form=told, origin="没有写提纲")


def _key_sentence(dossier: Dossier, form: str) -> str:
    key = dossier.desk.campaign.form_by_code[form].key
    items = [item for item in dossier.items(form) if item.code in key] or dossier.items(form)[:5]
    return "，".join(f"{item.short}{{{item.code}}}" for item in items) + "。"


# --- topics


def topics(dossier: Dossier) -> tuple[Section, ...]:
    """The sections of the text, one a topic of the outline, in its order."""
    plan = outline(dossier)
    placed = [(row, _topic_of(row, plan)) for row in _passages(dossier)]
    return tuple(
        Section(
            id=f"topic-{n}",
            title=topic.title,
            blocks=(Prose(lines=_lines(dossier, topic, [r for r, at in placed if at == n])),),
        )
        for n, topic in enumerate(plan.topics)
    )


def _lines(dossier: Dossier, topic: Topic, told: list[Paragraph]) -> tuple[ProseLine, ...]:
    said = _said(dossier, topic)
    tells = topic.narrative or topic.form
    units = (*_by_unit(dossier, told), *_silent(dossier, topic, told)) if tells else ()
    if not (said and units):
        return (*said, *units)
    heads = ("总体情况", f"各{dossier.desk.tier.unit_word}情况")
    whole, each = (ProseLine(text=head, heading=True) for head in heads)
    return (whole, *said, each, *units)


def _said(dossier: Dossier, topic: Topic) -> tuple[ProseLine, ...]:
    """The topic's sentences with their figures, what these lack, and what is still to be told."""
    lines = [_written(dossier, sentence) for sentence in topic.says]
    if caveats := _caveats(dossier, topic):
        lines.append(f"【{_NOTE}{'；'.join(caveats)}。】")
    if topic.gap:
        lines.append(f"【待补充：{topic.gap}。】")
    return tuple(ProseLine(text=line) for line in lines)


def _passages(dossier: Dossier) -> Iterator[Paragraph]:
    """What the units' summaries tell, unit by unit in their order."""
    place = {unit: n for n, unit in enumerate(dossier.desk.unit_codes)}
    rows = (Paragraph(*row) for row in dossier.passages.itertuples(index=False, name=None))
    ours = [row for row in rows if row.region in place]
    yield from sorted(ours, key=lambda row: (place[row.region], row.form, row.order))


def _topic_of(row: Paragraph, plan: Outline) -> int | None:
    """The topic that a passage belongs to: by its document, else by its lowest heading that tells.

    Within a heading the word that stands first decides.
    """
    for n, topic in enumerate(plan.topics):
        if topic.form == row.form:
            return n
    for part in reversed(_PARTS.split(row.heading)):
        found = [
            (part.index(word), n)
            for n, topic in enumerate(plan.topics)
            for word in topic.narrative
            if word in part
        ]
        if found:
            return min(found)[1]
    return None


def _by_unit(dossier: Dossier, told: list[Paragraph]) -> Iterator[ProseLine]:
    """The units' own words, the unit named before its first paragraph."""
    room: dict[str, int] = {}
    for row in told:
        left = room.get(row.region, MOST_TOLD)
        if left > 0:
            cut = "" if len(row.text) <= left else "……【过长，以下略，见总结原文】"
            lead = "" if row.region in room else f"{dossier.name(row.region)}。"
            yield ProseLine(lead=lead, text=row.text[:left] + cut)
        room[row.region] = left - len(row.text)


def _silent(dossier: Dossier, topic: Topic, told: list[Paragraph]) -> Iterator[ProseLine]:
    """Which units have told nothing of a topic, and whether they sent a summary at all."""
    forms = _documents(dossier, topic)
    spoke = {row.region for row in told}
    due = [
        unit
        for unit in dossier.desk.unit_codes
        if any(dossier.desk.expects(dossier.due, form, unit) for form in forms)
    ]
    came = [unit for unit in due if any((unit, form) in dossier.came for form in forms)]
    absent = [unit for unit in due if unit not in came and unit not in spoke]
    silent = [unit for unit in came if unit not in spoke]
    words = [f"{_units(dossier, absent)}没有报送总结"] if absent else []
    words += [f"{_units(dossier, silent)}的总结中没有这一部分"] if silent else []
    if words:
        yield ProseLine(text=f"【待补充：{'；'.join(words)}。】")


def _documents(dossier: Dossier, topic: Topic) -> tuple[str, ...]:
    """Codes of the written documents that a topic is told in."""
    if topic.form:
        return (topic.form,)
    forms, taken = dossier.desk.campaign.form_by_code, {t.form for t in outline(dossier).topics}
    return tuple(
        form
        for form in dossier.desk.expected_forms(dossier.due)
        if forms[form].layout == "prose" and form not in taken
    )


# --- figures in sentences


def _written(dossier: Dossier, sentence: str) -> str:
    """A sentence of the outline with its figures; where all are provisional, that is said once."""
    rows = [_total(dossier, item.code) for item in _named(dossier, [sentence])]
    all_of_them = len(rows) > 1 and all(row and row.units_counted and row.provisional
                                        for row in rows)  # fmt: skip

    def put(found: re.Match[str]) -> str:
        code, bare = found.groups()
        if code == "due":
            return month_and_day(dossier.due)
        item = dossier.desk.campaign.item_by_code[code]
        return _figure(dossier, item, bare=bool(bare), quiet=all_of_them)

    text = NAMED.sub(put, sentence)
    return re.sub("(?=[。】]*$)", "（以上均为暂定数）", text, count=1) if all_of_them else text


def _figure(dossier: Dossier, item: Item, *, bare: bool, quiet: bool) -> str:
    """A total as a sentence has it: ``26034人次``, ``3场（暂定）``; else what is wanting.

    bare: without its unit; quiet: the sentence says that it is provisional.
    """
    row = _total(dossier, item.code)
    label = dossier.desk.label(item)
    if row is None:
        return f"【待补充：{label}，至本期没有要求报送】"
    if not row.units_counted:
        return f"【待补充：{label}，各{dossier.desk.tier.unit_word}均没有报数】"
    when = "" if row.due == dossier.due else f"截至{month_and_day(row.due)}"
    wrong = "含错误数字" if counted_wrong(dossier, row) else ""
    doubtful = "" if wrong or not dossier.doubted_units(row, "warning") else "含存疑数字"
    firm = "暂定" if row.provisional and not quiet else ""
    remarks = "，".join(filter(None, (when, firm, wrong or doubtful)))
    return (
        plain(row.value, item.decimals)
        + ("" if bare else item.unit)
        + (f"（{remarks}）" if remarks else "")
    )


def plain(value: float, decimals: int) -> str:
    """A number as a sentence has it: no groups of digits, nothing rounded away."""
    return (
        f"{value:.{decimals}f}" if round(value, decimals) == value else f"{value:.6f}".rstrip("0")
    )


def _total(dossier: Dossier, item: str) -> RollupRow | None:
    """The body's total of an item: at this due, else at the last at which it was asked for."""
    for due in (dossier.due, *reversed(dossier.desk.earlier(dossier.due))):
        if (row := dossier.total.get((due, dossier.body.code, item))) is not None:
            return row
    return None


def _caveats(dossier: Dossier, topic: Topic) -> list[str]:
    """What the figures of a topic lack, those that lack the same together."""
    items = _named(dossier, topic.says)
    rows = {item.short: row for item in items if (row := _total(dossier, item.code)) is not None}
    lacking: dict[str, list[str]] = {}
    for name, row in rows.items():
        for words in _lacks(dossier, row):
            lacking.setdefault(words, []).append(name)
    return [
        ("以上各数" if len(names) == len(rows) > 1 else "、".join(names)) + words
        for words, names in lacking.items()
    ]


def _lacks(dossier: Dossier, row: RollupRow) -> Iterator[str]:
    if row.missing and row.units_counted:
        yield f"缺{_units(dossier, row.missing.split(','))}"
    if row.doubted:
        yield f"中{_units(dossier, row.doubted.split(','))}的数字有错误待更正"
    doubtful = [
        unit
        for unit in dossier.desk.nodes[row.region]
        if dossier.mark(unit, row.item, due=row.due) == "warning"
        and dossier.value(unit, row.item, due=row.due) is not None
    ]
    if doubtful:
        yield f"中{_units(dossier, doubtful)}的数字存疑待核实"


def _units(dossier: Dossier, codes: Iterable[str]) -> str:
    """Units by name, the first six of more, and how many they are: ``历下区、市中区2家``."""
    names = [dossier.name(code) for code in codes]
    return "、".join(names[:6]) + ("等" if len(names) > 6 else "") + f"{len(names)}家"


def _named(dossier: Dossier, sentences: Iterable[str]) -> list[Item]:
    """The items that sentences name, each once."""
    items = dossier.desk.campaign.item_by_code
    codes = dict.fromkeys(code for sentence in sentences for code, _ in NAMED.findall(sentence))
    return [items[code] for code in codes if code in items]


# --- what goes with it


def figures(dossier: Dossier) -> Section:
    """The totals that the text states, as the document's annex, with what each one lacks."""
    named = _named(dossier, (s for topic in outline(dossier).topics for s in topic.says))
    order = list(dossier.desk.campaign.item_by_code)
    items = sorted(named, key=lambda item: order.index(item.code))
    compared = bool(dossier.desk.earlier(dossier.due))
    columns = (
        Column(key="item", label="指标", width=38),
        Column(key="unit", label="单位", width=8),
        Column(key="total", label="合计", kind="figure", width=22),
        *((Column(key="change", label="同口径增减", kind="change", width=13),) if compared else ()),
        Column(key="counted", label="已计/应计", width=12),
    )
    rows = tuple(
        _figure_row(dossier, item, row, compared=compared)
        for item in items
        if (row := _total(dossier, item.code)) is not None
    )
    table = Table(
        id="stated", columns=columns, rows=rows, sheet="主要数据", written=True,
        note="“已计/应计”不等的，合计为暂定数：缺的单位不按0计。",
    )  # fmt: skip
    return Section(id="figures", title="主要数据汇总表", blocks=(table,), place="annex")


def _figure_row(dossier: Dossier, item: Item, row: RollupRow, *, compared: bool) -> Row:
    now = row.due == dossier.due
    when = "" if now else f"截至{month_and_day(row.due)}"
    notes = "，".join(filter(None, (when, "暂定" if row.provisional else "")))
    total = Figure(
        value=None if math.isnan(row.value) else row.value,
        note=notes,
        decimals=item.decimals,
        mark=total_mark(dossier, row) if now else None,
        href=f"rollup_report.html#t-units-{item.form}" if now else "",
    )
    change = dossier.matched_change(row.region, item) if now else None
    worked_out = f"rollup_report.html#t-totals-{item.form}" if change is not None else ""
    cells = (
        Figure(value=dossier.desk.label(item)),
        Figure(value=item.unit),
        total,
        *((Figure(value=change, decimals=item.decimals, href=worked_out),) if compared else ()),
        Figure(value=f"{row.units_counted}/{row.units_expected}"),
    )
    return Row(key=item.code, cells=cells, indent=1 if item.parent else 0)


def todo(report: Report) -> Section:
    """What is still to be done before it can go out: all that its sections have in 【 】."""
    found = [*report.reasons, *report.remarks]
    found += [
        f"{section.title}：{gap}"
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for line in block.lines
        for gap in _GAP.findall(line.text)
        if not gap.startswith(_NOTE)  # the reasons say so
    ]
    lines = [ProseLine(text=f"（{n}）{words.rstrip('。')}。") for n, words in enumerate(found, 1)]
    prose = Prose(lines=tuple(lines) or (ProseLine(text="没有待补充、待核实的事项。"),))
    return Section(id="todo", title="待补充、待核实事项", blocks=(prose,), place="draft")


def originals(dossier: Dossier) -> Section:
    """Every paragraph of the units' summaries, and under which topic it went, if under any."""
    plan, forms = outline(dossier), dossier.desk.campaign.form_by_code
    columns = (
        Column(key="region", label="单位", width=12),
        Column(key="form", label="材料", width=12),
        Column(key="heading", label="原标题", width=26),
        Column(key="text", label="原文", width=70),
        Column(key="topic", label="用在", width=20),
        Column(key="file", label="文件", width=36),
        Column(key="cell", label="位置", width=10),
    )
    rows = tuple(
        Row(
            key=f"{row.region}.{row.form}.{row.order}",
            cells=(
                Figure(value=dossier.name(row.region)),
                Figure(value=forms[row.form].short if row.form in forms else row.form),
                Figure(value=row.heading),
                Figure(value=row.text[:MOST_SHOWN]),
                Figure(value="未用" if (at := _topic_of(row, plan)) is None
                       else plan.topics[at].title),
                Figure(value=row.file),
                Figure(value=row.cell),
            ),
        )
        for row in _passages(dossier)
    )  # fmt: skip
    table = Table(
        id="originals", columns=columns, rows=rows, empty="没有收到总结。", sheet="总结原文"
    )
    return Section(id="originals", title="各单位总结原文", blocks=(table,))
