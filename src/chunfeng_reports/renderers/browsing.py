"""Browsing: leafing through dues and units in a notebook (ipywidgets, the extra ``widgets``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chunfeng_reports.report import Section, Text

_MISSING = (
    "按报送期和单位翻看要用 ipywidgets；请运行 pip install \"chunfeng-reports[widgets]\"，"
    "再重启 JupyterLab。不装也可以：改 due 和 region，重新运行上面的单元格。"
)  # fmt: skip


def browser(
    dues: Iterable[str],
    units: Mapping[str, str],
    sections: Callable[[str, str], Iterable[Section]],
) -> Any:
    """A widget that shows the sections of a due and unit chosen; without ipywidgets, what to do.

    units: code by name; sections: of a due and a unit's code.
    """
    try:
        import ipywidgets  # noqa: PLC0415  (an extra)
    except ImportError:
        return Text(paragraphs=(_MISSING,), tone="notice")
    from IPython.display import display  # noqa: PLC0415  (ipywidgets brings it)

    def show(due: str, region: str) -> None:
        display(*sections(due, region))  # type: ignore[no-untyped-call]

    return ipywidgets.interactive(
        show,
        due=ipywidgets.Dropdown(options=tuple(dues), description="报送期"),
        region=ipywidgets.Dropdown(options=tuple(units.items()), description="单位"),
    )
