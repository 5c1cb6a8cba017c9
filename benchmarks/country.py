"""Country: a made-up campaign of the whole country, for benchmarks to work on.

    python benchmarks/country.py FOLDER [--units 15|151|702|2978] [--due 2023-02-01]

Lays out a workspace whose body is the country and whose units are its counties, under their cities
and provinces. Forms, rounds, rules and readings are those of this repository's campaign; names and
codes come from the public division tables. For one due every unit sends what an official blank,
filled in, would be: one workbook with all table forms, in a folder of its city in one of its
province, and a short written summary. Figures are `doctor.invented`'s, seeded by the unit's code:
they keep the rules, but a unit in `WRONG` has an error planted in one form, and one in `MISSING`
sends nothing; one in `SPEECHLESS` sends no summary. A unit writes its own name as people at home
do, so that two 鼓楼区 are told apart by what surrounds the name alone.

Fewer units are the first of one order, so that a smaller country is part of every larger one. The
campaign's own province comes first and each is whole before the next begins: 15 are within it, 151
are all of it, 702 are seven provinces and 2,978 all there are.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

from chunfeng_reports.blanks import blank_properties, form_sheet
from chunfeng_reports.campaign import Desk, Expected, Form, Region
from chunfeng_reports.checks import Suite, load_suites
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.doctor import KINDS
from chunfeng_reports.doctor.invented import Figures, invent
from chunfeng_reports.renderers import excel
from chunfeng_reports.renderers.word.packing import packed
from chunfeng_reports.store import KITS, Store, write_bytes

ROOT = Path(__file__).parents[1]
DIVISIONS = ROOT.parent / "shared" / "divisions"
SOURCE, SOURCE_BODY = "2023-chunfeng", "370100"
CAMPAIGN, BODY, DUE = "2023-quanguo", "100000", "2023-02-01"
ALL = 2978
MISSING, WRONG, SPEECHLESS = (37, 11), (23, 5), (29, 3)
"""Every so-manieth unit, from which on: nothing came; an error was made; no summary came."""
_ORIGIN = "公开区划代码表"
_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Area:
    """A county-level unit with what lies above it: codes of six digits, and names.

    shares_name: whether another unit of the country is called so.
    """

    code: str
    name: str
    city: str
    city_name: str
    province: str
    province_name: str
    shares_name: bool

    @property
    def parent(self) -> str:
        """What it lies in: its city, or the province where city and unit are one (东莞市)."""
        return self.province if self.city == self.code else self.city

    @property
    def folder(self) -> Path:
        """The folder in which what it sends lies."""
        city = () if self.city == self.code else (self.city_name,)
        return Path(self.province_name, *city)


@dataclass(frozen=True)
class Sent:
    """A unit and how it does what is asked of it."""

    area: Area
    wrong: bool
    summary: bool


def areas(units: int = ALL, *, divisions: Path = DIVISIONS) -> list[Area]:
    """The first units of the country; the campaign's own province comes before the others."""
    cities, provinces = (
        {row["code"]: row["name"] for row in _rows(divisions / f"{name}.csv")}
        for name in ("cities", "provinces")
    )
    rows = _rows(divisions / "areas.csv")
    called = Counter(row["name"] for row in rows)
    every = [
        Area(row["code"], row["name"], row["cityCode"].ljust(6, "0"), cities[row["cityCode"]],
             row["provinceCode"].ljust(6, "0"), provinces[row["provinceCode"]],
             called[row["name"]] > 1)
        for row in rows
    ]  # fmt: skip
    ours = SOURCE_BODY[:2].ljust(6, "0")
    return sorted(every, key=lambda area: (area.province != ours, area.code))[:units]


