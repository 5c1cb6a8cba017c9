"""Slips: a return slip of our own that came back → the forms copied on it, corrections, words.

It is known by its properties, whatever its name and format became. The copied sheets are read as
the files that they were copied from; the ledger tells whether any figure was changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chunfeng_reports.calendar import in_words
from chunfeng_reports.cells import cell_name
from chunfeng_reports.explanations import Explanation
from chunfeng_reports.facts import Received
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading.grids import Content, Formula, Grid, Value
from chunfeng_reports.reading.recognised import Doubt, Figure
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.returns import Return, Sorted, Source, refused, returns_in
from chunfeng_reports.reading.words.numbers import Number, as_typed, read_number
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.slips import (
    APPROVAL,
    CORRECTION,
    COVER,
    HEADS,
    ID,
    KIND,
    REPLY,
    Asked,
    Ledger,
    figure_text,
)

_LOST = (
    "退回单的文件属性已丢失或被改动，无法核对哪些数字作了更正，已按普通报表读取；"
    "请在原退回单上填写后报送"
)
_NOTHING = ("blank", "", "")
_OTHERS = "退回单中其他单位的表，没有采用"
_OTHER_DUE = "这是{due}报送期的退回单，没有采用；请存到那一期的文件夹"
#: 改为1017, 应为 1017, =1017: a figure in words of its own.
_GIVEN = re.compile(
    r"[=＝]|(?:请|应|该|当|改|更正|更改|修改|修正|调整|实际|实为|正确|数|值)*[为成是：:]+(?=\s*[0-9０-９])"
)


@dataclass(frozen=True, slots=True)
class SlipPart:
    """One file copied on a slip: its path, its content, its sheets' own names → names here."""

    path: str
    content: Content
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of 退回说明: the finding's id, what was typed beside it, who approved, and where."""

    finding: str
    words: Value
    approved_by: str
    cell: str


@dataclass(frozen=True, slots=True)
class OpenedSlip:
    """A slip taken apart: its ledger, the files copied on it, what was written on 退回说明."""

    ledger: Ledger
    parts: tuple[SlipPart, ...]
    replies: tuple[Reply, ...]


def opened_slip(content: Content) -> OpenedSlip | None:
    """The slip that a workbook is; None where it is none, or its ledger is damaged."""
    ledger = Ledger.of(dict(content.properties)) if is_slip(content) else None
    if ledger is None:
        return None
    cover = next(filter(_is_cover, content.grids), None)
    return OpenedSlip(ledger, tuple(_parts(content, ledger)), tuple(_replies(cover)))


def is_slip(content: Content) -> bool:
    """Whether a file is a slip of ours: by its properties, or by the list of findings on it."""
    return content.property_of("kind") == KIND or any(map(_is_cover, content.grids))


def _is_cover(grid: Grid) -> bool:
    """Whether a sheet holds the list of findings, whatever it is called by now."""
    return any(HEADS[ID] in row and HEADS[REPLY] in row for row in grid.rows)


def slip_in(slip: OpenedSlip, source: Source, words: Vocabulary) -> Sorted:
    """The returns on a slip, each with the slip's ledger, what was corrected in words, and words.

    A slip without anything that can be read has its words all the same; one of another due is
    refused.
    """
    if slip.ledger.due != source.due:
        why = _OTHER_DUE.format(due=in_words(slip.ledger.due))
        row = source.row("refuse", why, region=slip.ledger.region)
        return Sorted(rows=(row,), findings=(refused(source, slip.ledger.region, why,
                                                     severity="critical"),))  # fmt: skip
    parts = [_read(part, slip.ledger, source, words) for part in slip.parts]
    returns = [one for part in parts for one in part.returns]
    by_form = {one.form: one for one in returns}
    answers = list(_answers(slip, by_form, words))
    return Sorted(
        tuple(_corrected(one, answers) for one in returns),
        (_cover_row(slip, source), *(row for part in parts for row in part.rows)),
        (
            *(f for part in parts for f in part.findings),
            *_unknown(slip, source),
            *_nowhere(slip, answers, source),
        ),
        tuple(_explanation(a, slip.ledger, source) for a in answers if a.explains),
    )


