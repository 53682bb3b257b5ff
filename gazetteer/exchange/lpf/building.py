"""A place as a feature of the Linked Places Format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from data.reference import category, lpf_type
from gazetteer.exchange.lpf.merging import merged
from gazetteer.exchange.lpf.terms import COLUMNS, KEPT, MADE, OURS, TEXTS
from gazetteer.exchange.records import NameRow, PlaceRecord

CONTEXT: Final = [
    "http://linkedpasts.org/assets/linkedplaces-context-v1.jsonld",
    {"ovoo": "urn:ovoo:lpf:"},
]
"""What the members mean: the format's own context, and ours."""
_UNCLASSED = "S"
"""The class of a place of which nobody says what it is; the format wants one."""
_COUNTRY = "CN"


@dataclass(frozen=True, slots=True)
class LpfContext:
    """What a feature says beside its record.

    Attributes:
        root: the service's own address, ending in a slash; records have their addresses below it.
        today: the day of the export: what is in force has not ended before it.
        path: names and codes of the divisions that hold the place, the smallest last.
        closed: extras that do not leave.
    """

    root: str
    today: date
    path: Sequence[tuple[str, str]] = ()
    closed: frozenset[str] = frozenset()


def build(record: PlaceRecord, context: LpfContext) -> dict[str, Any]:
    """The feature of a place.

    Where it came as a foreign feature, each member is as it came while the place still says what
    it said there.
    """
    made = made_feature(record, context)
    kept = record.beside(KEPT)
    return made if kept is None else merged(orjson.loads(kept), made, record)


def address_of(record: PlaceRecord, context: LpfContext) -> str:
    """Where a place's own page is."""
    return f"{context.root}collections/places/items/{record.id}"


def made_feature(record: PlaceRecord, context: LpfContext) -> dict[str, Any]:
    """The feature that a record alone makes."""
    known = lpf_type(record.text("category_code"))
    properties: dict[str, Any] = {
        "title": record.text("name"),
        "fclasses": [known.fclass if known else _UNCLASSED],
    }
    if record.text("division_code"):
        properties["ccodes"] = [_COUNTRY]
    feature = {
        "@id": address_of(record, context),
        "type": "Feature",
        "properties": properties | _own_members(record, context),
        "when": _when(record.text("valid_from"), record.text("valid_to"), context),
        "names": _names(record, context),
        "types": _types(record),
        "geometry": _geometry(record),
        "relations": _relations(context),
        "descriptions": _descriptions(record),
    }
    return {key: value for key, value in feature.items() if value is not None}


def _own_members(record: PlaceRecord, context: LpfContext) -> dict[str, Any]:
    found = {f"{OURS}{name}": record.columns.get(name) for name in COLUMNS}
    extras = {
        field: text
        for field, text in (record.extras or {}).items()
        if field != KEPT and field not in context.closed
    }
    if extras:
        found[f"{OURS}extras"] = extras
    always = {f"{OURS}status"}
    return {
        key: value for key, value in found.items() if key in always or value not in (None, False)
    }


def _when(start: str | None, end: str | None, context: LpfContext) -> dict[str, Any]:
    """A span of dates; what is not known to have ended has not before the day of the export."""
    day = context.today.isoformat()
    span: dict[str, Any] = {"start": {"in": start} if start else {"latest": day, MADE: True}}
    if end:
        span["end"] = {"in": end}
        if not start:
            span["start"] = {"latest": end, MADE: True}
    elif start:
        span["end"] = {"earliest": day, MADE: True}
    return {"timespans": [span]}


def _names(record: PlaceRecord, context: LpfContext) -> list[dict[str, Any]]:
    found = [_name(name, context) for name in record.names]
    if not found:
        found = [{"toponym": record.text("name"), MADE: True}]
    if not any("citations" in name for name in found):
        found[0]["citations"] = [{"label": f"Ovoo, {context.root}", MADE: True}]
    return found


def _name(name: NameRow, context: LpfContext) -> dict[str, Any]:
    found: dict[str, Any] = {"toponym": name.text, "lang": name.language}
    if name.source:
        found["citations"] = [{"label": name.source}]
    if name.valid_from or name.valid_to:
        found["when"] = _when(name.valid_from, name.valid_to, context)
    return found | {f"{OURS}kind": name.kind, f"{OURS}status": name.status}


def _types(record: PlaceRecord) -> list[dict[str, Any]] | None:
    written = record.text("category_code")
    if written is None:
        return None
    known, kind = category(written), lpf_type(written)
    labels = [{"label": known.name if known else written, "lang": "zh"}]
    if known:
        labels.append({"label": known.name_en, "lang": "en"})
    if kind and kind.aat:
        made = {"identifier": f"aat:{kind.aat}", "label": kind.aat_label}
    else:
        made = {"identifier": f"{OURS}category/{written}", "label": labels[-1]["label"]}
    return [{**made, "sourceLabels": labels, MADE: True}]


def _geometry(record: PlaceRecord) -> dict[str, Any] | None:
    if record.position is None:
        return None
    return {"type": "Point", "coordinates": [*record.position]}


def _relations(context: LpfContext) -> list[dict[str, Any]] | None:
    if not context.path:
        return None
    name, code = context.path[-1]
    return [
        {
            "relationType": "gvp:broaderPartitive",
            "relationTo": f"{context.root}collections/divisions/items?code={code}",
            "label": " › ".join(name for name, _ in context.path) or name,
            MADE: True,
        }
    ]


def _descriptions(record: PlaceRecord) -> list[dict[str, Any]] | None:
    found = [
        {"value": text, "lang": "zh", f"{OURS}kind": column}
        for column in TEXTS
        if (text := record.text(column)) is not None
    ]
    return found or None
