"""Plotting: what an analyst's own plots (matplotlib, the extra ``notebook``) need for Chinese."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from chunfeng_reports.errors import UseError
from chunfeng_reports.report import Text

#: Fonts with Chinese letters, as Windows, macOS and Linux name them; the first that is there.
FONTS = (
    "Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Heiti TC", "STHeiti",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Droid Sans Fallback",
    "Noto Serif CJK SC", "Noto Serif CJK JP", "SimSun", "Songti SC", "AR PL UMing CN",
    "Arial Unicode MS",
)  # fmt: skip


def use_chinese_font() -> Text:
    """Which Chinese font plots use from here on, or what to do where there is none.

    UseError where matplotlib is not installed.
    """
    try:
        from matplotlib import font_manager, rcParams  # noqa: PLC0415  (an extra, slow to load)
    except ImportError:
        raise UseError(
            '画图要用 matplotlib；请运行 pip install "chunfeng-reports[notebook]"，再重启内核'
        ) from None
    font = choose(font.name for font in font_manager.fontManager.ttflist)
    rcParams["axes.unicode_minus"] = False  # some Chinese fonts have no −
    if font:
        rcParams["font.family"] = [font, *rcParams["font.family"]]
        return Text(paragraphs=(f"图中文字用“{font}”。",), tone="note")
    warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # told once, below
    return Text(paragraphs=(_NONE,), tone="notice")


_NONE = (
    "没有找到中文字体，图中汉字会显示为方框。请安装一种（Linux 可装 fonts-noto-cjk，"
    "Windows、macOS 一般自带），删去 matplotlib 的字体缓存后重启内核；表格不受影响。"
)


def choose(there: Iterable[str]) -> str:
    """The first of :data:`FONTS` that is among these names; empty where none is."""
    known = set(there)
    return next((font for font in FONTS if font in known), "")
