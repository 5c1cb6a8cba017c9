"""The manifest: every input and output of a due with its hash, so that each can be proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chunfeng_reports import __version__
from chunfeng_reports.errors import UseError
from chunfeng_reports.store import Store, sha256, write_bytes

Content = dict[str, Any]
Inputs = Mapping[str, Path]

_SLIPS = "returns/"


def write(
    store: Store,
    due: str,
    *,
    besides: Inputs,
    parameters: Mapping[str, Any],
    current: Container[str],
    failed: Mapping[str, str],
) -> None:
    """Write a due's ``manifest.json``: inputs, outputs, code, parameters, and ``made_at``.

    current: the reports (``<region>/<notebook>``, ``returns/<region>``) that are made from what
    there is now; failed: what went wrong with others. Those that are neither are listed as
    ``stale``. besides: as for :func:`inputs`. Paths are below the workspace. ``made_at`` is the one
    thing in all outputs that knows the time; no hash covers it.
    """
    content: Content = {
        "due": due,
        "parameters": dict(parameters),
        "code": {"version": __version__, "sha256": code_hash()},
        "inputs": {name: _digest(path) for name, path in inputs(store, besides).items()},
    }
    present = {report_of(store, due, path) for path in _files(store.made(due))} - {""}
    slips = _slips_still_good(store, due, content)
    stale = {one for one in present - set(failed) if one not in current and one not in slips}
    outputs = [
        path
        for path in _files(store.made(due))
        if path != store.manifest(due) and report_of(store, due, path) not in stale
    ]
    content["outputs"] = _hashes(store, outputs)
    content["failed"] = dict(sorted(failed.items()))
    content["stale"] = sorted(stale)
    content["made_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_bytes(store.manifest(due), text.encode())


def record_returns(store: Store, due: str) -> None:
    """Take what goes back to the units into a due's manifest, where there is one."""
    if not store.manifest(due).is_file():
        return
    content = read(store, due)
    folder = store.returns(due)
    others = {p: h for p, h in content["outputs"].items()
              if not (store.root / p).is_relative_to(folder)}  # fmt: skip
    content["outputs"] = dict(sorted((others | _hashes(store, _files(folder))).items()))
    content["stale"] = [name for name in content["stale"] if not name.startswith(_SLIPS)]
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_bytes(store.manifest(due), text.encode())


def read(store: Store, due: str) -> Content:
    """A due's manifest. UseError where there is none."""
    path = store.manifest(due)
    if not path.is_file():
        raise UseError(f"还没有 {due} 的 manifest.json；请先运行 chunfeng run --due {due}")
    content: Content = json.loads(path.read_text("utf-8"))
    return content


def changed(store: Store, due: str, *, besides: Inputs) -> list[tuple[str, str]]:
    """What is not as it should be, as (what, how): inputs first.

    How is 缺失, 已改动 or 新增 against the hashes, 没有更新 for a report older than its inputs,
    没有做成 for one that failed. besides: as for :func:`inputs`.
    """
    content = read(store, due)
    found = _differing(content["inputs"], inputs(store, besides))
    if content["code"]["sha256"] != code_hash():
        found.append(("chunfeng 程序", "已改动"))
    outputs = {
        store.below(path): path
        for path in _files(store.made(due))
        if path != store.manifest(due) and report_of(store, due, path) not in content["stale"]
    }
    found += _differing(content["outputs"], outputs)
    found += [(name, "没有更新") for name in content["stale"]]
    found += [(name, "没有做成") for name in content["failed"]]
    return found


def current(store: Store, due: str, *, besides: Inputs) -> bool:
    """Whether the reports of a due are made from the inputs as they are now, all of them whole.

    besides: as for :func:`inputs`.
    """
    outputs = tuple(read(store, due)["outputs"])
    return not [what for what, _ in changed(store, due, besides=besides)
                if what not in outputs and not what.startswith(_SLIPS)]  # fmt: skip


def inputs(store: Store, besides: Inputs) -> dict[str, Path]:
    """All that outputs are made from, by name: returns of all dues, settings, campaign, rules, and
    what else is read.

    besides: that, by name, as `pipeline.read_besides` gives it.
    """
    campaign = store.settings().campaign
    own = [
        store.root / "chunfeng.toml",
        *_files(store.campaign(campaign)),
        *_files(store.suites(campaign)),
        *_files(store.received),
    ]
    return {store.below(path): path for path in own} | dict(besides)


def report_of(store: Store, due: str, path: Path) -> str:
    """The report (``<region>/<notebook>``) that a file of a due belongs to; empty for a table.

    What goes back to a unit is ``returns/<region>``: it ages as reports do.
    """
    if path.is_relative_to(slips := store.returns(due)):
        return _SLIPS + path.relative_to(slips).parts[0]
    folder = store.made(due) / "reports"
    if not path.is_relative_to(folder):
        return ""
    below = path.relative_to(folder)
    return f"{below.parent.as_posix()}/{below.name.split('.')[0]}"


def code_hash() -> str:
    """One hash over the package's own source files."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".css", ".json"} and "bundle" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _slips_still_good(store: Store, due: str, now: Content) -> set[str]:
    """What goes back to units and was made from these very inputs by this code."""
    if not store.manifest(due).is_file():
        return set()
    before = read(store, due)
    if any(before.get(key) != now[key] for key in ("inputs", "code", "parameters")):
        return set()
    known = {report_of(store, due, store.root / path) for path in before["outputs"]}
    return {one for one in known if one.startswith(_SLIPS)} - set(before.get("stale", ()))


def _differing(known: Mapping[str, str], present: Mapping[str, Path]) -> list[tuple[str, str]]:
    found = []
    for path, digest in known.items():
        if path not in present:
            found.append((path, "缺失"))
        elif not (now := _digest(present[path])):
            found.append((path, "打不开"))
        elif now != digest:
            found.append((path, "已改动"))
    return found + [(path, "新增") for path in present if path not in known]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hashes(store: Store, paths: Iterable[Path]) -> dict[str, str]:
    return {store.below(path): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    """A file's hash; empty where it cannot be opened: that costs its own proof and no other's."""
    try:
        return sha256(path)
    except OSError:
        return ""
