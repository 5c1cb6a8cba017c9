"""A form as the annex prints it is read at once, and just as the search would read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_returns import form_rows

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading.grids import Broken, Formula, Grid, Value
from chunfeng_reports.reading.layouts import tables
from chunfeng_reports.reading.layouts.printed import as_printed
from chunfeng_reports.reading.recognised import Recognised
from chunfeng_reports.reading.words.vocabulary import Vocabulary

TEN = range(11, 21)


@pytest.fixture(scope="module")
def words(jinan: Desk) -> Vocabulary:
    return Vocabulary.of(jinan)


def _grid(rows: Sequence[Sequence[object]], merged: tuple[tuple[int, int, int, int], ...]) -> Grid:
    filled = tuple(tuple("" if value is None else value for value in row) for row in rows)
    return Grid("附件1", filled, merged=merged)  # type: ignore[arg-type]


def _searched(grid: Grid, words: Vocabulary) -> list[Recognised]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "as_printed", lambda *_: None)
        return tables.forms_in(grid, replace(words, frames={}))


def _taken_as_printed(grid: Grid, words: Vocabulary) -> bool:
    taken = []

    def noted(*given: object) -> object:
        taken.append(as_printed(*given))  # type: ignore[arg-type]
        return taken[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "as_printed", noted)
        tables.forms_in(grid, replace(words, frames={}))
    return bool(taken and taken[0])


HEADS: tuple[list[list[object]], ...] = (
    [["区县：历下区"]],
    [["区县", "历下区"]],
    [["填报单位：历下区人社局", "填报时间：2023年1月31日"]],
    [[], ["区县：历下区", "填报时间", "2023年1月31日"]],
    [],
    [["单位", "历下区"]],
    [["区县：历下区", "单位"]],
    [["", "区县：市中区"]],
    [["历下区"]],
)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("form", ["F1", "F2"])
@pytest.mark.parametrize("tail", [[], [[], ["备注：请按时报送。"]]])
def test_a_printed_form_is_read_as_the_search_reads_it(
    campaign: Campaign, words: Vocabulary, form: str, head: list[list[object]],
    tail: list[list[object]],
) -> None:  # fmt: skip
    title, _, *rest = form_rows(campaign, form, range(11, 11 + (10 if form == "F1" else 11)))
    grid = _grid([title, *head, *rest, *tail], ((0, 0, 0, 1),))
    assert tables.forms_in(grid, words) == _searched(grid, words)
    assert _taken_as_printed(grid, words) == (head not in (HEADS[3], HEADS[6], HEADS[8]))


def test_what_is_remembered_of_a_sheet_is_neither_its_figures_nor_its_unit(
    campaign: Campaign, words: Vocabulary
) -> None:
    for unit, figures in (("历下区", TEN), ("市中区", range(21, 31)), ("某某区", ["1,234"] * 10)):
        rows = form_rows(campaign, "F1", figures, unit=f"区县：{unit}")
        grid = _grid(rows, ())
        (one,) = tables.forms_in(grid, words)
        assert [one] == _searched(grid, words)
        assert one.unit_texts == (unit,)


_FIGURES: st.SearchStrategy[Value] = st.one_of(
    st.integers(-5, 10**7), st.floats(0, 1e6), st.booleans(), st.just(""),
    st.text("0123456789０１,，.约余万人场/—无 =+", max_size=14),
    st.sampled_from([Broken("#REF!"), Formula("=SUM(B4:B6)", 3), "上期数", "本期", "合计", "说明",
                     "历下区", "区县：历城区", "填报时间：2月1日", "单位", "数量", "填报项目"]),
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_stands_on_a_sheet_the_short_way_and_the_search_agree(
    campaign: Campaign, words: Vocabulary, data: st.DataObject
) -> None:
    figures = data.draw(st.lists(_FIGURES, min_size=10, max_size=10))
    rows: list[list[object]] = form_rows(campaign, "F1", figures)
    rows[1:2] = data.draw(st.sampled_from(HEADS))
    for _ in range(data.draw(st.integers(0, 3))):
        what = data.draw(
            st.sampled_from(("put", "beside", "drop", "double", "swap", "blank", "column"))
        )
        at = data.draw(st.integers(0, len(rows) - 1))
        if what == "put":
            rows[at] = [*rows[at], *[""] * (2 - len(rows[at])), data.draw(_FIGURES)]
        elif what == "beside":
            rows[at] = [*rows[at][:1], data.draw(_FIGURES), *rows[at][2:]]
        elif what == "drop":
            del rows[at]
        elif what == "double":
            rows.insert(at, list(rows[data.draw(st.integers(0, len(rows) - 1))]))
        elif what == "swap" and at:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        elif what == "blank":
            rows.insert(at, [])
        elif what == "column":
            rows = [["", *row] for row in rows]
    block = data.draw(st.sampled_from([(), ((0, 0, 0, 1),), ((4, 1, 5, 1),), ((3, 0, 3, 1),)]))
    grid = _grid(rows, block)
    assert tables.forms_in(grid, words) == _searched(grid, words)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows[4].append("上期 9"),
        lambda rows: rows[3].__setitem__(1, "=1+1"),
        lambda rows: rows[2].__setitem__(1, "上期数"),
        lambda rows: rows.insert(6, []),
        lambda rows: rows.append(["合计", 99]),
        lambda rows: rows[0].__setitem__(0, "2023年春风行动情况统计表（样例）"),
        lambda rows: rows.__delitem__(7),
    ],
)
def test_anything_else_is_left_to_the_search(
    campaign: Campaign, words: Vocabulary, spoil: object
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    spoil(rows)  # type: ignore[operator]
    grid = _grid(rows, ())
    assert not _taken_as_printed(grid, words)
    assert tables.forms_in(grid, words) == _searched(grid, words)
