"""What is published of one layer: its properties, its titles, and how a record is rendered.

`data.pages` reads what is published here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table

from data.curve import DEGREES, METRES, Plane
from data.errors import InvalidValue
from data.filters import Kind, Queryable
from data.geometry import MULTIPOLYGON, Geometry, geojson_text
from data.releases import copies_of
from data.tables import chosen_columns

FEATURE_BEGINS: Final = b'{"type":"Feature","id":'
"""How the text of every feature begins."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a collection's features.

    Attributes:
        name: the column's and property's name.
        kind: text, integer, number, flag or date.
        zh, en: its title.
        filterable: whether it is a query parameter; such a column has an index.
        refers_to: the id of the collection whose feature's id it holds; empty where it holds none.
    """

    name: str
    kind: str
    zh: str
    en: str
    filterable: bool = False
    refers_to: str = ""

    def parse(self, text: str) -> Any:
        """The value of a query parameter.

        Raises:
            InvalidValue: where the text is not of the property's kind.
        """
        try:
            return _PARSERS[self.kind](text)
        except (ValueError, KeyError):
            way_out, zh = _EXAMPLES[self.kind]
            raise InvalidValue(
                self.name, text, f"a value of kind {self.kind} is needed", way_out,
                f"“{self.name}”的值“{text[:_SHOWN]}”类型不符；{zh}",
            ) from None  # fmt: skip


def _plain_text(text: str) -> str:
    """Any text but one with a NUL, which PostgreSQL does not keep."""
    if "\0" in text:
        raise ValueError
    return text


def _integer(text: str) -> int:
    """A whole number that a column of 64 bits can hold."""
    if _WHOLE.fullmatch(text) is None:
        raise ValueError
    return int(text)


_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_PARSERS: Mapping[str, Any] = {
    "text": _plain_text,
    "integer": _integer,
    "number": float,
    "flag": lambda text: _FLAGS[text.lower()],
    "date": date.fromisoformat,
}
_SHOWN: Final = 60  # of a value, in a sentence
_EXAMPLES = {
    "text": ("give any text", "可填任意文字"),
    "integer": ("give a whole number such as 2", "请填整数，如 2"),
    "number": ("give a number such as 0.2", "请填数值，如 0.2"),
    "flag": ("give true or false", "请填 true 或 false"),
    "date": ("give a date such as 2024-05-03", "请填日期，如 2024-05-03"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """Records that belong to a feature and are shown with it alone, not on pages of many.

    Attributes:
        name: the property that holds the list of them.
        columns: the columns that are shown.
        sql: prepared text that selects those columns for the feature `:id`.
    """

    name: str
    columns: tuple[str, ...]
    sql: str


NamesOn = Callable[[Connection, Sequence[int], date], Mapping[int, Mapping[str, str | None]]]


@dataclass(frozen=True)
class Collection:
    """What is published of one layer.

    Attributes:
        id: its name in URLs: one word of lower-case letters.
        table: its layer; `rendered` is the table of ready GeoJSON beside it.
        zh, en: titles.
        properties: in the order they are shown.
        time: the columns of valid time (from, to) or of one date; empty where it has none.
        details: what is shown with one feature alone.
        tiled: names of the properties that its vector tiles carry.
        names_on: the properties that name features as they were on a day, by id, where they were
            others.
    """

    id: str
    table: Table
    rendered: Table
    zh: str
    en: str
    properties: tuple[Property, ...]
    time: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    tiled: tuple[str, ...] = ()
    names_on: NamesOn | None = None
    filterable: Mapping[str, Property] = field(init=False)
    parameters: Mapping[str, Property] = field(init=False, repr=False)
    """Every property that can be asked for by a parameter of its own name."""
    queryables: Mapping[str, Queryable] = field(init=False, repr=False)
    """What filters may name: the id, the geometry `geom` and every property."""
    references: Mapping[str, str] = field(init=False, repr=False)
    """The properties that hold ids of features, each with their collection."""
    rendered_item: str = field(init=False, repr=False)
    """Prepared text that reads the ready GeoJSON of the feature `:id`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "filterable", {p.name: p for p in self.properties if p.filterable})
        object.__setattr__(self, "parameters", {p.name: p for p in self.properties})
        object.__setattr__(self, "queryables", _queryables(self.properties))
        references = {p.name: p.refers_to for p in self.properties if p.refers_to}
        object.__setattr__(self, "references", references)
        item = f"SELECT json FROM {self.rendered.name} WHERE id = :id"
        object.__setattr__(self, "rendered_item", item)
        self.table.info["collection"] = self

    @property
    def chosen(self) -> tuple[str, ...]:
        """Properties by which its points in a box are chosen without reading others."""
        return chosen_columns(self.table)

    @property
    def has_areas(self) -> bool:
        """Whether its features are areas."""
        return geometry_kind(self) == MULTIPOLYGON

    @property
    def has_closed_positions(self) -> bool:
        """Whether its positions are blurred for who may not read them: it has a coarse copy."""
        return copies_of(self.table) is not None

    @property
    def points_tiled(self) -> Table:
        """What tiles show of its points."""
        return self.table.metadata.tables[f"{self.table.name}_tiled"]

    @property
    def unrendered(self) -> Table:
        """The ids of records that another program has written and nobody has rendered."""
        return self.table.metadata.tables[f"{self.table.name}_unrendered"]

    def render(self, row: Mapping[str, Any]) -> bytes:
        """A record as a GeoJSON feature (RFC 7946) in UTF-8, longitude before latitude.

        `row` has the table's columns; its `geom` is WKB.
        """
        properties = {p.name: row[p.name] for p in self.properties}
        head = f'{row["id"]},"geometry":{geojson_text(row["geom"])},"properties":'
        return FEATURE_BEGINS + head.encode() + orjson.dumps(properties) + b"}"


def geometry_of(feature: bytes) -> bytes:
    """The geometry of a rendered feature as it stands there, GeoJSON or `null`.

    No text of its properties stands before it, and its own holds none of these words.
    """
    begins = feature.index(_GEOMETRY) + len(_GEOMETRY)
    return feature[begins : feature.index(_PROPERTIES, begins)]


_GEOMETRY, _PROPERTIES = b'"geometry":', b',"properties":'
_KINDS = {
    "text": Kind.TEXT,
    "integer": Kind.NUMBER,
    "number": Kind.NUMBER,
    "flag": Kind.FLAG,
    "date": Kind.DATE,
}


def _queryables(properties: Sequence[Property]) -> dict[str, Queryable]:
    own = {"id": Kind.NUMBER, "geom": Kind.GEOMETRY}
    own |= {known.name: _KINDS[known.kind] for known in properties}
    return {name: Queryable(name, name, kind) for name, kind in own.items()}


def plane_of(connection: Connection) -> Plane:
    """The extent of the store's reference system: degrees, or metres of a projection."""
    return DEGREES if connection.dialect.ovoo_degrees else METRES  # type: ignore[attr-defined]


def geometry_kind(collection: Collection) -> str:
    """POINT, MULTILINESTRING or MULTIPOLYGON."""
    kind = collection.table.c.geom.type
    if not isinstance(kind, Geometry):
        raise TypeError(f"{collection.id} has no geometry")
    return kind.kind
