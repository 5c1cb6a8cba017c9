"""Received: one file as it came → what became of it and of everything in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from chunfeng_reports.reading.containers.opening import MOST_BYTES, member_paths, open_file
from chunfeng_reports.reading.grids import Content, Member
from chunfeng_reports.reading.refusal import Refusal
from chunfeng_reports.reading.returns import Sorted, Source, named_place, refused, returns_in
from chunfeng_reports.reading.slips import is_slip, opened_slip, slip_in, without_ledger
from chunfeng_reports.reading.survey import REGISTERS, is_plain, passed_over
from chunfeng_reports.reading.words.vocabulary import Vocabulary

_UNEXPECTED = "读取时出错（{error}），请用 Excel 或 Word 另存一份后重新报送"
#: How a packed and an old workbook begin.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_CLOSED = "文件打不开（无权限或已被移走），请重新存放"
_CLOSED_FOLDER = "文件夹打不开（无权限），里面的文件没有读取，请检查权限后再收"
_TOO_BIG = "文件过大（超过 {most} MB），请删除图片等无关内容后重新报送"


@dataclass(frozen=True, slots=True)
class Errand:
    """A file to be read: its due, its path below the due's folder (``file``), where it lies.

    member: of an archive, the one member to be read; None: all that there is.
    """

    due: str
    file: str
    path: Path
    member: str | None = None


def sort_out(errand: Errand, words: Vocabulary) -> Sorted:
    """What became of one file; whatever goes wrong with it is its own refusal.

    MemoryError is for the caller to judge.
    """
    source = Source(errand.due, errand.file, "")
    if not is_plain(errand.path):
        return _not_plain(source, errand.path, words)
    try:
        data, sha256 = content_of(errand.path)
    except OSError:
        return refusal(source, _CLOSED, words)
    source = Source(errand.due, errand.file, sha256)
    if why := passed_over(errand.file):
        return _passed_over(source, why, words, full=(data or b"").startswith(_WORKBOOKS))
    if data is None:
        return refusal(source, _TOO_BIG.format(most=MOST_BYTES // 2**20), words)
    return _read(data, source, errand.member, words)


def unread(errand: Errand, reason: str, words: Vocabulary, *, look: bool = True) -> Sorted:
    """The refusal of a file (or of its member) that no process could read.

    look: whether its bytes can be had, for their hash.
    """
    try:
        sha256 = content_of(errand.path)[1] if look else ""
    except OSError:
        sha256 = ""
    return refusal(Source(errand.due, errand.file, sha256, errand.member or ""), reason, words)


def refusal(source: Source, reason: str, words: Vocabulary) -> Sorted:
    """A file (or a member of an archive) that was not read, and why."""
    region = named_place(source.path, words).unit
    finding = refused(source, region or words.desk.body.code, reason)
    return Sorted(rows=(source.row("refuse", reason, region=region),), findings=(finding,))


def joined(parts: Iterable[Sorted]) -> Sorted:
    """What became of several parts of one file, in their order."""
    parts = tuple(parts)
    return Sorted(
        tuple(one for part in parts for one in part.returns),
        tuple(row for part in parts for row in part.rows),
        tuple(finding for part in parts for finding in part.findings),
        tuple(words for part in parts for words in part.explanations),
    )


def members(path: Path) -> tuple[str, ...]:
    """The paths of an archive's members; none where it is no archive, or none that can be read."""
    try:
        data, _ = content_of(path)
        return member_paths(data) if data else ()
    except (OSError, Refusal):
        return ()


def content_of(path: Path) -> tuple[bytes | None, str]:
    """A file's bytes (None: too many to be looked into) and their hash."""
    with path.open("rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size <= MOST_BYTES:
            data = file.readall()
            return data, hashlib.sha256(data).hexdigest()
        sha256 = hashlib.sha256()
        while more := file.read(2**20):
            sha256.update(more)
        return None, sha256.hexdigest()


def _not_plain(source: Source, path: Path, words: Vocabulary) -> Sorted:
    why = passed_over(source.file)
    if why and source.file not in REGISTERS:
        return Sorted(rows=(source.row("ignore", why),))
    if not os.path.lexists(path):
        return refusal(source, _CLOSED, words)
    if path.is_dir() and not path.is_symlink():
        return refusal(source, _CLOSED_FOLDER, words)
    return refusal(source, "链接或特殊文件，没有读取，请发送文件本身", words)


def _passed_over(source: Source, why: str, words: Vocabulary, *, full: bool) -> Sorted:
    """A file that is no return by its name, with a doubt where it holds a workbook all the same."""
    row = source.row("ignore", why)
    if not full:
        return Sorted(rows=(row,))
    region = named_place(source.path, words).unit or words.desk.body.code
    reason = f"从文件名看是{why}，没有读取，但里面像是报送材料；如是正式材料，请改名后重新存放"
    doubt = replace(refused(source, region, reason), rule="reading.passed_over")
    return Sorted(rows=(row,), findings=(doubt,))


def _read(data: bytes, source: Source, only: str | None, words: Vocabulary) -> Sorted:
    try:
        return joined([_member(member, source, words) for member in open_file(data, only=only)])
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # a panic in a reader is no Exception
        if only is None and (paths := member_paths(data)):
            return joined([_read(data, source, path, words) for path in paths])
        where = Source(source.due, source.file, source.sha256, only or "")
        return refusal(where, _UNEXPECTED.format(error=type(error).__name__), words)


def _member(member: Member, outer: Source, words: Vocabulary) -> Sorted:
    source = Source(outer.due, outer.file, outer.sha256, member.path)
    if member.path and (why := passed_over(str(PurePosixPath(member.path)))):
        full = member.content is not None and any(grid.width > 1 for grid in member.content.grids)
        return _passed_over(source, why, words, full=full)
    if member.content is None:
        return refusal(source, member.refusal, words)
    try:
        return _sorted(member.content, source, words)
    except Refusal as why_not:
        return refusal(source, str(why_not), words)


def _sorted(content: Content, source: Source, words: Vocabulary) -> Sorted:
    """The returns in one file, be it a unit's own or a slip of ours that came back."""
    slip = opened_slip(content)
    if slip is not None and slip.ledger.region in words.desk.unit_codes:
        return slip_in(slip, source, words)
    return (without_ledger if is_slip(content) else returns_in)(content, source, words)
