"""Execution: notebooks run by papermill, several at once in processes of their own."""

from chunfeng_reports.execution.notebooks import Executed, NotebookError, Purpose, execute, purpose
from chunfeng_reports.execution.pool import map_unordered

__all__ = ["Executed", "NotebookError", "Purpose", "execute", "map_unordered", "purpose"]
