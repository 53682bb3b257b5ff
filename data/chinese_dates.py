"""Days as letters and books write them (中文日期). Pure."""

from datetime import date


def chinese_date(day: date | None) -> str:
    """A day as letters write it; a blank to fill in where there is none.

    >>> chinese_date(date(2026, 5, 3))
    '2026年5月3日'
    """
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日"
