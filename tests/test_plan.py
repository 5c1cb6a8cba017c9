"""The plan of a run: only what has changed is made anew, and it is told why."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from chunfeng_reports import pipeline, release
from chunfeng_reports.errors import UseError
from chunfeng_reports.publish import Order
from chunfeng_reports.store import ONLY, Store
from chunfeng_reports.tables import OF_UNITS, Dossier, dossier
from chunfeng_reports.workspace import Workspace
from workbench import ROOT, chunfeng

JULY, AUGUST = "2025-07-15", "2025-08-15"
WILLOW, BRIDGE, WHITE, CITY = "990101001", "990101002", "990102001", "990100"
UNITS = {WILLOW: "柳林街道", BRIDGE: "石桥镇", WHITE: "白水镇"}
FIRMS = {WILLOW: 30000, BRIDGE: 20000, WHITE: 10000}


def _send(root: Path, due: str, firms: Mapping[str, int], *, note: str = "") -> None:
    for unit, number in firms.items():
        lines = ["2025年夏季招聘月进展表,", f"镇街：{UNITS[unit]},", "填报项目,数量",
                 f"1.到场单位数（家）,{number}", "其中：民营企业数（家）,5",
                 "2.发放求职补贴金额（万元）,0.2", "3.期末登记求职人数（人）,70", note]  # fmt: skip
        path = root / "data" / "raw" / due / f"{UNITS[unit]}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), "utf-8")


def _lay(root: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    _send(root, JULY, FIRMS)
    _send(root, AUGUST, {unit: number + 9000 for unit, number in FIRMS.items()})
    return root


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    """A workspace with two dues of three units that have sent a form, and nothing made."""
    return _lay(tmp_path / "small")


Inputs = dict[tuple[str, str, str], Mapping[str, str]]


def _inputs(root: Path) -> Inputs:
    """What each report would be made from, by due, region and notebook."""
    ws = Workspace(Store(root))
    known = pipeline.check(ws, pipeline.collect(ws, jobs=0), pipeline.rules(ws))
    planned = release.plan(ws, known).reports(known.dues)
    return {(one.order.due, one.order.region, one.order.stem): one.inputs for one in planned}


def _moved(before: Inputs, now: Inputs) -> dict[tuple[str, str, str], set[str]]:
    """The reports whose inputs are not what they were, and which."""
    return {key: {name for name in one if one[name] != before[key].get(name)}
            for key, one in now.items() if one != before[key]}  # fmt: skip


_BODY = {(due, CITY, name) for due in (JULY, AUGUST)
         for name in ("rollup_report", "quality_report", "summary_report")}  # fmt: skip


def test_a_figure_moves_its_units_reports_of_this_and_later_dues_and_the_bodys(laid: Path) -> None:
    before = _inputs(laid)
    _send(laid, JULY, {WILLOW: 30001})
    moved = _moved(before, _inputs(laid))
    own = {(JULY, WILLOW, "region_report"), (AUGUST, WILLOW, "region_report")}
    assert set(moved) == own | _BODY


def test_a_figure_of_a_later_due_moves_nothing_of_an_earlier_one_that_it_does_not_bound(
    laid: Path,
) -> None:
    before = _inputs(laid)
    _send(laid, AUGUST, {WILLOW: 39001})
    moved = _moved(before, _inputs(laid))
    assert {due for due, _, _ in moved} == {AUGUST}


def test_a_sibling_is_moved_where_its_place_or_its_share_is_another(laid: Path) -> None:
    before = _inputs(laid)
    _send(laid, AUGUST, {WHITE: 30000})  # past 石桥镇
    moved = _moved(before, _inputs(laid))
    assert moved[AUGUST, BRIDGE, "region_report"] == {"compared"}
    assert moved[AUGUST, WILLOW, "region_report"] == {"compared"}, "its place is the same"
    assert (JULY, BRIDGE, "region_report") not in moved


def test_the_same_figures_in_another_file_move_no_sibling(laid: Path) -> None:
    before = _inputs(laid)
    _send(laid, AUGUST, {WILLOW: 39000}, note="重报")
    moved = _moved(before, _inputs(laid))
    assert {region for _, region, _ in moved} == {WILLOW, CITY}


def test_the_time_of_a_file_proves_nothing(laid: Path) -> None:
    before = _inputs(laid)
    for path in laid.rglob("*"):
        os.utime(path, (0, 0))
    assert _inputs(laid) == before


@pytest.mark.parametrize(
    ("touched", "name", "whose"),
    [
        ("notebooks/region_report.ipynb", "notebook", {WILLOW, BRIDGE, WHITE}),
        ("campaigns/2025-xiazhao/campaign.yaml", "campaign", {WILLOW, BRIDGE, WHITE, CITY}),
        ("expectations/2025-xiazhao/A.json", "rules", {WILLOW, BRIDGE, WHITE, CITY}),
    ],
)
def test_what_reports_are_made_with_moves_them(
    laid: Path, touched: str, name: str, whose: set[str]
) -> None:
    before = _inputs(laid)
    with (laid / touched).open("a", encoding="utf-8") as file:
        file.write("\n")
    moved = _moved(before, _inputs(laid))
    assert {region for _, region, _ in moved} == whose
    assert all(what == {name} for what in moved.values())


def test_a_file_that_a_notebook_says_it_reads_moves_its_reports(laid: Path) -> None:
    notebook, weights = laid / "notebooks/region_report.ipynb", laid / "notebooks/weights.csv"
    node = json.loads(notebook.read_text("utf-8"))
    node["metadata"]["chunfeng"]["files"] = ["notebooks/weights.csv"]
    notebook.write_text(json.dumps(node), "utf-8")
    with pytest.raises(UseError, match=r"weights\.csv"):
        _inputs(laid)
    weights.write_text("1", "utf-8")
    before = _inputs(laid)
    weights.write_text("2", "utf-8")
    moved = _moved(before, _inputs(laid))
    assert {region for _, region, _ in moved} == {WILLOW, BRIDGE, WHITE}
    assert all(what == {"files"} for what in moved.values())


@pytest.mark.parametrize(
    "about",
    [{"files": "x.csv"}, {"files": ["../x"]}, {"files": ["/etc/passwd"]}, {"reads": "some"},
     {"files": ["data/processed/2025-07-15/facts.parquet"]}, {"per": "body", "reads": "unit"}],
)  # fmt: skip
def test_what_a_notebook_may_not_read_is_refused(laid: Path, about: dict[str, object]) -> None:
    notebook = laid / "notebooks/region_report.ipynb"
    node = json.loads(notebook.read_text("utf-8"))
    node["metadata"]["chunfeng"] |= about
    notebook.write_text(json.dumps(node), "utf-8")
    with pytest.raises(UseError, match=r"region_report\.ipynb"):
        _inputs(laid)


def test_a_report_of_a_unit_is_handed_what_the_whole_workspace_tells_of_it(
    laid: Path, tmp_path: Path
) -> None:
    ws = Workspace(Store(laid))
    known = pipeline.check(ws, pipeline.collect(ws, jobs=0), pipeline.rules(ws))
    pipeline.keep(ws, known, pipeline.TABLES)
    plan = release.plan(ws, known)
    reports = [one for one in plan.reports(known.dues) if one.only]
    assert len(reports) == 6
    for one, packet in zip(reports, plan.packets(reports), strict=True):
        due, unit = one.order.due, one.order.region
        handed = _unpacked(tmp_path / due / unit, {**plan.kit, **packet.files}, packet.only)
        there, here = handed.dossier(due, unit), ws.dossier(due, unit)
        for name in (*OF_UNITS, "compared"):
            pd.testing.assert_frame_equal(getattr(there, name), getattr(here, name))
        assert there.rank(unit, "A_1") == ws.dossier(due).rank(unit, "A_1")
        assert there.share(unit, "A_1") == ws.dossier(due).share(unit, "A_1")
        other = next(code for code in UNITS if code != unit)
        _refused(handed, there, other)


def _refused(handed: Workspace, there: Dossier, other: str) -> None:
    """Whatever is of another unit or of all is refused: it would be silently wrong."""
    due = there.due
    beyond: tuple[Callable[[], object], ...] = (
        lambda: handed.dossier(due),
        lambda: handed.dossier(due, other),
        lambda: handed.facts(due),
        lambda: handed.dues,
        lambda: handed.course(there.only, "A_1"),
        lambda: there.rollup["value"],
        lambda: len(there.outcomes),
        lambda: there.value(CITY, "A_1"),
        lambda: there.value(other, "A_1"),
        lambda: there.findings_on(CITY),
        there.open_counts,
        there.complete_units,
    )
    for ask in beyond:
        with pytest.raises(UseError):
            ask()


def _unpacked(root: Path, files: Mapping[str, bytes], only: str) -> Workspace:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "data" / "processed" / ONLY).write_text(only, "utf-8")
    return Workspace(Store(root))


def _state(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file made: when it was written, and what stands in it."""
    made = root / "data" / "processed"
    files = (path for path in made.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path.relative_to(made).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
            for path in files}  # fmt: skip


