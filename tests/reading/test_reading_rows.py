"""Tables with labels down the side: the right row, the right column, and no needless doubt."""

# ruff: noqa: ARG005, B905 - what stands in a row is told by its number, its value, both or neither
from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_returns import F1_TITLE, F2_TITLE, form_rows, save_book, values

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.reading import collect_due
from chunfeng_reports.reading.grids import Grid, Value
from chunfeng_reports.reading.layouts.tables import forms_in
from chunfeng_reports.reading.recognised import Recognised
from chunfeng_reports.reading.words.vocabulary import Vocabulary

Row = list[object]
Blocks = tuple[tuple[int, int, int, int], ...]
Extra = Callable[[int, int], Row]

TEN = [320, 4100, 5200, 6100, 12, 7, 5, 3, 1500, 8800]
ELEVEN = list(range(31, 42))
UNIT = "区县：历下区"
SHORT = ["参加企业数", "求职人数", "岗位数", "岗位需求", "招聘会场次", "线下招聘会", "线上招聘会",
         "直播带岗", "意向协议数", "宣传材料"]  # fmt: skip


@pytest.fixture(scope="module")
def words(jinan: Desk) -> Vocabulary:
    return Vocabulary.of(jinan)


@pytest.fixture(scope="module")
def labels(campaign: Campaign) -> list[str]:
    return [item.label for item in campaign.form_by_code["F1"].items]


@pytest.fixture(scope="module")
def second(campaign: Campaign) -> list[Row]:
    items = campaign.form_by_code["F2"].items
    pairs = zip(items, ELEVEN, strict=True)
    return [[F2_TITLE], [UNIT], ["填报项目", "数量"], *([i.label, v] for i, v in pairs)]


def grid(rows: list[Row], *merged: tuple[int, int, int, int], name: str = "x") -> Grid:
    width = max(len(row) for row in rows)
    cells: list[tuple[Value, ...]] = [
        tuple("" if v is None else v for v in [*row, *[None] * (width - len(row))])  # type: ignore[misc]
        for row in rows
    ]
    return Grid(name, tuple(cells), merged=merged)


def read(
    words: Vocabulary, rows: list[Row], *merged: tuple[int, int, int, int]
) -> list[Recognised]:
    return forms_in(grid(rows, *merged), words)


def figures(one: Recognised) -> list[object]:
    return [f.value if f.state == "value" else f.state for f in one.figures.values()]


def doubts(one: Recognised) -> list[tuple[str, str]]:
    return [(doubt.rule, doubt.severity) for doubt in one.doubts]


def loud(one: Recognised) -> list[tuple[str, str]]:
    return [doubt for doubt in doubts(one) if doubt[1] != "info"]


def table(labels: list[str], *head: str, extra: Extra = lambda n, v: [v]) -> list[Row]:
    """F1 as the annex prints it, with the columns that ``extra`` gives for row and value."""
    body: list[Row] = [[label, *extra(n, v)]
                       for n, (label, v) in enumerate(zip(labels, TEN, strict=True))]  # fmt: skip
    return [[F1_TITLE], [UNIT], ["填报项目", *(head or ("数量",))], *body]


def beside(left: list[Row], right: list[Row], *, gap: int) -> list[Row]:
    width = max(len(row) for row in left)
    return [[*(a or []), *[None] * (width - len(a or []) + gap), *(b or [])]
            for a, b in zip_longest(left, right)]  # fmt: skip


# --- which column


@pytest.mark.parametrize(
    ("head", "extra"),
    [
        (("上期数", "本期数"), lambda n, v: [n, v]),
        (("本期数", "累计数"), lambda n, v: [n, v]),
        (("本期", "上期", "累计", "同比"), lambda n, v: [n, 7, v, "5%"]),
        (("计量单位", "数量", "上年同期"), lambda n, v: ["个", v, 3]),
        (("单位", "上年同期", "本期", "增减", "备注"), lambda n, v: ["个", n, v, v - n, "x"]),
        (("目标任务数", "完成数", "完成率", "备注"), lambda n, v: [v + 9, v, 0.98, "2家"]),
        (("计划数", "实际完成", "完成计划%"), lambda n, v: [v + 9, v, "98%"]),
        (("行次", "数量"), lambda n, v: [n + 1, v]),
        (("2022年", "2023年"), lambda n, v: [n, v]),
        (("示例", "数量"), lambda n, v: [100, v]),
        (("甲街道", "乙街道", "合计"), lambda n, v: [v - 2, 2, v]),
        (("合计", "甲街道", "乙镇"), lambda n, v: [v, v - 2, 2]),
        (("全部", "其中：农村"), lambda n, v: [v, v - 2]),
        (("总量", "男", "女"), lambda n, v: [v, v - 2, 2]),
        (("历下区", "甲街道", "乙街道"), lambda n, v: [v, v - 2, 2]),
        (("历下区本级", "甲街道", "总计"), lambda n, v: [v - 2, 2, v]),
        (("甲街道", "乙街道", "小计", "丙镇", "小计", "总计"),
         lambda n, v: [1, 1, 2, v - 2, v - 2, v]),
        (("1月", "2月", "合计"), lambda n, v: [v - 2, 2, v]),
        (("1月", "2月", "3月", "累计"), lambda n, v: [1, v - 2, 1, v]),
        (("历年累计", "数量（人、个、场）"), lambda n, v: [v + 5000, v]),
        (("预计全年", "原报数", "数量", "名次"), lambda n, v: [v * 4, v + 1, v, 3]),
        (("今日新增", "本年累计"), lambda n, v: [1, v]),
    ],
)  # fmt: skip
def test_the_column_of_the_figures_is_chosen_and_the_others_are_not(
    words: Vocabulary, labels: list[str], head: tuple[str, ...], extra: Extra
) -> None:
    (one,) = read(words, table(labels, *head, extra=extra))
    assert (figures(one), loud(one)) == (TEN, [])


