"""Planting: the errors that people make when they fill in a form, made on purpose.

Each kind takes a form's figures in printed order and a place in it, and gives the figures as they
would be typed by mistake; None where the mistake would change nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

Figures = tuple[float | None, ...]
Plant = Callable[[Figures, int], Figures | None]


@dataclass(frozen=True)
class Kind:
    """One kind of error.

    label: Chinese, for a table; whole: it spoils the form, not a cell; beside: it is made where
    figures stand beside each other, so not in a document's sentences.
    """

    id: str
    label: str
    plant: Plant
    whole: bool = False
    beside: bool = False


def _cell(change: Callable[[float], float | None]) -> Plant:
    """An error in one cell; cells that hold nothing, or 0, have none."""

    def plant(figures: Figures, at: int) -> Figures | None:
        value = figures[at]
        wrong = change(value) if value else None
        if wrong is None or wrong == value:
            return None
        return (*figures[:at], wrong, *figures[at + 1 :])

    return plant


def _tenth(value: float) -> float | None:
    """The last digit lost; a figure of one digit has none to lose."""
    return float(value // 10) if value >= 10 else None


def _transposed(value: float) -> float | None:
    """The first two digits that differ and stand side by side, exchanged."""
    digits = f"{value:.0f}"
    for n, (one, other) in enumerate(pairwise(digits)):
        if one != other:
            return float(digits[:n] + other + one + digits[n + 2 :])
    return None


def _off(value: float) -> float:
    """The last digit mistyped: another one, by as much as the figure happens to say."""
    return value + 1 + value % 7


def _swapped(figures: Figures, at: int) -> Figures | None:
    """The figure and the one in the next row exchanged."""
    if at + 1 >= len(figures) or figures[at] == figures[at + 1] or None in figures[at : at + 2]:
        return None
    return (*figures[:at], figures[at + 1], figures[at], *figures[at + 2 :])


def _shifted(figures: Figures, _: int) -> Figures | None:
    """All figures one row down; the first row keeps its own, so that no blank gives it away."""
    shifted = (figures[0], *figures[:-1])
    return None if shifted == figures else shifted


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("x10", "×10", _cell(lambda value: value * 10)),
        Kind("x100", "×100", _cell(lambda value: value * 100)),
        Kind("tenth", "÷10", _cell(_tenth)),
        Kind("sign", "负号", _cell(lambda value: -value)),
        Kind("swapped", "与下一行对调", _swapped, beside=True),
        Kind("transposed", "相邻数字颠倒", _cell(_transposed)),
        Kind("off", "一项多记", _cell(_off)),
        Kind("shifted", "整列下移一行", _shifted, whole=True, beside=True),
        Kind("stale", "照抄上期", lambda _figures, _at: None, whole=True),
    )
}
"""By id. ``stale`` (the form as it was at the last due) needs that form: see `coverage`."""
