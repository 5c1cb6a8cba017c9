"""The first half of a run: collect, check, roll up; the second is `release`.

Every stage sees the whole campaign (an earlier due is what a fall is measured against, a later one
bounds what is missing), so that a due's outputs do not hang on which dues were run before it;
reports are made for the dues asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from chunfeng_reports import checks, lastrun, manifest, store
from chunfeng_reports.blanks import blank_properties, form_sheet
from chunfeng_reports.campaign import Desk
from chunfeng_reports.corrections import (
    Correction,
    correct,
    corrections_frame,
    records,
    suggestions,
)
from chunfeng_reports.errors import UseError
from chunfeng_reports.execution import Purpose, purpose
from chunfeng_reports.explanations import Explanation, Verdict, explanations_frame
from chunfeng_reports.facts import facts_frame, intake_frame, passages_frame
from chunfeng_reports.findings import UNSETTLED, Finding, findings_frame
from chunfeng_reports.reading import Explanation as Explained
from chunfeng_reports.reading import Wanted, collect_dues, copies_of, files_now
from chunfeng_reports.reading import explain as explained
from chunfeng_reports.renderers import excel
from chunfeng_reports.returns import Sent, make_returns, wanted_files
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.store import WEEKLY, name_below
from chunfeng_reports.tables import Dossier
from chunfeng_reports.waivers import astray, hear
from chunfeng_reports.workspace import Workspace, tried

Progress = Callable[[str], None]

#: The tables that a check makes for every due.
TABLES = ("intake", "facts", "passages", "findings", "explanations", "outcomes", "rollup",
          "corrections")  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of the dues that have begun; frames hold all of them, by their due column.

    doubts: findings of reading, before the rules were applied; findings: all; passages: the
    narrative of the summaries that count; said: what units say of findings; explanations: the same
    with what came of it, once the rules were applied; corrections: what would mend returns that
    break rules.
    """

    dues: tuple[str, ...]
    intake: pd.DataFrame
    facts: pd.DataFrame
    doubts: tuple[Finding, ...]
    findings: pd.DataFrame
    outcomes: pd.DataFrame
    rollup: pd.DataFrame
    passages: pd.DataFrame
    said: tuple[Explanation, ...]
    explanations: pd.DataFrame
    corrections: pd.DataFrame

    def of(self, due: str, name: str) -> pd.DataFrame:
        """The rows of one table that are of one due."""
        frame: pd.DataFrame = getattr(self, name)
        return frame[frame["due"] == due].reset_index(drop=True)


