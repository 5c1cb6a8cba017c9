"""Where is the error: the fewest fields of a record whose change lets all rules hold. Knows linear
rules and one record; nothing of forms."""

from chunfeng_reports.localise.linear import Rule
from chunfeng_reports.localise.location import Change, Location, Solution, locate

__all__ = ["Change", "Location", "Rule", "Solution", "locate"]
