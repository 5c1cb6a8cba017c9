"""Publishing one report: its notebook run, then the page and the workbook drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chunfeng_reports.errors import ChunfengError
from chunfeng_reports.renderers import excel
from chunfeng_reports.report import Link
from chunfeng_reports.store import Store, write_bytes
from chunfeng_reports.workspace import Workspace

HOME = "../../../index.html"


@dataclass(frozen=True)
class Order:
    """One report to be made: a notebook for a due and a region (strings, to cross processes)."""

    workspace: str
    notebook: str
    due: str
    region: str


@dataclass(frozen=True)
class Published:
    """What came of an order; error: why it is not whole, empty where it is."""

    order: Order
    error: str = ""


def publish(order: Order) -> Published:
    """Make one report: ``.ipynb``, ``.report.json``, ``.html``, ``.xlsx`` in the region's folder.

    A notebook that fails leaves itself and a page that says so; nothing else of the run is touched.
    """
    store = Store(Path(order.workspace))
    notebook = store.root / "notebooks" / order.notebook
    saved = store.report(order.due, order.region, notebook.stem, "report.json")
    saved.unlink(missing_ok=True)
    try:
        error = _run(store, notebook, order)
    except ChunfengError as failure:
        error = str(failure)
    return Published(order, error)


def _run(store: Store, notebook: Path, order: Order) -> str:
    # Loaded here: only the processes that make reports pay for papermill and nbconvert.
    from chunfeng_reports.execution.notebooks import execute  # noqa: PLC0415
    from chunfeng_reports.renderers import html  # noqa: PLC0415

    parameters = {"workspace": ".", "due": order.due, "region": order.region}
    executed = execute(notebook, parameters, workspace=store.root)

    def output(kind: str) -> Path:
        return store.report(order.due, order.region, notebook.stem, kind)

    write_bytes(output("ipynb"), executed.as_bytes())
    title = _title(store, order, notebook) if not executed.error else "报告未能生成"
    links = () if executed.error else (Link(label="Excel 工作簿", href=output("xlsx").name),)
    page = html.page(executed.notebook, title=title, home=HOME, links=links)
    write_bytes(output("html"), page.encode())
    if executed.error:
        output("xlsx").unlink(missing_ok=True)
        return executed.error
    report = Workspace(store).saved(order.due, order.region, notebook.stem)
    write_bytes(output("xlsx"), excel.workbook(report))
    return ""


def _title(store: Store, order: Order, notebook: Path) -> str:
    return Workspace(store).saved(order.due, order.region, notebook.stem).title
