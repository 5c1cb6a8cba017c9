"""The wheel: installed in a new environment, it gives a working workspace anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from workbench import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the built wheel in it; what it depends on is taken from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    home = folder / "environment"
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    [site] = home.rglob("site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def _run(python: Path, *arguments: str, at: Path) -> str:
    command = [python, "-m", "chunfeng_reports", *arguments]
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_runs_one_due_in_a_workspace_of_its_own(python: Path, tmp_path: Path) -> None:
    where = "import chunfeng_reports as c; print(c.__file__)"
    shown = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True)
    assert Path(shown.stdout.strip()).is_relative_to(python.parents[1])
    _run(python, "init", "desk", "--body", "370100", at=tmp_path)
    desk = tmp_path / "desk"
    shutil.copytree(ROOT / "data" / "raw" / "2023-02-01", desk / "data" / "raw" / "2023-02-01")
    told = _run(python, "run", "--due", "2023-02-01", "--jobs", "2", at=desk)
    assert "报告 18 份" in told
    assert (desk / "data" / "processed" / "index.html").is_file()
