"""One known return in every container, layout and hand that the issue names: the same facts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from variations.containers import CONTAINERS, Container, zipped
from variations.corpus import Maker
from variations.layouts import LAYOUTS, Layout, Rows, each
from variations.pages import Book, Habit
from variations.reading import DUE, lay, outcome, read, sent
from variations.returns import Truth, desk_of, known, the_campaign, truths
from variations.styles import (
    DASHES,
    DOUBTED,
    LABELS,
    LOOSE_LABELS,
    NUMBERINGS,
    NUMBERS,
    UNREADABLE,
    Manner,
)

from chunfeng_reports.checks import check_due, load_suites
from chunfeng_reports.facts import facts_frame, intake_frame
from chunfeng_reports.findings import FINDING_COLUMNS
from chunfeng_reports.reading import Collected

UNITS = ("370102", "370104", "370124")
#: Layouts that every container is tried with in the quick run; the slow run tries all of them.
CORE = (
    "beside", "wide_two_level", "merged_everywhere", "units_by_column_total",
    "hidden_last_period", "filled_in_date",
)  # fmt: skip
#: Containers that every layout is tried with in the quick run.
PLAIN = ("xlsx_openpyxl", "csv_gb18030")
WITH_FORMULAS = tuple(name for name, layout in LAYOUTS.items() if layout.plain)


def _truths(layout: Layout) -> list[Truth]:
    """A known return of as many units as the layout shows; they share hardly a figure."""
    return [known(unit, times=n, forms=layout.forms)
            for n, unit in enumerate(UNITS[: layout.units], start=1)]  # fmt: skip


def _held(folder: Path, layout: Layout, container: Container, manner: Manner, *,
          habit: Habit = "cached", told: list[Truth] | None = None) -> str:  # fmt: skip
    """What is wrong with the facts read from the files of such a person; empty: nothing."""
    told = told or _truths(layout)
    came = outcome(read(lay(folder, sent(layout, told, manner, container, habit=habit))), told)
    if layout.may_warn:
        assert not [doubt for doubt in came.doubts if doubt[0] == "critical"], came.shown()
        return "\n".join(came.wrong)
    return "" if came.clean else came.shown()


def _pairs(layouts: tuple[str, ...], containers: tuple[str, ...]) -> Iterator[object]:
    for layout in layouts:
        for container in containers:
            if LAYOUTS[layout].needs <= CONTAINERS[container].holds:
                yield pytest.param(layout, container, id=f"{layout}-{container}")


QUICK = {(layout, container) for layout in LAYOUTS for container in PLAIN} | {
    (layout, container) for layout in CORE for container in CONTAINERS
}


# --- containers and layouts


@pytest.mark.parametrize(
    ("layout", "container"),
    [p for p in _pairs(tuple(LAYOUTS), tuple(CONTAINERS)) if p.values in QUICK],  # type: ignore[attr-defined]
)
def test_the_same_facts_from_a_layout_in_a_container(
    layout: str, container: str, tmp_path: Path
) -> None:
    assert not _held(tmp_path, LAYOUTS[layout], CONTAINERS[container], Manner())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layout", "container"),
    [p for p in _pairs(tuple(LAYOUTS), tuple(CONTAINERS)) if p.values not in QUICK],  # type: ignore[attr-defined]
)
def test_the_same_facts_from_every_layout_in_every_container(
    layout: str, container: str, tmp_path: Path
) -> None:
    assert not _held(tmp_path, LAYOUTS[layout], CONTAINERS[container], Manner())


@pytest.mark.parametrize(
    ("container", "habit"),
    [(name, habit) for name, one in CONTAINERS.items() for habit in one.habits],
)
@pytest.mark.parametrize(
    "layout",
    ["totals_range", pytest.param("street_columns_formulas", marks=pytest.mark.slow)],
)
def test_totals_are_the_same_whatever_a_program_stores_with_a_formula(
    layout: str, container: str, habit: Habit, tmp_path: Path
) -> None:
    assert not _held(tmp_path, LAYOUTS[layout], CONTAINERS[container], Manner(), habit=habit)


@pytest.mark.parametrize("layout", WITH_FORMULAS)
@pytest.mark.parametrize("habit", ["cached", "none", "zero"])
def test_a_total_is_the_same_however_its_formula_is_written(
    layout: str, habit: Habit, tmp_path: Path
) -> None:
    container = CONTAINERS["xlsx_xlsxwriter"]
    assert not _held(tmp_path, LAYOUTS[layout], container, Manner(), habit=habit)


def test_a_total_that_differs_from_its_stored_result_is_told(tmp_path: Path) -> None:
    truth = known()
    layout = LAYOUTS["totals_range"]
    (page, other) = layout.draw([truth], Manner())
    cells = {spot: value if value != 12 else 15 for spot, value in page.cells.items()}
    stale = Book((type(page)(page.name, cells, page.merged), other))
    folder = lay(tmp_path, CONTAINERS["xlsx_xlsxwriter"].files(stale, truth.name))
    came = outcome(read(folder), [Truth(truth.unit, {**truth.figures, "F1_5_1": 15, "F1_5": 29})])
    assert [(severity, items) for severity, _, items, _ in came.doubts] == [("warning", ("F1_5",))]


# --- archives


@pytest.mark.parametrize(
    "gbk",
    [
        pytest.param(True, id="names in GBK"),
        pytest.param(False, id="names in UTF-8", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_the_same_facts_from_an_archive(container: str, gbk: bool, tmp_path: Path) -> None:
    truth = known()
    files = sent(LAYOUTS["official"], [truth], Manner(), CONTAINERS[container])
    folder = lay(tmp_path, {"报送材料.zip": zipped(files, folder="报送材料", gbk=gbk)})
    came = outcome(read(folder), [truth])
    assert came.clean, came.shown()


@pytest.mark.parametrize(
    "container", [name for name, one in CONTAINERS.items() if one.suffix != ".docx"]
)
def test_a_folder_in_an_archive_says_whose_the_files_are(container: str, tmp_path: Path) -> None:
    told = _truths(Layout(draw=lambda *_: (), units=3))
    nameless = Layout(each(Rows(unit_line="none")))
    files = {
        f"{truth.name}/{name}": data
        for truth in told
        for name, data in sent(
            nameless, [truth], Manner(), CONTAINERS[container], stem="统计表"
        ).items()
    }
    came = outcome(read(lay(tmp_path, {"各区县.zip": zipped(files)})), told)
    assert came.clean, came.shown()


# --- hands


@pytest.mark.parametrize("layout", ["official", "street_columns_last", "third_printed"])
@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_facts_however_a_figure_is_typed(number: str, layout: str, tmp_path: Path) -> None:
    held = _held(tmp_path, LAYOUTS[layout], CONTAINERS["xlsx_openpyxl"], Manner(number=number))
    assert not held


@pytest.mark.parametrize(
    "layout", ["official", "measure_column", "part_own_cell", "wide_two_level"]
)
@pytest.mark.parametrize("label", LABELS)
def test_the_same_facts_however_a_label_is_worded(label: str, layout: str, tmp_path: Path) -> None:
    held = _held(tmp_path, LAYOUTS[layout], CONTAINERS["xlsx_openpyxl"], Manner(label=label))
    assert not held


@pytest.mark.parametrize("layout", ["shuffled", "number_own_cell", "wide"])
@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_the_same_facts_however_items_are_numbered(
    numbering: str, layout: str, tmp_path: Path
) -> None:
    manner = Manner(numbering=numbering)
    assert not _held(tmp_path, LAYOUTS[layout], CONTAINERS["xlsx_openpyxl"], manner)


@pytest.mark.parametrize("label", sorted(LOOSE_LABELS))
@pytest.mark.parametrize("numbering", [name for name in NUMBERINGS if name != "none"])
def test_a_loose_wording_is_known_by_any_style_of_number(
    numbering: str, label: str, tmp_path: Path
) -> None:
    manner = Manner(label=label, numbering=numbering)
    assert not _held(tmp_path, LAYOUTS["official"], CONTAINERS["xlsx_openpyxl"], manner)


# --- figures in doubt


@pytest.mark.parametrize("item", ["F1_2", "F1_5_1", "F2_3"])
@pytest.mark.parametrize("style", DOUBTED)
@pytest.mark.parametrize("layout", ["official", "wide"])
def test_an_approximate_figure_is_taken_with_a_warning_on_that_item_alone(
    layout: str, style: str, item: str, tmp_path: Path
) -> None:
    manner = Manner(odd=((item, style),))
    files = sent(LAYOUTS[layout], [known()], manner, CONTAINERS["xlsx_openpyxl"])
    came = outcome(read(lay(tmp_path, files)), [known()])
    assert not came.wrong, came.shown()
    assert [(severity, items) for severity, _, items, _ in came.doubts] == [("warning", (item,))]


@pytest.mark.parametrize("item", ["F1_2", "F1_5_1", "F2_3"])
@pytest.mark.parametrize("style", UNREADABLE)
@pytest.mark.parametrize("layout", ["official", "wide"])
def test_what_is_no_figure_is_read_as_none(
    layout: str, style: str, item: str, tmp_path: Path
) -> None:
    manner = Manner(odd=((item, style),))
    files = sent(LAYOUTS[layout], [known()], manner, CONTAINERS["xlsx_openpyxl"])
    collected = read(lay(tmp_path, files))
    states = {fact.item: fact.state for fact in collected.facts if fact.region == UNITS[0]}
    assert states[item] == "unreadable"
    others = [line for line in outcome(collected, [known()]).wrong if f" {item}:" not in line]
    assert not others
    assert all(finding.items == (item,) for finding in collected.findings
               if finding.severity != "info")  # fmt: skip


def test_odd_cells_are_found_once_each_when_all_is_checked(
    tmp_path: Path, repository: Path
) -> None:
    """A dash is a blank with one warning; what cannot be read one error; each names its item."""
    truth = known()
    odd: dict[str, str | int] = {"F1_2": "/", "F1_3": "—", "F1_6": "无", "F1_7": "-",
                                 "F2_1": "100-200", "F2_2": "300+15", "F2_3": "1,23"}  # fmt: skip
    pages = LAYOUTS["official"].draw([truth], Manner())
    spoiled = tuple(
        type(page)(page.name, {spot: odd.get(_item_at(truth, value), value) if spot[1] else value
                               for spot, value in page.cells.items()}, page.merged)
        for page in pages
    )  # fmt: skip
    lay(tmp_path, CONTAINERS["xlsx_openpyxl"].files(Book(spoiled), truth.name))
    collected = read(tmp_path)
    found = _checked(collected, repository)
    for item in ("F1_2", "F1_3", "F1_6", "F1_7"):
        assert [severity for items, severity in found if item in items] == ["warning"], item
    for item in ("F2_1", "F2_2", "F2_3"):
        assert [severity for items, severity in found if item in items] == ["critical"], item


def _checked(collected: Collected, repository: Path) -> list[tuple[tuple[str, ...], str]]:
    """Items and severity of every doubt above ``info``, of reading and of the suites."""
    suites = load_suites(repository / "expectations" / "2023-chunfeng", campaign=the_campaign())
    checked = check_due(
        desk_of("370100"), suites, DUE,
        facts=facts_frame(collected.facts), intake=intake_frame(collected.intake),
        earlier=pd.DataFrame(columns=list(FINDING_COLUMNS), dtype="str"),
    )  # fmt: skip
    return [(f.items, f.severity) for f in (*collected.findings, *checked.findings)
            if f.region == UNITS[0] and f.items and f.severity != "info"]  # fmt: skip


def _item_at(truth: Truth, value: object) -> str:
    return next((code for code, figure in truth.figures.items() if figure == value), "")


def test_a_lone_stroke_is_one_or_a_dash_and_never_passes_in_silence(tmp_path: Path) -> None:
    manner = Manner(raws=(("F2_4_2", "一"),))
    files = sent(LAYOUTS["official"], [known()], manner, CONTAINERS["xlsx_openpyxl"])
    came = outcome(read(lay(tmp_path, files)), [known()])
    assert [(severity, items) for severity, _, items, _ in came.doubts] == [
        ("warning", ("F2_4_2",))
    ], came.shown()


@pytest.mark.parametrize("dash", DASHES)
def test_a_dash_is_a_blank(dash: str, tmp_path: Path) -> None:
    truth = known()
    page, other = LAYOUTS["official"].draw([truth], Manner())
    cells = {spot: dash if value == truth.figures["F1_2"] else value
             for spot, value in page.cells.items()}  # fmt: skip
    book = Book((type(page)(page.name, cells, page.merged), other))
    collected = read(lay(tmp_path, CONTAINERS["xlsx_openpyxl"].files(book, truth.name)))
    came = outcome(collected, [Truth(truth.unit, {**truth.figures, "F1_2": None})])
    assert not came.wrong, came.shown()
    assert all(items == ("F1_2",) and severity == "warning"
               for severity, _, items, _ in came.doubts), came.shown()  # fmt: skip


# --- anything at all


@st.composite
def _combinations(draw: st.DrawFn) -> tuple[str, str, Manner, list[Truth], Habit]:
    name = draw(st.sampled_from(sorted(LAYOUTS)))
    layout = LAYOUTS[name]
    container = draw(st.sampled_from(sorted(CONTAINERS)))
    manner = Manner(
        number=draw(st.sampled_from(sorted(NUMBERS))),
        label=draw(st.sampled_from(sorted(LABELS))),
        numbering=draw(st.sampled_from(sorted(NUMBERINGS))),
    )
    assume(layout.needs <= CONTAINERS[container].holds)
    assume(layout.suits(manner))
    told = [draw(truths(unit=unit, forms=layout.forms)) for unit in UNITS[: layout.units]]
    # A form without a single figure is no return; nor is a table of noughts worth a test.
    assume(all(sum(bool(v) for v in one.figures.values()) > len(one.figures) // 2 for one in told))
    habit: Habit = draw(st.sampled_from(["cached", "none", "zero"]))
    return name, container, manner, told, habit


def _profile(examples: int) -> settings:
    return settings(
        derandomize=True,
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


@_profile(120)
@given(_combinations())
def test_the_same_facts_from_any_hand_in_any_layout_and_container(
    tmp_path_factory: pytest.TempPathFactory,
    combination: tuple[str, str, Manner, list[Truth], Habit],
) -> None:
    layout, container, manner, told, habit = combination
    folder = tmp_path_factory.mktemp("due")
    held = _held(folder, LAYOUTS[layout], CONTAINERS[container], manner, habit=habit, told=told)
    shutil.rmtree(folder)
    assert not held


@pytest.mark.slow
@_profile(800)
@given(_combinations())
def test_the_same_facts_from_a_great_many_hands(
    tmp_path_factory: pytest.TempPathFactory,
    combination: tuple[str, str, Manner, list[Truth], Habit],
) -> None:
    layout, container, manner, told, habit = combination
    folder = tmp_path_factory.mktemp("due")
    held = _held(folder, LAYOUTS[layout], CONTAINERS[container], manner, habit=habit, told=told)
    shutil.rmtree(folder)
    assert not held


# --- corpora made up


def test_a_corpus_lists_every_file_and_is_the_same_from_the_same_seed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Maker(tmp_path / name, tier="county", seed=5, units=3).make()
    tables = [path.name for path in sorted((tmp_path / "one").glob("*.csv"))]
    assert tables == ["defects.csv", "files.csv", "progress.csv", "truth.csv"]
    for table in tables:
        assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "two" / table).read_bytes()
    received = tmp_path / "one" / "received"
    laid = {tuple(path.relative_to(received).as_posix().split("/", 1))
            for path in received.rglob("*") if path.is_file()}  # fmt: skip
    listed = pd.read_csv(tmp_path / "one" / "files.csv", dtype=str, keep_default_na=False)
    assert laid == set(zip(listed["due"], listed["file"], strict=True))


# --- our own writers of rare containers


@pytest.mark.slow
@pytest.mark.parametrize("container", ["xls_95", "xlsb", "xlsx_strict", "xml_2003"])
def test_what_we_write_ourselves_is_opened_by_an_office_program(
    container: str, tmp_path: Path
) -> None:
    """LibreOffice sees the same table in it as in what openpyxl wrote."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    pages = LAYOUTS["totals_range"].draw([known()], Manner())
    for name in (container, "xlsx_openpyxl"):
        written = CONTAINERS[name].write(Book(pages))
        (tmp_path / f"{name}{CONTAINERS[name].suffix}").write_bytes(written)
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", tmp_path / "seen",
         *sorted(tmp_path.glob("x*.xls*"))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    seen = [path.read_bytes() for path in (tmp_path / "seen").iterdir()]
    assert len(seen) == 2
    assert seen[0] == seen[1]
    assert "招聘活动" in seen[0].decode()
