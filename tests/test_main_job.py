"""The main job on Jinan's returns: from files in data/raw to the pages that a reviewer opens."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import docx
import nbformat
import openpyxl
import pandas as pd
import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.facts import FACT_COLUMNS, INTAKE_COLUMNS
from chunfeng_reports.findings import FINDING_COLUMNS
from chunfeng_reports.rollup import ROLLUP_COLUMNS
from workbench import CORPUS, DUES, chunfeng

pytestmark = pytest.mark.slow

BODY_REPORTS = ("rollup_report", "quality_report", "summary_report")


def _made(workspace: Path, due: str = "2023-02-01") -> Path:
    return workspace / "data" / "processed" / due


def _truth(name: str) -> list[dict[str, str]]:
    with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _code(row: dict[str, str]) -> str:
    return f"{row['form']}_{row['item'].replace('.', '_')}"


def test_the_scorer_finds_every_cell_right_and_nothing_silently_wrong(jinan_run: Path) -> None:
    score = subprocess.run(
        [sys.executable, CORPUS.parent / "score_intake.py", CORPUS, jinan_run],
        capture_output=True,
        text=True,
        check=False,
    )
    assert score.returncode == 0, score.stdout
    assert "silently wrong 0" in score.stdout
    assert "files astray 0" in score.stdout


@pytest.mark.parametrize("due", DUES)
def test_totals_equal_the_sums_of_the_truth_wherever_no_defect_stands_in_the_way(
    jinan_run: Path, due: str
) -> None:
    """Values in doubt are added as typed, so that here no defect does stand in the way."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in _truth("truth"):
        if row["due"] == due and row["state"] == "value":
            values[_code(row)].append(float(row["value"]))
    rollup = pd.read_parquet(_made(jinan_run, due) / "rollup.parquet").set_index("item")
    for item, reported in values.items():
        assert rollup.loc[item, "value"] == pytest.approx(sum(reported), abs=1e-9), item
        assert rollup.loc[item, "units_counted"] == len(reported), item


@pytest.mark.parametrize("due", DUES)
def test_stage_figures_add_up_to_the_truth(jinan_run: Path, due: str) -> None:
    sums: dict[str, list[float]] = defaultdict(list)
    for row in _truth("progress"):
        if row["due"] == due:
            sums[f"P_{row['item']}"].append(float(row["value"]))
    rollup = pd.read_parquet(_made(jinan_run, due) / "rollup.parquet").set_index("item")
    for item, values in sums.items():
        assert rollup.loc[item, "value"] == pytest.approx(sum(values), abs=1e-9)


def test_tables_have_the_columns_that_others_rely_on(jinan_run: Path) -> None:
    for name, columns in (
        ("facts", FACT_COLUMNS),
        ("intake", INTAKE_COLUMNS),
        ("findings", FINDING_COLUMNS),
        ("rollup", ROLLUP_COLUMNS),
        ("outcomes", ("due", "form", "rule", "passed", "failed", "unknown", "could_not_run")),
    ):
        frame = pd.read_parquet(_made(jinan_run) / f"{name}.parquet")
        assert tuple(frame.columns) == columns, name


@pytest.mark.parametrize("due", DUES)
def test_nothing_vanishes(jinan_run: Path, jinan: Desk, due: str) -> None:
    folder = jinan_run / "data" / "raw" / due
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    intake = pd.read_parquet(_made(jinan_run, due) / "intake.parquet")
    assert set(intake["file"]) == files
    facts = pd.read_parquet(_made(jinan_run, due) / "facts.parquet")
    expected = {
        (unit, item.code)
        for form in jinan.expected_forms(due)
        for unit in jinan.expected_units(due, form)
        for item in jinan.expected_items(due, form)
    }
    assert expected <= set(zip(facts["region"], facts["item"], strict=True))
    assert not facts.duplicated(["due", "region", "item"]).any()


def test_every_figure_carries_the_cell_that_it_came_from(jinan_run: Path) -> None:
    facts = pd.read_parquet(_made(jinan_run) / "facts.parquet")
    valued = facts[facts["state"] == "value"]
    assert len(valued) > 300
    for column in ("raw", "file", "sha256", "cell"):
        assert (valued[column] != "").all(), column
    folder = jinan_run / "data" / "raw" / "2023-02-01"
    for file, digest in valued[["file", "sha256"]].drop_duplicates().itertuples(index=False):
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest


