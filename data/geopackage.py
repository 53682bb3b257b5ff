"""What makes a SQLite file a GeoPackage 1.4 that QGIS opens (OGC 12-128r19).

The R-tree is kept by the standard's own triggers, so that edits from other programs stay indexed;
the five SQL functions that those triggers call are registered on every connection.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from data.geometry import gpkg_bounds
from data.hot import execute
from data.layer_marks import mark_change

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400
NOW_SQL = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"

_CORE_TABLES = f"""
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT ({NOW_SQL}),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

_RTREE_TRIGGERS = {
    "insert": ("AFTER INSERT ON {t}", "{full}", "INSERT OR REPLACE INTO {r} VALUES ({values});"),
    "update2": (
        "AFTER UPDATE OF geom ON {t}",
        "OLD.id = NEW.id AND {void}",
        "DELETE FROM {r} WHERE id = OLD.id;",
    ),
    "update4": (
        "AFTER UPDATE ON {t}",
        "OLD.id != NEW.id AND {void}",
        "DELETE FROM {r} WHERE id IN (OLD.id, NEW.id);",
    ),
    "update5": (
        "AFTER UPDATE ON {t}",
        "OLD.id != NEW.id AND {full}",
        "DELETE FROM {r} WHERE id = OLD.id; INSERT OR REPLACE INTO {r} VALUES ({values});",
    ),
    "update6": (
        "AFTER UPDATE OF geom ON {t}",
        "OLD.id = NEW.id AND {full} AND {old_full}",
        (
            "UPDATE {r} SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom),"
            " miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.id;"
        ),
    ),
    "update7": (
        "AFTER UPDATE OF geom ON {t}",
        "OLD.id = NEW.id AND {full} AND NOT ({old_full})",
        "INSERT INTO {r} VALUES ({values});",
    ),
    "delete": ("AFTER DELETE ON {t}", "OLD.geom NOTNULL", "DELETE FROM {r} WHERE id = OLD.id;"),
}
_TRIGGER_PARTS = {
    "values": "NEW.id, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)",
    "full": "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))",
    "void": "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))",
    "old_full": "(OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom))",
}


def remove_file(path: Path) -> None:
    """Remove a file where it is there, with the log and the index that SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def register_functions(connection: sqlite3.Connection) -> None:
    """Register the SQL functions that R-tree triggers call, on every connection that writes."""

    def side(index: int) -> None:
        def value(blob: bytes | None) -> float | None:
            bounds = gpkg_bounds(blob)
            return None if bounds is None else bounds[index]

        name = ("ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY")[index]
        connection.create_function(name, 1, value, deterministic=True)

    for index in range(4):
        side(index)
    connection.create_function(
        "ST_IsEmpty", 1, lambda blob: int(gpkg_bounds(blob) is None), deterministic=True
    )


def create_core_tables(connection: Connection, srid: int) -> None:
    """Turn an empty SQLite file into a GeoPackage whose layers use the EPSG system `srid`."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _CORE_TABLES.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    add_system = text(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (:name, :id, :organization, :id, :wkt, :note)"
    )
    for name, identity, organization, wkt in _reference_systems(srid):
        connection.execute(
            add_system,
            {"name": name, "id": identity, "organization": organization, "wkt": wkt, "note": None},
        )


def _reference_systems(srid: int) -> Iterator[tuple[str, int, str, str]]:
    from pyproj import CRS

    yield "Undefined Cartesian", -1, "NONE", "undefined"
    yield "Undefined geographic", 0, "NONE", "undefined"
    for code in dict.fromkeys((4326, srid)):
        system = CRS.from_epsg(code)
        yield system.name, code, "EPSG", system.to_wkt("WKT1_GDAL")


