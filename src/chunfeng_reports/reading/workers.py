"""Workers: work done in processes of their own, several at once, every task under limits.

A task that hangs, aborts its process or takes too much memory is lost and nothing else is. Each
worker has a pipe of its own and shares no lock, so that it can be killed at any moment (by us, by
the system when memory runs out): pools whose workers share one queue stall when that happens.
"""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import psutil

from chunfeng_reports.errors import ChunfengError

Task = TypeVar("Task")
Result = TypeVar("Result")
Why = Literal["slow", "stuck", "memory", "crash"]

#: Tasks that a worker has in hand: enough that it never waits for the next, few enough that all of
#: them fit into a pipe's buffer, so that handing one over never blocks.
_AHEAD = 12
#: Tasks in hand at which more are handed over, several in one message.
_LOW = 6
#: Results that a worker sends in one message; one that took longer than so many seconds goes out
#: at once, with those before it.
_TOGETHER = 6
_HELD_BACK = 0.05
#: Seconds between two looks at the workers while nothing arrives.
_LOOK = 0.25
#: Seconds until a worker must be ready.
_START = 60.0
#: Workers that may die one after the other before they are ready, until all is given up.
_FALSE_STARTS = 3
#: Bytes that a worker may keep after the tasks handed to it; one that keeps more is replaced, since
#: what a task may take must not hang on the tasks before it.
_KEPT = 96 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take.

    seconds: of processor time, so that a busy machine changes no result (not counted on Windows);
    patience: seconds by the clock, for a task that waits (for a network drive that is gone);
    memory: bytes above what the worker has when it is ready.
    """

    seconds: float = 20.0
    patience: float = 60.0
    memory: int = 384 * 2**20


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a task that cost its worker."""

    why: Why


@dataclass(frozen=True, slots=True)
class _Order(Generic[Task]):
    number: int
    task: Task
    again: bool = False


class _Count(Protocol):
    """A whole number in memory that two processes share."""

    value: int


