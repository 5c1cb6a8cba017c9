"""The last run: what it read, made and said. While all of that is so, there is nothing to do.

It is asked before anything heavy is loaded: neither pandas nor the campaign.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from chunfeng_reports import journal, manifest
from chunfeng_reports.errors import UseError
from chunfeng_reports.execution.purpose import purpose
from chunfeng_reports.store import Store, write_bytes

#: What draws reports: another version may draw them otherwise.
_LIBRARIES = ("pandas", "pyarrow", "pydantic", "jinja2", "great-expectations", "nbconvert",
              "nbformat", "nbclient", "papermill", "ipykernel", "ipython", "jupyter_client",
              "XlsxWriter", "python-docx", "python-calamine", "openpyxl", "lxml")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a run was asked to do: all dues or some, all reports or those of some units."""

    every: bool
    dues: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What a run said: its answer for programs, its lines for people, how many errors are open,
    each thing that it looked at with why it was to be made (not at all: it stood as it was), what
    of what it read was not what the run before it had read, and which things could not be made.
    """

    answer: Mapping[str, Any]
    lines: Sequence[str]
    grave: int
    things: Mapping[str, Sequence[str]]
    moved: Sequence[str]
    failed: Sequence[str] = ()

    def of_nothing(self) -> Told:
        """The same of a run that has found nothing to do."""
        number = self.answer["reports"] | {"made": 0}
        return Told({**self.answer, "reports": number}, self.lines, self.grave,
                    dict.fromkeys(self.things, ()), ())  # fmt: skip


@dataclass(frozen=True)
class LastRun:
    """dues: those that reports were made of; inputs, outputs: name below the workspace → SHA-256,
    or what else tells it.
    """

    asked: Mapping[str, Any]
    dues: Sequence[str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    told: Told


def unchanged(store: Store, asked: Asked) -> Told | None:
    """What the last run said, where it was asked the same, everything that it read is as it was,
    and all that it made lies there whole; else None.
    """
    last = _read(store)
    if last is None or last.asked != _plain(asked) or last.inputs != inputs(store):
        return None
    # A file that somebody laid beside the reports counts, too: a run takes it away.
    names = {store.below(path) for path in store.outputs()} | set(last.outputs)
    there = journal.hashes({name: store.root / name for name in names})
    whole = all(store.manifest(due).is_file() for due in last.dues)
    return last.told.of_nothing() if whole and there == last.outputs else None


def moved(store: Store, now: Mapping[str, str]) -> list[str]:
    """The names of what is read and is not what the last run read; empty where none is known.

    now: :func:`inputs`.
    """
    last = _read(store)
    return [] if last is None else list(journal.differing(last.inputs, now))


def remember(
    store: Store, asked: Asked, told: Told, *, dues: Sequence[str], read: Mapping[str, str]
) -> None:
    """Keep what a run was asked, has made and said.

    dues: those that it made reports of; read: :func:`inputs` as it began.
    """
    outputs = journal.hashes({store.below(path): path for path in store.outputs()})
    last = LastRun(_plain(asked), dues, read, outputs, told)
    write_bytes(store.last_run, json.dumps(asdict(last), ensure_ascii=False).encode())


def forget(store: Store) -> None:
    """What lies there is no longer what the last run left: something is being written."""
    store.last_run.unlink(missing_ok=True)


def inputs(store: Store) -> dict[str, str]:
    """All that a run reads, by name: files, folders of returns (an empty one tells that nothing
    came), the roll-ups of units' own workspaces, this program and its libraries.
    """
    files = manifest.inputs(store, reporting_notebooks(store) | _lower(store))
    folders = {f"data/raw/{name}/": "" for name in store.raw_folders()}
    program = {"program": manifest.code_hash(), "libraries": libraries()}
    return journal.hashes(files) | folders | program


def reporting_notebooks(store: Store) -> dict[str, Path]:
    """The notebooks that make reports, and what they say they read, by name; an analyst's own is
    none of them.
    """
    found: dict[str, Path] = {}
    for notebook in store.notebooks():
        try:
            what = purpose(notebook)
        except UseError:  # one that cannot be used may have made reports: it counts, as changed
            found[store.below(notebook)] = notebook
            continue
        if what is not None:
            found[store.below(notebook)] = notebook
            found |= {name: store.root / name for name in what.files}
    return found


def libraries() -> str:
    """The versions of Python and of what reads, checks and draws."""
    known = (f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return f"Python {platform.python_version()}; {'; '.join(known)}"


def _lower(store: Store) -> dict[str, Path]:
    """The roll-ups that lie in units' own workspaces."""
    lower = store.lower()
    return store.lower_totals(
        (unit, folder.name) for unit, one in lower.items() for folder in one.processed.glob("*")
    )


def _plain(asked: Asked) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(asked)))
    return plain


def _read(store: Store) -> LastRun | None:
    try:
        known = json.loads(store.last_run.read_text("utf-8"))
        return LastRun(**(known | {"told": Told(**known["told"])}))
    except (OSError, ValueError, TypeError, KeyError):
        return None
