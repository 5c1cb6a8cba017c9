"""Naming: which code a person means by a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from chunfeng_reports.errors import UseError

_MOST_NAMED = 6


def meant(words: str, known: Mapping[str, Sequence[str]], *, what: str) -> str:
    """The code that goes by these words: a code, a name, or a part of the names of one alone.

    known: the names of each code, the one to show first; what: what they are, in Chinese.
    UseError with the nearest names where none goes by them, or more than one.
    """
    wanted = words.strip()
    exact = [code for code, names in known.items() if wanted in (code, *names)]
    within = [code for code, names in known.items() if any(wanted in name for name in names)]
    found = exact or (within if wanted else [])
    if len(found) == 1:
        return found[0]
    if found:
        raise UseError(f"“{words}”可以是{_listed(found, known)}；请写全")
    raise UseError(f"没有{what}“{words}”；相近的：{_listed(_nearest(wanted, known), known)}")


def _nearest(words: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    def likeness(code: str) -> float:
        return max(SequenceMatcher(None, words, name).ratio() for name in (code, *known[code]))

    return sorted(known, key=likeness, reverse=True)[:_MOST_NAMED]


def _listed(codes: Iterable[str], known: Mapping[str, Sequence[str]]) -> str:
    named = [f"{code} {known[code][0]}" for code in codes]
    more = "等" if len(named) > _MOST_NAMED else ""
    return "、".join(named[:_MOST_NAMED]) + more
