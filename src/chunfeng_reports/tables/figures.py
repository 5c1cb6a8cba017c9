"""Figures: facts and totals → cells of a report's tables, each with its mark and its sources."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from chunfeng_reports.calendar import in_words, month_and_day
from chunfeng_reports.campaign import Item
from chunfeng_reports.explanations import OUTCOME_WORDS
from chunfeng_reports.findings import SEVERITY_WORDS, STANDING_WORDS, Severity
from chunfeng_reports.report import Column, Figure, Operand, Row, Table
from chunfeng_reports.rollup import add
from chunfeng_reports.tables.dossier import Dossier, FactRow, FindingRow, RollupRow


def source_key(due: str, region: str, item: str) -> str:
    """The key of a fact in a report's table of sources."""
    return f"{due}.{region}.{item}"


def finding_key(finding: str) -> str:
    """The key of a finding in a report's table of findings."""
    return f"finding-{finding}"


def fact_figure(dossier: Dossier, region: str, item: str, *, due: str | None = None) -> Figure:
    """A unit's figure; where there is none, why."""
    when = due or dossier.due
    value = dossier.value(region, item, due=when)
    key = source_key(when, region, item)
    known = (when, region, item) in dossier.fact
    if when != dossier.due:
        mark = dossier.mark(region, item, due=when) if value is not None else None
        return Figure(value=value, mark=mark, sources=(key,) if known and value is not None else ())
    doubt = dossier.doubt(region, item)
    return Figure(
        value=value,
        note="" if value is not None else dossier.state(region, item),
        mark=doubt.severity if doubt else None,
        finding=finding_key(doubt.id) if doubt else "",
        sources=(key,) if known else (),
    )


def unit_figure(dossier: Dossier, region: str, item: str) -> Figure:
    """A unit's figure as the body's reports show it; of many units it leads to the unit's own
    report, which tells where it comes from. (A workbook leads to nothing outside itself.)
    """
    figure = fact_figure(dossier, region, item)
    if not dossier.many or not figure.sources:
        return figure
    there = f"../{region}/region_report.html#src-{figure.sources[0]}"
    return figure.model_copy(update={"sources": (), "href": there})


def fact_operand(dossier: Dossier, region: str, item: str, *, due: str | None = None) -> Operand:
    """A unit's figure as part of another one; it must have one."""
    when = due or dossier.due
    value = dossier.value(region, item, due=when)
    assert value is not None
    return Operand(label="本期" if when == dossier.due else month_and_day(when),
                   value=value, sources=(source_key(when, region, item),))  # fmt: skip


def change_figure(dossier: Dossier, region: str, item: Item) -> Figure:
    """The change of a unit's figure since its last one, worked out of both."""
    change, last = dossier.change(region, item), dossier.last(region, item.code)
    if change is None or last is None:
        return Figure()
    now, before = (fact_operand(dossier, region, item.code, due=due)
                   for due in (dossier.due, last[0]))  # fmt: skip
    doubt = dossier.doubt(region, item.code) or dossier.doubt(region, item.code, due=last[0])
    return Figure(
        value=change,
        operands=(now, before.model_copy(update={"sign": "−"})),
        mark=doubt.severity if doubt else None,
        finding=finding_key(doubt.id) if doubt and doubt.due == dossier.due else "",
    )


def matched_change_figure(dossier: Dossier, node: str, item: Item) -> Figure:
    """The change of a total over the units that had a figure before, worked out of both sums."""
    change = dossier.matched_change(node, item)
    if change is None:
        return Figure()
    units = [u for u in dossier.desk.nodes[node] if dossier.change(u, item) is not None]
    now = {u: (dossier.due, dossier.value(u, item.code) or 0.0) for u in units}
    last = {u: known for u in units if (known := dossier.last(u, item.code))}
    doubted = any(dossier.mark(u, item.code, due=due) for u in units
                  for due in (dossier.due, last[u][0]))  # fmt: skip
    return Figure(
        value=change,
        operands=(_sum(dossier, item, now, sign="+"), _sum(dossier, item, last, sign="−")),
        mark="warning" if doubted else None,
        note=_since(dossier, last),
    )


def _since(dossier: Dossier, last: dict[str, tuple[str, float]]) -> str:
    """How many units are measured against an earlier due than the last one, and which."""
    before = dossier.desk.earlier(dossier.due)[-1]
    earlier = [due for due, _ in last.values() if due != before]
    dues = "、".join(month_and_day(due) for due in sorted(set(earlier)))
    return f"{len(earlier)}家比{dues}" if earlier else ""


