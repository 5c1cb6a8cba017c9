"""Tables: forms found in a grid — where their labels stand, and so where their figures stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.columns import in_columns
from chunfeng_reports.reading.layouts.figures import read_figures
from chunfeng_reports.reading.layouts.rows import in_rows
from chunfeng_reports.reading.layouts.spots import REMARK, Found, Spot, text_of
from chunfeng_reports.reading.recognised import Doubt, Figure, Recognised
from chunfeng_reports.reading.words.places import labelled
from chunfeng_reports.reading.words.titles import Title
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

_LONGEST_LABEL = 60
_SCALE = re.compile(r"[千万亿]")
#: Sums of money (万元) are not meant: items count those so themselves.
_SCALED = re.compile(
    r"(?:单位[:：]?|\((?:单位[:：]?)?)(?P<scale>[百千万亿])(?:人次|[人户个家份场次])?(?![元\w])"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell that names a form."""

    row: int
    column: int
    title: Title
    text: str


def forms_in(grid: Grid, words: Vocabulary) -> list[Recognised]:
    """The forms that a grid holds, in the order in which they stand; none where it holds none."""
    headings = _headings(grid, words)
    by_form = _by_form(_spots(grid, words, headings), headings, words)
    found = []
    for form, spots in by_form.items():
        others = [s for other, theirs in by_form.items() if other != form for s in theirs]
        places = in_columns(grid, form, spots, words) or in_rows(grid, form, spots, others, words)
        found += [(form, place) for place in places]
    found.sort(key=lambda pair: (pair[1].top, pair[0]))
    return [_recognised(grid, form, place, found, headings, words) for form, place in found]


def _headings(grid: Grid, words: Vocabulary) -> list[Heading]:
    found = []
    for row, column, text in grid.texts():
        if len(text) <= _LONGEST_LABEL and not REMARK.match(plain(text)):
            title = words.titles.in_text(text)
            if title is not None:
                found.append(Heading(row, column, title, text))
    return found


def _spots(grid: Grid, words: Vocabulary, headings: list[Heading]) -> list[Spot]:
    spots = []
    for row, column, text in grid.texts():
        if len(text) > _LONGEST_LABEL or len(text) < 2 or REMARK.match(plain(text)):
            continue
        named = words.labels.named(text)
        if len(named) > 1:
            above = [h.title.form for h in headings if h.row <= row][-1:]
            named = tuple(n for n in named if n.item.form in above)
        if len(named) == 1:
            spots.append(Spot(row, column, named[0], text))
    return spots


def _by_form(
    spots: Iterable[Spot], headings: list[Heading], words: Vocabulary
) -> dict[str, list[Spot]]:
    """Spots of each form that is truly there: three items of it, or a title and one."""
    grouped: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        grouped[spot.named.item.form].append(spot)
    titled = {heading.title.form for heading in headings}
    found = {}
    for form in words.titles.tables:
        own = grouped.get(form.code, [])
        items = {spot.code for spot in own}
        few = len(items) < min(3, len(form.items))
        if (not few) or (items and form.code in titled):
            found[form.code] = own
        elif form.code in titled and not grouped and form.layout == "columns":
            found[form.code] = []
    return found


# --- what stands around a table: its title and its unit


def _recognised(
    grid: Grid,
    form: str,
    place: Found,
    all_found: list[tuple[str, Found]],
    headings: list[Heading],
    words: Vocabulary,
) -> Recognised:
    items = words.desk.campaign.form_by_code[form].items
    figures, doubts = read_figures(grid, items, place.cells)
    above = max((f.bottom for _, f in all_found if f.bottom < place.top), default=-1)
    below = min((f.top for _, f in all_found if f.top > place.bottom), default=len(grid.rows))
    heading = _heading_of(headings, form, above, place.top)
    doubts += _scale_over(grid, above, place, figures.values())
    return Recognised(
        form,
        place.layout,
        grid.name,
        figures,
        title=heading.text if heading else "",
        titled=heading.title.form if heading else "",
        year=heading.title.year if heading else None,
        unit_texts=place.unit_texts if place.shared else _unit_texts(grid, above, place, below),
        hidden=grid.hidden,
        doubts=place.doubts + doubts + _unclear_units(grid, above, place, below, words),
        shared=place.shared,
        seen=place.seen,
    )


