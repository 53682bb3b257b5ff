"""Features in another reference system than the one they are kept in."""

import orjson

from data import Page, PublishedSystem


def placed_page(page: Page, system: PublishedSystem) -> bytes:
    """A page's features in another system, joined by commas."""
    return b",".join(placed_feature(feature, system) for feature in page.features)


def placed_feature(feature: bytes, system: PublishedSystem) -> bytes:
    """A GeoJSON feature in another system; its axes stand in that system's order."""
    read = orjson.loads(feature)
    return orjson.dumps(read | {"geometry": system.from_store(read["geometry"])})
