"""What a request says of a file's columns: `COLUMN=FIELD`, or a JSON object of such pairs."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson
from flask import request

from data import InvalidValue, chosen_mapping
from data.formats import one_each, parse_override
from web.bodies import body, json_body


def mapping_of(said: Iterable[str | Mapping[str, Any]]) -> dict[str, str]:
    """The mapping, column → field, that some texts or objects make together.

    Raises:
        InvalidValue: one of them is neither, or two of them name one column.

    >>> mapping_of(["桩号=marker_no", '{"B": "lat"}'])
    {'桩号': 'marker_no', 'B': 'lat'}
    """
    return one_each(pair for one in said if one != "" for pair in _pairs(one))


def said_of_columns(report: Mapping[str, Any]) -> dict[str, str]:
    """The mapping that a request gives a file anew: `mapping` as JSON, or the choices of its page.

    Args:
        report: the file's report as it stands; a choice is known by its column's number.
    """
    if request.is_json:
        return mapping_of([json_body({"mapping": "object!"})["mapping"]])
    numbers = {f"column-{one['number']}": one["number"] for one in report.get("columns") or ()}
    given = body(numbers).values
    return chosen_mapping(report, {numbers[name]: str(said) for name, said in given.items()})


def _pairs(one: str | Mapping[str, Any]) -> list[tuple[str, str]]:
    if isinstance(one, str) and not one.lstrip().startswith("{"):
        return [parse_override(one)]
    if isinstance(one, str):
        try:
            orjson.loads(one)  # also refuses what is no text
            # As pairs: of a key that stands twice an object would keep the last alone.
            pairs: list[tuple[str, str]] = json.loads(one, object_pairs_hook=list)
        except (ValueError, RecursionError):
            _refuse(one)
    else:
        pairs = list(one.items())
    if not all(isinstance(name, str) for _, name in pairs):
        _refuse(one)
    return pairs


def _refuse(value: object) -> NoReturn:
    raise InvalidValue(
        "map", str(value)[:200], "a JSON object of column and field is needed",
        'write for example {"桩号": "marker_no"}',
        '应为“列名: 字段”的 JSON 对象，例如 {"桩号": "marker_no"}',
    )  # fmt: skip
