"""Decisions: what whoever reads a report has to see to, a row a matter, gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chunfeng_reports.calendar import in_words
from chunfeng_reports.explanations import OUTCOME_WORDS
from chunfeng_reports.report import Column, Figure, Row, Section, Table
from chunfeng_reports.tables.dossier import Dossier, FindingRow

#: Names that are told; of more, how many there are.
_NAMED = 6


class _Matter(NamedTuple):
    """One thing to see to: what, whom or what it touches, what to do, where the details stand."""

    what: str
    touches: str
    how: str
    href: str


def of_unit(dossier: Dossier, region: str) -> Section:
    """What the bureau has to see to in a unit's returns: errors, gaps, doubts, words to settle."""
    region = dossier.desk.unit(region).code
    return _section(_unit_matters(dossier, region))


def of_body(dossier: Dossier) -> Section:
    """What the bureau has to see to at a due: whom to chase, what to return, whether to submit."""
    return _section(_body_matters(dossier), written=True)


def _section(matters: Iterable[_Matter], *, written: bool = False) -> Section:
    columns = (
        Column(key="what", label="事项", width=24),
        Column(key="touches", label="涉及", width=44),
        Column(key="how", label="怎么办", width=60),
    )
    rows = tuple(
        Row(key=f"matter-{n}", cells=(Figure(value=one.what, href=one.href),
                                      Figure(value=one.touches), Figure(value=one.how)))
        for n, one in enumerate(matters, start=1)
    )  # fmt: skip
    table = Table(id="decisions", columns=columns, rows=rows, empty="没有需要处理的事项。",
                  written=written)  # fmt: skip
    return Section(id="decisions", title="需要处理的事", blocks=(table,))


def _unit_matters(dossier: Dossier, region: str) -> Iterator[_Matter]:
    counts = dossier.open_counts(region)
    if counts["critical"]:
        yield _Matter(f"退回更正{counts['critical']}处错误", _items(dossier, region, "critical"),
                      "退回单位更正后重报；更正前汇总数为暂定。", "#findings")  # fmt: skip
    lacking = dossier.missing_forms(region)
    if figures := [code for code in lacking if code in dossier.table_forms]:
        yield _Matter(f"催报{len(figures)}份", _forms(dossier, figures),
                      "催单位补报；补报前这些材料的汇总数不含该单位。", "#missing")  # fmt: skip
    if gaps := dossier.gaps(region):
        items = dossier.desk.campaign.item_by_code
        yield _Matter(f"补填{len(gaps)}项", _some([items[code].short for code in gaps], "项"),
                      "请单位补填，确实没有的填0；补填前汇总数不含该项。", "#missing")  # fmt: skip
    if doubts := _to_verify(dossier, region):
        yield _Matter(f"核实{doubts}处存疑", _items(dossier, region, "warning"),
                      "请单位核实：有误的更正，无误的书面说明理由。", "#findings")  # fmt: skip
    if papers := [code for code in lacking if code not in dossier.table_forms]:
        yield _Matter(f"催报{len(papers)}份书面材料", _forms(dossier, papers),
                      "催单位补报，不影响汇总数。", "#missing")  # fmt: skip
    if claimed := _claimed(dossier, (region,)):
        yield _claims(claimed, "")


def _body_matters(dossier: Dossier) -> Iterator[_Matter]:
    units = dossier.desk.unit_codes
    wrong = {u: n for u in units if (n := dossier.open_counts(u)["critical"])}
    if wrong:
        yield _Matter(f"退回更正{sum(wrong.values())}处错误", _whose(dossier, wrong),
                      "退回单位更正后重报；更正前合计为暂定。", "#findings")  # fmt: skip
    lacking = dossier.missing_units()
    yield from (_to_chase(dossier, form, lacking[form]) for form in lacking
                if form in dossier.table_forms)  # fmt: skip
    gaps = {unit: len(found) for unit in units if (found := dossier.gaps(unit))}
    if gaps:
        yield _Matter(f"补填{sum(gaps.values())}项", _whose(dossier, gaps, "项"),
                      "请单位补填，确实没有的填0。", "#totals")  # fmt: skip
    doubts = {unit: n for unit in units if (n := _to_verify(dossier, unit))}
    if doubts:
        yield _Matter(f"核实{sum(doubts.values())}处存疑", _whose(dossier, doubts),
                      "请单位核实：有误的更正，无误的书面说明理由。", "#findings")  # fmt: skip
    yield from (_to_chase(dossier, form, lacking[form]) for form in lacking
                if form not in dossier.table_forms)  # fmt: skip
    if claimed := _claimed(dossier, units):
        yield _claims(claimed, _names(dossier, claimed))
    provisional = bool(wrong or gaps or set(lacking) & set(dossier.table_forms))
    yield from _submitting(dossier, provisional=provisional, doubted=bool(doubts))


