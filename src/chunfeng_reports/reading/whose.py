"""Whose: the unit that a form belongs to — by content, properties, folder and name, in this order.

Whatever else names a place is held against it: a file made from a neighbour's keeps the neighbour's
name somewhere, and may keep its figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from chunfeng_reports.facts import Fate
from chunfeng_reports.reading.grids import Content
from chunfeng_reports.reading.layouts.tables import unknown_unit
from chunfeng_reports.reading.recognised import Doubt, Recognised, Seen
from chunfeng_reports.reading.words.places import NO_PLACE, Place, labelled
from chunfeng_reports.reading.words.shown import shown
from chunfeng_reports.reading.words.vocabulary import Vocabulary
from chunfeng_reports.reading.words.wording import plain

Kind = Literal["content", "property", "maker", "path"]

#: Properties that name a person or an office rather than say what the file is about.
_PERSONS = frozenset({"作者", "最后保存者", "经理", "创建者"})
_LONGEST_PROPERTY = 80
_LONGEST_LINE = 40
_LONGEST_SIGNATURE = 30
_TOTAL = re.compile(r"\W*[各全]?[市省区县]*(?:合计|总计|小计|汇总|共计|总数|全[市省])表?\W*")


_ALL_OF_THEM = re.compile(
    r"(?:各[区县市]|区县|县区|县市区|各单位).{0,3}[及和与含、(]|等[0-9一二三四五六七八九十]*个?(?:[区县]|单位)"
)
_NO_SIGNATURE = re.compile(r"抄[送报]|主送|[报送]:|附|注:|联系")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says of place: the source in words, what kind it is, and the place."""

    source: str
    place: Place
    kind: Kind = "content"

    @property
    def telling(self) -> bool:
        """Whether it names one region that is not above our units."""
        return not self.place.silent and not self.place.above


