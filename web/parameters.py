"""Query parameters, strictly: an unknown name, a repeated one or a bad value is refused by name."""

import re
from collections.abc import Collection as Names
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from flask import request

from data import (
    CRS84,
    MAX_LIMIT,
    MAX_SORT_KEYS,
    Box,
    Collection,
    Interval,
    InvalidValue,
    ItemsQuery,
    Property,
    PublishedSystem,
    SortKey,
    find_system,
)
from data.filters import LANGUAGES, TEXT, Scalar, equality, joined, parse
from web.context import current_store
from web.site import spoken
from web.trails import BACK, is_trail

COMMON = frozenset({"f", "lang"})
"""What every address accepts: the representation and the language."""
FORMATS = ("json", "geojson", "html")
"""What most addresses answer in."""
PROFILE = "profile"
"""In which of several ways a document says a thing: see `web.profiles`."""
DEFAULT_LIMIT = 10
_PAGE = ("limit", "cursor", "offset", "sortby")
_SELECTING = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs")
_HIGHEST = 2**62
_LONGEST = 19
"""Digits of a number that is larger than any that is asked for."""
_ESCAPED = 3
"""So many characters stand for a byte: % and two digits."""
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN = frozenset({"bbox", "limit", "cursor", "offset", "crs", "properties", *COMMON})
"""Parameters that state no condition beside the box."""
_KNOWN: dict[str, Names[str]] = {}
_IDENTITY = Property("id", "integer", "编号", "Id")
"""What every feature has beside its properties, and is asked for like one."""
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def query(known: Names[str], formats: Sequence[str] = FORMATS) -> Mapping[str, str]:
    """The query parameters of this request.

    Args:
        known: the names that this address knows beside `f` and `lang`.
        formats: the values that `f` may have.

    Raises:
        InvalidValue: a name is unknown or given twice, or `f` or `lang` has an unknown value.
    """
    pairs = _given()
    values = dict(pairs)
    for name, value in values.items():
        if name == BACK and is_trail(value) and "cursor" in known and "offset" not in known:
            continue  # a list that is paged by keys in one direction
        if name not in known and name not in COMMON:
            allowed = ", ".join(sorted({*known, *COMMON}))
            raise InvalidValue(
                name, value, "this address has no such parameter", f"it knows {allowed}",
                f"此地址没有参数“{name}”；可用参数：{allowed}",
            )  # fmt: skip
    if len(values) < len(pairs):
        _refuse_repeated(pairs)
    one_of("f", values.get("f"), formats)
    one_of("lang", values.get("lang"), spoken().accepted)
    return values


def form_query(known: Names[str], formats: Sequence[str] = FORMATS) -> Mapping[str, str]:
    """The query parameters of a request that a page's form may have sent.

    A browser sends every field of a form; those left blank are not given. Programs are still told
    of a blank value.

    Raises:
        InvalidValue: as `query`.
    """
    values = query(known, formats)
    if values.get("f") != "html":
        return values
    return {name: value for name, value in values.items() if value}


def _given() -> list[tuple[str, str]]:
    """The parameters of this request in their order, by name and value."""
    pairs = pairs_of(request.environ["QUERY_STRING"])
    return list(request.args.items(multi=True)) if pairs is None else pairs


def pairs_of(query: str) -> list[tuple[str, str]] | None:
    """The parameters of a query in their order; None where its bytes are no ASCII or no UTF-8.

    What the standard library does in one way for everything takes as long as reading a feature.

    >>> pairs_of("q=%E6%95%96%E5%8C%85&within=a+b"), pairs_of("q=%FF")
    ([('q', '敖包'), ('within', 'a b')], None)
    """
    if not query.isascii():
        return None
    parts = [part.partition("=") for part in query.split("&") if part]
    if "%" not in query and "+" not in query:
        return [(name, value) for name, _, value in parts]
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in parts]
    except UnicodeDecodeError:
        return None


def _decoded(text: str) -> str:
    if len(text) == _ESCAPED * text.count("%") and not _NO_ESCAPE.search(text):
        return bytes.fromhex(text.replace("%", "")).decode()
    return unquote_to_bytes(text.replace("+", " ")).decode()


