"""The first page: all dues and units of the campaign at one desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chunfeng_reports.calendar import clash, effective, in_words, month_and_day, weekday
from chunfeng_reports.campaign import Desk, Round
from chunfeng_reports.report import Index, IndexCell, IndexDay, IndexDue, IndexUnit, Link
from chunfeng_reports.tables import body
from chunfeng_reports.tables.dossier import MOST_ON_A_PAGE, Dossier


def index(
    desk: Desk,
    dossiers: Mapping[str, Dossier],
    *,
    made: Mapping[tuple[str, str], Sequence[Link]],
    notes: Sequence[str],
) -> Index:
    """The index of what was made.

    dossiers: by due, those with data; made: links to existing outputs by (due, region), the unit's
    report first; notes: what a reader must know of folders that were left aside.
    """
    # Of more, the index would be too large if it led to each report: it leads to units' pages.
    few = len(desk.units) <= MOST_ON_A_PAGE
    return Index(
        campaign=desk.campaign.title,
        body=desk.body.code,
        body_name=desk.body.name,
        dues=tuple(_due(desk, due, dossiers.get(due), made) for due in desk.dues),
        units=tuple(
            IndexUnit(
                region=unit.code,
                name=unit.short,
                cells=tuple(
                    _cell(due, unit.code, dossiers.get(due), made, direct=few) for due in desk.dues
                ),
                href=history_page(unit.code) if dossiers and few else "",
            )
            for unit in desk.units
        ),
        days=_days(desk),
        every_week=_every_week(desk),
        notes=tuple(notes),
    )


def history_page(region: str) -> str:
    """Where a unit's page over time lies, relative to the index."""
    return f"units/{region}.html"


def _days(desk: Desk) -> tuple[IndexDay, ...]:
    """The calendar of the tier: when the activity runs, and what is due when."""
    campaign, tier = desk.campaign, desk.tier
    days = [IndexDay(day=str(campaign.starts), what="活动开始"),
            IndexDay(day=str(campaign.ends), what="活动结束")]  # fmt: skip
    if tier.contacts_due:
        days.append(IndexDay(day=str(tier.contacts_due), what="报送联络人名单",
                             clash=clash(campaign, tier.contacts_due)))  # fmt: skip
    for due in desk.dues:
        round_ = desk.round(due)
        forms = (campaign.form_by_code[code].short for code in desk.expected_forms(due))
        until = effective(campaign, round_.due)
        moved = f"，顺延至{month_and_day(until)}" if until != round_.due else ""
        days.append(
            IndexDay(
                day=due,
                what=f"{round_.name}报送：{'、'.join(forms)}",
                clash=clash(campaign, round_.due) + moved,
                then=_feeds(round_),
            )
        )
    return tuple(sorted(days, key=lambda one: one.day))


def _every_week(desk: Desk) -> str:
    weekly = desk.tier.weekly
    if weekly is None:
        return ""
    which = {"this_week": "本周", "last_week": "上周"}[weekly.covers]
    return (
        f"每{weekday(weekly.weekday)}{weekly.at:%H:%M}前报送{which}工作信息，"
        f"不少于{weekly.at_least}条。"
    )


def _feeds(round_: Round) -> str:
    return f"汇总后用于{in_words(round_.feeds)}上报" if round_.feeds else ""


def _due(
    desk: Desk,
    due: str,
    dossier: Dossier | None,
    made: Mapping[tuple[str, str], Sequence[Link]],
) -> IndexDue:
    round_ = desk.round(due)
    feeds = _feeds(round_)
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
        documents_complete=dossier.complete_documents(),
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
    *,
    direct: bool,
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
    days = max(dossier.late_forms(region).values(), default=0)
    report = links[0].href if links else ""
    return IndexCell(
        due=due,
        state=state,
        label=label,
        critical=counts["critical"],
        warning=counts["warning"],
        late=days,
        href=report if direct else history_page(region),
    )
