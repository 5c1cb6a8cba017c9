"""Documents: paragraphs and tables of Word files (docx), as they read with revisions accepted.

The text is gathered from the XML: python-docx leaves out what stands in an insertion or a content
control, wherever it wraps runs, paragraphs, rows or cells, and loads every picture besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from chunfeng_reports.reading.grids import Block, Content, Grid
from chunfeng_reports.reading.refusal import Refusal

Element: TypeAlias = Any  # an element of lxml

_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
#: What is struck out, what is drawn (text boxes stand in it twice), and what is no text at all.
_LEFT_OUT = frozenset({"del", "moveFrom", "AlternateContent", "drawing", "pict", "object", "rt",
                       "pPr", "rPr", "sdtPr", "sdtEndPr"})  # fmt: skip
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_document(text: bytes) -> Content:
    """The paragraphs that are not empty, and every table as a grid named 表1, 表2 … in order.

    text: the document's main part. Refusal where it is damaged or has a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(text, parser)
    except (etree.LxmlError, ValueError):
        raise Refusal("Word 文件已损坏、打不开，请在 Word 中重新保存后报送") from None
    if b"<!DOCTYPE" in text[:4096] or root.getroottree().docinfo.internalDTD is not None:
        raise Refusal("文件含有实体定义，不是办公软件生成的文件，没有读取；请重新保存后报送")
    body = root.find("{*}body")
    if body is None:
        raise Refusal("Word 文件已损坏、打不开，请在 Word 中重新保存后报送")
    texts = (_text(paragraph) for paragraph in _children(body, "p"))
    tables = (_grid(f"表{n}", table) for n, table in enumerate(_children(body, "tbl"), start=1))
    return Content(
        grids=tuple(tables),
        paragraphs=tuple(text for text in texts if text.strip()),
        revised=any(map(_is_revision, body.iter("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo"))),
    )


def _grid(name: str, table: Element) -> Grid:
    """A table's cells; a merged block has its text in its first cell alone."""
    rows: list[tuple[str, ...]] = []
    blocks: dict[int, Block] = {}  # column → the block that may be carried on in the next row
    merged: list[Block] = []
    for row in _children(table, "tr"):
        if row.find("{*}trPr/{*}del") is not None:
            continue
        before = _number(row.find("{*}trPr/{*}gridBefore"), default=0)
        values = [""] * before
        going: dict[int, Block] = {}
        for cell in _children(row, "tc"):
            block = _block(cell, len(rows), len(values), blocks)
            going[len(values)] = block
            values += _spread(cell)
            if block[0] < block[2] or block[1] < block[3]:
                merged.append(block)
        blocks = going
        rows.append(tuple(values))
    return Grid(name, tuple(rows), merged=_largest(merged))


def _block(cell: Element, row: int, column: int, above: dict[int, Block]) -> Block:
    """The rows and columns that a cell takes up, with the cell above that it carries on."""
    right = column + _number(cell.find("{*}tcPr/{*}gridSpan"), default=1) - 1
    if _carries_on(cell) and column in above:
        top, left, _, right_above = above[column]
        return top, left, row, right_above
    return row, column, row, right


def _largest(blocks: list[Block]) -> tuple[Block, ...]:
    """Of the blocks noted while they grew down, each as it stood last."""
    return tuple({block[:2]: block for block in blocks}.values())


def _carries_on(cell: Element) -> bool:
    merge = cell.find("{*}tcPr/{*}vMerge")
    return merge is not None and _attribute(merge, "val") != "restart"


def _spread(cell: Element) -> Iterator[str]:
    """A cell's text, and empty text for every further column that it spans."""
    yield "" if _carries_on(cell) else "\n".join(map(_text, _children(cell, "p"))).strip()
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