def collect(
    ws: Workspace,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Known:
    """Files → intake, facts and the doubts met in reading, of every due that has a folder.

    jobs: how many files are read at once, by default as many as there are processors.
    """
    dues = tuple(due for due in ws.desk.dues if ws.store.raw(due).is_dir())
    folders = {due: ws.store.raw(due) for due in dues}
    collected = collect_dues(ws.desk, folders, jobs=jobs, progress=progress)
    doubts = tuple(finding for one in collected for finding in one.findings)
    empty = pd.DataFrame({"due": pd.Series(dtype="str")})
    return Known(
        dues=dues,
        intake=intake_frame(row for one in collected for row in one.intake),
        facts=facts_frame(fact for one in collected for fact in one.facts),
        doubts=doubts,
        findings=findings_frame(doubts),
        outcomes=empty,
        rollup=empty,
        passages=passages_frame(row for one in collected for row in one.passages),
        said=tuple(said for one in collected for said in one.explanations),
        explanations=explanations_frame(()),
        corrections=corrections_frame(()),
    )


def explain(ws: Workspace, path: Path, *, due: str = "") -> Explained:
    """What reading makes of one file, cell by cell; nothing is written.

    due: as if it had come for this due; empty: the due in whose folder it lies. UseError where
    there is no such file, or no due can be told.
    """
    if not os.path.lexists(path):
        raise UseError(f"没有这个文件：{path}")
    if path.is_dir() and not path.is_symlink():
        raise UseError(f"{path} 是文件夹；请指明其中的一个文件")
    here = path.absolute()
    folder = next((f for d in ws.desk.dues if here.is_relative_to(f := ws.store.raw(d))), None)
    if not due and folder is None:
        raise UseError(f"{path} 不在 data/raw/<报送期> 里，请用 --due 指明按哪一期读取")
    file = name_below(here, here.parent if folder is None else folder)
    return explained(ws.desk, due or (folder.name if folder else ""), file, here)


def rules(ws: Workspace) -> tuple[checks.Suite, ...]:
    """The campaign's suites of rules, checked."""
    return checks.load_suites(ws.store.suites(ws.campaign.id), campaign=ws.campaign)


def check(
    ws: Workspace,
    known: Known,
    suites: tuple[checks.Suite, ...],
    *,
    progress: Progress | None = None,
) -> Known:
    """The rules applied due by due to the units' returns, then to the roll-up made of them.

    What units say of a due's findings is heard before the next due is judged, and before totals
    are made: a figure explained or waived is in doubt no longer, there as well.
    """
    findings, outcomes = known.findings, []
    verdicts: list[Verdict] = []
    unheard: dict[str, tuple[Explanation, ...]] = {}
    mended: list[Correction] = []
    names = {u.code: (u.name, u.short, *u.aliases, *u.old_names) for u in ws.desk.units}
    for due in known.dues:
        checked = checks.check_due(
            ws.desk,
            suites,
            due,
            facts=known.facts[known.facts["due"] <= due],
            intake=known.intake[known.intake["due"] <= due],
            earlier=findings[findings["due"] < due],
            below=ws.below(due),
        )
        doubts = (doubt for doubt in known.doubts if doubt.due == due)
        said = (one for one in known.said if one.due == due)
        heard = hear(said, (*doubts, *checked.findings), names=names)
        findings = findings[findings["due"] != due]
        findings = _joined(findings, findings_frame((*heard.findings, *heard.doubts)))
        outcomes.append(checked.outcomes)
        verdicts += heard.verdicts
        unheard[due] = heard.unheard
        mended += _corrected(ws.desk, due, known.of(due, "facts"), findings, checked)
    totals = [roll_up(ws.desk, due, known.facts, findings) for due in known.dues]
    rollup = pd.concat(totals, ignore_index=True) if totals else known.rollup
    for due in known.dues:
        checked = checks.check_rollup(
            ws.desk,
            suites,
            due,
            rollup=rollup[rollup["due"] <= due],
            facts=known.facts[known.facts["due"] <= due],
        )
        heard = hear(unheard[due], checked.findings, names=names)
        lost = astray(heard.unheard)
        found = (*heard.findings, *heard.doubts, *lost.doubts)
        findings = _joined(findings, findings_frame(found))
        outcomes.append(checked.outcomes)
        verdicts += (*heard.verdicts, *lost.verdicts)
        if progress:
            progress(due)
    outcome = pd.concat(outcomes, ignore_index=True) if outcomes else known.outcomes
    return replace(
        known,
        findings=findings,
        outcomes=outcome,
        rollup=rollup,
        explanations=explanations_frame(verdicts),
        corrections=corrections_frame(mended),
    )


def _corrected(
    desk: Desk, due: str, facts: pd.DataFrame, findings: pd.DataFrame, checked: checks.Checked
) -> Iterator[Correction]:
    """What would mend the returns of a due whose figures do not fit together.

    A rule whose breach has been explained asks for no change.
    """
    ours = findings[findings["due"] == due]
    found = records(facts, ours, checked.broken)
    done = ours[~ours["state"].isin(UNSETTLED)]
    settled = {
        (region, name)
        for region, rule, items in zip(done["region"], done["rule"], done["items"], strict=True)
        for name in (rule, f"{rule}:{items}")
    }
    for region, linear in checked.broken.items():
        if region in found:
            asked = [rule for rule in linear if (region, rule.id) not in settled]
            yield from correct(desk, due, region, found[region], asked)


def try_rules(
    ws: Workspace, known: Known, suites: tuple[checks.Suite, ...], dues: Iterable[str]
) -> Known:
    """What some suites alone give at some dues, once everything was checked; nothing is written."""
    trials = [tried(dossier(ws, known, due), suites, below=ws.below(due)) for due in dues]
    findings, outcomes = (
        pd.concat([getattr(one, name) for one in trials] or [getattr(known, name).iloc[:0]])
        for name in ("findings", "outcomes")
    )
    return replace(known, findings=findings, outcomes=outcomes)


def keep(ws: Workspace, known: Known, names: Sequence[str]) -> None:
    """Write tables (``facts``, ``findings``, …) of every due as Parquet."""
    for due in known.dues:
        for name in names:
            if name == "findings":
                ws.keep_findings(due, known.of(due, name))
            else:
                store.write_table(ws.store.table(due, name), known.of(due, name))


def kept(ws: Workspace, dues: Iterable[str], name: str) -> pd.DataFrame:
    """A table of several dues as it was written, their rows together."""
    frames = [store.read_table(ws.store.table(due, name)) for due in dues]
    return pd.concat(frames, ignore_index=True)


def purposes(ws: Workspace) -> dict[str, Purpose]:
    """The notebooks that a run makes reports with, by file name, and what each is made for."""
    found = ((notebook.name, purpose(notebook)) for notebook in ws.store.notebooks())
    return {name: what for name, what in found if what is not None}


def read_besides(ws: Workspace) -> dict[str, Path]:
    """What reports are made from and only a workspace can tell, by name as in a manifest.

    The notebooks that make them with what these read (an analyst's own is none, and may change at
    will), and the roll-ups that are read in the workspaces of units that have their own.
    """
    return lastrun.reporting_notebooks(ws.store) | ws.lower_totals()


def dossier(ws: Workspace, known: Known, due: str) -> Dossier:
    """All that is known at a due, for the tables."""
    return Dossier(
        desk=ws.desk,
        due=due,
        facts=known.facts[known.facts["due"] <= due],
        rollup=known.rollup[known.rollup["due"] <= due],
        intake=known.of(due, "intake"),
        findings=known.findings[known.findings["due"] <= due],
        outcomes=known.of(due, "outcomes"),
        rules=ws.rule_labels,
        explanations=known.of(due, "explanations"),
        corrections=known.of(due, "corrections"),
        passages=known.of(due, "passages"),
    )


def strays(ws: Workspace) -> tuple[str, ...]:
    """What lies in ``data/raw`` and was not read, in words: nothing is passed over in silence."""
    notes = []
    for name in ws.store.raw_folders():
        if name == WEEKLY:
            notes.append("data/raw/weekly 是每周工作信息，另行处理，本次没有读取。")
        elif name in ws.desk.dues and not ws.store.raw(name).is_dir():
            notes.append(f"data/raw/{name} 是文件，不是文件夹，没有读取；请建文件夹并把它放进去。")
        elif name not in ws.desk.dues:
            notes.append(
                f"data/raw/{name} 不是{ws.desk.body.name}的报送期，没有读取，请核对文件夹名。"
            )
    here = ws.store.lower()
    for unit, folder in ws.store.settings().lower.items():
        if unit not in here:
            notes.append(
                f"chunfeng.toml 的 [lower] 为 {unit} 指明的 {folder} 不是工作区，"
                "没有同下级汇总核对。"
            )
    return tuple(notes)


def blank_forms(ws: Workspace, due: str, regions: Sequence[str]) -> list[Path]:
    """The official forms of a due for each unit, blank, as workbooks ready to send out."""
    made = []
    for unit in [ws.desk.unit(code) for code in regions or ws.desk.unit_codes]:
        for code in ws.desk.expected_forms(due):
            form = ws.campaign.form_by_code[code]
            if form.layout == "prose" or not ws.desk.expects(due, code, unit.code):
                continue
            plan = form_sheet(ws.desk, form, region=unit)
            book = excel.forms_workbook(
                [plan],
                properties=blank_properties(ws.desk, [form], due=due, region=unit),
                title=ws.campaign.title_of(form),
            )
            path = ws.store.blank_forms(due) / unit.code / f"{unit.code}-{code}.xlsx"
            store.write_bytes(path, book)
            made.append(path)
    return made


@dataclass(frozen=True)
class Ready:
    """What the last check found at a due, and the files received: file → path and hash."""

    dossier: Dossier
    files: Mapping[str, tuple[Path, str]]


def ready(ws: Workspace, due: str) -> Ready:
    """What slips of a due are made of: what the last check found.

    UseError where there was none, or where the files received are no longer those that it read.
    """
    known, files = ws.dossier(due), files_now(ws.store.raw(due))
    if changed := _changed(known, files):
        raise UseError(
            f"data/raw/{due} 在上次审核之后有变化（{changed[0]} 等 {len(changed)} 个文件）；"
            f"请先运行 chunfeng check --due {due}"
        )
    return Ready(known, files)


def changed_since(ws: Workspace, known: Dossier) -> list[str]:
    """The files of a due that are not, or no longer, those that the last check read."""
    return _changed(known, files_now(ws.store.raw(known.due)))


def _changed(known: Dossier, files: Mapping[str, tuple[Path, str]]) -> list[str]:
    there = {file: sha256 for file, (_, sha256) in files.items()}
    read = dict(zip(known.intake["file"], known.intake["sha256"], strict=True))
    return sorted(f for f in {*there, *read} if there.get(f) != read.get(f))


def send_back(
    ws: Workspace,
    found: Ready,
    regions: Sequence[str] = (),
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Sent, ...]:
    """Return slips, messages and reminders of a due for these units (none named: all).

    found: what the last check found, by :func:`ready`. Nothing is sent.
    """
    known, files = found.dossier, found.files
    units = tuple(regions) or ws.desk.unit_codes
    wanted = [Wanted(file, files[file][0], members)
              for file, members in wanted_files(known, units).items()]  # fmt: skip
    copies = {one.file: one for one in copies_of(wanted, jobs=jobs)}
    made = make_returns(known, copies, ws.store, regions=units,
                        suggestions=suggestions(known.corrections), progress=progress)  # fmt: skip
    manifest.record_returns(ws.store, known.due)
    return made


def _joined(findings: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    together = pd.concat([findings, more], ignore_index=True)
    rank = together["severity"].map({"critical": 0, "warning": 1, "info": 2})
    order = together.assign(rank=rank).sort_values(
        ["due", "rank", "region", "form", "items", "id"], kind="stable"
    )
    return order.drop(columns="rank").reset_index(drop=True)
