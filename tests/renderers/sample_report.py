"""A small report with one of everything, and one in which every text is hostile."""

from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chunfeng_reports.renderers.html import fragment
from chunfeng_reports.renderers.templates import page_js, page_policy
from chunfeng_reports.report import (
    Bar,
    Bars,
    Column,
    Course,
    Figure,
    FormSheet,
    KeyFigure,
    KeyFigures,
    Point,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from chunfeng_reports.sheets import PlannedCell, SheetPlan, TotalOf

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "+86",
    "@SUM(A1)",
    "https://example.invalid/",
    "a\x00b\x0bc\x1f\x7f\x85",
    "👩‍🌾𠮷",
    "长" * 400,
    "x" * 400,
    "</style></title>--><!--",
    "{{ 7*7 }}{% raw %}",
    "_x0041_",
    "&amp;",
)


def units_table(**changes: object) -> Table:
    """Units × one item: a sound figure, a doubted one, a blank, an absent one, and a total."""
    columns = (
        Column(key="region", label="单位"),
        Column(key="F1_6", label="意向协议", kind="figure"),
        Column(key="change", label="增减", kind="change"),
        Column(key="share", label="占合计", kind="percent", decimals=1),
        Column(key="code", label="区划", kind="code"),
    )

    def row(key: str, name: str, figure: Figure, *more: Figure, strong: bool = False) -> Row:
        return Row(key=key, cells=(Figure(value=name), figure, *more), strong=strong)

    rows = (
        row("370102", "历下区", Figure(value=2952.0, sources=("2023-02-01.370102.F1_6",)),
            Figure(value=1234.0), Figure(value=0.5), Figure(value="370102")),
        row("370103", "市中区", Figure(value=-17.0, mark="critical", finding="finding-ab12"),
            Figure(value=-56.0), Figure(), Figure(value="370103")),
        row("370104", "槐荫区", Figure(note="未填", mark="warning"),
            Figure(), Figure(), Figure(value="370104")),
        row("3701Z2", "起步区", Figure(note="未报"), Figure(), Figure(), Figure(value="3701Z2")),
        row("370100", "合计", Figure(value=2935.0, note="缺1家", mark="critical"),
            Figure(value=0.0), Figure(value=1.0), Figure(), strong=True),
    )  # fmt: skip
    table = Table(
        id="units-F1", title="春风行动表（人）", columns=columns, rows=rows, note="逐单位列示。",
        sheet="各单位 春风行动表",
    )  # fmt: skip
    return table.model_copy(update=changes)


def findings_table() -> Table:
    """One finding."""
    columns = (
        Column(key="severity", label="级别", kind="severity"),
        Column(key="message", label="问题与处理", width=60),
        Column(key="value", label="报送值", width=14),
    )
    words = "签订协议数为负数，请核对后重报。"
    cells = (Figure(value="critical"), Figure(value=words), Figure())
    return Table(
        id="findings", columns=columns, rows=(Row(key="finding-ab12", cells=cells),), sheet="问题"
    )


def sources_table() -> Table:
    """The cell that one figure came from."""
    columns = (
        Column(key="file", label="文件"),
        Column(key="cell", label="单元格"),
        Column(key="sha256", label="文件校验", kind="code"),
    )
    cells = (Figure(value="历下区.xlsx"), Figure(value="B12"), Figure(value="ab" * 32))
    row = Row(key="2023-02-01.370102.F1_6", cells=cells)
    return Table(id="sources", columns=columns, rows=(row,), sheet="来源")


def bars() -> Bars:
    """A strong bar, a doubted one, a negative one and one without a value."""
    return Bars(
        id="ranking-F1_6",
        title="意向协议",
        unit="人",
        bars=(
            Bar(label="历下区", value=2952.0, strong=True),
            Bar(label="济南新旧动能转换起步区", value=1000.0, mark="warning"),
            Bar(label="市中区", value=-17.0, mark="critical"),
            Bar(label="槐荫区", value=None, note="未填"),
        ),
    )


def course() -> Course:
    """One item over four dues: sound, doubted, not reported, sound."""
    values = (100.0, 250.0, None, 400.0)
    return Course(
        id="course-F1_6",
        title="意向协议",
        unit="人",
        points=tuple(
            Point(label=f"{n}月1日", value=value, mark="warning" if n == 3 else None)
            for n, value in enumerate(values, start=2)
        ),
    )


def key_figures() -> KeyFigures:
    """A figure with its change, and one that did not come."""
    return KeyFigures(
        id="key-figures",
        items=(
            KeyFigure(
                label="意向协议", unit="人", figure=Figure(value=2952.0), change=Figure(value=-56.0)
            ),
            KeyFigure(label="兑现资金", unit="万元", figure=Figure(note="未报"), decimals=1),
        ),
    )


