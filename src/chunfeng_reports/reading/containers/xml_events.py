"""XML events: parts of office files read as a stream, quickly, and with no entity expanded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from xml.parsers import expat

from chunfeng_reports.reading.refusal import Refusal

Attributes: TypeAlias = dict[str, str]


def read_events(
    text: bytes,
    start: Callable[[str, Attributes], Any],
    end: Callable[[str], Any] | None = None,
    words: Callable[[str], Any] | None = None,
) -> None:
    """Calls ``start``, ``end`` and ``words`` for each element and text; names as they are written.

    Raises ExpatError for what is no XML. Refusal where it declares a document type: an office file
    has none, and entities are what it would be for.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.Parse(text, True)


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise Refusal("文件含有实体定义，不是办公软件生成的文件，没有读取；请重新保存后报送")
