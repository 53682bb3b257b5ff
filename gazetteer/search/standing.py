"""The standing of a named thing (地名的层级): what comes first among equally good matches."""

from functools import cache
from typing import Final

REGION, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = 0, 1, 2, 3, 4
FEATURE, SITE, FACILITY, UNIT, UNKNOWN = 5, 6, 7, 8, 9
FORMER: Final = 10
"""Added for what is no longer in use, so that it follows everything that is."""

_OF_LEVEL: Final = {
    "region": REGION,
    "prefecture": PREFECTURE,
    "county": COUNTY,
    "township": TOWNSHIP,
    "village": VILLAGE,
}
# By the longest beginning of the category code (GB/T 18521 as the table place_categories has
# it): 21 areas, 22 settlements, 1 natural features, 25 sites, 23 and 24 works, 26 and 27.
_OF_CATEGORY: Final = {
    "212": REGION,
    "213": PREFECTURE,
    "214": COUNTY,
    "215": TOWNSHIP,
    "216": VILLAGE,
    "21": SITE,
    "221": VILLAGE,
    "22": FEATURE,
    "1": FEATURE,
    "25": SITE,
    "23": FACILITY,
    "24": FACILITY,
    "26": UNIT,
    "276": VILLAGE,
    "27": UNIT,
}


def division_standing(level: str) -> int:
    """The standing of a division by its level."""
    return _OF_LEVEL.get(level, VILLAGE)


@cache
def place_standing(category_code: str | None, status: str | None) -> int:
    """The standing of a place by its category, below everything else when it is former."""
    code = category_code or ""
    sizes = range(min(len(code), 3), 0, -1)
    found = next((_OF_CATEGORY[code[:n]] for n in sizes if code[:n] in _OF_CATEGORY), UNKNOWN)
    return found + (FORMER if status == "former" else 0)
