"""The command line: what it says, where it writes, and with what exit code it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from workbench import ROOT, chunfeng, lay_workspace

pytestmark = pytest.mark.slow

COMMANDS = ("init", "forms", "collect", "check", "run", "returns", "status", "verify")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, tmp_path: Path) -> None:
    shown = chunfeng(command, "--help", at=tmp_path)
    assert shown.returncode == 0
    assert f"chunfeng {command}" in shown.stdout
    assert "例：" in shown.stdout


def test_the_doctor_explains_itself_with_an_example(tmp_path: Path) -> None:
    shown = chunfeng("doctor", "rules", "--help", at=tmp_path)
    assert shown.returncode == 0
    assert "chunfeng doctor rules" in shown.stdout


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = chunfeng("--help", at=tmp_path).stdout
    assert all(re.search(rf"^  {command} ", shown, re.M) for command in COMMANDS)


def test_outside_a_workspace_it_says_what_to_do_and_ends_with_2(tmp_path: Path) -> None:
    ended = chunfeng("status", at=tmp_path)
    assert ended.returncode == 2
    assert "chunfeng init" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_due_that_is_none_is_wrong_use(repository: Path) -> None:
    ended = chunfeng("check", "--due", "2023-02-02", at=repository)
    assert ended.returncode == 2
    assert "2023-02-01、2023-03-01、2023-04-01" in ended.stderr


def test_a_region_that_is_none_is_wrong_use(repository: Path) -> None:
    ended = chunfeng("run", "--due", "2023-02-01", "--region", "999999", at=repository)
    assert ended.returncode == 2
    assert "370102" in ended.stderr


def test_no_due_at_all_is_wrong_use_and_so_are_both(repository: Path) -> None:
    assert chunfeng("check", at=repository).returncode == 2
    assert chunfeng("check", "--all", "--due", "2023-02-01", at=repository).returncode == 2


def test_an_unknown_option_ends_with_2(tmp_path: Path) -> None:
    assert chunfeng("run", "--speed", at=tmp_path).returncode == 2


def test_init_gives_a_workspace_that_works(tmp_path: Path) -> None:
    made = chunfeng("init", "desk", "--body", "370000", at=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "山东省" in made.stdout
    assert (tmp_path / "desk" / "notebooks" / "region_report.ipynb").is_file()
    assert chunfeng("status", at=tmp_path / "desk").returncode == 0
    assert chunfeng("init", "desk", "--body", "370000", at=tmp_path).returncode == 2


def test_init_refuses_a_body_that_nobody_reports_to_and_leaves_nothing(tmp_path: Path) -> None:
    assert chunfeng("init", "desk", "--body", "110000", at=tmp_path).returncode == 2
    assert not (tmp_path / "desk").exists()


def test_collect_keeps_the_ledger_and_the_facts(workspace_copy: Path) -> None:
    done = chunfeng("collect", "--due", "2023-02-01", "--json", at=workspace_copy)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["dues"]["2023-02-01"]["files"]["counts"] == 31
    assert any("weekly" in note for note in answer["notes"])
    made = workspace_copy / "data" / "processed" / "2023-02-01"
    assert {p.name for p in made.iterdir()} == {
        "intake.parquet",
        "facts.parquet",
        "passages.parquet",
    }


def test_collect_explains_one_file_and_writes_nothing(workspace_copy: Path) -> None:
    file = "data/raw/2023-02-01/历下区.xlsx"
    done = chunfeng("collect", "--explain", file, at=workspace_copy)
    assert done.returncode == 0, done.stderr
    assert "F1_1 参加企业" in done.stdout
    assert not (workspace_copy / "data" / "processed").exists()
    elsewhere = workspace_copy / "表.csv"
    elsewhere.write_bytes((workspace_copy / "data/raw/2023-02-01/章丘区_附件1.csv").read_bytes())
    assert chunfeng("collect", "--explain", "表.csv", at=workspace_copy).returncode == 2
    asked = chunfeng(
        "collect", "--explain", "表.csv", "--due", "2023-03-01", "--json", at=workspace_copy
    )
    assert json.loads(asked.stdout)["returns"][0]["region"] == "370114"


def test_check_tells_each_rule_and_strict_ends_with_1(workspace_copy: Path) -> None:
    done = chunfeng("check", "--due", "2023-02-01", "--json", "--strict", at=workspace_copy)
    assert done.returncode == 1
    answer = json.loads(done.stdout)["dues"]["2023-02-01"]
    assert answer["findings"]["critical"] >= 1
    assert {"form", "rule", "passed", "failed", "unknown", "could_not_run"} <= set(
        answer["rules"][0]
    )
    assert not (workspace_copy / "data" / "processed" / "index.html").exists()


def test_raw_is_never_written_to(workspace_copy: Path) -> None:
    def seen() -> dict[Path, int]:
        return {p: p.stat().st_mtime_ns for p in (workspace_copy / "data" / "raw").rglob("*")}

    before = seen()
    chunfeng("collect", "--all", at=workspace_copy)
    assert seen() == before


def test_a_definition_with_faults_ends_with_2_and_lists_them(workspace_copy: Path) -> None:
    forms = workspace_copy / "campaigns" / "2023-chunfeng" / "forms.yaml"
    text = forms.read_text("utf-8").replace("parent: F1_5,", "parent: F1_9,", 1)
    forms.write_text(text.replace("annex: 附件2", "anex: 附件2"), "utf-8")
    ended = chunfeng("check", "--all", at=workspace_copy)
    assert ended.returncode == 2
    assert "forms[0].items[5].parent" in ended.stderr
    assert "forms[1].anex" in ended.stderr


def test_deleting_a_rule_from_a_suite_removes_its_findings(workspace_copy: Path) -> None:
    suite = workspace_copy / "expectations" / "2023-chunfeng" / "F1.json"
    content = json.loads(suite.read_text("utf-8"))
    found = _findings(workspace_copy)
    [rule] = {e["meta"]["id"] for e in content["expectations"]} & set(
        found[found["items"].str.contains("F1_4")]["rule"]
    )
    kept = [e for e in content["expectations"] if e["meta"]["id"] != rule]
    assert len(kept) == len(content["expectations"]) - 1
    suite.write_text(json.dumps(content | {"expectations": kept}, ensure_ascii=False), "utf-8")
    after = _findings(workspace_copy)
    assert rule not in set(after["rule"])
    assert set(after["id"]) == set(found[found["rule"] != rule]["id"])


def _findings(workspace: Path) -> pd.DataFrame:
    assert chunfeng("check", "--due", "2023-02-01", at=workspace).returncode == 0
    return pd.read_parquet(workspace / "data" / "processed" / "2023-02-01" / "findings.parquet")


def test_forms_are_laid_out_as_printed_and_carry_what_they_are(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "campaigns", tmp_path / "campaigns")
    shutil.copy(ROOT / "chunfeng.toml", tmp_path)
    done = chunfeng("forms", "--due", "2023-04-01", "--region", "370102", at=tmp_path)
    assert done.returncode == 0, done.stderr
    books = sorted((tmp_path / "data" / "processed" / "forms").rglob("*.xlsx"))
    assert [p.name for p in books] == [f"370102-{form}.xlsx" for form in ("F1", "F2", "F3")]
    book = openpyxl.load_workbook(books[0])
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "2023年春风行动情况统计表"
    assert "历下区" in str(sheet["A2"].value)
    assert sheet["A4"].value == "1.参加活动的企业个数"
    assert sheet.protection.sheet
    assert not sheet["B4"].protection.locked
    assert sheet["A4"].protection.locked
    properties = {p.name: p.value for p in book.custom_doc_props.props}
    assert properties == {
        "campaign": "2023-chunfeng", "due": "2023-04-01", "form": "F1", "region": "370102",
    }  # fmt: skip


def test_a_blank_form_filled_in_is_read_back_cell_by_cell(tmp_path: Path) -> None:
    """The way round: forms → a unit types its figures → collect."""
    lay_workspace(tmp_path)
    raw = tmp_path / "data" / "raw" / "2023-04-01"
    shutil.rmtree(tmp_path / "data" / "raw")
    raw.mkdir(parents=True)
    assert chunfeng("forms", "--due", "2023-04-01", at=tmp_path).returncode == 0
    typed: dict[str, int] = {}
    for form in ("F1", "F2", "F3"):
        blank = tmp_path / "data/processed/forms/2023-04-01/370102" / f"370102-{form}.xlsx"
        book = openpyxl.load_workbook(blank)
        inputs = [
            c for row in book.worksheets[0].iter_rows() for c in row
            if not c.protection.locked and c.number_format.startswith(("0", "#"))
        ]  # fmt: skip
        assert len(inputs) == {"F1": 10, "F2": 11, "F3": 10}[form]
        for n, cell in enumerate(inputs, start=1):
            cell.value = 100 * n
            typed[f"{form}:{cell.coordinate}"] = 100 * n
        book.save(raw / f"{form}.xlsx")
    assert chunfeng("check", "--due", "2023-04-01", at=tmp_path).returncode == 0
    made = tmp_path / "data" / "processed" / "2023-04-01"
    facts = pd.read_parquet(made / "facts.parquet")
    ours = facts[(facts["region"] == "370102") & (facts["form"] != "P")]
    assert {f"{r.form}:{r.cell}": r.value for r in ours.itertuples()} == typed
    findings = pd.read_parquet(made / "findings.parquet")
    about = findings[(findings["region"] == "370102") & findings["rule"].str.startswith("reading")]
    assert about.empty, about["message"].tolist()


@pytest.fixture
def small_workspace(tmp_path: Path) -> Path:
    """A workspace with three units, of which nothing has come yet."""
    shutil.copytree(ROOT / "tests" / "second", tmp_path / "small")
    (tmp_path / "small" / "data" / "raw" / "2025-07-15").mkdir(parents=True)
    shutil.copytree(ROOT / "notebooks", tmp_path / "small" / "notebooks")
    return tmp_path / "small"


@pytest.mark.parametrize("command", ["collect", "check", "run"])
def test_a_due_without_a_folder_is_wrong_use(small_workspace: Path, command: str) -> None:
    ended = chunfeng(command, "--due", "2025-08-15", at=small_workspace)
    assert ended.returncode == 2
    assert "没有文件夹 data/raw/2025-08-15" in ended.stderr
    assert "收表：" not in ended.stderr
    made = small_workspace / "data" / "processed"
    assert {path.name for path in made.rglob("*")} <= {".lock"}, "nothing was made"
    (small_workspace / "data" / "raw" / "2025-08-15").mkdir()
    if command != "run":
        done = chunfeng(command, "--due", "2025-08-15", at=small_workspace)
        assert done.returncode == 0, done.stderr


def test_a_notebook_that_fails_stops_no_other_and_ends_with_1(small_workspace: Path) -> None:
    broken = small_workspace / "notebooks" / "rollup_report.ipynb"
    notebook = nbformat.read(broken, as_version=4)
    notebook.cells[3].source = "raise ValueError('<b>坏了</b>')"
    nbformat.write(notebook, broken)
    ended = chunfeng("run", "--due", "2025-07-15", "--jobs", "2", "--explain", at=small_workspace)
    assert ended.returncode == 1
    assert "报告 6 份：重做 5 份，没有做成 1 份。" in ended.stdout
    assert ended.stdout.count("未成　") == 1
    assert "rollup_report" in ended.stderr
    assert "Traceback" not in ended.stderr
    reports = small_workspace / "data" / "processed" / "2025-07-15" / "reports"
    assert len(list(reports.rglob("region_report.xlsx"))) == 3
    page = (reports / "990100" / "rollup_report.html").read_text("utf-8")
    assert "<b>坏了" not in page
    assert "坏了" in page
    assert not (reports / "990100" / "rollup_report.xlsx").exists()


def test_deleting_a_cell_removes_its_section_from_page_and_workbook(small_workspace: Path) -> None:
    path = small_workspace / "notebooks" / "region_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell["id"] != "missing"]
    nbformat.write(notebook, path)
    done = chunfeng("run", "--due", "2025-07-15", "--region", "990102001", at=small_workspace)
    assert done.returncode == 0, done.stderr
    report = small_workspace / "data/processed/2025-07-15/reports/990102001/region_report.html"
    assert "未报与未填" not in report.read_text("utf-8")
    assert "未报" not in openpyxl.load_workbook(report.with_suffix(".xlsx")).sheetnames
    assert not (report.parents[1] / "990100").exists()


def test_a_parameter_that_the_notebook_does_not_declare_is_refused(small_workspace: Path) -> None:
    path = small_workspace / "notebooks" / "region_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = notebook.cells[0].source.replace("due =", "duo =")
    nbformat.write(notebook, path)
    ended = chunfeng("run", "--due", "2025-07-15", "--region", "990102001", at=small_workspace)
    assert ended.returncode == 1
    assert "没有参数 due" in ended.stderr


def test_what_lies_in_raw_and_is_no_folder_of_a_due_is_reported(workspace_copy: Path) -> None:
    (workspace_copy / "data" / "raw" / "2023-02-02").mkdir()
    shutil.rmtree(workspace_copy / "data" / "raw" / "2023-03-01")
    (workspace_copy / "data" / "raw" / "2023-03-01").write_text("?", "utf-8")
    done = chunfeng("collect", "--due", "2023-02-01", at=workspace_copy)
    assert "data/raw/2023-02-02" in done.stdout
    assert "data/raw/2023-03-01 是文件" in done.stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_costs_no_command(workspace_copy: Path) -> None:
    (workspace_copy / "data/raw/2023-02-01/历下区.xlsx").chmod(0)
    for command in ("collect", "check", "status"):
        options = () if command == "status" else ("--due", "2023-02-01")
        assert chunfeng(command, *options, at=workspace_copy).returncode == 0


def test_explain_says_what_is_no_file(workspace_copy: Path) -> None:
    done = chunfeng("collect", "--explain", "data/raw/2023-02-01", at=workspace_copy)
    assert (done.returncode, "是文件夹" in done.stderr) == (2, True)
    done = chunfeng("collect", "--explain", "data/raw/2023-02-01/无.xlsx", at=workspace_copy)
    assert (done.returncode, "没有这个文件" in done.stderr) == (2, True)
    link = workspace_copy / "data/raw/2023-02-01/链接.xlsx"
    link.symlink_to("无.xlsx")
    done = chunfeng("collect", "--explain", str(link), at=workspace_copy)
    assert (done.returncode, "链接或特殊文件" in done.stdout) == (0, True)
