"""What is wrong in a campaign's definition: every fault at once, each with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from chunfeng_reports.campaign.models import NAMED, Campaign
from chunfeng_reports.errors import Fault

_WORDS = {
    "extra_forbidden": "不认识的键",
    "missing": "缺少这一项",
    "string_type": '应为文字；代码要加引号，如 "370102"',
}


def find_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """Every fault of a definition as read from YAML: shape first, then what refers to what.

    Both kinds are looked for independently, so that a misspelt key does not hide a lost parent.
    """
    return [*_shape(raw), *_references(raw)]


def _shape(raw: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        Campaign.model_validate(raw)
    except ValidationError as error:
        for found in error.errors():
            yield Fault(_path(found["loc"]), _WORDS.get(found["type"], found["msg"]))


def _references(raw: Mapping[str, Any]) -> Iterator[Fault]:
    forms = list(_records(raw, "forms"))
    items = [
        (f"{path}.items[{i}]", item)
        for path, form in forms
        for i, item in enumerate(_dicts(form.get("items")))
    ]
    regions = list(_records(raw, "regions"))
    tiers = list(_records(raw, "tiers"))
    yield from _twice(forms, "code", "表")
    yield from _twice(items, "code", "指标")
    yield from _twice(regions, "code", "地区")
    yield from _twice(tiers, "id", "层级")
    yield from _twice(list(_records(raw, "readings")), "id", "口径")
    yield from _item_parents(forms)
    yield from _labels_twice(forms)
    yield from _region_parents(regions)
    known = {
        "form": {f.get("code") for _, f in forms},
        "item": {i.get("code") for _, i in items},
        "region": {r.get("code") for _, r in regions},
        "level": {r.get("level") for _, r in regions},
    }
    yield from _tiers(raw, tiers, known)
    for path, reading in _records(raw, "readings"):
        yield from _unknown(f"{path}.items", reading.get("items"), known["item"], "指标")
    yield from _unknown("headline", raw.get("headline"), known["item"], "指标")
    typical = raw.get("typical")
    named = list(typical) if isinstance(typical, Mapping) else []
    yield from _unknown("typical", named, known["item"], "指标")
    for path, form in forms:
        own = {item.get("code") for item in _dicts(form.get("items"))}
        yield from _unknown(f"{path}.key", form.get("key"), own, "本表指标")


def _labels_twice(forms: list[tuple[str, Mapping[str, Any]]]) -> Iterator[Fault]:
    """A wording that stands for two items of one form would tell neither."""
    for path, form in forms:
        owner: dict[str, Any] = {}
        for i, item in enumerate(_dicts(form.get("items"))):
            labels = item.get("labels")
            wordings = (item.get("label"), *(labels.values() if isinstance(labels, dict) else ()),
                        *(item.get("aliases") or ()))  # fmt: skip
            for wording in dict.fromkeys(word for word in wordings if isinstance(word, str)):
                other = owner.setdefault(wording, item.get("code"))
                if other != item.get("code"):
                    message = f"“{wording}”也是 {other} 的名称，一个名称只能指一个指标"
                    yield Fault(f"{path}.items[{i}].aliases", message)


def _item_parents(forms: list[tuple[str, Mapping[str, Any]]]) -> Iterator[Fault]:
    for path, form in forms:
        own = _dicts(form.get("items"))
        codes = {item.get("code") for item in own}
        for i, item in enumerate(own):
            code, parent = item.get("code"), item.get("parent")
            if not str(code).startswith(f"{form.get('code')}_"):
                yield Fault(f"{path}.items[{i}].code", f"{code} 应以 {form.get('code')}_ 开头")
            if parent is not None and (parent not in codes or parent == code):
                yield Fault(f"{path}.items[{i}].parent", f"本表没有上级指标 {parent}")


def _region_parents(regions: list[tuple[str, Mapping[str, Any]]]) -> Iterator[Fault]:
    parents = {r.get("code"): r.get("parent") for _, r in regions}
    for path, region in regions:
        code, parent = region.get("code"), region.get("parent")
        if parent is not None and parent not in parents:
            yield Fault(f"{path}.parent", f"地区表中没有上级 {parent}")
        elif _circular(code, parents):
            yield Fault(f"{path}.parent", f"{code} 的上级链条绕回了自己")


def _circular(code: Any, parents: Mapping[Any, Any]) -> bool:
    seen, here = {code}, parents.get(code)
    while here is not None:
        if here in seen:
            return bool(here == code)
        seen.add(here)
        here = parents.get(here)
    return False


def _tiers(
    raw: Mapping[str, Any],
    tiers: list[tuple[str, Mapping[str, Any]]],
    known: Mapping[str, set[Any]],
) -> Iterator[Fault]:
    dues = {t.get("id"): {_day(r.get("due")) for r in _dicts(t.get("rounds"))} for _, t in tiers}
    desks = Counter(body for _, tier in tiers for body in _list(tier.get("bodies")))
    for path, tier in tiers:
        yield from _unknown(f"{path}.bodies", tier.get("bodies"), known["region"], "地区")
        for i, body in enumerate(_list(tier.get("bodies"))):
            if desks[body] > 1:
                yield Fault(f"{path}.bodies[{i}]", f"{body} 同时是几个层级的汇总单位")
        yield from _unknown(f"{path}.level", [tier.get("level")], known["level"], "地区级别")
        upper = tier.get("upper")
        if upper is not None and (upper not in dues or upper == tier.get("id")):
            yield Fault(f"{path}.upper", f"没有上级层级 {upper}")
        rounds = [(f"{path}.rounds[{i}]", r) for i, r in enumerate(_dicts(tier.get("rounds")))]
        yield from _twice(rounds, "due", "报送期")
        for where, round_ in rounds:
            yield from _round(raw, where, round_, known, dues.get(upper, set()))


def _round(
    raw: Mapping[str, Any],
    path: str,
    round_: Mapping[str, Any],
    known: Mapping[str, set[Any]],
    upper_dues: set[Any],
) -> Iterator[Fault]:
    due, first, last = (
        _day(round_.get("due")),
        _day(raw.get("starts")),
        _day(raw.get("returns_until")),
    )
    if due and first and last and not first <= due <= last:
        yield Fault(f"{path}.due", f"{due} 不在活动期 {first} 至 {last} 之内")
    feeds = _day(round_.get("feeds"))
    if feeds is not None and feeds not in upper_dues:
        yield Fault(f"{path}.feeds", f"上级层级没有 {feeds} 这一报送期")
    summary = round_.get("summary")
    if isinstance(summary, Mapping):
        topics = _dicts(summary.get("topics"))
        named = [(f"{path}.summary.topics[{i}]", topic) for i, topic in enumerate(topics)]
        yield from _summary(named, known)
    forms = round_.get("forms")
    for code, expected in (forms if isinstance(forms, Mapping) else {}).items():
        yield from _unknown(f"{path}.forms.{code}", [code], known["form"], "表")
        if isinstance(expected, Mapping):
            own = {i for i in known["item"] if str(i).startswith(f"{code}_")}
            where = f"{path}.forms.{code}"
            yield from _unknown(f"{where}.items", expected.get("items"), own, "本表指标")
            yield from _unknown(
                f"{where}.not_from", expected.get("not_from"), known["region"], "地区"
            )


def _summary(
    topics: list[tuple[str, Mapping[str, Any]]], known: Mapping[str, set[Any]]
) -> Iterator[Fault]:
    """What the sentences of a summary name: items, or the day."""
    for where, topic in topics:
        form = topic.get("form")
        yield from _unknown(f"{where}.form", [form] if form else [], known["form"], "表")
        for i, sentence in enumerate(_list(topic.get("says"))):
            named = [name for name, _ in NAMED.findall(str(sentence)) if name != "due"]
            for name in named:
                if name not in known["item"]:
                    yield Fault(f"{where}.says[{i}]", f"没有这个指标：{name}")
            if set("{}") & set(NAMED.sub("", str(sentence))):
                yield Fault(f"{where}.says[{i}]", "花括号里只能是指标代码或 due")


def _twice(records: list[tuple[str, Mapping[str, Any]]], key: str, word: str) -> Iterator[Fault]:
    first: dict[Any, str] = {}
    for path, record in records:
        value = record.get(key)
        if value is not None and value in first:
            yield Fault(f"{path}.{key}", f"{word} {value} 与 {first[value]} 重复")
        first.setdefault(value, path)


def _unknown(path: str, values: Any, known: set[Any], word: str) -> Iterator[Fault]:
    for i, value in enumerate(_list(values)):
        if value not in known:
            yield Fault(f"{path}[{i}]", f"没有这个{word}：{value}")


def _records(raw: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for i, record in enumerate(_dicts(raw.get(key))):
        yield f"{key}[{i}]", record


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, Mapping)]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path
