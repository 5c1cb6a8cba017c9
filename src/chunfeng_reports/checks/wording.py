"""Wording: the texts of rules, with figures filled in as a bureau writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

NO_FIGURE = "（无数）"
LONGEST = 40

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def names_in(text: str) -> tuple[str, ...]:
    """The names in braces of a text, in order: ``"{last} 人"`` → ``("last",)``."""
    return tuple(_FIELD.findall(text))


def odd_braces(text: str) -> bool:
    """Whether a text has braces that hold anything but one name."""
    return bool(re.search(r"[{}]", _FIELD.sub("", text)))


def fill(text: str, row: Mapping[str, Any]) -> str:
    """A text with every ``{name}`` replaced by what the row holds, and nothing else evaluated."""
    return _FIELD.sub(lambda match: word(row[match[1]]), text)


def word(value: Any) -> str:
    """A value as a reviewer would write it: ``1234567.0`` → ``1,234,567``, ``2.50`` → ``2.5``.

    Text is cut at 40 characters, and its line breaks become spaces.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NO_FIGURE
    if isinstance(value, bool | str):
        return _short(str(value))
    number = round(float(value), 6)
    if number.is_integer():
        return f"{int(number):,}"
    return f"{number:,.6f}".rstrip("0")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
