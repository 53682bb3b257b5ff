"""Legal deadlines: calendar days and months, counted in China's time.

Pure, but for `today`, with which the two doors (commands and HTTP) ask what day it is.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
_MONTHS_A_YEAR: Final = 12


def add_months(day: date, months: int) -> date:
    """The last day of a period of months that starts on `day`.

    It is the same day of the month in which the period ends, or that month's last day where the
    month has no such day (民法典 Art 202). The day of the start does not count (Art 201).

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2023, 12, 31), 2)
    (datetime.date(2024, 2, 29), datetime.date(2024, 2, 29))
    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """The last day of a period of calendar days that starts on `day`, which does not count.

    >>> add_days(date(2024, 2, 20), 15)
    datetime.date(2024, 3, 6)
    """
    return day + timedelta(days=days)


def day_in_china(moment: datetime) -> date:
    """The calendar day of a moment (with its zone) in Asia/Shanghai.

    >>> from datetime import UTC
    >>> day_in_china(datetime(2023, 12, 31, 16, 0, tzinfo=UTC))
    datetime.date(2024, 1, 1)
    """
    return moment.astimezone(CHINA).date()


def today() -> date:
    """The calendar day in China now; rooms below the doors are told it."""
    return day_in_china(datetime.now(UTC))
