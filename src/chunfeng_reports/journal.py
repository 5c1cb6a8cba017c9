"""The journal: what each thing made was made from, so that only what has changed is made anew.

A line for each, written when the thing lies there whole; the last line of a name counts. A run that
is killed loses at most the line that it was writing, and what that told of is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chunfeng_reports.store import Store, sha256, write_bytes

#: Hexadecimal digits of a digest that is only compared with the one before it.
_ENOUGH = 16

#: What a thing is made from, by name → digest.
Inputs = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """What a thing was made from (name → digest), and its files (below the workspace → SHA-256)."""

    inputs: Inputs
    outputs: Mapping[str, str]


def digest(*parts: bytes | str) -> str:
    """A digest of several parts in their order; one part split in two gives another one."""
    known = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        known.update(f"{len(content)}:".encode() + content)
    return known.hexdigest()[:_ENOUGH]


def read(store: Store) -> dict[str, Entry]:
    """What was made and from what, by name; what cannot be read was not made."""
    found: dict[str, Entry] = {}
    try:
        lines = store.journal.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return found
    for line in lines:
        try:
            name, inputs, outputs = json.loads(line)
            found[name] = Entry(dict(inputs), dict(outputs))
        except (ValueError, TypeError):
            continue
    return found


def add(store: Store, name: str, entry: Entry) -> None:
    """Tell that a thing lies there whole."""
    store.journal.parent.mkdir(parents=True, exist_ok=True)
    with store.journal.open("a", encoding="utf-8") as file:
        file.write(f"\n{_line(name, entry)}\n")  # lest half a line of a killed run spoil ours


def keep(store: Store, entries: Mapping[str, Entry]) -> None:
    """Write the journal anew with these alone."""
    text = "".join(_line(name, one) + "\n" for name, one in sorted(entries.items()))
    write_bytes(store.journal, text.encode())


def _line(name: str, entry: Entry) -> str:
    return json.dumps([name, entry.inputs, entry.outputs], ensure_ascii=False)


def whole(store: Store, entries: Mapping[str, Entry]) -> frozenset[str]:
    """The names of those whose files lie there as they were written."""
    paths = {path: store.root / path for one in entries.values() for path in one.outputs}
    now = hashes(paths)
    return frozenset(name for name, one in entries.items()
                     if all(now[path] == known for path, known in one.outputs.items()))  # fmt: skip


def hashes(paths: Mapping[str, Path]) -> dict[str, str]:
    """The SHA-256 of files, by name; empty of one that is not there or cannot be opened."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing holds up no other thread
        return dict(zip(paths, pool.map(_hash, paths.values()), strict=True))


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""


def differing(before: Inputs, now: Inputs) -> Iterable[str]:
    """The names of inputs that are not what they were."""
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]
