"""What an entity can be asked for beside its name, and what takes part in matching (属性)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import shapely
from sqlalchemy import Connection, RowMapping, Table, select

from data.store import Store
from gazetteer.categories import category_names
from gazetteer.collections import DIVISIONS
from gazetteer.names import MONGOLIAN_LANGUAGE, is_language
from gazetteer.reconciliation.types import DIVISION, DIVISION_CATEGORIES, PLACE
from gazetteer.reconciliation.values import parse_identity
from gazetteer.search import Lexicon, lexicon_of
from gazetteer.tables import division, place, place_name

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class EntityValue:
    """A value that is an entity itself: its identity and name."""

    id: str
    name: str


Value: TypeAlias = str | int | float | bool | date | EntityValue
Values: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class EntityProperty:
    """One property.

    Attributes:
        id: stable, such as `meaning`.
        zh, en: its name.
        of: the entities that have it: places, divisions.
        matching: whether a query may give it, so that it takes part in finding candidates.
        fetched: whether its values can be asked for.
    """

    id: str
    zh: str
    en: str
    of: frozenset[str] = frozenset({PLACE, DIVISION})
    matching: bool = False
    fetched: bool = True


_PLACE: Final = frozenset({PLACE})
_DIVISION: Final = frozenset({DIVISION})
PROPERTIES: Final[Mapping[str, EntityProperty]] = {
    known.id: known
    for known in (
        EntityProperty("parent", "所在政区", "containing division", matching=True),
        EntityProperty("lon", "经度", "longitude", matching=True),
        EntityProperty("lat", "纬度", "latitude", matching=True),
        EntityProperty(
            "coordinates", "经纬度", "longitude and latitude", matching=True, fetched=False
        ),
        EntityProperty("code", "代码", "code"),
        EntityProperty("name", "标准名称", "standard name"),
        EntityProperty("names", "全部名称", "every name"),
        EntityProperty("former_names", "曾用名", "former names", _PLACE),
        EntityProperty("mongolian", "蒙古文", "in Mongolian script", _PLACE),
        EntityProperty("romanization", "罗马字母拼写", "romanization"),
        EntityProperty("category", "类别", "category", _PLACE),
        EntityProperty("category_code", "类别代码", "category code", _PLACE),
        EntityProperty("level", "级别", "level", _DIVISION),
        EntityProperty("status", "状态", "status", _PLACE),
        EntityProperty("heritage", "地名文化遗产", "place-name heritage", _PLACE),
        EntityProperty("division_code", "所在政区代码", "code of the containing division"),
        EntityProperty("path", "政区全称", "division path"),
        EntityProperty("meaning", "含义", "meaning", _PLACE),
        EntityProperty("origin", "来历", "origin", _PLACE),
        EntityProperty("history", "沿革", "history", _PLACE),
        EntityProperty("description", "概况", "description", _PLACE),
        EntityProperty("valid_from", "启用日期", "valid from"),
        EntityProperty("valid_to", "停用日期", "valid to"),
        EntityProperty("source", "资料来源", "source"),
    )
}
_NAMED: Final = frozenset({"names", "former_names", "mongolian"})
_TABLES: Final[Mapping[str, Table]] = {PLACE: place, DIVISION: division}


def properties_of(kind: str) -> tuple[EntityProperty, ...]:
    """The properties that can be fetched of a type: of divisions, of places, or of any."""
    feature = {DIVISION: DIVISION, "": ""}.get(kind, PLACE)
    return tuple(p for p in PROPERTIES.values() if p.fetched and (not feature or feature in p.of))


def read_values(
    store: Store, identities: Sequence[str], wanted: Iterable[str], language: str = "zh"
) -> dict[str, dict[str, Values]]:
    """The values of properties of entities, by identity and property.

    Args:
        store: the store.
        identities: such as `places/12`; one that names nothing has no values.
        wanted: ids of properties.
        language: of names of categories, `zh` or `en`.
    """
    asked = list(wanted)
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found = _read(connection, identities, lexicon, language, named=bool(_NAMED & {*asked}))
    return {one: {p: found.get(one, {}).get(p, ()) for p in asked} for one in identities}


def _read(
    connection: Connection,
    identities: Iterable[str],
    lexicon: Lexicon,
    language: str,
    *,
    named: bool,
) -> dict[str, dict[str, Values]]:
    ids: dict[str, dict[int, list[str]]] = {PLACE: {}, DIVISION: {}}
    for identity in identities:
        if known := parse_identity(identity):
            ids[known[0]].setdefault(known[1], []).append(identity)
    found: dict[str, dict[str, Values]] = {}
    for kind, by_id in ids.items():
        names = _names(connection, by_id) if named and kind == PLACE else {}
        for row in _rows(connection, _TABLES[kind], by_id):
            if kind == PLACE:
                values = _of_place(row, lexicon, language, names.get(row["id"], ()))
            else:
                values = _of_division(row, lexicon)
            kept = {name: tuple(v for v in some if v not in {None, ""}) for name, some in values}
            found |= dict.fromkeys(by_id[row["id"]], kept)
    return found


def _rows(connection: Connection, table: Table, ids: Iterable[int]) -> Iterator[RowMapping]:
    for part in _parts(ids):
        yield from connection.execute(select(table).where(table.c.id.in_(part))).mappings()


def _names(connection: Connection, ids: Iterable[int]) -> dict[int, list[Any]]:
    columns = [place_name.c[n] for n in ("place_id", "text", "language", "kind")]
    found: dict[int, list[Any]] = {}
    for part in _parts(ids):
        chosen = select(*columns).where(place_name.c.place_id.in_(part)).order_by(place_name.c.id)
        for row in connection.execute(chosen):
            found.setdefault(row.place_id, []).append(row)
    return found


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    yield from (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


_Named: TypeAlias = Iterator[tuple[str, Sequence[Any]]]


def _of_place(row: RowMapping, lexicon: Lexicon, language: str, names: Sequence[Any]) -> _Named:
    code = row["category_code"] or ""
    is_division = code.startswith(DIVISION_CATEGORIES)
    yield "code", [row["place_code"] or (row["division_code"] if is_division else None)]
    yield "names", list(dict.fromkeys([row["name"], *(one.text for one in names)]))
    yield "former_names", [one.text for one in names if one.kind == "former"]
    yield "mongolian", [n.text for n in names if is_language(n.language, MONGOLIAN_LANGUAGE)]
    yield "category", [category_names(language).get(code)]
    yield "category_code", [code]
    yield "heritage", [bool(row["heritage"])]
    yield "status", [row["status"]]
    yield from _around(row["division_code"], lexicon)
    for field in ("meaning", "origin", "history", "description"):
        yield field, [row[field]]
    yield from _shared(row)


def _of_division(row: RowMapping, lexicon: Lexicon) -> _Named:
    yield "code", [row["code"]]
    yield "names", [row["name"]]
    yield "level", [row["level"]]
    yield from _around(row["parent_code"], lexicon)
    yield from _shared(row)


def _around(code: str | None, lexicon: Lexicon) -> _Named:
    path = lexicon.path(code)
    yield "division_code", [code]
    yield "parent", [EntityValue(f"{DIVISIONS.id}/{e.id}", e.name) for e in path[-1:]]
    yield "path", [" › ".join(entry.name for entry in path)]


def _shared(row: RowMapping) -> _Named:
    for field in ("name", "romanization", "valid_from", "valid_to", "source"):
        yield field, [row[field]]
    lon, lat = _position(row["geom"])
    yield "lon", [lon]
    yield "lat", [lat]


def _position(wkb: bytes | None) -> tuple[float | None, float | None]:
    """A place's position; of an area a point inside it."""
    point = None if wkb is None else shapely.point_on_surface(shapely.from_wkb(wkb))
    return (None, None) if point is None or point.is_empty else (point.x, point.y)
