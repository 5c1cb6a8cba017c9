"""Reading: files as received → intake, facts and findings.

A file goes container → grids and paragraphs → recognised forms → returns of units → versions →
facts, in a process of its own with limits. This room owns the readers of spreadsheets and Word
files.
"""

from chunfeng_reports.reading.collect import Collected, collect_due, collect_dues
from chunfeng_reports.reading.copying import Wanted, copies_of, files_now
from chunfeng_reports.reading.explain import Explanation, explain, in_words

__all__ = [
    "Collected",
    "Explanation",
    "Wanted",
    "collect_due",
    "collect_dues",
    "copies_of",
    "explain",
    "files_now",
    "in_words",
]
