"""The workspace as analysts and notebooks see it: facts, findings, roll-up, reports.

>>> from chunfeng_reports import Workspace
>>> ws = Workspace.find()                         # the nearest chunfeng.toml upwards
>>> dossier = ws.dossier("2023-02-01")            # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

import pandas as pd

from chunfeng_reports.campaign import Campaign, Desk, Tier
from chunfeng_reports.checks import Suite, check_due, check_rollup, load_own, rule_labels
from chunfeng_reports.definitions import load_campaign, load_desk
from chunfeng_reports.errors import UseError
from chunfeng_reports.findings import FINDING_COLUMNS, Changes, findings_frame
from chunfeng_reports.renderers import display
from chunfeng_reports.renderers.browsing import browser
from chunfeng_reports.report import Report, Section
from chunfeng_reports.store import MARKER, Store, read_table, read_tables, write_bytes, write_table
from chunfeng_reports.tables import OF_UNITS, OVER_TIME, Dossier, analysis, withheld
from chunfeng_reports.tables import unit as of_unit

#: A suite of rules: the path of its file, a name of the campaign's, or what stands in one.
Named = Path | str | Mapping[str, Any]

_NO_BELOW = pd.DataFrame({"region": [], "item": [], "below": [], "below_due": []}).astype(
    {"region": "str", "item": "str", "below": "float64", "below_due": "str"}
)


@dataclass(frozen=True, repr=False)
class Workspace:
    """A campaign's returns at one body's desk, and what was made of them."""

    store: Store

    @classmethod
    def find(cls, start: Path | str = ".") -> Workspace:
        """The workspace at a folder or the nearest one above it.

        In a notebook, reports and their parts show as a reviewer will see them from here on.
        UseError where there is none.
        """
        ws = cls(Store.find(start))
        display.register(names=ws._names)
        return ws

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign that ``chunfeng.toml`` names."""
        return load_campaign(self._definition())

    def _definition(self) -> Path:
        name = self.store.settings().campaign
        folder = self.store.campaign(name)
        if not folder.is_dir():
            raise UseError(f"没有活动定义文件夹 campaigns/{name}；请检查 chunfeng.toml 的 campaign")
        return folder

    @cached_property
    def desk(self) -> Desk:
        """The campaign as the body that ``chunfeng.toml`` names sees it."""
        return load_desk(self._definition(), self.store.settings().body)

    @cached_property
    def rule_labels(self) -> dict[str, str]:
        """The Chinese label of each of the campaign's rules, by its id."""
        return rule_labels(self.store.suites(self.campaign.id))

    @property
    def dues(self) -> pd.DataFrame:
        """How each due stands; columns as :data:`chunfeng_reports.tables.analysis.DUES_COLUMNS`.

        Told of what the last check found. The workspace itself does not show it: executed reports
        hold what a workspace shows, and a due's reports hang on nothing of later dues.
        """
        return analysis.dues(self.desk, {due: self.dossier(due) for due in self._checked()})

    @property
    def units(self) -> pd.DataFrame:
        """The units that report to the body, a row each: region, unit, name (in full)."""
        rows = [(unit.code, unit.short, unit.name) for unit in self.desk.units]
        return pd.DataFrame(rows, columns=list(analysis.UNIT_COLUMNS), dtype="str")

    @property
    def items(self) -> pd.DataFrame:
        """The items of the campaign's forms, a row each: item, form (codes, as facts have them),
        form_name, label, measure.
        """
        rows = [(item.code, item.form, self.campaign.form_by_code[item.form].short,
                 self.desk.label(item), item.unit)
                for item in self.campaign.item_by_code.values()]  # fmt: skip
        return pd.DataFrame(rows, columns=list(analysis.ITEM_COLUMNS), dtype="str")

    def unit(self, words: str | int) -> str:
        """The code of the unit that goes by a code or name, or by a part that no other name has.

        UseError with the nearest names where there is none, or more than one.
        """
        return self.desk.unit_named(words).code

    def compare(self, due: str, item: str) -> pd.DataFrame:
        """The units side by side in one item, by code or name, largest first; columns as
        :data:`chunfeng_reports.tables.analysis.COMPARED_COLUMNS`.
        """
        return analysis.compare(self.dossier(due), item)

    def course(self, region: str | int, item: str) -> pd.DataFrame:
        """One item over the dues, of a unit (code or name) or a region above the units (code);
        columns as :data:`chunfeng_reports.tables.analysis.COURSE_COLUMNS`.

        All dues that were checked. A report of one due takes ``analysis.course`` of its dossier,
        lest it hang on later ones.
        """
        checked = self._checked() or self.desk.dues[:1]  # which says that nothing was made yet
        code = str(region) if str(region) in self.desk.nodes else self.unit(region)
        return analysis.course(self.dossier(checked[-1]), code, item)

    def browse(self) -> Any:
        """In a notebook, a unit's figures and findings at a due, both chosen from lists.

        A widget where ipywidgets is installed (the extra ``widgets``); else what to do instead.
        """
        units = {unit.short: unit.code for unit in self.desk.units}
        return browser(self._checked(), units, self._figures_and_findings)

    def _figures_and_findings(self, due: str, region: str) -> tuple[Section, ...]:
        known = self.dossier(due)
        return of_unit.figures(known, region), of_unit.findings(known, region)

    def _checked(self) -> tuple[str, ...]:
        """Dues that a check has been through, with every earlier one that has begun.

        UseError in a report: it would hang on later dues, and know of none that is not its own.
        """
        if self.store.scratch:
            raise UseError(
                "报告里不能用 ws.dues、ws.course 和 ws.browse：它们还看以后各期，报告会随之改变；"
                "请用 dossier，例如 analysis.course(dossier, region, item)"
            )
        begun = [due for due in self.desk.dues if self.store.table(due, "facts").is_file()]
        whole = takewhile(lambda due: self.store.table(due, "findings").is_file(), begun)
        return tuple(whole)

    def _names(self) -> dict[str, str]:
        """What regions, forms and items are called, by code."""
        known = self.campaign
        return {
            code: one.short
            for named in (known.region_by_code, known.form_by_code, known.item_by_code)
            for code, one in named.items()
        }

    def facts(self, due: str) -> pd.DataFrame:
        """Facts of a due; columns as :data:`chunfeng_reports.facts.FACT_COLUMNS`."""
        return self._table(due, "facts")

    def findings(self, due: str) -> pd.DataFrame:
        """Findings of a due; columns as :data:`chunfeng_reports.findings.FINDING_COLUMNS`."""
        return self._table(due, "findings")

    def intake(self, due: str) -> pd.DataFrame:
        """Files received for a due and their fate."""
        return self._table(due, "intake")

    def passages(self, due: str) -> pd.DataFrame:
        """The narrative of a due's summaries that count, a row a paragraph under its heading."""
        return self._table(due, "passages")

    def explanations(self, due: str) -> pd.DataFrame:
        """What units say of a due's findings, who approved it, and what came of it."""
        return self._table(due, "explanations")

    def outcomes(self, due: str) -> pd.DataFrame:
        """What each rule gave at a due, as counts of units."""
        return self._table(due, "outcomes")

    def corrections(self, due: str) -> pd.DataFrame:
        """What would mend the returns of a due whose figures do not fit together; columns as
        :data:`chunfeng_reports.corrections.CORRECTION_COLUMNS`."""
        return self._table(due, "corrections")

    def rollup(self, due: str) -> pd.DataFrame:
        """Totals of a due; columns as :data:`chunfeng_reports.rollup.ROLLUP_COLUMNS`."""
        return self._table(due, "rollup")

    def below(self, due: str) -> pd.DataFrame:
        """What units' own units add up to in the round that feeds a due.

        Only units for which ``chunfeng.toml`` names a workspace (``[lower]``), and totals that are
        whole. An item that goes by another wording one tier down may be another measure: left out.
        Columns: region, item, below, below_due. UseError where a workspace named is of another
        campaign or body.
        """
        found = [_NO_BELOW]
        for unit, store in self.store.lower().items():
            fed = self.desk.fed_by(due, self.desk.unit(unit).code)
            settings = store.settings()
            if (settings.campaign, settings.body) != (self.campaign.id, unit):
                raise UseError(
                    f"chunfeng.toml 的 [lower] 为 {unit} 指明的工作区是 {settings.campaign} 活动"
                    f" {settings.body} 的；请改为 {unit} 自己在本活动的工作区"
                )
            if fed and store.table(fed[1], "rollup").is_file():
                found.append(self._whole(read_table(store.table(fed[1], "rollup")), unit, *fed))
        return pd.concat(found, ignore_index=True)

    def lower_totals(self) -> dict[str, Path]:
        """The roll-ups in units' own workspaces that figures are held against, by the name that
        they have in a manifest: of the rounds that feed a due which has a folder.
        """
        begun = [due for due in self.desk.dues if self.store.raw(due).is_dir()]
        return self.store.lower_totals(
            (unit, fed[1])
            for unit in sorted(self.store.settings().lower)
            for due in begun
            if (fed := self.desk.fed_by(due, unit))
        )

    def _whole(self, rollup: pd.DataFrame, unit: str, tier: Tier, due: str) -> pd.DataFrame:
        ours = self.desk.tier.id
        alike = [
            item.code
            for item in self.campaign.item_by_code.values()
            if item.labels.get(tier.id, item.label) == item.labels.get(ours, item.label)
        ]
        kept = rollup[
            (rollup["region"] == unit) & ~rollup["provisional"] & rollup["item"].isin(alike)
        ]
        named = kept[["region", "item", "value"]].rename(columns={"value": "below"})
        return named.assign(below_due=due)

    def dossier(self, due: str, region: str | int | None = None) -> Dossier:
        """All that is known at a due, for the sections in :mod:`chunfeng_reports.tables`.

        region: a unit by code or name; then only what a report of it tells
        (:meth:`.Dossier.of_unit`), and such a report is made anew only where that has changed.
        UseError where the due is none of the body's, or where nothing was made for it yet.
        """
        self.desk.round(due)
        if self.store.only:
            return self._of_unit(due, region)
        at = self._read(due)
        whole = Dossier(
            desk=self.desk,
            due=due,
            facts=at("facts"),
            rollup=at("rollup"),
            intake=at("intake"),
            findings=at("findings"),
            outcomes=at("outcomes"),
            rules=self.rule_labels,
            explanations=at("explanations"),
            corrections=at("corrections"),
            passages=at("passages"),
        )
        return whole if region is None else whole.of_unit(region)

    def _of_unit(self, due: str, region: str | int | None) -> Dossier:
        """The dossier of the one unit whose rows the tables here hold."""
        unit = self.desk.unit(self.store.only)
        if region is None or self.unit(region) != unit.code:
            raise withheld(unit.short)
        at = self._read(due)
        frames = {name: at(name) for name in (*OF_UNITS, "compared")}
        return Dossier.narrow(self.desk, due, unit.code, self.rule_labels, **frames)

    def _read(self, due: str) -> Callable[[str], pd.DataFrame]:
        """Reads the tables of a due's dossier by name."""
        earlier = (d for d in self.desk.earlier(due) if self.store.known(d, "facts"))
        begun = [*earlier, due]

        def read(name: str) -> pd.DataFrame:
            dues = begun if name in OVER_TIME else [due]
            return read_tables([self.store.table(one, name) for one in dues])

        return read

    def changes(self, due: str) -> Changes | None:
        """Which findings of a due went away, and which are new, since they last changed.

        None where no earlier run is known.
        """
        before = _findings_at(self.store.previous(due))
        return None if before is None else Changes.between(before, self.findings(due))

    def keep_findings(self, due: str, now: pd.DataFrame) -> None:
        """Write the findings of a due; those that stood there, if others, are kept to compare."""
        path = self.store.table(due, "findings")
        before = _findings_at(path)
        if before is not None and Changes.between(before, now):
            write_table(self.store.previous(due), before)
        write_table(path, now)

    def suites(self, *named: Named | Sequence[Named]) -> tuple[Suite, ...]:
        """Suites of rules, checked: by the path of a file, by a name of the campaign's, or as data.

        Several may come in a list. DefinitionError with every fault of every one, UseError where
        there is no such file, or for a rule that stands in no suite.
        """
        wanted = _one_by_one(named)
        if not wanted:
            raise UseError("请指明要试的规则：JSON 文件的路径，或活动规则的名称")
        found = dict.fromkeys(  # one that is named twice is meant once
            self.store.suite(self.campaign.id, one).resolve()
            for one in wanted
            if not isinstance(one, Mapping)
        )
        given = [one for one in wanted if isinstance(one, Mapping)]
        if any("expectations" not in one and "kwargs" in one for one in given):
            raise UseError(
                "这是一条规则，不是一套规则；请放进一套里再试："
                '{"name": "mine", "meta": {"table": "units", "form": "表的代码", "label": "试用"}, '
                '"expectations": [规则]}'
            )
        return load_own([*found, *given], campaign=self.campaign)

    def try_rules(self, due: str, *suites: Named | Sequence[Named]) -> Dossier:
        """A due's dossier with the findings and outcomes of some suites alone; nothing is written.

        suites: as for :meth:`suites`. Judged is what the last ``chunfeng check`` or ``run`` read.
        UseError for a suite of forms that this due does not ask for.

        >>> trial = ws.try_rules("2023-02-01", "my-suite.json")    # doctest: +SKIP
        >>> trial.findings[["region", "items", "message"]]         # doctest: +SKIP
        """
        rules = self.suites(*suites)  # wrong rules are told before anything is read
        for suite in rules:
            self._refuse_unasked(due, suite)
        return tried(self.dossier(due), rules, below=self.below(due))

    def _refuse_unasked(self, due: str, suite: Suite) -> None:
        """UseError where a due asks for no form that a suite is about: it would find nothing."""
        items, asked = self.campaign.item_by_code, self.desk.expected_forms(due)
        about = {items[code].form for rule in suite.rules for code in rule.items}
        about = {suite.form} if suite.form else about
        if about and not about & set(asked):
            forms = self.campaign.form_by_code
            told, others = ("、".join(f"{code} {forms[code].short}" for code in codes)
                            for codes in (sorted(about), asked))  # fmt: skip
            raise UseError(
                f"{due} 不要求报{told}，规则“{suite.name}”无从判断；这一期要求报：{others}"
            )

    def save(self, report: Report) -> None:
        """Keep a report under ``data/processed``, for the workbook to be drawn from.

        It is named after the notebook that runs, so that a copy of a notebook does not write over
        the original's report. UseError where nobody tells which notebook that is.
        """
        named = report.model_copy(update={"name": _running_notebook()})
        path = self.store.report(named.due, named.region, named.name, "report.json")
        content = named.model_dump_json(indent=1) + "\n"
        write_bytes(path, content.encode(), lasting=not self.store.scratch)

    def saved(self, due: str, region: str, notebook: str) -> Report:
        """A report that a notebook saved."""
        path = self.store.report(due, region, notebook, "report.json")
        if not path.is_file():
            raise UseError(f"没有保存过 {due} {region} 的 {notebook}")
        return Report.model_validate_json(path.read_bytes())

    def __repr__(self) -> str:
        """Campaign and body; no path, so that an executed notebook holds none."""
        settings = self.store.settings()
        return f"Workspace({settings.campaign!r}, {settings.body!r})"

    def _repr_html_(self) -> str:
        """In a notebook: whose desk this is, its dues, what to call next, and the style that
        reports need to look right. It hangs on the campaign alone: executed reports hold it.
        """
        return display.workspace(self.desk)

    def _table(self, due: str, name: str) -> pd.DataFrame:
        self.desk.round(due)
        if only := self.store.only:
            raise withheld(self.desk.unit(only).short)
        return read_table(self.store.table(due, name))


