"""Pages: the sheets of a unit's files that go on its slip, with their names and figures there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from chunfeng_reports.blanks import form_sheet
from chunfeng_reports.cells import cell_at, cell_name
from chunfeng_reports.copies import Copied, CopiedCell, CopiedSheet
from chunfeng_reports.sheets import SheetPlan
from chunfeng_reports.slips import CORRECTION, COVER, TEXT
from chunfeng_reports.tables import Dossier
from chunfeng_reports.tables.dossier import FactRow
from chunfeng_reports.worksheets import SheetNames

Spot = tuple[int, int]
Record = TypeVar("Record")
Key = TypeVar("Key")

_PARAGRAPH = re.compile(r"第([0-9]+)段")
_TABLE = re.compile(r"(表[0-9]+) ([A-Z]+[0-9]+)")
_LISTED = "原表样式未能复制，按统计表样式重新列出"
_PLAIN = "原件不是可复制样式的 xlsx 文件，只抄录内容"
_SHARED = "同一张表里其他单位的数字没有抄录"
_UNHIDDEN = "原来隐藏的工作表，已取消隐藏"
_HIDDEN = "原有隐藏的行或列，保持原样"


@dataclass(frozen=True)
class Page:
    """A sheet of a slip: its name, the file it was copied from, what stands on it.

    spots: where figures stand that are not where the file has them, by their cells there; notes:
    what is to be known of the copy (Chinese).
    """

    name: str
    file: str
    sheet: CopiedSheet
    spots: Mapping[str, Spot] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def spot(self, cell: str) -> Spot | None:
        """Where a cell of the file stands on the page; of a merged block, its first cell."""
        if cell in self.spots:
            return self.spots[cell]
        if self.sheet.text:
            match = _PARAGRAPH.fullmatch(cell)
            return (int(match[1]) - 1, 1) if match else None
        try:
            row, column = cell_at(cell)
        except ValueError:
            return None
        for top, left, bottom, right in self.sheet.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column


@dataclass(frozen=True)
class Sources:
    """What is known at a due, and copies of the files received, by what a slip asks of them."""

    dossier: Dossier
    copies: Mapping[str, Copied]

    @cached_property
    def facts(self) -> dict[str, list[FactRow]]:
        """Region → its facts of this due that stand in a file."""
        return _grouped(self._facts, key=lambda fact: fact.region)

    @cached_property
    def facts_at(self) -> dict[tuple[str, str], list[FactRow]]:
        """File and place → the facts that stand there, whosever they are."""
        return _grouped(self._facts, key=lambda fact: (fact.file, fact.sheet))

    @cached_property
    def held(self) -> dict[tuple[str, str], list[Held]]:
        """File and place → the forms that stand there."""
        columns = ["file", "member", "layout", "region", "form", "fate"]
        rows = self.dossier.intake[columns].itertuples(index=False, name=None)
        all_held = [Held(f, _place(m, layout), *rest) for f, m, layout, *rest in rows if rest[1]]
        return _grouped(all_held, key=lambda held: (held.file, held.place))

    @cached_property
    def counted(self) -> dict[str, dict[tuple[str, str], list[str]]]:
        """Region → file and place of the forms that count for it, with their codes."""
        found: dict[str, dict[tuple[str, str], list[str]]] = {}
        for key, rows in self.held.items():
            for one in rows:
                if one.fate == "counts":
                    found.setdefault(one.region, {}).setdefault(key, []).append(one.form)
        return found

    @cached_property
    def corrected(self) -> dict[tuple[str, str], list[FactRow]]:
        """File and place → facts whose figure a unit gave beside a finding, not in the cell."""
        found = [f for f in self._facts if (f.region, f.item, f.file) in self._before]
        return _grouped(found, key=lambda fact: (fact.file, fact.sheet))

    def in_text(self, fact: FactRow) -> str | None:
        """What a summary's text still says where a corrected figure stands; None for any other."""
        was = self._before.get((fact.region, fact.item, fact.file))
        return was if was is not None and fact.sheet.endswith(TEXT) else None

    @cached_property
    def _before(self) -> dict[tuple[str, str, str], str]:
        rows = self.dossier.all_findings
        return {(r.region, r.items, r.file): r.expected for r in rows if r.rule == CORRECTION}

    @property
    def _facts(self) -> Iterator[FactRow]:
        due = self.dossier.due
        return (f for f in self.dossier.fact.values() if f.due == due and f.file)


class Held(NamedTuple):
    """A form at a place of a file, whose it is, and its fate."""

    file: str
    place: str
    region: str
    form: str
    fate: str


def pages_of(sources: Sources, region: str) -> tuple[Page, ...]:
    """The pages of a unit's slip, in the order of its files and their sheets.

    All that stands in the files that count for it and in nobody else's form; a form whose sheet
    could not be copied is drawn anew from its figures.
    """
    counted = sources.counted.get(region, {})
    found = [
        (file, sheet)
        for file in dict.fromkeys(file for file, _ in counted)
        for sheet in _chosen(sources, region, sources.copies.get(file, Copied(file)))
    ]
    there = {(file, sheet.place) for file, sheet in found}
    names = SheetNames()
    names.take(COVER)
    copied = [_page(sources, region, file, sheet, names) for file, sheet in found]
    drawn = [page for key, forms in counted.items() if key not in there
             for page in _drawn(sources, region, key, forms, names)]  # fmt: skip
    return (*copied, *drawn)


def where(pages: Iterable[Page], file: str, place: str, cell: str) -> tuple[Page, Spot] | None:
    """The page and spot of a cell, named as facts and findings name it."""
    if table := _TABLE.fullmatch(cell):  # a table in a document's text
        place, cell = f"{place.removesuffix(TEXT)}{table[1]}", table[2]
    for page in pages:
        if page.file == file and page.sheet.place == place and (spot := page.spot(cell)):
            return page, spot
    return None


