"""Display: in a notebook, reports and what is known at a due show themselves in words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from sample_report import key_figures

from chunfeng_reports.campaign import Desk
from chunfeng_reports.corrections import CORRECTION_COLUMNS
from chunfeng_reports.explanations import EXPLANATION_COLUMNS
from chunfeng_reports.facts import (
    INTAKE_COLUMNS,
    PASSAGE_COLUMNS,
    Fact,
    Received,
    facts_frame,
    intake_frame,
)
from chunfeng_reports.findings import Finding, findings_frame
from chunfeng_reports.renderers import display
from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.report import Report
from chunfeng_reports.rollup import ROLLUP_COLUMNS
from chunfeng_reports.tables import Dossier, analysis

DUE = "2023-02-01"
NAMES = {"370102": "历下区", "F1": "春风行动表", "F1_5": "招聘活动"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A running IPython in which displays are registered."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # IPython warns of one that is not ours
    shell = InteractiveShell.instance()
    display.register(names=lambda: NAMES)
    yield shell
    InteractiveShell.clear_instance()


def shown(shell: InteractiveShell, value: object) -> str:
    formats, _ = shell.display_formatter.format(value)
    return str(formats["text/html"])


def cells(html: str, column: str) -> list[str]:
    """What stands in a column of a table, by the name that code uses for it."""
    table = BeautifulSoup(html, "lxml").find("table")
    names = [small.get_text() for small in table.select("thead small")]
    at = names.index(column)
    return [row.find_all("td")[at].get_text(" ").strip() for row in table.select("tbody tr")]


def some_facts(count: int = 3, **other: Any) -> pd.DataFrame:
    fact = Fact(
        DUE, "370102", "F1", "F1_5", 1234.0, "value", "1234", "历下.xlsx", "e" * 64, "表", "B8"
    )
    return facts_frame([fact._replace(**other)] * count)


def a_dossier(desk: Desk, **other: Any) -> Dossier:
    known = {
        "facts": some_facts(),
        "intake": intake_frame([]),
        "findings": findings_frame([]),
        "outcomes": pd.DataFrame(),
        "rollup": pd.DataFrame(),
    }
    return Dossier(desk=desk, due=DUE, rules={}, **(known | other))


def test_parts_show_themselves_once_registered(report: Report, shell: InteractiveShell) -> None:
    begun = report.model_copy(update={"sections": ()})
    assert shown(shell, begun) == fragment(begun)
    for part in (report.sections[0], key_figures()):
        assert shown(shell, part).replace(" mathjax_ignore", "") == fragment(part)


def test_jupyterlab_makes_no_mathematics_of_what_a_unit_typed(
    report: Report, shell: InteractiveShell
) -> None:
    """JupyterLab's MathJax passes over elements of the class, with all that is in them."""
    for part in (*report.sections, *report.sections[0].blocks, some_facts(1, raw="$x$")):
        [root] = BeautifulSoup(shown(shell, part), "html.parser").find_all(recursive=False)
        assert "mathjax_ignore" in root["class"]


def test_a_report_with_sections_says_what_they_are(report: Report, shell: InteractiveShell) -> None:
    html = shown(shell, report)
    assert html.startswith(fragment(report))
    assert "、".join(section.title for section in report.sections) in html


def test_facts_are_told_in_words_beside_the_names_of_code(shell: InteractiveShell) -> None:
    html = shown(shell, pd.concat([some_facts(1), some_facts(1, value=None, state="absent")]))
    assert "单位region" in BeautifulSoup(html, "lxml").find("thead").get_text()
    assert cells(html, "region") == ["历下区 370102"] * 2
    assert cells(html, "item") == ["招聘活动 F1_5"] * 2
    assert cells(html, "value") == ["1,234", ""]
    assert cells(html, "state") == ["有数字 value", "未报 absent"]


def test_findings_carry_the_marks_of_reports_and_begin_with_what_matters(
    shell: InteractiveShell,
) -> None:
    codes = ("F1_5", "F1_6", "F1_7", "F1_1")
    doubts = findings_frame(
        Finding(DUE, "370102", "F1", codes[:items], "r", severity, "请核对")
        for severity, items in (("critical", 1), ("warning", 4), ("info", 0))
    )
    html = shown(shell, doubts)
    assert cells(html, "severity") == ["▲错误 critical", "●存疑 warning", "○提示 info"]
    assert cells(html, "items") == ["招聘活动 F1_5", "招聘活动、F1_6、F1_7等4个", ""]
    assert cells(html, "state") == ["待处理 open"] * 3
    heads = [small.get_text() for small in BeautifulSoup(html, "lxml").select("thead small")]
    assert heads[:4] == ["severity", "region", "items", "message"]
    assert set(heads) == set(doubts.columns)


def test_the_intake_says_when_a_file_came(shell: InteractiveShell) -> None:
    came = Received(DUE, "a.xlsx", "", "e" * 64, "370102", "F1", "rows", "counts")
    rows = [came, replace(came, received_at="2023-02-01 16:30")]
    html = shown(shell, intake_frame(rows))
    assert cells(html, "received_at") == ["", "2023-02-01 16:30"]
    assert "收到时间received_at" in BeautifulSoup(html, "lxml").find("thead").get_text()