def foresee(folder: Path | str) -> None:
    """Read what every notebook in a workspace reads: definitions, kept for whoever asks again."""
    if (Path(folder) / MARKER).is_file():
        desk = Workspace(Store(Path(folder))).desk
        _ = desk.nodes, desk.unit_codes  # reckoned once, for all who are given the same desk


def tried(known: Dossier, suites: Iterable[Suite], *, below: pd.DataFrame) -> Dossier:
    """A dossier with the findings and outcomes of some suites alone.

    below: what the units' own workspaces add up to, as :meth:`Workspace.below` gives it.
    What was doubted at earlier dues stays doubted, so that a rule says what it would say among the
    campaign's own.
    """
    suites = tuple(suites)
    facts, earlier = known.facts, known.findings[known.findings["due"] < known.due]
    checked = (
        check_due(
            known.desk,
            suites,
            known.due,
            facts=facts,
            intake=known.intake,
            earlier=earlier,
            below=below,
        ),
        check_rollup(known.desk, suites, known.due, rollup=known.rollup, facts=facts),
    )
    return replace(
        known,
        findings=findings_frame(finding for one in checked for finding in one.findings),
        outcomes=pd.concat([one.outcomes for one in checked], ignore_index=True),
        rules={rule.id: rule.label for suite in suites for rule in suite.rules},
    )


def _one_by_one(named: Iterable[Named | Sequence[Named]]) -> list[Named]:
    """What was named, alone or in lists, in one list."""
    found: list[Named] = []
    for one in named:
        found += [one] if isinstance(one, (Path, str, Mapping)) else one
    return found


def _findings_at(path: Path) -> pd.DataFrame | None:
    """A table of findings; None where there is none, or one that nobody can compare with."""
    try:
        found = read_table(path) if path.is_file() else None
    except (OSError, ValueError):
        return None
    return None if found is None or set(FINDING_COLUMNS) - set(found) else found


def _running_notebook() -> str:
    """The name of the notebook that this runs in: told by a run, else by JupyterLab.

    UseError where neither does: a guess could write over another notebook's report.
    """
    session = os.environ.get("CHUNFENG_NOTEBOOK") or os.environ.get("JPY_SESSION_NAME", "")
    if name := Path(session).name.removesuffix(".ipynb"):
        return name
    raise UseError(
        "不知道正在运行的是哪个笔记本，报告没有保存，以免覆盖别的报告；请用 chunfeng run 运行，"
        "或在 JupyterLab 中运行，或先设环境变量 CHUNFENG_NOTEBOOK=笔记本的名称（不带 .ipynb）"
    )
