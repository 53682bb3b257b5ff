"""What is asked of a match and what is answered, apart from how it is found and sent."""

from dataclasses import dataclass
from typing import Any, Final

from data.errors import InvalidValue
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.search import MAX_QUERY_CHARACTERS, Result

MOST_CANDIDATES: Final = 50
DEFAULT_CANDIDATES: Final = 5
PARENT: Final = "parent"
DISTANCE: Final = "distance"
_COLLECTIONS: Final = {"place": PLACES.id, "division": DIVISIONS.id}


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One name of a table, with what else its row says about it.

    Attributes:
        name: the name as the row has it, or an identity such as `places/12`. Without one, a
            position finds what is nearest.
        types: beginnings of category codes, `division` or `place`; any of them; none for all.
        divisions: codes, names or identities of divisions that the row states; any of them.
        lon, lat: degrees in the store's system, both or neither.
        limit: most candidates.
        required: features that a candidate must have: `parent` in a stated division,
            `distance` within five kilometres.
        every_type: whether a candidate must be of all the types.
    """

    name: str = ""
    types: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    limit: int = DEFAULT_CANDIDATES
    required: frozenset[str] = frozenset()
    every_type: bool = False

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude, where the row has them."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


def name_of(value: Any, field: str = "name") -> str:
    """A name of a query.

    Args:
        value: what was given.
        field: what its sender calls it.

    Raises:
        InvalidValue: it is empty or too long.
    """
    name = str(value or "").strip()
    if not name or len(name) > MAX_QUERY_CHARACTERS:
        raise InvalidValue(
            field,
            name,
            f"a name has 1 to {MAX_QUERY_CHARACTERS} characters",
            "give the name alone",
            f"名称应为 1 至 {MAX_QUERY_CHARACTERS} 个字符",
        )
    return name


def limit_of(value: Any, field: str = "limit") -> int:
    """How many candidates are wanted at most, five where nothing is said; no more than are given.

    Args:
        value: what was given.
        field: what its sender calls it.

    Raises:
        InvalidValue: it is no whole number from 1 on.
    """
    if value is None or value == "":
        return DEFAULT_CANDIDATES
    try:
        number = 0 if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        number = 0
    if number < 1 or number != float(value):
        raise InvalidValue(
            field,
            value,
            f"1 to {MOST_CANDIDATES} candidates",
            "give a whole number between them",
            f"候选数应为 1 至 {MOST_CANDIDATES}",
        )
    return min(number, MOST_CANDIDATES)


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that speaks for or against a candidate: `name`, `distance`, `parent`.

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
        """Its identity: `places/12` or `divisions/3`, as its own address ends."""
        return identity_of(self.result)

    def reason(self, language: str = "zh") -> str:
        """The features in one line, in `zh` or `en`."""
        told = [feature.zh if language == "zh" else feature.en for feature in self.features]
        return ("；" if language == "zh" else "; ").join(told)


def identity_of(result: Result) -> str:
    """The identity of a result: its collection and its number there."""
    return f"{_COLLECTIONS[result.feature]}/{result.id}"


def parse_identity(text: str) -> tuple[str, int] | None:
    """What an identity names: `place` or `division`, and the number; None where it is none.

    >>> parse_identity("places/12"), parse_identity("division/3"), parse_identity("包头/1")
    (('place', 12), ('division', 3), None)
    """
    kind, slash, number = text.partition("/")
    known = {plural: single for single, plural in _COLLECTIONS.items()}
    feature = known.get(kind, kind)
    sound = number.isascii() and number.isdecimal() and len(number) < 19  # noqa: PLR2004 - 64 bits
    return (feature, int(number)) if feature in _COLLECTIONS and slash and sound else None


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
