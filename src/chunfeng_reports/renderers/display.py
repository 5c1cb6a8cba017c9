"""Display: how reports and their parts look in a notebook."""

from __future__ import annotations

from typing import Any

from chunfeng_reports.renderers.fragments import KINDS, fragment
from chunfeng_reports.renderers.templates import fill, fragment_css


class Style:
    """The style of report fragments, as something a notebook can show."""

    def _repr_html_(self) -> str:
        return f"<style>{fragment_css()}{fill('jupyter.css.j2')}</style>"


def style() -> Style:
    """The style that fragments need in JupyterLab; show it once, in the set-up cell."""
    return Style()


def register(ip: Any = None) -> None:
    """Teach IPython to show reports, sections and blocks as HTML.

    ip: the running shell (default: the current one; none running: nothing happens).
    """
    if ip is None:
        from IPython import get_ipython  # noqa: PLC0415  (importing display needs no IPython)

        ip = get_ipython()
    if ip is None:
        return
    formatter = ip.display_formatter.formatters["text/html"]
    for kind in KINDS:
        formatter.for_type(kind, fragment)
