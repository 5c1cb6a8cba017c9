"""Prose: stage summaries in the words of many clerks, their figures known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from variations.styles import in_chinese

STAGES = {
    0: "第一次阶段性活动进展情况",
    1: "第二次阶段性活动进展情况",
    2: "整体活动总结",
}

_VISITS = (
    "截至目前，全{w}走访慰问困难群众{n}人次",
    "先后走访慰问就业困难人员、零就业家庭成员等{n}人次",
    "累计开展走访慰问{n}人次",
    "走访慰问各类就业困难对象共计{n}人次",
    "组织机关干部进村入户，走访慰问达{n}人次",
    "入户走访慰问就业困难家庭和困难职工，共走访{n}人次",
    "走访慰问困难人员总计{n}人（次）",
    "全{w}共开展走访慰问活动，慰问各类人员{n}人次",
    "人社、残联、工会联合走访慰问，累计{n}人次",
    "走访慰问人次数为{n}人次",
)
_HELPED = (
    "帮助就业困难人员实现就业{n}人次",
    "帮助{n}人次实现就业",
    "通过“一对一”帮扶，帮助实现就业共{n}人次",
    "累计帮扶{n}人次实现就业",
    "已帮助困难群体{n}人次实现就业再就业",
    "帮助各类人员实现就业达{n}人次",
    "帮助实现就业人次数为{n}人次",
    "共帮助就业困难人员和零就业家庭成员{n}人次实现就业",
)
_FUNDS = (
    "兑现就业补贴和社会救助资金共计{f}",
    "发放就业补贴、社会救助资金{f}",
    "落实就业补贴和社会救助金额合计{f}",
    "兑现各类就业补贴及社会救助{f}",
    "兑现就业补贴、社会救助等资金共计{f}",
    "拨付就业补贴和社会救助资金总额{f}",
    "兑现社会救助和就业补贴金额{f}",
)
_RETURNED = (
    "截至目前，返乡农民工{n}人",
    "返乡人员总数{n}人",
    "全{w}返乡人数达{n}人",
    "春节前返乡务工人员{n}人",
    "共有{n}名农民工返乡",
    "返乡{n}人",
    "外出务工人员已返乡{n}人",
)
_STAYED = (
    "留岗{n}{m}",
    "留岗过年{n}{m}",
    "留岗职工{n}{m}",
    "引导留岗过节{n}{m}",
    "企业员工留岗{n}{m}",
    "春节期间留岗人数{n}{m}",
)
_OUT = (
    "农民工外出务工{n}人",
    "外出务工农民工共{n}人",
    "外出农民工{n}人",
    "全{w}农民工外出总数为{n}人",
    "已有{n}名农民工外出务工",
    "截至目前，外出务工人员达{n}人",
)
_SAYINGS = {
    "visits": _VISITS, "helped": _HELPED, "funds_wan": _FUNDS, "returned": _RETURNED,
    "stayed": _STAYED, "migrants_out": _OUT,
}  # fmt: skip
#: Figures that are not the ones asked for: plans, last year's, one place's, one event's.
_NOISE = (
    "计划于节后再走访慰问{k}人次",
    "去年同期走访慰问{k}人次",
    "下一步，力争再帮助{k}人次实现就业",
    "首场招聘会吸引求职者{k}人次",
    "发放“春风卡”{k}张",
    "12333热线接听咨询{k}个",
    "每户送上慰问金500元",
    "其中东关街道走访慰问{k}人次",
    "2022年同期返乡{k}人",
    "建立{k}人的工作专班",
)
_MENTIONS = (
    ("F1_5", "累计举办招聘活动{n}场"),
    ("F1_3", "提供就业岗位{n}个"),
    ("F1_1", "组织{n}家企业参加活动"),
    ("F1_6", "签订就业意向协议{n}人"),
    ("F1_7", "发放政策宣传材料{n}份"),
    ("F2_3", "帮助就业困难人员实现就业{n}人"),
)
_OPENINGS = (
    "今年以来，我{w}认真落实上级部署，扎实开展“春风行动”暨就业援助月活动。现将有关情况报告如下。",
    "按照《通知》要求，我{w}精心组织、周密安排，活动取得阶段性成效。",
    "为做好重点群体就业服务，我{w}聚焦“十送”服务，多措并举推进活动开展。",
)
_PROBLEMS = (
    "企业用工需求与劳动者技能不匹配，结构性矛盾依然存在，建议加大培训补贴力度。",
    "部分群众对线上招聘不熟悉，建议增加线下小型专场。",
    "基层工作力量不足，建议充实公共就业服务队伍。",
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A stage summary: its title, its paragraphs, the figures that it states (by progress item)."""

    title: str
    paragraphs: tuple[str, ...]
    figures: Mapping[str, float]


