"""What tests work with: the repository, the truth of its sample, and the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "jinan"
DUES = ("2023-02-01", "2023-03-01", "2023-04-01")


def chunfeng(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """The command line, run as a user does, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "chunfeng_reports", *arguments],
        cwd=at,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def lay_workspace(root: Path) -> Path:
    """A workspace of its own with Jinan's returns, free to be changed."""
    for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
        shutil.copytree(ROOT / kit, root / kit)
    shutil.copy(ROOT / "chunfeng.toml", root)
    return root
