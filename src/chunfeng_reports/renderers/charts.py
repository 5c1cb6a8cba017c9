"""Charts: :class:`~chunfeng_reports.report.Bars` and :class:`~chunfeng_reports.report.Course` →
small SVGs of our own.

Text is left to the browser and positions across are percentages, so that a chart follows the
page's font, its width and its light or dark colours, and is the same bytes everywhere. What is
drawn leads to its source and says all of itself in a tooltip.
"""

from __future__ import annotations

from itertools import pairwise

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from chunfeng_reports.findings import SEVERITY_WORDS
from chunfeng_reports.renderers.wording import MARKS, brief, finite, number, percent, slug
from chunfeng_reports.report import Bar, Bars, Course, Point
from chunfeng_reports.worksheets import legal, width

STEP = 26
LONGEST = 52
LABEL = 14
THINNEST = 0.3  # percent: the least that is still seen as a bar

#: Of a course: its height, the band that values are drawn in, the margin at the sides in percent.
HEIGHT, TOP, BASE, SIDE = 110, 26, 84, 18
NOTES = 17  # more of it where points have notes
LABELLED = 4  # dues: of more, only the first and the last have room for their words

_HEAD = (
    '<svg class="cf-svg{{ kind }}" role="group" aria-labelledby="{{ id }}-t {{ id }}-d" '
    'width="100%" height="{{ height }}">'
    '<title id="{{ id }}-t">{{ title }}</title><desc id="{{ id }}-d">{{ desc }}</desc>'
)
_LINK = (
    "{% macro to(href) %}"
    '{% if href %}<a class="cf-ref" href="{{ href }}">{{ caller() }}</a>'
    "{% else %}<g>{{ caller() }}</g>{% endif %}"
    "{% endmacro %}"
)
_TEMPLATES = Environment(autoescape=True, undefined=StrictUndefined)
_BARS = _TEMPLATES.from_string(
    _LINK + _HEAD + '<g text-anchor="end">{% for row in rows %}'
    '{% call to(row.page) %}<text x="{{ left - 8 }}" y="{{ row.y + 17 }}"{{ row.css }}>'
    "{{ row.label }}</text>{% endcall %}{% endfor %}"
    '</g><svg x="{{ left }}" overflow="visible">{% for row in rows %}'
    "{% call to(row.source) %}<title>{{ row.tip }}</title>"
    '{% if row.long %}<rect y="{{ row.y + 4 }}" width="{{ row.long }}%" height="17"{{ row.css }}/>'
    "{% endif %}"
    '<text x="{{ row.long }}%" y="{{ row.y + 17 }}" dx="6"{{ row.css }}>{{ row.value }}'
    '{% if row.share %}<tspan dx="6" class="p">{{ row.share }}</tspan>{% endif %}</text>'
    "{% endcall %}{% endfor %}</svg></svg>"
)
_COURSE = _TEMPLATES.from_string(
    _LINK + _HEAD + '<line x1="4%" x2="96%" y1="{{ base }}" y2="{{ base }}" class="o"/>'
    "{% for line in lines %}"
    '<line x1="{{ line.x1 }}%" y1="{{ line.y1 }}" x2="{{ line.x2 }}%" y2="{{ line.y2 }}"/>'
    '{% endfor %}<g text-anchor="middle">{% for dot in dots %}'
    "{% call to(dot.source) %}<title>{{ dot.tip }}</title>"
    '{% if dot.drawn %}<circle cx="{{ dot.x }}%" cy="{{ dot.y }}" r="4"{{ dot.css }}/>{% endif %}'
    '{% if dot.told %}<text x="{{ dot.x }}%" y="{{ dot.y - 10 }}"{{ dot.css }}>{{ dot.value }}'
    "</text>{% endif %}{% endcall %}"
    '{% if dot.told %}<text x="{{ dot.x }}%" y="{{ base + 19 }}" class="n">{{ dot.label }}</text>'
    '{% if dot.note %}<text x="{{ dot.x }}%" y="{{ base + 36 }}" class="n">{{ dot.note }}</text>'
    "{% endif %}{% endif %}{% endfor %}</g></svg>"
)


def bars_svg(bars: Bars) -> Markup:
    """The chart as an ``<svg>``: horizontal bars, longest 52 % of the room right of the labels.

    A bar of a doubted value is hollow and dashed and its value carries the mark and its word; the
    subject (``strong``) is set off by colour and weight; where there is no value stands the note,
    else 未报. A negative value has no bar. A label leads to the bar's page, a bar to its source.
    """
    longest = max((v for bar in bars.bars if (v := finite(bar.value)) is not None), default=0.0)
    left = 16 + 7 * min(LABEL, max((width(bar.label) for bar in bars.bars), default=0))
    return Markup(
        _BARS.render(
            kind="",
            id=f"c-{slug(bars.id)}",
            title=legal(f"{bars.title}（{bars.unit}）"),
            desc=legal(_described([(bar.label, bar.value) for bar in bars.bars], bars)),
            height=STEP * len(bars.bars) + 4,
            left=left,
            rows=[_row(bar, bars, n * STEP, longest) for n, bar in enumerate(bars.bars)],
        )
    )


