"""A campaign as data: forms, items, tiers, dues, regions and readings of one year's notice."""

from chunfeng_reports.campaign.desk import Desk
from chunfeng_reports.campaign.faults import find_faults
from chunfeng_reports.campaign.models import (
    Campaign,
    Expected,
    Form,
    Item,
    Outline,
    Reading,
    Region,
    Round,
    Tier,
    Topic,
    Weekly,
)

__all__ = [
    "Campaign",
    "Desk",
    "Expected",
    "Form",
    "Item",
    "Outline",
    "Reading",
    "Region",
    "Round",
    "Tier",
    "Topic",
    "Weekly",
    "find_faults",
]
