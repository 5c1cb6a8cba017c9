"""A cluster: the same as the pool of processes, on a dask.distributed cluster of other machines.

A task carries all that it needs and brings back what it made: workers share no disk with us.
"""

from __future__ import annotations

import re
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from chunfeng_reports.errors import ReportError, UseError

if TYPE_CHECKING:
    from distributed import Client

#: Seconds to wait for the scheduler, and for a first worker.
_PATIENCE = 30

#: Tasks a worker that lie ready for it: none waits, and few are in memory at once.
_IN_HAND = 3

_LOCAL = re.compile(r"local:([1-9]\d*)")
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+")

#: papermill tells a kernel what it needs through this process's environment: one at a time.
_turn = threading.Lock()

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")


def check_scheduler(address: str) -> None:
    """UseError where an address is none of a scheduler, or what is needed is not installed."""
    if not _LOCAL.fullmatch(address) and not _ADDRESS.fullmatch(address):
        raise UseError(
            f"--scheduler {address} 不是调度程序的地址；"
            "请写 tcp://主机:8786，或 local:4（在本机起 4 个工作进程）"
        )
    try:
        import distributed  # noqa: F401, PLC0415  (half a second, and an extra)
    except ImportError as error:
        raise UseError(
            "--scheduler 需要 dask.distributed；请安装：pip install 'chunfeng-reports[cluster]'"
        ) from error


def map_on_cluster(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Iterable[Task],
    *,
    address: str,
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    """The results of a module-level function on each task, in the order in which they are ready.

    address: of a scheduler, or ``local:N`` for a cluster of so many processes here, which ends with
    the work. shared, tasks: as for the pool of processes; shared goes to each worker once. A task
    whose worker is lost is given to another; lost: what comes of one that was lost with every
    worker that took it. ReportError where no cluster answers.
    """
    import distributed  # noqa: PLC0415

    with _client(address) as client:
        # Not scattered: what is lost with a worker is then worked out again.
        common = client.submit(_as_it_is, shared, pure=False)
        more, begun = iter(tasks), dict[Any, Task]()
        done = distributed.as_completed(loop=client.loop)
        while True:
            room = _IN_HAND * max(1, sum(client.nthreads().values())) - len(begun)
            for task in islice(more, max(0, room)):
                future = client.submit(_alone, work, common, task, pure=False)
                begun[future.key] = task
                done.add(future)
            if not begun:
                return
            future = next(done)
            task = begun.pop(future.key)
            try:
                result = future.result()
            except distributed.scheduler.KilledWorker:
                result = lost(task)
            except distributed.client.FutureCancelledError as error:
                raise ReportError("同调度程序的连接断了，其余报告没有做成；请重新运行") from error
            yield result


def _as_it_is(shared: Shared) -> Shared:
    return shared


def _alone(work: Callable[[Any, Task], Result], shared: Any, task: Task) -> Result:
    """The work, one task of a process at a time, however many threads its worker has."""
    with _turn:
        return work(shared, task)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    """A client of the cluster at an address that has a worker."""
    import dask  # noqa: PLC0415
    import distributed  # noqa: PLC0415

    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        # All tables of a country in one task are large, and have to be.
        warnings.filterwarnings("ignore", message="Sending large graph")
        scratch = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="chunfeng-", ignore_cleanup_errors=True)
        )
        stack.enter_context(dask.config.set({"temporary-directory": scratch}))
        if local := _LOCAL.fullmatch(address):
            cluster = distributed.LocalCluster(
                n_workers=int(local[1]), threads_per_worker=1, dashboard_address=None,
                host="127.0.0.1", local_directory=scratch, silence_logs="CRITICAL",
            )  # fmt: skip
            address = stack.enter_context(cluster).scheduler_address
        try:
            client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
            stack.enter_context(client)
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, TimeoutError) as error:
            raise ReportError(
                f"{address} 没有可用的调度程序或工作进程，报告没有做成；"
                "请核对地址，并确认调度程序（dask scheduler）和工作进程（dask worker）已启动"
            ) from error
        yield client
