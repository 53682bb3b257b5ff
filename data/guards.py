"""Triggers that hold for every program that writes to a store, also for those that are not ours.

Each guard exists in both stores' dialects. Migrations call these functions; a change of meaning
gets a new function and a new migration.
"""

from sqlalchemy import Connection


def forbid(connection: Connection, table: str, event: str, sentence: str, when: str = "") -> None:
    """Refuse an event (`UPDATE`, `DELETE`, `UPDATE OF geom`) on a table with a sentence.

    Args:
        connection: a writing connection.
        table: the table's name.
        event: the event, as both dialects spell it.
        sentence: what the writer is told.
        when: a condition on OLD and NEW in both dialects' SQL; always, where empty.
    """
    name = f"{table}_forbid_{event.lower().replace(' ', '_').replace(',', '')}"
    condition = f"WHEN {when}" if when else ""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    condition = f"WHEN ({when})" if when else ""
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}"
        f" EXECUTE FUNCTION {name}()"
    )


def forbid_emptying(connection: Connection, table: str, sentence: str) -> None:
    """Refuse TRUNCATE, which only PostgreSQL has."""
    if connection.dialect.name == "sqlite":
        return
    name = f"{table}_forbid_truncate"
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()"
    )


def forbid_replacing(connection: Connection, table: str, sentence: str) -> None:
    """Refuse `INSERT OR REPLACE` of an existing id, which only SQLite has."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_forbid_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"
            f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def drop_rendered_on_change(connection: Connection, table: str) -> None:
    """A record's rendered text goes when the record changes, whoever changes it."""
    statement = f"DELETE FROM {table}_rendered WHERE id = OLD.id"
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_rendered_{event.lower()}"
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {statement}; END"
            )
            continue
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {statement}; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
