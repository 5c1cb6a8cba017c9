"""Marks: findings → the cells of a slip that they are about, and what is said beside each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chunfeng_reports.cells import cell_name
from chunfeng_reports.findings import SEVERITIES, SEVERITY_WORDS, Severity
from chunfeng_reports.returns.pages import Page, Sources, Spot, where
from chunfeng_reports.slips import figure_text
from chunfeng_reports.tables import Dossier
from chunfeng_reports.tables.dossier import FactRow, FindingRow

#: (region, item, rule that fails) → a sentence that says what the figure may be.
Suggestions = Mapping[tuple[str, str, str], str]

_MOST_OTHERS = 6
#: Rules on versions that differ: their messages list every item with both figures.
_VERSIONS = ("reading.versions_conflict", "reading.versions_superseded")
_PAIRS = re.compile("(?P<head>.*?”数字不同)（(?P<pairs>.*)）(?P<tail>，(?:按|看不出).*)", re.S)
_MORE = re.compile(" 等 [0-9]+ 项$")
_LONGEST = 1200


@dataclass(frozen=True)
class Line:
    """One finding as a slip lists it.

    subject: the finding that an answer is about: of a doubt on words, the one explained; item: the
    one whose cell is linked; page, spot: where that is on the slip; spots: every cell that the
    finding is about; item_at: the item at each of them that holds one's figure. Empty and None
    where it is about no cell.
    """

    number: int
    finding: FindingRow
    subject: FindingRow
    form: str
    items: str
    item: str
    now: str
    suggestion: str
    page: Page | None
    spot: Spot | None
    spots: tuple[tuple[str, Spot], ...]
    item_at: Mapping[tuple[str, Spot], str]

    @property
    def link(self) -> str:
        """The cell as the list shows it: ``春风行动 B12``."""
        if self.page is None or self.spot is None:
            return ""
        if self.page.sheet.text:
            return f"{self.page.name} 第{self.spot[0] + 1}段"
        return f"{self.page.name} {cell_name(*self.spot)}"


@dataclass(frozen=True)
class Mark:
    """What is said at one cell: the worst severity, and the comment's text."""

    severity: Severity
    text: str


def open_findings(dossier: Dossier, region: str) -> list[FindingRow]:
    """A unit's findings not settled, worst first, doubts on words below what they are on."""
    found = [row for row in dossier.findings_on(region) if row.stands]
    return list(dossier.with_doubts_below(found))


def _asks(row: FindingRow) -> bool:
    """Whether a finding asks anything of the unit.

    Not so a hint on how something was written that was read all the same, and that of a rule which
    expects nothing.
    """
    return row.severity != "info" or (bool(row.expected) and not row.rule.startswith("reading."))


def lines_of(
    sources: Sources, region: str, pages: Sequence[Page], suggestions: Suggestions
) -> tuple[Line, ...]:
    """A line for each open finding of a unit, worst first, in the order of the pages."""
    facts = {fact.item: fact for fact in sources.facts.get(region, [])}
    rows = open_findings(sources.dossier, region)
    return tuple(
        _line(number, row, sources, facts, pages, suggestions)
        for number, row in enumerate(rows, start=1)
    )


def marks_of(lines: Iterable[Line], sources: Sources, region: str) -> dict[tuple[str, Spot], Mark]:
    """Page's name and spot → what is said there."""
    facts = {fact.item: fact for fact in sources.facts.get(region, [])}
    told: dict[tuple[str, Spot], list[Line]] = {}
    for line in lines:
        for key in line.spots:
            told.setdefault(key, []).append(line)
    return {key: _mark(some, key, sources, facts) for key, some in told.items()}


# --- a line of the list


