"""An office program opens the working book: LibreOffice sees what was written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from sample_report import NASTY, empty_report, sections

from chunfeng_reports.renderers.excel import workbook
from chunfeng_reports.report import Report
from chunfeng_reports.worksheets import legal

pytestmark = pytest.mark.slow


def _through_office(report: Report, folder: Path) -> openpyxl.Workbook:
    """The workbook as LibreOffice saves it again."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (folder / "book.xlsx").write_bytes(workbook(report))
    subprocess.run(
        [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "seen",
         folder / "book.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "seen" / "book.xlsx")


def test_figures_links_and_charts_are_there(tmp_path: Path) -> None:
    book = _through_office(empty_report(sections=sections()), tmp_path)
    assert book.sheetnames == [
        "春风行动表", "说明", "概要", "各单位 春风行动表", "问题", "来源", "图表",
    ]  # fmt: skip
    figure = book["各单位 春风行动表"]["B2"]
    assert (figure.value, figure.data_type) == (2952, "n")
    assert "来源" in (figure.hyperlink.location or figure.hyperlink.target)
    assert book["春风行动表"]["B2"].value.startswith("=SUM(")
    assert len(book["图表"]._charts) == 3


def test_hostile_text_is_text_there_too(nasty_report: Report, tmp_path: Path) -> None:
    book = _through_office(nasty_report, tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"n", "s"}
    seen = {cell.value for cell in cells}
    assert {legal(text) for text in NASTY if len(text) < 40 and "\n" not in text} - seen == set()
