"""Copying: a file received → its sheets as a person sees them, for a slip that sends them back.

Read as in collecting: in a process of its own, under the same limits. Values are those that the
figures were read from; the look of a workbook comes from its styles, and where those cannot be
had (a file that hangs, another format) the sheets are copied plain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chunfeng_reports.copies import Copied, CopiedCell, CopiedSheet, Look, Shown
from chunfeng_reports.reading.containers.archive import unpacked
from chunfeng_reports.reading.containers.opening import open_file
from chunfeng_reports.reading.grids import Broken, Content, Formula, Grid, Member, Value
from chunfeng_reports.reading.received import content_of
from chunfeng_reports.reading.returns import Source
from chunfeng_reports.reading.slips import opened_slip
from chunfeng_reports.reading.survey import files_in, is_plain
from chunfeng_reports.reading.workers import Limits, Lost, Workers, usable_cores
from chunfeng_reports.slips import FILLS, TEXT

if TYPE_CHECKING:
    from chunfeng_reports.reading.containers.looks import SheetLook

_GONE = "读不出来，只按已收到的数字列表"
#: Cells of one sheet that are copied; a return has a few hundred.
_MOST_CELLS = 50_000
#: Characters of a text that fit into one cell of a workbook.
_LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be copied: its path below the due's folder, where it lies, which parts.

    parts: members as the intake names them (path in an archive, sheet, or both; empty: the whole).
    plain: without looking at its styles.
    """

    file: str
    path: Path
    parts: tuple[str, ...]
    plain: bool = False


def copies_of(
    wanted: Sequence[Wanted],
    *,
    jobs: int | None = None,
    limits: Limits | None = None,
) -> Iterator[Copied]:
    """What each file shows, in the order asked for; a file that hangs or crashes costs its look.

    jobs: how many processes at once (None: one a processor; 0: none, as in collecting).
    """
    limits = limits or Limits()
    jobs = usable_cores() if jobs is None else jobs
    if jobs == 0:
        yield from map(copied, wanted)
        return
    with Workers(_prepare, None, jobs=jobs, limits=limits) as workers:
        for one, outcome in zip(wanted, workers.each(wanted), strict=True):
            yield outcome if isinstance(outcome, Copied) else _plain(one, limits)


def _plain(one: Wanted, limits: Limits) -> Copied:
    """The same file without its look; nothing of it where that fails as well."""
    with Workers(_prepare, None, jobs=1, limits=limits) as workers:
        outcome = next(workers.each([replace(one, plain=True)]))
    return Copied(one.file, refusal=_GONE) if isinstance(outcome, Lost) else outcome


def files_now(folder: Path) -> dict[str, tuple[Path, str]]:
    """Every file in a due's folder → where it lies, and its hash as collecting notes it."""
    return {file: (path, _hash(path)) for file, path in files_in(folder)}


def _hash(path: Path) -> str:
    try:
        return content_of(path)[1] if is_plain(path) else ""
    except OSError:
        return ""


# --- in the worker


def _prepare(_: object) -> Callable[[Wanted], Copied]:
    return copied


def copied(wanted: Wanted) -> Copied:
    """What one file shows; whatever goes wrong with it is its own refusal.

    MemoryError is for the caller to judge.
    """
    sha256 = ""
    try:
        data, sha256 = content_of(wanted.path)
        if data is None:
            return Copied(wanted.file, sha256, refusal=_GONE)
        return Copied(wanted.file, sha256, tuple(_sheets(data, wanted)))
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:  # a panic in a reader is no Exception
        return Copied(wanted.file, sha256, refusal=_GONE)


def _sheets(data: bytes, wanted: Wanted) -> Iterator[CopiedSheet]:
    for member in open_file(data):
        if member.content is None or not _is_wanted(member.path, wanted.parts):
            continue
        looks = {} if wanted.plain else _looks(data, member)
        slip = opened_slip(member.content)
        if slip is None:
            yield from _content(member.path, member.content, looks)
            continue
        for part in slip.parts:
            path = "/".join(filter(None, (member.path, part.path)))
            shown = {original: looks[name] for original, name in part.names if name in looks}
            for sheet in _content(path, part.content, shown):
                yield replace(_unmarked(sheet), origin=part.path)


