"""Packing: a document → bytes, the same for the same document, nothing of the template's left."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as KIND

from chunfeng_reports.renderers.word.official import fonts_xml

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (every document: the same inputs, the same bytes)
_STAMP = (1980, 1, 1, 0, 0, 0)
#: Parts of the library's template that ours does not use: they are twenty times its size.
_UNUSED = ("stylesWithEffects", "customXml", "webSettings", "thumbnail", "numbering",
           "extended-properties", "theme")  # fmt: skip


def packed(found: WordDocument, *, title: str, subject: str) -> bytes:
    """The document as a docx file."""
    about = found.core_properties
    about.title, about.subject, about.author, about.comments = title, subject, "", ""
    about.last_modified_by, about.revision, about.keywords = "", 1, ""
    about.created = about.modified = _MADE
    _without_unused(found)
    data = BytesIO()
    found.save(data)
    return _stamped(data.getvalue())


def _without_unused(found: WordDocument) -> None:
    part: Any = found.part
    for relations in (part.rels, part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rpartition("/")[2] in _UNUSED:
                del relations[key]
            elif relation.reltype == KIND.FONT_TABLE:
                relation.target_part._blob = fonts_xml()


def _stamped(data: bytes) -> bytes:
    """The package with one date on every part."""
    again = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            about = zipfile.ZipInfo(name, _STAMP)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 0  # else it tells the system that it was made on
            new.writestr(about, old.read(name))
    return again.getvalue()