@pytest.mark.parametrize(
    "head",
    [("2月1日", "3月1日", "4月1日"), ("第一期（2月1日）", "第二期", "第三期"),
     ("截至2月1日", "截至3月1日", "截至4月1日"),
     (date(2023, 2, 1), date(2023, 3, 1), date(2023, 4, 1))],
)  # fmt: skip
def test_of_columns_headed_by_dues_this_dues_is_read(
    words: Vocabulary, labels: list[str], head: tuple[object, ...]
) -> None:
    rows = table(labels, extra=lambda n, v: [v - 1, v, None])
    rows[2] = ["填报项目", *head]
    (one,) = read(words.at("2023-03-01"), rows)
    assert (figures(one), loud(one)) == (TEN, [])
    (one,) = read(words.at("2023-04-01"), rows)
    assert figures(one) == ["blank"] * 10


@pytest.mark.parametrize(
    "head",
    [("数量", "今年以来累计"), ("省平台数", "历下区"), ("系统数", "本期数"), ("1月31日数", "数量")],
)
def test_a_column_that_may_be_meant_as_well_is_told(
    words: Vocabulary, labels: list[str], head: tuple[str, ...]
) -> None:
    (one,) = read(words, table(labels, *head, extra=lambda n, v: [v + 7, v]))
    assert loud(one) == [("reading.column_guessed", "warning")]


@pytest.mark.parametrize("head", [("系统数", "本期数"), ("1月31日数", "数量")])
def test_a_head_that_says_nothing_more_goes_before_one_that_does(
    words: Vocabulary, labels: list[str], head: tuple[str, ...]
) -> None:
    (one,) = read(words, table(labels, *head, extra=lambda n, v: [v + 7, v]))
    assert figures(one) == TEN


@pytest.mark.parametrize("measure", ["万人", "户"])
@pytest.mark.parametrize("own_column", [True, False])
def test_a_measure_beside_a_label_that_is_not_the_items_is_told(
    words: Vocabulary, labels: list[str], measure: str, *, own_column: bool
) -> None:
    rows = table(labels, "计量单位", "数量", extra=lambda n, v: ["", v])
    if own_column:
        rows[4][1] = measure
    else:
        rows = table([labels[0], f"参加活动的求职者数（{measure}）", *labels[2:]])
    (one,) = read(words, rows)
    assert figures(one) == TEN
    told = [(d.items, d.severity) for d in one.doubts if d.severity != "info"]
    assert told == [(("F1_2",), "warning")]
    rows[4][-1] = "0.41万"
    assert figures(read(words, rows)[0])[1] == 4100


