"""Workbooks: the cells of xls, xlsx, xlsm, xlsb and ods files, formulas of xlsx besides.

Values come from calamine, which gives stored results alone and shows error values as empty cells;
what it leaves out comes from the sheet's XML.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

import python_calamine
from defusedxml import DefusedXmlException, ElementTree
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from chunfeng_reports.reading.containers.sheet_xml import Special, special_cells
from chunfeng_reports.reading.grids import Broken, Formula, Grid, Value
from chunfeng_reports.reading.refusal import Refusal

#: Rows and columns read of a sheet; a return is small, what lies beyond is none.
MOST_ROWS = 5_000
MOST_COLUMNS = 200
_MOST_CELLS = 20_000_000
_DAMAGES = (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError,
            ElementTree.ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, EOFError,
            KeyError)  # fmt: skip


def read_workbook(data: bytes) -> tuple[Grid, ...]:
    """The worksheets of a workbook, in its order. Refusal where it is locked, damaged or empty."""
    try:
        return _worksheets(data)
    except python_calamine.PasswordError:
        raise Refusal("工作簿设有打开密码，请取消密码后重新报送") from None
    except _DAMAGES:
        raise Refusal("文件已损坏、打不开，请重新保存后报送") from None


def _worksheets(data: bytes) -> tuple[Grid, ...]:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    special = special_cells(data) if data.startswith(b"PK") else {}
    grids = []
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            hidden = sheet.visible != SheetVisibleEnum.Visible
            stored = book.get_sheet_by_name(sheet.name)
            grids.append(_grid(stored, hidden, special.get(sheet.name, {})))
    return tuple(grids)


def _grid(sheet: python_calamine.CalamineSheet, hidden: bool, special: Special) -> Grid:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise Refusal(f"工作表“{sheet.name}”范围过大，请删除表外多余的行列后重新报送")
    stored = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    rows: list[list[Value]] = [list(row[:MOST_COLUMNS]) for row in stored]
    for (row, column), what in special.items():
        if row < MOST_ROWS and column < MOST_COLUMNS:
            _overlay(rows, row, column, what)
    merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
    return Grid(sheet.name, tuple(map(tuple, rows)), hidden, merged)


def _overlay(rows: list[list[Value]], row: int, column: int, what: Broken | str) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([""] * (column + 1 - len(rows[row])))
    if isinstance(what, Broken):
        rows[row][column] = what
    else:
        stored = rows[row][column]
        assert not isinstance(stored, (Broken, Formula))
        rows[row][column] = Formula(what, stored)
