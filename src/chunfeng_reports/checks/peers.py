"""Peers: what a unit's other figures and the other units' say of a figure, where no rule can tell.

A reviewer who looks down a column asks four things: is this figure of another order than the unit's
size lets expect; did it grow as nothing else here or there did; would it fit if it changed places
with the row beside it; and did the whole form grow far less than everywhere else?

How they are answered, so that small units are not doubted for being small:

- Expected figures come from a **median polish** of logarithms (Tukey 1977, *Exploratory Data
  Analysis*, ch. 11): a part of the unit and a part of the item, by medians, so that a wild figure
  does not move what is expected in its place. What is left over is every ratio between items of
  the unit, held against the same ratios of its peers. Polished once on the figures (`guesses`) and
  once on period-to-period ratios (`trends`): the ratio of a figure to its last one against the
  unit's own median growth and the item's (Hidiroglou & Berthelot 1986, *Survey Methodology* 12).
- What is left over is measured against the item's own **robust spread** over the units: 1.4826
  times the median absolute deviation (Rousseeuw & Croux 1993, *JASA* 88), drawn towards the whole
  form's where units are few, and never less than a floor (a median of nearly equal figures is no
  licence to doubt the next).
- A count of 3 differs from 6 by chance, one of 3,000 from 6,000 does not. Figures are compared on a
  scale on which a count that scatters by chance **and** by that spread has variance one: Anscombe's
  transformation of negative binomial data (1948, *Biometrika* 35). For large figures that is the
  logarithm over the spread, for small ones twice the square root.

How far is too far is for the rules to say (``expectations/``); de Waal, Pannekoek & Scholtus (2011,
*Handbook of Statistical Data Editing and Imputation*, ch. 3) tell how such edits are put to use.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

UNITS = 5
"""Fewer units than this are no measure."""

ITEMS = 4
"""Fewer comparable figures on a form than this say nothing about the form."""

FLOOR = 10.0
"""Growth from fewer than this is chance."""

FIRM = 20.0
"""Spread is measured where at least so much is expected: below, chance alone scatters figures."""

SHRINK = 8
"""With how many units' worth of weight an item's spread is drawn towards its form's."""

NARROWEST = {"guess": 0.25, "trend": 0.12}
"""Floors of the spread of logarithms: units do differ so much, whatever the others say."""

_Table = npt.NDArray[np.float64]
_Places = npt.NDArray[np.intp]


def guesses(cells: pd.DataFrame) -> pd.DataFrame:
    """What each cell might be expected to hold, from the unit's size and the item's.

    cells: region, form, item, value, a row each, and peers: the group in which units are compared.
    Columns guess, guess_spread (of its logarithm over the units) and score: how many spreads the
    figure lies from the guess (+ above, - below). NaN where a form has too few units or items to
    tell.
    """
    return _by_form(cells, ("guess", "guess_spread", "score"), NARROWEST["guess"])


