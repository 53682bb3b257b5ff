"""Answers in the shapes of both versions of the Reconciliation Service API."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from data import InvalidValue
from gazetteer import (
    PROPERTIES,
    Candidate,
    EntityValue,
    Matched,
    Suggestion,
    Value,
    type_names,
    type_of,
)
from web.site import Lang

Values = Mapping[str, Mapping[str, Sequence[Value]]]
Described = dict[str, Any]

_FEATURES: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {"zh": "名称", "en": "name"},
    "distance": {"zh": "距离", "en": "distance"},
    "parent": {"zh": "所在政区", "en": "containing division"},
}


def results(matched: Matched, member: str, lang: Lang) -> Described:
    """The answer to one query: its candidates as `result` (0.2) or `candidates` (1.0)."""
    names = type_names(lang)
    said: Described = {member: [candidate_json(c, names, lang) for c in matched.candidates]}
    notes = matched.notes_zh if lang == "zh" else matched.notes_en
    return said | {"notes": list(notes)} if notes else said


def candidate_json(candidate: Candidate, names: Mapping[str, str], lang: Lang) -> Described:
    """One candidate; the description says where it lies and why it was found."""
    found = candidate.result
    told = [" › ".join(found.path), "" if found.matched == found.name else found.matched]
    return {
        "id": candidate.id,
        "name": found.name,
        "description": " · ".join([*filter(None, told), candidate.reason(lang)]),
        "type": [_type(type_of(found), names)],
        "score": candidate.score,
        "match": candidate.match,
        "features": [
            {
                "id": feature.id,
                "name": _FEATURES[feature.id][lang],
                "value": feature.value,
            }
            for feature in candidate.features
        ],
    }


def _type(kind: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"id": kind, "name": names.get(kind, kind)}


def suggestions(found: Iterable[Suggestion], prefix: str, lang: Lang) -> Described:
    """Suggestions of any kind; entities tell their types as `notable`."""
    names = type_names(lang)
    listed = []
    for one in found:
        said: Described = {"id": one.id, "name": one.name, "description": one.description}
        listed.append(said | {"notable": [_type(one.type, names)]} if one.type else said)
    return {"prefix": prefix, "result": listed}


def check_properties(wanted: Iterable[str]) -> None:
    """Refuse what is no property that can be fetched.

    Raises:
        InvalidValue: naming it.
    """
    fetched = [known.id for known in PROPERTIES.values() if known.fetched]
    for one in wanted:
        if one not in fetched:
            raise InvalidValue(
                "properties", one, "there is no such property", f"known: {', '.join(fetched)}",
                f"没有可获取的属性“{one[:40]}”；可用：{'、'.join(fetched)}",
            )  # fmt: skip


def meta(wanted: Sequence[str], lang: Lang) -> list[Described]:
    """The columns of an extension: properties with names, and the type of entities."""
    names = type_names(lang)
    return [
        {"id": one, "name": property_name(one, lang)}
        | ({"type": _type("division", names)} if one == "parent" else {})
        for one in wanted
    ]


def property_name(identity: str, lang: Lang) -> str:
    """A property's name in the reader's language."""
    known = PROPERTIES[identity]
    return known.zh if lang == "zh" else known.en


def rows(values: Values) -> Described:
    """The values of an extension in version 0.2: by identity, by property."""
    return {
        one: {name: [value_json(v) for v in listed] for name, listed in by_property.items()}
        for one, by_property in values.items()
    }


def rows_v1(values: Values, ids: Sequence[str]) -> list[Described]:
    """The values of an extension in the 1.0 draft: a list in the order of the identities."""
    return [
        {
            "id": one,
            "properties": [
                {"id": name, "values": [value_json(v) for v in listed]}
                for name, listed in values[one].items()
            ],
        }
        for one in ids
    ]


def value_json(value: Value) -> Described:
    """A value by its kind; a flag is a text, for neither version has flags.

    >>> value_json(True), value_json(1.5), value_json(date(1999, 1, 13))
    ({'str': 'true'}, {'float': 1.5}, {'date': '1999-01-13T00:00:00Z'})
    """
    if isinstance(value, EntityValue):
        return {"id": value.id, "name": value.name}
    if isinstance(value, bool):
        return {"str": "true" if value else "false"}
    if isinstance(value, date):
        return {"date": f"{value.isoformat()}T00:00:00Z"}
    if isinstance(value, int):
        return {"int": value}
    return {"float": value} if isinstance(value, float) else {"str": value}
