"""Wire: Jupyter's messages over a stream socket, each with the channel that it belongs to.

A frame is a head of big-endian numbers (how many parts, then the length of each) and the parts:
the channel, the message as JSON, its binary buffers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Iterable
from datetime import datetime
from typing import Any

Message = dict[str, Any]

_NUMBER = struct.Struct(">I")
_DATED = ("header", "parent_header")


def frame(channel: str, message: bytes, buffers: Iterable[Any] = ()) -> bytes:
    """A message as bytes to be sent."""
    parts = [channel.encode(), message, *(bytes(memoryview(one).cast("B")) for one in buffers)]
    return struct.pack(f">{1 + len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts)


def opened(parts: list[bytes]) -> tuple[str, Message]:
    """The channel and the message of a frame, its dates as dates, its buffers with it."""
    message: Message = json.loads(parts[1])
    for name in _DATED:
        date = message.get(name, {}).get("date")
        if isinstance(date, str):
            message[name]["date"] = datetime.fromisoformat(date)
    return parts[0].decode(), message | {"buffers": [memoryview(one) for one in parts[2:]]}


def receive(sock: socket.socket) -> list[bytes]:
    """The parts of the next frame, waited for; EOFError where the other side has gone."""
    (count,) = _NUMBER.unpack(_exactly(sock, 4))
    sizes = struct.unpack(f">{count}I", _exactly(sock, 4 * count))
    return [_exactly(sock, size) for size in sizes]


def _exactly(sock: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        more = sock.recv(size - len(found))
        if not more:
            raise EOFError
        found += more
    return bytes(found)


async def receive_async(reader: asyncio.StreamReader) -> list[bytes]:
    """The same, while other things go on."""
    (count,) = _NUMBER.unpack(await reader.readexactly(4))
    sizes = struct.unpack(f">{count}I", await reader.readexactly(4 * count))
    return [await reader.readexactly(size) for size in sizes]
