"""Delimited text: csv and tab-separated tables, in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import pairwise

from chunfeng_reports.reading.grids import Broken, Grid, Value
from chunfeng_reports.reading.refusal import Refusal

_NO_HEAD = re.compile(r"[^0-9]{0,3}[0-9][0-9.,]*(?!年)[^0-9]{0,3}|.*(?:时间|日期|:.*[0-9]).*")
_COUNTING = re.compile(r"(?:[0-9]{1,2}|栏[次号]|序号)?")
_GROUP_BEFORE = re.compile(r"[^0-9]{0,3}[1-9][0-9]{0,2}")
_GROUP_AFTER = re.compile(r"[0-9]{3}(?![0-9])")


def decode(data: bytes) -> str:
    """Text of a file: by its mark where it has one, else strict UTF-8, else strict GB18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16")
    if b"\0" in data:
        raise Refusal("文件格式无法识别，请用 Excel 工作簿（xlsx）或 Word 文件（docx）报送")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("文件格式或编码无法识别，请另存为 xlsx 后重新报送") from None


def read_delimited(data: bytes) -> Grid:
    """The one grid of a csv or tab-separated file; it has no sheet name."""
    text = decode(data)
    if text.lstrip()[:1] == "<":
        raise Refusal("文件实为网页或 XML 格式，请在 Excel 中另存为 xlsx 后重新报送")
    delimiter = max(",\t;，", key=lambda mark: sum(mark in line for line in text.splitlines()))
    try:
        rows = list(csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Refusal("文本表格已损坏，请另存为 xlsx 后重新报送") from None
    return Grid("", tuple(_uncut(rows, delimiter) if delimiter in ",，" else map(tuple, rows)))


def _uncut(rows: Iterable[list[str]], comma: str) -> Iterator[tuple[Value, ...]]:
    """Rows of a table; a number that its own unquoted comma has cut in two is shown as broken.

    It is cut where the row has more fields than any head over it and two fields side by side are
    groups of one number (``1,234``). What stands from there on may be anything: nothing is read.
    """
    fields = filled = 0
    for row in rows:
        own = max((n for n, field in enumerate(row, start=1) if field.strip()), default=0)
        if not own:
            fields = filled = 0  # what follows is another table
        elif _is_head(row):
            fields, filled = max(fields, len(row)), max(filled, own)
        cut = _cut(row) if own > max(filled, 2) or len(row) > max(fields, 2) else None
        if cut is None:
            yield tuple(row)
        else:
            rest = Broken(comma.join(row[cut:own]))
            yield (*row[:cut], *[rest] * max(filled - cut, 1))


def _is_head(row: list[str]) -> bool:
    """Whether a row names or numbers columns, or at least holds no figures that could be cut."""
    folded = [_folded(field) for field in row]
    named = not any(_NO_HEAD.fullmatch(field) for field in folded[1:])
    return named or all(map(_COUNTING.fullmatch, folded))


def _cut(row: list[str]) -> int | None:
    """The first field that with the next one reads as one number in groups of three digits."""
    for n, (one, after) in enumerate(pairwise(map(_folded, row))):
        if n and _GROUP_BEFORE.fullmatch(one) and _GROUP_AFTER.match(after):
            return n
    return None


def _folded(field: str) -> str:
    return unicodedata.normalize("NFKC", field).strip()
