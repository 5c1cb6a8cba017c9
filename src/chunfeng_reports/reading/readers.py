"""Readers: files read in processes of their own, so that a bad one costs itself alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from chunfeng_reports.campaign import Desk
from chunfeng_reports.reading.received import Errand, joined, members, sort_out, unread
from chunfeng_reports.reading.returns import Sorted
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.workers import Limits, Lost, Workers, start_loading, usable_cores

Read = Callable[[Sequence[Errand]], Iterator[Sorted]]

#: Members of one archive that may be lost, until the rest of it is left unread.
_MOST_LOST = 3
_LOST = {
    "slow": "读取时间过长（超过 {seconds:g} 秒），已停止；请把统计表另存为新的 xlsx 后重新报送",
    "stuck": "文件长时间读不出来（网络盘断开或被其他程序占用），请重新存放后再读",
    "memory": "读取时占用内存过多，已停止；请把统计表单独另存为新的 xlsx 后重新报送",
    "crash": "文件内容异常，读取程序意外中止；请用 Excel 或 WPS 打开后另存为新的 xlsx 重新报送",
}
_LEFT = "压缩包内多个文件读不出来，其余没有再读；请解压后逐个报送"


def make_ready(jobs: int | None) -> None:
    """Begin to start what ``readers`` will need; it goes on while the caller looks for files."""
    if jobs != 0:
        start_loading(__name__)


@contextmanager
def readers(
    words: Vocabulary, *, jobs: int | None = None, limits: Limits | None = None
) -> Iterator[Read]:
    """A function from files to what became of each, in their order.

    A file that hangs, aborts its process or takes too much memory is refused; of an archive, only
    the member that did it.

    jobs: how many processes read at once; None: as many as there are processors; 0: none, files are
    read in this very process, where a file that hangs or aborts takes all with it.
    """
    jobs = usable_cores() if jobs is None else jobs
    if jobs == 0:
        yield partial(_read_here, words=words)
        return
    limits = limits or Limits()
    made = partial(sort_out, words=words)
    with Workers(_prepare, words.desk, jobs=jobs, limits=limits, made=made) as workers:
        yield partial(_read_apart, workers=workers, words=words, limits=limits)


def _read_here(errands: Sequence[Errand], *, words: Vocabulary) -> Iterator[Sorted]:
    for errand in errands:
        try:
            yield sort_out(errand, words)
        except MemoryError:
            yield unread(errand, _LOST["memory"], words)


def _read_apart(
    errands: Sequence[Errand],
    *,
    workers: Workers[Errand, Sorted],
    words: Vocabulary,
    limits: Limits,
) -> Iterator[Sorted]:
    for errand, outcome in zip(errands, workers.each(errands), strict=True):
        if isinstance(outcome, Lost):
            yield _one_by_one(errand, outcome, words, limits)
        else:
            yield outcome


def _one_by_one(errand: Errand, lost: Lost, words: Vocabulary, limits: Limits) -> Sorted:
    """A file that cost its worker: refused, unless it is an archive: then its members one by one.

    They get a worker of their own, so that the others go on meanwhile.
    """
    with Workers(_prepare_listing, None, jobs=1, limits=limits) as listing:
        paths = next(listing.each([errand.path]))
    if isinstance(paths, Lost) or not paths:
        return unread(errand, why_lost(lost, limits), words, look=lost.why != "stuck")
    errands = [replace(errand, member=path) for path in paths]
    parts: list[Sorted] = []
    gone = 0
    with Workers(_prepare, words.desk, jobs=1, limits=limits) as workers:
        for one, outcome in zip(errands, workers.each(errands), strict=True):
            if isinstance(outcome, Lost):
                gone += 1
                parts.append(unread(one, why_lost(outcome, limits), words))
            else:
                parts.append(outcome)
            if gone == _MOST_LOST:
                break
    rest = (unread(one, _LEFT, words) for one in errands[len(parts) :])
    return joined([*parts, *rest])


def why_lost(lost: Lost, limits: Limits) -> str:
    """Why a file that cost its worker was not read, and what to do (Chinese)."""
    return _LOST[lost.why].format(seconds=limits.seconds)


# --- in the worker


def _prepare(desk: Desk) -> Callable[[Errand], Sorted]:
    return partial(sort_out, words=Vocabulary.of(desk, telling=False))


def _prepare_listing(_: None) -> Callable[[Path], tuple[str, ...]]:
    return members
