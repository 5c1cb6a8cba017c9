"""The stages in order: collect, check, roll up, publish.

Every stage sees the whole campaign (an earlier due is what a fall is measured against, a later one
bounds what is missing), so that a due's outputs do not hang on which dues were run before it;
reports are made for the dues asked for.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from chunfeng_reports import checks, lastrun, manifest, shelves, store
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
from chunfeng_reports.execution import Purpose, map_on_cluster, map_unordered, purpose
from chunfeng_reports.explanations import Explanation, Verdict, explanations_frame
from chunfeng_reports.facts import facts_frame, intake_frame, passages_frame
from chunfeng_reports.findings import UNSETTLED, Finding, findings_frame
from chunfeng_reports.plan import Books, Plan, Planned, Tables, kit_of, name_of
from chunfeng_reports.publish import (
    KINDS,
    Desktop,
    Order,
    Packet,
    Published,
    deliver,
    draw_elsewhere,
    lost,
    maker,
    publish,
)
from chunfeng_reports.publish import audit as audited
from chunfeng_reports.reading import Explanation as Explained
from chunfeng_reports.reading import Wanted, collect_dues, copies_of, files_now
from chunfeng_reports.reading import explain as explained
from chunfeng_reports.renderers import excel
from chunfeng_reports.returns import Sent, make_returns, wanted_files
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.store import WEEKLY, name_below
from chunfeng_reports.tables import Dossier, standings_frame
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


def plan(ws: Workspace, known: Known, *, anew: bool = False) -> Plan:
    """What reports and pages are made from, and which of them stand as they were made.

    anew: none of them does.
    """
    dossiers = {due: dossier(ws, known, due) for due in known.dues}

    def frame(due: str, name: str) -> pd.DataFrame:
        if name == "compared":
            return standings_frame(dossiers[due].standings.values())
        return known.of(due, name)

    books = Books.open(ws.store, anew=anew)
    return Plan(ws, dossiers, Tables(known.dues, frame), books, purposes(ws))


def make(
    planned: Plan,
    reports: Sequence[Planned],
    *,
    jobs: int,
    scheduler: str = "",
    progress: Progress | None = None,
) -> list[Published]:
    """The reports that a run wants; one that fails stops no other.

    jobs: in so many processes; scheduler: instead of that, on the cluster at this address.
    """
    # Those of all units first: they take longest, and nobody should wait for them alone at the end.
    first = sorted((one for one in reports if one.wanted), key=lambda one: bool(one.only))
    wanted = {one.order: one for one in first}
    if not wanted:
        return []
    made = []
    for published in _published(planned, list(wanted.values()), jobs, scheduler):
        if not published.error:
            _record(planned, wanted[published.order], published)
        made.append(published)
        if progress:
            progress(f"{published.order.due} {published.order.region}")
    return sorted(made, key=lambda one: (one.order.due, one.order.region, one.order.notebook))


def _published(
    planned: Plan, wanted: Sequence[Planned], jobs: int, scheduler: str
) -> Iterator[Published]:
    store, packets = planned.ws.store, planned.packets(wanted)
    desktop = Desktop(planned.kit, str(store.root), maker())
    if not scheduler:
        yield from map_unordered(publish, desktop, packets, jobs=min(jobs, len(wanted)))
        return
    elsewhere = replace(desktop, root="")  # they share no disk with us
    for drawn in map_on_cluster(draw_elsewhere, elsewhere, packets, address=scheduler, lost=lost):
        yield deliver(store, drawn)


def _record(planned: Plan, one: Planned, made: Published) -> None:
    order = one.order
    paths = {planned.ws.store.report(order.due, order.region, order.stem, kind): known
             for kind, known in made.outputs.items()}  # fmt: skip
    planned.books.done(name_of(order), one.inputs, paths)


def audit(
    ws: Workspace, dues: Iterable[str], *, number: int, progress: Progress | None = None
) -> list[tuple[Order, bool]]:
    """Some reports, drawn at random, run once more in kernels that papermill starts, in workspaces
    that hold all tables as they are kept.

    Each with whether it came out the same, byte for byte. UseError where there is none.
    """
    there = [one for one in _orders(ws, dues) if _kept(ws, one, "report.json").is_file()]
    if not there:
        raise UseError("还没有报告可以复核；请先运行 chunfeng run")
    drawn = random.SystemRandom().sample(there, min(number, len(there)))
    told = []
    for one in sorted(drawn):
        kept = {kind: _kept(ws, one, kind).read_bytes() for kind in ("ipynb", "report.json")}
        told.append((one, audited({}, Packet(one, _whole_files(ws, one)), kept)))
        if progress:
            progress(f"{one.due} {one.region}")
    return told


def _orders(ws: Workspace, dues: Iterable[str]) -> list[Order]:
    of = {"unit": ws.desk.unit_codes, "body": (ws.desk.body.code,)}
    return [Order(due, region, name) for due in dues
            for name, what in purposes(ws).items() for region in of[what.per]]  # fmt: skip


def _kept(ws: Workspace, order: Order, kind: str) -> Path:
    return ws.store.report(order.due, order.region, order.stem, kind)


def _whole_files(ws: Workspace, order: Order) -> dict[str, bytes]:
    """All that a report could read in the workspace as it is."""
    dues = [due for due in ws.desk.dues if due <= order.due]
    tables = [ws.store.table(due, name) for due in dues for name in TABLES]
    read = lastrun.reporting_notebooks(ws.store)
    paths = [*kit_of(ws.store), *read.values(), *(path for path in tables if path.is_file())]
    return {ws.store.below(path): path.read_bytes() for path in paths}


def finish(
    planned: Plan,
    dues: Sequence[str],
    reports: Sequence[Planned],
    published: Sequence[Published],
) -> None:
    """The index over all dues, a page for each unit over time, the manifest of each due run.

    What notebooks that are no more have left in the folders of reports asked for is taken away.
    """
    ws, books = planned.ws, planned.books
    _clear_away(ws, [one.order for one in reports if one.asked])
    for due in dues:
        shelves.submit(ws, planned, due)
    shelves.lay_out(ws, planned, notes=strays(ws))
    books.close()
    failed = {one.order: one.error for one in published if one.error}
    for due in dues:
        about = {"due": due, "body": ws.desk.body.code, "campaign": ws.campaign.id}
        ours = [one.order for one in reports if one.order.due == due]
        manifest.write(
            ws.store,
            due,
            besides=read_besides(ws),
            parameters=about,
            current={_report_of(one) for one in ours if books.stands(name_of(one))},
            failed={_report_of(one): failed[one] for one in ours if one in failed},
        )


def reasons(planned: Plan, reports: Iterable[Planned]) -> dict[str, tuple[str, ...]]:
    """What a run looked at, in words → why it was made anew, nothing where it stood as it was."""
    desk, books = planned.ws.desk, planned.books
    of_body = planned.ws.desk.body.short
    names = {name_of(one.order): f"{one.order.due} {_short(desk, one.order.region)} "
             f"{planned.purposes[one.order.notebook].title}（{one.order.stem}）"
             for one in reports if one.asked}  # fmt: skip
    names |= {f"{due}/submission": f"{due} {of_body} 上报表" for due in planned.dossiers}
    names |= {f"units/{unit.code}": f"{unit.short} 历次报送情况" for unit in desk.units}
    return {words: books.told[name] for name, words in names.items() if name in books.told}


def _short(desk: Desk, region: str) -> str:
    return desk.campaign.region_by_code[region].short


def _clear_away(ws: Workspace, asked: Iterable[Order]) -> None:
    """Remove the outputs of notebooks that are gone, or make no reports, where reports are made:
    no page would lead to them.
    """
    kept: dict[tuple[str, str], set[str]] = {}
    for one in asked:
        ours = kept.setdefault((one.due, one.region), set())
        ours.update(f"{one.stem}.{kind}" for kind in KINDS)
    for (due, region), names in kept.items():
        for path in ws.store.reports(due, region):
            if path.name not in names and path.name.endswith(tuple(f".{kind}" for kind in KINDS)):
                # One that is open in Excel goes next time; till then the manifest calls it stale.
                with suppress(OSError):
                    path.unlink()


def _report_of(order: Order) -> str:
    return f"{order.region}/{order.stem}"


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
