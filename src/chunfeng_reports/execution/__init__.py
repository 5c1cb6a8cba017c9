"""Execution: notebooks run by papermill, several at once in processes of their own, here or on
other machines.

``notebooks.execute`` is imported from its module: papermill and nbformat cost seconds to load, and
only a process that runs a notebook needs them.
"""

import sys

from chunfeng_reports.execution.cluster import check_scheduler, map_on_cluster
from chunfeng_reports.execution.pool import map_unordered
from chunfeng_reports.execution.purpose import Purpose, purpose

# nbformat's schema checker would compile a grammar of web addresses for three seconds in every
# process, where that optional package is installed; notebooks need none of it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = ["Purpose", "check_scheduler", "map_on_cluster", "map_unordered", "purpose"]
