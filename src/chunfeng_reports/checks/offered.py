"""The tables offered to suites: what a rule may speak of, one row at a time.

``cells``   a row for every unit × item expected at the due
``units``   a row for every unit, a column for every item of every form: relations between items
``totals``  a row for every region node × item: the roll-up, and what it is held against
``rollup``  a row for every region node, a column for every item: relations between totals
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from chunfeng_reports.campaign import Campaign, Desk
from chunfeng_reports.checks.peers import exchanges, guesses, paces, trends
from chunfeng_reports.findings import UNSETTLED

TableName = Literal["cells", "units", "totals", "rollup"]

KEYS = {
    "cells": ("region", "item"),
    "units": ("region",),
    "totals": ("region", "item"),
    "rollup": ("region",),
}

CELL_COLUMNS = (
    "due", "region", "form", "layout", "item", "label", "unit", "decimals", "carries", "received",
    "value", "state", "raw", "last", "last_due", "last_doubted", "times", "firm", "firm_due",
    "guess", "off", "score", "trend", "trend_score", "basis",
    "swap", "beside", "beside_value",
    "below", "below_due", "apart", "peers",
)  # fmt: skip
TOTAL_COLUMNS = (
    "due", "region", "form", "item", "label", "unit", "decimals", "carries",
    "value", "added", "same", "last", "units_expected", "units_counted",
)  # fmt: skip

_ROLLUP_PARTS = {
    "": "value", "__added": "added", "__same": "same", "__last": "last",
    "__counted": "units_counted",
}  # fmt: skip

FIGURES = 4
"""Fewer figures than this, on a form that repeats the last one, say nothing."""

UNIT_WORDS = (
    "received", "title", "pace", "pace_score", "same", "differ", "same_due",
)  # fmt: skip
BELOW_COLUMNS = ("region", "item", "below", "below_due")

# Columns of truth values: what a rule may be softened by.
TRUTHS = ("carries", "last_doubted")


def columns_of(campaign: Campaign, table: TableName) -> tuple[str, ...]:
    """Every column that a table may have at some due of a campaign."""
    items = tuple(campaign.item_by_code)
    if table == "cells":
        return CELL_COLUMNS
    if table == "totals":
        return TOTAL_COLUMNS
    if table == "units":
        told = [f"{form.code}_{word}" for form in campaign.forms for word in UNIT_WORDS]
        return ("region", *items, *told)
    return ("region", *(f"{item}{part}" for item in items for part in _ROLLUP_PARTS))


def history(desk: Desk, due: str, *, facts: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Every value asked for at the dues before one, earliest first.

    Columns due, region, form, item, value, doubted (a critical or warning finding named the cell,
    or a critical one was about its form as a whole, and it is neither explained nor waived).
    """
    known = facts.loc[facts["state"] == "value", ["due", "region", "item", "value"]]
    asked = [_expected(desk, before) for before in desk.earlier(due)]
    past = pd.concat([_expected_frame([]), *asked], ignore_index=True).merge(known)
    past["doubted"] = pd.Series(_doubted(past, earlier), index=past.index, dtype="bool")
    return past


