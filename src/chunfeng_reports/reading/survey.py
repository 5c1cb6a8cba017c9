"""Survey: the files in a due's folder, which of them are passed over, and when they came."""

from __future__ import annotations

import csv
import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

from chunfeng_reports.errors import UseError
from chunfeng_reports.explanations import REGISTER
from chunfeng_reports.reading.containers.decoding import decode
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.store import name_below

RECEIVED = "received.csv"

CHINA = timezone(timedelta(hours=8))
#: Files of the desk's own in a due's folder; what each is for.
REGISTERS = {RECEIVED: "收件登记表", REGISTER: "说明登记表"}
_PASSED_OVER = (
    (re.compile(r"(?:.*/)?(?:~\$|\.~lock\.)[^/]*"), "办公软件的临时锁定文件"),
    (re.compile(r"(?:.*/)?[^/]*(?:\.tmp|\.part|\.crdownload|\.swp|\.bak)", re.I), "临时文件"),
    (re.compile(r"(?:.*/)?(?:Thumbs\.db|desktop\.ini|ehthumbs\.db)", re.I), "系统文件"),
    (re.compile(r"(?:.*/)?__MACOSX/.*"), "系统文件"),
    (re.compile(r"(?:.*/)?\.(?!\.?(?:/|$))[^/]+(?:/.*)?"), "系统文件"),
)


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """Every file under a folder: its path below it (``/`` separated) and where it is, in order.

    Each path is its own and can be written down, whatever bytes the name is made of. Links, special
    files and folders that cannot be looked into are among them (``is_plain`` tells them apart);
    links are not followed. None where the folder does not exist: nothing came. UseError where it is
    no folder.
    """
    if not folder.is_dir():
        if folder.exists() or folder.is_symlink():
            raise UseError(f"data/raw/{folder.name} 不是文件夹，请改为以报送期命名的文件夹")
        return []
    return sorted(_below(folder))


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    closed: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        here = Path(place)
        above = f"{name_below(here, folder)}/" if here != folder else ""
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *links):
            path = here / name
            yield above + name if name.isprintable() else name_below(path, folder), path
    yield from ((name_below(path, folder), path) for path in closed)


def is_plain(path: Path) -> bool:
    """Whether it is a file itself: no link, no pipe, no device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def passed_over(file: str) -> str:
    """Why a file is no return by its very name (a lock file, a register of the desk), or empty."""
    if file in REGISTERS:
        return REGISTERS[file]
    return next((why for pattern, why in _PASSED_OVER if pattern.fullmatch(file)), "")


def received_at(folder: Path) -> tuple[dict[str, datetime], tuple[str, ...]]:
    """File → when it came, from ``received.csv`` (columns file, received_at), and what is wrong.

    Empty without one. Times without a zone are Chinese time; ``\\`` parts folders as ``/`` does.
    """
    path = folder / RECEIVED
    where = f"data/raw/{folder.name}/{RECEIVED}"
    if not is_plain(path):
        return {}, ()
    try:
        rows = csv.DictReader(StringIO(decode(path.read_bytes())))
        if not {"file", "received_at"} <= set(rows.fieldnames or ()):
            return {}, (f"{where} 应有 file、received_at 两列，没有使用；请补齐表头",)
        told = [(row["file"].replace("\\", "/"), row["received_at"]) for row in rows if row["file"]]
    except (Refusal, csv.Error, OSError):
        return {}, (f"{where} 读不出来，没有使用；请另存为 UTF-8 编码的 csv",)
    times = {file: time for file, text in told if (time := _time(text)) is not None}
    wrong = [text or "" for _, text in told if _time(text) is None]
    return times, tuple(
        f"{where} 中的时间“{text}”没有使用，应写作 2023-02-01 16:30 的样子"
        for text in dict.fromkeys(wrong)
    )


def _time(text: str | None) -> datetime | None:
    # 2023/2/1 9:05 is what Excel makes of a date when it saves a csv.
    # and 2023年2月1日 what people write.
    text = re.sub(r"^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?(?=\D|$)", _dashed,
                  (text or "").strip())  # fmt: skip
    text = re.sub(r"^(\d{4}-\d\d-\d\d)(?=\d)", r"\1 ", text)
    text = re.sub(r"(?<= )\d(?=:)", lambda met: "0" + met[0], text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=CHINA)


def _dashed(met: re.Match[str]) -> str:
    return f"{met[1]}-{int(met[2]):02d}-{int(met[3]):02d}"
