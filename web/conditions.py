"""Entity tags and the conditions that clients set on them (RFC 9110, clauses 8.8.3 and 13). Pure.

A feature's tag names its collection, id and version and ends in a hash of the answer's own bytes,
so that it differs by representation and by what a reader may see. A page's tag is weak: the time
of an answer stands in it and does not count. The hash tells answers apart and proves nothing: it
is a fast one, since SHA-256 takes a fifth of the time of a page.
"""

import re
from collections.abc import Iterable
from typing import Final

from xxhash import xxh3_128

from web.errors import ConditionNeeded

_CODED: Final = re.compile(r"-(?:gzip|zstd)\Z")
"""How the tag of a compressed answer ends; it is a representation of its own."""
_VERSION: Final = re.compile(rb'"version":(\d+)')
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_HASH_HEX: Final = 16
_ITEM: Final = re.compile(rf'"[a-z]+-\d+-\d+-[0-9a-f]{{{_HASH_HEX}}}"')


def item_tag(name: str, identity: str, feature: bytes, body: bytes) -> str:
    """The strong tag of an answer that holds one feature.

    Args:
        name: the collection.
        identity: the feature's id.
        feature: the feature with all its properties.
        body: the answer.
    """
    # A text that held these characters would have its quotation marks escaped.
    found = _VERSION.search(feature)
    version = found[1].decode() if found else "0"
    return f'"{name}-{identity}-{version}-{xxh3_128(body).hexdigest()[:_HASH_HEX]}"'


def page_tag(*parts: bytes) -> str:
    """The weak tag of a page, from what it shows but its time."""
    hashed = xxh3_128()
    for part in parts:
        hashed.update(part)
    return f'W/"{hashed.hexdigest()[:_HASH_HEX]}"'


def is_known(header: str, tag: str) -> bool:
    """Whether an If-None-Match names a tag, compared weakly.

    >>> is_known('"a", W/"b"', '"b"'), is_known('"b-zstd"', '"b"'), is_known("*", '"c"')
    (True, True, True)
    """
    if header.strip() == "*":
        return True
    wanted = _plain(tag)
    return any(_plain(found[0]) == wanted for found in _TAG.finditer(header))


def _plain(tag: str) -> str:
    return _CODED.sub("", tag.removeprefix("W/").strip('"'))


def coded_tag(tag: str, coding: str) -> str:
    """The tag of the same answer compressed: a feature's is another and as strong, others are weak.

    >>> coded_tag('"places-7-3-0123456789abcdef"', "gzip"), coded_tag('"style"', "gzip")
    ('"places-7-3-0123456789abcdef-gzip"', 'W/"style"')
    """
    if tag.startswith("W/"):
        return tag
    return f'{tag[:-1]}-{coding}"' if _ITEM.fullmatch(tag) else f"W/{tag}"


def seen_versions(header: str | None, name: str, identity: int) -> frozenset[int] | None:
    """The versions of a feature that an If-Match names; None where `*` asks for any.

    A tag of another feature, and a weak one, names no version: nothing is then as it was seen.

    Raises:
        ConditionNeeded: there is no If-Match.

    >>> sorted(seen_versions('"places-7-3-ab", "places-8-2-cd", W/"places-7-4-ef"', "places", 7))
    [3]
    """
    if header is None or not header.strip():
        raise ConditionNeeded
    if header.strip() == "*":
        return None
    return frozenset(_versions(header, f"{name}-{identity}-"))


def _versions(header: str, begins: str) -> Iterable[int]:
    for weak, tag in _TAG.findall(header):
        version = tag.removeprefix(begins).partition("-")[0]
        if not weak and tag.startswith(begins) and version.isascii() and version.isdigit():
            yield int(version[:18])
