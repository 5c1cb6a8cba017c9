"""Suites: a campaign's rules, read from the JSON files of ``expectations/<campaign>``, and checked.

A file is a plain Great Expectations suite; what the bureau needs besides stands in ``meta``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chunfeng_reports.campaign import Campaign
from chunfeng_reports.checks.offered import TRUTHS, TableName, columns_of
from chunfeng_reports.checks.rules import WIDE, Condition, Rule, Suite
from chunfeng_reports.checks.wording import names_in, odd_braces
from chunfeng_reports.errors import DefinitionError, Fault
from chunfeng_reports.findings import Severity

_CONDITION = '应写成 {"type": "pass_through", "pass_through_filter": "条件式"}，用列名和 and、or'


class _Meta(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    label: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    origin: str = Field(min_length=1)
    items: list[str] = []
    message: str = Field(min_length=1)
    value: str = ""
    expected: str = ""
    soften: str = ""
    left_out: str = Field("passed", pattern="^(passed|unknown)$")


class _Expectation(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    meta: _Meta


class _SuiteMeta(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    table: TableName
    form: str = ""
    label: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1)
    meta: _SuiteMeta
    expectations: list[dict[str, Any]]
    notes: str = ""


def load_suites(folder: Path, *, campaign: Campaign | None = None) -> tuple[Suite, ...]:
    """The suites of a folder, by file name, each checked against Great Expectations itself.

    campaign: if given, item and form codes must be its own (``check_due`` holds that anyway).
    Raises DefinitionError with every fault of every file.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise DefinitionError(folder.name, [Fault(folder.name, "没有规则文件（*.json）")])
    named = _unnamed(campaign, [file.stem for file in files]) if campaign else ()
    return _sound(folder.name, map(_read, files), campaign, named)


def load_own(
    suites: Iterable[Path | Mapping[str, Any]], *, campaign: Campaign
) -> tuple[Suite, ...]:
    """Suites of an analyst's own, each a JSON file or what would stand in one, checked likewise.

    The campaign need not name them. Raises DefinitionError with every fault of every suite.
    """
    read = [_read(suite) if isinstance(suite, Path) else _suite("", suite) for suite in suites]
    return _sound("规则文件", read, campaign)


def _sound(
    name: str,
    read: Iterable[tuple[Suite | None, list[Fault]]],
    campaign: Campaign | None,
    more: Iterable[Fault] = (),
) -> tuple[Suite, ...]:
    """The suites that were read, where nothing is wrong with any of them."""
    suites: list[Suite] = []
    faults: list[Fault] = []
    for suite, found in read:
        suites += [suite] if suite else []
        faults += found
    faults += [*_twice(suites), *more]
    if campaign:
        faults += faults_against(campaign, suites)
    if faults:
        raise DefinitionError(name, faults)
    return tuple(suites)


def rule_labels(folder: Path) -> dict[str, str]:
    """The Chinese label of each rule by its id, read without Great Expectations.

    For showing what was judged; suites that do not read are passed over here, `load_suites` is
    what refuses them.
    """
    labels: dict[str, str] = {}
    for file in sorted(folder.glob("*.json")):
        try:
            entries = json.loads(file.read_text("utf-8-sig")).get("expectations", [])
            labels |= {entry["meta"]["id"]: entry["meta"]["label"] for entry in entries}
        except (ValueError, AttributeError, KeyError, TypeError):
            continue
    return labels


def _unnamed(campaign: Campaign, present: list[str]) -> Iterator[Fault]:
    """A suite that is lost would take its findings with it in silence."""
    for name in campaign.suites:
        if name not in present:
            yield Fault(f"{name}.json", "活动定义 suites 列出了这套规则，文件却不在")
    for name in present:
        if name not in campaign.suites:
            yield Fault(f"{name}.json", "活动定义的 suites 没有列出这套规则；请列上，或移走文件")


def faults_against(campaign: Campaign, suites: Iterable[Suite]) -> list[Fault]:
    """What the suites speak of that the campaign does not have: forms, items, columns, readings."""
    return [fault for suite in suites for fault in _strangers(campaign, suite)]


def _read(file: Path) -> tuple[Suite | None, list[Fault]]:
    try:
        raw = json.loads(file.read_text("utf-8-sig"), object_pairs_hook=_no_key_twice)
    except OSError as error:
        return None, [Fault(file.name, f"打不开：{error.strerror}")]
    except (UnicodeDecodeError, json.JSONDecodeError, _KeyTwiceError) as error:
        return None, [Fault(file.name, f"不是正确的 UTF-8 JSON：{error}")]
    return _suite(file.name, raw)


def _suite(file: str, raw: object) -> tuple[Suite | None, list[Fault]]:
    """A suite and its faults; it is called after its file, else (no file) by its own name."""
    try:
        head = _File.model_validate(raw)
    except ValidationError as error:
        return None, list(_faults(file or "规则", error))
    name = file.removesuffix(".json") or head.name
    rules: list[Rule] = []
    faults: list[Fault] = []
    for i, entry in enumerate(head.expectations):
        where = f"{file or name}: expectations[{i}]"
        try:
            checked: _Expectation | None = _Expectation.model_validate(entry)
        except ValidationError as error:
            faults += _faults(where, error)
            checked = _legible(entry, error, i)
        if checked is None:
            continue
        try:
            rule = _rule(head.meta, checked)
        except SyntaxError:
            faults.append(Fault(f"{where}.kwargs.row_condition", _CONDITION))
            continue
        faults += _unfit(where, rule)
        rules.append(rule)
    meta = head.meta
    return Suite(name, meta.table, meta.form, meta.label, tuple(rules)), faults


