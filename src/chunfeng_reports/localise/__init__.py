"""Where is the error: the fewest fields of a record whose change lets all rules hold, and what kind
of slip explains it. Knows linear rules and one record; nothing of forms."""

from chunfeng_reports.localise.linear import Rule
from chunfeng_reports.localise.location import Change, Location, Solution, locate
from chunfeng_reports.localise.slips import Kind, Recognition, Slip, recognise, slip

__all__ = [
    "Change",
    "Kind",
    "Location",
    "Recognition",
    "Rule",
    "Slip",
    "Solution",
    "locate",
    "recognise",
    "slip",
]
