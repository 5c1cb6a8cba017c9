"""Strangers: files of kinds that hold no figures we can read, and what to ask the unit for."""

from __future__ import annotations

from collections.abc import Set

from chunfeng_reports.reading.refusal import DAMAGED

_PICTURE = "图片不能取数，请报送原件，不要截图或拍照"
_ARCHIVE = "压缩包格式（rar、7z 等）不能打开，请解压后逐个报送，或改用 zip 压缩"
_OLD_WORD = "旧版 Word 或 WPS 文字文件（.doc、.wps）请另存为 docx 后重新报送"
_SLIDES = "演示文稿不能取数，请报送 Excel 工作簿（xlsx）或 Word 文件（docx）"
_DATABASE = "数据库文件不能取数，请导出为 Excel 工作簿（xlsx）后报送"
_PROGRAM = "程序文件，没有打开；请核对是否发错，并报送统计表原件"
_MEDIA = "音视频文件不能取数，请报送 Excel 工作簿（xlsx）或 Word 文件（docx）"
_SHORTCUT = "快捷方式，不是文件本身，请发送文件原件"
_NUMBERS = "苹果 Numbers、Pages 文件请导出为 Excel 工作簿（xlsx）或 Word 文件（docx）后报送"
_MAIL = "邮件文件，请把附件取出后逐个报送"
_EXCHANGE = "早期的表格交换文件（dif、slk、wk）不能取数，请另存为 xlsx 后重新报送"
_PAPER = "版式文件（PDF、OFD）不能取数，请报送 Excel 工作簿（xlsx）或 Word 文件（docx）原件"

#: How a file begins → what to ask for.
_BEGINNINGS = {
    b"%PDF": _PAPER,
    b"\x89PNG": _PICTURE, b"\xff\xd8\xff": _PICTURE, b"GIF8": _PICTURE, b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE, b"\0\0\1\0": _PICTURE, b"8BPS": _PICTURE, b"\xd7\xcd\xc6\x9a": _PICTURE,
    b"Rar!": _ARCHIVE, b"7z\xbc\xaf": _ARCHIVE, b"\x1f\x8b": _ARCHIVE, b"BZh": _ARCHIVE,
    b"\xfd7zXZ\0": _ARCHIVE, b"MSCF": _ARCHIVE, b"\x28\xb5\x2f\xfd": _ARCHIVE,
    b"\x60\xea": _ARCHIVE, b"\x1f\x9d": _ARCHIVE, b"LZIP": _ARCHIVE, b"ALZ\1": _ARCHIVE,
    b"{\\rtf": "RTF 文件请另存为 docx 后重新报送",
    b"\xdb\xa5": _OLD_WORD, b"\x31\xbe\0\0": _OLD_WORD,
    b"\0\1\0\0Standard": _DATABASE, b"SQLite format 3": _DATABASE,
    b"MZ": _PROGRAM, b"\x7fELF": _PROGRAM, b"\xca\xfe\xba\xbe": _PROGRAM,
    b"ID3": _MEDIA, b"OggS": _MEDIA, b"\x1aE\xdf\xa3": _MEDIA, b"#!AMR": _MEDIA,
    b"\x4c\0\0\0\1\x14\2\0": _SHORTCUT, b"[InternetShortcut]": _SHORTCUT,
    b"Received: ": _MAIL, b"Return-Path: ": _MAIL, b"From: ": _MAIL,
    b"TABLE\r\n0,1\r\n": _EXCHANGE, b"TABLE\n0,1\n": _EXCHANGE, b"ID;P": _EXCHANGE,
    b"\0\0\2\0\6\4": _EXCHANGE, b"\0\0\x1a\0": _EXCHANGE,
    b"wOFF": _PROGRAM, b"OTTO": _PROGRAM,
}  # fmt: skip
#: What stands in a RIFF, or after the length of an ISO file.
_BOXED = {b"WEBP": _PICTURE, b"AVI ": _MEDIA, b"WAVE": _MEDIA}
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"heif", b"avif")
#: Workbooks of before Excel 5, and streams that have lost their file around them.
_BARE_RECORDS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00",
                 b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")  # fmt: skip
#: What stands further within: where, what, and what to ask for.
_WITHIN = (
    (6, b"\0\0\0\0\x36\0\0\0", _PICTURE),  # bmp
    (257, b"ustar", _ARCHIVE),
    *((0, mark, "过于旧版的 Excel 文件，请另存为 xlsx 后重新报送") for mark in _BARE_RECORDS),
)
#: Streams of an OLE file (in small letters) → what to ask for.
_STREAMS = {
    "worddocument": _OLD_WORD, "wpsdocument": _OLD_WORD, "wordpadcontents": _OLD_WORD,
    "powerpoint document": _SLIDES, "pp40": _SLIDES, "current user": _SLIDES,
    "__properties_version1.0": _MAIL,
    "visiodocument": _PICTURE,
}  # fmt: skip
#: Parts of a zipped file (beginnings, in small letters) → what to ask for.
_PARTS = {
    "ppt/": _SLIDES, "ofd.xml": _PAPER, "visio/": _PICTURE,
    "androidmanifest.xml": _PROGRAM, "meta-inf/maven/": _PROGRAM, "index/document.iwa": _NUMBERS,
}  # fmt: skip


def stranger(data: bytes) -> str:
    """What to ask for in place of a file that begins as none that we read; empty for others."""
    for beginning, sentence in _BEGINNINGS.items():
        if data.startswith(beginning):
            return sentence
    if data[:4] == b"RIFF":
        return _BOXED.get(data[8:12], _MEDIA)
    if data[4:8] == b"ftyp":
        return _PICTURE if data[8:12] in _PICTURE_BRANDS else _MEDIA
    return next((sentence for at, mark, sentence in _WITHIN if data.startswith(mark, at)), "")


def stranger_by_streams(names: Set[str]) -> str:
    """The same for an OLE file with these streams (in small letters)."""
    found = (sentence for name, sentence in _STREAMS.items() if name in names)
    return next(found, DAMAGED)


def stranger_by_parts(names: Set[str]) -> str:
    """The same for a zipped file with these parts (in small letters); empty where it is none."""
    for beginning, sentence in _PARTS.items():
        if any(name.startswith(beginning) for name in names):
            return sentence
    return ""
