"""New features: all of them are written, or nothing and every fault is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.actors import Actor
from data.editing.checking import UniqueValues, not_editable, record_faults, refuse
from data.editing.editors import Editor, Values
from data.editing.values import INVALID, UNKNOWN, feature_fault, read_value
from data.errors import Fault
from data.reference.editing import CREATION, GEOMETRY, editable_fields
from data.store import Store

MOST_FEATURES: Final = 10_000
"""Features that are written at once."""


@dataclass(frozen=True, slots=True)
class NewFeature:
    """A feature as it was sent.

    Attributes:
        number: which of those sent, from 1; None for one sent alone.
        values: its properties as JSON values.
        geometry: WKB in the store's system; None where it has none.
        faults: what was wrong with it before it came here.
    """

    number: int | None
    values: Mapping[str, Any]
    geometry: bytes | None
    faults: tuple[Fault, ...] = ()


def create_features(
    store: Store, editor: Editor, actor: Actor, features: Iterable[NewFeature], reason: str
) -> range:
    """Write new features in one transaction; their ids, in order.

    Args:
        store: the store.
        editor: of the collection.
        actor: who needs a role of the editor's in each feature's division.
        features: at most `MOST_FEATURES`.
        reason: why, for the journal.

    Raises:
        NotEditable: the collection's features come in another way, or a value does.
        FaultsFound: values are wrong; every one is named by feature and field.
        Forbidden: the actor may not write one of them.
    """
    fields = editable_fields(editor.collection.id)
    editor.require_somewhere(actor, "add features")
    if not fields[CREATION].created:
        refuse([not_editable(None, fields[CREATION], "")])
    with store.write(actor.name, reason) as transaction:
        connection = transaction.connection
        complete, unique = editor.completing(connection), UniqueValues(connection, editor)
        rows: list[Values] = []
        faults: list[Fault] = []
        for feature in features:
            row, found = _read(editor, feature)
            found += [_numbered(fault, feature) for fault in complete(row, None)]
            found += record_faults(editor.collection, feature.number, row)
            found += unique.faults(feature.number, row)
            faults += found
            rows.append(row)
        refuse(faults)
        for row in rows:
            editor.require(connection, actor, row, f"add {editor.collection.id}")
        ids = transaction.insert_many(editor.collection.table, rows)
        for identity, row in zip(ids, rows, strict=True):
            editor.follow(transaction, identity, None, row)
    return ids


def _numbered(fault: Fault, feature: NewFeature) -> Fault:
    return feature_fault(fault.code, feature.number, fault.column, fault.value, fault.zh, fault.en)


def _read(editor: Editor, feature: NewFeature) -> tuple[Values, list[Fault]]:
    """A new record, and what is wrong with it; what is not sent is null."""
    fields, number = editable_fields(editor.collection.id), feature.number
    known = editor.collection.parameters
    details = {detail.name for detail in editor.collection.details}
    row: Values = {name: False if one.kind == "flag" else None for name, one in known.items()}
    del row["version"]
    row["geom"] = feature.geometry
    faults = list(feature.faults)
    if feature.geometry is not None and not fields[GEOMETRY].created:
        faults.append(not_editable(number, fields[GEOMETRY], ""))
    for name, value in feature.values.items():
        if name in details and not value:
            continue
        if name not in known:
            faults.append(unknown_property(editor, number, name, value))
        elif fields[name].created:
            try:
                row[name] = read_value(known[name], fields[name], value)
            except ValueError as error:
                zh, en = error.args
                faults.append(feature_fault(INVALID, number, name, value, f"“{name}”{zh}", en))
        elif value not in {None, ""} if isinstance(value, str | None) else True:
            faults.append(not_editable(number, fields[name], value))
    return row, faults


def unknown_property(editor: Editor, number: int | None, name: str, value: object) -> Fault:
    """The fault of a property that the collection's features do not have."""
    listed = ", ".join(editor.collection.parameters)
    return feature_fault(
        UNKNOWN, number, name[:40], value, f"要素没有属性“{name[:40]}”；可用：{listed}",
        f"the features have no such property; there are {listed}",
    )  # fmt: skip
