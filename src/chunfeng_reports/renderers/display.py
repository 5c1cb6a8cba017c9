"""Display: how reports and their parts, and what is known at a due, look in a notebook."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.findings import SEVERITIES
from chunfeng_reports.renderers.fragments import KINDS, fragment
from chunfeng_reports.renderers.frames import Names, frame_html
from chunfeng_reports.renderers.templates import fill, fragment_css
from chunfeng_reports.report import Report
from chunfeng_reports.tables import Dossier


class Style:
    """The style of report fragments, as something a notebook can show."""

    def _repr_html_(self) -> str:
        return f"<style>{fragment_css()}{fill('jupyter.css.j2')}</style>"


def style() -> Style:
    """The style that fragments need in JupyterLab; show it once, in the set-up cell."""
    return Style()


def workspace(desk: Desk) -> str:
    """Whose desk it is, its dues, and what to call next, with the style, as HTML."""
    rounds = [(due, desk.round(due)) for due in desk.dues]
    forms = desk.campaign.form_by_code
    asked = {due: [forms[code].short for code in desk.expected_forms(due)] for due in desk.dues}
    shown = fill("notebook.html.j2", kind="workspace", desk=desk, rounds=rounds, asked=asked)
    return style()._repr_html_() + shown.strip()


def dossier(known: Dossier) -> str:
    """What a dossier is of, and how much there is of it, as HTML."""
    states = known.facts.loc[known.facts["due"] == known.due, "state"]
    counts = known.open_counts()
    return fill(
        "notebook.html.j2",
        kind="dossier",
        known=known,
        cells=(int((states == "value").sum()), len(states)),
        complete=(len(known.complete_units()), len(known.desk.units)),
        files=known.intake["file"].nunique(),
        counts=[(severity, counts[severity]) for severity in SEVERITIES],
    ).strip()


def report(value: Report) -> str:
    """A report's masthead and, once it has sections, what they are, as HTML."""
    titles = [section.title for section in value.sections]
    listed = fill("notebook.html.j2", kind="sections", titles=titles).strip() if titles else ""
    return fragment(value) + listed


def as_text(html: str | None) -> str | None:
    """HTML in whose texts JupyterLab looks for no mathematics: ``$…$`` that a unit typed stays.

    Its outermost element gets the class that MathJax 3 passes over.
    """
    return html and re.sub(r'class="([^"]*)"', r'class="\1 mathjax_ignore"', html, count=1)


def register(ip: Any = None, *, names: Names = dict) -> None:
    """Teach IPython to show reports and their parts, dossiers, and the tables of a due as HTML.

    ip: the running shell (default: the current one; none running: nothing happens); names: what
    regions, forms and items are called, asked when a table is shown.
    """
    if ip is None:
        from IPython import get_ipython  # noqa: PLC0415  (importing display needs no IPython)

        ip = get_ipython()
    if ip is None:
        return
    formatter = ip.display_formatter.formatters["text/html"]
    for kind in KINDS:
        formatter.for_type(kind, lambda part: as_text(fragment(part)))
    formatter.for_type(Report, report)
    formatter.for_type(Dossier, dossier)
    formatter.for_type(pd.DataFrame, lambda frame: frame_html(frame, names))
