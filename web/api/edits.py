"""OGC API Features, part 4: features are created, replaced, changed and deleted."""

from typing import Final

from flask import Blueprint, Response, request

from boundary import editors as boundary_editors
from data import CRS84, NotFound, Stale, read_item
from data.editing import (
    Editor,
    allowed_acts,
    change_feature,
    create_features,
    delete_feature,
    read_record,
)
from gazetteer import editors as gazetteer_editors
from web import answers
from web.accounts import seen_store
from web.addresses import root
from web.catalogue import find_collection
from web.conditions import item_tag, seen_versions
from web.context import current_actor, current_store
from web.feature_bodies import MERGE_PATCH, new_features, sent_change
from web.negotiation import GEOJSON, JSON, json_response, ready_response
from web.parameters import query

blueprint = Blueprint("edits", __name__)

_EDITORS: Final = {**gazetteer_editors(), **boundary_editors()}
_READ: Final = ("GET", "HEAD", "OPTIONS")
_MINIMAL, _WHOLE = "return=minimal", "return=representation"


@blueprint.route("/collections/<name>/items", methods=["OPTIONS"])
def items_options(name: str) -> Response:
    """What this reader may do with a collection.

    POST stands there where features can only be changed, too, and is answered with the lawful way:
    QGIS asks nothing more of a collection without it, and edits nothing of it.
    """
    acts = allowed_acts(_editor(name), current_actor())
    posted = {"Accept-Post": f"{GEOJSON}, {JSON}"} if "create" in acts else {}
    allowed = [*_READ, *(["POST"] if acts else [])]
    return Response(status=200, headers={"Allow": ", ".join(allowed), **posted})


@blueprint.route("/collections/<name>/items/<identity>", methods=["OPTIONS"])
def item_options(name: str, identity: str) -> Response:
    """What this reader may do with features of a collection; the same for each of them.

    QGIS asks one feature and believes it for all: where that one lies elsewhere or is no draft,
    nobody could edit any. What a single feature does not allow is refused when it is asked for.
    """
    del identity
    acts = allowed_acts(_editor(name), current_actor())
    allowed = [*_READ]
    if "change" in acts:
        allowed += ["PUT", "PATCH"]
    if "delete" in acts:
        allowed += ["DELETE"]
    patched = {"Accept-Patch": MERGE_PATCH} if "change" in acts else {}
    return Response(status=200, headers={"Allow": ", ".join(allowed), **patched})


@blueprint.post("/collections/<name>/items")
def create(name: str) -> Response:
    """Add one feature, or all of a FeatureCollection, or none of them."""
    query(())
    editor, store, actor = _editor(name), current_store(), current_actor()
    editor.require_somewhere(actor, "add features")
    several, features = new_features(editor.collection)
    ids = create_features(store, editor, actor, features, f"add {name} through the API")
    if not several:
        (identity,) = ids
        response = _feature(editor, identity, 201)
        response.headers["Location"] = f"{root()}collections/{name}/items/{identity}"
        return response
    return _created(editor, ids)


def _created(editor: Editor, ids: range) -> Response:
    """What became of a FeatureCollection: the address of each feature."""
    address = f"{root()}collections/{editor.collection.id}/items"
    document = {
        "numberCreated": len(ids),
        "ids": list(ids),
        "links": [{"href": f"{address}/{one}", "rel": "item", "type": GEOJSON} for one in ids],
    }
    response = json_response(document, 201)
    if _prefers(_MINIMAL):
        response = _preferred(Response(status=201), _MINIMAL)
    response.headers["Location"] = address
    return response


@blueprint.put("/collections/<name>/items/<identity>")
def replace(name: str, identity: str) -> Response:
    """Put a whole feature in the place of one that is there."""
    return _change(name, identity, whole=True)


@blueprint.patch("/collections/<name>/items/<identity>")
def update(name: str, identity: str) -> Response:
    """Change parts of a feature by a merge patch (RFC 7396)."""
    return _change(name, identity, whole=False)


def _change(name: str, identity: str, *, whole: bool) -> Response:
    query(())
    editor, store, actor = _editor(name), current_store(), current_actor()
    number, seen = _precondition(editor, identity, f"change {name}")
    change = sent_change(editor.collection, number, seen, whole=whole)
    change_feature(store, editor, actor, number, change, f"change {name} through the API")
    return _feature(editor, number, 200)


@blueprint.delete("/collections/<name>/items/<identity>")
def delete(name: str, identity: str) -> Response:
    """Delete a feature."""
    query(())
    editor, store, actor = _editor(name), current_store(), current_actor()
    number, seen = _precondition(editor, identity, f"delete {name}")
    delete_feature(store, editor, actor, number, seen, f"delete {name} through the API")
    return Response(status=204)


def _precondition(editor: Editor, identity: str, act: str) -> tuple[int, frozenset[int] | None]:
    """A feature's number and the versions that the writer saw; who may not act learns nothing.

    Raises:
        Forbidden: the actor edits nothing of the kind, or not this.
        NotFound: there is no such feature; Stale where one was seen.
        ConditionNeeded: no version was named.
    """
    name, actor = editor.collection.id, current_actor()
    editor.require_somewhere(actor, act)
    number = _number(name, identity)
    header = request.headers.get("If-Match")
    try:
        with seen_store().read() as connection:
            record = read_record(connection, editor.collection.table, number)
            editor.require(connection, actor, record, act)
    except NotFound:
        if header and request.method != "DELETE":
            raise Stale(name, number, 0, seen_versions(header, name, number) or ()) from None
        raise
    return number, seen_versions(header, name, number)


def _editor(name: str) -> Editor:
    return _EDITORS[find_collection(name).id]


def _number(name: str, identity: str) -> int:
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):  # noqa: PLR2004
        raise NotFound(f"{name} has no item {identity}", f"{name} 中没有编号为“{identity}”的要素")
    return int(identity)


def _feature(editor: Editor, identity: int, status: int) -> Response:
    """A feature as it is now, or its tag alone where the client prefers that."""
    collection = editor.collection
    with current_store().read() as connection:
        feature = read_item(connection, collection, identity)
    links = answers.item_links(root(), collection, str(identity))
    body = answers.item_body(feature, links)
    tag = item_tag(collection.id, str(identity), feature, body)
    if _prefers(_MINIMAL):
        bare = Response(status=201 if status == 201 else 204, headers={"ETag": tag})  # noqa: PLR2004
        return _preferred(bare, _MINIMAL)
    response = ready_response(body, answers.item_headers(CRS84, links, tag))
    response.status_code = status
    return _preferred(response, _WHOLE) if _prefers(_WHOLE) else response


def _prefers(wanted: str) -> bool:
    """Whether the client states a preference (RFC 7240)."""
    said = ",".join(request.headers.getlist("Prefer")).replace(" ", "").replace(";", ",")
    return wanted in said.split(",")


def _preferred(response: Response, preference: str) -> Response:
    response.headers["Preference-Applied"] = preference
    response.headers["Vary"] = f"{response.headers.get('Vary', 'Accept')}, Prefer"
    return response
