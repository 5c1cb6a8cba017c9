"""Waiting: how long a person waits who asks for next to nothing.

    python benchmarks/waiting.py [--rounds 9]

``chunfeng --help`` beside ``papermill --help``, and ``chunfeng run --all`` on the repository's
returns with nothing changed since the last run beside ``python -c "import pandas"``: in turns, the
best of some rounds each. Ends with 1 where one takes longer than is wanted.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
HELP, NOTHING = 0.5, 3.0
"""At most so many times as long as what stands beside it."""


def main() -> int:
    """Print seconds and ratios; 1 where one is too large."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    chunfeng, papermill = (
        [sys.executable, "-m", name] for name in ("chunfeng_reports", "papermill")
    )
    with tempfile.TemporaryDirectory() as folder:
        root = _run(Path(folder) / "workspace")
        few = _compared([*chunfeng, "--help"], [*papermill, "--help"], root, rounds, "--help")
        none = _compared([*chunfeng, "run", "--all"], [sys.executable, "-c", "import pandas"], root,
                         rounds, "nothing changed")  # fmt: skip
    print(f"--help: {few:.2f} of papermill's (at most {HELP:g})")
    print(f"nothing changed: {none:.2f} times import pandas (at most {NOTHING:g})")
    return int(few > HELP or none > NOTHING)


def _run(root: Path) -> Path:
    """A workspace with the repository's returns in which a run has just ended."""
    for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
        shutil.copytree(ROOT / kit, root / kit)
    shutil.copy(ROOT / "chunfeng.toml", root)
    _seconds([sys.executable, "-m", "chunfeng_reports", "run", "--all"], root)
    return root


def _compared(
    ours: Sequence[str], theirs: Sequence[str], at: Path, rounds: int, what: str
) -> float:
    pairs = [(_seconds(ours, at), _seconds(theirs, at)) for _ in range(rounds)]
    best = [min(column) for column in zip(*pairs, strict=True)]
    print(f"{what}: {best[0]:.2f} s beside {best[1]:.2f} s", flush=True)
    return best[0] / best[1]


def _seconds(command: Sequence[str], at: Path) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=at, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
