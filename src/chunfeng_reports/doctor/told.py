"""Told: coverage as a table for a terminal, as Markdown, and as plain data for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chunfeng_reports.campaign import Desk
from chunfeng_reports.doctor.coverage import (
    BOUND_TARGETS,
    NEEDLESS,
    TARGETS,
    Coverage,
    targeted,
)
from chunfeng_reports.doctor.planting import KINDS


def as_data(found: Coverage) -> dict[str, Any]:
    """Everything counted: shares by item and kind, first dues apart, and needless doubts."""
    rows = [
        {
            "form": form, "item": item, "kind": kind, "first_due": not earlier,
            "planted": count, "caught": found.caught[form, item, kind, earlier],
        }
        for (form, item, kind, earlier), count in sorted(found.planted.items())
    ]  # fmt: skip
    bound = {
        kind: {"planted": planted, "caught": caught}
        for kind in BOUND_TARGETS
        for caught, planted in [bound_share(found, kind)]
    }
    return {
        "shares": rows,
        "bound_by_an_identity": bound,
        "clean_forms": sum(found.forms.values()),
        "needless_doubts": sum(found.doubted.values()),
        "doubting_rules": dict(sorted(found.doubting.items())),
    }


def bound_share(found: Coverage, kind: str) -> tuple[int, int]:
    """Caught and planted, of one kind, where an identity of the rules binds the item."""
    both = dict.fromkeys((True, False), 0)
    for (_, of_kind, caught), count in found.bound.items():
        both[caught] += count if of_kind == kind else 0
    return both[True], both[True] + both[False]


def markdown(found: Coverage, desk: Desk) -> Iterator[str]:
    """Lines of Markdown: what is aimed at and what came of it, a table a form, what nothing
    notices, and needless doubts.
    """
    yield "## 目标与结果"
    yield ""
    yield from _aims(found, desk)
    yield ""
    for code in dict.fromkeys(form for form, *_ in sorted(found.planted)):
        yield f"## {code} {desk.campaign.form_by_code[code].short}"
        yield ""
        yield from _table(found, code, desk)
        yield ""
    yield "## 没有规则能发现的"
    yield ""
    yield from _unnoticed(found, desk)
    if found.forms:
        forms, doubted = sum(found.forms.values()), sum(found.doubted.values())
        yield ""
        yield "## 无误的表被提示的"
        yield ""
        share = f"{doubted / forms:.2%}；上限 {NEEDLESS:.2%}"
        yield f"无误的表 {forms} 张，被存疑或判错的 {doubted} 张（{share}）。"
        for rule, count in sorted(found.doubting.items()):
            yield f"- `{rule}`：{count} 次"


def _aims(found: Coverage, desk: Desk) -> Iterator[str]:
    """A row a kind of error: the target, and each form's share held against it."""
    forms = [desk.campaign.form_by_code[code] for code in targeted(desk)]
    yield "| 错误 | 目标 | " + " | ".join(f"{form.code} {form.short}" for form in forms) + " |"
    yield "|---|---|" + "--:|" * len(forms)
    for kind, least in TARGETS.items():
        shares = (_held(*found.share(form=form.code, kind=kind), least) for form in forms)
        yield f"| {KINDS[kind].label} | 至少 {least:.0%} | " + " | ".join(shares) + " |"
    yield ""
    yield "只有恒等式（几项之和等于总数）才能发现的错误，在有恒等式约束的指标上："
    yield ""
    for kind, least in BOUND_TARGETS.items():
        said = _held(*bound_share(found, kind), least)
        yield f"- {KINDS[kind].label}：{said}；目标至少 {least:.0%}"
    if found.forms:
        doubted, forms_ = sum(found.doubted.values()), sum(found.forms.values())
        word = "" if doubted <= NEEDLESS * forms_ else "，**未达到**"
        yield ""
        yield f"无误的表被提示：{doubted}/{forms_} 张{word}；目标至多 {NEEDLESS:.2%}。"


def _held(caught: int, planted: int, least: float) -> str:
    """A share with its counts, and whether it falls short of a target."""
    if not planted:
        return "—"
    short = "" if caught >= least * planted else "，**未达到**"
    return f"{_share(caught, planted)}（{caught}/{planted}）{short}"


def _table(found: Coverage, form: str, desk: Desk) -> Iterator[str]:
    kinds = [kind for kind in KINDS.values() if not kind.whole]
    yield "| 指标 | " + " | ".join(kind.label for kind in kinds) + " |"
    yield "|---|" + "--:|" * len(kinds)
    for item in desk.campaign.form_by_code[form].items:
        shares = (_share(*found.share(item=item.code, kind=kind.id)) for kind in kinds)
        yield f"| {item.code} {item.short} | " + " | ".join(shares) + " |"
    for words, first in (("**合计**", None), ("其中首期", True), ("其中以后各期", False)):
        shares = (_share(*found.share(form=form, kind=kind.id, first=first)) for kind in kinds)
        yield f"| {words} | " + " | ".join(shares) + " |"
    yield ""
    for kind in KINDS.values():
        if kind.whole:
            caught, planted = found.share(form=form, kind=kind.id)
            if planted:
                yield f"- {kind.label}：{_share(caught, planted)}（{caught}/{planted} 张）"


def _unnoticed(found: Coverage, desk: Desk) -> Iterator[str]:
    """Items and kinds of which fewer than half are caught."""
    for kind in KINDS.values():
        poor = []
        for item in desk.campaign.item_by_code.values():
            caught, planted = found.share(item=item.code, kind=kind.id)
            if planted and caught * 2 < planted:
                poor.append(f"{item.code}（{_share(caught, planted)}）")
        if poor:
            yield f"- {kind.label}：{'、'.join(poor)}"


def _share(caught: int, planted: int) -> str:
    return f"{caught / planted:.0%}" if planted else "—"
