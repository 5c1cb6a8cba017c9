"""Returns: the forms found in one file, tied to a unit; what cannot be tied is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from chunfeng_reports.explanations import Explanation
from chunfeng_reports.facts import Fate, Received
from chunfeng_reports.findings import Finding, Severity
from chunfeng_reports.reading.grids import Content, Grid
from chunfeng_reports.reading.layouts.tables import counting, forms_in
from chunfeng_reports.reading.portable import Portable
from chunfeng_reports.reading.recognised import Doubt, Recognised, Seen
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.texts.prose import summary_in
from chunfeng_reports.reading.when import due_doubts, filling_doubts, for_another_due
from chunfeng_reports.reading.whose import Tied, Untied, named_place, ties
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.slips import Ledger

__all__ = ["Return", "Sorted", "Source", "named_place", "refused", "returns_in"]

_NOTHING_HERE = "没有认出本次活动的统计表或总结，请核对是否报错文件"
_OTHER_SHEET = "与本次活动统计表无关"
_REPEATED = "空白表或往年的表，同一文件另有填好的本次活动统计表"


@lru_cache(maxsize=256)
def _path(file: str, inner: str) -> PurePosixPath:
    return PurePosixPath(file, inner)


@dataclass(frozen=True, slots=True)
class Source(Portable):
    """A file received: its due, its path below the due's folder, its hash.

    inner: the path of a file within it, where it is an archive.
    """

    due: str
    file: str
    sha256: str
    inner: str = ""

    @property
    def path(self) -> PurePosixPath:
        """The path of what is read: within an archive, as if it were a folder."""
        return _path(self.file, self.inner)

    def member(self, sheet: str = "") -> str:
        """What part of the file is meant: the path in an archive, the sheet, or both."""
        return "·".join(part for part in (self.inner, sheet) if part)

    def row(self, fate: Fate, reason: str, *, member: str = "", region: str = "", form: str = "",
            layout: str = "") -> Received:  # fmt: skip
        """This file's row in the intake; ``member``: the sheet meant, if any."""
        part = self.member(member)
        return Received(self.due, self.file, part, self.sha256, region, form, layout, fate, reason)