def _sum(
    dossier: Dossier,
    item: Item,
    figures: dict[str, tuple[str, float]],
    *,
    sign: Literal["+", "−"],
) -> Operand:
    """The sum of some units' figures, each of its own due; it leads to the units' table."""
    dues = sorted({due for due, _ in figures.values()})
    table = f"#t-{'nodes' if dossier.many else 'units'}-{item.form}"
    parts = tuple(source_key(due, unit, item.code) for unit, (due, _) in figures.items())
    then = "" if dues == [dossier.due] else roll_up_at(dossier, dues[-1])
    named = "本期" if not then else "、".join(month_and_day(due) for due in dues)
    return Operand(
        sign=sign,
        label=f"{named}（{len(figures)}家）",
        value=add([value for _, value in figures.values()]),
        sources=() if dossier.many else parts,
        href=then + table,
    )


def roll_up_at(dossier: Dossier, due: str) -> str:
    """The roll-up's page of an earlier due, as this due's roll-up leads to it."""
    return f"../../../{due}/reports/{dossier.body.code}/rollup_report.html"


def total_figure(dossier: Dossier, row: RollupRow) -> Figure:
    """A total; its note says how many units are missing, its sources are the units' figures.

    It leads to the table of the units; where these are many, to that of the regions above them.
    """
    lacking = row.units_expected - row.units_counted
    mark = total_mark(dossier, row)
    finding = _first_doubt(dossier, row, mark)
    form = row.item.split("_", 1)[0]
    units = [
        unit
        for unit in (() if dossier.many else dossier.desk.nodes[row.region])
        if dossier.desk.expects(row.due, form, unit)
        and dossier.value(unit, row.item, due=row.due) is not None
    ]
    below = row.region == dossier.body.code
    table = f"#t-nodes-{form}" if below else ""
    return Figure(
        value=None if math.isnan(row.value) else row.value,
        note="，".join(_lacks(lacking, len(counted_wrong(dossier, row)))),
        mark=mark,
        finding=finding,
        sources=tuple(source_key(row.due, unit, row.item) for unit in units),
        href=table if dossier.many else f"#t-units-{form}",
    )


def _lacks(missing: int, wrong: int) -> Iterator[str]:
    if missing:
        yield f"缺{missing}家"
    if wrong:
        yield f"含{wrong}家错误"


def counted_wrong(dossier: Dossier, row: RollupRow) -> tuple[str, ...]:
    """Units whose figure is part of a total with an error on it; what could not be read is not."""
    return tuple(unit for unit in row.doubted.split(",")
                 if unit and dossier.value(unit, row.item, due=row.due) is not None)  # fmt: skip


def total_mark(dossier: Dossier, row: RollupRow) -> Severity | None:
    """How grave the doubts on a total's parts are: an error makes it provisional besides."""
    if row.doubted:
        return "critical"
    return "warning" if dossier.doubted_units(row, "warning") else None


def _first_doubt(dossier: Dossier, row: RollupRow, severity: Severity | None) -> str:
    """The key of the first finding that a total's mark stands for."""
    units = dossier.doubted_units(row, severity) if severity else ()
    doubt = dossier.doubt(units[0], row.item) if units else None
    return finding_key(doubt.id) if doubt else ""


def item_label(dossier: Dossier, item: Item) -> str:
    """An item as a table row shows it: number and label; the first part of a total after 其中."""
    form = dossier.desk.campaign.form_by_code[item.form]
    parts = [other for other in form.items if item.parent and other.parent == item.parent]
    label = dossier.desk.label(item)
    first = "其中：" if parts and parts[0] == item else ""
    return first + (f"{item.number}. {label}" if item.number else label)


def findings_table(
    dossier: Dossier, rows: tuple[FindingRow, ...], *, name: str, sheet: str | None, unit: bool
) -> Table:
    """Findings as a table, worst first, those settled last; unit: with a column for the unit.

    A doubt on a unit's words stands below the finding that they are on, and leads to its cell.

    Where something was said of one of them, each has its standing and what was said.
    """
    said = any((row.region, row.id) in dossier.explanation for row in rows)
    columns = (
        Column(key="severity", label="级别", kind="severity", width=8),
        *((Column(key="state", label="状态", width=10),) if said else ()),
        *((Column(key="region", label="单位", width=12),) if unit else ()),
        Column(key="form", label="表", width=12),
        Column(key="items", label="指标", width=24),
        Column(key="message", label="问题与处理", width=60),
        *((Column(key="words", label="单位说明", width=36),) if said else ()),
        Column(key="value", label="报送值", width=14),
        Column(key="place", label="位置", width=36),
        Column(key="id", label="问题编号", kind="code", width=14, hidden=True),
    )
    return Table(
        id=name,
        columns=columns,
        rows=tuple(
            _finding_row(dossier, row, unit=unit, said=said)
            for row in dossier.with_doubts_below(rows)
        ),
        empty="没有发现问题。",
        sheet=sheet,
    )


