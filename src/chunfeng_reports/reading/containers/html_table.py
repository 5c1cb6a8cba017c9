"""HTML tables: web pages that were given the name of a workbook, read as Excel lays them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree, html

from chunfeng_reports.reading.containers.plain_text import is_prose
from chunfeng_reports.reading.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Broken,
    Content,
    Formula,
    Grid,
    Plain,
    Value,
)
from chunfeng_reports.reading.refusal import Refusal

Element: TypeAlias = Any

_SPACES = re.compile(r"[ \t\r\n\f]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_LEFT_OUT = frozenset({"script", "style", "head", "title", "noscript", "template", "select",
                       "object", "xml", "comment"})  # fmt: skip
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "center",
                     "section", "article", "header", "footer", "caption", "pre", "blockquote",
                     "form", "fieldset", "dl", "dt", "dd", "hr", "address", "main"})  # fmt: skip
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,31})</x:Name>")
#: A day is shown as a person reads it; its number beside it is the program's own.
_DATE = re.compile("[0-9][-/年:]")
_TABLE = re.compile(r"<!--.*?-->|<script.*?</script\s*>|<(/?)table[\s>]", re.I | re.S)
_ENDED = re.compile(r"</(?:html|body)\s*>", re.I)
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!)")


def read_html(text: str) -> Content:
    """One grid for the page: tables row by row, what stands between them as rows of one cell.

    A table within a cell of another follows the row that it stands in. Rows and cells that a
    browser would not show are empty. Paragraphs besides, where the page is prose.
    """
    if _is_cut(text):
        raise Refusal("网页文件不完整（表格没有结尾），请重新保存后报送")
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise Refusal("网页文件已损坏、打不开，请在 Excel 中另存为 xlsx 后重新报送") from None
    page = _Page()
    page.walk(root)
    page.end_line()
    name = _SHEET_NAME.search(text)
    prose = tuple(page.lines) if is_prose(page.lines) else ()
    grids: tuple[Grid, ...] = ()
    if page.has_table:
        grids = (Grid(name[1] if name else "", tuple(map(tuple, page.rows)), False,
                      tuple(page.merged)),)  # fmt: skip
    return Content(grids=grids, paragraphs=prose if grids else tuple(page.lines))


def _is_cut(text: str) -> bool:
    """Whether neither the last table nor the page ever ends: the rest of it has been lost."""
    depth = 0
    for match in _TABLE.finditer(text):
        if match[1] is not None:
            depth = max(depth - 1, 0) if match[1] else depth + 1
    return depth > 0 and not _ENDED.search(text)


class _Page:
    """The rows of a page while it is read from top to bottom."""

    def __init__(self) -> None:
        self.rows: list[list[Value]] = []
        self.merged: list[Block] = []
        self.lines: list[str] = []
        self.has_table = False
        self._words: list[str] = []

    def walk(self, element: Element) -> None:
        """Adds what an element holds: text to the line at hand, tables as rows."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT or _is_hidden(element):
            return
        if tag == "table":
            self.end_line()
            self._table(element)
            return
        if tag in _BLOCKS or tag == "br":
            self.end_line()
        self._words.append(element.text or "")
        for child in element:
            self.walk(child)
            self._words.append(child.tail or "")
        if tag in _BLOCKS:
            self.end_line()

    def end_line(self) -> None:
        """Makes a row of the text at hand, if any."""
        words = _SPACES.sub(" ", "".join(self._words)).strip(" ")
        self._words.clear()
        if words.strip() and len(self.rows) < MOST_ROWS:
            self.rows.append([words])
            self.lines.append(words)

    def _table(self, table: Element) -> None:
        self.has_table = True
        taken: dict[int, int] = {}  # column → rows from here on that a block above covers it
        for caption in table.iterchildren("caption"):
            self.walk(caption)
        for row in _own_rows(table):
            if len(self.rows) >= MOST_ROWS:
                return
            number = len(self.rows)
            self.rows.append([])
            hidden = _is_hidden(row) or _is_hidden(row.getparent())
            nested = [*self._row(row, number, taken, hidden=hidden)]
            for inner in nested:
                self._table(inner)

    def _row(
        self, row: Element, number: int, taken: dict[int, int], *, hidden: bool
    ) -> Iterator[Element]:
        """Adds a row's cells; gives the tables that stand in them."""
        column = 0
        covered = {c for c, left in taken.items() if left}
        for c in covered:
            taken[c] -= 1
        for cell in row.iterchildren("td", "th"):
            while column in covered:
                column += 1
            if column >= MOST_COLUMNS:
                return
            across, down = _span(cell, "colspan", MOST_COLUMNS), _span(cell, "rowspan", MOST_ROWS)
            if not hidden and not _is_hidden(cell):
                values = self.rows[number]
                values += [""] * (column + 1 - len(values))
                values[column] = _value(cell)
                yield from _nested(cell)
            if across > 1 or down > 1:
                self.merged.append((number, column, number + down - 1, column + across - 1))
            for c in range(column, column + across):
                taken[c] = max(taken.get(c, 0), down - 1)
            column += across


def _own_rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _nested(cell: Element) -> Iterator[Element]:
    """The outermost tables within a cell."""
    for child in cell:
        if child.tag == "table":
            yield child
        elif isinstance(child.tag, str):
            yield from _nested(child)


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_NOT_SHOWN.search(element.get("style", "")))


def _span(cell: Element, name: str, most: int) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 7 else 1


def _value(cell: Element) -> Value:
    """A cell's text; the number and the formula that Excel or LibreOffice notes beside it."""
    words = "\n".join(line for line in map(str.strip, _text(cell).split("\n")) if line)
    stored = _stored(cell, words)
    formula = cell.get("x:fmla") or cell.get("fmla")
    if not formula:
        return stored
    return Formula(formula if formula.startswith("=") else f"={formula}",
                   "" if isinstance(stored, Broken) else stored)  # fmt: skip


def _stored(cell: Element, words: str) -> Plain | Broken:
    number = None if _DATE.search(words) else cell.get("x:num") or cell.get("sdval")
    if _ERROR.fullmatch(words) or cell.get("x:err") is not None:
        return Broken(words)
    if number:
        try:
            return float(number)
        except ValueError:
            return words
    return words


def _text(element: Element) -> str:
    """The text of a cell, its lines as they are broken; tables within it are told elsewhere."""
    parts = [_SPACES.sub(" ", element.text or "")]
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag != "table" and tag not in _LEFT_OUT:
            if tag == "br":
                parts.append("\n")
            elif not _is_hidden(child):
                block = "\n" if tag in _BLOCKS else ""
                parts.append(f"{block}{_text(child)}{block}")
        parts.append(_SPACES.sub(" ", child.tail or ""))
    return "".join(parts)
