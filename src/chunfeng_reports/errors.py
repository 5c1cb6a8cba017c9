"""Errors: bad use of the program, as exceptions whose one sentence says what to do.

Bad *data* is never an exception; it is a :class:`~chunfeng_reports.findings.Finding`.
"""

from __future__ import annotations

from dataclasses import dataclass


class ChunfengError(Exception):
    """Base of every error that the program raises on purpose; its text is shown as it stands."""


class UseError(ChunfengError):
    """The program was called wrongly: exit code 2."""


class ReportError(ChunfengError):
    """A report could not be made: exit code 1."""


class StoreError(ChunfengError):
    """A file could not be written or read: exit code 1."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a definition file: where (``forms[0].items[3].parent``) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}：{self.message}"


class DefinitionError(UseError):
    """A definition cannot be used; :attr:`faults` holds every fault found, not only the first."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{name} 有 {len(faults)} 处错误，请逐条改正后重试：\n{lines}")