def _submitting(dossier: Dossier, *, provisional: bool, doubted: bool) -> Iterator[_Matter]:
    """Whether the figures can go up, where they have to."""
    above, feeds = dossier.desk.above(dossier.due), dossier.desk.round(dossier.due).feeds
    if above is None or feeds is None:
        return
    how = "合计已齐，存疑核实后上报。" if doubted else "合计已齐，可以上报。"
    if provisional:
        how = "先处理以上错误、缺报和缺项；到期仍未齐的，按暂定数上报并附说明。"
    yield _Matter(f"{in_words(feeds)}前上报", f"{above[0].body.name}", how, "#totals")


def _claims(units: Sequence[str], touches: str) -> _Matter:
    word = OUTCOME_WORDS["claimed"]
    return _Matter(f"确认{len(units)}家的说明" if touches else f"{word}的说明",
                   touches or "单位称已经核准",
                   "确认属实的，写入 explanations.csv；否则退回更正。", "#findings")  # fmt: skip


def _claimed(dossier: Dossier, units: Iterable[str]) -> list[str]:
    """Units that say an office of their own approved a figure."""
    found = {key[0] for key, said in dossier.explanation.items() if said.outcome == "claimed"}
    return [unit for unit in units if unit in found]


def _to_chase(dossier: Dossier, form: str, units: Sequence[str]) -> _Matter:
    """A form that some units have not sent, and which totals lack them for it."""
    known = dossier.desk.campaign.form_by_code[form]
    how = "催报，不影响合计。"
    if form in dossier.table_forms:
        how = f"催报；补报前{known.short}各项的合计不含这些单位。"
    return _Matter(f"催报{known.short}{len(units)}家", _names(dossier, units), how, "#missing")


def _forms(dossier: Dossier, codes: Iterable[str]) -> str:
    return "、".join(dossier.desk.campaign.form_by_code[code].short for code in codes)


def _to_verify(dossier: Dossier, region: str) -> int:
    """Doubts that a unit can verify: those on what came, not those that say what is missing."""
    return len(_doubts(dossier, region, "warning"))


def _doubts(dossier: Dossier, region: str, severity: str) -> list[FindingRow]:
    """The doubts of a severity that stand on figures there are, or on a whole form that came."""
    rows = (row for row in dossier.findings_on(region) if row.stands and row.severity == severity)
    return [row for row in rows if severity == "critical" or _came(dossier, row)]


def _came(dossier: Dossier, row: FindingRow) -> bool:
    if row.items:
        return any(dossier.value(row.region, code) is not None for code in row.items.split(","))
    return (row.region, row.form) in dossier.came


def _items(dossier: Dossier, region: str, severity: str) -> str:
    """What the doubts are on, by name: items, or whole forms."""
    items = dossier.desk.campaign.item_by_code
    names: dict[str, None] = {}
    for row in _doubts(dossier, region, severity):
        codes = [code for code in row.items.split(",") if code in items]
        whole = [f"{_forms(dossier, [row.form])}整表"] if row.form and not codes else []
        names |= dict.fromkeys([items[code].short for code in codes] or whole)
    return _some(list(names), "项")


def _whose(dossier: Dossier, counts: dict[str, int], measure: str = "处") -> str:
    return _some([f"{dossier.name(u)}{n}{measure}" for u, n in counts.items()], "家")


def _names(dossier: Dossier, units: Iterable[str]) -> str:
    return _some([dossier.name(unit) for unit in units], "家")


def _some(names: Sequence[str], measure: str) -> str:
    """Up to six names; of more, how many there are."""
    more = f"等{len(names)}{measure}" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