@dataclass(frozen=True, slots=True)
class Return(Portable):
    """One form of one unit, as one file brought it; seen: what told whose it is.

    slip: the ledger of the return slip that it came back on, if it did.
    """

    source: Source
    region: str
    found: Recognised
    doubts: tuple[Doubt, ...] = ()
    seen: tuple[Seen, ...] = ()
    slip: Ledger | None = None

    @property
    def form(self) -> str:
        """The form's code."""
        return self.found.form

    @property
    def member(self) -> str:
        """The part of the file it stands on: a path in an archive, a sheet (none for a text)."""
        return self.source.member(_sheet(self.found))

    @property
    def page(self) -> str:
        """The sheet's own name; none for a text."""
        return _sheet(self.found)

    def doubted(self, rule: str) -> bool:
        """Whether a doubt of this rule was met on the return as a whole."""
        return any(doubt.rule == rule for doubt in self.doubts)

    @property
    def sheet(self) -> str:
        """Where its cells stand: path in an archive and sheet; ``正文`` for a text."""
        return self.source.member(self.found.sheet)

    def row(self, fate: Fate, reason: str = "") -> Received:
        """This return's row in the intake."""
        return self.source.row(fate, reason, member=_sheet(self.found), region=self.region,
                               form=self.form, layout=self.found.layout)  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Every doubt met, as findings about this unit and form."""
        for doubt in (*self.doubts, *self.found.doubts):
            yield self.finding(doubt)

    def finding(self, doubt: Doubt) -> Finding:
        """One doubt as a finding about this unit and form."""
        return Finding(
            self.source.due, self.region, self.form, doubt.items, doubt.rule, doubt.severity,
            doubt.message, doubt.value, doubt.expected, self.source.file,
            self.source.member(doubt.sheet), doubt.cell,
            about=doubt.about,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sorted(Portable):
    """What became of one file: returns in it, intake rows of the rest, findings on those.

    explanations: of a return slip that came back, the unit's words.
    """

    returns: tuple[Return, ...] = ()
    rows: tuple[Received, ...] = ()
    findings: tuple[Finding, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def returns_in(content: Content, source: Source, words: Vocabulary) -> Sorted:
    """The returns that a file holds, and rows for what is none. Refusal where it holds none."""
    words = words.at(source.due)
    campaign = content.property_of("campaign")
    if campaign and campaign != words.desk.campaign.id:
        raise Refusal(f"是另一次活动（{shown(campaign)}）的表，请用本次活动的表重新报送")
    found, rows = _found(content, source, words)
    if not found:
        raise Refusal(_NOTHING_HERE)
    returns: list[Return] = []
    untied: list[tuple[Recognised, Untied]] = []
    for one, tied in zip(found, ties(found, content, source.path, words), strict=True):
        if isinstance(tied, Tied):
            returns.append(Return(source, tied.unit, one, tied.doubts, tied.seen))
        else:
            untied.append((one, tied))
    returns, past = _of_this_due(returns, content, words)
    forms = {one.form for one in found}
    checked = (Return(r.source, r.region, r.found,
                      (*r.doubts, *_form_doubts(r, forms, content, words),
                       *due_doubts(r.found, content, source.path, source.due, words),
                       *filling_doubts(r.found, words.desk, source.due),
                       *_revision_doubts(r, content)), r.seen) for r in returns)  # fmt: skip
    return Sorted(
        tuple(checked),
        (*rows, *past, *_untied_rows(untied, source)),
        tuple(_untied_finding(one, why, source, words) for one, why in untied if why.told),
    )


def refused(
    source: Source, region: str, reason: str, *, member: str = "", name: str = "",
    severity: Severity = "warning",
) -> Finding:  # fmt: skip
    """The finding on a file (or a part of it: a sheet, a unit named in it) that was refused."""
    part = source.member(member)
    what = f"{shown(source.file)}（{shown(part)}）" if part else shown(source.file)
    about = "|".join((source.file, part, name) if name else (source.file, part))
    return Finding(source.due, region, "", (), "reading.refused", severity, f"{what}：{reason}",
                   file=source.file, sheet=part, about=about)  # fmt: skip


def _untied_rows(untied: list[tuple[Recognised, Untied]], source: Source) -> Iterator[Received]:
    """A row of the intake for each sheet, form and fate of what could not be tied to a unit."""
    reasons: dict[tuple[str, str, str, Fate], list[str]] = {}
    for one, why in untied:
        reasons.setdefault((_sheet(one), one.form, one.layout, why.fate), []).append(why.reason)
    for (sheet, form, layout, fate), some in reasons.items():
        reason = "；".join(dict.fromkeys(some))
        yield source.row(fate, reason, member=sheet, form=form, layout=layout)


def _untied_finding(one: Recognised, why: Untied, source: Source, words: Vocabulary) -> Finding:
    """The finding on what could not be tied: with the unit that something names after all."""
    name = f"{one.form}|{why.name}" if why.name else ""
    return refused(source, why.unit or words.desk.body.code, why.reason, member=_sheet(one),
                   name=name, severity="critical" if why.unit else "warning")  # fmt: skip


def _of_this_due(
    returns: list[Return], content: Content, words: Vocabulary
) -> tuple[list[Return], list[Received]]:
    """Returns without the forms of another due that lie beside this due's; rows for those."""
    if len(returns) < 2:
        return returns, []
    held = Counter((one.region, one.form) for one in returns)
    other = {id(one): for_another_due(one.found, content, one.source.due, words)
             for one in returns if held[one.region, one.form] > 1}  # fmt: skip
    this = {(one.region, one.form) for one in returns if not other.get(id(one))}
    past = [one for one in returns if other.get(id(one)) and (one.region, one.form) in this]
    rows = [one.row("ignore", f"写明是{other[id(one)]}的表，文件内另有本期的表") for one in past]
    return [one for one in returns if not any(one is old for old in past)], rows


# --- which forms


