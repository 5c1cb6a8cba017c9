"""Plain text: a file of text is a table, or prose, or may be either."""

from __future__ import annotations

from collections.abc import Sequence

from chunfeng_reports.reading.containers.delimited import delimiter_of, read_delimited
from chunfeng_reports.reading.grids import Content, Grid

#: Characters that a field of a table has on average at most; sentences are longer.
_LONGEST_FIELDS = 30
#: Share of the characters of prose that stand in lines with a full stop.
_SENTENCES = 0.5


def read_text(text: str) -> Content:
    """A table as a grid, prose as paragraphs; both where it looks like both, or like neither."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    prose = is_prose(lines)
    wide_commas = delimiter_of(text) == "，"
    wrapped = wide_commas and "。" in text
    grid = read_delimited(text)
    table = not (prose and wide_commas) and _is_table(grid)  # punctuation, no delimiter
    return Content(
        grids=(grid,) if table or not prose else (),
        # Sentences that a program has wrapped look like rows parted by their commas.
        paragraphs=tuple(lines) if prose or not table or wrapped else (),
    )


def is_prose(lines: Sequence[str]) -> bool:
    """Whether most of the text stands in lines that hold a full stop (。)."""
    told = sum(len(line) for line in lines if "。" in line)
    return told > _SENTENCES * sum(map(len, lines))


def _is_table(grid: Grid) -> bool:
    """Whether two rows at least have two short fields; sentences with commas are no rows."""
    rows = [[str(field).strip() for field in row] for row in grid.rows]
    rows = [[field for field in row if field] for row in rows if "。" not in "".join(row)]
    wide = [row for row in rows if len(row) > 1]
    lengths = [len(field) for row in wide for field in row]
    return len(wide) > 1 and sum(lengths) <= _LONGEST_FIELDS * len(lengths)
