"""Execution: notebooks run by papermill, several at once in processes of their own.

``notebooks.execute`` is imported from its module: papermill and nbformat cost seconds to load, and
only a process that runs a notebook needs them.
"""

from chunfeng_reports.execution.pool import map_unordered
from chunfeng_reports.execution.purpose import Purpose, purpose

__all__ = ["Purpose", "map_unordered", "purpose"]
