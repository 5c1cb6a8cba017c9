"""Explanations: what a unit says of a doubt, and who approved it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """A unit's words on one finding, as they came.

    finding: the finding's id; value: the figure explained, as it was then; words: the explanation
    as typed; approved_by: an office, not a person, or empty; file, sheet, cell: where the words
    stand (``explanations.csv`` and its row, or a return slip that came back).
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
