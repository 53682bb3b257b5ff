"""Observing: the paths of those who run the service."""

from web.openapi.parts import Schema

_JSON: Schema = {"application/json": {"schema": {"type": "object"}}}
_TEXT: Schema = {"text/plain": {"schema": {"type": "string"}}}


def paths() -> Schema:
    """The family's paths."""
    return {
        "/health": _path("health", "The process answers", {"200": ("alive", _JSON)}),
        "/ready": _path(
            "ready",
            "Whether the service can do its work, check by check",
            {"200": ("ready", _JSON), "503": ("not ready", _JSON)},
        ),
        "/metrics": _path(
            "metrics",
            "Counts for Prometheus; to this machine alone",
            {"200": ("counts", _TEXT), "403": ("asked from elsewhere", {})},
        ),
    }


def _path(identity: str, summary: str, answers: dict[str, tuple[str, Schema]]) -> Schema:
    responses = {
        status: {"description": said} | ({"content": content} if content else {})
        for status, (said, content) in answers.items()
    }
    return {
        "get": {
            "operationId": identity,
            "summary": summary,
            "tags": ["observing"],
            "parameters": [],
            "responses": responses,
        }
    }
