"""Tables: forms found in a grid — where their labels stand, and so where their figures stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Grid
from chunfeng_reports.reading.layouts.answers import (
    Answer,
    answers_in,
    of_form,
    parted,
    with_answers,
)
from chunfeng_reports.reading.layouts.apart import apart
from chunfeng_reports.reading.layouts.columns import in_columns
from chunfeng_reports.reading.layouts.figures import read_figures
from chunfeng_reports.reading.layouts.filling import filled_in
from chunfeng_reports.reading.layouts.lists import by_unit, of_due, of_kind, unfolded
from chunfeng_reports.reading.layouts.panels import Table, tables_in
from chunfeng_reports.reading.layouts.printed import as_printed, frame_of
from chunfeng_reports.reading.layouts.rows import in_rows
from chunfeng_reports.reading.layouts.sides import HEAD_WORD, Choice
from chunfeng_reports.reading.layouts.spots import REMARK, Found, Spot, text_of
from chunfeng_reports.reading.layouts.times import OTHER_TIME
from chunfeng_reports.reading.recognised import Doubt, Figure, Recognised, Seen
from chunfeng_reports.reading.words.places import NO_PLACE, labelled
from chunfeng_reports.reading.words.titles import Title
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

#: Row, column and text of a unit's name.
_Name = tuple[int, int, str]

_LONGEST_NAME = 20
_DAY = re.compile(r"(?:填[报表]|报送|统计)?(?:时间|日期)|[0-9]{1,2}[月./-][0-9]{1,2}日?$")
_LONGEST_LABEL = 60
#: A label with its explanation in brackets behind it.
_LONGEST_EXPLAINED = 120
#: Labels around one of several forms that say of which form it is.
_NEIGHBOURS = 3
#: Sheets of different making that are remembered.
_MOST_FRAMES = 500
_EXAMPLE = re.compile(r"示例|样例|范例|填[写报表]样|举例|指标解释|填[报表写]说明|填报口径")
#: A line of nothing else, over the title of the table that it is said of.
_EXAMPLE_ALONE = re.compile(r"\W*(?:填[报表写])?(?:示例|样例|范例|样表)\W*")
_SCALE = re.compile(r"[百千万亿]")
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
    if _EXAMPLE.search(grid.name):
        return []
    frame = frame_of(grid, words)
    if (known := words.frames.get(frame)) is None:
        known = _known(grid, words)
        if len(words.frames) < _MOST_FRAMES:
            words.frames[frame] = known
    headings, placed = known
    if placed:
        found = [placed]
    elif answers := answers_in(grid, words):
        found, grid = _answered(grid, answers, headings, words)
    else:
        found = _searched(grid, headings, words)
    names = tuple(_labelled_names(grid) or _bare_names(grid, found, words)) if found else ()
    around = _Around(tuple(found), headings, names)
    return counting([_recognised(grid, one, around, words) for one in found], words)


def _known(grid: Grid, words: Vocabulary) -> tuple[tuple[Heading, ...], _Placed | None]:
    """The titles on a sheet; and where the figures stand, if it holds one form as it is printed."""
    headings = tuple(_headings(grid, words))
    if len(headings) != 1 or _EXAMPLE.search(headings[0].text):
        return headings, None
    form = words.desk.campaign.form_by_code[headings[0].title.form]
    spots = _spots(grid, words, headings)
    title = headings[0].row, headings[0].column
    place = as_printed(grid, form.items, spots, title, words) if spots else None
    return headings, _Placed(form.code, place) if place else None


def _answered(
    grid: Grid, answers: tuple[Answer, ...], headings: tuple[Heading, ...], words: Vocabulary
) -> tuple[list[_Placed], Grid]:
    """Every form on a sheet whose labels' cells hold figures, and the sheet to read those from."""
    bare, own = parted(grid, answers, labels=True), parted(grid, answers, labels=False)
    found = []
    for one in _searched(bare, headings, words):
        theirs = of_form(answers, one.form, one.place)
        place = with_answers(one.place, bare, theirs, own=own)
        found.append(_Placed(one.form, place, one.dropped))
    return found, own


