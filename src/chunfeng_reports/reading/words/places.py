"""Places: which region a text names — a title, a label cell, a folder, a file name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    r"人力资源(?:和|与)?社会保障|人社|人力资源|社会保障|公共就业|就业|人才|服务|中心|残疾人(?:联合会)?|残联"
    r"|(?:[0-9]{1,2}月)?[0-9]{1,2}[日号]|区县|功能区|填报单位|单位|名称|全称|请|选择|填写|此处|盖章|公章|签章|本级|街道|镇街|合计|总计|小计|[省市区县局部厅处科章某全各本]|\W|[_A-Za-z0-9]"
)
#: What a cell that looks like a label of the unit may head instead: the columns of a table.
_HEAD_WORD = re.compile(r"项目|指标|数[量值据]?$|序号|备注|内容|万|^[个人户元家份次场张]+$")


#: A smaller place right behind a unit's name: 历下区泉城路街道, 青岛市市南区 (under a city alone).
_AFTER = (
    r"(?=$|[^\u4e00-\u9fff]|办|人民政府|政府|人力|人社|就业|残|公共|人才|劳动|统计|春风|第|汇总|报表"
    r"|上报|附件|阶段|总结|活动|整体|管委会)"
)
_INNER = r"(?:(?!局|社|就业|中心|统计|情况|活动|街道|乡镇|合计|汇总|[区县])[\u4e00-\u9fff])"
_NO_NAME = (
    r"(?!各|所[属辖]|辖[区内]|下[属辖]|直属|全部|全[区县市体]|基层|分|按|及|与|等|本[区县市级])"
)
_STREET = re.compile(
    rf"{_NO_NAME}{_INNER}{{1,6}}?(?:街道|(?<![城乡集市小])镇|(?<![返回下城还离老家异外故])乡|苏木|开发区)"
    rf"{_AFTER}"
)
_DISTRICT = re.compile(
    rf"{_NO_NAME}(?!上?报|上级|呈|[发报]?送|我|该|市[区县]|(?:革命|沂蒙|贫困)?[老山城郊片小景校灾]区"
    rf"|贫困县){_INNER}{{1,5}}?(?:区|县|市|旗){_AFTER}"
)
#: What stands behind a figure; behind a code may stand 人社局.
_MEASURED = re.compile("人次|人(?![力社才事民])|名(?![单称录])|[户个家份场次元万亿%]")
_SUFFIX = ("区", "县", "市", "旗", "州", "盟", "省")
#: Texts looked up are many, and few of them different.
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says of place: a unit of ours, or a region that is none, or nothing.

    unit: the unit's code, or empty; other: the name of a region that is no unit of ours (one above
    our units is no contradiction, so it is told apart: ``above``); code: the region's code, where
    it is one that we know, else that of the unit in which it lies, if any; several: the codes of
    all regions named, where no single one is meant; namesakes: whether these are units that one
    name is common to.
    """

    unit: str = ""
    other: str = ""
    above: bool = False
    code: str = ""
    several: tuple[str, ...] = ()
    namesakes: bool = False

    @property
    def silent(self) -> bool:
        """Whether the text names no region, or not one alone."""
        return not self.unit and not self.other


NO_PLACE = Place()


@dataclass(frozen=True, slots=True)
class Others:
    """The short names of regions that are neither a unit nor around it.

    shorts: every region's short name, with the codes of those called so, and longest, how long
    they get: the same for all units, however many. around: codes of the unit and what it lies in;
    names: the unit's own.
    """

    shorts: Mapping[str, frozenset[str]]
    longest: int = 0
    around: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def begin(self, text: str) -> bool:
        """Whether a text begins with one of them."""
        return any(
            short not in self.names and not codes <= self.around
            for n in range(1, min(self.longest, len(text)) + 1)
            if (codes := self.shorts.get(short := text[:n])) is not None
        )


NO_OTHERS = Others({})


@dataclass(frozen=True, slots=True)
class _Met:
    """A name met in a text, and the regions that are called so."""

    start: int
    end: int
    codes: tuple[str, ...]


