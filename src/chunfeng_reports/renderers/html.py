"""HTML: a report's parts as fragments, and an executed notebook as one self-contained page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html.parser import HTMLParser

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from chunfeng_reports.renderers.fragments import fragment
from chunfeng_reports.renderers.templates import FOLDER, page_css, page_js, page_policy
from chunfeng_reports.report import Link
from chunfeng_reports.worksheets import legal

__all__ = ["fragment", "page"]

_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_TOLD = re.compile(r"\bid\b|cf-masthead", re.IGNORECASE)
_NO_TAGS_IN = re.compile(
    r"<(?:[!?]|(?:script|style|xmp|iframe|noembed|noframes|plaintext)\b)", re.IGNORECASE
)
_REFERENCE = re.compile(r'<a (class="cf-ref[^"]*") href="#([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)


def page(
    notebook: NotebookNode,
    *,
    title: str,
    home: str = "../../../index.html",
    links: Sequence[Link] = (),
) -> str:
    """An executed notebook as one page: no code, no prompts, nothing loaded from anywhere.

    home: where the link back leads; links: the same report in other formats, relative to the page.
    Cells tagged ``setup`` are left out, but an error in any cell is shown as a notice. References
    to rows that the page does not hold are shown as plain text.
    """
    shown = _Outline()
    for output in _html_outputs(notebook):
        shown.see(output)
    exporter = _exporter()
    body, _ = exporter.from_notebook_node(
        notebook,
        resources={
            "title": legal(title),
            "home": home,
            "links": tuple(links),
            "contents": tuple(shown.sections),
            "has_masthead": shown.masthead,
            "css": page_css(),
            "js": page_js(),
            "policy": page_policy(),
            "linked": lambda html: _linked(html, shown.ids),
            "legal": legal,
        },
    )
    return str(body)


def _html_outputs(notebook: NotebookNode) -> list[str]:
    return [
        _joined(output["data"]["text/html"])
        for cell in notebook.cells
        if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", ())
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _linked(html: str | list[str], ids: set[str]) -> str:
    """The HTML with references to rows that are not on the page turned into plain text."""

    def keep(found: re.Match[str]) -> str:
        css, target, rest, text = found.groups()
        if target in ids:
            return found[0]
        tag = "g" if "<text" in text or "<circle" in text else "span"  # in a chart, or in a text
        return f"<{tag} {css}{rest}>{text}</{tag}>"

    return _REFERENCE.sub(keep, _joined(html))


class _Outline(HTMLParser):
    """What a page holds: its sections (id, title) in order, every id, whether a masthead."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.masthead = False

    def see(self, html: str) -> None:
        """Take in a piece of HTML; the parser need only look at tags that say something here.

        Unless what looks like a tag may be none: in a comment, or in a script.
        """
        if not _NO_TAGS_IN.search(html):
            html = "".join(tag for tag in _TAG.findall(html) if _TOLD.search(tag))
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name, title = known.get("id"), known.get("data-title")
        if tag == "section" and name and title and name not in self.ids:
            self.sections.append((name, title))
        if name:
            self.ids.add(name)
        self.masthead = self.masthead or "cf-masthead" in (known.get("class") or "")


@cache
def _exporter() -> TemplateExporter:
    return TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="chunfeng",
        extra_template_basedirs=[str(FOLDER)],
        file_extension=".html",
        filters={"markdown": _markdown},
        default_preprocessors=[],  # none has anything to do here; each has the notebook validated
    )


def _markdown(source: str | list[str]) -> Markup:
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(legal(_joined(source))))
