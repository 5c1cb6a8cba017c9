"""Returns: what one unit truly reports; every variation must be read as this and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from chunfeng_reports.campaign import Campaign, Desk, Form, Item
from chunfeng_reports.definitions import load_campaign

ROOT = Path(__file__).parents[3]
TITLES = {
    "F1": "2023年春风行动情况统计表",
    "F2": "2023年就业援助月情况统计表",
    "F3": "2023年就业援助月活动情况统计表",
}


@cache
def the_campaign() -> Campaign:
    """The campaign of the notice."""
    return load_campaign(ROOT / "campaigns" / "2023-chunfeng")


@cache
def desk_of(body: str) -> Desk:
    """The desk of a body (370100 Jinan, 370000 Shandong)."""
    return Desk.of(the_campaign(), body)


def form(code: str) -> Form:
    """A form of the campaign."""
    return the_campaign().form_by_code[code]


def items(code: str) -> tuple[Item, ...]:
    """The items of a form, in its order."""
    return form(code).items


@dataclass(frozen=True)
class Truth:
    """What one unit reports: a figure for every item, None where the cell is left empty.

    unit: the region's code; figures: item code → figure; called: what the unit calls itself, where
    it writes another name than its short one.
    """

    unit: str
    figures: Mapping[str, int | None]
    called: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms reported, in order."""
        return tuple(sorted({code.split("_", 1)[0] for code in self.figures}))

    @property
    def name(self) -> str:
        """The name that the unit writes: its own choice, or its short name."""
        return self.called or the_campaign().region_by_code[self.unit].short

    @property
    def word(self) -> str:
        """What the form calls a unit of this tier: 区县 or 市."""
        return "市" if the_campaign().region_by_code[self.unit].level == "city" else "区县"

    def expected(self) -> Iterator[tuple[tuple[str, str], tuple[str, float | None]]]:
        """(region, item) → (state, value), as the facts must say."""
        for code, value in self.figures.items():
            yield (self.unit, code), ("blank", None) if value is None else ("value", float(value))

    def only(self, *forms: str) -> Truth:
        """The part of it that stands on some forms."""
        kept = {c: v for c, v in self.figures.items() if c.split("_", 1)[0] in forms}
        return Truth(self.unit, kept, self.called)


def known(unit: str = "370102", *, times: int = 1, forms: str = "F1 F2") -> Truth:
    """A return with all kinds of figures: large, small, 0, one cell left empty.

    times: makes another unit's return of it that shares hardly any figure.
    """
    figures: dict[str, int | None] = {
        "F1_1": 236, "F1_2": 12941, "F1_3": 1620, "F1_4": 3466, "F1_5": 26, "F1_5_1": 12,
        "F1_5_2": 14, "F1_5_3": 0, "F1_6": 1005, "F1_7": 43840,
        "F2_1": 538, "F2_2": 524, "F2_3": 307, "F2_4": 2, "F2_4_1": 0, "F2_4_2": 1, "F2_5": 302,
        "F2_5_1": 151, "F2_5_2": 119, "F2_5_3": 32, "F2_6": None,
        "F3_1": 241, "F3_2": 335, "F3_3": 71, "F3_4": 5, "F3_5": 527, "F3_6": 177, "F3_7": 137,
        "F3_8": 45, "F3_9": 50, "F3_10": 263,
    }  # fmt: skip
    wanted = forms.split()
    kept = {code: value for code, value in figures.items() if code.split("_")[0] in wanted}
    return Truth(unit, {code: value and value * times for code, value in kept.items()})


@st.composite
def truths(draw: st.DrawFn, *, unit: str = "370102", forms: str = "F1 F2") -> Truth:
    """Any return whose totals are what their 其中 add up to; a cell here and there left empty."""
    figures: dict[str, int | None] = {}
    for code in forms.split():
        for item in items(code):
            empty = item.parent is None and draw(st.integers(0, 19)) == 0
            figures[item.code] = None if empty else draw(_FIGURES)
        for total, parts in _parts(code).items():
            if figures[total] is not None and total in SUMS:
                figures[total] = sum(figures[part] or 0 for part in parts)
    return Truth(unit, figures)


SUMS = ("F1_5", "F2_5")
_FIGURES = st.one_of(
    st.integers(0, 12), st.integers(0, 9999), st.integers(0, 5_000_000), st.sampled_from([0, 10000])
)


def _parts(code: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in items(code):
        if item.parent:
            found[item.parent] = (*found.get(item.parent, ()), item.code)
    return found


def parts_of(total: str) -> tuple[str, ...]:
    """The items that stand under a total as its 其中."""
    return _parts(total.split("_", 1)[0]).get(total, ())