def trends(cells: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """What each cell might be expected to hold, from its earlier figure and growth all around.

    Growth is that of all units since the same due: where a unit's last figure is missing or in
    doubt, what it grew by over two intervals is held against what others grew by over the two.
    cells: as for :func:`guesses`, and firm_due: the due of the earlier figure that is not in doubt;
    history: due, region, item, value, doubted. Columns trend, trend_spread and trend_score, as for
    :func:`guesses`.
    """
    columns = ("trend", "trend_spread", "trend_score")
    found = pd.DataFrame(np.nan, index=cells.index, columns=list(columns))
    for due, then in history[~history["doubted"]].groupby("due"):
        since = cells["firm_due"] == due
        forms = cells[since.groupby([cells["peers"], cells["form"]]).transform("any")]
        keys = ["region", "item"]
        base = forms[keys].merge(then[[*keys, "value"]], on=keys, how="left")["value"]
        based = forms.assign(base=base.to_numpy("float64"))
        told = _by_form(based, columns, NARROWEST["trend"], since="base")
        here = told[since[forms.index]]
        found.loc[here.index] = here
    return found


def _by_form(
    cells: pd.DataFrame, columns: tuple[str, str, str], narrowest: float, *, since: str = ""
) -> pd.DataFrame:
    """Fit, spread and score of every cell; since: a column of figures that growth is taken from."""
    found = pd.DataFrame(np.nan, index=cells.index, columns=list(columns))
    for _, form in cells.groupby(["peers", "form"], sort=False):
        (rows, units), (places, items) = (pd.factorize(form[key]) for key in ("region", "item"))
        at, shape = (rows, places), (len(units), len(items))
        value = _wide(form["value"], at, shape)
        base = _wide(form[since], at, shape) if since else np.ones(shape)
        logs = _comparable(np.log(value / base))
        if logs is None:
            continue
        fitted = np.exp(_fitted(logs)) * base
        spread = _spreads(np.log(value / fitted), fitted, narrowest)
        spread = np.where(np.isnan(fitted), np.nan, spread)
        score = scaled(value, spread) - scaled(fitted, spread)
        for column, table in zip(columns, (fitted, spread, score), strict=True):
            found.loc[form.index, column] = table[at]
    return found


def _wide(figures: pd.Series[float], at: tuple[_Places, _Places], shape: tuple[int, int]) -> _Table:
    """A table of units by items; NaN where there is no figure above 0."""
    table = np.full(shape, np.nan)
    known = figures.to_numpy("float64", na_value=np.nan)
    table[at] = np.where(known > 0, known, np.nan)
    return table


def _comparable(logs: _Table) -> _Table | None:
    """The table without units that have too few figures and items that too few units have."""
    known = ~np.isnan(logs)
    rows = known.sum(axis=1) >= ITEMS
    columns = known[rows].sum(axis=0) >= UNITS
    if rows.sum() < UNITS or columns.sum() < ITEMS:
        return None
    kept = np.full_like(logs, np.nan)
    inside = np.ix_(rows, columns)
    kept[inside] = logs[inside]
    return kept


def _fitted(logs: _Table) -> _Table:
    """A part of the row and a part of the column, by medians taken out in turn."""
    rest = logs.copy()
    rows, columns = np.zeros(logs.shape[0]), np.zeros(logs.shape[1])
    for _ in range(3):
        columns += (median := _median(rest, 0))
        rest -= median[None, :]
        rows += (median := _median(rest, 1))
        rest -= median[:, None]
    fitted: _Table = rows[:, None] + columns[None, :]
    fitted[np.isnan(logs).all(axis=1)] = np.nan
    fitted[:, np.isnan(logs).all(axis=0)] = np.nan
    return fitted


def _median(table: _Table, axis: int) -> _Table:
    """Medians of what is known; 0 where nothing is. (Sorted once: NaN come last.)"""
    ordered = np.sort(table, axis=axis)
    known = (~np.isnan(table)).sum(axis=axis)
    low, high = (np.expand_dims(np.maximum(n, 0), axis) for n in ((known - 1) // 2, known // 2))
    high = np.minimum(high, table.shape[axis] - 1)
    pair = [np.take_along_axis(ordered, n, axis=axis).squeeze(axis) for n in (low, high)]
    median: _Table = np.where(known > 0, (pair[0] + pair[1]) / 2, 0.0)
    return median


def _spreads(left: _Table, fitted: _Table, narrowest: float) -> _Table:
    """The spread of logarithms of each item over the units, drawn towards the form's; a row."""
    away = np.abs(np.where(fitted >= FIRM, left, np.nan))
    known = (~np.isnan(away)).sum(axis=0)
    own = 1.4826 * _median(away, 0)
    whole = float(1.4826 * _median(away.reshape(-1, 1), 0)[0])
    drawn = np.sqrt((known * own**2 + SHRINK * whole**2) / (known + SHRINK))
    spreads: _Table = np.maximum(drawn, narrowest)
    return spreads


def scaled(values: _Table, spread: _Table | float) -> _Table:
    """Figures on the scale on which chance and the spread of logarithms make variance one."""
    with np.errstate(invalid="ignore"):
        on_scale: _Table = 2 / spread * np.arcsinh(spread * np.sqrt(values + 0.375))
    return on_scale


def exchanges(cells: pd.DataFrame) -> pd.DataFrame:
    """How much better each figure and the one printed beside it would fit if they changed places.

    cells: region, form, item, label, value, in printed order, and the columns of :func:`guesses`
    and :func:`trends`; where there is a trend, it is what a figure is held against. Columns swap
    (the sum of both squared distances as they stand, less the same exchanged: large where only the
    exchange fits; 0 where one of both is), beside (the label of the neighbour with which it is
    largest), beside_value.
    """
    has_trend = cells["trend"].notna()
    expected = cells["trend"].where(has_trend, cells["guess"]).to_numpy()
    spread = cells["trend_spread"].where(has_trend, cells["guess_spread"]).to_numpy()
    value = cells["value"].where(cells["value"] >= 0).to_numpy()
    form = pd.factorize(cells["region"].astype("str") + "|" + cells["form"].astype("str"))[0]
    centre = scaled(expected, spread)

    def apart(values: _Table) -> _Table:
        squared: _Table = (scaled(values, spread) - centre) ** 2
        return squared

    down = np.roll(value, -1)
    as_it_stands, as_below = apart(value), apart(down)
    as_above = np.roll(apart(np.roll(value, 1)), -1)  # of the next row, if it held this value
    gain = as_it_stands + np.roll(as_it_stands, -1) - as_below - as_above
    gain[(value == down) | (value == 0) | (down == 0)] = 0  # nothing that an exchange would show
    gain[form != np.roll(form, -1)] = np.nan
    if len(gain):
        gain[-1] = np.nan
    # Of two exchanges that share a figure, the better one is meant.
    rival = np.fmax(np.roll(gain, 1), np.roll(gain, -1))
    gain = np.where(gain < rival, np.minimum(gain, 0), gain)
    above = np.roll(gain, 1)
    upwards = np.nan_to_num(above, nan=-np.inf) > np.nan_to_num(gain, nan=-np.inf)
    label = cells["label"].to_numpy()
    return pd.DataFrame(
        {
            "swap": np.where(upwards, above, gain),
            "beside": np.where(upwards, np.roll(label, 1), np.roll(label, -1)),
            "beside_value": np.where(upwards, np.roll(value, 1), down),
        },
        index=cells.index,
    )


def paces(cells: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """How fast each unit's forms grew against the others': 1 as the median unit, 0.5 half of it.

    Growth is the median over a form's carrying items of value ÷ earlier value, both undoubted so
    far and since the same due for all units; of several dues the latest that tells counts.
    cells: region, form, item, value, carries, peers; history: due, region, form, item, value,
    doubted.
    Returns region, form, pace (rounded to hundredths) and pace_score: the logarithm of the pace in
    spreads of the units' (their median absolute deviation, with a floor).
    """
    found = pd.concat([_NO_PACE, *_paces(cells, history)])
    return found.drop_duplicates(["region", "form"], keep="last")


_NO_PACE = pd.DataFrame({"region": [], "form": [], "pace": [], "pace_score": []}).astype(
    {"region": "str", "form": "str", "pace": "float64", "pace_score": "float64"}
)


def _paces(cells: pd.DataFrame, history: pd.DataFrame) -> Iterator[pd.DataFrame]:
    columns = ["peers", "region", "form", "item", "value"]
    now = cells.loc[cells["carries"] & cells["value"].notna(), columns]
    then = history[~history["doubted"] & (history["value"] >= FLOOR)]
    for _, before in then.groupby("due"):
        both = now.merge(before[["region", "item", "value"]], on=["region", "item"])
        both["growth"] = both["value_x"] / both["value_y"]
        by_form = both.groupby(["peers", "region", "form"])["growth"]
        growth = by_form.median()[by_form.size() >= ITEMS].reset_index()
        peers = growth.groupby(["peers", "form"])["growth"]
        growth["pace"] = growth["growth"] / peers.transform("median")
        away = np.log(growth["pace"].where(growth["pace"] > 0))
        groups = [growth["peers"], growth["form"]]
        spread = 1.4826 * away.abs().groupby(groups).transform("median")
        growth["pace_score"] = (away / spread.clip(lower=NARROWEST["trend"])).round(2)
        growth["pace"] = growth["pace"].round(2)
        yield growth.loc[peers.transform("size") >= UNITS, ["region", "form", "pace", "pace_score"]]
