"""The store: where everything of a workspace lies, and how it is written.

The only module that knows folder names. Whatever it writes appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from chunfeng_reports.errors import StoreError, UseError

if TYPE_CHECKING:
    import pandas as pd

MARKER = "chunfeng.toml"
WEEKLY = "weekly"
INDEX = "index.html"
LOWER = "lower"
KITS = ("notebooks", "expectations", "campaigns")
PACKED = ".arrow"
ONLY = "only"
_ASIDE = re.compile(r"\..+\.[a-z0-9_]{8}\.part")
_DUE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Settings(BaseModel):
    """What ``chunfeng.toml`` says: the campaign, and the body at whose desk we sit.

    lower: unit → the workspace in which it sums up its own units, a path from ours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign: str
    body: str
    lower: dict[str, str] = {}


@dataclass(frozen=True)
class Store:
    """The files of one workspace."""

    root: Path

    @classmethod
    def find(cls, start: Path | str = ".") -> Store:
        """The workspace at a folder or, failing that, the nearest one above it."""
        here = Path(start).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise UseError(
            f"在 {start} 及其上级文件夹中没有找到 {MARKER}；"
            "请进入工作区，或用 --workspace 指明，或先运行 chunfeng init 建立一个"
        )

    def settings(self) -> Settings:
        """What ``chunfeng.toml`` says. UseError where it is not as it should be."""
        try:
            return Settings.model_validate(
                tomllib.loads((self.root / MARKER).read_text("utf-8-sig"))
            )
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
            raise UseError(
                f'{MARKER} 应当只写两行：campaign = "…" 和 body = "…"，'
                '另外可以有 [lower] 一节，一行一个单位：代码 = "下级工作区的文件夹"；现在不是这样'
            ) from error

    def lower(self) -> dict[str, Store]:
        """The workspaces in which units sum up their own units, as far as they are there."""
        folders = {unit: self.root / path for unit, path in sorted(self.settings().lower.items())}
        return {unit: Store(at) for unit, at in folders.items() if (at / MARKER).is_file()}

    def lower_totals(self, wanted: Iterable[tuple[str, str]]) -> dict[str, Path]:
        """The roll-ups that there are, of units and dues, in the units' own workspaces: by their
        names in a manifest (no path in them).
        """
        lower = self.lower()
        paths = {(unit, due): lower[unit].table(due, "rollup") for unit, due in wanted
                 if unit in lower}  # fmt: skip
        return {f"{LOWER}/{unit}/{due}/{path.name}": path
                for (unit, due), path in paths.items() if path.is_file()}  # fmt: skip

    def campaign(self, name: str) -> Path:
        """Folder of a campaign's definition."""
        return self.root / "campaigns" / name

    def suites(self, campaign: str) -> Path:
        """Folder of a campaign's rules."""
        return self.root / "expectations" / campaign

    def suite(self, campaign: str, named: Path | str) -> Path:
        """The file of a suite: a path (from here or below the workspace), or a campaign's by name.

        UseError where there is none.
        """
        own = self.suites(campaign)
        for path in (Path(named), self.root / named, own / f"{named}.json"):
            if path.is_file():
                return path
        known = "、".join(path.stem for path in sorted(own.glob("*.json")))
        raise UseError(f"没有这套规则：{named}；请写 JSON 文件的路径，或活动规则的名称（{known}）")

    @property
    def scratch(self) -> bool:
        """Whether this is a workspace that one report is made in and that then goes away."""
        return (self.processed / ONLY).is_file()

    @property
    def only(self) -> str:
        """The one unit whose rows the tables here hold, where a report of it is being made from
        just these; empty in a workspace as people have them.
        """
        return (self.processed / ONLY).read_text("utf-8") if self.scratch else ""

    def notebooks(self) -> tuple[Path, ...]:
        """Every notebook of the workspace, by name."""
        return tuple(sorted((self.root / "notebooks").glob("*.ipynb")))

    @property
    def received(self) -> Path:
        """``data/raw``: everything as received; nothing is ever written here."""
        return self.root / "data" / "raw"

    def raw(self, due: str) -> Path:
        """Folder of the returns received for a due."""
        return self.received / due

    def raw_folders(self) -> tuple[str, ...]:
        """Names of everything that lies directly under ``data/raw``, hidden files aside."""
        if not self.received.is_dir():
            return ()
        return tuple(sorted(p.name for p in self.received.iterdir() if p.name[0] != "."))

    @property
    def processed(self) -> Path:
        """``data/processed``: all that is made; safe to delete."""
        return self.root / "data" / "processed"

    def made(self, due: str) -> Path:
        """Folder of what is made for a due."""
        return self.processed / due

    def table(self, due: str, name: str) -> Path:
        """A table of a due: ``facts``, ``findings``, ``intake``, ``explanations`` …"""
        return self.made(due) / f"{name}.parquet"

    def box(self, due: str, name: str) -> Path:
        """The same table packed, in a workspace that one report is made in."""
        return self.table(due, name).with_suffix(PACKED)

    def known(self, due: str, name: str) -> bool:
        """Whether there is such a table."""
        return self.table(due, name).is_file() or self.box(due, name).is_file()

    def previous(self, due: str) -> Path:
        """The findings of a due before they last changed; no hash covers it."""
        return self.processed / "previous" / f"{due}.parquet"

    def report(self, due: str, region: str, notebook: str, kind: str) -> Path:
        """An output of a notebook: ``ipynb``, ``report.json``, ``html``, ``xlsx``, ``docx``."""
        return self.made(due) / "reports" / region / f"{notebook}.{kind}"

    def reports(self, due: str, region: str) -> tuple[Path, ...]:
        """The files of a region's reports that there are at a due, by name."""
        folder = self.made(due) / "reports" / region
        return tuple(sorted(path for path in folder.glob("*") if path.is_file()))

    @property
    def journal(self) -> Path:
        """What each thing made was made from; no hash covers it."""
        return self.processed / "journal.jsonl"

    @property
    def last_run(self) -> Path:
        """What the last run read, made and said; no hash covers it."""
        return self.processed / "last-run.json"

    def outputs(self) -> list[Path]:
        """All files that a run makes, manifests aside: they tell the time, and what goes back to
        units is added to them.
        """
        folders = [path for path in self.processed.glob("*") if _DUE.fullmatch(path.name)]
        others = [self.index, *(self.processed / "units").glob("*")]
        made = (path for folder in folders for path in folder.rglob("*")
                if path.is_file() and path.relative_to(folder).parts[0] != "returns")  # fmt: skip
        return sorted(path for path in (*made, *others)
                      if path.is_file() and path.name != "manifest.json")  # fmt: skip

    @contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Keep others from writing here meanwhile. what: the command, for them to be told.

        StoreError, with who is at work, where somebody else is.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415  (most commands only look)

        self.processed.mkdir(parents=True, exist_ok=True)
        told = self.processed / ".running.json"
        lock = FileLock(self.processed / ".lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise StoreError(_who_is_at_work(told)) from None
        try:
            began = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
            who = {"what": what, "process": os.getpid(), "host": gethostname(), "began": began}
            write_bytes(told, json.dumps(who, ensure_ascii=False).encode())
            self._sweep()
            yield
        finally:
            told.unlink(missing_ok=True)
            lock.release()

    def _sweep(self) -> None:
        """Remove what a run that was killed had not written to the end. Nobody else is writing."""
        for path in self.processed.rglob(".*"):
            if _ASIDE.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def manifest(self, due: str) -> Path:
        """The list of a due's inputs and outputs with their hashes."""
        return self.made(due) / "manifest.json"

    def blank_forms(self, due: str) -> Path:
        """Folder of the blank forms of a due."""
        return self.processed / "forms" / due

    def submission(self, due: str, upper: str) -> Path:
        """Folder of what the body itself submits for a due of the tier above."""
        return self.made(due) / "submission" / upper

    def returns(self, due: str) -> Path:
        """Folder of what goes back to the units at a due, a folder each by code."""
        return self.made(due) / "returns"

    def page(self, name: str) -> Path:
        """A page beside the first one, by its name relative to it."""
        return self.processed / name

    @property
    def index(self) -> Path:
        """The first page, over all dues."""
        return self.processed / INDEX

    def below(self, path: Path) -> str:
        """A path as written in outputs: below the workspace, ``/`` between folders."""
        return name_below(path, self.root)


def name_below(path: Path, folder: Path) -> str:
    """A file's path below a folder as outputs write it: ``/`` between folders, each name legible.

    A name that is no UTF-8 (unpacked from an archive made on a Chinese Windows) is told as GB18030
    has it, or with ``\\xNN`` for its bytes where that is no text or another file's name.
    """
    names: list[str] = []
    here = folder
    for name in path.relative_to(folder).parts:
        names.append(_legible(name, here))
        here /= name
    return "/".join(names)


def _legible(name: str, folder: Path) -> str:
    if name.isprintable():  # what stands for a byte astray (a surrogate) is not
        return name
    raw = os.fsencode(name)
    try:
        raw.decode("utf-8")
        return name
    except UnicodeDecodeError:
        escaped = raw.decode("utf-8", "backslashreplace")
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return escaped
    legible = text.replace("\u3000", " ").isprintable()
    return text if legible and not os.path.lexists(folder / text) else escaped


def create(folder: Path, *, campaign: str, body: str) -> Store:
    """A new workspace with its own copy of notebooks, rules and campaign definitions.

    UseError where the folder already is a workspace.
    """
    if (folder / MARKER).exists():
        raise UseError(f"{folder} 已经是工作区；请换一个文件夹")
    for kit in KITS:
        shutil.copytree(
            bundle() / kit,
            folder / kit,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
        )
    for place in ("data/raw", "data/processed"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    write_bytes(
        folder / MARKER,
        (
            "# The workspace: which campaign, and at whose desk we sit.\n"
            f'campaign = "{campaign}"\nbody = "{body}"\n'
        ).encode(),
    )
    return Store(folder.resolve())


def bundle() -> Path:
    """Where the notebooks, rules and definitions that come with the package lie."""
    package = Path(str(resources.files("chunfeng_reports")))
    packed = package / "bundle"
    return packed if packed.is_dir() else package.parents[1]


def sha256(path: Path) -> str:
    """A file's SHA-256, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole: a reader sees the old one or the new one, never half of one.

    lasting: it outlives a power cut from here on, which takes the disk some milliseconds.
    """
    with _aside(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        if lasting:
            file.flush()
            os.fsync(file.fileno())


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all; the same rows give the same bytes."""
    with _aside(path) as temporary:
        frame.reset_index(drop=True).to_parquet(temporary, index=False)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())


def read_table(path: Path) -> pd.DataFrame:
    """A table written by :func:`write_table`. UseError where it has not been made yet."""
    return read_tables([path])


def read_tables(paths: Sequence[Path]) -> pd.DataFrame:
    """The same of several tables of a kind (one at least), their rows together.

    One that came packed (:func:`packed`) lies under its own name, but for the ending.
    """
    import pandas as pd  # noqa: PLC0415  (whoever only asks for folders needs no tables)

    boxes = [path.with_suffix(PACKED) for path in paths]
    if all(box.is_file() for box in boxes):
        return _unpacked([box.read_bytes() for box in boxes])
    for path in paths:
        if not path.is_file():
            due = path.parent.name
            raise UseError(f"还没有 {due} 这一期的数据；请先运行 chunfeng run --due {due}")
    frames = [pd.read_parquet(path) for path in paths]
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def packed(frame: pd.DataFrame) -> bytes:
    """A table as Arrow's stream, which is read ten times as fast as Parquet; the same rows give the
    same bytes.
    """
    return _stream(_arrow(frame))


def packed_by(frame: pd.DataFrame, column: str) -> dict[str, bytes]:
    """The same of the rows of each value of a column."""
    together = _arrow(frame).combine_chunks()
    # Taken, not sliced: at the ends of a slice stand bits of its neighbours.
    return {str(value): _stream(together.take(rows))
            for value, rows in frame.groupby(column).indices.items()}  # fmt: skip


def _arrow(frame: pd.DataFrame) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _stream(table: Any) -> bytes:
    import pyarrow as pa  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _unpacked(boxes: Sequence[bytes]) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415

    tables = [pa.ipc.open_stream(box).read_all() for box in boxes]
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas(use_threads=False)
    return frame


def _who_is_at_work(told: Path) -> str:
    """Who holds the lock, in words, as far as it has said so."""
    try:
        who = json.loads(told.read_text("utf-8"))
        there = "" if who["host"] == gethostname() else f"{who['host']} 上的"
        one = f"{there}进程 {who['process']}（chunfeng {who['what']}，{who['began']} 开始）"
    except (OSError, ValueError, KeyError):  # it has begun this very moment
        one = "另一个 chunfeng"
    return f"{one}正在这个工作区运行，本次没有执行；请等它结束后再运行"


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"{path.name} 写不进 {path.parent}（{reason}）；"
            "如果它正在 Excel 或浏览器中打开，请先关闭；再查磁盘空间和文件夹权限"
        ) from error
