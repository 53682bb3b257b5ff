"""The quick door: plain reads of map clients, answered before the framework has begun.

A page of a collection's features, one feature and tiles are most of what a map asks for, a search
most of what people do, and the framework's own work takes as long as reading them. Here they are
answered from the request's environment alone, by the same functions as in `web.api.features`,
`web.api.tiles` and `web.api.search`, byte for byte. Whatever is not plain goes on into the house:
other parameters and formats, conditions, refusals. Where people sign in, who has not done so is
answered here from the store as the public sees it; who sends a cookie or a token is let in.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final

import orjson

from data import CRS84, PUBLIC_SIGHT, Collection, OvooError, Store, page_of, read_item, seen_by
from data.tiles import Tiles
from gazetteer import index_state
from web import answers, tiling
from web.accounts import Access, comes_through_proxy
from web.addresses import links_of, root_of
from web.at_once import AT_ONCE, leave_it
from web.catalogue import COLLECTIONS
from web.conditions import is_known, item_tag
from web.cors import for_sites
from web.finding import (
    WAYS,
    Address,
    document_of,
    found_at_once,
    found_by_statement,
    plain_search,
    request_of,
)
from web.kept import KeptAnswers
from web.negotiation import GEOJSON, JSON, VARY, preferred_language
from web.parameters import pairs_of, plain_query
from web.site import Lang
from web.transport import Application, Headers
from web.whereabouts import PATH as WHERE
from web.whereabouts import document_in as where_document
from web.whereabouts import plain_where

_ADDRESS: Final = re.compile(r"/collections/([a-z]+)/items(?:/([0-9]{1,18}))?")
_PLAIN: Final = frozenset({"bbox", "limit", "cursor", "offset"})
_CONDITIONS: Final = frozenset(
    {"HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE"}
)
_NAMES: Final = frozenset({"HTTP_AUTHORIZATION", "HTTP_COOKIE"})
"""Whoever sends one of these may be somebody."""
_PRIVATE: Final = ("Cache-Control", "private, no-store")
_GEOJSON: Final = re.compile(r"json|\*/\*")
_OTHER_FORMATS: Final = re.compile(r"html|csv|seq|ld\+json")


class QuickDoor:
    """A WSGI application before another, to which it hands on what is not plain.

    Args:
        application: the house.
        store: what is read.
        access: whether people must sign in.
        tiles: the store's tiles.
        kept: answers of searches.
        origins: sites whose programs may read the answers in a browser.
    """

    def __init__(
        self,
        application: Application,
        store: Store,
        access: Access,
        tiles: Tiles,
        kept: KeptAnswers,
        origins: Sequence[str] = (),
    ) -> None:
        self._application, self._store, self._access = application, store, access
        self._public: Store | None = None
        self._tiles, self._kept, self._origins = tiles, kept, origins
        self._located = ""
        """The state of the store in which a position was last located: its outlines are at hand."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        address = _ADDRESS.fullmatch(path)
        if (path in WAYS or path == WHERE) and self._is_plain(environ):
            found = self._locate(environ) if path == WHERE else self._find(environ, path)
            if found is not None:
                start_response("200 OK", found[1])
                return [found[0]]
        elif address is not None and self._is_plain(environ):
            closed = self._access.closed
            try:
                store = self._public_store() if closed else self._store
                answer = self._answer(store, environ, address[1], address[2])
            except OvooError:  # how it is refused is said within
                answer = None
            if answer is not None:
                body, headers = answer
                tag = headers[-1][1]
                headers = [*([_PRIVATE] if closed else []), *headers]
                if self._origins:
                    headers = for_sites(headers, environ.get("HTTP_ORIGIN", ""), self._origins)
                if (asked := environ.get("HTTP_IF_NONE_MATCH")) and is_known(asked, tag):
                    start_response("304 Not Modified", answers.not_modified(headers))
                    return []
                start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
                return [body]
        answered = self._tile(environ)
        if answered is not None:
            status, headers, body = answered
            if self._origins:
                headers = for_sites(headers, environ.get("HTTP_ORIGIN", ""), self._origins)
            start_response(status, [*headers, *_length(status, body)])
            return [body]
        leave_it(environ)
        return self._application(environ, start_response)

    def _find(self, environ: dict[str, Any], path: str) -> tuple[bytes, Headers] | None:
        """A page of results, as `web.api.search` gives it."""
        values = plain_search(environ["QUERY_STRING"])
        if values is None:
            return None
        closed = self._access.closed
        store = self._public_store() if closed else self._store
        lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        address = Address(root_of(environ), path, environ["QUERY_STRING"])
        try:
            body = self._found(store, address, values, lang, environ)
        except OvooError:  # how it is refused is said within
            return None
        return None if body is None else (body, self._headers(environ, body, GEOJSON))

    def _headers(self, environ: dict[str, Any], body: bytes, media_type: str) -> Headers:
        """Of an answer without a tag."""
        headers = [("Content-Type", media_type), ("Vary", VARY)]
        headers.append(("Content-Length", str(len(body))))
        headers = [*([_PRIVATE] if self._access.closed else []), *headers]
        if self._origins:
            headers = for_sites(headers, environ.get("HTTP_ORIGIN", ""), self._origins)
        return headers

    def _locate(self, environ: dict[str, Any]) -> tuple[bytes, Headers] | None:
        """Where a position is, as `web.api.where` gives it."""
        values = plain_where(environ["QUERY_STRING"])
        if values is None:
            return None
        store = self._public_store() if self._access.closed else self._store
        links = links_of(f"{root_of(environ)}{WHERE[1:]}", environ["QUERY_STRING"], JSON)
        now = "as_of" not in values
        try:
            with store.read() as connection:
                mark = store.change_mark(connection)
                if not now or mark != self._located:
                    leave_it(environ)  # outlines are read once after each write
                body = orjson.dumps(where_document(store, connection, mark, values, links))
        except OvooError:  # how it is refused is said within
            return None
        if now:
            self._located = mark
        return body, self._headers(environ, body, JSON)

    def _found(
        self,
        store: Store,
        address: Address,
        values: dict[str, str],
        lang: Lang,
        environ: dict[str, Any],
    ) -> bytes | None:
        key = (store.sight, address, lang)
        if not store.embedded and not self._kept.has(key):
            told = found_by_statement(address.path, store, request_of(values))
            if told is not None:
                return self._kept_anew(key, told[0], document_of(told[1], address, lang))
        with store.read() as connection:
            state = index_state(connection)
            if state is None:
                return None
            body = self._kept.find(key, state)
            if body is None:
                asked, page = request_of(values), None
                if environ.get(AT_ONCE):
                    page = found_at_once(address.path, store, connection, asked, state)
                if page is None:
                    leave_it(environ)
                    page = WAYS[address.path](store, connection, asked, state)
                body = self._kept_anew(key, state, document_of(page, address, lang))
            return body

    def _kept_anew(self, key: Hashable, state: str, document: dict[str, Any]) -> bytes:
        body = orjson.dumps(document)
        self._kept.keep(key, state, body)
        return body

    def _public_store(self) -> Store:
        if self._public is None:
            self._public = seen_by(self._store, PUBLIC_SIGHT)
        return self._public

    def _tile(self, environ: dict[str, Any]) -> tuple[str, Headers, bytes] | None:
        """A tile, where its address is a plain one; conditions are part of every map's asking."""
        address = tiling.ADDRESS.fullmatch(environ["PATH_INFO"])
        if address is None or environ["QUERY_STRING"] or not self._is_simple(environ):
            return None
        name, *rest = address.groups()
        asked = tiling.Asked(name or "", *rest)
        closed = self._access.closed
        store = self._public_store() if closed else self._store
        try:
            wanted = tiling.question(asked, {})
            content = self._tiles.find_at_once(store, wanted) if environ.get(AT_ONCE) else None
            if content is None:
                leave_it(environ)
                content = self._tiles.read(store, wanted)
        except OvooError:  # how it is refused is said within
            return None
        return tiling.tile_answer(content, environ, private=closed)

    def _is_simple(self, environ: dict[str, Any]) -> bool:
        """Whether a request reads, for nobody in particular or in an open house."""
        return environ["REQUEST_METHOD"] == "GET" and (
            _NAMES.isdisjoint(environ) if self._access.closed else not comes_through_proxy(environ)
        )

    def _is_plain(self, environ: dict[str, Any]) -> bool:
        return (
            self._is_simple(environ)
            and _takes_geojson(environ.get("HTTP_ACCEPT", ""))
            and _CONDITIONS.isdisjoint(environ)
        )

    def _answer(
        self, store: Store, environ: dict[str, Any], name: str, identity: str | None
    ) -> tuple[bytes, Headers] | None:
        """The body and the headers, the tag the last of them."""
        collection, query = COLLECTIONS.get(name), environ["QUERY_STRING"]
        if collection is None:
            return None
        root = root_of(environ)
        if identity is not None:
            if query:
                return None
            with store.read() as connection:
                feature = read_item(connection, collection, int(identity))
            links = answers.item_links(root, collection, identity)
            body = answers.item_body(feature, links)
            tag = item_tag(name, identity, feature, body)
            return body, answers.item_headers(CRS84, links, tag)
        values = _plain_values(query, collection)
        if values is None:
            return None
        page = page_of(store, collection, plain_query(values, collection))
        links = answers.page_links(root, collection, query, page.next_cursor, page.prev_cursor)
        body = answers.page_body(page, page.text, links)
        tag = answers.tag_of_page(page, page.text, CRS84, links)
        return body, answers.page_headers(root, collection, CRS84, links, tag)


def _plain_values(query: str, collection: Collection) -> dict[str, str] | None:
    """The parameters of a page, where none is given twice and each is plain or a property's."""
    pairs = pairs_of(query)
    if pairs is None:
        return None
    values = dict(pairs)
    known = all(name in _PLAIN or name in collection.filterable for name in values)
    return values if known and len(values) == len(pairs) else None


def _takes_geojson(accepted: str) -> bool:
    """Whether who sends this Accept header has GeoJSON, and no other format before it."""
    return not accepted or (
        _GEOJSON.search(accepted) is not None and _OTHER_FORMATS.search(accepted) is None
    )


def _length(status: str, body: bytes) -> Headers:
    """The length of what has one: not of what is empty or known already."""
    return [("Content-Length", str(len(body)))] if status.startswith("200") else []
