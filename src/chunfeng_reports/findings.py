"""Findings: one doubt about facts, what to do about it, and the cells concerned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["critical", "warning", "info"]
Standing = Literal["open", "explained", "lapsed", "waived"]

SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
SEVERITY_WORDS: dict[str, str] = {"critical": "错误", "warning": "存疑", "info": "提示"}
STANDING_WORDS: dict[str, str] = {
    "open": "待处理", "explained": "已说明", "lapsed": "说明失效", "waived": "已核准",
}  # fmt: skip
#: States in which the doubt still stands: nobody explained it, or the figure explained is gone.
UNSETTLED: tuple[Standing, ...] = ("open", "lapsed")


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about facts.

    form: the form's code (for a file that could not be tied to one, empty); items: codes concerned
    (none: the whole form); rule: id of the rule in ``expectations/``, or ``reading.…`` for a doubt
    met while reading; message: Chinese, says what is wrong and what to do; value, expected: as a
    reviewer would write them; about: tells two findings of one rule on the same items apart.
    """

    due: str
    region: str
    form: str
    items: tuple[str, ...]
    rule: str
    severity: Severity
    message: str
    value: str = ""
    expected: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    state: Standing = "open"
    about: str = ""

    @property
    def id(self) -> str:
        """The same doubt's name from run to run: it hangs on what is doubted, not on figures."""
        key = "|".join((self.due, self.region, self.form, *self.items, self.rule, self.about))
        return hashlib.blake2s(key.encode(), digest_size=6).hexdigest()


SETTLED: tuple[Standing, ...] = ("explained", "waived")
"""States of findings on which nothing is left to do."""

FINDING_COLUMNS = (
    "id", "due", "region", "form", "items", "rule", "severity", "message",
    "value", "expected", "file", "sheet", "cell", "state",
)  # fmt: skip


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """A table of findings, worst first; items are joined by commas; all columns are text."""
    import pandas as pd  # noqa: PLC0415  (processes that only read files need no tables)

    ranked = sorted(
        findings, key=lambda f: (SEVERITIES.index(f.severity), f.region, f.form, f.items, f.id)
    )
    rows = [
        {c: getattr(f, c) for c in FINDING_COLUMNS} | {"items": ",".join(f.items)} for f in ranked
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS)).astype("str")


@dataclass(frozen=True)
class Changes:
    """What became of findings from one run to the next, told by their ids.

    gone: rows of the earlier table that no longer stand; new: rows of the later one that did not
    stand before. A finding stands until it is settled (`SETTLED`).
    """

    gone: pd.DataFrame
    new: pd.DataFrame

    @classmethod
    def between(cls, before: pd.DataFrame, now: pd.DataFrame) -> Changes:
        """The changes between two tables of findings."""
        then, today = (rows[~rows["state"].isin(SETTLED)] for rows in (before, now))
        gone, new = then[~then["id"].isin(today["id"])], today[~today["id"].isin(then["id"])]
        return cls(gone.reset_index(drop=True), new.reset_index(drop=True))

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(len(self.gone) or len(self.new))
