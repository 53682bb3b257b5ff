"""Whole collections as files: the paths of exports."""

from data import Collection
from gazetteer import formats_of, profiles_of
from web.catalogue import COLLECTIONS
from web.openapi.features import filter_parameters
from web.openapi.parts import FILE, Schema, may_fail, operation, query, with_formats


def paths() -> Schema:
    """The family's paths."""
    return {
        f"/collections/{collection.id}/export": {"get": _export(collection)}
        for collection in COLLECTIONS.values()
    }


def _export(collection: Collection) -> Schema:
    found = operation(
        f"{collection.id}.export",
        f"All of {collection.en} {collection.zh}, as a file; without `f`, what there is to choose",
        "data",
        ["bbox", "datetime"],
    )
    names = [one.name for one in formats_of(collection)]
    profiles = [one.name for one in profiles_of(collection)]
    found["parameters"] = [
        *with_formats(found["parameters"], ["json", "html", *names]),
        query("within", {"type": "string"}, "code or name of a containing division"),
        query("crs", {"type": "string"}, "reference system by its EPSG code"),
        *([_profile(profiles)] if profiles else []),
        *filter_parameters(collection),
    ]
    found["responses"]["200"]["content"] |= {
        one.media_type.partition(";")[0]: {"schema": FILE} for one in formats_of(collection)
    }
    parts: Schema = {"description": "parts of a file, of those formats that are read in parts"}
    parts["content"] = {
        one.media_type: {"schema": FILE} for one in formats_of(collection) if one.ranged
    } | {"multipart/byteranges": {"schema": FILE}}
    found["responses"] |= {"206": parts, "304": {"description": "unchanged"}}
    found["responses"] |= may_fail(406, 416, 422, 503)
    return found


def _profile(names: list[str]) -> Schema:
    kind: Schema = {"type": "string", "enum": names}
    return query("profile", kind, "in whose fields: see docs/exchange.md")