class Places:
    """The regions that a desk knows, by every name and code that people write."""

    def __init__(self, desk: Desk) -> None:
        self._body = desk.body.code
        self._units = frozenset(desk.unit_codes)
        self._shorts = _shorts(desk)
        self._longest_short = max(map(len, self._shorts))
        self._regions = {r.code: r for r in desk.campaign.regions}
        self._ancestors = {r.code: frozenset(desk.ancestors(r)) for r in desk.campaign.regions}
        self._above = {a for unit in desk.units for a in self._ancestors[unit.code]}
        names: dict[str, list[str]] = defaultdict(list)
        whole: dict[str, list[str]] = defaultdict(list)
        for region in desk.campaign.regions:
            _learn(region, names, whole)
        self._names = {name: tuple(dict.fromkeys(codes)) for name, codes in names.items()}
        self._whole = {stem: tuple(dict.fromkeys(codes)) for stem, codes in whole.items()}
        # How long the names are that begin with two characters (none is shorter), longest first.
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[:2]].add(len(name))
        self._lengths = {start: sorted(some, reverse=True) for start, some in lengths.items()}
        self._firsts = re.compile(f"[{re.escape(''.join({name[0] for name in self._names}))}]")
        self._longest = lru_cache(maxsize=_REMEMBERED)(self._met_in)
        self._read = lru_cache(maxsize=_REMEMBERED)(self._place_in)
        self._strictly = lru_cache(maxsize=_REMEMBERED)(self._called)
        self._nobody = lru_cache(maxsize=_REMEMBERED)(self._unclear)

    def alone(self, text: str) -> Place:
        """The place that a text of nothing but a name means; 市中 will do for 市中区 here."""
        codes = self._whole.get(plain(text))
        return self._one_of(codes, plain(text)) if codes else self.within(text)

    def called(self, text: str) -> Place:
        """The place that a text names, where it holds no more than that: name and office."""
        return self._strictly(text)

    def _called(self, text: str) -> Place:
        place = self.alone(text)
        unsaid = place.silent and not place.namesakes
        if unsaid or _NOBODY.sub("", self.without_names(text)):
            named_whole = plain(text) in self._whole
            return place if named_whole else NO_PLACE
        return place

    def maker(self, text: str) -> Place:
        """The place that the name of a file's author means; 王长清 is a person, 长清 the district.

        A name in full (长清区人社局王某) will do wherever it stands.
        """
        full = [text_ for text_ in self._met_texts(text) if text_.endswith(_SUFFIX)]
        return self.within(text) if full else self.called(text)

    def unclear(self, text: str) -> bool:
        """Whether a unit's cell names somebody, and not one region that is known.

        An empty cell, a form's own words (区县人社局) and the rest of a line (填报人) name nobody.
        """
        return self._nobody(text)

    def _unclear(self, text: str) -> bool:
        text = plain(text)
        text = _BESIDE.split(text)[0]
        if not self.alone(text).silent or _HEAD_WORD.search(squeeze(text)):
            return False
        return len(_NOBODY.sub("", text)) >= 2

    def within(self, text: str) -> Place:
        """The one place that a text names. A place within a place (济南市历下区) is the smaller.

        A name that follows a region which does not hold it (青岛市市中区) means another place of
        that name; a street or a district behind a unit's name (历下区泉城路街道) is not the unit.
        Several units named, or a name that several have: nothing is said.
        """
        return self._read(text)

    def agrees(self, place: Place, unit: str, *, parts_too: bool = False) -> bool:
        """Whether a place named can be meant where the unit is: it, what holds it, or one of more.

        parts_too: a region within the unit will do as well.
        """
        if place.silent:
            near = self._ancestors[unit] | {unit}
            return not place.several or not near.isdisjoint(place.several)
        if place.unit or not place.code:
            return place.unit == unit
        inside = place.code == unit or unit in self._ancestors[place.code]
        return parts_too if inside else place.code in self._ancestors[unit]

    def among(self, place: Place, around: Sequence[Place]) -> Place:
        """Of units that share a name, the one that is meant beside other places; else the same.

        One that another place is goes before one that lies in all the regions named: 南京市's
        folder tells which 鼓楼区 a file in it means.
        """
        if not place.namesakes:
            return place
        regions = {one.code for one in around if one.above}
        named = {one.unit for one in around} & set(place.several)
        near = named or {code for code in place.several if regions <= self._ancestors[code]}
        return self._place(near.pop()) if len(near) == 1 else place

    def is_body(self, place: Place) -> bool:
        """Whether it is the body itself: what it sends to itself is no unit's return."""
        return place.code == self._body

    def others(self, unit: str, names: Iterable[str]) -> Others:
        """The short names of regions that are neither the unit, by any of its names, nor around."""
        around = self._ancestors[unit] | {unit}
        return Others(self._shorts, self._longest_short, around, frozenset(names))

    def without_names(self, text: str) -> str:
        """A text in plain form, without the names and codes of regions in it."""
        text = plain(text)
        kept, end = [], 0
        for met in self._longest(text):
            kept.append(text[end : met.start])
            end = met.end
        return "".join((*kept, text[end:]))

    def _met_texts(self, text: str) -> list[str]:
        text = plain(text)
        return [text[met.start : met.end] for met in self._longest(text)]

    def _place_in(self, text: str) -> Place:
        text = plain(text)
        if text in self._names:
            return self._one_of(self._names[text], text)
        found = self._resolved(list(self._longest(text)))
        if not found:
            return NO_PLACE
        for before, after in pairwise(found):
            if self._foreign(before, after, text):
                return Place(other=text[before.start : after.end])
        codes = {code for met in found for code in met.codes}
        smallest = codes - {above for code in codes for above in self._ancestors[code]}
        if len(smallest) != 1:
            return self._several(tuple(sorted(smallest)), *found)
        code = smallest.pop()
        return self._smaller(code, found, text) or self._place(code)

    def _resolved(self, found: list[_Met]) -> list[_Met]:
        """Names that several regions have: those within a region named beside, else ours."""
        sure = {met.codes[0] for met in found if len(met.codes) == 1}
        return [met if len(met.codes) == 1 else self._chosen(met, sure) for met in found]

    def _chosen(self, met: _Met, sure: set[str]) -> _Met:
        """Those that lie in most of the regions named beside, if in any; else those of ours."""
        around = {c: len(sure & self._ancestors[c]) for c in met.codes}
        most = max(around.values())
        codes = [c for c in met.codes if around[c] == most] if most else []
        codes = codes or [c for c in met.codes if c in self._units] or list(met.codes)
        return _Met(met.start, met.end, tuple(codes))

    def _one_of(self, codes: tuple[str, ...], text: str) -> Place:
        """The place of a name that stands alone."""
        (met,) = self._resolved([_Met(0, len(text), codes)])
        return self._place(met.codes[0]) if len(met.codes) == 1 else self._several(met.codes, met)

    def _several(self, codes: tuple[str, ...], *found: _Met) -> Place:
        one_name = any(set(codes) <= set(met.codes) for met in found)
        return Place(several=codes, namesakes=one_name and self._units.issuperset(codes))

    def _place(self, code: str) -> Place:
        if code in self._units:
            return Place(unit=code, code=code)
        return Place(other=self._regions[code].name, above=code in self._above, code=code)

    def _smaller(self, code: str, found: list[_Met], text: str) -> Place | None:
        """A place within a unit that we do not know by name: a street of a district of ours."""
        if code not in self._units:
            return None
        last = next(met for met in reversed(found) if code in met.codes)
        rest = text[last.end :]
        name = self._regions[code].name
        # 章丘市 is a district of today; the name as written tells as well.
        city = name.endswith(("市", "州", "盟", "省"))
        part = _STREET.match(rest) or (_DISTRICT.match(rest) if city else None)
        return Place(other=text[last.start : last.end] + part[0], code=code) if part else None

    def _foreign(self, before: _Met, after: _Met, text: str) -> bool:
        """Whether a name touches one before it that is no region around or within it."""
        one, two = before.codes[0], after.codes[0]
        if after.start > before.end or one == two or len(before.codes) > 1 or len(after.codes) > 1:
            return False
        if one in self._ancestors[two] or two in self._ancestors[one]:
            return False
        listed = text[: before.end].endswith(_SUFFIX) or not text[: after.end].endswith(_SUFFIX)
        return not (listed and {one, two} <= self._units)

    def _met_in(self, text: str) -> tuple[_Met, ...]:
        """Every name that is not part of a longer one."""
        found: list[_Met] = []
        reach = 0
        for met in self._firsts.finditer(text):
            start = met.start()
            for length in self._lengths.get(text[start : start + 2], ()):
                end = start + length
                name = text[start:end]
                if end > reach and name in self._names and not _within_digits(text, start, name):
                    reach = end
                    found.append(_Met(start, end, self._names[name]))
                    break
        return tuple(found)