def _made(before: dict[str, tuple[int, bytes]], now: dict[str, tuple[int, bytes]]) -> set[str]:
    """The reports that were written anew: their folder and name."""
    return {name.removesuffix(".html") for name, one in now.items()
            if name.endswith(".html") and "/reports/" in name
            and one[0] != before.get(name, (0, b""))[0]}  # fmt: skip


@pytest.mark.slow
def test_a_run_makes_what_has_changed_and_nothing_else(laid: Path) -> None:
    first = chunfeng("run", "--all", "--jobs", "2", at=laid)
    assert "报告 12 份。" in first.stdout, first.stderr
    state = _state(laid)

    again = chunfeng("run", "--all", at=laid)
    assert "报告 12 份，都没有变化，没有重做。" in again.stdout
    assert again.stdout.splitlines()[:-1] == first.stdout.splitlines()[:-1]
    assert _state(laid) == state, "not one file was written"

    _send(laid, JULY, {WILLOW: 30001})
    some = chunfeng("run", "--all", "--explain", at=laid)
    assert "报告 12 份：重做 8 份，没有变化 4 份。" in some.stdout
    assert f"有变化　data/raw/{JULY}/柳林街道.csv\n" in some.stdout
    assert some.stdout.count("有变化　") == 1
    assert f"重做　{JULY} 柳林街道 单位报告（region_report）：数据或其来源有变化" in some.stdout
    assert f"未动　{JULY} 石桥镇 单位报告（region_report）：没有变化" in some.stdout
    assert "重做　柳林街道 历次报送情况：数据或其来源有变化" in some.stdout
    assert "未动　白水镇 历次报送情况：没有变化" in some.stdout
    now = _state(laid)
    assert _made(state, now) == {
        f"{due}/reports/{region}/{name}" for due, region, name in _BODY
    } | {f"{due}/reports/{WILLOW}/region_report" for due in (JULY, AUGUST)}
    assert chunfeng("verify", "--all", at=laid).returncode == 0

    anew = chunfeng("run", "--all", "--anew", "--jobs", "2", at=laid)
    assert "报告 12 份。" in anew.stdout
    told = ("journal.jsonl", "last-run.json")
    bytes_of = {name: one[1] for name, one in _state(laid).items()
                if not name.endswith(("manifest.json", *told))}  # fmt: skip
    assert bytes_of == {name: now[name][1] for name in bytes_of}, "and it comes out the same"


