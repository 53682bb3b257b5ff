"""Batches as clients send them, read into questions; the whole batch is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

from data import InvalidValue, TooMany
from gazetteer import (
    NameQuery,
    Question,
    feature_of,
    limit_of,
    name_of,
    stated_of,
)

BATCH_SIZE: Final = 100
"""Queries of one batch; also what the manifest says."""

MOST_IDS: Final = 1_000
MOST_PROPERTIES: Final = 50
_QUERY: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})
_STRICTNESS: Final = ("any", "should", "all")
_QUERY_V1: Final = frozenset({"type", "limit", "lang", "dir", "conditions"})
_CONDITION: Final = frozenset(
    {"matchType", "propertyId", "propertyValue", "pid", "v", "required"}
    | {"matchQuantifier", "matchQualifier", "lang", "dir"}
)
_QUANTIFIERS: Final = ("any", "all", "none")
_LONGEST_TEXT: Final = 200


def parse_json(field: str, text: str | bytes) -> Any:
    """The JSON of a text.

    Raises:
        InvalidValue: it is none.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        shown = text if isinstance(text, str) else text[:200].decode(errors="replace")
        raise InvalidValue(
            field, shown[:80], f"this is no JSON ({fault})", "send a JSON object in UTF-8",
            f"{field} 不是有效的 JSON；请以 UTF-8 发送 JSON 对象",
        ) from None  # fmt: skip


def read_batch(text: str) -> dict[str, Question]:
    """A batch of version 0.2: queries by their keys.

    Raises:
        InvalidValue: it is not of that shape; the sentence names the query and the member.
        TooMany: it holds more than `BATCH_SIZE` queries.
    """
    batch = _object("queries", parse_json("queries", text))
    _check_size(len(batch))
    return {key: _question(f"queries.{key}", one) for key, one in batch.items()}


def read_match(body: bytes) -> list[Question]:
    """A batch of the 1.0 draft: queries in their order.

    Raises:
        InvalidValue: it is not of that shape; the sentence names the query and the member.
        TooMany: it holds more than `BATCH_SIZE` queries.
    """
    batch = _object("body", parse_json("body", body))
    _check_members("body", batch, frozenset({"queries"}))
    queries = _list("queries", batch.get("queries"))
    _check_size(len(queries))
    return [_question_v1(f"queries[{number}]", one) for number, one in enumerate(queries)]


def read_extension(field: str, text: str | bytes) -> tuple[list[str], list[str]]:
    """What is to be fetched: identities and ids of properties; the same in both versions.

    Raises:
        InvalidValue: it is not of that shape.
        TooMany: there are too many identities or properties.
    """
    asked = _object(field, parse_json(field, text))
    _check_members(field, asked, frozenset({"ids", "properties"}))
    ids = _list(f"{field}.ids", asked.get("ids"))
    properties = _objects(f"{field}.properties", asked.get("properties"))
    if len(ids) > MOST_IDS or len(properties) > MOST_PROPERTIES:
        raise TooMany(
            f"at most {MOST_IDS} ids and {MOST_PROPERTIES} properties are fetched at once",
            f"一次最多获取 {MOST_IDS} 个标识和 {MOST_PROPERTIES} 个属性",
        )
    return (
        [_text(f"{field}.ids", one) for one in ids],
        [_text(f"{field}.properties.id", one.get("id")) for one in properties],
    )


def _question(field: str, value: Any) -> Question:
    query = _object(field, value)
    _check_members(field, query, _QUERY)
    strict = query.get("type_strict")
    if strict is not None:
        _check_one_of(f"{field}.type_strict", strict, _STRICTNESS)
    pairs = [
        (_text(f"{field}.properties.pid", one.get("pid")), one.get("v"))
        for one in _objects(f"{field}.properties", query.get("properties", []))
    ]
    name = query.get("query")
    unnamed = (name is None or name == "") and pairs
    names = () if unnamed else (_name(f"{field}.query", name),)
    asked = _asked(field, query, pairs)
    return replace(asked, names=names, query=replace(asked.query, every_type=strict == "all"))


def _question_v1(field: str, value: Any) -> Question:
    query = _object(field, value)
    _check_members(field, query, _QUERY_V1)
    conditions = _objects(f"{field}.conditions", query.get("conditions"))
    if not conditions:
        raise InvalidValue(
            f"{field}.conditions", [], "a query has at least one condition",
            "give a condition of matchType name, id or property",
            f"{field}.conditions 至少要有一个条件；请给出 matchType 为 name、id 或 property 的条件",
        )  # fmt: skip
    read = _Conditions()
    for number, one in enumerate(conditions):
        read.add(f"{field}.conditions[{number}]", one)
    asked = _asked(field, query, read.pairs)
    return replace(
        asked,
        query=replace(asked.query, required=frozenset(read.required)),
        names=tuple(read.names),
        quantifier="all" if read.every else "any",
        excluded=tuple(read.excluded),
        notes_zh=asked.notes_zh + tuple(zh for zh, _ in read.notes),
        notes_en=asked.notes_en + tuple(en for _, en in read.notes),
    )


