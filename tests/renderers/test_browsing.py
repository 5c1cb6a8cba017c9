"""Browsing: lists of dues and units where ipywidgets is there, a sentence where it is not."""

from __future__ import annotations

import sys

import pytest

from chunfeng_reports.renderers.browsing import browser
from chunfeng_reports.report import Section, Text

UNITS = {"历下区": "370102", "市中区": "370103"}


def sections(due: str, region: str) -> tuple[Section, ...]:
    return (Section(id="one", title=f"{due} {region}", blocks=()),)


def test_without_ipywidgets_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    told = browser(["2023-02-01"], UNITS, sections)
    assert isinstance(told, Text)
    assert "chunfeng-reports[widgets]" in told.paragraphs[0]


def test_with_ipywidgets_due_and_unit_are_chosen_from_lists() -> None:
    widgets = pytest.importorskip("ipywidgets")
    shown = browser(["2023-02-01", "2023-03-01"], UNITS, sections)
    assert isinstance(shown, widgets.interactive)
    due, region = shown.children[:2]
    assert due.options == ("2023-02-01", "2023-03-01")
    assert [value for _, value in region.options] == ["370102", "370103"]
    assert shown.kwargs_widgets == [due, region]