def _searched(grid: Grid, headings: tuple[Heading, ...], words: Vocabulary) -> list[_Placed]:
    """Every form on a sheet, wherever and however it is laid out, from the top down."""
    by_form = _by_form(grid, _spots(grid, words, headings), headings, words)
    if not by_form:
        return []
    if halves := apart(grid, by_form, [(h.title.form, h.row, h.column) for h in headings]):
        return [one for own in halves for one in _searched(own, _on(own, headings), words)]
    every = [spot for spots in by_form.values() for spot in spots]
    if every and (own := unfolded(grid, every) or of_due(grid, every, words)):
        return _searched(own, headings, words)
    if lists := by_unit(grid, every, words):
        return [_of_unit(one, name, shared=len(lists) > 1) for name, own in lists
                for one in _searched(own, headings, words)]  # fmt: skip
    if (chosen := of_kind(grid, every, words)) is not None:
        return [_of_kind(one, grid, chosen[1]) for one in _searched(chosen[0], headings, words)]
    names = _labelled_names(grid)
    wide = _wide(grid, by_form, words)
    placed = {one.form for one in wide}
    rest = {form: spots for form, spots in by_form.items() if form not in placed}
    found = [*wide, *_tall(grid, rest, _breaks(headings, names), words)]
    return sorted(found, key=lambda one: (one.place.top, one.form, one.place.left))


def _on(grid: Grid, headings: Iterable[Heading]) -> tuple[Heading, ...]:
    """The titles that stand on what was kept of a sheet."""
    return tuple(h for h in headings if grid.at(h.row, h.column) != "")


def _of_unit(one: _Placed, name: str, *, shared: bool) -> _Placed:
    place = replace(one.place, unit_texts=(name,), shared=shared)
    return _Placed(one.form, place, one.dropped)


def _of_kind(one: _Placed, grid: Grid, choice: Choice) -> _Placed:
    items = tuple(one.place.cells)
    cells = one.place.cells if choice.column else dict.fromkeys(items)
    doubts = (*one.place.doubts, *choice.doubts(grid, items))
    return _Placed(one.form, replace(one.place, cells=cells, doubts=doubts), one.dropped)


def _wide(grid: Grid, by_form: dict[str, list[Spot]], words: Vocabulary) -> list[_Placed]:
    """The forms whose items stand side by side."""
    found = []
    for form, spots in by_form.items():
        others = [s for other, theirs in by_form.items() if other != form for s in theirs]
        places = in_columns(grid, form, spots, words, others)
        found += [_Placed(form, place) for place in places]
    return found


def _tall(
    grid: Grid, by_form: dict[str, list[Spot]], breaks: list[tuple[int, int]], words: Vocabulary
) -> list[_Placed]:
    """The forms whose items stand one below the other."""
    return [_Placed(table.form, place, table.dropped)
            for table in tables_in(grid, by_form, breaks) if not _is_example(grid, table)
            for place in in_rows(grid, table, words)]  # fmt: skip


def _breaks(headings: Sequence[Heading], names: Iterable[_Name]) -> list[tuple[int, int]]:
    """Rows and columns at which a new table may begin: those of titles and of units' names."""
    return sorted(
        [(h.row, h.column) for h in headings] + [(row, column) for row, column, _ in names]
    )


def _headings(grid: Grid, words: Vocabulary) -> list[Heading]:
    found = []
    for row, column, text in grid.texts():
        if len(text) <= _LONGEST_LABEL and not REMARK.match(plain(text)):
            title = words.titles.in_text(text)
            if title is not None:
                found.append(Heading(row, column, title, text))
    return found


def _spots(grid: Grid, words: Vocabulary, headings: Sequence[Heading]) -> list[Spot]:
    """Every cell that names an item; of several forms' items, that of the form it stands in."""
    spots, unclear = [], []
    for row, column, text in grid.texts():
        if not 2 <= len(text) <= _LONGEST_EXPLAINED or REMARK.match(plain(text)):
            continue
        named = words.labels.named(text)
        if len(named) == 1:
            spots.append(Spot(row, column, named[0], text))
        elif named:
            unclear.append((row, column, named, text))
    for row, column, named, text in unclear:
        form = _form_around(spots, headings, row, column)
        own = [n for n in named if n.item.form == form]
        spots += [Spot(row, column, n, text) for n in own if len(own) == 1]
    return sorted(spots, key=lambda s: (s.row, s.column)) if unclear else spots


def _form_around(spots: list[Spot], headings: Sequence[Heading], row: int, column: int) -> str:
    """The form of most of the three labels nearest in the same column or row, else of the title.

    One alone may itself be worded as another form's item is.
    """
    near = sorted((abs(s.row - row) + abs(s.column - column), s.named.item.form)
                  for s in spots if s.column == column or s.row == row)[:_NEIGHBOURS]  # fmt: skip
    above = [heading.title.form for heading in headings if heading.row <= row]
    forms = Counter(form for _, form in near)
    return forms.most_common(1)[0][0] if forms else next(reversed(above), "")


