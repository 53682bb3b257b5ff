"""The API's description in an edition of OpenAPI: written in 3.0, and 3.1 made of it. Pure."""

from collections.abc import Mapping
from typing import Any, Final

EDITIONS: Final[Mapping[str, str]] = {"3.0": "3.0.3", "3.1": "3.1.0"}
"""What a reader may ask for, and the whole number of that edition."""
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_LIMITS: Final = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def media_type(edition: str) -> str:
    """The media type of a description.

    >>> media_type("3.1")
    'application/vnd.oai.openapi+json;version=3.1'
    """
    return f"application/vnd.oai.openapi+json;version={edition}"


def in_edition(described: Mapping[str, Any], edition: str) -> dict[str, Any]:
    """A description of OpenAPI 3.0 in the edition that is asked for.

    In 3.1 schemas are those of JSON Schema 2020-12: what may be null has `null` among its types,
    and an exclusive limit is a number.

    >>> in_edition({"openapi": "3.0.3", "a": {"type": "string", "nullable": True}}, "3.1")["a"]
    {'type': ['string', 'null']}
    """
    if edition == "3.0":
        return dict(described)
    return {
        **_rewritten(described),
        "openapi": EDITIONS[edition],
        "jsonSchemaDialect": _DIALECT,
    }


def _rewritten(part: Any) -> Any:
    if isinstance(part, list):
        return [_rewritten(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _rewritten(value) for name, value in part.items()}
    if found.get("nullable") is True:
        del found["nullable"]
        if "type" in found:
            found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    for name, limit in _LIMITS:
        if found.get(name) is True:
            found[name] = found.pop(limit)
    return found
