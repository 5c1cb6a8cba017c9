"""Notebooks in forked kernels: what papermill alone would write; nothing from one to the next."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
import pandas as pd
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from chunfeng_reports.execution.warm import engine, manager

pytestmark = pytest.mark.skipif(not manager.available(), reason="processes cannot be forked here")

Cells = list[str]


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[None]:
    engine.register()
    yield
    if (server := manager._servers.pop(os.getpid(), None)) is not None:
        server.close()


def write(path: Path, *cells: str) -> Path:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    made = [new_code_cell(dedent(source).strip(), id=f"c{n}") for n, source in enumerate(cells)]
    nbformat.write(new_notebook(cells=made, metadata=kernel), path)
    return path


def run(folder: Path, *cells: str, engine_name: str | None = engine.NAME, **options: Any) -> Any:
    """The notebook as executed."""
    source = write(folder / "in.ipynb", *cells)
    out = folder / f"out-{engine_name}.ipynb"
    options = {"progress_bar": False, "cwd": str(folder), "kernel_name": "python3"} | options
    papermill.execute_notebook(str(source), str(out), engine_name=engine_name, **options)
    return nbformat.read(out, as_version=4)


def said(notebook: Any, cell: int = 0) -> str:
    """What a cell printed, and the text of what it showed."""
    outputs = notebook.cells[cell].outputs
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs)


def _bare(notebook: Any) -> Any:
    """A notebook without times, process ids and addresses in memory."""
    notebook.metadata.pop("papermill", None)
    for n, cell in enumerate(notebook.cells):
        cell["id"] = str(n)
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return notebook


#: Cells of notebooks, by what they try.
ALIKE = {
    "text": ["1 + 1", "x = 3\nx", "_", "print('a'); print('b', end=''); 5"],
    "streams": [
        """
        import sys
        print('out')
        print('err', file=sys.stderr)
        sys.stdout.write('x' * 9)
        """
    ],
    "rich": [
        """
        from IPython.display import HTML, Markdown, display
        display(HTML('<b>粗</b>'), metadata={'k': 1})
        Markdown('**好**')
        """
    ],
    "update": [
        """
        from IPython.display import display
        h = display('一', display_id='d')
        """,
        "h.update('二')",
    ],
    "clear": [
        """
        from IPython.display import clear_output
        print(1)
        clear_output()
        print(2)
        """,
        """
        for n in range(3):
            print(n)
            clear_output(wait=True)
        print('end')
        """,
    ],
    "table": ["import pandas as pd\npd.DataFrame({'a': [1, None]})"],
    "magic": ["%%capture kept\nprint('in')", "kept.stdout", "!echo 壳"],
    "history": ["7", "Out[1]", "In[1]"],
    "await": ["import asyncio\nawait asyncio.sleep(0.01, 'slept')"],
    "task": [
        "import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(0.01, 'done'))",
        "await task",
    ],
    "c": [
        """
        import os, time
        os.write(1, '直接\\n'.encode())
        os.system('echo child')
        time.sleep(0.3)
        """
    ],
    "thread": [
        """
        import threading
        t = threading.Thread(target=lambda: print('from a thread'))
        t.start()
        t.join()
        """
    ],
    "pool": [
        """
        from concurrent.futures import ThreadPoolExecutor as T
        list(T(3).map(lambda n: n * n, range(4)))
        """
    ],
    "processes": [
        """
        import multiprocessing as m
        with m.get_context('fork').Pool(2) as p:
            print(p.map(abs, [-1, 2]))
        """
    ],
    "binary": [
        """
        from IPython.display import Image, display
        display(Image(data=bytes.fromhex('89504e470d0a1a0a'), format='png'))
        """
    ],
    "signs": ["print('好\U0001f33e')", "'\x1b[31m红'"],
    "large": ["'x' * 3_000_000"],
    "names": ["__name__", "import sys; sys.modules['__main__'].__dict__ is globals()"],
    "surroundings": ["import sys\nsys.path", "import os; sorted(os.environ), os.getcwd()"],
    "input": [
        """
        try:
            input('?')
        except Exception as e:
            print(type(e).__name__)
        """
    ],
    "warnings": [
        """
        import warnings
        warnings.simplefilter('always')
        warnings.warn_explicit('注意', UserWarning, 'here', 1)
        """
    ],
    "empty": ["", "# nothing"],
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_cell_writes_what_papermill_alone_would_write(tmp_path: Path, name: str) -> None:
    plain = _bare(run(tmp_path, *ALIKE[name], engine_name=None))
    warm = _bare(run(tmp_path, *ALIKE[name]))
    assert warm == plain


def test_an_error_stops_the_notebook_and_is_told_as_papermill_tells_it(tmp_path: Path) -> None:
    cells = ("1", "def f():\n    return 1 / 0\nf()", "2")
    found = []
    for name in (None, engine.NAME):
        with pytest.raises(PapermillExecutionError) as error:
            run(tmp_path, *cells, engine_name=name)
        assert (error.value.ename, error.value.evalue) == ("ZeroDivisionError", "division by zero")
        found.append(_bare(nbformat.read(tmp_path / f"out-{name}.ipynb", as_version=4)))
    assert found[0] == found[1]
    assert found[1].cells[-1].outputs == []


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "exit()", "import sys; sys.exit('因')"])
def test_a_cell_that_wants_to_end_the_kernel(tmp_path: Path, source: str) -> None:
    found = []
    for name in (None, engine.NAME):
        try:
            run(tmp_path, source, "1", engine_name=name)
        except Exception as error:
            found.append(type(error))
        else:
            found.append(_bare(nbformat.read(tmp_path / f"out-{name}.ipynb", as_version=4)))
    assert found[0] == found[1]


def test_a_kernel_that_dies_is_told_and_the_next_notebook_runs(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        run(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "1")
    assert said(run(tmp_path, "6 * 7")) == "42"


def test_a_cell_that_takes_too_long_is_given_up_and_its_process_ended(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    source = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(99)"
    begun = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(tmp_path, source, execution_timeout=2)
    assert time.monotonic() - begun < 30
    assert _gone(int(note.read_text()))


def test_an_interrupt_reaches_the_cell(tmp_path: Path) -> None:
    source = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)"
    with pytest.raises(PapermillExecutionError) as error:
        run(tmp_path, source)
    assert error.value.ename == "KeyboardInterrupt"
    asked = (
        "import asyncio, os, signal\nloop = asyncio.get_running_loop()\n"
        "loop.call_later(0.1, os.kill, os.getpid(), signal.SIGINT)\nawait asyncio.sleep(30)"
    )
    with pytest.raises(PapermillExecutionError):
        run(tmp_path, asked)


def test_a_memory_limit_is_met_with_an_error(tmp_path: Path) -> None:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))"
    with pytest.raises(PapermillExecutionError) as error:
        run(tmp_path, limit, "x = bytearray(1 << 34)")
    assert error.value.ename == "MemoryError"


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


#: What a notebook does, and what the next one looks for.
APART = {
    "globals": ("left = 1", "'left' in globals()"),
    "imports": ("import colorsys", "import sys; 'colorsys' in sys.modules"),
    "modules": ("import pandas; pandas.left = 1", "import pandas; hasattr(pandas, 'left')"),
    "environment": ("import os; os.environ['LEFT'] = '1'", "import os; 'LEFT' in os.environ"),
    "folder": ("import os; os.chdir('/')", "import os; os.getcwd() == '/'"),
    "builtins": ("import builtins as b; b.left = 1", "import builtins as b; hasattr(b, 'left')"),
    "warnings": (
        "import warnings; warnings.simplefilter('error')",
        "import warnings; warnings.filters[0][0] == 'error'",
    ),
    "files": (
        "f = open('/dev/full'); f.fileno()",
        """
        from pathlib import Path
        any(str(f.resolve()) == '/dev/full' for f in Path('/proc/self/fd').iterdir())
        """,
    ),
    "history": ("'left'", "'left' in map(str, Out.values())"),
    "limits": (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (99, 99))",
        "import resource as r; r.getrlimit(r.RLIMIT_NOFILE)[0] == 99",
    ),
}


@pytest.mark.parametrize("name", APART)
def test_nothing_of_one_notebook_reaches_the_next(tmp_path: Path, name: str) -> None:
    first, second = APART[name]
    run(tmp_path, first)
    assert said(run(tmp_path, second)) == "False"


def test_a_kernel_imports_nothing_more_of_what_kernels_and_tables_need(tmp_path: Path) -> None:
    """All of it was imported before the fork: what IPython loads when it begins, and pyarrow when
    it reads its first table. Modules stand in the order in which they were imported.
    """
    pd.DataFrame({"单位": ["历下"]}).to_parquet(tmp_path / "t.parquet")
    later = """
        names = [name for name in sys.modules if not name.startswith(("encodings.", "pandas."))]
        print(*names[names.index("chunfeng_reports.workspace") + 1:])
        """
    found = run(tmp_path, "import sys\nimport pandas\npandas.read_parquet('t.parquet').size", later)
    assert said(found, 1).split() == []


def test_what_is_imported_before_the_fork_starts_no_thread() -> None:
    code = (
        "import threading; from chunfeng_reports.execution.warm import manager, server; "
        "server.import_all(manager.WARM); print(threading.active_count())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1"]


def test_a_kernel_begins_anew_whatever_was_imported_before_it(tmp_path: Path) -> None:
    cells = (
        "ip = get_ipython()\nprint(ip.execution_count, In, Out, _, __, ___, _i == '')",
        "import gc\nprint(gc.isenabled(), gc.get_threshold())",
        "import pdb\nprint(pdb.Pdb, sorted(ip.extension_manager.loaded))",
        "print(sorted(name for name in globals()))",
    )
    warm, plain = (run(tmp_path, *cells, engine_name=name) for name in (engine.NAME, None))
    assert [said(warm, n) for n in range(4)] == [said(plain, n) for n in range(4)]
    assert said(warm).startswith("2 ")


def test_two_notebooks_draw_other_random_numbers(tmp_path: Path) -> None:
    source = "import random, uuid, numpy\nrandom.random(), numpy.random.rand(), uuid.uuid4()"
    assert said(run(tmp_path, source)) != said(run(tmp_path, source))


def test_what_runs_is_a_process_of_its_own_that_ends_with_its_notebook(tmp_path: Path) -> None:
    source = """
        import os, subprocess
        child = subprocess.Popen(['sleep', '60'])
        print(os.getpid(), child.pid)
        """
    pids = {int(pid) for _ in range(2) for pid in said(run(tmp_path, source)).split()}
    assert len(pids) == 4
    assert os.getpid() not in pids
    assert all(_gone(pid) for pid in pids)


def test_what_a_notebook_leaves_for_its_end_is_done(tmp_path: Path) -> None:
    note = tmp_path / "end"
    run(tmp_path, f"import atexit\natexit.register(lambda: open({str(note)!r}, 'w').write('done'))")
    assert note.read_text() == "done"


def test_what_a_notebook_forked_holds_up_no_end(tmp_path: Path) -> None:
    """It shares the kernel's socket, and would keep it open."""
    source = "import os, time\nif os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)"
    for end in (
        "",
        "import atexit, os, signal\natexit.register(os.kill, os.getpid(), signal.SIGKILL)",
    ):
        begun = time.monotonic()
        run(tmp_path, source, end)
        assert time.monotonic() - begun < manager._TO_END_IN


