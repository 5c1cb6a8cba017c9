"""What docs/analyst.md shows is what comes of explore.ipynb, and of a report of one's own."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

from chunfeng_reports import Workspace
from chunfeng_reports.errors import UseError
from workbench import ROOT, chunfeng

pytestmark = pytest.mark.slow

DOCUMENT = (ROOT / "docs" / "analyst.md").read_text("utf-8")
EXPLORE = ROOT / "notebooks" / "explore.ipynb"
BLOCK = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<name>\S+))?(?: (?P<tag>\w+))?\n(?P<body>.*?)^```\n"
    r"(?:\n(?P<table>(?:\|[^\n]*\n)+))?",
    re.M | re.S,
)
BLOCKS = [match.groupdict() for match in BLOCK.finditer(DOCUMENT)]
CELLS = [one for one in BLOCKS if one["kind"] == "python" and one["name"] != "my_brief"]

Rows = list[dict[str, str]]


def papermill(*arguments: str, at: Path, **told: str) -> None:
    """papermill, run by hand as an analyst does; told: in the environment."""
    command = [sys.executable, "-m", "papermill", *arguments, "--no-progress-bar"]
    env = os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"} | told
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def explored(jinan_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The cells of explore.ipynb by id, run as they stand in a workspace where a run has been."""
    made = tmp_path_factory.mktemp("explored") / "explored.ipynb"
    papermill(str(EXPLORE), str(made), at=jinan_run)
    return {cell["id"]: cell for cell in nbformat.read(made, as_version=4).cells}


def outputs(cell: dict[str, Any], kind: str) -> list[str]:
    return ["".join(o["data"][kind]) for o in cell["outputs"] if kind in o.get("data", {})]


