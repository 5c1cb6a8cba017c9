"""Word: a report as a written document in the format of official documents (GB/T 9704-2012).

The only room that writes docx. What is drawn is a draft without head and seal, for an office to
finish.
"""

from chunfeng_reports.renderers.word.documents import document, is_written

__all__ = ["document", "is_written"]
