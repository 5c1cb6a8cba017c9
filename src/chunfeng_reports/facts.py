"""Facts: one item of one unit at one due, with the cell that it came from.

Also the intake, the ledger of every file received, and the narrative of the summaries. They are
what the reading room hands on; their tables are a contract with everything behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

State = Literal["value", "blank", "absent", "unreadable"]
Fate = Literal["counts", "superseded", "refuse", "ignore"]


class Fact(NamedTuple):
    """One item of one unit at one due.

    value is set only where state is ``value``. ``blank``: the form came, the cell was empty or a
    dash; ``absent``: the form did not come; ``unreadable``: text that is no number. raw: what was
    typed, for a formula the formula itself. (A named tuple: they come by the hundred thousand.)
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
    (``rows``, ``columns``, ``prose``, else empty); reason: Chinese, why this fate; received_at:
    when it came by ``received.csv``, Chinese time (``2023-02-01 16:30``), empty where not told.
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
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a written summary that counts, without what leads to persons.

    sheet: ``正文``; cell: ``第3段``; order: from 1 within the summary; heading: the section it
    stands under, empty before the first.
    """

    due: str
    region: str
    form: str
    file: str
    sha256: str
    sheet: str
    cell: str
    order: int
    heading: str
    text: str


FACT_COLUMNS = Fact._fields
INTAKE_COLUMNS = tuple(Received.__dataclass_fields__)
PASSAGE_COLUMNS = tuple(Paragraph.__dataclass_fields__)


def facts_frame(facts: Iterable[Fact]) -> pd.DataFrame:
    """A table of facts, a row each; columns as :class:`Fact`, value float64 (NaN: no value)."""
    frame = _frame(facts, FACT_COLUMNS)
    frame["value"] = frame["value"].astype("float64")
    return _as_text(frame, except_for="value")


def intake_frame(rows: Iterable[Received]) -> pd.DataFrame:
    """A table of the intake, a row a file × member × region × form; columns as `Received`."""
    return _as_text(_frame(rows, INTAKE_COLUMNS))


def passages_frame(rows: Iterable[Paragraph]) -> pd.DataFrame:
    """A table of narrative, a row a paragraph; columns as `Paragraph`, order int64."""
    frame = _frame(rows, PASSAGE_COLUMNS)
    frame["order"] = frame["order"].astype("int64")
    return _as_text(frame, except_for="order")


def _frame(
    records: Iterable[Fact] | Iterable[Received] | Iterable[Paragraph], columns: tuple[str, ...]
) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  (processes that only read files need the records alone)

    return pd.DataFrame(map(attrgetter(*columns), records), columns=list(columns))


def _as_text(frame: pd.DataFrame, *, except_for: str = "") -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if name != except_for})
