"""The calendar: dues as a reader writes them, and where they meet weekends and holidays."""

from __future__ import annotations

from datetime import date, timedelta

from chunfeng_reports.campaign import Campaign

_WEEKDAYS = "一二三四五六日"


def in_words(day: str | date) -> str:
    """A date as an official document writes it: ``2023年2月1日``."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.year}年{found.month}月{found.day}日"


def month_and_day(day: str | date) -> str:
    """A date without its year, where that is plain: ``2月1日``."""
    return in_words(day).partition("年")[2]


def moment(at: str) -> str:
    """A time of receipt (``2023-02-01 16:30``) in words: ``2023年2月1日16:30``.

    Midnight is what a register says that tells the day alone.
    """
    day, _, hour = at.partition(" ")
    return in_words(day) + hour.replace("00:00", "") if at else ""


def weekday(number: int) -> str:
    """A day of the week by its number, 1 to 7: ``周五``."""
    return f"周{_WEEKDAYS[number - 1]}"


def clash(campaign: Campaign, day: date) -> str:
    """Why a day is no working day (``星期六``, ``节假日``); empty where it is one."""
    if day in campaign.holidays:
        return "节假日"
    return f"星期{_WEEKDAYS[day.weekday()]}" if day.weekday() >= 5 else ""


def effective(campaign: Campaign, day: date) -> date:
    """The day up to whose end a due runs: itself, or under ``postpone`` the next working day."""
    while campaign.holiday_policy == "postpone" and clash(campaign, day):
        day += timedelta(days=1)
    return day
