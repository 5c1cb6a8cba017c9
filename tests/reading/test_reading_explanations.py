"""The register of explanations: read in whatever encoding and heads, and nothing of it lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from chunfeng_reports.campaign import Desk
from chunfeng_reports.reading import Collected, collect_due

DUE, ID = "2023-02-01", "3f2a9c01d4e5"
HEAD = "单位代码,问题编号,数值,说明,审批单位"
WORDS = "节后集中返岗，按台账补录"


def _collected(desk: Desk, folder: Path, text: str, encoding: str = "utf-8") -> Collected:
    folder = folder / DUE
    folder.mkdir(exist_ok=True)
    (folder / "explanations.csv").write_bytes(text.encode(encoding))
    return collect_due(desk, DUE, folder)


def _doubts(got: Collected) -> list[tuple[str, str]]:
    return [(f.rule, f.cell) for f in got.findings if f.rule.startswith("explanations.")]


def test_the_register_is_no_return(jinan: Desk, tmp_path: Path) -> None:
    got = _collected(jinan, tmp_path, f"{HEAD}\n370102,{ID},5,{WORDS},市就业服务中心\n")
    (row,) = got.intake
    assert (row.file, row.fate, row.reason) == ("explanations.csv", "ignore", "说明登记表")
    (one,) = got.explanations
    assert (one.due, one.region, one.finding, one.value) == (DUE, "370102", ID, "5")
    assert (one.words, one.approved_by) == (WORDS, "市就业服务中心")
    assert (one.file, one.cell) == ("explanations.csv", "D2")
    assert not _doubts(got)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "region,finding,value,explanation,approved_by",
        "单位,问题编号,报送值,单位说明,审批单位",
    ],
)
def test_encodings_are_tried_and_heads_known_in_both_languages(
    jinan: Desk, tmp_path: Path, encoding: str, head: str
) -> None:
    got = _collected(jinan, tmp_path, f"{head}\r\n历下区,{ID.upper()},5,{WORDS},\r\n", encoding)
    assert [(one.region, one.finding, one.words) for one in got.explanations] == [
        ("370102", ID, WORDS)
    ]


@pytest.mark.parametrize(
    ("region", "code"),
    [("370114", "370114"), ("370181", "370114"), ("章丘", "370114"), ("章丘区人社局", "370114"),
     ("3701z1", "3701Z1"), ("济南市", "370100"), ("370100", "370100")],
)  # fmt: skip
def test_a_unit_is_known_by_code_old_code_and_name(
    jinan: Desk, tmp_path: Path, region: str, code: str
) -> None:
    got = _collected(jinan, tmp_path, f"{HEAD}\n{region},{ID},5,{WORDS},\n")
    assert [one.region for one in got.explanations] == [code]


@pytest.mark.parametrize(
    ("row", "rule", "cell"),
    [
        (f"火星区,{ID},5,{WORDS},", "explanations.unit", "A2"),
        (f"青岛市,{ID},5,{WORDS},", "explanations.unit", "A2"),
        (f",{ID},5,{WORDS},", "explanations.unit", "A2"),
        (f"370102,1.23E+11,5,{WORDS},", "explanations.row", "B2"),
        (f"370102,,5,{WORDS},", "explanations.row", "B2"),
        (f"370102,{ID},1,234,{WORDS},市局", "explanations.row", "F2"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_cell(
    jinan: Desk, tmp_path: Path, row: str, rule: str, cell: str
) -> None:
    got = _collected(jinan, tmp_path, f"{HEAD}\n{row}\n\n370103,{ID},5,{WORDS},\n")
    assert _doubts(got) == [(rule, cell)]
    assert [one.cell for one in got.explanations] == ["D4"], "the others count all the same"


def test_a_missing_column_is_told(jinan: Desk, tmp_path: Path) -> None:
    got = _collected(jinan, tmp_path, f"单位,编号,说明\n370102,{ID},{WORDS}\n")
    assert _doubts(got) == [("explanations.columns", "A1")]
    assert "缺少“数值”列" in next(f.message for f in got.findings if f.file == "explanations.csv")
    assert not got.explanations


def test_the_office_may_be_left_out(jinan: Desk, tmp_path: Path) -> None:
    got = _collected(jinan, tmp_path, f"单位\t问题编号\t数值\t说明\n370102\t{ID}\t1,234\t{WORDS}\n")
    assert [(one.value, one.approved_by) for one in got.explanations] == [("1,234", "")]
    assert not _doubts(got)


@pytest.mark.parametrize("data", [b"", b"\x81\xff\xff\x01", b"PK\x03\x04 no csv"])
def test_a_register_that_cannot_be_read_is_told(jinan: Desk, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "explanations.csv").write_bytes(data)
    got = collect_due(jinan, DUE, tmp_path)
    assert ("explanations.unreadable", "") in _doubts(got)
    assert [row.fate for row in got.intake] == ["ignore"]


def test_a_quote_left_open_swallows_no_rows(jinan: Desk, tmp_path: Path) -> None:
    got = _collected(
        jinan,
        tmp_path,
        f'{HEAD}\n370103,{ID},5,{WORDS},\n370102,{ID},5,"{WORDS},\n370104,{ID},5,x,',
    )
    assert [one.region for one in got.explanations] == ["370103"]
    assert _doubts(got) == [("explanations.unreadable", "A3")]


def test_what_leads_to_persons_is_taken_out(jinan: Desk, tmp_path: Path) -> None:
    row = f"370102,{ID},5,{WORDS}，联系人：张三，电话13800000000或a@b.cn,人社局13800000000"
    got = _collected(jinan, tmp_path, f"{HEAD}\n{row}\n火星 13800000000,{ID},5,x,\n")
    (one,) = got.explanations
    assert one.words.startswith(WORDS)
    shown = one.words + one.approved_by + "".join(f.message for f in got.findings)
    assert not [private for private in ("张三", "138", "@") if private in shown]
    assert "［电话］" in one.approved_by


def test_a_workbook_by_that_name_is_not_passed_over_in_silence(jinan: Desk, tmp_path: Path) -> None:
    (tmp_path / "explanations.csv").write_bytes(b"PK\x03\x04")
    got = collect_due(jinan, DUE, tmp_path)
    assert "reading.passed_over" in {f.rule for f in got.findings}


def test_without_a_register_nothing_is_said(jinan: Desk, tmp_path: Path) -> None:
    assert collect_due(jinan, DUE, tmp_path).explanations == ()
