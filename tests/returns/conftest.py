"""What tests of return slips share: a desk at work."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_slips import Work

from chunfeng_reports.campaign import Desk


@pytest.fixture
def work(jinan: Desk, tmp_path: Path) -> Work:
    made = Work(jinan, tmp_path / "workspace")
    made.received.mkdir(parents=True)
    return made
