"""Fragments: a report's parts as pieces of HTML; light, for notebooks and pages alike."""

from __future__ import annotations

from chunfeng_reports.renderers.templates import fill
from chunfeng_reports.report import (
    Bars,
    Block,
    Course,
    FormSheet,
    KeyFigures,
    Prose,
    Report,
    Section,
    Table,
    Text,
)

KINDS = (Report, Section, Table, Text, Prose, KeyFigures, Bars, Course, FormSheet)


def fragment(value: Report | Section | Block) -> str:
    """The HTML of a block, of a section with its blocks, or of a report's masthead.

    Rows of the table with the id ``sources`` are targets (``src-…``) of the figures that name
    their key; rows of tables whose id starts with ``findings`` have their key as id and, on
    a phone, stand as cards. A figure's ``href`` may be ``#t-<id>``, the caption of another table.
    """
    return fill("fragment.html.j2", value=value, kind=_kind(value)).strip()


def _kind(value: Report | Section | Block) -> str:
    match value:
        case Report():
            return "report"
        case Section():
            return "section"
        case _:
            return value.kind