def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Killed, so that it can tell nobody."""
    noted = """
        import os, time
        open('pid', 'w').write(f'{os.getpid()} {os.getppid()}')
        """
    source = write(tmp_path / "in.ipynb", noted, "time.sleep(600)")
    code = ("import papermill, sys; from chunfeng_reports.execution.warm import engine; "
            "papermill.execute_notebook(sys.argv[1], sys.argv[2], engine_name=engine.register(), "
            "cwd=sys.argv[3], progress_bar=False, kernel_name='python3')")  # fmt: skip
    out = tmp_path / "out.ipynb"
    caller = subprocess.Popen([sys.executable, "-c", code, source, out, tmp_path])
    for _ in range(300):
        if (tmp_path / "pid").exists() and len((tmp_path / "pid").read_text().split()) == 2:
            break
        time.sleep(0.1)
    pids = [int(pid) for pid in (tmp_path / "pid").read_text().split()]
    os.kill(caller.pid, signal.SIGKILL)
    caller.wait()
    assert all(_gone(pid) for pid in pids)


def test_a_fork_of_the_caller_has_a_server_of_its_own(tmp_path: Path) -> None:
    run(tmp_path, "1")
    pid = os.fork()
    if pid == 0:
        os._exit(0 if said(run(tmp_path, "2 + 3")) == "5" else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert said(run(tmp_path, "random = 1; random + 1")) == "2"


def test_another_kernel_is_left_to_papermill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "share" / "kernels" / "other"
    spec.mkdir(parents=True)
    about = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Other",
        "language": "python",
        "env": {"OTHER": "1"},
    }
    (spec / "kernel.json").write_text(json.dumps(about), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    assert said(run(tmp_path, "import os; os.environ.get('OTHER')", kernel_name="other")) == "'1'"


def test_the_state_of_the_caller_is_its_own(tmp_path: Path) -> None:
    state = random.getstate()
    run(tmp_path, "import random; random.seed(1)")
    assert random.getstate() == state


_AS_DEFAULT = """
from papermill.engines import papermill_engines
from chunfeng_reports.execution.warm import engine, manager

for name in (None, "nbclient"):
    papermill_engines.register(name, engine.WarmEngine)

forked, fork = [], manager.Server.fork

def counted(*given):
    forked.append(1)
    return fork(*given)

manager.Server.fork = counted

def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"{len(forked)} kernels forked")
"""

#: What papermill itself says of engines and of running notebooks.
_THEIRS = ("execute", "engines", "clientwrap", "autosave", "parameterize", "utils")


@pytest.mark.slow
def test_papermills_own_tests_pass_with_this_engine_for_its_own(tmp_path: Path) -> None:
    """But for one whose notebook no IPython of today can run, in whatever kernel."""
    (tmp_path / "as_default.py").write_text(_AS_DEFAULT, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "as_default", "-p", "no:cacheprovider", "-q",
         "-o", "addopts=", "-o", "filterwarnings=", "-k", "not TestBrokenNotebook2",
         "--rootdir", str(tmp_path), "--pyargs", *(f"papermill.tests.test_{t}" for t in _THEIRS)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    passed, forked = (re.search(rf"(\d+) {what}", done.stdout) for what in ("passed", "kernels"))
    assert passed is not None
    assert forked is not None
    assert int(passed[1]) > 90
    assert int(forked[1]) > 20