def _line(
    number: int, row: FindingRow, sources: Sources, facts: Mapping[str, FactRow],
    pages: Sequence[Page], suggestions: Suggestions,
) -> Line:  # fmt: skip
    subject = sources.dossier.about(row) or row
    items = [item for item in subject.items.split(",") if item]
    own = where(pages, subject.file, subject.sheet, subject.cell) if subject.cell else None
    by_item = {
        item: found
        for item in items
        if (fact := facts.get(item)) and fact.cell
        and (found := where(pages, fact.file, fact.sheet, fact.cell))
    }  # fmt: skip
    first = own or next(iter(by_item.values()), None)
    item = next((item for item, found in by_item.items() if found == first), "")
    all_found = [*([own] if own else []), *by_item.values()]
    keys = [(row.region, code, row.rule) for code in items]
    said = [suggestions[key] for key in keys if key in suggestions]
    return Line(
        number, row, subject, _form(subject, sources), _items(items, sources), item,
        _now(facts.get(item), subject), "；".join(dict.fromkeys(said)),
        first[0] if first else None, first[1] if first else None,
        tuple(dict.fromkeys((page.name, spot) for page, spot in all_found)),
        {(page.name, spot): code for code, (page, spot) in by_item.items()},
    )  # fmt: skip


def _form(row: FindingRow, sources: Sources) -> str:
    form = sources.dossier.desk.campaign.form_by_code.get(row.form)
    return form.short if form else ""


def _items(codes: Sequence[str], sources: Sources) -> str:
    known = sources.dossier.desk.campaign.item_by_code
    names = [known[code].short for code in codes if code in known]
    more = f"等 {len(names)} 项" if len(names) > 3 else ""
    return "、".join(names[:3]) + more


def _now(fact: FactRow | None, row: FindingRow) -> str:
    """The figure in the linked cell; of a finding that leads to no figure, its own value."""
    if fact is None:
        return row.value
    return figure_text(fact.value) if fact.state == "value" else fact.raw or "空"


# --- what is said at a cell


def _mark(
    lines: Sequence[Line], key: tuple[str, Spot], sources: Sources, facts: Mapping[str, FactRow]
) -> Mark:
    worst = min((line.finding.severity for line in lines), key=SEVERITIES.index)
    text = "\n\n".join("\n".join(_said(line, key, sources, facts)) for line in lines)
    return Mark(worst, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……（详见退回说明）")


def _said(
    line: Line, key: tuple[str, Spot], sources: Sources, facts: Mapping[str, FactRow]
) -> Iterator[str]:
    """What is wrong, what it was compared with, what would satisfy the rule, the suggestion."""
    row = line.finding
    versions = row.rule in _VERSIONS
    message = _own_pair(row, line.item_at.get(key, ""), sources) if versions else row.message
    yield f"{SEVERITY_WORDS[row.severity]}：{message}"
    if not versions and (others := _compared(row, sources, facts)):
        yield f"对照：{others}"
    if row.expected and _asks(row):
        yield f"符合要求：{row.expected}"
    if line.suggestion:
        yield f"建议：{line.suggestion}"
    yield f"（第 {line.number} 条，请在“退回说明”中回复）"


def _own_pair(row: FindingRow, item: str, sources: Sources) -> str:
    """What two versions differ in, as far as it is about one item; the list in front has all."""
    known = sources.dossier.desk.campaign.item_by_code
    parts = _PAIRS.fullmatch(row.message)
    if parts is None or item not in known:
        return row.message
    names = "|".join(re.escape(one.short) for one in known.values())
    pairs = re.split(f"，(?=(?:{names}) )", _MORE.sub("", parts["pairs"]))
    own = next((pair for pair in pairs if pair.startswith(f"{known[item].short} ")), "")
    return parts["head"] + (f"（{own}）" if own else "") + parts["tail"]


def _compared(row: FindingRow, sources: Sources, facts: Mapping[str, FactRow]) -> str:
    """The other figures that a finding is about, with where they stand; none where it is on one."""
    items = [item for item in row.items.split(",") if item in facts]
    if not 1 < len(items) <= _MOST_OTHERS:
        return ""
    known = sources.dossier.desk.campaign.item_by_code
    return "，".join(
        f"{known[item].short} {facts[item].raw or '空'}（{_stands(facts[item])}）" for item in items
    )


def _stands(fact: FactRow) -> str:
    return " ".join(filter(None, (fact.sheet.rpartition("·")[2], fact.cell))) or fact.file
