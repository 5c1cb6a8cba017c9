"""Golden files hold what people see.

Renew them after a wanted change, then read the difference:
``CHUNFENG_RENEW_GOLDEN=1 python -m pytest tests/renderers``
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_report

from chunfeng_reports.report import Report

HERE = Path(__file__).parent


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Holds a text against ``golden/<name>``, or renews it where the environment says so."""

    def check(name: str, text: str) -> None:
        path = HERE / "golden" / name
        if os.environ.get("CHUNFENG_RENEW_GOLDEN"):
            path.write_text(text, "utf-8", newline="\n")
        assert path.read_text("utf-8") == text, f"{name} 与存样不同；见 conftest.py 的说明"

    return check


@pytest.fixture
def report() -> Report:
    return sample_report.empty_report(sections=sample_report.sections())


@pytest.fixture
def nasty_report() -> Report:
    return sample_report.nasty_report()
