"""Pages: an executed notebook as one file that needs nothing else."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample_report import empty_report, executed, sections, units_table, without_script

from chunfeng_reports.renderers.html import _html_outputs, _Outline, page
from chunfeng_reports.renderers.templates import page_js
from chunfeng_reports.report import Figure, KeyFigure, KeyFigures, Link, Report, Section


def one(cell: nbformat.NotebookNode, **options: str) -> str:
    return page(new_notebook(cells=[cell]), title="汇总", **options)


def test_a_page_is_whole_and_chinese(report: Report) -> None:
    html = page(executed(report), title=report.title)
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert f"<title>{report.title}</title>" in html
    assert html.count("<h1>") == 1
    assert html.rstrip().endswith("</html>")


def test_a_page_loads_nothing_and_runs_nothing_but_its_own_script(report: Report) -> None:
    html = page(executed(report), title=report.title)
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", without_script(html))
    assert not re.search(r"https?:|fetch|XMLHttp|import|eval|innerHTML|on\w+=", page_js())
    assert "default-src 'none'" in html


def test_the_style_of_a_page_stands_as_written(report: Report) -> None:
    html = page(executed(report), title=report.title)
    style = html[html.index("<style>") : html.index("</style>")]
    assert ".cf .cf-sources>:not(" in style
    assert "&" not in style


def test_code_prompts_and_setup_are_not_shown(report: Report) -> None:
    html = page(executed(report), title=report.title)
    assert "Workspace.find" not in html
    assert "只在编辑时看见" not in html
    assert "In&nbsp;[" not in html
    assert "这一页说明<strong>汇总</strong>情况" in html


def test_the_contents_follow_the_sections_and_a_deleted_section_is_gone(report: Report) -> None:
    whole = page(executed(report), title="汇总")
    short = page(executed(empty_report(sections=sections()[:2])), title="汇总")
    listed = [re.findall(r'<li><a href="#([^"]+)">', html) for html in (whole, short)]
    assert listed == [["key", "totals", "findings", "sources"], ["key", "totals"]]


#: HTML that is not ours, by what is odd in it.
FOREIGN = {
    "a comment": '<p id="a">x<!-- <p id="b"> --></p>',
    "a script": "<script>f('<p id=\"a\">')</script><p id=b>",
    "a style": '<STYLE>p { content: "<p id=a>" }</STYLE><p ID="b">',
    "signs in an attribute": """<p title='1 > 0 < 2 " id=x' id="a"><p title="'>" id='b'>""",
    "a section twice": '<section id="a" data-title="甲&amp;乙"></section>' * 2,
    "a masthead": '<header class="cf cf-masthead">1 < 2</header>',
    "no tags": "1 < 2, id=3 > 2",
    "a closed tag": '<br id="a"/><img id = "b">',
    "a declaration": '<!DOCTYPE html><p id="a"><![CDATA[<p id="b">]]>',
}


def outline(seen: str, pieces: list[str]) -> tuple[object, ...]:
    """What a page is found to hold in pieces of HTML, by one way or the other."""
    found = _Outline()
    for piece in pieces:
        getattr(found, seen)(piece)
    return found.sections, found.ids, found.masthead


@pytest.mark.parametrize("name", FOREIGN)
def test_what_foreign_html_holds_is_found_as_a_parser_finds_it(name: str) -> None:
    assert outline("see", [FOREIGN[name]]) == outline("feed", [FOREIGN[name]])


def test_what_reports_hold_is_found_as_a_parser_finds_it(
    report: Report, nasty_report: Report
) -> None:
    for pieces in map(_html_outputs, map(executed, (report, nasty_report))):
        sections, ids, masthead = outline("see", pieces)
        assert (sections, ids, masthead) == outline("feed", pieces)
        assert sections
        assert ids
        assert masthead


def test_every_reference_on_the_page_has_its_target(report: Report) -> None:
    for kept in (sections(), sections()[:2]):
        html = page(executed(empty_report(sections=kept)), title="汇总")
        ids = set(re.findall(r' id="([^"]+)"', html))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= ids
    assert "2,952</span>" in html  # its source is no longer on the page: plain text


def test_a_total_leads_to_its_units_where_the_page_has_them() -> None:
    figure = Figure(value=2935.0, href="#t-units-F1", sources=("a", "b"))
    keys = KeyFigures(id="k", items=(KeyFigure(label="协议", unit="人", figure=figure),))
    key = Section(id="key", title="主要汇总数", blocks=(keys,))
    units = Section(id="units", title="各单位", blocks=(units_table(),))
    whole = page(executed(empty_report(sections=(key, units))), title="汇总")
    assert '<a class="cf-ref" href="#t-units-F1" title="查看明细">2,935</a>' in whole
    alone = page(executed(empty_report(sections=(key,))), title="汇总")
    assert "#t-units-F1" not in alone
    assert "2,935</span>" in alone


def test_the_page_leads_back_and_to_other_formats() -> None:
    links = (Link(label="Excel 工作簿", href="rollup_report.xlsx"),)
    html = page(new_notebook(), title="汇总", home="../index.html", links=links)
    assert '<a href="../index.html">← 全部报告</a>' in html
    assert '<a href="rollup_report.xlsx">Excel 工作簿</a>' in html


def test_a_failure_is_a_notice_without_paths() -> None:
    error = new_output(
        "error", ename="KeyError", evalue="<b>F1_9</b>", traceback=["/home/someone/x.py in f()"]
    )
    for tags in ([], ["setup"]):
        html = one(new_code_cell("f()", metadata={"tags": tags}, outputs=[error]))
        assert "本报告没有完成" in html
        assert "KeyError：&lt;b&gt;F1_9&lt;/b&gt;" in html
        assert "someone" not in html


def test_other_outputs_of_analysts_are_shown_safely() -> None:
    cell = new_code_cell(
        "print(1)",
        outputs=[
            new_output("stream", name="stdout", text="<b>合计</b> 3\n"),
            new_output("stream", name="stderr", text="某处警告"),
            new_output("display_data", {"image/png": "aGVs\nbG8="}),
            new_output("execute_result", {"text/plain": "<Figure>"}),
            new_output("display_data", {"text/markdown": "**要点**"}),
        ],
    )
    html = one(cell)
    assert "&lt;b&gt;合计&lt;/b&gt; 3" in html
    assert "某处警告" not in html
    assert 'src="data:image/png;base64,aGVsbG8="' in html
    assert "&lt;Figure&gt;" in html
    assert "<strong>要点</strong>" in html


def test_raw_html_in_markdown_is_text() -> None:
    html = one(
        new_markdown_cell("<script>alert(1)</script>\n\n| 单位 | 数 |\n|---|---|\n| 历下 | 1 |")
    )
    assert "<script" not in without_script(html)
    assert "<td>历下</td>" in html


def test_a_hostile_report_makes_a_harmless_page(nasty_report: Report) -> None:
    html = page(executed(nasty_report), title=nasty_report.title)
    assert not re.search(r"<script|<img|</style></title>--><!--", without_script(html))
    html.encode()


def test_the_same_notebook_gives_the_same_page(report: Report) -> None:
    assert page(executed(report), title="汇总") == page(executed(report), title="汇总")
