"""Decoding: the text of a file whose encoding nobody wrote down, tried strictly."""

from __future__ import annotations

import codecs
import re

from chunfeng_reports.reading.refusal import Refusal

_UNKNOWN = "文件格式或编码无法识别，请用 Excel 工作簿（xlsx）或 Word 文件（docx）报送"
#: What no text holds: control characters other than tabs, line ends and the old end mark.
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
#: What a Chinese return may hold; decoded in the wrong byte order, text is made of other things.
_LIKELY = re.compile(
    "[\t\r\n\x0c\x1a -~\u00a0-\u00ff\u2000-\u206f\u20a0-\u20bf\u2100-\u22ff\u2460-\u24ff"
    "\u2500-\u25ff\u3000-\u303f\u3200-\u32ff\u4e00-\u9fff\uff00-\uffef]*"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{3,20})""", re.I)
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
         "cp936": "gb18030", "ms936": "gb18030"}  # fmt: skip


def decode(data: bytes) -> str:
    """Text of a file: by its mark where it has one, else strict UTF-8, else strict GB18030.

    UTF-16 without a mark is taken only where one byte order alone gives likely text. Refusal where
    no encoding fits, or where what comes out is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data:
        encodings = _unmarked(data)
    else:
        encodings = ["gb18030"] if _rather_chinese(data) else ["utf-8-sig", "gb18030"]
    return _text(data, encodings)


def decode_name(raw: bytes) -> str:
    """A file's name: UTF-8 where it is that strictly, else GB18030; empty where it is neither."""
    for encoding in ("gb18030",) if _rather_chinese(raw) else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def decode_declared(data: bytes) -> str:
    """Text of markup: by its mark, else as its head declares where that fits, else as `decode`."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith(codecs.BOM_UTF8) and b"\0" not in data[:4096]:
        name = declared[1].decode().lower()
        try:
            return _text(data, [_SAME.get(name, name)])
        except Refusal:
            pass
    return decode(data)


def _rather_chinese(data: bytes) -> bool:
    """Whether bytes that are UTF-8 by chance are Chinese in truth.

    A few words of GB18030 (联通, 亭) read as foreign letters in UTF-8. It is so only where UTF-8
    gives no Chinese at all, and GB18030 gives nothing but what a return may hold.
    """
    try:
        if data.isascii() or _CHINESE.search(data.decode()):
            return False
        return bool(_LIKELY.fullmatch(data.decode("gb18030")))
    except UnicodeDecodeError:
        return False


def _unmarked(data: bytes) -> list[str]:
    """The byte orders in which UTF-16 without a mark gives likely text, if that is one alone."""
    likely = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _LIKELY.fullmatch(text):
            likely.append(encoding)
    return likely if len(likely) == 1 else []


def _text(data: bytes, encodings: list[str]) -> str:
    """Text by the first encoding that fits."""
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        if _CONTROL.search(text):
            break
        return text
    raise Refusal(_UNKNOWN)
