"""What the other units' figures tell of a unit's own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.checks.peers import guesses, paces

ITEMS = ("F1_1", "F1_2", "F1_3", "F1_4", "F1_5")
SHAPE = dict(zip(ITEMS, (20.0, 300.0, 250.0, 500.0, 12.0), strict=True))
UNITS = [f"u{n}" for n in range(7)]


def _cells(sizes: list[float], units: list[str] = UNITS, **figures: float) -> pd.DataFrame:
    rows = [
        {"region": unit, "form": "F1", "item": item, "value": size * SHAPE[item], "carries": True}
        for unit, size in zip(units, sizes, strict=True)
        for item in ITEMS
    ]
    cells = pd.DataFrame(rows)
    for item, value in figures.items():
        cells.loc[(cells["region"] == units[0]) & (cells["item"] == item), "value"] = value
    return cells


def _history(cells: pd.DataFrame, due: str, *, doubted: bool = False) -> pd.DataFrame:
    return cells.drop(columns="carries").assign(due=due, doubted=doubted)


@given(st.lists(st.floats(0.1, 100), min_size=7, max_size=7), st.floats(50, 1000))
def test_a_wild_figure_does_not_move_its_own_guess(sizes: list[float], factor: float) -> None:
    wild = _cells(sizes, F1_2=sizes[0] * SHAPE["F1_2"] * factor)
    assert guesses(wild).tolist() == pytest.approx(_cells(sizes)["value"].tolist())


def test_too_few_units_or_items_tell_nothing() -> None:
    few = _cells([1.0] * 4, units=UNITS[:4])
    assert guesses(few).isna().all()
    assert guesses(_cells([1.0] * 7).query("item in ('F1_1', 'F1_2', 'F1_3')")).isna().all()
    assert paces(few, _history(few, "2023-02-01")).empty


def test_pace_is_growth_against_the_median_unit() -> None:
    then = _cells([1.0] * 7)
    now = _cells([1.1, 2.2, 2.2, 2.2, 2.2, 2.2, 4.4])
    found = paces(now, _history(then, "2023-02-01")).set_index("region")["pace"]
    assert found.to_dict() == {"u0": 0.5, **dict.fromkeys(UNITS[1:6], 1.0), "u6": 2.0}


def test_pace_is_taken_from_the_latest_due_that_is_not_in_doubt() -> None:
    first, second = _cells([1.0] * 7), _cells([2.0] * 7)
    now = _cells([1.5, *[3.0] * 6])
    doubted = _history(second, "2023-03-01")
    doubted["doubted"] = doubted["region"] == "u0"
    found = paces(now, pd.concat([_history(first, "2023-02-01"), doubted]))
    assert found.set_index("region")["pace"]["u0"] == 0.5
    clear = paces(now, pd.concat([_history(first, "2023-02-01"), _history(second, "2023-03-01")]))
    assert clear.set_index("region")["pace"]["u0"] == 0.5
    assert len(found) == len(clear) == 7
