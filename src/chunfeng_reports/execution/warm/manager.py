"""Manager: what nbclient takes for a kernel manager and its client; the kernel is a fork."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

from chunfeng_reports.execution.warm import wire

#: What this package's notebooks import, and what they would do first.
WARM = (
    "pandas",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "chunfeng_reports.workspace",
    "chunfeng_reports.tables",
    "chunfeng_reports.renderers.templates:compiled",
)

#: What is called with a kernel's working directory before it is forked: it fills caches.
FORESEE = "chunfeng_reports.workspace:foresee"

_LONGEST_FRAME = 1 << 30
_TO_END_IN = 5.0  # seconds that a kernel has for what it wants to do at its end


def available() -> bool:
    """Whether processes can be forked here, and watched."""
    return hasattr(os, "fork") and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


class Server:
    """The process that forks kernels for this one; started with it, ended with it."""

    def __init__(self, warm: tuple[str, ...] = WARM) -> None:
        self._turn = threading.Lock()
        self._control, theirs = socket.socketpair()
        code = (
            "import sys; from chunfeng_reports.execution.warm.server import main; "
            "main(int(sys.argv[1]), sys.argv[2:])"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(theirs.fileno()), *warm],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._lines = self._control.makefile("rb")
        self._ready = False

    def fork(self, request: dict[str, Any]) -> tuple[int, socket.socket]:
        """A kernel's process id, and our end of its socket. RuntimeError where the server ended."""
        ours, theirs = socket.socketpair()
        with self._turn, theirs:
            if not self._ready:
                self._ready = self._lines.readline() == b"ready\n"
            if self._ready:
                socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
            pid = self._lines.readline()
        if not pid:
            raise RuntimeError("the server of warm kernels ended; its error stands above")
        return int(pid), ours

    def close(self) -> None:
        """End it, and all kernels with it."""
        self._lines.close()
        self._control.close()
        self._process.wait()


_servers: dict[int, Server] = {}


def server() -> Server:
    """This process's server, started when first asked for (a fork of this process gets its own)."""
    if (known := _servers.get(os.getpid())) is not None:
        return known
    started = _servers[os.getpid()] = Server()
    atexit.register(started.close)
    return started


class Channel:
    """One channel of a client: messages in the order in which they came."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[wire.Message] = asyncio.Queue()

    async def get_msg(self, timeout: float | None = None) -> wire.Message:
        """The next message. queue.Empty where none comes in time."""
        try:
            return await asyncio.wait_for(self.waiting.get(), timeout)
        except TimeoutError:
            raise Empty from None


class WarmClient:
    """As much of a kernel client as nbclient asks for."""

    allow_stdin = False

    def __init__(self, manager: WarmKernelManager, sock: socket.socket) -> None:
        self._manager, self._sock = manager, sock
        self._session = Session()
        self.shell_channel, self.iopub_channel = Channel(), Channel()

    async def start_channels(self) -> None:
        """Begin to listen."""
        reader, self._writer = await asyncio.open_connection(sock=self._sock, limit=_LONGEST_FRAME)
        self._reading = asyncio.ensure_future(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        channels = {"shell": self.shell_channel, "iopub": self.iopub_channel}
        while True:
            try:
                name, message = wire.opened(await wire.receive_async(reader))
            except (asyncio.IncompleteReadError, ConnectionError):
                return  # that it died is told by its process
            message["msg_type"] = message["header"]["msg_type"]
            channels[name].waiting.put_nowait(message)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """A fork is ready when it is there."""

    async def gone(self, process: int) -> None:
        """Wait until the other side has nothing more to say or to do, or its process has ended,
        though not for longer than it may take. process: a descriptor of it.
        """
        loop = asyncio.get_running_loop()
        loop.add_reader(process, self._reading.cancel)  # what it forked may hold the socket open
        await asyncio.wait({self._reading}, timeout=_TO_END_IN)
        loop.remove_reader(process)

    async def stop_channels(self) -> None:
        """Listen no longer."""
        self._reading.cancel()
        self._writer.close()

    async def is_alive(self) -> bool:
        """Whether the kernel's process is still there."""
        return await self._manager.is_alive()

    def kernel_info(self) -> str:
        """Ask what kernel it is; the id of the request."""
        return self.ask("kernel_info_request", {})

    def execute(
        self,
        code: str,
        silent: bool = False,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool | None = None,  # noqa: ARG002  (nobody is there to type)
        stop_on_error: bool = True,
    ) -> str:
        """Run a cell; the id of the request."""
        content = {
            "code": code,
            "silent": silent,
            "store_history": store_history,
            "user_expressions": user_expressions or {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        return self.ask("execute_request", content)

    def ask(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request; its id."""
        message = self._session.msg(kind, content)
        self._writer.write(wire.frame("shell", self._session.pack(message)))
        return str(message["header"]["msg_id"])


class WarmKernelManager(AsyncKernelManager):
    """A manager whose kernels are forked from a warm process."""

    _pid = 0
    _exit = -1
    _client: WarmClient | None = None

    async def start_kernel(self, **options: Any) -> None:
        """Fork one. options: cwd, env, extra_arguments; no other is of use to it."""
        self._pid, self._sock = server().fork({
            "cwd": str(options.get("cwd") or Path.cwd()),
            "env": {**(options.get("env") or os.environ), "JPY_PARENT_PID": str(os.getpid())},
            "arguments": [*options.get("extra_arguments", ())],
            "foresee": FORESEE,
        })  # fmt: skip
        self._exit = os.pidfd_open(self._pid)

    @property
    def has_kernel(self) -> bool:
        """Whether one was started and has not been let go of."""
        return self._pid > 0

    @property
    def ipykernel(self) -> bool:
        """Nothing need be told of where history goes: it has none."""
        return False

    def client(self, **_: Any) -> Any:
        """A client of the kernel."""
        self._client = WarmClient(self, self._sock)
        return self._client

    async def is_alive(self) -> bool:
        """Whether the kernel's process is still there."""
        return self._exit >= 0 and not select.select([self._exit], [], [], 0)[0]

    async def interrupt_kernel(self) -> None:
        """As Ctrl-C would."""
        if await self.is_alive():
            os.kill(self._pid, signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False, **_: Any) -> None:
        """End the kernel, and what it started; unless it must be now, let it do what it wants to
        do at its end.
        """
        if not now and self._client is not None and await self.is_alive():
            self._client.ask("shutdown_request", {"restart": False})
            await self._client.gone(self._exit)
        if self.has_kernel:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)

    async def cleanup_resources(self, **_: Any) -> None:
        """Let go of it."""
        if self.has_kernel:
            self._sock.close()
            os.close(self._exit)
            self._pid, self._exit = 0, -1
