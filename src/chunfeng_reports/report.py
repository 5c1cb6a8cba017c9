"""Reports: sections of text, tables and charts as values; they know no HTML, Excel or file.

A notebook builds one, ``report += section`` by section, shows each section and saves the report as
its last act; the workbook is drawn from what was saved.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chunfeng_reports.errors import UseError
from chunfeng_reports.findings import Severity
from chunfeng_reports.sheets import SheetPlan


class Part(BaseModel):
    """Base of the frozen records of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Operand(Part):
    """A figure that another one is worked out of: its sign before it, what it is, where it is from.

    value: None where it stands on another page, to which href leads; sources, href: as a figure's.
    """

    sign: Literal["+", "−", "÷"] = "+"
    label: str
    value: float | None = None
    sources: tuple[str, ...] = ()
    href: str = ""


class Figure(Part):
    """One cell of a table: a figure or a text, a mark where it is doubted, and where it is from.

    note: short Chinese words shown with it (``未报``, ``缺 2 家``); sources: row
    keys of the report's table of sources, one for a figure as received, several for a sum of them;
    href: another page that it leads to, relative to this one, or ``#t-<id>``, a table of this
    page; finding: row key of the finding that the mark is for, in a table of findings of this
    report; decimals: where not the column's; operands: what it is worked out of, from left to
    right, where it stands in no return (a change, a share, a count).
    """

    value: float | str | None = None
    note: str = ""
    mark: Severity | None = None
    sources: tuple[str, ...] = ()
    href: str = ""
    finding: str = ""
    decimals: int | None = None
    operands: tuple[Operand, ...] = ()


class Column(Part):
    """A column of a table. kind ``change`` shows a sign; width in characters of Excel.

    hidden: drawn in Excel only; heat: its figures are shaded by size, each against the column's
    largest.
    """

    key: str
    label: str
    kind: Literal["text", "figure", "change", "percent", "code", "severity"] = "text"
    decimals: int = 0
    width: float = 12
    hidden: bool = False
    heat: bool = False


class Row(Part):
    """A row of a table; indent 1 marks an 其中 row, strong a total."""

    key: str
    cells: tuple[Figure, ...]
    indent: int = 0
    strong: bool = False


class Table(Part):
    """A table; sheet: the worksheet it gets in Excel (none: it stands in the page alone).

    hidden: drawn in Excel only; written: drawn in Word too. A sheet holds one table, its head in
    row 1.
    """

    kind: Literal["table"] = "table"
    id: str
    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "无"
    sheet: str | None = None
    hidden: bool = False
    written: bool = False

    @model_validator(mode="after")
    def _every_row_has_a_cell_a_column(self) -> Table:
        for n, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"表 {self.id} 第 {n} 行（{row.key}）有 {len(row.cells)} 格，"
                    f"应与列数相同，为 {len(self.columns)} 格"
                )
        return self


class Text(Part):
    """Paragraphs; tone ``notice`` is set off for what a reader must not miss, ``note`` is small."""

    kind: Literal["text"] = "text"
    paragraphs: tuple[str, ...]
    tone: Literal["plain", "notice", "note"] = "plain"


class ProseLine(Part):
    """A paragraph of a written document, or a heading of the second level in it.

    lead: whose words follow, set off before the text. What stands in 【 】 is for those who finish
    the document, and is set off as well.
    """

    text: str
    lead: str = ""
    heading: bool = False


class Prose(Part):
    """A passage of a written document; hidden: drawn in Word only."""

    kind: Literal["prose"] = "prose"
    lines: tuple[ProseLine, ...]
    hidden: bool = False


class KeyFigure(Part):
    """One of the few figures that matter: label, value, unit, change since the last due."""

    label: str
    unit: str
    figure: Figure
    change: Figure = Figure()
    decimals: int = 0


class KeyFigures(Part):
    """A row of key figures."""

    kind: Literal["key_figures"] = "key_figures"
    id: str
    items: tuple[KeyFigure, ...]
    change_label: str = "较上期"


class Bar(Part):
    """One bar: label, value (none: not reported), mark where doubted, strong for the subject.

    href: where its label leads; sources, finding: as a figure's; share: of the sum of all bars.
    """

    label: str
    value: float | None
    mark: Severity | None = None
    strong: bool = False
    note: str = ""
    href: str = ""
    sources: tuple[str, ...] = ()
    finding: str = ""
    share: float | None = None


class Bars(Part):
    """A bar chart of one item over units (or over anything with a label), drawn as given."""

    kind: Literal["bars"] = "bars"
    id: str
    title: str
    unit: str
    bars: tuple[Bar, ...]
    decimals: int = 0