def test_a_slice_shows_likewise_with_the_index_it_has(shell: InteractiveShell) -> None:
    facts = pd.concat([some_facts(1, region="370103"), some_facts(1)], ignore_index=True)
    html = shown(shell, facts[facts["region"] == "370102"])
    rows = BeautifulSoup(html, "lxml").select("tbody tr")
    assert [row.th.get_text() for row in rows] == ["1"]
    assert "没有符合的行" in shown(shell, facts[facts["region"] == "0"])


def test_of_many_rows_the_first_are_shown_and_all_are_counted(shell: InteractiveShell) -> None:
    html = shown(shell, some_facts(390))
    assert len(cells(html, "due")) == 20
    assert '共390行，显示前20行；要多看，先运行<code>pd.set_option("display.max_rows", 390)' in html


@pytest.mark.parametrize(("told", "rows"), [(390, 390), (None, 390), (50, 50), (10, 20)])
def test_more_rows_are_shown_where_pandas_was_told_so(
    told: int | None, rows: int, shell: InteractiveShell
) -> None:
    with pd.option_context("display.max_rows", told):
        assert len(cells(shown(shell, some_facts(390)), "due")) == rows


def test_every_table_of_a_workspace_has_a_chinese_head_for_each_column(
    shell: InteractiveShell,
) -> None:
    for columns in (CORRECTION_COLUMNS, EXPLANATION_COLUMNS, PASSAGE_COLUMNS, INTAKE_COLUMNS,
                    analysis.UNIT_COLUMNS, analysis.ITEM_COLUMNS, ROLLUP_COLUMNS):  # fmt: skip
        one = pd.DataFrame([dict.fromkeys(columns, "370102")], columns=list(columns))
        heads = BeautifulSoup(shown(shell, one), "lxml").select("thead th")
        assert {head.small.extract().get_text() for head in heads} == set(columns)
        assert all(re.match(r"[一-鿿]+$", head.get_text()) for head in heads)


def test_a_selection_that_tells_what_it_is_of_is_told_in_words(shell: InteractiveShell) -> None:
    some = some_facts(1)[["value", "item", "region"]]
    html = shown(shell, some)
    heads = [small.get_text() for small in BeautifulSoup(html, "lxml").select("thead small")]
    assert heads == ["value", "item", "region"]
    assert cells(html, "region") == ["历下区 370102"]
    doubts = findings_frame([Finding(DUE, "370102", "F1", (), "r", "info", "请核对")])
    assert cells(shown(shell, doubts[["region", "items", "message"]]), "message") == ["请核对"]


@pytest.mark.parametrize(
    "other",
    [
        pd.DataFrame({"a": [1]}),
        some_facts().drop(columns="item"),
        some_facts()[["region", "item", "item"]],
        some_facts().assign(more=1),
        some_facts().rename(columns={"raw": "was"}),
        some_facts().set_index(["due", "region"]),
    ],
    ids=[
        "no contract",
        "no longer of an item",
        "column twice",
        "column added",
        "column renamed",
        "columns in the index",
    ],
)
def test_any_other_frame_shows_as_pandas_shows_it(
    other: pd.DataFrame, shell: InteractiveShell
) -> None:
    assert shown(shell, other) == other._repr_html_()


def test_whatever_a_unit_typed_stays_text(shell: InteractiveShell) -> None:
    evil = some_facts(
        1, raw=EVIL, file=f'"onmouseover="{EVIL}' + "长" * 200, sheet="a\x0bb", region=EVIL
    )
    html = shown(shell, evil)
    assert "<script" not in html
    assert "\x0b" not in html
    assert cells(html, "raw") == [EVIL]
    assert not BeautifulSoup(html, "lxml").select("[onmouseover]")


def test_a_dossier_tells_what_it_is_of_and_how_much_there_is(
    jinan: Desk, shell: InteractiveShell
) -> None:
    doubts = findings_frame([Finding(DUE, "370102", "F1", ("F1_5",), "r", "warning", "请核对")])
    known = a_dossier(jinan, findings=doubts)
    text = BeautifulSoup(shown(shell, known), "lxml").get_text()
    for words in ("济南市", "2023年2月1日报送期", "读到数据3/3项", "●存疑1处", "▲错误0处"):
        assert words in text
    assert repr(known) == "Dossier('2023-02-01', '370100': 3 facts, 1 findings)"


def test_a_workspace_shows_its_desk_and_what_to_call_next(jinan: Desk) -> None:
    html = display.workspace(jinan)
    text = BeautifulSoup(html, "lxml").get_text()
    assert html.startswith(display.style()._repr_html_())
    for words in ("济南市", "报送单位15家", *jinan.dues, 'ws.dossier("2023-02-01")'):
        assert words in text


def test_without_a_notebook_registering_does_nothing() -> None:
    display.register()


def test_the_style_follows_the_theme_of_jupyter() -> None:
    html = display.style()._repr_html_()
    assert html.startswith("<style>")
    assert '[data-jp-theme-light="false"]{' in html
    assert "&" not in html


def test_importing_display_loads_neither_ipython_nor_nbconvert() -> None:
    script = (
        "import sys; import chunfeng_reports.renderers.display; "
        "sys.exit(any(name in sys.modules for name in ('IPython', 'nbconvert')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
