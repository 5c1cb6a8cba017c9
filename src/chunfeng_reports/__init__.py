"""Reproducible reporting for an employment bureau: returns in, checked and traceable reports out.

The face is light: importing it loads neither pandas nor Great Expectations. Analysts start with
``from chunfeng_reports import Workspace``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chunfeng_reports.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Workspace":
        from chunfeng_reports.workspace import Workspace  # noqa: PLC0415  (keeps the face light)

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
