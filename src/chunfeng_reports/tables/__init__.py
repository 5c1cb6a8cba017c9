"""Tables: what is known at one due → sections of a report. Pure; notebooks are made of these.

``unit`` for one unit's report, ``body`` and ``changes`` for the roll-up, ``decisions`` (what to see
to) and ``course`` (the dues so far) for both, ``summary`` for the body's own summary, ``quality``
for what came in and what was found, ``front`` for the index over all dues, ``history`` for a unit
over them, ``analysis`` for pandas tables both ways: what is known as one, one as a report's table.
"""

from chunfeng_reports.tables import (
    analysis,
    body,
    changes,
    course,
    decisions,
    front,
    history,
    quality,
    summary,
    unit,
)
from chunfeng_reports.tables.dossier import OF_UNITS, OVER_TIME, Dossier, withheld
from chunfeng_reports.tables.standings import standings_frame

__all__ = [
    "OF_UNITS",
    "OVER_TIME",
    "Dossier",
    "analysis",
    "body",
    "changes",
    "course",
    "decisions",
    "front",
    "history",
    "quality",
    "standings_frame",
    "summary",
    "unit",
    "withheld",
]
