"""One known table is the same grid from every container."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import docx
import openpyxl
import pytest
import xlsxwriter
import xlwt
from made_containers import (
    MAIN,
    RELS,
    TYPES,
    ods,
    old_shared,
    relation,
    repacked,
    xls95,
    xlsb,
    xlsb_shared,
    xlsx,
    xml_2003,
)

from chunfeng_reports.reading.containers.opening import open_content, open_file
from chunfeng_reports.reading.containers.tokens import told
from chunfeng_reports.reading.grids import Broken, Content, Formula, Grid

TITLE, DAY = "2023年春风行动情况统计表", date(2023, 2, 1)
#: The table: a merged title, a date, whole and broken numbers, a sum, an error, a doubtful figure.
TABLE = Grid(
    "表一",
    (
        (TITLE,),
        ("填报时间", DAY),
        ("企业", 12.0),
        ("求职者", 3.5),
        ("合计", Formula("=SUM(B3:B4)", 15.5)),
        ("差", Formula("=B3-B4+1", 9.5)),
        ("错", Broken("#REF!")),
        ("协议", "约300"),
    ),
    merged=((0, 0, 0, 1),),
)
STRICT = "http://purl.oclc.org/ooxml"

# SUM(B3:B4) and B3-B4+1, as the three kinds of binary workbooks store them
_INT, _SUM = b"\x1e\x01\x00", b"\x19\x10\x00\x00"
_SUMS_8 = b"\x25" + struct.pack("<HHHH", 2, 3, 0xC001, 0xC001) + _SUM
_SUMS_5 = b"\x25" + struct.pack("<HHBB", 0xC002, 0xC003, 1, 1) + b"\x22\x01\x04\x00"
_SUMS_12 = b"\x25" + struct.pack("<IIHH", 2, 3, 0xC001, 0xC001) + _SUM
_LESS_5 = (b"\x44" + struct.pack("<HB", 0xC002, 1) + b"\x44" + struct.pack("<HB", 0xC003, 1)
           + b"\x04" + _INT + b"\x03")  # fmt: skip
_LESS_12 = (b"\x44" + struct.pack("<IH", 2, 0xC001) + b"\x44" + struct.pack("<IH", 3, 0xC001)
            + b"\x04" + _INT + b"\x03")  # fmt: skip


def _by_xlsxwriter(*, since_1904: bool = False, constant_memory: bool = False) -> bytes:
    packed = BytesIO()
    options = {"date_1904": since_1904, "constant_memory": constant_memory}
    with xlsxwriter.Workbook(packed, options) as book:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("A1:B1", TITLE)
        sheet.write("A2", "填报时间")
        sheet.write_datetime("B2", datetime(2023, 2, 1), book.add_format({"num_format": 31}))  # noqa: DTZ001
        for row, (name, value) in enumerate((("企业", 12), ("求职者", 3.5)), start=2):
            sheet.write_row(row, 0, [name, value])
        sheet.write("A5", "合计")
        sheet.write_formula("B5", "=SUM(B3:B4)", None, 15.5)
        sheet.write("A6", "差")
        sheet.write_formula("B6", "=B3-B4+1", None, 9.5)
        sheet.write("A7", "错")
        sheet.write_formula("B7", "=#REF!", None, "#REF!")
        sheet.write_row(7, 0, ["协议", "约300"])
        other = book.add_worksheet("上期")
        other.write_row(0, 0, ["旧", 1])
        other.hide()
    return packed.getvalue()


def _by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表一"
    for row in ([TITLE], ["填报时间", DAY], ["企业", 12], ["求职者", 3.5], ["合计", "=SUM(B3:B4)"],
                ["差", "=B3-B4+1"], ["错", "#REF!"], ["协议", "约300"]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    other = book.create_sheet("上期")
    other.append(["旧", 1])
    other.sheet_state = "veryHidden"
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _strict() -> bytes:
    """What Excel saves as Strict Open XML: other namespaces, days in words."""

    def change(parts: dict[str, bytes]) -> None:
        for name, part in parts.items():
            strict = part.replace(MAIN.encode(), f"{STRICT}/spreadsheetml/main".encode())
            parts[name] = strict.replace(
                TYPES.encode(), f"{STRICT}/officeDocument/relationships".encode()
            )
        sheet = parts["xl/worksheets/sheet1.xml"]
        assert b"<v>44958</v>" in sheet
        sheet = sheet.replace(
            b'<c r="B2" s="1"><v>44958</v>', b'<c r="B2" s="1" t="d"><v>2023-02-01</v>'
        )
        parts["xl/worksheets/sheet1.xml"] = sheet

    return repacked(_by_xlsxwriter(), change)


def _by_xlwt(*, since_1904: bool = False) -> bytes:
    book = xlwt.Workbook(encoding="gbk")
    book.dates_1904 = since_1904
    sheet = book.add_sheet("表一")
    sheet.write_merge(0, 0, 0, 1, TITLE)
    sheet.write(1, 0, "填报时间")
    sheet.write(1, 1, DAY, xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
    for row, (name, value) in enumerate((("企业", 12), ("求职者", 3.5)), start=2):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value)
    for row, (name, formula) in enumerate((("合计", "SUM(B3:B4)"), ("差", "B3-B4+1")), start=4):
        sheet.write(row, 0, name)
        sheet.write(row, 1, xlwt.Formula(formula))
    sheet.write(6, 0, "错")
    sheet.row(6).set_cell_error(1, 0x17)
    sheet.write(7, 0, "协议")
    sheet.write(7, 1, "约300")
    other = book.add_sheet("上期")
    other.write(0, 0, "旧")
    other.write(0, 1, 1)
    other.visibility = 1
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


_ROWS: list[list[object]] = [[TITLE], ["填报时间", "2023-02-01"], ["企业", 12.0], ["求职者", 3.5]]
_TAIL: list[list[object]] = [["错", b"\x17"], ["协议", "约300"]]


def _xls95() -> bytes:
    rows = [*_ROWS, ["合计", (15.5, _SUMS_5)], ["差", (9.5, _LESS_5)], *_TAIL]
    return xls95("表一", rows)


def _xlsb(*, short: bool = False) -> bytes:
    rows = [*_ROWS, ["合计", (15.5, _SUMS_12)], ["差", (9.5, _LESS_12)], *_TAIL]
    return xlsb({"表一": rows, "上期": [["旧", 1.0]]}, hidden=("上期",), merged=((0, 0, 0, 1),),
                short=short)  # fmt: skip


def _ods() -> bytes:
    def cell(value: object, more: str = "") -> str:
        if isinstance(value, str):
            words = f"<text:p>{value}</text:p></table:table-cell>"
            return f'<table:table-cell {more}office:value-type="string">{words}'
        return f'<table:table-cell {more}office:value-type="float" office:value="{value}"/>'

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def formula(text: str) -> str:
        return f'table:formula="of:={text}" '

    wide = 'table:number-columns-spanned="2" table:number-rows-spanned="1" '
    day = (
        '<table:table-cell office:value-type="date" office:date-value="2023-02-01">'
        "<text:p>2月1日</text:p></table:table-cell>"
    )
    error = (
        '<table:table-cell table:formula="of:=[.B9]+#REF!" office:value-type="string" '
        'office:string-value=""><text:p>#REF!</text:p></table:table-cell>'
    )
    rest = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    rows = (
        row(cell(TITLE, wide), "<table:covered-table-cell/>"),
        row(cell("填报时间"), day),
        row(cell("企业"), cell(12)),
        row(cell("求职者"), cell(3.5)),
        row(cell("合计"), cell(15.5, formula("SUM([.B3:.B4])"))),
        row(cell("差"), cell(9.5, formula("[.B3]-[.$B$4]+1"))),
        row(cell("错"), error),
        row(cell("协议"), cell("约<text:span>300</text:span>"),
            '<table:table-cell table:number-columns-repeated="16380"/>'),
        rest,
    )  # fmt: skip
    old = row(cell("旧"), cell(1))
    return ods(
        f'<table:table table:name="表一">{"".join(rows)}</table:table>'
        f'<table:table table:name="上期" table:style-name="off">{old}</table:table>'
    )


def _xml_2003(encoding: str = "utf-8") -> bytes:
    def cell(kind: str, value: object, more: str = "") -> str:
        return f'<Cell {more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    def row(name: str, figure: str, more: str = "") -> str:
        return f"<Row {more}>{cell('String', name)}{figure}</Row>"

    rows = (
        "<Row>" + cell("String", TITLE, 'ss:MergeAcross="1"') + "</Row>",
        row("填报时间", cell("DateTime", "2023-02-01T00:00:00.000")),
        row("企业", cell("Number", 12), 'ss:Index="3"'),
        row("求职者", cell("Number", 3.5, 'ss:Index="2"')),
        row("合计", cell("Number", 15.5, 'ss:Formula="=SUM(R[-2]C:R[-1]C)"')),
        row("差", cell("Number", 9.5, 'ss:Formula="=R3C2-R[-2]C+1"')),
        row("错", cell("Error", "#REF!")),
        row("协议", cell("String", "约<B>300</B>")),
    )
    old = f"<Row>{cell('String', '旧')}{cell('Number', 1)}</Row>"
    hide = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    return xml_2003(
        f'<Worksheet ss:Name="表一"><Table>{"".join(rows)}</Table></Worksheet>'
        f'<Worksheet ss:Name="上期"><Table>{old}</Table>{hide}</Worksheet>',
        encoding=encoding,
    )


def _like(grid: Grid, **cells: object) -> Grid:
    """The table with other contents of column B, by row (``r5``: row 5)."""
    rows = [list(row) for row in grid.rows]
    for row, value in cells.items():
        rows[int(row[1:]) - 1][1] = value  # type: ignore[assignment]
    return replace(grid, rows=tuple(map(tuple, rows)))


_UNCOUNTED = {"r5": Formula("=SUM(B3:B4)", ""), "r6": Formula("=B3-B4+1", "")}
_NO_DAY = _like(TABLE, r2="2023-02-01")
_ERROR_BY_FORMULA = _like(TABLE, r7=Formula("=#REF!", ""))


@pytest.mark.parametrize(
    ("write", "grid", "others"),
    [
        (_by_xlsxwriter, _ERROR_BY_FORMULA, 1),
        (lambda: _by_xlsxwriter(since_1904=True), replace(_ERROR_BY_FORMULA, since_1904=True), 1),
        (_strict, _ERROR_BY_FORMULA, 1),
        (_by_openpyxl, _like(TABLE, **_UNCOUNTED), 1),
        (_by_xlwt, _like(TABLE, **_UNCOUNTED), 1),
        (lambda: _by_xlwt(since_1904=True),
         _like(replace(TABLE, since_1904=True), **_UNCOUNTED), 1),
        (_xls95, replace(_NO_DAY, merged=()), 0),
        (_xlsb, _NO_DAY, 1),
        (lambda: _xlsb(short=True), _NO_DAY, 1),
        (_ods, _like(TABLE, r6=Formula("=B3-$B$4+1", 9.5), r7=Formula("=B9+#REF!", "")), 1),
        (_xml_2003, TABLE, 1),
        (lambda: _xml_2003("gb18030"), TABLE, 1),
        (lambda: _xml_2003("utf-16"), TABLE, 1),
    ],
)  # fmt: skip
def test_the_known_table_is_the_same_grid_from_every_workbook(
    write: Callable[[], bytes], grid: Grid, others: int
) -> None:
    got = open_content(write()).grids
    assert _bare(got[0]) == _bare(grid)
    assert [(g.name, g.hidden) for g in got[1:]] == [("上期", True)] * others


def _bare(grid: Grid) -> tuple[object, ...]:
    """What a grid says, its rows without the empty cells at their ends."""
    rows = [list(row) for row in grid.rows]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    return grid.name, rows, grid.hidden, grid.merged, grid.since_1904


def test_the_table_is_read_from_a_page_of_the_web_as_a_person_sees_it() -> None:
    page = (
        "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
        "<style>td {color: red}</style></head><body><h2>标题</h2><table><caption>说明</caption>"
        "<tr><td colspan=2 rowspan=2>大</td><td>甲</td></tr>"
        "<tr><td x:num='1234.5'>1,234.5</td></tr>"
        "<tr style='display:none'><td>不显示</td></tr>"
        "<tr><td>合计<br>数</td><td x:num='7' x:fmla='=SUM(C2:C3)'>7</td><td>#REF!</td></tr>"
        "<tr><td sdval='1203'><comment>上期 601</comment>1,203人</td></tr>"
        "<tr><td x:num='44958'>2023/2/1</td>"
        "<td>外<table><tr><td>内</td><td>表</td></tr></table></td></tr></table><p>落款</p></body></html>"
    )  # fmt: skip
    (grid,) = open_content(page.encode("gb18030")).grids
    assert grid.rows == (
        ("标题",),
        ("说明",),
        ("大", "", "甲"),
        ("", "", 1234.5),
        (),
        ("合计\n数", Formula("=SUM(C2:C3)", 7.0), Broken("#REF!")),
        (1203.0,),
        ("2023/2/1", "外"),
        ("内", "表"),
        ("落款",),
    )
    assert grid.merged == ((2, 0, 3, 1),)


@pytest.mark.parametrize("end", ["</table>", "</TABLE >", "</body></html>"])
def test_a_page_that_ends_is_read_however_carelessly_it_is_written(end: str) -> None:
    page = f"<!-- <table> --><script>'<table>'</script><table><tr><td>企业<td>12</tr>{end}"
    assert open_content(page.encode()).grids[0].rows[-1] == ("企业", "12")


def test_a_page_of_prose_is_paragraphs() -> None:
    page = "<html><body><h1>总结</h1><p>走访慰问3256人次。</p></body></html>"
    got = open_content(page.encode())
    assert (got.grids, got.paragraphs) == ((), ("总结", "走访慰问3256人次。"))


def test_merged_blocks_of_a_word_table_are_told() -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "宽"
    table.cell(1, 0).merge(table.cell(3, 1)).text = "高"
    table.cell(3, 2).text = "尾"
    packed = BytesIO()
    document.save(packed)
    (grid,) = open_content(packed.getvalue()).grids
    assert grid.rows == (("宽", "", ""), ("高", "", ""), ("", "", ""), ("", "", "尾"))
    assert grid.merged == ((0, 0, 0, 2), (1, 0, 3, 1))


# --- formulas that cells share


def test_a_formula_that_cells_share_is_told_for_each_cell_of_xls_and_xlsb() -> None:
    exp_5 = b"\x01" + struct.pack("<HH", 0, 2)
    shifted_5 = (b"\x4c" + struct.pack("<HB", 0xC000, 0xFE) + b"\x4c"
                 + struct.pack("<HB", 0xC000, 0xFF) + b"\x03")  # fmt: skip
    rows = [[1.0, 2.0, (3.0, exp_5)], [3.0, 4.0, (7.0, exp_5)]]
    old = xls95("表", rows, extra={(0, 2): old_shared((0, 2, 1, 2), shifted_5)})
    exp_12 = b"\x01" + struct.pack("<I", 0)
    shifted_12 = (b"\x4c" + struct.pack("<IH", 0, 0xFFFE) + b"\x4c"
                  + struct.pack("<IH", 0, 0xFFFF) + b"\x03")  # fmt: skip
    rows = [[1.0, 2.0, (3.0, exp_12)], [3.0, 4.0, (7.0, exp_12)]]
    new = xlsb({"表": rows}, extra={(0, 2): xlsb_shared((0, 2, 1, 2), shifted_12)})
    for data in (old, new):
        (grid,) = open_content(data).grids
        assert [row[2] for row in grid.rows] == [Formula("=A1+B1", 3.0), Formula("=A2+B2", 7.0)]


@pytest.mark.parametrize(
    "tokens",
    [
        b"",  # none
        b"\x3a\0\0\0\0\1\xc0",  # a cell of another sheet
        b"\x23\1\0\0\0",  # a name
        b"\x41\x10\0",  # a function whose operands we cannot count
        b"\x24\0",  # cut short
        b"\x03",  # an operator without operands
        b"\x19\x04\2\0",  # a choice
        b"\xff\xff\xff",
    ],
)
def test_what_cannot_be_told_is_no_formula_that_could_be_worked_out(tokens: bytes) -> None:
    assert [told(tokens, version, at=(0, 0)) for version in (5, 8, 12)] == ["=…"] * 3


def test_functions_and_signs_are_told_as_they_are_typed() -> None:
    cell = b"\x44" + struct.pack("<HB", 0xC000, 0)
    half = b"\x1f" + struct.pack("<d", 0.5)
    tokens = {
        cell + half + b"\x22\2\1\0": "=IF(A1,0.5)",
        cell + b"\x15\x13": "=-(A1)",
        cell + b"\x12" + half + b"\x05": "=+A1*0.5",
        cell + b"\x1e\2\0" + b"\x41\x1b\0": "=ROUND(A1,2)",
        cell + b"\x17\3abc\x08": '=A1&"abc"',
        cell + b"\x14": "=A1%",
        b"\x1d\1": "=TRUE",
        cell + b"\x16\x42\2\xff\0": "=…(A1,)",
    }
    row: list[object] = [(0.0, each) for each in tokens]
    (grid,) = open_content(xls95("表", [row])).grids
    assert [f.text for f in grid.rows[0] if isinstance(f, Formula)] == list(tokens.values())


# --- workbooks of other hands

_CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>2</v></c></row>'


def _moved(parts: dict[str, bytes]) -> None:
    """Everything under other names: backslashes, capitals, another folder."""
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    book, relations = parts.pop("xl/workbook.xml"), parts.pop("xl/_rels/workbook.xml.rels")
    parts["Excel\\Sheets\\Sheet1.xml"] = sheet
    parts["Excel/book.xml"] = book
    parts["Excel/_rels/book.xml.rels"] = relations.replace(
        b"worksheets/sheet1.xml", b"/excel/sheets/sheet1.xml"
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"/Excel/book.xml")


def _no_root(parts: dict[str, bytes]) -> None:
    del parts["_rels/.rels"]


def _wrong_dimension(parts: dict[str, bytes]) -> None:
    part = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = part.replace(
        b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>'
    )


def _prefixed(parts: dict[str, bytes]) -> None:
    part = parts["xl/worksheets/sheet1.xml"].replace(b"</", b"</x:").replace(b"<", b"<x:")
    part = part.replace(b"<x:/x:", b"</x:").replace(b"xmlns=", b"xmlns:x=")
    parts["xl/worksheets/sheet1.xml"] = part


@pytest.mark.parametrize("change", [_moved, _no_root, _wrong_dimension, _prefixed])
def test_a_workbook_with_its_parts_named_otherwise_is_read(
    change: Callable[[dict[str, bytes]], None],
) -> None:
    (grid,) = open_content(repacked(xlsx(_CELLS), change)).grids
    assert (grid.name, grid.rows) == ("表", (("甲", 2.0),))


def test_shared_strings_under_another_name_are_found() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>乙</t></si></sst>'
    relations = RELS.format(
        relation("s1", "worksheet", "worksheets/sheet1.xml")
        + relation("s2", "sharedStrings", "texts.xml")
    )
    more = {"xl/texts.xml": strings, "xl/_rels/workbook.xml.rels": relations}
    data = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', more=more)
    assert open_content(data).grids[0].rows == (("乙",),)


@pytest.mark.parametrize(
    "figure",
    ["1<!-- ? -->203", "1<![CDATA[203]]>", "&#49;&#x32;03", "1<?x?>203"],
)
def test_a_figure_in_several_pieces_is_one(figure: str) -> None:
    data = xlsx(f'<row r="1"><c r="A1"><v>{figure}</v></c><c r="B1"><f>A1</f><v>7</v></c></row>')
    assert open_content(data).grids[0].rows == ((1203.0, Formula("=A1", 7.0)),)


@pytest.mark.parametrize(
    ("text", "read"),
    [("&#24180;a&#26376;", "年a月"), ("&#x5e74;&amp;&#60;", "年&<"), ("a&#10;b", "a\nb")],
)
def test_characters_written_by_their_numbers_are_read(text: str, read: str) -> None:
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c>'
    for figure in ("12", "1&#50;"):
        data = xlsx(f'{cell}<c r="B1"><v>{figure}</v></c></row>')
        assert open_content(data).grids[0].rows == ((read, 12.0),)


def test_a_sheet_in_utf16_is_read() -> None:
    def change(parts: dict[str, bytes]) -> None:
        text = (
            '<?xml version="1.0" encoding="UTF-16"?>' + parts["xl/worksheets/sheet1.xml"].decode()
        )
        parts["xl/worksheets/sheet1.xml"] = text.encode("utf-16")

    (grid,) = open_content(repacked(xlsx(_CELLS), change)).grids
    assert grid.rows == (("甲", 2.0),)


def test_cells_and_rows_without_names_stand_one_after_the_other() -> None:
    data = xlsx("<row><c><v>1</v></c></row><row><c><v>2</v></c><c><f>A1+A2</f><v>3</v></c></row>")
    assert open_content(data).grids[0].rows == ((1.0, ""), (2.0, Formula("=A1+A2", 3.0)))


def test_names_in_an_ods_formula_are_no_cells() -> None:
    formulas = {
        "of:=num1+1": "=…",
        "of:=SUM([.A1];[.B2:.C3];-2)": "=SUM(A1,B2:C3,-2)",
        "of:=LOG10([.A1])": "=LOG10(A1)",
        "of:=[$上期.B2]": "=[$上期.B2]",
    }
    cell = '<table:table-cell table:formula="{}" office:value-type="float" office:value="0"/>'
    row = f"<table:table-row>{''.join(map(cell.format, formulas))}</table:table-row>"
    (grid,) = open_content(ods(f'<table:table table:name="表">{row}</table:table>')).grids
    assert grid.rows[0] == tuple(Formula(text, 0.0) for text in formulas.values())


def test_formulas_of_rules_and_sparklines_are_those_of_no_cell() -> None:
    def add(parts: dict[str, bytes]) -> None:
        rules = (
            "<dataValidations><dataValidation><formula1>1</formula1></dataValidation>"
            '</dataValidations><extLst><ext xmlns:xm="urn:x"><xm:f>Sheet1!A1:B2</xm:f></ext>'
            "</extLst>"
        )
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData>" + rules.encode())

    assert open_content(repacked(xlsx(_CELLS), add)).grids[0].rows == (("甲", 2.0),)


def test_a_file_is_one_member_without_a_path() -> None:
    (member,) = open_file(xlsx(_CELLS))
    assert (member.path, member.refusal, member.content) == ("", "", open_content(xlsx(_CELLS)))


def test_values_under_a_merged_block_are_kept_as_they_are_stored() -> None:
    def merge(parts: dict[str, bytes]) -> None:
        part = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = part.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
        )

    (grid,) = open_content(repacked(xlsx(_CELLS), merge)).grids
    assert (grid.rows, grid.merged) == ((("甲", 2.0),), ((0, 0, 0, 1),))


def test_authorship_is_empty_where_a_file_says_nothing() -> None:
    assert open_content(xlsx(_CELLS)) == Content(grids=open_content(xlsx(_CELLS)).grids)
