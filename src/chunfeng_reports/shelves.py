"""Shelves: what is laid beside the reports — the first page, the units' pages over time, and what
the body itself submits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from chunfeng_reports.blanks import blank_properties
from chunfeng_reports.execution import Purpose
from chunfeng_reports.plan import Plan
from chunfeng_reports.renderers import excel, site
from chunfeng_reports.report import Link
from chunfeng_reports.store import write_bytes
from chunfeng_reports.tables import Dossier, body, front, history
from chunfeng_reports.workspace import Workspace


def lay_out(
    ws: Workspace,
    plan: Plan,
    *,
    notes: Sequence[str],
) -> None:
    """Write the index over all dues, and the page of each unit over time that is not as it was.

    notes: as for :func:`chunfeng_reports.tables.front.index`.
    """
    links = _links(ws, plan.dossiers, plan.purposes)
    page = site.index_page(front.index(ws.desk, plan.dossiers, made=links, notes=notes))
    write_bytes(ws.store.index, page.encode())
    if plan.dossiers:
        _write_histories(ws, plan, links)


def submit(ws: Workspace, plan: Plan, due: str) -> None:
    """Write the body's own return to the desk above it, for the due there that this one feeds.

    The official forms in that desk's edition, totals as live sums; nothing where it feeds none, or
    where it lies there as it would be written.
    """
    if ws.desk.above(due) is not None:
        known = plan.dossiers[due]
        plan.books.make(f"{due}/submission", plan.of_totals(due), lambda: [_submit(ws, known)])


def _submit(ws: Workspace, known: Dossier) -> Path:
    above = ws.desk.above(known.due)
    assert above is not None
    desk, upper = above
    plans, tables = body.submitted(known, desk, upper)
    forms = [ws.campaign.form_by_code[table.id.removeprefix("units-")] for table in tables]
    book = excel.forms_workbook(
        plans,
        properties=blank_properties(desk, forms, due=upper, region=ws.desk.body),
        title=_submission(ws, known.due, upper).stem,
        tables=tables,
    )
    write_bytes(path := _submission(ws, known.due, upper), book)
    return path


def _submission(ws: Workspace, due: str, upper: str) -> Path:
    """The file of the forms that the body submits."""
    title = f"{ws.desk.body.name}{ws.campaign.title}统计表"
    return ws.store.submission(due, upper) / f"{title}.xlsx"


def _write_histories(
    ws: Workspace, plan: Plan, links: Mapping[tuple[str, str], Sequence[Link]]
) -> None:
    """A page for each unit over all dues, beside the index."""
    for unit in ws.desk.unit_codes:
        led = {due: [_from_a_page(one) for one in links.get((due, unit), ())]
               for due in plan.dossiers}  # fmt: skip
        write = partial(_write_history, ws, plan.dossiers, unit, led)
        plan.books.make(f"units/{unit}", plan.over_time(unit, led), write)


def _write_history(
    ws: Workspace, dossiers: Mapping[str, Dossier], unit: str, led: Mapping[str, Sequence[Link]]
) -> list[Path]:
    """led: due → links to the unit's reports of it, as the page leads there."""
    pages = {due: some[0].href for due, some in led.items() if some}
    more = {due: some[1:] for due, some in led.items()}
    told = history.of_unit(dossiers, unit, pages, more=more)
    page = site.report_page(told, home="../index.html")
    write_bytes(path := ws.store.page(front.history_page(unit)), page.encode())
    return [path]


def _from_a_page(link: Link) -> Link:
    """A link of the index as a page of a unit leads there."""
    return Link(label=link.label, href=f"../{link.href}")


def _links(
    ws: Workspace, dues: Iterable[str], purposes: Mapping[str, Purpose]
) -> dict[tuple[str, str], list[Link]]:
    """Links to the pages that exist, each with its workbook and document, by due and region; and to
    what the body submits.
    """
    titles = _titles(purposes)
    found: dict[tuple[str, str], list[Link]] = {}
    for due in dues:
        for region in (ws.desk.body.code, *ws.desk.unit_codes):
            for name, title in titles.items():
                if page := _link(ws, ws.store.report(due, region, name, "html"), title):
                    others = (_link(ws, ws.store.report(due, region, name, kind), label)
                              for kind, label in (("xlsx", "Excel"), ("docx", "Word")))  # fmt: skip
                    page = page.model_copy(update={"formats": tuple(filter(None, others))})
                    found.setdefault((due, region), []).append(page)
        found.setdefault((due, ws.desk.body.code), []).extend(_submissions(ws, due))
    return found


def _titles(made: Mapping[str, Purpose]) -> dict[str, str]:
    """Notebooks (without ``.ipynb``) in the order of the index → what their reports are called.

    A copy has title and order of its original, and as JupyterLab names it would stand before it: it
    comes after, and its name is told.
    """
    alike: dict[Purpose, list[str]] = {}
    for name in sorted((Path(file).stem for file in made), key=lambda stem: (len(stem), stem)):
        alike.setdefault(made[f"{name}.ipynb"], []).append(name)
    known = [(what.order, n > 0, name, what.title if n == 0 else f"{what.title}（{name}）")
             for what, names in alike.items() for n, name in enumerate(names)]  # fmt: skip
    return {name: title for _, _, name, title in sorted(known)}


def _link(ws: Workspace, path: Path, label: str) -> Link | None:
    """A link to an output, as the index leads to it; None where there is no such file."""
    href = path.relative_to(ws.store.processed).as_posix()
    return Link(label=label, href=href) if path.is_file() else None


def _submissions(ws: Workspace, due: str) -> Iterator[Link]:
    above = ws.desk.above(due)
    if above is not None:
        link = _link(ws, _submission(ws, due, above[1]), f"{above[0].body.name}上报表（Excel）")
        yield from (link,) if link else ()
