"""Slips: what a return slip says of itself, so that it is known again when it comes back.

The figures at the time of the slip, and what was asked, travel in it as custom document properties:
they outlive a change of name and of format, and no sheet need be hidden for them.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from chunfeng_reports.findings import Severity

COVER = "退回说明"
TEXT = "正文"
KIND = "slip"
AUTHOR = "数据审核"
#: The rule of the finding that tells of a figure given beside a finding on a slip.
CORRECTION = "reading.slip_correction"

#: Columns of the list of findings on the first sheet, in their order.
HEADS = ("序号", "问题编号", "级别", "表", "项目", "所在单元格", "现填数", "问题与要求", "建议",
         "说明/更正", "审批单位")  # fmt: skip
ID, REPLY, APPROVAL = HEADS.index("问题编号"), HEADS.index("说明/更正"), HEADS.index("审批单位")

#: How doubtful cells are filled; a copy of a slip leaves these out again.
FILLS: dict[Severity, str] = {"critical": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}

#: Properties that hold the ledger, and characters of each: more of one, and Excel cuts it.
_PART = "ledger{:03d}"
_LONGEST = 240
_MOST_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """A sheet of the slip: its name here, the file that it was copied from, its name there."""

    name: str
    source: str
    original: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class SlipFigure:
    """An item's figure when the slip was made; value: empty where there was none."""

    form: str
    item: str
    state: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding that the slip asks about: its id, the items concerned, the figure as shown.

    item: the one whose cell is linked, empty where none is.
    """

    finding: str
    form: str
    items: tuple[str, ...]
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a slip keeps of the time when it was made.

    known: the unit's files that had come by then, by :func:`mark_of` their hashes.
    """

    due: str
    region: str
    known: frozenset[str]
    sheets: tuple[SlipSheet, ...]
    figures: tuple[SlipFigure, ...]
    asked: tuple[Asked, ...]

    def knew(self, sha256: str) -> bool:
        """Whether a file had come when the slip was made."""
        return mark_of(sha256) in self.known

    def properties(self) -> dict[str, str]:
        """The ledger as document properties: name → text."""
        told = {
            "due": self.due,
            "region": self.region,
            "known": sorted(self.known),
            "sheets": [[s.name, s.source, s.original, s.text] for s in self.sheets],
            "figures": [[f.form, f.item, f.state, f.value, f.raw] for f in self.figures],
            "asked": [[a.finding, a.form, list(a.items), a.item, a.value] for a in self.asked],
        }
        packed = zlib.compress(json.dumps(told, ensure_ascii=True).encode(), 9)
        text = base64.b64encode(packed).decode()
        parts = [text[n : n + _LONGEST] for n in range(0, len(text), _LONGEST)]
        return {_PART.format(n): part for n, part in enumerate(parts, start=1)}

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> Ledger | None:
        """The ledger in a file's properties; None where it is none, or is not as it was written."""
        try:
            told = json.loads(_unpacked(_text(properties)))
            return cls(
                str(told["due"]),
                str(told["region"]),
                frozenset(map(str, told["known"])),
                tuple(SlipSheet(str(n), str(s), str(o), bool(t)) for n, s, o, t in told["sheets"]),
                tuple(SlipFigure(*map(str, figure)) for figure in told["figures"]),
                tuple(Asked(str(i), str(f), tuple(map(str, items)), str(item), str(v))
                      for i, f, items, item, v in told["asked"]),
            )  # fmt: skip
        except (ValueError, TypeError, KeyError, zlib.error, RecursionError):
            return None


def figure_text(value: float) -> str:
    """A figure as a person would type it, the same when a slip goes out and when it comes back."""
    return str(int(value)) if value == int(value) else repr(value)


def mark_of(sha256: str) -> str:
    """Enough of a file's hash to know it again."""
    return sha256[:16]


def _text(properties: Mapping[str, str]) -> str:
    parts: list[str] = []
    while (part := properties.get(_PART.format(len(parts) + 1))) is not None:
        parts.append(part.strip())
    return "".join(parts)


def _unpacked(text: str) -> bytes:
    """What was packed; its own sum proves it. ValueError where it is cut, changed or too much."""
    unpacker = zlib.decompressobj()
    try:
        told = unpacker.decompress(base64.b64decode(text, validate=True), _MOST_BYTES)
    except binascii.Error as error:
        raise ValueError from error
    if not unpacker.eof:
        raise ValueError
    return told
