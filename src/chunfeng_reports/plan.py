"""The plan of a run: what each thing is made from, and so whether it has to be made anew.

What a report is made from is handed to it, and its key covers what is handed (`publish.Packet`):
tables, notebook, campaign, rules, this program, the libraries that it draws with. Where a key is
what it was and the files lie there as they were written, the report is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from chunfeng_reports import journal
from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import UseError
from chunfeng_reports.execution import Purpose
from chunfeng_reports.journal import Entry, Inputs, digest
from chunfeng_reports.lastrun import libraries
from chunfeng_reports.manifest import code_hash
from chunfeng_reports.publish import Files, Order, Packet
from chunfeng_reports.store import Store, packed, packed_by, sha256
from chunfeng_reports.tables import OF_UNITS, OVER_TIME, Dossier
from chunfeng_reports.workspace import Workspace

_OF_ALL = (*OF_UNITS, "rollup", "outcomes")
_OF_ONE = (*OF_UNITS, "compared")

_WORDS = {
    "facts": "数据或其来源",
    "findings": "问题",
    "intake": "收到的文件",
    "explanations": "单位说明",
    "corrections": "更正建议",
    "passages": "总结文字",
    "compared": "位次或占比",
    "rollup": "汇总数",
    "outcomes": "规则执行情况",
    "links": "所列报告",
    "notebook": "笔记本",
    "files": "笔记本所读的文件",
    "campaign": "活动定义",
    "rules": "规则",
    "program": "本程序",
    "libraries": "所用的库",
}
NEVER, SPOILT, ORDERED = "没有做成的记录", "产出缺失或被改动", "要求全部重做"


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of the dues that have begun, packed for reports, and digests of them.

    frame: a table by due and name, ``compared`` among them.
    """

    dues: tuple[str, ...]
    frame: Callable[[str, str], pd.DataFrame]
    _whole: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _by_unit: dict[tuple[str, str], tuple[bytes, dict[str, bytes]]] = field(default_factory=dict)
    _digests: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def box(self, due: str, name: str, only: str = "") -> bytes:
        """A table, or one unit's rows of it."""
        key = due, name
        if not only:
            if key not in self._whole:
                self._whole[key] = packed(self.frame(due, name))
            return self._whole[key]
        if key not in self._by_unit:
            rows = self.frame(due, name)
            self._by_unit[key] = packed(rows.iloc[:0]), packed_by(rows, "region")
        empty, boxes = self._by_unit[key]
        return boxes.get(only, empty)

    def needed(self, due: str, only: str = "") -> Iterator[tuple[str, str]]:
        """The tables (due, name) that a report of a due reads; only: of the unit alone."""
        until = [one for one in self.dues if one <= due]
        for name in _OF_ONE if only else _OF_ALL:
            for one in until if name in OVER_TIME else (due,):
                yield one, name

    def inputs(self, due: str, only: str = "") -> Inputs:
        """Digests of the tables that a report of a due reads, by name."""
        if (due, only) not in self._digests:
            parts: dict[str, list[bytes]] = {}
            for one, name in self.needed(due, only):
                parts.setdefault(name, []).append(self.box(one, name, only))
            self._digests[due, only] = {name: digest(*boxes) for name, boxes in parts.items()}
        return self._digests[due, only]

    def files(self, store: Store, due: str, only: str = "") -> dict[str, bytes]:
        """The same tables as files of a workspace."""
        return {store.below(store.box(one, name)): self.box(one, name, only)
                for one, name in self.needed(due, only)}  # fmt: skip


@dataclass
class Books:
    """What was made before, and what of it still stands; kept up as things are made.

    whole: the names of those whose files lie as they were written; anew: make everything.
    told: each thing that was looked at → why it had to be made, nothing where it stands as it is;
    made: the names of what was made since.
    """

    store: Store
    entries: dict[str, Entry]
    whole: frozenset[str]
    anew: bool = False
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, store: Store, *, anew: bool = False) -> Books:
        """What the journal tells, held against what lies there."""
        entries = journal.read(store)
        return cls(store, entries, journal.whole(store, entries), anew)

    def why(self, name: str, inputs: Inputs) -> tuple[str, ...]:
        """Why a thing has to be made, in words; nothing where it stands as it is."""
        before = self.entries.get(name)
        if before is None:
            found: tuple[str, ...] = (NEVER,)
        elif changed := journal.differing(before.inputs, inputs):
            found = tuple(_WORDS.get(one, one) + "有变化" for one in changed)
        elif name not in self.whole:
            found = (SPOILT,)
        else:
            found = (ORDERED,) if self.anew else ()
        self.told[name] = found
        return found

    def done(self, name: str, inputs: Inputs, outputs: Mapping[Path, str]) -> None:
        """Tell that a thing was made. outputs: its files, each with its SHA-256."""
        entry = Entry(inputs, {self.store.below(path): known for path, known in outputs.items()})
        journal.add(self.store, name, entry)
        self.entries[name] = entry
        self.made.add(name)

    def make(self, name: str, inputs: Inputs, write: Callable[[], Iterable[Path]]) -> None:
        """Make a thing, unless it stands as it is. write: writes it, and gives the paths."""
        if self.why(name, inputs):
            self.done(name, inputs, {path: sha256(path) for path in write()})

    def stands(self, name: str) -> bool:
        """Whether a thing that was looked at is made from what there is now."""
        return name in self.made or self.told.get(name) == ()

    def close(self) -> None:
        """Keep in the journal what lies there still, and nothing else."""
        standing = {name: one for name, one in self.entries.items()
                    if name in self.made or name in self.whole}  # fmt: skip
        journal.keep(self.store, standing)


