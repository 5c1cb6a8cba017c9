"""Work that worker processes do in tests: harmless, or one of the ways in which a file can kill."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

MUCH = 256 * 2**20


def prepare(greeting: str) -> Callable[[str], str]:
    def work(task: str) -> str:
        what, _, detail = task.partition(":")
        if what in _DEEDS:
            return _DEEDS[what](detail)
        return f"{greeting} {task}"

    return work


def prepare_in_vain(_: object) -> Callable[[str], str]:
    raise RuntimeError


def _abort(_: str) -> str:
    os.abort()


def _spin(_: str) -> str:
    while True:
        pass


def _sleep(_: str) -> str:
    time.sleep(600)
    return ""


def _eat(_: str) -> str:
    return str(len(bytearray(MUCH)))


def _die_at_first(marker: str) -> str:
    """Killed from outside the first time (as by the system, or by a virus scanner), then well."""
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "well"


def _who(_: str) -> str:
    return str(os.getpid())


_DEEDS: dict[str, Callable[[str], str]] = {
    "abort": _abort, "spin": _spin, "sleep": _sleep, "eat": _eat, "die at first": _die_at_first,
    "who": _who,
}  # fmt: skip