def _by_form(
    grid: Grid, spots: Iterable[Spot], headings: Sequence[Heading], words: Vocabulary
) -> dict[str, list[Spot]]:
    """Spots of each form that is truly there: half of its items, or a title and one."""
    grouped: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        grouped[spot.named.item.form].append(spot)
    titled = {heading.title.form for heading in headings}
    if (title := words.titles.in_text(grid.name)) is not None:
        titled.add(title.form)
    found = {}
    for form in words.titles.tables:
        own = grouped.get(form.code, [])
        items = {spot.code for spot in own}
        few = len(items) < max(min(3, len(form.items)), len(form.items) / 2)
        if (not few) or (items and form.code in titled):
            found[form.code] = own
        elif form.code in titled and not grouped and form.layout == "columns":
            found[form.code] = []
    return found


def _is_example(grid: Grid, table: Table) -> bool:
    """Whether a table shows how to fill the form in: its title, or a cell above it, says so."""
    first = min((spot.row for spot in table.spots), default=table.top)
    over = next((row for row in reversed(grid.rows[: table.top]) if any(v != "" for v in row)), ())
    if any(isinstance(value, str) and _EXAMPLE_ALONE.fullmatch(plain(value)) for value in over):
        return True
    rows = grid.rows[table.top : first]
    return any(isinstance(value, str) and len(value) <= _LONGEST_LABEL and _EXAMPLE.search(value)
               and not labelled(value)[0] for row in rows for value in row[:1] or ())  # fmt: skip


def counting(found: list[Recognised], words: Vocabulary) -> list[Recognised]:
    """Without tables that repeat a form emptily, or stand for another year, beside one that counts.

    A repetition that names another unit stays: that unit's form came empty.
    """
    if len(found) < 2:
        return found
    return [
        one
        for one in found
        if not any(_outdone(one, other, words) for other in found if other is not one)
    ]


def _outdone(one: Recognised, other: Recognised, words: Vocabulary) -> bool:
    if one.form != other.form:
        return False
    year = words.desk.campaign.year
    if one.year not in (None, year) and other.year in (None, year):
        return True
    earlier = OTHER_TIME.search(one.title) and not OTHER_TIME.search(other.title)
    empty = earlier or not any(figure.raw for figure in one.figures.values())
    filled = any(figure.raw for figure in other.figures.values())
    own, theirs = _unit_of(one, words), _unit_of(other, words)
    return bool(empty) and filled and not one.shared and own in ("", theirs)


def _unit_of(one: Recognised, words: Vocabulary) -> str:
    return next((unit for text in (*one.unit_texts, one.title, one.sheet)
                 if (unit := words.places.alone(text).unit)), "")  # fmt: skip


# --- what stands around a table: its title and its unit


@dataclass(frozen=True, slots=True)
class _Placed:
    """A form and where its figures stand; dropped: labels of it that stand outside its table."""

    form: str
    place: Found
    dropped: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Around:
    """All that stands on a sheet: forms placed, titles, and names in label cells of a unit."""

    found: tuple[_Placed, ...]
    headings: tuple[Heading, ...]
    names: tuple[_Name, ...]


def _recognised(grid: Grid, one: _Placed, around: _Around, words: Vocabulary) -> Recognised:
    form, place, found = one.form, one.place, around.found
    items = words.desk.campaign.form_by_code[form].items
    figures, doubts = read_figures(grid, items, place.cells)
    above = max((f.place.bottom for f in found if f.place.bottom < place.top), default=-1)
    below = min((f.place.top for f in found if f.place.top > place.bottom), default=len(grid.rows))
    heading = _heading_of(around.headings, one, above, {f.form for f in found})
    names = _unit_cells(around.names, above, place, below)
    doubts += _scale_over(grid, above, place, figures.values())
    return Recognised(
        form,
        place.layout,
        grid.name,
        figures,
        title=heading.text if heading else "",
        titled=heading.title.form if heading else "",
        year=heading.title.year if heading else None,
        unit_texts=(*(() if place.shared else (name for *_, name in names)), *place.unit_texts),
        hidden=grid.hidden,
        doubts=place.doubts + doubts + _unclear_units(grid, place, names, words),
        shared=place.shared,
        seen=_seen(one, heading) + place.seen if words.telling else (),
        filled=filled_in(grid, range(above + 1, below), year=words.desk.campaign.year),
    )


def _seen(one: _Placed, heading: Heading | None) -> tuple[Seen, ...]:
    """What was made of the title, and of labels of the form that stand outside its table."""
    title = [Seen(cell_name(heading.row, heading.column), heading.text, "表名", heading.title.form)
             for heading in (heading,) if heading is not None]  # fmt: skip
    dropped = (Seen(cell_name(s.row, s.column), s.text, "指标", why="在统计表之外")
               for s in one.dropped)  # fmt: skip
    return (*title, *dropped)


