"""Contents: which sheets the workbook of a report has, under which names, and what is on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from chunfeng_reports.cells import column_name
from chunfeng_reports.errors import ReportError
from chunfeng_reports.renderers.wording import finite
from chunfeng_reports.report import (
    Bars,
    Block,
    Course,
    Figure,
    FormSheet,
    KeyFigures,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from chunfeng_reports.sheets import SheetPlan
from chunfeng_reports.worksheets import SheetNames, quoted

COVER = "说明"
SUMMARY = "概要"
CHARTS = "图表"
SOURCES = "sources"  # the id of a report's table of sources


@dataclass(frozen=True)
class DrawnTable:
    """A table, the names of its worksheet and as an Excel table, and the section it stands in."""

    table: Table
    sheet: str
    name: str
    section: Section | None = None

    @property
    def title(self) -> str:
        """What stands on the sheet: the table's title, else its section's."""
        return self.table.title or (self.section.title if self.section else "") or self.sheet

    def total(self, column: str, value: float) -> str:
        """The formula that adds up a column's rows, totals aside.

        ReportError where there is no such column or its sum is not the value stated.
        """
        index = next((i for i, c in enumerate(self.table.columns) if c.key == column), None)
        if index is None:
            raise ReportError(f"工作表“{self.sheet}”没有 {column} 这一列，合计公式写不出来")
        rows = [row for row in self.table.rows if not row.strong]
        summed = sum(number_of(row.cells[index]) or 0.0 for row in rows)
        if abs(summed - value) > 1e-6 * max(1.0, abs(value)):
            raise ReportError(
                f"工作表“{self.sheet}”的 {column} 列相加得 {summed:g}，汇总数却是 {value:g}；"
                "请核对汇总后再生成"
            )
        letter, sheet = column_name(index), quoted(self.sheet)
        spans = [f"{sheet}!{letter}{first}:{letter}{last}" for first, last in runs(self.table)]
        return f"=SUM({','.join(spans)})"


def runs(table: Table) -> list[tuple[int, int]]:
    """Runs of rows without a total in between, as (first, last) row numbers of the sheet."""
    numbers = [n for n, row in enumerate(table.rows, start=2) if not row.strong]
    grouped = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    found = [[n for _, n in group] for _, group in grouped]
    return [(run[0], run[-1]) for run in found]


class TableNames:
    """Names of Excel tables given out so far in one workbook."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """A legal, unused name: ``units-F1`` → ``t_units_F1``, the second ``t_units_F1_2``."""
        base = "t_" + re.sub(r"[^A-Za-z0-9]+", "_", wanted)[:60]
        name, n = base, 1
        while name.lower() in self._taken:
            n += 1
            name = f"{base}_{n}"
        self._taken.add(name.lower())
        return name


def number_of(cell: Figure) -> float | None:
    """The number in a cell; None where it holds none."""
    return None if isinstance(cell.value, str) else finite(cell.value)


def table_rows(table: Table) -> Iterator[tuple[int, Row]]:
    """Rows with their places on the sheet, counted from 0: the head is row 0."""
    return enumerate(table.rows, start=1)


@dataclass(frozen=True)
class Contents:
    """The sheets of a workbook in their order; summary, charts: empty where there is none.

    drawn_up: the blocks of the summary, section by section.
    """

    forms: tuple[tuple[str, SheetPlan], ...]
    cover: str
    summary: str
    drawn_up: tuple[tuple[Section, tuple[Block, ...]], ...]
    tables: tuple[DrawnTable, ...]
    charts: str
    graphs: tuple[Bars | Course, ...]


def contents_of(report: Report) -> Contents:
    """What the workbook of a report holds: its forms first, then its cover, then all the rest."""
    names, table_names = SheetNames(), TableNames()
    blocks = [(section, block) for section in report.sections for block in section.blocks]
    plans = [block.plan for _, block in blocks if isinstance(block, FormSheet)]
    forms = tuple((names.take(plan.name), plan) for plan in plans)
    cover, drawn_up = names.take(COVER), tuple(_drawn_up(report))
    summary = names.take(SUMMARY) if drawn_up else ""
    tables = tuple(
        DrawnTable(block, names.take(block.sheet), table_names.take(block.id), section)
        for section, block in blocks
        if isinstance(block, Table) and block.sheet
    )
    graphs = tuple(block for _, block in blocks if isinstance(block, (Bars, Course)))
    charts = names.take(CHARTS) if graphs else ""
    return Contents(forms, cover, summary, drawn_up, tables, charts, graphs)


def _drawn_up(report: Report) -> Iterator[tuple[Section, tuple[Block, ...]]]:
    """What has no sheet of its own: key figures, plain text, tables of the page."""
    for section in report.sections:
        if blocks := tuple(block for block in section.blocks if _is_summary(block)):
            yield section, blocks


def _is_summary(block: Block) -> bool:
    if isinstance(block, Table):
        return not block.sheet
    if isinstance(block, Text):
        return block.tone == "plain" and any(block.paragraphs)
    return isinstance(block, KeyFigures) and bool(block.items)
