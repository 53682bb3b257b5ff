"""What a request says of a file's columns: `COLUMN=FIELD`, or a JSON object of such pairs."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson

from data import InvalidValue
from data.formats import parse_override


def mapping_of(said: Iterable[str | Mapping[str, Any]]) -> dict[str, str]:
    """The mapping, column → field, that some texts or objects make together.

    Raises:
        InvalidValue: one of them is neither, or two of them name one column.

    >>> mapping_of(["桩号=marker_no", '{"B": "lat"}'])
    {'桩号': 'marker_no', 'B': 'lat'}
    """
    found: dict[str, str] = {}
    for one in said:
        if one == "":
            continue
        for column, name in _pairs(one):
            if column in found:
                raise InvalidValue(
                    "map", column, "a column is named twice", "name each column once",
                    f"列“{column}”重复指定；请只指定一次",
                )  # fmt: skip
            found[column] = name
    return found


def _pairs(one: str | Mapping[str, Any]) -> list[tuple[str, str]]:
    if isinstance(one, str) and not one.lstrip().startswith("{"):
        return [parse_override(one)]
    try:
        pairs = orjson.loads(one) if isinstance(one, str) else one
    except orjson.JSONDecodeError:
        _refuse(one)
    if not isinstance(pairs, Mapping) or not all(isinstance(name, str) for name in pairs.values()):
        _refuse(pairs)
    return list(pairs.items())


def _refuse(value: object) -> NoReturn:
    raise InvalidValue(
        "map", str(value)[:200], "a JSON object of column and field is needed",
        'write for example {"桩号": "marker_no"}',
        '应为“列名: 字段”的 JSON 对象，例如 {"桩号": "marker_no"}',
    )  # fmt: skip
