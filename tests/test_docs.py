"""Documents that are made from the campaign are as the campaign now is."""

from __future__ import annotations

import runpy

from workbench import ROOT


def test_the_list_of_rules_is_current() -> None:
    listing = runpy.run_path(str(ROOT / "docs" / "make_rules.py"))["listing"]
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == listing(), "please run: make rules"