@dataclass(frozen=True, slots=True)
class Tied:
    """A form's unit, the doubts on that, and what each source said."""

    unit: str
    doubts: tuple[Doubt, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Untied:
    """Why a form is no unit's return, and what becomes of it.

    unit: the unit that something names all the same; name: whom the form names, where it is one of
    several in a table; told: whether it is a finding as well (a row of totals is none).
    """

    reason: str
    fate: Fate = "refuse"
    unit: str = ""
    name: str = ""
    told: bool = True


def ties(
    found: Sequence[Recognised], content: Content, path: PurePosixPath, words: Vocabulary
) -> list[Tied | Untied]:
    """For each form of one file, in order: whose it is, or why it is nobody's."""
    own = [list(_own_evidence(one, words)) for one in found]
    said = [next((e.place.unit for e in each if e.telling), "") for each in own]
    collected = _is_collection(found, said)
    around = list(_evidence_around(content, path, words, collected=collected))
    tied: list[Tied | Untied] = []
    for one, evidence in zip(found, own, strict=True):
        if one.shared:
            told = [e for e in around if e.kind in ("property", "path")]
            tied.append(_shared(one, evidence, told, words))
            continue
        every = [*evidence, *_beside(one, content, said, words, collected=collected), *around]
        tied.append(_single(one, every, content, words, collected=collected))
    return tied


def named_place(path: PurePosixPath, words: Vocabulary) -> Place:
    """The place that a file's name, or else the folder it lies in, names."""
    *folders, name = _told_apart(list(_path_evidence(path, words)), words)
    return next((e.place for e in (name, *folders) if e.telling), NO_PLACE)


def _is_collection(found: Sequence[Recognised], said: Sequence[str]) -> bool:
    """Whether a file holds a form for several units, as a body that collects makes one."""
    units: dict[str, set[str]] = defaultdict(set)
    for one, unit in zip(found, said, strict=True):
        if unit:
            units[one.form].add(unit)
    return any(one.shared for one in found) or any(len(some) > 1 for some in units.values())


# --- deciding


def _shared(
    one: Recognised, evidence: list[Evidence], around: list[Evidence], words: Vocabulary
) -> Tied | Untied:
    """Whose a row or column of a collected table is: only its own head tells."""
    first = next((e for e in evidence if e.telling), None)
    if first is not None and first.place.unit:
        return _settled(one, first, [*evidence, *around], words, collected=True)
    name = "、".join(one.unit_texts)
    if first is not None:
        return Untied(_not_ours(first.place), name=name)
    if any(e.place.above for e in evidence) or _TOTAL.fullmatch(plain(name)):
        return Untied("合计，不作为报送单位的表", "ignore", name=name, told=False)
    whom = f"“{shown(name)}”" if name else "其中没有单位名称的一份"
    return Untied(f"认不出{whom}是哪个报送单位，请核对单位名称", name=name)


def _single(
    one: Recognised, said: list[Evidence], content: Content, words: Vocabulary, *, collected: bool
) -> Tied | Untied:
    """Whose a form is that stands alone: the first source that names a unit tells.

    Who made the file is not asked where anything else names the body: its own tables are made by
    people of all places.
    """
    said = _told_apart(said, words)
    above = [e for e in said if e.place.above]
    telling = [e for e in said if e.telling and not (e.kind == "maker" and above)]
    if not telling:
        return _nobodys(one, said, words, collected=collected)
    first = telling[0]
    if not first.place.unit:
        unit = next((e.place.unit for e in telling if e.place.unit), "")
        return Untied(_not_ours(first.place), unit=unit)
    tied = _settled(one, first, said, words, collected=collected)
    unclear = _unclear_in_text(one, content.paragraphs, words)
    return replace(tied, doubts=(*tied.doubts, *unclear))


def _told_apart(said: list[Evidence], words: Vocabulary) -> list[Evidence]:
    """The evidence, with units of one name told apart by what the rest names.

    Where whoever made the file sits says nothing of that.
    """
    if not any(e.place.namesakes for e in said):
        return said
    around = [e.place for e in said if e.kind != "maker"]
    return [replace(e, place=words.places.among(e.place, around)) for e in said]


def _settled(
    one: Recognised, first: Evidence, said: Sequence[Evidence], words: Vocabulary, *,
    collected: bool,
) -> Tied:  # fmt: skip
    """The unit that the first source names, and a doubt where any other says otherwise."""
    unit = first.place.unit
    against = [e for e in said
               if not words.places.agrees(e.place, unit, parts_too=e.kind == "maker")]  # fmt: skip
    doubts = (_disagreement(one, first, against, words, collected),) if against else ()
    seen = tuple(_seen(first, against, said, words)) if words.telling else ()
    return Tied(unit, doubts, seen)


def _seen(
    first: Evidence, against: list[Evidence], said: Iterable[Evidence], words: Vocabulary
) -> Iterator[Seen]:
    """What each source that names a place said, and what it was good for."""
    for one in said:
        if not one.place.silent:
            use = "采用" if one is first else "不符" if one in against else "相符"
            why = "上级名称，不作依据" if one.place.above else use
            taken = "" if one.place.above else _named(one.place, words)
            yield Seen("", one.source, "单位", taken, why)


def _nobodys(
    one: Recognised, said: list[Evidence], words: Vocabulary, *, collected: bool
) -> Untied:
    above = [e for e in said if e.place.above]
    total = bool(_TOTAL.fullmatch(plain(one.sheet)))
    if collected and (above or total):
        return Untied("汇总表，不作为报送单位的表", "ignore", told=False)
    if any(words.places.is_body(e.place) and e.kind == "content" for e in above):
        name = words.desk.body.name
        return Untied(f"只写了{name}，是本级的表或没有写明单位，请在表内写明报送单位后重新报送")
    if any(e.place.namesakes for e in said):
        return Untied("有几个报送单位同名，看不出是哪一个，请在表内写明上级和单位名称后重新报送")
    only = f"只写了{above[0].place.other}，" if above else ""
    return Untied(f"{only}看不出是哪个报送单位的表，请在表内写明单位名称后重新报送")


def _not_ours(place: Place) -> str:
    return f"非本级报送单位（{shown(place.other)}），请核对报送渠道"


def _disagreement(
    one: Recognised, first: Evidence, against: list[Evidence], words: Vocabulary, collected: bool
) -> Doubt:
    """One doubt that tells every source that names another place than the first does."""
    name = words.region_name(first.place.unit)
    others = [(e.source, _named(e.place, words)) for e in against]
    told = "，".join(f"{source}写的是{other}" for source, other in dict.fromkeys(others))
    what = "文件里有几个单位的表，" if collected else ""
    message = (
        f"{what}{first.source}写的是{name}，{told}；已按{name}的表读取，"
        "请核实是哪个单位的数字后重新报送"
    )
    return Doubt("reading.unit_disagrees", "critical", message, tuple(one.figures), value=name,
                 expected="、".join(dict.fromkeys(other for _, other in others)),
                 sheet=one.sheet, about=against[0].source)  # fmt: skip


def _named(place: Place, words: Vocabulary) -> str:
    if place.several:
        return "、".join(map(words.region_name, place.several))
    return words.region_name(place.unit) if place.unit else shown(place.other)


# --- what speaks of place


def _own_evidence(one: Recognised, words: Vocabulary) -> Iterator[Evidence]:
    """What a form itself says: its label cells, its title, its sheet's name."""
    places = words.places
    if one.layout == "prose":
        yield Evidence("标题", places.within(one.title))
        return
    yield from _label_evidence(one, words)
    if not one.shared:
        yield Evidence("表题", places.within(one.title))
        yield Evidence("工作表名称", places.within(one.sheet))


def _label_evidence(one: Recognised, words: Vocabulary) -> Iterator[Evidence]:
    """The place in a form's label cells; others there, where a text is nothing but a name.

    A remark beside the figures (与历城区联合举办) mentions a place and is no label.
    """
    strict = [words.places.called(text) for text in one.unit_texts]
    loose = [words.places.alone(text) for text in one.unit_texts]
    ranked = sorted(
        (place for place in (*strict, *loose) if not place.silent), key=lambda p: p.above
    )
    named = (place for place in strict if not place.silent or place.namesakes)
    for place in dict.fromkeys((*ranked[:1], *named)):
        yield Evidence("表内", place)


def _beside(
    one: Recognised, content: Content, said: Sequence[str], words: Vocabulary, *, collected: bool
) -> Iterator[Evidence]:
    """What stands beside a form in its file: a document's text, the other forms, a signature."""
    if collected:
        return
    if one.layout == "prose":
        for paragraph in content.paragraphs[-3:]:
            text = plain(paragraph)
            if len(text) <= _LONGEST_SIGNATURE and not _NO_SIGNATURE.match(text):
                yield Evidence("落款", words.places.within(paragraph))
    elif content.paragraphs:
        yield Evidence("正文", _place_in_text(content.paragraphs, words))
    for unit in dict.fromkeys(filter(None, said)):
        yield Evidence("同一文件的其他表", Place(unit=unit, code=unit))


def _evidence_around(
    content: Content, path: PurePosixPath, words: Vocabulary, *, collected: bool
) -> Iterator[Evidence]:
    """What a file's properties, its folders and its name say, in the order in which they count."""
    yield Evidence("文件属性", words.places.within(content.property_of("region")), "property")
    # Whoever collects the forms of several units goes on from the file of one.
    for what, text in () if collected else content.authorship:
        if len(text) <= _LONGEST_PROPERTY:
            named = words.places.maker if what in _PERSONS else words.places.within
            yield Evidence(f"文件属性“{what}”", named(text), "maker")
    yield from _path_evidence(path, words)


def _path_evidence(path: PurePosixPath, words: Vocabulary) -> Iterator[Evidence]:
    """Folders, the nearest first (an archive is one), then the file's name."""
    *folders, name = path.parts
    for folder in reversed(folders):
        yield Evidence("所在文件夹", _place_in_name(folder, words), "path")
    yield Evidence("文件名", _place_in_name(name, words), "path")


def _place_in_name(name: str, words: Vocabulary) -> Place:
    """The place that a name means; 各区县和高新区 names all, not the one that stands last."""
    return NO_PLACE if _ALL_OF_THEM.search(plain(name)) else words.places.within(name)


def _place_in_text(paragraphs: Iterable[str], words: Vocabulary) -> Place:
    """The place that the text around a document's tables names in a label or a short line.

    A name that several units have will do where a label has it and nothing else names a place.
    """
    common = NO_PLACE
    for paragraph in paragraphs:
        label = labelled(paragraph)[1]
        place = words.places.within(
            label or (paragraph if len(plain(paragraph)) <= _LONGEST_LINE else "")
        )
        if not place.silent:
            return place
        if label and place.namesakes:
            common = place
    return common


def _unclear_in_text(
    one: Recognised, paragraphs: tuple[str, ...], words: Vocabulary
) -> tuple[Doubt, ...]:
    """A doubt on the unit's name over a document's table that is no region known, or several."""
    place = _place_in_text(paragraphs, words)
    if one.layout == "prose" or not place.silent or place.namesakes:
        return ()
    names = (labelled(paragraph)[1] for paragraph in paragraphs)
    return tuple(unknown_unit(name, one.sheet) for name in names if words.places.unclear(name))[:1]
