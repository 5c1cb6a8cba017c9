"""Reading: 3,000 official workbooks read by us, and by a loop of pandas.read_excel over openpyxl.

    python benchmarks/reading.py [--workbooks 3000] [--jobs 2] [--rounds 3]

The workbooks are made up, every unit its own figures: one form each, as most units send the annexes
(the main figure), then both forms in one workbook. Ours is the whole of ``collect_due``: processes
started and files isolated, hashed, read, recognised, tied to their units, versions settled, facts
made and counted. The loop is given the better of it: it understands nothing, and of a workbook with
two sheets it reads the first alone, then both, which it must to come by the same figures.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from chunfeng_reports.campaign import Campaign, Desk, Form, Region
from chunfeng_reports.reading import collect_due

Told = TypeVar("Told")
ROOT = Path(__file__).parents[1]
DUE = "2023-02-01"
FIRST = "云山清水长安东海南江北河中原高平大同新民永和广林石泉宁远金沙玉溪文昌武成德化兴仁义"
SECOND = "阳丰泰康华盛隆昌源川谷岭湖岗台庄桥塔寺坊镇营堡关口洼沟峪岛湾港渡浦塘堰坝垣坪坡坨"


def desk_of(units: int) -> Desk:
    """A desk with as many county units as asked for, in the forms of this repository's campaign."""
    from chunfeng_reports.definitions import load_campaign  # noqa: PLC0415  (as below)

    campaign = load_campaign(ROOT / "campaigns" / "2023-chunfeng")
    body = Region(code="990000", name="样例省", short="样例省", level="province", origin="made up")
    counties = [
        Region(code=f"99{n:04d}", name=f"{name}县", short=f"{name}县", level="county",
               parent=body.code, origin="made up")
        for n, name in zip(range(1, units + 1), _names(), strict=False)
    ]  # fmt: skip
    county = campaign.tiers[0].model_copy(update={"bodies": (body.code,), "upper": None})
    made = Campaign.model_copy(campaign, update={"regions": (body, *counties), "tiers": (county,)})
    return Desk.of(made, body.code)


def _names() -> Iterator[str]:
    return ("".join(parts) for parts in product(FIRST, SECOND, "城乡"))


def write_single(desk: Desk, folder: Path) -> list[Path]:
    """A workbook for every unit and table form, as openpyxl writes it; always the same cells."""
    import openpyxl  # noqa: PLC0415  (our readers, which load this module too, do without)

    paths = []
    for seed, unit in enumerate(desk.units):
        for form in _forms(desk):
            book = openpyxl.Workbook()
            sheet = book.worksheets[0]
            sheet.title = "Sheet1"
            sheet.column_dimensions["A"].width = 46
            sheet.append([desk.campaign.title_of(form)])
            sheet.append([f"区县：{unit.name}"])
            for row in _table(desk, form, seed):
                sheet.append(row)
            paths.append(folder / f"{unit.name}{form.short}.xlsx")
            book.save(paths[-1])
    return paths


def write_double(desk: Desk, folder: Path) -> list[Path]:
    """A workbook for every unit, a sheet a form, framed and dated, as Excel would write it."""
    import xlsxwriter  # noqa: PLC0415  (our readers, which load this module too, do without)

    paths = []
    for seed, unit in enumerate(desk.units):
        paths.append(folder / f"{unit.name}2023年春风行动暨就业援助月统计表.xlsx")
        with xlsxwriter.Workbook(paths[-1]) as book:
            title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
            cell = book.add_format({"border": 1, "text_wrap": True})
            for form in _forms(desk):
                sheet = book.add_worksheet(form.short[:31])
                sheet.set_column(0, 0, 60)
                sheet.merge_range(0, 0, 0, 1, desk.campaign.title_of(form), title)
                sheet.write_row(1, 0, [f"区县：{unit.name}", "填报时间：2023年1月31日"])
                for n, row in enumerate(_table(desk, form, seed), start=2):
                    sheet.write_row(n, 0, row, cell)
    return paths


