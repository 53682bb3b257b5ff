"""`/reconcile`: the W3C Reconciliation Service API, version 0.2 and the 1.0 draft."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request

from data import InvalidValue, NotFound
from gazetteer import (
    MOST_PASSED,
    answer,
    parse_identity,
    properties_of,
    read_values,
    suggest_entities,
    suggest_properties,
    suggest_types,
    type_names,
)
from web.addresses import root
from web.api.reconcile import answers, manifests, previews
from web.api.reconcile.reading import read_batch, read_extension, read_match
from web.context import current_store
from web.errors import WrongMediaType
from web.negotiation import JSON, json_response, language, respond
from web.parameters import query, whole
from web.readiness import searchable_store

blueprint = Blueprint("reconcile", __name__)

SUGGEST = ("prefix", "cursor", "type")
OPENREFINE = (
    *("type_strict", "spell", "exact", "scoring", "prefixed", "stemmed"),
    *("filter", "key", "format", "limit"),
)
"""What OpenRefine's box sends along, for a service that is no more; it has no meaning here."""

_FORM = "application/x-www-form-urlencoded"
_COLLECTIONS = {"place": "places", "division": "divisions"}
_KINDS = ("entity", "property", "type")


@blueprint.get("/reconcile")
def manifest() -> Response:
    """The manifest; or the answer to `queries` or `extend`."""
    values = query(("queries", "extend"))
    if "queries" in values or "extend" in values:
        return _asked(dict(values))
    lang = language()
    document = manifests.manifest(lang, type_names(lang))
    return respond("document.html", document, manifests.TITLES[lang])


@blueprint.post("/reconcile")
def ask() -> Response:
    """The answer to a form with `queries` or `extend`."""
    query(())
    if request.mimetype != _FORM:
        raise WrongMediaType(request.mimetype, "Accept-Post", [_FORM])
    return _asked({name: request.form[name] for name in request.form})


def _asked(values: dict[str, str]) -> Response:
    known = [name for name in ("queries", "extend") if name in values]
    if len(known) != 1:
        raise InvalidValue(
            "queries", known, "a request has either queries or extend", "send one of them",
            "请求应含 queries 或 extend 之一",
        )  # fmt: skip
    lang = language()
    if known == ["extend"]:
        ids, wanted = read_extension("extend", values["extend"])
        answers.check_properties(wanted)
        found = read_values(current_store(), ids, wanted, lang)
        return json_response({"meta": answers.meta(wanted, lang), "rows": answers.rows(found)})
    batch = read_batch(values["queries"])
    matched = answer(searchable_store(), batch.values())
    return json_response(
        {key: answers.results(one, "result", lang) for key, one in zip(batch, matched, strict=True)}
    )


@blueprint.get("/reconcile/v1")
def manifest_v1() -> Response:
    """The manifest of the 1.0 draft."""
    query(())
    lang = language()
    document = manifests.manifest_v1(lang, type_names(lang))
    return respond("document.html", document, manifests.TITLES[lang])


@blueprint.post("/reconcile/v1/match")
def match() -> Response:
    """The candidates of each query, in order."""
    query(())
    questions = read_match(_json_body())
    matched = answer(searchable_store(), questions)
    lang = language()
    return json_response({"results": [answers.results(m, "candidates", lang) for m in matched]})


@blueprint.post("/reconcile/v1/extend")
def extend_v1() -> Response:
    """Values of properties of entities, in order."""
    query(())
    ids, wanted = read_extension("body", _json_body())
    answers.check_properties(wanted)
    lang = language()
    found = read_values(current_store(), ids, wanted, lang)
    return json_response({"meta": answers.meta(wanted, lang), "rows": answers.rows_v1(found, ids)})


def _json_body() -> bytes:
    if request.mimetype != JSON:
        raise WrongMediaType(request.mimetype, "Accept-Post", [JSON])
    return request.get_data()


def suggest(kind: str) -> Response:
    """What a person who types an entity, a property or a type may mean."""
    values = query((*SUGGEST, *OPENREFINE))
    prefix, lang = values.get("prefix", ""), language()
    passed = whole(values, "cursor", 0, 0, MOST_PASSED)
    if kind == "entity":
        types = tuple(filter(None, (values.get("type"),)))
        found = suggest_entities(searchable_store(), prefix, passed, types, lang)
    else:
        ask_for = suggest_types if kind == "type" else suggest_properties
        found = ask_for(prefix, lang)[passed:]
    document = answers.suggestions(found, prefix, lang)
    return respond("document.html", document, manifests.TITLES[lang])


def flyout(kind: str) -> Response:
    """A few lines about what was suggested."""
    values = query(("id",))
    return json_response(previews.flyout(kind, _identity(values.get("id"))))


@blueprint.get("/reconcile/preview")
@blueprint.get("/reconcile/v1/preview")
def preview() -> Response:
    """A small page about an entity."""
    return previews.preview(_identity(query(("id",)).get("id")))


@blueprint.get("/reconcile/view")
def view() -> Response:
    """The way to an entity's own page."""
    identity = _identity(query(("id",)).get("id"))
    known = parse_identity(identity)
    if known is None:
        raise NotFound(f"there is no {identity[:80]}", f"没有标识为“{identity[:80]}”的条目")
    address = f"{root()}collections/{_COLLECTIONS[known[0]]}/items/{known[1]}"
    return Response(status=303, headers={"Location": address})


@blueprint.get("/reconcile/properties")
@blueprint.get("/reconcile/v1/extend/propose")
def propose() -> Response:
    """The properties that can be fetched of entities of a type."""
    values = query(("type", "limit"))
    kind, lang = values.get("type", ""), language()
    limit = whole(values, "limit", 100, 1, 100)
    document: dict[str, Any] = {
        "type": kind,
        "limit": limit,
        "properties": [
            {"id": known.id, "name": answers.property_name(known.id, lang)}
            for known in properties_of(kind)[:limit]
        ],
    }
    return respond("document.html", document, manifests.TITLES[lang])


def _identity(text: str | None) -> str:
    if not text:
        raise InvalidValue(
            "id", "", "an identity is needed", "give id=places/1",
            "缺少标识；请填写如 id=places/1",
        )  # fmt: skip
    return text


def _of_kind(view: Callable[[str], Response], kind: str) -> Callable[[], Response]:
    @wraps(view)
    def of_kind() -> Response:
        return view(kind)

    return of_kind


for _kind in _KINDS:
    for _path, _view in (("suggest", suggest), ("v1/suggest", suggest), ("flyout", flyout)):
        blueprint.add_url_rule(
            f"/reconcile/{_path}/{_kind}",
            f"{_path.replace('/', '_')}_{_kind}",
            _of_kind(_view, _kind),
        )
