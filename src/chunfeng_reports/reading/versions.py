"""Versions: of several files with the same form of the same unit, the one that counts.

A return slip that came back is a version where a figure was changed on it, and then goes before all
that had come when it was sent out; without a change it is none, unless nothing else is there. What
is titled as another year's is no version of this year's that lies beside it, and is refused.

The rules for the rest, in this order: what is marked void loses; a form with nothing in it loses;
one that says that it is for another due loses; a mark of a later version in a name wins; one on
which content, properties, folder and name disagree about the unit loses; what came later by
``received.csv`` wins; else the first by name counts, an error that lists the differences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from chunfeng_reports.facts import Received
from chunfeng_reports.findings import Finding, Severity
from chunfeng_reports.reading.recognised import Doubt, Figure
from chunfeng_reports.reading.returns import Return, refused
from chunfeng_reports.reading.slips import changed_items
from chunfeng_reports.reading.whose import named_place
from chunfeng_reports.reading.words.numbers import as_typed
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

_VOID = re.compile(
    r"作废|旧版|旧表|旧稿|(?<!新)旧|废|草稿|草表|底稿|初稿|误报|报错|有误|错误|错的|勿用|不用|停用|弃用|无效"
    r"|过期|撤回|老版|被替[换代]|[不勿别](?:要|再|予)?[采使]?用|不算数|测试|备份|讨论稿|征求意见|(?<![a-z])(?:old|draft|void|obsolete|backup|bak)(?![a-z])",
    re.I,
)
#: A letter of each wording of that.
_MAY_BE_VOID = re.compile("[废旧草稿误错用效期撤版替算测备讨征odb]", re.I)
_FINAL = re.compile(
    r"更正|最终|最后|最新|终版|终稿|终报|定稿|定版|修改|修订|修正|订正|改正|校正|更新|补正|补报|重报|再报"
    r"|重新[报上填发]|重[填发传]|再次[报上]|新版|新表|新稿|正式|为准|改后|已改|核[实定对]后|(?<!被)替换|覆盖|正确"
    r"|\([新改终]\)|[新改终](?=$|[·/.(])|再次(?=修改|更正|修订|修正)"
    r"|(?<![a-z])(?:final|new|latest|revised|corrected)(?![a-z])",
    re.I,
)
#: 更正错误 corrects one; 更正版（原表作废） is not itself void; 修改前 is the version before.
_CORRECTING = re.compile(r"(?:更正|修改|修正|订正|改正|纠正|更改)[了的]?(?:错误|有误|报错)[的后]?")
_FORMER_VOID = re.compile(
    r"(?:原|旧|前|上次|此前|之前|以前|已报|先前|初次)[^·/,()]{0,6}?(?:作废|无效|废止|勿用|停用|不用)"
)
_BEFORE = re.compile(
    r"(?:更正|修改|修订|修正|订正|调整|变更|替换|改)前|原[版稿表件]|初[报版]|首报|[一首]稿"
)
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}(?=$|·|/)")
#: 副本 (2) numbers copies of one file; a copy is no later version.
_COPY = re.compile(r"(?:副本|复件|copy)(?:of)?\(?[0-9]{0,2}\)?", re.I)
_VERSION = re.compile(
    r"(?<![a-z])(?:v|ver|version|rev)\.?(?P<v>[0-9]{1,3}(?:\.[0-9]{1,3})*)(?![0-9])"
    r"|第(?P<n>[0-9]{1,2}|[一二三四五六七八九十])[版稿]|(?P<m>[1-9][0-9]?|[二三四五六七八九十])稿"
    r"|第?(?P<t>[0-9]{1,2}|[二三四五六七八九十])次(?:更正|修改|修订|修正|订正|改|重报|补报)"
    r"|(?:更正|修改|修订|修正|订正|重报|终稿|终版|定稿|最终版?|修改版|更正版)(?P<k>[0-9]{1,2})(?![0-9])",
    re.I,
)
_NUMBERED = re.compile(r"\((?P<n>[0-9]{1,2})\)")
_DIGITS = {word: n for n, word in enumerate("一二三四五六七八九十", start=1)}
_MOST_SHOWN = 15
_OF_ANOTHER_YEAR = "写的是其他年份的表，另有本次活动的表；请核实是否误报"
_SLIP = "退回单回件"
_UNCHANGED = "退回单回件，数字没有改动，仍以原表为准"
_DISPUTED = "reading.unit_disagrees"
_MARKED_VOID = Doubt(
    "reading.marked_void",
    "warning",
    "文件名标明作废、旧版或草稿，但没有别的版本，已按此表计入；请核实并报送正式版本",
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """How a name ranks what it names; more is later.

    version: of v2.1 the numbers, empty for a first one; copy: of ``(2)`` the number; marks: how
    often it says that it is a later one (最最终, 再次修改).
    """

    standing: bool = True
    final: int = 0
    version: tuple[int, ...] = ()
    copy: int = 0
    marks: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """Returns that count, one a unit and form; the others' rows; findings on both."""

    counting: dict[tuple[str, str], Return]
    rows: tuple[Received, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """Why one version goes before another, before anybody asks when it came."""

    standing: bool
    filled: bool
    this_due: bool
    mark: Mark
    undisputed: bool

    def reason(self, other: Rank) -> str:
        """By what this one goes before the other (Chinese); empty where by nothing."""
        if self.mark > other.mark:
            return "文件名标明的版本"
        return "所写的报送期" if self.this_due > other.this_due else ""


def settle(
    returns: Iterable[Return], received_at: Mapping[str, datetime], words: Vocabulary
) -> Settled:
    """Which of several versions counts, and findings on what the others say.

    ``received_at``: file → when it came, where the bureau has written it down; what lies in an
    archive came when the archive came.
    """
    groups: dict[tuple[str, str], list[Return]] = {}
    for one in returns:
        groups.setdefault((one.region, one.form), []).append(one)
    counting: dict[tuple[str, str], Return] = {}
    rows: list[Received] = []
    findings: list[Finding] = []
    for key, every in groups.items():
        several, unchanged = _without_unchanged_slips(every)
        rows += [slip.row("ignore", _UNCHANGED) for slip in unchanged]
        versions = _of_this_year(several, words) if len(several) > 1 else several
        for old in several if len(versions) < len(several) else ():
            if not any(old is one for one in versions):
                rows.append(old.row("refuse", _OF_ANOTHER_YEAR))
                findings.append(refused(old.source, old.region, _OF_ANOTHER_YEAR, member=old.page))
        if len(versions) == 1:
            (only,) = versions
            counting[key] = only
            rows.append(only.row("counts"))
            if _is_marked_void(only, words):
                findings.append(only.finding(_MARKED_VOID))
            continue
        ranks = {id(one): _rank(one, words) for one in versions}
        winner = _winner(_unanswered(versions), ranks, received_at)
        counting[key] = winner
        rows.append(winner.row("counts"))
        if not ranks[id(winner)].standing:
            findings.append(winner.finding(_MARKED_VOID))
        for loser in versions:
            if loser is not winner:
                taken = _name(winner) if loser.source == winner.source else _file(winner)
                rows.append(loser.row("superseded", f"同一单位同一张表，采用“{taken}”"))
                findings += _findings(winner, loser, ranks, received_at, words)
    return Settled(counting, tuple(rows), tuple(findings))


def _of_this_year(versions: list[Return], words: Vocabulary) -> list[Return]:
    """The versions without those of another year by title or name, where one of ours is filled."""
    ours = [one for one in versions if _year(one, words) in (None, words.desk.campaign.year)]
    return ours if any(map(_filled, ours)) else versions


def _year(one: Return, words: Vocabulary) -> int | None:
    """The year that a return's title tells, or else its file's name."""
    told = one.found.year
    return words.titles.year_in(one.source.path.name) if told is None else told


def _without_unchanged_slips(every: list[Return]) -> tuple[list[Return], list[Return]]:
    """Versions, and the slips that came back as they were sent out; one of those where no other."""
    same = [one for one in every if one.slip is not None and not changed_items(one.slip, one)]
    versions = [one for one in every if not any(one is slip for slip in same)]
    return (versions, same) if versions else (same[:1], same[1:])


def _answers(one: Return, other: Return) -> bool:
    """Whether one is a slip that came back, and the other had come when it was sent out."""
    return one.slip is not None and one is not other and one.slip.knew(other.source.sha256)


def _unanswered(versions: list[Return]) -> list[Return]:
    """Versions without those that a slip among them answers."""
    left = [one for one in versions if not any(_answers(other, one) for other in versions)]
    return left or versions


def mark(name: str, words: Vocabulary) -> Mark:
    """How a name ranks its file (or a path: its folders, archive and sheet as well)."""
    # 新旧动能转换起步区 is no old version.
    return _mark(words.places.without_names(_EXTENSION.sub("", name)))


@lru_cache(maxsize=4096)
def _mark(text: str) -> Mark:
    text = _COPY.sub("", text)
    rest = _CORRECTING.sub("更正", text)
    if _FINAL.search(_FORMER_VOID.sub("", rest)):
        rest = _FORMER_VOID.sub("", rest)
    before = bool(_BEFORE.search(rest))
    rest = _BEFORE.sub("", rest)
    marks = len(_FINAL.findall(rest)) + rest.count("最最")
    final = -1 if before else int(marks > 0)
    versions = [_numbers(match) for match in _VERSION.finditer(rest)]
    copies = [int(match["n"]) for match in _NUMBERED.finditer(rest)]
    version = max(versions, default=())
    return Mark(not _VOID.search(rest), final, () if version == (1,) else version,
                copies[-1] if copies else 0, marks)  # fmt: skip


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    text = next(group for group in match.groups() if group)
    parts = [_DIGITS[part] if part in _DIGITS else int(part) for part in text.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()  # 2.0 is 2
    return tuple(parts)


def _mark_of(one: Return, words: Vocabulary) -> Mark:
    return mark(_marked(one), words)


def _marked(one: Return) -> str:
    """What may bear a mark: the path, in an archive too, and the sheet's name."""
    source, page = one.source, one.page
    path = str(source.path) if source.inner else source.file
    return f"{path}·{page}" if page else path


def _is_marked_void(one: Return, words: Vocabulary) -> bool:
    """Whether its name says that it does not stand; most names have no letter that could."""
    return (
        _MAY_BE_VOID.search(plain(_marked(one))) is not None and not _mark_of(one, words).standing
    )


def _rank(one: Return, words: Vocabulary) -> Rank:
    name = _mark_of(one, words)
    return Rank(name.standing, _filled(one), not one.doubted("reading.due_disagrees"),
                name, not one.doubted(_DISPUTED))  # fmt: skip


def _winner(
    versions: list[Return], ranks: Mapping[int, Rank], received_at: Mapping[str, datetime]
) -> Return:
    best = max(ranks[id(one)] for one in versions)
    left = [one for one in versions if ranks[id(one)] == best]
    times = [received_at.get(one.source.file) for one in left]
    known = [time for time in times if time is not None]
    if len(known) == len(left):
        left = [one for one, time in zip(left, times, strict=True) if time == max(known)]
    return min(left, key=lambda one: str(one.source.path))  # of one file, the first sheet


def _filled(one: Return) -> bool:
    """Whether anything at all stands in the form (a form without figures counts as filled)."""
    figures = one.found.figures
    return not figures or any(figure.state != "blank" for figure in figures.values())


def _decided(
    winner: Return, loser: Return, ranks: Mapping[int, Rank], received_at: Mapping[str, datetime]
) -> str:
    """Why the winner counts: by a mark, by when it came; empty where only its name was first."""
    if _answers(winner, loser):
        return _SLIP
    if reason := ranks[id(winner)].reason(ranks[id(loser)]):
        return reason
    came, other = (received_at.get(one.source.file) for one in (winner, loser))
    return "收到的先后" if came is not None and other is not None and came > other else ""


def _findings(
    winner: Return, loser: Return, ranks: Mapping[int, Rank], received_at: Mapping[str, datetime],
    words: Vocabulary,
) -> Iterator[Finding]:  # fmt: skip
    """What the version that does not count says otherwise, and whose it may be in truth."""
    yield from _astray(loser, words)
    about = f"{loser.source.file}|{loser.member}"
    if winner.found.figures and _filled(winner) and not _filled(loser):
        later = ranks[id(loser)].mark > ranks[id(winner)].mark
        message = f"“{_name(loser)}”是空表，采用“{_name(winner)}”；空表请勿报送"
        severity: Severity = "warning" if later else "info"
        yield winner.finding(Doubt("reading.versions_blank", severity, message, about=about))
        return
    by = _decided(winner, loser, ranks, received_at)
    other = _differing(winner, loser)
    if other:
        yield winner.finding(_conflict(winner, loser, other, by, words))
    else:
        yield winner.finding(_same(winner, loser, by))


def _astray(loser: Return, words: Vocabulary) -> Iterator[Finding]:
    """For a form that names its winner's unit within a file of another: told at that unit."""
    unit = named_place(loser.source.path, words).unit
    doubt = next((doubt for doubt in loser.doubts if doubt.rule == _DISPUTED), None)
    if doubt is not None and unit and unit != loser.region:
        message = f"“{_name(loser)}”：{doubt.message}"
        yield replace(loser.finding(doubt), region=unit, message=message)


def _conflict(winner: Return, loser: Return, items: list[str], by: str, words: Vocabulary) -> Doubt:
    if by == _SLIP:
        message = f"“{_name(winner)}”与“{_name(loser)}”数字不同"
        told = f"{message}（{_differences(items, winner, loser, words)}），按退回单回件采用前者"
        return Doubt("reading.versions_superseded", "info", told, tuple(items),
                     about=f"{loser.source.file}|{loser.member}")  # fmt: skip
    how = f"按{by}采用前者" if by else "看不出哪份为准，暂用前者"
    if loser.doubted(_DISPUTED):
        how += "（后者所写单位前后不一）"
    pair = f"“{_name(winner)}”与“{_name(loser)}”"
    message = f"{pair}数字不同（{_differences(items, winner, loser, words)}），{how}；请单位确认"
    # Sheets of one workbook may be parts of the unit (a sheet a street): then no figure is whole.
    parts = not by and winner.source == loser.source
    doubted = tuple(winner.found.figures) if parts else tuple(items)
    return Doubt("reading.versions_superseded" if by else "reading.versions_conflict",
                 "warning" if by else "critical", message, doubted,
                 about=f"{loser.source.file}|{loser.member}")  # fmt: skip


def _same(winner: Return, loser: Return, by: str) -> Doubt:
    """The doubt on a form that came twice without a difference in figures."""
    one, other = (
        (version.source.sha256, version.source.inner, [p.text for p in version.found.passages])
        for version in (winner, loser)
    )
    same = (
        bool(winner.found.figures) or one[:2] == other[:2] or (bool(one[2]) and one[2] == other[2])
    )
    severity: Severity = "info" if same or by else "warning"
    pair, told = f"“{_name(winner)}”与“{_name(loser)}”", "数字相同，" if same else ""
    message = f"{pair}是同一张表，{told}采用前者；请勿重复报送"
    return Doubt("reading.versions_same", severity, message,
                 about=f"{loser.source.file}|{loser.member}")  # fmt: skip


def _differing(winner: Return, loser: Return) -> list[str]:
    """Codes of the items on which two versions differ."""
    ours, theirs = winner.found.figures, loser.found.figures
    return [
        code
        for code in dict.fromkeys((*ours, *theirs))
        if not ours.get(code, Figure(code, "blank")).same_as(
            theirs.get(code, Figure(code, "blank"))
        )
    ]


def _differences(codes: list[str], winner: Return, loser: Return, words: Vocabulary) -> str:
    items = words.desk.campaign.item_by_code
    told = [
        f"{items[code].short} {_shown(winner, code)}／{_shown(loser, code)}"
        for code in codes[:_MOST_SHOWN]
    ]
    return "，".join(told) + (f" 等 {len(codes)} 项" if len(codes) > _MOST_SHOWN else "")


def _shown(one: Return, code: str) -> str:
    figure = one.found.figures.get(code)
    if figure is None:
        return "空"
    return as_typed(figure.value) if figure.value is not None else shown(figure.raw) or "空"


def _name(one: Return) -> str:
    return f"{_file(one)}·{shown(one.member)}" if one.member else _file(one)


def _file(one: Return) -> str:
    return shown(one.source.file)