def without_ledger(content: Content, source: Source, words: Vocabulary) -> Sorted:
    """What a slip holds whose ledger is gone: its sheets as any others, and a doubt on it."""
    ours = tuple(grid for grid in content.grids if not _is_cover(grid))
    found = returns_in(replace(content, grids=ours), source, words)
    region = next((one.region for one in found.returns), words.desk.body.code)
    doubt = replace(refused(source, region, _LOST), rule="reading.slip_damaged")
    return replace(found, findings=(*found.findings, doubt))


# --- the workbook taken apart


def _text(value: Value) -> str:
    if isinstance(value, Formula):
        return _text(value.stored) or value.text
    if isinstance(value, float):
        return as_typed(value)
    return value if isinstance(value, str) else str(value)


def _parts(content: Content, ledger: Ledger) -> Iterator[SlipPart]:
    """The files copied on a slip, in their order; sheets that were added to it come last."""
    grids = {grid.name: grid for grid in content.grids}
    ours = {sheet.name for sheet in ledger.sheets} | {
        g.name for g in grids.values() if _is_cover(g)
    }
    for path in dict.fromkeys(sheet.source for sheet in ledger.sheets):
        sheets = [s for s in ledger.sheets if s.source == path and s.name in grids]
        tables = tuple(
            replace(grids[s.name], name=s.original, hidden=False) for s in sheets if not s.text
        )
        texts = tuple(t for s in sheets if s.text for t in _paragraphs(grids[s.name]))
        yield SlipPart(path, replace(content, grids=tables, paragraphs=texts, authorship=()),
                       tuple((s.original, s.name) for s in sheets if not s.text))  # fmt: skip
    added = tuple(grid for grid in content.grids if grid.name not in ours)
    if any(value != "" for grid in added for row in grid.rows for value in row):
        names = tuple((grid.name, grid.name) for grid in added)
        yield SlipPart("", replace(content, grids=added, authorship=()), names)


