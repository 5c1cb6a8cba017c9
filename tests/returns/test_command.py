"""`chunfeng returns`: from a check to slips on the disk, and from a slip to facts again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench import ROOT, chunfeng

pytestmark = pytest.mark.slow

DUE = "2023-02-01"
SHIZHONG = "370103"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the returns of two units, checked; one of them has a negative figure."""
    root = tmp_path_factory.mktemp("returns") / "workspace"
    assert chunfeng("init", str(root), "--body", "370100", at=root.parent).returncode == 0
    raw = root / "data" / "raw" / DUE
    raw.mkdir()
    for file in (ROOT / "data" / "raw" / DUE).glob("*"):
        if file.name.startswith(("市中区", "平阴县")):
            shutil.copy(file, raw)
    done = chunfeng("check", "--due", DUE, at=root)
    assert done.returncode == 0, done.stderr
    return root


def _files(root: Path) -> dict[str, bytes]:
    folder = root / "data" / "processed" / DUE / "returns"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_slips_and_texts_lie_ready_and_are_the_same_each_time(checked: Path) -> None:
    done = chunfeng("returns", "--due", DUE, "--json", at=checked)
    assert done.returncode == 0, done.stderr
    told = {one["unit"]: one for one in json.loads(done.stdout)[DUE]}
    assert told["市中区"]["findings"]["critical"] == 1
    assert told["市中区"]["slip"].endswith(f"returns/{SHIZHONG}/退回-市中区-{DUE}.xlsx")
    assert told["历下区"]["missing"]
    assert (told["历下区"]["slip"], bool(told["历下区"]["reminder"])) == ("", True)
    first = _files(checked)
    assert f"{SHIZHONG}/短信.txt" in first
    assert chunfeng("returns", "--due", DUE, at=checked).returncode == 0
    assert _files(checked) == first


def test_for_one_unit_only(checked: Path) -> None:
    done = chunfeng("returns", "--due", DUE, "--region", SHIZHONG, at=checked)
    assert done.returncode == 0, done.stderr
    assert "退回表 1 份、催报 0 份" in done.stdout
    assert "没有发送" in done.stdout


def test_a_slip_that_comes_back_corrected_settles_its_finding(
    checked: Path, tmp_path: Path
) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(checked, root)
    assert chunfeng("returns", "--due", DUE, at=root).returncode == 0
    name = f"退回-市中区-{DUE}.xlsx"
    slip = root / "data" / "processed" / DUE / "returns" / SHIZHONG / name
    book = openpyxl.load_workbook(slip)
    marked = next(c for ws in book for row in ws.iter_rows() for c in row
                  if c.comment and c.comment.text.startswith("错误"))  # fmt: skip
    marked.value = abs(marked.value)
    book.save(root / "data" / "raw" / DUE / name)
    stale = chunfeng("returns", "--due", DUE, at=root)
    assert stale.returncode == 2
    assert "退回：" not in stale.stderr, "nothing was begun"
    assert f"请先运行 chunfeng check --due {DUE}" in stale.stderr
    assert chunfeng("check", "--due", DUE, at=root).returncode == 0
    findings = pd.read_parquet(root / "data" / "processed" / DUE / "findings.parquet")
    ours = findings[findings["region"] == SHIZHONG]
    assert "critical" not in set(ours["severity"])
    facts = pd.read_parquet(root / "data" / "processed" / DUE / "facts.parquet")
    now = facts[(facts["region"] == SHIZHONG) & (facts["item"] == "F1_6")].iloc[0]
    assert (now["value"], now["file"]) == (1017.0, name)


def test_before_any_check_it_says_what_to_do(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    assert chunfeng("init", str(root), "--body", "370100", at=tmp_path).returncode == 0
    ended = chunfeng("returns", "--due", DUE, at=root)
    assert ended.returncode == 2
    assert "chunfeng run" in ended.stderr
    assert "这一期的数据" in ended.stderr
    assert "退回：" not in ended.stderr, "nothing was begun"