def test_without_any_head_numbers_of_rows_are_no_figures(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = [[F1_TITLE], [UNIT], *table(labels, extra=lambda n, v: [n + 1, v])[3:]]
    (one,) = read(words, rows)
    assert (figures(one), doubts(one)) == (TEN, [])


def test_heads_may_stand_in_two_rows_or_beside_the_title(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = table(labels, "数量", extra=lambda n, v: [v, 5])
    rows.insert(3, [None, "本期", "上期"])
    (one,) = read(words, rows, (2, 1, 2, 2))
    assert (figures(one), loud(one)) == (TEN, [])
    rows = [[F1_TITLE, "上期数", "数量"], [UNIT], *([r[0], 5, r[1]] for r in table(labels)[3:])]
    (one,) = read(words, rows)
    assert (figures(one), loud(one)) == (TEN, [])


def test_parts_that_do_not_add_up_are_told_with_their_items(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = table(labels, "甲街道", "乙街道", "合计", extra=lambda n, v: [v - 2, 2 + (n == 3), v])
    (one,) = read(words, rows)
    assert (figures(one), doubts(one)) == (TEN, [("reading.parts_differ", "warning")])
    assert one.doubts[0].items == ("F1_4",)


@pytest.mark.parametrize("total", [None, "合计"])
def test_streets_without_their_total_are_nobodys_figure(
    words: Vocabulary, labels: list[str], total: str | None
) -> None:
    head = ("泉城路", "甲街道", "乙镇", *([total] if total else []))
    (one,) = read(words, table(labels, *head, extra=lambda n, v: [v, v + 1, 2]))
    assert figures(one) == ["blank"] * 10
    assert doubts(one) == [("reading.column_parts", "critical")]
    assert len(one.doubts[0].items) == 10


def test_two_columns_that_nothing_tells_apart_are_a_guess(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = [[F1_TITLE], [UNIT], *table(labels, extra=lambda n, v: [v, v + 7])[3:]]
    (one,) = read(words, rows)
    assert doubts(one) == [("reading.column_guessed", "warning")]


# --- whose column, whose table


def test_columns_of_several_units_are_a_return_each_and_their_total_is_nobodys(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = table(labels, "历下区", "市中区", "章邱区", "合计", extra=lambda n, v: [v, 5, 6, v + 11])
    del rows[1]
    found = read(words, rows)
    assert [(one.unit_texts, one.shared) for one in found] == [
        (("历下区",), True), (("市中区",), True), (("章邱区",), True)
    ]  # fmt: skip
    assert [figures(one)[0] for one in found] == [320, 5, 6]
    assert [doubts(one) for one in found] == [[], [], []]


def test_offices_of_several_units_are_units_and_of_one_unit_its_parts(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = table(labels, "历下区人社局", "市中区人社局", extra=lambda n, v: [v, 5])
    found = read(words, [rows[0], *rows[2:]])
    assert [one.unit_texts for one in found] == [("历下区人社局",), ("市中区人社局",)]
    parts = table(labels, "历下区人社局", "历下区残联", "合计", extra=lambda n, v: [v - 2, 2, v])
    (one,) = read(words, parts)
    assert (figures(one), loud(one)) == (TEN, [])


def test_tables_of_two_units_stacked_or_side_by_side_are_two(
    words: Vocabulary, labels: list[str]
) -> None:
    other = table(labels, extra=lambda n, v: [v + 1])
    other[1] = ["区县：市中区"]
    stacked = [*table(labels), [], *other]
    for rows in (stacked, [*table(labels), *other[1:]], beside(table(labels), other, gap=1)):
        found = read(words, rows)
        assert [one.unit_texts for one in found] == [("历下区",), ("市中区",)]
        assert [figures(one) for one in found] == [TEN, [v + 1 for v in TEN]]
        assert [doubts(one) for one in found] == [[], []]


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("down", [0, 3])
def test_two_forms_side_by_side_do_not_mix(
    words: Vocabulary, labels: list[str], second: list[Row], gap: int, down: int
) -> None:
    right: list[Row] = [*([[]] * down), *second]
    found = {one.form: one for one in read(words, beside(table(labels), right, gap=gap))}
    assert (figures(found["F1"]), figures(found["F2"])) == (TEN, ELEVEN)
    assert doubts(found["F1"]) == doubts(found["F2"]) == []
    assert (found["F1"].titled, found["F2"].titled) == ("F1", "F2")


def test_a_table_folded_into_two_halves_is_one(words: Vocabulary, labels: list[str]) -> None:
    body: list[Row] = [[labels[n], TEN[n], labels[n + 5], TEN[n + 5]] for n in range(5)]
    (one,) = read(words, [[F1_TITLE], [UNIT], ["项目", "数量", "项目", "数量"], *body])
    assert (figures(one), doubts(one)) == (TEN, [])


def test_parts_that_stand_right_of_their_total_are_found(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = [row for n, row in enumerate(table(labels)) if n not in (8, 9, 10)]
    rows[7] = [*rows[7], "其中：线下", 7, "线上", 5, "直播带岗", 3]
    (one,) = read(words, rows)
    assert (figures(one), doubts(one)) == (TEN, [])


@pytest.mark.parametrize("empty_first", [True, False])
def test_an_empty_form_left_in_beside_the_filled_one_is_no_second_return(
    words: Vocabulary, labels: list[str], empty_first: bool
) -> None:
    both = [table(labels, extra=lambda n, v: []), table(labels)]
    first, then = both if empty_first else reversed(both)
    (one,) = read(words, [*first, [], *then])
    assert (figures(one), doubts(one)) == (TEN, [])


def test_an_example_last_years_form_and_explanations_do_not_count(
    words: Vocabulary, labels: list[str]
) -> None:
    old = table(labels, extra=lambda n, v: [v - 1])
    old[0] = [F1_TITLE.replace("2023", "2022")]
    (one,) = read(words, [*old, [], *table(labels)])
    assert figures(one) == TEN
    assert read(words, [["填写示例"], *table(labels)]) == []
    assert forms_in(grid(table(labels), name="填报示例"), words) == []
    told = "指活动期间参加的全部数量之和，不含重复部分"
    assert read(words, table(labels, "口径", extra=lambda n, v: [told])) == []
    fair: list[Row] = [["招聘会安排"], ["名称", "参加企业数", "岗位数", "求职人数", "联系人"],
                       ["甲场", 3, 4, 5, "x"], ["乙场", 3, 4, 5, "x"]]  # fmt: skip
    assert read(words, fair) == []


# --- which label


def _numbered(labels: list[str], numbers: list[str]) -> list[Row]:
    rows = table(labels)
    body = zip(numbers, rows[3:], strict=True)
    return [*rows[:3], *([number + str(row[0]), *row[1:]] for number, row in body)]


@pytest.mark.parametrize(
    "numbers",
    [
        ["1.", "2.", "3.", "4.", "5.", "5.1", "5.2", "5.3", "6.", "7."],
        ["一、", "二、", "三、", "四、", "五、", "其中：（1）", "（2）", "（3）", "六、", "七、"],
        ["１．", "２．", "３．", "４．", "５．", "  其中：", "  ", "  ", "６．", "７．"],
        ["①", "②", "③", "④", "⑤", "——", "——", "——", "⑥", "⑦"],
        ["(1)", "（2）", "⑶", "4)", "5）", "·", "·", "·", "第六项 ", "7 "],
        [f"{n}、" for n in range(1, 11)],
    ],
)
def test_no_way_of_numbering_hides_a_label(
    words: Vocabulary, labels: list[str], numbers: list[str]
) -> None:
    (one,) = read(words, _numbered(labels, numbers))
    assert (figures(one), doubts(one)) == (TEN, [])


@given(order=st.permutations(range(10)), renumbered=st.booleans(), gaps=st.integers(0, 2),
       left=st.integers(0, 3), short=st.booleans())  # fmt: skip
def test_items_in_any_order_and_place_are_found(
    order: list[int], renumbered: bool, gaps: int, left: int, short: bool
) -> None:
    vocabulary, own = _ONCE[0]
    names = SHORT if short else own
    rows: list[Row] = [[F1_TITLE], [UNIT], ["项目", "数量"]]
    for n, at in enumerate(order):
        rows += [[f"{n + 1}、{names[at]}" if renumbered else names[at], TEN[at]], *([[]] * gaps)]
    (one,) = read(vocabulary, [[*[None] * left, *row] for row in rows])
    assert figures(one) == TEN
    assert [doubt for doubt in loud(one) if doubt[0] != "reading.number_disagrees"] == []


_ONCE: list[tuple[Vocabulary, list[str]]] = []


@pytest.fixture(scope="module", autouse=True)
def _once(words: Vocabulary, labels: list[str]) -> None:
    _ONCE[:] = [(words, labels)]


def test_labels_with_spaces_breaks_units_and_merged_parents_are_known(
    words: Vocabulary, labels: list[str]
) -> None:
    spaced = [" ".join(label) for label in labels]
    broken = [f"{label[:4]}\n{label[4:]}" for label in labels]
    units = [
        f"{label}（单位：{u}）" for label, u in zip(SHORT, "家人个人场场场场人份", strict=True)
    ]
    for names in (spaced, broken, units):
        (one,) = read(words, table(names))
        assert (figures(one), doubts(one)) == (TEN, [])


def test_parts_under_a_parent_that_is_merged_down_are_known(
    words: Vocabulary, labels: list[str]
) -> None:
    inner = {4: "总数", 5: "线下", 6: "线上", 7: "直播带岗"}
    rows: list[Row] = [[label if n not in (5, 6, 7) else None, inner.get(n), v]
                       for n, (label, v) in enumerate(zip(labels, TEN, strict=True))]  # fmt: skip
    (one,) = read(words, [[F1_TITLE], [UNIT], ["项目", None, "数量"], *rows], (7, 0, 10, 0))
    assert (figures(one), doubts(one)) == (TEN, [])


def test_a_label_in_other_words_is_confirmed_by_its_place_and_else_a_guess(
    words: Vocabulary, labels: list[str]
) -> None:
    names = list(labels)
    names[0], names[3] = "参加活动的商家个数", "4.提供岗位的需求数量合计"
    (one,) = read(words, table(names))
    assert figures(one) == TEN
    assert doubts(one) == [("reading.label_confirmed", "info")] * 2
    names[3] = "新增岗位数"
    (one,) = read(words, table(names))
    assert (figures(one)[3], loud(one)) == ("blank", [("reading.label_unknown", "warning")])
    shuffled = list(labels)
    random.Random(5).shuffle(shuffled)
    at = {label: n for n, label in enumerate(shuffled)}
    shuffled[at[labels[0]]], shuffled[at[labels[9]]] = (
        "参加活动的企来个数",
        "发放就业政筞等宣传材科份数",
    )
    (one,) = read(words, table(shuffled))
    assert loud(one) == [("reading.label_guessed", "warning")] * 2


def test_words_go_before_a_number_that_says_otherwise_and_both_are_told(
    words: Vocabulary, labels: list[str]
) -> None:
    numbers = ["1.", "2.", "4.", "3.", "5.", "", "", "", "6.", "7."]
    (one,) = read(words, _numbered(labels, numbers))
    assert figures(one) == TEN
    assert [(d.rule, d.severity, d.items) for d in one.doubts] == [
        ("reading.number_disagrees", "warning", ("F1_3", "F1_4")),
        ("reading.number_disagrees", "warning", ("F1_4", "F1_3")),
    ]


def test_an_item_named_twice_names_the_one_that_is_missing(
    words: Vocabulary, labels: list[str]
) -> None:
    (one,) = read(words, table([*labels[:5], labels[6], *labels[6:]]))
    assert [(d.rule, d.severity, d.items) for d in one.doubts] == [
        ("reading.repeated", "critical", ("F1_5_2", "F1_5_1"))
    ]


@pytest.mark.parametrize("own_row", [True, False])
def test_a_part_shortened_under_its_total_is_not_the_item_of_like_words(
    words: Vocabulary, second: list[Row], *, own_row: bool
) -> None:
    rows = [list(row) for row in second]
    rows[7][0], rows[8][0], rows[9][0] = "其中：消除户数", "实现就业人数", "五、享受政策人数"
    rows[9][1] = None
    if own_row:
        rows.insert(10, ["其中："])
    (one,) = read(words, rows)
    assert (figures(one), loud(one)) == ([*ELEVEN[:6], "blank", *ELEVEN[7:]], [])


def test_a_label_with_its_explanation_in_brackets_is_known(
    words: Vocabulary, labels: list[str]
) -> None:
    why = "（指活动期间实际发生数，按人社部门统计口径，不重复填报，线上以平台数据为准，"
    why += "线下以签到表为准，没有开展的填0）"
    (one,) = read(words, table([label + why for label in labels]))
    assert (figures(one), loud(one)) == (TEN, [])


def test_rows_of_totals_and_signatures_are_no_figures(words: Vocabulary, labels: list[str]) -> None:
    end: list[Row] = [["合计", 29999], ["单位负责人：甲", "审核人："], ["联系电话", 88880000],
                      ["填报时间", 44958]]  # fmt: skip
    (one,) = read(words, [*table(labels), *end])
    assert (figures(one), doubts(one)) == (TEN, [])


# --- merged blocks


def test_what_a_merged_block_hides_does_not_count(words: Vocabulary, labels: list[str]) -> None:
    rows = table(labels, extra=lambda n, v: [v, 95])
    (one,) = read(words, rows, *((r, 1, r, 2) for r in range(3, 13)))
    assert (figures(one), doubts(one)) == (TEN, [])
    (one,) = read(words, table(labels), (3, 1, 4, 1))
    assert figures(one) == [320, "blank", *TEN[2:]]
    assert [(d.rule, d.severity, d.items, d.value) for d in one.doubts] == [
        ("reading.hidden_value", "warning", ("F1_2",), "4100")
    ]


def test_a_figure_merged_over_two_items_is_the_firsts_and_told(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = table(labels, extra=lambda n, v: [v if n != 1 else None])
    (one,) = read(words, rows, (3, 1, 4, 1))
    assert figures(one) == [320, "blank", *TEN[2:]]
    assert [(d.rule, d.severity, d.items) for d in one.doubts] == [
        ("reading.merged_figures", "warning", ("F1_1", "F1_2"))
    ]


@given(st.lists(st.tuples(*[st.integers(0, 6)] * 4), max_size=8))
def test_no_merged_block_shows_what_lies_under_it(blocks: list[tuple[int, int, int, int]]) -> None:
    merged = [(a, b, a + c, b + d) for a, b, c, d in blocks]
    sheet = Grid(
        "x", tuple(tuple(f"{r},{c}" for c in range(7)) for r in range(7)), merged=(*merged,)
    )
    for row in range(7):
        for column in range(7):
            first = sheet.covered(row, column)
            seen = sheet.filled(row, column)
            if first is None:
                assert (seen, sheet.underneath(row, column)) == (sheet.at(row, column), "")
            else:
                assert seen == (sheet.at(*first) if first[0] == row else "")


def test_what_was_seen_tells_title_labels_and_columns(words: Vocabulary, labels: list[str]) -> None:
    (one,) = read(words, table(labels, "上期数", "数量", extra=lambda n, v: [n, v]))
    seen = {(s.cell, s.what): (s.taken, s.why) for s in one.seen}
    assert seen["A1", "表名"] == ("F1", "")
    assert seen["B3", "列"] == ("", "不是本期数")
    assert seen["C3", "列"] == ("本表数字", "数字列")
    assert seen["A4", "指标"] == ("F1_1 参加企业", "")


def test_a_blank_sheet_or_last_years_beside_the_filled_one_is_passed_over_and_told(
    jinan: Desk, tmp_path: Path, campaign: Campaign
) -> None:
    filled = form_rows(campaign, "F1", TEN)
    blank = form_rows(campaign, "F1", [None] * 10, unit="区县：")
    old = form_rows(campaign, "F1", [v - 1 for v in TEN])
    old[0] = [F1_TITLE.replace("2023", "2022")]
    save_book(tmp_path / "历下区.xlsx", ("模板", blank), ("去年", old), ("本期", filled))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert (values(got, "F1"), got.findings) == (TEN, ())
    assert {row.member: row.fate for row in got.intake} == {
        "模板": "ignore", "去年": "ignore", "本期": "counts"
    }  # fmt: skip


def test_a_blank_sheet_that_names_another_unit_is_that_units_blank_form(
    jinan: Desk, tmp_path: Path, campaign: Campaign
) -> None:
    sheets = [("历下区", form_rows(campaign, "F1", TEN, unit="区县：")),
              ("市中区", form_rows(campaign, "F1", [None] * 10, unit="区县："))]  # fmt: skip
    save_book(tmp_path / "各区县.xlsx", *sheets)
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert (values(got, "F1"), values(got, "F1", "370103")) == (TEN, ["blank"] * 10)


@pytest.mark.parametrize("time", ["上期", "去年同期", "目标任务", "2022年", "完成率", "排名"])
def test_labels_that_name_another_time_in_their_brackets_are_not_read(
    campaign: Campaign, jinan: Desk, tmp_path: Path, time: str
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    for row in rows[3:]:
        row[0] = f"{row[0]}（{time}）"
    save_book(tmp_path / "历下区.xlsx", ("x", rows))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert values(got, "F1") == ["blank"] * 10
    (doubt,) = [f for f in got.findings if f.severity == "critical"]
    assert (doubt.rule, len(doubt.items)) == ("reading.row_other", 10)


def test_rows_of_last_time_between_those_of_this_time_are_passed_over(
    campaign: Campaign, jinan: Desk, tmp_path: Path
) -> None:
    rows = form_rows(campaign, "F1", TEN)
    pairs = [[f"{label}（{time}）", value] for label, figure in rows[3:]
             for time, value in (("上期", 1), ("本期", figure))]  # fmt: skip
    save_book(tmp_path / "历下区.xlsx", ("x", rows[:3] + pairs))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert values(got, "F1") == TEN
    assert {f.severity for f in got.findings} <= {"info"}


@pytest.mark.parametrize(
    "case",
    [
        ("泉城路街道", "数量", False, "critical"),
        ("年初", "数量", False, "critical"),
        ("泉城路街道", None, False, "critical"),
        ("市级核定", None, True, "warning"),
    ],
)
def test_the_only_column_with_figures_under_a_head_that_is_none_of_figures(
    campaign: Campaign, jinan: Desk, tmp_path: Path, case: tuple[str, str | None, bool, str]
) -> None:
    head, beside, read, severity = case
    rows = form_rows(campaign, "F1", TEN)
    rows[2] = ["填报项目", head] if beside is None else ["填报项目", beside, head]
    if beside is not None:
        rows[3:] = [[label, "", figure] for label, figure in rows[3:]]
    save_book(tmp_path / "历下区.xlsx", ("x", rows))
    got = collect_due(jinan, "2023-02-01", tmp_path)
    assert values(got, "F1") == (TEN if read else ["blank"] * 10)
    assert severity in {f.severity for f in got.findings if len(f.items) == 10}


def _told(one: Recognised, severities: tuple[str, ...] = ("warning", "critical")) -> list[str]:
    return [d.rule for d in one.doubts if d.severity in severities]


def _sub_rows(kinds: list[str], of: Callable[[int], list[int]]) -> Callable[[list[str]], list[Row]]:
    def rows(labels: list[str]) -> list[Row]:
        made: list[Row] = [[F1_TITLE], [UNIT], ["填报项目", "类别", "数量"]]
        for label, value in zip(labels, TEN, strict=True):
            told = enumerate(zip(kinds, of(value), strict=True))
            made += [[None if n else label, kind, figure] for n, (kind, figure) in told]
        return made

    return rows


_TRADITIONAL = str.maketrans("参动个数职岗场签订业协议线带", "參動個數職崗場簽訂業協議線帶")
_HEAD: list[Row] = [[F1_TITLE], [UNIT]]
_ELSEWHERE: dict[str, Callable[[list[str]], list[Row]]] = {
    "in the label's cell": lambda ls: [*_HEAD, *([f"{n}：{v}"] for n, v in zip(ls, TEN))],
    "in a bracket": lambda ls: [*_HEAD, *([f"{n}（{v}）"] for n, v in zip(ls, TEN))],
    "on a line": lambda ls: [*_HEAD, *([f"{n}：__{v}__", "含国企"] for n, v in zip(ls, TEN))],
    "one of them in the label's cell": lambda ls: [
        *_HEAD, [f"{ls[0]}：{TEN[0]}家", None], *map(list, zip(ls[1:], TEN[1:]))],
    "left of the label": lambda ls: [
        *_HEAD, ["数量", "填报项目"], *([v, n] for n, v in zip(ls, TEN))],
    "left without a head": lambda ls: [*_HEAD, *([v, n] for n, v in zip(ls, TEN))],
    "under the label": lambda ls: [*_HEAD, *([x] for n, v in zip(ls, TEN) for x in (n, v))],
    "under two labels a row": lambda ls: [
        *_HEAD, *(row for i in range(0, 10, 2) for row in (ls[i : i + 2], TEN[i : i + 2]))],
    "by what is counted": lambda ls: [
        *_HEAD, ["项目", *"家人个场份"],
        *([n, *(v if u == h else None for h in "家人个场份")]
          for n, v, u in zip(ls, TEN, "家人个人场场场场人份"))],
    "parts in columns": lambda ls: [
        *_HEAD, ["项目", "数量", "线下", "线上", "直播"], *map(list, zip(ls[:4], TEN[:4])),
        [ls[4], *TEN[4:8]], *map(list, zip(ls[8:], TEN[8:]))],
    "a subtotal after its streets": lambda ls: [
        *_HEAD, ["项目", "数量"],
        *(row for n, v in zip(ls, TEN)
          for row in ([n, None], ["甲街道", v // 2], ["乙街道", v - v // 2], ["小计", v]))],
    "a total after its parts": lambda ls: [
        *_HEAD, ["项目", "数量"], *map(list, zip(ls[:4], TEN[:4])), [ls[4], None],
        *map(list, zip(ls[5:8], TEN[5:8])), ["合计", TEN[4]], *map(list, zip(ls[8:], TEN[8:]))],
    "last time's rows": _sub_rows(["上期", "本期"], lambda v: [v // 2, v]),
    "all and this time's rows": _sub_rows(["本期", "累计"], lambda v: [v // 2, v]),
    "rows of men and women": _sub_rows(["男", "女", "合计"], lambda v: [v // 3, v - v // 3, v]),
    "years as numbers": lambda ls: [
        *_HEAD, ["项目", 2022, 2023], *([n, v // 2, v] for n, v in zip(ls, TEN))],
    "years in short": lambda ls: [
        *_HEAD, ["项目", "22年", "23年"], *([n, v // 2, v] for n, v in zip(ls, TEN))],
    "corrected": lambda ls: [
        *_HEAD, ["项目", "原数", "更正后"], *([n, v // 2, v] for n, v in zip(ls, TEN))],
    "traditional characters": lambda ls: [
        ["2023年春風行動情況統計表"], ["區縣：歷下區"],
        *([n.translate(_TRADITIONAL), v] for n, v in zip(ls, TEN))],
}  # fmt: skip


@pytest.mark.parametrize("where", _ELSEWHERE)
def test_figures_that_stand_elsewhere_than_right_of_their_label_are_found(
    words: Vocabulary, labels: list[str], where: str
) -> None:
    (one,) = read(words, _ELSEWHERE[where](labels))
    assert figures(one) == TEN
    assert not _told(one)


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4, 5, 1, 2, 3, 6, 7], list(range(101, 111))])
def test_numbers_of_rows_left_of_a_blank_form_are_no_figures(
    words: Vocabulary, labels: list[str], numbers: list[int]
) -> None:
    rows: list[Row] = [*_HEAD, ["", "填报项目", "数量"], *map(list, zip(numbers, labels))]
    assert figures(read(words, rows)[0]) == ["blank"] * 10


def test_a_blank_form_beside_a_filled_one_does_not_take_its_figures(
    words: Vocabulary, labels: list[str], second: list[Row]
) -> None:
    names = [str(row[0]) for row in second[3:]]
    pairs = zip_longest(labels, TEN, names, [None] * 11)
    rows: list[Row] = [[F1_TITLE, None, F2_TITLE], [UNIT], ["项目", "数量"] * 2, *map(list, pairs)]
    first, other = read(words, rows)
    assert (figures(first), figures(other)) == (TEN, ["blank"] * 11)


def test_figures_left_and_right_of_their_labels_are_told(
    words: Vocabulary, labels: list[str], second: list[Row]
) -> None:
    names = [str(row[0]) for row in second[3:]]
    pairs = zip_longest(TEN, labels, ELEVEN[::-1], names)
    rows: list[Row] = [[F1_TITLE, None, F2_TITLE], [UNIT], *map(list, pairs)]
    first, other = read(words, rows)
    assert (figures(first), figures(other)) == (TEN, ELEVEN[::-1])
    assert _told(first) == ["reading.column_guessed"]


def test_streets_in_rows_of_each_item_without_their_total_are_not_read(
    words: Vocabulary, labels: list[str]
) -> None:
    (one,) = read(words, _sub_rows(["甲街道", "乙街道"], lambda v: [v // 2, v])(labels))
    assert figures(one) == ["blank"] * 10
    assert "reading.column_parts" in _told(one, ("critical",))


def test_a_last_item_left_blank_does_not_take_the_total_below_it(
    words: Vocabulary, labels: list[str]
) -> None:
    rows: list[Row] = [*_HEAD, ["项目", "数量"], *map(list, zip(labels[:9], TEN))]
    (one,) = read(words, [*rows, [labels[9], None], ["合计", 999]])
    assert figures(one) == [*TEN[:9], "blank"]


def test_a_digit_behind_a_label_may_be_a_footnote_and_is_told(
    words: Vocabulary, labels: list[str]
) -> None:
    (one,) = read(words, [*_HEAD, [f"{labels[0]}1", None], *map(list, zip(labels[1:], TEN[1:]))])
    assert "reading.label_answered" in _told(one)


@pytest.mark.parametrize("lead", [0, 1, 2], ids=["unit first", "item first", "item merged down"])
def test_a_row_an_item_and_unit_is_a_return_of_each_unit(
    words: Vocabulary, labels: list[str], lead: int
) -> None:
    units = {"历下区": TEN, "市中区": [v + 1 for v in TEN]}
    if lead:
        rows = [[label if lead == 1 or not n else None, unit, own[i]]
                for i, label in enumerate(labels)
                for n, (unit, own) in enumerate(units.items())]  # fmt: skip
    else:
        rows = [[unit, label, v] for unit, own in units.items()
                for label, v in zip(labels, own, strict=True)]  # fmt: skip
    found = read(words, [["指标", "区县", "数量"] if lead else ["区县", "指标", "数量"], *rows])
    assert {one.unit_texts[0]: figures(one) for one in found} == units


def test_of_a_row_an_item_and_due_this_dues_is_read(
    jinan: Desk, tmp_path: Path, labels: list[str]
) -> None:
    rows = [["历下区", due, label, v // part] for due, part in (("2月1日", 2), ("3月1日", 1))
            for label, v in zip(labels, TEN, strict=True)]  # fmt: skip
    save_book(tmp_path / "a.xlsx", ("s", [["单位", "报送期", "指标", "数量"], *rows]))
    assert values(collect_due(jinan, "2023-03-01", tmp_path, jobs=0), "F1") == TEN


def test_who_answers_for_an_item_is_not_whose_figure_it_is(
    words: Vocabulary, labels: list[str]
) -> None:
    rows = [*_HEAD, ["项目", "数量", "联系单位"], *([n, v, "历城区"] for n, v in zip(labels, TEN))]
    (one,) = read(words, rows)
    assert figures(one) == TEN
    assert one.unit_texts == ("历下区",)


def test_several_figures_in_one_cell_are_told(words: Vocabulary, labels: list[str]) -> None:
    rows = [[n, v] for n, v in zip(labels, TEN)]
    rows[4:8] = [["举办招聘活动数\n线下\n线上\n直播", "12\n7\n5\n3"]]
    (one,) = read(words, [*_HEAD, ["项目", "数量"], *rows])
    (doubt,) = [d for d in one.doubts if d.severity == "warning"]
    assert doubt.items == ("F1_5", "F1_5_1", "F1_5_2", "F1_5_3")


def test_a_table_titled_as_last_times_does_not_count_beside_this_times(
    words: Vocabulary, labels: list[str]
) -> None:
    def table(title: str, part: int) -> list[Row]:
        return [[title], [UNIT], ["项目", "数量"], *([n, v // part] for n, v in zip(labels, TEN))]

    found = read(words, [*table(f"{F1_TITLE}（上期）", 2), *table(f"{F1_TITLE}（本期）", 1)])
    assert [figures(one) for one in found] == [TEN]


def test_an_example_below_the_filled_form_does_not_count(
    words: Vocabulary, labels: list[str]
) -> None:
    form: list[Row] = [*_HEAD, ["项目", "数量"], *map(list, zip(labels, TEN))]
    example: list[Row] = [["填表样例"], *_HEAD, *([label, 10] for label in labels)]
    assert [figures(one) for one in read(words, [*form, [None], *example])] == [TEN]


def test_a_number_within_a_figures_remark_is_not_the_figure(
    words: Vocabulary, labels: list[str]
) -> None:
    typed = ["101（其中线上50）", *TEN[1:]]
    (one,) = read(words, [*_HEAD, ["项目", "数量"], *map(list, zip(labels, typed))])
    assert figures(one) == ["unreadable", *TEN[1:]]


@pytest.mark.parametrize("tall_first", [True, False])
@pytest.mark.parametrize("gap", [0, 1, 2])
def test_a_wide_table_beside_a_tall_one_lends_it_no_figure(
    words: Vocabulary,
    labels: list[str],
    second: list[Row],
    campaign: Campaign,
    tall_first: bool,
    gap: int,
) -> None:
    streets = [
        [n, name, *[v // 2 for v in ELEVEN]] for n, name in enumerate(("东关街道", "姚家街道"))
    ]
    heads = [item.label for item in campaign.form_by_code["F2"].items]
    wide: list[Row] = [
        [F2_TITLE],
        [UNIT],
        ["序号", "街道", *heads],
        *streets,
        ["", "合计", *ELEVEN],
    ]
    tall = table(labels)
    rows = beside(tall, wide, gap=gap) if tall_first else beside(wide, tall, gap=gap)
    found = {one.form: one for one in read(words, rows)}
    assert figures(found["F1"]) == TEN
    assert figures(found["F2"]) == ELEVEN


@pytest.mark.parametrize("below", [True, False])
def test_a_wide_table_over_or_under_a_tall_one_is_not_beside_it(
    words: Vocabulary, labels: list[str], second: list[Row], below: bool
) -> None:
    heads, second_figures = [row[0] for row in second[3:]], [row[1] for row in second[3:]]
    wide: list[Row] = [
        [F2_TITLE], [UNIT], ["序号", "街道", *heads],
        [1, "东关街道", *[n // 2 for n in ELEVEN]], [2, "姚家街道", *[n - n // 2 for n in ELEVEN]],
        ["", "合计", *second_figures],
    ]  # fmt: skip
    tall = table(labels)
    found = {one.form: one for one in read(words, [*tall, *wide] if below else [*wide, *tall])}
    assert (figures(found["F1"]), figures(found["F2"])) == (TEN, ELEVEN)


def test_a_title_beside_the_heads_of_another_table_does_not_hide_them(
    words: Vocabulary, labels: list[str], second: list[Row]
) -> None:
    right: list[Row] = [[F2_TITLE], ["填报项目", "东关街道", "姚家街道", "合计"]]
    right += [[label, value - 1, 1, value] for label, value in second[3:]]  # type: ignore[operator]
    left: list[Row] = [["附件1："], *table(labels)[:1], *table(labels)[2:]]
    found = {one.form: one for one in read(words, beside(left, right, gap=0))}
    assert (figures(found["F1"]), figures(found["F2"])) == (TEN, ELEVEN)


def test_two_wide_tables_side_by_side_with_rows_of_their_own_are_read_apart(
    words: Vocabulary, labels: list[str], second: list[Row]
) -> None:
    heads = [row[0] for row in second[3:]]
    one: list[Row] = [
        [F1_TITLE],
        ["序号", "街道", *labels],
        [1, "东关街道", *TEN],
        ["", "合计", *TEN],
    ]
    two: list[Row] = [
        [F2_TITLE],
        ["序号", "街道", *heads],
        ["", "合计", *ELEVEN],
        [1, "姚家街道", *ELEVEN],
    ]
    found = {x.form: x for x in read(words, beside(one, [[], *two], gap=1))}
    assert (figures(found["F1"]), figures(found["F2"])) == (TEN, ELEVEN)


def test_the_rows_of_the_form_below_are_no_parts_of_the_last_item_left_blank(
    words: Vocabulary, labels: list[str], second: list[Row]
) -> None:
    """Both forms in one column, told apart by a merged cell on the left alone."""
    one = [[name, label, value] for name, label, value in
           zip_longest(["春风行动"], labels, [*TEN[:9], None])]  # fmt: skip
    two = [[name, row[0], row[1]] for name, row in zip_longest(["就业援助月"], second[3:])]
    rows: list[Row] = [["2023年春风行动暨就业援助月活动情况统计表"], [UNIT],
                       ["类别", "填报项目", "数量"], *one, *two]  # fmt: skip
    blocks = ((3, 0, 12, 0), (13, 0, 23, 0))
    found = {x.form: x for x in read(words, rows, *blocks)}
    assert (figures(found["F1"]), figures(found["F2"])) == ([*TEN[:9], "blank"], ELEVEN)
    assert [doubt.rule for doubt in found["F1"].doubts] == []


def test_figures_typed_as_text_in_tables_one_below_the_other_are_no_kinds_of_rows(
    words: Vocabulary, labels: list[str]
) -> None:
    rows: list[Row] = []
    for unit, first in (("历下区", 1), ("历城区", 2)):
        told = [[label, f"{first},{n:03}.00"] for n, label in enumerate(labels)]
        rows += [[F1_TITLE], [f"区县：{unit}"], ["填报项目", "数 量"], *told, []]
    assert [figures(one)[:2] for one in read(words, rows)] == [[1000, 1001], [2000, 2001]]
