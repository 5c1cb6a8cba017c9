"""Returns: the forms found in one file, tied to a unit; what cannot be tied is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from chunfeng_reports.facts import Fate, Received
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading.grids import Content, Grid
from chunfeng_reports.reading.layouts.tables import forms_in, unknown_unit
from chunfeng_reports.reading.recognised import Doubt, Recognised
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.texts.prose import summary_in
from chunfeng_reports.reading.words.places import NO_PLACE, Place, labelled
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain, squeeze

_NOTHING_HERE = "没有认出本次活动的统计表或总结，请核对是否报错文件"
_OTHER_SHEET = "与本次活动统计表无关"


@dataclass(frozen=True, slots=True)
class Source:
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
        return PurePosixPath(self.file, self.inner)

    def member(self, sheet: str = "") -> str:
        """What part of the file is meant: the path in an archive, the sheet, or both."""
        return "·".join(part for part in (self.inner, sheet) if part)

    def row(self, fate: Fate, reason: str, *, member: str = "", region: str = "", form: str = "",
            layout: str = "") -> Received:  # fmt: skip
        """This file's row in the intake; ``member``: the sheet meant, if any."""
        part = self.member(member)
        return Received(self.due, self.file, part, self.sha256, region, form, layout, fate, reason)


@dataclass(frozen=True, slots=True)
class Return:
    """One form of one unit, as one file brought it."""

    source: Source
    region: str
    found: Recognised
    doubts: tuple[Doubt, ...] = ()

    @property
    def form(self) -> str:
        """The form's code."""
        return self.found.form

    @property
    def member(self) -> str:
        """The part of the file it stands on: a path in an archive, a sheet (none for a text)."""
        return self.source.member(_sheet(self.found))

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
class Sorted:
    """What became of one file: returns in it, intake rows of the rest, findings on those."""

    returns: tuple[Return, ...] = ()
    rows: tuple[Received, ...] = ()
    findings: tuple[Finding, ...] = ()


def returns_in(content: Content, source: Source, words: Vocabulary) -> Sorted:
    """The returns that a file holds, and rows for what is none. Refusal where it holds none."""
    campaign = content.property_of("campaign")
    if campaign and campaign != words.desk.campaign.id:
        raise Refusal(f"是另一次活动（{campaign}）的表，请用本次活动的表重新报送")
    found, rows = _found(content, source, words)
    if not found:
        raise Refusal(_NOTHING_HERE)
    siblings = {place.unit for f in found if (place := _own_place(f, words)).unit}
    returns, findings = [], []
    for one in found:
        tied = _tied(one, content, source, words, siblings)
        if isinstance(tied, Return):
            returns.append(tied)
        else:
            rows.append(source.row("refuse", tied, member=_sheet(one), form=one.form,
                                   layout=one.layout))  # fmt: skip
            findings.append(refused(source, words.desk.body.code, tied, member=_sheet(one)))
    forms = {one.form for one in found}
    checked = (replace(r, doubts=(*r.doubts, *_form_doubts(r, forms, content, words),
                                  *_due_doubts(r, content, words),
                                  *_revision_doubts(r, content))) for r in returns)  # fmt: skip
    return Sorted(tuple(checked), tuple(rows), tuple(findings))


def refused(source: Source, region: str, reason: str, *, member: str = "") -> Finding:
    """The finding on a file (or a sheet of it) that was refused."""
    part = source.member(member)
    what = f"{source.file}（{part}）" if part else source.file
    return Finding(source.due, region, "", (), "reading.refused", "warning", f"{what}：{reason}",
                   file=source.file, sheet=part, about=f"{source.file}|{part}")  # fmt: skip


def named_place(path: PurePosixPath, words: Vocabulary) -> Place:
    """The place that a file's name, or else the folder it lies in, names."""
    for text in (path.stem, *reversed(path.parts[:-1])):
        place = words.places.within(text)
        if not place.silent and not place.above:
            return place
    return NO_PLACE


# --- which forms


def _found(
    content: Content, source: Source, words: Vocabulary
) -> tuple[list[Recognised], list[Received]]:
    by_grid = {grid.name: forms_in(grid, words) for grid in content.grids}
    shown = {grid.name for grid in content.grids if not grid.hidden}
    if not any(by_grid[name] for name in shown):
        shown = set(by_grid)
    found: list[Recognised] = []
    rows: list[Received] = []
    for grid in content.grids:
        if grid.name in shown and by_grid[grid.name]:
            found += [_unhidden(one) for one in by_grid[grid.name]]
        elif not content.paragraphs:
            reason = _unread(grid, bool(by_grid[grid.name]))
            rows.append(source.row("ignore", reason, member=grid.name))
    summary = summary_in(content.paragraphs, str(source.path), source.due, words)
    if summary is not None and (not found or any(f.raw for f in summary.figures.values())):
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


# --- whose


def _tied(
    one: Recognised, content: Content, source: Source, words: Vocabulary, siblings: set[str]
) -> Return | str:
    """The return, tied to its unit by the first source that names one; else why it is refused."""
    said = list(_evidence(one, content, source, words, siblings))
    telling = [(word, place) for word, place in said if not place.silent and not place.above]
    if not telling:
        above = next((place.other for _, place in said if place.above), "")
        only = f"只写了{above}，" if above else ""
        return f"{only}看不出是哪个报送单位的表，请在表内写明单位名称后重新报送"
    first_word, first = telling[0]
    if not first.unit:
        return f"非本级报送单位（{first.other}），请核对报送渠道"
    doubts = []
    for word, place in telling[1:]:
        if place.unit != first.unit:
            doubts.append(_unit_doubt(one, words, first_word, first, word, place))
    unclear = _unclear_in_text(one, content.paragraphs, words)
    return Return(source, first.unit, one, (*doubts[:1], *unclear))


