"""What a notebook is made for, as its metadata says.

``{"chunfeng": {"per": "unit", "title": "单位报告", "order": 1}}`` once a unit, ``"per": "body"``
once a due; order: its place among the reports of the index. Notebooks without it are the
analysts' own and are not run.

A notebook runs in a workspace that holds what it reads and nothing else, and a report is made anew
where that has changed. ``"reads": "unit"`` in a notebook per unit: only what is known of that unit
(``ws.dossier(due, region)``); else all of the due and those before it.
``"files": ["notebooks/weights.csv"]``: what it reads besides, by paths below the workspace.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from chunfeng_reports.errors import UseError


@dataclass(frozen=True)
class Purpose:
    """What a notebook is made for: a ``unit`` or a ``body``, its title, its place in the index.

    reads: ``unit`` or ``all``; files: what it reads besides, below the workspace.
    """

    per: str
    title: str
    order: int = 0
    reads: str = "all"
    files: tuple[str, ...] = ()


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
            reads, files = about.get("reads", "all"), about.get("files", [])
            if _readable(per, reads, files):
                return Purpose(per, title, int(about.get("order", 0)), reads, tuple(files))
    raise UseError(
        f'{notebook.name} 的元数据 chunfeng 应写明 per（"unit" 或 "body"）和 title（中文名称）；'
        '可以写 reads（"all"；per 为 "unit" 时也可为 "unit"）和 files（文件路径的列表，从工作区'
        "算起，不能在工作区外，也不能在 data/processed 里）"
    )


def _readable(per: str, reads: object, files: object) -> bool:
    """Whether it is told as it should be what a notebook reads: paths lead nowhere else."""
    if reads not in (("all", "unit") if per == "unit" else ("all",)) or not isinstance(files, list):
        return False
    paths = [PurePosixPath(one) for one in files if isinstance(one, str)]
    return len(paths) == len(files) and not any(
        path.is_absolute()
        or ".." in path.parts
        or "\\" in str(path)
        or path.parts[:2] == ("data", "processed")
        for path in paths
    )
