"""Files in parts: the paths of uploads (tus 1.0.0)."""

from web.openapi.parts import FILE, Schema, may_fail, operation

_TAG = "uploads"
_PARTS = ("application/offset+octet-stream", "application/octet-stream")


def paths() -> Schema:
    """The family's paths."""
    begin = _spoken("uploads.begin", "Announce a file that comes in parts", _LENGTH, _METADATA)
    begin["responses"]["201"] = begin["responses"].pop("200")
    begin["responses"]["201"]["headers"] = {**_OFFSET, "Location": _header("its address")}
    begin["responses"] |= may_fail(403, 409, 412, 413)
    look = operation("uploads.look", "How far a file has come", _TAG, [])
    look["responses"]["200"]["headers"] = _OFFSET
    look["responses"] |= may_fail(403, 404, 412)
    add = _spoken("uploads.add", "Send the next part of a file", _BEGINS)
    add["requestBody"] = {"required": True, "content": {one: {"schema": FILE} for one in _PARTS}}
    add["responses"]["204"] = {"description": "it is kept", "headers": _OFFSET}
    add["responses"] |= may_fail(403, 404, 409, 412, 413, 415)
    drop = _spoken("uploads.drop", "Forget a file under way")
    drop["responses"]["204"] = {"description": "it is forgotten"}
    drop["responses"] |= may_fail(403, 404, 412)
    for one in (add, drop):
        del one["responses"]["200"]
    for one in (look, add, drop):
        one["parameters"].append(_SECRET)
    return {
        "/uploads": {"post": begin},
        "/uploads/{secret}": {
            "get": look,
            "patch": add,
            "delete": drop,
        },
    }


def _spoken(identity: str, summary: str, *headers: Schema) -> Schema:
    found = operation(identity, summary, _TAG, [])
    found["parameters"] += [_VERSION, *headers]
    return found


def _sent(name: str, schema: Schema, description: str, *, required: bool = True) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
    }


def _header(description: str) -> Schema:
    return {"description": description, "schema": {"type": "string"}}


_BYTES: Schema = {"type": "integer", "minimum": 0, "maximum": 10**12}
_VERSION = _sent("Tus-Resumable", {"type": "string", "enum": ["1.0.0"]}, "the protocol")
_LENGTH = _sent("Upload-Length", _BYTES, "how many bytes the file has")
_BEGINS = _sent("Upload-Offset", _BYTES, "where the part begins")
_METADATA = _sent("Upload-Metadata", {"type": "string"}, "filename and its Base64", required=False)
_OFFSET: Schema = {
    "Upload-Offset": _header("how many bytes have come"),
    "Upload-Length": _header("how many bytes the file has"),
    "Upload-Expires": _header("when it is forgotten"),
}
_SECRET: Schema = {
    "name": "secret",
    "in": "path",
    "required": True,
    "description": "what the address of the answer to POST ends in",
    "schema": {"type": "string"},
}
