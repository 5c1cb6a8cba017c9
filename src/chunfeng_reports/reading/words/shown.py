"""Shown: what somebody else wrote — a file's name, a sheet's — as a message may show it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LONGEST = 160


@lru_cache(maxsize=4096)
def shown(text: str) -> str:
    """A name as it is safe to read: characters that cannot be seen as ``<U+202E>``, cut if endless.

    A line break, a control character or a mark that turns the direction of writing would make a
    message say something else than it does.
    """
    legible = text if text.isprintable() else "".join(map(_legible, text))
    if len(legible) <= _LONGEST:
        return legible
    return f"{legible[: _LONGEST // 2]}…{legible[-_LONGEST // 2 :]}"


def _legible(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return f"<U+{ord(character):04X}>"
