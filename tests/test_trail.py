"""Every figure of a page leads to what it is made of, and in the end to the cell of a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from python_calamine import CalamineWorkbook

from workbench import DUES

pytestmark = pytest.mark.slow

_NUMBER = re.compile(r"[+−-]?[\d,]+(?:\.\d+)?%?")
#: Columns that count units or findings: what they count stands in the tables of the due.
_COUNTS = ("通过", "未通过", "无法判断", "未能运行")


@cache
def _page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def _pages(run: Path, name: str) -> list[Path]:
    return sorted(run.glob(f"data/processed/*/reports/*/{name}.html"))


def _amount(text: str) -> float:
    found = _NUMBER.fullmatch(text)
    assert found, text
    value = float(text.replace(",", "").replace("−", "-").rstrip("%"))
    return value / 100 if text.endswith("%") else value


def _figures(page: BeautifulSoup) -> Iterator[tuple[Tag, Tag]]:
    """The cells of tables (and the key figures) that show a number, each with what says it."""
    kinds = ("td.cf-figure", "td.cf-change", "td.cf-percent", "dd.cf-value",
             "dd.cf-delta:has(details, b)")  # fmt: skip
    for cell in page.select(", ".join(kinds)):
        said = cell.select_one("details.cf-how > summary") or cell.find("a", recursive=False)
        text = (said or cell).get_text()
        if _NUMBER.search(text) and not cell.find_parent("div", class_="cf-sources"):
            yield cell, said


def _target(page: Path, href: str) -> tuple[Path, Tag]:
    """The page and the element that a link leads to; both must be there."""
    name, _, anchor = href.partition("#")
    other = (page.parent / name).resolve() if name else page
    element = _page(other).find(id=anchor) if anchor else _page(other).body
    assert isinstance(element, Tag), f"{page.name}: {href}"
    return other, element


def _traced(page: Path, link: Tag, value: float) -> None:
    """Holds a figure against what its link leads to: its source, or a table that it sums up."""
    _, element = _target(page, str(link["href"]))
    if element.name == "tr" and str(element["id"]).startswith("src-"):
        cells = element.find_all("td", class_="cf-figure")
        assert _amount(cells[0].get_text().strip()) == value
    elif str(element["id"]).startswith("t-"):
        assert value in set(_sums(element)) | {*_cells(element)}, (page, link)


def _below(caption: Tag) -> Tag:
    table = caption.find_next("table")
    assert isinstance(table, Tag)
    return table


def _columns(caption: Tag) -> Iterator[list[float]]:
    rows = [row.find_all("td") for row in _below(caption).select("tbody tr")]
    for column in zip(*rows, strict=True):
        texts = [link.get_text() for cell in column if (link := cell.find("a")) is not None]
        yield [_amount(text) for text in texts if _NUMBER.fullmatch(text)]


def _sums(caption: Tag) -> list[float]:
    """What the columns of a table add up to: in all, and over any number of its first figures."""
    return [round(sum(column), 6) for column in _columns(caption)]


def _cells(caption: Tag) -> list[float]:
    return [figure for column in _columns(caption) for figure in column]


def _worked_out(page: Path, how: Tag) -> float:
    """What the operands of a derived figure come to, each of them traced."""
    told = how.select_one(":scope > span")
    assert told is not None
    result = 0.0
    for n, link in enumerate(told.find_all("a")):
        before = str(link.previous_sibling or "")
        sign = next((s for s in ("−", "÷") if s in before), "+")
        if "见汇总报告" in link.get_text():  # a total is told there alone
            result = _applied(result, sign, _total_there(page, link))
            continue
        value = _amount(link.get_text())
        result = _applied(result, sign, value)
        matched = "家）" in before  # a sum over some of the units: not over the whole column
        if not matched and (n or "本期" in before):
            _traced(page, link, value)
        else:
            _target(page, str(link["href"]))
    return result


def _total_there(page: Path, link: Tag) -> float:
    """The total of the item in whose row a link stands, in the table that it leads to."""
    _, element = _target(page, str(link["href"]))
    (label,) = (th.get_text() for th in link.find_parent("tr").find_all("th"))
    rows = {row.find("th").get_text(): row for row in _below(element).select("tbody tr")}
    return _amount(rows[label].select_one("td.cf-figure a").get_text())


def _applied(result: float, sign: str, value: float) -> float:
    if sign == "÷":
        return result / value
    return result - value if sign == "−" else result + value


@pytest.mark.parametrize(
    ("name", "least"), [("region_report", 3000), ("rollup_report", 1000), ("quality_report", 30)]
)
def test_every_figure_leads_to_what_it_is_made_of(jinan_run: Path, name: str, least: int) -> None:
    told = 0
    for path in _pages(jinan_run, name):
        for cell, said in _figures(_page(path)):
            head = _head(cell)
            if said is None and head in _COUNTS:
                continue  # counted in outcomes.parquet, see below
            assert said is not None, f"{path}: {cell}"
            if said.name == "summary":
                value = _amount(said.get_text())
                near = 0.0006 if said.get_text().endswith("%") else 1e-6
                how = said.find_parent("details")
                assert how is not None
                assert _worked_out(path, how) == pytest.approx(value, abs=near)
            else:
                _traced(path, said, _amount(said.get_text()))
            told += 1
    assert told >= least


@pytest.mark.parametrize(("name", "least"), [("region_report", 400), ("rollup_report", 340)])
def test_every_figure_of_a_chart_leads_to_what_it_is_made_of(
    jinan_run: Path, name: str, least: int
) -> None:
    told = 0
    for path in _pages(jinan_run, name):
        for text in _page(path).select("svg.cf-svg text"):
            found = re.match(r"[−-]?[\d,]+(?:\.\d+)?(?=\s|$|[\d.]+%$)", _said(text))
            if found is None or "月" in text.get_text():
                continue
            link = text.find_parent("a")
            assert link is not None, f"{path}: {text}"
            _traced(path, link, _amount(found[0]))
            told += 1
    assert told >= least


def _said(text: Tag) -> str:
    """A chart's figure without the share that stands beside it."""
    return "".join(str(part) for part in text.contents if isinstance(part, str)).strip()


