"""Use of standard names: the path that checks a text."""

from web.openapi.parts import FILE, Schema, get, may_fail, operation, query, with_formats

_TEXT: Schema = {"type": "string"}
_FINDING: Schema = {
    "type": "object",
    "required": ["kind", "level", "text", "zh", "en", "place", "offset"],
    "properties": {
        "kind": {
            "type": "string",
            "enum": ["former", "variant", "short", "misspelt", "romanization", "parent"],
        },
        "level": {"type": "string", "enum": ["error", "doubt", "note"]},
        "text": _TEXT,
        "standard": _TEXT | {"nullable": True},
        "zh": _TEXT,
        "en": _TEXT,
        "place": {"type": "object"},
        "offset": {"type": "integer"},
        "records": {"type": "array", "items": {"type": "object"}},
    },
}
_REPORT: Schema = {
    "type": "object",
    "required": ["format", "mentions", "errors", "findings"],
    "properties": {
        "format": _TEXT,
        "mentions": {"type": "integer"},
        "errors": {"type": "integer"},
        "findings": {"type": "array", "items": _FINDING},
    },
}


def paths() -> Schema:
    """The family's paths."""
    form = get("checking.form", "What can be checked; a page to send it", "names")
    form["get"]["parameters"] = with_formats(form["get"]["parameters"], ["json", "html"])
    check = operation("checking.check", "Mark names in a text that are not standard", "names", [])
    check["parameters"] = [
        *with_formats(check["parameters"], ["json", "html", "marked"]),
        query("file_name", _TEXT, "the file's name, where the body is the file"),
    ]
    check["requestBody"] = {"required": True, "content": _bodies()}
    answer = check["responses"]["200"]["content"]
    answer["application/json"]["schema"] = _REPORT
    answer["application/octet-stream"] = {"schema": FILE}
    check["responses"] |= may_fail(403, 413, 415, 422, 503)
    return {"/check-text": form | {"post": check}}


def _bodies() -> Schema:
    members: Schema = {"file": FILE, "text": _TEXT, "output": _TEXT}
    return {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": _TEXT | {"minLength": 1}},
            }
        },
        "multipart/form-data": {"schema": {"type": "object", "properties": members}},
        "application/octet-stream": {"schema": FILE},
    }