def _scale_over(
    grid: Grid, above: int, place: Found, figures: Iterable[Figure]
) -> tuple[Doubt, ...]:
    """A doubt where title or head count in thousands (单位：万人) and the figures say no such."""
    plainly = tuple(f.item for f in figures if f.state == "value" and not _SCALE.search(f.raw))
    for row, column, text in grid.texts():
        if not above < row <= place.top or not _SCALE.search(text):
            continue
        match = _SCALED.search(plain(text))
        if match and plainly:
            message = (
                f"表头写的是“{match[0].strip('()')}”，各栏数字未带“{match['scale']}”字，"
                "已按所填数字读取；请核对计量单位"
            )
            return (Doubt("reading.unit_differs", "warning", message, plainly, value=match[0],
                          sheet=grid.name, cell=cell_name(row, column)),)  # fmt: skip
    return ()


def _heading_of(
    headings: Iterable[Heading], one: _Placed, above: int, present: set[str]
) -> Heading | None:
    """The title over a table: of those between it and the table before, its own form's last.

    Of one that stands over tables side by side, another form's title is that other's alone.
    """
    place, form = one.place, one.form
    over = [h for h in headings if above < h.row <= place.top]
    own = [h for h in over if h.title.form == form]
    if place.right and len(own) > 1:
        own = [h for h in own if place.left <= h.column < place.right] or own
    others = [h for h in over if h.title.form not in present]
    return next(reversed(own or others), None)


def _unit_cells(
    names: tuple[_Name, ...], above: int, place: Found, below: int
) -> tuple[_Name, ...]:
    """Names in label cells over a table, else (none beside its figures) under it, else anywhere."""
    over = tuple(cell for cell in names if above < cell[0] <= place.top)
    if place.right:
        over = tuple(cell for cell in over if place.left <= cell[1] < place.right) or over
    under = tuple(cell for cell in names if place.top < cell[0] < below)
    return over or (() if place.unit_texts else under or names)


def _bare_names(grid: Grid, found: Iterable[_Placed], words: Vocabulary) -> Iterator[_Name]:
    """Every cell outside the tables that is a region's name or an office's and nothing else.

    So the province's form has it (市 under the title, without a label); asked where no label is.
    In its row stands nothing else but a day, or its label far off: 高新区 among the heads of
    columns is no unit's name.
    """
    within = [(one.place.top, one.place.bottom) for one in found]
    rows: dict[int, list[_Name]] = defaultdict(list)
    for row, column, text in grid.texts():
        if not any(top <= row <= bottom for top, bottom in within):
            rows[row].append((row, column, plain(text)))
    for cells in rows.values():
        names = [cell for cell in cells if not _DAY.search(cell[2]) and not labelled(cell[2])[0]]
        places = {words.places.called(text) if len(text) <= _LONGEST_NAME else NO_PLACE
                  for *_, text in names}  # fmt: skip
        if len(places) == 1 and not places.pop().silent:
            yield from names


def _labelled_names(grid: Grid) -> tuple[_Name, ...]:
    """Row, column and text of every name that a label cell of the unit gives."""
    return tuple(_names_in_labels(grid))


def _names_in_labels(grid: Grid) -> Iterator[_Name]:
    for row, column, text in grid.texts():
        if len(text) > _LONGEST_LABEL:
            continue
        is_label, name = labelled(text)
        if is_label and name:
            yield row, column, name
        elif is_label:
            beside = ((c, text_of(grid.at(row, c))) for c in range(column + 1, column + 5))
            first = [(row, c, words) for c, words in beside if words][:1]
            yield from (one for one in first if not HEAD_WORD.fullmatch(one[2]))


def _unclear_units(
    grid: Grid, place: Found, cells: tuple[_Name, ...], words: Vocabulary
) -> tuple[Doubt, ...]:
    """A doubt on a unit's name that is no region known, or several, where no other name is one.

    Of a name that several units have, what stands around tells which is meant (``whose``).
    """
    if place.shared:
        return ()
    if place.layout == "columns":
        over = (cell for cell in cells if cell[0] < place.top)
        cells = (*over, *_names_beside(grid, place))
    called = [words.places.called(name) for *_, name in cells]
    if any(not one.silent or one.namesakes for one in called):
        return ()
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


def _names_beside(grid: Grid, place: Found) -> list[_Name]:
    """What stands in the row of a wide table's figures under a head of the unit's name."""
    figures = next((at for at in place.cells.values() if at is not None), None)
    if figures is None:
        return []
    row = figures[0]
    return [(row, c, text_of(grid.at(row, c))) for head, c, text in grid.texts()
            if place.top <= head < row and labelled(text) == (True, "")
            and not text_of(grid.at(row, c)).isdecimal()]  # fmt: skip
