"""Most tests of reading ask what is read, not where: their files are read in the test's process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chunfeng_reports.reading import readers


@pytest.fixture(scope="session", autouse=True)
def _read_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "usable_cores", lambda: 0)
        yield