def test_shares_in_charts_are_those_of_the_total(jinan_run: Path) -> None:
    path = jinan_run / "data/processed/2023-03-01/reports/370100/rollup_report.html"
    totals = {row.find("th").get_text(): row for row in _page(path).select("#totals tbody tr")}
    chart = _page(path).find("figcaption", string="参加企业（家）").find_next("svg")
    whole = _amount(totals["1. 参加活动的企业个数"].select_one("td.cf-figure a").get_text())
    shown = [(_amount(_said(text)), _amount(text.find("tspan").get_text()))
             for text in chart.select("text:has(tspan)")]  # fmt: skip
    assert len(shown) == 14
    assert sum(value for value, _ in shown) == whole
    for value, share in shown:
        assert share == pytest.approx(value / whole, abs=0.0006)


def test_every_figure_of_a_unit_over_time_leads_to_the_report_that_it_stands_in(
    jinan_run: Path,
) -> None:
    told = 0
    for path in sorted(jinan_run.glob("data/processed/units/*.html")):
        for cell, said in _figures(_page(path)):
            assert said is not None, f"{path}: {cell}"
            if said.name == "summary":
                how = said.find_parent("details")
                assert _worked_out(path, how) == pytest.approx(_amount(said.get_text()))
            elif "#src-" in str(said["href"]):
                _traced(path, said, _amount(said.get_text()))
            else:
                _, section = _target(path, str(said["href"]))
                assert _open_findings(section, _head(cell)) == _amount(said.get_text())
            told += 1
    assert told >= 1500


def _open_findings(section: Tag, severity: str) -> int:
    rows = section.select("tbody tr")
    settled = ("已说明", "已核准")
    return sum(severity in row.get_text() and not any(word in row.get_text() for word in settled)
               for row in rows if row.find("th").get_text().endswith(severity))  # fmt: skip


def _head(cell: Tag) -> str:
    if cell.name != "td":
        return ""
    row = cell.find_parent("tr")
    table = cell.find_parent("table")
    assert row is not None
    assert table is not None
    at = row.find_all(["th", "td"]).index(cell)
    return table.select("thead th")[at].get_text()


@pytest.mark.parametrize("due", DUES)
def test_counts_of_rules_are_those_of_the_outcomes(jinan_run: Path, due: str) -> None:
    page = _page(jinan_run / f"data/processed/{due}/reports/370100/quality_report.html")
    table = page.select_one("#rules table")
    assert table is not None
    shown = [
        [int(_amount((cell.find("summary") or cell).get_text())) for cell in row]
        for row in (row.select("td.cf-figure") for row in table.select("tbody tr"))
    ]
    outcomes = pd.read_parquet(jinan_run / f"data/processed/{due}/outcomes.parquet")
    counts = outcomes[["passed", "failed", "unknown", "could_not_run"]]
    assert shown == counts.to_numpy().tolist()


def test_every_source_is_what_stands_in_the_cell_of_the_file(jinan_run: Path) -> None:
    held = 0
    for path in _pages(jinan_run, "region_report"):
        for row in _page(path).select("div.cf-sources tbody tr"):
            due, _, _, _, _, raw, file, sheet, cell = (
                c.get_text() for c in row.find_all(["th", "td"])[:9]
            )
            due = "-".join(f"{int(n):02}" for n in re.findall(r"\d+", due))
            if cell and raw and "!" not in file:
                held += _stands(jinan_run / "data" / "raw" / due / file, sheet, cell, raw)
    assert held > 1000


def _stands(file: Path, sheet: str, cell: str, raw: str) -> bool:
    """Whether a file could be opened here by other means; what is typed must stand in it."""
    if file.suffix == ".docx":
        text = "\n".join(p.text for p in docx.Document(str(file)).paragraphs)
        assert all(part in text for part in raw.split("…") if part), (file, raw)
        return True
    rows = _rows(file, sheet)
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    if rows is None or found is None:
        return False
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2]) - 1
    value = rows[row][column - 1]
    if isinstance(value, float):
        return raw.startswith("=") or float(raw.replace(",", "")) == value
    assert str(value).strip() == raw.strip(), (file, cell)
    return True


@cache
def _rows(file: Path, sheet: str) -> list[list[object]] | None:
    if file.suffix in (".xlsx", ".xls", ".xlsm") and file.read_bytes()[:2] in (b"PK", b"\xd0\xcf"):
        book = CalamineWorkbook.from_path(str(file))
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return [list(row) for row in rows]
    if file.suffix == ".csv":
        data = file.read_bytes()
        text = data.decode("utf-8-sig") if data[:3] == b"\xef\xbb\xbf" else data.decode("gb18030")
        return [list(row) for row in csv.reader(text.splitlines())]
    return None
