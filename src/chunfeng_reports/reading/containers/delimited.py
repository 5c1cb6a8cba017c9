"""Delimited text: csv and tab-separated tables."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import pairwise

from chunfeng_reports.reading.grids import MOST_COLUMNS, MOST_ROWS, Broken, Grid, Value
from chunfeng_reports.reading.refusal import Refusal

#: What stands for runs of spaces as a delimiter.
GAPS = "  "

_DELIMITERS = ",\t;，|"
_SEP = re.compile(r"sep=(.)\r?\n", re.I)
_GAP = re.compile(r"[ \u3000\xa0]{2,}|\u3000|\t")
_NO_HEAD = re.compile(r"[^0-9]{0,3}[0-9][0-9.,]*(?!年)[^0-9]{0,3}|.*(?:时间|日期|:.*[0-9]).*")
_COUNTING = re.compile(r"(?:[0-9]{1,2}|栏[次号]|序号)?")
_GROUP_BEFORE = re.compile(r"[^0-9]{0,3}[1-9][0-9]{0,2}")
_GROUP_AFTER = re.compile(r"[0-9]{3}(?![0-9])")


def read_delimited(text: str) -> Grid:
    """The one grid of a text whose fields are parted by commas, tabs, semicolons or wide gaps."""
    text = text.rstrip("\x1a")
    told = _SEP.match(text)
    if told:  # a line for Excel alone, which does not show it
        text = text[told.end() :]
    delimiter = told[1] if told else delimiter_of(text)
    if delimiter == GAPS:
        return Grid("", tuple(tuple(_GAP.split(line.strip())) for line in text.splitlines()))
    try:
        spaced = f'{delimiter} "' in text  # a space before the quotes does not undo them
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter,
                               skipinitialspace=spaced))  # fmt: skip
    except csv.Error:
        raise Refusal("文本表格已损坏，请另存为 xlsx 后重新报送") from None
    rows = [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]]
    return Grid("", tuple(_uncut(rows, delimiter) if delimiter in ",，" else map(tuple, rows)))


def delimiter_of(text: str) -> str:
    """The mark that most lines hold; ``GAPS`` where the columns are set apart by spaces alone."""
    lines = text.splitlines()
    held = {mark: sum(mark in line for line in lines) for mark in _DELIMITERS}
    best = max(held, key=lambda mark: held[mark])
    gaps = sum(bool(_GAP.search(line.strip())) for line in lines)
    return GAPS if gaps >= 3 and gaps > 2 * held[best] else best


def _uncut(rows: Iterable[list[str]], comma: str) -> Iterator[tuple[Value, ...]]:
    """Rows of a table; a number that its own unquoted comma has cut in two is shown as broken.

    It is cut where the row has more fields than any head over it and two fields side by side are
    groups of one number (``1,234``). What stands from there on may be anything: nothing is read.
    """
    rows = list(rows)
    if _even(rows):
        yield from map(tuple, rows)
        return
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


def _even(rows: Iterable[list[str]]) -> bool:
    """Whether all rows have as many fields, as programs write them: they quote what has a comma."""
    return len({len(row) for row in rows if row}) == 1


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
