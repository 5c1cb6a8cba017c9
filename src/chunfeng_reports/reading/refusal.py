"""Refusal: why a file cannot be read as a return, said so that the unit knows what to send."""

from __future__ import annotations

#: What is said of any file that its own kind's reader gives up on.
DAMAGED = "文件已损坏、打不开，请重新保存后报送"


class Refusal(Exception):  # noqa: N818 - it is the file's fate, not an error of the program
    """A file (or a part of it) is not read; the text is its reason in the intake (Chinese)."""
