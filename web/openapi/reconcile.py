"""Reconciliation: the paths of both versions of the W3C Reconciliation Service API."""

from web.openapi.parts import OBJECT, Schema, get, may_fail, most, operation, query

_TAG = "reconcile"
_HTML = "text/html"
_FOREIGN = (
    *("type_strict", "spell", "exact", "scoring", "prefixed", "stemmed"),
    *("filter", "key", "format", "limit"),
)
_JSON_TEXT: Schema = {"type": "string", "minLength": 1}
_QUERIES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["conditions"],
        "properties": {"conditions": {"type": "array", "items": OBJECT}},
    },
}
_WANTED: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "minLength": 1}},
    },
}


def paths() -> Schema:
    """The family's paths."""
    return {
        "/reconcile": _endpoint(),
        "/reconcile/properties": _proposals("reconcile.properties"),
        "/reconcile/preview": _of_entity("reconcile.preview", "A small page", _HTML),
        "/reconcile/view": _view(),
        **{
            f"/reconcile/suggest/{kind}": _suggestions(f"reconcile.suggest.{kind}", title)
            for kind, title in _SUGGESTED
        },
        **{
            f"/reconcile/flyout/{kind}": _of_entity(
                f"reconcile.flyout.{kind}", f"A few lines about {title}", example=example
            )
            for (kind, title), example in zip(
                _SUGGESTED, ("places/1", "parent", "division"), strict=True
            )
        },
        "/reconcile/v1": get("reconcile.v1", "The manifest of the 1.0 draft", _TAG),
        "/reconcile/v1/match": _posted(
            "reconcile.v1.match", "Candidates of queries, in order", {"queries": _QUERIES}
        ),
        "/reconcile/v1/extend": _posted(
            "reconcile.v1.extend", "Values of properties of entities", _EXTENSION
        ),
        "/reconcile/v1/extend/propose": _proposals("reconcile.v1.propose"),
        "/reconcile/v1/preview": _of_entity("reconcile.v1.preview", "A small page", _HTML),
        **{
            f"/reconcile/v1/suggest/{kind}": _suggestions(f"reconcile.v1.suggest.{kind}", title)
            for kind, title in _SUGGESTED
        },
    }


_SUGGESTED = (("entity", "places and divisions"), ("property", "properties"), ("type", "types"))
_EXTENSION: Schema = {"ids": {"type": "array", "items": {"type": "string"}}, "properties": _WANTED}


def _endpoint() -> Schema:
    asked = get("reconcile.manifest", "The manifest, or the answer to queries or extend", _TAG)
    asked["get"]["parameters"] += [
        _text("queries", "a batch: a JSON object of queries by key", "{}"),
        _text("extend", "JSON with ids and properties", '{"ids": [], "properties": []}'),
    ]
    asked["get"]["responses"] |= may_fail(413, 503)
    form: Schema = {
        "type": "object",
        "properties": {"queries": _JSON_TEXT, "extend": _JSON_TEXT},
        "oneOf": [{"required": ["queries"]}, {"required": ["extend"]}],
    }
    posted = operation("reconcile.ask", "Candidates of queries, or values of entities", _TAG, [])
    posted["requestBody"] = {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": form}},
    }
    posted["responses"] |= may_fail(413, 415, 503)
    return {**asked, "post": posted}


def _posted(identity: str, summary: str, members: Schema) -> Schema:
    posted = operation(identity, summary, _TAG, [])
    schema: Schema = {"type": "object", "required": [*members], "properties": members}
    posted["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    posted["responses"] |= may_fail(413, 415, 503)
    return {"post": posted}


def _suggestions(identity: str, title: str) -> Schema:
    said = get(identity, f"What a person who types may mean: {title}", _TAG)
    whole: Schema = {"type": "integer", "minimum": 0, "default": 0}
    said["get"]["parameters"] += [
        query("prefix", {"type": "string"}, "what was typed"),
        query("cursor", whole, "how many suggestions to pass over"),
        query("type", {"type": "string"}, "only entities of this type"),
        *[query(name, {"type": "string"}, "sent by OpenRefine; no meaning") for name in _FOREIGN],
    ]
    said["get"]["responses"] |= may_fail(503)
    return said


def _of_entity(
    identity: str, summary: str, media: str = "application/json", example: str = "places/1"
) -> Schema:
    said = get(identity, summary, _TAG, media=media)
    said["get"]["parameters"].append(_text("id", "an identity", example) | {"required": True})
    said["get"]["responses"] |= may_fail(404)
    return said


def _view() -> Schema:
    said = _of_entity("reconcile.view", "The way to an entity's own page")
    said["get"]["responses"] |= {"303": {"description": "to the page"}}
    del said["get"]["responses"]["200"]
    return said


def _proposals(identity: str) -> Schema:
    said = get(identity, "Properties that can be fetched of a type", _TAG)
    said["get"]["parameters"] += [
        query("type", {"type": "string"}, "a type"),
        most(100, 100, "properties"),
    ]
    return said


def _text(name: str, description: str, example: str) -> Schema:
    return query(name, {"type": "string"}, description) | {"example": example}
