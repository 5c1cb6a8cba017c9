"""Site: the first page — every due, every unit, and a link to every report."""

from __future__ import annotations

from chunfeng_reports.renderers.templates import fill
from chunfeng_reports.report import Index


def index_page(index: Index) -> str:
    """``data/processed/index.html``: a card a due, then units × dues; nothing loaded from anywhere.

    Links are those of the index, relative to the page; every unit's cell leads to its report.
    """
    return fill("site.html.j2", index=index)
