"""Sections of one unit's report at one due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chunfeng_reports.blanks import form_sheet
from chunfeng_reports.calendar import moment, month_and_day
from chunfeng_reports.campaign import Form, Item
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS
from chunfeng_reports.report import (
    Column,
    Figure,
    FormSheet,
    KeyFigure,
    KeyFigures,
    Operand,
    Prose,
    ProseLine,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from chunfeng_reports.tables import notes as notes_of
from chunfeng_reports.tables.dossier import Dossier, FindingRow
from chunfeng_reports.tables.figures import (
    change_figure,
    fact_figure,
    fact_operand,
    findings_table,
    item_label,
    sources_table,
)
from chunfeng_reports.tables.opening import opening
from chunfeng_reports.worksheets import lines_of

#: Lines on a brief's page, half-widths on one of them, characters of one doubt in it.
_PAGE, _LINE, LONGEST_DOUBT = 22, 54, 110


def report(dossier: Dossier, region: str | int, *, title: str = "报送情况") -> Report:
    """The report of a unit, still without sections: what it is, and whether it is final.

    title: what it tells of the unit; the unit's name stands before it.
    Provisional while a figure is missing or an error stands on one; a document without figures
    that has not come is told but holds nothing up.
    UseError where the region is none of the body's units.
    """
    unit = dossier.desk.unit(region)
    reasons = dossier.unsettled(unit.code)
    forms = dossier.desk.campaign.form_by_code
    papers = [f for f in dossier.missing_forms(unit.code) if f not in dossier.table_forms]
    remarks = [f"{'、'.join(forms[code].short for code in papers)}未报"] if papers else []
    if doubts := dossier.open_counts(unit.code)["warning"]:
        remarks.append(f"有{doubts}处存疑待核实（含未报的提示）")
    return opening(
        dossier,
        name="region_report",
        title=f"{unit.name}{title}",
        region=unit,
        provisional=bool(reasons),
        reasons=reasons,
        remarks=remarks,
    )


def key_figures(dossier: Dossier, region: str | int) -> Section:
    """The figures that matter, each with its change since the unit's last figure."""
    region = dossier.desk.unit(region).code
    told = Prose(lines=(ProseLine(text=_reported(dossier, region)),), hidden=True)
    figures = KeyFigures(id="key-figures", items=_cards(dossier, region))
    return Section(id="key", title="主要数据", blocks=(told, figures))


def _cards(dossier: Dossier, region: str) -> tuple[KeyFigure, ...]:
    items = [dossier.desk.campaign.item_by_code[code] for code in dossier.headline]
    return tuple(
        KeyFigure(
            label=item.short,
            unit=item.unit,
            figure=fact_figure(dossier, region, item.code),
            change=change_figure(dossier, region, item)
            if dossier.desk.earlier(dossier.due)
            else Figure(note="首期"),
            decimals=item.decimals,
        )
        for item in items
        if dossier.desk.expects(dossier.due, item.form, region)
    )


def _reported(dossier: Dossier, region: str) -> str:
    """What a unit had to file and what has come, in a sentence."""
    desk, due = dossier.desk, dossier.due
    expected = [form for form in desk.expected_forms(due) if desk.expects(due, form, region)]
    names = [desk.campaign.form_by_code[form].short for form in expected]
    missing = dossier.missing_forms(region)
    lacking = [desk.campaign.form_by_code[form].short for form in missing]
    end = f"，未报{'、'.join(lacking)}" if lacking else ""
    came = len(expected) - len(missing)
    return f"应报{'、'.join(names)}{len(expected)}份，已报{came}份{end}。"


def figures(dossier: Dossier, region: str | int) -> Section:
    """Every figure of every form: this due, the last one, the change, and the unit's place."""
    region = dossier.desk.unit(region).code
    forms = [f for f in dossier.table_forms if dossier.desk.expects(dossier.due, f, region)]
    tables = [_form_table(dossier, region, form) for form in forms]
    sheets = [
        _official(dossier, region, known)
        for form in forms
        if (known := dossier.desk.campaign.form_by_code[form]).layout != "prose"
    ]
    note = Text(paragraphs=(_RANKING,), tone="note")
    return Section(id="figures", title="各项数据", blocks=(*tables, note, *sheets))


def _official(dossier: Dossier, region: str, form: Form) -> FormSheet:
    items = dossier.items(form.code)
    absent = (region, form.code) not in dossier.came
    gaps = [item.short for item in items if dossier.value(region, item.code) is None]
    marked = [item.short for item in items if dossier.mark(region, item.code)]
    caveats = ["本表没有收到。"] if absent else []
    if gaps and not absent:
        caveats.append(f"没有数字：{'、'.join(gaps)}。")
    if marked and not absent:
        caveats.append(f"待更正或核实：{'、'.join(marked)}，见“问题”。")
    plan = form_sheet(
        dossier.desk,
        form,
        region=dossier.desk.unit(region),
        values={item.code: dossier.value(region, item.code) for item in items},
        caveats=caveats,
    )
    return FormSheet(plan=plan)