def _forms(desk: Desk) -> list[Form]:
    return [desk.campaign.form_by_code[code] for code in ("F1", "F2")]


def _table(desk: Desk, form: Form, seed: int) -> Iterator[list[str | int]]:
    """Head and rows of a form: label and figure."""
    yield ["填报项目", "数 量"]
    parts = 0
    for row, item in enumerate(form.items, start=3):
        parts = parts + 1 if item.parent else 0
        label = f"其中：{desk.label(item)}" if parts == 1 else desk.label(item)
        number = f"{item.number}." if item.number else ""
        yield [number + label, figure(seed, row, item.parent is not None)]


def figure(seed: int, row: int, part: bool) -> int:
    """A unit's figure in a row; parts are small enough for their totals."""
    value = (seed * 7919 + row * 104729) % 4000
    return value // 8 if part else 500 + value


def measure(
    units: int, folder: Path, paths: list[Path], *, several: bool, jobs: int, rounds: int
) -> None:
    """Read the workbooks both ways, in turns; print the first and the best of each, and the ratio.

    Each reading has a fresh process of its own, as a command has; what it imports is not counted.
    several: whether a workbook has more than one sheet.
    """
    ours, figures = [], 0
    theirs: dict[str, list[float]] = {"first sheet": []} | ({"every sheet": []} if several else {})
    for _ in range(rounds):
        took, figures = _alone(_read_by_us, units, folder, jobs)
        ours.append(took)
        for sheets, times in theirs.items():
            times.append(_alone(_read_by_pandas, paths, 0 if sheets == "first sheet" else None))
    print(f"{len(paths)} workbooks, {figures} figures")
    _tell(f"chunfeng, {jobs} jobs", ours, len(paths))
    for sheets, times in theirs.items():
        _tell(f"pandas + openpyxl, {sheets}", times, len(paths))
        print(f"  ratio: first {times[0] / ours[0]:.1f}, best {min(times) / min(ours):.1f}")


def _tell(what: str, times: list[float], files: int) -> None:
    best = min(times)
    print(f"  {what:30} first {times[0]:6.2f} s, best of {len(times)} {best:6.2f} s: "
          f"{files / best:6.0f} files/s, {1000 * best / files:.2f} ms a file")  # fmt: skip


def _alone(work: Callable[..., Told], *given: object) -> Told:
    """What a function gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


def _read_by_us(units: int, folder: Path, jobs: int) -> tuple[float, int]:
    """Seconds, and how many figures were read: all that were written, none doubted."""
    desk = desk_of(units)
    begun = time.perf_counter()
    collected = collect_due(desk, DUE, folder, jobs=jobs)
    took = time.perf_counter() - begun
    figures = sum(fact.state == "value" for fact in collected.facts)
    grave = [finding for finding in collected.findings if finding.severity != "info"]
    assert figures == len(desk.units) * sum(len(form.items) for form in _forms(desk)), figures
    assert not grave, grave[0]
    return took, figures


def _read_by_pandas(paths: list[Path], sheets: int | None) -> float:
    import pandas as pd  # noqa: PLC0415  (our readers, which load this module too, do without)

    begun = time.perf_counter()
    for path in paths:
        pd.read_excel(path, sheet_name=sheets, engine="openpyxl")
    return time.perf_counter() - begun


def main() -> None:
    """Make the workbooks, read them both ways, print the rates."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--workbooks", type=int, default=3000)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    for what, write, share in (("one form a workbook", write_single, 2),
                               ("both forms in one workbook", write_double, 1)):  # fmt: skip
        desk = desk_of(asked.workbooks // share)
        with tempfile.TemporaryDirectory() as place:
            paths = write(desk, Path(place))
            print(what, end=": ", flush=True)
            measure(len(desk.units), Path(place), paths, several=share == 1,
                    jobs=asked.jobs, rounds=asked.rounds)  # fmt: skip


if __name__ == "__main__":
    main()