def summary(rng: Random, name: str, word: str, stage: int, figures: Mapping[str, float],
            table: Mapping[str, int], *, city: bool, other: Mapping[str, int] | None = None,
            about: str = "") -> Summary:  # fmt: skip
    """A summary of a stage that states some figures, in words drawn at random.

    name: of the unit; word: 区, 县 or 市; table: the unit's figures on its forms, of which some are
    repeated; other: figures that the prose gives instead of the form's (a contradiction); about:
    the figure before which stands 约.
    """
    said = {key: _said(rng, key, value, word, city=city, about="约" * (key == about))
            for key, value in figures.items()}  # fmt: skip
    heads = _headings(rng)
    lines = [_head(rng, name, stage), rng.choice(_OPENINGS).format(w=word)]
    lines += [heads(0, "活动开展情况"), _activity(rng, table, other or {})]
    help_given = [said[key] for key in ("visits", "helped", "funds_wan") if key in said]
    lines += [heads(1, "困难人员走访帮扶情况"), _joined(rng, help_given)]
    moved = [key for key in ("returned", "stayed", "migrants_out") if key in said]
    if moved:
        lines += [heads(2, "农民工返岗情况" if "migrants_out" in moved else "农民工返乡情况"),
                  _joined(rng, [said[key] for key in moved])]  # fmt: skip
    lines += [heads(3, "面临的困难问题和意见建议"), rng.choice(_PROBLEMS)]
    return Summary(lines[0], tuple(lines), figures)


def _head(rng: Random, name: str, stage: int) -> str:
    if rng.random() < 0.06:
        return f"关于报送{name}2023年春风行动暨就业援助月{STAGES[stage]}的函"
    return rng.choice((
        f"{name}关于2023年春风行动暨就业援助月{STAGES[stage]}的报告",
        f"{name}2023年春风行动暨就业援助月{STAGES[stage]}",
        f"2023年春风行动暨就业援助月{STAGES[stage]}（{name}）",
        f"{name}春风行动暨就业援助月{STAGES[stage]}",
    ))  # fmt: skip


def _headings(rng: Random) -> Callable[[int, str], str]:
    style = rng.choice(("一、{}", "（一）{}", "1.{}", "{}"))
    ordinals = "一二三四"

    def heading(n: int, words: str) -> str:
        return (style.replace("一", ordinals[n]).replace("1", str(n + 1))).format(words)

    return heading


def _activity(rng: Random, table: Mapping[str, int], other: Mapping[str, int]) -> str:
    parts = [f"制定招聘活动计划{rng.randint(5, 40)}场"] if rng.random() < 0.5 else []
    for code, words in rng.sample(_MENTIONS, rng.randint(1, 4)):
        if code in table and code not in other:
            parts.append(words.format(n=_number(rng, table[code])))
    parts += [dict(_MENTIONS)[code].format(n=value) for code, value in other.items()]
    if rng.random() < 0.5:
        parts.append(rng.choice(_NOISE[4:7]).format(k=rng.randint(20, 400)))
    return "，".join(parts or ["各项活动有序推进"]) + "。"


def _said(rng: Random, key: str, value: float, word: str, *, city: bool, about: str) -> str:
    words = rng.choice(_SAYINGS[key])
    if key == "funds_wan":
        return words.format(f=about + _money(rng, value))
    measure = "人次" if city else "人"
    return words.format(n=about + _number(rng, int(value)), w=word, m=measure)


def _money(rng: Random, value: float) -> str:
    draw = rng.random()
    if draw < 0.12:
        return f"{round(value * 10000)}元"
    if draw < 0.2 and value >= 1000:
        return f"{value / 10000:.5f}".rstrip("0") + "亿元"
    if draw < 0.3:
        return f"{value:,}万元"
    return f"{value}万元"


def _number(rng: Random, value: int) -> str:
    draw = rng.random()
    if draw < 0.15 and value >= 1000:
        return f"{value:,}"
    if draw < 0.3 and value >= 10000 and value % 100 == 0:
        return f"{value / 10000:g}万"
    if draw < 0.35:
        return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if draw < 0.38 and value < 100:
        return in_chinese(value)
    return str(value)


def _joined(rng: Random, parts: Sequence[str]) -> str:
    """Clauses in a paragraph, with a figure among them now and then that is none of those asked."""
    mark = rng.choice(("，", "；", "。"))
    text = mark.join(parts) + "。"
    if rng.random() < 0.35:
        text += rng.choice(_NOISE).format(k=rng.randint(20, 400)) + "。"
    return text
