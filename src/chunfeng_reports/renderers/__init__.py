"""Renderers: one :class:`~chunfeng_reports.report.Report` → one format.

``html`` (fragments and whole pages), ``excel`` (workbooks and blank forms), ``word``
(documents), ``site`` (the first page), ``display`` (how reports look in a notebook).
No renderer knows a folder or a clock.
"""