def lay_out(
    root: Path, *, units: int = ALL, due: str = DUE, jobs: int = 2, divisions: Path = DIVISIONS
) -> Store:
    """A workspace with what so many units of the country sent for a due.

    The folder must not be there yet. The same units and due give the same bytes.
    """
    told = areas(units, divisions=divisions)
    for kit in KITS[:2]:
        shutil.copytree(ROOT / kit, root / kit, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "expectations" / SOURCE).rename(root / "expectations" / CAMPAIGN)
    _define(root / "campaigns" / CAMPAIGN, told)
    (root / "data" / "processed").mkdir(parents=True)
    write_bytes(root / "chunfeng.toml", f'campaign = "{CAMPAIGN}"\nbody = "{BODY}"\n'.encode())
    sent = [
        Sent(area, _among(n, WRONG), not _among(n, SPEECHLESS))
        for n, area in enumerate(told)
        if not _among(n, MISSING)
    ]
    store = Store(root)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        shares = [sent[n::jobs] for n in range(jobs)]
        for _ in pool.map(_send, shares, [store] * jobs, [due] * jobs):
            pass
    return store


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _among(n: int, every: tuple[int, int]) -> bool:
    step, first = every
    return n % step == first


# --- the campaign


def _define(folder: Path, told: Sequence[Area]) -> None:
    """The campaign's files: all but tiers and regions as they stand in this repository's."""
    shutil.copytree(ROOT / "campaigns" / SOURCE, folder)
    known = yaml.safe_load((folder / "campaign.yaml").read_text("utf-8"))
    tier = next(tier for tier in known["tiers"] if SOURCE_BODY in tier["bodies"])
    regions = list(_regions(told))
    codes = {region["code"] for region in regions}
    del tier["upper"]
    tier["bodies"] = [BODY]
    for one in tier["rounds"]:
        one.pop("feeds", None)
        one["summary"] = _of_the_country(one["summary"])
        for expected in one["forms"].values():
            expected["not_from"] = [c for c in expected.get("not_from", ()) if c in codes]
    _write(folder / "campaign.yaml", known | {"id": CAMPAIGN, "tiers": [tier]})
    _write(folder / "regions.yaml", {"regions": regions})


def _of_the_country(outline: dict[str, Any]) -> dict[str, Any]:
    """A summary's outline, addressed to nobody and signed by nobody."""
    told = {name: value for name, value in outline.items() if name not in ("to", "signed")}
    topics = [
        topic | {"says": [says.replace("全市", "全国") for says in topic.get("says", ())]}
        for topic in outline["topics"]
    ]
    return told | {"topics": topics}


def _regions(told: Sequence[Area]) -> Iterator[dict[str, Any]]:
    """The country, its provinces and cities, then the units, in the order of their codes.

    The short name of one that shares its name, anywhere in the country, begins with its city's.
    """
    yield _region(BODY, "全国", "country", None)
    provinces = {area.province: area.province_name for area in told}
    cities = {area.city: area for area in told if area.parent == area.city}
    for code, name in sorted(provinces.items()):
        yield _region(code, name, "province", BODY)
    for code, area in sorted(cities.items()):
        yield _region(code, area.city_name, "city", area.province)
    for area in sorted(told, key=lambda area: area.code):
        short = f"{area.city_name}{area.name}" if area.shares_name else ""
        yield _region(area.code, area.name, "county", area.parent, short=short)


def _region(
    code: str, name: str, level: str, parent: str | None, *, short: str = ""
) -> dict[str, Any]:
    above = {"parent": parent} if parent else {}
    return {"code": code, "name": name, "short": short or name, "level": level, **above,
            "origin": _ORIGIN}  # fmt: skip


def _write(path: Path, told: dict[str, Any]) -> None:
    text = yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False,
                     default_flow_style=None, width=10**6)  # fmt: skip
    write_bytes(path, text.encode())


_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


# --- what units send


