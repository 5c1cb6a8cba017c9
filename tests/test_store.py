"""The store: what is written whole, what is handed over packed, and who may write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.errors import StoreError, UseError
from chunfeng_reports.store import PACKED, Store, packed, packed_by, read_table, write_table

_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["370102", "370103", "370104"]),
        st.one_of(st.none(), st.floats(allow_nan=False, width=32)),
        st.text(max_size=12),
    ),
    max_size=24,
)


def _frame(rows: list[tuple[str, float | None, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["region", "value", "raw"])
    return frame.astype({"region": "str", "value": "float64", "raw": "str"})


@given(rows=_ROWS, others=_ROWS)
def test_what_is_packed_of_a_unit_hangs_on_its_own_rows_alone(
    rows: list[tuple[str, float | None, str]], others: list[tuple[str, float | None, str]]
) -> None:
    mine = [row for row in rows if row[0] == "370103"]
    strange = [row for row in others if row[0] != "370103"]
    here = packed_by(_frame([*strange, *mine]), "region").get("370103")
    assert here == packed_by(_frame([*mine, *rows[:0]]), "region").get("370103")


def test_a_table_that_came_packed_reads_as_the_one_that_was_written(tmp_path: Path) -> None:
    frame = _frame([("370102", 1.5, "一"), ("370103", None, ""), ("370102", 0.1 + 0.2, "=1+2")])
    path = tmp_path / "2023-02-01" / "facts.parquet"
    write_table(path, frame)
    written = read_table(path)
    path.unlink()
    with pytest.raises(UseError, match="2023-02-01"):
        read_table(path)
    path.with_suffix(PACKED).write_bytes(packed(frame))
    pd.testing.assert_frame_equal(read_table(path), written)


_HOLDING = """
import sys
from pathlib import Path
from chunfeng_reports.store import Store
with Store(Path(sys.argv[1])).busy("run"):
    print("begun", flush=True)
    sys.stdin.read()
"""


def test_who_comes_second_is_told_who_is_at_work_and_a_kill_frees_the_place(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = subprocess.Popen([sys.executable, "-c", _HOLDING, str(tmp_path)], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "begun\n"
    with (
        pytest.raises(StoreError, match=rf"进程 {first.pid}（chunfeng run，.*没有执行"),
        store.busy("run"),
    ):
        pass
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    with store.busy("check"):
        pass
    assert [path.name for path in store.processed.iterdir()] == [".lock"]


def test_what_a_killed_run_had_half_written_is_removed_before_the_next_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    half = store.made("2023-02-01") / ".facts.parquet.ab12_xyz.part"
    theirs = store.processed / ".gitkeep"
    half.parent.mkdir(parents=True)
    half.touch()
    theirs.touch()
    with store.busy("run"):
        assert not half.exists()
    assert theirs.exists()
