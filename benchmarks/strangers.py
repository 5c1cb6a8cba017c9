"""Strangers: what becomes of a folder of workbooks that are no returns at all.

    python benchmarks/strangers.py FOLDER [--jobs 2]

Collects the folder as if it had come for a due, and watches: every file must have a fate, none may
count, nobody may be left behind, and the whole family of processes must stay under a gigabyte.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from chunfeng_reports.campaign import Desk
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.reading import Collected, collect_due

ROOT = Path(__file__).parents[1]
BODY, DUE = "370100", "2023-02-01"
MOST_MEMORY = 2**30


class Watch(threading.Thread):
    """The most memory that this process and all below it held at once; a page shared by several is
    shared out among them.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._over = threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        while not self._over.wait(0.1):
            self.peak = max(self.peak, sum(map(_memory, family())))

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()


def family() -> list[psutil.Process]:
    """This process and all below it."""
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def _memory(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(told, "pss", told.uss))


@contextmanager
def watched() -> Iterator[Watch]:
    """A watch over what happens in the block."""
    watch = Watch()
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def tell(collected: Collected) -> None:
    """Print how many files met which fate, and why."""
    fates = Counter(row.fate for row in collected.intake)
    reasons = Counter((row.fate, row.reason) for row in collected.intake)
    print("rows by fate:", dict(fates))
    for (fate, reason), count in reasons.most_common():
        print(f"{count:7} {fate:10} {reason[:90]}")
    for row in collected.intake:
        if row.fate == "counts":
            print("COUNTS", row.file, row.member, row.form, row.region)


def main() -> None:
    """Collect the folder and print what was seen; exit code 1 where it is not as it must be."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    desk = Desk.of(load_campaign(ROOT / "campaigns" / "2023-chunfeng"), BODY)
    told: list[str] = []
    begun = time.perf_counter()
    with watched() as watch:
        collected = collect_due(desk, DUE, asked.folder, jobs=asked.jobs, progress=told.append)
    seconds = time.perf_counter() - begun
    tell(collected)
    servers = ("multiprocessing.forkserver", "multiprocessing.resource_tracker")
    left = [p for p in family()[1:] if not any(s in " ".join(p.cmdline()) for s in servers)]
    print(f"{len(told)} files in {seconds:.0f} s; at most {watch.peak / 2**20:.0f} MB")
    print("left behind:", [process.cmdline() for process in left])
    counts = any(row.fate == "counts" for row in collected.intake)
    sys.exit(bool(counts or left or watch.peak > MOST_MEMORY))


if __name__ == "__main__":
    main()
