"""Sections of the quality report: what came in at a due, and what was found in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS
from chunfeng_reports.report import (
    Column,
    Figure,
    KeyFigure,
    KeyFigures,
    Operand,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from chunfeng_reports.tables import notes as notes_of
from chunfeng_reports.tables.dossier import Dossier
from chunfeng_reports.tables.figures import finding_key, findings_table
from chunfeng_reports.tables.opening import opening

FATE_WORDS = {
    "counts": "采用",
    "superseded": "被替代",
    "refuse": "未能采用",
    "ignore": "无需处理",
}

OUTCOME_WORDS = {
    "passed": "通过",
    "failed": "未通过",
    "unknown": "无法判断",
    "could_not_run": "未能运行",
}


#: Units that are named where a count of them is worked out.
_NAMED = 40


def report(dossier: Dossier) -> Report:
    """The quality report, still without sections."""
    counts = dossier.open_counts()
    absent = {unit for units in dossier.missing_units().values() for unit in units}
    reasons = []
    if counts["critical"]:
        reasons.append(f"{counts['critical']}处错误待更正")
    if absent:
        reasons.append(f"{len(absent)}家单位有表或总结未报")
    return opening(
        dossier,
        name="quality_report",
        title=f"{dossier.body.name}收表与审核情况",
        region=dossier.body,
        provisional=bool(reasons),
        reasons=reasons,
    )


def key_figures(dossier: Dossier) -> Section:
    """How many files came, cells were read, doubts stand open."""
    cells = dossier.facts[dossier.facts["due"] == dossier.due]
    counts = dossier.open_counts()
    cards = [("收到文件", "个", dossier.intake["file"].nunique(), "#intake")]
    cards += [
        ("应填数据", "项", len(cells), "#rules"),
        ("读到数据", "项", int((cells["state"] == "value").sum()), "#rules"),
    ]
    cards += [(SEVERITY_WORDS[s], "处", counts[s], "#findings") for s in SEVERITIES]
    block = KeyFigures(
        id="key-figures",
        items=tuple(
            KeyFigure(label=label, unit=unit, figure=Figure(value=float(value), href=href))
            for label, unit, value, href in cards
        ),
    )
    return Section(id="key", title="概况", blocks=(block,))


def findings(dossier: Dossier) -> Section:
    """Every finding of the due, worst first."""
    table = findings_table(dossier, dossier.all_findings, name="findings", sheet="问题", unit=True)
    return Section(id="findings", title="问题清单", blocks=(table,))


def rules(dossier: Dossier) -> Section:
    """What each rule gave: units that passed, failed, could not be judged, or a rule that broke."""
    columns = (
        Column(key="form", label="表", width=14),
        Column(key="label", label="规则", width=36),
        *(
            Column(key=key, label=label, kind="figure", width=10)
            for key, label in OUTCOME_WORDS.items()
        ),
        Column(key="rule", label="规则编号", kind="code", width=30),
    )
    forms = dossier.desk.campaign.form_by_code
    broken = _broken(dossier)
    rows = tuple(
        Row(
            key=f"{row['form']}-{row['rule']}",
            cells=(
                Figure(value=forms[row["form"]].short if row["form"] in forms else ""),
                Figure(value=dossier.rules.get(row["rule"], "")),
                *_counts(row, broken.get((row["form"], row["rule"]), ())),
                Figure(value=row["rule"]),
            ),
        )
        for row in dossier.outcomes.to_dict("records")
    )
    note = Text(paragraphs=("数字为单位个数；缺数的单位计入“无法判断”，不算通过。",), tone="note")
    table = Table(id="rules", columns=columns, rows=rows, sheet="规则")
    return Section(id="rules", title="各项规则的结果", blocks=(table, note))


def _counts(row: Mapping[Hashable, Any], broken: tuple[Operand, ...]) -> Iterator[Figure]:
    """How many units came to each outcome; those that failed by name, where findings tell all."""
    for outcome in OUTCOME_WORDS:
        named = broken if outcome == "failed" and len(broken) == row[outcome] <= _NAMED else ()
        yield Figure(value=float(row[outcome]), operands=named)


def _broken(dossier: Dossier) -> dict[tuple[str, str], tuple[Operand, ...]]:
    """Form and rule → the units that it failed for, each leading to its (first) finding."""
    found: dict[tuple[str, str], dict[str, Operand]] = {}
    for row in dossier.all_findings:
        one = Operand(label=dossier.whose(row), value=1.0, href=f"#{finding_key(row.id)}")
        found.setdefault((row.form, row.rule), {}).setdefault(row.region, one)
    return {key: tuple(units.values()) for key, units in found.items()}


def intake(dossier: Dossier) -> Section:
    """Every file received and its fate."""
    fates = Counter(_fate_of_file(dossier).values())
    summary = "，".join(
        f"{word}{fates[fate]}个" for fate, word in FATE_WORDS.items() if fates[fate]
    )
    columns = (
        Column(key="file", label="文件", width=44),
        Column(key="member", label="工作表", width=22),
        Column(key="region", label="单位", width=12),
        Column(key="form", label="表", width=14),
        Column(key="fate", label="处理", width=10),
        Column(key="reason", label="说明", width=50),
    )
    forms = dossier.desk.campaign.form_by_code
    rows = tuple(
        Row(
            key=f"file-{n}",
            cells=(
                Figure(value=row["file"]),
                Figure(value=row["member"]),
                Figure(value=dossier.name(row["region"]) if row["region"] else ""),
                Figure(value=forms[row["form"]].short if row["form"] in forms else ""),
                Figure(value=FATE_WORDS.get(row["fate"], row["fate"])),
                Figure(value=row["reason"]),
            ),
        )
        for n, row in enumerate(dossier.intake.to_dict("records"), start=1)
    )
    files = dossier.intake["file"].nunique()
    text = Text(paragraphs=(f"共收到{files}个文件：{summary}。" if files else "没有收到文件。",))
    table = Table(id="intake", columns=columns, rows=rows, empty="没有收到文件。", sheet="收表")
    return Section(id="intake", title="收到的文件", blocks=(text, table))


def _fate_of_file(dossier: Dossier) -> dict[str, str]:
    """The weightiest fate of each file's parts."""
    order = ["ignore", "refuse", "superseded", "counts"]
    fates: dict[str, str] = {}
    for file, fate in zip(dossier.intake["file"], dossier.intake["fate"], strict=True):
        if order.index(fate) >= order.index(fates.get(file, "ignore")):
            fates[file] = fate
    return fates


def readings(dossier: Dossier) -> Section:
    """The register of interpretations: where the notice is ambiguous and what was taken."""
    columns = (
        Column(key="question", label="问题", width=40),
        Column(key="taken", label="采用的口径", width=60),
        Column(key="why", label="理由", width=40),
        Column(key="origin", label="出处", width=30),
    )
    rows = tuple(
        Row(
            key=reading.id,
            cells=tuple(
                Figure(value=text)
                for text in (reading.question, reading.taken, reading.why, reading.origin)
            ),
        )
        for reading in dossier.desk.campaign.readings
    )
    table = Table(id="readings", columns=columns, rows=rows, sheet="口径")
    return Section(id="readings", title="对通知的理解", blocks=(table,))


def notes(dossier: Dossier) -> Section:
    """The footnotes that the readings demand here."""
    return notes_of.footnotes(dossier, "quality", ())