class Workers(Generic[Task, Result]):
    """Processes that work on tasks; a context that leaves no worker behind.

    prepare: a module-level function, called once in each worker with ``given``; it returns the
    work, a function of one task. made: the same function, where the caller has it already; forked
    workers need not prepare it. jobs: how many workers at most; they start when there is work.
    """

    def __init__(
        self,
        prepare: Callable[[Any], Callable[[Task], Result]],
        given: object,
        *,
        jobs: int,
        limits: Limits,
        made: Callable[[Task], Result] | None = None,
    ) -> None:
        self._context = _context(prepare.__module__)
        self._forked = self._context.get_start_method() == "fork"
        self._made = made if self._forked else None
        self._setup = b"" if self._made else pickle.dumps((prepare, given))
        self._jobs = jobs
        self._limits = limits
        self._crew: list[_Worker[Task, Result]] = []
        self._leaving: list[_Worker[Task, Result]] = []
        self._false_starts = 0

    def __enter__(self) -> Workers[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()
        for worker in self._leaving:
            worker.bury()
        self._leaving.clear()

    def each(self, tasks: Sequence[Task]) -> Iterator[Result | Lost]:
        """What came of each task, in the order of the tasks, whichever is ready first.

        A task is lost where a limit stopped it, or where a second, fresh worker died of it as well:
        what killed the first one may have come from outside. ChunfengError where no worker starts.
        """
        queue = deque(_Order(number, task) for number, task in enumerate(tasks))
        ready: dict[int, Result | Lost] = {}
        for number in range(len(tasks)):
            while number not in ready:
                self._hand_out(queue)
                ready.update(self._gather(queue))
            if number == len(tasks) - 1:
                self._dismiss()  # they end while the caller goes on
            yield ready.pop(number)

    def _dismiss(self) -> None:
        for worker in self._crew:
            worker.kill()
        self._leaving += self._crew
        self._crew.clear()

    def _hand_out(self, queue: deque[_Order[Task]]) -> None:
        """Give every worker enough to do; start another one where there is more to do."""
        for worker in self._crew:
            worker.take_from(queue)
        fresh: list[_Worker[Task, Result]] = []
        waiting = len(queue)
        while waiting > 0 and len(self._crew) < self._jobs:
            beside = [worker.pipe for worker in (*self._crew, *self._leaving)]
            fresh.append(_Worker(self._context, self._limits, self._made, beside))
            self._crew.append(fresh[-1])
            waiting -= 1 if queue[len(queue) - waiting].again else _AHEAD
        for worker in fresh:  # all of them have begun to start by now
            if self._setup:
                worker.equip(self._setup)
            worker.take_from(queue)

    def _gather(self, queue: deque[_Order[Task]]) -> Iterator[tuple[int, Result | Lost]]:
        """What workers have to tell, each task's number first, and what became of those who died.

        queue: takes back what a dead worker had in hand.
        """
        by_pipe = {worker.pipe: worker for worker in self._crew}
        for pipe in wait(list(by_pipe), timeout=_LOOK):
            yield from by_pipe[pipe].told()  # type: ignore[index]
        for worker in tuple(self._crew):
            worker.hold_to(self._limits)
            if worker.gone:
                self._crew.remove(worker)
                worker.bury()
                self._count_false_starts(worker)
                yield from worker.lost()
                queue.extendleft(reversed(worker.orders))

    def _count_false_starts(self, worker: _Worker[Task, Result]) -> None:
        self._false_starts = 0 if worker.ready else self._false_starts + 1
        if self._false_starts > _FALSE_STARTS:
            raise ChunfengError(
                "读取文件的进程启动不了；请检查内存是否够用、是否被杀毒软件拦截。"
                '若从脚本调用，请把调用写在 if __name__ == "__main__": 之下'
            )


class _Worker(Generic[Task, Result]):
    """One process and the tasks that it has in hand.

    made: its work, where it is forked and finds that there; beside: the caller's ends of the pipes
    to the other workers.
    """

    def __init__(
        self,
        context: BaseContext,
        limits: Limits,
        made: Callable[[Task], Result] | None,
        beside: Sequence[Connection],
    ) -> None:
        self.pipe, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        not_theirs = (self.pipe, *beside) if forked else ()
        self.orders: deque[_Order[Task]] = deque()
        self.ready = False
        self.gone = False
        self._memory = 0
        self._told = 0
        self._begun = context.RawValue("q", 0)
        self._killed_for: Why | None = None
        self._since = self._looked = time.monotonic()
        self._process = context.Process(  # type: ignore[attr-defined]
            target=_live,
            args=(theirs, limits, made, not_theirs, self._begun),
            name="chunfeng-reader",
            daemon=True,
        )
        self._process.start()
        theirs.close()

    def equip(self, setup: bytes) -> None:
        """Hand it what it works with: too much to fit into the pipe until the worker reads it."""
        self._send(setup)

    def take_from(self, queue: deque[_Order[Task]]) -> None:
        """Fill its hands; a task that killed another worker is taken by a fresh one, and alone."""
        if not queue or self.gone or len(self.orders) > _LOW:
            return
        if any(one.again for one in self.orders):
            return
        if queue[0].again:
            if not self.ready and not self.orders:
                self._take([queue.popleft()])
            return
        taken: list[_Order[Task]] = []
        while queue and not queue[0].again and len(self.orders) + len(taken) < _AHEAD:
            taken.append(queue.popleft())
        self._take(taken)

    def _take(self, orders: list[_Order[Task]]) -> None:
        if not self.orders and self.ready:
            self._since = time.monotonic()
        self.orders.extend(orders)
        self._send(pickle.dumps([order.task for order in orders]))

    def _send(self, message: bytes) -> None:
        try:
            self.pipe.send_bytes(message)
        except OSError:
            self.gone = True

    def told(self) -> Iterator[tuple[int, Result]]:
        """The results that have arrived, each with its task's number."""
        try:
            said = pickle.loads(self.pipe.recv_bytes())
        except (OSError, EOFError):
            self.gone = True
            return
        self._since = time.monotonic()
        if not self.ready:
            self.ready, self._memory = True, said
            return
        self._told += len(said)
        for result in said:
            yield self.orders.popleft().number, result

    def hold_to(self, limits: Limits) -> None:
        """Kill it where it has taken too long or too much."""
        now = time.monotonic()
        if self.gone or (self.ready and not self.orders) or now - self._looked < _LOOK:
            return
        self._looked = now
        patience = limits.patience if self.ready else _START
        if now - self._since > patience:
            self.kill(because="stuck")
        elif self.ready and _resident(self._process.pid) > self._memory + limits.memory:
            self.kill(because="memory")

    def kill(self, *, because: Why | None = None) -> None:
        """End it at once, whatever it is doing."""
        self._killed_for = because
        self._process.kill()
        self.gone = True

    def bury(self) -> None:
        """Wait for its end; it closes its pipe as it ends, or is about to."""
        self._process.join(5)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self.pipe.close()

    def lost(self) -> Iterator[tuple[int, Lost]]:
        """The task that a dead worker died of, where that is certain; else it is to be done again.

        What is not lost stays in ``orders``: what it had done and not yet sent is done again.
        """
        why = self._killed_for or _EXITS.get(self._process.exitcode, "crash")
        if not self.ready or not self.orders or why == "":
            return
        at = min(self._unsent(), len(self.orders) - 1)
        culprit = self.orders[at]
        del self.orders[at]
        if culprit.again or why in ("slow", "stuck"):
            yield culprit.number, Lost(why)
        else:
            self.orders.appendleft(replace(culprit, again=True))

    def _unsent(self) -> int:
        """How many results it had ready and did not send before it began the task it died of."""
        return max(int(self._begun.value) - 1 - self._told, 0)


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


# --- in the worker

_TOO_BIG = 77
#: What a worker's exit code says of its end; one that ends of itself did nothing wrong.
_EXITS: dict[int, Literal["", Why]] = {0: "", _TOO_BIG: "memory"}
if sys.platform != "win32":
    _EXITS[-signal.SIGPROF] = "slow"


def _live(
    pipe: Connection,
    limits: Limits,
    work: Callable[[Any], object] | None,
    not_ours: Sequence[Connection],
    begun: _Count,
) -> None:
    """A worker's life: make ready, then task after task, until the caller closes the pipe.

    work: what it does, where a fork found that there; not_ours: then ends of the caller's pipes,
    which nobody would see closed while a fork holds them; begun: where it counts its tasks, so that
    the caller knows which one it died of though results were held back.
    """
    _leave_the_terminal_alone()
    for end in not_ours:
        end.close()
    if work is None:
        try:
            prepare, given = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return  # the caller is gone
        work = prepare(given)
    gc.freeze()  # what was loaded is shared memory: never looked through, never copied
    me = psutil.Process()
    base = me.memory_info()
    _limit_memory(base.vms + limits.memory)
    try:
        pipe.send_bytes(pickle.dumps(base.rss))
        while me.memory_info().rss < base.rss + _KEPT:
            tasks = pickle.loads(pipe.recv_bytes())
            for results in _in_groups(_done(work, tasks, limits, begun)):
                pipe.send_bytes(results)
    except MemoryError:
        os._exit(_TOO_BIG)
    except (EOFError, OSError):
        return  # the caller is gone


def _done(
    work: Callable[[Any], object],
    tasks: Sequence[object],
    limits: Limits,
    begun: _Count,
) -> Iterator[object]:
    """The result of each task, done under its limits; ``begun`` counts them as they begin."""
    for task in tasks:
        begun.value += 1
        _limit_time(limits.seconds)
        result = work(task)
        _limit_time(0)
        yield result


def _in_groups(results: Iterator[object]) -> Iterator[bytes]:
    """Messages that hold results: each at once where it took long, else several together."""
    group: list[object] = []
    since = time.monotonic()
    for result in results:
        group.append(result)
        if len(group) == _TOGETHER or time.monotonic() - since > _HELD_BACK:
            yield pickle.dumps(group)
            group, since = [], time.monotonic()
    if group:
        yield pickle.dumps(group)


def _leave_the_terminal_alone() -> None:
    """Ctrl-C is the caller's to answer; what a dying library prints is for nobody; no core files.

    There is nothing to clean up here: a signal to end ends it, even in the middle of foreign code.
    """
    faulthandler.disable()  # a fork has the caller's
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (Windows has none)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(most: int) -> None:
    """Bound the address space, where that can be done; elsewhere the caller's watch must do."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  (Windows has none)

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_time(seconds: float) -> None:
    """Die after so many seconds of processor time from now (0: never), where that is counted."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


# --- how processes start


def _has_one_thread() -> bool:
    """Whether this process has no thread but this one, those of libraries in C included."""
    return sys.platform == "linux" and len(tuple(Path("/proc/self/task").iterdir())) == 1


def usable_cores() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_loading(module: str) -> None:
    """Begin to load what workers need, while the caller still prepares what it has for them."""
    if _context(module).get_start_method() == "forkserver":
        forkserver.ensure_running()


def _context(module: str) -> BaseContext:
    """How workers start: forked off this process where it has a single thread, for what others
    hold (locks, say) would stay held for ever; else off a small server that has loaded the module,
    where there is one, a second later.

    The server's socket lies in the folder for temporary files, whose path may be too long.
    """
    if _has_one_thread() and module in sys.modules:
        return multiprocessing.get_context("fork")
    short = len(tempfile.gettempdir()) < 60
    if not short or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, module])
    return context
