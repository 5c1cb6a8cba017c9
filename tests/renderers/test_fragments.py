"""Fragments: what a reviewer sees of each part of a report."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from sample_report import (
    bars,
    empty_report,
    findings_table,
    form,
    key_figures,
    sources_table,
    units_table,
)

from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.report import (
    Block,
    Column,
    Figure,
    KeyFigure,
    KeyFigures,
    Operand,
    Prose,
    ProseLine,
    Report,
    Row,
    Section,
    Table,
    Text,
)

PARTS: dict[str, Report | Section | Block] = {
    "masthead": empty_report(),
    "table": units_table(),
    "findings": findings_table(),
    "sources": sources_table(),
    "text": Text(paragraphs=("合计为暂定数。", "请核对。"), tone="notice"),
    "prose": Prose(
        lines=(
            ProseLine(text="各区县情况", heading=True),
            ProseLine(lead="历下区。", text="走访5人次。"),
        )
    ),
    "key_figures": key_figures(),
    "bars": bars(),
    "form": form(),
    "section": Section(id="totals", title="汇总数", blocks=(units_table(), bars(), bars())),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_looks_as_it_did(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.html", fragment(PARTS[name]) + "\n")


class Elements(HTMLParser):
    """Every element of a piece of HTML: its tag and attributes; and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_masthead_says_what_as_of_when_and_why_it_is_not_final() -> None:
    text = Elements(fragment(empty_report())).text
    for words in ("济南市", "2023年2月1日报送期", "暂定", "1家单位未报", "1处错误待更正"):
        assert words in text
    assert "数据齐全" in Elements(fragment(empty_report(status="final", reasons=()))).text


def test_remarks_stand_apart_from_what_keeps_a_report_provisional() -> None:
    remark = "1处存疑待核实"
    both = Elements(fragment(empty_report(remarks=(remark,)))).text
    assert both.index("为什么是暂定") < both.index("1家单位未报") < both.index("另外")
    assert both.index("另外") < both.index(remark)
    final = Elements(fragment(empty_report(status="final", reasons=(), remarks=(remark,)))).text
    assert "为什么是暂定" not in final
    assert final.index("说明") < final.index(remark)
    assert "另外" not in Elements(fragment(empty_report())).text


def test_a_figure_may_lead_to_a_table_of_its_page_or_to_another_page() -> None:
    here = Figure(value=5.0, href="#t-units-F1", sources=("a", "b"))
    there = Figure(value=6.0, href="../370102/region_report.html")
    column = Column(key="n", label="人数", kind="figure")
    table = Table(id="t", columns=(column, column), rows=(Row(key="r", cells=(here, there)),))
    items = tuple(KeyFigure(label="人数", unit="人", figure=figure) for figure in (here, there))
    for html in (fragment(table), fragment(KeyFigures(id="k", items=items))):
        links = [a["href"] for tag, a in Elements(html).found if tag == "a"]
        assert links == ["#t-units-F1", "../370102/region_report.html"]
    captions = [a for tag, a in Elements(fragment(units_table())).found if tag == "h3"]
    assert captions[0]["id"] == "t-units-F1"


def test_a_change_without_a_value_says_why_in_small() -> None:
    columns = tuple(Column(key=k, label=k, kind=k) for k in ("figure", "change"))  # type: ignore[arg-type]
    cells = (Figure(value=3.0, note="缺1家"), Figure(note="上期数有错误"))
    html = fragment(Table(id="t", columns=columns, rows=(Row(key="r", cells=cells),)))
    assert "3<small>缺1家</small>" in html
    assert '<small class="cf-none">上期数有错误</small>' in html


def test_findings_can_stand_as_cards_on_a_phone() -> None:
    found = Elements(fragment(findings_table())).found
    assert [a["class"] for tag, a in found if tag == "table"] == ["cf-table cf-findings"]
    cells = [a for tag, a in found if tag in ("td", "th") and "cf-at-" in str(a.get("class"))]
    assert [str(a["class"]).split("cf-at-")[1] for a in cells] == [
        "severity", "message", "value cf-blank",
    ]  # fmt: skip
    assert cells[1]["data-label"] == "问题与处理"
    assert "cf-findings" not in fragment(units_table())


