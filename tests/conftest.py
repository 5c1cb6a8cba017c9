"""What tests share: the repository as a workspace, its campaign, and Jinan's desk and run."""

from __future__ import annotations

from pathlib import Path

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.definitions import load_campaign
from workbench import ROOT, chunfeng, lay_workspace


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign(ROOT / "campaigns" / "2023-chunfeng")


@pytest.fixture(scope="session")
def jinan(campaign: Campaign) -> Desk:
    return Desk.of(campaign, "370100")


@pytest.fixture
def workspace_copy(tmp_path: Path) -> Path:
    """A workspace of its own with Jinan's returns, free to be changed."""
    return lay_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def jinan_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which `chunfeng run --all` has run on Jinan's returns; only looked at."""
    root = lay_workspace(tmp_path_factory.mktemp("jinan") / "workspace")
    done = chunfeng("run", "--all", "--jobs", "2", at=root)
    assert done.returncode == 0, done.stderr
    return root
