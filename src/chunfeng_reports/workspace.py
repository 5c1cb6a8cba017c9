"""The workspace as analysts and notebooks see it: facts, findings, roll-up, reports.

>>> from chunfeng_reports import Workspace
>>> ws = Workspace.find()                         # the nearest chunfeng.toml upwards
>>> dossier = ws.dossier("2023-02-01")            # doctest: +SKIP
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from chunfeng_reports.campaign import Campaign, Desk, Tier
from chunfeng_reports.checks import rule_labels
from chunfeng_reports.definitions import load_campaign
from chunfeng_reports.errors import UseError
from chunfeng_reports.renderers import display
from chunfeng_reports.report import Report
from chunfeng_reports.store import Store, read_table, write_bytes
from chunfeng_reports.tables import Dossier

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
        display.register()
        return cls(Store.find(start))

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign that ``chunfeng.toml`` names."""
        name = self.store.settings().campaign
        folder = self.store.campaign(name)
        if not folder.is_dir():
            raise UseError(f"没有活动定义文件夹 campaigns/{name}；请检查 chunfeng.toml 的 campaign")
        return load_campaign(folder)

    @cached_property
    def desk(self) -> Desk:
        """The campaign as the body that ``chunfeng.toml`` names sees it."""
        return Desk.of(self.campaign, self.store.settings().body)

    @cached_property
    def rule_labels(self) -> dict[str, str]:
        """The Chinese label of each of the campaign's rules, by its id."""
        return rule_labels(self.store.suites(self.campaign.id))

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

    def outcomes(self, due: str) -> pd.DataFrame:
        """What each rule gave at a due, as counts of units."""
        return self._table(due, "outcomes")

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

    def dossier(self, due: str) -> Dossier:
        """All that is known at a due, for the sections in :mod:`chunfeng_reports.tables`.

        UseError where the due is none of the body's, or where nothing was made for it yet.
        """
        self.desk.round(due)
        dues = [*(d for d in self.desk.earlier(due) if self.store.table(d, "facts").is_file()), due]
        return Dossier(
            desk=self.desk,
            due=due,
            facts=pd.concat([self.facts(d) for d in dues], ignore_index=True),
            rollup=pd.concat([self.rollup(d) for d in dues], ignore_index=True),
            intake=self.intake(due),
            findings=pd.concat([self.findings(d) for d in dues], ignore_index=True),
            outcomes=self.outcomes(due),
            rules=self.rule_labels,
        )

    def save(self, report: Report) -> None:
        """Keep a report under ``data/processed``, for the workbook to be drawn from.

        It is named after the notebook that runs, so that a copy of a notebook does not write over
        the original's report.
        """
        named = report.model_copy(update={"name": _running_notebook() or report.name})
        path = self.store.report(named.due, named.region, named.name, "report.json")
        write_bytes(path, (named.model_dump_json(indent=1) + "\n").encode())

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
        """In a notebook: whose desk this is, and the style that reports need to look right."""
        desk = self.desk
        words = f"{desk.campaign.title}　{desk.body.name}　{'、'.join(desk.dues)}"
        return f"{display.style()._repr_html_()}<p>{escape(words)}</p>"

    def _table(self, due: str, name: str) -> pd.DataFrame:
        self.desk.round(due)
        return read_table(self.store.table(due, name))


def _running_notebook() -> str:
    """The name of the notebook that this runs in: told by a run, else by JupyterLab."""
    session = os.environ.get("CHUNFENG_NOTEBOOK") or os.environ.get("JPY_SESSION_NAME", "")
    return Path(session).name.removesuffix(".ipynb")
