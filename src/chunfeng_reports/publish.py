"""Publishing one report: its notebook run, then page, workbook and Word document drawn from it.

A report is made in a workspace of its own that holds what it is made from and nothing else
(:class:`Packet`), here or on another machine: so it cannot hang on anything that its key does not
cover, and comes out the same wherever it is made.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from socket import gethostname
from typing import TYPE_CHECKING

from chunfeng_reports.errors import ChunfengError, UseError
from chunfeng_reports.lastrun import libraries
from chunfeng_reports.manifest import code_hash
from chunfeng_reports.renderers import excel
from chunfeng_reports.report import Link
from chunfeng_reports.store import ONLY, Store, write_bytes
from chunfeng_reports.workspace import Workspace

if TYPE_CHECKING:
    from chunfeng_reports.execution.notebooks import Executed

HOME = "../../../index.html"
KINDS = ("ipynb", "report.json", "html", "xlsx", "docx")

#: Files of a workspace: path below it, ``/`` between folders → content.
Files = Mapping[str, bytes]


@dataclass(frozen=True, order=True)
class Order:
    """One report to be made: a notebook (its file name) for a due and a region."""

    due: str
    region: str
    notebook: str

    @property
    def stem(self) -> str:
        """The notebook's name without its ending, which its outputs have."""
        return Path(self.notebook).stem

    def output(self, store: Store, kind: str) -> Path:
        """Where an output of it lies. kind: one of :data:`KINDS`."""
        return store.report(self.due, self.region, self.stem, kind)


@dataclass(frozen=True)
class Packet:
    """An order with what it alone needs; what all orders of a run need is the same kit for all.

    only: the unit whose rows its tables hold; empty where they hold those of all.
    """

    order: Order
    files: Files
    only: str = ""


@dataclass(frozen=True)
class Drawn:
    """What came of an order: kind → content; error: why it is not whole, empty where it is."""

    order: Order
    files: Files = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Published:
    """A report as it lies in its folder: kind → SHA-256; error: as of :class:`Drawn`."""

    order: Order
    outputs: Mapping[str, str]
    error: str = ""


@dataclass(frozen=True)
class Desktop:
    """What all reports of a run need: the kit (settings, campaign, rules), where they go, and by
    what they are to be made (:func:`maker`).
    """

    kit: Files
    root: str
    maker: str


@cache
def maker() -> str:
    """What makes reports here: this program and the versions of its libraries."""
    return f"{code_hash()} {libraries()}"


def publish(desktop: Desktop, packet: Packet) -> Published:
    """Make one report and put it into its folder."""
    return deliver(Store(Path(desktop.root)), draw(desktop.kit, packet))


def draw_elsewhere(desktop: Desktop, packet: Packet) -> Drawn:
    """Make one report for somebody else's folder.

    UseError where it could come out otherwise than there: by another program or other libraries.
    """
    if maker() != desktop.maker:
        raise UseError(
            f"工作机 {gethostname()} 上的程序或库的版本与本机不同，报告会不一样，没有做；"
            "请在每台机器上按同一份 requirements.txt 安装同一版本"
        )
    return draw(desktop.kit, packet)


def lost(packet: Packet) -> Drawn:
    """What comes of a report with which every machine that took it was lost."""
    return Drawn(packet.order, error="做这份报告的工作进程几次意外中止（可能内存不足）")


def draw(kit: Files, packet: Packet) -> Drawn:
    """One report: ``.ipynb``, ``.report.json``, ``.html``, ``.xlsx``, and ``.docx`` where it has
    text or tables for a written document.

    Of one that fails only the notebook, and a page that says that it failed.
    """
    try:
        with laid_out({**kit, **packet.files}, packet.only) as store:
            return _draw(store, packet.order)
    except ChunfengError as failure:
        return Drawn(packet.order, error=str(failure))
    except Exception as failure:  # one report's fault, whatever it is, must not stop the others
        return Drawn(packet.order, error=f"{type(failure).__name__}: {failure}")


def deliver(store: Store, drawn: Drawn) -> Published:
    """Put a report into its folder. StoreError is told as the report's own.

    What an earlier run made is taken away first, so that a report which fails leaves no old page
    behind that looks current.
    """
    order = drawn.order
    try:
        for kind in KINDS:
            order.output(store, kind).unlink(missing_ok=True)
        for kind, content in drawn.files.items():
            write_bytes(order.output(store, kind), content)
    except OSError as failure:
        why = f"{failure.strerror}：{Path(str(failure.filename)).name}；如果它正打开着，请先关闭"
        return Published(order, {}, drawn.error or why)
    except ChunfengError as failure:
        return Published(order, {}, drawn.error or str(failure))
    hashes = {kind: hashlib.sha256(one).hexdigest() for kind, one in drawn.files.items()}
    return Published(order, hashes, drawn.error)


def audit(packet: Packet, kept: Files) -> bool:
    """Whether a report's notebook gives the same bytes in a kernel that papermill starts.

    packet: with all that it needs, the kit included; kept: what an earlier run made of it, its
    notebook and saved report. ChunfengError where it cannot be run at all.
    """
    with laid_out(packet.files, packet.only) as store:
        content, _ = run_notebook(store, packet.order, cold=True)
        saved = packet.order.output(store, "report.json").read_bytes()
    return {"ipynb": content, "report.json": saved} == kept


def _draw(store: Store, order: Order) -> Drawn:
    # Loaded here: only the processes that make reports pay for papermill, nbconvert and docx.
    from chunfeng_reports.renderers import html, word  # noqa: PLC0415

    content, executed = run_notebook(store, order)
    made = {"ipynb": content}
    if executed.error:
        page = html.page(executed.notebook, title="报告未能生成", home=HOME)
        return Drawn(order, made | {"html": page.encode()}, executed.error)
    report = Workspace(store).saved(order.due, order.region, order.stem)
    made["report.json"] = order.output(store, "report.json").read_bytes()
    links = [Link(label="Excel 工作簿", href=f"{order.stem}.xlsx")]
    if word.is_written(report):
        links.append(Link(label="Word 文档", href=f"{order.stem}.docx"))
        made["docx"] = word.document(report)
    page = html.page(executed.notebook, title=report.title, home=HOME, links=links)
    return Drawn(order, made | {"html": page.encode(), "xlsx": excel.workbook(report)})


def run_notebook(store: Store, order: Order, *, cold: bool = False) -> tuple[bytes, Executed]:
    """The executed notebook of a report, as a file and as it is; it saves its report in the store.

    cold: in a kernel that papermill starts.
    """
    from chunfeng_reports.execution.notebooks import execute  # noqa: PLC0415

    parameters = {"workspace": ".", "due": order.due, "region": order.region}
    notebook = store.root / "notebooks" / order.notebook
    executed = execute(notebook, parameters, workspace=store.root, cold=cold)
    return executed.as_bytes(), executed


@contextmanager
def laid_out(files: Files, only: str) -> Iterator[Store]:
    """A workspace that holds these files, while it is needed."""
    root = Path(tempfile.mkdtemp(prefix="chunfeng-"))
    try:
        for folder in {PurePosixPath(name).parent for name in files}:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (root / name).write_bytes(content)
        store = Store(root)
        store.processed.mkdir(parents=True, exist_ok=True)
        (store.processed / ONLY).write_text(only, "utf-8")
        yield store
    finally:
        shutil.rmtree(root, ignore_errors=True)
