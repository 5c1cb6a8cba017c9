"""Delimited text: csv and tab-separated tables, in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import csv
from io import StringIO

from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.refusal import Refusal


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
        rows = tuple(tuple(row) for row in csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Refusal("文本表格已损坏，请另存为 xlsx 后重新报送") from None
    return Grid("", rows)
