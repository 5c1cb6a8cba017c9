"""Workbooks: the cells of xls, xlsx, xlsm and xlsb files, with formulas and error values.

Values come from calamine, which gives stored results alone and shows error values as empty cells;
what it leaves out comes from the sheet's own records.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

import python_calamine
from defusedxml import DefusedXmlException, ElementTree
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from chunfeng_reports.reading.containers import binary_sheet, sheet_xml
from chunfeng_reports.reading.containers.package import Package
from chunfeng_reports.reading.containers.parts import rearranged, workbook_parts
from chunfeng_reports.reading.containers.special import Special, Specials
from chunfeng_reports.reading.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Broken,
    Formula,
    Grid,
    Value,
)
from chunfeng_reports.reading.refusal import DAMAGED, Refusal

_MOST_CELLS = 20_000_000
_DAMAGES = (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError,
            ElementTree.ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, EOFError,
            KeyError)  # fmt: skip


def read_package(data: bytes, package: Package) -> tuple[Grid, ...]:
    """The worksheets of an xlsx or xlsb workbook. Refusal where it is damaged or too large."""
    if "xl/workbook.bin" in package:
        special = binary_sheet.special_cells(package)
    else:
        parts = workbook_parts(package)
        special = sheet_xml.special_cells(package, parts)
        if not parts.usual:
            return read_workbook(rearranged(package, parts, special.parts), special)
    return read_workbook(package.with_parts(special.parts) if special.parts else data, special)


def read_workbook(data: bytes, special: Specials) -> tuple[Grid, ...]:
    """The worksheets of a workbook, in its order. Refusal where it is locked, damaged or empty."""
    try:
        return _worksheets(data, special)
    except python_calamine.PasswordError:
        raise Refusal("文件设有打开密码，请取消密码后重新报送") from None
    except _DAMAGES:
        raise Refusal(DAMAGED) from None
    except BaseException as error:
        if type(error).__module__ == "pyo3_runtime":  # a panic of calamine's is no Exception
            raise Refusal(DAMAGED) from None
        raise


def _worksheets(data: bytes, special: Specials) -> tuple[Grid, ...]:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    if len(book.sheets_metadata) != len(special.sheets):
        raise Refusal(DAMAGED)
    if len(set(book.sheet_names)) < len(special.sheets):  # calamine would show one for all of them
        raise Refusal(DAMAGED)
    grids = []
    for number, sheet in enumerate(book.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            hidden = sheet.visible != SheetVisibleEnum.Visible
            stored = book.get_sheet_by_index(number)
            texts = special.texts[number] if special.texts else {}
            rows = _rows(stored, special.sheets[number], texts)
            merged = special.merged[number] if special.merged else _merged(stored)
            name = special.names[number] if special.names else sheet.name
            grids.append(Grid(name, rows, hidden, merged, special.since_1904))
    return tuple(grids)


def _rows(
    sheet: python_calamine.CalamineSheet, special: Special, texts: dict[tuple[int, int], str]
) -> tuple[tuple[Value, ...], ...]:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise Refusal(f"工作表“{sheet.name}”范围过大，请删除表外多余的行列后重新报送")
    stored = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    rows: list[list[Value]] = [list(row[:MOST_COLUMNS]) for row in stored]
    for (row, column), text in texts.items():
        if row < MOST_ROWS and column < MOST_COLUMNS:
            _make_room(rows, row, column)
            rows[row][column] = text
    for (row, column), what in special.items():
        if row < MOST_ROWS and column < MOST_COLUMNS:
            _make_room(rows, row, column)
            rows[row][column] = _overlaid(rows[row][column], what)
    return tuple(map(tuple, rows))


def _merged(sheet: python_calamine.CalamineSheet) -> tuple[Block, ...]:
    return tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())


def _make_room(rows: list[list[Value]], row: int, column: int) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([""] * (column + 1 - len(rows[row])))


def _overlaid(stored: Value, what: Broken | str) -> Value:
    """A formula with the result stored with it, or an error value in its place."""
    assert not isinstance(stored, (Broken, Formula))
    return what if isinstance(what, Broken) else Formula(what, stored)
