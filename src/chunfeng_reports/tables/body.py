"""Sections of the roll-up: the body at one due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chunfeng_reports.blanks import form_sheet
from chunfeng_reports.calendar import moment
from chunfeng_reports.campaign import Desk, Item
from chunfeng_reports.report import (
    Bar,
    Bars,
    Column,
    Figure,
    FormSheet,
    KeyFigure,
    KeyFigures,
    Operand,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from chunfeng_reports.sheets import SheetPlan
from chunfeng_reports.tables import notes as notes_of
from chunfeng_reports.tables.dossier import Dossier, RollupRow
from chunfeng_reports.tables.figures import (
    counted_wrong,
    findings_table,
    item_label,
    matched_change_figure,
    sources_table,
    total_figure,
    total_mark,
    unit_figure,
)
from chunfeng_reports.tables.opening import opening

#: Bars of a chart that can still be taken in at a look.
MOST_BARS = 24
_FEW = 6
_RANKED = (
    "按数值大小排列，只反映规模，不是考核名次。百分数是占已报合计的比例，合计中有错误或存疑时不计。"
)


_IN_THE_WORKBOOK = "单位较多，各单位数据见 Excel 工作簿；各数字的来源见该单位的报告。"
_IN_THEIR_REPORTS = "单位较多，各数字的来源（文件、工作表、单元格、原文）见各单位的报告。"


def report(dossier: Dossier) -> Report:
    """The roll-up report, still without sections: what it is, and whether it is final.

    Provisional while any total is; a document without figures that has not come is told as well.
    """
    desk, due = dossier.desk, dossier.due
    own = [row for key, row in dossier.total.items() if key[:2] == (due, desk.body.code)]
    doubted = {unit for row in own for unit in row.doubted.split(",") if unit}
    forms = desk.campaign.form_by_code
    missing = {
        form: f"{forms[form].short}：{len(units)}家未报（{_names(dossier, units, at_most=_FEW)}）"
        for form, units in dossier.missing_units().items()
    }
    reasons = [words for form, words in missing.items() if form in dossier.table_forms]
    gaps = [unit for unit in desk.unit_codes if dossier.gaps(unit)]
    if gaps:
        reasons.append(f"{len(gaps)}家单位有项目没有数字：{_names(dossier, gaps)}")
    if doubted:
        reasons.append(f"{len(doubted)}家单位的数字有错误待更正：{_names(dossier, doubted)}")
    questioned = {unit for row in own for unit in dossier.doubted_units(row, "warning")}
    remarks = [words for form, words in missing.items() if form not in dossier.table_forms]
    if questioned:
        remarks.append(f"{len(questioned)}家单位的数字存疑待核实：{_names(dossier, questioned)}")
    return opening(
        dossier,
        name="rollup_report",
        title=f"{desk.body.name}{desk.campaign.title}汇总",
        region=desk.body,
        provisional=any(row.provisional for row in own),
        reasons=reasons,
        remarks=remarks,
    )


def key_figures(dossier: Dossier) -> Section:
    """The totals that matter; changes are over the units that reported at both dues."""
    items = dossier.desk.campaign.item_by_code
    cards = tuple(
        KeyFigure(
            label=items[code].short,
            unit=items[code].unit,
            figure=total_figure(dossier, row),
            change=matched_change_figure(dossier, dossier.body.code, items[code])
            if dossier.desk.earlier(dossier.due)
            else Figure(note="首期"),
            decimals=items[code].decimals,
        )
        for code in dossier.headline
        if (row := dossier.total.get((dossier.due, dossier.body.code, code)))
    )
    block = KeyFigures(id="key-figures", items=cards, change_label="同口径较上期")
    return Section(id="key", title="主要汇总数", blocks=(block,))


def totals(dossier: Dossier) -> Section:
    """Every total of every form, with what it lacks and between what bounds it lies.

    Of many units, the body's own so, and those of all regions above the units side by side.
    """
    nodes = (dossier.body.code,) if dossier.many else tuple(dossier.desk.nodes)
    tables = [_totals_table(dossier, form, node) for node in nodes for form in dossier.table_forms]
    if dossier.many:
        tables += [_nodes_table(dossier, form) for form in dossier.table_forms]
    sheets = [
        FormSheet(
            plan=form_sheet(
                dossier.desk,
                known,
                region=dossier.body,
                values={i.code: _value(dossier, i.code) for i in dossier.items(form)},
                totals=f"units-{form}",
                caveats=_caveats(dossier, form),
            )
        )
        for form in dossier.table_forms
        if (known := dossier.desk.campaign.form_by_code[form]).layout != "prose"
    ]
    note = Text(
        paragraphs=(
            "“缺”的单位不按0计：合计为暂定数。“下限—上限”是补入缺报单位后合计所在的范围。",
            "只对累计指标推算：下限用缺报单位最近一次的数字，上限只在它后来报过数时才有。",
            "“同口径增减”是各单位与自己最近一次数字之差的合计；缺数的、有错误的单位不在其内。",
        ),
        tone="note",
    )
    return Section(id="totals", title="汇总数", blocks=(*tables, note, *sheets))


def submitted(dossier: Dossier, desk: Desk, due: str) -> tuple[list[SheetPlan], list[Table]]:
    """The body's own forms for the desk above, in its edition, and the units' tables they sum up.

    desk, due: whom the body reports to, and the due there.
    """
    forms = [
        form for code in desk.expected_forms(due)
        if (form := desk.campaign.form_by_code[code]).layout != "prose"
        and desk.expects(due, code, dossier.body.code) and code in dossier.table_forms
    ]  # fmt: skip
    plans = [
        form_sheet(
            desk, form, due=due, region=dossier.body,
            values={i.code: _value(dossier, i.code) for i in dossier.items(form.code)},
            totals=f"units-{form.code}", caveats=_caveats(dossier, form.code),
        ) for form in forms
    ]  # fmt: skip
    return plans, [_units_table(dossier, form.code) for form in forms]


def _caveats(dossier: Dossier, form: str) -> list[str]:
    """What keeps a form's totals from being final, in the words printed under it."""
    key = (dossier.due, dossier.body.code)
    items = dossier.items(form)
    rows = {i.short: row for i in items if (row := dossier.total.get((*key, i.code)))}
    absent = dossier.missing_units().get(form, ())
    blank = {
        i: tuple(unit for unit in row.missing.split(",") if unit and unit not in absent)
        for i, row in rows.items()
    }
    wrong = {i: counted_wrong(dossier, row) for i, row in rows.items()}
    doubtful = {i: dossier.doubted_units(row, "warning") for i, row in rows.items()}
    lines = [f"暂定：{_names(dossier, absent)}未报本表，没有计入。"] if absent else []
    lines += _by_item(dossier, blank, "暂定：没有数字，没有计入")
    lines += _by_item(dossier, wrong, "暂定：有错误待更正，按原填数计入")
    return lines + _by_item(dossier, doubtful, "存疑待核实，按原填数计入")


