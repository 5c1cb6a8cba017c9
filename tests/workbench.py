"""What tests work with: the repository, the truth of its sample, and the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.facts import (
    Fact,
    Paragraph,
    Received,
    facts_frame,
    intake_frame,
    passages_frame,
)
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.rollup import roll_up
from chunfeng_reports.tables import Dossier

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "jinan"
DUES = ("2023-02-01", "2023-03-01", "2023-04-01")


def chunfeng(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """The command line, run as a user does, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "chunfeng_reports", *arguments],
        cwd=at,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def lay_workspace(root: Path) -> Path:
    """A workspace of its own with Jinan's returns, free to be changed."""
    for kit in ("notebooks", "expectations", "campaigns", "data/raw"):
        shutil.copytree(ROOT / kit, root / kit)
    shutil.copy(ROOT / "chunfeng.toml", root)
    return root


Values = Mapping[str, Mapping[str, Mapping[str, float]]]  # due → unit → item → value


def dossier_of(
    desk: Desk,
    due: str,
    values: Values,
    *,
    told: Iterable[tuple[str, str, str]] = (),
    findings: Iterable[Finding] = (),
    form: str = "P",
    received: Mapping[tuple[str, str], str] | None = None,
) -> Dossier:
    """What is known at a due if these figures and this narrative (unit, heading, text) came.

    received: unit and form → when it came.
    """
    facts = [
        Fact(when, code, form_, item.code, found, "value" if found is not None else "absent")
        for when in values
        for form_ in desk.expected_forms(when)
        for code in desk.expected_units(when, form_)
        for item in desk.expected_items(when, form_)
        for found in [values[when].get(code, {}).get(item.code)]
    ]
    told = list(told)
    came = {(u, i.split("_")[0]) for u, items in values.get(due, {}).items() for i in items}
    came |= {(region, form) for region, _, _ in told}
    passages = [
        Paragraph(due, region, form, "a.docx", "0", "正文", f"第{n}段", n, heading, text)
        for n, (region, heading, text) in enumerate(told, 1)
    ]
    frame, found = facts_frame(facts), findings_frame(findings)
    return Dossier(
        desk=desk, due=due, facts=frame, findings=found, rules={}, outcomes=pd.DataFrame(),
        intake=intake_frame(Received(due, "a", "", "0", u, f, "rows", "counts",
                                     received_at=(received or {}).get((u, f), ""))
                            for u, f in sorted(came)),
        rollup=pd.concat([roll_up(desk, when, frame, found) for when in values]),
        passages=passages_frame(passages),
    )  # fmt: skip