def test_each_due_has_all_its_reports(jinan_run: Path, jinan: Desk) -> None:
    for due in DUES:
        reports = _made(jinan_run, due) / "reports"
        wanted = {(unit, "region_report") for unit in jinan.unit_codes}
        wanted |= {("370100", name) for name in BODY_REPORTS}
        for region, name in wanted:
            for kind in ("ipynb", "report.json", "html", "xlsx", "docx"):
                assert (reports / region / f"{name}.{kind}").is_file(), (due, region, name, kind)


@pytest.mark.parametrize("due", DUES)
def test_the_summary_states_the_totals_of_the_roll_up(jinan_run: Path, due: str) -> None:
    report = _made(jinan_run, due) / "reports" / "370100" / "summary_report.docx"
    words = "".join(paragraph.text for paragraph in docx.Document(str(report)).paragraphs)
    rollup = pd.read_parquet(_made(jinan_run, due) / "rollup.parquet").set_index("item")
    for item, unit in (("F1_5", "场"), ("F1_1", "家"), ("F2_1", "户")):
        assert f"{rollup.loc[item, 'value']:.0f}{unit}" in words, item
    index = (jinan_run / "data/processed/index.html").read_text("utf-8")
    assert f"{due}/reports/370100/summary_report.docx" in index
    page = _made(jinan_run, due) / "reports" / "370102" / "region_report.html"
    assert 'href="region_report.docx"' in page.read_text("utf-8")
    manifest = json.loads((_made(jinan_run, due) / "manifest.json").read_text("utf-8"))
    assert report.relative_to(jinan_run).as_posix() in manifest["outputs"]


def test_no_document_leads_to_a_person(jinan_run: Path) -> None:
    documents = sorted((jinan_run / "data" / "processed").rglob("*.docx"))
    assert len(documents) == 3 * (15 + 3)
    for path in documents:
        words = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
        assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[@＠]|联系人", words), path


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.sources: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.hrefs += [known["href"] or ""] if "href" in known else []
        self.sources += [known["src"] or ""] if "src" in known else []
        self.ids |= {known["id"] or ""} if "id" in known else set()


def _links(page: Path) -> _Links:
    links = _Links()
    links.feed(page.read_text("utf-8"))
    return links


def test_every_link_of_every_page_leads_somewhere_and_none_leaves_the_folder(
    jinan_run: Path,
) -> None:
    processed = jinan_run / "data" / "processed"
    pages = sorted(processed.rglob("*.html"))
    assert len(pages) == 70  # an index, 54 reports, a page for each unit over time
    for page in pages:
        links = _links(page)
        assert not links.sources
        for href in links.hrefs:
            path, _, anchor = href.partition("#")
            assert not re.match(r"[a-z]+:|//", path), (page, href)
            if path:
                assert (page.parent / path).resolve().is_file(), (page, href)
            else:
                assert anchor in links.ids or anchor == "", (page, href)


def test_every_report_is_two_clicks_from_the_index(jinan_run: Path) -> None:
    processed = jinan_run / "data" / "processed"
    first = {(processed / h).resolve() for h in _links(processed / "index.html").hrefs}
    second = {
        (page.parent / href.partition("#")[0]).resolve()
        for page in first
        if page.suffix == ".html"
        for href in _links(page).hrefs
    }
    reports = {p.resolve() for p in processed.glob("*/reports/*/*.html")}
    assert reports <= first | second


def test_pages_hold_no_code_and_no_address_outside(jinan_run: Path) -> None:
    page = (_made(jinan_run) / "reports" / "370103" / "region_report.html").read_text("utf-8")
    assert '<html lang="zh-CN"' in page
    assert "dossier" not in page
    assert "import " not in page
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)


