"""Versions: of several files with the same form of the same unit, the one that counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chunfeng_reports.facts import Received
from chunfeng_reports.findings import Finding, Severity
from chunfeng_reports.reading.recognised import Doubt, Figure
from chunfeng_reports.reading.returns import Return
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

_VOID = re.compile(r"作废|旧版|旧表|旧|废|草稿|初稿|误报|有误|错误|勿用|停用")
_FINAL = re.compile(
    r"更正|最终|终版|终稿|定稿|修改|修订|修正|订正|更新|补正|重报|重新报送|新版|正式"
)
_NUMBER = re.compile(r"(?:[vV]|第)([0-9]{1,3})版?(?![0-9])|\(([0-9]{1,3})\)(?=[^()]*$)")
_MARKED_VOID = Doubt(
    "reading.marked_void",
    "warning",
    "文件名标明作废、旧版或草稿，但没有别的版本，已按此表计入；请核实并报送正式版本",
)


@dataclass(frozen=True, slots=True)
class Settled:
    """Returns that count, one a unit and form; the others' rows; findings on both."""

    counting: dict[tuple[str, str], Return]
    rows: tuple[Received, ...]
    findings: tuple[Finding, ...]


def settle(
    returns: Iterable[Return], received_at: Mapping[str, datetime], words: Vocabulary
) -> Settled:
    """Which of several versions counts: marks in the name, then when it came, then its name.

    ``received_at``: file → when it came, where the bureau has written it down.
    """
    groups: dict[tuple[str, str], list[Return]] = {}
    for one in returns:
        groups.setdefault((one.region, one.form), []).append(one)
    counting: dict[tuple[str, str], Return] = {}
    rows: list[Received] = []
    findings: list[Finding] = []
    for key, versions in groups.items():
        winner = _winner(versions, received_at, words)
        counting[key] = winner
        rows.append(winner.row("counts"))
        if not mark(str(winner.source.path), words)[0]:
            findings.append(winner.finding(_MARKED_VOID))
        for loser in versions:
            if loser is not winner:
                taken = _name(winner) if loser.source == winner.source else winner.source.file
                rows.append(loser.row("superseded", f"同一单位同一张表，采用“{taken}”"))
                findings.append(_finding(winner, loser, received_at, words))
    return Settled(counting, tuple(rows), tuple(findings))


def mark(file: str, words: Vocabulary) -> tuple[bool, bool, int]:
    """How a file's name ranks it: not void, called final, its version number; more is later."""
    text = plain(file)
    for region in words.desk.campaign.regions:
        text = text.replace(plain(region.name), "")  # 新旧动能转换起步区 is no old version
    for region in words.desk.campaign.regions:
        for alias in region.aliases:
            text = text.replace(plain(alias), "")
    text = re.sub(r"\.[A-Za-z]{2,5}$", "", text)
    numbers = [int(a or b) for a, b in _NUMBER.findall(text)]
    return not _VOID.search(text), bool(_FINAL.search(text)), max(numbers, default=0)


def _winner(
    versions: list[Return], received_at: Mapping[str, datetime], words: Vocabulary
) -> Return:
    marks = {one.source.path: mark(str(one.source.path), words) for one in versions}
    rank = {id(one): (marks[one.source.path][0], _filled(one), marks[one.source.path])
            for one in versions}  # fmt: skip
    best = max(rank.values())
    left = [one for one in versions if rank[id(one)] == best]
    times = [received_at.get(one.source.file) for one in left]
    known = [time for time in times if time is not None]
    if len(known) == len(left):
        left = [one for one, time in zip(left, times, strict=True) if time == max(known)]
    return left[0]


def _filled(one: Return) -> bool:
    """Whether anything at all stands in the form (a form without figures counts as filled)."""
    figures = one.found.figures
    return not figures or any(figure.state != "blank" for figure in figures.values())


def _decided(
    winner: Return, loser: Return, received_at: Mapping[str, datetime], words: Vocabulary
) -> str:
    """Why the winner counts: by a mark, by when it came; empty where only its name was first."""
    if mark(str(winner.source.path), words) != mark(str(loser.source.path), words):
        return "文件名标明的版本"
    times = received_at.get(winner.source.file), received_at.get(loser.source.file)
    if None not in times and times[0] != times[1]:
        return "收到的先后"
    return ""


def _finding(
    winner: Return, loser: Return, received_at: Mapping[str, datetime], words: Vocabulary
) -> Finding:
    by = _decided(winner, loser, received_at, words)
    if winner.found.figures and not _filled(loser):
        message = f"“{_name(loser)}”是空表，采用“{_name(winner)}”；空表请勿报送"
        return winner.finding(
            Doubt(
                "reading.versions_blank",
                "info",
                message,
                about=f"{loser.source.file}|{loser.member}",
            )
        )
    pair = f"“{_name(winner)}”与“{_name(loser)}”"

    theirs = loser.found.figures
    other = [
        code
        for code, figure in winner.found.figures.items()
        if not figure.same_as(theirs.get(code, Figure(code, "blank")))
    ]  # fmt: skip
    about = f"{loser.source.file}|{loser.member}"
    if not other:
        same = winner.source.sha256 == loser.source.sha256 or bool(winner.found.figures)
        severity: Severity = "info" if same or by else "warning"
        message = f"{pair}是同一张表，{'数字相同，' if same else ''}采用前者；请勿重复报送"
        return winner.finding(Doubt("reading.versions_same", severity, message, about=about))
    how = f"按{by}采用前者" if by else "看不出哪份为准，暂用前者"
    message = f"{pair}数字不同（{_differences(other, winner, loser, words)}），{how}；请单位确认"
    rule = "reading.versions_superseded" if by else "reading.versions_conflict"
    return winner.finding(
        Doubt(rule, "warning" if by else "critical", message, tuple(other), about=about)
    )


def _name(one: Return) -> str:
    return f"{one.source.file}·{one.member}" if one.member else one.source.file


def _differences(codes: list[str], winner: Return, loser: Return, words: Vocabulary) -> str:
    items = words.desk.campaign.item_by_code
    shown = [
        f"{items[code].short} {_shown(winner, code)}／{_shown(loser, code)}" for code in codes[:5]
    ]
    return "，".join(shown) + (f" 等 {len(codes)} 项" if len(codes) > 5 else "")


def _shown(one: Return, code: str) -> str:
    figure = one.found.figures.get(code)
    return (figure.raw if figure else "") or "空"
