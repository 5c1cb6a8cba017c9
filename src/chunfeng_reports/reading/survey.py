"""Survey: the files in a due's folder, which of them are passed over, and when they came."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

from chunfeng_reports.errors import UseError
from chunfeng_reports.reading.delimited import decode
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.store import name_below

RECEIVED = "received.csv"

_CHINA = timezone(timedelta(hours=8))
_PASSED_OVER = (
    (re.compile(r"(?:.*/)?(?:~\$|\.~lock\.)[^/]*"), "办公软件的临时锁定文件"),
    (re.compile(r"(?:.*/)?[^/]*(?:\.tmp|\.part|\.crdownload|\.swp|\.bak)", re.I), "临时文件"),
    (re.compile(r"(?:.*/)?(?:Thumbs\.db|desktop\.ini|ehthumbs\.db)", re.I), "系统文件"),
    (re.compile(r"(?:.*/)?__MACOSX/.*"), "系统文件"),
    (re.compile(r"(?:.*/)?\.[^/]*"), "系统文件"),
)


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """Every file under a folder: its path below it (``/`` separated) and where it is, in order.

    Each path is its own and can be written down, whatever bytes the name is made of. None where
    the folder does not exist: nothing came.
    """
    if not folder.is_dir():
        return []
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted((name_below(path, folder), path) for path in files)


def passed_over(file: str) -> str:
    """Why a file is no return by its very name (a lock file, ``received.csv``), or empty."""
    if file == RECEIVED:
        return "收件登记表"
    return next((why for pattern, why in _PASSED_OVER if pattern.fullmatch(file)), "")


def received_at(folder: Path) -> dict[str, datetime]:
    """File → when it came, from ``received.csv`` (columns file, received_at); empty without one.

    Times without a zone are Chinese time. UseError where a column is missing or a time unreadable.
    """
    path = folder / RECEIVED
    if not path.is_file():
        return {}
    try:
        rows = csv.DictReader(StringIO(decode(path.read_bytes())))
        if not {"file", "received_at"} <= set(rows.fieldnames or ()):
            raise UseError(f"{RECEIVED} 应有 file、received_at 两列，请补齐表头")
        return {row["file"]: _time(row["received_at"]) for row in rows if row["file"]}
    except (Refusal, csv.Error):
        raise UseError(f"{RECEIVED} 读不出来，请另存为 UTF-8 编码的 csv") from None


def _time(text: str | None) -> datetime:
    try:
        time = datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise UseError(f"{RECEIVED} 中的时间“{text}”应写作 2023-02-01 16:30 的样子") from None
    return time if time.tzinfo else time.replace(tzinfo=_CHINA)