def _finding_row(dossier: Dossier, row: FindingRow, *, unit: bool, said: bool) -> Row:
    forms, items = dossier.desk.campaign.form_by_code, dossier.desk.campaign.item_by_code
    named = [items[code] for code in row.items.split(",") if code in items]
    place = " ".join(part for part in (row.file, row.sheet, row.cell) if part)
    form = forms[row.form].short if row.form in forms else ""
    cells = (
        Figure(value=row.severity),
        *((Figure(value=_standing_of(dossier, row)),) if said else ()),
        *((Figure(value=dossier.whose(row), href=_on_its_page(dossier, row)),) if unit else ()),
        Figure(value=form),
        Figure(value=_named(named) or ("整表" if form else "")),
        Figure(value=row.message),
        *((Figure(value=_said_of(dossier, row)),) if said else ()),
        Figure(value=row.value),
        Figure(value=place, sources=_only_source(dossier.about(row) or row)),
        Figure(value=row.id),
    )
    return Row(key=finding_key(row.id), cells=cells)


def _on_its_page(dossier: Dossier, row: FindingRow) -> str:
    """Where a unit's own report tells of a finding, from the body's reports; empty for the body."""
    ours = row.region in dossier.desk.unit_codes
    return f"../{row.region}/region_report.html#{finding_key(row.id)}" if ours else ""


def _standing_of(dossier: Dossier, row: FindingRow) -> str:
    """How a finding stands, in words; an approval that only its unit tells of waits."""
    said = dossier.explanation.get((row.region, row.id))
    claimed = said is not None and said.outcome == "claimed"
    return OUTCOME_WORDS["claimed"] if claimed else STANDING_WORDS[row.state]


def _said_of(dossier: Dossier, row: FindingRow) -> str:
    """What was said of a finding, and what came of it where that is not plain acceptance."""
    said = dossier.explanation.get((row.region, row.id))
    if said is None:
        return ""
    came = {
        "explained": "",
        "refused": f"（未采用：{said.reason}）",
        "claimed": f"（待{_bureau(dossier)}确认：{said.approved_by}）",
    }
    return said.words + came.get(said.outcome, f"（{said.reason}）")


def _bureau(dossier: Dossier) -> str:
    """The desk's own office as units call it: 市局, 省局."""
    name = dossier.body.name
    return f"{name[-1]}局" if name[-1] in "省市区县" else name


def _only_source(row: FindingRow) -> tuple[str, ...]:
    """The one fact that a finding is about, if it is about one."""
    alone = row.items and "," not in row.items and row.cell
    return (source_key(row.due, row.region, row.items),) if alone else ()


def _named(items: list[Item]) -> str:
    """Up to three items by name; of more, how many."""
    names = "、".join(item.short for item in items[:3])
    return f"{names}等{len(items)}项" if len(items) > 3 else names


def sources_table(dossier: Dossier, regions: tuple[str, ...], *, dues: tuple[str, ...]) -> Table:
    """Where every figure of some units comes from: a row a fact, keyed as figures refer to it."""
    columns = (
        Column(key="due", label="报送期", width=16),
        Column(key="region", label="单位", width=12),
        Column(key="code", label="代码", kind="code", width=12),
        Column(key="item", label="指标", width=36),
        Column(key="value", label="读作", kind="figure", width=12),
        Column(key="raw", label="原文", width=24),
        Column(key="file", label="文件", width=40),
        Column(key="sheet", label="工作表", width=20),
        Column(key="cell", label="单元格", width=10),
        Column(key="doubt", label="问题", width=10),
        Column(key="sha256", label="文件校验（SHA-256）", kind="code", width=66),
    )
    rows = [
        _source_row(dossier, key)
        for due in dues
        for region in regions
        for key in ((due, region, item) for item in dossier.desk.campaign.item_by_code)
        if key in dossier.fact and dossier.fact[key].state != "absent"
    ]
    return Table(
        id="sources",
        columns=columns,
        rows=tuple(rows),
        empty="没有收到可用的数据。",
        sheet="来源",
    )


def _said_of_it(dossier: Dossier, fact: FactRow) -> Figure:
    """The gravest finding on a figure, a hint at how it was read included, and the way to it."""
    found = dossier.findings_on(fact.region, due=fact.due)
    row = next((row for row in found if row.stands and row.names(fact.item)), None)
    if row is None:
        return Figure()
    return Figure(
        value=SEVERITY_WORDS[row.severity], mark=row.severity, finding=finding_key(row.id)
    )


def _source_row(dossier: Dossier, key: tuple[str, str, str]) -> Row:
    fact = dossier.fact[key]
    item = dossier.desk.campaign.item_by_code[fact.item]
    value = fact.value if fact.state == "value" else None
    cells = (
        Figure(value=in_words(fact.due)),
        Figure(value=dossier.name(fact.region)),
        Figure(value=fact.item),
        Figure(value=item_label(dossier, item)),
        Figure(
            value=value,
            note="" if value is not None else dossier.state(fact.region, fact.item, due=fact.due),
        ),
        Figure(value=fact.raw),
        Figure(value=fact.file),
        Figure(value=fact.sheet),
        Figure(value=fact.cell),
        _said_of_it(dossier, fact),
        Figure(value=fact.sha256),
    )
    return Row(key=source_key(*key), cells=cells)
