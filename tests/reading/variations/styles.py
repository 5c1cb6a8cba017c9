"""Styles: how one person types a figure, a label, the number before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from chunfeng_reports.campaign import Item

Outcome = Literal["same", "doubted", "unreadable"]

_FULL = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"


def in_chinese(number: int, *, digits: str = _DIGITS, tens: str = "十百千") -> str:
    """A whole number as it is said: 二十三, 一千零五, 十二万三千."""
    if number == 0:
        return digits[0]
    for scale, word in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            high, low = divmod(number, scale)
            gap = digits[0] if 0 < low < scale // 10 else ""
            tail = in_chinese(low, digits=digits, tens=tens) if low else ""
            if digits is _DIGITS and 10 <= low < 20:
                tail = digits[1] + tail
            return in_chinese(high, digits=digits, tens=tens) + word + gap + tail
    out = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += digits[digit] + (tens[power - 1] if power else "")
        elif out and number % 10**power and not out.endswith(digits[0]):
            out += digits[0]
    return out[1:] if digits is _DIGITS and 10 <= number < 20 else out


def _in_wan(number: int) -> str:
    """12941 as 1.2941万; what lies under 10,000 as it is."""
    if number < 10000:
        return str(number)
    return f"{number / 10000:.4f}".rstrip("0").rstrip(".") + "万"


def _grouped(number: int) -> str:
    return f"{number:,}"


@dataclass(frozen=True, slots=True)
class Typed:
    """A way to type a figure, and what must become of it.

    same: read without any doubt above ``info``; doubted: the value, with a warning on that item;
    unreadable: no value, and a critical finding on that item.
    """

    name: str
    write: Callable[[int, Item], str | int | float]
    outcome: Outcome = "same"


NUMBERS = {
    typed.name: typed
    for typed in (
        Typed("plain", lambda n, _: n),
        Typed("float", lambda n, _: float(n)),
        Typed("text", lambda n, _: str(n)),
        Typed("full_width", lambda n, _: str(n).translate(_FULL)),
        Typed("thousands", lambda n, _: _grouped(n)),
        Typed("thousands_decimals", lambda n, _: f"{n:,}.00"),
        Typed("full_width_commas", lambda n, _: _grouped(n).translate(_FULL)),
        Typed("full_width_comma_alone", lambda n, _: _grouped(n).replace(",", "，")),
        Typed("with_unit", lambda n, item: f"{n}{item.unit}"),
        Typed("with_unit_spaced", lambda n, item: f"{n} {item.unit}"),
        Typed("thousands_with_unit", lambda n, item: f"{_grouped(n)}{item.unit}"),
        Typed("trailing_zero", lambda n, _: f"{n}.0"),
        Typed("no_break_spaces", lambda n, _: f"\u00a0{n}\u00a0"),
        Typed("ideographic_spaces", lambda n, _: f"\u3000{n} "),
        Typed("apostrophe", lambda n, _: f"'{n}"),
        # A lone 一 may as well be a dash: that is a doubt, and a test of its own.
        Typed("chinese", lambda n, _: in_chinese(n) if n != 1 else "1"),
        Typed("chinese_with_unit", lambda n, item: in_chinese(n) + item.unit),
        Typed("formal", lambda n, _: in_chinese(n, digits=_FORMAL, tens="拾佰仟")),
        Typed("in_wan", lambda n, _: _in_wan(n)),
        Typed("in_wan_with_unit", lambda n, item: _in_wan(n) + item.unit),
    )
}

DOUBTED = {
    typed.name: typed
    for typed in (
        Typed("about", lambda n, _: f"约{n}", "doubted"),
        Typed("more_or_less", lambda n, _: f"{n}左右", "doubted"),
        Typed("and_more", lambda n, _: f"{n}余", "doubted"),
        Typed("and_more_with_unit", lambda n, item: f"{n}余{item.unit}", "doubted"),
        Typed("nearly", lambda n, item: f"近{n}{item.unit}", "doubted"),
    )
}

UNREADABLE = {
    typed.name: typed
    for typed in (
        Typed("range", lambda n, _: f"{n}-{n + 100}", "unreadable"),
        Typed("addition", lambda n, _: f"{n}+15", "unreadable"),
        Typed("bad_groups", lambda n, _: f"{n // 10},23", "unreadable"),
        Typed("slip", lambda n, _: f"{n}?", "unreadable"),
        Typed("words", lambda *_: "见附件", "unreadable"),
    )
}

#: What people put into a cell instead of a figure: blank, with a warning.
DASHES = ("/", "—", "无", "-", "——", "－", "／")


# --- labels

_REWORDED = {
    "F1_1": "参加活动企业数", "F1_2": "参加活动求职人数", "F1_3": "提供就业岗位数",
    "F1_4": "岗位需求人数", "F1_5": "举办招聘活动场次", "F1_5_1": "线下招聘会",
    "F1_5_2": "线上招聘会", "F1_5_3": "直播带岗场次", "F1_6": "签订就业意向协议人数",
    "F1_7": "发放宣传材料份数",
    "F2_1": "走访就业困难人员、零就业家庭户数", "F2_2": "登记认定未就业困难人员数",
    "F2_3": "帮助困难人员实现就业人数", "F2_4": "认定零就业家庭户数",
    "F2_4_1": "消除零就业家庭户数", "F2_4_2": "零就业家庭实现就业人数",
    "F2_5": "困难人员享受政策人数", "F2_5_1": "企业吸纳人数", "F2_5_2": "灵活就业人员数",
    "F2_5_3": "公益性岗位安置人数", "F2_6": "招用困难人员并享受扶持政策的企业总数",
    "F3_1": "走访残疾人家庭户数", "F3_2": "登记失业残疾人数", "F3_3": "走访企业个数",
    "F3_4": "残疾人专场招聘会场次", "F3_5": "专场招聘会岗位数", "F3_6": "纳入年度培训计划残疾人数",
    "F3_7": "帮助残疾人实现就业人数", "F3_8": "按比例吸纳就业人数", "F3_9": "公益岗位个数",
    "F3_10": "残疾人享受专项扶持政策人数",
}  # fmt: skip
_SHORT = {
    "F1_1": "参加企业数", "F1_2": "求职者数", "F1_3": "岗位数", "F1_4": "需求人数",
    "F1_5": "招聘活动数", "F1_5_1": "线下", "F1_5_2": "线上", "F1_5_3": "直播带岗",
    "F1_6": "意向协议数", "F1_7": "宣传材料份数",
    "F2_1": "走访户数", "F2_2": "未就业困难人员数", "F2_3": "帮助就业人数",
    "F2_4": "零就业家庭户数", "F2_4_1": "消除户数", "F2_4_2": "实现就业人数",
    "F2_5": "享受政策人数", "F2_5_1": "企业招用",
    "F2_5_2": "灵活就业", "F2_5_3": "公益性岗位", "F2_6": "享受政策企业数",
    "F3_1": "走访家庭户数", "F3_2": "登记失业人数", "F3_3": "走访企业", "F3_4": "招聘会次数",
    "F3_5": "招聘会岗位数", "F3_6": "培训计划人数", "F3_7": "实现就业人数",
    "F3_8": "按比例吸纳人数", "F3_9": "公益岗位", "F3_10": "享受扶持政策人数",
}  # fmt: skip


def _brackets(opening: str, closing: str) -> Callable[[Item], str]:
    return lambda item: item.label.replace("（", opening).replace("）", closing)


def _bare(item: Item) -> str:
    """Without the bracket that ends it (人, 户数 …): 参加活动的求职者数."""
    head, bracket, rest = item.label.rpartition("（")
    return head if bracket and rest.endswith("）") and len(rest) <= 3 else item.label


def _broken(item: Item) -> str:
    half = len(item.label) // 2
    return item.label[:half] + "\n" + item.label[half:]


LABELS: dict[str, Callable[[Item], str]] = {
    "printed": lambda item: item.label,
    "half_width_brackets": _brackets("(", ")"),
    "square_brackets": _brackets("[", "]"),
    "tortoise_brackets": _brackets("〔", "〕"),
    "lenticular_brackets": _brackets("【", "】"),
    "bracket_spaced": _brackets(" ( ", " ) "),
    "bare": _bare,
    "spaced": lambda item: " ".join(item.label),
    "wide_spaced": lambda item: "\u3000".join(item.label),
    "broken": _broken,
    "broken_at_bracket": lambda item: item.label.replace("（", "\n（"),
    "colon": lambda item: item.label + "：",
    "with_measure": lambda item: f"{_bare(item)}（单位：{item.unit}）",
    "reworded": lambda item: _REWORDED[item.code],
    "short": lambda item: _SHORT[item.code],
}

#: Wordings other than the printed ones: they come with the printed number. Most are known by heart
#: (aliases); test_reading_labels.py has such that are not.
LOOSE_LABELS = frozenset({"reworded", "short"})


# --- the number before a label

_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩"
_IN_BRACKETS = "⓪⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽"

NUMBERINGS: dict[str, Callable[[int], str]] = {
    "dot": lambda n: f"{n}.",
    "enumeration_comma": lambda n: f"{n}、",
    "full_width_dot": lambda n: f"{n}．".translate(_FULL),
    "full_width_comma": lambda n: f"{n}、".translate(_FULL),
    "half_width_brackets": lambda n: f"({n})",
    "full_width_brackets": lambda n: f"（{n}）",
    "closing_bracket": lambda n: f"{n})",
    "chinese": lambda n: f"{in_chinese(n)}、",
    "chinese_brackets": lambda n: f"（{in_chinese(n)}）",
    "circled": lambda n: _CIRCLED[n],
    "enclosed": lambda n: _IN_BRACKETS[n],
    "dot_spaced": lambda n: f" {n} . ",
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How one person fills in: names of a number style, a label style and a numbering.

    odd: item code → another number style for that one item; raws: item code → what is typed there
    whatever the figure.
    """

    number: str = "plain"
    label: str = "printed"
    numbering: str = "dot"
    odd: tuple[tuple[str, str], ...] = ()
    raws: tuple[tuple[str, str], ...] = ()

    def typed(self, item: Item, value: int | None) -> str | int | float:
        """The figure as this person types it; nothing where there is none."""
        if (raw := dict(self.raws).get(item.code)) is not None:
            return raw
        if value is None:
            return ""
        name = dict(self.odd).get(item.code, self.number)
        return (NUMBERS | DOUBTED | UNREADABLE)[name].write(value, item)

    def wording(self, item: Item) -> str:
        """The label without number and 其中."""
        return LABELS[self.label](item)

    def numbered(self, item: Item) -> str:
        """The label with its number in front, where the form prints one."""
        prefix = NUMBERINGS[self.numbering](int(item.number)) if item.number else ""
        return prefix + self.wording(item)
