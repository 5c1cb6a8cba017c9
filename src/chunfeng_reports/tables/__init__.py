"""Tables: what is known at one due → sections of a report. Pure; notebooks are made of these.

``unit`` for one unit's report, ``body`` and ``changes`` for the roll-up, ``summary`` for the body's
own summary, ``quality`` for what came in and what was found, ``front`` for the index over all dues.
"""

from chunfeng_reports.tables import body, changes, front, quality, summary, unit
from chunfeng_reports.tables.dossier import Dossier

__all__ = ["Dossier", "body", "changes", "front", "quality", "summary", "unit"]