def _refuse_repeated(pairs: Sequence[tuple[str, str]]) -> NoReturn:
    names = [name for name, _ in pairs]
    name = next(name for name in names if names.count(name) > 1)
    raise InvalidValue(
        name, [value for one, value in pairs if one == name],
        "a parameter may be given once", "give it once",
        f"参数“{name}”重复；请只填写一次",
    )  # fmt: skip


def one_of(name: str, value: str | None, allowed: Sequence[str]) -> None:
    """Refuse a value that is none of those that a parameter may have.

    Raises:
        InvalidValue: it is none of them.
    """
    if value is not None and value not in allowed:
        listed = ", ".join(allowed)
        raise InvalidValue(
            name,
            value,
            f"it is one of {listed}",
            f"give one of {listed}",
            f"参数“{name}”应为 {listed} 之一",
        )


def whole(values: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` on; one above `high` is taken as `high`.

    Raises:
        InvalidValue: the text is no whole number, or it is below `low`.
    """
    text = values.get(name)
    if text is None:
        return default
    digits = text.lstrip("0") or text[-1:]
    if not (text.isascii() and text.isdigit()) or (len(digits) < _LONGEST and int(digits) < low):
        raise InvalidValue(
            name, text, f"a whole number from {low} on is needed", f"give {default}",
            f"参数“{name}”应为不小于 {low} 的整数",
        )  # fmt: skip
    return high if len(digits) >= _LONGEST else min(int(digits), high)


def day(values: Mapping[str, str], name: str) -> date | None:
    """A calendar date; None where it is not given.

    Raises:
        InvalidValue: the text is no date.
    """
    text = values.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            name, text, "a calendar date is needed", "give a date such as 1990-05-03",
            f"{name} 应为日期；请填写如 1990-05-03",
        ) from None  # fmt: skip


def flag(values: Mapping[str, str], name: str) -> bool:
    """Yes or no; no where it is not given.

    Raises:
        InvalidValue: the text is neither.
    """
    text = values.get(name, "false").lower()
    if text not in _FLAGS:
        raise InvalidValue(
            name, text, "it is true or false", "give true or false",
            f"{name} 应为 true 或 false",
        )  # fmt: skip
    return _FLAGS[text]


def items_query(
    collection: Collection, formats: Sequence[str] = FORMATS
) -> tuple[ItemsQuery, Mapping[str, str]]:
    """What this request asks of a collection, a page of it, and its parameters as given.

    Raises:
        InvalidValue: naming the parameter, its value, the rule and the way out.
    """
    values = query(_known(collection), formats)
    asked = plain_query(values)
    return (asked if values.keys() <= _PLAIN else _selected(collection, values, asked)), values


def plain_query(values: Mapping[str, str], collection: Collection | None = None) -> ItemsQuery:
    """The box, and which of its pages; of a collection, those with the properties given.

    Raises:
        InvalidValue: naming the parameter, its value, the rule and the way out.
    """
    known = {} if collection is None else collection.filterable
    filters = {name: known[name].parse(value) for name, value in values.items() if name in known}
    return ItemsQuery(
        limit=whole(values, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        cursor=values.get("cursor", ""),
        offset=whole(values, "offset", 0, 0, _HIGHEST),
        box=_box(values),
        filters=filters,
    )


def _known(collection: Collection) -> Names[str]:
    """The parameters of a collection's pages."""
    known = _KNOWN.get(collection.id)
    if known is None:
        timed = ("as_of",) if len(collection.time) > 1 else ()
        profiled = (PROFILE,) if collection.references else ()
        own = (*_PAGE, *_SELECTING, *timed, *profiled, "crs", "properties", "id")
        known = _KNOWN[collection.id] = frozenset({*own, *collection.parameters})
    return known


def export_query(
    collection: Collection, formats: Sequence[str], others: Sequence[str]
) -> tuple[ItemsQuery, Mapping[str, str]]:
    """What this request asks of a whole collection, and its parameters as they were given.

    Args:
        collection: the collection.
        formats: the values that `f` may have.
        others: parameters that are no selection of features.

    Raises:
        InvalidValue: naming the parameter, its value, the rule and the way out.
    """
    values = query({*_SELECTING, *others, "id", *collection.parameters}, formats)
    return _selected(collection, values, ItemsQuery(box=_box(values))), values


def _selected(collection: Collection, values: Mapping[str, str], asked: ItemsQuery) -> ItemsQuery:
    """A query with the conditions that its parameters state."""
    return replace(
        asked,
        when=_when(values),
        filters={
            name: known.parse(values[name])
            for name, known in collection.filterable.items()
            if name in values
        },
        filter=joined([_filter(collection, values), *_equalities(collection, values)]),
        sort=_sort(collection, values["sortby"]) if "sortby" in values else (),
    )


def _when(values: Mapping[str, str]) -> Interval | None:
    stated = values.get("datetime", values.get("as_of"))
    return None if stated is None else Interval.parse(stated)


def chosen_properties(collection: Collection, values: Mapping[str, str]) -> frozenset[str] | None:
    """The properties that this request names (`properties=a,b`); None where it names none.

    Raises:
        InvalidValue: the collection's features have no such property.
    """
    text = values.get("properties")
    if text is None:
        return None
    chosen = frozenset(text.split(",")) - {""}
    known = [*collection.parameters, *(detail.name for detail in collection.details)]
    for name in sorted(chosen.difference(known)):
        listed = ", ".join(known)
        raise InvalidValue(
            "properties", name, "the features have no such property", f"name some of {listed}",
            f"要素没有属性“{name}”；可用属性：{listed}",
        )  # fmt: skip
    return chosen


def query_text() -> str:
    """The query of this request as it was sent; what is not UTF-8 is replaced."""
    text: str = request.environ["QUERY_STRING"]
    return text if text.isascii() else request.query_string.decode(errors="replace")


def wanted_system(values: Mapping[str, str]) -> PublishedSystem:
    """The reference system that this request wants its answer in."""
    return find_system(values.get("crs", CRS84), current_store().srid, "crs")


def _box(values: Mapping[str, str]) -> Box | None:
    if "bbox-crs" not in values:
        return Box.parse(values["bbox"]) if "bbox" in values else None
    system = find_system(values["bbox-crs"], current_store().srid, "bbox-crs")
    return system.read_box(values["bbox"]) if "bbox" in values else None


def _filter(collection: Collection, values: Mapping[str, str]) -> Scalar | None:
    language = values.get("filter-lang", TEXT)
    one_of("filter-lang", language, LANGUAGES)
    system = find_system(values.get("filter-crs", CRS84), current_store().srid, "filter-crs")
    if "filter" not in values:
        return None
    return parse(values["filter"], language, collection.queryables, system.to_store)


def _equalities(collection: Collection, values: Mapping[str, str]) -> Iterator[Scalar]:
    """The id and properties without an index, given as parameters."""
    for name, known in {"id": _IDENTITY, **collection.parameters}.items():
        if name in values and name not in collection.filterable:
            yield equality(collection.queryables[name], known.parse(values[name]))


def _sort(collection: Collection, text: str) -> tuple[SortKey, ...]:
    """Read `sortby`: properties parted by commas, each with + or - before it."""
    keys = [_sort_key(collection, word) for word in text.split(",")]
    if len(keys) > MAX_SORT_KEYS or len({key.column for key in keys}) < len(keys):
        raise InvalidValue(
            "sortby", text, f"it names up to {MAX_SORT_KEYS} properties", "leave some out",
            f"sortby 最多 {MAX_SORT_KEYS} 个不同的属性；请减少",
        )  # fmt: skip
    return tuple(keys)


def _sort_key(collection: Collection, word: str) -> SortKey:
    # A plus sign in an address is a blank once it has been decoded.
    name = word[1:] if word[:1] in {"+", "-", " "} else word
    if name == "id":
        return SortKey("id", "integer", descending=word.startswith("-"))
    known = collection.filterable.get(name)
    if known is None:
        listed = ", ".join(["id", *collection.filterable])
        raise InvalidValue(
            "sortby", name, "pages are not sorted by it", f"sort by one of {listed}",
            f"sortby 不支持“{name}”；可用属性：{listed}",
        )  # fmt: skip
    return SortKey(known.name, known.kind, descending=word.startswith("-"))