def shown(html: str) -> Rows:
    """The rows of the first table as head → words, without the names that code uses."""
    table = BeautifulSoup(html, "lxml").find("table")
    for code in table.select("small"):
        code.decompose()
    lines = [[cell.get_text().strip() for cell in row.select("td, th")] for row in table("tr")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def written(table: str) -> Rows:
    """The rows of a table in Markdown."""
    heads, _, *rows = [[c.strip() for c in line.strip("|").split("|")] for line in table.split("\n")
                       if line]  # fmt: skip
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_document_walks_through_every_cell() -> None:
    cells = [c for c in nbformat.read(EXPLORE, as_version=4).cells if c.cell_type == "code"]
    assert [(one["name"], one["body"]) for one in CELLS] == [
        (cell["id"], cell.source + "\n") for cell in cells
    ]


def test_the_notebook_is_an_analysts_own_short_and_without_outputs() -> None:
    notebook = nbformat.read(EXPLORE, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert "chunfeng" not in notebook.metadata
    assert [c.metadata.get("tags") for c in cells if c.metadata.get("tags")] == [["parameters"]]
    assert not [cell["id"] for cell in cells if cell.outputs or cell.execution_count]
    assert not [cell["id"] for cell in cells if re.search(r"^\s*(def|class) ", cell.source, re.M)]


def test_nothing_errs_and_nothing_warns(explored: dict[str, Any]) -> None:
    every = [(name, o) for name, cell in explored.items() for o in cell.get("outputs", [])]
    assert {o["output_type"] for _, o in every} <= {"execute_result", "display_data"}
    for name in ("plot", "course-plot"):
        assert outputs(explored[name], "image/png"), name


def test_no_output_holds_a_path(explored: dict[str, Any], jinan_run: Path) -> None:
    assert str(jinan_run) not in json.dumps([cell.get("outputs") for cell in explored.values()])


@pytest.mark.parametrize("block", [b for b in CELLS if b["table"]], ids=lambda b: b["name"])
def test_the_tables_of_the_document_are_what_comes_of_it(
    block: dict[str, str], explored: dict[str, Any]
) -> None:
    told = shown(outputs(explored[block["name"]], "text/html")[0])
    for row in written(block["table"]):
        assert any(row.items() <= line.items() for line in told), row


def test_every_rich_display_takes_part(explored: dict[str, Any]) -> None:
    dossier, report = (outputs(explored[name], "text/html")[0] for name in ("dossier", "report"))
    assert "读到数据<b>354/390</b>项" in dossier
    assert "cf-masthead" in report
    assert "已有各节：招聘活动较少的单位。" in report
    assert outputs(explored["section"], "text/html")[0].startswith('<section class="cf cf-section')


def test_other_parameters_do_as_well(jinan_run: Path, tmp_path: Path) -> None:
    """The last due by the command of the document, an item by name."""
    [command] = [b["body"] for b in BLOCKS if b["body"].startswith("$ papermill")]
    _, notebook, _, *rest = shlex.split(command.splitlines()[0].removeprefix("$ "))
    made = tmp_path / "made.ipynb"
    papermill(notebook, str(made), *rest, "-p", "item", "提供岗位", at=jinan_run)
    cells = {cell["id"]: cell for cell in nbformat.read(made, as_version=4).cells}
    compared = shown(outputs(cells["compare"], "text/html")[0])
    assert compared[0]["单位名称"] == "市中区"
    assert compared[0]["增减"].startswith("+")


def test_saving_it_with_outputs_makes_no_report_old(jinan_run: Path) -> None:
    path = jinan_run / "notebooks" / "explore.ipynb"
    before = path.read_bytes()
    try:
        path.write_bytes(before.replace(b"F1_5", b"F1_2"))
        done = chunfeng("verify", "--all", at=jinan_run)
    finally:
        path.write_bytes(before)
    assert done.returncode == 0, done.stdout


def test_a_workspace_where_nothing_was_made_yet_says_so(tmp_path: Path) -> None:
    assert chunfeng("init", "desk", "--body", "370100", at=tmp_path).returncode == 0
    assert (tmp_path / "desk" / "notebooks" / "explore.ipynb").is_file()
    ws = Workspace.find(tmp_path / "desk")
    assert list(ws.dues["status"]) == ["none"] * 3
    assert "2023-02-01" in ws._repr_html_()
    assert len(ws.units) == 15
    assert ws.items.set_index("item").loc["F1_5", "measure"] == "场"
    for asked in (lambda: ws.course("历下", "F1_5"), lambda: ws.compare("2023-02-01", "F1_5")):
        with pytest.raises(UseError, match="chunfeng run --due 2023-02-01"):
            asked()


def test_what_a_workspace_shows_hangs_on_the_campaign_alone(
    jinan_run: Path, tmp_path: Path
) -> None:
    assert chunfeng("init", "desk", "--body", "370100", at=tmp_path).returncode == 0
    bare, busy = Workspace.find(tmp_path / "desk"), Workspace.find(jinan_run)
    assert bare._repr_html_() == busy._repr_html_()


def test_a_report_run_by_hand_is_saved_under_the_name_that_is_told_and_no_other(
    jinan_run: Path, tmp_path: Path
) -> None:
    notebook = jinan_run / "notebooks" / "region_report.ipynb"
    folder = jinan_run / "data" / "processed" / "2023-02-01" / "reports" / "370103"
    region, made = ("-p", "region", "370103"), str(tmp_path / "made.ipynb")
    before = (folder / "region_report.report.json").read_bytes()
    with pytest.raises(AssertionError, match="CHUNFENG_NOTEBOOK"):
        papermill(str(notebook), made, *region, at=jinan_run)
    papermill(str(notebook), made, *region, at=jinan_run, CHUNFENG_NOTEBOOK="by_hand")
    saved = folder / "by_hand.report.json"
    assert json.loads(saved.read_text("utf-8"))["name"] == "by_hand"
    saved.unlink()  # the workspace is others' as well
    assert (folder / "region_report.report.json").read_bytes() == before


def test_a_report_notebook_of_ones_own_becomes_page_workbook_and_document(
    workspace_copy: Path,
) -> None:
    """As the document writes it, cell by cell."""
    mine = [block for block in BLOCKS if block["name"] == "my_brief"]
    notebook = nbformat.v4.new_notebook()
    for block in mine:
        if block["kind"] == "json":
            notebook.metadata |= json.loads(block["body"])
            continue
        tags = {"tags": [block["tag"]]} if block["tag"] else {}
        notebook.cells.append(nbformat.v4.new_code_cell(block["body"].strip(), metadata=tags))
    for other in (workspace_copy / "notebooks").glob("*_report.ipynb"):
        other.unlink()  # this one alone is wanted here
    nbformat.write(notebook, workspace_copy / "notebooks" / "my_brief.ipynb")
    [command] = [b["body"] for b in BLOCKS if b["body"].startswith("$ chunfeng run")]
    done = chunfeng(*shlex.split(command.splitlines()[0])[2:], at=workspace_copy)
    assert done.returncode == 0, done.stderr
    made = workspace_copy / "data" / "processed" / "2023-02-01" / "reports" / "370102"
    names = {path.name for path in made.iterdir()}
    assert names == {
        f"my_brief.{kind}" for kind in ("html", "xlsx", "docx", "ipynb", "report.json")
    }
    page = (made / "my_brief.html").read_text("utf-8")
    assert "招聘活动历期情况" in page
    assert "历下区单位小结" in page
