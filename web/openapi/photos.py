"""Photographs of markers, several at once."""

from web.openapi.parts import FILE, Schema, may_fail, operation


def paths() -> Schema:
    """The family's paths."""
    send = operation("photos.send", "Keep photographs; each finds its marker", "markers", [])
    send["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": FILE, "maxItems": 30},
                        "claimed_on": {"type": "string", "format": "date"},
                    },
                }
            }
        },
    }
    answer = send["responses"].pop("200")
    problem: Schema = {"schema": {"$ref": "#/components/schemas/problem"}}
    content = answer["content"] | {"application/problem+json": problem}
    send["responses"] |= {
        "201": answer,
        "422": {"description": "none was kept; each says why", "content": content},
    }
    send["responses"] |= may_fail(403, 413)
    return {"/photos": {"post": send}}
