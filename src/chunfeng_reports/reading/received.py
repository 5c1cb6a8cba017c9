"""Received: one file as it came → what became of it and of everything in it."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from chunfeng_reports.reading.containers.opening import open_file
from chunfeng_reports.reading.grids import Member
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.returns import Sorted, Source, named_place, refused, returns_in
from chunfeng_reports.reading.survey import RECEIVED, is_plain, passed_over
from chunfeng_reports.reading.words.vocabulary import Vocabulary

_UNEXPECTED = "读取时出错（{error}），请用 Excel 或 Word 另存一份后重新报送"


def sort_out(file: str, path: Path, due: str, words: Vocabulary) -> Sorted:
    """What became of one file; whatever goes wrong with it is its own refusal.

    file: its path below the due's folder; path: where it lies.
    """
    if not is_plain(path):
        return _not_plain(Source(due, file, ""), words)
    try:
        data = path.read_bytes()
    except OSError:
        return refusal(Source(due, file, ""), "文件打不开（无权限或已被移走），请重新存放", words)
    source = Source(due, file, hashlib.sha256(data).hexdigest())
    if why := passed_over(file):
        return Sorted(rows=(source.row("ignore", why),))
    try:
        parts = [_member(member, source, words) for member in open_file(data)]
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic in a reader is no Exception
        return refusal(source, _UNEXPECTED.format(error=type(error).__name__), words)
    return Sorted(
        tuple(one for part in parts for one in part.returns),
        tuple(row for part in parts for row in part.rows),
        tuple(finding for part in parts for finding in part.findings),
    )


def refusal(source: Source, reason: str, words: Vocabulary) -> Sorted:
    """A file (or a member of an archive) that was not read, and why."""
    region = named_place(source.path, words).unit
    finding = refused(source, region or words.desk.body.code, reason)
    return Sorted(rows=(source.row("refuse", reason, region=region),), findings=(finding,))


def _not_plain(source: Source, words: Vocabulary) -> Sorted:
    why = passed_over(source.file)
    if why and source.file != RECEIVED:
        return Sorted(rows=(source.row("ignore", why),))
    return refusal(source, "链接或特殊文件，没有读取，请发送文件本身", words)


def _member(member: Member, outer: Source, words: Vocabulary) -> Sorted:
    source = Source(outer.due, outer.file, outer.sha256, member.path)
    if member.path and (why := passed_over(str(PurePosixPath(member.path)))):
        return Sorted(rows=(source.row("ignore", why),))
    if member.content is None:
        return refusal(source, member.refusal, words)
    try:
        return returns_in(member.content, source, words)
    except Refusal as why_not:
        return refusal(source, str(why_not), words)
