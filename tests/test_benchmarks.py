"""Benchmarks are measured by hand, but always ready to be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workbench import ROOT


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda p: p.stem)
def test_it_says_what_it_measures(path: Path) -> None:
    done = subprocess.run([sys.executable, str(path), "--help"], capture_output=True, text=True,
                          check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout
