"""Books and atlas sheets: the paths that answer with files."""

from collections.abc import Sequence

from gazetteer import volumes
from web.api.books import LIST_FORMATS
from web.openapi.parts import FILE, Schema, get, may_fail, with_formats


def paths() -> Schema:
    """The family's paths; `id` is a division's code."""
    return {
        "/books/{id}/list": _file("books.list", "Standard names of a division", LIST_FORMATS),
        "/books/{id}/volume": _file("books.volume", "The book of a division's names", ("docx",)),
        "/atlas/{id}": _file("books.atlas", "A division's atlas sheet", volumes.ATLAS_FORMATS),
    }


def _file(identity: str, summary: str, formats: Sequence[str]) -> Schema:
    made = get(identity, summary, "books", ["id"])
    made["get"]["parameters"] = with_formats(made["get"]["parameters"], formats)
    made["get"]["responses"]["200"]["content"] = {"application/octet-stream": {"schema": FILE}}
    made["get"]["responses"] |= may_fail(400, 503)
    return made
