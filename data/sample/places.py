"""Place records: the divisions themselves, and the named points that lie in them."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import shapely
from shapely import Point

from data.reference import division as find_division
from data.reference import former_names
from data.sample.packages import NamedPoint, SampleInput
from data.sample.records import DivisionRecord, PlaceNameRecord, PlaceRecord
from data.sample.tags import is_chinese, is_code, language_tag

_DIVISION_CATEGORY: Final = {"region": "212", "prefecture": "213", "county": "214"}
_URBAN_ENDINGS: Final = ("镇", "街道")
_RURAL_ENDINGS: Final = ("村", "嘎查")
_BARE: Final = ("郊区", "矿区")
_URBAN, _RURAL, _SETTLEMENT = "221", "222", "22"


def build_places(
    source: SampleInput, divisions: Sequence[DivisionRecord]
) -> tuple[tuple[PlaceRecord, ...], tuple[PlaceNameRecord, ...]]:
    """The places of the region and every name of each.

    A division stands at a point surely inside it. A named point that lies in no county of the
    region is left out.
    """
    places: list[PlaceRecord] = []
    names: list[PlaceNameRecord] = []
    for division in (row for row in divisions if row.in_region):
        place = _division_place(len(places) + 1, division)
        places.append(place)
        names += _division_names(place)
    taken = {place.name for place in places}
    for point, county in _located(source.points, divisions):
        place = _point_place(len(places) + 1, point, county, source, taken)
        places.append(place)
        names += _point_names(place, point)
    return tuple(places), tuple(names)


def choose_name(point: NamedPoint, taken: Iterable[str]) -> str:
    """The Chinese name by which a point is called, or its own name if it has none.

    Sources give a seat the name of its division as well: such a name is the last choice. Among
    the others the one that sounds as the source's own name goes first, then the longest.
    """
    from pypinyin import lazy_pinyin

    divisions = set(taken)
    sound = _letters(point.name)

    def rank(name: str) -> tuple[bool, bool, bool, int, str]:
        spoken = _letters("".join(lazy_pinyin(name)))
        simplified = language_tag(name) == "zh-Hans"
        return (name not in divisions, simplified, spoken == sound, len(name), name)

    chinese = [name for name in _clean(point.other_names) if is_chinese(name)]
    return max(chinese, key=rank) if chinese else unicodedata.normalize("NFC", point.name)


def category_of(name: str) -> str:
    """The category of a settlement as far as its Chinese name tells: 221, 222 or plain 22.

    >>> category_of("锡尼镇"), category_of("单台子")
    ('221', '22')
    """
    if name.endswith(_URBAN_ENDINGS):
        return _URBAN
    return _RURAL if name.endswith(_RURAL_ENDINGS) else _SETTLEMENT


def _division_place(number: int, division: DivisionRecord) -> PlaceRecord:
    return PlaceRecord(
        id=number,
        name=division.name,
        romanization=division.romanization,
        romanization_mark=division.romanization_mark,
        category_code=_DIVISION_CATEGORY[division.level],
        status="standard",
        division_code=division.code,
        source=f"{division.source}; position: a point inside the outline",
        source_id=division.code,
        licence=division.licence,
        geom=shapely.point_on_surface(division.geom),
    )


def _division_names(place: PlaceRecord) -> Iterator[PlaceNameRecord]:
    yield PlaceNameRecord(
        place.id, place.name, language_tag(place.name), "standard", "standard", place.source
    )
    if place.romanization:
        sure = "standard" if place.romanization_mark == "agreed" else "unverified"
        yield PlaceNameRecord(
            place.id, place.romanization, "und-Latn", "standard", sure, place.source
        )
    for name, source in _former_names(place.division_code, place.name):
        yield PlaceNameRecord(place.id, name, language_tag(name), "former", "former", source)


def _former_names(code: str, name: str) -> Iterator[tuple[str, str]]:
    """The names that a division had, each once, with where they come from.

    One that is only a generic term (郊区) is told apart by the city that it belonged to.
    """
    seen = {name}
    for change in former_names(code):
        old = change.old_name
        parent = find_division(f"{change.old_code[:4]}00")
        if old in _BARE and parent:
            old = parent.name + old
        if old not in seen:
            seen.add(old)
            yield old, change.source


def _located(
    points: Sequence[NamedPoint], divisions: Sequence[DivisionRecord]
) -> Iterator[tuple[NamedPoint, DivisionRecord]]:
    """Each point with the region's county that holds it, in the order of the points' numbers."""
    counties = [row for row in divisions if row.in_region and row.level == "county"]
    tree = shapely.STRtree([row.geom for row in counties])
    shapes = [Point(point.lon, point.lat) for point in points]
    found: dict[int, int] = {}
    for point, county in tree.query(shapes, predicate="intersects").T:
        found.setdefault(int(point), int(county))
    for point in sorted(found, key=lambda number: int(points[number].source_id)):
        yield points[point], counties[found[point]]


def _point_place(
    number: int,
    point: NamedPoint,
    county: DivisionRecord,
    source: SampleInput,
    taken: Iterable[str],
) -> PlaceRecord:
    name = choose_name(point, taken)
    return PlaceRecord(
        id=number,
        name=name,
        romanization="",
        romanization_mark="",
        category_code=category_of(name),
        status="unverified",
        division_code=county.code,
        source=source.point_source,
        source_id=point.source_id,
        licence=source.point_licence,
        geom=Point(point.lon, point.lat),
    )


def _point_names(place: PlaceRecord, point: NamedPoint) -> Iterator[PlaceNameRecord]:
    others = [name for name in _clean((point.name, *point.other_names)) if name != place.name]
    for name in (place.name, *others):
        tag = language_tag(name)
        kind = "standard" if name == place.name else _kind(tag)
        yield PlaceNameRecord(place.id, name, tag, kind, "unverified", place.source)


def _kind(tag: str) -> str:
    if tag == "mn-Mong":
        return "local"
    if tag == "zh-Hans":
        return "alias"
    return "variant" if tag in {"und-Latn", "zh-Hant"} else "foreign"


def _clean(names: Iterable[str]) -> tuple[str, ...]:
    """Names in NFC, each once, without the codes that sources put among them."""
    composed = (unicodedata.normalize("NFC", name) for name in names)
    return tuple(dict.fromkeys(name for name in composed if name and not is_code(name)))


def _letters(text: str) -> str:
    """Plain small letters of a Latin text, for comparing sounds."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalpha()
    )