@dataclass(slots=True)
class _Conditions:
    """The conditions of a query of the 1.0 draft, sorted by what they mean."""

    names: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    pairs: list[tuple[str, Any]] = field(default_factory=list)
    required: set[str] = field(default_factory=set)
    notes: list[tuple[str, str]] = field(default_factory=list)
    every: bool = False

    def add(self, where: str, condition: Mapping[str, Any]) -> None:
        """Take in one condition; `where` names it in a refusal."""
        _check_members(where, condition, _CONDITION)
        kind = condition.get("matchType")
        _check_one_of(f"{where}.matchType", kind, ("name", "id", "property"))
        quantifier = condition.get("matchQuantifier", "any")
        _check_one_of(f"{where}.matchQuantifier", quantifier, _QUANTIFIERS)
        if condition.get("matchQualifier") is not None:
            self.notes.append(("未采用 matchQualifier", "matchQualifier is left unheeded"))
        value = condition.get("propertyValue", condition.get("v"))
        if kind == "property":
            self._add_property(where, condition, value, quantifier)
            return
        listed = value if isinstance(value, list) else [value]
        names = [_name(f"{where}.propertyValue", one) for one in listed]
        (self.excluded if quantifier == "none" else self.names).extend(names)
        self.every = self.every or quantifier == "all"

    def _add_property(
        self, where: str, condition: Mapping[str, Any], value: Any, quantifier: str
    ) -> None:
        named = condition.get("propertyId", condition.get("pid"))
        known = _text(f"{where}.propertyId", named)
        if quantifier != "any":
            zh = f"属性 {known[:40]} 只支持 matchQuantifier any，未采用"
            self.notes.append((zh, f"{known[:40]} is left unheeded: only quantifier any is known"))
            return
        self.pairs.append((known, value))
        feature = feature_of(known)
        if condition.get("required") is True and feature:
            self.required.add(feature)


def _asked(field: str, query: Mapping[str, Any], pairs: list[tuple[str, Any]]) -> Question:
    """What both versions have: types, limit, and what the properties state."""
    given = query.get("type")
    types = given if isinstance(given, list) else [given]
    stated = stated_of(pairs)
    lon, lat = stated.position or (None, None)
    asked = NameQuery(
        types=tuple(_text(f"{field}.type", one) for one in types if one not in (None, "")),
        divisions=stated.divisions,
        lon=lon,
        lat=lat,
        limit=limit_of(query.get("limit"), f"{field}.limit"),
    )
    return Question(asked, notes_zh=stated.notes_zh, notes_en=stated.notes_en)


def _name(where: str, value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, bool | list) or not isinstance(value, str | int | float):
        raise _is_not(where, value, "a text", "文字")
    return name_of(value, where)


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise _is_not(where, value, f"a text of at most {_LONGEST_TEXT} characters", "较短的文字")
    return value


def _object(where: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _is_not(where, value, "a JSON object", "JSON 对象")
    return value


def _objects(where: str, value: Any) -> list[dict[str, Any]]:
    return [_object(f"{where}[{number}]", one) for number, one in enumerate(_list(where, value))]


def _list(where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _is_not(where, value, "a JSON array", "JSON 数组")
    return value


def _is_not(where: str, value: Any, wanted: str, wanted_zh: str) -> InvalidValue:
    return InvalidValue(
        where, value, f"this should be {wanted}", "see docs/reconciliation.md for the shape",
        f"{where} 应为{wanted_zh}；格式见 docs/reconciliation.md",
    )  # fmt: skip


def _check_members(where: str, value: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in value:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise InvalidValue(
                f"{where}.{name[:40]}", value[name], "there is no such member", f"known: {listed}",
                f"{where} 中没有“{name[:40]}”；可用：{listed}",
            )  # fmt: skip


def _check_one_of(where: str, value: Any, known: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(known)
        raise InvalidValue(
            where, value, f"it is one of {listed}", f"give one of {listed}",
            f"{where} 应为 {listed} 之一",
        )  # fmt: skip


def _check_size(count: int) -> None:
    if count > BATCH_SIZE:
        raise TooMany(
            f"a batch has at most {BATCH_SIZE} queries, this one has {count}; send several batches",
            f"一批最多 {BATCH_SIZE} 条查询，本批有 {count} 条；请分批发送",
        )