_RANKING = (
    "位次按由大到小排列，只反映规模，不是考核名次；有错误或存疑的数字不参加排位，"
    "合计中有错误或存疑时不计占比。"
)

_COMPARISON = (
    Column(key="last", label="上期", kind="figure", width=14),
    Column(key="change", label="增减", kind="change", width=12),
)


def _form_table(dossier: Dossier, region: str, form: str) -> Table:
    known = dossier.desk.campaign.form_by_code[form]
    columns = (
        Column(key="item", label="指标", width=44),
        Column(key="unit", label="单位", width=8),
        Column(key="value", label="本期", kind="figure", width=14),
        *_COMPARISON[: 2 if dossier.desk.earlier(dossier.due) else 0],
        Column(key="share", label="占已报合计", kind="percent", decimals=1, width=12),
        Column(key="rank", label="位次", width=10),
    )
    return Table(
        id=f"figures-{form}",
        title=dossier.form_title(form),
        columns=columns,
        rows=tuple(_item_row(dossier, region, item) for item in dossier.items(form)),
        sheet=f"数据 {known.short}",
    )


def _item_row(dossier: Dossier, region: str, item: Item) -> Row:
    cells = (
        Figure(value=item_label(dossier, item)),
        Figure(value=item.unit),
        fact_figure(dossier, region, item.code),
        *(_comparison(dossier, region, item) if dossier.desk.earlier(dossier.due) else ()),
        _share(dossier, region, item),
        _place(dossier, region, item),
    )
    return Row(key=item.code, cells=cells, indent=1 if item.parent else 0)


def _comparison(dossier: Dossier, region: str, item: Item) -> tuple[Figure, Figure]:
    """The last figure (with its due, where that is not the one before) and the change since."""
    last = dossier.last(region, item.code) if item.over_time != "period" else None
    if last is None:
        return Figure(), Figure()
    before = fact_figure(dossier, region, item.code, due=last[0])
    if last[0] != dossier.desk.earlier(dossier.due)[-1]:
        before = before.model_copy(update={"note": f"{month_and_day(last[0])}报"})
    change = change_figure(dossier, region, item)
    if change.value is None and dossier.value(region, item.code) is not None:
        return before, Figure(note="有错误，不比较")
    return before, change


def _share(dossier: Dossier, region: str, item: Item) -> Figure:
    """The unit's part of what was reported; the whole stands in the roll-up, where it leads to."""
    share = dossier.share(region, item.code)
    if share is None:
        return Figure()
    whole = Operand(sign="÷", label="已报合计（见汇总报告）",
                    href=_in_roll_up(dossier, f"totals-{item.form}"))  # fmt: skip
    return Figure(value=share, operands=(fact_operand(dossier, region, item.code), whole))


def _place(dossier: Dossier, region: str, item: Item) -> Figure:
    """The unit's place among those whose figures are not in doubt; leads to all of them."""
    place = dossier.rank(region, item.code)
    if place is None:
        return Figure()
    href = _in_roll_up(dossier, f"units-{item.form}")
    return Figure(value=f"{place[0]}/{place[1]}", href=href)


def _in_roll_up(dossier: Dossier, table: str) -> str:
    """A table of the body's roll-up at this due, as a unit's page leads to it."""
    return f"../{dossier.body.code}/rollup_report.html#t-{table}"


def findings(dossier: Dossier, region: str | int) -> Section:
    """What is doubted in the unit's returns, worst first, and what to do about it."""
    region = dossier.desk.unit(region).code
    rows = dossier.findings_on(region)
    table = findings_table(dossier, rows, name="findings", sheet="问题", unit=False)
    mending = _mending_table(dossier, region)
    shown = (table, mending)[: 1 + bool(mending.rows)]
    return Section(
        id="findings", title="问题与处理", blocks=(*shown, _brief(dossier, region, rows))
    )


def _brief(dossier: Dossier, region: str, rows: Sequence[FindingRow]) -> Prose:
    """The doubts to settle, worst first, as many as leave the brief on one page."""
    doubts = [row for row in rows if row.stands and row.severity != "info"]
    if not doubts:
        return Prose(lines=(ProseLine(text="没有错误和存疑需要处理。"),), hidden=True)
    counts = Counter(row.severity for row in doubts)
    number = "、".join(f"{SEVERITY_WORDS[s]}{counts[s]}处" for s in SEVERITIES if counts[s])
    lines, room = [f"共有{number}。"], _room_for_doubts(dossier, region)
    for n, row in enumerate(doubts, start=1):
        text = f"{n}.（{SEVERITY_WORDS[row.severity]}）{_place_of(dossier, row)}{row.message}"
        text = text if len(text) <= LONGEST_DOUBT else text[: LONGEST_DOUBT - 1] + "…"
        room -= _lines(text)
        if room < 0:
            lines.append(f"其余{len(doubts) - n + 1}处见 Excel 工作簿“问题”表。")
            break
        lines.append(text)
    return Prose(lines=tuple(ProseLine(text=line) for line in lines), hidden=True)


