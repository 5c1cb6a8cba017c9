"""Reading: files as received → intake, facts and findings.

A file goes container → grids and paragraphs → recognised forms → returns of units → versions →
facts, in a process of its own with limits. This room owns the readers of spreadsheets and Word
files.
"""

from chunfeng_reports.reading.collect import Collected, collect_due, collect_dues
from chunfeng_reports.reading.explain import Explanation, explain, in_words

__all__ = ["Collected", "Explanation", "collect_due", "collect_dues", "explain", "in_words"]
