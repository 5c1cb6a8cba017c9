"""History: one unit over all dues so far, each figure leading to the report that it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chunfeng_reports.calendar import in_words, month_and_day
from chunfeng_reports.campaign import Form, Item
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS
from chunfeng_reports.report import Column, Figure, Link, Operand, Report, Row, Section, Table
from chunfeng_reports.tables import course, unit
from chunfeng_reports.tables.dossier import Dossier
from chunfeng_reports.tables.figures import change_figure, finding_key, item_label, source_key


def of_unit(
    dossiers: Mapping[str, Dossier],
    region: str,
    pages: Mapping[str, str],
    *,
    more: Mapping[str, Sequence[Link]] | None = None,
) -> Report:
    """A unit's course through the campaign: dues, figures, and the doubts that stand.

    dossiers: by due, earliest first, those with data (one at least); pages: due → where the unit's
    report of it lies, as the page leads to it; without one, figures lead nowhere; more: due → the
    unit's further reports, as notebooks of one's own make them.
    """
    latest = dossiers[max(dossiers)]
    base = unit.report(latest, region)
    known = {due: pages.get(due, "") for due in dossiers}
    report = base.model_copy(
        update={
            "name": "history",
            "title": f"{base.region_name}历次报送情况",
            "subtitle": f"共{len(latest.desk.dues)}期，已有{len(dossiers)}期",
        }
    )
    report += _dues(dossiers, base.region, known, more or {})
    report += course.of_unit(latest, base.region, pages=known)
    report += _figures(latest, base.region, known)
    return report + _doubts(dossiers, base.region, known)


def _dues(
    dossiers: Mapping[str, Dossier],
    region: str,
    pages: Mapping[str, str],
    more: Mapping[str, Sequence[Link]],
) -> Section:
    """How the unit stood at each due; each further kind of report has a column."""
    titles = tuple(dict.fromkeys(link.label for due in dossiers for link in more.get(due, ())))
    columns = (
        Column(key="due", label="报送期"),
        Column(key="state", label="情况", width=30),
        Column(key="missing", label="未报", width=30),
        Column(key="late", label="迟报", width=30),
        *(Column(key=s, label=SEVERITY_WORDS[s], kind="figure") for s in SEVERITIES),
        *(Column(key=f"more-{n}", label=title) for n, title in enumerate(titles)),
    )
    rows = tuple(
        _due(one, region, pages[due], _further(more.get(due, ()), titles))
        for due, one in dossiers.items()
    )
    table = Table(id="dues", columns=columns, rows=rows)
    return Section(id="dues", title="各期情况", blocks=(table,))


def _further(links: Sequence[Link], titles: Sequence[str]) -> tuple[Figure, ...]:
    """A cell for each of these titles, leading to the report of that name where there is one."""
    hrefs = {link.label: link.href for link in links}
    return tuple(Figure(value="查看", href=hrefs[t]) if t in hrefs else Figure() for t in titles)


def _due(dossier: Dossier, region: str, page: str, further: Sequence[Figure]) -> Row:
    forms = dossier.desk.campaign.form_by_code
    counts = dossier.open_counts(region)
    missing = [forms[code].short for code in dossier.missing_forms(region)]
    late = [f"{forms[code].short}{days}天" for code, days in dossier.late_forms(region).items()]
    cells = (
        Figure(value=in_words(dossier.due), href=page),
        Figure(value="，".join(dossier.unsettled(region)) or "数据齐全"),
        Figure(value="、".join(missing)),
        Figure(value="、".join(late)),
        *(Figure(value=float(counts[s]), href=page and f"{page}#findings") for s in SEVERITIES),
        *further,
    )
    return Row(key=dossier.due, cells=cells)


def _figures(dossier: Dossier, region: str, pages: Mapping[str, str]) -> Section:
    """Every figure of every due side by side, each form a table."""
    tables = (
        _form_table(dossier, region, form, pages) for form in dossier.desk.campaign.forms
    )  # fmt: skip
    return Section(id="figures", title="各项数据", blocks=tuple(t for t in tables if t.rows))


def _form_table(dossier: Dossier, region: str, form: Form, pages: Mapping[str, str]) -> Table:
    dues = [due for due in pages if dossier.desk.expects(due, form.code, region)]
    items = [item for item in form.items if any(_asked(dossier, due, item) for due in dues)]
    cumulative = len(dues) > 1 and any(item.over_time != "period" for item in items)
    changes = (Column(key="change", label="最近增减", kind="change"),) if cumulative else ()
    columns = (
        Column(key="item", label="指标", width=44),
        Column(key="unit", label="单位", width=8),
        *(Column(key=due, label=month_and_day(due), kind="figure") for due in dues),
        *changes,
    )
    rows = tuple(
        Row(
            key=item.code,
            indent=1 if item.parent else 0,
            cells=(
                Figure(value=item_label(dossier, item)),
                Figure(value=item.unit),
                *(_figure(dossier, region, item, due, pages[due]) for due in dues),
                *(_change(dossier, region, item, pages) for _ in changes),
            ),
        )
        for item in items
    )
    return Table(id=f"figures-{form.code}", title=form.short, columns=columns, rows=rows)


def _asked(dossier: Dossier, due: str, item: Item) -> bool:
    return item in dossier.desk.expected_items(due, item.form)


def _figure(dossier: Dossier, region: str, item: Item, due: str, page: str) -> Figure:
    if not _asked(dossier, due, item):
        return Figure(note="不要求")
    value = dossier.value(region, item.code, due=due)
    doubt = dossier.doubt(region, item.code, due=due) if value is not None else None
    return Figure(
        value=value,
        note="" if value is not None else dossier.state(region, item.code, due=due),
        decimals=item.decimals,
        mark=doubt.severity if doubt else None,
        finding=finding_key(doubt.id) if doubt else "",
        href=f"{page}#src-{source_key(due, region, item.code)}"
        if page and value is not None
        else "",
    )


def _change(dossier: Dossier, region: str, item: Item, pages: Mapping[str, str]) -> Figure:
    """The latest change, its operands leading to the reports that they stand in."""
    change = change_figure(dossier, region, item)
    operands = (_led(one, pages) for one in change.operands)
    return change.model_copy(update={"operands": tuple(operands), "decimals": item.decimals})


def _led(operand: Operand, pages: Mapping[str, str]) -> Operand:
    source = operand.sources[0]
    page = pages.get(source.split(".", 1)[0], "")
    return operand.model_copy(update={"sources": (), "href": page and f"{page}#src-{source}"})


def _doubts(dossiers: Mapping[str, Dossier], region: str, pages: Mapping[str, str]) -> Section:
    """The errors and doubts that stand, latest due first, each leading to its own report."""
    columns = (
        Column(key="due", label="报送期"),
        Column(key="severity", label="级别", kind="severity"),
        Column(key="form", label="表"),
        Column(key="message", label="问题与处理", width=60),
    )
    rows = tuple(row for due in reversed(list(dossiers)) for row in
                 _doubts_at(dossiers[due], region, pages[due]))  # fmt: skip
    table = Table(id="findings", columns=columns, rows=rows, empty="没有待处理的错误和存疑。")
    return Section(id="findings", title="待处理的问题", blocks=(table,))


def _doubts_at(dossier: Dossier, region: str, page: str) -> Iterator[Row]:
    forms = dossier.desk.campaign.form_by_code
    for row in dossier.findings_on(region):
        if row.stands and row.severity != "info":
            key = finding_key(row.id)
            cells = (
                Figure(value=in_words(row.due), href=page and f"{page}#{key}"),
                Figure(value=row.severity),
                Figure(value=forms[row.form].short if row.form in forms else ""),
                Figure(value=row.message),
            )
            yield Row(key=key, cells=cells)
