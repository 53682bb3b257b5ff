"""Features as they were on a day (`as_of`): valid then, and places by the names that they had."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from data import Collection, InvalidValue, NotFound
from gazetteer import PLACES, names_on
from web.parameters import day

PARAMETER: Final = "as_of"


def wanted_day(collection: Collection, values: Mapping[str, str]) -> date | None:
    """The day that this request asks about; None where it asks about none.

    Raises:
        InvalidValue: it is no day, `datetime` says another, or the features have no such time.
    """
    found = day(values, PARAMETER)
    if found is not None and "datetime" in values:
        raise InvalidValue(
            PARAMETER, values[PARAMETER], "datetime says when already", "give one of them",
            "as_of 与 datetime 只能填写一个",
        )  # fmt: skip
    if found is not None and len(collection.time) < 2:  # noqa: PLR2004 - from and to
        raise InvalidValue(
            PARAMETER, values[PARAMETER], f"{collection.id} have no time of validity",
            "leave it out", f"“{collection.zh}”没有有效期；请去掉 as_of",
        )  # fmt: skip
    return found


def as_then(
    connection: Connection, collection: Collection, features: Sequence[bytes], when: date
) -> list[bytes]:
    """Features that were valid on a day, as they then were."""
    if collection.id != PLACES.id or not features:
        return list(features)
    read = [orjson.loads(one) for one in features]
    names = names_on(connection, [one["id"] for one in read], when)
    for feature in read:
        feature["properties"].update(names.get(feature["id"], {}))
        listed = feature["properties"].get("names")
        if listed is not None:
            feature["properties"]["names"] = [one for one in listed if _holds(one, when)]
    return [orjson.dumps(one) for one in read]


def item_then(connection: Connection, collection: Collection, feature: bytes, when: date) -> bytes:
    """One feature as it was on a day.

    Raises:
        NotFound: it was not there then.
    """
    read = orjson.loads(feature)
    begins, ends = (read["properties"].get(name) for name in collection.time)
    if (begins and begins > when.isoformat()) or (ends and ends <= when.isoformat()):
        raise NotFound(
            f"{collection.id} {read['id']} was not in force on {when}",
            f"{collection.id} {read['id']} 在 {when} 不在有效期内",
        )
    return as_then(connection, collection, [feature], when)[0]


def _holds(name: Mapping[str, Any], when: date) -> bool:
    begins, ends = name.get("valid_from"), name.get("valid_to")
    return not ((begins and begins > when.isoformat()) or (ends and ends <= when.isoformat()))
