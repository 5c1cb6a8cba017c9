"""Documents: a report → a docx file: title, status, sections, annexes, and the drafters' page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from chunfeng_reports.renderers.word.official import SIGNS, blank, indent
from chunfeng_reports.renderers.word.packing import packed
from chunfeng_reports.renderers.word.paragraphs import add, plain
from chunfeng_reports.renderers.word.tables import draw_key_figures, draw_table
from chunfeng_reports.renderers.wording import STATUS_WORDS
from chunfeng_reports.report import (
    Block,
    KeyFigures,
    Prose,
    ProseLine,
    Report,
    Section,
    Table,
    Text,
)
from chunfeng_reports.worksheets import width

_NUMERALS = "一二三四五六七八九十"


def is_written(report: Report) -> bool:
    """Whether a report has anything that a written document shows."""
    return any(_shown(section) for section in report.sections)


def document(report: Report) -> bytes:
    """The report as a docx file: its texts, key figures, and the tables that are for it.

    The same report gives the same bytes. Sections are numbered as they stand; 【 】 is set off.
    """
    found = blank()
    _title(found, report)
    sections = [section for section in report.sections if _shown(section)]
    _opening(found, report)
    for n, section in enumerate(s for s in sections if s.place == "text"):
        _heading(found, f"{numeral(n + 1)}、{section.title}")
        _blocks(found, section)
    annexes = [section for section in sections if section.place == "annex"]
    _closing(found, report, annexes)
    for n, section in enumerate(annexes, start=1):
        _annex(found, section, f"附件{n}" if len(annexes) > 1 else "附件")
    for section in sections:
        if section.place == "draft":
            _draft(found, section)
    _end(found)
    return packed(found, title=plain(report.title), subject=plain(report.campaign))


def numeral(number: int) -> str:
    """A Chinese numeral from 1 to 99: ``三``, ``十二``, ``二十``."""
    tens, ones = divmod(number, 10)
    left = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return left + (_NUMERALS[ones - 1] if ones else "")


def _shown(section: Section) -> list[Block]:
    return [block for block in section.blocks if _is_shown(block)]


def _is_shown(block: Block) -> bool:
    match block:
        case Prose():
            return bool(block.lines)
        case Text():
            return block.tone != "note"
        case KeyFigures():
            return bool(block.items)
        case Table():
            return block.written
        case _:
            return False


# --- the parts of a document


def _title(found: WordDocument, report: Report) -> None:
    for line in report.letter.title if report.letter else (report.title,):
        for part in _halves(plain(line)):
            add(found, part, "Title")
    if report.subtitle:
        words = f"（{plain(report.subtitle)}）"
        # Of a letter it is for those who finish it: nobody sends up when it was collected.
        add(found, f"【{words}】" if report.letter else words, "Subtitle")


def _halves(title: str) -> Iterator[str]:
    """A title that does not fit on a line as two of like length."""
    room = 40  # half-widths of 22 points on a line
    if width(title) <= room:
        yield title
        return
    middle = (len(title) + 1) // 2
    yield title[:middle]
    yield from _halves(title[middle:])


def _opening(found: WordDocument, report: Report) -> None:
    """The status, then (in a letter) whom it is for and how it begins."""
    letter = report.letter
    add(found, _status(report), "BodyText")
    if letter and letter.to:
        indent(add(found, "", "BodyText"))
        indent(add(found, f"{plain(letter.to)}：", "BodyText"))
    if letter and letter.opening:
        add(found, letter.opening, "BodyText")


def _status(report: Report) -> str:
    """What keeps a document from being final; in a letter, that it is a draft and what it lacks."""
    if report.letter is None:
        why = f"：{'；'.join(report.reasons)}" if report.reasons else ""
        said = f"{STATUS_WORDS[report.status]}{why}。"
        also = f"另外：{'；'.join(report.remarks)}。" if report.remarks else ""
        return (said if report.status == "final" else f"【{said}】") + also
    gaps = sum(text.count("【待补充") for text in _texts(report))
    words = ["初稿"]
    words += ["数字暂定"] if report.status == "provisional" else []
    words += [f"待补充{gaps}处"] if gaps else []
    return f"【{'，'.join(words)}，尚不能报出；标有方括号的文字成稿时补齐、核实并删去。】"


def _texts(report: Report) -> Iterator[str]:
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Prose) and section.place == "text":
                yield from (line.text for line in block.lines)


def _closing(found: WordDocument, report: Report, annexes: Sequence[Section]) -> None:
    """7.3.4 and 7.3.5: the list of annexes, then the signature, and the date two signs further."""
    if annexes:
        add(found, "", "BodyText")
    for n, section in enumerate(annexes, start=1):
        label = "附件：" if n == 1 else "　　　"
        number = f"{n}." if len(annexes) > 1 else ""
        add(found, f"{label}{number}{section.title}", "BodyText")
    letter = report.letter
    if letter and letter.signed:
        add(found, "", "BodyText")
        add(found, "", "BodyText")
        signed = add(found, letter.signed, "BodyText")
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(signed, right=2)
        begins = max(0, SIGNS - 2 - width(plain(letter.signed)) // 2)
        indent(add(found, letter.dated, "BodyText"), left=begins + 2)


def _end(found: WordDocument) -> None:
    """A paragraph after a table that would be the last thing: Word wants one."""
    last = found.element.body.sectPr.getprevious()
    if last is not None and last.tag == qn("w:tbl"):
        add(found, "", "TableText")


def _annex(found: WordDocument, section: Section, label: str) -> None:
    top = add(found, label, "Heading1")
    top.paragraph_format.page_break_before = True
    indent(top)
    add(found, plain(section.title), "Title")
    _blocks(found, section)


def _draft(found: WordDocument, section: Section) -> None:
    top = add(found, f"【成稿时删去本页】{section.title}", "Heading1")
    top.paragraph_format.page_break_before = True
    _blocks(found, section)


def _heading(found: WordDocument, text: str) -> None:
    add(found, text, "Heading1")


def _blocks(found: WordDocument, section: Section) -> None:
    heads = 0
    for block in _shown(section):
        match block:
            case Prose():
                heads = _prose(found, block.lines, heads)
            case Text():
                for paragraph in block.paragraphs:
                    add(found, paragraph, "BodyText")
            case KeyFigures():
                draw_key_figures(found, block)
            case Table():
                draw_table(found, block, titled=block.title != section.title)


def _prose(found: WordDocument, lines: Iterable[ProseLine], heads: int) -> int:
    """Draw lines; headings go on from the number of those that the section has already."""
    for line in lines:
        if line.heading:
            heads += 1
            add(found, f"（{numeral(heads)}）{line.text}", "Heading2")
        else:
            add(found, line.text, "BodyText", lead=line.lead)
    return heads
