"""Templates of the pages, and the one place that fills them in (Jinja2, escaping always on)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.charts import bars_svg, course_svg
from chunfeng_reports.renderers.wording import (
    MARKS,
    STATUS_WORDS,
    change,
    day,
    finite,
    marks,
    number,
    slug,
    written,
)
from chunfeng_reports.report import Block, Column, Figure, Row, Section, Table
from chunfeng_reports.worksheets import legal

FOLDER = Path(__file__).parent
TOGETHER = ("bars", "course", "form")
BRIEF = 12  # rows


def fill(name: str, **values: Any) -> str:
    """A template, filled in; every text in it is escaped and freed of control characters."""
    return _environment().get_template(name).render(**values)


def compiled() -> None:
    """Have all templates ready: the first page that a process makes need not wait for them."""
    for name in _environment().list_templates(["j2"]):
        if "/" not in name:
            _environment().get_template(name)


@cache
def fragment_css() -> Markup:
    """The style of report fragments; every selector but the variables' starts with ``.cf``."""
    return Markup(fill("fragment.css.j2"))


@cache
def page_css() -> Markup:
    """The style of whole pages, fragments included."""
    return fragment_css() + Markup((FOLDER / "page.css").read_text("utf-8"))


@cache
def page_js() -> Markup:
    """The script of whole pages: sorting and filtering of tables."""
    return Markup((FOLDER / "page.js").read_text("utf-8"))


@cache
def page_policy() -> Markup:
    """What a page may do: show its own style and pictures, and run that one script."""
    digest = b64encode(sha256(page_js().encode()).digest()).decode()
    return Markup(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("chunfeng_reports.renderers", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "change": change,
        "course_svg": course_svg,
        "day": day,
        "finite": finite,
        "marks": marks,
        "number": number,
        "runs": _runs,
        "shades": _shades,
        "shown": _shown,
        "slug": slug,
        "svg": bars_svg,
        "written": written,
    }
    environment.tests |= {"brief": _is_brief}
    environment.globals |= {
        "MARKS": MARKS,
        "SEVERITIES": SEVERITY_WORDS,
        "STATUSES": STATUS_WORDS,
        "page_css": page_css,
        "page_js": page_js,
        "page_policy": page_policy,
    }
    return environment


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks one by one, but charts (or forms) that follow each other together."""
    shown = [block for block in blocks if not (block.kind == "prose" and block.hidden)]
    grouped = groupby(
        enumerate(shown), key=lambda pair: pair[1].kind if pair[1].kind in TOGETHER else pair[0]
    )
    return [[block for _, block in run] for _, run in grouped]


def _is_brief(section: Section) -> bool:
    """Whether a section takes part of a printed page only, and so need not begin a new one."""
    rows = sum(len(block.rows) for block in section.blocks
               if block.kind == "table" and not block.hidden and block.id != "sources")  # fmt: skip
    return rows <= BRIEF and not any(block.kind == "bars" for block in section.blocks)


def _shades(table: Table) -> list[list[int]]:
    """How deep each cell that a page shows is shaded, row by row: 0 (not at all) to 5.

    By its part of the column's largest figure; a doubted figure has no part in it.
    """
    shown = [[(cell, column.heat and not row.strong) for cell, column in _shown(row, table)]
             for row in table.rows]  # fmt: skip
    most = [max(map(_firm, column), default=0.0) for column in zip(*shown, strict=True)]
    return [
        [ceil(5 * _firm(pair) / top) if top > 0 else 0 for pair, top in zip(row, most, strict=True)]
        for row in shown
    ]


def _firm(pair: tuple[Figure, bool]) -> float:
    """A figure that is to be shaded and is in no doubt; else, or below 0, 0."""
    cell, heat = pair
    value = None if isinstance(cell.value, str) or cell.mark or not heat else finite(cell.value)
    return max(value or 0.0, 0.0)


def _shown(row: Row, table: Table) -> list[tuple[Figure, Column]]:
    """The cells of a row that a page shows, each with its column."""
    pairs = zip(row.cells, table.columns, strict=True)
    return [(cell, column) for cell, column in pairs if not column.hidden]


def _finalize(value: Any) -> Any:
    return legal(value) if type(value) is str else value
