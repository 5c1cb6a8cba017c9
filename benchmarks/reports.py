"""Reports: the sample's reports by a plain loop of papermill and nbconvert, and as a run does.

    python benchmarks/reports.py [--due 2023-03-01] [--rounds 3]

Every arm makes the reports of the repository's returns (all dues unless told) from the same tables:
the executed notebook and the page, no workbook and no Word document. Each is measured once its
imports are done and its first reports are made, in turns, and the best of its rounds counts.

plain        papermill's own engine and nbconvert in a loop, in the workspace; one process, or two
ours         as ``chunfeng run`` makes them, with ``--jobs 1`` and ``--jobs 2``
floor        the same cells as plain function calls in a forked process, and the same page

Prints reports a minute and how they compare; ends with 1 where a ratio is below what is wanted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ARMS = {"plain": 1, "plain, two": 2, "ours": 1, "ours, two": 2, "floor": 1}
"""Each arm, and in how many processes it makes reports."""

WANTED = (("ours", "plain", 10.0), ("ours, two", "plain", 15.0), ("ours, two", "plain, two", 8.0),
          ("ours", "floor", 0.5))  # fmt: skip
"""An arm makes at least so many times as many reports a minute as another."""


def main() -> int:
    """Print figures and ratios; 1 where one is too low."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--due", action="append", help="only the reports of this due; repeatable")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arm", choices=ARMS, action="append", help="only this one; repeatable")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.part:
        return _part(*told.part)
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = _laid_out(Path(folder) / "workspace")
        for _ in range(told.rounds):
            for arm in told.arm or ARMS:
                rate = _measured(arm, root, told.due or [])
                print(f"{arm:12} {rate:7.1f} reports a minute", flush=True)
                rates[arm] = max(rate, rates.get(arm, 0.0))
    found = [(arm, other, rates[arm] / rates[other], least)
             for arm, other, least in WANTED if arm in rates and other in rates]  # fmt: skip
    for arm, other, ratio, least in found:
        print(f"{arm} : {other} = {ratio:.2f} (at least {least:g})")
    return int(any(ratio < least for _, _, ratio, least in found))


