"""Features as they were asked for: in another reference system, with a part of their properties."""

from collections.abc import Set as AbstractSet

import orjson

from data import CRS84, PublishedSystem


def as_asked(feature: bytes, system: PublishedSystem, chosen: AbstractSet[str] | None) -> bytes:
    """A GeoJSON feature in the system and with the properties that were asked for.

    Args:
        feature: the feature as it is kept ready.
        system: its system; the axes stand in that system's order.
        chosen: the names of its properties; None for all of them.
    """
    if system.uri == CRS84 and chosen is None:
        return feature
    read = orjson.loads(feature)
    if system.uri != CRS84:
        read["geometry"] = system.from_store(read["geometry"])
    if chosen is not None:
        properties = read["properties"].items()
        read["properties"] = {name: value for name, value in properties if name in chosen}
    return orjson.dumps(read)
