"""The pool that reports are made in: what dies in it, and with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from chunfeng_reports.errors import ReportError
from chunfeng_reports.execution import map_unordered

_LONG = """
import sys, time
from pathlib import Path
from chunfeng_reports.execution import map_unordered

def work(folder, n):
    Path(folder, str(n)).touch()
    time.sleep(300)

if __name__ == "__main__":
    list(map_unordered(work, sys.argv[1], range(2), jobs=2))
"""


def _end(_shared: None, status: int) -> None:
    os._exit(status)


def _times(factor: int, n: int) -> int:
    return factor * n


def test_a_process_that_dies_is_told_with_what_to_do() -> None:
    with pytest.raises(ReportError, match="--jobs 1"):
        list(map_unordered(_end, None, [1], jobs=1))


def test_tasks_are_taken_as_they_are_needed_and_all_are_done() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for n in range(40):
            taken.append(n)
            yield n

    results = map_unordered(_times, 3, tasks(), jobs=2)
    first = next(results)
    assert len(taken) < 12, "the others are not in memory yet"
    assert sorted([first, *results]) == [3 * n for n in range(40)]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_where_the_caller_is_killed_its_processes_end_as_well(tmp_path: Path) -> None:
    script, begun = tmp_path / "long.py", tmp_path / "begun"
    script.write_text(_LONG, "utf-8")
    begun.mkdir()
    run = subprocess.Popen([sys.executable, str(script), str(begun)])
    deadline = time.monotonic() + 60
    while len(list(begun.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = psutil.Process(run.pid).children(recursive=True)
    assert len(workers) >= 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
