"""Suites are refused with every fault, in words that an analyst can act on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, check_due, load_suites
from chunfeng_reports.errors import DefinitionError

RULE = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "F1_1", "min_value": 0},
    "severity": "warning",
    "meta": {
        "id": "T.one",
        "label": "试",
        "reason": "试",
        "origin": "试",
        "items": ["F1_1"],
        "message": "{F1_1} 不对，请核对。",
    },
}


def _write(folder: Path, *rules: dict[str, Any], name: str = "T", **meta: str) -> Path:
    suite = {
        "name": name,
        "meta": {"table": "units", "label": "试", "form": "F1"} | meta,
        "expectations": list(rules),
    }
    (folder / f"{name}.json").write_text(json.dumps(suite, ensure_ascii=False), "utf-8")
    return folder


def _rule(*, meta: dict[str, Any] | None = None, drop: str = "", **other: Any) -> dict[str, Any]:
    made = {**RULE, **other, "meta": {**RULE["meta"], **(meta or {})}}
    made["meta"].pop(drop, None)
    made.pop(drop, None)
    return made


def _faults(folder: Path, campaign: Campaign) -> str:
    with pytest.raises(DefinitionError) as caught:
        load_suites(folder, campaign=campaign)
    return "\n".join(map(str, caught.value.faults))


def test_a_suite_as_it_should_be_is_read(tmp_path: Path, campaign: Campaign) -> None:
    named = campaign.model_copy(update={"suites": ("T",)})
    (suite,) = load_suites(_write(tmp_path, RULE), campaign=named)
    (rule,) = suite.rules
    assert (suite.name, suite.table, suite.form) == ("T", "units", "F1")
    assert (rule.id, rule.severity, rule.items, rule.columns) == (
        "T.one", "warning", ("F1_1",), ("F1_1",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (_rule(type="expect_the_unexpected"), "Great Expectations 没有这种期望"),
        (_rule(type="expect_table_row_count_to_equal", kwargs={"value": 1}), "不是逐行判断的期望"),
        (_rule(kwargs={"colum": "F1_1"}), "kwargs.column：参数有误"),
        (_rule(kwargs={"column": "F1_1", "min_value": 0, "mostly": 0.9}), "不能用 mostly"),
        (_rule(kwargs={"column": "F1_99", "min_value": 0}), "没有这个列：F1_99"),
        (_rule(drop="severity"), "severity：缺少这一项"),
        (_rule(severity="fatal"), "severity：只能是"),
        (_rule(drop="id"), "meta.id：缺少这一项"),
        (_rule(drop="label"), "meta.label：缺少这一项"),
        (_rule(drop="reason"), "meta.reason：缺少这一项"),
        (_rule(drop="origin"), "meta.origin：缺少这一项"),
        (_rule(drop="message"), "meta.message：缺少这一项"),
        (_rule(meta={"label": ""}), "meta.label：不能为空"),
        (_rule(meta={"lable": "x"}), "meta.lable：不认识的键"),
        (_rule(meta={"items": ["F1_99"]}), "没有这个指标：F1_99"),
        (_rule(meta={"origin": "reading:unheard-of"}), "没有这个口径：reading:unheard-of"),
        (_rule(meta={"message": "{F1_99}"}), "没有这个列：F1_99"),
        (_rule(meta={"message": "{F1_1.__class__}"}), "大括号里只能写一个列名"),
        (_rule(meta={"message": "{F1_1"}), "大括号里只能写一个列名"),
        (_rule(meta={"expected": "{nothing}"}), "没有这个列：nothing"),
        (_rule(meta={"soften": "nothing"}), "没有这个真假列：nothing"),
        (_rule(meta={"soften": "F1_2"}), "没有这个真假列：F1_2"),
        (
            _rule(kwargs={"column": "F1_1", "min_value": 0, "row_condition": "F1_2 > 0"}),
            "pass_through_filter",
        ),
        (
            _rule(
                kwargs={
                    "column": "F1_1",
                    "row_condition": {"type": "pass_through", "pass_through_filter": "F1_2 >"},
                }
            ),
            "kwargs.row_condition：应写成",
        ),
        (
            _rule(
                type="expect_column_pair_values_a_to_be_greater_than_b",
                kwargs={"column_A": "F1_1", "column_B": "F1_2"},
            ),
            "须为 either_value_is_missing：缺数既不算对，也不算错",
        ),
    ],
)
def test_a_fault_is_named(
    tmp_path: Path, campaign: Campaign, rule: dict[str, Any], said: str
) -> None:
    assert said in _faults(_write(tmp_path, rule), campaign)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path, campaign: Campaign) -> None:
    _write(tmp_path, _rule(drop="label"), _rule(type="expect_nothing"), name="A")
    _write(tmp_path, _rule(severity="fatal"), name="B", table="units")
    (tmp_path / "C.json").write_text("{", "utf-8")
    (tmp_path / "D.json").write_bytes('{"名": 1}'.encode("gb18030"))
    said = _faults(tmp_path, campaign)
    for part in (
        "A.json: expectations[0].meta.label",
        "expect_nothing",
        "B.json",
        "C.json",
        "D.json",
    ):
        assert part in said


def test_a_rule_id_stands_once_in_all_suites(tmp_path: Path, campaign: Campaign) -> None:
    _write(tmp_path, RULE, name="A")
    assert "规则编号与 A 中的重复" in _faults(_write(tmp_path, RULE, name="B"), campaign)


def test_a_key_given_twice_is_refused(tmp_path: Path, campaign: Campaign) -> None:
    text = (_write(tmp_path, RULE) / "T.json").read_text("utf-8")
    (tmp_path / "T.json").write_text(text.replace('"name"', '"name": "A", "name"', 1), "utf-8")
    assert "键 name 写了两次" in _faults(tmp_path, campaign)


def test_an_unknown_form_or_table_is_refused(tmp_path: Path, campaign: Campaign) -> None:
    assert "没有这张表：F9" in _faults(_write(tmp_path, RULE, form="F9"), campaign)
    assert "meta.table：只能是" in _faults(_write(tmp_path, RULE, table="sheet"), campaign)


def test_a_rule_on_single_cells_names_no_items(tmp_path: Path, campaign: Campaign) -> None:
    folder = _write(tmp_path, _rule(kwargs={"column": "value", "min_value": 0}), table="cells")
    assert "不写 items 和 form" in _faults(folder, campaign)


def test_a_folder_without_rules_is_refused(tmp_path: Path, campaign: Campaign) -> None:
    assert "没有规则文件" in _faults(tmp_path, campaign)


def test_suites_of_another_campaign_are_refused_when_checking(
    tmp_path: Path, jinan: Desk, make_returns: Callable[[Desk], Any]
) -> None:
    rule = _rule(
        kwargs={"column": "Z_1", "min_value": 0}, meta={"items": ["Z_1"], "message": "请核对。"}
    )
    suites = load_suites(_write(tmp_path, rule))
    returns = make_returns(jinan).send("2023-02-01")
    with pytest.raises(DefinitionError, match="没有这个指标：Z_1"):
        check_due(jinan, suites, "2023-02-01", **returns.at("2023-02-01"))


def test_the_files_are_plain_suites_of_great_expectations(suites_folder: Path) -> None:
    """Great Expectations alone can load each file, and what it says is what we read."""
    from chunfeng_reports.checks import engine  # noqa: PLC0415  (GX takes seconds to load)

    for file in sorted(suites_folder.glob("*.json")):
        raw = json.loads(file.read_text("utf-8"))
        suite = engine.gx.ExpectationSuite(**raw)
        assert len(suite.expectations) == len(raw["expectations"])
        assert [e.meta["id"] for e in suite.expectations] == [
            e["meta"]["id"] for e in raw["expectations"]
        ]


def test_the_files_are_utf8_readable_and_without_generated_ids(suites_folder: Path) -> None:
    for file in sorted(suites_folder.glob("*.json")):
        text = file.read_text("utf-8")
        assert "\\u" not in text
        assert all("id" not in e for e in json.loads(text)["expectations"])
        assert text.endswith("}\n")


def test_every_rule_says_what_is_wrong_and_what_to_do(suites: tuple[Suite, ...]) -> None:
    for suite in suites:
        for rule in suite.rules:
            assert "请" in rule.message, rule.id
            assert rule.message.endswith("。"), rule.id


def test_loading_does_not_depend_on_the_order_of_the_folder(
    suites_folder: Path, tmp_path: Path, suites: tuple[Suite, ...], campaign: Campaign
) -> None:
    for file in sorted(suites_folder.glob("*.json"), reverse=True):
        shutil.copy(file, tmp_path)
    assert load_suites(tmp_path, campaign=campaign) == suites


def test_a_suite_that_the_campaign_names_and_nobody_finds_is_told(
    campaign: Campaign, suites_folder: Path, tmp_path: Path
) -> None:
    """Else its findings would go with it in silence."""
    shutil.copytree(suites_folder, tmp_path / "rules")
    (tmp_path / "rules" / "F1.json").unlink()
    assert "F1.json" in _faults(tmp_path / "rules", campaign)


def test_a_suite_that_the_campaign_does_not_name_is_told(
    campaign: Campaign, suites_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(suites_folder, tmp_path / "rules")
    shutil.copy(suites_folder / "F1.json", tmp_path / "rules" / "own.json")
    assert "own.json" in _faults(tmp_path / "rules", campaign)
