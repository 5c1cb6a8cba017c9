"""Excel: reports and blank forms as workbooks; the only room that writes xlsx."""

from chunfeng_reports.renderers.excel.books import forms_workbook, workbook

__all__ = ["forms_workbook", "workbook"]
