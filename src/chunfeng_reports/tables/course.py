"""Course: how figures went over the dues, as small multiples."""

from __future__ import annotations

from collections.abc import Mapping

from chunfeng_reports.calendar import month_and_day
from chunfeng_reports.campaign import Item
from chunfeng_reports.report import Course, Point, Section, Text
from chunfeng_reports.tables.dossier import Dossier
from chunfeng_reports.tables.figures import roll_up_at, source_key, total_mark

_FIRST = "这是第一期，还没有走势。"


def of_unit(dossier: Dossier, region: str, *, pages: Mapping[str, str] | None = None) -> Section:
    """A unit's key figures over the dues so far; each dot leads to the cell that it came from.

    pages: due → the report in which the cell is told, where that is not the page shown.
    """
    region = dossier.desk.unit(region).code
    courses = [
        _unit_course(dossier, region, item, pages)
        for item in _items(dossier)
        if dossier.desk.expects(dossier.due, item.form, region)
    ]
    return _section(dossier, courses)


def of_body(dossier: Dossier) -> Section:
    """The totals of key items over the dues so far; each dot leads to its due's totals."""
    return _section(dossier, [_body_course(dossier, item) for item in _items(dossier)])


def _section(dossier: Dossier, courses: list[Course]) -> Section:
    told = Text(paragraphs=("各期都是活动开始以来的累计数；合计含缺报时标明缺几家。",), tone="note")
    blocks = (*courses, told) if dossier.desk.earlier(dossier.due) else ()
    first = Text(paragraphs=(_FIRST,), tone="note")
    return Section(id="course", title="各期走势", blocks=blocks or (first,))


def _items(dossier: Dossier) -> list[Item]:
    """Key items that are reckoned from the beginning on: figures of one period have no course."""
    campaign = dossier.desk.campaign
    keys = (code for form in dossier.table_forms for code in campaign.form_by_code[form].key)
    asked = {item.code for form in dossier.table_forms for item in dossier.items(form)}
    items = (campaign.item_by_code[code] for code in keys if code in asked)
    return [item for item in items if item.over_time != "period" and _asked_before(dossier, item)]


def _asked_before(dossier: Dossier, item: Item) -> bool:
    return any(item in dossier.desk.expected_items(due, item.form)
               for due in dossier.desk.earlier(dossier.due))  # fmt: skip


def _dues(dossier: Dossier, item: Item) -> list[str]:
    return [due for due in (*dossier.desk.earlier(dossier.due), dossier.due)
            if item in dossier.desk.expected_items(due, item.form)]  # fmt: skip


def _unit_course(
    dossier: Dossier, region: str, item: Item, pages: Mapping[str, str] | None
) -> Course:
    points = []
    for due in _dues(dossier, item):
        value = dossier.value(region, item.code, due=due)
        source = source_key(due, region, item.code)
        page = pages.get(due, "") if pages else ""
        points.append(
            Point(
                label=month_and_day(due),
                value=value,
                mark=dossier.mark(region, item.code, due=due) if value is not None else None,
                note="" if value is not None else dossier.state(region, item.code, due=due),
                sources=(source,) if value is not None and pages is None else (),
                href=f"{page}#src-{source}" if page and value is not None else "",
            )
        )
    return _course(item, points)


def _body_course(dossier: Dossier, item: Item) -> Course:
    points = []
    for due in _dues(dossier, item):
        row = dossier.total.get((due, dossier.body.code, item.code))
        there = "" if due == dossier.due else roll_up_at(dossier, due)
        if row is None or row.value != row.value:
            points.append(Point(label=month_and_day(due), value=None))
            continue
        lacking = row.units_expected - row.units_counted
        points.append(
            Point(
                label=month_and_day(due),
                value=row.value,
                mark=total_mark(dossier, row),
                note=f"缺{lacking}家" if lacking else "",
                href=f"{there}#t-totals-{item.form}",
            )
        )
    return _course(item, points)


def _course(item: Item, points: list[Point]) -> Course:
    return Course(id=f"course-{item.code}", title=item.short, unit=item.unit,
                  points=tuple(points), decimals=item.decimals)  # fmt: skip
