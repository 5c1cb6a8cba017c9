"""Site: the first page — every due, every unit, a link to every report — and a page a unit."""

from __future__ import annotations

from markupsafe import Markup

from chunfeng_reports.renderers.fragments import fragment
from chunfeng_reports.renderers.templates import fill
from chunfeng_reports.report import Index, Report


def index_page(index: Index) -> str:
    """``data/processed/index.html``: a card a due, then units × dues; nothing loaded from anywhere.

    Links are those of the index, relative to the page; every unit's cell leads to its report.
    """
    return fill("site.html.j2", index=index)


def report_page(report: Report, *, home: str) -> str:
    """A report that no notebook makes, as a page like the others; home: where the link back leads.

    Its figures lead to other pages, relative to it.
    """
    return fill("report.html.j2", report=report, home=home, fragment=lambda v: Markup(fragment(v)))
