"""Small pages about an entity, shown inside other sites' pages; they load one style sheet."""

from typing import Any, Final

from flask import Response, render_template

from data import NotFound
from gazetteer import PROPERTIES, EntityValue, Value, parse_identity, read_values, type_names
from web.api.reconcile.answers import property_name
from web.context import current_store
from web.negotiation import bytes_response, language

_SHOWN: Final = (
    *("category", "level", "path", "code", "romanization", "mongolian"),
    *("former_names", "meaning", "origin", "status", "valid_from", "valid_to"),
)
_CSP: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_LONGEST: Final = 160


def preview(identity: str) -> Response:
    """The page about an entity, which other sites may show in a frame.

    Raises:
        NotFound: the identity names nothing.
    """
    page = render_template("preview.html", **facts(identity), lang=language())
    response = bytes_response(page.encode(), "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _CSP
    return response


def flyout(kind: str, identity: str) -> dict[str, str]:
    """A few lines of HTML about an entity, property or type, everything in them escaped.

    Raises:
        NotFound: the identity names nothing.
    """
    return {"id": identity, "html": render_template("flyout.html", **_lines(kind, identity))}


def _lines(kind: str, identity: str) -> dict[str, Any]:
    lang = language()
    if kind == "entity":
        return facts(identity)
    if kind == "property" and identity in PROPERTIES:
        known = PROPERTIES[identity]
        return {"name": property_name(identity, lang), "facts": [(identity, known.zh, None)]}
    names = type_names(lang)
    if kind == "type" and identity in names:
        return {"name": names[identity], "facts": [(identity, type_names("en")[identity], None)]}
    raise _unknown(identity)


def facts(identity: str) -> dict[str, Any]:
    """An entity's name and what is known of it: label, value, language of the value.

    Raises:
        NotFound: the identity names nothing.
    """
    lang = language()
    wanted = ("name", *_SHOWN)
    values = read_values(current_store(), [identity], wanted, lang)[identity]
    if parse_identity(identity) is None or not values["name"]:
        raise _unknown(identity)
    told = [
        (
            property_name(name, lang),
            _shown(values[name]),
            "mn-Mong" if name == "mongolian" else None,
        )
        for name in _SHOWN
        if values[name]
    ]
    return {"name": str(values["name"][0]), "facts": told}


def _shown(values: tuple[Value, ...]) -> str:
    texts = [value.name if isinstance(value, EntityValue) else str(value) for value in values]
    text = "、".join(texts)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _unknown(identity: str) -> NotFound:
    return NotFound(f"there is no {identity[:80]}", f"没有标识为“{identity[:80]}”的条目")
