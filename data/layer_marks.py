"""What tells a tile that its layer has changed, whoever changed it.

Triggers on every layer write into `layer_change`. In a file each layer has one row, whose number
grows with every changed record. On a server that row would make writers wait for one another, so
there each transaction leaves a row of its own; a reader sees those that are committed.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from data.hot import fetch
from data.release_state import STATE_KEY

if TYPE_CHECKING:
    from data.store import Store

Marks = tuple[object, ...]

_RELEASED: Final = f"SELECT value FROM store_meta WHERE key = '{STATE_KEY}'"
_COUNTED: Final = "concat_ws(' ', count(*), max(mark), sum(mark)) FROM layer_change"


def read_marks(connection: Connection, layers: Sequence[str]) -> Marks:
    """A value that differs after any of the layers, or the rules of release, have changed.

    One statement, since each costs a server's reader a way there and back; the rules of release
    stand in a row without a layer.
    """
    embedded = connection.dialect.name == "sqlite"
    sql = _of_file() if embedded else _of_server(tuple(layers))
    return _marks(fetch(connection, sql, {}, prepared=True), layers)


def look_at_marks(store: "Store", layers: Sequence[str]) -> Marks | None:
    """The same by a look at a server (`Store.look`); None where that takes too long."""
    rows = store.look(_of_server(tuple(layers)))
    return None if rows is None else _marks(rows, layers)


def _marks(rows: Iterable[Sequence[Any]], layers: Sequence[str]) -> Marks:
    known = {row[0]: row[1] for row in rows}
    return tuple([known.get(layer) for layer in (*layers, None)])


@cache
def _of_file() -> str:
    return f"SELECT layer, mark FROM layer_change UNION ALL SELECT NULL, ({_RELEASED})"


@cache
def _of_server(layers: tuple[str, ...]) -> str:
    wanted = ", ".join(f"'{layer}'" for layer in layers)
    return (
        f"SELECT layer, {_COUNTED} WHERE layer IN ({wanted}) GROUP BY layer"
        f" UNION ALL SELECT NULL, ({_RELEASED})"
    )


def marks_on_server(layer: str) -> str:
    """Two columns of a server's statement: what `read_marks` gives for one layer."""
    return f"(SELECT {_COUNTED} WHERE layer = '{layer}' GROUP BY layer), ({_RELEASED})"


def mark_change(connection: Connection, layer: str) -> None:
    """Mark what no trigger sees: records rendered anew that another program has written."""
    if connection.dialect.name == "sqlite":
        statement = text("UPDATE layer_change SET mark = mark + 1 WHERE layer = :layer")
    else:
        statement = text(
            "INSERT INTO layer_change VALUES (:layer, pg_current_xact_id()::text::bigint)"
            " ON CONFLICT DO NOTHING"
        )
    connection.execute(statement, {"layer": layer})


def keep_marks(connection: Connection, layer: str) -> None:
    """Let a layer's changes be marked, for a migration."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO layer_change VALUES (?, 0)", (layer,))
        for event in ("INSERT", "UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {layer}_{event.lower()}_marked AFTER {event} ON {layer} BEGIN"
                f" UPDATE layer_change SET mark = mark + 1 WHERE layer = '{layer}'; END"
            )
        return
    connection.exec_driver_sql(
        f"CREATE TRIGGER {layer}_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {layer}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION mark_layer_change()"
    )


_MARK = """
CREATE FUNCTION mark_layer_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own bigint := pg_current_xact_id()::text::bigint;
BEGIN
  INSERT INTO layer_change VALUES (TG_TABLE_NAME, own) ON CONFLICT DO NOTHING;
  DELETE FROM layer_change WHERE ctid IN (
    SELECT ctid FROM layer_change WHERE layer = TG_TABLE_NAME AND mark < own - 1000
    LIMIT 100 FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$
"""


def make_marking(connection: Connection) -> None:
    """Make what the triggers of a server call, for a migration."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(_MARK)