def _by_item(dossier: Dossier, units: Mapping[str, Sequence[str]], words: str) -> list[str]:
    named = [f"{item}（{_names(dossier, codes)}）" for item, codes in units.items() if codes]
    return [f"{words}：{'、'.join(named)}。"] if named else []


def _totals_table(dossier: Dossier, form: str, node: str) -> Table:
    known = dossier.desk.campaign.form_by_code[form]
    columns = (
        Column(key="item", label="指标", width=44),
        Column(key="unit", label="单位", width=8),
        Column(key="total", label="合计", kind="figure", width=14),
        Column(key="change", label="同口径增减", kind="change", width=12),
        Column(key="counted", label="已计/应计", width=10),
        Column(key="bounds", label="下限—上限", width=22),
        Column(key="missing", label="缺", width=24),
        Column(key="doubted", label="有错误", width=16),
        Column(key="questioned", label="有存疑", width=16),
    )
    rows = tuple(
        _total_row(dossier, item, row)
        for item in dossier.items(form)
        if (row := dossier.total.get((dossier.due, node, item.code)))
    )
    whose = "" if node == dossier.body.code else f"{dossier.name(node)}　"
    suffix = "" if node == dossier.body.code else f"-{node}"
    return Table(
        id=f"totals-{form}{suffix}",
        title=f"{whose}{dossier.form_title(form)}",
        columns=columns,
        rows=rows,
        sheet=f"汇总 {known.short}{suffix}",
    )


def _nodes_table(dossier: Dossier, form: str) -> Table:
    """The totals of all regions above the units, a row a region."""
    known = dossier.desk.campaign.form_by_code[form]
    items = dossier.items(form)
    columns = (
        Column(key="region", label="地区", width=14),
        *(Column(key=i.code, label=i.short, kind="figure", decimals=i.decimals, width=13)
          for i in items),
    )  # fmt: skip
    rows = tuple(
        Row(key=node, cells=(Figure(value=dossier.name(node)), *_totals_of(dossier, node, items)))
        for node in dossier.desk.nodes
    )
    return Table(id=f"nodes-{form}", title=f"各地区汇总　{known.short}", columns=columns, rows=rows,
                 sheet=f"各地区 {known.short}")  # fmt: skip


def _totals_of(dossier: Dossier, node: str, items: Sequence[Item]) -> Iterator[Figure]:
    for item in items:
        row = dossier.total.get((dossier.due, node, item.code))
        # It is where it would lead to.
        yield total_figure(dossier, row).model_copy(update={"href": ""}) if row else Figure()


