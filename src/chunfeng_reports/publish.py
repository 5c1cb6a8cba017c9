"""Publishing one report: its notebook run, then page, workbook and Word document drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chunfeng_reports.errors import ChunfengError
from chunfeng_reports.renderers import excel
from chunfeng_reports.report import Link
from chunfeng_reports.store import Store, write_bytes
from chunfeng_reports.workspace import Workspace

HOME = "../../../index.html"
KINDS = ("ipynb", "report.json", "html", "xlsx", "docx")


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
    """Make one report: ``.ipynb``, ``.report.json``, ``.html``, ``.xlsx`` in the region's folder,
    and ``.docx`` where the report has text or tables for a written document.

    What an earlier run made is taken away first, so that a report which fails leaves no old page
    behind that looks current: only its notebook, and a page that says that it failed.
    """
    store = Store(Path(order.workspace))
    notebook = store.root / "notebooks" / order.notebook
    try:
        for kind in KINDS:
            _output(store, order, kind).unlink(missing_ok=True)
        error = _run(store, notebook, order)
    except ChunfengError as failure:
        error = str(failure)
    except Exception as failure:  # one report's fault, whatever it is, must not stop the others
        error = f"{type(failure).__name__}: {failure}"
    return Published(order, error)


def _run(store: Store, notebook: Path, order: Order) -> str:
    # Loaded here: only the processes that make reports pay for papermill, nbconvert and docx.
    from chunfeng_reports.execution.notebooks import execute  # noqa: PLC0415
    from chunfeng_reports.renderers import html, word  # noqa: PLC0415

    parameters = {"workspace": ".", "due": order.due, "region": order.region}
    executed = execute(notebook, parameters, workspace=store.root)
    write_bytes(_output(store, order, "ipynb"), executed.as_bytes())
    if executed.error:
        page = html.page(executed.notebook, title="报告未能生成", home=HOME)
        write_bytes(_output(store, order, "html"), page.encode())
        return executed.error
    report = Workspace(store).saved(order.due, order.region, notebook.stem)
    book, document = _output(store, order, "xlsx"), _output(store, order, "docx")
    links = [Link(label="Excel 工作簿", href=book.name)]
    if word.is_written(report):
        links.append(Link(label="Word 文档", href=document.name))
        write_bytes(document, word.document(report))
    page = html.page(executed.notebook, title=report.title, home=HOME, links=links)
    write_bytes(_output(store, order, "html"), page.encode())
    write_bytes(book, excel.workbook(report))
    return ""


def audit(order: Order) -> bool:
    """Whether a report's notebook gives the same bytes in a kernel that papermill starts.

    What it saves is put back as it was. ChunfengError where it cannot be run at all.
    """
    from chunfeng_reports.execution.notebooks import execute  # noqa: PLC0415

    store = Store(Path(order.workspace))
    saved = _output(store, order, "report.json")
    kept = {path: path.read_bytes() for path in (_output(store, order, "ipynb"), saved)}
    parameters = {"workspace": ".", "due": order.due, "region": order.region}
    try:
        notebook = store.root / "notebooks" / order.notebook
        executed = execute(notebook, parameters, workspace=store.root, cold=True)
        found = {_output(store, order, "ipynb"): executed.as_bytes(), saved: saved.read_bytes()}
    finally:
        write_bytes(saved, kept[saved])
    return found == kept


def _output(store: Store, order: Order, kind: str) -> Path:
    return store.report(order.due, order.region, Path(order.notebook).stem, kind)
