"""Charts: :class:`~chunfeng_reports.report.Bars` → a small SVG of our own.

Text is left to the browser and positions across are percentages, so that the chart follows the
page's font, its width and its light or dark colours, and is the same bytes everywhere.
"""

from __future__ import annotations

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.wording import MARKS, finite, number, slug
from chunfeng_reports.report import Bar, Bars
from chunfeng_reports.worksheets import legal, width

STEP = 26
LONGEST = 56
LABEL = 14
THINNEST = 0.3  # percent: the least that is still seen as a bar

_SVG = Environment(autoescape=True, undefined=StrictUndefined).from_string(
    '<svg class="cf-svg" role="img" aria-labelledby="{{ id }}-t {{ id }}-d" '
    'width="100%" height="{{ height }}">'
    '<title id="{{ id }}-t">{{ title }}</title><desc id="{{ id }}-d">{{ desc }}</desc>'
    '<g text-anchor="end">{% for row in rows %}'
    '<text x="{{ left - 8 }}" y="{{ row.y + 17 }}"{{ row.css }}>{{ row.label }}</text>{% endfor %}'
    '</g><svg x="{{ left }}" overflow="visible">{% for row in rows %}'
    '{% if row.long %}<rect y="{{ row.y + 4 }}" width="{{ row.long }}%" height="17"{{ row.css }}/>'
    "{% endif %}"
    '<text x="{{ row.long }}%" y="{{ row.y + 17 }}" dx="6"{{ row.css }}>{{ row.value }}</text>'
    "{% endfor %}</svg></svg>"
)


def bars_svg(bars: Bars) -> Markup:
    """The chart as an ``<svg>``: horizontal bars, longest 56 % of the room right of the labels.

    A bar of a doubted value is hollow and dashed and its value carries the mark and its word; the
    subject (``strong``) is set off by colour and weight; where there is no value stands the note,
    else 未报. A negative value has no bar.
    """
    longest = max((v for bar in bars.bars if (v := finite(bar.value)) is not None), default=0.0)
    left = 16 + 7 * min(LABEL, max((width(bar.label) for bar in bars.bars), default=0))
    return Markup(
        _SVG.render(
            id=f"c-{slug(bars.id)}",
            title=legal(f"{bars.title}（{bars.unit}）"),
            desc=legal(_described(bars)),
            height=STEP * len(bars.bars) + 4,
            left=left,
            rows=[_row(bar, bars, n * STEP, longest) for n, bar in enumerate(bars.bars)],
        )
    )


def _row(bar: Bar, bars: Bars, y: int, longest: float) -> dict[str, object]:
    value = finite(bar.value)
    share = max(value, 0.0) / longest if value is not None and longest > 0 else 0.0
    css = " ".join(
        name for name, on in (("s", bar.strong), ("m", bar.mark), ("n", value is None)) if on
    )
    return {
        "y": y,
        "label": legal(_short(bar.label)),
        "long": f"{max(share * LONGEST, THINNEST):.1f}".removesuffix(".0") if share else 0,
        "value": legal(_value(bar, bars)),
        "css": Markup(f' class="{css}"') if css else "",
    }


def _value(bar: Bar, bars: Bars) -> str:
    value = finite(bar.value)
    if value is None:
        return bar.note or "未报"
    mark = f" {MARKS[bar.mark]}{SEVERITY_WORDS[bar.mark]}" if bar.mark else ""
    note = f" {bar.note}" if bar.note else ""
    return f"{number(value, decimals=bars.decimals)}{mark}{note}"


def _short(label: str) -> str:
    kept = ""
    for sign in label:
        if width(kept + sign) > LABEL:
            return f"{kept[:-1]}…"
        kept += sign
    return kept


def _described(bars: Bars) -> str:
    """The chart in a sentence, for who cannot see it."""
    held = [(value, bar.label) for bar in bars.bars if (value := finite(bar.value)) is not None]
    parts = [f"共{len(bars.bars)}项"]
    if held:
        most, least = max(held, key=lambda pair: pair[0]), min(held, key=lambda pair: pair[0])
        parts.append(f"最高{most[1]}{number(most[0], decimals=bars.decimals)}{bars.unit}")
        parts.append(f"最低{least[1]}{number(least[0], decimals=bars.decimals)}{bars.unit}")
    if len(held) < len(bars.bars):
        parts.append(f"{len(bars.bars) - len(held)}项无数")
    return "，".join(parts)
