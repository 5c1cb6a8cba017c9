"""The last run: whether anything that it read or made is otherwise, asked before all else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chunfeng_reports import lastrun
from chunfeng_reports.lastrun import Asked, Told
from chunfeng_reports.store import Store
from workbench import ROOT

DUE, ALL = "2025-07-15", Asked(True, (), ())
TOLD = Told(
    {"reports": {"all": 6, "made": 6, "failed": 0}}, ["一行"], 0, {"首页": ("有变化",)}, ["甲.csv"]
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A workspace in which a run has just ended."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    ran = Store(root)
    for path in (ran.raw(DUE) / "甲.csv", ran.table(DUE, "facts"), ran.manifest(DUE), ran.index,
                 ran.report(DUE, "990101001", "region_report", "html")):  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name, "utf-8")
    lastrun.remember(ran, ALL, TOLD, dues=[DUE], read=lastrun.inputs(ran))
    return ran


def test_a_run_asked_the_same_with_nothing_changed_has_nothing_to_do(store: Store) -> None:
    told = lastrun.unchanged(store, ALL)
    assert told is not None
    assert told.answer["reports"] == {"all": 6, "made": 0, "failed": 0}
    assert told.lines == TOLD.lines
    assert told.things == {"首页": ()}
    assert not told.moved
    assert lastrun.moved(store, lastrun.inputs(store)) == []


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


Change = Callable[[Store], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: (s.raw(DUE) / "甲.csv").write_text("otherwise"),
        lambda s: (s.raw(DUE) / "乙.csv").touch(),
        lambda s: (s.raw(DUE) / "甲.csv").unlink(),
        lambda s: (s.received / "2025-08-15").mkdir(),
        lambda s: _append(s.root / "chunfeng.toml", "# otherwise"),
        lambda s: (s.suites("2025-xiazhao") / "A.json").write_text("{}"),
        lambda s: (s.campaign("2025-xiazhao") / "campaign.yaml").write_text("id: x"),
        lambda s: (s.root / "notebooks" / "quality_report.ipynb").unlink(),
        lambda s: shutil.copy(s.notebooks()[-1], s.root / "notebooks" / "mine.ipynb"),
        lambda s: s.table(DUE, "facts").write_text("otherwise"),
        lambda s: s.index.unlink(),
        lambda s: s.manifest(DUE).unlink(),
        lambda s: s.report(DUE, "990101001", "region_report", "html").write_text("otherwise"),
        lambda s: s.last_run.write_text("{"),
        lambda s: s.last_run.write_text('{"asked": 1}'),
        lastrun.forget,
    ],
)
def test_whatever_is_otherwise_is_seen(store: Store, change: Change) -> None:
    change(store)
    assert lastrun.unchanged(store, ALL) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda s: (s.root / "notebooks" / "explore.ipynb").write_text("{}"),
        lambda s: (s.processed / "mine.txt").touch(),
        lambda s: s.manifest(DUE).write_text("made at another time"),
    ],
)
def test_what_no_report_hangs_on_is_passed_over(store: Store, change: Change) -> None:
    change(store)
    assert lastrun.unchanged(store, ALL) is not None


@pytest.mark.parametrize("asked", [Asked(False, (DUE,), ()), Asked(True, (), ("990101001",))])
def test_a_run_asked_for_something_else_is_another_one(store: Store, asked: Asked) -> None:
    assert lastrun.unchanged(store, asked) is None


def test_another_library_or_another_program_is_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = lastrun.libraries()
    assert json.loads(json.dumps(known)) == known
    monkeypatch.setattr(lastrun, "libraries", lambda: known.replace("pandas 3", "pandas 4"))
    assert lastrun.unchanged(store, ALL) is None
    assert lastrun.moved(store, lastrun.inputs(store)) == ["libraries"]