def _legible(entry: Mapping[str, Any], error: ValidationError, n: int) -> _Expectation | None:
    """An entry with faults, as far as it can be read, so that what else is wrong is told too."""
    wrong = [found["loc"][:2] for found in error.errors()]
    if {("type",), ("kwargs",), ("meta",)} & set(wrong):
        return None
    said = {key: text for key, text in entry["meta"].items() if ("meta", key) not in wrong}
    blank = {"id": f"entry-{n}"} | dict.fromkeys(("label", "reason", "origin", "message"), "—")
    known = {"type": entry["type"], "kwargs": entry["kwargs"], "severity": "info"}
    return _Expectation.model_validate(known | {"meta": blank | said})


class _KeyTwiceError(ValueError):
    pass


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise _KeyTwiceError(f"键 {key} 写了两次")
    return dict(pairs)


def _rule(head: _SuiteMeta, entry: _Expectation) -> Rule:
    meta = entry.meta
    return Rule(
        id=meta.id,
        table=head.table,
        form=head.form,
        type=entry.type,
        kwargs=entry.kwargs,
        columns=tuple(_columns(entry.kwargs)),
        conditions=_conditions(entry.kwargs),
        severity=entry.severity,
        label=meta.label,
        reason=meta.reason,
        origin=meta.origin,
        items=tuple(meta.items),
        message=meta.message,
        value=meta.value,
        expected=meta.expected,
        soften=meta.soften,
        left_out=meta.left_out,
    )


def _columns(kwargs: Mapping[str, Any]) -> list[str]:
    """The columns that an expectation reads, those of its row condition included."""
    found: list[Any] = [kwargs.get(key) for key in ("column", "column_A", "column_B")]
    for key in ("column_list", "left", "right"):
        found += kwargs.get(key) or []
    found += [name for condition in _conditions(kwargs) for name in condition.columns]
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


def _conditions(kwargs: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The parts, joined by ``and``, of a row condition. SyntaxError where it is none."""
    written = kwargs.get("row_condition")
    if written is None:
        return ()
    if not isinstance(written, Mapping) or set(written) != {"type", "pass_through_filter"}:
        raise SyntaxError
    tree = ast.parse(str(written["pass_through_filter"]), mode="eval").body
    joined = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
    parts = tree.values if joined and isinstance(tree, ast.BoolOp) else [tree]
    return tuple(Condition(ast.unparse(part), _names(part)) for part in parts)


def _names(tree: ast.expr) -> tuple[str, ...]:
    """The columns of a condition, each once: a table has no column twice."""
    names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return tuple(dict.fromkeys(names))


def _unfit(where: str, rule: Rule) -> Iterator[Fault]:
    """Faults that show without the campaign: what GX refuses, texts, how gaps are treated."""
    from chunfeng_reports.checks.engine import refusals  # noqa: PLC0415  (GX takes seconds to load)

    for path, message in refusals(rule.type, rule.kwargs, rule.severity):
        yield Fault(f"{where}.{path}" if path else where, message)
    for key in ("message", "value", "expected"):
        if odd_braces(getattr(rule, key)):
            yield Fault(f"{where}.meta.{key}", "大括号里只能写一个列名")
    if rule.table in WIDE and not (rule.items or rule.form):
        yield Fault(f"{where}.meta.items", "要写明涉及的指标，或在套件的 meta.form 写明表")
    if rule.table not in WIDE and (rule.items or rule.form):
        yield Fault(f"{where}.meta.items", f"{rule.table} 每行就是一个指标，不写 items 和 form")


def _twice(suites: Iterable[Suite]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for suite in suites:
        for rule in suite.rules:
            if rule.id in first:
                yield Fault(f"{suite.name}: {rule.id}", f"规则编号与 {first[rule.id]} 中的重复")
            first.setdefault(rule.id, suite.name)


def _strangers(campaign: Campaign, suite: Suite) -> Iterator[Fault]:
    if suite.form and suite.form not in campaign.form_by_code:
        yield Fault(f"{suite.name}: meta.form", f"没有这张表：{suite.form}")
    offered = columns_of(campaign, suite.table)
    readings = {f"reading:{reading.id}" for reading in campaign.readings}
    for rule in suite.rules:
        where = f"{suite.name}: {rule.id}"
        yield from _unknown(f"{where} kwargs", rule.columns, offered, "列")
        yield from _unknown(f"{where} meta.items", rule.items, campaign.item_by_code, "指标")
        yield from _unknown(f"{where} meta.soften", filter(None, [rule.soften]), TRUTHS, "真假列")
        for key in ("message", "value", "expected"):
            names = names_in(getattr(rule, key))
            yield from _unknown(f"{where} meta.{key}", names, offered, "列")
        if rule.origin.startswith("reading:"):
            yield from _unknown(f"{where} meta.origin", [rule.origin], readings, "口径")


def _unknown(where: str, names: Iterable[str], known: Iterable[str], word: str) -> Iterator[Fault]:
    known = set(known)
    return (Fault(where, f"没有这个{word}：{name}") for name in names if name not in known)


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "缺少这一项",
    "extra_forbidden": lambda _: "不认识的键",
    "string_too_short": lambda _: "不能为空",
    "string_pattern_mismatch": lambda _: "写法不对",
    "literal_error": lambda error: f"只能是 {'、'.join(_quoted(error['ctx']['expected']))}",
}


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text)


def _faults(where: str, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors():
        path = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in found["loc"])
        word = _WORDS.get(found["type"])
        yield Fault(f"{where}{path}", word(found) if word else "类型不对")
