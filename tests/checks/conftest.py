"""What the tests of the checks share: returns made up cell by cell, and the campaign's suites."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks import Suite, load_suites
from chunfeng_reports.facts import Fact, Received, facts_frame, intake_frame
from chunfeng_reports.findings import Finding, findings_frame


@dataclass
class Returns:
    """What units sent: every expected cell holds 1 unless told otherwise, a total of parts 3.

    F1_7 and F2_1 hold the number of the due, 1 to 3: a form that never changes is a copy.
    """

    desk: Desk
    facts: list[Fact] = field(default_factory=list)
    intake: list[Received] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def send(
        self,
        due: str,
        figures: Callable[[str], Mapping[str, float | None]] = lambda _: {},
        *,
        typed: Callable[[str], Mapping[str, str]] = lambda _: {},
        absent: Callable[[str], Collection[str]] = lambda _: (),
    ) -> Returns:
        """Everything due from every unit; the functions say what is special about a unit."""
        for form in self.desk.expected_forms(due):
            for unit in self.desk.expected_units(due, form):
                here = form not in absent(unit)
                if here:
                    file = f"{unit}-{form}.xlsx"
                    self.intake.append(Received(due, file, "", "", unit, form, "rows", "counts"))
                for row, item in enumerate(self.desk.expected_items(due, form), 4):
                    value = figures(unit).get(item.code, self._default(item.code, due))
                    raw = typed(unit).get(item.code, "")
                    blank = Fact(due, unit, form, item.code, None, "absent")
                    self.facts.append(_typed(blank, value, raw, row) if here else blank)
        return self

    def _default(self, item: str, due: str) -> float:
        if item in ("F1_7", "F2_1"):
            return self.desk.dues.index(due) + 1.0
        return 3.0 if item in self._parents else 1.0

    @cached_property
    def _parents(self) -> set[str | None]:
        return {item.parent for item in self.desk.campaign.item_by_code.values()}

    def doubt(self, due: str, unit: str, items: Collection[str]) -> None:
        """An open warning on some items of a unit at a due."""
        form = next(iter(items)).split("_")[0]
        self.findings.append(
            Finding(due, unit, form, tuple(items), "reading.test", "warning", "存疑")
        )

    def at(self, due: str) -> dict[str, pd.DataFrame]:
        """The frames that `check_due` takes for a due."""
        return {
            "facts": facts_frame(fact for fact in self.facts if fact.due <= due),
            "intake": intake_frame(row for row in self.intake if row.due <= due),
            "earlier": findings_frame(f for f in self.findings if f.due < due),
        }


def _typed(fact: Fact, value: float | None, raw: str, row: int) -> Fact:
    """The fact with what stands in its cell: text that is no number, nothing, or a value."""
    return fact._replace(
        value=None if raw or value is None else float(value),
        state="unreadable" if raw else "blank" if value is None else "value",
        raw=raw or ("" if value is None else str(value)),
        file=f"{fact.region}-{fact.form}.xlsx",
        sheet=fact.form,
        cell=f"B{row}",
    )


@pytest.fixture
def returns(jinan: Desk) -> Returns:
    return Returns(jinan)


@pytest.fixture(scope="session")
def suites_folder(repository: Path) -> Path:
    return repository / "expectations" / "2023-chunfeng"


@pytest.fixture(scope="session")
def suites(suites_folder: Path, campaign: Campaign) -> tuple[Suite, ...]:
    return load_suites(suites_folder, campaign=campaign)


@pytest.fixture(scope="session")
def make_returns() -> Callable[[Desk], Returns]:
    return Returns
