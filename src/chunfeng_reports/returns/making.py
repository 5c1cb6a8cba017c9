"""Making: for each unit its slip, the message with it, and the reminder. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chunfeng_reports.copies import Copied
from chunfeng_reports.findings import SEVERITIES
from chunfeng_reports.returns.book import slip_book
from chunfeng_reports.returns.marks import Suggestions, lines_of, open_findings
from chunfeng_reports.returns.pages import Sources, pages_of
from chunfeng_reports.returns.texts import message, reminder
from chunfeng_reports.store import Store, write_bytes
from chunfeng_reports.tables import Dossier

MESSAGE, REMINDER = "短信.txt", "催报.txt"


@dataclass(frozen=True)
class Sent:
    """What was made for one unit, ready to be sent by hand.

    slip, message, reminder: paths, None where there is no need of one; counts: open findings by
    severity; missing: codes of the forms that have not come; notes: what could not be copied.
    """

    region: str
    slip: Path | None = None
    message: Path | None = None
    reminder: Path | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def wanted_files(dossier: Dossier, regions: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The files that slips to these units are copied from → the members of each that count."""
    needing = {r for r in regions if _open(dossier, r)}
    rows = dossier.intake[dossier.intake["fate"] == "counts"]
    wanted: dict[str, list[str]] = {}
    for file, member, region in rows[["file", "member", "region"]].itertuples(index=False):
        if region in needing:
            wanted.setdefault(file, []).append(member)
    return {file: tuple(dict.fromkeys(members)) for file, members in sorted(wanted.items())}


def make_returns(
    dossier: Dossier,
    copies: Mapping[str, Copied],
    store: Store,
    *,
    regions: Sequence[str],
    suggestions: Suggestions | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Sent, ...]:
    """Slips, messages and reminders of a due for these units, written below ``returns/<region>``.

    copies: file → what it shows. suggestions: what a figure may be, by region, item and rule. What
    an earlier run made for a unit and is no longer needed is taken away.
    """
    sources = Sources(dossier, copies)
    made = []
    for region in regions:
        made.append(_make(sources, region, store, suggestions or {}))
        if progress is not None:
            progress(region)
    return tuple(made)


def file_name(dossier: Dossier, region: str) -> str:
    """A slip's name: ``退回-历下区-2023-02-01.xlsx``."""
    unit = "".join(c if c.isalnum() else "_" for c in dossier.desk.unit(region).short)
    return f"退回-{unit}-{dossier.due}.xlsx"


def _open(dossier: Dossier, region: str) -> bool:
    return bool(open_findings(dossier, region))


def _make(sources: Sources, region: str, store: Store, suggestions: Suggestions) -> Sent:
    dossier = sources.dossier
    folder = store.returns(dossier.due) / region
    findings = open_findings(dossier, region)
    missing = dossier.missing_forms(region)
    pages = pages_of(sources, region)
    files: dict[str, bytes] = {}
    if findings and pages:
        lines = lines_of(sources, region, pages, suggestions)
        files[file_name(dossier, region)] = slip_book(sources, region, lines, pages)
        files[MESSAGE] = message(dossier, region, findings, reminded=bool(missing)).encode()
    if missing:
        files[REMINDER] = reminder(dossier, region, missing).encode()
    _keep(folder, files)
    paths = {name: folder / name for name in files}
    return Sent(
        region,
        slip=paths.get(file_name(dossier, region)),
        message=paths.get(MESSAGE),
        reminder=paths.get(REMINDER),
        counts={s: sum(row.severity == s for row in findings) for s in SEVERITIES},
        missing=missing,
        notes=tuple(dict.fromkeys(f"“{p.name}”{n}" for p in pages for n in p.notes)),
    )


def _keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """Exactly these files in a unit's folder, no folder where there is none."""
    for name, content in files.items():
        write_bytes(folder / name, content)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in files and path.is_file():
            path.unlink()
    if folder.is_dir() and not files:
        folder.rmdir()
