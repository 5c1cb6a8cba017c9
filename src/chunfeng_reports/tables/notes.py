"""Notes: the footnotes that the register of readings demands under what it touches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from chunfeng_reports.report import Section, Text
from chunfeng_reports.tables.dossier import Dossier


def footnotes(
    dossier: Dossier, place: Literal["unit", "rollup", "quality"], items: Iterable[str]
) -> Section:
    """The footnotes of every reading that is shown here and touches one of these items."""
    shown = set(items)
    notes = tuple(
        reading.footnote
        for reading in dossier.desk.campaign.readings
        if reading.footnote
        and place in reading.shown_on
        and (not reading.items or shown & set(reading.items))
    )
    numbered = tuple(f"{n}. {note}" for n, note in enumerate(notes, start=1))
    return Section(
        id="notes",
        title="口径说明",
        blocks=(Text(paragraphs=numbered or ("本页没有需要说明的口径。",), tone="note"),),
    )
