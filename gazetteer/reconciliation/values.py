"""What is asked of a match and what is answered, apart from how it is found and sent."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.errors import InvalidValue
from gazetteer.search import MAX_QUERY_CHARACTERS, Result

MOST_CANDIDATES: Final = 50


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One name of a table, with what else its row says about it. Make one with `query_of`.

    Attributes:
        name: the name as the row has it, or an identity such as `place/12`.
        type: the beginning of a category code, or `division`; empty for anything.
        division: a code or name of the division that the row states.
        lon, lat: degrees in the store's system, both or neither.
        limit: most candidates.
    """

    name: str
    type: str = ""
    division: str = ""
    lon: float | None = None
    lat: float | None = None
    limit: int = 5

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude, where the row has them."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


def query_of(values: Mapping[str, Any]) -> NameQuery:
    """A query from loose values: `name`, `type`, `division`, `lon`, `lat`, `limit`.

    Raises:
        InvalidValue: a value is not of its kind; the sentence names it.

    >>> query_of({"name": "大板镇", "lon": "118.6", "lat": "43.5"}).position
    (118.6, 43.5)
    """
    name = str(values.get("name") or "").strip()
    if not name or len(name) > MAX_QUERY_CHARACTERS:
        raise InvalidValue(
            "name",
            name,
            f"a name has 1 to {MAX_QUERY_CHARACTERS} characters",
            "give the name alone",
            f"名称应为 1 至 {MAX_QUERY_CHARACTERS} 个字符",
        )
    lon, lat = (
        _degrees(field, values.get(field), most) for field, most in (("lon", 180), ("lat", 90))
    )
    if (lon is None) != (lat is None):
        raise InvalidValue(
            "lon" if lon is None else "lat",
            "",
            "a position has a longitude and a latitude",
            "give both, or neither",
            "坐标应同时给出经度和纬度，或都不给",
        )
    limit = values.get("limit")
    return NameQuery(
        name=name,
        type=str(values.get("type") or ""),
        division=str(values.get("division") or "").strip(),
        lon=lon,
        lat=lat,
        limit=5 if limit in {None, ""} else _limit(limit),
    )


def _degrees(field: str, value: Any, most: int) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not abs(number) <= most:
        raise InvalidValue(
            field,
            value,
            f"a number of degrees within ±{most}",
            "write decimal degrees such as 111.65",
            f"{field} 应为 ±{most} 度以内的十进制度数",
        )
    return number


def _limit(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= MOST_CANDIDATES:
        raise InvalidValue(
            "limit",
            value,
            f"1 to {MOST_CANDIDATES} candidates",
            "give a whole number between them",
            f"候选数应为 1 至 {MOST_CANDIDATES}",
        )
    return number


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that speaks for or against a candidate: `name`, `distance`, `division`.

    `value` is between 0 and 1; `zh` and `en` say it in words.
    """

    id: str
    value: float
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place or division that a name may mean.

    Attributes:
        result: what was found, and how.
        score: 0 to 100, the weighted features.
        match: whether it may be taken without looking: it scores well and stands alone.
        features: what the score is made of.
    """

    result: Result
    score: float
    match: bool
    features: tuple[Feature, ...]

    @property
    def id(self) -> str:
        """Its identity: `place/12` or `division/3`."""
        return f"{self.result.feature}/{self.result.id}"

    def reason(self, language: str = "zh") -> str:
        """The features in one line, in `zh` or `en`."""
        told = [feature.zh if language == "zh" else feature.en for feature in self.features]
        return ("；" if language == "zh" else "; ").join(told)


@dataclass(frozen=True, slots=True)
class Matched:
    """The answer to one query: candidates, best first, and what was left unheeded."""

    candidates: tuple[Candidate, ...]
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The candidate that may be taken without looking, if there is one."""
        return next((one for one in self.candidates if one.match), None)
