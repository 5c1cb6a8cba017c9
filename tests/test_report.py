"""Reports: sections are put together one by one, and a cell that is run twice adds none twice."""

from __future__ import annotations

import pytest

from chunfeng_reports.errors import UseError
from chunfeng_reports.report import Report, Section, Text

EMPTY = Report(name="r", title="报告", campaign="活动", due="2023-02-01", region="370102",
               region_name="历下区", status="final")  # fmt: skip


def section(name: str, words: str = "甲") -> Section:
    return Section(id=name, title=name, blocks=(Text(paragraphs=(words,)),))


def test_sections_stand_in_the_order_in_which_they_were_added() -> None:
    report = EMPTY + section("b") + section("a")
    assert [one.id for one in report.sections] == ["b", "a"]
    assert EMPTY.sections == ()


def test_a_section_added_again_takes_the_place_that_it_had() -> None:
    report = EMPTY + section("a") + section("b") + section("a", "乙")
    assert report.sections == (section("a", "乙"), section("b"))


@pytest.mark.parametrize("other", [Text(paragraphs=("甲",)), "甲", None, EMPTY])
def test_what_is_no_section_is_refused_with_what_to_do(other: object) -> None:
    with pytest.raises(UseError, match=f"不能加 {type(other).__name__}；.*先放进一节：Section"):
        EMPTY + other  # type: ignore[operator]
