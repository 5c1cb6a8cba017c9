"""Collect: the files of one due → intake, facts and findings."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from pathlib import Path

from chunfeng_reports.campaign import Desk
from chunfeng_reports.errors import DefinitionError
from chunfeng_reports.explanations import Explanation
from chunfeng_reports.facts import Fact, Paragraph, Received
from chunfeng_reports.findings import Finding
from chunfeng_reports.reading.explanations import explanations_in, without_personal_data
from chunfeng_reports.reading.readers import make_ready, readers
from chunfeng_reports.reading.received import Errand
from chunfeng_reports.reading.recognised import Doubt, Figure
from chunfeng_reports.reading.returns import Return, Sorted
from chunfeng_reports.reading.survey import CHINA, RECEIVED, files_in, received_at
from chunfeng_reports.reading.texts.mentions import doubts_on
from chunfeng_reports.reading.texts.patterns import wordings_at_fault
from chunfeng_reports.reading.versions import Settled, settle
from chunfeng_reports.reading.words.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read at a due: a row for every file, a fact for every cell expected, doubts.

    passages: the narrative of the summaries that count, paragraph by paragraph; explanations: what
    units say of their doubts, whatever it came in (of two on one doubt the later counts), without
    personal data.
    """

    intake: tuple[Received, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    passages: tuple[Paragraph, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def collect_due(
    desk: Desk,
    due: str,
    folder: Path,
    *,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Collected:
    """Intake, facts and findings of the files in one due's folder; as ``collect_dues``."""
    return collect_dues(desk, {due: folder}, jobs=jobs, progress=progress)[0]


def collect_dues(
    desk: Desk,
    folders: Mapping[str, Path],
    *,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Collected, ...]:
    """Intake, facts and findings of the files of each due, always in the same order.

    folders: due → ``data/raw/<due>``; where there is none, every fact is ``absent``. jobs: how many
    processes read at once (None: one a processor); the outcome does not hang on it. 0 reads in this
    process, without protection from files that hang or abort. progress: told each file's path once
    it is done. A file that cannot be read costs its own refusal only. Raises UseError for an
    unknown due and where a folder is none, DefinitionError for an unusable ``prose`` wording.
    """
    for due in folders:
        desk.round(due)
    make_ready(jobs)
    if faults := wordings_at_fault(desk.campaign):
        raise DefinitionError(f"campaigns/{desk.campaign.id}/forms.yaml", faults)
    words = Vocabulary.of(desk, telling=False)
    files = {due: files_in(folder) for due, folder in folders.items()}
    errands = [Errand(due, file, path) for due in folders for file, path in files[due]]
    parts: dict[str, list[Sorted]] = {due: [] for due in folders}
    with _garbage_left_alone(), readers(words, jobs=jobs) as read:
        for errand, part in zip(errands, read(errands), strict=True):
            parts[errand.due].append(part)
            if progress is not None:
                progress(errand.file)
        return tuple(
            _collected(
                due,
                [file for file, _ in files[due]],
                parts[due],
                received_at(folder),
                explanations_in(folder, due, words),
                words,
            )
            for due, folder in folders.items()
        )


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """What is made here by the hundred thousand is kept: it need not be searched for garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _collected(
    due: str,
    files: list[str],
    parts: list[Sorted],
    received: tuple[Mapping[str, datetime], tuple[str, ...]],
    explained: tuple[tuple[Explanation, ...], tuple[Finding, ...]],
    words: Vocabulary,
) -> Collected:
    desk = words.desk
    times, wrong = received
    said, misread = explained
    settled = settle((one for part in parts for one in part.returns), times, words)
    facts = (*_expected_facts(desk, due, settled.counting),
             *_unasked_facts(desk, due, settled.counting))  # fmt: skip
    collected = Collected(
        intake=_intake(parts, settled, times),
        facts=facts,
        findings=_findings(desk, due, parts, settled,
                           [*_damaged(desk, due, wrong), *misread,
                            *_unmatched(desk, due, times, set(files)),
                            *_contradicted(desk, settled.counting, facts)]),
        passages=tuple(_passages(settled.counting)),
        explanations=tuple(map(without_personal_data, (*_on_slips(parts, times), *said))),
    )  # fmt: skip
    _hold(collected, desk, due, files)
    return collected


def _on_slips(parts: Iterable[Sorted], times: Mapping[str, datetime]) -> list[Explanation]:
    """What units wrote beside the findings on return slips, the words of a later slip last.

    Later is what was made when more of the unit's files had come, then what came later. The desk's
    register goes before all of it.
    """
    every = [words for part in parts for words in part.explanations]
    first = datetime.min  # noqa: DTZ901  (times of receipt are local, as they are written down)
    return sorted(every, key=lambda words: (words.known, times.get(words.file, first)))


def _intake(
    parts: Iterable[Sorted], settled: Settled, times: Mapping[str, datetime]
) -> tuple[Received, ...]:
    """All rows, file by file, each with when its file came, where that has been written down.

    Within a file they stand in the order in which its forms were met.
    """
    told = {file: f"{time.astimezone(CHINA):%Y-%m-%d %H:%M}" for file, time in times.items()}
    rows = [
        replace(row, received_at=told[row.file]) if row.file in told else row
        for row in (*settled.rows, *(row for part in parts for row in part.rows))
    ]
    return tuple(sorted(rows, key=lambda row: (row.file, row.member, row.form, row.region)))


def _damaged(desk: Desk, due: str, wrong: Iterable[str]) -> list[Finding]:
    """A finding on the body for whatever is wrong with ``received.csv``."""
    return [
        Finding(due, desk.body.code, "", (), "reading.received_damaged", "warning", message,
                file=RECEIVED, about=message)
        for message in wrong
    ]  # fmt: skip


def _unmatched(
    desk: Desk, due: str, times: Mapping[str, datetime], files: set[str]
) -> list[Finding]:
    """A finding on the body for every row of ``received.csv`` whose file is not there."""
    return [
        Finding(due, desk.body.code, "", (), "reading.received_unmatched", "warning",
                f"收件登记表中的“{file}”（{time:%Y-%m-%d %H:%M}）没有对应的文件，"
                "请核对文件名或补存文件", value=file, file=RECEIVED, about=file)
        for file, time in times.items() if file not in files
    ]  # fmt: skip


def _findings(
    desk: Desk, due: str, parts: Iterable[Sorted], settled: Settled, unmatched: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Doubts on the returns that count, on their versions, and on what was refused or missing."""
    found = [*unmatched, *(finding for part in parts for finding in part.findings)]
    found += settled.findings
    for one in settled.counting.values():
        found += one.findings()
        if not desk.expects(due, one.form, one.region):
            found.append(one.finding(_not_expected(desk, one)))
    return tuple(sorted(found, key=lambda f: (f.region, f.form, f.file, f.rule, f.items, f.about)))


def _not_expected(desk: Desk, one: Return) -> Doubt:
    name = desk.campaign.form_by_code[one.form].short
    message = f"本期不要求该单位报送{name}，已登记、不计入合计；请核实报送期或报送渠道"
    return Doubt("reading.not_expected", "warning", message, sheet=one.found.sheet)


def _contradicted(
    desk: Desk, counting: Mapping[tuple[str, str], Return], facts: Iterable[Fact]
) -> Iterator[Finding]:
    """Findings on summaries that count, where they repeat a form's figure and say another."""
    telling = [one for one in counting.values() if one.found.mentions]
    regions = {one.region for one in telling}
    known = {(fact.region, fact.item): fact for fact in facts if fact.region in regions}
    for one in telling:
        ours = {item: fact for (region, item), fact in known.items() if region == one.region}
        for doubt in doubts_on(one.found.mentions, ours, desk.campaign):
            yield one.finding(doubt)


def _passages(counting: Mapping[tuple[str, str], Return]) -> Iterator[Paragraph]:
    """The narrative of every summary that counts, in the order of units, forms and the text."""
    for _, one in sorted(counting.items()):
        source = one.source
        for order, passage in enumerate(one.found.passages, start=1):
            yield Paragraph(source.due, one.region, one.form, source.file, source.sha256, one.sheet,
                            passage.cell, order, passage.heading, passage.text)  # fmt: skip


# --- facts


def _expected_facts(desk: Desk, due: str, counting: Mapping[tuple[str, str], Return]) -> list[Fact]:
    facts: list[Fact] = []
    for form in desk.expected_forms(due):
        codes = [item.code for item in desk.expected_items(due, form)]
        for unit in desk.expected_units(due, form):
            one = counting.get((unit, form))
            if one is None:
                facts += [Fact(due, unit, form, code, None, "absent") for code in codes]
            else:
                figures = one.found.figures
                facts += _facts(one, [figures.get(c) or Figure(c, "blank") for c in codes])
    return facts


def _unasked_facts(
    desk: Desk, due: str, counting: Mapping[tuple[str, str], Return]
) -> Iterator[Fact]:
    for form in desk.campaign.forms:
        expected = set(desk.expected_units(due, form.code))
        for unit in desk.unit_codes:
            one = counting.get((unit, form.code))
            if one is not None and unit not in expected:
                yield from _facts(one, one.found.figures.values())


def _facts(one: Return, figures: Iterable[Figure]) -> list[Fact]:
    source, region, form, sheet = one.source, one.region, one.form, one.sheet
    due, file, sha256 = source.due, source.file, source.sha256
    return [
        Fact(due, region, form, figure.item, figure.value, figure.state,
             figure.raw, file, sha256, sheet, figure.cell) for figure in figures
    ]  # fmt: skip


def _hold(collected: Collected, desk: Desk, due: str, files: list[str]) -> None:
    """Nothing vanishes: every file has a row, every cell expected has one fact."""
    lost = set(files) - {row.file for row in collected.intake}
    if lost:
        raise AssertionError(f"files without a row in the intake: {sorted(lost)}")
    held = [(fact.region, fact.item) for fact in collected.facts]
    once = set(held)
    missing = [key for key in _expected_cells(desk, due) if key not in once]
    if missing or len(once) < len(held):
        twice = [key for key, n in Counter(held).items() if n > 1]
        raise AssertionError(f"cells without exactly one fact: {sorted(missing + twice)[:10]}")


def _expected_cells(desk: Desk, due: str) -> Iterator[tuple[str, str]]:
    """Unit and item of every cell expected at a due."""
    for form in desk.expected_forms(due):
        yield from product(
            desk.expected_units(due, form),
            [item.code for item in desk.expected_items(due, form)],
        )
