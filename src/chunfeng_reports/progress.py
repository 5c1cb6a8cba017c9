"""Progress: how a due stands — for the terminal and ``--json``, never for a file that is hashed.

The only place that asks what day it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from chunfeng_reports import manifest
from chunfeng_reports.calendar import effective
from chunfeng_reports.calendar import in_words as day_in_words
from chunfeng_reports.checks import Suite
from chunfeng_reports.explanations import OUTCOME_WORDS as ANSWERS
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS
from chunfeng_reports.pipeline import Known, changed_since, dossier, read_besides
from chunfeng_reports.returns import Sent
from chunfeng_reports.tables import Dossier
from chunfeng_reports.tables.quality import OUTCOME_WORDS
from chunfeng_reports.workspace import Workspace

#: Refused files that the terminal lists, and findings that went away or are new.
_MOST_REFUSED = _MOST_CHANGES = 12

Summary = dict[str, Any]


def summary(ws: Workspace, known: Known, due: str, names: Sequence[str]) -> Summary:
    """What came of a due; names choose among its parts.

    files, refused, cells, missing; findings: how many are open; changes: which went away and which
    are new since they last changed; rules: counts of units a rule; found: every finding.
    """
    one = dossier(ws, known, due)
    parts: dict[str, Callable[[], Any]] = {
        "files": lambda: _files(one),
        "refused": lambda: _refused(one),
        "cells": lambda: _cells(one),
        "findings": one.open_counts,
        "explanations": lambda: _explanations(one),
        "missing": lambda: _missing(one),
        "rules": lambda: one.outcomes.to_dict("records"),
        "changes": lambda: _changes(ws, due),
        "found": lambda: known.of(due, "findings").to_dict("records"),
    }
    return {name: parts[name]() for name in names}


def summary_in_words(ws: Workspace, due: str, one: Summary) -> Iterator[str]:
    """The same in Chinese, a few lines."""
    files, cells = one["files"], one["cells"]
    yield (
        f"{due}　文件 {files['all']} 个（采用 {files['counts']}、被替代 {files['superseded']}、"
        f"未能采用 {files['refuse']}、无需处理 {files['ignore']}）；"
        f"数据 {cells['value']}/{cells['all']} 项"
    )
    for refused in one.get("refused", ())[:_MOST_REFUSED]:
        yield f"　　　　　　未能采用：{_shown(refused)}：{refused['reason']}"
    if (more := len(one.get("refused", ())) - _MOST_REFUSED) > 0:
        yield f"　　　　　　未能采用的还有 {more} 处，见收表质量报告"
    if "findings" in one:
        words = "、".join(f"{SEVERITY_WORDS[s]} {one['findings'][s]}" for s in SEVERITIES)
        yield f"　　　　　　问题：{words}"
    if said := "、".join(f"{ANSWERS[o]} {n}" for o, n in one.get("explanations", {}).items()):
        yield f"　　　　　　单位说明：{said}"
    for line in _changes_in_words(ws, one.get("changes")):
        yield f"　　　　　　{line}"
    for unit, forms in one.get("missing", {}).items():
        yield f"　　　　　　未报：{ws.desk.unit(unit).short}（{'、'.join(forms)}）"
    for rule in one.get("rules", ()):
        if rule["failed"] or rule["could_not_run"]:
            yield f"　　　　　　规则 {rule['form']} {rule['rule']}：未通过 {rule['failed']} 家" + (
                "，未能运行" if rule["could_not_run"] else ""
            )


def trial_in_words(ws: Workspace, suites: Iterable[Suite], due: str, one: Summary) -> Iterator[str]:
    """What some rules alone gave at a due, in Chinese: a line a rule and form, then its findings.

    one: rules and found of :func:`summary`.
    """
    yield f"{due}　只按指明的规则审核："
    for rule in (rule for suite in suites for rule in suite.rules):
        rows = [row for row in one["rules"] if row["rule"] == rule.id]
        yield f"　规则 {rule.id}　{rule.label}" + ("" if rows else "：本期不涉及，没有判断")
        for row in rows:
            yield f"　　{_form(ws, row['form'])}：" + "、".join(
                f"{word} {row[name]}" for name, word in OUTCOME_WORDS.items()
            )
        for found in (found for found in one["found"] if found["rule"] == rule.id):
            place = " ".join(filter(None, (found["file"], found["sheet"], found["cell"])))
            words = (SEVERITY_WORDS[found["severity"]], _doubt(ws, found), place)
            yield "　　" + _printable("　".join(filter(None, words)))


def standing(ws: Workspace, dues: Iterable[str], *, today: date | None = None) -> dict[str, Any]:
    """How the dues stand today: begun, who is missing, open findings, reports up to date or not.

    reports: none, current or stale; checked: likewise, of what the last check found; complete,
    tables, documents: of how many units all, all tables, all documents have come. Before the
    first report what is told is what a check found.
    """
    now = today or date.today()  # noqa: DTZ011  (the bureau's own calendar day)
    return {due: _due(ws, due, now) for due in dues}


def in_words(ws: Workspace, standing: Mapping[str, Any]) -> Iterator[str]:
    """:func:`standing` in Chinese."""
    for due, one in standing.items():
        days = one["days_left"]
        when = f"还有 {days} 天" if days > 0 else "今天到期" if days == 0 else f"已过 {-days} 天"
        yield f"{ws.desk.round(due).name}报送　{day_in_words(due)}　{when}"
        if one["checked"] == "none":
            yield "　　还没有做过报告" if one["begun"] else "　　还没有收到材料"
            continue
        words = "、".join(f"{SEVERITY_WORDS[s]} {one['findings'][s]}" for s in SEVERITIES)
        complete = [f"统计表报齐 {one['tables']}/{one['expected']} 家"]
        if one["documents"] is not None:
            complete.append(f"总结报齐 {one['documents']}/{one['expected']} 家")
        yield f"　　{'，'.join(complete)}；问题：{words}"
        for line in _changes_in_words(ws, one["changes"]):
            yield f"　　{line}"
        for unit, forms in one["missing"].items():
            yield f"　　未报：{ws.desk.unit(unit).short}（{'、'.join(forms)}）"
        if one["reports"] == "none":
            yield f"　　还没有做过报告；以上是审核的结果，出报告请运行 chunfeng run --due {due}"
        if one["reports"] == "none" and one["checked"] == "stale":
            yield f"　　材料在审核之后有变化；更新请运行 chunfeng check --due {due}"
        if one["reports"] == "stale":
            yield (
                "　　有报告没有做成，或输入在出报告之后有变化；"
                f"详情见 chunfeng verify --due {due}，更新请运行 chunfeng run --due {due}"
            )


def returns(ws: Workspace, made: Iterable[Sent]) -> list[Summary]:
    """What was made for each unit that something was made for; paths below the workspace."""
    forms = ws.campaign.form_by_code
    return [
        {
            "region": one.region,
            "unit": ws.desk.unit(one.region).short,
            "findings": dict(one.counts),
            "missing": [forms[code].short for code in one.missing],
            "slip": _below(ws, one.slip),
            "message": _below(ws, one.message),
            "reminder": _below(ws, one.reminder),
            "notes": list(one.notes),
        }
        for one in made
        if one.slip or one.reminder
    ]


def returns_in_words(ws: Workspace, due: str, made: Sequence[Sent]) -> Iterator[str]:
    """The same in Chinese, a line a unit."""
    told = returns(ws, made)
    slips, reminders = (sum(bool(one[key]) for one in told) for key in ("slip", "reminder"))
    yield f"{due}　退回表 {slips} 份、催报 {reminders} 份，在 {ws.store.returns(due)}（没有发送）"
    for one in told:
        words = "、".join(f"{SEVERITY_WORDS[s]} {one['findings'][s]}" for s in SEVERITIES)
        slip = f"退回：{words}" if one["slip"] else ""
        missing = f"催报：{'、'.join(one['missing'])}" if one["missing"] else ""
        yield f"　　　　　　{one['unit']}　{'；'.join(filter(None, (slip, missing)))}"


def _below(ws: Workspace, path: Path | None) -> str:
    return ws.store.below(path) if path else ""


def _due(ws: Workspace, due: str, today: date) -> Summary:
    last_day = effective(ws.campaign, ws.desk.round(due).due)
    one: Summary = {
        "begun": ws.store.raw(due).is_dir(),
        "days_left": (last_day - today).days,
        "reports": "none",
        "checked": "none",
    }
    if not ws.store.table(due, "findings").is_file():
        return one
    known = ws.dossier(due)
    missing = _missing(known)
    return one | {
        "reports": _reports(ws, due),
        "checked": "stale" if changed_since(ws, known) else "current",
        "expected": len(ws.desk.units),
        "complete": len(ws.desk.units) - len(missing),
        "tables": len(known.complete_units()),
        "documents": known.complete_documents(),
        "findings": known.open_counts(),
        "changes": _changes(ws, due),
        "missing": missing,
    }


def _reports(ws: Workspace, due: str) -> str:
    if not ws.store.manifest(due).is_file():
        return "none"
    return "current" if manifest.current(ws.store, due, besides=read_besides(ws)) else "stale"


def _files(one: Dossier) -> dict[str, int]:
    order = {"ignore": 0, "refuse": 1, "superseded": 2, "counts": 3}
    weight = one.intake.assign(weight=one.intake["fate"].map(order))
    fates = weight.groupby("file")["weight"].max()
    return {"all": len(fates)} | {
        fate: int((fates == rank).sum()) for fate, rank in reversed(order.items())
    }


def _explanations(one: Dossier) -> dict[str, int]:
    """How many explanations came to what; outcomes that none came to are left out."""
    counts = one.explanations["outcome"].value_counts()
    return {outcome: int(counts[outcome]) for outcome in ANSWERS if outcome in counts}


def _refused(one: Dossier) -> list[dict[str, str]]:
    """What could not be used: file, member and why."""
    rows = one.intake[one.intake["fate"] == "refuse"]
    return [{name: str(row[name]) for name in ("file", "member", "reason")}
            for row in rows.to_dict("records")]  # fmt: skip


def _shown(refused: Mapping[str, str]) -> str:
    """A file's name, and its member's."""
    return _printable(refused["file"] + (f"（{refused['member']}）" if refused["member"] else ""))


def _printable(text: str) -> str:
    """A text without characters that a terminal would act on."""
    return "".join(c if c.isprintable() or c == "　" else "�" for c in text)


def _changes(ws: Workspace, due: str) -> dict[str, list[dict[str, str]]] | None:
    changes = ws.changes(due)
    if changes is None:
        return None
    return {"gone": _doubts(changes.gone), "new": _doubts(changes.new)}


def _doubts(findings: pd.DataFrame) -> list[dict[str, str]]:
    names = ["id", "region", "form", "items", "rule", "severity", "message"]
    return [{name: str(row[name]) for name in names} for row in findings.to_dict("records")]


def _changes_in_words(
    ws: Workspace, changes: Mapping[str, Sequence[Mapping[str, str]]] | None
) -> Iterator[str]:
    """How many findings went away and how many are new, and the first of them."""
    if changes is None:
        return
    gone, new = changes["gone"], changes["new"]
    yield f"与上次相比：消除 {len(gone)} 处、新增 {len(new)} 处"
    lines = [("新增", doubt) for doubt in new] + [("消除", doubt) for doubt in gone]
    for word, doubt in lines[:_MOST_CHANGES]:
        yield "　" + _printable(f"{word}　{_doubt(ws, doubt)}")
    if (more := len(lines) - _MOST_CHANGES) > 0:
        yield f"　还有 {more} 处，见 --json"


def _doubt(ws: Workspace, row: Mapping[str, str]) -> str:
    """Whom a finding is about, its form, and what it says."""
    region = ws.campaign.region_by_code.get(row["region"])
    nobody = row["region"] == ws.desk.body.code and not row["form"]
    who = "单位不明" if nobody or region is None else region.short
    return "　".join(filter(None, (who, _form(ws, row["form"]), row["message"])))


def _form(ws: Workspace, code: str) -> str:
    form = ws.campaign.form_by_code.get(code)
    return form.short if form else code


def _cells(one: Dossier) -> dict[str, int]:
    states = one.facts[one.facts["due"] == one.due]["state"]
    return {"all": len(states)} | {
        state: int((states == state).sum()) for state in ("value", "blank", "absent", "unreadable")
    }


def _missing(one: Dossier) -> dict[str, list[str]]:
    forms = one.desk.campaign.form_by_code
    return {
        unit: [forms[code].short for code in lacking]
        for unit in one.desk.unit_codes
        if (lacking := one.missing_forms(unit))
    }
