"""Texts: the short message that goes with a slip, and the reminder to a unit that has not reported.

For 微信 or 短信: what is to be done stands in them; by when it is wanted is left open as 【】.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chunfeng_reports.calendar import in_words
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS, Severity
from chunfeng_reports.tables import Dossier
from chunfeng_reports.tables.dossier import FindingRow

_WEEKDAYS = "一二三四五六日"
_CORRECT = (
    "标“错误”的请在退回表内改正，标“存疑”的请核实，改正或在“退回说明”的“说明/更正”栏写明情况，"
    "于【　　】前将填好的退回表报回。"
)
_EXPLAIN = (
    "标“存疑”的请核实，改正或在“退回说明”的“说明/更正”栏写明情况，于【　　】前将填好的退回表报回。"
)
_NOTE = "均为提示，供填报时参考，无须重报。"
_REMINDED = "另有材料未报，见所附催报。"


def message(
    dossier: Dossier, region: str, findings: Sequence[FindingRow], *, reminded: bool = False
) -> str:
    """The text to a unit whose return goes back to it, about 200 characters at most.

    reminded: whether a reminder of forms that have not come goes with it.
    """
    counts = {s: sum(row.severity == s for row in findings) for s in SEVERITIES}
    told = "、".join(f"{SEVERITY_WORDS[s]}{n}处" for s, n in counts.items() if n)
    unit = dossier.desk.unit(region).short
    return (
        f"{unit}：你单位{day(dossier.due)}报送期的{dossier.desk.campaign.title}材料，"
        f"审核发现{told}，详见所附退回表。{_to_do(counts)}{_REMINDED if reminded else ''}\n"
    )


def reminder(dossier: Dossier, region: str, missing: Sequence[str]) -> str:
    """The text to a unit that has not reported: the due, and the forms that are missing."""
    unit = dossier.desk.unit(region).short
    names = "、".join(f"《{dossier.form_title(form)}》" for form in missing)
    return (
        f"{unit}：按通知要求，{dossier.desk.campaign.title}材料应于{day(dossier.due)}前报送，"
        f"目前尚未收到你单位{names}。请于【　　】前报送；确实没有开展的，也请报送并写明情况。"
        "如已报送，请告知报送渠道。\n"
    )


def day(due: str) -> str:
    """A due with its weekday: ``2023年2月1日（周三）``."""
    return f"{in_words(due)}（周{_WEEKDAYS[date.fromisoformat(due).weekday()]}）"


def _to_do(counts: Mapping[Severity, int]) -> str:
    if counts["critical"]:
        return _CORRECT
    return _EXPLAIN if counts["warning"] else _NOTE
