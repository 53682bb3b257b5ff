"""A register of made-up names multiplied inside PostgreSQL, for sizes that nobody waits to load.

The first names come by the program's own loader, with journal, counts and text index. Every
further copy of them has ids, codes, positions and a province of its own, in each table that a
reader's question touches; names are those of the first. What it does not show: how long a load
takes, and the journal, which tells of the first names alone.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal

import numpy as np
import psycopg
from psycopg.sql import SQL

from bench.names import EAST, NORTH, SOUTH, WEST
from data.curve import DEGREES, cells_of
from data.points import key_of
from gazetteer.search import search_form
from gazetteer.tables import place, place_name, place_rendered

_PROVINCES: Final = (
    *("15", "11", "12", "13", "14", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
    "65",
)
_POSITION: Final = np.dtype(
    [("fields", ">i2")]
    + [
        part
        for name, kind in (("id", ">i8"), ("key", ">i8"), ("x", ">f8"), ("y", ">f8"))
        for part in ((f"{name}_bytes", ">i4"), (name, kind))
    ]
)
"""A row of COPY's binary form: each value behind its length."""
_COPY_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_KEPT: Final = ("place_pkey", "ix_place_rendered_id", "place_name_pkey", "ix_place_name_place_id")
"""Indexes that stay while rows come: others are sorted together at the end."""
_CODE: Final = "'150' || lpad(({id} - 1)::text, 17, '0')"
_JSON: Final = "convert_from(b.json, 'UTF8')"
_TEXT: Final = (
    'convert_to(\'{{"type":"Feature","id":\' || p.id || \',"geometry":{{"type":"Point",'
    f"\"coordinates\":[' || p.x || ',' || p.y || ']}}}}' || replace(replace(substr({_JSON},"
    f" strpos({_JSON}, ',\"properties\"')), {_CODE.format(id='b.id')}, {_CODE.format(id='p.id')}),"
    " '\"division_code\":\"15', '\"division_code\":\"{province}'), 'UTF8')"
)
_DIVISION: Final = "'{province}' || substr(b.division_code, 3)"


Text = Literal["all", "names", "none"]
"""Whose forms the text index has: every name's, the standard ones' alone, nobody's."""


def multiplied(connection: psycopg.Connection[Any], times: int, text: Text) -> Iterator[str]:
    """Make so many times as many names of those that a store has; a line for each step.

    Args:
        connection: of a superuser, who may leave out triggers; it commits by itself.
        times: how many times as many there will be.
        text: what of the text index grows too; of `none` it is emptied, and searches find nothing.
    """
    connection.execute("SET session_replication_role = replica")
    count = _number(connection, "SELECT max(id) FROM place")
    names = _number(connection, "SELECT max(id) FROM place_name")
    if text == "none":
        connection.execute("TRUNCATE search_term, search_form")
    _draw_positions(connection, count, times)
    yield "positions drawn"
    connection.execute("CREATE INDEX bench_tiled ON place_tiled (id)")
    tables = ["place", "place_name", "place_rendered", "place_tiled"]
    taken = [one for table in tables for one in _indexes_taken(connection, table)]
    for copy in range(1, times):
        for statement in _copies(copy, count, names):
            connection.execute(SQL(statement))
        yield f"{(copy + 1) * count} names"
    connection.execute("DROP INDEX bench_tiled")
    yield from _made_again(connection, taken)
    if text != "none":
        yield from text_multiplied(connection, times, count, names_only=text == "names")
    connection.execute("DROP TABLE bench_position")
    for table in ("place", "place_name"):
        connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    connection.execute("VACUUM ANALYZE")
    yield "vacuumed"


def _number(connection: psycopg.Connection[Any], statement: str) -> int:
    (found,) = connection.execute(statement).fetchone() or (0,)
    return int(found)


def _draw_positions(connection: psycopg.Connection[Any], count: int, times: int) -> None:
    """Every copy's places, spread over the box as those of the first are."""
    chance = np.random.default_rng(1)
    connection.execute(
        "CREATE UNLOGGED TABLE bench_position (id bigint, key bigint, x float8, y float8)"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY bench_position FROM STDIN (FORMAT BINARY)") as target,
    ):
        target.write(_COPY_HEAD)
        for copy in range(1, times):
            rows = np.zeros(count, _POSITION)
            rows["fields"] = 4
            for name in ("id", "key", "x", "y"):
                rows[f"{name}_bytes"] = 8
            rows["id"] = np.arange(1, count + 1) + copy * count
            rows["x"] = chance.uniform(WEST, EAST, count).round(7)
            rows["y"] = chance.uniform(SOUTH, NORTH, count).round(7)
            cells = cells_of(DEGREES, rows["x"], rows["y"])
            rows["key"] = cells * key_of(1, 0) + rows["id"]
            target.write(rows.tobytes())
        target.write(b"\xff\xff")
    connection.execute("CREATE INDEX ON bench_position (id)")
    connection.execute("ANALYZE bench_position")


