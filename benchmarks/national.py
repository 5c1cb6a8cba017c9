"""National: how long a country of 2,978 units takes, against one province and against seven.

    python benchmarks/national.py [--units 15 151 702 2978] [--check-only] [--rounds 1]
                                  [--keep FOLDER]

Lays out `country.lay_out` at each size. In a fresh process collects, checks and rolls up, and
prints the seconds of each stage and for a unit; then runs the command a user gives,
``chunfeng run --due D`` (with ``--check-only``, ``chunfeng check --due D``), and prints how many
reports a minute it made. While either runs, the memory of all its processes together is looked at
twice a second: the proportional set size, in which a page shared by several is shared out.

After a run it is run again with nothing changed, beside ``python -c "import pandas"``, and once
more with one figure of one unit, the same at every size, larger by 1: too little to move another
unit's place or a tenth of a percent of its share. So many notebooks run at one size as at another.

Growth is at most linear where a unit of a larger country costs no more than one of a smaller, give
or take `LEEWAY`. What every run costs to start favours the larger, so what a unit costs that is
added to the smaller is told beside it: of small differences, and chance has its part in them. The
best of several rounds counts. Of 15 units nothing is judged but what changes. Ends with 1 where a
stage of some seconds grows more than linearly, where memory was more than `MOST_MEMORY`, or where
what has not changed takes longer than `NOTHING` allows.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import openpyxl
import psutil
from country import DUE, areas, lay_out

SIZES = (15, 151, 702, 2978)
FEW = 100
"""Of fewer units than this, what a run costs to start is most of what it costs."""
NOTHING = {15: 3.0, 2978: 9.0}
"""A run that has nothing to do takes at most so many times as long as importing pandas."""
LEEWAY = 1.15
MOST_MEMORY = int(1.5 * 2**30)
EVERY = 0.5
LARGE = 1000
"""A figure larger than this is of no matter to others if it is larger by 1."""
TELLING = 1.0
"""Of a stage that takes fewer seconds than this, growth is told and not judged."""
STAGES = """
import json, sys, time
from pathlib import Path
from chunfeng_reports import pipeline
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.workspace import Workspace

def main():
    begun, told = time.perf_counter(), {}
    def done(stage):
        nonlocal begun
        now = time.perf_counter()
        told[stage], begun = now - begun, now
    ws = Workspace.find(sys.argv[1])
    ws.desk.nodes
    done("open")
    known = pipeline.collect(ws)
    done("collect")
    suites = pipeline.rules(ws)
    done("rules")
    known = pipeline.check(ws, known, suites)
    done("check")
    roll_up(ws.desk, sys.argv[2], known.facts, known.findings)
    done("roll-up")
    print(json.dumps(told))

if __name__ == "__main__":
    main()
"""
"""Stages timed in a process of their own; what it imports is not counted. A check rolls up, too:
here that is done once more, alone."""


@dataclass(frozen=True)
class Measured:
    """One run: seconds by stage, the most memory at once (bytes), reports made, and how many were
    made once one unit had changed; nothing: how many times as long as importing pandas a run took
    that had nothing to do.
    """

    seconds: Mapping[str, float]
    memory: int
    reports: int = 0
    changed: int = 0
    nothing: float = 0.0


def main() -> int:
    """Print figures and verdicts; 1 where one is not as it must be."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--units", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--check-only", action="store_true")
    options.add_argument("--keep", type=Path, help="lay the countries out here and leave them")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = asked.keep or Path(temporary)
        best = {
            units: _measured(
                root / str(units), units, rounds=asked.rounds, check_only=asked.check_only
            )
            for units in sorted(asked.units)
        }
    many = {units: one for units, one in best.items() if units >= FEW}
    linear = [_grows({units: one.seconds[stage] for units, one in many.items()}, stage)
              for stage in next(iter(best.values())).seconds]  # fmt: skip
    memory = max(one.memory for one in best.values())
    small = memory < MOST_MEMORY
    print(f"memory: at most {memory / 2**20:.0f} MB, "
          f"{'less' if small else 'MORE'} than {MOST_MEMORY / 2**20:.0f} MB")  # fmt: skip
    changed = {one.changed for one in best.values()}
    if not asked.check_only:
        print(f"one unit changed: {' or '.join(map(str, changed))} notebooks run at every size")
    quick = all(one.nothing <= NOTHING.get(units, 9.0) for units, one in best.items())
    return int(not (small and all(linear) and quick and len(changed) == 1))


