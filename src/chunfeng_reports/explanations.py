"""Explanations: what a unit says of a doubt, who approved it, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["explained", "waived", "lapsed", "claimed", "refused"]

OUTCOME_WORDS: dict[str, str] = {
    "explained": "已说明", "waived": "已核准", "lapsed": "说明失效", "claimed": "待确认",
    "refused": "未采用",
}  # fmt: skip

#: The desk's own register, in a due's folder.
REGISTER = "explanations.csv"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A unit's words on one finding, as they came.

    finding: the finding's id; value: the figure explained, as it was then; words: the explanation
    as typed; approved_by: an office, not a person, or empty; file, sheet, cell: where the words
    stand (``explanations.csv`` and its row, or a return slip that came back: there the unit itself
    names the office); known, which no table keeps: how many of the unit's files had come when that
    slip was made.
    """

    due: str
    region: str
    finding: str
    value: str
    words: str
    approved_by: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    known: int = 0

    @property
    def registered(self) -> bool:
        """Whether the desk wrote it down itself."""
        return self.file == REGISTER and not self.sheet


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an explanation; reason: why, in Chinese, as it follows the words."""

    explanation: Explanation
    outcome: Outcome
    reason: str


EXPLANATION_COLUMNS = (
    *(name for name in Explanation.__dataclass_fields__ if name != "known"),
    "outcome",
    "reason",
)


def explanations_frame(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """A table of explanations and what came of them, in the order given; all columns are text."""
    import pandas as pd  # noqa: PLC0415  (processes that only read files need no tables)

    rows = [
        [*(getattr(one.explanation, name) for name in EXPLANATION_COLUMNS[:-2]),
         one.outcome, one.reason] for one in verdicts
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EXPLANATION_COLUMNS)).astype("str")
