"""Schemas: what features are made of, what may be asked and sorted by."""

from web.catalogue import COLLECTIONS
from web.openapi.parts import PROFILE, Schema, get, may_fail
from web.schemas import SCHEMA_TYPE

_TITLES = {
    "schema": "What a feature has",
    "queryables": "What filters may name",
    "sortables": "What pages may be sorted by",
}


def paths() -> Schema:
    """The family's paths."""
    described: Schema = {}
    for name in COLLECTIONS:
        for kind, title in _TITLES.items():
            path = get(f"{name}.{kind}", f"{title}: {name}", "capabilities", media=SCHEMA_TYPE)
            path["get"]["parameters"].append(PROFILE)
            path["get"]["responses"] |= may_fail(404)
            described[f"/collections/{name}/{kind}"] = path
    return described