def _total_row(dossier: Dossier, item: Item, row: RollupRow) -> Row:
    cells = (
        Figure(value=item_label(dossier, item)),
        Figure(value=item.unit),
        total_figure(dossier, row).model_copy(update={"note": "暂定" if row.provisional else ""}),
        matched_change_figure(dossier, row.region, item),
        Figure(value=f"{row.units_counted}/{row.units_expected}"),
        Figure(value=_bounds(dossier, row, item)),
        Figure(value=_names(dossier, row.missing.split(","))),
        Figure(value=_names(dossier, row.doubted.split(","))),
        Figure(value=_names(dossier, dossier.doubted_units(row, "warning"))),
    )
    return Row(key=item.code, cells=cells, indent=1 if item.parent else 0)


def _bounds(dossier: Dossier, row: RollupRow, item: Item) -> str:
    """Between what values the total will lie once the missing units have reported."""
    if not row.missing or not item.carries:
        return ""
    if total_mark(dossier, row):
        return "有错误或存疑，不推算"
    lower = f"{row.lower:,.{item.decimals}f}"
    return f"{lower}—{row.upper:,.{item.decimals}f}" if row.upper == row.upper else f"不少于{lower}"


def units(dossier: Dossier) -> Section:
    """Every unit's figures side by side, a table a form; a worksheet each.

    Of many units only in the workbook.
    """
    tables = tuple(_units_table(dossier, form, summed=True) for form in dossier.table_forms)
    if dossier.many:
        note = Text(paragraphs=(_IN_THE_WORKBOOK,), tone="note")
        hidden = (table.model_copy(update={"hidden": True}) for table in tables)
        return Section(id="units", title="各单位数据", blocks=(note, *hidden))
    return Section(id="units", title="各单位数据", blocks=tables)


def _units_table(dossier: Dossier, form: str, *, summed: bool = False) -> Table:
    """summed: with the totals as its last row, for who comes from one of them."""
    known = dossier.desk.campaign.form_by_code[form]
    items = dossier.items(form)
    columns = (
        Column(key="region", label="单位", width=14),
        *(
            Column(
                key=i.code, label=i.short, kind="figure", decimals=i.decimals, width=13, heat=True
            )
            for i in items
        ),
    )
    rows = tuple(
        Row(
            key=unit,
            cells=(
                Figure(value=dossier.name(unit), href=f"../{unit}/region_report.html"),
                *(unit_figure(dossier, unit, item.code) for item in items),
            ),
        )
        for unit in dossier.desk.expected_units(dossier.due, form)
    )
    return Table(
        id=f"units-{form}",
        title=f"{known.short}（{'、'.join(sorted({i.unit for i in items}))}）",
        columns=columns,
        rows=(*rows, _sum_row(dossier, items)) if summed and rows else rows,
        sheet=f"各单位 {known.short}",
    )


def _sum_row(dossier: Dossier, items: Sequence[Item]) -> Row:
    """The totals under the units that they add up, each leading to what it lacks."""
    cells = []
    for item in items:
        row = dossier.total.get((dossier.due, dossier.body.code, item.code))
        total = total_figure(dossier, row) if row else Figure()
        cells.append(total.model_copy(update={"href": f"#t-totals-{item.form}"}))
    return Row(key=dossier.body.code, cells=(Figure(value="合计"), *cells), strong=True)


def ranking(dossier: Dossier) -> Section:
    """The units side by side in each key item, largest first."""
    items = dossier.desk.campaign.item_by_code
    charts = tuple(
        _bars(dossier, items[code], form)
        for form in dossier.table_forms
        for code in dossier.desk.campaign.form_by_code[form].key
        if items[code] in dossier.items(form)
    )
    many = len(dossier.desk.units) > MOST_BARS
    first = f"单位较多，各图只列前{MOST_BARS}家，全部见“各单位数据”。" if many else ""
    note = Text(paragraphs=(f"{_RANKED}{first}",), tone="note")
    return Section(id="ranking", title="单位对比", blocks=(*charts, note))


def _bars(dossier: Dossier, item: Item, form: str) -> Bars:
    """The units' figures in one item, largest first, each with its share of a total in no doubt."""
    total = dossier.total.get((dossier.due, dossier.body.code, item.code))
    whole = total.value if total and total.value > 0 and not total_mark(dossier, total) else None
    units = dossier.desk.expected_units(dossier.due, form)
    bars = [_bar(dossier, unit, item, whole) for unit in units]
    bars.sort(key=lambda bar: (bar.value is None, -(bar.value or 0.0)))
    return Bars(
        id=f"ranking-{item.code}",
        title=item.short,
        unit=item.unit,
        bars=tuple(bars[:MOST_BARS]),
        decimals=item.decimals,
    )


