"""The first page: all dues and units of the campaign at one desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chunfeng_reports.calendar import clash, in_words
from chunfeng_reports.campaign import Desk
from chunfeng_reports.report import Index, IndexCell, IndexDue, IndexUnit, Link
from chunfeng_reports.tables import body
from chunfeng_reports.tables.dossier import Dossier


def index(
    desk: Desk,
    dossiers: Mapping[str, Dossier],
    *,
    made: Mapping[tuple[str, str], Sequence[Link]],
    notes: Sequence[str],
) -> Index:
    """The index of what was made.

    dossiers: by due, those with data; made: links to existing outputs by (due, region), the unit's
    page first; notes: what a reader must know of folders that were left aside.
    """
    return Index(
        campaign=desk.campaign.title,
        body=desk.body.code,
        body_name=desk.body.name,
        dues=tuple(_due(desk, due, dossiers.get(due), made) for due in desk.dues),
        units=tuple(
            IndexUnit(
                region=unit.code,
                name=unit.short,
                cells=tuple(_cell(due, unit.code, dossiers.get(due), made) for due in desk.dues),
            )
            for unit in desk.units
        ),
        notes=tuple(notes),
    )


def _due(
    desk: Desk,
    due: str,
    dossier: Dossier | None,
    made: Mapping[tuple[str, str], Sequence[Link]],
) -> IndexDue:
    round_ = desk.round(due)
    feeds = f"汇总后用于{in_words(round_.feeds)}上报" if round_.feeds else ""
    clashes = clash(desk.campaign, round_.due)
    name = f"{round_.name}报送" + (f"（{clashes}）" if clashes else "")
    if dossier is None:
        return IndexDue(
            due=due, name=name, status="none", reasons=("还没有收到材料",),
            units_expected=len(desk.units), units_complete=0, critical=0, warning=0, info=0,
            links=(), feeds=feeds,
        )  # fmt: skip
    counts, report = dossier.open_counts(), body.report(dossier)
    return IndexDue(
        due=due,
        name=name,
        status=report.status,
        reasons=(*report.reasons, *report.remarks),
        units_expected=len(desk.units),
        units_complete=len(dossier.complete_units()),
        critical=counts["critical"],
        warning=counts["warning"],
        info=counts["info"],
        links=tuple(made.get((due, desk.body.code), ())),
        feeds=feeds,
    )


def _cell(
    due: str,
    region: str,
    dossier: Dossier | None,
    made: Mapping[tuple[str, str], Sequence[Link]],
) -> IndexCell:
    if dossier is None:
        return IndexCell(due=due, state="none", label="—")
    missing, counts = dossier.missing_forms(region), dossier.open_counts(region)
    desk, forms = dossier.desk, dossier.desk.campaign.form_by_code
    expected = [form for form in desk.expected_forms(due) if desk.expects(due, form, region)]
    why = dossier.unsettled(region)
    papers = [forms[form].short for form in missing if form not in dossier.table_forms]
    if len(missing) == len(expected):
        state, label = "missing", "全部未报"
    else:
        state = "provisional" if why else "final"
        label = "，".join(why) or "数据齐全"
        label += f"（{'、'.join(papers)}未报）" if papers else ""
    links = made.get((due, region), ())
    return IndexCell(
        due=due,
        state=state,
        label=label,
        critical=counts["critical"],
        warning=counts["warning"],
        href=links[0].href if links else "",
    )