def _send(sent: Sequence[Sent], store: Store, due: str) -> None:
    """Write the workbook and the summary of some units."""
    desk = Desk.of(load_campaign(store.campaign(CAMPAIGN)), BODY)
    for one in sent:
        folder = store.raw(due) / one.area.folder
        # At home a name needs no city before it.
        unit = desk.unit(one.area.code).model_copy(update={"short": one.area.name})
        figures = _figures(unit.code, due)
        forms = [desk.campaign.form_by_code[code] for code in desk.expected_forms(due)]
        tables = [form for form in forms if form.layout != "prose"]
        book = _workbook(desk, unit, due, tables, _mistaken(one, tables, figures))
        write_bytes(folder / f"{unit.name}{desk.campaign.title}统计表.xlsx", book)
        for form in forms if one.summary else ():
            if form.layout == "prose":
                expected = desk.round(due).forms[form.code]
                path = folder / f"{unit.name}{expected.title or form.titles[0]}.docx"
                write_bytes(path, _document(desk, unit, due, form, expected, figures))


def _workbook(desk: Desk, unit: Region, due: str, forms: Sequence[Form], figures: Figures) -> bytes:
    """The table forms, as the official blanks have them, filled in."""
    plans = [form_sheet(desk, form, due=due, region=unit, values=figures) for form in forms]
    return excel.forms_workbook(
        plans,
        properties=blank_properties(desk, forms, due=due, region=unit),
        title=desk.campaign.title,
    )


def _document(
    desk: Desk, unit: Region, due: str, form: Form, expected: Expected, figures: Figures
) -> bytes:
    """A summary as short as they come: under the outline's headings, the figures asked for."""
    import docx  # noqa: PLC0415  (what only lays out a country of few units need not wait for it)

    title = f"{unit.name}关于{desk.campaign.title}{expected.title or form.titles[0]}的报告"
    document = docx.Document()
    document.add_paragraph(title)
    outline = desk.round(due).summary
    left = {item.code: item for item in desk.expected_items(due, form.code)}
    for number, topic in zip(_NUMBERS, outline.topics if outline else (), strict=False):
        named = [left.pop(code) for code in list(left) if f"{{{code}" in "".join(topic.says)]
        stated = [f"{item.label}{figures[item.code]:.{item.decimals}f}{item.unit}"
                  for item in named]  # fmt: skip
        document.add_paragraph(f"{number}、{topic.title}")
        document.add_paragraph("；".join(stated or ["各项工作按通知要求有序开展"]) + "。")
    return packed(document, title=title, subject="")


def _figures(unit: str, due: str) -> Figures:
    """The figures of a unit at a due, by item code; those of a careful unit."""
    desk, suites = _source()
    made = invent(desk, suites, seed=zlib.crc32(unit.encode()), units=1)
    return {fact.item: fact.value for fact in made.facts
            if fact.due == due and fact.value is not None}  # fmt: skip


def _mistaken(one: Sent, forms: Sequence[Form], figures: Figures) -> Figures:
    """The figures with an error where the unit makes one: which and where, its code tells."""
    if not one.wrong:
        return figures
    seed = zlib.crc32(one.area.code.encode())
    codes = [item.code for item in forms[seed % len(forms)].items]
    typed, kinds = tuple(figures[code] for code in codes), list(KINDS.values())
    for n in count(seed // 7):  # not every kind changes something everywhere
        planted = kinds[n % len(kinds)].plant(typed, n % len(codes))
        if planted is not None:
            return figures | {c: v for c, v in zip(codes, planted, strict=True) if v is not None}
    raise AssertionError


@cache
def _source() -> tuple[Desk, tuple[Suite, ...]]:
    """This repository's own desk and suites, after which figures are made up."""
    campaign = load_campaign(ROOT / "campaigns" / SOURCE)
    suites = load_suites(ROOT / "expectations" / SOURCE, campaign=campaign)
    return Desk.of(campaign, SOURCE_BODY), suites


def main() -> None:
    """Lay out a country in a new folder."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--units", type=int, default=ALL)
    options.add_argument("--due", default=DUE)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--divisions", type=Path, default=DIVISIONS)
    asked = options.parse_args()
    lay_out(asked.folder, units=asked.units, due=asked.due, jobs=asked.jobs,
            divisions=asked.divisions)  # fmt: skip


if __name__ == "__main__":
    main()
