"""Engine: what papermill knows as ``chunfeng-warm``."""

from __future__ import annotations

import os
import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines

from chunfeng_reports.execution.warm.manager import WarmKernelManager, available

NAME, COLD = "chunfeng-warm", "chunfeng-cold"

#: What papermill raises where a notebook is stopped from without; it keeps nothing of it.
STOPPED = (CellTimeoutError, DeadKernelError)
_KEPT = "_notebook"


class ColdEngine(NBClientEngine):
    """Papermill's own engine; what it stops from without is not lost."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook of a papermill execution manager."""
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        except STOPPED as failure:
            setattr(failure, _KEPT, nb_man.nb)
            raise


class WarmEngine(ColdEngine):
    """The same with kernels forked from a warm process.

    A notebook for another kernel than this interpreter's own, and a system that cannot fork, get
    the kernels that papermill gives them.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook of a papermill execution manager."""
        if available() and _is_ours(kernel_name):
            options["kernel_manager_class"] = WarmKernelManager
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


def as_far_as_it_came(failure: Exception) -> NotebookNode:
    """The notebook that was stopped, with what it had written by then."""
    found: NotebookNode = getattr(failure, _KEPT)
    return found


def _is_ours(kernel_name: str) -> bool:
    """Whether a kernel is IPython's in this very interpreter, with nothing set for it."""
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False
    program, *rest = spec.argv
    same = program == "python" or os.path.realpath(program) == os.path.realpath(sys.executable)
    return same and "ipykernel_launcher" in rest and not spec.env


def register(*, cold: bool = False) -> str:
    """Make an engine known to papermill in this process, the warm one unless told; its name."""
    name, engine = (COLD, ColdEngine) if cold else (NAME, WarmEngine)
    papermill_engines.register(name, engine)
    return name
