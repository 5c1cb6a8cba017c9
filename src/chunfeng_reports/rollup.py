"""The roll-up: units' figures added up to the body, and what each total lacks.

A missing unit never counts as 0: it makes the total provisional, and bounds say between what
values the full total must lie as far as cumulative figures tell (an earlier value of the same unit
is a floor, a later one a ceiling).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from chunfeng_reports.campaign import Desk, Item
from chunfeng_reports.findings import UNSETTLED

ROLLUP_COLUMNS = (
    "due", "region", "item", "value", "units_expected", "units_counted",
    "missing", "doubted", "lower", "upper", "provisional",
)  # fmt: skip

Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Known:
    """What totals are made of: values by (due, unit, item), and which are in grave doubt."""

    values: Mapping[Key, float]
    doubted: frozenset[Key]
    dues: tuple[str, ...]

    def bound(self, dues: Iterable[str], unit: str, item: str) -> float | None:
        """The first undoubted value in the order of the dues given."""
        for due in dues:
            key = (due, unit, item)
            if key in self.values and key not in self.doubted:
                return self.values[key]
        return None


def roll_up(desk: Desk, due: str, facts: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Totals of a due for every node of the region tree, from the units' parents up to the body.

    facts: of any dues (earlier ones give floors, later ones ceilings); findings: likewise.
    Columns: due, region, item, value (NaN where no unit reported), units_expected, units_counted,
    missing and doubted (unit codes, comma separated), lower, upper (NaN: unbounded), provisional.
    Values in doubt are added as typed. Items whose sum has no meaning have no row.
    """
    known = _known(desk, facts, findings)
    asked = {form: frozenset(desk.expected_units(due, form)) for form in desk.expected_forms(due)}
    rows = [
        _total(due, node, expected, item, known)
        for node, units in desk.nodes.items()
        for form in asked
        for expected in [[unit for unit in units if unit in asked[form]]]
        for item in desk.expected_items(due, form)
        if item.over_units == "sum"
    ]
    frame = pd.DataFrame(rows, columns=list(ROLLUP_COLUMNS))
    texts = dict.fromkeys(("due", "region", "item", "missing", "doubted"), "str")
    numbers = dict.fromkeys(("value", "lower", "upper"), "float64")
    counts = dict.fromkeys(("units_expected", "units_counted"), "int64")
    return frame.astype(texts | numbers | counts | {"provisional": "bool"})


def grave_doubts(desk: Desk, findings: pd.DataFrame) -> frozenset[Key]:
    """The cells, as (due, unit, item), on which a critical finding stands that is not waived.

    One whose waiver has lapsed stands again. A finding that names no item is on every item of its
    form.
    """
    grave = findings[(findings["severity"] == "critical") & findings["state"].isin(UNSETTLED)]
    found: set[Key] = set()
    for due, region, form, named in zip(
        grave["due"], grave["region"], grave["form"], grave["items"], strict=True
    ):
        items = str(named).split(",") if named else _items_of(desk, form)
        found.update((due, region, item) for item in items)
    return frozenset(found)


def _items_of(desk: Desk, form: str) -> list[str]:
    known = desk.campaign.form_by_code.get(form)
    return [item.code for item in known.items] if known else []


def _known(desk: Desk, facts: pd.DataFrame, findings: pd.DataFrame) -> _Known:
    valued = facts[facts["state"] == "value"]
    keys = zip(valued["due"], valued["region"], valued["item"], strict=True)
    return _Known(
        values=dict(zip(keys, (float(v) for v in valued["value"]), strict=True)),
        doubted=grave_doubts(desk, findings),
        dues=tuple(sorted(set(facts["due"]))),
    )


def _total(
    due: str, node: str, expected: list[str], item: Item, known: _Known
) -> tuple[object, ...]:
    counted = [unit for unit in expected if (due, unit, item.code) in known.values]
    missing = [unit for unit in expected if (due, unit, item.code) not in known.values]
    doubted = [unit for unit in expected if (due, unit, item.code) in known.doubted]
    value = add(known.values[due, unit, item.code] for unit in counted)
    lower, upper = _bounds(due, value if counted else 0.0, missing, item, known)
    upper = math.nan if doubted or upper < lower else upper
    return (
        due, node, item.code, value if counted else math.nan, len(expected), len(counted),
        ",".join(missing), ",".join(doubted), lower, upper, bool(missing or doubted),
    )  # fmt: skip


def _bounds(
    due: str, counted: float, missing: list[str], item: Item, known: _Known
) -> tuple[float, float]:
    if not item.carries:
        return counted, math.nan
    before = [d for d in reversed(known.dues) if d < due]
    after = [d for d in known.dues if d > due]
    floors = [known.bound(before, unit, item.code) or 0.0 for unit in missing]
    ceilings = [known.bound(after, unit, item.code) for unit in missing]
    lower = add([counted, *floors])
    if not missing or any(ceiling is None for ceiling in ceilings):
        return lower, math.nan
    return lower, add([counted, *(c for c in ceilings if c is not None)])


def add(values: Iterable[float]) -> float:
    """The sum of figures as a reader adds them: no trace of binary fractions (0.1 + 0.2 is 0.3)."""
    return round(math.fsum(values), 6)