def _is_wanted(path: str, parts: Iterable[str]) -> bool:
    return not path or any(part == path or part.startswith((f"{path}·", f"{path}/"))
                           for part in parts)  # fmt: skip


def _looks(data: bytes, member: Member) -> dict[str, SheetLook]:
    """How the sheets of a workbook look; nothing where openpyxl cannot read it."""
    from chunfeng_reports.reading.containers.looks import (  # noqa: PLC0415 - openpyxl starts threads
        looks_of,
    )

    try:
        if member.path:
            data = next(one.data for one in unpacked(data, only=member.path))
        return looks_of(data) if data.startswith(b"PK") else {}
    except MemoryError:
        raise
    except Exception:  # whatever openpyxl makes of a file that others write
        return {}


def _content(path: str, content: Content, looks: dict[str, SheetLook]) -> Iterator[CopiedSheet]:
    where = Source("", "", "", path)
    for grid in content.grids:
        yield _sheet(grid, path, where.member(grid.name), looks.get(grid.name))
    if content.paragraphs:
        cells = tuple(_paragraph_cells(content.paragraphs))
        yield CopiedSheet(path, TEXT, where.member(TEXT), cells, text=True)


def _sheet(grid: Grid, path: str, place: str, look: SheetLook | None) -> CopiedSheet:
    cells = {(cell.row, cell.column): cell for cell in _cells(grid)}
    for place_, index in _looked(look, cells):
        cells[place_] = replace(cells.get(place_) or CopiedCell(*place_), look=index)
    kept = [cell for _, cell in sorted(cells.items())[:_MOST_CELLS]]
    return CopiedSheet(
        path, grid.name, place, tuple(kept), merged=grid.merged, hidden=grid.hidden,
        looks=look.looks if look else (), outline=look.outline if look else None,
    )  # fmt: skip


def _cells(grid: Grid) -> Iterator[CopiedCell]:
    """The cells in which something stands; what lies unseen under a merged block is left there."""
    for r, row in enumerate(grid.rows):
        for c, value in enumerate(row):
            if value != "" and grid.covered(r, c) is None:
                shown, formula = _shown(value)
                yield CopiedCell(r, c, shown, formula=formula)


def _shown(value: Value) -> tuple[Shown, str]:
    """What a cell shows, and the formula that it is the result of."""
    if isinstance(value, Formula):
        return (None if value.stored == "" else value.stored), value.text
    return (value.raw if isinstance(value, Broken) else value), ""


def _looked(
    look: SheetLook | None, cells: dict[tuple[int, int], CopiedCell]
) -> Iterator[tuple[tuple[int, int], int]]:
    """The cells with a look of their own, as far as something stands in the sheet (and a bit)."""
    if look is None or not cells:
        return
    last_row = max(row for row, _ in cells) + 3
    last_column = max(column for _, column in cells) + 1
    for (row, column), index in look.cells.items():
        if row <= last_row and column <= last_column:
            yield (row, column), index


def _paragraph_cells(paragraphs: Iterable[str]) -> Iterator[CopiedCell]:
    """A paragraph a row: its number as findings name it, its text (in parts if endless)."""
    for row, text in enumerate(paragraphs):
        yield CopiedCell(row, 0, f"第{row + 1}段")
        for part in range(0, len(text), _LONGEST):
            yield CopiedCell(row, 1 + part // _LONGEST, text[part : part + _LONGEST])


def _unmarked(sheet: CopiedSheet) -> CopiedSheet:
    """A sheet of a slip without the marks that the slip was sent out with."""
    return replace(sheet, looks=tuple(map(_without_mark, sheet.looks)))


def _without_mark(look: Look) -> Look:
    if look.fill not in FILLS.values():
        return look
    lines = tuple((side, "thin", "") for side, _, _ in look.borders)
    return replace(look, fill="", borders=lines)