def _laid_out(root: Path) -> Path:
    """A workspace with the repository's returns, read and checked."""
    for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
        shutil.copytree(ROOT / kit, root / kit)
    shutil.copy(ROOT / "chunfeng.toml", root)
    command = [sys.executable, "-m", "chunfeng_reports", "check", "--all"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


def _measured(arm: str, root: Path, dues: Sequence[str]) -> float:
    """Reports a minute. Every process says when it is ready, and begins when it is told to."""
    shares = 2 if arm == "plain, two" else 1
    parts = [
        subprocess.Popen(
            [sys.executable, __file__, "--part", arm, json.dumps(dues), f"{n}/{shares}"],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,  # where papermill's kernels tell of their ports
        )
        for n in range(shares)
    ]  # fmt: skip
    for part in parts:
        assert part.stdout is not None
        assert part.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for part in parts:
        assert part.stdin is not None
        part.stdin.write("\n")
        part.stdin.flush()
    answers = [part.communicate()[0] for part in parts]
    seconds = time.perf_counter() - begun
    made = [json.loads(answer.splitlines()[-1]) for answer in answers]
    if arm.startswith("ours"):  # it says itself from when on: its pool is not ready before it works
        return 60 * float(made[0]["reports"]) / float(made[0]["seconds"])
    return 60 * sum(one["reports"] for one in made) / seconds


def _part(arm: str, dues: str, share: str) -> int:
    """One process of an arm, in the workspace that it was started in."""
    number, of = map(int, share.split("/"))
    with tempfile.TemporaryDirectory() as out:
        if arm.startswith("ours"):
            told = _ours(json.loads(dues), ARMS[arm], Path(out))
        else:
            loop = _plain if arm.startswith("plain") else _floor
            told = loop(json.loads(dues), number, of, Path(out))
    print(json.dumps(told))
    return 0


def _planned(dues: Sequence[str]) -> tuple[Any, list[Any]]:
    """The plan of a run on what was checked, and the reports of some dues, none named: all."""
    import pandas as pd

    from chunfeng_reports import pipeline, release
    from chunfeng_reports.workspace import Workspace

    ws = Workspace.find(".")
    begun = [due for due in ws.desk.dues if ws.store.known(due, "facts")]
    frames = {name: pipeline.kept(ws, begun, name) for name in pipeline.TABLES}
    known = pipeline.Known(tuple(begun), doubts=(), said=(), **frames)
    assert isinstance(known.facts, pd.DataFrame)
    plan = release.plan(ws, known, anew=True)
    return plan, plan.reports(dues or begun)


def _begin() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _plain(dues: Sequence[str], number: int, of: int, out: Path) -> dict[str, float]:
    """papermill and nbconvert in a loop."""
    import os

    import nbformat
    import papermill

    from chunfeng_reports.renderers import html

    def make(order: Any) -> None:
        os.environ["CHUNFENG_NOTEBOOK"] = order.stem
        path = str(out / f"{order.due}-{order.region}-{order.stem}.ipynb")
        papermill.execute_notebook(
            f"notebooks/{order.notebook}", path, kernel_name="python3", progress_bar=False,
            parameters={"workspace": ".", "due": order.due, "region": order.region},
            request_save_on_cell_execute=False,
        )  # fmt: skip
        page = html.page(nbformat.read(path, as_version=4), title=order.stem)
        Path(path).with_suffix(".html").write_text(page, "utf-8")

    _, reports = _planned(dues)
    orders = [one.order for one in reports][number::of]
    make(orders[0])
    _begin()
    for order in orders:
        make(order)
    return {"reports": len(orders)}


def _ours(dues: Sequence[str], jobs: int, out: Path) -> dict[str, float]:
    """As a run makes them; measured from when every process has made its first one."""
    from chunfeng_reports.execution import map_unordered

    plan, reports = _planned(dues)
    _begin()
    made, begun = 0, 0.0
    shared = (dict(plan.kit), str(out))
    for _ in map_unordered(make_page, shared, plan.packets(reports + reports), jobs=jobs):
        made += 1
        if made == 2 * jobs:
            begun = time.perf_counter()
    return {"reports": made - 2 * jobs, "seconds": time.perf_counter() - begun}


def make_page(shared: tuple[dict[str, bytes], str], packet: Any) -> None:
    """The executed notebook and the page of one report."""
    from chunfeng_reports.publish import HOME, laid_out, run_notebook
    from chunfeng_reports.renderers import html

    kit, out = shared
    order = packet.order
    with laid_out({**kit, **packet.files}, packet.only) as store:
        content, executed = run_notebook(store, order)
    assert not executed.error
    path = Path(out, f"{order.due}-{order.region}-{order.stem}.ipynb")
    path.write_bytes(content)
    page = html.page(executed.notebook, title=order.stem, home=HOME)
    path.with_suffix(".html").write_text(page, "utf-8")


def _floor(dues: Sequence[str], _number: int, _of: int, out: Path) -> dict[str, float]:
    """The cells as plain calls in a fork that has all imports, and the page of what they show."""
    import os

    from chunfeng_reports.execution.warm import manager, server
    from chunfeng_reports.renderers import html
    from chunfeng_reports.workspace import foresee

    assert html
    server.import_all(manager.WARM)
    plan, reports = _planned(dues)
    packets = list(plan.packets(reports))
    cells = {name: list(_cells(Path("notebooks", name))) for name in plan.purposes}
    foresee(".")

    def make(packet: Any) -> None:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                _plainly(packet, plan.kit, cells[packet.order.notebook], out)
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(pid, 0)[1] == 0

    make(packets[0])
    _begin()
    for packet in packets:
        make(packet)
    return {"reports": len(packets)}


def _cells(notebook: Path) -> Iterator[tuple[Any, Any, Any]]:
    """Each cell, its statements and its last expression, compiled."""
    import ast

    import nbformat

    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield cell, None, None
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        shown = compile(ast.Expression(last.value), "cell", "eval") if last else None
        yield cell, compile(tree, "cell", "exec"), shown


def _plainly(
    packet: Any, kit: dict[str, bytes], cells: list[tuple[Any, Any, Any]], out: Path
) -> None:
    """Run the cells of a report in this process and write its notebook and page."""
    import os
    from types import SimpleNamespace

    import nbformat
    from IPython.core.formatters import DisplayFormatter

    from chunfeng_reports.publish import HOME, laid_out
    from chunfeng_reports.renderers import display, html
    from chunfeng_reports.workspace import Workspace

    order, formatter, outputs = packet.order, DisplayFormatter(), []
    os.environ["CHUNFENG_NOTEBOOK"] = order.stem

    def show(value: Any) -> None:
        data, metadata = formatter.format(value)
        outputs.append(nbformat.v4.new_output("display_data", data, metadata=metadata))

    with laid_out({**kit, **packet.files}, packet.only) as store:
        os.chdir(store.root)
        shell = SimpleNamespace(display_formatter=formatter)
        display.register(shell, names=Workspace(store)._names)
        names = {"display": show}
        for cell, statements, last in cells:
            if cell.cell_type != "code":
                continue
            outputs.clear()
            exec(statements, names)
            if "parameters" in cell.metadata.get("tags", ()):
                names |= {"due": order.due, "region": order.region}
            if last is not None and (value := eval(last, names)) is not None:
                show(value)
            cell.outputs = list(outputs)
        node = nbformat.v4.new_notebook(cells=[cell for cell, _, _ in cells])
        os.chdir("/")
    path = out / f"{order.due}-{order.region}-{order.stem}.ipynb"
    path.write_text(nbformat.writes(node), "utf-8")
    page = html.page(node, title=order.stem, home=HOME)
    path.with_suffix(".html").write_text(page, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