def _room_for_doubts(dossier: Dossier, region: str) -> float:
    """Lines of a brief's page that the rest of it leaves."""
    base, cards = report(dossier, region), _cards(dossier, region)
    title = 1.3 * lines_of(base.title, room=36) + 1
    also = f"另外：{'；'.join(base.remarks)}。" if base.remarks else ""
    status = _lines(f"【数据齐全：{'；'.join(base.reasons)}。】{also}")
    figures = 1 + _lines(_reported(dossier, region)) + 0.65 * (2 + len(cards) // 2)
    gaps = _unfilled(dossier, region)
    return _PAGE - title - status - figures - 3 - (1 + _lines(gaps) if gaps else 0)


def _lines(text: str) -> int:
    return lines_of(f"　　{text}", room=_LINE)


def _place_of(dossier: Dossier, row: FindingRow) -> str:
    form = dossier.desk.campaign.form_by_code.get(row.form)
    return f"{form.short}：" if form else ""


def _mending_table(dossier: Dossier, region: str) -> Table:
    """Where figures do not fit together: the fewest that would have to change, and to what."""
    own = dossier.corrections[dossier.corrections["region"] == region]
    options = own.drop_duplicates(["case", "option"])
    rows = tuple(
        Row(key=f"{case}-{option}", cells=(Figure(value=_labels(dossier, rules)),
                                           Figure(value=message)))
        for case, option, rules, message in zip(
            *(options[name] for name in ("case", "option", "rules", "message")), strict=True
        )
    )  # fmt: skip
    columns = (
        Column(key="rules", label="不符的关系", width=36),
        Column(key="message", label="怎样改就相符（供核对，没有改动任何数字）", width=90),
    )
    return Table(
        id="corrections", title="可能填错的地方", columns=columns, rows=rows, sheet="可能填错"
    )


def _labels(dossier: Dossier, rules: str) -> str:
    return "；".join(dossier.rules.get(rule, rule) for rule in rules.split(","))


def missing(dossier: Dossier, region: str | int) -> Section:
    """The forms that have not come, the cells left empty, and the forms that came late."""
    region = dossier.desk.unit(region).code
    forms = dossier.desk.campaign.form_by_code
    rows = [
        Row(
            key=code,
            cells=(
                Figure(value=forms[code].short),
                Figure(value=forms[code].line),
                Figure(value="未报，请尽快补报"),
            ),
        )
        for code in dossier.missing_forms(region)
    ]
    items = dossier.desk.campaign.item_by_code
    rows += [
        Row(
            key=code,
            cells=(
                Figure(value=forms[items[code].form].short),
                Figure(value=forms[items[code].form].line),
                Figure(value=f"{dossier.desk.label(items[code])}：{dossier.state(region, code)}"),
            ),
        )
        for code in dossier.gaps(region)
    ]
    rows += [
        Row(
            key=f"late-{code}",
            cells=(
                Figure(value=forms[code].short),
                Figure(value=forms[code].line),
                Figure(value=f"迟报{days}天（{moment(dossier.came_at(region, code))}收到）"),
            ),
        )
        for code, days in dossier.late_forms(region).items()
    ]
    columns = (
        Column(key="form", label="表", width=16),
        Column(key="line", label="填报部门", width=12),
        Column(key="what", label="情况", width=60),
    )
    table = Table(
        id="missing", columns=columns, rows=tuple(rows), empty="应报的都已报齐。", sheet="未报"
    )
    words = _unfilled(dossier, region)
    told = (Prose(lines=(ProseLine(text=words),), hidden=True),) if words else ()
    return Section(id="missing", title="未报、未填与迟报", blocks=(table, *told))


def _unfilled(dossier: Dossier, region: str) -> str:
    """Which figures are wanting in the forms that came, in a sentence; empty where none is."""
    items = dossier.desk.campaign.item_by_code
    gaps = [f"{items[code].short}（{dossier.state(region, code)}）"
            for code in dossier.gaps(region)]  # fmt: skip
    more = f"等{len(gaps)}项" if len(gaps) > 5 else ""
    return f"没有数字：{'、'.join(gaps[:5])}{more}。" if gaps else ""


def notes(dossier: Dossier, region: str | int) -> Section:
    """The footnotes that the figures shown demand."""
    region = dossier.desk.unit(region).code
    shown = [
        item.code
        for form in dossier.table_forms
        if dossier.desk.expects(dossier.due, form, region)
        for item in dossier.items(form)
    ]
    return notes_of.footnotes(dossier, "unit", shown)


def sources(dossier: Dossier, region: str | int) -> Section:
    """Where every figure comes from: file, sheet and cell, what was typed and how it was read."""
    region = dossier.desk.unit(region).code
    dues = (dossier.due, *reversed(dossier.desk.earlier(dossier.due)))
    table = sources_table(dossier, (region,), dues=dues)
    return Section(id="sources", title="数据来源", blocks=(table,))
