"""Charts are small, say what they show, and set apart what is doubted or lacking."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_report import NASTY, bars

from chunfeng_reports.renderers.charts import LONGEST, bars_svg
from chunfeng_reports.report import Bar, Bars


def rects(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter("rect"))


def test_a_chart_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("bars.svg", bars_svg(bars()).replace("><", ">\n<") + "\n")


def test_only_positive_values_have_a_bar_and_the_longest_fills_its_room() -> None:
    drawn = rects(bars_svg(bars()))
    assert [rect.get("width") for rect in drawn] == [f"{LONGEST}%", "19%"]


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
    assert "1项无数" in svg


def test_sixteen_bars_stay_under_three_kilobytes() -> None:
    many = tuple(Bar(label=f"单位{n:02}区", value=12345.0 - n) for n in range(16))
    svg = bars_svg(Bars(id="ranking-F1_1", title="参加企业", unit="家", bars=many))
    assert len(svg.encode()) < 3000
    assert "http" not in svg


@pytest.mark.parametrize("text", NASTY)
def test_hostile_labels_stay_text(text: str) -> None:
    chart = Bars(id=text, title=text, unit=text, bars=(Bar(label=text, value=1.0, note=text),))
    root = ET.fromstring(bars_svg(chart))
    assert {element.tag for element in root.iter()} <= {"svg", "title", "desc", "g", "text", "rect"}


@given(st.lists(st.none() | st.floats(), max_size=8))
def test_any_values_can_be_drawn(values: list[float | None]) -> None:
    chart = Bars(
        id="b", title="数", unit="个", bars=tuple(Bar(label="区", value=v) for v in values)
    )
    for rect in rects(bars_svg(chart)):
        assert 0 < float(str(rect.get("width")).rstrip("%")) <= LONGEST