def _measured(root: Path, units: int, *, rounds: int, check_only: bool) -> Measured:
    """The best of several rounds, each from nothing made; prints it stage by stage."""
    if not root.exists():
        begun = time.perf_counter()
        lay_out(root, units=units)
        print(f"{units} units laid out in {time.perf_counter() - begun:.0f} s", flush=True)
    runs: list[Measured] = []
    for _ in range(rounds):
        runs += [_stages(root), _command(root, "check" if check_only else "run")]
    names = dict.fromkeys(stage for one in runs for stage in one.seconds)
    best = {name: min(one.seconds[name] for one in runs if name in one.seconds) for name in names}
    for name, seconds in best.items():
        print(f"  {name:16} {seconds:8.2f} s {1000 * seconds / units:8.2f} ms a unit")
    memory, reports = max(one.memory for one in runs), max(one.reports for one in runs)
    print(f"  memory           {memory / 2**20:8.0f} MB")
    if reports:
        rate = 60 * reports / best["chunfeng run"]
        print(f"  reports          {reports:8} made, {rate:.0f} a minute, all stages counted")
    changed, nothing = (0, 0.0) if check_only else _again(root)
    sys.stdout.flush()
    return Measured(best, memory, reports, changed, nothing)


def _again(root: Path) -> tuple[int, float]:
    """How many reports are made once one unit has changed; and how many times as long as importing
    pandas a run takes that has nothing to do.
    """
    command = [sys.executable, "-m", "chunfeng_reports", "run", "--due", DUE, "--json"]
    pairs = [(_seconds(command, root), _seconds([sys.executable, "-c", "import pandas"], root))
             for _ in range(7)]  # fmt: skip
    nothing, pandas = (min(column) for column in zip(*pairs, strict=True))
    print(f"  nothing changed  {nothing:8.2f} s, {nothing / pandas:.1f} times import pandas")
    _change(root)
    begun = time.perf_counter()
    told = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    made = int(json.loads(told)["reports"]["made"])
    print(f"  one unit changed {time.perf_counter() - begun:8.2f} s, {made} notebooks run")
    return made, nothing / pandas


def _seconds(command: Sequence[str], root: Path) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - begun


def _change(root: Path) -> None:
    """One figure of the first unit larger by 1, in the workbook that it sent."""
    first = areas(1)[0]
    (path,) = (root / "data" / "raw" / DUE / first.folder).glob(f"{first.name}*.xlsx")
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row
                if isinstance(cell.value, int) and cell.value > LARGE)  # fmt: skip
    cell.value += 1
    book.save(path)


def _stages(root: Path) -> Measured:
    """Seconds of each stage, and together."""
    told, memory, _ = _watched([sys.executable, "-c", STAGES, str(root), DUE], root)
    seconds: dict[str, float] = json.loads(told.splitlines()[-1])
    return Measured({**seconds, "all stages": sum(seconds.values())}, memory)


def _command(root: Path, command: str) -> Measured:
    """Seconds of the command that a user gives, from the first import to the last file written."""
    shutil.rmtree(root / "data" / "processed")
    (root / "data" / "processed").mkdir()
    arguments = [sys.executable, "-m", "chunfeng_reports", command, "--due", DUE]
    _, memory, seconds = _watched(arguments, root)
    made = (root / "data" / "processed" / DUE / "reports").glob("*/*.report.json")
    return Measured({f"chunfeng {command}": seconds}, memory, sum(1 for _ in made))


def _watched(arguments: Sequence[str], root: Path) -> tuple[str, int, float]:
    """What a command printed, the most memory of all its processes at once, its seconds."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        begun, peak = time.perf_counter(), 0
        process = subprocess.Popen(arguments, cwd=root, stdout=out, stderr=subprocess.DEVNULL)
        while True:
            peak = max(peak, _memory(process.pid))
            try:
                process.wait(EVERY)
                break
            except subprocess.TimeoutExpired:
                continue
        seconds = time.perf_counter() - begun
        if process.returncode:
            raise SystemExit(f"{' '.join(arguments[:6])} ended with {process.returncode}")
        out.seek(0)
        return out.read(), peak, seconds


def _memory(pid: int) -> int:
    """Proportional set size of a process and all below it, in bytes."""
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(map(_share, family))


def _share(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except psutil.Error:  # it has ended since
        return 0
    return int(getattr(told, "pss", told.uss))


def _grows(seconds: Mapping[int, float], stage: str) -> bool:
    """Whether a stage's growth is at most linear; prints what a unit costs at each size, and what
    each costs that makes the next size.
    """
    sizes = sorted(seconds)
    each = [seconds[units] / units for units in sizes]
    linear = all(more <= LEEWAY * less for less, more in pairwise(each))
    added = [(seconds[more] - seconds[less]) / (more - less) for less, more in pairwise(sizes)]
    costs, further = (", ".join(f"{1000 * cost:.2f}" for cost in some) for some in (each, added))
    verdict = "at most linear" if linear else "MORE than linear"
    print(f"{stage:16} {verdict}: ms a unit {costs}; a unit added {further or '-'}")
    return linear or max(seconds.values()) < TELLING


if __name__ == "__main__":
    raise SystemExit(main())