def test_executed_notebooks_hold_no_path_no_time_and_no_error(jinan_run: Path) -> None:
    for path in (_made(jinan_run) / "reports").rglob("*.ipynb"):
        text = path.read_text("utf-8")
        assert str(jinan_run) not in text
        assert "start_time" not in text
        assert not any(
            output.output_type == "error"
            for cell in nbformat.read(path, as_version=4).cells
            for output in cell.get("outputs", [])
        )


def test_the_roll_up_workbook_holds_the_official_form_with_live_totals(jinan_run: Path) -> None:
    path = _made(jinan_run) / "reports" / "370100" / "rollup_report.xlsx"
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    rollup = pd.read_parquet(_made(jinan_run) / "rollup.parquet").set_index("item")
    form = formulas.worksheets[0]
    assert form["A1"].value == "2023年春风行动情况统计表"
    cells = [c for row in form.iter_rows() for c in row if str(c.value).startswith("=SUM(")]
    assert len(cells) == 10
    first = cells[0]
    assert values[form.title][first.coordinate].value == rollup.loc["F1_1", "value"]
    # The formula really adds the units: recompute it from the sheet that it names.
    match = re.fullmatch(r"=SUM\('?(.+?)'?!\$?([A-Z]+)\$?(\d+):\$?[A-Z]+\$?(\d+)\)", first.value)
    assert match, first.value
    sheet, column, top, bottom = match.groups()
    column_cells = (
        values[sheet][f"{column}{row}"].value for row in range(int(top), int(bottom) + 1)
    )
    assert (
        sum(v for v in column_cells if isinstance(v, (int, float))) == rollup.loc["F1_1", "value"]
    )


def test_the_manifest_holds_every_input_and_output_and_verify_agrees(jinan_run: Path) -> None:
    manifest = json.loads((_made(jinan_run) / "manifest.json").read_text("utf-8"))
    assert any(path.startswith("data/raw/2023-02-01/") for path in manifest["inputs"])
    assert "expectations/2023-chunfeng/F1.json" in manifest["inputs"]
    assert "notebooks/region_report.ipynb" in manifest["inputs"]
    assert "data/processed/2023-02-01/reports/370100/rollup_report.html" in manifest["outputs"]
    assert chunfeng("verify", "--all", at=jinan_run).returncode == 0


def test_the_same_returns_in_another_folder_give_the_same_bytes(
    jinan_run: Path, workspace_copy: Path
) -> None:
    """And running one due alone publishes what running all of them does."""
    done = chunfeng("run", "--due", "2023-02-01", "--jobs", "2", at=workspace_copy)
    assert done.returncode == 0, done.stderr
    here, there = _made(jinan_run), _made(workspace_copy)
    files = sorted(p.relative_to(here) for p in here.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(there) for p in there.rglob("*") if p.is_file())
    differing = [f for f in files if (here / f).read_bytes() != (there / f).read_bytes()]
    assert differing == [Path("manifest.json")]
    manifests = [json.loads((root / "manifest.json").read_text("utf-8")) for root in (here, there)]
    assert manifests[0].pop("made_at")
    assert manifests[1].pop("made_at")
    assert manifests[0] == manifests[1]


def test_status_tells_who_is_missing_and_whether_reports_are_current(jinan_run: Path) -> None:
    answer = json.loads(chunfeng("status", "--json", at=jinan_run).stdout)
    first = answer["2023-02-01"]
    assert first["reports"] == "current"
    assert set(first["missing"]) == {"370112", "370124", "3701Z2"}
    assert first["expected"] == 15
    assert "起步区" in chunfeng("status", "--due", "2023-02-01", at=jinan_run).stdout


def test_notebooks_run_top_to_bottom_with_their_defaults(
    jinan_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an analyst opens them: in the notebooks folder, nothing changed."""
    from nbclient import NotebookClient  # noqa: PLC0415  (slow to load, needed here alone)

    for path in sorted((jinan_run / "notebooks").glob("*_report.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(path.parent)}}
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))  # as JupyterLab does
        NotebookClient(notebook, resources=resources, kernel_name="python3", timeout=120).execute()


def test_what_lies_beside_the_dues_is_named(jinan_run: Path) -> None:
    page = (jinan_run / "data" / "processed" / "index.html").read_text("utf-8")
    assert "data/raw/weekly" in page
