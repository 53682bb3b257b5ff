"""`/collections/{id}/export`: a whole collection, or a part of it, as a file."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from itertools import chain
from threading import BoundedSemaphore
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, request
from sqlalchemy import Connection

from data import Collection, ItemsQuery, NotReady, Role, Store
from gazetteer import Export, choose_export, export_page, export_pieces, formats_of, profiles_of
from web import ranges
from web.addresses import root
from web.answers import link_value
from web.catalogue import find_collection
from web.context import current_actor, current_store
from web.kept_files import KeptFiles
from web.negotiation import bytes_response, language, respond
from web.parameters import export_query

blueprint = Blueprint("exports", __name__)

_FILES_AT_ONCE = 2
_files = BoundedSemaphore(_FILES_AT_ONCE)
"""Formats that are made as a file first take room and processors; a process makes few at once."""
_kept = KeptFiles()
_PAGES = ("json", "html")
LINKED, LD_JSON = "lpf", "application/ld+json"
PAGE_FORMATS = {"geojsonseq": "application/geo+json-seq", "csv": "text/csv"}
"""Formats of a page of features beside the usual ones, with the media type that asks for them."""


@blueprint.get("/collections/<name>/export")
def export(name: str) -> Response:
    """The collection in the format `f`; without one, what there is to choose from."""
    found = find_collection(name)
    formats = [*_PAGES, *(one.name for one in formats_of(found))]
    profile_known = ["profile"] if profiles_of(found) else []
    asked, values = export_query(found, formats, ["within", "crs", *profile_known])
    wanted = values.get("f")
    if wanted in _PAGES or (wanted is None and "profile" not in values):
        return _choices(found)
    format_, profile = choose_export(found, wanted, values.get("profile"))
    return _answer(
        Export(
            found,
            format_,
            asked,
            values.get("within"),
            values.get("crs"),
            profile,
            root(),
            whole=_sees_all(),
        )
    )


def _choices(found: Collection) -> Response:
    chinese = language() == "zh"
    address = f"{root()}collections/{found.id}"
    asked = request.args.to_dict()
    links = [
        _link(f"{address}/export", asked, one.media_type, one.zh if chinese else one.en, f=one.name)
        for one in formats_of(found)
    ]
    links += [
        _link(
            f"{address}/export",
            asked,
            shape.content_type,
            shape.zh if chinese else shape.en,
            profile=shape.name,
        )
        for shape in profiles_of(found)
    ]
    title = f"导出{found.zh}" if chinese else f"Export {found.en}"
    back = {"href": address, "rel": "collection", "type": "application/json"}
    document = {"id": found.id, "title": title, "links": [back, *links]}
    return respond("document.html", document, title)


def page_formats(found: Collection) -> Mapping[str, str]:
    """Formats of a collection's pages beside the usual ones, with the media type of each."""
    linked = {LINKED: LD_JSON} if any(one.name == LINKED for one in profiles_of(found)) else {}
    return PAGE_FORMATS | linked


def page_format(found: Collection, asked: str | None) -> str | None:
    """The format in which a page is wanted, where it is none of the usual ones.

    `asked` is the parameter `f`.
    """
    known = page_formats(found)
    if asked is not None:
        return asked if asked in known else None
    accepted = request.environ.get("HTTP_ACCEPT", "")
    named = [name for name, media_type in known.items() if media_type in accepted]
    if not named:
        return None
    usual = ["application/json", "application/geo+json", "text/html"]
    best = request.accept_mimetypes.best_match([*usual, *(known[name] for name in named)])
    return next((name for name in named if known[name] == best), None)


def page(
    connection: Connection,
    found: Collection,
    features: Sequence[bytes],
    wanted: str,
    links: Sequence[Mapping[str, str]],
) -> Response:
    """One page of features in a format without room for links: they stand in the header."""
    asked = _page_export(found, wanted)
    body = export_page(connection, current_store().crs, asked, features)
    response = bytes_response(body, asked.media_type)
    for one in links:
        response.headers.add("Link", link_value(one))
    return response


