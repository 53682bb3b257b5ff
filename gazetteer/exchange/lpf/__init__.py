"""Linked Places Format 1.3 (GeoJSON-LD): places as features, features as places. Pure.

    feature = build(record, context)        a record of ours as a feature
    place = parse(feature)                  a feature of anybody as a place

What the format has no member for stands in members that begin with `ovoo:`. A feature that somebody
else made is kept whole beside the place: each of its members leaves as it came until the place says
something else there; its `@id` becomes a link. So a round trip loses nothing, in either direction.
"""

from gazetteer.exchange.lpf.building import CONTEXT, LpfContext, build
from gazetteer.exchange.lpf.parsing import LinkedPlace
from gazetteer.exchange.lpf.whole import parse

__all__ = ["CONTEXT", "LinkedPlace", "LpfContext", "build", "parse"]
