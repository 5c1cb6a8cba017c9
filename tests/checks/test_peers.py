"""What the other units' figures tell of a unit's own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunfeng_reports.checks.peers import exchanges, guesses, paces, trends

ITEMS = ("F1_1", "F1_2", "F1_3", "F1_4", "F1_5")
SHAPE = dict(zip(ITEMS, (20.0, 300.0, 250.0, 500.0, 12.0), strict=True))
UNITS = [f"u{n}" for n in range(7)]
FIRST, SECOND = "2023-02-01", "2023-03-01"


def _cells(sizes: list[float], units: list[str] = UNITS, **figures: float) -> pd.DataFrame:
    rows = [
        {
            "region": unit,
            "form": "F1",
            "item": item,
            "value": size * SHAPE[item],
            "carries": True,
            "peers": "",
        }
        for unit, size in zip(units, sizes, strict=True)
        for item in ITEMS
    ]
    cells = pd.DataFrame(rows)
    for item, value in figures.items():
        cells.loc[(cells["region"] == units[0]) & (cells["item"] == item), "value"] = value
    return cells


def _history(cells: pd.DataFrame, due: str, *, doubted: bool = False) -> pd.DataFrame:
    return cells.drop(columns=["carries", "peers"]).assign(due=due, doubted=doubted)


@given(st.lists(st.floats(0.1, 100), min_size=7, max_size=7), st.floats(50, 1000))
def test_a_wild_figure_does_not_move_its_own_guess(sizes: list[float], factor: float) -> None:
    wild = _cells(sizes, F1_2=sizes[0] * SHAPE["F1_2"] * factor)
    assert guesses(wild)["guess"].tolist() == pytest.approx(_cells(sizes)["value"].tolist())


def test_too_few_units_or_items_tell_nothing() -> None:
    few = _cells([1.0] * 4, units=UNITS[:4])
    assert guesses(few)["guess"].isna().all()
    three = _cells([1.0] * 7).query("item in ('F1_1', 'F1_2', 'F1_3')")
    assert guesses(three)["guess"].isna().all()
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


def _score(cells: pd.DataFrame, item: str, found: pd.Series[float]) -> float:
    (score,) = found[(cells["region"] == UNITS[0]) & (cells["item"] == item)]
    return float(score)


@pytest.mark.parametrize(("size", "doubtful"), [(0.01, False), (10.0, True)])
def test_three_times_as_much_is_chance_in_a_small_unit_and_none_in_a_large_one(
    size: float, doubtful: bool
) -> None:
    cells = _cells([size, *[1.0] * 6], F1_2=max(3.2 * size * SHAPE["F1_2"], 1))
    assert (_score(cells, "F1_2", guesses(cells)["score"]) > 4.5) is doubtful


@pytest.mark.parametrize(("factor", "beyond"), [(10.0, 4.5), (0.1, -4.5)])
def test_a_factor_of_ten_is_far_off(factor: float, beyond: float) -> None:
    cells = _cells([1.0] * 7, F1_2=factor * SHAPE["F1_2"])
    assert abs(_score(cells, "F1_2", guesses(cells)["score"])) > abs(beyond)


def test_a_trend_is_the_last_figure_times_growth_of_the_unit_and_of_the_item() -> None:
    cells = _cells([2.0, 3.0, 2.0, 2.0, 2.0, 2.0, 2.0])
    cells["firm_due"] = FIRST
    cells.loc[cells["item"] == "F1_3", "value"] *= 1.5
    found = trends(cells, _history(_cells([1.0] * 7), FIRST))
    assert found["trend"].tolist() == pytest.approx(cells["value"].tolist())
    assert found["trend_score"].abs().max() < 1e-6


@pytest.mark.parametrize("lost", [["F1_3"], list(ITEMS)], ids=["a figure", "the form"])
@pytest.mark.parametrize("how", ["missing", "doubted"])
def test_a_trend_over_two_intervals_is_held_against_growth_over_the_same_two(
    lost: list[str], how: str
) -> None:
    """What grew fivefold before and by a tenth since: a unit that skipped a due grew by 5.5."""
    first, now = _cells([1.0] * 7), _cells([5.5] * 7)
    past = pd.concat([_history(first, FIRST), _history(_cells([5.0] * 7), SECOND)])
    ours = (past["due"] == SECOND) & (past["region"] == "u0") & past["item"].isin(lost)
    past = past[~ours] if how == "missing" else past.assign(doubted=ours)
    skipped = (now["region"] == "u0") & now["item"].isin(lost)
    now["firm_due"] = skipped.map({True: FIRST, False: SECOND})
    found = trends(now, past)
    assert found["trend"].tolist() == pytest.approx(now["value"].tolist())
    assert found["trend_score"].abs().max() < 1e-6


def test_units_are_held_against_those_of_their_own_group() -> None:
    one, other = _cells([1.0] * 7), _cells([1.0] * 7, [f"v{n}" for n in range(7)])
    other = other.assign(peers="other", value=other["value"] * other["item"].map(
        {"F1_2": 20.0}).fillna(1.0))  # fmt: skip
    both = pd.concat([one, other], ignore_index=True)
    assert guesses(both)["score"].abs().max() < 1e-6


def _with_expected(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells at a first due, and what their sizes let expect."""
    none = _history(cells.iloc[:0], FIRST)
    trend = trends(cells.assign(firm_due=""), none.astype({"doubted": "bool"}))
    return pd.concat([cells, guesses(cells), trend], axis=1)


def test_figures_that_changed_places_are_told_by_what_their_exchange_would_mend() -> None:
    cells = _cells([1.0] * 7, F1_2=SHAPE["F1_5"], F1_1=SHAPE["F1_2"])
    cells.loc[(cells["region"] == "u0") & (cells["item"] == "F1_2"), "value"] = SHAPE["F1_1"]
    cells = _with_expected(cells.assign(label=cells["item"]))
    found = exchanges(cells)
    told = cells.loc[found["swap"] > 12, ["region", "item"]].to_numpy().tolist()
    assert told == [["u0", "F1_1"], ["u0", "F1_2"]]
    assert found["beside"][found["swap"] > 12].tolist() == ["F1_2", "F1_1"]


def test_an_exchange_shows_nothing_where_both_are_alike_or_one_is_none() -> None:
    cells = _cells([1.0] * 7, F1_2=0.0, F1_4=SHAPE["F1_5"]).assign(label="")
    cells = _with_expected(cells)
    mine = exchanges(cells)["swap"][:5].tolist()
    assert mine[0] == mine[4] == 0.0