def _evidence(
    one: Recognised, content: Content, source: Source, words: Vocabulary, siblings: set[str]
) -> Iterator[tuple[str, Place]]:
    yield "表内" if one.layout != "prose" else "标题", _own_place(one, words)
    if one.layout != "prose":
        yield "表题", words.places.within(one.title)
    if one.layout != "prose" and content.paragraphs:
        yield "正文", _place_in_text(content.paragraphs, words)
    if len(siblings) == 1:
        yield "同一文件的其他表", Place(unit=next(iter(siblings)))
    yield "工作表名称", words.places.within(one.sheet)
    if one.layout == "prose":
        for paragraph in content.paragraphs[-3:]:
            if len(plain(paragraph)) <= 30:
                yield "落款", words.places.within(paragraph)
    yield "文件属性", words.places.within(content.property_of("region"))
    for folder in reversed(source.path.parts[:-1]):
        yield "所在文件夹", words.places.within(folder)
    yield "文件名", words.places.within(source.path.stem)


def _place_in_text(paragraphs: tuple[str, ...], words: Vocabulary) -> Place:
    """The place that the text around a document's tables names in a label or a short line."""
    for paragraph in paragraphs:
        name = labelled(paragraph)[1] or (paragraph if len(plain(paragraph)) <= 40 else "")
        place = words.places.within(name)
        if not place.silent:
            return place
    return NO_PLACE


def _unclear_in_text(
    one: Recognised, paragraphs: tuple[str, ...], words: Vocabulary
) -> tuple[Doubt, ...]:
    """A doubt on the unit's name over a document's table that is no region known, or several."""
    if one.layout == "prose" or not _place_in_text(paragraphs, words).silent:
        return ()
    names = (labelled(paragraph)[1] for paragraph in paragraphs)
    return tuple(unknown_unit(name, one.sheet) for name in names if words.places.unclear(name))[:1]


def _own_place(one: Recognised, words: Vocabulary) -> Place:
    """The place that the form itself names: in its label cells, else in its title."""
    said = [words.places.alone(text) for text in one.unit_texts]
    said.append(words.places.within(one.title))
    telling = [place for place in said if not place.silent]
    ours = [place for place in telling if not place.above]
    return next(iter(ours + telling), NO_PLACE)


def _unit_doubt(
    one: Recognised, words: Vocabulary, word: str, place: Place, other_word: str, other: Place
) -> Doubt:
    name = words.region_name(place.unit)
    other_name = words.region_name(other.unit) if other.unit else other.other
    message = (
        f"{word}写的是{name}，{other_word}写的是{other_name}；已按{name}计入，"
        "请核实是哪个单位的数字后重新报送"
    )
    return Doubt("reading.unit_disagrees", "critical", message, value=name, expected=other_name,
                 sheet=one.sheet, about=other_word)  # fmt: skip


# --- whether title, name and properties say the same


def _form_doubts(
    one: Return, forms: set[str], content: Content, words: Vocabulary
) -> Iterable[Doubt]:
    sheet, own = one.found.sheet, words.form_name(one.form)
    for word, other in _other_forms(one, forms, content, words):
        message = f"{word}写的是{other}，内容是{own}；已按内容读取，请核实是否填错表"
        yield Doubt("reading.form_disagrees", "critical", message, value=own, expected=other,
                    sheet=sheet, about=word)  # fmt: skip
    year, wanted = one.found.year, words.desk.campaign.year
    if year is not None and year != wanted:
        message = f"表名写的是{year}年，本次活动是{wanted}年；请核实是否报错年份"
        yield Doubt("reading.form_disagrees", "critical", message, value=f"{year}年",
                    expected=f"{wanted}年", sheet=sheet, about="年份")  # fmt: skip


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


def _due_doubts(one: Return, content: Content, words: Vocabulary) -> Iterator[Doubt]:
    due = one.source.due
    stated = content.property_of("due")[:10]
    if stated and stated != due:
        message = f"文件属性标明是{stated}一期的表，却在{due}一期报来；请核实报送期"
        yield Doubt("reading.due_disagrees", "critical", message, value=stated, expected=due,
                    sheet=one.found.sheet, about="文件属性")  # fmt: skip
    texts = {"标题": one.found.title}
    if one.found.layout == "prose":
        texts["文件名"] = squeeze(one.source.path.stem)
    for word, text in texts.items():
        named = words.titles.dues_in(text)
        if len(named) == 1 and named[0] != due:
            name = words.desk.round(named[0]).name
            message = f"{word}写的是{name}（{named[0]}），却在{due}一期报来；请核实报送期"
            yield Doubt("reading.due_disagrees", "warning", message, value=named[0],
                        expected=due, sheet=one.found.sheet, about=word)  # fmt: skip
            return


def _revision_doubts(one: Return, content: Content) -> Iterator[Doubt]:
    if content.revised:
        message = "文件含修订痕迹，按接受修订后的文字读取，请核对；报送前请接受或拒绝全部修订"
        yield Doubt("reading.revisions", "warning", message, sheet=one.found.sheet)
