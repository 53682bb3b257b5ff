"""Numbers and dates as each language writes them. Pure.

Two languages with fixed forms need no library of locales: what is written here is the whole of it.
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_DASH: Final = "—"


def number(value: float | None, digits: int | None = None) -> str:
    """A number with its thousands parted by commas, as both languages write it here.

    >>> number(265800), number(-1234.5, 1), number(None), number(0.5)
    ('265,800', '-1,234.5', '—', '0.5')
    """
    if value is None:
        return _DASH
    if digits is None:
        return f"{value:,}"
    return f"{value:,.{digits}f}"


def share(value: float | None) -> str:
    """A share of one as per cent.

    >>> share(0.8374), share(1), share(None)
    ('83.7%', '100%', '—')
    """
    if value is None:
        return _DASH
    return f"{100 * value:.1f}".removesuffix(".0") + "%"


def day(value: str | date | None, lang: str) -> str:
    """A calendar day, a month or a year in words; what is none of these as it came.

    >>> day("2026-05-03", "zh"), day("2026-05-03", "en")
    ('2026年5月3日', '3 May 2026')
    >>> day("1998", "zh"), day("1998-04", "en"), day(None, "en"), day("-0200", "zh")
    ('1998年', 'April 1998', '—', '-0200')
    """
    text = value.isoformat() if isinstance(value, date) else (value or "")
    parts = text.split("-")
    if not text or not all(part.isdigit() for part in parts) or len(parts) > 3:  # noqa: PLR2004
        return text or _DASH
    year, month, of_month = [*(int(part) for part in parts), None, None][:3]
    if month is not None and not 1 <= month <= 12:  # noqa: PLR2004
        return text
    if lang != "en":
        shown = f"{year}年"
        shown += f"{month}月" if month else ""
        return shown + (f"{of_month}日" if of_month else "")
    words = [str(of_month) if of_month else "", _MONTHS[month - 1] if month else "", str(year)]
    return " ".join(filter(None, words))


def moment(value: str | None, lang: str) -> str:
    """A moment in UTC as the day and the minute in China.

    >>> moment("2026-05-03T17:30:00Z", "zh"), moment("2026-05-03T17:30:00Z", "en")
    ('2026年5月4日 01:30', '4 May 2026, 01:30')
    """
    if not value:
        return _DASH
    local = datetime.fromisoformat(value).astimezone(_CHINA)
    return f"{day(local.date(), lang)}{', ' if lang == 'en' else ' '}{local:%H:%M}"
