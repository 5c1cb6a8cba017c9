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
    """A text with every ``{name}`` replaced by what the row holds, and nothing else evaluated.

    Names that end in ``due`` hold dues and are written as days.
    """
    return _FIELD.sub(lambda match: _filled(match[1], row[match[1]]), text)


def _filled(name: str, value: Any) -> str:
    return _day(str(value)) if name.endswith("due") else word(value)


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


def _day(due: str) -> str:
    """A due as it stands in a sentence: ``2023-03-01`` → ``3月1日``."""
    _, month, day = due.split("-") if due.count("-") == 2 else ("", "", "")
    return f"{int(month)}月{int(day)}日" if month else NO_FIGURE


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