def cells_table(
    desk: Desk,
    due: str,
    *,
    facts: pd.DataFrame,
    intake: pd.DataFrame,
    past: pd.DataFrame,
    below: pd.DataFrame | None = None,
    peers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """What is known of every cell expected at a due; columns `CELL_COLUMNS`.

    last, last_due: the value at the latest earlier due that holds one, and that due, for items that
    carry (else NaN and empty); last_doubted: whether it was in doubt; times: value ÷ last; firm,
    firm_due: the latest value that was not in doubt, whether or not the item carries. guess, score:
    what the unit's and the item's size let expect, and how far the value lies from it
    (:func:`~chunfeng_reports.checks.peers.guesses`); off: value ÷ guess; trend, trend_score: the
    same from firm and growth all around (:func:`~chunfeng_reports.checks.peers.trends`); basis:
    ``trend`` where there is one, else ``guess``, else empty; swap,
    beside, beside_value: how much better it would fit in the place of the figure beside it
    (:func:`~chunfeng_reports.checks.peers.exchanges`). below, below_due: the sum of the unit's own
    units in its workspace, and their due (`BELOW_COLUMNS`); apart: value - below. layout: of the
    form (``rows``, ``columns`` or ``prose``). received: number of files that count for the unit and
    form. peers: unit → its group (none: all are one).
    """
    cells = _expected(desk, due).merge(_items(desk), on="item")
    now = facts.loc[facts["due"] == due, ["region", "item", "value", "state", "raw"]]
    cells = cells.merge(now, on=["region", "item"], how="left")
    cells["state"] = cells["state"].fillna("absent")
    cells["raw"] = cells["raw"].fillna("")
    cells = cells.merge(_received(due, intake), on=["region", "form"], how="left")
    cells["received"] = cells["received"].fillna(0.0)
    cells["layout"] = [desk.campaign.form_by_code[form].layout for form in cells["form"]]
    for name, values in {"last": past, "firm": past[~past["doubted"]]}.items():
        cells = cells.merge(_latest(values, name), on=["region", "item"], how="left")
        if name == "last":
            cells.loc[~cells["carries"], name] = np.nan
        cells[f"{name}_due"] = cells[f"{name}_due"].where(cells[name].notna(), "").astype("str")
    cells["last_doubted"] = cells["last_doubted"].eq(True) & cells["last"].notna()
    cells["times"] = (cells["value"] / cells["last"].where(cells["last"] > 0)).round(2)
    cells["peers"] = cells["region"].map(peers).fillna("") if peers else ""
    cells = pd.concat([cells, guesses(cells), trends(cells, past)], axis=1)
    cells = pd.concat([cells, exchanges(cells)], axis=1)
    for name in ("guess", "trend"):  # no more digits than an estimate has
        cells[name] = cells[name].round(1).where(cells[name] < 10, cells[name].round())
    by_size = np.where(cells["guess"].notna(), "guess", "")
    cells["basis"] = np.where(cells["trend"].notna(), "trend", by_size).astype("str")
    cells["off"] = (cells["value"] / cells["guess"]).round(2)
    if below is None:
        below = pd.DataFrame(columns=list(BELOW_COLUMNS), dtype="str")
    cells = cells.merge(below, on=["region", "item"], how="left")
    cells["below"] = cells["below"].astype("float64")
    cells["below_due"] = cells["below_due"].fillna("").astype("str")
    cells["apart"] = (cells["value"] - cells["below"]).round(6)
    return cells[list(CELL_COLUMNS)].reset_index(drop=True)


def units_table(
    desk: Desk, due: str, cells: pd.DataFrame, intake: pd.DataFrame, past: pd.DataFrame
) -> pd.DataFrame:
    """A row a unit: region, every item asked for, and ``<form>_<word>`` for `UNIT_WORDS`.

    NaN where there is no value, or where the unit need not file the form. ``P_title``: what a
    document calls itself at this due, or the form's title; ``F1_received``: number of files that
    count for the form; ``F1_pace``, ``F1_pace_score``: how fast the form grew against the other
    units' (:func:`~chunfeng_reports.checks.peers.paces`); ``F1_same``, ``F1_differ``,
    ``F1_same_due``: how many cells are and are not what they were at the last due that holds the
    form, and that due (:func:`copies`).
    """
    forms = desk.expected_forms(due)
    codes = [item.code for form in forms for item in desk.expected_items(due, form)]
    wide = _wide(cells, "value", desk.unit_codes, codes)
    known = paces(cells, past).merge(copies(cells, past), on=["region", "form"], how="outer")
    known = known.merge(_received(due, intake), on=["region", "form"], how="outer")
    known["same_due"] = known["same_due"].fillna("").astype("str")
    told: dict[str, object] = {}
    for form in forms:
        here = known[known["form"] == form].set_index("region").reindex(wide.index)
        asked = wide.index.isin(desk.expected_units(due, form))
        here["received"] = here["received"].fillna(0.0).where(asked)
        here["same_due"] = here["same_due"].fillna("")
        here["title"] = _title(desk, due, form)
        told |= {f"{form}_{word}": here[word] for word in UNIT_WORDS}
    return pd.concat([wide, pd.DataFrame(told, index=wide.index)], axis=1).reset_index()


def copies(cells: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """How far each form repeats the last one: region, form, same, differ (cells), same_due.

    Compared are the cells that hold a value now or then and were asked for both times. No row
    where there is no earlier form, or fewer than `FIGURES` figures now that are not 0: of a form
    that is all but empty, nothing can be told.
    """
    filled = cells[cells["value"].notna() & (cells["value"] != 0)]
    figures = filled.groupby(["region", "form"]).size().rename("figures").reset_index()
    enough = figures[figures["figures"] >= FIGURES]
    last = past.groupby(["region", "form"])["due"].max().rename("same_due").reset_index()
    then = past.merge(last, on=["region", "form"])
    then = then.loc[then["due"] == then["same_due"], ["region", "form", "item", "value"]]
    both = cells[["region", "form", "item", "value"]].merge(
        then, on=["region", "form", "item"], how="left", suffixes=("", "_then")
    )
    asked_then = set(zip(past["due"], past["item"], strict=True))
    both = both.merge(enough, on=["region", "form"]).merge(last, on=["region", "form"])
    keys = zip(both["same_due"], both["item"], strict=True)
    asked = np.array([key in asked_then for key in keys], dtype="bool")
    both = both[asked & (both["value"].notna() | both["value_then"].notna())]
    both["same"] = both["value"] == both["value_then"]
    counted = both.groupby(["region", "form", "same_due"])["same"].agg(["sum", "size"])
    found = counted.astype("float64").reset_index().rename(columns={"sum": "same"})
    found["differ"] = found["size"] - found["same"]
    return found[["region", "form", "same", "differ", "same_due"]]


def _title(desk: Desk, due: str, form: str) -> str:
    titled = desk.round(due).forms[form].title
    return titled or desk.campaign.title_of(desk.campaign.form_by_code[form])


def totals_table(
    desk: Desk, due: str, *, rollup: pd.DataFrame, facts: pd.DataFrame, past: pd.DataFrame
) -> pd.DataFrame:
    """A row a region node × item of the roll-up; columns `TOTAL_COLUMNS`.

    value: as rolled up; added: the sum of its units' facts, added here anew (NaN: none reported);
    same, last: like with like, the sums over only those units that hold a value both now and at an
    earlier due (their latest), for items that carry.
    """
    columns = ["region", "item", "value", "units_expected", "units_counted"]
    now = rollup.loc[rollup["due"] == due, columns]
    valued = facts.loc[(facts["due"] == due) & (facts["state"] == "value"), columns[:3]]
    known = _expected(desk, due).merge(valued, on=["region", "item"])
    known = known.merge(_latest(past, "last"), on=["region", "item"], how="left")
    both = known[known["last"].notna()].rename(columns={"value": "same"})
    added = _by_node(desk, known.rename(columns={"value": "added"}), ["added"])
    like = _by_node(desk, both, ["same", "last"])
    totals = now.merge(_items(desk), on="item")
    for sums in (added, like):
        totals = totals.merge(sums, on=["region", "item"], how="left")
    totals.loc[~totals["carries"], ["same", "last"]] = np.nan
    totals["due"] = due
    totals["form"] = [desk.campaign.item_by_code[code].form for code in totals["item"]]
    return totals[list(TOTAL_COLUMNS)].reset_index(drop=True)


def rollup_table(desk: Desk, totals: pd.DataFrame) -> pd.DataFrame:
    """A row a region node, wide: ``F1_5`` as rolled up, and beside it ``F1_5__added``,
    ``F1_5__same``, ``F1_5__last`` and ``F1_5__counted`` (units), as in :func:`totals_table`.
    """
    codes = list(dict.fromkeys(totals["item"]))
    parts = [
        _wide(totals, source, desk.nodes, codes).add_suffix(suffix)
        for suffix, source in _ROLLUP_PARTS.items()
    ]
    return pd.concat(parts, axis=1).reset_index()


def _expected(desk: Desk, due: str) -> pd.DataFrame:
    rows = [
        (due, unit, form, item.code)
        for unit in desk.unit_codes
        for form in desk.expected_forms(due)
        if desk.expects(due, form, unit)
        for item in desk.expected_items(due, form)
    ]
    return _expected_frame(rows)


def _expected_frame(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["due", "region", "form", "item"], dtype="str")


def _items(desk: Desk) -> pd.DataFrame:
    items = desk.campaign.item_by_code.values()
    rows = [(i.code, desk.label(i), i.unit, i.decimals, i.carries) for i in items]
    frame = pd.DataFrame(rows, columns=["item", "label", "unit", "decimals", "carries"])
    return frame.astype(
        dict.fromkeys(("item", "label", "unit"), "str") | {"decimals": "int64", "carries": "bool"}
    )


def _received(due: str, intake: pd.DataFrame) -> pd.DataFrame:
    counting = intake[(intake["due"] == due) & (intake["fate"] == "counts")]
    files = counting.groupby(["region", "form"])["file"].nunique()
    return files.astype("float64").rename("received").reset_index()


def _latest(past: pd.DataFrame, name: str) -> pd.DataFrame:
    """region, item, and of the latest value: ``name``, ``name_due``, ``name_doubted``."""
    latest = past.drop_duplicates(["region", "item"], keep="last").drop(columns="form")
    return latest.rename(
        columns={"value": name, "due": f"{name}_due", "doubted": f"{name}_doubted"}
    )


def _doubted(values: pd.DataFrame, earlier: pd.DataFrame) -> list[bool]:
    """Whether each value was in doubt; a warning about a whole form says little of its cells."""
    open_ = earlier[earlier["state"].isin(UNSETTLED)]
    named: set[tuple[str, str, str]] = set()
    for due, region, form, items, severity in zip(
        *(open_[name] for name in ("due", "region", "form", "items", "severity")), strict=True
    ):
        if items and severity in ("critical", "warning"):
            named.update((due, region, item) for item in str(items).split(","))
        elif severity == "critical":
            named.add((due, region, form))
    keys = zip(*(values[name] for name in ("due", "region", "form", "item")), strict=True)
    return [bool({(d, r, form), (d, r, item)} & named) for d, r, form, item in keys]


def _by_node(desk: Desk, known: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Sums over the units under each node: node (``region``), item and the columns."""
    pairs = [(unit, node) for node, units in desk.nodes.items() for unit in units]
    nodes = pd.DataFrame(pairs, columns=["region", "node"], dtype="str")
    under = known.merge(nodes, on="region").drop(columns="region")
    sums = under.groupby(["node", "item"], sort=False)[columns].sum()
    return sums.reset_index().rename(columns={"node": "region"})


def _wide(
    table: pd.DataFrame, source: str, regions: Iterable[str], codes: list[str]
) -> pd.DataFrame:
    index = pd.Index(list(regions), name="region", dtype="str")
    wide = table.pivot(index="region", columns="item", values=source)
    return wide.reindex(index=index, columns=codes).astype("float64").rename_axis(columns=None)
