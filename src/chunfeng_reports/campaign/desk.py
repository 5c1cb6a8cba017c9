"""The desk: a campaign as one body sees it — its tier, its units, its dues."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chunfeng_reports.campaign.models import Campaign, Expected, Item, Region, Round, Tier
from chunfeng_reports.campaign.naming import meant
from chunfeng_reports.errors import UseError


@dataclass(frozen=True)
class Desk:
    """A campaign seen from the desk of one body."""

    campaign: Campaign
    body: Region
    tier: Tier

    @classmethod
    def of(cls, campaign: Campaign, body: str) -> Desk:
        """The desk of the body with this code. UseError where no tier reports to it."""
        for tier in campaign.tiers:
            if body in tier.bodies:
                return cls(campaign, campaign.region_by_code[body], tier)
        known = "、".join(
            f"{code} {campaign.region_by_code[code].name}"
            for tier in campaign.tiers
            for code in tier.bodies
        )
        raise UseError(f"活动 {campaign.id} 中没有向 {body} 报送的单位；可用的汇总单位：{known}")

    @cached_property
    def units(self) -> tuple[Region, ...]:
        """Units that report to the body, in the order of the region table."""
        return tuple(
            region
            for region in self.campaign.regions
            if region.level == self.tier.level and self.body.code in self.ancestors(region)
        )

    @cached_property
    def unit_codes(self) -> tuple[str, ...]:
        """Codes of :attr:`units`."""
        return tuple(unit.code for unit in self.units)

    @cached_property
    def nodes(self) -> dict[str, tuple[str, ...]]:
        """Every region from the units' parents up to the body → codes of the units under it."""
        under: dict[str, list[str]] = {}
        for unit in self.units:
            for code in self.ancestors(unit):
                under.setdefault(code, []).append(unit.code)
                if code == self.body.code:
                    break
        order = [r.code for r in self.campaign.regions if r.code in under]
        return {code: tuple(under[code]) for code in order}

    @cached_property
    def dues(self) -> tuple[str, ...]:
        """The tier's dues as text, earliest first."""
        return tuple(sorted(str(round_.due) for round_ in self.tier.rounds))

    def round(self, due: str) -> Round:
        """The round of a due. UseError where the tier has none."""
        if (found := self._rounds.get(due)) is not None:
            return found
        raise UseError(f"{due} 不是{self.body.name}的报送期；可用：{'、'.join(self.dues)}")

    @cached_property
    def _rounds(self) -> dict[str, Round]:
        return {str(round_.due): round_ for round_ in self.tier.rounds}

    def unit(self, code: str | int) -> Region:
        """The unit with this code (an old code will do). UseError where it is none of ours.

        A number is taken as its digits: papermill's ``-p region 370102`` gives one.
        """
        region = self.campaign.region_by_code.get(str(code))
        if region is None or region.code not in self.unit_codes:
            known = "、".join(f"{unit.code} {unit.short}" for unit in self.units[:20])
            raise UseError(f"{code} 不是{self.body.name}的报送单位；可用：{known}")
        return region

    def unit_named(self, words: str | int) -> Region:
        """The unit with this code or name, or whose name alone has this part. UseError else."""
        wanted, body = str(words).strip(), self.body
        if (region := self.campaign.region_by_code.get(wanted)) in self.units:
            return region
        if wanted in (body.code, body.short, body.name):
            raise UseError(
                f"“{wanted}”是汇总单位{body.name}（{body.code}）自己，不是报送单位；"
                "它的数据是各单位的合计，见 rollup"
            )
        names = {u.code: (u.short, u.name, *u.aliases, *u.old_names) for u in self.units}
        return self.campaign.region_by_code[meant(wanted, names, what=f"{body.name}的报送单位")]

    def item_named(self, due: str, words: str) -> Item:
        """The item asked for at a due that has this code or name. UseError where there is none."""
        asked = self._asked(due)
        names = {code: self._called(item) for code, item in asked.items()}
        if words.strip() not in {name for code in names for name in (code, *names[code])}:
            self._refuse_of_other_dues(due, words.strip())
        return asked[meant(words, names, what=f"{due} 报送的指标")]

    def _refuse_of_other_dues(self, due: str, words: str) -> None:
        """UseError where these words are, in full, an item that other dues alone ask for."""
        for item in self.campaign.item_by_code.values():
            if words in (item.code, *self._called(item)):
                when = "、".join(other for other in self.dues if item.code in self._asked(other))
                raise UseError(
                    f"{due} 不要求报“{item.code} {item.short}”；要求报它的：{when or '没有'}"
                )

    def _asked(self, due: str) -> dict[str, Item]:
        return {item.code: item for form in self.expected_forms(due)
                for item in self.expected_items(due, form)}  # fmt: skip

    def _called(self, item: Item) -> tuple[str, ...]:
        return item.short, item.label, self.label(item)

    def earlier(self, due: str) -> tuple[str, ...]:
        """Dues before this one, earliest first."""
        return tuple(other for other in self.dues if other < due)

    def fed_by(self, due: str, unit: str) -> tuple[Tier, str] | None:
        """The tier that reports to a unit and its due that feeds this one; None where none does."""
        for tier in self.campaign.tiers:
            if tier.upper == self.tier.id and unit in tier.bodies:
                fed = (str(round_.due) for round_ in tier.rounds if str(round_.feeds) == due)
                if (found := next(fed, None)) is not None:
                    return tier, found
        return None

    def above(self, due: str) -> tuple[Desk, str] | None:
        """The desk that the body reports to, and its due that this one feeds; None where none."""
        feeds = self.round(due).feeds
        bodies = (body for tier in self.campaign.tiers if tier.id == self.tier.upper
                  for body in tier.bodies)  # fmt: skip
        desks = (Desk.of(self.campaign, body) for body in bodies) if feeds else iter(())
        desk = next((desk for desk in desks if self.body.code in desk.unit_codes), None)
        return (desk, str(feeds)) if desk else None

    def ancestors(self, region: Region) -> tuple[str, ...]:
        """Codes of the regions above one, nearest first."""
        found: list[str] = []
        while region.parent is not None:
            found.append(region.parent)
            region = self.campaign.region_by_code[region.parent]
        return tuple(found)

    def expects(self, due: str, form: str, unit: str) -> bool:
        """Whether this unit must file this form at this due."""
        expected = self.round(due).forms.get(form)
        return expected is not None and unit not in expected.not_from

    def expected_units(self, due: str, form: str) -> tuple[str, ...]:
        """Codes of the units that must file a form at a due."""
        expected = self.round(due).forms.get(form)
        if expected is None:
            return ()
        return tuple(code for code in self.unit_codes if code not in expected.not_from)

    def expected_items(self, due: str, form: str) -> tuple[Item, ...]:
        """Items of a form asked for at a due, in the form's order; empty: the document alone."""
        expected = self.round(due).forms.get(form)
        if expected is None:
            return ()
        return self._items(form, expected)

    def expected_forms(self, due: str) -> tuple[str, ...]:
        """Codes of the forms expected at a due, in the campaign's order."""
        asked = self.round(due).forms
        return tuple(form.code for form in self.campaign.forms if form.code in asked)

    def label(self, item: Item) -> str:
        """The item's label in this tier's edition of the form."""
        return item.labels.get(self.tier.id, item.label)

    def _items(self, form: str, expected: Expected) -> tuple[Item, ...]:
        items = self.campaign.form_by_code[form].items
        if expected.items is None:
            return items
        return tuple(item for item in items if item.code in expected.items)
