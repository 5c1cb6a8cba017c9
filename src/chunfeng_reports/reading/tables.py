"""Tables: forms found in a grid — where their labels stand, and so where their figures stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from chunfeng_reports.reading.columns import in_columns
from chunfeng_reports.reading.figures import read_figures
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.places import labelled
from chunfeng_reports.reading.recognised import Recognised
from chunfeng_reports.reading.rows import in_rows
from chunfeng_reports.reading.spots import REMARK, Found, Spot, text_of
from chunfeng_reports.reading.titles import Title
from chunfeng_reports.reading.vocabulary import Vocabulary
from chunfeng_reports.reading.wording import plain

_LONGEST_LABEL = 60


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
        place = in_columns(grid, form, spots, words) or in_rows(grid, form, spots, others, words)
        found.append((form, place))
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
    return Recognised(
        form,
        place.layout,
        grid.name,
        figures,
        title=heading.text if heading else "",
        titled=heading.title.form if heading else "",
        year=heading.title.year if heading else None,
        unit_texts=_unit_texts(grid, above, place, below),
        hidden=grid.hidden,
        doubts=place.doubts + doubts,
    )


def _heading_of(headings: list[Heading], form: str, above: int, top: int) -> Heading | None:
    """The title over a table: of those between it and the table before, its own form's first."""
    over = [h for h in headings if above < h.row <= top]
    own = [h for h in over if h.title.form == form]
    return next(reversed(own or over), None)


def _unit_texts(grid: Grid, above: int, place: Found, below: int) -> tuple[str, ...]:
    """Names in label cells over a table or beside its figures, else under it, else anywhere."""
    found = list(_labelled_names(grid))
    over = [name for row, name in found if above < row <= place.top]
    under = [name for row, name in found if place.top < row < below]
    return (*over, *place.unit_texts) or tuple(under or (name for _, name in found))


def _labelled_names(grid: Grid) -> Iterable[tuple[int, str]]:
    for row, column, text in grid.texts():
        if len(text) > _LONGEST_LABEL:
            continue
        is_label, name = labelled(text)
        if is_label and not name:
            name = next((t for c in range(column + 1, column + 5)
                         if (t := text_of(grid.at(row, c)))), "")  # fmt: skip
        if is_label and name:
            yield row, name
