"""Narrative: the sections of a summary as passages, for the body's own summary to draw on.

Telephone numbers, mailboxes and the lines that name whom to ask stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from chunfeng_reports.reading.recognised import Passage
from chunfeng_reports.reading.texts.lines import begins_chapter, dense, is_heading

#: Characters of a passage, and passages of a summary, that are kept.
LONGEST_PASSAGE = 10_000
MOST_PASSAGES = 500

_CUT = "……（过长，以下略）"
_LONGEST_HEADING = 60
_MAILBOX = re.compile(r"[A-Za-z0-9_.+-]+[@＠][A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+")
_PHONE = re.compile(
    r"(?<![0-9.,])(?:\+?86[-\s]?)?(?:1[3-9][0-9](?:[-\s]?[0-9]{4}){2}"
    r"|(?:\(0[0-9]{2,3}\)|（0[0-9]{2,3}）|0[0-9]{2,3}[-—\s])\s?[2-9][0-9]{6,7}"
    r"|400[-\s]?[0-9]{3,4}[-\s]?[0-9]{3,4})(?![0-9])"
)
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
_WORD = (
    r"(?:联系人|填报人|填表人|经办人|审核人|负责人|单位负责人|撰稿人?|供稿人?|签发人?|报送人"
    r"|联系方式|联系电话|电话|手机|传真|邮箱|电子邮箱)"
)
_PERSON_LINE = re.compile(
    rf"^\W*{_WORD}(?:及(?:联系)?{_WORD})*\W*[:：].*$|^\W*{_WORD}\s+\S{{2,12}}\s*$"
)
_PERSON = re.compile(rf"[（(，,；;]?\s*{_WORD}\s*[:：]\s*[^，,。；;）)\n]{{1,30}}[）)]?")
_UNSEEN = re.compile(r"[^\S\n]+")


def passages_of(paragraphs: Iterable[str]) -> tuple[Passage, ...]:
    """The paragraphs of a summary after its title, each under the heading it stands under.

    Headings are no passages of their own; what stands in one paragraph with its heading is. Text is
    printable, without what leads to persons, and cut at 10,000 characters.
    """
    return tuple(islice(_passages(paragraphs), MOST_PASSAGES))


def without_persons(text: str) -> str:
    """A text as it may be shown: printable, not endless, without what leads to persons.

    Names behind 联系人 and the like are left out; telephone numbers, mailboxes and identity numbers
    are masked.
    """
    return "\n".join(_masked(line) for line in _printable(text).split("\n")).strip()


def tells(passages: Iterable[Passage]) -> bool:
    """Whether passages are a narrative: some sentences, not only what stands around a table."""
    told = (p.text for p in passages if not re.match(r"\W*(?:备?注|说明|填表说明)[:：]", p.text))
    sentences = [text for text in told if "。" in text and len(text) >= 15]
    return sum(map(len, sentences)) >= 40


def _passages(paragraphs: Iterable[str]) -> Iterator[Passage]:
    chapter = heading = ""
    for number, paragraph in enumerate(paragraphs, start=1):
        text = _printable(paragraph)
        if number == 1 and not text.endswith("。"):
            continue
        head, rest = _parted(text)
        if head:
            chapter = head if begins_chapter(head) else chapter
            heading = head if head == chapter else chapter + head
        if kept := _without_persons(rest):
            yield Passage(heading, kept, f"第{number}段")


def _parted(text: str) -> tuple[str, str]:
    """A section's heading and what follows it in the same paragraph."""
    if not is_heading(dense(text[: 2 * _LONGEST_HEADING])[0]):
        return "", text
    head, stop, rest = text.partition("。")
    if not stop and len(text) > _LONGEST_HEADING:
        return "", text
    return (head, rest.strip()) if not stop or rest.strip() else _lone(head)


def _lone(head: str) -> tuple[str, str]:
    """A numbered paragraph of one sentence: a heading where it is short, else a passage."""
    return (
        (head, "")
        if len(head) <= 20 and not re.search("[，0-9]{2}|，", head)
        else ("", head + "。")
    )


def _printable(text: str) -> str:
    """Text cut to what is kept, without control characters; spaces and line breaks made plain."""
    cut = text[: LONGEST_PASSAGE + 1]
    shown = "".join(c if c == "\n" or c.isprintable() else " " for c in cut)
    lines = (_UNSEEN.sub(" ", line).strip() for line in shown.split("\n"))
    whole = "\n".join(line for line in lines if line)
    return whole if len(cut) <= LONGEST_PASSAGE else whole[:LONGEST_PASSAGE] + _CUT


def _without_persons(text: str) -> str:
    kept = (_masked(line) for line in text.split("\n") if not _PERSON_LINE.match(line))
    return "\n".join(line for line in kept if line.strip())


def _masked(line: str) -> str:
    line = _PERSON.sub("", line)
    for pattern, word in ((_MAILBOX, "［邮箱］"), (_IDENTITY, "［证件号］"), (_PHONE, "［电话］")):
        line = pattern.sub(word, line)
    return line
