"""The house holds its shape: imports point down only, each library has its owner."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "chunfeng_reports"

# From the face down; a module may import from lower layers, and from its own layer only where
# SAME_LAYER says so.
LAYERS = (
    ("cli", "__main__"),
    (
        "progress",
        "release",
        "pipeline",
        "plan",
        "publish",
        "shelves",
        "workspace",
        "lastrun",
        "doctor",
    ),
    (
        "reading",
        "definitions",
        "checks",
        "returns",
        "execution",
        "renderers",
        "manifest",
        "journal",
        "store",
    ),
    ("tables", "rollup", "blanks", "calendar", "corrections", "localise", "waivers"),
    ("copies", "slips", "worksheets"),
    ("campaign", "facts", "findings", "explanations", "report", "sheets", "cells", "errors"),
)
SAME_LAYER = {
    "__main__": {"cli"},
    "progress": {"pipeline", "workspace"},
    "release": {"pipeline", "plan", "publish", "shelves", "workspace", "lastrun"},
    "pipeline": {"workspace", "lastrun"},
    "shelves": {"plan", "workspace"},
    "plan": {"publish", "workspace", "lastrun"},
    "publish": {"workspace", "lastrun"},
    "tables": {"rollup", "blanks", "calendar", "corrections"},
    "blanks": {"calendar"},
    "corrections": {"localise"},
    "campaign": {"errors"},
    "report": {"errors", "findings", "sheets"},
    # The one edge that other edges may import.
    **{edge: {"store"} for edge in LAYERS[2] if edge != "store"},
}

# The parts of the reading room, from the top down; a part imports only what stands below it.
READING = (
    ("collect", "explain", "copying"),
    ("readers", "explanations"),
    ("received", "versions"),
    ("slips",),
    ("returns",),
    ("whose", "when", "texts"),
    ("layouts",),
    ("words",),
    ("survey",),
    ("containers",),
    ("recognised",),
    ("grids", "workers", "refusal", "portable"),
)

# library → rooms that may import it
OWNERS = {
    "great_expectations": {"checks"},
    "papermill": {"execution"},
    "nbconvert": {"renderers"},
    "jinja2": {"renderers"},
    "xlsxwriter": {"renderers"},
    "matplotlib": {"renderers"},
    "ipywidgets": {"renderers"},
    "openpyxl": {"reading", "returns"},  # one reads with it, one writes
    "python_calamine": {"reading"},
    "lxml": {"reading"},
    "docx": {"renderers"},  # to write; reading has its own
    "olefile": {"reading"},
    "msoffcrypto": {"reading"},
    "psutil": {"reading"},
    "cn2an": {"reading"},
    "scipy": {"localise"},
    "yaml": {"definitions"},
    "click": {"cli"},
    "defusedxml": {"reading"},
    "traitlets": {"execution"},
    "ipykernel": {"execution"},
    "jupyter_client": {"execution"},
    "nbclient": {"execution"},
    "tornado": {"execution"},
    "tqdm": {"cli"},
    "pyarrow": {"store"},
    "filelock": {"store"},
    "dask": {"execution"},
    "distributed": {"execution"},
}


def _room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere in it: late imports count."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
            assert node.level == 0, f"{path.name}: imports are absolute"
    return found


FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted({_room(path) for path in FILES} - {"__init__"})


def _rank(room: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if room in layer)


def test_every_room_has_a_layer() -> None:
    assert not [room for room in ROOMS if not any(room in layer for layer in LAYERS)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        return
    wrong = []
    for name in _imports(path):
        match = re.match(r"chunfeng_reports\.([a-z_]+)", name)
        other = match.group(1) if match else ""
        if other in ("", room) or other == "__version__":
            continue
        down = _rank(other) > _rank(room)
        if not down and other not in SAME_LAYER.get(room, set()):
            wrong.append(name)
    assert not wrong, f"{room} may not import {wrong}"


def test_the_parts_of_the_reading_room_import_downwards() -> None:
    rank = {part: n for n, layer in enumerate(READING) for part in layer}
    wrong = []
    for path in (file for file in FILES if _room(file) == "reading"):
        part = path.relative_to(PACKAGE / "reading").parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        for name in _imports(path):
            match = re.match(r"chunfeng_reports\.reading\.([a-z_]+)", name)
            if match and match[1] != part and rank[match[1]] <= rank[part]:
                wrong.append(f"{part} → {match[1]}")
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_each_library_has_one_owner(path: Path) -> None:
    room = _room(path)
    foreign = {name.split(".")[0] for name in _imports(path)}
    wrong = sorted(lib for lib in foreign & set(OWNERS) if room not in OWNERS[lib])
    assert not wrong, f"{room} may not use {wrong}"


def test_there_is_no_room_for_odds_and_ends() -> None:
    names = {path.stem for path in FILES} | {path.parent.name for path in FILES}
    assert not names & {"utils", "util", "helpers", "common", "misc", "shared"}


def test_the_face_is_light() -> None:
    """`import chunfeng_reports` and `chunfeng --help` load neither pandas nor GX."""
    heavy = ("pandas", "great_expectations", "papermill", "scipy")
    assert not _loaded_by("chunfeng_reports.cli", heavy)


def test_whether_there_is_anything_to_do_is_asked_before_anything_heavy_is_loaded() -> None:
    heavy = ("pandas", "pyarrow", "great_expectations", "papermill", "yaml", "distributed")
    assert not _loaded_by("chunfeng_reports.lastrun", heavy)


def test_the_solver_is_loaded_only_where_it_is_asked() -> None:
    assert not _loaded_by("chunfeng_reports.localise", ("scipy", "numpy"))


def _loaded_by(module: str, heavy: tuple[str, ...]) -> list[str]:
    """Which of some modules are loaded once another has been imported, in a fresh process."""
    script = f"import sys, {module}; print(*(m for m in {heavy} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return done.stdout.split()
