"""Profiling: where the time of one warm report goes.

    python benchmarks/profiling.py [--due 2023-03-01] [--rounds 3]

Makes the reports of the repository's units at a due, one after the other in one process, and prints
the median milliseconds of each part: what is done around the kernel, its beginning, each cell (till
the next is sent), its end, and what is drawn. The first round warms what is warmed once and is left
out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chunfeng_reports import pipeline, release
from chunfeng_reports.execution.warm import manager
from chunfeng_reports.publish import HOME, laid_out, run_notebook
from chunfeng_reports.renderers import excel, html, word
from chunfeng_reports.workspace import Workspace

ROOT = Path(__file__).parents[1]


class Marks:
    """Seconds between moments, by what begins at each."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}
        self._last = ("", 0.0)

    def at(self, name: str) -> None:
        """From here on it is the turn of what is named so; nothing, where the name is empty."""
        now, (before, since) = time.perf_counter(), self._last
        if before:
            self.spent.setdefault(before, []).append(now - since)
        self._last = (name, now)


def main() -> None:
    """Print a table of parts and milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--due", default="2023-03-01")
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
            shutil.copytree(ROOT / kit, root / kit)
        shutil.copy(ROOT / "chunfeng.toml", root)
        command = [sys.executable, "-m", "chunfeng_reports", "check", "--all"]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        os.chdir(root)
        marks = _measured(Workspace.find(root), told.due, told.rounds)
        os.chdir("/")
    total = 0.0
    for name, times in marks.spent.items():
        spent = 1000 * statistics.median(times)
        total += spent
        print(f"{name:44} {spent:6.1f} ms")
    print(f"{'together':44} {total:6.1f} ms")


def _measured(ws: Workspace, due: str, rounds: int) -> Marks:
    begun = [one for one in ws.desk.dues if ws.store.known(one, "facts")]
    frames: dict[str, Any] = {name: pipeline.kept(ws, begun, name) for name in pipeline.TABLES}
    known = pipeline.Known(tuple(begun), doubts=(), said=(), **frames)
    plan = release.plan(ws, known, anew=True)
    reports = [one for one in plan.reports([due]) if one.only]
    marks = Marks()
    for number in range(rounds + 1):
        marks = Marks() if number == 1 else marks
        _watch(marks)
        for packet in plan.packets(reports):
            _make(marks, {**plan.kit, **packet.files}, packet)
    return marks


_fork, _execute = manager.Server.fork, manager.WarmClient.execute


def _watch(marks: Marks) -> None:
    """Mark where a kernel is forked and where a cell is sent to it."""

    def fork(self: Any, request: Any) -> Any:
        marks.at("fork")
        found = _fork(self, request)
        marks.at("kernel: beginning")
        return found

    def execute(self: Any, code: str, *given: Any, **options: Any) -> Any:
        lines = code.strip().splitlines()
        first = lines[0] if lines else ""
        name = "parameters" if first.startswith(("workspace", "# Parameters")) else lines[-1]
        marks.at(f"cell: {name}")
        return _execute(self, code, *given, **options)

    manager.Server.fork = fork  # type: ignore[method-assign]
    manager.WarmClient.execute = execute  # type: ignore[method-assign]


def _make(marks: Marks, files: dict[str, bytes], packet: Any) -> None:
    marks.at("its workspace laid out")
    with laid_out(files, packet.only) as store:
        marks.at("papermill and nbclient, before")
        _, executed = run_notebook(store, packet.order)
        marks.at("saved report read")
        report = Workspace(store).saved(packet.order.due, packet.order.region, packet.order.stem)
        drawn: dict[str, Callable[[], object]] = {
            "page": lambda: html.page(executed.notebook, title=report.title, home=HOME),
            "workbook": lambda: excel.workbook(report),
            "Word document": lambda: word.document(report),
        }
        for name, draw in drawn.items():
            marks.at(name)
            draw()
        marks.at("its workspace cleared away")
    marks.at("")


if __name__ == "__main__":
    main()
