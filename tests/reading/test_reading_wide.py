"""A form laid out wide, its items as columns, is read from its own row and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_returns import F1_TITLE, F2_TITLE, Rows, labels, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.grids import Block, Content, Formula, Grid, Value
from chunfeng_reports.reading.returns import Sorted, Source, returns_in
from chunfeng_reports.reading.words.vocabulary import Vocabulary

TEN = list(range(21, 31))
ELEVEN = list(range(41, 52))
HALF = [n // 2 for n in TEN]
REST = [n - n // 2 for n in TEN]
F3_TITLE = "2023年就业援助月活动情况统计表"
ALL_F1 = ("F1_1", "F1_2", "F1_3", "F1_4", "F1_5", "F1_5_1", "F1_5_2", "F1_5_3", "F1_6", "F1_7")
COUNTER = list(range(1, 11))

Read = Callable[..., Sorted]


def _grid(rows: Rows, merged: Sequence[Block] = ()) -> Grid:
    def value(cell: object) -> Value:
        if isinstance(cell, str) and cell.startswith("="):
            return Formula(cell, "")
        return "" if cell is None else cell  # type: ignore[return-value]

    return Grid("表", tuple(tuple(map(value, row)) for row in rows), merged=tuple(merged))


@pytest.fixture(scope="module")
def words(jinan: Desk) -> Vocabulary:
    return Vocabulary.of(jinan)


@pytest.fixture(scope="module")
def read(words: Vocabulary) -> Read:
    def read_sheet(
        rows: Rows, merged: Sequence[Block] = (), *, file: str = "a.xlsx", due: str = "2023-02-01"
    ) -> Sorted:
        return returns_in(Content(grids=(_grid(rows, merged),)), Source(due, file, ""), words)

    return read_sheet


@pytest.fixture(scope="module")
def f1(campaign: Campaign) -> list[str]:
    return labels(campaign, "F1")


@pytest.fixture(scope="module")
def f2(campaign: Campaign) -> list[str]:
    return labels(campaign, "F2")


@pytest.fixture(scope="module")
def f3(campaign: Campaign) -> list[str]:
    return labels(campaign, "F3")


def _told(got: Sorted) -> dict[tuple[str, str], list[float | str | None]]:
    """Unit and form → its figures: the value, or the state where there is none."""
    return {
        (one.region, one.form): [
            figure.value if figure.state == "value" else figure.state
            for figure in one.found.figures.values()
        ]
        for one in got.returns
    }


def _findings(got: Sorted) -> set[tuple[str, str, tuple[str, ...]]]:
    found = [f for one in got.returns for f in one.findings()] + list(got.findings)
    return {(f.rule, f.severity, f.items) for f in found if f.severity != "info"}


def _clean(got: Sorted) -> dict[tuple[str, str], list[float | str | None]]:
    """The figures of a sheet that must give no doubt."""
    assert not _findings(got)
    return _told(got)


LIXIA = ("370102", "F1")


# --- heads


def test_heads_are_known_at_any_offset_with_other_columns_beside_them(
    read: Read, f1: list[str]
) -> None:
    head = ["序号", "区县", "联系人", *f1, "联系电话", "填报时间", "备注"]
    row = [1, "历下区", "某", *TEN, 88881234, "2023-01-31", "含线上招聘 3 场"]
    rows = [[], [], [None, None, F1_TITLE], [None, None, *head], [None, None, *row]]
    assert _clean(read(rows)) == {LIXIA: TEN}


@pytest.mark.parametrize(
    "counter",
    [
        [None, *COUNTER],
        ["栏次", *map(str, COUNTER)],
        ["甲", *(f"({n})" for n in COUNTER)],
        list(range(1, 12)),
        ["甲", 1, 2, 3, 4, 5, "5.1", "5.2", "5.3", 6, 7],
        [None, 1, 2, 3, 4, "5=6+7+8", 6, 7, 8, 9, 10],
        [None, "个", "人", "个", "人", "场", "场", "场", "场", "人", "份"],
    ],
)
def test_a_row_of_column_numbers_or_measures_holds_no_figures(
    read: Read, f1: list[str], counter: list[object]
) -> None:
    small = [3, 1, 2, 4, 5, 2, 2, 1, 6, 7]
    rows = [[F1_TITLE], ["区县", *f1], counter, ["历下区", *small]]
    assert _clean(read(rows)) == {LIXIA: small}
    assert _told(read(rows[:3], file="历下区.xlsx")) == {LIXIA: ["blank"] * 10}


SINGLE = ["区县", "参加活动的企业个数", "参加活动的求职者数（人）", "提供岗位数（个）",
          "提供岗位需求数（人）"]  # fmt: skip
AFTER = ["签订就业（意向）协议数（人）", "发放就业政策等宣传材料份数"]


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "not merged"])
@pytest.mark.parametrize(
    ("levels", "own"),
    [
        ([["总数", "线下", "线上", "直播带岗"]], 0),
        ([["小计", "线下招聘活动", "线上招聘活动", "直播"]], 0),
        ([["", "线下", "线上", "直播带岗"]], 0),
        ([["线下", "线上", "直播带岗", "合 计"]], 3),
        ([["合计", "其中", "", ""], ["", "线下", "线上", "直播带岗"]], 0),
    ],
)
def test_a_total_over_its_parts_has_its_own_column(
    read: Read, levels: list[list[str]], own: int, *, merged: bool
) -> None:
    top = [*SINGLE, "举办招聘活动数（场）", "", "", "", *AFTER]
    rows = [[F1_TITLE], top, *([""] * 5 + level + [""] * 2 for level in levels)]
    parts = [15, 16, 17]
    parts.insert(own, 48)
    rows.append(["历下区", 11, 12, 13, 14, *parts, 19, 20])
    bottom = 1 + len(levels)
    blocks = [(1, c, bottom, c) for c in (0, 1, 2, 3, 4, 9, 10)] + [(1, 5, 1, 8)]
    got = read(rows, blocks if merged else ())
    assert _clean(got) == {LIXIA: [11, 12, 13, 14, 48, 15, 16, 17, 19, 20]}


def test_parts_named_in_short_are_known_by_the_head_over_them(read: Read, f2: list[str]) -> None:
    top = [*f2[:4], "", "", f2[6], "", "", "", f2[10]]
    under = ["", "", "", "户数", "消除户数", "帮助就业人数", "小计", "企业", "灵活", "公益岗位", ""]
    got = read([[F2_TITLE], ["区县", *top], ["", *under], ["历下区", *ELEVEN]],
               [(1, 4, 1, 6), (1, 7, 1, 10)])  # fmt: skip
    assert _clean(got) == {("370102", "F2"): ELEVEN}


PAIRS = {
    "this time first": (["本期", "上期"], 0, 2),
    "this time last": (["上期", "本期"], 1, 2),
    "years": (["2022年", "2023年"], 1, 2),
    "plan and rate": (["目标数", "完成数", "完成率"], 1, 3),
    "since the start": (["本期数", "累计数"], 1, 2),
    "streets": (["甲街道", "乙街道", "合计"], 2, 3),
}


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "not merged"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_of_several_columns_an_item_the_right_one_is_read(
    read: Read, f1: list[str], pair: tuple[list[str], int, int], *, merged: bool
) -> None:
    words, at, width = pair
    top = ["区县", *(text for label in f1 for text in [label, *[""] * (width - 1)])]
    row: list[object] = ["历下区"]
    for n in TEN:
        row += [n // 2, n - n // 2, n][-width:] if width == 3 else [5, 5]
        row[-width + at] = n
    blocks = [(1, 1 + width * k, 1, width * (k + 1)) for k in range(10)]
    got = read([[F1_TITLE], top, ["", *words * 10], row], blocks if merged else ())
    assert _clean(got) == {LIXIA: TEN}


@pytest.mark.parametrize("heads", [["2月1日", "3月1日"], ["截至2月1日", "截至3月1日"]])
def test_of_several_columns_an_item_this_dues_is_read(
    read: Read, f1: list[str], heads: list[str]
) -> None:
    top = ["区县", *(text for label in f1 for text in (label, ""))]
    row = ["历下区", *(n for pair in zip(REST, TEN, strict=True) for n in pair)]
    rows = [[F1_TITLE], top, ["", *heads * 10], row]
    assert _clean(read(rows, due="2023-03-01")) == {LIXIA: TEN}
    assert _told(read(rows)) == {LIXIA: REST}


def test_dues_that_head_columns_do_not_say_that_the_form_is_another_dues(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], ["填报项目", "2月1日", "3月1日", "4月1日"],
            *([label, n] for label, n in zip(f1, TEN, strict=True))]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN}


@pytest.mark.parametrize("names", [["2月1日", "3月1日"], [date(2023, 2, 1), date(2023, 3, 1)]])
def test_of_rows_named_after_dues_this_dues_is_read(
    read: Read, f1: list[str], names: list[object]
) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], ["报送期", *f1], [names[0], *HALF], [names[1], *TEN]]
    assert _clean(read(rows, due="2023-03-01")) == {LIXIA: TEN}
    assert _told(read(rows)) == {LIXIA: HALF}


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "not merged"])
def test_a_block_of_last_times_figures_beside_this_times_is_passed_over(
    read: Read, f1: list[str], *, merged: bool
) -> None:
    over = ["", "上期数", *[""] * 9, "本期数", *[""] * 9]
    rows = [[F1_TITLE], over, ["区县", *f1, *f1], ["历下区", *HALF, *TEN]]
    assert _clean(read(rows, [(1, 1, 1, 10), (1, 11, 1, 20)] if merged else ())) == {LIXIA: TEN}


def test_a_column_headed_as_another_time_is_never_this_times(read: Read, f1: list[str]) -> None:
    told = [text for label in f1 for text in (f"{label}（上期）", label, "同比")]
    row = [value for n in TEN for value in (n - 5, n, "5%")]
    assert _clean(read([[F1_TITLE], ["区县", *told], ["历下区", *row]])) == {LIXIA: TEN}
    got = read([[F1_TITLE], ["区县", f"{f1[0]}（上期）", *f1[1:]], ["历下区", *TEN]])
    assert _told(got) == {LIXIA: ["blank", *TEN[1:]]}
    assert _findings(got) == {("reading.column_other", "critical", ("F1_1",))}


def test_breakdown_columns_without_a_total_are_no_figures(read: Read, f1: list[str]) -> None:
    top = ["区县", *(text for label in f1 for text in (label, ""))]
    row = [value for pair in zip(HALF, REST, strict=True) for value in pair]
    got = read([[F1_TITLE], top, ["", *["甲街道", "乙街道"] * 10], ["历下区", *row]],
               [(1, 1 + 2 * k, 1, 2 + 2 * k) for k in range(10)])  # fmt: skip
    assert _told(got) == {LIXIA: ["blank"] * 10}
    assert _findings(got) == {("reading.column_other", "critical", ALL_F1)}


def test_a_breakdown_by_columns_that_does_not_add_up_is_told(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县", f1[0], "", "", *f1[1:]], ["", "合计", "甲街道", "乙镇"],
            ["历下区", 21, 10, 10, *TEN[1:]]]  # fmt: skip
    got = read(rows, [(1, 1, 1, 3)])
    assert _told(got) == {LIXIA: TEN}
    assert _findings(got) == {("reading.parts_differ", "warning", ("F1_1",))}


def test_a_head_in_other_words_is_read_where_nothing_else_is_missing(
    read: Read, f1: list[str]
) -> None:
    slips = ["参加活动的企来个数", "参加活动的求只者数", *f1[2:]]
    assert _clean(read([[F1_TITLE], ["区县", *slips], ["历下区", *TEN]])) == {LIXIA: TEN}


@pytest.mark.parametrize("column", [0, 4, 9])
def test_a_figure_under_a_head_that_is_no_items_is_told_where_an_item_is_missing(
    read: Read, f1: list[str], column: int
) -> None:
    heads = [*f1]
    heads[column] = "劳务输出情况"
    got = read([[F1_TITLE], ["区县：历下区"], heads, TEN])
    assert _told(got) == {LIXIA: [*TEN[:column], "blank", *TEN[column + 1 :]]}
    assert _findings(got) == {("reading.label_unknown", "warning", (ALL_F1[column],))}
    beside = read([[F1_TITLE], ["区县：历下区"], [*f1, "劳务输出情况"], [*TEN, 9]])
    assert _clean(beside) == {LIXIA: TEN}


def test_numbers_in_heads_that_are_other_items_are_told(read: Read, f1: list[str]) -> None:
    numbers = ["1.", "2.", "4.", "3.", "5.", "", "", "", "6.", "7."]
    heads = [number + label for number, label in zip(numbers, f1, strict=True)]
    got = read([[F1_TITLE], ["区县", *heads], ["历下区", *TEN]])
    assert _told(got) == {LIXIA: TEN}
    assert {(rule, items) for rule, _, items in _findings(got)} == {
        ("reading.number_disagrees", ("F1_3",)),
        ("reading.number_disagrees", ("F1_4",)),
    }
    counted = [f"{n}、{label}" for n, label in enumerate(f1, start=1)]
    assert _clean(read([[F1_TITLE], ["区县", *counted], ["历下区", *TEN]])) == {LIXIA: TEN}


@pytest.mark.parametrize("measure", ["万人", "户"])
def test_a_measure_under_a_head_that_is_not_the_items_is_told(
    read: Read, f1: list[str], measure: str
) -> None:
    under = ["", "家", measure, "个", "人", "场", "场", "场", "场", "人", "份"]
    got = read([[F1_TITLE], ["区县", *f1], under, ["历下区", *TEN]])
    assert _told(got) == {LIXIA: TEN}
    assert _findings(got) == {("reading.unit_differs", "warning", ("F1_2",))}


def test_an_item_told_in_two_columns_with_other_figures_is_an_error(
    read: Read, f1: list[str]
) -> None:
    twice = read([[F1_TITLE], ["区县", *f1, f1[0]], ["历下区", *TEN, 22]])
    assert _findings(twice) == {("reading.repeated", "critical", ("F1_1",))}
    assert _clean(read([[F1_TITLE], ["区县", *f1, f1[0]], ["历下区", *TEN, 21]])) == {LIXIA: TEN}


def test_a_figure_merged_over_two_items_counts_once_and_is_told(read: Read, f1: list[str]) -> None:
    got = read([[F1_TITLE], ["区县：历下区"], f1, [21, 22, 99, *TEN[3:]]], [(3, 1, 3, 2)])
    assert _told(got) == {LIXIA: [21, 22, "blank", *TEN[3:]]}
    assert _findings(got) == {("reading.figure_merged", "warning", ("F1_3", "F1_2"))}


def test_what_is_hidden_under_a_merged_row_is_no_second_row(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], f1, TEN, HALF]
    assert _clean(read(rows, [(3, c, 4, c) for c in range(10)])) == {LIXIA: TEN}


# --- rows


@pytest.mark.parametrize("total", ["合计", "合 计", "总计", "全区合计", "历下区合计", "历下区"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_the_total_over_streets_is_the_units(
    read: Read, f1: list[str], total: str, *, first: bool
) -> None:
    streets = [["解放路街道", *HALF], ["历下区千佛山街道", *REST]]
    own = [[total, *TEN]]
    rows = [[F1_TITLE], ["区县：历下区"], ["街道", *f1],
            *(own + streets if first else streets + own)]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN}


def test_a_total_may_be_merged_over_the_columns_of_names_or_be_a_formula(
    read: Read, f1: list[str]
) -> None:
    sums = [f"=SUM({c}3:{c}4)" for c in "CDEFGHIJKL"]
    rows = [[F1_TITLE], ["序号", "街道", *f1], [1, "甲街道", *HALF], [2, "乙镇", *REST],
            ["合计", None, *sums]]  # fmt: skip
    assert _clean(read(rows, [(4, 0, 4, 1)], file="历下区.xlsx")) == {LIXIA: TEN}


def test_a_grand_total_goes_before_the_totals_of_groups(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], ["片区", "街道", *f1], ["东片", "甲街道", *HALF],
            [None, "小计", *HALF], ["西片", "乙街道", *REST], [None, "小计", *REST],
            ["总计", None, *TEN]]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN}
    assert _clean(read([*rows[:3], rows[4], rows[6], rows[7]])) == {LIXIA: TEN}


def test_parts_that_do_not_add_up_to_the_total_are_told_with_their_items(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["街道", *f1], ["甲街道", *HALF], ["乙街道", 5, *REST[1:9], 7],
            ["合计", *TEN]]  # fmt: skip
    got = read(rows, file="历下区.xlsx")
    assert _told(got) == {LIXIA: TEN}
    assert _findings(got) == {("reading.parts_differ", "warning", ("F1_1", "F1_7"))}


@pytest.mark.parametrize(
    "rows",
    [
        [["甲街道", *HALF], ["乙街道", *REST]],
        [["甲街道", *TEN]],
        [["甲街道", *HALF], ["乙街道", *REST], ["合计", *[None] * 10]],
        [["历下区人社局", *HALF], ["历下区就业中心", *REST]],
        [["历下区", *TEN], ["甲街道", *HALF], ["乙街道", *REST], ["合计", *(2 * n for n in TEN)]],
        [["合计", *TEN], ["合计", *HALF]],
        [["1月", *HALF], ["2月", *REST]],
    ],
    ids=["streets", "one street", "empty total", "offices", "twice summed", "two totals", "months"],
)
def test_where_no_row_is_the_whole_no_part_is_taken_for_it(
    read: Read, f1: list[str], rows: list[list[object]]
) -> None:
    got = read([[F1_TITLE], ["区县：历下区"], ["名称", *f1], *rows])
    assert _told(got) == {LIXIA: ["blank"] * 10}
    assert _findings(got) == {("reading.rows_ambiguous", "critical", ALL_F1)}


def test_a_row_without_a_name_that_adds_up_all_others_is_their_total(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], ["街道", *f1], ["甲街道", *HALF], ["乙街道", *REST]]
    assert _clean(read([*rows, [None, *TEN]])) == {LIXIA: TEN}
    assert _told(read([*rows, [None, *TEN[:9], 1]])) == {LIXIA: ["blank"] * 10}


@pytest.mark.parametrize(
    ("other", "own"),
    [("上年同期", "本期"), ("上期数", "本期数"), ("目标任务", "实际完成"), ("2022年", "2023年"),
     ("示例", "历下区"), ("本期", "累计")],
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_a_row_of_another_time_or_a_plan_is_passed_over(
    read: Read, f1: list[str], other: str, own: str, *, first: bool
) -> None:
    pair = [[other, *HALF], [own, *TEN]]
    rows = [[F1_TITLE], ["区县：历下区"], ["项目", *f1], *(pair if first else reversed(pair)),
            ["完成率", *["50%"] * 10]]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN}


def test_the_only_row_being_another_times_is_an_error_and_not_read(
    read: Read, f1: list[str]
) -> None:
    got = read([[F1_TITLE], ["区县：历下区"], ["项目", *f1], ["上年同期", *TEN]])
    assert _told(got) == {LIXIA: ["blank"] * 10}
    assert _findings(got) == {("reading.row_other", "critical", ALL_F1)}


def test_notes_signatures_and_other_tables_below_are_no_rows(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县", *f1], [], ["历下区", *TEN], [],
            ["注：线上招聘活动含直播带岗", None, 3],
            ["单位负责人", "某", "审核人", "某", "联系电话", 88881234, "填报日期", 20230131],
            [None, None, 13800000000], ["序号", "姓名", "职务", "电话"],
            [1, "某", "科长", 1234]]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN}
    unsigned = read([*rows[:4], [], [None, None, None, 7]])
    assert _told(unsigned) == {LIXIA: TEN}
    assert _findings(unsigned) == {("reading.label_unknown", "warning", ("F1_3",))}


def test_a_sentence_below_the_figures_is_no_row_of_them(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], f1, TEN, ["以上数据为活动以来累计数"]]
    assert _clean(read(rows, [(4, 0, 4, 9)])) == {LIXIA: TEN}
    assert _clean(read([*rows[:4], [None, None, "含线上活动"]])) == {LIXIA: TEN}
    named = [[F1_TITLE], ["区县", *f1], ["历下区", *TEN], ["以上数据为活动以来累计数"]]
    assert _clean(read(named, [(3, 0, 3, 10)])) == {LIXIA: TEN}


@pytest.mark.parametrize("typed", ["—", "见附件"])
def test_a_row_of_dashes_or_words_is_the_units_row(read: Read, f1: list[str], typed: str) -> None:
    got = read([[F1_TITLE], ["区县", *f1], ["历下区", *[typed] * 10]])
    assert _told(got) == {LIXIA: ["blank" if typed == "—" else "unreadable"] * 10}


# --- several units, several forms


def test_each_row_of_a_bodys_table_is_its_units_and_the_total_nobodys(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["序号", "区县", *f1], [1, "历下区", *TEN], [2, "市中", *HALF],
            [3, "槐荫区", *[None] * 10], [None, "合计", *[99] * 10]]  # fmt: skip
    got = read(rows, file="各区县汇总.xlsx")
    assert _clean(got) == {LIXIA: TEN, ("370103", "F1"): HALF}
    empty = [f for one in got.returns for f in one.findings() if f.rule == "reading.rows_empty"]
    assert [(f.severity, "槐荫区" in f.message) for f in empty] == [("info", True)]


def test_a_row_of_an_unknown_name_among_units_is_refused_and_told(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["区县", *f1], ["历下区", *TEN], ["历北区", *REST], ["市中区", *HALF]]
    got = read(rows, file="各区县汇总.xlsx")
    assert _told(got) == {LIXIA: TEN, ("370103", "F1"): HALF}
    assert [row.fate for row in got.rows] == ["refuse"]
    assert [(f.rule, f.severity) for f in got.findings] == [("reading.refused", "warning")]


def test_rows_of_streets_under_several_units_go_to_each_units_own_total(
    read: Read, f1: list[str]
) -> None:
    rows = [[F1_TITLE], ["区县", "街道", *f1], ["历下区", "甲街道", *HALF], [None, "乙街道", *REST],
            [None, "小计", *TEN], ["市中区", "丙街道", *HALF], [None, "小计", *HALF],
            ["合计", None, *[99] * 10]]  # fmt: skip
    want = {LIXIA: TEN, ("370103", "F1"): HALF}
    assert _clean(read(rows, [(2, 0, 4, 0), (5, 0, 6, 0)], file="汇总.xlsx")) == want
    assert _clean(read(rows, file="汇总.xlsx")) == want


def test_a_table_of_all_units_with_one_row_filled_is_that_units(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县", *f1], ["历下区", *[None] * 10], ["市中区", *TEN],
            ["合计", *TEN]]  # fmt: skip
    assert _clean(read(rows)) == {("370103", "F1"): TEN}
    blank = read([*rows[:3], ["市中区"]], file="天桥区.xlsx")
    assert _told(blank) == {("370105", "F1"): ["blank"] * 10}


def test_rows_of_other_units_under_one_units_name_are_an_error(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], ["区县", *f1], ["历城区", *TEN], ["天桥区", *HALF]]
    assert {(rule, severity) for rule, severity, _ in _findings(read(rows))} == {
        ("reading.unit_disagrees", "critical")
    }


@pytest.mark.parametrize("again", [True, False], ids=["name twice", "name once"])
def test_two_forms_in_one_very_wide_row_are_told_apart(
    read: Read, f1: list[str], f2: list[str], *, again: bool
) -> None:
    name = ([None, "区县"], [None, "甲"], [None, "历下区"]) if again else ([], [], [])
    rows = [[None, F1_TITLE, *[None] * (9 + 2 * again), F2_TITLE], ["区县", *f1, *name[0], *f2],
            [None, *COUNTER, *name[1], *range(1, 12)],
            ["历下区", *TEN, *name[2], *ELEVEN]]  # fmt: skip
    want = {LIXIA: TEN, ("370102", "F2"): ELEVEN}
    assert _clean(read(rows)) == want
    streets = [["甲街道", *TEN, *name[2], *ELEVEN], ["合计", *TEN, *name[2], *ELEVEN]]
    assert _clean(read([*rows[:3], *streets], file="历下区.xlsx")) == want


@pytest.mark.parametrize("gap", [0, 2])
def test_two_wide_forms_one_below_the_other_are_told_apart(
    read: Read, f1: list[str], f2: list[str], gap: int
) -> None:
    rows = [[F1_TITLE], ["区县", *f1], ["历下区", *TEN], *[[]] * gap,
            [F2_TITLE], ["区县", *f2], ["历下区", *ELEVEN]]  # fmt: skip
    assert _clean(read(rows)) == {LIXIA: TEN, ("370102", "F2"): ELEVEN}
    rows[2] = ["历下区"]
    assert _told(read(rows)) == {LIXIA: ["blank"] * 10, ("370102", "F2"): ELEVEN}


@pytest.mark.parametrize("width", [4, 5, 9])
def test_a_wide_table_that_goes_on_below_itself_is_one_form(
    read: Read, f1: list[str], width: int
) -> None:
    rows: list[list[object]] = [[F1_TITLE]]
    for start in range(0, 10, width):
        block = slice(start, start + width)
        rows += [["区县", *f1[block]], [None, *COUNTER[block]], ["历下区", *TEN[block]]]
    assert _clean(read(rows)) == {LIXIA: TEN}


def test_the_same_table_for_another_unit_below_is_that_units(read: Read, f1: list[str]) -> None:
    rows = [[F1_TITLE], ["区县：历下区"], f1, TEN, [], [F1_TITLE], ["区县：市中区"], f1, HALF]
    assert _told(read(rows, file="汇总.xlsx")) == {LIXIA: TEN, ("370103", "F1"): HALF}


# --- form 3


def _f3(*lines: list[object]) -> list[list[object]]:
    return [[F3_TITLE], ["（残疾人就业服务机构负责填报）"],
            ["填报单位：历下区残联", None, None, "填报时间：2023年3月31日"], *lines,
            ["单位负责人：", None, "审核人：", None, "联系电话：", 88881234]]  # fmt: skip


F3 = ("370102", "F3")
DAMAGED = {
    "eight and nine under ten": (
        ["帮助残疾人享受专项扶持政策人数"],
        ["其中社会用人单位按比例吸纳就业人数", "公益岗位数"],
    ),
    "ten told twice": (
        ["享受专项扶持政策", "", "享受专项扶持政策"],
        ["其中：社会用人单位按比例吸纳就业人数", "公益岗位数"],
    ),
    "in order": (
        ["其中", "", "帮助残疾人享受专项扶持政策人数"],
        ["社会用人单位按比例吸纳就业人数", "公益岗位数"],
    ),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_form_three_is_known_by_its_numbers_whatever_its_heads(
    read: Read, f3: list[str], damage: tuple[list[str], list[str]]
) -> None:
    upper, lower = damage
    rows = _f3([*f3[:7], *upper], [None] * 7 + lower, COUNTER, TEN)
    assert _clean(read(rows, [(3, 7, 3, 8)], due="2023-04-01")) == {F3: TEN}
    unreadable = read(_f3(["…"] * 10, COUNTER, TEN), due="2023-04-01")
    assert _clean(unreadable) == {F3: TEN}


@pytest.mark.parametrize(
    "numbers",
    [None, [1, 2, 3, None, 5, 6, None, 8, 9, 10], [f"({n})" for n in COUNTER]],
    ids=["none", "some", "in brackets"],
)
def test_form_three_is_known_by_its_labels_where_numbers_are_missing(
    read: Read, f3: list[str], numbers: list[object] | None
) -> None:
    rows = _f3(f3, *([numbers] if numbers else []), TEN)
    assert _clean(read(rows, due="2023-04-01")) == {F3: TEN}
    headed = [f"{n}.{label}" for n, label in enumerate(f3, start=1)]
    assert _clean(read(_f3(headed, TEN), due="2023-04-01")) == {F3: TEN}


def test_form_three_in_another_order_is_known_by_numbers_or_labels(
    read: Read, f3: list[str]
) -> None:
    order = [2, 0, 1, 9, *range(3, 9)]
    heads, row = [f3[n] for n in order], [TEN[n] for n in order]
    assert _clean(read(_f3(heads, row), due="2023-04-01")) == {F3: TEN}
    numbered = _f3(heads, [n + 1 for n in order], row)
    assert _clean(read(numbered, due="2023-04-01")) == {F3: TEN}
    crossed = _findings(read(_f3(heads, COUNTER, row), due="2023-04-01"))
    assert [(rule, severity) for rule, severity, _ in crossed] == [
        ("reading.columns_disagree", "warning")
    ]


def test_numbers_that_count_the_units_name_too_say_nothing_against_labels(
    read: Read, f3: list[str]
) -> None:
    rows = [[F3_TITLE], ["填报单位", *f3], list(range(1, 12)), ["历下区残联", *TEN]]
    assert _clean(read(rows, due="2023-04-01")) == {F3: TEN}


def test_small_figures_of_form_three_are_no_column_numbers(read: Read, f3: list[str]) -> None:
    small = [3, 1, 2, 0, 4, 5, 2, 1, 1, 6]
    assert _clean(read(_f3(f3, small), due="2023-04-01")) == {F3: small}
    assert _clean(read(_f3(f3, COUNTER, COUNTER), due="2023-04-01")) == {F3: COUNTER}
    assert _told(read(_f3(f3, COUNTER), due="2023-04-01")) == {F3: ["blank"] * 10}


# --- all together


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_wide_table_of_one_unit_gives_its_figures_without_a_doubt(
    words: Vocabulary, campaign: Campaign, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(["F1", "F2", "F3"]))
    items = campaign.form_by_code[form].items
    order = data.draw(st.permutations(range(len(items))))
    figures = data.draw(st.lists(st.integers(0, 9999), min_size=len(items), max_size=len(items)))
    extra = data.draw(st.sampled_from([[], ["备注"], ["联系人", "联系电话"]]))
    beside = [{"备注": "含3场", "联系人": "某", "联系电话": 88881234}[head] for head in extra]
    head = ["区县", *(items[n].label for n in order), *extra]
    rows: list[list[object]] = [[campaign.form_by_code[form].title.format(year=2023)], head]
    if data.draw(st.booleans()):
        rows.append([None, *(items[n].unit for n in order)])
    if data.draw(st.booleans()):
        rows.append(["上期", *[7] * len(items)])
    parts = data.draw(st.integers(0, 3))
    for n in range(parts):
        share = [f // parts + (f % parts if not n else 0) for f in figures]
        rows.append([f"第{n}街道", *(share[i] for i in order), *beside])
    rows.append(["历下区合计" if parts else "历下区", *(figures[n] for n in order), *beside])
    down, right = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
    sheet = [[]] * down + [[None] * right + row for row in rows]
    source = Source("2023-04-01", "历下区.xlsx", "")
    got = returns_in(Content(grids=(_grid(sheet),)), source, words)
    assert _clean(got) == {("370102", form): figures}


def test_a_wide_workbook_is_read_with_its_merged_heads(
    jinan: Desk, f1: list[str], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([F1_TITLE])
    sheet.append(["区县", *f1[:5], *[None] * 3, *f1[8:], "备注"])
    sheet.append([None] * 5 + ["合计", "线下", "线上", "直播带岗"])
    sheet.append(["历下区", *TEN, "无"])
    sheet.merge_cells("A1:L1")
    sheet.merge_cells("F2:I2")
    for column in "ABCDEJKL":
        sheet.merge_cells(f"{column}2:{column}3")
    book.save(tmp_path / "a.xlsx")
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {row.layout for row in got.intake} == {"columns"}


def test_figures_in_chinese_numerals_under_the_heads_are_no_heads(
    read: Read, f1: list[str]
) -> None:
    told = ["二十一", "叁佰贰拾", "五千", "六千人", "十二", "七", "玖", "三", "一百五十", "八千"]
    rows: Rows = [[F1_TITLE], ["区县：历下区"], ["街道", *f1], ["合计", *told], ["东关街道", *TEN]]
    (one,) = read(rows).returns
    assert [one.found.figures[code].value for code in ALL_F1[:4]] == [21, 320, 5000, 6000]


def test_figures_behind_an_apostrophe_between_two_rows_of_heads_are_no_heads(
    read: Read, f2: list[str]
) -> None:
    ones, parts = ["'1"] * 6, ["", "'2", "'3", "'4", ""]
    rows: Rows = [[F2_TITLE], ["填报单位：历下区"], f2[:6], ones, [""], f2[6:], parts]
    (one,) = read(rows).returns
    told = {code: figure.value for code, figure in one.found.figures.items()}
    assert [told[f"F2_{n}"] for n in ("1", "2", "3", "4", "4_1", "4_2")] == [1.0] * 6
    assert [told[f"F2_5_{n}"] for n in (1, 2, 3)] == [2, 3, 4]


def test_a_short_head_of_a_part_is_known_where_the_table_goes_on_below(
    read: Read, f2: list[str]
) -> None:
    """实现就业人数 after 消除户数 is F2_4_2: the items below are not missing from the first row."""
    heads = ["走访户数", "未就业困难人员数", "帮助就业人数", "零就业家庭户数", "消除户数",
             "实现就业人数"]  # fmt: skip
    figures = [538, 524, 307, 20, 11, 12]
    rows: Rows = [[F2_TITLE], ["填报单位：历下区"], heads, figures, [""], f2[6:], [9, 4, 3, 2, 7]]
    got = read(rows)
    assert got.returns[0].found.figures["F2_4_2"].value == 12
    assert [finding.rule for finding in got.findings] == []


@pytest.mark.parametrize("last", [None, 10])
def test_a_figure_that_might_count_its_column_is_one_where_none_follows(
    read: Read, f1: list[str], last: int | None
) -> None:
    rows: Rows = [[F1_TITLE], ["填报单位：历下区"], f1[:8], TEN[:8], [""], f1[8:], [9, last]]
    (one,) = read(rows).returns
    assert [one.found.figures[code].value for code in ("F1_6", "F1_7")] == [9, last]
