"""The first page: every due and every unit, and each report one click further."""

from __future__ import annotations

import re
from collections.abc import Callable

from sample_report import NASTY, without_script

from chunfeng_reports.renderers.site import index_page
from chunfeng_reports.report import Index, IndexCell, IndexDay, IndexDue, IndexUnit, Link


def due(day: str, **changes: object) -> IndexDue:
    known = IndexDue(
        due=day,
        name="第一次报送",
        status="provisional",
        reasons=("1家单位未报",),
        units_expected=15,
        units_complete=14,
        documents_complete=12,
        critical=2,
        warning=3,
        info=0,
        links=(
            Link(
                label="汇总报告",
                href=f"{day}/reports/370100/rollup_report.html",
                formats=(Link(label="Excel", href=f"{day}/reports/370100/rollup_report.xlsx"),),
            ),
        ),
        feeds="汇总后用于2023年2月3日上报",
    )
    return known.model_copy(update=changes)


def index() -> Index:
    cells = (
        IndexCell(due="2023-02-01", state="final", label="已报齐", href="a/region_report.html"),
        IndexCell(due="2023-03-01", state="none", label="—"),
    )
    late = (
        IndexCell(
            due="2023-02-01", state="missing", label="全部未报", warning=3, late=2, href="b.html"
        ),
        IndexCell(due="2023-03-01", state="none", label="—"),
    )
    none = due("2023-03-01", status="none", reasons=("还没有收到材料",), links=(), feeds="")
    return Index(
        campaign="2023年春风行动暨就业援助月",
        body="370100",
        body_name="济南市",
        dues=(due("2023-02-01"), none),
        units=(
            IndexUnit(region="370102", name="历下区", cells=cells, href="units/370102.html"),
            IndexUnit(region="3701Z2", name="起步区", cells=late),
        ),
        days=(
            IndexDay(day="2023-01-16", what="报送联络人名单"),
            IndexDay(day="2023-04-01", what="整体报送", clash="星期六", then="汇总后用于…上报"),
        ),
        every_week="每周五16:00前报送本周工作信息，不少于3条。",
        notes=("有一个文件夹不是报送期。",),
    )


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_the_first_page_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("index.html", main_of(index_page(index())) + "\n")


def test_notes_stand_at_the_end_under_a_heading_of_their_own() -> None:
    html = main_of(index_page(index()))
    assert html.index('id="units"') < html.index("说明</h3>") < html.index("不是报送期")
    assert "说明</h3>" not in index_page(index().model_copy(update={"notes": ()}))


def test_every_report_has_a_link() -> None:
    links = re.findall(r'href="([^"#]+)"', index_page(index()))
    assert links == [
        "2023-02-01/reports/370100/rollup_report.html",
        "2023-02-01/reports/370100/rollup_report.xlsx",
        "units/370102.html",
        "a/region_report.html",
        "b.html",
    ]


def test_states_differ_in_sign_and_word_not_only_in_colour() -> None:
    html = index_page(index())
    for state, sign in (("f", "✓"), ("p", "△"), ("m", "✕"), ("n", "—")):
        assert f'.grid .{state}::before{{content:"{sign}"' in html
    assert '<td class=m><a href="b.html">全部未报</a><i>3</i><s>迟报2天</s>' in html


def test_the_index_of_a_whole_country_stays_under_a_megabyte() -> None:
    """2,978 county units, at three dues, two doubts each, all late."""
    dues = ("2023-02-01", "2023-03-01", "2023-04-01")
    cells = [IndexCell(due=due, state="provisional", label="1项没有数字", critical=1, warning=1,
                       late=2, href="units/370102.html") for due in dues]  # fmt: skip
    units = [IndexUnit(region=f"{n:06}", name="某某县", cells=tuple(cells)) for n in range(2978)]
    html = index_page(index().model_copy(update={"units": tuple(units)}))
    assert len(html.encode()) < 1_000_000


def test_the_first_page_loads_nothing() -> None:
    assert not re.search(
        r"https?:|<script|<link|@import|url\(", without_script(index_page(index()))
    )


def test_hostile_names_stay_text() -> None:
    unit = IndexUnit(region="x", name=NASTY[0], cells=())
    html = index_page(index().model_copy(update={"body_name": NASTY[1], "units": (unit,)}))
    assert not re.search(r"<script|<img", without_script(html))
