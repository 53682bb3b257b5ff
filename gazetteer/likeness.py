"""How two names are alike (重名、同音、异写), and within what the law wants them told apart. Pure.

The scopes are those of 地名管理条例 Art 9 (L753), as the table `name_scopes` lists them.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from data.reference import load_table
from data.reference.tables import kept
from gazetteer.names import fold, search_keys, split_name, tone_syllables

_CITY_PREFECTURES: Final = ("01", "20")
_CITY_ITSELF: Final = "00"
_DISTRICTS_END: Final = "21"
"""GB/T 2260: pairs 01 to 20 are prefecture-level cities, and districts under them."""


class DuplicateKind(StrEnum):
    """How two names are alike, the plainest first."""

    SAME_NAME = "same-name"
    SAME_SOUND_AND_TONE = "same-sound-and-tone"
    SAME_SOUND = "same-sound"
    SAME_FAMILY = "same-family"
    SAME_SPECIFIC = "same-specific"
    DOUBLE_REGISTRATION = "double-registration"


class Scope(StrEnum):
    """Within what two names must differ."""

    NATION = "nation"
    PROVINCE = "province"
    COUNTY = "county"
    TOWNSHIP = "township"
    BUILT_UP = "built-up"

    def area(self, division_code: str) -> str:
        """The beginning of the codes of the scope's area around a division.

        A built-up area (建成区) is no division: a city and all its districts together stand for
        it, elsewhere the county.

        >>> Scope.COUNTY.area("150423100201"), Scope.BUILT_UP.area("150102")
        ('150423', '1501')
        """
        if self is Scope.BUILT_UP:
            return division_code[: 4 if _is_in_city(division_code) else 6]
        return division_code[: _WIDTH[self]]

    def end(self, area: str) -> str:
        """What all codes of a county or built-up area lie before, and no code of another one.

        The codes of one area follow each other in the order of codes.

        >>> Scope.BUILT_UP.end("1501"), Scope.COUNTY.end("150423"), Scope.COUNTY.end("15")
        ('150121', '150423:', '15 ')
        """
        if len(area) >= _WIDTH[Scope.COUNTY]:
            return area + ":"
        return area + (_DISTRICTS_END if self is Scope.BUILT_UP and _is_city(area) else " ")

    def holds(self, division_code: str, other_code: str) -> bool:
        """Whether two divisions lie in one area of the scope."""
        return self.area(division_code) == self.area(other_code)


_WIDTH: Final = {Scope.NATION: 0, Scope.PROVINCE: 2, Scope.COUNTY: 6, Scope.TOWNSHIP: 9}


def _is_in_city(code: str) -> bool:
    """Whether a code is that of a city of prefecture level with six digits, or lies in a district.

    >>> [_is_in_city(code) for code in ("150100", "150102", "150121", "152201")]
    [True, True, False, False]
    """
    return _is_city(code) and _CITY_ITSELF <= code[4:6] < _DISTRICTS_END


def _is_city(code: str) -> bool:
    return _CITY_PREFECTURES[0] <= code[2:4] <= _CITY_PREFECTURES[1]


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """The scope of a class of names, with its source; `categories` begin the category code."""

    classes: tuple[str, ...]
    categories: tuple[str, ...]
    scope: Scope
    zh: str
    en: str
    source: str


@kept
def scope_rules(folder: Path | None = None) -> tuple[ScopeRule, ...]:
    """Every scope that the table `name_scopes` names."""
    return tuple(
        ScopeRule(
            tuple(row["classes"].split("|")),
            tuple(filter(None, row["categories"].split("|"))),
            Scope(row["scope"]),
            row["zh"],
            row["en"],
            row["source"],
        )
        for row in load_table("name_scopes", folder)
    )


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record in force with its standard name."""

    feature: str
    id: int
    name: str
    pinyin: str
    family: str
    division_code: str
    category_code: str
    lon: float | None = None
    lat: float | None = None

    @classmethod
    def of(
        cls, name: str, division_code: str, category_code: str, feature: str = "list"
    ) -> "NamedRecord":
        """A name that is no record of the register, with its keys.

        >>> NamedRecord.of("巴彦塔拉嘎查", "150423104", "216").pinyin
        'bayantalagacha'
        """
        keys = search_keys(name)
        return cls(feature, 0, name, keys.pinyin, keys.family, division_code, category_code)


def likeness(first: NamedRecord, second: NamedRecord) -> DuplicateKind | None:
    """How two names are alike; None where they are not.

    >>> one = NamedRecord.of("宁城村", "150423100", "216")
    >>> likeness(one, NamedRecord.of("凝城村", "150423101", "216"))
    <DuplicateKind.SAME_SOUND_AND_TONE: 'same-sound-and-tone'>
    """
    if fold(first.name) == fold(second.name):
        return DuplicateKind.SAME_NAME
    if first.pinyin and first.pinyin == second.pinyin:
        if tone_syllables(first.name) == tone_syllables(second.name):
            return DuplicateKind.SAME_SOUND_AND_TONE
        return DuplicateKind.SAME_SOUND
    if first.family and first.family == second.family:
        return DuplicateKind.SAME_FAMILY
    return None


def specific_of(name: str) -> str:
    """The folded specific part of a name (专名), wings and peoples left out.

    >>> specific_of("新华东路"), specific_of("莫力达瓦达斡尔族自治旗")
    ('新华', '莫力达瓦')
    """
    return split_name(fold(name)).specific
