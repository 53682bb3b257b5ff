"""What stands beside the table of a layer, made by migrations: texts, points of tiles, guards.

As `data.guards`: a released migration calls these functions, so none ever changes what it makes; a
change of meaning gets a new function and a new migration.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from data import geopackage, guards, layer_marks
from data.geometry import POINT

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Every text of a server is compared byte by byte; see `data.text_order`."""
_SHAPE = "a geometry is written as GeoPackage binary, which begins with GP"
_STRANGE = (
    "NEW.geom NOTNULL AND (typeof(NEW.geom) <> 'blob' OR hex(substr(NEW.geom, 1, 2)) <> '4750')"
)


def make_layer(connection: Connection, table: str, kind: str, srid: int, title: str) -> None:
    """Make a table with columns `id` and `geom` a layer: all that each layer has beside it.

    Args:
        connection: a writing connection, in a migration.
        table: the table's name; it has its columns and indexes already.
        kind: POINT, MULTILINESTRING or MULTIPOLYGON.
        srid: the EPSG code of the store's system: `context.config.attributes["srid"]`.
        title: what GIS programs show, Chinese and English.
    """
    make_rendered(table, kind)
    if kind == POINT:
        make_tiled(connection, table)
    index_positions(connection, table, kind, srid, title)
    for event in ("INSERT", "UPDATE OF geom"):
        guard_shapes(connection, table, event)
    guards.keep_rendered_true(connection, table)
    layer_marks.keep_marks(connection, table)


def make_rendered(table: str, kind: str = POINT) -> None:
    """The tables of ready texts and of what waits for one."""
    op.create_table(
        f"{table}_unrendered", sa.Column("id", ID, primary_key=True, autoincrement=False)
    )
    json = sa.Column("json", sa.LargeBinary(), nullable=False)
    if kind != POINT:
        identity = sa.Column("id", ID, primary_key=True, autoincrement=False)
        op.create_table(f"{table}_rendered", identity, json)
        return
    op.create_table(
        f"{table}_rendered",
        sa.Column("key", ID, primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        json,
    )
    op.create_index(f"ix_{table}_rendered_id", f"{table}_rendered", ["id"], unique=True)


def make_tiled(connection: Connection, table: str) -> None:
    """The table of what tiles show of points; a point goes with its text."""
    op.create_table(
        f"{table}_tiled",
        sa.Column("key", ID, primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("since", TEXT),
        sa.Column("until", TEXT),
        sa.Column("place_in_line", ID, nullable=False),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
    )
    gone = f"DELETE FROM {table}_tiled WHERE key = OLD.key"
    name = f"{table}_tiled_gone"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER DELETE ON {table}_rendered BEGIN {gone}; END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {gone}; RETURN NULL; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} AFTER DELETE ON {table}_rendered FOR EACH ROW"
        f" EXECUTE FUNCTION {name}()"
    )


def index_positions(connection: Connection, table: str, kind: str, srid: int, title: str) -> None:
    """The index of boxes: a GeoPackage layer with its R-tree, or GiST."""
    if connection.dialect.name == "sqlite":
        geopackage.register_layer(connection, table, kind, srid, title)
    else:
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_geom ON {table} USING gist (geom)")


def guard_shapes(connection: Connection, table: str, event: str) -> None:
    """In a file: refuse a geometry that is none; PostGIS does so itself."""
    if connection.dialect.name == "sqlite":
        guards.forbid(connection, table, event, _SHAPE, _STRANGE)
