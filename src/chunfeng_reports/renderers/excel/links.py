"""Links: from a figure to its source and its finding, and back, within one workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from chunfeng_reports.cells import cell_name
from chunfeng_reports.renderers.excel.contents import SOURCES, Contents, DrawnTable, table_rows
from chunfeng_reports.report import Bars, Figure, KeyFigures, Row, Table
from chunfeng_reports.worksheets import legal, quoted

MOST = 65_530  # links that Excel allows on a worksheet
LONGEST_TIP = 120
NUMBERS = frozenset({"figure", "change", "percent"})


@dataclass(frozen=True, slots=True)
class Link:
    """A cell of the same workbook that another one leads to; tip: shown over the other."""

    sheet: str
    cell: str
    tip: str = ""

    @property
    def url(self) -> str:
        """The link as XlsxWriter takes it."""
        return f"internal:{quoted(self.sheet)}!{self.cell}"


@dataclass(frozen=True)
class Links:
    """Where the figures of a workbook lead to.

    sources: key of a source → its row; findings: key of a finding → its row; figures: key of a
    source → the figure that came from it; doubted: key of a finding → the first figure that it is
    on; places: id of a section, or ``t-`` and that of a table → its sheet.
    """

    sources: Mapping[str, Link]
    findings: Mapping[str, Link]
    figures: Mapping[str, Link]
    doubted: Mapping[str, Link]
    places: Mapping[str, Link]

    def of(
        self, *, sources: tuple[str, ...] = (), finding: str = "", href: str = ""
    ) -> Link | None:
        """Where a figure leads to: its one source, else its finding, else what it sums up."""
        only = self.sources.get(sources[0]) if len(sources) == 1 else None
        place = self.places.get(href[1:]) if href.startswith("#") else None
        return only or self.findings.get(finding) or place

    def of_figure(self, figure: Figure) -> Link | None:
        """Where a cell's figure leads to."""
        return self.of(sources=figure.sources, finding=figure.finding, href=figure.href)


@dataclass(frozen=True)
class SheetLinks:
    """The links of one worksheet by row and column, counted from 0; left_out: those too many."""

    cells: Mapping[tuple[int, int], Link]
    left_out: int = 0


def links_in(contents: Contents) -> Links:
    """All that can be led to in a workbook."""
    wanted = set(_findings_named(contents))
    tables = contents.tables
    return Links(
        sources=dict(_source_rows(tables)),
        findings={
            row.key: Link(drawn.sheet, cell_name(n, 0), "看这一处问题")
            for drawn in reversed(tables)
            for n, row in table_rows(drawn.table)
            if row.key in wanted
        },
        figures=dict(_figures(tables)),
        doubted=dict(_doubted(tables)),
        places=dict(_places(tables)),
    )


def links_on(drawn: DrawnTable, links: Links) -> SheetLinks:
    """The links of a table's cells, from its top down as many as Excel allows."""
    every = _links_on(drawn.table, links)
    kept = dict(islice(every, MOST))
    return SheetLinks(kept, left_out=sum(1 for _ in every))


def _links_on(table: Table, links: Links) -> Iterator[tuple[tuple[int, int], Link]]:
    back = next((i for i, c in enumerate(table.columns) if c.key == "code"), None)
    back = back if table.id == SOURCES else None
    for n, row in table_rows(table):
        for index, cell in enumerate(row.cells):
            link = links.of_figure(cell)
            if link is None and index == back:
                link = links.figures.get(row.key)
            elif link is None and index == 0:
                link = links.doubted.get(row.key)
            if link is not None:
                yield (n, index), link


def _findings_named(contents: Contents) -> Iterator[str]:
    for drawn in contents.tables:
        for row in drawn.table.rows:
            yield from (cell.finding for cell in row.cells if cell.finding)
    for graph in contents.graphs:
        if isinstance(graph, Bars):
            yield from (bar.finding for bar in graph.bars if bar.finding)
    for _, blocks in contents.drawn_up:
        for block in blocks:
            if isinstance(block, KeyFigures):
                yield from (item.figure.finding for item in block.items)


def _source_rows(tables: Iterable[DrawnTable]) -> Iterator[tuple[str, Link]]:
    for drawn in tables:
        if drawn.table.id == SOURCES:
            where = [i for i, c in enumerate(drawn.table.columns)
                     if c.key in ("file", "sheet", "cell")]  # fmt: skip
            for n, row in table_rows(drawn.table):
                yield row.key, Link(drawn.sheet, cell_name(n, 0), _tip(row, where))


def _tip(row: Row, where: list[int]) -> str:
    said = " ".join(str(row.cells[i].value or "") for i in where).split()
    return legal("来源：" + " ".join(said))[:LONGEST_TIP] if said else ""


def _figures(tables: tuple[DrawnTable, ...]) -> Iterator[tuple[str, Link]]:
    """Sources and their figures; of several the first, which comes last here."""
    for drawn, n, index, cell in reversed(list(_numbers(tables))):
        if len(cell.sources) == 1:
            yield cell.sources[0], Link(drawn.sheet, cell_name(n, index), "看这个数字")


def _doubted(tables: tuple[DrawnTable, ...]) -> Iterator[tuple[str, Link]]:
    """Findings and the figures that they are on; what comes last counts: the first of the units'
    own figures, before any total.
    """
    found = [one for one in reversed(list(_numbers(tables))) if one[3].finding]
    for drawn, n, index, cell in sorted(found, key=lambda one: len(one[3].sources) == 1):
        yield cell.finding, Link(drawn.sheet, cell_name(n, index), "看这个数字")


def _numbers(tables: tuple[DrawnTable, ...]) -> Iterator[tuple[DrawnTable, int, int, Figure]]:
    for drawn in tables:
        columns = [i for i, c in enumerate(drawn.table.columns) if c.kind in NUMBERS]
        for n, row in table_rows(drawn.table):
            for index in columns:
                if row.cells[index].sources or row.cells[index].finding:
                    yield drawn, n, index, row.cells[index]


def _places(tables: tuple[DrawnTable, ...]) -> Iterator[tuple[str, Link]]:
    """Sections lead to their first table, which comes last here."""
    for drawn in reversed(tables):
        link = Link(drawn.sheet, "A1", f"看工作表“{drawn.sheet}”")
        yield f"t-{drawn.table.id}", link
        if drawn.section is not None:
            yield drawn.section.id, link
