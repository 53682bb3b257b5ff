"""Which representation and language a reader gets, and how answers are made of documents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from flask import Response, g, render_template, request
from werkzeug.datastructures import Headers, LanguageAccept
from werkzeug.http import parse_accept_header

from web.accounts import current_session, must_sign_in
from web.site import (
    REFUSED,
    SOURCE,
    THEME_COOKIE,
    Catalogues,
    Lang,
    known_theme,
    navigation,
    spoken,
    told_in,
    translate,
)

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
VARY = "Accept, Accept-Language, Accept-Encoding"
_VARY_OF_PAGES = f"{VARY}, Cookie"
_FORMATS = {"json": JSON, "geojson": JSON, "html": HTML}


def wants_html() -> bool:
    """Whether the reader asks for a page: by `f`, else by the Accept header."""
    environ = request.environ
    if "f=" in environ["QUERY_STRING"]:
        asked = request.args.get("f", "")
        if asked in _FORMATS:
            return _FORMATS[asked] == HTML
    if "text/html" not in environ.get("HTTP_ACCEPT", ""):
        return False
    return request.accept_mimetypes.best_match([JSON, GEOJSON, HTML], default=JSON) == HTML


def page_language() -> str:
    """The language of a page, of those that are installed: by `lang`, else by Accept-Language.

    Chinese by default.
    """
    known = spoken()
    asked = known.asked_as.get(request.args.get("lang", "").lower())
    return asked or _preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""), known)


def language() -> Lang:
    """The reader's language of the two that the register itself speaks."""
    return told_in(page_language())


def preferred_language(accepted: str) -> Lang:
    """What an Accept-Language header asks for, of the two languages of the register.

    >>> preferred_language(""), preferred_language("en-GB, en;q=0.9, zh;q=0.1")
    ('zh', 'en')
    """
    return told_in(_preferred(accepted, spoken()))


@lru_cache(maxsize=256)
def _preferred(accepted: str, known: Catalogues) -> str:
    """The language that an Accept-Language header asks for (RFC 9110, 12.5.4)."""
    languages = parse_accept_header(accepted, LanguageAccept)
    return known.asked_as[languages.best_match(list(known.asked_as), default=SOURCE)]


def page_text(key: str) -> str:
    """The text of a key in the language of the page."""
    return translate(key, page_language())


def lang_query() -> str:
    """The query that keeps the language of a page where a form leads on to another one."""
    tag = page_language()
    return "" if tag == SOURCE else f"?lang={tag}"


def json_response(document: Any, status: int = 200, media_type: str = JSON) -> Response:
    """A document as JSON."""
    return bytes_response(orjson.dumps(document), media_type, status)


class ReadyBytes(Response):
    """Ready bytes: nothing about them has to be looked up or copied as they are sent."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer as WSGI wants it."""
        body = self.response
        plain = self.status_code == 200 and not self._on_close  # noqa: PLR2004
        if plain and isinstance(body, list) and environ["REQUEST_METHOD"] == "GET":
            start_response(self.status, list(self.headers))
            return body
        return super().__call__(environ, start_response)


def bytes_response(body: bytes, media_type: str, status: int = 200) -> Response:
    """Ready bytes with their media type."""
    return ReadyBytes(body, status, Headers([("Content-Type", media_type), ("Vary", VARY)]))


def ready_response(body: bytes, headers: Sequence[tuple[str, str]]) -> Response:
    """Ready bytes with all their headers."""
    return ReadyBytes(body, 200, Headers(headers))


def render_page(
    template: str, document: Mapping[str, Any], title: str, status: int = 200
) -> Response:
    """A document as a page."""
    lang = page_language()
    page = render_template(
        template,
        doc=document,
        lang=lang,
        t=_texts(lang),
        title=title,
        **_reader(),
        alternate=[link for link in document.get("links", ()) if link.get("rel") == "alternate"],
    )
    headers = {"Vary": _VARY_OF_PAGES}
    return Response(page, status, headers, content_type="text/html; charset=utf-8")


def render_shell(template: str, document: Mapping[str, Any], title: str) -> Response:
    """A page that is the same for everybody: nothing of its reader stands in it but the language.

    Where its links lead is decided when they are followed.
    """
    lang = page_language()
    page = render_template(template, doc=document, lang=lang, t=_texts(lang), title=title)
    return Response(page, 200, {"Vary": VARY}, content_type="text/html; charset=utf-8")


def _texts(lang: str) -> Callable[[str], str]:
    by_key = spoken().of(lang).by_key
    return lambda key: by_key.get(key, key)


def respond(
    template: str, document: Mapping[str, Any], title: str, media_type: str = JSON
) -> Response:
    """A document as the reader wants it."""
    if wants_html():
        return render_page(template, document, title)
    return json_response(document, media_type=media_type)


def _reader() -> dict[str, Any]:
    """What pages say of who reads them, and how the reader wants them to look."""
    actor = g.get("actor")
    roles = frozenset() if actor is None else {str(grant.role) for grant in actor.grants}
    shown: dict[str, Any] = {
        "theme": known_theme(request.cookies.get(THEME_COOKIE)),
        "nav": navigation(roles, request.path),
        "here": request.path,
        "roles": roles,
        REFUSED: g.get(REFUSED),
    }
    session = current_session()
    if session is None:
        return shown | {"sign_in_offered": must_sign_in()}
    return shown | {"csrf_token": session.csrf, "account_name": session.actor.name}
