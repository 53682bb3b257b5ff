"""Generic terms (通名): what stands at the end of a name and says what kind of thing it is."""

from dataclasses import dataclass
from functools import cache, lru_cache

from gazetteer.names.tables import generics_table


@dataclass(frozen=True, slots=True)
class Generic:
    """A word that is written apart from the specific part (专名).

    Attributes:
        text: such as 旗, 苏木, 水库.
        pinyin: as the 1984 rules write it, with tone marks.
        kind: division, modifier (左翼), ethnic (达斡尔族), water, nature, settlement, street,
            facility.
        level: of a division: region, prefecture, county, township or village.
        meaning_en: in English.
    """

    text: str
    pinyin: str
    kind: str
    level: str
    meaning_en: str


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name cut into specific part, modifiers and generic part.

    >>> parts = split_name("科尔沁左翼中旗")
    >>> parts.specific, [m.text for m in parts.modifiers], parts.generic.text
    ('科尔沁', ['左翼'], '中旗')
    """

    specific: str
    modifiers: tuple[Generic, ...] = ()
    generic: Generic | None = None


@cache
def generics() -> dict[str, Generic]:
    """Every generic term, modifier and people's name by its text."""
    return {
        row["generic"]: Generic(
            row["generic"], row["pinyin"], row["class"], row["level"], row["meaning_en"]
        )
        for row in generics_table()
    }


@cache
def _longest() -> int:
    return max(map(len, generics()))


@lru_cache(1 << 13)
def split_name(name: str) -> NameParts:
    """The parts of a simplified Chinese name; the longest generic term at its end counts.

    A name that is nothing but a generic term (旗, 新镇 with one character before) keeps at
    least one character as its specific part.
    """
    generic = _ending(name, excluded=("modifier", "ethnic"))
    if generic is None:
        return NameParts(name)
    rest = name.removesuffix(generic.text)
    modifiers: list[Generic] = []
    # Only divisions carry wings and peoples: 莫力达瓦 达斡尔族 自治旗, 科尔沁 左翼 中旗.
    while generic.kind == "division" and (word := _ending(rest, only=("modifier", "ethnic"))):
        modifiers.insert(0, word)
        rest = rest.removesuffix(word.text)
    return NameParts(rest, tuple(modifiers), generic)


def _ending(
    name: str, *, only: tuple[str, ...] = (), excluded: tuple[str, ...] = ()
) -> Generic | None:
    """The longest generic term that ends `name` and leaves something before it."""
    known = generics()
    for size in range(min(_longest(), len(name) - 1), 0, -1):
        found = known.get(name[-size:])
        if found and found.kind not in excluded and (not only or found.kind in only):
            return found
    return None
