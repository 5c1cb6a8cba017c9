"""Looks: how the sheets of an xlsx workbook look — fonts, fills, borders, sizes, hidden rows.

Only the look is taken from openpyxl: values come from the readers that the figures came from, and
macros, links, pictures, names and whatever else the workbook holds stay behind.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any

from defusedxml import ElementTree
from openpyxl import load_workbook
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.cells import cell_at
from chunfeng_reports.copies import Look, Outline
from chunfeng_reports.reading.grids import MOST_COLUMNS, MOST_ROWS

Shown = Any  # parts of a style, which openpyxl hands out as proxies

#: What Excel takes: points of a font and a row, characters of a column and a number format.
_LARGEST, _TALLEST, _WIDEST, _LONGEST_FORMAT = 409.0, 409.0, 255.0, 200
_MOST_FROZEN = 40

_SIDES = ("left", "right", "top", "bottom")
#: The colours of Office's own theme, in the order in which cells number them.
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D",
          "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080")  # fmt: skip
#: The order in which a theme lists them: dark before light.
_LISTED = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2",
           "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetLook:
    """How one sheet looks: its outline, and the look of each cell (row and column from 0)."""

    outline: Outline
    looks: tuple[Look, ...] = ()
    cells: Mapping[tuple[int, int], int] = field(default_factory=dict)


def looks_of(data: bytes) -> dict[str, SheetLook]:
    """Name of each worksheet of an xlsx or xlsm → its look. May raise whatever openpyxl does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions and validations that are left behind
        book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    theme = _theme(book.loaded_theme)
    return {sheet.title: _sheet_look(sheet, theme) for sheet in book.worksheets}


def _sheet_look(sheet: Worksheet, theme: tuple[str, ...]) -> SheetLook:
    known: dict[Look, int] = {}
    styles: dict[Any, int] = {}
    cells: dict[tuple[int, int], int] = {}
    for (row, column), cell in sheet._cells.items():
        if row > MOST_ROWS or column > MOST_COLUMNS or not cell.has_style:
            continue
        style = tuple(cell._style)  # type: ignore[union-attr]
        if style not in styles:
            styles[style] = known.setdefault(_look(cell, theme), len(known))
        cells[row - 1, column - 1] = styles[style]
    return SheetLook(_outline(sheet), tuple(known), cells)


def _look(cell: Shown, theme: tuple[str, ...]) -> Look:
    font, place = cell.font, cell.alignment
    return Look(
        font=font.name or "",
        size=min(max(float(font.sz or 0), 0.0), _LARGEST),
        bold=bool(font.b),
        italic=bool(font.i),
        underline=font.u or "",
        strike=bool(font.strike),
        color=_color(font.color, theme),
        fill=_color(cell.fill.fgColor, theme) if cell.fill.fill_type == "solid" else "",
        borders=tuple(_borders(cell.border, theme)),
        horizontal=place.horizontal or "",
        vertical=place.vertical or "",
        wrap=bool(place.wrap_text),
        shrink=bool(place.shrink_to_fit),
        indent=int(place.indent or 0),
        rotation=int(place.text_rotation or 0),
        number_format=_format(cell.number_format),
    )


def _format(text: str | None) -> str:
    return text if text and len(text) <= _LONGEST_FORMAT else "General"


def _borders(border: Shown, theme: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for side in _SIDES:
        line = getattr(border, side)
        if line is not None and line.style:
            yield side, line.style, _color(line.color, theme)


# --- sizes


def _outline(sheet: Worksheet) -> Outline:
    rows = [(n - 1, dim) for n, dim in sheet.row_dimensions.items() if n <= MOST_ROWS]
    widths, hidden_columns = _columns(sheet)
    return Outline(
        widths=widths,
        heights={n: min(float(dim.height), _TALLEST) for n, dim in rows if dim.height},
        hidden_rows=tuple(n for n, dim in rows if dim.hidden),
        hidden_columns=hidden_columns,
        freeze=_freeze(str(sheet.freeze_panes or "")),
        gridlines=sheet.sheet_view.showGridLines is not False,
        landscape=sheet.page_setup.orientation == "landscape",
    )


def _freeze(cell: str) -> str:
    """The cell that frozen panes end before, where that leaves room to move."""
    try:
        row, column = cell_at(cell)
    except ValueError:
        return ""
    return cell if row < _MOST_FROZEN and column < _MOST_FROZEN else ""


def _columns(sheet: Worksheet) -> tuple[dict[int, float], tuple[int, ...]]:
    """Width of each column that has its own, and the hidden ones; openpyxl keeps them in ranges."""
    widths: dict[int, float] = {}
    hidden: list[int] = []
    for letters, dim in sheet.column_dimensions.items():
        first = dim.min or column_index_from_string(letters)
        for n in range(first - 1, min(dim.max or first, MOST_COLUMNS)):
            if dim.customWidth:
                widths[n] = min(float(dim.width), _WIDEST)
            if dim.hidden:
                hidden.append(n)
    return widths, tuple(hidden)


# --- colours


def _color(color: Shown, theme: tuple[str, ...]) -> str:
    """A colour as ``RRGGBB``; empty for the automatic one."""
    if color is None:
        return ""
    if color.type == "rgb" and isinstance(color.rgb, str):
        return str(color.rgb)[-6:].upper()
    if color.type == "indexed" and 0 <= color.indexed < len(COLOR_INDEX):
        return str(COLOR_INDEX[color.indexed])[-6:]
    if color.type == "theme" and 0 <= color.theme < len(theme):
        return _tinted(theme[color.theme], float(color.tint or 0.0))
    return ""


def _tinted(rgb: str, tint: float) -> str:
    """A theme's colour made lighter (tint above 0) or darker, channel by channel."""
    channels = (int(rgb[n : n + 2], 16) for n in (0, 2, 4))
    moved = (c * (1 + tint) if tint < 0 else c + (255 - c) * tint for c in channels)
    return "".join(f"{min(255, max(0, round(c))):02X}" for c in moved)


@lru_cache(maxsize=32)
def _theme(part: bytes | None) -> tuple[str, ...]:
    """The colours of a workbook's theme, in the order in which cells number them."""
    if not part:
        return _THEME
    try:
        scheme = ElementTree.fromstring(part).find(".//{*}clrScheme")
        return tuple(_scheme_color(scheme.find(f"{{*}}{name}")) for name in _LISTED)
    except Exception:  # a theme that is none costs colours alone
        return _THEME


def _scheme_color(element: Any) -> str:
    stated = element[0]
    rgb: str = stated.get("lastClr") or stated.get("val")
    int(rgb, 16)
    return rgb[-6:].upper()
