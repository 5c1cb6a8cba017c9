"""Heights: no line of a text that wraps is cut."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.renderers.excel import forms_workbook
from chunfeng_reports.sheets import PlannedCell, SheetPlan
from chunfeng_reports.worksheets import TALLEST, height, lines_of, width


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("字" * 10, 1),
        ("字" * 11, 2),
        ("字" * 10 + "。", 2),
        ("一\n二", 2),
        ("x" * 45, 3),
        ("字" * 9 + "B4:B15", 2),  # the name is not torn
    ],
)
def test_lines_are_counted_as_a_program_breaks_them(text: str, lines: int) -> None:
    assert lines_of(text, room=20) == lines


@given(st.text(max_size=300), st.integers(2, 80))
def test_lines_always_hold_the_whole_text(text: str, room: int) -> None:
    assert lines_of(text, room=room) * room >= width(text.replace("\n", ""))


@given(st.text(max_size=300), st.integers(2, 80))
def test_a_longer_text_never_takes_fewer_lines(text: str, room: int) -> None:
    assert lines_of(text + "字", room=room) >= lines_of(text, room=room)


def test_a_row_is_never_taller_than_excel_allows() -> None:
    assert height(1000, size=10) == TALLEST
    assert height(2, size=10) > height(1, size=10) > 10


def test_a_note_on_a_form_has_room_for_all_its_lines() -> None:
    note = PlannedCell(row=0, column=0, columns=2, value="字" * 60, style="note")
    plan = SheetPlan(name="表", cells=(note,), widths=(58.0, 22.0), heights={0: 20.0})
    book = openpyxl.load_workbook(BytesIO(forms_workbook([plan], properties={}, title="表")))
    assert book["表"].row_dimensions[1].height >= 2 * 10 * 1.45
