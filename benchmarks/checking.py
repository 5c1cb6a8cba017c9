"""Checking: one due's forms of 15 units and of 2,978 (every county unit of China), side by side.

    python benchmarks/checking.py [--units 15 2978] [--rounds 3]

Great Expectations judges all units of a due in one batch a table, so that what a run costs hardly
grows with the units. Prints the best time of each and how many times the first it is.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from chunfeng_reports.campaign import Desk
from chunfeng_reports.checks import check_due, load_suites
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.doctor.invented import invent
from chunfeng_reports.facts import facts_frame, intake_frame
from chunfeng_reports.findings import findings_frame

ROOT = Path(__file__).parents[1]
MOST = 8.0
"""At most so many times as long for the largest as for the smallest."""


def main() -> int:
    """Print times and their ratio; 1 where it is above `MOST`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[15, 2978])
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    campaign = load_campaign(ROOT / "campaigns" / "2023-chunfeng")
    desk = Desk.of(campaign, "370100")
    suites = load_suites(ROOT / "expectations" / "2023-chunfeng", campaign=campaign)
    best = {}
    for units in sorted(told.units):
        made = invent(desk, suites, seed=1, units=units)
        due = made.desk.dues[1]
        facts, intake = facts_frame(made.facts), intake_frame(made.intake)
        frames = {
            "facts": facts[facts["due"] <= due],
            "intake": intake[intake["due"] <= due],
            "earlier": findings_frame(()),
        }
        times = []
        for _ in range(told.rounds):
            begun = time.perf_counter()
            check_due(made.desk, suites, due, **frames)
            times.append(time.perf_counter() - begun)
        best[units] = min(times)
        print(f"{units:>5} units: {best[units]:.2f} s")
    ratio = best[max(best)] / best[min(best)]
    print(f"ratio {ratio:.1f} (at most {MOST:g})")
    return int(ratio > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
