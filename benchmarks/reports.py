"""Reports: the sample's notebooks executed and rendered, cold and warm, in turns.

    python benchmarks/reports.py [--due 2023-03-01] [--units 5] [--rounds 3]

One arm is a plain loop of papermill and nbconvert with their own engine; the other is the same
with kernels forked from a warm process (`chunfeng-warm`). Both run in a process of their own that
has imported what it uses, write the executed notebook and the page, and no workbook or document.
A workspace is laid out in a temporary folder and checked first. Prints reports a minute of each
and how many times the first the second is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST = 10.0
"""At least so many times as many reports a minute."""

_ARM = """
import json, os, sys, time
from pathlib import Path
import nbformat, papermill
from chunfeng_reports.renderers import html
engine, due, rounds, out, *units = sys.argv[1:]
if engine == "warm":
    from chunfeng_reports.execution.warm import engine as warm, manager
    name = warm.register()
    manager.server().fork({"cwd": ".", "env": dict(os.environ), "arguments": []})[1].close()
else:
    name = None
told = []
for _ in range(int(rounds)):
    begun = time.perf_counter()
    for unit in units:
        path = str(Path(out) / f"{engine}.ipynb")
        os.environ["CHUNFENG_NOTEBOOK"] = "region_report"
        papermill.execute_notebook("notebooks/region_report.ipynb", path, engine_name=name,
            parameters={"workspace": ".", "due": due, "region": unit}, kernel_name="python3",
            progress_bar=False, cwd=".", request_save_on_cell_execute=False)
        page = html.page(nbformat.read(path, as_version=4), title=unit)
        Path(out, f"{engine}.html").write_text(page, "utf-8")
    told.append((time.perf_counter() - begun) / len(units))
print(json.dumps(told))
"""


def main() -> int:
    """Print figures and their ratio; 1 where it is below `LEAST`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--due", default="2023-03-01")
    parser.add_argument("--units", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    units = ["370102", "370103", "370104", "370105", "370112", "370113", "370114"][: told.units]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
            shutil.copytree(ROOT / kit, root / kit)
        shutil.copy(ROOT / "chunfeng.toml", root)
        subprocess.run([sys.executable, "-m", "chunfeng_reports", "check", "--all"], cwd=root,
                       check=True, capture_output=True)  # fmt: skip
        best: dict[str, float] = {}
        for turn in range(told.rounds):
            for arm in ("plain", "warm") if turn % 2 == 0 else ("warm", "plain"):
                taken = _timed(arm, told.due, folder, units, root)
                best[arm] = min(best.get(arm, taken), taken)
                print(f"{arm:>5}: {60 / taken:6.1f} reports a minute ({taken:.2f} s each)")
    ratio = best["plain"] / best["warm"]
    print(f"ratio {ratio:.1f} (at least {LEAST:g})")
    return int(ratio < LEAST)


def _timed(arm: str, due: str, folder: str, units: list[str], root: Path) -> float:
    """Seconds a report, the first of two rounds left out: it warms what is warmed once."""
    done = subprocess.run([sys.executable, "-c", _ARM, arm, due, "2", folder, *units], cwd=root,
                          check=True, capture_output=True, text=True)  # fmt: skip
    return float(min(json.loads(done.stdout.splitlines()[-1])))


if __name__ == "__main__":
    raise SystemExit(main())
