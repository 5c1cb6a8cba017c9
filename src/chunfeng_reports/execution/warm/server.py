"""Server: a process that has imported the heavy libraries, and forks for every notebook.

It has one thread and does nothing but fork, so that nothing of one notebook can reach another. It
ends with the process that started it, and ends its kernels.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

_LONGEST_REQUEST = 1 << 20
_BETWEEN_LOOKS = 0.2  # seconds between two looks for kernels that have ended

#: What every kernel needs, imported in any case; of IPython also what it imports when it begins.
_ALWAYS = (
    "chunfeng_reports.execution.warm.kernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "tornado.platform.asyncio",
)


def main(control: int, warm: Sequence[str]) -> None:
    """Import, then fork for every request that comes over a socket, until its other side has gone.

    warm: modules to import, or ``module:function`` to call as well. A request is JSON (``cwd``,
    ``env``, ``arguments``, and what to call with the folder before the fork: ``foresee``) with the
    kernel's socket as its file descriptor; it is answered with the kernel's process id.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.remove("")  # of -c; a kernel puts the folder it runs in where it wants it
    imported = import_all(warm)
    gc.collect()
    gc.freeze()  # the first collection of every fork would touch, and so copy, all of it
    with socket.socket(fileno=control) as sock:
        sock.sendall(b"ready\n")
        _fork_on_request(sock, imported)


def import_all(warm: Sequence[str]) -> dict[str, str]:
    """Import what every kernel needs, and what is named; what imports have set in the environment.

    None of it may start a thread: a fork would lack it, and might hold what it had locked.
    """
    before = dict(os.environ)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else debugpy's import prints a warning
    for name in (*_ALWAYS, *warm):
        module, _, function = name.partition(":")
        found = importlib.import_module(module)
        if function:
            getattr(found, function)()
    del os.environ["PYDEVD_DISABLE_FILE_VALIDATION"]
    return {name: value for name, value in os.environ.items() if name not in before}


def _fork_on_request(sock: socket.socket, imported: Mapping[str, str]) -> None:
    """imported: what imports have set in the environment, as they would in every kernel."""
    kernels: set[int] = set()
    try:
        while True:
            ready, _, _ = select.select([sock], [], [], _BETWEEN_LOOKS if kernels else None)
            kernels -= {pid for pid in kernels if os.waitpid(pid, os.WNOHANG)[0]}
            if not ready:
                continue
            content, (kernel, *_), _, _ = socket.recv_fds(sock, _LONGEST_REQUEST, 1)
            request = json.loads(content)
            _foresee(request)
            pid = os.fork()
            if pid == 0:
                sock.close()
                _be_a_kernel(kernel, request, imported)
            os.close(kernel)
            kernels.add(pid)
            sock.sendall(f"{pid}\n".encode())
    except (ValueError, ConnectionError):  # nothing more comes: the other side has gone
        for pid in kernels:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _foresee(request: Mapping[str, Any]) -> None:
    """Have at hand what the notebook will read first, for all kernels after it as well.

    Whatever goes wrong in it is for the notebook to meet.
    """
    with suppress(Exception):
        module, _, function = request["foresee"].partition(":")
        getattr(importlib.import_module(module), function)(request["cwd"])


def _be_a_kernel(descriptor: int, request: dict[str, Any], imported: Mapping[str, str]) -> None:
    """What a fresh kernel has of its own, then the kernel itself; never returns."""
    status = 1
    try:
        os.setsid()
        atexit._clear()
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update({**imported, **request["env"]})
        time.tzset()
        _close_terminal()
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        from chunfeng_reports.execution.warm.kernel import serve  # noqa: PLC0415

        sock = socket.socket(fileno=descriptor)
        serve(sock, request["arguments"])
        atexit._run_exitfuncs()
        with suppress(OSError):  # the other side may have gone
            sock.shutdown(socket.SHUT_RDWR)  # nobody need wait for the memory to be given back
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _close_terminal() -> None:
    """No keyboard; what C prints before the kernel listens, or after, is for nobody."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
