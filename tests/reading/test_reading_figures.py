"""Figures of a form: formulas, doubts on ways of writing, each told once and at its item."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.campaign import Campaign
from chunfeng_reports.reading.grids import Formula, Grid, Plain, Value
from chunfeng_reports.reading.layouts.figures import number_at, read_figures
from chunfeng_reports.reading.recognised import Doubt, Figure

Read = Callable[..., tuple[dict[str, Figure], tuple[Doubt, ...]]]
PARTS = ("F1_5", "F1_5_1", "F1_5_2", "F1_5_3")


@pytest.fixture
def read(campaign: Campaign) -> Read:
    """What is read of a column with 招聘活动 and its three parts, and cells below of no item."""

    def figures(*column: Value) -> tuple[dict[str, Figure], tuple[Doubt, ...]]:
        items = [campaign.form_by_code["F1"].items[n] for n in range(4, 8)]
        cells = {item.code: (row, 0) for row, item in enumerate(items)}
        return read_figures(Grid("x", tuple((value,) for value in column)), items, cells)

    return figures


def _told(doubts: tuple[Doubt, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(d.rule.removeprefix("reading."), d.severity, d.items) for d in doubts]


FORMULA = ("formula", "info", ("F1_5",))


@pytest.mark.parametrize(
    ("stored", "doubt"),
    [
        (6, None), (6.0000000001, None), ("", None), (0, None),
        (7, ("formula_stale", "warning", ("F1_5",))),
    ],
)  # fmt: skip
def test_a_plain_sum_counts_whatever_result_is_stored_with_it(
    read: Read, stored: Plain, doubt: tuple[str, str, tuple[str, ...]] | None
) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", stored), 1, 2, 3)
    total = figures["F1_5"]
    assert (total.state, total.value, total.raw) == ("value", 6, "=SUM(A2:A4)")
    assert _told(doubts) == [*([doubt] if doubt else []), FORMULA]


def test_a_nought_among_other_results_is_a_result_that_differs(read: Read) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", 0), 1, 2, 3, Formula("=A2+A3", 3))
    assert figures["F1_5"].value == 6
    assert _told(doubts) == [("formula_stale", "warning", ("F1_5",)), FORMULA]
    assert "存的结果是 0，重新计算为 6" in doubts[0].message


@pytest.mark.parametrize(
    ("stored", "state", "value", "doubt"),
    [
        (12, "value", 12, FORMULA),
        ("", "unreadable", None, None),
        ("合计", "unreadable", None, None),
    ],
)
def test_what_cannot_be_worked_out_has_its_stored_result_or_none(
    read: Read, stored: Plain, state: str, value: float | None, doubt: object
) -> None:
    figures, doubts = read(Formula("=IF(A2>0,A2*2,0)", stored), 1, 2, 3)
    assert (figures["F1_5"].state, figures["F1_5"].value) == (state, value)
    assert _told(doubts) == ([doubt] if doubt else [])


def test_a_stored_nought_that_cannot_be_worked_out_is_doubted(read: Read) -> None:
    figures, doubts = read(Formula("=A2*2", 0), 1, 2, 3)
    assert figures["F1_5"].value == 0
    assert _told(doubts) == [("formula_zero", "warning", ("F1_5",)), FORMULA]


@pytest.mark.parametrize("stored", ["", 0])
def test_a_sum_over_figures_typed_as_text_is_what_was_meant(read: Read, stored: Plain) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", stored), "1场", 2, "３")
    assert figures["F1_5"].value == 6
    assert {severity for _, severity, _ in _told(doubts)} == {"info"}


@pytest.mark.parametrize(
    ("stored", "part", "value"), [(5, "1场", 6), ("", "约1", 6), (5, "约1", 6), (0, "1①", 6)]
)
def test_a_sum_that_leaves_out_text_or_rests_on_a_guess_is_told(
    read: Read, stored: Plain, part: str, value: float
) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", stored), part, 2, 3)
    assert figures["F1_5"].value == value
    assert _told(doubts)[0] == ("formula_texts", "warning", ("F1_5",))
    assert "A2 以文本填写" in doubts[0].message
    assert ("存的结果是 5" in doubts[0].message) == (stored == 5)


def test_a_sum_over_texts_that_agrees_with_its_result_is_no_doubt(read: Read) -> None:
    figures, doubts = read(Formula("=A2+A3+A4", 6), "1", "2", "3")
    assert (figures["F1_5"].value, _told(doubts)) == (6, [FORMULA])


@pytest.mark.parametrize("part", ["", "—", "待定", "2-3"])
def test_a_total_that_lacks_a_part_is_doubted_itself(read: Read, part: str) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", 4), 1, part, 3)
    assert (figures["F1_5"].value, figures["F1_5_2"].value) == (4, None)
    assert ("formula_lacks", "warning", ("F1_5",)) in _told(doubts)


def test_empty_cells_of_no_item_are_nothing_lacking(read: Read) -> None:
    figures, doubts = read(Formula("=SUM(A2:A9)", 6), 1, 2, 3)
    assert (figures["F1_5"].value, _told(doubts)) == (6, [FORMULA])


@pytest.mark.parametrize("stored", ["", 0])
def test_a_sum_of_nothing_is_blank_and_never_nought(read: Read, stored: Plain) -> None:
    figures, doubts = read(Formula("=SUM(A2:A4)", stored), "", "", "")
    assert {figures[code].state for code in PARTS} == {"blank"}
    assert doubts == ()


@pytest.mark.parametrize("text", ["=SUM(A2:A4)", "＝SUM（A2：A4）", "=A2+A3+A4"])
def test_a_formula_written_as_text_is_worked_out_too(read: Read, text: str) -> None:
    figures, doubts = read(text, "1", "2", "3")
    assert (figures["F1_5"].value, figures["F1_5"].raw) == (6, text)
    assert _told(doubts) == [FORMULA]


def test_text_that_only_looks_like_a_formula_is_read_as_text(read: Read) -> None:
    figures, _ = read('="6"', "=A2*2", "=?", 3)
    assert [figures[code].state for code in PARTS] == ["value", "unreadable", "unreadable", "value"]


@pytest.mark.parametrize(
    ("typed", "rule"),
    [("约300", "approximate"), ("300以上", "approximate"), ("一百二", "numeral_guessed"),
     ("120①", "annotated"), ("12人", "unit_differs")],
)  # fmt: skip
def test_a_guess_is_a_warning_that_names_its_item_and_value(
    read: Read, typed: str, rule: str
) -> None:
    figures, doubts = read(typed, 1, 2, 3)
    assert _told(doubts) == [(rule, "warning", ("F1_5",))]
    assert f"已按 {figures['F1_5'].value:.0f} 计" in doubts[0].message
    assert typed in doubts[0].message


def test_a_lone_one_is_a_number_among_numerals_and_else_a_guess(read: Read) -> None:
    _, doubts = read("一", "二", 2, 3)
    assert _told(doubts) == [("interpreted", "info", PARTS[:2])]
    _, doubts = read("一", "1", "约5", 3)
    assert ("numeral_guessed", "warning", ("F1_5",)) in _told(doubts)


def test_whatever_was_read_without_doubt_is_told_once_a_form(read: Read) -> None:
    _, doubts = read("１２", "3场", "二十三", "2,000.00")
    assert _told(doubts) == [("interpreted", "info", PARTS)]


@pytest.mark.parametrize("typed", ["—", "无", "/", "未开展", "", "100-200", "1,23", "(5)"])
def test_blank_and_unreadable_cells_are_left_to_the_rules(read: Read, typed: str) -> None:
    """`cells.blank` and `cells.unreadable` tell of them: one finding each, not two."""
    figures, doubts = read(typed, 1, 2, 3)
    assert (figures["F1_5"].value, doubts) == (None, ())


def test_columns_are_chosen_by_what_their_sums_come_to() -> None:
    grid = Grid("x", ((1, 2, Formula("=SUM(A1:B1)", "")), ("", "", Formula("=SUM(A2:B2)", 0))))
    assert number_at(grid, 0, 2).value == 3
    assert number_at(grid, 1, 2).state == "blank"


@given(st.lists(st.sampled_from([1, 2.5, 0, "", "—", "3场", "待定",
"约7"]), min_size=3, max_size=3),
       st.sampled_from(["", 0, 6, 5.5]))  # fmt: skip
def test_a_total_is_the_sum_of_its_parts_or_told(
    campaign: Campaign, parts: list[Value], stored: Plain
) -> None:
    items = [campaign.form_by_code["F1"].items[n] for n in range(4, 8)]
    column = (Formula("=SUM(A2:A4)", stored), *parts)
    grid = Grid("x", tuple((value,) for value in column))
    cells = {item.code: (row, 0) for row, item in enumerate(items)}
    figures, doubts = read_figures(grid, items, cells)
    told = {d.rule for d in doubts if "F1_5" in d.items and d.severity == "warning"}
    read = [figures[code].value for code in PARTS[1:]]
    if figures["F1_5"].state == "value":
        assert figures["F1_5"].value == sum(value or 0 for value in read)
        assert told or (None not in read and stored in ("", 0, figures["F1_5"].value))
    else:
        assert read == [None, None, None]
