"""Search: the paths that find names."""

from web.openapi.parts import Schema, get

_ASKED = ["q", "limit_search", "cursor", "within", "class", "status", "heritage"]


def paths() -> Schema:
    """The family's paths."""
    return {
        f"/{name}": get(
            name, title, "search", [*_ASKED, "bbox", "as_of", "near"], "application/geo+json"
        )
        for name, title in (("search", "Names by any form"), ("suggest", "Names as they are typed"))
    }
