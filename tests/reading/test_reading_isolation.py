"""A file that hangs, aborts or bloats costs its own refusal; nothing and nobody is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import perilous
import psutil
import pytest
import xlwt
from made_containers import xls95
from made_returns import fates, form_rows, rules, save_book, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.errors import ChunfengError
from chunfeng_reports.reading import Collected, collect_due
from chunfeng_reports.reading.readers import readers
from chunfeng_reports.reading.received import Errand
from chunfeng_reports.reading.returns import Sorted
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.workers import Limits, Lost, Workers
from workbench import lay_workspace

ROOT = Path(__file__).parents[2]
DUE = "2023-02-01"
TEN = [float(n) for n in range(11, 21)]
#: Small, so that a test is quick; processor time, so that a busy machine changes nothing.
TIGHT = Limits(seconds=0.3, patience=30, memory=128 * 2**20)

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")


def _done(tasks: list[str], *, jobs: int = 2, limits: Limits = TIGHT) -> list[str | Lost]:
    with Workers(perilous.prepare, "hello", jobs=jobs, limits=limits) as workers:
        return list(workers.each(tasks))


# --- workers: forked off the caller where it has one thread, and off a server where it has more


@pytest.fixture(params=["forked", "served"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either way in which workers start, whatever threads the tests themselves run in."""
    if request.param == "forked" and sys.platform != "linux":
        pytest.skip("forks are made on Linux only")
    alone = request.param == "forked"
    monkeypatch.setattr("chunfeng_reports.reading.workers._has_one_thread", lambda: alone)


either_start = pytest.mark.usefixtures("start")


@posix
@either_start
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_task_that_kills_its_worker_is_lost_and_no_other(jobs: int) -> None:
    perils = {3: "abort", 8: "spin", 9: "abort", 14: "eat"}
    tasks = [perils.get(n, str(n)) for n in range(20)]
    lost = {"abort": Lost("crash"), "spin": Lost("slow"), "eat": Lost("memory")}
    assert _done(tasks, jobs=jobs) == [lost.get(task, f"hello {task}") for task in tasks]


@either_start
def test_a_task_that_waits_for_ever_is_lost_by_the_clock() -> None:
    limits = Limits(patience=1)
    assert _done(["sleep", "a", "b"], limits=limits) == [Lost("stuck"), "hello a", "hello b"]


@posix
@either_start
def test_a_task_whose_worker_was_killed_from_outside_is_done_again(tmp_path: Path) -> None:
    tasks = ["a", f"die at first:{tmp_path / 'x'}", "b", f"die at first:{tmp_path / 'y'}", "c"]
    assert _done(tasks) == ["hello a", "well", "hello b", "well", "hello c"]


@posix
@either_start
@pytest.mark.parametrize("peril", ["abort", "spin"])
def test_what_was_done_and_not_sent_before_a_death_is_nobodys_fault(peril: str) -> None:
    """Results are sent several at a time; only the task that was at work when it died is lost."""
    lost = {"abort": Lost("crash"), "spin": Lost("slow")}[peril]
    assert _done(["a", "b", peril, "c"], jobs=1) == ["hello a", "hello b", lost, "hello c"]


