"""How a server compares texts: byte by byte, in whatever order its database was made (排序规则).

As `data.layers`: a released migration calls this, so it never changes what it makes.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from data.errors import InvalidValue

_OTHERWISE = """
    SELECT c.oid, c.relname, c.reltuples > 0 AS measured, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid
      JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname = ANY(:tables) AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid = 'text'::regtype AND o.collname <> 'C'
    GROUP BY c.oid ORDER BY c.relname
"""
"""Columns of texts in another order, by table, and whether the table was ever analyzed."""
_VIEWS = """
    SELECT DISTINCT r.ev_class::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = ANY(:tables) AND r.ev_class <> d.refobjid ORDER BY 1
"""
_TRIGGERS = """
    SELECT DISTINCT g.tgname, pg_get_triggerdef(g.oid), g.tgenabled::text
    FROM pg_trigger g JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = g.oid
    WHERE g.tgrelid = :table AND NOT g.tgisinternal
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = :table AND d.refobjsubid > 0
"""
"""Triggers of a table that name its columns: a column cannot change under them."""
_STATES = {"D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
"""How a trigger stands that does not simply fire, as PostgreSQL notes and says it."""


def compare_by_bytes(connection: Connection, tables: Sequence[str]) -> None:
    """Have every column of texts of these tables compared byte by byte.

    Indexes are made anew, rows are not; triggers stand as they stood. What the planner knew of such
    a column is lost with it, so the table is analyzed where it was before.

    Args:
        connection: a writing connection to a server, in a migration.
        tables: names of tables; those that are not there are passed over.

    Raises:
        InvalidValue: a view that somebody made reads such a table and holds on to its columns.
    """
    found = connection.execute(text(_OTHERWISE), {"tables": list(tables)}).all()
    _require_no_views(connection, [row[0] for row in found])
    for identity, table, measured, columns in found:
        triggers = connection.execute(text(_TRIGGERS), {"table": identity}).all()
        for trigger, _, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{trigger}" ON "{table}"')
        changes = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in columns)
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {changes}')
        for trigger, definition, state in triggers:
            connection.exec_driver_sql(definition.replace("%", "%%"))
            if state in _STATES:
                connection.exec_driver_sql(
                    f'ALTER TABLE "{table}" {_STATES[state]} TRIGGER "{trigger}"'
                )
        if measured:
            connection.exec_driver_sql(f'ANALYZE "{table}"')


def _require_no_views(connection: Connection, tables: Sequence[int]) -> None:
    views = connection.scalars(text(_VIEWS), {"tables": list(tables)}).all()
    if views:
        listed = ", ".join(views)
        raise InvalidValue(
            "store", listed, "these views hold on to columns whose order is to change",
            "keep their texts, drop them, open the store again, then make them anew",
            f"视图 {listed} 依赖将要改变排序规则的列；请先保存其定义并删除，重新打开数据库后再建",
        )  # fmt: skip
