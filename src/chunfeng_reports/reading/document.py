"""Documents: paragraphs and tables of Word files (docx)."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.table import Table

from chunfeng_reports.reading.grids import Content, Grid
from chunfeng_reports.reading.refusal import Refusal


def read_document(data: bytes) -> Content:
    """The paragraphs that are not empty, and every table as a grid named 表1, 表2 … in order."""
    try:
        document = docx.Document(BytesIO(data))
    except (KeyError, ValueError):
        raise Refusal("Word 文件已损坏、打不开，请在 Word 中重新保存后报送") from None
    paragraphs = tuple(p.text for p in document.paragraphs if p.text.strip())
    tables = tuple(_grid(f"表{n}", table) for n, table in enumerate(document.tables, start=1))
    return Content(grids=tables, paragraphs=paragraphs)


def _grid(name: str, table: Table) -> Grid:
    """A table's cells; a cell merged over several columns has its text in the first alone."""
    rows = []
    for row in table.rows:
        texts: list[str] = []
        last = None
        for cell in row.cells:
            texts.append("" if cell._tc is last else cell.text.strip())
            last = cell._tc
        rows.append(tuple(texts))
    return Grid(name, tuple(rows))
