"""Peers: what the other units' figures say of a unit's own, where no rule of the form can tell.

Two questions that a reviewer asks looking down a column: is this figure of another order than the
unit's size lets expect, and did the whole form grow far less than everywhere else?
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

UNITS = 5
"""Fewer units than this are no measure."""

ITEMS = 4
"""Fewer comparable figures on a form than this say nothing about the form."""

FLOOR = 10.0
"""Growth from fewer than this is chance."""


def guesses(cells: pd.DataFrame) -> pd.Series[float]:
    """What each cell might be expected to hold, from the unit's size and the item's.

    For every form the logarithms of the figures are split into a part of the unit and a part of the
    item by medians (Tukey's median polish), so that a wild figure does not move its own guess.
    cells: region, form, item, value. NaN where a form has too few units or items to tell.
    """
    guessed = pd.Series(np.nan, index=cells.index)
    positive = cells[cells["value"] > 0]
    for _, form in positive.groupby("form"):
        wide = form.pivot(index="region", columns="item", values="value").transform(np.log)
        wide = wide.loc[wide.count(axis=1) >= ITEMS, wide.count(axis=0) >= UNITS]
        if wide.shape[0] >= UNITS and wide.shape[1] >= ITEMS:
            fitted = pd.Series((wide - _polished(wide)).transform(np.exp).stack(), name="guess")
            joined = form[["region", "item"]].join(fitted, on=["region", "item"])
            guessed[form.index] = joined["guess"]
    return guessed


def _polished(wide: pd.DataFrame) -> pd.DataFrame:
    """What is left of a table when medians of columns and rows are taken out, twice."""
    for _ in range(2):
        wide = wide.sub(wide.median(axis=0), axis="columns")
        wide = wide.sub(wide.median(axis=1), axis="index")
    return wide


def paces(cells: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """How fast each unit's forms grew against the others': 1 as the median unit, 0.5 half of it.

    Growth is the median over a form's carrying items of value ÷ earlier value, both undoubted so
    far and since the same due for all units; of several dues the latest that tells counts.
    cells: region, form, item, value, carries; history: due, region, form, item, value, doubted.
    Returns region, form, pace (rounded to hundredths).
    """
    found = pd.concat([_NO_PACE, *_paces(cells, history)])
    return found.drop_duplicates(["region", "form"], keep="last")


_NO_PACE = pd.DataFrame({"region": [], "form": [], "pace": []}).astype(
    {"region": "str", "form": "str", "pace": "float64"}
)


def _paces(cells: pd.DataFrame, history: pd.DataFrame) -> Iterator[pd.DataFrame]:
    now = cells.loc[cells["carries"] & cells["value"].notna(), ["region", "form", "item", "value"]]
    then = history[~history["doubted"] & (history["value"] >= FLOOR)]
    for _, before in then.groupby("due"):
        both = now.merge(before[["region", "item", "value"]], on=["region", "item"])
        both["growth"] = both["value_x"] / both["value_y"]
        by_form = both.groupby(["region", "form"])["growth"]
        growth = by_form.median()[by_form.size() >= ITEMS].reset_index()
        peers = growth.groupby("form")["growth"]
        growth["pace"] = (growth["growth"] / peers.transform("median")).round(2)
        yield growth.loc[peers.transform("size") >= UNITS, ["region", "form", "pace"]]
