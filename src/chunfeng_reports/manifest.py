"""The manifest: every input and output of a due with its hash, so that each can be proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chunfeng_reports import __version__
from chunfeng_reports.errors import UseError
from chunfeng_reports.store import Store, write_bytes


def sha256(path: Path) -> str:
    """A file's SHA-256, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(store: Store, due: str, *, parameters: Mapping[str, Any]) -> None:
    """Write a due's ``manifest.json``: inputs, outputs, code, parameters, and ``made_at``.

    Paths are below the workspace. ``made_at`` is the one thing in all outputs that knows the time;
    no hash covers it.
    """
    outputs = (p for p in _files(store.made(due)) if p != store.manifest(due))
    content = {
        "due": due,
        "parameters": dict(parameters),
        "code": {"version": __version__, "sha256": code_hash()},
        "inputs": _hashes(store, inputs(store)),
        "outputs": _hashes(store, outputs),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_bytes(store.manifest(due), text.encode())


def read(store: Store, due: str) -> dict[str, Any]:
    """A due's manifest. UseError where there is none."""
    path = store.manifest(due)
    if not path.is_file():
        raise UseError(f"还没有 {due} 的 manifest.json；请先运行 chunfeng run --due {due}")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def changed(store: Store, due: str) -> list[tuple[str, str]]:
    """What is no longer as the manifest says: (path, 缺失 | 已改动 | 新增), inputs first."""
    content = read(store, due)
    found: list[tuple[str, str]] = []
    for group, present in (
        ("inputs", {store.below(p): p for p in inputs(store)}),
        ("outputs", {store.below(p): p for p in _files(store.made(due))}),
    ):
        known: dict[str, str] = content[group]
        for path, digest in known.items():
            if path not in present:
                found.append((path, "缺失"))
            elif sha256(present[path]) != digest:
                found.append((path, "已改动"))
        ours = {store.below(store.manifest(due))}
        found += [(path, "新增") for path in present if path not in known and path not in ours]
    return found


def inputs(store: Store) -> list[Path]:
    """All that outputs are made from: returns of all dues, settings, campaign, rules, notebooks."""
    campaign = store.settings().campaign
    return [
        store.root / "chunfeng.toml",
        *_files(store.campaign(campaign)),
        *_files(store.suites(campaign)),
        *store.notebooks(),
        *_files(store.received),
    ]


def code_hash() -> str:
    """One hash over the package's own source files."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".css", ".json"} and "bundle" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hashes(store: Store, paths: Iterable[Path]) -> dict[str, str]:
    return {store.below(path): sha256(path) for path in paths}
