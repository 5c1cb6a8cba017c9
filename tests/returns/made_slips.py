"""A desk at work for a test: files received, a check, slips made, filled in and sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from chunfeng_reports.campaign import Desk
from chunfeng_reports.facts import facts_frame, intake_frame
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.reading import Collected, Wanted, collect_due, copies_of, files_now
from chunfeng_reports.returns import Sent, make_returns, wanted_files
from chunfeng_reports.slips import COVER, HEADS, ID, REPLY
from chunfeng_reports.store import Store
from chunfeng_reports.tables import Dossier

DUE = "2023-02-01"
LIXIA = "370102"
TEN = [float(n) for n in range(11, 21)]


@dataclass
class Work:
    """One due at one desk, in a folder of its own."""

    desk: Desk
    root: Path
    findings: list[Finding] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return Store(self.root)

    @property
    def received(self) -> Path:
        return self.store.raw(DUE)

    def collect(self) -> Collected:
        return collect_due(self.desk, DUE, self.received, jobs=0)

    def doubt(self, items: str, *, severity: str = "critical", **more: str) -> Finding:
        """A finding of a rule on some items of Lixia's, to be sent back."""
        codes = tuple(items.split(","))
        told = {"message": "不能是负数。请核对后重报。", "rule": "rule"} | more
        one = Finding(DUE, LIXIA, codes[0].split("_")[0], codes,
                      severity=severity, **told)  # type: ignore[arg-type]  # fmt: skip
        self.findings.append(one)
        return one

    def dossier(self) -> Dossier:
        collected = self.collect()
        empty = pd.DataFrame({"due": pd.Series(dtype="str")})
        found = [f for f in collected.findings if f.rule != "reading.refused"]
        return Dossier(self.desk, DUE, facts_frame(collected.facts),
                       intake_frame(collected.intake), findings_frame([*found, *self.findings]),
                       empty, empty, {})  # fmt: skip

    def send(
        self, *, regions: Iterable[str] = (LIXIA,),
        suggestions: Mapping[tuple[str, str, str], str] | None = None,
    ) -> Sent:  # fmt: skip
        """What is made for the first of these units."""
        dossier, regions = self.dossier(), tuple(regions)
        files = files_now(self.received)
        wanted = [Wanted(file, files[file][0], parts)
                  for file, parts in wanted_files(dossier, regions).items()]  # fmt: skip
        copies = {one.file: one for one in copies_of(wanted, jobs=0)}
        return make_returns(dossier, copies, self.store, regions=regions,
                            suggestions=suggestions)[0]  # fmt: skip

    def slip(self) -> Workbook:
        sent = self.send()
        assert sent.slip is not None
        return openpyxl.load_workbook(sent.slip)

    def back(self, fill: Callable[[Workbook], None] = lambda _: None) -> Collected:
        """What is collected once the slip lies with the files again, filled in."""
        book = self.slip()
        fill(book)
        book.save(self.received / f"退回-历下区-{DUE}.xlsx")
        return self.collect()


def reply(book: Workbook, finding: Finding, words: object, *, approval: str = "") -> str:
    """Fill in the columns beside a finding; the cell that was filled in."""
    cover: Worksheet = book[COVER]
    for row in cover.iter_rows():
        if row[ID].value == finding.id:
            row[REPLY].value = words  # type: ignore[assignment]
            row[REPLY + 1].value = approval or None  # type: ignore[assignment]
            return row[REPLY].coordinate
    raise AssertionError(f"{finding.id} is not in the list of {HEADS}")
