"""Changing and deleting one feature, at the version that the writer saw."""

from collections.abc import Callable, Mapping
from collections.abc import Collection as Several
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection, MetaData, Table, select

from data.actors import Actor
from data.editing.checking import UniqueValues, not_editable, record_faults, refuse
from data.editing.creating import unknown_property
from data.editing.editors import Editor, Record, Values
from data.editing.values import INVALID, feature_fault, read_value
from data.errors import Fault, NotFound, Stale
from data.pages import read_item
from data.reference.editing import DELETION, GEOMETRY, EditableField, editable_fields
from data.store import Store
from data.transaction import Transaction

_SAME_DEGREES = 2e-9
"""Positions nearer than this are the same: a fifth of a millimetre, what rounding leaves."""

Geometry = Callable[[Mapping[str, Any] | None], bytes | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it was sent.

    Attributes:
        values: properties as JSON values.
        geometry: makes the new geometry (WKB in the store's system) of the one before (GeoJSON);
            None where the geometry is not spoken of.
        whole: whether everything else that is editable is emptied (PUT) or stays (PATCH).
        seen: versions of which the writer saw one; None for whatever is there.
        faults: what was wrong with it before it came here.
    """

    values: Mapping[str, Any]
    geometry: Geometry | None
    whole: bool
    seen: Several[int] | None
    faults: tuple[Fault, ...] = ()


def change_feature(
    store: Store, editor: Editor, actor: Actor, identity: int, change: Change, reason: str
) -> int:
    """Change one feature; its version then, which is the old one where nothing differs.

    Raises:
        NotFound: there is none of that id.
        Stale: it has changed since the writer saw it.
        NotEditable: a value changes in another way; it is named.
        FaultsFound: values are wrong; every one is named.
        Forbidden: the actor has no role for it, or not for where it would go.
    """
    table, act = editor.collection.table, f"change {editor.collection.id}"
    editor.require_somewhere(actor, act)
    with store.write(actor.name, reason) as transaction:
        connection = transaction.connection
        before = read_record(connection, table, identity)
        editor.require(connection, actor, before, act)
        _check_version(editor, before, change.seen)
        values, faults = _read(editor, connection, before, change)
        after = {**before, **values}
        derived = dict(after)
        faults += editor.completing(connection)(derived, before)
        faults += record_faults(editor.collection, None, derived)
        faults += UniqueValues(connection, editor).faults(None, derived, identity)
        refuse(faults)
        editor.require(connection, actor, derived, act)
        written = {name: new for name, new in derived.items() if new != before.get(name)}
        if not written:
            return int(before["version"])
        version = transaction.update(table, identity, before["version"], written)
        editor.follow(transaction, identity, before, derived)
    return version


def delete_feature(
    store: Store,
    editor: Editor,
    actor: Actor,
    identity: int,
    seen: Several[int] | None,
    reason: str,
) -> None:
    """Delete one feature with what belongs to it; the journal keeps it.

    Raises:
        NotFound, Stale, Forbidden: as `change_feature` says.
        NotEditable: such a record ends in another way, or others point at it.
    """
    table, act = editor.collection.table, f"delete {editor.collection.id}"
    field = editable_fields(editor.collection.id)[DELETION]
    editor.require_somewhere(actor, act)
    with store.write(actor.name, reason) as transaction:
        connection = transaction.connection
        before = read_record(connection, table, identity)
        editor.require(connection, actor, before, act)
        _check_version(editor, before, seen)
        if not field.changes(draft=editor.is_draft(before)):
            refuse([not_editable(None, field, "")])
        _delete_owned(transaction, editor, identity)
        _refuse_referred(connection, table, identity)
        transaction.delete(table, identity, before["version"])
        editor.follow(transaction, identity, before, None)


def read_record(connection: Connection, table: Table, identity: int) -> Values:
    """A record by its id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(table).where(table.c.id == identity)).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"there is no {table.name} {identity}", f"没有编号为 {identity} 的记录（{table.name}）"
        )
    return {str(name): value for name, value in row.items()}


