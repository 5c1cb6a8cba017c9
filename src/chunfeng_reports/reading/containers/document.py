"""Documents: paragraphs and tables of Word files (docx), as they read with revisions accepted.

python-docx leaves out what stands in an insertion or a content control, wherever it wraps runs,
paragraphs, rows or cells; so the text is gathered here from the XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, TypeAlias

import docx

from chunfeng_reports.reading.grids import Content, Grid
from chunfeng_reports.reading.refusal import Refusal

Element: TypeAlias = Any  # an element of lxml, which python-docx hands on untyped

_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
#: What is struck out, what is drawn (text boxes stand in it twice), and what is no text at all.
_LEFT_OUT = frozenset({"del", "moveFrom", "AlternateContent", "drawing", "pict", "object", "rt",
                       "pPr", "rPr", "sdtPr", "sdtEndPr"})  # fmt: skip
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_document(data: bytes) -> Content:
    """The paragraphs that are not empty, and every table as a grid named 表1, 表2 … in order."""
    try:
        body = docx.Document(BytesIO(data)).element.body
    except (KeyError, ValueError):
        raise Refusal("Word 文件已损坏、打不开，请在 Word 中重新保存后报送") from None
    texts = (_text(paragraph) for paragraph in _children(body, "p"))
    tables = (_grid(f"表{n}", table) for n, table in enumerate(_children(body, "tbl"), start=1))
    return Content(
        grids=tuple(tables),
        paragraphs=tuple(text for text in texts if text.strip()),
        revised=any(map(_is_revision, body.iter("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo"))),
    )


def _grid(name: str, table: Element) -> Grid:
    """A table's cells; a merged block has its text in its first cell alone."""
    rows = []
    for row in _children(table, "tr"):
        if row.find("{*}trPr/{*}del") is None:
            before = _number(row.find("{*}trPr/{*}gridBefore"), default=0)
            rows.append(("",) * before + tuple(text for cell in _children(row, "tc")
                                               for text in _spread(cell)))  # fmt: skip
    return Grid(name, tuple(rows))


def _spread(cell: Element) -> Iterator[str]:
    """A cell's text, and empty text for every further column that it spans."""
    merge = cell.find("{*}tcPr/{*}vMerge")
    carried_on = merge is not None and _attribute(merge, "val") != "restart"
    yield "" if carried_on else "\n".join(map(_text, _children(cell, "p"))).strip()
    for _ in range(_number(cell.find("{*}tcPr/{*}gridSpan"), default=1) - 1):
        yield ""


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Elements of a name under a parent, those in content controls and insertions included."""
    for child in parent:
        local = _local(child)
        if local == name:
            yield child
        elif local in _WRAPPERS and not _unfilled(child):
            yield from _children(child, name)


def _text(element: Element) -> str:
    parts = []
    for child in element:
        local = _local(child)
        if local == "t":
            parts.append(child.text or "")
        elif local in _BREAKS:
            parts.append(_BREAKS[local])
        elif local not in _LEFT_OUT and not _unfilled(child):
            parts.append(_text(child))
    return "".join(parts)


def _unfilled(element: Element) -> bool:
    """Whether it is a content control that still shows its prompt (单击此处输入文字)."""
    return _local(element) == "sdt" and element.find("{*}sdtPr/{*}showingPlcHdr") is not None


def _is_revision(element: Element) -> bool:
    """Whether text or a whole row was put in or struck out (a paragraph mark alone is nothing)."""
    parent = element.getparent()
    a_row = parent is not None and _local(parent) == "trPr"
    return a_row or next(element.iter("{*}t", "{*}delText"), None) is not None


def _local(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _number(element: Element | None, *, default: int) -> int:
    """A count such as a cell's span; no more than a table can have."""
    text = "" if element is None else _attribute(element, "val")
    return min(int(text), 200) if text.isdecimal() else default
