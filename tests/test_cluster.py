"""Many machines: a scheduler and workers over TCP, none of which shares our disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from chunfeng_reports.errors import UseError
from chunfeng_reports.execution import check_scheduler
from chunfeng_reports.publish import Desktop, Order, Packet, draw_elsewhere, lost
from workbench import ROOT, chunfeng

DUE, UNITS = "2025-07-15", {"990101001": "柳林街道", "990101002": "石桥镇", "990102001": "白水镇"}

pytest.importorskip("distributed")


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    """A workspace of three units, of which each has sent a form."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    for number, name in enumerate(UNITS.values(), start=20):
        sheet = (
            f"2025年夏季招聘月进展表,\n镇街：{name},\n填报项目,数量\n1.到场单位数（家）,{number}\n"
        )
        path = root / "data" / "raw" / DUE / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet, "utf-8")
    return root


def _part(role: str, *arguments: str, at: Path) -> subprocess.Popen[bytes]:
    """A scheduler or a worker, in a folder of its own."""
    at.mkdir(exist_ok=True)
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", *arguments, "--no-dashboard"]
    environment = os.environ | {"DASK_TEMPORARY_DIRECTORY": str(at)}
    return subprocess.Popen(command, cwd=at, env=environment, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        told = folder / "scheduler.json"
        self.scheduler = _part("scheduler", "--host", "127.0.0.1", "--port", "0",
                               "--scheduler-file", str(told), at=folder / "scheduler")  # fmt: skip
        deadline = time.monotonic() + 60
        while not told.is_file() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.address = json.loads(told.read_text("utf-8"))["address"]
        self.workers = [
            _part("worker", self.address, "--nthreads", "1", "--no-nanny", at=folder / f"worker{n}")
            for n in range(2)
        ]

    def close(self) -> None:
        for part in (*self.workers, self.scheduler):
            part.kill()  # told to stop, dask's own may wait for each other for ever
        for part in (*self.workers, self.scheduler):
            part.wait(timeout=30)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path)
    yield started
    started.close()


def _made(root: Path) -> dict[str, bytes]:
    """What was made, but for what tells the time or is of this machine alone."""
    made = root / "data" / "processed"
    return {path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*")
            if path.is_file() and path.name[0] != "." and path.name != "manifest.json"}  # fmt: skip


@pytest.mark.slow
def test_reports_come_back_from_a_cluster_as_they_are_made_here(laid: Path) -> None:
    other = laid.with_name("other")
    shutil.copytree(laid, other)
    here = chunfeng("run", "--all", "--jobs", "2", at=laid)
    there = chunfeng("run", "--all", "--scheduler", "local:2", at=other)
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    assert _made(other) == _made(laid)
    again = chunfeng("run", "--all", "--scheduler", "local:2", at=other)
    assert "都没有变化" in again.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_worker_that_is_lost_loses_no_report(laid: Path, cluster: Cluster) -> None:
    """Killed in the middle of a notebook; what it had in hand is made by the other one."""
    other = laid.with_name("other")
    shutil.copytree(laid, other)
    for root in (laid, other):
        for n in range(3):  # more to do, and slower, so that the kill finds both at work
            node = json.loads((root / "notebooks/region_report.ipynb").read_text("utf-8"))
            node["cells"][1]["source"] = ["import time\n", "time.sleep(0.3)\n",
                                          *node["cells"][1]["source"]]  # fmt: skip
            target = root / "notebooks" / f"slow_{n}.ipynb"
            target.write_text(json.dumps(node), "utf-8")
    run = subprocess.Popen(
        [sys.executable, "-m", "chunfeng_reports", "run", "--all", "--scheduler", cluster.address],
        cwd=laid, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    journal, deadline = laid / "data/processed/journal.jsonl", time.monotonic() + 120
    while time.monotonic() < deadline:
        if journal.is_file() and journal.read_text("utf-8").count("reports") >= 1:
            break
        time.sleep(0.02)
    assert run.poll() is None, "it has not come to an end yet"
    victim = cluster.workers[0]
    kernels = psutil.Process(victim.pid).children(recursive=True)
    os.kill(victim.pid, signal.SIGKILL)
    told, wrong = run.communicate(timeout=300)
    assert run.returncode == 0, wrong
    assert "报告 15 份。" in told
    victim.wait()
    assert not psutil.wait_procs(kernels, timeout=20)[1], "its kernels have ended with it"
    assert chunfeng("run", "--all", "--jobs", "2", at=other).returncode == 0
    assert _made(other) == _made(laid)
    assert chunfeng("verify", "--all", at=laid).returncode == 0


@pytest.mark.slow
def test_where_nobody_answers_it_is_told_and_nothing_is_lost(
    laid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    ended = chunfeng("run", "--all", "--scheduler", "tcp://127.0.0.1:9", at=laid)
    assert ended.returncode == 1
    assert "tcp://127.0.0.1:9 没有可用的调度程序" in ended.stderr
    assert "Traceback" not in ended.stderr
    done = chunfeng("run", "--all", "--jobs", "2", at=laid)
    assert "报告 6 份。" in done.stdout


@pytest.mark.parametrize("address", ["local", "local:0", "10.0.0.8:8786", "tcp:/x", "file:///x"])
def test_what_is_no_address_is_wrong_use(address: str) -> None:
    with pytest.raises(UseError, match="tcp://"):
        check_scheduler(address)


def test_jobs_and_a_cluster_are_not_asked_for_at_once(laid: Path) -> None:
    ended = chunfeng("run", "--all", "--jobs", "2", "--scheduler", "local:2", at=laid)
    assert ended.returncode == 2
    assert "只能用一个" in ended.stderr


_PACKET = Packet(Order(DUE, "990101001", "region_report.ipynb"), {})


def test_a_machine_with_another_version_makes_nothing() -> None:
    with pytest.raises(UseError, match="版本与本机不同"):
        draw_elsewhere(Desktop({}, "", "another one"), _PACKET)


def test_a_report_that_costs_every_machine_is_told_as_failed() -> None:
    assert "意外中止" in lost(_PACKET).error
