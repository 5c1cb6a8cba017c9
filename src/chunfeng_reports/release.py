"""Release: what has been read and judged → reports, pages, the body's forms, the manifest.

The second half of a run. Only what is not as it was made is made anew (`plan`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pandas as pd

from chunfeng_reports import lastrun, manifest, shelves
from chunfeng_reports.errors import UseError
from chunfeng_reports.execution import map_on_cluster, map_unordered
from chunfeng_reports.pipeline import (
    TABLES,
    Known,
    Progress,
    dossier,
    purposes,
    read_besides,
    strays,
)
from chunfeng_reports.plan import Books, Plan, Planned, Tables, kit_of, name_of, orders
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
from chunfeng_reports.tables import standings_frame
from chunfeng_reports.workspace import Workspace


def plan(ws: Workspace, known: Known, *, anew: bool = False) -> Plan:
    """What reports and pages are made from, and which of them stand as they were made.

    anew: none of them does.
    """
    dossiers = {due: dossier(ws, known, due) for due in known.dues}

    def frame(due: str, name: str) -> pd.DataFrame:
        if name == "compared":  # asked once a due; what is worked out for it need not stay
            return standings_frame(dossier(ws, known, due).standings.values())
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
    return sorted(made, key=lambda one: one.order)


def _published(
    planned: Plan, wanted: Sequence[Planned], jobs: int, scheduler: str
) -> Iterator[Published]:
    store, desktop = planned.ws.store, Desktop(planned.kit, str(planned.ws.store.root), maker())
    if scheduler:
        elsewhere = replace(desktop, root="")  # they share no disk with us
        for drawn in map_on_cluster(draw_elsewhere, elsewhere, planned.packets(wanted),
                                    address=scheduler, lost=lost):  # fmt: skip
            yield deliver(store, drawn)
        return
    for batch, at_once in _batches(planned, wanted, jobs):
        packets = planned.packets(batch)
        yield from map_unordered(publish, desktop, packets, jobs=min(at_once, len(batch)))


def _batches(
    planned: Plan, wanted: Sequence[Planned], jobs: int
) -> Iterator[tuple[Sequence[Planned], int]]:
    """Reports to be made together, and how many at once.

    Those of a country's units, all in one, take so much memory that they are made one by one, by a
    process that ends with them.
    """
    if not any(one.many for one in planned.dossiers.values()):
        yield wanted, jobs
        return
    large, small = ([one for one in wanted if bool(one.only) is alone] for alone in (False, True))
    yield from ((batch, n) for batch, n in ((large, 1), (small, jobs)) if batch)


def _record(planned: Plan, one: Planned, made: Published) -> None:
    paths = {
        one.order.output(planned.ws.store, kind): known for kind, known in made.outputs.items()
    }
    planned.books.done(name_of(one.order), one.inputs, paths)


def audit(
    ws: Workspace, dues: Iterable[str], *, number: int, progress: Progress | None = None
) -> list[tuple[Order, bool]]:
    """Some reports, drawn at random, run once more in kernels that papermill starts, in workspaces
    that hold all tables as they are kept.

    Each with whether it came out the same, byte for byte. UseError where there is none.
    """
    every = orders(ws.desk, dues, purposes(ws))
    there = [one for one in every if one.output(ws.store, "report.json").is_file()]
    if not there:
        raise UseError("还没有报告可以复核；请先运行 chunfeng run")
    drawn = random.SystemRandom().sample(there, min(number, len(there)))
    told = []
    for one in sorted(drawn):
        kept = {kind: one.output(ws.store, kind).read_bytes() for kind in ("ipynb", "report.json")}
        told.append((one, audited(Packet(one, _whole_files(ws, one)), kept)))
        if progress:
            progress(f"{one.due} {one.region}")
    return told


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


def named(planned: Plan, order: Order) -> str:
    """A report in words: due, region, title, and its notebook."""
    region = planned.ws.campaign.region_by_code[order.region].short
    return f"{order.due} {region} {planned.purposes[order.notebook].title}（{order.stem}）"


def reasons(planned: Plan, reports: Iterable[Planned]) -> dict[str, tuple[str, ...]]:
    """What a run looked at, in words → why it was made anew, nothing where it stood as it was."""
    desk, books = planned.ws.desk, planned.books
    of_body = planned.ws.desk.body.short
    names = {name_of(one.order): named(planned, one.order) for one in reports if one.asked}
    names |= {f"{due}/submission": f"{due} {of_body} 上报表" for due in planned.dossiers}
    names |= {f"units/{unit.code}": f"{unit.short} 历次报送情况" for unit in desk.units}
    return {words: books.told[name] for name, words in names.items() if name in books.told}


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
