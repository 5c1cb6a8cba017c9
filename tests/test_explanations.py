"""What a unit says of a figure, from the register in its due's folder to tables and reports."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from chunfeng_reports import manifest, pipeline, progress
from chunfeng_reports.explanations import Explanation
from chunfeng_reports.findings import Finding
from chunfeng_reports.pipeline import Known
from chunfeng_reports.report import Table
from chunfeng_reports.tables import unit
from chunfeng_reports.workspace import Workspace
from workbench import ROOT, chunfeng

JULY, AUGUST = "2025-07-15", "2025-08-15"
WILLOW, BRIDGE = "990101001", "990101002"
#: The error on the first unit's figure in July; its id does not hang on the figure.
ERROR = Finding(JULY, WILLOW, "A", ("A_1_1", "A_1"), "A.private-within-total", "critical", "").id
WORDS = "外企代招的民营企业单列，已按签到表核对"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three units; one reports more private firms than firms in July, another so in August."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "second", root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    _send(root, JULY, "柳林街道", firms=30, private=40)
    _send(root, JULY, "石桥镇", firms=20, private=10)
    _send(root, AUGUST, "柳林街道", firms=50, private=45)
    return root


def _send(root: Path, due: str, unit: str, *, firms: int, private: int) -> None:
    month = "七月" if due == JULY else "八月"
    path = root / "data" / "raw" / due / f"{unit}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"2025年夏季招聘月进展表（{month}）,\n镇街：{unit},\n填报项目,数量\n1.到场单位数（家）,{firms}\n"
        f"其中：民营企业数（家）,{private}\n2.发放求职补贴金额（万元）,1.5\n3.期末登记求职人数（人）,7\n",
        "utf-8",
    )


def _explain(root: Path, *rows: str, due: str = JULY) -> None:
    text = "\r\n".join(("单位,问题编号,数值,说明,审批单位", *rows)) + "\r\n"
    (root / "data" / "raw" / due / "explanations.csv").write_bytes(text.encode("gb18030"))


def _known(root: Path) -> Known:
    ws = Workspace.find(root)
    return pipeline.check(ws, pipeline.collect(ws, jobs=0), pipeline.rules(ws))


def _error(known: Known) -> pd.Series:
    rows = known.findings
    found = rows[(rows["rule"] == "A.private-within-total") & (rows["due"] == JULY)]
    assert len(found) == 1
    return found.iloc[0]


def _total(known: Known, item: str = "A_1_1") -> pd.Series:
    rows = known.rollup
    found = rows[(rows["due"] == JULY) & (rows["region"] == "990100") & (rows["item"] == item)]
    return found.iloc[0]


def test_a_waived_error_holds_nothing_up_and_changes_nothing_else(small: Path) -> None:
    before = _known(small)
    error = _error(before)
    assert (error["id"], error["state"], error["value"]) == (ERROR, "open", "40")
    assert _total(before)["doubted"] == WILLOW
    _explain(small, f"柳林街道,{ERROR},40.0,{WORDS},青溪市人社局")
    after = _known(small)
    assert _error(after)["state"] == "waived"
    assert _total(after)["doubted"] == ""
    columns = [column for column in before.findings.columns if column != "state"]
    pd.testing.assert_frame_equal(after.findings[columns], before.findings[columns])
    changed = before.findings["state"] != after.findings["state"]
    assert list(before.findings.loc[changed, "id"]) == [ERROR]
    (said,) = after.explanations.to_dict("records")
    assert (said["outcome"], said["approved_by"], said["words"]) == (
        "waived",
        "青溪市人社局",
        WORDS,
    )
    pd.testing.assert_frame_equal(after.facts, before.facts)
    pd.testing.assert_frame_equal(after.outcomes, before.outcomes)


def test_a_corrected_figure_lapses_the_explanation(small: Path) -> None:
    _explain(small, f"{WILLOW},{ERROR},40,{WORDS},青溪市人社局")
    _send(small, JULY, "柳林街道", firms=30, private=41)
    known = _known(small)
    assert _error(known)["state"] == "lapsed"
    assert _total(known)["doubted"] == WILLOW
    assert "由 40 变为 41" in known.explanations.iloc[0]["reason"]
    _send(small, JULY, "柳林街道", firms=30, private=20)
    known = _known(small)
    assert "A.private-within-total" not in set(known.findings["rule"])
    assert set(known.explanations["outcome"]) == {"refused"}
    assert "explanations.finding" in set(known.findings["rule"]), "the row in the register is told"


def test_doubts_on_the_register_and_on_words_are_findings(small: Path) -> None:
    _explain(small, f"{WILLOW},{ERROR},40,{WORDS},", f"不知名镇,{ERROR},40,{WORDS},")
    known = _known(small)
    assert _error(known)["state"] == "open"
    told = known.findings[known.findings["file"] == "explanations.csv"]
    assert set(zip(told["rule"], told["region"], told["cell"], strict=True)) == {
        ("explanations.approval", WILLOW, "D2"),
        ("explanations.unit", "990100", "A3"),
    }
    assert known.findings["id"].is_unique
    assert _total(known)["doubted"] == WILLOW
    dossier = pipeline.dossier(Workspace.find(small), known, JULY)
    table = unit.findings(dossier, WILLOW).blocks[0]
    assert isinstance(table, Table)
    at = next(n for n, row in enumerate(table.rows) if row.key.endswith(ERROR))
    error, below = table.rows[at : at + 2]
    assert "没有审批" in str([cell.value for cell in below.cells])
    assert below.cells[-2].value == "explanations.csv D2"
    assert below.cells[-2].sources == error.cells[-2].sources


@pytest.mark.slow
def test_an_explanation_reaches_page_workbook_and_manifest(small: Path) -> None:
    assert chunfeng("check", "--due", JULY, "--strict", at=small).returncode == 1
    _explain(small, f"{WILLOW},{ERROR},40,=1+1 <b>{WORDS}</b>,青溪市人社局")
    done = chunfeng("run", "--due", JULY, "--strict", "--jobs", "2", at=small)
    assert done.returncode == 0, done.stderr
    ws = Workspace.find(small)
    assert list(ws.explanations(JULY)["outcome"]) == ["waived"]
    page = ws.store.report(JULY, WILLOW, "region_report", "html").read_text("utf-8")
    assert "已核准" in page
    assert f"&lt;b&gt;{WORDS}" in page
    assert "青溪市人社局已审批" in page
    book = ws.store.report(JULY, WILLOW, "region_report", "xlsx")
    table = pd.read_excel(book, sheet_name="问题", engine="openpyxl")
    row = table[table["问题编号"] == ERROR].iloc[0]
    assert row["状态"] == "已核准"
    assert row["单位说明"].startswith("=1+1 <b>"), "text, not a formula"
    kept = manifest.read(ws.store, JULY)
    assert f"data/raw/{JULY}/explanations.csv" in kept["inputs"]
    assert f"data/processed/{JULY}/explanations.parquet" in kept["outputs"]
    _send(small, JULY, "柳林街道", firms=30, private=41)
    ended = chunfeng("check", "--due", JULY, "--strict", at=small)
    assert ended.returncode == 1, "a lapsed error is in the way again"


def test_a_claim_on_a_slip_is_shown_and_waits_for_the_register(small: Path) -> None:
    ws = Workspace.find(small)
    collected = pipeline.collect(ws, jobs=0)
    claim = Explanation(JULY, WILLOW, ERROR, "40", WORDS, "柳林街道人社所",
                        file="退回.xlsx", sheet="退回说明", cell="J9")  # fmt: skip
    known = pipeline.check(ws, replace(collected, said=(claim,)), pipeline.rules(ws))
    assert _error(known)["state"] == "open"
    assert _total(known)["doubted"] == WILLOW
    assert known.explanations.iloc[0]["outcome"] == "claimed"
    told = progress.summary(ws, known, JULY, ("explanations",))
    assert told == {"explanations": {"claimed": 1}}
    table = unit.findings(pipeline.dossier(ws, known, JULY), WILLOW).blocks[0]
    assert isinstance(table, Table)
    (row,) = [row for row in table.rows if row.key.endswith(ERROR)]
    shown = [cell.value for cell in row.cells]
    assert "待确认" in shown
    assert f"{WORDS}（待市局确认：柳林街道人社所）" in shown
