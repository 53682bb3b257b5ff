"""What a collection's features are made of, as JSON Schema (OGC API Features, parts 3, 5 and 8)."""

from collections.abc import Iterable, Mapping
from typing import Any

from data import Collection, Property, geometry_kind
from data.editing import GEOMETRY as FIELD_OF_GEOMETRY
from data.editing import EditableField, editable_fields
from data.reference import terms
from web.site import Lang

SCHEMA_TYPE = "application/schema+json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
GEOMETRY, IDENTITY = "geom", "id"
_KINDS: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_UNITS = {"_m": "m", "_deg": "deg"}
"""How a property's name tells its unit, and that unit in UCUM."""

Document = dict[str, Any]


def schema(collection: Collection, address: str, lang: Lang) -> Document:
    """Everything that a feature has, in order, with the role of each part and what is written.

    It is the schema of what is read and of what is sent to create or replace a feature: what is
    not written by an editor is `readOnly` (see `data.editing`).

    Args:
        collection: the collection.
        address: the document's own address.
        lang: the language of titles.
    """
    described = {IDENTITY: _identity(lang), GEOMETRY: _geometry(collection)}
    described |= {one.name: _property(collection, one, lang) for one in collection.properties}
    fields = editable_fields(collection.id)
    for place, (name, part) in enumerate(described.items(), start=1):
        part["x-ogc-propertySeq"] = place
        field = fields.get(FIELD_OF_GEOMETRY if name == GEOMETRY else name)
        if field is not None:
            part.update(_writing(field, lang))
    required = [one.field for one in fields.values() if one.required]
    written = {"required": required, "additionalProperties": False} if required else {}
    return _document(collection, address, lang, described) | written


def _writing(field: EditableField, lang: Lang) -> Document:
    """Whether a property is written, and how else."""
    said: Document = {"readOnly": True} if field.read_only else {}
    if field.read_only or field.change != "yes":
        said["description"] = field.way.zh if lang == "zh" else field.way.en
    return said


def _words(table: str, lang: Lang) -> list[Document]:
    """The codes that a property may hold, each with its words: the profile `codelist-inline`."""
    return [
        {"const": term.code, "title": term.zh if lang == "zh" else term.en} for term in terms(table)
    ]


def queryables(collection: Collection, address: str, lang: Lang) -> Document:
    """What filters may name: every property and the geometry."""
    described = {IDENTITY: _identity(lang), GEOMETRY: _geometry(collection)}
    described |= {one.name: _property(collection, one, lang) for one in collection.properties}
    return _document(collection, address, lang, described) | {"additionalProperties": False}


def sortables(collection: Collection, address: str, lang: Lang) -> Document:
    """What pages may be sorted by: what stands on an index."""
    described = {IDENTITY: _identity(lang)}
    described |= _described(collection, collection.filterable.values(), lang)
    return _document(collection, address, lang, described) | {"additionalProperties": False}


def _described(
    collection: Collection, properties: Iterable[Property], lang: Lang
) -> dict[str, Document]:
    return {one.name: _property(collection, one, lang) for one in properties}


def _document(
    collection: Collection, address: str, lang: Lang, described: Mapping[str, Document]
) -> Document:
    return {
        "$schema": _DRAFT,
        "$id": address,
        "type": "object",
        "title": collection.zh if lang == "zh" else collection.en,
        "properties": dict(described),
    }


def _identity(lang: Lang) -> Document:
    title = "编号" if lang == "zh" else "Id"
    return {"type": "integer", "title": title, "x-ogc-role": "id", "readOnly": True}


def _geometry(collection: Collection) -> Document:
    kind = geometry_kind(collection).lower()
    return {"format": f"geometry-{kind}", "x-ogc-role": "primary-geometry"}


def _property(collection: Collection, known: Property, lang: Lang) -> Document:
    described = _KINDS[known.kind] | {"title": known.zh if lang == "zh" else known.en}
    unit = next((unit for end, unit in _UNITS.items() if known.name.endswith(end)), None)
    if unit:
        described["x-ogc-unit"] = unit
    if known.refers_to:
        described |= {"x-ogc-role": "reference", "x-ogc-collectionId": known.refers_to}
    field = editable_fields(collection.id).get(known.name)
    if field is not None and field.words:
        described["oneOf"] = _words(field.words, lang)
    role = _time_roles(collection).get(known.name)
    return described | ({"x-ogc-role": role} if role else {})


def _time_roles(collection: Collection) -> dict[str, str]:
    if len(collection.time) == 1:
        return {collection.time[0]: "primary-instant"}
    ends = ("primary-interval-start", "primary-interval-end")
    return dict(zip(collection.time, ends, strict=False))
