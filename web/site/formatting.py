"""Numbers, dates and positions as each language writes them, by Babel's locales (CLDR). Pure."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent

from web.site.catalogues import spoken, translate

CHINA: Final = "Asia/Shanghai"
_CHINA: Final = ZoneInfo(CHINA)
_DASH: Final = "—"
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
# English is written as in Britain: the day before the month, as in the documents of the register.
_WRITTEN: Final = {"en": Locale("en", "GB")}
_KEPT = 4096  # a page says the same few days and counts again and again


def written_in(lang: str) -> Locale:
    """The locale of a language's numbers and dates."""
    return _WRITTEN.get(lang) or spoken().of(lang).locale


@lru_cache(maxsize=_KEPT)
def number(value: float | None, lang: str, digits: int | None = None) -> str:
    """A number with its thousands parted.

    >>> number(265800, "zh"), number(-1234.5, "en", 1), number(None, "zh"), number(0.5, "en")
    ('265,800', '-1,234.5', '—', '0.5')
    """
    if value is None:
        return _DASH
    if digits is None:
        return format_decimal(value, locale=written_in(lang), decimal_quantization=False)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=written_in(lang))


@lru_cache(maxsize=_KEPT)
def share(value: float | None, lang: str) -> str:
    """A share of one as per cent.

    >>> share(0.8374, "zh"), share(1, "en"), share(None, "en")
    ('83.7%', '100%', '—')
    """
    return _DASH if value is None else format_percent(value, "#,##0.#%", locale=written_in(lang))


@lru_cache(maxsize=_KEPT)
def day(value: str | date | None, lang: str) -> str:
    """A calendar day, a month or a year in words; what is none of these as it came.

    >>> day("2026-05-03", "zh"), day("2026-05-03", "en")
    ('2026年5月3日', '3 May 2026')
    >>> day("1998", "zh"), day("1998-04", "en"), day(None, "en"), day("-0200", "zh")
    ('1998年', 'April 1998', '—', '-0200')
    """
    text = value.isoformat() if isinstance(value, date) else (value or "")
    found = _DAY.fullmatch(text)
    if found is None:
        return text or _DASH
    try:
        named = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return text
    locale = written_in(lang)
    if found[3]:
        return format_date(named, "long", locale)
    return format_skeleton("yMMMM" if found[2] else "y", named, locale=locale)


def moment(value: str | None, lang: str) -> str:
    """A moment in UTC as the day and the minute in China.

    >>> moment("2026-05-03T17:30:00Z", "zh"), moment("2026-05-03T17:30:00Z", "en")
    ('2026年5月4日 01:30', '4 May 2026, 01:30')
    """
    if not value:
        return _DASH
    local = datetime.fromisoformat(value).astimezone(_CHINA)
    clock = format_time(local, "HH:mm", _CHINA, written_in(lang))
    return translate("page.moment", lang).format(day=day(local.date(), lang), time=clock)


def position(lon: float, lat: float, lang: str) -> str:
    """A position for reading, longitude first; five decimals are about one metre.

    >>> position(111.703124, 40.8, "en"), position(-111.703124, 40.8, "zh")
    ('111.70312° E, 40.80000° N', '西经111.70312°，北纬40.80000°')
    """
    east, north = ("west", "east")[lon >= 0], ("south", "north")[lat >= 0]
    words = (
        translate(f"position.{way}", lang).format(degrees=number(abs(degrees), lang, 5))
        for way, degrees in ((east, lon), (north, lat))
    )
    return translate("position.pair", lang).format(**dict(zip(("lon", "lat"), words, strict=True)))
