"""Streams: what an OLE file (the container of Office 97 and before) holds, by name."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import olefile

from chunfeng_reports.reading.refusal import DAMAGED, Refusal


@dataclass(frozen=True, slots=True)
class Streams:
    """An open OLE file; names of its streams in small letters, storages parted by ``/``."""

    file: olefile.OleFileIO
    names: frozenset[str]

    def read(self, name: str) -> bytes:
        """A stream's content; empty where there is none. Refusal where it is damaged."""
        if name.lower() not in self.names:
            return b""
        try:
            with self.file.openstream(name) as stream:
                return bytes(stream.read())
        except (OSError, ValueError, IndexError):
            raise Refusal(DAMAGED) from None


def streams_of(data: bytes) -> Streams:
    """The streams of an OLE file. Refusal where it is damaged."""
    try:
        file = olefile.OleFileIO(BytesIO(data))
    except (OSError, ValueError, IndexError, TypeError):
        raise Refusal(DAMAGED) from None
    return Streams(file, frozenset("/".join(path).lower() for path in file.listdir()))
