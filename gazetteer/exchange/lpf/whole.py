"""A feature as a place, and beside it the whole feature where it says more than the place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from gazetteer.exchange.lpf.building import LpfContext, made_feature
from gazetteer.exchange.lpf.parsing import LinkedPlace, is_ours, read_place
from gazetteer.exchange.lpf.terms import KEPT, without_made
from gazetteer.exchange.records import PlaceRecord

_ANYWHERE = LpfContext("", date(1, 1, 1))


def parse(feature: Mapping[str, Any]) -> LinkedPlace:
    """Read a feature, of ours or of anybody; a foreign one stays whole in the extra `lpf`.

    Raises:
        InvalidValue: as `read_place`.
    """
    place = read_place(feature)
    if is_ours(feature) and not _says_more(feature, place):
        return place
    return replace(place, extras={**place.extras, KEPT: orjson.dumps(feature).decode()})


def _says_more(feature: Mapping[str, Any], place: LinkedPlace) -> bool:
    """Whether a feature of ours holds what its place does not: somebody has added to it."""
    record = PlaceRecord(0, place.columns, place.position, place.names, place.extras)
    made = made_feature(record, _ANYWHERE)
    return bool(_plain(feature) != _plain(made))


def _plain(feature: Mapping[str, Any]) -> Any:
    """What a feature says by itself, wherever and whenever it was made."""
    said = {key: value for key, value in feature.items() if key not in {"@id", "@context"}}
    return without_made(orjson.loads(orjson.dumps(said)))
