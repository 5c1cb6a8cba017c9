"""Special cells: those that hold a formula or an error value, which calamine does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from chunfeng_reports.cells import cell_name
from chunfeng_reports.reading.grids import Block, Broken
from chunfeng_reports.reading.refusal import Refusal

#: Rows times columns of a sheet: calamine holds every cell from the first to the last one.
MOST_SPANNED = 2_000_000

#: Row and column (from 0) → the formula's text (``=SUM(B9:B11)``) or the error value.
Special: TypeAlias = dict[tuple[int, int], "Broken | str"]


#: Error values by the number that binary workbooks store.
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
          42: "#N/A", 43: "#GETTING_DATA"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Specials:
    """What a workbook holds besides values: its special cells, sheet by sheet in its order.

    merged, names, texts: merged blocks, name and texts (by row and column) of each sheet where
    calamine does not tell them, or wrong (empty: it does). claims: records of an xls that calamine
    would make the wrong thing of, and what they should be for it. parts: the same of the parts of
    a package, by their names in lower case.
    """

    sheets: tuple[Special, ...] = ()
    since_1904: bool = False
    merged: tuple[tuple[Block, ...], ...] = ()
    names: tuple[str, ...] = ()
    texts: tuple[dict[tuple[int, int], str], ...] = ()
    claims: tuple[tuple[bytes, bytes], ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict)


def hold_in(rows: int, columns: int) -> None:
    """Refusal where the cells of a sheet that hold something span too much from A1 on."""
    if rows * columns > MOST_SPANNED:
        reach = cell_name(rows - 1, columns - 1)
        raise Refusal(f"表格范围过大（到 {reach}），请删除多余的单元格后重新报送")
