"""Paragraphs: text of any origin → runs that hold nothing but that text."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph

from chunfeng_reports.renderers.word.official import set_style
from chunfeng_reports.worksheets import legal

_MARKED = re.compile(r"(【[^【】]*】)")
_UNSEEN = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_GONE = dict.fromkeys(_UNSEEN) | {ord("\n"): " ", ord("\t"): " "}


def plain(text: str) -> str:
    """A text as Word may show it: no control characters, none that turn the reading order."""
    return legal(text).translate(_GONE)


def add(found: WordDocument, text: str, style: str, *, lead: str = "") -> Paragraph:
    """A paragraph at the document's end; what stands in 【 】 is highlighted, the lead is bold."""
    paragraph = found.add_paragraph()
    set_style(paragraph, style)
    if lead:
        paragraph.add_run(plain(lead)).bold = True
    for piece in _MARKED.split(plain(text)):
        if piece:
            run = paragraph.add_run(piece)
            if piece[0] == "【":
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return paragraph
