"""Native charts: over their own figures, from 0, and whole on every printed page."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
from sample_report import bars, course, empty_report, nasty_course

from chunfeng_reports.renderers.excel import workbook
from chunfeng_reports.report import Bar, Bars, Point, Section

PAGE_POINTS = (8.27 - 0.7 - 0.6) * 72 / 0.72  # of a lying A4 page within its margins, as scaled


def _data(*blocks: Any) -> bytes:
    section = Section(id="s", title="节", blocks=blocks)
    return workbook(empty_report(sections=(section,)))


def _sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data))["图表"]


def _charts(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if "charts/chart" in name]
        names.sort(key=lambda name: int(re.findall(r"\d+", name)[0]))
        return [packed.read(name).decode() for name in names]


def test_a_course_is_a_line_with_markers_over_its_figures() -> None:
    data = _data(course())
    sheet = _sheet(data)
    assert [cell.value for cell in sheet["A"]][:5] == [
        "意向协议（人）", "2月1日", "3月1日", "4月1日 未报", "5月1日",
    ]  # fmt: skip
    assert [cell.value for cell in sheet["B"]][1:5] == [100, 250, None, 400]
    assert sheet["B3"].number_format == '#,##0" ●"'
    (chart,) = _charts(data)
    assert "<c:lineChart>" in chart
    assert '<c:symbol val="circle"/>' in chart
    assert "dispBlanksAs" not in chart  # a gap: no line falls to 0 where nothing was reported
    assert '<c:min val="0"/>' in chart
    assert "<c:legend>" not in chart


def test_the_title_is_that_of_the_sheet_in_words() -> None:
    (chart,) = _charts(_data(course()))
    title = chart[chart.index("<c:title>") : chart.index("</c:title>")]
    assert "<c:f>图表!$A$1</c:f>" in title
    assert "<c:v>意向协议（人）</c:v>" in title


def test_hostile_words_become_no_formula_of_a_chart() -> None:
    data = _data(nasty_course())
    cells = [cell for row in _sheet(data).iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if cell.value != 1} == {"s"}
    (chart,) = _charts(data)
    named = re.findall(r"<c:f>(.*?)</c:f>", chart)
    assert {formula.partition("!")[0] for formula in named} == {"图表"}


def test_small_multiples_stand_two_beside_each_other() -> None:
    sheet = _sheet(_data(*(course(),) * 3, bars()))
    corners = [(chart.anchor._from.row, chart.anchor._from.col) for chart in sheet._charts]
    assert corners == [(0, 2), (0, 6), (12, 2), (24, 2)]  # bars begin a row of their own
    assert sheet["E1"].value == "意向协议（人）"


def test_an_axis_begins_at_0_unless_a_value_lies_below() -> None:
    above = bars().model_copy(update={"bars": bars().bars[:2]})
    assert ['<c:min val="0"/>' in chart for chart in _charts(_data(bars(), above))] == [False, True]


def test_of_many_bars_the_first_and_the_subject_are_drawn() -> None:
    many = tuple(Bar(label=f"单位{n}", value=1.0, strong=n == 200) for n in range(300))
    sheet = _sheet(_data(Bars(id="b", title="数", unit="人", bars=many)))
    labels = [cell.value for cell in sheet["A"] if cell.value]
    assert labels[1:3] == ["单位0", "单位1"]
    assert labels[-2:] == ["单位200", "另有271个未画出，见各表。"]


def test_no_chart_is_cut_by_a_page() -> None:
    tall = bars().model_copy(update={"bars": bars().bars * 5})
    data = _data(*(course(),) * 5, *(tall,) * 5, bars())
    sheet = _sheet(data)
    starts = [0, *(found.id for found in sheet.row_breaks.brk)]
    assert starts[1:], "more than a page"
    for chart in sheet._charts:
        first, last = chart.anchor._from.row, chart.anchor.to.row
        page = max(start for start in starts if start <= first)
        assert not [start for start in starts if first < start <= last]
        assert (last + 1 - page) * sheet.sheet_format.defaultRowHeight <= PAGE_POINTS
    assert sheet.page_setup.scale == 72  # breaks count only where a sheet is not fitted


def test_a_point_in_doubt_has_a_look_of_its_own() -> None:
    sound = course().model_copy(update={"points": (Point(label="2月1日", value=1.0),)})
    doubted, plain = _charts(_data(course(), sound))
    assert "FDF1D8" in doubted
    assert "FDF1D8" not in plain
