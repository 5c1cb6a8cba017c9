"""The journal: what was made from what, whatever became of the run that wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports import journal
from chunfeng_reports.journal import Entry
from chunfeng_reports.store import Store, sha256

FIRST, SECOND = Entry({"facts": "a"}, {}), Entry({"facts": "b"}, {})


def test_the_last_line_of_a_name_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    journal.add(store, "units/370102", FIRST)
    journal.add(store, "units/370103", FIRST)
    journal.add(store, "units/370102", SECOND)
    assert journal.read(store) == {"units/370102": SECOND, "units/370103": FIRST}


@pytest.mark.parametrize("lost", range(1, 12))
def test_half_a_line_costs_itself_and_no_other(tmp_path: Path, lost: int) -> None:
    store = Store(tmp_path)
    journal.add(store, "units/370102", FIRST)
    journal.add(store, "units/370103", FIRST)
    whole = store.journal.read_bytes()
    store.journal.write_bytes(whole[:-lost])
    journal.add(store, "units/370104", SECOND)
    assert set(journal.read(store)) >= {"units/370102", "units/370104"}
    assert journal.read(store)["units/370104"] == SECOND


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{}\n[1]\n", b'["x", 1, 2]\n'])
def test_what_is_no_journal_tells_of_nothing(tmp_path: Path, content: bytes) -> None:
    store = Store(tmp_path)
    store.processed.mkdir(parents=True)
    store.journal.write_bytes(content)
    assert journal.read(store) == {}


def test_a_file_that_was_changed_or_lost_is_not_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    entries = {}
    for name in ("kept", "changed", "lost"):
        (tmp_path / name).write_text(name)
        entries[name] = Entry({}, {name: sha256(tmp_path / name)})
    (tmp_path / "changed").write_text("otherwise")
    (tmp_path / "lost").unlink()
    assert journal.whole(store, entries) == {"kept"}


@given(parts=st.lists(st.text(max_size=6), min_size=1, max_size=4))
def test_parts_do_not_run_into_each_other(parts: list[str]) -> None:
    together = journal.digest("".join(parts))
    assert (journal.digest(*parts) == together) == (len(parts) == 1)
    assert journal.digest(*parts, "") != journal.digest(*parts)