@dataclass(frozen=True)
class Planned:
    """One report: its order, what it is made from, and why it has to be made (not at all: as is).

    only: as of a packet; asked: whether the run is for it.
    """

    order: Order
    inputs: Inputs
    why: tuple[str, ...]
    only: str
    asked: bool

    @property
    def wanted(self) -> bool:
        """Whether this run makes it."""
        return self.asked and bool(self.why)


@dataclass(frozen=True, eq=False)
class Plan:
    """The reports of the dues of a run, those that are not asked for included."""

    ws: Workspace
    dossiers: Mapping[str, Dossier]
    tables: Tables
    books: Books
    purposes: Mapping[str, Purpose]

    @cached_property
    def kit(self) -> Files:
        """What all reports are made with: settings, campaign and rules."""
        return {self.ws.store.below(path): path.read_bytes() for path in kit_of(self.ws.store)}

    @cached_property
    def given(self) -> Inputs:
        """Digests of what all things hang on."""
        rules = {name: one for name, one in self.kit.items() if name.startswith("expectations/")}
        others = {name: one for name, one in self.kit.items() if name not in rules}
        return {
            "campaign": _digest_of(others),
            "rules": _digest_of(rules),
            "program": code_hash(),
            "libraries": digest(libraries()),
        }

    def reports(self, dues: Iterable[str], regions: Iterable[str] = ()) -> list[Planned]:
        """The reports of some dues; regions: the units that are asked for, none named: all, and
        the body.
        """
        named = frozenset(regions)
        return [self._planned(one, asked=not named or one.region in named)
                for one in orders(self.ws.desk, dues, self.purposes)]  # fmt: skip

    def _planned(self, order: Order, *, asked: bool) -> Planned:
        only = order.region if self.purposes[order.notebook].reads == "unit" else ""
        tables = self.tables.inputs(order.due, only)
        inputs = {**tables, **_of_notebook(self._notebooks[order.notebook]), **self.given}
        return Planned(order, inputs, self.books.why(name_of(order), inputs), only, asked)

    def packets(self, planned: Iterable[Planned]) -> Iterator[Packet]:
        """What the reports to be made need, one after the other."""
        for one in planned:
            tables = self.tables.files(self.ws.store, one.order.due, one.only)
            yield Packet(one.order, {**tables, **self._notebooks[one.order.notebook]}, one.only)

    def over_time(self, region: str, links: object) -> Inputs:
        """What a unit's page over all dues is made from. links: to its reports."""
        shown = ("facts", "findings", "intake", "explanations")
        told = {name: digest(*(self.tables.box(due, name, region) for due in self.tables.dues))
                for name in shown}  # fmt: skip
        return {**told, "links": digest(repr(links)), **self.given}

    def of_totals(self, due: str) -> Inputs:
        """What the forms that the body submits for a due are made from."""
        return {**self.tables.inputs(due), **self.given}

    @cached_property
    def _notebooks(self) -> dict[str, Files]:
        """Each notebook, first, and the files that it says it reads."""
        root = self.ws.store.root
        return {
            notebook: {name: _content(root, name, notebook)
                       for name in (f"notebooks/{notebook}", *what.files)}
            for notebook, what in self.purposes.items()
        }  # fmt: skip


def orders(desk: Desk, dues: Iterable[str], purposes: Mapping[str, Purpose]) -> list[Order]:
    """Every report of some dues: each notebook once a unit, or for the body."""
    of = {"unit": desk.unit_codes, "body": (desk.body.code,)}
    return [Order(due, region, notebook) for due in dues
            for notebook, what in purposes.items() for region in of[what.per]]  # fmt: skip


def name_of(order: Order) -> str:
    """A report's name in the journal."""
    return f"{order.due}/reports/{order.region}/{order.stem}"


def kit_of(store: Store) -> list[Path]:
    """The files of a workspace that all reports are made with: settings, campaign, rules."""
    settings = store.settings()
    folders = store.campaign(settings.campaign), store.suites(settings.campaign)
    own = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return [store.root / "chunfeng.toml", *own]


def _of_notebook(read: Files) -> dict[str, str]:
    (name, content), *others = read.items()
    files = {"files": _digest_of(dict(others))} if others else {}
    return {"notebook": digest(name, content)} | files


def _digest_of(files: Files) -> str:
    return digest(*(part for name, content in sorted(files.items()) for part in (name, content)))


def _content(root: Path, name: str, notebook: str) -> bytes:
    try:
        return (root / name).read_bytes()
    except OSError as error:
        raise UseError(
            f"{notebook} 的元数据 chunfeng 的 files 列了 {name}，但读不到这个文件；"
            "请核对路径（从工作区算起）"
        ) from error