def _found(
    content: Content, source: Source, words: Vocabulary
) -> tuple[list[Recognised], list[Received]]:
    held = [(grid, forms_in(grid, words)) for grid in content.linked()]
    visible = any(forms for grid, forms in held if not grid.hidden)
    found: list[Recognised] = []
    rows: list[Received] = []
    for grid, forms in held:
        if forms and not (grid.hidden and visible):
            found += [_unhidden(one) for one in forms]
        elif not content.paragraphs:
            reason = _unread(grid, bool(forms))
            rows.append(source.row("ignore", reason, member=grid.name))
    kept = counting(found, words)
    rows += [source.row("ignore", _REPEATED, member=_sheet(one), form=one.form)
             for one in found if not any(one is other for other in kept)]  # fmt: skip
    found = kept
    others = tuple(grid for grid, forms in held if not forms)
    summary = summary_in(content.paragraphs, str(source.path), source.due, words, tables=others,
                         beside_forms=bool(found))  # fmt: skip
    if summary is not None:
        found.append(summary)
    return found, rows


def _unhidden(one: Recognised) -> Recognised:
    if not one.hidden:
        return one
    message = f"统计表在隐藏的工作表“{one.sheet}”里，已读取；请取消隐藏并确认是否应报此表"
    doubt = Doubt("reading.hidden_sheet", "warning", message, sheet=one.sheet)
    return replace(one, doubts=(doubt, *one.doubts))


def _unread(grid: Grid, holds_form: bool) -> str:
    if holds_form:
        return "隐藏的工作表，不作为报送内容"
    if not any(value != "" for row in grid.rows for value in row):
        return "空工作表"
    return _OTHER_SHEET


def _sheet(one: Recognised) -> str:
    return "" if one.layout == "prose" else one.sheet


# --- whether title, name and properties say the same


def _form_doubts(
    one: Return, forms: set[str], content: Content, words: Vocabulary
) -> Iterable[Doubt]:
    sheet, own = one.found.sheet, words.form_name(one.form)
    for word, other in _other_forms(one, forms, content, words):
        message = f"{word}写的是{other}，内容是{own}；已按内容读取，请核实是否填错表"
        yield Doubt("reading.form_disagrees", "critical", message, tuple(one.found.figures),
                    value=own, expected=other, sheet=sheet, about=word)  # fmt: skip
    year, wanted = one.found.year, words.desk.campaign.year
    if year is not None and year != wanted:
        message = f"表名写的是{year}年，本次活动是{wanted}年；请核实是否报错年份"
        yield Doubt("reading.form_disagrees", "critical", message, tuple(one.found.figures),
                    value=f"{year}年", expected=f"{wanted}年", sheet=sheet,
                    about="年份")  # fmt: skip
    named = words.titles.year_in(one.source.path.name)
    if year is None and named not in (None, wanted):
        message = f"文件名写的是{named}年，本次活动是{wanted}年；请核实是否报错年份"
        yield Doubt("reading.form_disagrees", "warning", message, tuple(one.found.figures),
                    value=f"{named}年", expected=f"{wanted}年", sheet=sheet,
                    about="文件名年份")  # fmt: skip


def _other_forms(
    one: Return, forms: set[str], content: Content, words: Vocabulary
) -> Iterator[tuple[str, str]]:
    """Where something names a form other than the one found, and which."""
    titles = words.titles
    if one.found.layout != "prose":
        heading = titles.in_text(one.found.title)
        if heading is not None and not titles.fits(heading, one.form):
            yield "表名", words.form_name(heading.form)
        name = titles.in_text(one.source.path.stem)
        if name is not None and not any(titles.fits(name, form) for form in forms):
            yield "文件名", words.form_name(name.form)
    codes = [code for code in content.property_of("form").replace(" ", "").split(",") if code]
    if codes and one.form not in codes:
        yield "文件属性", "、".join(map(words.form_name, codes))


def _revision_doubts(one: Return, content: Content) -> Iterator[Doubt]:
    if content.revised:
        message = "文件含修订痕迹，按接受修订后的文字读取，请核对；报送前请接受或拒绝全部修订"
        yield Doubt("reading.revisions", "warning", message, sheet=one.found.sheet)
