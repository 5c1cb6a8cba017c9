"""Kernel: a real IPython kernel in this process, its messages on a socket instead of ZeroMQ's.

It is ipykernel's own application and kernel. What is left out is what serves a person at a
notebook: ports, heartbeat, control channel, history on disk.
"""

from __future__ import annotations

import asyncio
import inspect
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Float
from traitlets.config import Config

from chunfeng_reports.execution.warm import wire

#: Stands for the stream that replies go to; whatever goes to another is for all to see.
_SHELL = object()

_SILENT = "--log-level=CRITICAL"
_QUIET = Config({"IPKernelApp": {"quiet": True}, "HistoryManager": {"enabled": False}})


class WireSession(Session):
    """A session whose messages go over a socket, each as a whole, from whatever thread."""

    def __init__(self, sock: socket.socket, **traits: Any) -> None:
        super().__init__(**traits)
        self._sock = sock
        self._turn = threading.RLock()

    def send(  # noqa: PLR0913, PLR0917  (as its base has it)
        self,
        stream: object,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,  # noqa: ARG002  (there is one reader)
        buffers: Any = None,
        track: bool = False,  # noqa: ARG002
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message, built here unless it is one already."""
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(
                msg_or_type, content=content, parent=parent, header=header, metadata=metadata
            )
        channel = "shell" if stream is _SHELL else "iopub"
        with self._turn:
            self._sock.sendall(wire.frame(channel, self.pack(message), buffers or ()))
        return message


class Publisher(IOPubThread):
    """What streams publish through: at once, in the thread that asks, or later in a timer's."""

    def __init__(self) -> None:
        self.thread: Any = None
        self.io_loop: Any = self
        self._turn = threading.RLock()

    def schedule(self, f: Callable[[], object]) -> None:
        """Do it now."""
        with self._turn:
            f()

    def call_later(self, delay: float, f: Callable[[], object]) -> None:
        """Do it in some seconds, whatever goes on meanwhile."""
        timer = threading.Timer(delay, self.schedule, (f,))
        timer.daemon = True
        timer.start()


class WireKernel(IPythonKernel):
    """An IPython kernel that answers one message after the other."""

    #: ipykernel gives a thread time to send what a cell printed; here it is sent by then.
    _execute_sleep = Float(0.0).tag(config=True)

    async def answer(self, message: wire.Message) -> None:
        """Handle a message as ipykernel's own loop does."""
        self.set_parent(b"", message, channel="shell")
        self._publish_status("busy", "shell")
        handler = self.shell_handlers.get(message["header"]["msg_type"])
        if handler is not None:
            self.pre_handler_hook()
            try:
                result = handler(_SHELL, b"", message)
                if inspect.isawaitable(result):
                    await result
            except KeyboardInterrupt:
                self.log.debug("interrupted when the cell was done")
            finally:
                self.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish_status("idle", "shell")

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits in line here: the client sends no cell before the last is answered."""


class WireApp(IPKernelApp):
    """ipykernel's application, on one socket for all channels."""

    def __init__(self, sock: socket.socket, **traits: Any) -> None:
        super().__init__(**traits)
        self._sock = sock

    def parse_command_line(self, argv: Any = None) -> None:
        """Nothing is built to parse what is not there: it takes a fifth of a kernel's beginning."""
        if argv:
            super().parse_command_line(argv)

    def init_connection_file(self) -> None:
        """There are no ports to write down, nor what else hangs on them."""

    def init_poller(self) -> None:
        """The socket tells when the other side has gone."""

    def init_heartbeat(self) -> None:
        """Who asks whether we live asks for our process."""

    def write_connection_file(self, **kwargs: Any) -> None:
        """There are no ports to write down."""

    def log_connection_info(self) -> None:
        """There are no ports to tell of."""

    def init_sockets(self) -> None:
        """Messages go over the socket given."""
        self.session = WireSession(self._sock, parent=self)
        self.iopub_thread = Publisher()
        self.iopub_socket = self.iopub_thread

    def init_kernel(self) -> None:
        """The kernel, without streams of ZeroMQ."""
        self.kernel = kernel = WireKernel.instance(
            parent=self,
            session=self.session,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def close(self) -> None:
        """Nothing stays open but what ends with the process."""


def serve(sock: socket.socket, arguments: Sequence[str]) -> None:
    """Answer what comes over a socket until it asks to end, or the other side has gone.

    arguments: ipykernel's own, as on its command line.
    """
    said, quiet = [one for one in arguments if one != _SILENT], Config(_QUIET)
    if _SILENT in arguments:  # as our own runs have it: no reason to build a parser
        quiet.IPKernelApp.log_level = "CRITICAL"
    app = WireApp(sock, config=quiet)
    setattr(IPKernelApp, "_instance", app)  # noqa: B010  (what looks for the running one finds it)
    app.initialize(said)
    asyncio.run(_answer_all(app.kernel, sock))


async def _answer_all(kernel: WireKernel, sock: socket.socket) -> None:
    """What the cells left running goes on between them, as in any kernel."""
    loop = asyncio.get_running_loop()
    kernel.io_loop = IOLoop.current()
    waiting: asyncio.Queue[wire.Message | None] = asyncio.Queue()
    loop.add_reader(sock.fileno(), lambda: waiting.put_nowait(_next(sock, loop)))
    while (message := await waiting.get()) is not None:
        if message["header"]["msg_type"] == "shutdown_request":
            return
        await kernel.answer(message)


def _next(sock: socket.socket, loop: asyncio.AbstractEventLoop) -> wire.Message | None:
    """The next message; None, and no more of them, where the other side has gone."""
    try:
        return wire.opened(wire.receive(sock))[1]
    except (EOFError, ConnectionError):
        loop.remove_reader(sock.fileno())
        return None