def form() -> FormSheet:
    """A form whose figure is a live total of the table of units."""
    total = TotalOf(table="units-F1", column="F1_6")
    cells = (
        PlannedCell(row=0, column=0, columns=2, value="2023年春风行动情况统计表", style="title"),
        PlannedCell(row=1, column=0, value="6.签订就业（意向）协议数（人）"),
        PlannedCell(row=1, column=1, value=2935.0, style="figure", total_of=total),
    )
    return FormSheet(plan=SheetPlan(name="春风行动表", cells=cells, widths=(40.0, 20.0)))


def sections() -> tuple[Section, ...]:
    """All kinds of blocks."""
    notice = Text(paragraphs=("合计为暂定数。",), tone="notice")
    note = Text(paragraphs=("1. 各项均按累计数理解。",), tone="note")
    plain = Text(paragraphs=("全市签订意向协议2935份。",))
    return (
        Section(id="key", title="主要汇总数", blocks=(key_figures(), plain, notice)),
        Section(
            id="totals", title="汇总数", blocks=(units_table(), form(), bars(), bars(), course())
        ),
        Section(id="findings", title="问题与处理", blocks=(findings_table(), note)),
        Section(id="sources", title="数据来源", blocks=(sources_table(),)),
    )


def empty_report(**changes: object) -> Report:
    """A report without sections."""
    report = Report(
        name="rollup_report",
        title="济南市2023年春风行动暨就业援助月汇总",
        subtitle="第一次报送",
        campaign="2023年春风行动暨就业援助月",
        due="2023-02-01",
        region="370100",
        region_name="济南市",
        status="provisional",
        reasons=("1家单位未报", "1处错误待更正"),
    )
    return report.model_copy(update=changes)


def nasty_report() -> Report:
    """A report in which every text that a unit could have typed is hostile."""
    columns = tuple(
        Column(key=f"c{n}", label=f"列{n}", kind=kind)  # type: ignore[arg-type]
        for n, kind in enumerate(("text", "figure", "change", "percent", "code", "severity"))
    )
    rows = tuple(
        Row(key=text, cells=tuple(Figure(value=text, note=text[:30], mark="info") for _ in columns))
        for text in NASTY
    )
    table = Table(id="nasty", title=NASTY[1], columns=columns, rows=rows, sheet="a/b:[c]*?")
    again = table.model_copy(update={"id": "sources", "sheet": "A/B:[C]*?", "note": NASTY[6]})
    chart = Bars(
        id=NASTY[0],
        title=NASTY[1],
        unit=NASTY[4],
        bars=tuple(Bar(label=text, value=1.0, note=text) for text in NASTY),
    )
    keys = KeyFigures(
        id=NASTY[0],
        change_label=NASTY[1],
        items=tuple(
            KeyFigure(
                label=text,
                unit=text,
                figure=Figure(value=text, note=text),
                change=Figure(value=1.0),
            )
            for text in NASTY
        ),
    )
    words = Text(paragraphs=NASTY, tone="notice")
    blocks = (keys, table, again, chart, nasty_course(), words)
    return empty_report(
        title=NASTY[0],
        subtitle=NASTY[1],
        campaign=NASTY[6],
        region_name=NASTY[1],
        reasons=NASTY,
        remarks=NASTY,
        sections=(Section(id=NASTY[1], title=NASTY[0], blocks=blocks),),
    )


def nasty_course() -> Course:
    """A course in which every text is hostile."""
    points = tuple(Point(label=text, value=1.0, note=text) for text in NASTY)
    return Course(id=NASTY[0], title=NASTY[2], unit=NASTY[3], points=points)


def executed(report: Report) -> nbformat.NotebookNode:
    """A notebook as it stands after it showed the report's masthead and each of its sections."""
    shown = [fragment(report), *(fragment(section) for section in report.sections)]
    outputs = [
        new_output("execute_result", {"text/html": html, "text/plain": "…"}) for html in shown
    ]
    setup = new_code_cell(
        "ws = Workspace.find()",
        metadata={"tags": ["setup"]},
        outputs=[new_output("display_data", {"text/html": "<b>只在编辑时看见</b>"})],
    )
    cells = [new_code_cell("show()", outputs=[output]) for output in outputs]
    return new_notebook(cells=[setup, new_markdown_cell("这一页说明**汇总**情况。"), *cells])


def without_script(html: str) -> str:
    """A page without the one script that is our own, which its policy names by its sum."""
    script = f"<script>{page_js()}</script>"
    assert html.count(script) == 1
    assert page_policy() in html
    return html.replace(script, "")