def test_sources_are_left_out_of_print_and_the_reader_is_told() -> None:
    html = fragment(sources_table())
    assert 'class="cf-block cf-sources' in html
    assert "来源明细见网页或 Excel 工作簿“来源”表。" in html
    assert "来源明细" not in fragment(sources_table().model_copy(update={"rows": ()}))


def test_a_figure_with_one_source_leads_to_its_row() -> None:
    links = [a for tag, a in Elements(fragment(units_table())).found if tag == "a"]
    rows = [a for tag, a in Elements(fragment(sources_table())).found if tag == "tr"]
    target = "src-2023-02-01.370102.F1_6"
    assert f"#{target}" in [link["href"] for link in links]
    assert target in [row.get("id") for row in rows]


def test_a_mark_leads_to_its_finding_and_can_be_read_aloud() -> None:
    found = Elements(fragment(units_table())).found
    mark = next(a for tag, a in found if tag == "a" and a["href"] == "#finding-ab12")
    assert mark["aria-label"] == "错误，见问题清单"
    assert 'id="finding-ab12"' in fragment(findings_table())


def test_what_is_blank_and_what_did_not_come_are_told_apart() -> None:
    text = Elements(fragment(units_table())).text
    assert "未填" in text
    assert "未报" in text


def test_long_tables_fold_but_hold_every_row() -> None:
    columns = (Column(key="n", label="序号"),)
    rows = tuple(Row(key=str(n), cells=(Figure(value=f"第{n}行"),)) for n in range(41))
    html = fragment(Table(id="t", columns=columns, rows=rows))
    assert "显示全部41行" in html
    assert "第40行" in html
    assert "<details" not in fragment(Table(id="t", columns=columns, rows=rows[:40]))


def test_an_empty_table_says_why() -> None:
    assert "各单位均已报齐" in fragment(
        Table(id="t", columns=(Column(key="a", label="单位"),), rows=(), empty="各单位均已报齐。")
    )


def test_a_row_with_a_cell_too_few_is_refused_by_name() -> None:
    columns = (Column(key="a", label="单位"), Column(key="n", label="人数"))
    rows = tuple(Row(key=k, cells=(Figure(),) * n) for k, n in (("r1", 2), ("r2", 1)))
    with pytest.raises(ValueError, match="表 t 第 2 行（r2）有 1 格"):
        Table(id="t", columns=columns, rows=rows)


def test_a_table_for_excel_alone_is_only_named() -> None:
    html = fragment(units_table(hidden=True))
    assert "<table" not in html
    assert "各单位 春风行动表" in html


def test_hostile_text_stays_text(nasty_report: Report) -> None:
    html = fragment(nasty_report) + fragment(nasty_report.sections[0])
    elements = Elements(html)
    assert not {"script", "img", "style"} & {tag for tag, _ in elements.found}
    assert not [name for _, attrs in elements.found for name in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in elements.text
    assert "{{ 7*7 }}" in elements.text
    assert not set(html) & {chr(n) for n in range(32) if n not in (9, 10)}


def test_a_hidden_column_is_left_to_excel() -> None:
    columns = (Column(key="a", label="甲", hidden=True), Column(key="b", label="乙"))
    row = Row(key="r", cells=(Figure(value="藏"), Figure(value="见")))
    html = fragment(Table(id="t", columns=columns, rows=(row,)))
    assert "甲" not in html
    assert "藏" not in html
    assert '<th scope="row" class="cf-text">见</th>' in html


def test_a_figure_that_is_worked_out_shows_what_of_without_a_script() -> None:
    operands = (
        Operand(label="本期", value=541.0, sources=("now",)),
        Operand(sign="−", label="2月1日", value=236.5, href="../a.html#t-units"),
    )
    table = Table(
        id="x",
        columns=(Column(key="change", label="增减", kind="change"),),
        rows=(Row(key="r", cells=(Figure(value=304.5, operands=operands),)),),
    )
    html = fragment(table)
    told = html[html.index("<details") : html.index("</details>")]
    assert re.sub(r"<[^>]+>", "", told) == "+304.5本期 541 − 2月1日 236.5"
    assert re.findall(r'href="([^"]*)"', told) == ["#src-now", "../a.html#t-units"]
