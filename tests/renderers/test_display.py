"""Display: in a notebook, reports and their parts show themselves as the pages do."""

from __future__ import annotations

import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from sample_report import key_figures

from chunfeng_reports.renderers import display
from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.report import Report


def test_parts_show_themselves_once_registered(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # IPython warns of one that is not ours
    shell = InteractiveShell.instance()
    try:
        display.register()
        for part in (report, report.sections[0], key_figures()):
            shown, _ = shell.display_formatter.format(part)
            assert shown["text/html"] == fragment(part)
    finally:
        InteractiveShell.clear_instance()


def test_without_a_notebook_registering_does_nothing() -> None:
    display.register()


def test_the_style_follows_the_theme_of_jupyter() -> None:
    html = display.style()._repr_html_()
    assert html.startswith("<style>")
    assert '[data-jp-theme-light="false"]{' in html
    assert "&" not in html


def test_importing_display_loads_neither_ipython_nor_nbconvert() -> None:
    script = (
        "import sys; import chunfeng_reports.renderers.display; "
        "sys.exit(any(name in sys.modules for name in ('IPython', 'nbconvert')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
