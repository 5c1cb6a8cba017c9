"""Reading: what the reading room makes of files laid into a due's folder, against a truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chunfeng_reports.reading import Collected, collect_due
from variations.containers import Container
from variations.layouts import Layout
from variations.pages import Book, Habit
from variations.returns import Truth, desk_of
from variations.styles import Manner

DUE = "2023-04-01"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out against what was meant: cells that differ, doubts above ``info``, fates."""

    wrong: tuple[str, ...]
    doubts: tuple[tuple[str, str, tuple[str, ...], str], ...]
    fates: tuple[tuple[str, str, str], ...]

    @property
    def clean(self) -> bool:
        """Whether every fact is the truth's, without any doubt above ``info``."""
        return not self.wrong and not self.doubts

    def shown(self) -> str:
        """Everything that is wrong, a line each."""
        doubts = [f"{severity} {rule} {','.join(items)}: {message}"
                  for severity, rule, items, message in self.doubts]  # fmt: skip
        fates = [
            f"{file}: {fate} {reason}" for file, fate, reason in self.fates if fate != "counts"
        ]
        return "\n".join((*self.wrong, *doubts, *fates))


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with these files (names may hold folders)."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read(folder: Path, *, body: str = "370100", due: str = DUE) -> Collected:
    """What is collected from a folder, read in this process."""
    return collect_due(desk_of(body), due, folder, jobs=0)


def outcome(collected: Collected, truths: Iterable[Truth]) -> Outcome:
    """Facts against what the truths expect; everything else must be absent."""
    expected = {key: told for truth in truths for key, told in truth.expected()}
    wrong = []
    for fact in collected.facts:
        if fact.form == "P":
            continue
        meant = expected.pop((fact.region, fact.item), ("absent", None))
        if (fact.state, fact.value) != meant:
            wrong.append(f"{fact.region} {fact.item}: {meant} is read as {fact.state} {fact.value}"
                         f" ({fact.raw!r} {fact.sheet} {fact.cell})")  # fmt: skip
    wrong += [f"{region} {item}: no fact at all" for region, item in expected]
    return Outcome(
        tuple(wrong),
        tuple((f.severity, f.rule, f.items, f.message) for f in collected.findings
              if f.severity != "info"),
        tuple((row.file, row.fate, row.reason) for row in collected.intake),
    )  # fmt: skip


def sent(layout: Layout, truths: Sequence[Truth], manner: Manner, container: Container,
         *, habit: Habit = "cached", stem: str = "") -> dict[str, bytes]:  # fmt: skip
    """The files that a unit sends: its truth, so arranged, so typed, so saved."""
    pages = layout.draw(truths, manner)
    if habit not in container.habits:
        habit = container.habits[0] if container.habits else "cached"
    book = Book(pages, habit=habit, since_1904="1904" in layout.needs)
    return container.files(book, stem or (truths[0].name if len(truths) == 1 else "汇总"))
