"""Markers: the paths of sheets, lawful acts and photographs."""

from web.openapi.lines import DAY, NUMBER, TEXT, TEXTS, WHOLE, file_paths, write
from web.openapi.parts import Schema, get, may_fail

_ACT: Schema = {
    **dict.fromkeys(("witness", "agreement", "survey_method", "surveyor", "filed_with"), TEXT),
    **dict.fromkeys(("note", "document_kind", "document_title", "document_number"), TEXT),
    **dict.fromkeys(("happened_on", "surveyed_on", "filed_on"), DAY),
    **dict.fromkeys(("sigma_m", "distance_m"), NUMBER),
    "version": WHOLE,
    "kind": TEXT,
    "parties": TEXTS,
}
_POSITION: Schema = {
    **dict.fromkeys(("lon", "lat", "x_north", "y_east", "crs"), TEXT),
    **dict.fromkeys(("tolerance_source", "accuracy_class"), TEXT),
    **dict.fromkeys(("tolerance_m", "height_m"), NUMBER),
}


def paths() -> Schema:
    """The family's paths."""
    tag = "markers"
    show = get("markers.show", "A marker's sheet 界桩登记表, history and photographs", tag, ["id"])
    photo = get("markers.photo", "A photograph's public copy", tag, ["id"], "image/jpeg")
    status = get("markers.status", "What the marker is, with its evidence", tag, ["id"])
    for one in (show, photo, status):
        one["get"]["responses"] |= may_fail(404)
    return {
        "/markers/{id}": show,
        "/markers/{id}/status": status,
        **file_paths("/markers/{id}/sheet", "markers.sheet", "The sheet as a file", tag),
        "/markers/{id}/acts": {
            "post": write(
                "markers.act", "Record a lawful act on a marker", tag, _ACT,
                required=("version", "kind"), file=True,
            )
        },
        "/markers/{id}/relocation": {
            "post": write(
                "markers.relocate", "Move a marker by agreement", tag, _ACT | _POSITION,
                required=("version",), file=True,
            )
        },
        "/markers/{id}/photos": {
            "post": write(
                "markers.send_photo", "Keep a photograph", tag,
                {"claimed_on": DAY, "caption": TEXT, "inspection_id": WHOLE, "client_id": TEXT},
                file=True,
            )
        },
        "/photos/{id}": photo,
    }  # fmt: skip
