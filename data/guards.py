"""Triggers that hold for every program that writes to a store, also for those that are not ours.

Each guard exists in both stores' dialects. Migrations call these functions; a change of meaning
gets a new function and a new migration.
"""

from sqlalchemy import Connection


def forbid(
    connection: Connection, table: str, event: str, sentence: str, when: str = "", name: str = ""
) -> None:
    """Refuse an event (`UPDATE`, `DELETE`, `UPDATE OF geom`) on a table with a sentence.

    Args:
        connection: a writing connection.
        table: the table's name.
        event: the event, as both dialects spell it.
        sentence: what the writer is told.
        when: a condition on OLD and NEW in both dialects' SQL; always, where empty.
        name: the guard's own name, where the event has another guard already.
    """
    name = name or f"{table}_forbid_{event.lower().replace(' ', '_').replace(',', '')}"
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


OWN_WRITE = "ovoo.own_write"
"""On PostgreSQL: set to `on` in this program's own transactions, which render what they write."""

_RENDERED_RULES = {
    "INSERT": ("INSERT INTO {t}_unrendered VALUES (NEW.id){again}",),
    "UPDATE": (
        "DELETE FROM {t}_rendered WHERE id = OLD.id",
        "INSERT INTO {t}_unrendered VALUES (NEW.id){again}",
    ),
    "DELETE": (
        "DELETE FROM {t}_rendered WHERE id = OLD.id",
        "DELETE FROM {t}_unrendered WHERE id = OLD.id",
    ),
}


def keep_rendered_true(connection: Connection, table: str) -> None:
    """A record's rendered text goes when the record changes, whoever changes it.

    A record that has no text waits in `<table>_unrendered`.
    """
    for event in _RENDERED_RULES:
        rendered_trigger(connection, table, event)


def rendered_trigger(connection: Connection, table: str, event: str) -> None:
    """One of the triggers of `keep_rendered_true`, for `INSERT`, `UPDATE` or `DELETE`."""
    name = f"{table}_rendered_{event.lower()}"
    embedded = connection.dialect.name == "sqlite"
    again = "" if embedded else " ON CONFLICT DO NOTHING"
    body = "; ".join(rule.format(t=table, again=again) for rule in _RENDERED_RULES[event])
    if embedded:
        # A trigger's own conflict clause would be overruled by that of the statement that fires it.
        body = body.replace(
            f"INSERT INTO {table}_unrendered VALUES (NEW.id)",
            f"INSERT INTO {table}_unrendered SELECT NEW.id"
            f" WHERE NEW.id NOT IN (SELECT id FROM {table}_unrendered)",
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body}; END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body}; RETURN NULL; END $$"
    )
    # Own inserts are rendered at once; own updates must lose their old text all the same.
    when = (
        f"WHEN (current_setting('{OWN_WRITE}', true) IS DISTINCT FROM 'on')"
        if event == "INSERT"
        else ""
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
        f" EXECUTE FUNCTION {name}()"
    )


def keep_coarse_true(connection: Connection, table: str) -> None:
    """The coarse copy of a record goes when the record changes, whoever changes it.

    This program makes it anew with its own writes, and renders what others have written.
    """
    embedded = connection.dialect.name == "sqlite"
    gone = [f"{table}_coarse", f"{table}_coarse_rendered"]
    gone += [f"rtree_{table}_coarse_geom"] if embedded else []
    body = " ".join(f"DELETE FROM {one} WHERE id = OLD.id;" for one in gone)
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_coarse_{event.lower()}"
        if embedded:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"
            )
            continue
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body} RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
