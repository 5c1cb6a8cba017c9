"""A file received as a person sees it: copied under the protection under which it was read."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import openpyxl
import pytest
from made_returns import form_rows, save_book
from openpyxl.styles import Color, Font, PatternFill

from chunfeng_reports.campaign import Campaign
from chunfeng_reports.copies import Copied
from chunfeng_reports.reading import Wanted, copies_of
from chunfeng_reports.reading.containers import looks as looks_room
from chunfeng_reports.reading.workers import Limits

TEN = [float(n) for n in range(11, 21)]
TIGHT = Limits(seconds=0.5, patience=30, memory=256 * 2**20)


def _copy(path: Path, *, limits: Limits | None = None, jobs: int = 0) -> Copied:
    wanted = [Wanted(path.name, path, ("",))]
    return next(iter(copies_of(wanted, jobs=jobs, limits=limits)))


@pytest.fixture
def path(campaign: Campaign, tmp_path: Path) -> Path:
    return save_book(tmp_path / "历下区.xlsx", ("春风行动", form_rows(campaign, "F1", TEN)))


def test_colours_of_a_theme_are_told_as_they_are_seen(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cell = book["春风行动"]["B4"]
    cell.font = Font(color=Color(theme=1))
    cell.fill = PatternFill("solid", fgColor=Color(theme=0, tint=-0.25))
    book["春风行动"]["B5"].fill = PatternFill("solid", fgColor=Color(indexed=13))
    book.save(path)
    (sheet,) = _copy(path).sheets
    looks = {(c.row, c.column): sheet.looks[c.look] for c in sheet.cells if c.look >= 0}
    assert (looks[3, 1].color, looks[3, 1].fill) == ("000000", "BFBFBF")
    assert looks[4, 1].fill == "FFFF00"


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is counted on Linux")
def test_a_workbook_whose_styles_hang_is_copied_plain(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spin(_: bytes) -> None:
        end = time.process_time() + 60
        while time.process_time() < end:
            pass

    monkeypatch.setattr(looks_room, "looks_of", spin)
    monkeypatch.setattr("chunfeng_reports.reading.workers._has_one_thread", lambda: True)
    copied = _copy(path, limits=TIGHT, jobs=1)
    (sheet,) = copied.sheets
    assert sheet.outline is None
    assert [c.value for c in sheet.cells if c.column == 1][-10:] == TEN


def test_a_workbook_whose_styles_are_damaged_is_copied_plain(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bytes) -> None:
        raise KeyError("styles")

    monkeypatch.setattr(looks_room, "looks_of", fail)
    (sheet,) = _copy(path).sheets
    assert (sheet.outline, len(sheet.cells) > 20) == (None, True)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    missing = _copy(tmp_path / "没有.xlsx")
    assert (missing.sheets, bool(missing.refusal)) == ((), True)