def _bar(dossier: Dossier, unit: str, item: Item, whole: float | None) -> Bar:
    figure = unit_figure(dossier, unit, item.code)
    value = dossier.value(unit, item.code)
    return Bar(
        label=dossier.name(unit),
        value=value,
        mark=figure.mark,
        note=figure.note,
        href=figure.href or f"../{unit}/region_report.html",
        sources=figure.sources if value is not None else (),
        finding=figure.finding,
        share=value / whole if value is not None and whole else None,
    )


def missing(dossier: Dossier) -> Section:
    """Who has not reported what, a row a form; and who has reported late, where that is known."""
    forms = dossier.desk.campaign.form_by_code
    rows = tuple(
        Row(
            key=form,
            cells=(
                Figure(value=forms[form].short),
                Figure(value=forms[form].line),
                Figure(value=float(len(units)), operands=_ones(dossier, units)),
                Figure(value=_names(dossier, units, at_most=0)),
            ),
        )
        for form, units in dossier.missing_units().items()
    )
    columns = (
        Column(key="form", label="表", width=16),
        Column(key="line", label="填报部门", width=12),
        Column(key="count", label="家数", kind="figure", width=8),
        Column(key="units", label="未报单位", width=60),
    )
    table = Table(id="missing", columns=columns, rows=rows, empty="各单位均已报齐。", sheet="未报",
                  written=True)  # fmt: skip
    late = _late_table(dossier)
    shown = (table, late)[: 1 + bool(late.rows)]
    return Section(id="missing", title="未报与迟报", blocks=shown)


def _late_table(dossier: Dossier) -> Table:
    """Who has reported what after the due, as far as the times of receipt were written down."""
    forms = dossier.desk.campaign.form_by_code
    rows = tuple(
        Row(
            key=f"{unit}-{form}",
            cells=(
                Figure(value=dossier.name(unit), href=f"../{unit}/region_report.html#missing"),
                Figure(value=forms[form].short),
                Figure(value=moment(dossier.came_at(unit, form))),
                Figure(value=f"{days}天"),
            ),
        )
        for unit in dossier.desk.unit_codes
        for form, days in dossier.late_forms(unit).items()
    )
    columns = (
        Column(key="region", label="单位", width=16),
        Column(key="form", label="表", width=16),
        Column(key="at", label="收到时间", width=24),
        Column(key="days", label="迟报", width=10),
    )
    return Table(id="late", title="迟报（按收件登记）", columns=columns, rows=rows, sheet="迟报")


def _ones(dossier: Dossier, units: Sequence[str]) -> tuple[Operand, ...]:
    """What a count of units is made of: one of each, leading to its page."""
    return tuple(
        Operand(label=dossier.name(unit), value=1.0, href=f"../{unit}/region_report.html#missing")
        for unit in units
    )


def findings(dossier: Dossier) -> Section:
    """What is doubted in totals and units' returns; hints are left to the quality report."""
    rows = tuple(row for row in dossier.all_findings if row.severity != "info")
    table = findings_table(dossier, rows, name="findings", sheet="问题", unit=True)
    return Section(id="findings", title="问题与处理", blocks=(table,))


def notes(dossier: Dossier) -> Section:
    """The footnotes that the readings demand on totals."""
    shown = [item.code for form in dossier.table_forms for item in dossier.items(form)]
    return notes_of.footnotes(dossier, "rollup", shown)


def sources(dossier: Dossier) -> Section:
    """Where every unit's figure comes from; of many units their own reports tell it."""
    if dossier.many:
        note = Text(paragraphs=(_IN_THEIR_REPORTS,), tone="note")
        return Section(id="sources", title="数据来源", blocks=(note,))
    table = sources_table(dossier, dossier.desk.unit_codes, dues=(dossier.due,))
    return Section(id="sources", title="数据来源", blocks=(table,))


def _value(dossier: Dossier, item: str) -> float | None:
    row = dossier.total.get((dossier.due, dossier.body.code, item))
    return None if row is None or row.value != row.value else row.value


def _names(dossier: Dossier, codes: Iterable[str], *, at_most: int | None = None) -> str:
    """Units by name in their order; of more than `at_most` the first, and 等.

    at_most: 0 for all of them; as by default, but where the units are many: then a few are named,
    and how many there are.
    """
    wanted = set(codes)
    names = [dossier.name(code) for code in dossier.desk.unit_codes if code in wanted]
    most = (_FEW if dossier.many else 0) if at_most is None else at_most
    if most and len(names) > most:
        return "、".join(names[:most]) + ("等" if at_most else f"等{len(names)}家")
    return "、".join(names)
