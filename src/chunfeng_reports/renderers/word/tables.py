"""Tables of a written document: ruled in hairlines, as wide as the text, heads repeated."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.word.official import TEXT
from chunfeng_reports.renderers.word.paragraphs import add, plain
from chunfeng_reports.renderers.wording import MARKS, change, finite, marks, number, written
from chunfeng_reports.report import Column, Figure, KeyFigure, KeyFigures, Row, Table

_WIDTH = int(TEXT[0] / 25.4 * 1440)  # of the text, in twentieths of a point
_LONGEST = 2_000  # characters of a cell
_RIGHT = ("figure", "change", "percent")
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def draw_table(found: WordDocument, table: Table, *, titled: bool) -> None:
    """Draw a table under its title (where titled), with its note and what its marks mean."""
    if titled and table.title:
        add(found, table.title, "TableHead").paragraph_format.keep_with_next = True
    if not table.rows:
        add(found, table.empty, "BodyText")
        return
    columns = [column for column in table.columns if not column.hidden]
    rows = [_row(table, row) for row in table.rows]
    aligned = ["right" if column.kind in _RIGHT else "left" for column in columns]
    _draw(found, [c.label for c in columns], rows, [c.width for c in columns], aligned)
    legend = "　".join(f"{MARKS[mark]} {SEVERITY_WORDS[mark]}" for mark in marks(table))
    for words in filter(None, (table.note, legend)):
        add(found, words, "TableText")


def draw_key_figures(found: WordDocument, block: KeyFigures) -> None:
    """Draw key figures as a table, two side by side, each with its change where there is one."""
    compared = any(_delta(item) for item in block.items)
    cells = [_key_cells(item, compared=compared) for item in block.items]
    across = 2 if len(cells) > 2 else 1
    blank = [""] * (2 + compared)
    rows = [
        [text for cell in (*cells[n : n + across], *[blank] * (across - len(cells[n : n + across])))
         for text in cell]
        for n in range(0, len(cells), across)
    ]  # fmt: skip
    heads = ["指标", "本期", *([block.change_label] if compared else [])] * across
    widths = [14.0, 14.0, 11.0] * across if compared else [10.0, 18.0] * across
    aligned = ["left", "right", *(["right"] if compared else [])] * across
    _draw(found, heads, rows, widths, aligned)


def _key_cells(item: KeyFigure, *, compared: bool) -> list[str]:
    value = item.figure.value
    told = value if isinstance(value, str) else ""
    if not isinstance(value, str) and (known := finite(value)) is not None:
        told = number(known, decimals=item.decimals) + item.unit
    parts = [told, _remarks(item.figure, told)]
    cells = [item.label, "".join(parts) or "—"]
    return [*cells, _delta(item)][: 2 + compared]


def _delta(item: KeyFigure) -> str:
    value = item.change.value
    if isinstance(value, str) or (known := finite(value)) is None:
        return ""
    return change(known, decimals=item.decimals)


def _row(table: Table, row: Row) -> list[str]:
    pairs = zip(row.cells, table.columns, strict=True)
    texts = [_cell(figure, column) for figure, column in pairs if not column.hidden]
    return ["　" * row.indent + texts[0], *texts[1:]]


def _cell(figure: Figure, column: Column) -> str:
    told = written(figure, column)
    return told + _remarks(figure, told)


def _remarks(figure: Figure, told: str) -> str:
    mark = MARKS[figure.mark] if figure.mark else ""
    note = f"（{figure.note}）" if told and figure.note else figure.note
    return mark + note


def _draw(
    found: WordDocument,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    aligned: Sequence[str],
) -> None:
    """Put a table at the document's end."""
    sizes = [int(_WIDTH * one / sum(widths)) for one in widths]
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    head = _line(heads, sizes, ["center"] * len(sizes), style="TableHead", head=True)
    body = "".join(_line(row, sizes, aligned, style="TableText") for row in rows)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>'
    )
    found.element.body.sectPr.addprevious(table)


def _line(
    texts: Sequence[str],
    sizes: Sequence[int],
    aligned: Sequence[str],
    *,
    style: str,
    head: bool = False,
) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(plain(text)[:_LONGEST])}</w:t></w:r></w:p></w:tc>'
        for text, size, side in zip(texts, sizes, aligned, strict=True)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"