class Point(Part):
    """One due of a course: its day, the value (none: the note says why), mark where doubted.

    sources, href: as a figure's.
    """

    label: str
    value: float | None
    mark: Severity | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    href: str = ""


class Course(Part):
    """One item over the dues, oldest first; courses that follow each other are small multiples."""

    kind: Literal["course"] = "course"
    id: str
    title: str
    unit: str
    points: tuple[Point, ...]
    decimals: int = 0


class FormSheet(Part):
    """An official form, filled in: drawn in Excel, not in the page."""

    kind: Literal["form"] = "form"
    plan: SheetPlan


Block = Annotated[
    Table | Text | Prose | KeyFigures | Bars | Course | FormSheet,
    Field(discriminator="kind"),
]


class Section(Part):
    """A titled part of a report; id names it in links.

    place: where a written document has it: in its ``text``, as an ``annex``, or on the ``draft``
    page for those who finish it.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    place: Literal["text", "annex", "draft"] = "text"

    def __repr__(self) -> str:
        return f"Section({self.id!r}, {self.title!r}, {len(self.blocks)} blocks)"


class Letter(Part):
    """What makes a report an official document: it is drawn in Word alone, and there as a draft.

    title: line by line; to: whom it is for; opening: its first paragraph; signed and dated: below
    the text.
    """

    title: tuple[str, ...]
    to: str = ""
    opening: str = ""
    signed: str = ""
    dated: str = ""


class Report(Part):
    """One report: what it is about, whether its figures are final, and its sections.

    name: of the notebook that made it; status: ``final`` or ``provisional``, reasons in Chinese;
    remarks: what else a reader must know; letter: where it is to become an official document.
    """

    name: str
    title: str
    subtitle: str = ""
    campaign: str
    due: str
    region: str
    region_name: str
    status: Literal["final", "provisional"]
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    letter: Letter | None = None
    sections: tuple[Section, ...] = ()

    def __repr__(self) -> str:
        sections = ", ".join(section.id for section in self.sections)
        return f"Report({self.name!r}, {self.due!r}, {self.region!r}: {sections})"

    def __add__(self, section: Section) -> Report:
        """The report with one more section at its end.

        A section whose id is there already takes that one's place: in JupyterLab cells are run
        more than once. UseError for what is no section.
        """
        if not isinstance(section, Section):
            raise UseError(
                f"报告只能加 Section（一节），不能加 {type(section).__name__}；"
                "表格、文字和图请先放进一节：Section(id=…, title=…, blocks=(…,))"
            )
        if any(one.id == section.id for one in self.sections):
            new = tuple(section if one.id == section.id else one for one in self.sections)
        else:
            new = (*self.sections, section)
        return self.model_copy(update={"sections": new})


class IndexCell(Part):
    """One unit at one due, as the index shows it; href relative to the index page.

    late: by how many days the latest of its forms came after the due.
    """

    due: str
    state: Literal["final", "provisional", "missing", "none"]
    label: str
    critical: int = 0
    warning: int = 0
    late: int = 0
    href: str = ""


class IndexUnit(Part):
    """A row of the index: a unit over all dues; href: of its page over time."""

    region: str
    name: str
    cells: tuple[IndexCell, ...]
    href: str = ""


class Link(Part):
    """A link of the index, relative to it; formats: the same report in other formats."""

    label: str
    href: str
    formats: tuple[Link, ...] = ()


class IndexDay(Part):
    """A day of the calendar: what is due, what falls together with it, what it is for."""

    day: str
    what: str
    clash: str = ""
    then: str = ""


class IndexDue(Part):
    """A column of the index: one due with its own reports.

    units_complete, documents_complete: of how many units all tables, all documents have
    come; None where the due asks for no document.
    """

    due: str
    name: str
    status: Literal["final", "provisional", "none"]
    reasons: tuple[str, ...]
    units_expected: int
    units_complete: int
    documents_complete: int | None = None
    critical: int
    warning: int
    info: int
    links: tuple[Link, ...]
    feeds: str = ""


class Index(Part):
    """The first page: all dues and units of the campaign at one body's desk.

    days: the calendar, in order; every_week: what is due each week, in words.
    """

    campaign: str
    body: str
    body_name: str
    dues: tuple[IndexDue, ...]
    units: tuple[IndexUnit, ...]
    days: tuple[IndexDay, ...] = ()
    every_week: str = ""
    notes: tuple[str, ...] = ()
