"""Wording: how figures, marks and days are written for a reader, the same in every format."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import date

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.report import Column, Figure, Table

MARKS: dict[str, str] = {"critical": "▲", "warning": "●", "info": "○"}
STATUS_WORDS: dict[str, str] = {"final": "数据齐全", "provisional": "暂定", "none": "未开始"}


def finite(value: float | None) -> float | None:
    """The value where it is a number; NaN and infinity are none."""
    return value if value is not None and math.isfinite(value) else None


def places(value: float, decimals: int) -> int:
    """Decimals to show: as asked, but a fraction among whole numbers is never rounded away."""
    if decimals or value == round(value):
        return decimals
    return len(f"{value:.4f}".rstrip("0").partition(".")[2]) or 4


def number(value: float, *, decimals: int = 0) -> str:
    """A number for a reader: ``12,345``, ``−5``, ``12.5``."""
    digits = f"{abs(value):,.{places(value, decimals)}f}"
    return f"−{digits}" if value < 0 and digits.strip("0.,") else digits


def brief(value: float, *, decimals: int = 0) -> str:
    """A number where room is short, rounded.

    From a million on in 万 (``1,234.6万``), from a hundred million on in 亿 (``12.35亿``).
    """
    if abs(value) < 1_000_000:
        return number(value, decimals=decimals)
    if abs(value) < 100_000_000:
        return f"{number(round(value / 10_000, 1), decimals=1)}万"
    return f"{number(round(value / 100_000_000, 2), decimals=2)}亿"


def change(value: float, *, decimals: int = 0) -> str:
    """A change with its sign: ``+1,234``, ``−56``, ``0``."""
    return f"+{number(value, decimals=decimals)}" if value > 0 else number(value, decimals=decimals)


def percent(share: float, *, decimals: int = 0) -> str:
    """A share as a percentage: 0.125 → ``12.5%``."""
    digits = f"{abs(share) * 100:,.{decimals}f}%"
    return f"−{digits}" if share < 0 and digits.strip("0.,%") else digits


def written(figure: Figure, column: Column) -> str:
    """What a table cell says, without note and mark; empty where there is no value."""
    value = figure.value
    if isinstance(value, str):
        severity = column.kind == "severity"
        return SEVERITY_WORDS.get(value, value) if severity else value
    if finite(value) is None:
        return ""
    assert value is not None
    decimals = decimals_of(figure, column)
    if column.kind == "change":
        return change(value, decimals=decimals)
    if column.kind == "percent":
        return percent(value, decimals=decimals)
    if column.kind == "code":
        return f"{value:g}" if value != round(value) else f"{value:.0f}"
    return number(value, decimals=decimals)


def decimals_of(figure: Figure, column: Column) -> int:
    """Decimals that a figure is shown with: its own, else its column's."""
    return column.decimals if figure.decimals is None else figure.decimals


def marks(table: Table) -> tuple[str, ...]:
    """The severities that mark figures of a table, worst first: what its legend must explain."""
    found = {cell.mark for row in table.rows for cell in row.cells}
    return tuple(severity for severity in MARKS if severity in found)


def day(due: str) -> str:
    """A due as a reader says it: ``2023-02-01`` → ``2023年2月1日``; any other text as it stands."""
    try:
        when = date.fromisoformat(due)
    except ValueError:
        return due
    return f"{when.year}年{when.month}月{when.day}日"


def slug(key: str) -> str:
    """A name fit for an ``id`` and for the part after ``#``; different keys stay different."""
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", key).strip("-")
    if safe == key:
        return key
    return f"{safe}-{hashlib.blake2s(key.encode(), digest_size=4).hexdigest()}".lstrip("-")
