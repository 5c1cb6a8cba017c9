"""Standings: how a unit stands among the others in each item — its place, and its share.

All that a unit's report tells of other units. A share is rounded to what a page shows of it: else
every figure that any unit corrects would make the reports of all others out of date.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

#: Decimals of a share: a tenth of a percent, as pages show it.
_SHOWN = 3


class Standing(NamedTuple):
    """How a unit stands in an item: its place (0: none) among so many, its share (NaN: none)."""

    region: str
    item: str
    place: int
    among: int
    share: float


def standings(
    given: Iterable[tuple[str, str, float]],
    doubted: Container[tuple[str, str]],
    totals: Mapping[str, float],
) -> Iterator[Standing]:
    """The standings of all units in all items in which they gave a figure.

    given: region, item, value; doubted: (region, item) of figures in doubt, which have no place;
    totals: what shares are reckoned of, by item; none where an item has no share.
    Place 1 is the largest; equal figures share a place.
    """
    of_item: dict[str, list[tuple[str, float]]] = {}
    for region, item, value in given:
        of_item.setdefault(item, []).append((region, value))
    for item, known in of_item.items():
        firm = sorted(value for region, value in known if (region, item) not in doubted)
        for region, value in known:
            smaller = bisect_right(firm, value)
            place = 0 if (region, item) in doubted else 1 + len(firm) - smaller
            share = round(value / totals[item], _SHOWN) if item in totals else math.nan
            yield Standing(region, item, place, len(firm), share)


def standings_frame(known: Iterable[Standing]) -> pd.DataFrame:
    """Standings as a table; columns as the fields of :class:`Standing`."""
    frame = pd.DataFrame(known, columns=list(Standing._fields))
    return frame.astype({"region": "str", "item": "str", "place": "int64", "among": "int64",
                         "share": "float64"})  # fmt: skip
