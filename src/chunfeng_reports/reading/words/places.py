"""Places: which region a text names — a title, a label cell, a folder, a file name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from chunfeng_reports.campaign import Desk, Region
from chunfeng_reports.reading.words.wording import plain, squeeze

_LABEL = re.compile(
    r"(?P<word>(?:填报|报送|上报|所属|所在|填表)?"
    r"(?:区县\(功能区\)|县\(市、?区\)|区\(市、?县\)|区\(县\)|县\(区\)|区县市?|县市?区|市县|地区|功能区|单位"
    r"|镇街|乡镇|街道|省份|省|市|县|区)"
    r"(?:名称|全称)?(?:\((?:盖章|公章|章)\))?)(?:(?P<colon>[::])(?P<rest>.*)|(?P<tail>.*))"
)
_LOOSE = re.compile(r"区县|县区|镇街|填报单位|报送单位|填报地区|功能区")
#: What stands beside a unit's name in its cell, and words of an office that name nobody.
_BESIDE = re.compile(
    r"(?:填[报表]|制表|经办|联系|负责|审核|统计)人|单位负责|(?:填报|报送|统计)?(?:时间|日期)|电话|审核|复核|制表|填表|单位:|20[0-9]{2}年"
)
_NOBODY = re.compile(
    r"人力资源(?:和|与)?社会保障|人社|人力资源|社会保障|公共就业|就业|人才|服务|中心|残疾人联合会|残联"
    r"|区县|功能区|填报单位|单位|名称|全称|请|选择|填写|此处|盖章|公章|签章|本级|街道|镇街|合计|总计|小计|[省市区县局部厅处科章某全各本]|\W|[_A-Za-z0-9]"
)
#: What a cell that looks like a label of the unit may head instead: the columns of a table.
_HEAD_WORD = re.compile(r"项目|指标|数[量值据]?$|序号|备注|内容|万|^[个人户元家份次场张]+$")


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says of place: a unit of ours, or a region that is none, or nothing.

    unit: the unit's code, or empty; other: the name of a region that is no unit of ours (one above
    our units is no contradiction, so it is told apart: ``above``).
    """

    unit: str = ""
    other: str = ""
    above: bool = False

    @property
    def silent(self) -> bool:
        """Whether the text names no region at all."""
        return not self.unit and not self.other


NO_PLACE = Place()


class Places:
    """The regions that a desk knows, by every name and code that people write."""

    def __init__(self, desk: Desk) -> None:
        self._units = frozenset(desk.unit_codes)
        self._ancestors = {r.code: desk.ancestors(r) for r in desk.campaign.regions}
        self._above = {a for unit in desk.units for a in self._ancestors[unit.code]}
        self._names: dict[str, Region] = {}
        self._whole: dict[str, Region] = {}
        # Our own units come last: where two regions share a name, ours is meant.
        for region in sorted(desk.campaign.regions, key=lambda r: r.code in self._units):
            self._learn(region)
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)

    def _learn(self, region: Region) -> None:
        names = (region.name, region.short, *region.aliases, *region.old_names)
        for name in names:
            if len(plain(name)) >= 2:  # 部, a made-up nation, stands in every other text
                self._names[plain(name)] = region
            stem = re.sub(r"(?:区|县|市)$", "", plain(name))
            if len(stem) >= 2:
                self._whole[stem] = region
        for code in (region.code, *region.old_codes):
            self._names[code] = region

    def alone(self, text: str) -> Place:
        """The place that a text of nothing but a name means; 市中 will do for 市中区 here."""
        text = plain(text)
        region = self._whole.get(text)
        return self._place(region) if region else self.within(text)

    def unclear(self, text: str) -> bool:
        """Whether a unit's cell names somebody, and not one region that is known.

        An empty cell, a form's own words (区县人社局) and the rest of a line (填报人) name nobody.
        """
        text = plain(text)
        text = _BESIDE.split(text)[0]
        if not self.alone(text).silent or _HEAD_WORD.search(squeeze(text)):
            return False
        return len(_NOBODY.sub("", text)) >= 2

    def within(self, text: str) -> Place:
        """The one place that a text names. A place within a place (济南市历下区) is the smaller.

        A name that follows a region which does not hold it (青岛市市中区) means another place of
        that name. Several units named: nothing is said.
        """
        found = list(self._longest(plain(text)))
        for before, after in pairwise(found):
            if self._foreign(before, after):
                return Place(other=before[2].name + after[2].name)
        codes = {region.code for _, _, region in found}
        smallest = codes - {above for code in codes for above in self._ancestors[code]}
        if len(smallest) != 1:
            return NO_PLACE
        code = smallest.pop()
        return self._place(next(region for _, _, region in found if region.code == code))

    def _place(self, region: Region) -> Place:
        if region.code in self._units:
            return Place(unit=region.code)
        return Place(other=region.name, above=region.code in self._above)

    def _foreign(self, before: tuple[int, int, Region], after: tuple[int, int, Region]) -> bool:
        touching = after[0] <= before[1]
        same = before[2].code == after[2].code
        return touching and not same and before[2].code not in self._ancestors[after[2].code]

    def _longest(self, text: str) -> Iterator[tuple[int, int, Region]]:
        """Start, end and region of every name that is not part of a longer one."""
        reach = 0
        for start in range(len(text)):
            for length in self._lengths:
                name = text[start : start + length]
                region = self._names.get(name)
                if region is None or start + length <= reach or _within_digits(text, start, name):
                    continue
                reach = start + length
                yield start, reach, region
                break


def _within_digits(text: str, start: int, name: str) -> bool:
    """Whether a code is only a part of a longer number (zeros that fill it up are not)."""
    if not name[:1].isdigit():
        return False
    rest = text[start + len(name) :]
    more = re.match(r"(?:000000)?(?=[0-9])", rest)
    return text[start - 1 : start].isdigit() or (more is not None and not rest.startswith("000000"))


def labelled(text: str) -> tuple[bool, str]:
    """Whether a cell is the label of a unit's name (``区县：``), and the name within it, if any."""
    match = _LABEL.fullmatch(plain(text))
    if match is None:
        return False, ""
    if match["colon"]:
        return True, match["rest"]
    tail = match["tail"]
    loose = _LOOSE.search(match["word"]) is not None
    return (not tail or loose), tail if loose else ""
