"""GeoPackage: looked over with SQLite under lock, then one plain table read through fiona.

A GeoPackage is a database, and a database can hold code: views, triggers, generated columns,
virtual tables. The layer and the tables that describe it have to be plain ones; the file is
opened unchangeable, so that no trigger ever runs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from data.errors import Fault, InvalidFile
from data.formats.fiona_rows import crs_text, open_layer, rows
from data.formats.reading import Reading, Request, note
from data.formats.sniffing import unknown

_STEPS = 10_000
_STEPS_MAX = 2_000
_SYSTEM = ("gpkg_contents", "gpkg_spatial_ref_sys", "gpkg_geometry_columns")
_LAYERS_MAX = 1_000
_TEXT_MAX = 4_096
_HIDDEN_PLAIN = 0
_READS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
}


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    kind: str
    crs: str | None
    binary: frozenset[str]


def read(request: Request) -> Reading:
    """The named layer, or the first that is not empty, those with geometries before others."""
    with _locked(request) as database:
        names = _layers(database)
        name = _chosen(database, names, request.layer)
        layer = _examined(database, name, names[name])
    collection = open_layer(
        request.path(".gpkg"),
        "GPKG",
        layer=layer.name,
        IMMUTABLE="YES",
        LIST_ALL_TABLES="NO",
    )
    columns = [column for column in collection.schema["properties"] if column not in layer.binary]
    has_geometry = collection.schema["geometry"] != "None"
    crs = layer.crs or crs_text(collection) or request.crs
    return Reading(
        "gpkg",
        columns,
        rows(collection, columns),
        crs=_needed(crs) if has_geometry else None,
        layer=layer.name,
        has_geometry=has_geometry,
        notes=(*_layer_note(layer.name, list(names)), *_binary_note(layer)),
    )


def _needed(crs: str | None) -> str:
    if crs is None:
        raise InvalidFile(
            "the layer does not say its reference system; set it in the file, or give it when"
            " sending (crs)",
            "图层未说明坐标系；请在文件中设置，或在提交时指定 crs",
        )
    return crs


@contextmanager
def _locked(request: Request) -> Iterator[sqlite3.Connection]:
    """The database, only to be read, with a bound on every question put to it."""
    path = f"file:/proc/self/fd/{request.descriptor}?mode=ro&immutable=1"
    try:
        database = sqlite3.connect(path, uri=True)
        try:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
                database.execute(f"PRAGMA {pragma}")
            database.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024)
            budget = iter(range(_STEPS_MAX))
            database.set_progress_handler(lambda: next(budget, None) is None, _STEPS)
            database.set_authorizer(_permit)
            yield database
        finally:
            database.close()
    except sqlite3.Error as error:
        raise InvalidFile(
            "the GeoPackage is damaged; export it again", "GeoPackage 已损坏；请重新导出"
        ) from error


def _permit(action: int, first: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first == "table_xinfo" else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY


def _layers(database: sqlite3.Connection) -> dict[str, str]:
    """Layer → features or attributes, of a file whose describing tables are plain."""
    kinds = dict(
        database.execute("SELECT name, type FROM sqlite_master WHERE name IN (?, ?, ?)", _SYSTEM)
    )
    if "gpkg_contents" not in kinds:
        raise unknown(
            "it is an SQLite database, not a GeoPackage", "这是 SQLite 数据库，不是 GeoPackage"
        )
    for name in _SYSTEM:
        if name in kinds:
            _check_plain(database, name)
    found = database.execute(
        "SELECT substr(table_name, 1, ?), data_type FROM gpkg_contents"
        " WHERE data_type IN ('features', 'attributes') ORDER BY data_type <> 'features', rowid"
        " LIMIT ?",
        (_TEXT_MAX, _LAYERS_MAX),
    )
    names = {str(name): str(kind) for name, kind in found}
    if not names:
        raise InvalidFile("the GeoPackage has no layer", "GeoPackage 中没有图层")
    return names


def _chosen(database: sqlite3.Connection, names: dict[str, str], wanted: str | None) -> str:
    if wanted is None:
        return next((name for name in names if _filled(database, name)), next(iter(names)))
    if wanted not in names:
        raise InvalidFile(
            f"it has no layer {wanted!r}; it has {', '.join(names)}",
            f"没有名为“{wanted}”的图层；现有：{'、'.join(names)}",
        )
    return wanted


def _filled(database: sqlite3.Connection, name: str) -> bool:
    _check_plain(database, name)
    found = database.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 1")
    return found.fetchone() is not None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check_plain(database: sqlite3.Connection, table: str) -> None:
    """Refuse a view, a virtual table and generated columns where a table is to be read."""
    row = database.execute(
        "SELECT type, substr(ltrim(sql), 1, 40) FROM sqlite_master WHERE name = ?"
        " AND type IN ('table', 'view')",
        (table,),
    ).fetchone()
    kind, sql = row or ("", "")
    words = str(sql).upper().split()
    if kind != "table" or words[:2] != ["CREATE", "TABLE"] or _generated(database, table):
        raise InvalidFile(
            f"{table[:80]!r} in the GeoPackage is no plain table but a view, a virtual table or"
            " computed; export the layer into a new GeoPackage",
            f"GeoPackage 中的 {table[:80]!r} 不是普通表，而是视图、虚拟表或计算列；"
            "请将图层导出为新的 GeoPackage",
        )


def _generated(database: sqlite3.Connection, table: str) -> bool:
    return any(hidden != _HIDDEN_PLAIN for _, _, hidden in _columns(database, table))


def _columns(database: sqlite3.Connection, table: str) -> list[tuple[str, str, int]]:
    """Name, declared type and hidden mark of each column."""
    found = database.execute(f"PRAGMA table_xinfo({_quoted(table)})")
    return [(str(row[1]), str(row[2]), int(row[6])) for row in found]


def _examined(database: sqlite3.Connection, name: str, kind: str) -> _Layer:
    _check_plain(database, name)
    columns = _columns(database, name)
    binary = frozenset(column for column, type_, _ in columns if type_.upper() == "BLOB")
    crs = None
    if kind == "features":
        row = database.execute(
            "SELECT s.organization, s.organization_coordsys_id FROM gpkg_geometry_columns g"
            " JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE g.table_name = ?",
            (name,),
        ).fetchone()
        if row and str(row[0]).upper() == "EPSG" and int(row[1]) > 0:
            crs = f"EPSG:{int(row[1])}"
    return _Layer(name, kind, crs, binary)


def _layer_note(name: str, names: list[str]) -> tuple[Fault, ...]:
    if len(names) == 1:
        return ()
    others = [item for item in names if item != name]
    return (
        note(
            "layer-chosen",
            name,
            f"读取了图层“{name}”；其余未读：{'、'.join(others)}",
            f"layer {name!r} was read; not read: {', '.join(others)}",
        ),
    )


def _binary_note(layer: _Layer) -> tuple[Fault, ...]:
    if not layer.binary:
        return ()
    shown = ", ".join(sorted(layer.binary))
    return (
        note(
            "binary-columns",
            shown,
            f"二进制列未读取：{shown}",
            f"columns of binary values were not read: {shown}",
        ),
    )
