"""Writing: values into cells as text or numbers, never as formulas; a workbook as fixed bytes."""

from __future__ import annotations

import math
import re
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.copies import Shown
from chunfeng_reports.worksheets import legal

#: Every workbook's day of making: the same inputs, the same bytes.
MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (as the format has it)
_ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_LONGEST = 16_000
_FIRST_DAY = date(1900, 3, 1)


def put(sheet: Worksheet, row: int, column: int, value: Shown) -> Cell:
    """The cell at a row and column (from 0), holding a value as it is shown."""
    cell = sheet.cell(row + 1, column + 1)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        put_text(cell, value)
    elif not _is_storable(value):
        put_text(cell, str(value))
    elif value is not None:
        cell.value = value
    return cell


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with and whoever edits it."""
    cell.value = legal(text)[:_LONGEST]
    if isinstance(cell.value, str):
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in {"=", "+", "-", "@"}


def _is_storable(value: Shown) -> bool:
    """Whether a workbook has a number for it: infinity and days before 1900 have none."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, timedelta):
        return value >= timedelta(0)
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY
    return True


def as_bytes(book: Workbook) -> bytes:
    """The workbook as an xlsx file; openpyxl's own notes of when it was saved are left out."""
    saved = BytesIO()
    book.save(saved)
    packed = BytesIO()
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as into:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _ENTRY_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(entry, content)
    return packed.getvalue()
