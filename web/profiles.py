"""Profiles (RFC 6906; OGC API Features, part 5): in which of several ways a document says a thing.

References to other features are numbers (`rel-as-key`), addresses (`rel-as-uri`) or objects with an
address (`rel-as-link`). Schemas have one way alone, which they name.
"""

import re
from collections.abc import Sequence
from typing import Final

import orjson

from data import Collection

KEY, URI, LINK = "rel-as-key", "rel-as-uri", "rel-as-link"
OF_REFERENCES: Final = (KEY, URI, LINK)
"""The ways in which features give references; the first where nobody asks."""
OF_SCHEMAS: Final = ("codelist-inline", "valid-domain")
_REGISTER: Final = "http://www.opengis.net/def/profile/OGC/0/"
_NAMED: Final = re.compile(
    r"(?:https?://www\.opengis\.net/def/profile/ogc/0/|\[ogc-profile:)?([a-z-]+)\]?", re.IGNORECASE
)


def chosen_profile(asked: str, known: Sequence[str]) -> str:
    """The first of the profiles that are asked for which is known; else the first that is known.

    Args:
        asked: names, URIs or CURIEs parted by commas. What is not known is no fault.
        known: the names of profiles, the usual one first.

    >>> chosen_profile("x,[ogc-profile:rel-as-uri]", OF_REFERENCES)
    'rel-as-uri'
    >>> chosen_profile("http://www.opengis.net/def/profile/OGC/0/rel-as-link", OF_REFERENCES)
    'rel-as-link'
    >>> chosen_profile("", OF_REFERENCES)
    'rel-as-key'
    """
    named = (_NAMED.fullmatch(one.strip()) for one in asked.split(","))
    return next((one[1] for one in named if one and one[1] in known), known[0])


def address_of(profile: str) -> str:
    """The URI of a profile in OGC's register."""
    return f"{_REGISTER}{profile}"


def header_of(profiles: Sequence[str]) -> str:
    """The Link header of a document that keeps to these profiles."""
    return ", ".join(f'<{address_of(one)}>; rel="profile"' for one in profiles)


def with_references(feature: bytes, collection: Collection, profile: str, root: str) -> bytes:
    """A GeoJSON feature with its references as a profile has them.

    Args:
        feature: with its references as numbers.
        collection: its collection.
        profile: one of `OF_REFERENCES`.
        root: the service's own address, ending in a slash.
    """
    if profile == KEY or not collection.references:
        return feature
    read = orjson.loads(feature)
    properties = read["properties"]
    for name, other in collection.references.items():
        if properties.get(name) is not None:
            address = f"{root}collections/{other}/items/{properties[name]}"
            properties[name] = {"href": address} if profile == LINK else address
    return orjson.dumps(read)