def _shorts(desk: Desk) -> dict[str, frozenset[str]]:
    """Short name → the codes of the regions that are called so."""
    codes: dict[str, set[str]] = defaultdict(set)
    for region in desk.campaign.regions:
        codes[region.short].add(region.code)
    return {short: frozenset(some) for short, some in codes.items()}


def _learn(region: Region, names: dict[str, list[str]], whole: dict[str, list[str]]) -> None:
    """Note a region's names and codes, and the stems that will do where they stand alone."""
    for name in map(plain, (region.name, region.short, *region.aliases, *region.old_names)):
        if len(name) >= 2:  # 部, a made-up nation, stands in every other text
            names[name].append(region.code)
        stem = re.sub(r"(?:区|县|市)$", "", name)
        if len(stem) >= 2:
            whole[stem].append(region.code)
    for code in (region.code, *region.old_codes):
        names[code].append(region.code)


def _within_digits(text: str, start: int, name: str) -> bool:
    """Whether a code is a figure (141130人), or only a part of a longer number.

    Zeros that fill a code up make no longer number of it.
    """
    if not name[:1].isdigit():
        return False
    rest = text[start + len(name) :]
    if _MEASURED.match(rest):
        return True
    more = re.match(r"(?:000000)?(?=[0-9])", rest)
    return text[start - 1 : start].isdigit() or (more is not None and not rest.startswith("000000"))


@lru_cache(maxsize=_REMEMBERED)
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