# --- which sheets


def _place(member: str, layout: str) -> str:
    """How facts name what the intake calls a member."""
    return "·".join(filter(None, (member, TEXT))) if layout == "prose" else member


def _grouped(records: Iterable[Record], *, key: Callable[[Record], Key]) -> dict[Key, list[Record]]:
    groups: dict[Key, list[Record]] = {}
    for one in records:
        groups.setdefault(key(one), []).append(one)
    return groups


def _chosen(sources: Sources, region: str, copied: Copied) -> Iterator[CopiedSheet]:
    """The sheets of a file that count for a unit, and those without a form beside them.

    A file that counts for somebody else as well may name that unit anywhere: then only the former.
    """
    counted = sources.counted[region]
    held = {s.place: sources.held.get((copied.file, s.place), []) for s in copied.sheets}
    others = {
        sheet.source
        for sheet in copied.sheets
        for one in held[sheet.place]
        if one.fate == "counts" and one.region != region
    }
    ours = {s.source for s in copied.sheets if (copied.file, s.place) in counted} - others
    for sheet in copied.sheets:
        beside = not held[sheet.place] and sheet.source in ours
        if (copied.file, sheet.place) in counted or (beside and sheet.cells and not sheet.hidden):
            yield sheet


def _page(sources: Sources, region: str, file: str, sheet: CopiedSheet, names: SheetNames) -> Page:
    there = sources.facts_at.get((file, sheet.place), [])
    stated = {f.cell: f.value for f in there if f.region == region and f.state == "value"}
    bare = Page("", file, sheet)
    foreign = {bare.spot(fact.cell) for fact in there if fact.region != region}
    cells = [_settled(cell, stated) for cell in sheet.cells
             if (cell.row, cell.column) not in foreign]  # fmt: skip
    for fact in sources.corrected.get((file, sheet.place), []):
        if fact.region == region and not sheet.text and (spot := bare.spot(fact.cell)):
            cells = list(_with_figure(cells, spot, fact))
    outline = sheet.outline
    notes = {
        _PLAIN: outline is None and not sheet.text,
        _SHARED: bool(foreign),
        _UNHIDDEN: sheet.hidden,
        _HIDDEN: bool(outline and (outline.hidden_rows or outline.hidden_columns)),
    }
    name = names.take(sheet.name or _stem(sheet.source or file))
    return Page(name, file, replace(sheet, cells=tuple(cells)),
                notes=tuple(note for note, holds in notes.items() if holds))  # fmt: skip


def _with_figure(cells: Iterable[CopiedCell], spot: Spot, fact: FactRow) -> Iterator[CopiedCell]:
    """The cells with a figure as it counts now, so that a slip shows what it asks about."""
    there = False
    for cell in cells:
        ours = (cell.row, cell.column) == spot
        there = there or ours
        yield replace(cell, value=fact.value) if ours else cell
    if not there:
        yield CopiedCell(*spot, fact.value)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _settled(cell: CopiedCell, stated: Mapping[str, float]) -> CopiedCell:
    """A formula's result: what reading made of it, else what was stored, else its text."""
    if not cell.formula:
        return cell
    value = stated.get(cell_name(cell.row, cell.column))
    if value is not None:
        return replace(cell, value=value)
    return cell if cell.value is not None else replace(cell, value=cell.formula)


# --- forms drawn from their figures


def _drawn(
    sources: Sources, region: str, key: tuple[str, str], forms: Iterable[str], names: SheetNames
) -> Iterator[Page]:
    """A page for each form that stood at a place, as the official form with the figures read."""
    file, place = key
    dossier = sources.dossier
    for code in forms:
        form = dossier.desk.campaign.form_by_code[code]
        if form.layout == "prose" or code not in dossier.desk.expected_forms(dossier.due):
            continue
        facts = {f.item: f for f in sources.facts.get(region, []) if f.form == code}
        values = {c: f.value if f.state == "value" else None for c, f in facts.items()}
        plan = form_sheet(dossier.desk, form, due=dossier.due,
                          region=dossier.desk.unit(region), values=values)  # fmt: skip
        sheet, spots = _from_plan(plan, [item.code for item in dossier.items(code)], facts)
        sheet = replace(sheet, source=_source(place), place=place)
        yield Page(names.take(form.short), file, sheet, spots, (_LISTED,))


def _source(place: str) -> str:
    """The path in an archive that a place begins with, if any."""
    return place.partition("·")[0] if "." in place else ""


def _from_plan(
    plan: SheetPlan, codes: list[str], facts: Mapping[str, FactRow]
) -> tuple[CopiedSheet, dict[str, Spot]]:
    figures = [cell for cell in plan.cells if cell.style == "figure"]
    at = {code: (cell.row, cell.column) for code, cell in zip(codes, figures, strict=True)}
    raw = {at[c]: f.raw for c, f in facts.items() if c in at and f.state == "unreadable"}
    shown = [(c.row, c.column, raw.get((c.row, c.column), c.value)) for c in plan.cells]
    cells = tuple(CopiedCell(r, c, value) for r, c, value in shown if value not in ("", None))
    merged = tuple((c.row, c.column, c.row + c.rows - 1, c.column + c.columns - 1)
                   for c in plan.cells if c.rows > 1 or c.columns > 1)  # fmt: skip
    spots = {f.cell: at[c] for c, f in facts.items() if c in at and f.cell}
    return CopiedSheet("", plan.name, "", cells, merged), spots