def course_svg(course: Course) -> Markup:
    """The chart as an ``<svg>``: a dot a due over a base line at 0, joined where dues follow.

    A doubted value's dot is hollow and its value carries the mark; where there is no value stands
    the note, else 未报, and the line is broken. A dot leads to the figure's source.
    """
    most = max((v for one in course.points if (v := finite(one.value)) is not None), default=0.0)
    dots = [_dot(n, course, most) for n in range(len(course.points))]
    pairs = [(a, b) for a, b in pairwise(dots) if a["drawn"] and b["drawn"]]
    return Markup(
        _COURSE.render(
            kind=" cf-course",
            id=f"c-{slug(course.id)}",
            title=legal(f"{course.title}（{course.unit}）"),
            desc=legal(_described([(one.label, one.value) for one in course.points], course)),
            height=HEIGHT + NOTES * any(dot["note"] for dot in dots),
            base=BASE,
            dots=dots,
            lines=[{"x1": a["x"], "y1": a["y"], "x2": b["x"], "y2": b["y"]} for a, b in pairs],
        )
    )


def _row(bar: Bar, bars: Bars, y: int, longest: float) -> dict[str, object]:
    value = finite(bar.value)
    share = max(value, 0.0) / longest if value is not None and longest > 0 else 0.0
    part = percent(bar.share, decimals=1) if bar.share is not None else ""
    return {
        "y": y,
        "label": legal(_short(bar.label)),
        "long": f"{max(share * LONGEST, THINNEST):.1f}".removesuffix(".0") if share else 0,
        "value": legal(_value(bar, bars)),
        "share": part,
        "css": _css(s=bar.strong, m=bar.mark, n=value is None),
        "page": bar.href,
        "source": _source(bar),
        "tip": legal(_tip(bar, bars) + (f"，占已报合计{part}" if part else "")),
    }


def _dot(n: int, course: Course, most: float) -> dict[str, object]:
    point, last = course.points[n], len(course.points) - 1
    value = finite(point.value)
    high = min(max(value, 0.0) / most, 1.0) if value is not None and most > 0 else 0.0
    across = SIDE + (100 - 2 * SIDE) * n / last if last else 50.0
    return {
        "x": f"{across:.1f}".removesuffix(".0"),
        "y": round(BASE - high * (BASE - TOP)),
        "label": legal(point.label),
        "value": legal(_value(point, course)),
        "note": legal(point.note) if value is not None else "",
        "drawn": value is not None,
        "told": last < LABELLED or n in (0, last),
        "css": _css(m=point.mark, n=value is None),
        "source": _source(point),
        "tip": legal(_tip(point, course)),
    }


def _css(**on: object) -> Markup:
    names = " ".join(name for name, given in on.items() if given)
    return Markup(f' class="{names}"') if names else Markup()


def _source(drawn: Bar | Point) -> str:
    if len(drawn.sources) == 1:
        return f"#src-{slug(drawn.sources[0])}"
    return drawn.href if isinstance(drawn, Point) else ""


def _value(drawn: Bar | Point, chart: Bars | Course) -> str:
    value = finite(drawn.value)
    if value is None:
        return drawn.note or "未报"
    word = SEVERITY_WORDS[drawn.mark] if drawn.mark and isinstance(drawn, Bar) else ""
    mark = f" {MARKS[drawn.mark]}{word}" if drawn.mark else ""
    note = f" {drawn.note}" if drawn.note and isinstance(drawn, Bar) else ""
    # A figure in 万元 is not told in 万 once more.
    shown = (number if "万" in chart.unit else brief)(value, decimals=chart.decimals)
    return f"{shown}{mark}{note}"


def _tip(drawn: Bar | Point, chart: Bars | Course) -> str:
    value = finite(drawn.value)
    if value is None:
        return f"{drawn.label}：{drawn.note or '未报'}"
    mark = f"（{SEVERITY_WORDS[drawn.mark]}）" if drawn.mark else ""
    return f"{drawn.label}：{number(value, decimals=chart.decimals)}{chart.unit}{mark}"


def _short(label: str) -> str:
    kept = ""
    for sign in label:
        if width(kept + sign) > LABEL:
            return f"{kept[:-1]}…"
        kept += sign
    return kept


def _described(values: list[tuple[str, float | None]], chart: Bars | Course) -> str:
    """The chart in a sentence, for who cannot see it."""
    held = [(known, label) for label, value in values if (known := finite(value)) is not None]
    counted = "家" if isinstance(chart, Bars) else "期"
    parts = [f"共{len(values)}{counted}"]
    if held:
        most, least = max(held, key=lambda pair: pair[0]), min(held, key=lambda pair: pair[0])
        for word, (value, label) in (("最高", most), ("最低", least)):
            parts.append(f"{word}{label}{number(value, decimals=chart.decimals)}{chart.unit}")
    if len(held) < len(values):
        parts.append(f"{len(values) - len(held)}{counted}无数")
    return "，".join(parts)
