"""Reading: 3,000 official workbooks read by us, and by a loop of pandas.read_excel over openpyxl.

    python benchmarks/reading.py [--units 3000] [--jobs 2]

The workbooks are made up: both forms, a sheet each, as the annexes lay them out, every unit its own
figures. Ours is the whole of ``collect_due``: processes started and files isolated, hashed, read,
recognised, tied to their units, versions settled, facts made and counted. The loop is given the
better of it: it reads the first sheet only and understands nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import xlsxwriter

from chunfeng_reports.campaign import Campaign, Desk, Form, Region
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.reading import collect_due

ROOT = Path(__file__).parents[1]
DUE = "2023-02-01"
FIRST = "云山清水长安东海南江北河中原高平大同新民永和广林石泉宁远金沙玉溪文昌武成德化兴仁义"
SECOND = "阳丰泰康华盛隆昌源川谷岭湖岗台庄桥塔寺坊镇营堡关口洼沟峪岛湾港渡浦塘堰坝垣坪坡坨"


def desk_of(units: int) -> Desk:
    """A desk with as many county units as asked for, in the forms of this repository's campaign."""
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


def write_returns(desk: Desk, folder: Path) -> list[Path]:
    """A workbook for every unit of a desk; the same bytes at every call."""
    forms = [desk.campaign.form_by_code[code] for code in ("F1", "F2")]
    paths = []
    for n, unit in enumerate(desk.units):
        paths.append(folder / f"{unit.name}2023年春风行动暨就业援助月统计表.xlsx")
        with xlsxwriter.Workbook(paths[-1]) as book:
            title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
            cell = book.add_format({"border": 1, "text_wrap": True})
            for form in forms:
                _write(book, desk, form, unit, n, title, cell)
    return paths


def _write(
    book: xlsxwriter.Workbook, desk: Desk, form: Form, unit: Region, seed: int, *formats: object
) -> None:
    title, cell = formats
    sheet = book.add_worksheet(form.short[:31])
    sheet.set_column(0, 0, 60)
    sheet.merge_range(0, 0, 0, 1, desk.campaign.title_of(form), title)
    sheet.write_row(1, 0, [f"区县：{unit.name}", "填报时间：2023年1月31日"])
    sheet.write_row(2, 0, ["填报项目", "数量"], cell)
    parts = 0
    for row, item in enumerate(form.items, start=3):
        parts = parts + 1 if item.parent else 0
        label = f"其中：{desk.label(item)}" if parts == 1 else desk.label(item)
        number = f"{item.number}." if item.number else ""
        sheet.write(row, 0, number + label, cell)
        sheet.write(row, 1, figure(seed, row, item.parent is not None), cell)


def figure(seed: int, row: int, part: bool) -> int:
    """A unit's figure in a row; parts are small enough for their totals."""
    value = (seed * 7919 + row * 104729) % 4000
    return value // 8 if part else 500 + value


def main() -> None:
    """Make the workbooks, read them both ways, print both rates."""
    import pandas as pd  # noqa: PLC0415  (our readers, which load this module too, do without)

    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--units", type=int, default=3000)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    desk = desk_of(asked.units)
    with tempfile.TemporaryDirectory() as place:
        paths = write_returns(desk, Path(place))
        begun = time.perf_counter()
        collected = collect_due(desk, DUE, Path(place), jobs=asked.jobs)
        ours = time.perf_counter() - begun
        begun = time.perf_counter()
        for path in paths:
            pd.read_excel(path, engine="openpyxl")
        theirs = time.perf_counter() - begun
    read = sum(fact.state == "value" for fact in collected.facts)
    grave = sum(finding.severity != "info" for finding in collected.findings)
    assert read == asked.units * 21, read
    assert grave == 0, collected.findings[0]
    print(f"{asked.units} workbooks, {read} figures")
    for name, seconds in ((f"chunfeng, {asked.jobs} jobs", ours), ("pandas + openpyxl", theirs)):
        print(f"{name:20} {seconds:7.2f} s {asked.units / seconds:8.0f} files/s")
    print(f"ratio {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
