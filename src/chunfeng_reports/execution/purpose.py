"""What a notebook is made for, as its metadata says.

``{"chunfeng": {"per": "unit", "title": "单位报告", "order": 1}}`` once a unit, ``"per": "body"``
once a due; order: its place among the reports of the index. Notebooks without it are the
analysts' own and are not run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from chunfeng_reports.errors import UseError


@dataclass(frozen=True)
class Purpose:
    """What a notebook is made for: a ``unit`` or a ``body``, its title, its place in the index."""

    per: str
    title: str
    order: int = 0


def purpose(notebook: Path) -> Purpose | None:
    """What a notebook is made for; None for an analyst's own. UseError where it cannot be told."""
    try:
        about = json.loads(notebook.read_text("utf-8")).get("metadata", {}).get("chunfeng")
    except (ValueError, AttributeError) as error:
        raise UseError(f"{notebook.name} 不是可用的笔记本文件，请修复或移走") from error
    if about is None:
        return None
    match about:
        case {"per": "unit" | "body" as per, "title": str(title)}:
            return Purpose(per, title, int(about.get("order", 0)))
    raise UseError(
        f'{notebook.name} 的元数据 chunfeng 应写明 per（"unit" 或 "body"）和 title（中文名称）'
    )
