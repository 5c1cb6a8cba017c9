"""Corpus: a whole campaign's returns as they reach a bureau, made up, with the truth beside them.

``python -m variations.corpus OUT --tier county --seed 1`` (with ``tests/reading`` on the path)
writes ``received/<due>/`` and the tables that say what is true of it: truth, defects, files,
progress. Most forms are clean, in whatever layout, container and hand; some are wrong in the ways
that returns are. The same seed gives the same tables and the same files, but for the times that
office formats keep in their properties.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from random import Random

import docx
import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

from variations.containers import CONTAINERS, Container, lay_table, zipped
from variations.layouts import LAYOUTS, Layout
from variations.pages import Book, Formula, Page
from variations.prose import STAGES, Summary, summary
from variations.returns import Truth, desk_of, the_campaign
from variations.styles import NUMBERINGS, NUMBERS, Manner

BODIES = {"county": "370100", "city": "370000"}
_PACE = (1.0, 2.27, 3.52)
_SHARES = {
    "F1_1": 200, "F1_2": 2600, "F1_3": 1600, "F1_4": 2900, "F1_5_1": 11, "F1_5_2": 7, "F1_5_3": 3,
    "F1_6": 520, "F1_7": 8200, "F2_1": 330, "F2_2": 260, "F2_3": 140, "F2_4": 5, "F2_4_1": 3,
    "F2_4_2": 4, "F2_5_1": 60, "F2_5_2": 75, "F2_5_3": 22, "F2_6": 31,
    "F3_1": 60, "F3_2": 80, "F3_3": 22, "F3_4": 2, "F3_5": 160, "F3_6": 40, "F3_7": 34,
    "F3_8": 14, "F3_9": 11, "F3_10": 55,
}  # fmt: skip
#: Layouts in which a spoiled figure stands as it does in a plain form.
SIMPLE = (
    "official", "official_two_cells", "stacked", "remark_column", "last_right", "measure_column",
    "part_own_cell", "wide", "wide_two_level", "beside", "offset",
)  # fmt: skip
_SAFE_NUMBERS = ("plain", "text", "thousands")
_ALL_NUMBERS = (*["plain"] * 8, *NUMBERS)
_LABELS = (
    *["printed"] * 6, "half_width_brackets", "square_brackets", "tortoise_brackets", "bare",
    "spaced", "broken", "broken_at_bracket", "colon", "with_measure", "reworded", "short",
)  # fmt: skip
_NUMBERINGS = (*["dot"] * 4, *NUMBERINGS)
_CONTAINERS = (*["xlsx_openpyxl"] * 4, *["xls"] * 2, *CONTAINERS)
#: Containers that keep what a spoiled return is spoiled by: who made it, a result with a formula.
_SPECIAL = {
    "pattern": ("xlsx_openpyxl", "xlsx_xlsxwriter", "xlsm", "xml_2003", "xlsx_strict"),
    "stale": ("xlsx_openpyxl", "xlsx_xlsxwriter", "xls", "xlsm"),
}
#: How an older version and the one that counts are told apart: by a mark, by ``received.csv``
#: (甲, 乙), or by nothing but the order of their names (A, B).
_VERSIONS = (
    ("-旧版作废", ""), ("（作废）", ""), ("初稿", ""), ("_旧版", ""), ("", "（更正）"),
    ("v1", "v2"), ("", "(2)"), ("", "_最终版"), ("（初报）", "（终稿）"), ("", "-修改后"),
    ("_甲", "_乙"), ("B", "A"),
)  # fmt: skip
_STEMS = (
    "{u}统计表", "{u}2023年春风行动暨就业援助月统计表", "附件1附件2（{u}）", "{u}人社局报表",
    "关于报送{u}统计表的函附件", "{u}-附件", "报市局 {u}", "【{u}】统计表", "{u}统计表（盖章版）",
    "{u} 春风行动+援助月", "{u}_数据&表格#1", "{u}统计表 最终版",
)  # fmt: skip


_PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)


@dataclass
class Ledger:
    """The tables that stand beside the files, a list of rows each."""

    truth: list[tuple[object, ...]] = field(default_factory=list)
    defects: list[tuple[object, ...]] = field(default_factory=list)
    files: list[tuple[object, ...]] = field(default_factory=list)
    progress: list[tuple[object, ...]] = field(default_factory=list)

    def write(self, out: Path) -> None:
        """Write the tables as CSV, columns as in the samples."""
        heads = {
            "truth": "due,region_code,region,form,item,state,value",
            "defects": "due,region_code,region,form,item,kind,note",
            "files": "due,file,region,forms,layout,fate",
            "progress": "due,region_code,region,item,value",
        }
        for name, head in heads.items():
            with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file, lineterminator="\n")
                lines.writerow(head.split(","))
                lines.writerows(sorted(getattr(self, name), key=str) if name == "files"
                                else getattr(self, name))  # fmt: skip


@dataclass(frozen=True)
class Spoiled:
    """What is wrong with a return: its kind, the items named, figures and texts typed instead.

    texts: item → what is typed; figures: item → the figure typed; states: item → the state that
    is true of such a cell (``blank``, ``unreadable``), where it is no value.
    """

    kind: str
    form: str
    items: tuple[str, ...] = ()
    note: str = ""
    figures: Mapping[str, float | None] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    how: str = ""


class Maker:
    """Makes a corpus: all units of a desk, due after due."""

    def __init__(self, out: Path, *, tier: str, seed: int, units: int = 0) -> None:
        self.out = out
        self.rng = Random(f"{tier}-{seed}")
        self.desk = desk_of(BODIES[tier])
        self.city = tier == "city"
        self.units = list(self.desk.unit_codes)[: units or None]
        self.ledger = Ledger()
        scale = 14.0 if self.city else 1.0
        self.scale = {unit: scale * self.rng.uniform(0.55, 2.2) for unit in self.units}
        self.shape = {(unit, code): self.rng.uniform(0.8, 1.2)
                      for unit in self.units for code in _SHARES}  # fmt: skip
        self.taken: set[str] = set()
        self.sent: dict[tuple[int, str], set[str]] = {}
        self.received: list[tuple[str, str]] = []
        self.summed: set[str] = set()

    def make(self) -> None:
        """Write everything."""
        for stage, due in enumerate(self.desk.dues):
            self._due(stage, due)
        self.ledger.write(self.out)

    # --- figures

    def figures(self, unit: str, stage: int) -> dict[str, int | None]:
        """A unit's true figures at a stage: cumulative, in every relation that rules ask."""
        pace = _PACE[stage]
        f = {code: max(int(share * self.scale[unit] * self.shape[unit, code] * pace), 0)
             for code, share in _SHARES.items()}  # fmt: skip
        f["F1_4"] = max(f["F1_4"], f["F1_3"] + 5)
        f["F1_6"] = min(f["F1_6"], f["F1_2"])
        f["F1_5"] = f["F1_5_1"] + f["F1_5_2"] + f["F1_5_3"]
        f["F2_4_1"] = min(f["F2_4_1"], f["F2_4"])
        f["F2_4_2"] = max(f["F2_4_2"], f["F2_4_1"])
        f["F2_5"] = f["F2_5_1"] + f["F2_5_2"] + f["F2_5_3"]
        f["F2_6"] = min(f["F2_6"], f["F2_5_1"])
        f["F3_8"] = min(f["F3_8"], f["F3_7"] // 2)
        f["F3_9"] = min(f["F3_9"], f["F3_7"] - f["F3_8"])
        return dict(f)

    def prose(self, unit: str, stage: int, table: Mapping[str, int]) -> dict[str, float]:
        """The figures that the unit's stage summary must state."""
        size, rng = self.scale[unit], self.rng
        first = {"visits": 1200, "returned": 9000, "stayed": 2400, "migrants_out": 8000}
        found: dict[str, float] = {}
        for item in self.desk.expected_items(self.desk.dues[stage], "P"):
            key = item.code.removeprefix("P_")
            if key == "helped":
                found[key] = int(table["F2_3"]) + rng.randint(1, 40)
            elif key == "funds_wan":
                found[key] = round(60 * size * rng.uniform(0.6, 1.6), 1)
            else:
                value = int(first[key] * size * rng.uniform(0.7, 1.4))
                found[key] = value // 100 * 100 if rng.random() < 0.4 else value
        return found

    # --- one due

    def _due(self, stage: int, due: str) -> None:
        rng = self.rng
        folder = self.out / "received" / due
        folder.mkdir(parents=True, exist_ok=True)
        self.taken, self.received, self.summed = set(), [], set()
        units = [unit for unit in self.units if rng.random() > 0.06]
        silent = set(self.units) - set(units)
        for unit in silent:
            self._not_received(due, unit, ("F1", "F2"))
        group = self._collective(due, stage, units)
        for unit in units:
            if unit not in group:
                self._unit(due, stage, unit)
        for unit in self.units:
            if self.desk.expects(due, "F3", unit):
                self._third(due, stage, unit, silent)
            if unit not in self.summed:
                self._summary(due, stage, unit, silent=unit in silent)
        self._strangers(due)
        if self.received:
            table = "".join(f"{file},{time}\n" for file, time in self.received)
            self._file(due, "received.csv", ("file,received_at\n" + table).encode(), fate="ignore",
                       layout="ledger")  # fmt: skip

    def _not_received(self, due: str, unit: str, forms: Iterable[str]) -> None:
        for form in forms:
            self._defect(due, unit, form, (), "not_received")
            for item in self.desk.expected_items(due, form):
                self._true(due, unit, form, item.code, "absent", None)

    def _true(self, due: str, unit: str, form: str, code: str, state: str,
              value: float | None) -> None:  # fmt: skip
        name = the_campaign().region_by_code[unit].name
        item = code.split("_", 1)[1].replace("_", ".")
        told = "" if value is None else _plain(value)
        self.ledger.truth.append((due, unit, name, form, item, state, told))

    def _defect(self, due: str, unit: str, form: str, items: Sequence[str], kind: str,
                note: str = "") -> None:  # fmt: skip
        name = the_campaign().region_by_code[unit].name
        for code in items or ("",):
            item = code.split("_", 1)[1].replace("_", ".") if code else ""
            self.ledger.defects.append((due, unit, name, form, item, kind, note))

    def _file(self, due: str, name: str, data: bytes, *, unit: str = "", forms: str = "",
              layout: str = "", fate: str = "counts") -> str:  # fmt: skip
        """Lay a file into the due's folder, under a name that is free."""
        stem, dot, suffix = name.rpartition(".")
        free = name
        for n in range(3, 99):
            if f"{due}/{free}" not in self.taken:
                break
            free = f"{stem}_{n}{dot}{suffix}"
        self.taken.add(f"{due}/{free}")
        path = self.out / "received" / due / free
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.ledger.files.append(
            (due, free, self.called(unit) if unit else "", forms, layout, fate)
        )
        return free

    def called(self, unit: str) -> str:
        """The unit's short name."""
        return the_campaign().region_by_code[unit].short

    def _self_name(self, unit: str) -> str:
        """What the unit writes as its name: mostly the short one, else another of its names."""
        region = the_campaign().region_by_code[unit]
        other = [region.name, *(a for a in region.aliases if len(a) > 2), *region.old_names]
        return self.rng.choice(other) if self.rng.random() < 0.2 else ""

    # --- tables of the bureau's own line

    def _manner(self, *, safe: bool = False) -> Manner:
        rng = self.rng
        return Manner(
            number=rng.choice(_SAFE_NUMBERS if safe else _ALL_NUMBERS),
            label=rng.choice(_LABELS[:9] if safe else _LABELS),
            numbering=rng.choice(_NUMBERINGS),
        )

    def _choose(self, names: Sequence[str], manner: Manner,
                container: Container) -> tuple[str, Layout]:  # fmt: skip
        fitting = [name for name in names
                   if LAYOUTS[name].suits(manner)
                   and LAYOUTS[name].needs <= container.holds]  # fmt: skip
        name = self.rng.choice(fitting or ["official"])
        return name, LAYOUTS[name]

    def _unit(self, due: str, stage: int, unit: str) -> None:
        rng = self.rng
        figures = self.figures(unit, stage)
        truth = Truth(unit, {c: v for c, v in figures.items() if c[:2] in {"F1", "F2"}},
                      self._self_name(unit))  # fmt: skip
        spoiled = self._spoil(unit, stage, figures) if rng.random() < 0.2 else None
        manner = self._manner(safe=spoiled is not None)
        how = spoiled.how if spoiled else ""
        container_name = rng.choice(_SPECIAL.get(how, _CONTAINERS))
        container = CONTAINERS[container_name]
        own = [n for n, one in LAYOUTS.items() if one.units == 1 and one.forms == "F1 F2"
               and not one.may_warn]  # fmt: skip
        if how == "stale":
            manner, own = replace(manner, number="plain"), ["totals_range", "totals_plus"]
        name, layout = self._choose(SIMPLE if spoiled and how != "stale" else own, manner,
                                    container)  # fmt: skip
        if spoiled:
            truth = replace(truth, figures={**truth.figures, **spoiled.figures})
            manner = replace(manner, raws=tuple(spoiled.texts.items()))
        for code, value in truth.figures.items():
            form = code[:2]
            if spoiled and code in spoiled.states:
                self._true(due, unit, form, code, spoiled.states[code], None)
            else:
                self._true(due, unit, form, code, "blank" if value is None else "value", value)
        if spoiled:
            self._defect(due, unit, spoiled.form, spoiled.items, spoiled.kind, spoiled.note)
            if spoiled.how:  # it lies on both forms
                self._defect(due, unit, "F2", [code.replace("F1", "F2") for code in spoiled.items],
                             spoiled.kind, spoiled.note)  # fmt: skip
        self.sent[stage, unit] = set(truth.figures) - set(spoiled.items if spoiled else ())
        if not spoiled and rng.random() < 0.05:
            self.summed.add(unit)
            pages = LAYOUTS["official"].draw([truth], manner)
            return self._summary(due, stage, unit, silent=False, tables=pages)
        return self._send(due, unit, truth, manner, (name, layout, container_name), spoiled)

    def _send(self, due: str, unit: str, truth: Truth, manner: Manner,
              chosen: tuple[str, Layout, str], spoiled: Spoiled | None) -> None:  # fmt: skip
        """Write the return down and send it, under whatever name, in one file or two."""
        rng, (name, layout, container_name) = self.rng, chosen
        container = CONTAINERS[container_name]
        pages = layout.draw([truth], manner)
        how = spoiled.how if spoiled else ""
        if how == "stale":
            pages = tuple(_stale(page, rng) for page in pages)
        maker = f"{self._neighbour(unit)}人力资源和社会保障局" if how == "pattern" else ""
        habit = rng.choice(container.habits) if container.habits and how != "stale" else "cached"
        book = Book(pages, habit=habit, since_1904="1904" in layout.needs, maker=maker)
        stem = rng.choice(_STEMS).format(u=self.called(unit))
        if how in {"name", "due"}:
            stem = self._misleading(due, unit, how)
        if how == "versions":
            stem = self._versions(due, unit, truth, manner, layout, container)
        files = container.files(book, stem)
        if len(pages) == 2 and rng.random() < 0.25 and not how:
            files = {}
            for page in pages:
                alone = replace(book, pages=(page,))
                files |= container.files(alone, f"{self.called(unit)}{page.name}")
        self._lay(due, unit, files, f"{name}/{container_name}", how)

    def _lay(self, due: str, unit: str, files: dict[str, bytes], described: str, how: str) -> None:
        """Lay the files down: as they are, in a folder, in an archive, twice."""
        rng, draw = self.rng, self.rng.random()
        if not how and described.endswith("xlsx_openpyxl") and draw > 0.95:
            files = {file: _locked("VelvetSweatshop", data) for file, data in files.items()}
        if how in {"", "pattern"} and draw < 0.12:
            if rng.random() < 0.3:
                files |= {"说明.txt": "请查收。".encode("gbk"), "盖章页.jpg": _PICTURE}
            data = zipped(files, folder=rng.choice(("", self.called(unit), "报送材料")),
                          gbk=rng.random() < 0.7)  # fmt: skip
            self._file(due, f"{self.called(unit)}报送.zip", data, unit=unit, forms="F1+F2",
                       layout=f"zip/{described}")  # fmt: skip
            return
        folder = f"{self.called(unit)}/" if draw < 0.2 and how != "versions" else ""
        if how == "folder":
            folder = f"{self._neighbour(unit)}/"
        for file, data in files.items():
            self._file(due, folder + file, data, unit=unit, forms="F1+F2", layout=described)
        if not how and not folder and draw > 0.93:
            self._same_again(due, unit, files, described)

    def _same_again(self, due: str, unit: str, files: Mapping[str, bytes], described: str) -> None:
        """The same files once more, as people send them twice."""
        for file, data in files.items():
            copy = self._file(due, f"重复发送/{file}", data, unit=unit, forms="F1+F2",
                              layout=described, fate="superseded")  # fmt: skip
            if copy < file:  # the first by name counts
                first, second = self.ledger.files[-1], next(
                    row for row in self.ledger.files if row[:2] == (due, file))  # fmt: skip
                at = self.ledger.files.index(second)
                self.ledger.files[-1], self.ledger.files[at] = (
                    (*first[:-1], "counts"), (*second[:-1], "superseded"))  # fmt: skip

    def _neighbour(self, unit: str) -> str:
        """The short name of another unit."""
        return self.called(self.rng.choice([u for u in self.desk.unit_codes if u != unit]))

    def _misleading(self, due: str, unit: str, how: str) -> str:
        """A file's name that names a neighbour, or another round."""
        if how == "name":
            return f"{self._neighbour(unit)}统计表"
        other = [r.name for r in self.desk.tier.rounds
                 if str(r.due) != due and r.name.startswith("第")]  # fmt: skip
        return f"{self.called(unit)}{self.rng.choice(other)}报送统计表"

    def _versions(self, due: str, unit: str, truth: Truth, manner: Manner, layout: Layout,
                  container: Container) -> str:  # fmt: skip
        """Lay down another version with other figures; the name of the one that counts."""
        rng, name = self.rng, self.called(unit)
        other = replace(truth, figures={c: v if v is None else int(v) + 3 + len(c)
                                        for c, v in truth.figures.items()})  # fmt: skip
        old, new = rng.choice(_VERSIONS)
        files = container.files(Book(layout.draw([other], manner)), f"{name}统计表{old}")
        for file, data in files.items():
            laid = self._file(due, file, data, unit=unit, forms="F1+F2", layout="version",
                              fate="superseded")  # fmt: skip
            if new == "_乙":
                self.received.append((laid, "2023-01-05 09:00"))
                self.received.append((laid.replace("_甲", "_乙"), "2023-01-06 16:30"))
        return f"{name}统计表{new}"

    def _spoil(self, unit: str, stage: int, f: Mapping[str, int | None]) -> Spoiled:
        """One of the ways in which a return is wrong."""

        def n(code: str) -> int:
            return f[code] or 0

        rng = self.rng
        item = rng.choice([c for c in f if c[:2] in {"F1", "F2"} and n(c) >= 20])
        form = item[:2]
        kinds: list[Callable[[], Spoiled]] = [
            lambda: Spoiled("negative", "F1", ("F1_6",), figures={"F1_6": -n("F1_6")}),
            lambda: Spoiled("decimal", "F2", ("F2_3",), figures={"F2_3": n("F2_3") + 0.5}),
            lambda: Spoiled("blank", form, (item,), figures={item: None}),
            lambda: Spoiled("dash", form, (item,), figures={item: None},
                            texts={item: rng.choice(("—", "/", "无", "-"))}),
            lambda: Spoiled("approximate", form, (item,),
                            texts={item: rng.choice(("约{}", "{}左右", "{}余")).format(n(item))}),
            lambda: Spoiled("unreadable", form, (item,), states={item: "unreadable"},
                            texts={item: rng.choice(("100-200", "300+15", "1,23", "见附表"))}),
            lambda: Spoiled("demand_lt_posts", "F1", ("F1_4",), "岗位数与需求数填反",
                            figures={"F1_4": n("F1_3"), "F1_3": n("F1_4")}),
            lambda: Spoiled("sub_gt_total", "F2", ("F2_4_1",),
                            figures={"F2_4_1": n("F2_4") + 2, "F2_4_2": n("F2_4") + 4}),
            lambda: Spoiled("part_gt_total", "F2", ("F2_5_1",),
                            figures={"F2_5_1": n("F2_5") + 9}),
            lambda: Spoiled("agree_gt_seekers", "F1", ("F1_6",), figures={"F1_6": n("F1_2") + 31}),
            lambda: Spoiled("parts_differ", "F1", ("F1_5",), figures={"F1_5": n("F1_5") + 7}),
            lambda: Spoiled("conflicting_versions", "F1", (), "两份不同的表", how="versions"),
            lambda: Spoiled("unit_disagrees", "F1", (), "用别的单位的表改的", how="pattern"),
            lambda: Spoiled("unit_disagrees", "F1", (), "文件名是别的单位", how="name"),
            lambda: Spoiled("unit_disagrees", "F1", (), "放在别的单位的文件夹里", how="folder"),
            lambda: Spoiled("due_disagrees", "F1", (), "文件名写的是另一期", how="due"),
            lambda: Spoiled("stale_total", "F1", ("F1_5",), "存的结果与公式不符", how="stale"),
        ]  # fmt: skip
        if {"F1_7", "F1_1"} <= self.sent.get((stage - 1, unit), set()):
            past = self.figures(unit, stage - 1)
            kinds += [
                lambda: Spoiled("hundredfold", "F1", ("F1_7",), "多写两个零",
                                figures={"F1_7": n("F1_7") * 100}),
                lambda: Spoiled("fall", "F1", ("F1_1",),
                                figures={"F1_1": max((past["F1_1"] or 0) - 20, 0)}),
            ]  # fmt: skip
        return rng.choice(kinds)()

    def _collective(self, due: str, stage: int, units: list[str]) -> set[str]:
        """Three units in one workbook, by sheet, by row or by column; or nobody."""
        rng = self.rng
        if len(units) < 5 or rng.random() < 0.3:
            return set()
        chosen = sorted(rng.sample(units, 3), key=units.index)
        manner = replace(self._manner(), number=rng.choice(_ALL_NUMBERS))
        container_name = rng.choice(_CONTAINERS)
        container = CONTAINERS[container_name]
        name, layout = self._choose([n for n, one in LAYOUTS.items() if one.units > 1], manner,
                                    container)  # fmt: skip
        if layout.units == 1:
            return set()
        told = []
        for unit in chosen:
            figures = self.figures(unit, stage)
            truth = Truth(unit, {c: v for c, v in figures.items() if c[:2] in {"F1", "F2"}})
            told.append(truth)
            self.sent[stage, unit] = set(truth.figures)
            for code, value in truth.figures.items():
                self._true(due, unit, code[:2], code, "value", value)
        book = Book(layout.draw(told, manner), since_1904="1904" in layout.needs)
        for file, data in container.files(book, "各单位汇总").items():
            self._file(due, file, data, forms="F1+F2", layout=f"{name}/{container_name}")
        return set(chosen)

    # --- the 残联's table and the summaries

    def _third(self, due: str, stage: int, unit: str, silent: set[str]) -> None:
        rng = self.rng
        if unit in silent and rng.random() < 0.5:
            return self._not_received(due, unit, ("F3",))
        figures = self.figures(unit, stage)
        truth = Truth(unit, {c: v for c, v in figures.items() if c.startswith("F3")})
        manner = replace(self._manner(), label="printed")
        container_name = rng.choice(_CONTAINERS)
        container = CONTAINERS[container_name]
        name, layout = self._choose([n for n, one in LAYOUTS.items() if one.forms == "F3"], manner,
                                    container)  # fmt: skip
        if layout.forms != "F3":
            name, layout = "third_printed", LAYOUTS["third_printed"]
        if rng.random() < 0.1:
            truth = replace(truth, figures={**truth.figures, "F3_8": (figures["F3_7"] or 0) + 6})
            self._defect(due, unit, "F3", ("F3_8",), "part_gt_total")
        for code, value in truth.figures.items():
            self._true(due, unit, "F3", code, "value", value)
        book = Book(layout.draw([truth], manner), since_1904="1904" in layout.needs)
        stem = rng.choice(
            ("{u}残联2023年就业援助月活动情况统计表", "附件3 {u}残联", "{u}残联统计表")
        )
        for file, data in container.files(book, stem.format(u=self.called(unit))).items():
            self._file(due, file, data, unit=unit, forms="F3", layout=f"{name}/{container_name}")
        return None

    def _summary(self, due: str, stage: int, unit: str, *, silent: bool,
                 tables: Sequence[Page] = ()) -> None:  # fmt: skip
        """The unit's stage summary; its tables in the same document, where they are given."""
        rng = self.rng
        if not tables and (silent or rng.random() < 0.08):
            self._defect(due, unit, "P", (), "not_received")
            return
        table = {c: int(v) for c, v in self._sent(due, unit).items()
                 if v is not None and v > 0 and v == int(v)}  # fmt: skip
        wanted = self.prose(unit, stage, {**self.figures(unit, stage), **table})
        other: dict[str, int] = {}
        if "helped" in wanted and rng.random() < 0.07:
            wanted["helped"] = max(int(table.get("F2_3", 40) * 0.8) - 1, 1)
            self._defect(due, unit, "P", ("P_helped",), "narrative_mismatch", "人次小于附件2人数")
        elif "F1_5" in table and rng.random() < 0.06:
            other = {"F1_5": int(table["F1_5"]) // 10 * 10 + 23}  # no round number
            self._defect(due, unit, "P", (), "narrative_mismatch", "招聘活动场数与附件1不同")
        about = ""
        if wanted and not other and rng.random() < 0.06:
            about = rng.choice(sorted(wanted))
            self._defect(due, unit, "P", (f"P_{about}",), "approximate", "写了约")
        region = the_campaign().region_by_code[unit]
        word = "市" if self.city else region.name[-1] if region.name[-1] in "区县" else "区"
        made = summary(
            rng, region.short, word, stage, wanted, table, city=self.city, other=other, about=about
        )
        for key, value in wanted.items():
            self.ledger.progress.append((due, unit, region.name, key, _plain(value)))
        suffix, data = self._written(made, tables)
        forms = "F1+F2+summary" if tables else "summary"
        self._file(due, f"{region.short}{STAGES[stage]}{suffix}", data, unit=unit, forms=forms,
                   layout="narrative")  # fmt: skip

    def _sent(self, due: str, unit: str) -> dict[str, float | None]:
        """What the unit's forms say at this due."""
        return {f"{form}_{item.replace('.', '_')}": float(value) if state == "value" else None
                for d, u, _, form, item, state, value in self.ledger.truth
                if (d, u) == (due, unit)}  # type: ignore[attr-defined,arg-type]  # fmt: skip

    def _written(self, made: Summary, tables: Sequence[Page]) -> tuple[str, bytes]:
        draw = 1.0 if tables else self.rng.random()
        if draw < 0.08:
            return ".txt", "\r\n".join(made.paragraphs).encode("gb18030")
        if draw < 0.14:
            return ".txt", "\n".join(made.paragraphs).encode("utf-8-sig")
        document = docx.Document()
        for n, text in enumerate(made.paragraphs):
            if n == 0 and draw < 0.5:
                document.add_heading(text, level=1)
            else:
                document.add_paragraph(text)
        for page in tables:
            document.add_paragraph("")
            lay_table(document, page, first=0)
        packed = BytesIO()
        document.save(packed)
        return ".docx", packed.getvalue()

    # --- what is no return

    def _strangers(self, due: str) -> None:
        rng = self.rng
        kinds = list(_strangers(self.desk.unit_codes, self.city))
        for name, data, layout, fate in rng.sample(kinds, 6):
            self._file(due, name, data, layout=layout, fate=fate)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _stale(page: Page, rng: Random) -> Page:
    """The page with a stored result that its formula does not give."""
    other = {spot: replace(value, result=value.result + rng.randint(1, 9))
             for spot, value in page.cells.items() if isinstance(value, Formula)}  # fmt: skip
    return replace(page, cells={**page.cells, **other})


def _rota() -> bytes:
    book = openpyxl.Workbook()
    for row in (
        ("春节值班表",),
        ("姓名", "日期", "电话"),
        ("甲", "1月21日", "略"),
        ("乙", "1月22日", "略"),
    ):
        book.active.append(row)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _locked(password: str, data: bytes) -> bytes:
    """A workbook with a password to open it."""
    packed = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, packed)
    return packed.getvalue()


def _strangers(units: Sequence[str], city: bool) -> Iterable[tuple[str, bytes, str, str]]:
    """Name, bytes, kind and fate of files that are no returns of our units."""
    first = the_campaign().region_by_code[units[0]].short
    street = Truth(units[0], {"F1_1": 3, "F1_2": 14, "F1_3": 9, "F1_4": 12, "F1_5": 3, "F1_5_1": 1,
                              "F1_5_2": 1, "F1_5_3": 1, "F1_6": 2, "F1_7": 55})  # fmt: skip
    other = replace(street, called="石家庄市" if city else "青岛市")
    wrong_tier = CONTAINERS["xlsx_openpyxl"].files(
        Book(LAYOUTS["official"].draw([other], Manner())), "统计表")  # fmt: skip
    nobody = CONTAINERS["xls"].files(
        Book(LAYOUTS["official"].draw([replace(street, called="历上区")], Manner())), "统计表"
    )
    yield "不认识的单位.xls", nobody["统计表.xls"], "unknown_unit", "refuse"
    yield f"~${first}春风行动情况统计表.xlsx", b"\x05admin" + bytes(159), "lock", "ignore"
    yield f"{first}统计表.xlsx.tmp", b"half", "junk", "ignore"
    yield "Thumbs.db", b"\xd0\xcf\x11\xe0" + bytes(100), "junk", "ignore"
    yield ".DS_Store", bytes(60), "junk", "ignore"
    yield "损坏的表.xlsx", bytes(range(256)) * 8, "corrupt", "refuse"
    yield "半截的表.xlsx", _rota()[:1500], "corrupt", "refuse"
    yield "空文件.xlsx", b"", "empty", "refuse"
    yield "春节值班表.xlsx", _rota(), "other", "refuse"
    yield "加密的表.xlsx", _locked("jn2023", _rota()), "encrypted", "refuse"
    yield "扫描件.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "pdf", "refuse"
    yield "盖章页.jpg", _PICTURE, "picture", "refuse"
    yield "盖章页.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "picture", "refuse"
    yield "报送材料.rar", b"Rar!\x1a\x07\x01\x00" + bytes(200), "rar", "refuse"
    yield "报送材料.7z", b"7z\xbc\xaf\x27\x1c" + bytes(200), "7z", "refuse"
    yield "外地来表.xlsx", wrong_tier["统计表.xlsx"], "wrong_tier", "refuse"
    nested = zipped({"里层.zip": zipped({"统计表.xlsx": _rota()})})
    yield "压缩包里的压缩包.zip", nested, "nested", "refuse"
    yield "空压缩包.zip", zipped({}), "empty", "refuse"
    yield "说明.txt", "报送说明：请查收附件，谢谢。".encode(), "other", "refuse"
    yield "联系电话.csv", "单位,职务\n某某局,科长\n".encode("gb18030"), "other", "refuse"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a corpus, as the command line says."""
    parser = argparse.ArgumentParser(prog="variations.corpus", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tier", choices=sorted(BODIES), default="county")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", type=int, default=0, help="only the first so many (0: all)")
    told = parser.parse_args(arguments)
    told.out.mkdir(parents=True, exist_ok=True)
    Maker(told.out, tier=told.tier, seed=told.seed, units=told.units).make()


if __name__ == "__main__":
    main()
