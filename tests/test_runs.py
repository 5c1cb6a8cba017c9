"""Runs that do not go as planned: part of the reports, one that fails, an interrupt, a lock."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from workbench import ROOT, chunfeng

pytestmark = pytest.mark.slow

DUE, WILLOW, BRIDGE = "2025-07-15", "990101001", "990101002"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A workspace with three units, of which one has sent a form."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    _send(root, 30)
    return root


def _send(root: Path, firms: int) -> None:
    sheet = f"2025年夏季招聘月进展表,\n镇街：柳林街道,\n填报项目,数量\n1.到场单位数（家）,{firms}\n"
    path = root / "data" / "raw" / DUE / "柳林街道.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet, "utf-8")


def _reports(root: Path) -> Path:
    return root / "data" / "processed" / DUE / "reports"


def _break(notebook: Path, source: str) -> None:
    node = nbformat.read(notebook, as_version=4)
    node.cells[2].source = source
    nbformat.write(node, notebook)


def test_a_run_for_one_unit_does_not_call_the_others_up_to_date(small: Path) -> None:
    assert chunfeng("run", "--due", DUE, "--jobs", "2", at=small).returncode == 0
    assert chunfeng("run", "--due", DUE, "--region", BRIDGE, at=small).returncode == 0
    unchanged = chunfeng("verify", "--due", DUE, at=small)
    assert unchanged.returncode == 0, "nothing has changed, so the others still are"
    _send(small, 77)
    assert chunfeng("run", "--due", DUE, "--region", BRIDGE, at=small).returncode == 0
    ended = chunfeng("verify", "--due", DUE, at=small)
    assert ended.returncode == 1
    assert f"没有更新　{WILLOW}/region_report" in ended.stdout
    assert f"{BRIDGE}/region_report" not in ended.stdout
    status = json.loads(chunfeng("status", "--due", DUE, "--json", at=small).stdout)
    assert status[DUE]["reports"] == "stale"


def test_a_report_that_fails_leaves_no_old_page_that_looks_current(small: Path) -> None:
    assert chunfeng("run", "--due", DUE, "--jobs", "2", at=small).returncode == 0
    _break(small / "notebooks" / "region_report.ipynb", "1 / 0")
    ended = chunfeng("run", "--due", DUE, "--region", WILLOW, at=small)
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr
    assert not (_reports(small) / WILLOW / "region_report.xlsx").exists()
    page = (_reports(small) / WILLOW / "region_report.html").read_text("utf-8")
    assert "报告未能生成" in page
    assert chunfeng("verify", "--due", DUE, at=small).returncode == 1


def test_a_notebook_that_takes_its_kernel_with_it_is_told_and_the_others_are_made(
    small: Path,
) -> None:
    deadly = "import os, signal\nregion == '990101001' and os.kill(os.getpid(), signal.SIGKILL)"
    _break(small / "notebooks" / "region_report.ipynb", deadly)
    ended = chunfeng("run", "--due", DUE, "--jobs", "2", at=small)
    assert ended.returncode == 1
    assert "意外中止" in ended.stderr
    assert "Traceback" not in ended.stderr
    page = (_reports(small) / WILLOW / "region_report.html").read_text("utf-8")
    assert "本报告没有完成" in page
    assert (_reports(small) / WILLOW / "region_report.ipynb").is_file()
    assert (_reports(small) / BRIDGE / "region_report.ipynb").is_file()


def test_a_copied_notebook_makes_a_report_of_its_own(small: Path) -> None:
    copy = small / "notebooks" / "my_brief.ipynb"
    node = nbformat.read(small / "notebooks" / "region_report.ipynb", as_version=4)
    node.metadata["chunfeng"]["title"] = "单位简报"
    node.cells = [cell for cell in node.cells if cell["id"] not in ("sources", "notes")]
    nbformat.write(node, copy)
    done = chunfeng("run", "--due", DUE, "--region", WILLOW, "--jobs", "2", at=small)
    assert done.returncode == 0, done.stderr
    brief = (_reports(small) / WILLOW / "my_brief.html").read_text("utf-8")
    assert "数据来源" not in brief
    assert "数据来源" in (_reports(small) / WILLOW / "region_report.html").read_text("utf-8")
    saved = json.loads((_reports(small) / WILLOW / "my_brief.report.json").read_text("utf-8"))
    assert saved["name"] == "my_brief"


def test_a_duplicate_and_a_notebook_of_ones_own_are_found_and_take_no_place(small: Path) -> None:
    """Beside the original, whose cell and figures lead to the original's report as before."""
    notebooks = small / "notebooks"
    duplicate, own = notebooks / "region_report-Copy1.ipynb", notebooks / "own.ipynb"
    node = nbformat.read(notebooks / "region_report.ipynb", as_version=4)
    node.cells = [cell for cell in node.cells if cell["id"] in ("parameters", "setup", "report")]
    node.cells.append(nbformat.v4.new_code_cell("ws.save(report)"))
    nbformat.write(node, duplicate)
    node.metadata["chunfeng"] |= {"title": "单位小结", "order": 9}
    node.cells[2].source = 'report = unit.report(dossier, region, title="小结")\nreport'
    nbformat.write(node, own)
    done = chunfeng("run", "--due", DUE, "--region", WILLOW, "--jobs", "2", at=small)
    assert done.returncode == 0, done.stderr
    folder = f"{DUE}/reports/{WILLOW}"
    index = (small / "data/processed/index.html").read_text("utf-8")
    assert f"{folder}/region_report.html" in index
    assert "Copy1" not in index
    over_time = small / "data" / "processed" / "units" / f"{WILLOW}.html"
    page = BeautifulSoup(over_time.read_text("utf-8"), "lxml")
    heads = [head.get_text() for head in page.select("#dues thead th")]
    hrefs = [link["href"] for link in page.select("#dues tbody tr a")]
    assert heads[-2:] == ["单位报告（region_report-Copy1）", "单位小结"]
    assert hrefs[0] == f"../{folder}/region_report.html"
    assert hrefs[-2:] == [f"../{folder}/region_report-Copy1.html", f"../{folder}/own.html"]
    assert "柳林街道小结" in (_reports(small) / WILLOW / "own.html").read_text("utf-8")


