"""Facts: one item of one unit at one due, with the cell that it came from.

Also the intake, the ledger of every file received. Both are what the reading room hands on; their
tables are a contract with everything behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

State = Literal["value", "blank", "absent", "unreadable"]
Fate = Literal["counts", "superseded", "refuse", "ignore"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One item of one unit at one due.

    value is set only where state is ``value``. ``blank``: the form came, the cell was empty or a
    dash; ``absent``: the form did not come; ``unreadable``: text that is no number. raw: what was
    typed, for a formula the formula itself.
    """

    due: str
    region: str
    form: str
    item: str
    value: float | None
    state: State
    raw: str = ""
    file: str = ""
    sha256: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """One row of the intake: a file (× member × region × form) and its fate.

    file: below ``data/raw/<due>``, ``/`` separated; member: a path in an archive or a sheet, else
    empty; region and form: codes, empty where unknown; layout: how the figures were laid out
    (``rows``, ``columns``, ``prose``, else empty); reason: Chinese, why this fate.
    """

    due: str
    file: str
    member: str
    sha256: str
    region: str
    form: str
    layout: str
    fate: Fate
    reason: str = ""


FACT_COLUMNS = tuple(Fact.__dataclass_fields__)
INTAKE_COLUMNS = tuple(Received.__dataclass_fields__)


def facts_frame(facts: Iterable[Fact]) -> pd.DataFrame:
    """A table of facts, a row each; columns as :class:`Fact`, value float64 (NaN: no value)."""
    frame = pd.DataFrame([asdict(fact) for fact in facts], columns=list(FACT_COLUMNS))
    frame["value"] = frame["value"].astype("float64")
    return _as_text(frame, except_for="value")


def intake_frame(rows: Iterable[Received]) -> pd.DataFrame:
    """A table of the intake, a row a file × member × region × form; columns as `Received`."""
    frame = pd.DataFrame([asdict(row) for row in rows], columns=list(INTAKE_COLUMNS))
    return _as_text(frame)


def _as_text(frame: pd.DataFrame, *, except_for: str = "") -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if name != except_for})