@pytest.mark.slow
def test_what_was_lost_or_changed_by_hand_is_made_again(laid: Path) -> None:
    assert chunfeng("run", "--due", JULY, "--jobs", "2", at=laid).returncode == 0
    state = _state(laid)
    page = laid / f"data/processed/{JULY}/reports/{BRIDGE}/region_report.html"
    page.write_text("<p>改过</p>", "utf-8")
    (laid / f"data/processed/units/{WHITE}.html").unlink()
    done = chunfeng("run", "--due", JULY, "--explain", "--json", at=laid)
    answer = json.loads(done.stdout)
    assert answer["reports"] == {"all": 6, "made": 1, "failed": 0}
    assert {thing for thing, why in answer["why"].items() if why == ["产出缺失或被改动"]} == {
        f"{JULY} 石桥镇 单位报告（region_report）", "白水镇 历次报送情况",
    }  # fmt: skip
    now = _state(laid)
    assert {name: one[1] for name, one in now.items() if name.endswith(".html")} == {
        name: one[1] for name, one in state.items() if name.endswith(".html")
    }


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("reports", [0, 1, 4])
def test_a_run_that_was_killed_goes_on_where_it_was(laid: Path, reports: int) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "chunfeng_reports", "run", "--all", "--jobs", "2"],
        cwd=laid, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    made, deadline = laid / "data" / "processed", time.monotonic() + 120
    journal = made / "journal.jsonl"
    while time.monotonic() < deadline:
        told = journal.read_text("utf-8").split() if journal.is_file() else []
        if sum('"' in line for line in told) and journal.read_text("utf-8").count("[") >= reports:
            break
        if not reports and (made / JULY / "facts.parquet").is_file():
            break
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    _no_half_file(made)
    before = _state(laid)
    done = chunfeng("run", "--all", "--json", "--jobs", "2", at=laid)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)["reports"]
    assert answer["all"] == 12
    assert answer["made"] <= 12 - reports
    assert len(_made(before, _state(laid))) == answer["made"]
    assert chunfeng("verify", "--all", at=laid).returncode == 0
    assert not list(made.rglob(".*.part"))


def _no_half_file(made: Path) -> None:
    """Whatever lies there under its own name can be read to the end."""
    for path in made.rglob("*.parquet"):
        if path.name[0] != ".":
            pd.read_parquet(path)
    for path in made.rglob("*.html"):
        if path.name[0] != ".":
            assert path.read_text("utf-8").rstrip().endswith("</html>")


@pytest.mark.slow
def test_the_second_of_two_runs_says_who_is_running_and_stops(laid: Path) -> None:
    with Store(laid).busy("run"):
        ended = chunfeng("run", "--all", at=laid)
    assert ended.returncode == 1
    assert f"进程 {os.getpid()}（chunfeng run" in ended.stderr
    assert "没有执行" in ended.stderr
    assert not (laid / "data" / "processed" / JULY).exists()


def test_an_order_is_named_after_its_notebook() -> None:
    assert Order(JULY, WILLOW, "brief.v2.ipynb").stem == "brief.v2"


@pytest.mark.slow
def test_reports_of_very_many_units_are_made_one_by_one_before_the_others(
    laid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier, "MOST_ON_A_PAGE", 2)
    ws = Workspace(Store(laid))
    known = pipeline.check(ws, pipeline.collect(ws, jobs=0), pipeline.rules(ws))
    plan = release.plan(ws, known)
    reports = plan.reports(known.dues[:1])
    batches = [([one.order.stem for one in batch], jobs)
               for batch, jobs in release._batches(plan, reports, 4)]  # fmt: skip
    body = ["quality_report", "rollup_report", "summary_report"]
    assert batches == [(body, 1), (["region_report"] * 3, 4)]
    assert len(release.make(plan, reports, jobs=2)) == 6