def test_memory_is_watched_where_the_system_does_not_bound_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The limit of the watch, not of the system: the task itself stays below the latter."""
    monkeypatch.setattr("chunfeng_reports.reading.workers._resident", lambda _: 2**40)
    assert _done(["a", "sleep"], limits=Limits()) == ["hello a", Lost("memory")]


@either_start
def test_workers_that_never_start_are_given_up() -> None:
    with (
        Workers(perilous.prepare_in_vain, None, jobs=1, limits=TIGHT) as workers,
        pytest.raises(ChunfengError, match="启动不了"),
    ):
        list(workers.each(["a"]))


def test_nothing_to_do_starts_nobody() -> None:
    assert _done([]) == []


@either_start
def test_workers_end_with_their_context_whatever_happens_in_it() -> None:
    pids: list[int] = []

    def interrupted() -> None:
        with Workers(perilous.prepare, "", jobs=2, limits=TIGHT) as workers:
            for outcome in workers.each([*["who"] * 6, *["sleep"] * 10]):
                assert isinstance(outcome, str)
                pids.append(int(outcome))
                if len(pids) == 6:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not any(map(psutil.pid_exists, pids))


@either_start
def test_workers_are_used_again_after_all_was_done() -> None:
    with Workers(perilous.prepare, "hello", jobs=2, limits=TIGHT) as workers:
        assert list(workers.each(["a", "b"])) == ["hello a", "hello b"]
        assert list(workers.each(["c"])) == ["hello c"]


def test_a_fork_does_the_work_that_the_caller_has_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chunfeng_reports.reading.workers._has_one_thread", lambda: True)
    made = perilous.prepare("good morning")
    with Workers(perilous.prepare_in_vain, None, jobs=2, limits=TIGHT, made=made) as workers:
        assert list(workers.each(["a", "b"])) == ["good morning a", "good morning b"]


# --- files


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    sheet.write(0, 0, "a")
    sheet.write(0, 1, xlwt.Formula("A1"))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _aborting() -> bytes:
    """A sheet's name that claims to be longer than its record: calamine asks for ever more memory,
    and aborts the process.
    """
    data = bytearray(xls95("表", [["a", 1.0]]))
    bound = data.index(b"\x85\x00\x09\x00")
    data[bound + 4 + 6] = 200
    return bytes(data)


def _panicking() -> bytes:
    """A formula whose tokens claim to be longer than their record: calamine panics."""
    data = bytearray(_xls())
    formula = data.index(b"\x06\x00\x1b\x00")
    data[formula + 4 + 21] = 0x7F
    return bytes(data)


def _blown_up(path: Path) -> bytes:
    """The same workbook with 300 MB of spaces in its sheet; 0.3 MB packed."""
    packed = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", 8, compresslevel=1) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data += b" " * (300 * 2**20)
            new.writestr(name, data)
    return packed.getvalue()


@pytest.fixture
def good(campaign: Campaign, tmp_path: Path) -> Path:
    return save_book(tmp_path / "made" / "历下区.xlsx", ("x", form_rows(campaign, "F1", TEN)))


@pytest.fixture
def beset(good: Path, tmp_path: Path) -> Path:
    """A folder with one return and files of every dangerous kind around it."""
    folder = tmp_path / DUE
    folder.mkdir()
    shutil.copy(good, folder / "m.xlsx")
    (folder / "a.xls").write_bytes(_aborting())
    (folder / "n.xls").write_bytes(_panicking())
    (folder / "z.xlsx").write_bytes(_blown_up(good))
    return folder


def test_dangerous_files_cost_themselves_whatever_the_number_of_jobs(
    jinan: Desk, beset: Path
) -> None:
    got = [collect_due(jinan, DUE, beset, jobs=jobs) for jobs in (1, 2)]
    assert got[0] == got[1]
    assert fates(got[0]) == {
        "a.xls": "refuse", "m.xlsx": "counts", "n.xls": "refuse", "z.xlsx": "refuse",
    }  # fmt: skip
    assert values(got[0], "F1") == TEN
    assert rules(got[0]) == [("reading.refused", "warning")] * 3
    assert all("报送" in row.reason for row in got[0].intake if row.fate == "refuse")
    assert ["意外中止" in row.reason for row in got[0].intake if row.file == "a.xls"] == [True]
    assert all(len(row.sha256) == 64 for row in got[0].intake)


def _archive(**members: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _read(jinan: Desk, path: Path, *, limits: Limits | None = None) -> Sorted:
    with readers(Vocabulary.of(jinan), jobs=2, limits=limits) as read:
        return next(read([Errand(DUE, path.name, path)]))


def test_of_an_archive_only_the_member_that_kills_is_refused(
    jinan: Desk, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(
        _archive(**{"1.xls": _aborting(), "2.xlsx": good.read_bytes(), "3.xls": _panicking()})
    )
    got = _read(jinan, path)
    assert [one.member for one in got.returns] == ["2.xlsx·x"]
    assert [row.member for row in got.rows if row.fate == "refuse"] == ["1.xls", "3.xls"]


@posix
def test_a_workbook_that_takes_too_long_is_refused_and_says_so(jinan: Desk, tmp_path: Path) -> None:
    """The workbook is merely large; the limit is set so low that it takes too long."""
    path = save_book(tmp_path / "slow.xlsx", ("x", [[n, n, n] for n in range(20_000)]))
    got = _read(jinan, path, limits=Limits(seconds=0.02))
    assert ["时间过长" in row.reason for row in got.rows] == [True]


def test_a_file_larger_than_any_return_is_hashed_and_not_read(jinan: Desk, tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(70 * 2**20)
    row = _read(jinan, path).rows[0]
    assert (row.fate, len(row.sha256)) == ("refuse", 64)
    assert "文件过大" in row.reason


def test_what_vanished_or_cannot_be_opened_is_told(jinan: Desk, tmp_path: Path) -> None:
    assert "已被移走" in _read(jinan, tmp_path / "gone.xlsx").rows[0].reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may all")
def test_a_folder_that_may_not_be_entered_is_told(jinan: Desk, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir(mode=0)
    got = collect_due(jinan, DUE, tmp_path)
    (tmp_path / "in").chmod(0o700)
    assert ["文件夹打不开" in row.reason for row in got.intake] == [True]


NAMES = (
    "a\nb.xlsx",
    "\u202exslx.exe",
    "\x1b[31m.xlsx",
    "=1+1.xlsx",
    "😀.xlsx",
    " .xlsx",
    "\udcff.x",
)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow fewer names")
def test_a_name_may_hold_any_character(jinan: Desk, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    deep = folder.joinpath(*["长" * 80] * 12)
    deep.mkdir(parents=True)
    for path in [*(folder / name for name in NAMES), deep / "a.xlsx"]:
        shutil.copyfile(good, path)
    got = collect_due(jinan, DUE, folder, jobs=2)
    assert len({row.file for row in got.intake}) == len(NAMES) + 1
    assert {row.fate for row in got.intake} == {"counts", "superseded"}
    "".join(row.file for row in got.intake).encode()


# --- interruptions of the whole program


def _descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_stop_leaves_no_process_and_no_half_written_file(how: str, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, as a terminal sends it; a kill reaches the program alone."""
    root = lay_workspace(tmp_path / "workspace")
    raw = root / "data" / "raw" / DUE
    slow = save_book(tmp_path / "slow.xlsx", ("x", [[n, n, n] for n in range(5_000)]))
    for n in range(200):
        shutil.copy(slow, raw / f"0{n:03}.xlsx")
    program = subprocess.Popen(
        [sys.executable, "-m", "chunfeng_reports", "collect", "--due", DUE, "--jobs", "2"],
        cwd=root, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert _wait_until(lambda: len(_descendants(program.pid)) >= 4, 60)
        time.sleep(0.5)
        family = _descendants(program.pid)
        begun = time.monotonic()
        if how == "SIGINT":
            os.killpg(program.pid, signal.SIGINT)
        else:
            program.send_signal(getattr(signal, how))
        said = program.communicate(timeout=30)[1].decode()
        taken = time.monotonic() - begun
    finally:
        program.kill()
    assert _wait_until(lambda: not any(one.is_running() for one in family), 10)
    assert list((root / "data" / "processed").rglob("*.parquet*")) == []
    if how != "SIGKILL":
        assert program.returncode == 130
        assert taken < 10
        assert "Traceback" not in said


_SCRIPT = """
import sys
from pathlib import Path
from chunfeng_reports.campaign import Desk
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.reading import collect_due, workers
desk = Desk.of(load_campaign(Path(sys.argv[1])), "370100")
assert workers._has_one_thread()
collect_due(desk, "2023-02-01", Path(sys.argv[2]), jobs=2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")
@pytest.mark.slow
def test_forked_readers_end_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    slow = save_book(tmp_path / "slow.xlsx", ("x", [[n, n, n] for n in range(5_000)]))
    raw = tmp_path / "raw"
    raw.mkdir()
    for n in range(200):
        shutil.copy(slow, raw / f"0{n:03}.xlsx")
    campaign = str(ROOT / "campaigns" / "2023-chunfeng")
    program = subprocess.Popen([sys.executable, "-c", _SCRIPT, campaign, str(raw)])
    try:
        assert _wait_until(lambda: len(_descendants(program.pid)) == 2, 60)
        time.sleep(0.5)
        family = _descendants(program.pid)
    finally:
        program.kill()
        program.wait()
    assert len(family) == 2
    assert _wait_until(lambda: not any(one.is_running() for one in family), 10)


@either_start
def test_what_counts_does_not_hang_on_jobs(jinan: Desk) -> None:
    folder = ROOT / "data" / "raw" / DUE

    def read(jobs: int) -> Collected:
        return collect_due(jinan, DUE, folder, jobs=jobs)

    assert read(0) == read(1) == read(3)
