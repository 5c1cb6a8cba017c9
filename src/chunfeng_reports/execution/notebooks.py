"""One notebook, run by papermill: what it wrote, without a trace of when and where."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from chunfeng_reports.errors import ChunfengError, UseError
from chunfeng_reports.execution.warm import engine

#: Seconds that one cell may take: the other reports wait for the process that it holds up.
LONGEST_CELL = 900

_WHY: dict[type[Exception], str] = {
    CellTimeoutError: f"CellTimeoutError: 一个单元运行超过{LONGEST_CELL // 60}分钟，已停止",
    DeadKernelError: "DeadKernelError: 运行中的进程意外中止（可能内存不足）",
}

_TIMES = (
    "start_time",
    "end_time",
    "duration",
    "environment_variables",
    "input_path",
    "output_path",
)


@dataclass(frozen=True)
class Executed:
    """An executed notebook; error: what stopped it, empty where it ran through."""

    notebook: NotebookNode
    error: str = ""

    def as_bytes(self) -> bytes:
        """The notebook as a file."""
        text: str = nbformat.writes(self.notebook, version=4)
        return (text + "\n").encode()


class NotebookError(ChunfengError):
    """A notebook could not even be started."""


def check_parameters(notebook: Path, parameters: Mapping[str, str]) -> None:
    """Refuse parameters that the notebook does not declare; papermill alone would only warn."""
    declared = set(papermill.inspect_notebook(str(notebook)))
    unknown = sorted(set(parameters) - declared)
    if unknown:
        raise UseError(
            f"{notebook.name} 没有参数 {'、'.join(unknown)}；"
            f"它声明的参数是：{'、'.join(sorted(declared)) or '无'}"
        )


def execute(
    notebook: Path, parameters: Mapping[str, str], *, workspace: Path, cold: bool = False
) -> Executed:
    """The notebook as run with these parameters, in the workspace as its working directory.

    cold: in a kernel that papermill starts, not in one that is forked.

    A cell that fails is no exception, nor one that takes too long or takes the kernel with it: the
    notebook is returned as far as it came, with its error. UseError where a parameter is not
    declared; NotebookError where no kernel starts.
    """
    check_parameters(notebook, parameters)
    with (
        tempfile.TemporaryDirectory(prefix="chunfeng-") as scratch,
        _kernel_environment(scratch, notebook),
    ):
        output = Path(scratch) / "executed.ipynb"
        error = ""
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                kernel_name="python3",
                engine_name=engine.register(cold=cold),
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=str(workspace),
                record_timing=False,
                execution_timeout=LONGEST_CELL,
                config=_kernel_config(scratch),
                # A kernel told to stop says so on the operator's terminal otherwise.
                extra_arguments=["--log-level=CRITICAL"],
            )
        except PapermillExecutionError as failure:
            error = f"{failure.ename}: {failure.evalue}".strip(": ")
        except engine.STOPPED as failure:
            error = _WHY[type(failure)]
            executed = engine.as_far_as_it_came(failure)
            _tell(executed, error)
            return Executed(_without_circumstances(executed), error)
        except (RuntimeError, OSError) as failure:
            raise NotebookError(f"{notebook.name} 无法运行：{failure}") from failure
        return Executed(_without_circumstances(nbformat.read(output, as_version=4)), error)


def _tell(node: NotebookNode, error: str) -> None:
    """Put an error into the cell that ran when the notebook was stopped: the last one begun."""
    begun = [
        cell
        for cell in node.cells
        if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")
    ]
    name, _, value = error.partition(": ")
    begun[-1].outputs.append(new_output("error", ename=name, evalue=value, traceback=[]))


def _kernel_config(scratch: str) -> Config:
    """Kernels talk over files in the scratch folder: over TCP, parallel ones take the same port."""
    ours = {"connection_file": str(Path(scratch) / "kernel.json")}
    if sys.platform != "win32":
        ours |= {"transport": "ipc", "ip": str(Path(scratch) / "k")}
    return Config({"KernelManager": ours})


@contextmanager
def _kernel_environment(scratch: str, notebook: Path) -> Iterator[None]:
    """The kernel knows its notebook's name, and leaves nothing in the user's home."""
    ours = {
        "CHUNFENG_NOTEBOOK": notebook.stem,
        "JUPYTER_RUNTIME_DIR": str(Path(scratch) / "runtime"),
        "IPYTHONDIR": str(Path(scratch) / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _without_circumstances(node: NotebookNode) -> NotebookNode:
    """The notebook without times, paths and random ids: the same inputs give the same bytes."""
    node.cells = [
        c for c in node.cells if "papermill-error-cell-tag" not in c.metadata.get("tags", [])
    ]
    for position, cell in enumerate(node.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"parameters-{position}"
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output["traceback"] = []
    about = node.metadata.pop("papermill", {})
    node.metadata["papermill"] = {
        key: value for key, value in sorted(about.items()) if key not in _TIMES
    }
    return node