def linked_item(connection: Connection, found: Collection, feature: bytes) -> Response:
    """One feature as a document of the Linked Places Format."""
    asked = _page_export(found, LINKED)
    text = export_page(connection, current_store().crs, asked, [feature])
    whole = orjson.loads(text)
    document = {"@context": whole["@context"], **whole["features"][0]}
    return bytes_response(orjson.dumps(document), LD_JSON)


def _page_export(found: Collection, wanted: str) -> Export:
    if wanted == LINKED:
        format_, profile = choose_export(found, None, LINKED)
    else:
        format_, profile = choose_export(found, wanted, None)
    return Export(found, format_, ItemsQuery(), profile=profile, root=root(), whole=_sees_all())


def _sees_all() -> bool:
    """Whether who asks may see what is not open to everybody: members of the office."""
    return any(current_actor().may(role, ()) for role in Role)


def _link(
    address: str, asked: dict[str, str], media_type: str, title: str, **choice: str
) -> dict[str, str]:
    kept = {name: value for name, value in asked.items() if name not in {"f", "profile", "lang"}}
    href = f"{address}?{urlencode(kept | choice)}"
    return {"href": href, "rel": "enclosure", "type": media_type, "title": title}


def _answer(asked: Export) -> Response:
    store = current_store()
    tag = _tag(store, asked)
    response = Response(content_type=asked.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.file_name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(tag, weak=not asked.format.ranged)
    if asked.format.ranged:
        response.accept_ranges = ranges.UNIT
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    elif request.method == "HEAD":
        # How long it is is not known before the file is made.
        response.automatically_set_content_length = False
        if (size := _kept.size(tag)) is not None:
            response.content_length = size
    elif asked.format.ranged:
        return _in_parts(response, store, asked, tag)
    else:
        pieces = export_pieces(store, asked)
        response.call_on_close(pieces.close)
        response.response = chain((_first(asked, pieces),), pieces)
    return response


def _tag(store: Store, asked: Export) -> str:
    """What tells an export's file from every other: the data's state, what is asked, who asks."""
    with store.read() as connection:
        mark = store.change_mark(connection)
    reader = f"{_sight(store)} {asked.whole}"
    said = f"{store.url} {mark} {request.full_path} {root()} {asked.today} {reader}"
    return blake2b(said.encode(), digest_size=12).hexdigest()


def _sight(store: Store) -> str:
    """What the reader of a store sees, in words that are the same in every process."""
    seen = store.sight
    if seen is None:
        return "everything"
    codes = [None if one is None else sorted(one) for one in (seen.internal, seen.precise)]
    return f"{seen.name} {codes} {seen.exact}"


def _in_parts(response: Response, store: Store, asked: Export, tag: str) -> Response:
    """A file of which readers fetch parts: it is kept until they have them."""
    file = _kept.find(tag)
    if file is None:
        with closing(export_pieces(store, asked)) as pieces:
            file = _kept.keep(tag, chain((_first(asked, pieces),), pieces))
        if _tag(store, asked) != tag:  # somebody wrote meanwhile: it may be of either state
            _kept.forget(tag)
            del response.headers["ETag"]
            return ranges.answer(response, file, "")
    holds = ranges.holds(request.headers.get("If-Range", ""), tag)
    return ranges.answer(response, file, request.headers.get("Range", "") if holds else "")


def _first(asked: Export, pieces: Iterator[bytes]) -> bytes:
    """The first bytes: what cannot be given is refused before an answer begins."""
    if asked.format.streamed:
        return next(pieces, b"")
    if not _files.acquire(blocking=False):
        raise NotReady(
            "other exports are being made; ask again in a minute",
            "正在生成其他导出文件；请稍后再试",
        )
    try:
        return next(pieces, b"")
    finally:
        _files.release()