def _indexes_taken(connection: psycopg.Connection[Any], table: str) -> list[tuple[str, str]]:
    """Take a table's indexes away; returns what makes each again, with its name."""
    found = connection.execute(
        "SELECT i.relname, pg_get_indexdef(i.oid), c.conname, pg_get_constraintdef(c.oid)"
        " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.conrelid = x.indrelid"
        " WHERE x.indrelid = %s::regclass",
        (table,),
    ).fetchall()
    again = []
    for name, made, constraint, defined in found:
        if name in _KEPT or name == "bench_tiled":
            continue
        if constraint:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        else:
            connection.execute(f"DROP INDEX {name}")
        adding = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {defined}"
        again.append((name, adding if constraint else made))
    return again


def _made_again(connection: psycopg.Connection[Any], taken: list[tuple[str, str]]) -> Iterator[str]:
    for name, made in taken:
        connection.execute(made)
        yield f"index {name}"


def _copies(copy: int, count: int, names: int) -> Iterator[str]:
    """What makes one copy of the first names."""
    province = _PROVINCES[copy % len(_PROVINCES)]
    division = _DIVISION.format(province=province)
    first, last = copy * count + 1, (copy + 1) * count
    drawn = (
        f"JOIN bench_position p ON p.id = b.id + {copy * count}"
        f" AND p.id BETWEEN {first} AND {last} WHERE b.id <= {count}"
    )
    located = {"id": "p.id", "key": "p.key", "x": "p.x", "y": "p.y"}
    yield _copied(
        "place", [one.name for one in place.c],
        {"id": "p.id", "place_code": _CODE.format(id="p.id"), "division_code": division}
        | {"geom": "ST_SetSRID(ST_MakePoint(p.x, p.y), ST_SRID(b.geom))"},
        f"{drawn} ORDER BY b.id",
    )  # fmt: skip
    yield _copied(
        "place_name", [one.name for one in place_name.c],
        {"id": f"b.id + {copy * names}", "place_id": f"b.place_id + {copy * count}"},
        f"WHERE b.place_id <= {count} ORDER BY b.id",
    )  # fmt: skip
    yield _copied(
        "place_rendered", [one.name for one in place_rendered.c],
        located | {"json": _TEXT.format(province=province)}, f"{drawn} ORDER BY b.id",
    )  # fmt: skip
    tiled = ["id", "key", "x", "y", "since", "until", "place_in_line", "properties"]
    line = {"place_in_line": "b.place_in_line - b.id + p.id"}
    yield _copied("place_tiled", tiled, located | line, f"{drawn} ORDER BY b.id")


def _copied(table: str, columns: list[str], changed: dict[str, str], among: str) -> str:
    taken = ", ".join(changed.get(one, f"b.{one}") for one in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table} b {among}"


def text_multiplied(
    connection: psycopg.Connection[Any], times: int, count: int, *, names_only: bool
) -> Iterator[str]:
    """Each form and term again for every copy, in the order of the index itself.

    `names_only` leaves out the forms beside a place's standard name, and their terms.
    """
    provinces = ", ".join(f"'{one}'" for one in _PROVINCES)
    changed = {
        "ordinal": "b.ordinal + k",
        "target_id": f"b.target_id + k * {count}",
        "division_code": f"(ARRAY[{provinces}])[k % {len(_PROVINCES)} + 1]"
        " || substr(b.division_code, 3)",
        "lon": "coalesce(p.x, b.lon)",
        "lat": "coalesce(p.y, b.lat)",
    }
    forms = [one.name for one in search_form.c]
    position = f"LEFT JOIN bench_position p ON p.id = b.target_id + k * {count}"
    main = "WHERE b.form_no = 0" if names_only else ""
    known = "WHERE b.ordinal IN (SELECT ordinal FROM search_form)" if names_only else ""
    connection.execute("SET synchronize_seqscans = off")
    yield from _in_order(connection, "search_form", forms, changed, times, f"{position} {main}")
    yield from _in_order(
        connection, "search_term", ["term", "ordinal"], {"ordinal": "b.ordinal + k"}, times, known
    )


def _in_order(
    connection: psycopg.Connection[Any],
    table: str,
    columns: list[str],
    changed: dict[str, str],
    times: int,
    joined: str,
) -> Iterator[str]:
    """A table of the text index anew, every row of it for each copy, as it lies.

    Its key grows with it, for it comes in its order; of hundreds of millions of terms, sorting
    them would take as much disk again.
    """
    shown = ", ".join(changed.get(one, f"b.{one}") for one in columns)
    taken = _indexes_taken(connection, table)
    with connection.transaction():  # of a table made in it, no write-ahead log is kept
        connection.execute(f"ALTER TABLE {table} RENAME TO bench_{table}")
        connection.execute(f"CREATE TABLE {table} (LIKE bench_{table} INCLUDING DEFAULTS)")
        keys = [made for name, made in taken if name == f"{table}_pkey"]
        connection.execute(keys[0])
        connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {shown} FROM bench_{table} b"
            f" CROSS JOIN generate_series(0, {times - 1}) k {joined}"
        )
        connection.execute(f"DROP TABLE bench_{table}")
    yield f"{table} multiplied"
    yield from _made_again(connection, [one for one in taken if one[1] not in keys])