def _paragraphs(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        yield "".join(map(_text, row[1:])) or " "


def _replies(cover: Grid | None) -> Iterator[Reply]:
    """What stands beside each finding, wherever the list was moved to."""
    rows = cover.rows if cover is not None else ()
    head = next((r for r, row in enumerate(rows) if HEADS[ID] in row and HEADS[REPLY] in row), None)
    if cover is None or head is None:
        return
    names = [_text(value) for value in rows[head]]
    at = {n: names.index(HEADS[n]) for n in (ID, REPLY, APPROVAL) if HEADS[n] in names}
    for r in range(head + 1, len(rows)):
        words = cover.at(r, at[REPLY])
        approved = _text(cover.at(r, at[APPROVAL])).strip() if APPROVAL in at else ""
        if _text(words).strip() or approved:
            yield Reply(_text(cover.at(r, at[ID])).strip(), words, approved,
                        cell_name(r, at[REPLY]))  # fmt: skip


# --- what was read


def _read(part: SlipPart, ledger: Ledger, outer: Source, words: Vocabulary) -> Sorted:
    """The returns on the sheets copied from one file; those of other units are left out."""
    inner = "/".join(filter(None, (outer.inner, part.path)))
    source = Source(outer.due, outer.file, outer.sha256, inner)
    if not part.content.grids and not part.content.paragraphs:
        return Sorted()
    try:
        found = returns_in(part.content, source, words)
    except Refusal as why:
        return Sorted(rows=(source.row("ignore", str(why)),))
    ours = tuple(replace(r, slip=ledger) for r in found.returns if r.region == ledger.region)
    theirs = [r for r in found.returns if r.region != ledger.region]
    others = [r.row("ignore", _OTHERS) for r in theirs]
    told = [refused(source, ledger.region, _OTHERS, member=r.page) for r in theirs]
    return Sorted(ours, (*found.rows, *others), (*found.findings, *told))


def _cover_row(slip: OpenedSlip, source: Source) -> Received:
    told = f"收到 {len(slip.replies)} 条说明或更正" if slip.replies else "没有填写说明"
    return source.row("ignore", f"退回单回件的退回说明，{told}", member=COVER,
                      region=slip.ledger.region)  # fmt: skip


# --- what was typed beside the findings


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a reply comes to: a figure for an item, or words; doubt: what is to be told of it.

    nowhere: whether it is a figure, and no figure on the slip is meant by it.
    """

    reply: Reply
    asked: Asked
    form: str
    figure: Figure | None = None
    words: str = ""
    doubt: Doubt | None = None
    nowhere: bool = False

    @property
    def explains(self) -> bool:
        """Whether it is an explanation of a figure that stands."""
        return self.figure is None and self.doubt is None and not self.nowhere


def _answers(slip: OpenedSlip, returns: dict[str, Return], words: Vocabulary) -> Iterator[_Answer]:
    """What each reply comes to; of several figures for one item, the first is taken and told."""
    asked = {one.finding: one for one in slip.ledger.asked}
    taken: dict[str, Figure] = {}
    for reply in slip.replies:
        if (one := asked.get(reply.finding)) is None:
            continue
        answer = _answer(reply, one, returns, words)
        if (new := answer.figure) is not None:
            first = taken.setdefault(new.item, new)
            if first.value != new.value:
                name = words.desk.campaign.item_by_code[new.item].short
                doubt = _contradiction(reply, first, new, name)
                answer = replace(answer, figure=None, doubt=doubt)
        yield answer


def _answer(reply: Reply, asked: Asked, returns: dict[str, Return], words: Vocabulary) -> _Answer:
    """A reply is a correction where it is a number alone and the finding is on a cell."""
    item = words.desk.campaign.item_by_code.get(asked.item)
    form = asked.item.split("_", 1)[0]
    ours = returns.get(form)
    text = _text(reply.words).strip()
    number = _given(text, unit=item.unit if item else "")
    if number.value is None:
        return _in_words(reply, asked, text, returns)
    if item is None or ours is None:
        return _Answer(reply, asked, form, nowhere=True)
    now = ours.found.figures.get(asked.item) or Figure(asked.item, "blank")
    if now.value == number.value:
        return _in_words(reply, asked, text, returns)
    if _changed(ours, asked.item):
        return _Answer(reply, asked, form, doubt=_contradiction(reply, now, number, item.short))
    figure = now._replace(state="value", value=number.value, raw=text, how=number.how)
    return _Answer(reply, asked, form, figure, doubt=_correction(reply, asked, now, figure,
                                                                item.short))  # fmt: skip


def _given(text: str, *, unit: str) -> Number:
    """The figure that a reply gives, alone or in words that say so (改为1017)."""
    return read_number(_GIVEN.sub("", text, count=1) if _GIVEN.match(text) else text, unit=unit)


def _in_words(reply: Reply, asked: Asked, text: str, returns: dict[str, Return]) -> _Answer:
    """Words explain a figure that stands; beside one that was changed they only go with it."""
    changed = [item for item in asked.items
               if (one := returns.get(item.split("_", 1)[0])) and _changed(one, item)]  # fmt: skip
    if not changed:
        return _Answer(reply, asked, asked.form, words=text)
    message = f"退回说明 {reply.cell} 随更正的数字写明：{shown(text) or '（空）'}"
    doubt = Doubt("reading.slip_words", "info", message, tuple(changed), sheet=COVER,
                  cell=reply.cell, about=asked.finding)  # fmt: skip
    return _Answer(reply, asked, changed[0].split("_", 1)[0], doubt=doubt)


def _changed(one: Return, item: str) -> bool:
    return one.slip is not None and item in changed_items(one.slip, one)


def changed_items(ledger: Ledger, one: Return) -> tuple[str, ...]:
    """Codes of the items whose figures on a form are not those that the slip was sent out with."""
    before = {f.item: (f.state, f.value, _plain(f.raw))
              for f in ledger.figures if f.form == one.form}  # fmt: skip
    now = {code: _told(figure) for code, figure in one.found.figures.items()}
    codes = dict.fromkeys((*before, *now))
    return tuple(code for code in codes if before.get(code, _NOTHING) != now.get(code, _NOTHING))


def _told(figure: Figure) -> tuple[str, str, str]:
    """What counts of a figure: its state, its value, and the text that could not be read."""
    value = "" if figure.value is None else figure_text(figure.value)
    return figure.state, value, _plain(figure.raw) if figure.state == "unreadable" else ""


def _plain(text: str) -> str:
    """Text without what a program that saves it again may change."""
    return " ".join(text.split())


def _correction(reply: Reply, asked: Asked, now: Figure, new: Figure, name: str) -> Doubt:
    """The new figure is told; of a finding on several items it is a guess which is meant."""
    was, value = _was(now), as_typed(new.value or 0.0)
    alone, exact = len(asked.items) == 1, new.how in ("typed", "interpreted")
    sure = alone and exact
    guess = "" if exact else f"（写的是“{shown(new.raw)}”，请只填一个准数）"
    guess += "" if alone else "；该问题涉及几项，按所链接的单元格取用，请核实"
    message = f"{name}按退回说明 {reply.cell} 的更正由 {was} 改为 {value}{guess}"
    return Doubt(CORRECTION, "info" if sure else "warning", message, (asked.item,),
                 value=value, expected=was, sheet=COVER, cell=reply.cell,
                 about=asked.finding)  # fmt: skip


def _contradiction(reply: Reply, now: Figure, number: Number | Figure, name: str) -> Doubt:
    value = as_typed(number.value or 0.0)
    message = (
        f"{name}已改为 {_was(now)}，退回说明 {reply.cell} 又写 {value}，两处不一致，"
        "暂用前者；请单位确认"
    )
    return Doubt("reading.slip_contradiction", "critical", message, (now.item,), value=_was(now),
                 expected=value, sheet=COVER, cell=reply.cell, about=reply.finding)  # fmt: skip


def _was(figure: Figure) -> str:
    if figure.value is not None:
        return as_typed(figure.value)
    return f"“{shown(figure.raw)}”" if figure.state == "unreadable" else "空"


def _corrected(one: Return, answers: Iterable[_Answer]) -> Return:
    """A return with the figures and doubts of the answers on it; doubts on what is gone go."""
    ours = [a for a in answers if a.form == one.form]
    new = {a.figure.item: a.figure for a in ours if a.figure is not None}
    doubts = tuple(a.doubt for a in ours if a.doubt is not None)
    kept_doubts = tuple(d for d in one.found.doubts if not d.items or not set(d.items) <= set(new))
    found = replace(one.found, figures=one.found.figures | new, doubts=kept_doubts)
    return replace(one, found=found, doubts=(*one.doubts, *doubts))


def _nowhere(slip: OpenedSlip, answers: Iterable[_Answer], source: Source) -> Iterator[Finding]:
    """A finding for every figure given where no figure of the slip is meant: it is not taken."""
    for answer in answers:
        if answer.nowhere:
            cell, text = answer.reply.cell, shown(_text(answer.reply.words).strip())
            message = (
                f"退回说明 {cell} 写的“{text}”没有可以更正的单元格（该问题不在某一格上，"
                "或所附的表已删去），没有采用；请在表内填写，连同整份退回单重报"
            )
            yield Finding(source.due, slip.ledger.region, "", (), "reading.slip_unknown",
                          "warning", message, value=text, file=source.file,
                          sheet=source.member(COVER), cell=cell,
                          about=f"{source.file}|{cell}")  # fmt: skip


def _explanation(answer: _Answer, ledger: Ledger, source: Source) -> Explanation:
    reply = answer.reply
    return Explanation(source.due, ledger.region, reply.finding, answer.asked.value, answer.words,
                       reply.approved_by, source.file, source.member(COVER),
                       reply.cell, known=len(ledger.known))  # fmt: skip


def _unknown(slip: OpenedSlip, source: Source) -> Iterator[Finding]:
    """A finding for every reply beside an id that the slip was not sent out with."""
    known = {one.finding for one in slip.ledger.asked}
    for reply in slip.replies:
        if reply.finding not in known:
            message = (
                f"退回说明 {reply.cell} 的说明对不上问题编号“{shown(reply.finding)}”，没有采用；"
                "请勿改动问题编号，核对后重报"
            )
            yield Finding(source.due, slip.ledger.region, "", (), "reading.slip_unknown",
                          "warning", message, file=source.file, sheet=source.member(COVER),
                          cell=reply.cell, about=f"{source.file}|{reply.cell}")  # fmt: skip