def _check_version(editor: Editor, before: Values, seen: Several[int] | None) -> None:
    if seen is not None and before["version"] not in seen:
        raise Stale(editor.collection.id, before["id"], before["version"], seen)


def _read(
    editor: Editor, connection: Connection, before: Values, change: Change
) -> tuple[Values, list[Fault]]:
    """The columns that change and their new values, and what is wrong with them."""
    fields, known = editable_fields(editor.collection.id), editor.collection.parameters
    shown = orjson.loads(read_item(connection, editor.collection, before["id"]))
    faults = list(change.faults)
    values: Values = {}
    for name, value in change.values.items():
        if name not in shown["properties"]:
            faults.append(unknown_property(editor, None, name, value))
        elif value != shown["properties"][name]:
            faults += _read_one(editor, before, change, name, values)
    draft = editor.is_draft(before)
    if change.whole:
        values |= {
            name: False if known[name].kind == "flag" else None
            for name in known
            if name not in change.values and fields[name].changes(draft=draft)
        }
    faults += _draw(editor, before, change, shown["geometry"], values)
    return values, faults


def _draw(
    editor: Editor, before: Values, change: Change, shown: Record | None, into: Values
) -> list[Fault]:
    """Draw a geometry that differs into a record; what is wrong with it."""
    if change.geometry is None:
        return []
    try:
        drawn = change.geometry(shown)
    except ValueError as error:
        zh, en = error.args
        return [feature_fault(INVALID, None, GEOMETRY, "", zh, en)]
    field = editable_fields(editor.collection.id)[GEOMETRY]
    if _is_same(drawn, before["geom"]):
        return []
    if not field.changes(draft=editor.is_draft(before)):
        return [not_editable(None, field, "")]
    into["geom"] = drawn
    return []


def _read_one(
    editor: Editor, before: Values, change: Change, name: str, into: Values
) -> list[Fault]:
    """Read a value that differs into a record; what is wrong with it."""
    fields, value = editable_fields(editor.collection.id), change.values[name]
    if name not in fields or not fields[name].changes(draft=editor.is_draft(before)):
        # Who sends a whole feature need not know what the program fills in.
        is_unsaid = value is None and change.whole
        return [] if is_unsaid else [not_editable(None, _field_of(editor, name), value)]
    try:
        into[name] = read_value(editor.collection.parameters[name], fields[name], value)
    except ValueError as error:
        zh, en = error.args
        return [feature_fault(INVALID, None, name, value, f"“{name}”{zh}", en)]
    return []


def _field_of(editor: Editor, name: str) -> EditableField:
    """The field of a property; the records that belong to a feature go by the feature's own way."""
    fields = editable_fields(editor.collection.id)
    return fields.get(name) or replace(fields[DELETION], field=name)


def _is_same(drawn: bytes | None, kept: bytes | None) -> bool:
    if drawn is None or kept is None:
        return drawn is kept
    one, other = shapely.from_wkb(drawn).normalize(), shapely.from_wkb(kept).normalize()
    return bool(shapely.equals_exact(one, other, _SAME_DEGREES))


def _delete_owned(transaction: Transaction, editor: Editor, identity: int) -> None:
    for table, column in editor.owned:
        found = transaction.connection.execute(
            select(table.c.id, table.c.version).where(table.c[column] == identity)
        ).all()
        for row in found:
            transaction.delete(table, row.id, row.version)


def _refuse_referred(connection: Connection, table: Table, identity: int) -> None:
    """Refuse to delete what another record points at."""
    metadata: MetaData = table.metadata
    for other in metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is not table:
                continue
            column = other.c[key.parent.name]
            if connection.scalar(select(column).where(column == identity).limit(1)) is not None:
                zh = f"其他记录（{other.name}）引用了它；请先处理这些记录"
                en = f"records of {other.name} point at it; settle them first"
                refuse([feature_fault("not-editable", None, None, other.name, zh, en)])
