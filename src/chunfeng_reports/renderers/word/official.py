"""Official: page, grid, fonts, styles and page numbers as GB/T 9704-2012 asks for them."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, Twips
from docx.text.paragraph import Paragraph

# 5.2, in millimetres: paper, the margins named, and the text block that fixes the other two.
PAPER, TEXT, TOP, LEFT = (210, 297), (156, 225), 37, 28
LINES, SIGNS, SIZE = 22, 28, 16.0  # 5.2.3: 22 lines of 28 characters; 3号 is 16 points
_POINTS = 72 / 25.4  # of a millimetre
#: Twentieths of a point from line to line; a whole number that still lets 22 lines in.
PITCH = int(TEXT[1] * _POINTS * 20 / LINES)
_ROOM = TEXT[0] * _POINTS / SIGNS  # points that a character may take for 28 to fill a line
#: What that is more or less than the character's size, in 1/4096 points: the page's grid.
STRETCH = math.floor((_ROOM - SIZE) * 4096)
#: The same for the characters themselves, in twentieths of a point. They do not snap to the grid:
#: where a character is a trifle wider than its cell, some programs give it two.
CLOSER = math.floor((_ROOM - SIZE) * 20)

SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
#: What may stand in for a font where it is not installed, by name.
STAND_INS = {
    FANG: "仿宋,FangSong,FangSong_GB2312,华文仿宋,STFangsong",
    KAI: "楷体,KaiTi,KaiTi_GB2312,华文楷体,STKaiti",
    HEI: "SimHei,华文黑体,STHeiti",
    TITLE: "方正小标宋_GBK,小标宋体,华文中宋,STZhongsong,SimSun",
    SONG: "SimSun,NSimSun,华文宋体,STSong",
}
_LATIN = "Times New Roman"
_FIRST = '<w:ind w:firstLineChars="200" w:firstLine="632"/>'  # two characters
_FULL_PAGES = '<w:widowControl w:val="0"/>'  # each page has its 22 lines
_CENTRED = '<w:jc w:val="center"/>'


def _exactly(line: int) -> str:
    return (
        '<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    )


def _heading(level: int) -> tuple[str, str]:
    return "<w:keepNext/>", f'{_FIRST}<w:outlineLvl w:val="{level}"/>'


#: Style → its id, font, size in half-points, properties of its paragraphs.
_STYLES = {
    "Normal": ("Normal", FANG, 32, (_FULL_PAGES, _exactly(PITCH), '<w:jc w:val="both"/>')),
    "Title": ("Title", TITLE, 44, (_exactly(700), _CENTRED)),
    "Subtitle": ("Subtitle", KAI, 32, (_CENTRED,)),
    "Body Text": ("BodyText", FANG, 32, (_FIRST,)),
    "heading 1": ("Heading1", HEI, 32, _heading(0)),
    "heading 2": ("Heading2", KAI, 32, _heading(1)),
    "Table Text": ("TableText", FANG, 24, (_exactly(360), '<w:jc w:val="left"/>')),
    "Table Head": ("TableHead", HEI, 24, (_exactly(360), _CENTRED)),
    "footer": ("Footer", SONG, 28, (_exactly(280),)),
}


def blank() -> WordDocument:
    """An empty document with page, grid, styles and page numbers set."""
    found = Document()
    _only_our_styles(found)
    _language(found)
    _page(found)
    _numbers(found)
    return found


def _page(found: WordDocument) -> None:
    section = found.sections[0]
    section.page_width, section.page_height = map(Mm, PAPER)
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.right_margin = Mm(PAPER[0] - LEFT - TEXT[0])
    section.bottom_margin = Mm(PAPER[1] - TOP - TEXT[1])
    section.footer_distance = Mm(25.5)  # 7.5: the dashes stand 7 mm below the text
    section.header_distance = Mm(15)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(
        parse_xml(
            f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{PITCH}" '
            f'w:charSpace="{STRETCH}"/>'
        )
    )


def _numbers(found: WordDocument) -> None:
    """``— 1 —`` (7.5): on odd pages one character from the right, on even ones from the left."""
    found.settings.odd_and_even_pages_header_footer = True
    section = found.sections[0]
    for footer, right in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        set_style(paragraph, "Footer")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
        side = "right_indent" if right else "left_indent"
        setattr(paragraph.paragraph_format, side, Pt(14))
        paragraph.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
        paragraph._p.append(field)
        paragraph.add_run(" —")


def set_style(paragraph: Paragraph, style: str) -> None:
    """Give a paragraph one of our styles by its id (looking it up by name takes far longer)."""
    paragraph._p.style = style


def indent(paragraph: Paragraph, *, left: int = 0, right: int = 0) -> None:
    """Indent a paragraph by whole characters of the grid, its first line not more."""
    pitch = Twips(round(TEXT[0] * _POINTS * 20 / SIGNS))
    form = paragraph.paragraph_format
    form.first_line_indent = Twips(0)
    form.left_indent, form.right_indent = Twips(left * pitch.twips), Twips(right * pitch.twips)


def _language(found: WordDocument) -> None:
    """Chinese, and nothing of the Word of old that the library's template was made with."""
    element: Any = found.settings.element
    for language in element.findall(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
    for setting in element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # Word of today, else it shows 兼容模式
    for zoom in element.findall(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")


def _only_our_styles(found: WordDocument) -> None:
    """The template's 160 styles make way for ours: no theme fonts, a tenth of the size."""
    styles: Any = found.styles.element
    for child in list(styles):
        styles.remove(child)
    for child in parse_xml(_styles_xml()):
        styles.append(child)


@cache
def _styles_xml() -> str:
    written = "".join(_style(name, *rest) for name, rest in _STYLES.items())
    return (
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{_font(FANG)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        f"{written}{_NORMAL_TABLE}</w:styles>"
    )


_NORMAL_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def _style(name: str, key: str, font: str, size: int, paragraph: tuple[str, ...]) -> str:
    first = key == "Normal"
    default = ' w:default="1"' if first else ""
    based = "" if first else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{default}>'
        f'<w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{''.join(paragraph)}</w:pPr><w:rPr>{_font(font)}"
        f'<w:spacing w:val="{CLOSER if size == SIZE * 2 else 0}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{name}" w:cs="{_LATIN}"/>'


def fonts_xml() -> bytes:
    """The table of fonts, each with what may stand in for it."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in STAND_INS.items()
    )
    latin = (
        f'<w:font w:name="{_LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}{latin}</w:fonts>".encode()
