"""Query parameters, strictly: an unknown name, a repeated one or a bad value is refused by name."""

from collections.abc import Collection as Names
from collections.abc import Mapping

from flask import request

from data import MAX_LIMIT, Box, Collection, Interval, InvalidValue, ItemsQuery

COMMON = frozenset({"f", "lang"})
"""What every address accepts: the representation and the language."""
_FORMATS = ("json", "geojson", "html")
_LANGUAGES = ("zh", "zh-CN", "zh-Hans", "en")
DEFAULT_LIMIT = 10
_HIGHEST = 2**62


def query(known: Names[str]) -> Mapping[str, str]:
    """The query parameters of this request.

    Raises:
        InvalidValue: a name is unknown or given twice, or `f` or `lang` has an unknown value.
    """
    given = request.args
    for name in given:
        if name not in known and name not in COMMON:
            allowed = ", ".join(sorted({*known, *COMMON}))
            raise InvalidValue(
                name, given[name], "this address has no such parameter", f"it knows {allowed}",
                f"此地址没有参数“{name}”；可用参数：{allowed}",
            )  # fmt: skip
        if len(given.getlist(name)) > 1:
            raise InvalidValue(
                name, given.getlist(name), "a parameter may be given once", "give it once",
                f"参数“{name}”重复；请只填写一次",
            )  # fmt: skip
    _one_of("f", given.get("f"), _FORMATS)
    _one_of("lang", given.get("lang"), _LANGUAGES)
    return given


def _one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
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
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) >= low):  # noqa: PLR2004
        raise InvalidValue(
            name, text, f"a whole number from {low} on is needed", f"give {default}",
            f"参数“{name}”应为不小于 {low} 的整数",
        )  # fmt: skip
    return min(int(text), high)


def items_query(collection: Collection) -> ItemsQuery:
    """What this request asks of a collection.

    Raises:
        InvalidValue: naming the parameter, its value, the rule and the way out.
    """
    own = {"bbox", "limit", "datetime", "cursor", "offset"}
    values = query({*own, *collection.filterable})
    return ItemsQuery(
        limit=whole(values, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        cursor=values.get("cursor", ""),
        offset=whole(values, "offset", 0, 0, _HIGHEST),
        box=Box.parse(values["bbox"]) if "bbox" in values else None,
        when=Interval.parse(values["datetime"]) if "datetime" in values else None,
        filters={
            name: known.parse(values[name])
            for name, known in collection.filterable.items()
            if name in values
        },
    )
