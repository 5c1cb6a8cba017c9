"""Charts are small, say what they show, and set apart what is doubted or lacking."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_report import NASTY, bars

from chunfeng_reports.renderers.charts import BASE, LONGEST, bars_svg, course_svg
from chunfeng_reports.report import Bar, Bars, Course, Point

TAGS = {"svg", "title", "desc", "g", "a", "text", "tspan", "rect", "line", "circle"}


def rects(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter("rect"))


def test_a_chart_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("bars.svg", bars_svg(bars()).replace("><", ">\n<") + "\n")


def test_only_positive_values_have_a_bar_and_the_longest_fills_its_room() -> None:
    drawn = rects(bars_svg(bars()))
    assert [rect.get("width") for rect in drawn] == [f"{LONGEST}%", "17.6%"]


def test_a_doubted_bar_differs_in_more_than_colour() -> None:
    svg = bars_svg(bars())
    assert [rect.get("class") for rect in rects(svg)] == ["s", "m"]
    assert "1,000 ●存疑" in svg
    assert "−17 ▲错误" in svg


def test_what_was_not_reported_says_so() -> None:
    chart = Bars(id="b", title="意向协议", unit="人", bars=(Bar(label="起步区", value=None),))
    svg = bars_svg(chart)
    assert "未报" in svg
    assert not rects(svg)
    assert "1家无数" in svg


def test_sixteen_bars_that_lead_to_their_sources_stay_under_six_kilobytes() -> None:
    many = tuple(
        Bar(label=f"单位{n:02}区", value=12345.0 - n, share=0.0625,
            href=f"../3701{n:02}/region_report.html", sources=(f"2023-03-01.3701{n:02}.F1_1",))
        for n in range(16)
    )  # fmt: skip
    svg = bars_svg(Bars(id="ranking-F1_1", title="参加企业", unit="家", bars=many))
    assert len(svg.encode()) < 6000
    assert "http" not in svg


def test_a_bar_leads_to_its_source_and_its_label_to_its_page() -> None:
    bar = Bar(label="历下区", value=785.0, share=0.132, href="../370102/region_report.html",
              sources=("2023-03-01.370102.F1_1",))  # fmt: skip
    root = ET.fromstring(bars_svg(Bars(id="b", title="参加企业", unit="家", bars=(bar,))))
    page, source = root.iter("a")
    assert (page.get("href"), "".join(page.itertext())) == (
        "../370102/region_report.html",
        "历下区",
    )
    assert source.get("href") == "#src-2023-03-01.370102.F1_1"
    assert source.findtext("title") == "历下区：785家，占已报合计13.2%"
    assert "".join(source.find("text").itertext()) == "78513.2%"  # type: ignore[union-attr]


def _course(*points: Point) -> Course:
    return Course(id="course-F1_1", title="参加企业", unit="家", points=points)


def test_a_course_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    course = _course(
        Point(label="2月1日", value=236.0, sources=("2023-02-01.370102.F1_1",)),
        Point(label="3月1日", value=None, note="未填"),
        Point(label="4月1日", value=541.0, mark="warning", note="缺1家", href="a.html#t-totals-F1"),
    )
    golden("course.svg", course_svg(course).replace("><", ">\n<") + "\n")


def test_a_course_is_broken_where_nothing_was_reported() -> None:
    values = (100.0, None, 300.0, 400.0)
    points = [Point(label=f"{n}月1日", value=v) for n, v in enumerate(values, start=1)]
    root = ET.fromstring(course_svg(_course(*points)))
    joined = [line for line in root.iter("line") if line.get("class") != "o"]
    assert len(list(root.iter("circle"))) == 3
    assert len(joined) == 1
    assert "未报" in "".join(root.itertext())
    assert "4期" in str(root.findtext("desc"))
    assert "1期无数" in str(root.findtext("desc"))


def test_a_doubted_due_differs_in_more_than_colour() -> None:
    root = ET.fromstring(course_svg(_course(Point(label="2月1日", value=9.0, mark="critical"))))
    (dot,) = root.iter("circle")
    assert dot.get("class") == "m"
    assert "9 ▲" in "".join(root.itertext())


def test_of_many_dues_only_the_first_and_the_last_are_labelled() -> None:
    points = [Point(label=f"第{n}期", value=float(n)) for n in range(9)]
    root = ET.fromstring(course_svg(_course(*points)))
    assert [t.text for t in root.iter("text") if t.get("class") == "n"] == ["第0期", "第8期"]
    assert len(list(root.iter("circle"))) == 9


def test_large_figures_are_told_in_wan_with_the_whole_figure_in_the_tooltip() -> None:
    root = ET.fromstring(course_svg(_course(Point(label="2月1日", value=12_345_678.0))))
    told = [text.text for text in root.iter("text")]
    assert "1,234.6万" in told
    assert "2月1日：12,345,678家" in [title.text for title in root.iter("title")]


@pytest.mark.parametrize("text", NASTY)
def test_hostile_labels_stay_text(text: str) -> None:
    chart = Bars(id=text, title=text, unit=text, bars=(Bar(label=text, value=1.0, note=text),))
    root = ET.fromstring(bars_svg(chart))
    assert {element.tag for element in root.iter()} <= TAGS
    drawn = Course(
        id=text, title=text, unit=text, points=(Point(label=text, value=1.0, note=text),)
    )
    assert {element.tag for element in ET.fromstring(course_svg(drawn)).iter()} <= TAGS


@given(st.lists(st.none() | st.floats(), max_size=8))
def test_any_values_can_be_drawn(values: list[float | None]) -> None:
    chart = Bars(
        id="b", title="数", unit="个", bars=tuple(Bar(label="区", value=v) for v in values)
    )
    for rect in rects(bars_svg(chart)):
        assert 0 < float(str(rect.get("width")).rstrip("%")) <= LONGEST
    points = tuple(Point(label=f"{n}", value=v) for n, v in enumerate(values))
    for dot in ET.fromstring(course_svg(_course(*points))).iter("circle"):
        assert 0 <= float(str(dot.get("cy"))) <= BASE
