"""Analysis: what is known at a due as pandas tables, for analysts of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, Literal, get_args

import pandas as pd

from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import UseError
from chunfeng_reports.findings import SEVERITIES
from chunfeng_reports.report import Column, Figure, Row, Table
from chunfeng_reports.tables import body
from chunfeng_reports.tables.dossier import Dossier

Kind = Literal["text", "figure", "change", "percent", "code", "severity"]

DUES_COLUMNS = ("due", "name", "status", "units", "complete", *SEVERITIES)
COMPARED_COLUMNS = ("region", "unit", "value", "state", "mark", "share", "place", "change")
UNIT_COLUMNS = ("region", "unit", "name")
ITEM_COLUMNS = ("item", "form", "form_name", "label", "measure")
COURSE_COLUMNS = ("due", "value", "state", "mark")

_COUNTS = ("units", "complete", *SEVERITIES)


def dues(desk: Desk, dossiers: Mapping[str, Dossier]) -> pd.DataFrame:
    """How each due of a desk stands, a row a due; columns as :data:`DUES_COLUMNS`.

    dossiers: by due, those that a check has been through. status: ``final``, ``provisional``, or
    ``none`` of a due that none has; complete: units of which no form with figures is missing;
    critical, warning, info: open findings. Counts are whole numbers, empty where there are none.
    """
    rows = [_due(desk, due, dossiers.get(due)) for due in desk.dues]
    frame = pd.DataFrame(rows, columns=list(DUES_COLUMNS))
    return frame.astype(dict.fromkeys(_COUNTS, "Int64"))


def _due(desk: Desk, due: str, dossier: Dossier | None) -> dict[str, object]:
    one: dict[str, object] = {"due": due, "name": desk.round(due).name, "status": "none",
                              "units": len(desk.units)}  # fmt: skip
    if dossier is None:
        return one
    status, complete = body.report(dossier).status, len(dossier.complete_units())
    return one | {"status": status, "complete": complete} | dossier.open_counts()


def compare(dossier: Dossier, item: str) -> pd.DataFrame:
    """The units side by side in one item, largest first; columns as :data:`COMPARED_COLUMNS`.

    A row a unit that must file the form. state: as of facts, empty where nothing was asked; mark:
    the worst doubt that stands on the figure, else empty; share of what was reported, place and
    change as the reports have them: none is made of a figure in doubt.
    """
    asked = dossier.desk.item_named(dossier.due, item)
    units = dossier.desk.expected_units(dossier.due, asked.form)
    rows = [_compared(dossier, unit, asked.code) for unit in units]
    frame = pd.DataFrame(rows, columns=list(COMPARED_COLUMNS))
    typed = frame.astype({"value": "float64", "share": "float64", "change": "float64",
                          "place": "Int64"})  # fmt: skip
    return typed.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _compared(dossier: Dossier, unit: str, item: str) -> dict[str, object]:
    place = dossier.rank(unit, item)
    fact = dossier.fact.get((dossier.due, unit, item))
    return {
        "region": unit,
        "unit": dossier.name(unit),
        "value": dossier.value(unit, item),
        "state": fact.state if fact else "",
        "mark": dossier.mark(unit, item) or "",
        "share": dossier.share(unit, item),
        "place": place[0] if place else None,
        "change": dossier.change(unit, item),
    }


def course(dossier: Dossier, region: str | int, item: str) -> pd.DataFrame:
    """One item of a unit, or of a region above the units, over the dues up to the dossier's.

    A row a due that is known; columns as :data:`COURSE_COLUMNS`. Of a unit, state and mark are as
    in :func:`compare`; of a total, state is ``final`` or ``provisional``, and mark ``critical``
    where an error stands on a part of it. What a total lacks is not made up for.
    """
    known = [due for due in dossier.desk.dues if (dossier.facts["due"] == due).any()]
    told = _of_total if str(region) in dossier.desk.nodes else _of_unit
    code = str(region) if told is _of_total else dossier.unit(region)
    rows = [told(dossier, due, code, dossier.item(item).code) for due in known]
    frame = pd.DataFrame(rows, columns=list(COURSE_COLUMNS))
    return frame.astype({"value": "float64"})


def _of_unit(dossier: Dossier, due: str, region: str, item: str) -> dict[str, object]:
    fact = dossier.fact.get((due, region, item))
    return {
        "due": due,
        "value": dossier.value(region, item, due=due),
        "state": fact.state if fact else "",
        "mark": dossier.mark(region, item, due=due) or "",
    }


def _of_total(dossier: Dossier, due: str, region: str, item: str) -> dict[str, object]:
    total = dossier.total.get((due, region, item))
    return {
        "due": due,
        "value": total.value if total else None,
        "state": "provisional" if total is None or total.provisional else "final",
        "mark": "critical" if total and total.doubted else "",
    }


def table_of(
    frame: pd.DataFrame | pd.Series,
    *,
    id: str,  # noqa: A002  (as of the table)
    title: str = "",
    kinds: Mapping[str, Kind] | None = None,
    sheet: str | None = None,
    written: bool = False,
    note: str = "",
) -> Table:
    """A pandas table as a table of a report: page, Excel (where it has a sheet) and Word.

    Columns are headed by their names and shown in their order. An index that tells something (it
    has a name, or is no number of rows: as after ``groupby``, ``pivot`` or ``crosstab``) comes
    first. kinds: by column name, what is not told by its type (numbers are figures, all else is
    text); written: drawn in Word too. What is missing stays empty, and is no 0. UseError for a name
    in kinds that no column has, or a kind that there is none of.
    """
    frame = _with_its_index(frame)
    _check_kinds(kinds or {}, [str(name) for name in frame.columns])
    told = {str(name): "figure" for name in frame.select_dtypes("number")} | dict(kinds or {})
    columns = tuple(
        Column.model_validate({"key": str(name), "label": str(name),
                               "kind": told.get(str(name), "text")})
        for name in frame.columns
    )  # fmt: skip
    rows = tuple(
        Row(key=str(n), cells=tuple(map(_figure, values)))
        for n, values in enumerate(frame.itertuples(index=False, name=None))
    )
    return Table(id=id, title=title, columns=columns, rows=rows, sheet=sheet, written=written,
                 note=note)  # fmt: skip


def _with_its_index(given: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """A table whose index, unless it only numbers the rows, is its first columns."""
    frame = given if isinstance(given, pd.DataFrame) else given.to_frame(
        name="数值" if given.name is None else given.name)  # fmt: skip
    names = frame.index.names
    if names == [None] and pd.api.types.is_integer_dtype(frame.index.dtype):
        return frame
    return frame.reset_index(names=[name or "" for name in names], allow_duplicates=True)


def _check_kinds(kinds: Mapping[str, str], columns: Sequence[str]) -> None:
    if strangers := [name for name in kinds if name not in columns]:
        raise UseError(
            f"kinds 中的 {'、'.join(strangers)} 不是表的列；表的列是：{'、'.join(columns)}"
        )
    known: tuple[str, ...] = get_args(Kind)
    if wrong := [kind for kind in kinds.values() if kind not in known]:
        raise UseError(f"没有这种列：{'、'.join(map(str, wrong))}；可用：{'、'.join(known)}")


def _figure(value: Any) -> Figure:
    if pd.isna(value):
        return Figure()
    if isinstance(value, bool):
        return Figure(value="是" if value else "否")
    return Figure(value=float(value) if isinstance(value, Real) else str(value))