def _scale_over(
    grid: Grid, above: int, place: Found, figures: Iterable[Figure]
) -> tuple[Doubt, ...]:
    """A doubt where title or head count in thousands (单位：万人) and the figures say no such."""
    plainly = tuple(f.item for f in figures if f.state == "value" and not _SCALE.search(f.raw))
    for row, column, text in grid.texts():
        match = _SCALED.search(plain(text))
        if match and plainly and above < row <= place.top:
            message = (
                f"表头写的是“{match[0].strip('()')}”，各栏数字未带“{match['scale']}”字，"
                "已按所填数字读取；请核对计量单位"
            )
            return (Doubt("reading.unit_differs", "warning", message, plainly, value=match[0],
                          sheet=grid.name, cell=cell_name(row, column)),)  # fmt: skip
    return ()


def _heading_of(headings: list[Heading], form: str, above: int, top: int) -> Heading | None:
    """The title over a table: of those between it and the table before, its own form's first."""
    over = [h for h in headings if above < h.row <= top]
    own = [h for h in over if h.title.form == form]
    return next(reversed(own or over), None)


def _unit_texts(grid: Grid, above: int, place: Found, below: int) -> tuple[str, ...]:
    """Names in label cells over a table or beside its figures, else under it, else anywhere."""
    return (*(name for *_, name in _unit_cells(grid, above, place, below)), *place.unit_texts)


def _unit_cells(grid: Grid, above: int, place: Found, below: int) -> list[tuple[int, int, str]]:
    """Row, column and name of the label cells that tell whose a table is."""
    found = list(_labelled_names(grid))
    over = [cell for cell in found if above < cell[0] <= place.top]
    under = [cell for cell in found if place.top < cell[0] < below]
    return over or ([] if place.unit_texts else under or found)


def _labelled_names(grid: Grid) -> Iterable[tuple[int, int, str]]:
    for row, column, text in grid.texts():
        if len(text) > _LONGEST_LABEL:
            continue
        is_label, name = labelled(text)
        if is_label and name:
            yield row, column, name
        elif is_label:
            beside = ((c, text_of(grid.at(row, c))) for c in range(column + 1, column + 5))
            yield from [(row, c, words) for c, words in beside if words][:1]


def _unclear_units(
    grid: Grid, above: int, place: Found, below: int, words: Vocabulary
) -> tuple[Doubt, ...]:
    """A doubt on a unit's name that is no region known, or several, where no other name is one."""
    cells = _unit_cells(grid, above, place, below)
    if place.layout == "columns":
        cells = [cell for cell in cells if cell[0] < place.top] + _names_beside(grid, place)
    names = [name for *_, name in cells if not words.labels.named(name)]
    if any(not words.places.alone(name).silent for name in (*names, *place.unit_texts)):
        return ()
    return tuple(
        unknown_unit(name, grid.name, cell_name(row, column))
        for row, column, name in cells
        if name in names and words.places.unclear(name)
    )


def unknown_unit(name: str, sheet: str, cell: str = "") -> Doubt:
    """The doubt on a unit's name that is no region known, or several."""
    message = (
        f"表内单位写的是“{name}”，认不出是哪一个报送单位，"
        "已按文件夹、文件名等归属；请核实后重新报送"
    )
    return Doubt("reading.unit_unknown", "critical", message, value=name,
                 sheet=sheet, cell=cell, about=cell or name)  # fmt: skip


def _names_beside(grid: Grid, place: Found) -> list[tuple[int, int, str]]:
    """What stands in the row of a wide table's figures under a head of the unit's name."""
    figures = next((at for at in place.cells.values() if at is not None), None)
    if figures is None:
        return []
    row = figures[0]
    return [(row, c, text_of(grid.at(row, c))) for head, c, text in grid.texts()
            if place.top <= head < row and labelled(text) == (True, "")
            and not text_of(grid.at(row, c)).isdecimal()]  # fmt: skip
