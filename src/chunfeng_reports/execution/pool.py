"""A pool of processes: the same work on many tasks, results as they come."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, TypeVar

from chunfeng_reports.errors import ReportError

#: Seconds to clean up in, once the caller is gone.
_TO_CLEAN_UP = 5

#: Tasks a process that lie ready for it: none waits, and few are in memory at once.
_IN_HAND = 3

_told_to_stop = threading.Event()
_shared: list[Any] = []

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")


def map_unordered(
    work: Callable[[Shared, Task], Result], shared: Shared, tasks: Iterable[Task], *, jobs: int
) -> Iterator[Result]:
    """The results of a module-level function on each task, in the order in which they are ready.

    shared: its first argument, which each process is given once; tasks: taken as they are needed.
    jobs: how many processes; each is a fresh interpreter, so that nothing of the caller leaks into
    them. Where the caller is interrupted, they are told to stop at once, and clean up after
    themselves.
    """
    pool = ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(shared,),
    )
    waiting: set[Future[Result]] = set()
    more = iter(tasks)
    try:
        while True:
            for task in islice(more, _IN_HAND * jobs - len(waiting)):
                waiting.add(pool.submit(_unless_told_to_stop, work, task))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    except BrokenProcessPool:
        raise ReportError(
            "出报告的进程意外中止（可能内存不足），其余报告没有做成；"
            "请关闭别的程序后重新运行，或加 --jobs 1"
        ) from None
    except BaseException:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(shared: object) -> None:
    _shared.append(shared)
    _listen_to_the_caller()


def _listen_to_the_caller() -> None:
    """Ctrl-C reaches the whole terminal; only the caller answers it, and then tells us to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with_the_caller, daemon=True).start()


def _end_with_the_caller() -> None:
    """End soon after the caller, even where it was killed and could tell nobody.

    The work is told to stop and may clean up; then this process would wait for more work for ever.
    """
    caller = multiprocessing.parent_process()
    if caller is None:
        return
    caller.join()
    main = threading.main_thread().ident
    if sys.platform != "win32" and main is not None:
        signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(_TO_CLEAN_UP)
    os._exit(1)


def _stop(_signal: int, _frame: object) -> None:
    _told_to_stop.set()
    raise SystemExit(1)


def _unless_told_to_stop(work: Callable[[Any, Task], Result], task: Task) -> Result:
    """The work, unless this process was told to stop: the pool would go on with what is queued."""
    if _told_to_stop.is_set():
        raise SystemExit(1)
    return work(_shared[-1], task)
