"""One's own work."""

from web.openapi.parts import Schema, get, may_fail


def paths() -> Schema:
    """The family's paths."""
    shown = get("work", "What waits for the reader: by when, and who may act", "work")
    shown["get"]["responses"] |= may_fail(401, 403)
    return {"/work": shown}
