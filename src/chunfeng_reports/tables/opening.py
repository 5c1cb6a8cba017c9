"""The opening of a report: what it is about, as of when, and whether its figures are final."""

from __future__ import annotations

from collections.abc import Sequence

from chunfeng_reports.calendar import in_words
from chunfeng_reports.campaign import Region
from chunfeng_reports.report import Report
from chunfeng_reports.tables.dossier import Dossier


def opening(
    dossier: Dossier,
    *,
    name: str,
    title: str,
    region: Region,
    provisional: bool,
    reasons: Sequence[str],
    remarks: Sequence[str] = (),
) -> Report:
    """A report still without sections.

    name: of its notebook; reasons: why its figures are provisional, remarks: what else a reader
    must know, both in Chinese.
    """
    return Report(
        name=name,
        title=title,
        subtitle=f"{dossier.desk.round(dossier.due).name}报送，截至{in_words(dossier.due)}",
        campaign=dossier.desk.campaign.title,
        due=dossier.due,
        region=region.code,
        region_name=region.name,
        status="provisional" if provisional else "final",
        reasons=tuple(reasons),
        remarks=tuple(remarks),
    )