def register_layer(connection: Connection, table: str, kind: str, srid: int, title: str) -> None:
    """Make a table with columns `id` and `geom` a GeoPackage layer with an R-tree."""
    connection.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES (:table, 'features', :table, :title, :srid)"
        ),
        {"table": table, "title": title, "srid": srid},
    )
    connection.execute(
        text("INSERT INTO gpkg_geometry_columns VALUES (:table, 'geom', :kind, :srid, 0, 0)"),
        {"table": table, "kind": kind, "srid": srid},
    )
    connection.execute(
        text(
            "INSERT INTO gpkg_extensions VALUES (:table, 'geom', 'gpkg_rtree_index',"
            " 'http://www.geopackage.org/spec140/#extension_rtree', 'write-only')"
        ),
        {"table": table},
    )
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy)"
    )
    create_rtree_triggers(connection, table)


def register_attributes(connection: Connection, table: str, title: str) -> None:
    """List a table without geometry, so that GIS programs show it as a table."""
    connection.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
            " VALUES (:table, 'attributes', :table, :title)"
        ),
        {"table": table, "title": title},
    )


def create_rtree_triggers(connection: Connection, table: str) -> None:
    """Create the standard's seven triggers (clause F.3, version 1.4 names)."""
    for name, (event, condition, action) in _RTREE_TRIGGERS.items():
        parts = {"t": table, "r": f"rtree_{table}_geom", **_TRIGGER_PARTS}
        connection.exec_driver_sql(
            f"CREATE TRIGGER rtree_{table}_geom_{name} {event.format(**parts)}"
            f" WHEN {condition.format(**parts)} BEGIN {action.format(**parts)} END"
        )


@contextmanager
def insert_triggers_off(connection: Connection, *tables: str) -> Iterator[None]:
    """Drop what fires on each insert into some tables, and restore it word for word.

    For many rows of this program's own, numbered after the highest, whose boxes and texts it
    writes itself: guards against strange geometries and replaced rows cost as much as the rows,
    and so does one more mark of a layer's change for each of them, of which one at the end is
    enough. The write lock keeps other programs out meanwhile, and a rollback brings the triggers
    back.
    """
    statements = {
        str(name): str(sql)
        for table in tables
        for name, sql in connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
            " AND (name LIKE '%\\_insert' ESCAPE '\\' OR name LIKE '%\\_replace' ESCAPE '\\'"
            " OR name LIKE '%\\_insert\\_marked' ESCAPE '\\') ORDER BY rowid",
            (table,),
        ).all()
    }
    for name in statements:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for sql in statements.values():
        connection.exec_driver_sql(sql)
    for table in tables:
        mark_change(connection, table)


@contextmanager
def indexes_off_while_first_filled(connection: Connection, table: str) -> Iterator[None]:
    """Make an empty table's indexes after its first rows, sorted at once instead of row by row.

    With rows in it a table keeps its indexes: making them anew would read all of those again.
    """
    if connection.exec_driver_sql(f"SELECT EXISTS (SELECT 1 FROM {table})").scalar():
        yield
        return
    statements = {
        str(name): str(sql)
        for name, sql in connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema"
            " WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ? ORDER BY rowid",
            (table,),
        ).all()
    }
    for name in statements:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for sql in statements.values():
        connection.exec_driver_sql(sql)


_WIDEN_SQL = (
    f"UPDATE gpkg_contents SET last_change = {NOW_SQL},"
    " min_x = min(coalesce(min_x, :a), coalesce(:a, min_x)),"
    " min_y = min(coalesce(min_y, :b), coalesce(:b, min_y)),"
    " max_x = max(coalesce(max_x, :c), coalesce(:c, max_x)),"
    " max_y = max(coalesce(max_y, :d), coalesce(:d, max_y)) WHERE table_name = :table"
)


def widen_extent(
    connection: Connection, table: str, bounds: tuple[float, float, float, float] | None
) -> None:
    """Record a change of a layer and widen its extent in the table of contents."""
    low_x, low_y, high_x, high_y = bounds or (None, None, None, None)
    values = {"a": low_x, "b": low_y, "c": high_x, "d": high_y, "table": table}
    execute(connection, _WIDEN_SQL, values)
