"""Plotting: the first Chinese font that is there; where none is, a reader is told what to do."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings

import pytest

from chunfeng_reports.renderers import plotting

matplotlib = pytest.importorskip("matplotlib")


def _plot() -> list[str]:
    """What matplotlib warns of when it draws Chinese words."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (importorskip comes first)

    with warnings.catch_warnings(record=True) as told:
        figure = Figure()
        figure.add_subplot(title="招聘活动（场）", xlabel="−1")
        figure.savefig(io.BytesIO())
    return [str(one.message) for one in told]


def test_the_font_that_stands_first_is_taken() -> None:
    assert plotting.choose(["DejaVu Sans", "Noto Serif CJK SC", "SimHei"]) == "SimHei"
    assert plotting.choose(["DejaVu Sans"]) == ""


def test_plots_draw_chinese_without_a_warning_or_say_what_to_install() -> None:
    with matplotlib.rc_context(), warnings.catch_warnings():
        told = plotting.use_chinese_font()
        assert matplotlib.rcParams["axes.unicode_minus"] is False
        assert told.tone == ("note" if "图中文字用" in told.paragraphs[0] else "notice")
        assert not [words for words in _plot() if "missing" in words]


def test_without_a_font_it_is_said_once_and_not_at_every_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plotting, "FONTS", ())
    with matplotlib.rc_context(), warnings.catch_warnings():
        told = plotting.use_chinese_font()
        assert not _plot()
    assert told.tone == "notice"
    assert "请安装" in told.paragraphs[0]


def test_without_matplotlib_it_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from chunfeng_reports.errors import UseError\n"
        "from chunfeng_reports.renderers import plotting\n"
        "try: plotting.use_chinese_font()\n"
        "except UseError as told: print('notebook' in str(told))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
