"""Names: titles of worksheets that Excel accepts, each different from the others."""

from __future__ import annotations

import re

from chunfeng_reports.renderers.wording import legal

LONGEST = 31  # in UTF-16 units, as Excel counts


class SheetNames:
    """Names given out so far in one workbook."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # Excel keeps this one to itself

    def take(self, wanted: str) -> str:
        """A legal, unused name like the one wanted: ``a/b`` → ``a_b``, second ``表`` → ``表 2``."""
        base = re.sub(r"[\[\]:*?/\\\n\t]", "_", legal(wanted)).strip(" '") or "表"
        name, n = _cut(base, LONGEST), 1
        while name.casefold() in self._taken:
            n += 1
            ending = f" {n}"
            name = _cut(base, LONGEST - len(ending)) + ending
        self._taken.add(name.casefold())
        return name


def quoted(name: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"


def _cut(text: str, longest: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > longest:
        text = text[:-1]
    return text.rstrip(" '")