def test_what_a_notebook_that_is_gone_has_left_goes_at_the_next_run_of_its_region(
    small: Path,
) -> None:
    notebooks, folder = small / "notebooks", _reports(small) / WILLOW
    shutil.copy(notebooks / "region_report.ipynb", notebooks / "brief.v2.ipynb")
    assert chunfeng("run", "--due", DUE, "--jobs", "2", at=small).returncode == 0
    assert (folder / "brief.v2.html").is_file()
    (folder / "remarks.txt").touch()
    (notebooks / "brief.v2.ipynb").unlink()
    assert chunfeng("run", "--due", DUE, "--region", WILLOW, at=small).returncode == 0
    assert not list(folder.glob("brief*"))
    assert (folder / "region_report.html").is_file()
    assert (folder / "remarks.txt").is_file()
    assert (_reports(small) / BRIDGE / "brief.v2.html").is_file()
    ended = chunfeng("verify", "--due", DUE, at=small)
    assert f"没有更新　{BRIDGE}/brief" in ended.stdout


def test_an_output_that_cannot_be_written_is_one_reports_fault(small: Path) -> None:
    blocked = _reports(small) / WILLOW / "region_report.xlsx"
    blocked.mkdir(parents=True)
    (blocked / "x").touch()
    ended = chunfeng("run", "--due", DUE, "--jobs", "2", at=small)
    assert ended.returncode == 1
    assert f"{WILLOW} region_report.ipynb" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (_reports(small) / BRIDGE / "region_report.xlsx").is_file()
    assert (small / "data/processed/index.html").is_file()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_stops_soon_and_leaves_no_process_and_no_half_file(small: Path) -> None:
    command = [sys.executable, "-m", "chunfeng_reports", "run", "--due", DUE, "--jobs", "2"]
    for name in (f"slow_{n}" for n in range(4)):
        notebook = small / "notebooks" / f"{name}.ipynb"
        shutil.copy(small / "notebooks" / "region_report.ipynb", notebook)
        _break(notebook, "import time; time.sleep(300)")
    run = subprocess.Popen(
        command, cwd=small, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not list(_reports(small).rglob("*.html")) and time.monotonic() < deadline:
        time.sleep(0.2)
    os.killpg(run.pid, signal.SIGINT)
    time.sleep(0.5)
    os.killpg(run.pid, signal.SIGINT)  # nobody waits patiently
    _, told = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "正在停止" in told
    left = {p.name for p in (small / "data" / "processed").rglob(".*")}
    assert left <= {".gitkeep", ".lock"}
    time.sleep(2)
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


def test_reports_come_out_the_same_in_kernels_that_papermill_starts(small: Path) -> None:
    assert chunfeng("run", "--due", DUE, "--jobs", "2", at=small).returncode == 0
    before = {p: p.read_bytes() for p in (small / "data" / "processed").rglob("*") if p.is_file()}
    done = chunfeng("verify", "--due", DUE, "--cold", "9", at=small)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("相同") == 6
    after = {p: p.read_bytes() for p in (small / "data" / "processed").rglob("*") if p.is_file()}
    assert after == before


def test_a_report_that_hangs_on_its_kernel_is_found_by_a_cold_run(small: Path) -> None:
    """What a notebook shows must not hang on who runs it: here its process tells."""
    _break(small / "notebooks" / "region_report.ipynb",
           "import sys\n'server' in str(sys.orig_argv)")  # fmt: skip
    node = nbformat.read(small / "notebooks" / "region_report.ipynb", as_version=4)
    again = "from chunfeng_reports.tables import unit\nreport = unit.report(dossier, region)"
    node.cells.insert(2, nbformat.v4.new_code_cell(again))
    nbformat.write(node, small / "notebooks" / "region_report.ipynb")
    assert chunfeng("run", "--due", DUE, "--jobs", "2", at=small).returncode == 0
    ended = chunfeng("verify", "--due", DUE, "--cold", "9", at=small)
    assert ended.returncode == 1
    assert ended.stdout.count("不同") == 3
