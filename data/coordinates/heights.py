"""Heights with their datum; kept apart from the horizontal verdict."""

import math
import re
from dataclasses import dataclass
from typing import Literal, Self

from data.coordinates.text import fold, parse_metres
from data.errors import InvalidValue

HeightDatum = Literal["yellow_sea_1985", "yellow_sea_1956", "ellipsoidal", "other", ""]
_SPELLINGS: tuple[tuple[HeightDatum, re.Pattern[str]], ...] = (
    ("ellipsoidal", re.compile(r"大地高|椭球高|ELLIPSOID|GPS高")),
    ("yellow_sea_1985", re.compile(r"85|5737")),
    ("yellow_sea_1956", re.compile(r"56|5736")),
)
_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0


@dataclass(frozen=True, slots=True)
class Height:
    """Metres above a height datum; `datum` is empty where nobody stated it."""

    value_m: float
    datum: HeightDatum
    text: str
    datum_text: str = ""

    @classmethod
    def parse(cls, text: str, datum_text: str = "") -> Self:
        """Read a height and its datum as people write them.

        Raises:
            InvalidValue: not a number, or no height on earth.

        Examples:
            >>> h = Height.parse("１０４５．２ m", "1985国家高程基准")
            >>> h.value_m, h.datum
            (1045.2, 'yellow_sea_1985')
        """
        value_m = parse_metres("height", text)
        if not (math.isfinite(value_m) and _LOWEST_M <= value_m <= _HIGHEST_M):
            raise InvalidValue(
                "height", text, "a height is between -500 and 9000 metres",
                "give metres above the height datum",
                f"高程“{text}”超出 -500–9000 米；请以米为单位填写",
            )  # fmt: skip
        return cls(value_m, _height_datum(datum_text), text, datum_text)


def _height_datum(text: str) -> HeightDatum:
    folded = fold(text).upper()
    if not folded:
        return ""
    return next((code for code, pattern in _SPELLINGS if pattern.search(folded)), "other")
