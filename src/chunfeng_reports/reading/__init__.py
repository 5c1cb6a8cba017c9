"""Reading: files as received → intake, facts and findings.

A file goes container → grids and paragraphs → recognised forms → returns of units → versions →
facts. This room owns the readers of spreadsheets and Word files.
"""

from chunfeng_reports.reading.collect import Collected, collect_due

__all__ = ["Collected", "collect_due"]
