"""Section of the roll-up's changes: every unit's change in every item since its last figure."""

from __future__ import annotations

from chunfeng_reports.calendar import month_and_day
from chunfeng_reports.campaign import Item
from chunfeng_reports.report import Column, Figure, Row, Section, Table, Text
from chunfeng_reports.tables.dossier import Dossier
from chunfeng_reports.tables.figures import change_figure, finding_key, matched_change_figure


def changes(dossier: Dossier) -> Section:
    """Units × items: each unit's change since its last figure, a worksheet a form.

    Only in the workbook; the last row adds up what can be compared. A form that is asked for the
    first time has no sheet, an item that starts anew each period no column.
    """
    tables = tuple(
        _table(dossier, form, items)
        for form in dossier.table_forms
        if _asked_before(dossier, form) and (items := _comparable(dossier, form))
    )
    none = Text(paragraphs=("各表都是第一次报送，没有上期可比。",), tone="note")
    return Section(id="changes", title="较上期增减", blocks=tables or (none,))


def _asked_before(dossier: Dossier, form: str) -> bool:
    desk = dossier.desk
    return any(form in desk.expected_forms(due) for due in desk.earlier(dossier.due))


def _comparable(dossier: Dossier, form: str) -> tuple[Item, ...]:
    return tuple(item for item in dossier.items(form) if item.over_time != "period")


def _table(dossier: Dossier, form: str, items: tuple[Item, ...]) -> Table:
    known = dossier.desk.campaign.form_by_code[form]
    columns = (
        Column(key="region", label="单位", width=14),
        *(
            Column(key=i.code, label=i.short, kind="change", decimals=i.decimals, width=13)
            for i in items
        ),
    )
    rows = (
        *(_unit_row(dossier, unit, items)
          for unit in dossier.desk.expected_units(dossier.due, form)),
        _total_row(dossier, items),
    )  # fmt: skip
    return Table(
        id=f"changes-{form}",
        title=f"{known.short}较上期增减（{'、'.join(sorted({i.unit for i in items}))}）",
        columns=columns,
        rows=rows,
        note="各单位与自己最近一次数字相比；有错误待更正的不比较，也不计入同口径合计。",
        sheet=f"增减 {known.short}",
        hidden=True,
    )


def _unit_row(dossier: Dossier, unit: str, items: tuple[Item, ...]) -> Row:
    cells = (_change(dossier, unit, item) for item in items)
    return Row(key=unit, cells=(Figure(value=dossier.name(unit)), *cells))


def _change(dossier: Dossier, unit: str, item: Item) -> Figure:
    """A change or why there is none; where this due's figure is in doubt, its mark and finding."""
    figure, doubt = _told(dossier, unit, item), dossier.doubt(unit, item.code)
    if doubt is None:
        return figure
    return figure.model_copy(update={"mark": doubt.severity, "finding": finding_key(doubt.id)})


def _told(dossier: Dossier, unit: str, item: Item) -> Figure:
    """The change, with the due of the figure before where that is not the last one; or why not."""
    found, last = change_figure(dossier, unit, item), dossier.last(unit, item.code)
    if dossier.value(unit, item.code) is None:
        return Figure(note=dossier.state(unit, item.code))
    if last is None:
        return Figure(note="首次报数")
    if found.value is None:
        return Figure(note="有错误，不比较")
    late = last[0] != dossier.desk.earlier(dossier.due)[-1]
    return found.model_copy(update={"note": f"比{month_and_day(last[0])}" if late else ""})


def _total_row(dossier: Dossier, items: tuple[Item, ...]) -> Row:
    body = dossier.body.code
    cells = (matched_change_figure(dossier, body, item) for item in items)
    return Row(key=body, cells=(Figure(value="同口径合计"), *cells), strong=True)
