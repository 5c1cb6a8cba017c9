"""Write ``rules.md``: every rule of the campaign as a reviewer reads it (``make rules``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chunfeng_reports import Workspace
from chunfeng_reports.campaign import Campaign
from chunfeng_reports.checks import Rule, load_suites
from chunfeng_reports.findings import SEVERITY_WORDS

HERE = Path(__file__).parent


def listing() -> str:
    """The list in Markdown, a table a suite."""
    return "\n".join(_lines(Workspace.find(HERE))) + "\n"


def _lines(ws: Workspace) -> Iterator[str]:
    suites = load_suites(ws.store.suites(ws.campaign.id), campaign=ws.campaign)
    yield "# 审核规则"
    yield f"<!-- Made by `make rules` from expectations/{ws.campaign.id}. Do not edit. -->"
    yield f"{ws.campaign.title}，共 {sum(len(suite.rules) for suite in suites)} 条。"
    for suite in suites:
        yield f"\n## {suite.label}（{suite.name}）"
        yield "| 规则 | 级别 | 为什么 | 依据 | 编号 |"
        yield "|---|---|---|---|---|"
        for rule in suite.rules:
            cells = (rule.label, SEVERITY_WORDS[rule.severity], rule.reason)
            yield _row(*cells, _origin(rule, ws.campaign), f"`{rule.id}`")


def _origin(rule: Rule, campaign: Campaign) -> str:
    """Where a rule comes from: a line of the notice, or how the notice is read."""
    readings = {f"reading:{reading.id}": reading for reading in campaign.readings}
    reading = readings.get(rule.origin)
    return f"对通知的理解：{reading.question}（{reading.origin}）" if reading else rule.origin


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    (HERE / "rules.md").write_bytes(listing().encode())
