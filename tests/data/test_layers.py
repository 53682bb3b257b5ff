"""A new layer has beside its table all that the layers of the program have."""

import re
from collections.abc import Iterator

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from data import layers
from data.store import Store

COLUMNS = "id INTEGER PRIMARY KEY, geom {kind}, version INTEGER NOT NULL DEFAULT 1"
BESIDE = {
    "sqlite": "SELECT type, replace(name, 'LAYER', 'x') FROM sqlite_schema"
    " WHERE name LIKE '%LAYER%' AND sql IS NOT NULL",
    "postgresql": "SELECT 'table', relname FROM pg_class WHERE relname LIKE '%LAYER%'"
    " AND relname NOT LIKE '%id_seq' UNION ALL"
    " SELECT 'trigger', tgname FROM pg_trigger WHERE tgname LIKE '%LAYER%'",
}


def beside(connection: Connection, layer: str) -> set[tuple[str, str]]:
    """What bears a layer's name, but for its other tables and the indexes of its columns."""
    sql = BESIDE[connection.dialect.name].replace("LAYER", layer)
    found = {
        (str(kind), str(name).replace(layer, "x")) for kind, name in connection.execute(text(sql))
    }
    own = re.compile(
        r"x$|x_(unrendered|rendered|tiled)|rtree_x_geom|ix_x_(geom|rendered)|x_[a-z_]+"
    )
    strange = re.compile(r"x_(inspection|submission|repair|event)|ix_x_(?!geom|rendered)")
    return {one for one in found if own.match(one[1]) and not strange.match(one[1])}


@pytest.fixture
def migrating(store: Store) -> Iterator[Connection]:
    with (
        store.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        yield connection


@pytest.mark.parametrize(("like", "kind"), [("sign", "POINT"), ("division", "MULTIPOLYGON")])
def test_a_new_layer_is_made_as_those_that_there_are(
    migrating: Connection, like: str, kind: str
) -> None:
    embedded = migrating.dialect.name == "sqlite"
    typed = kind if embedded else f"geometry({kind}, 4490)"
    columns = COLUMNS.format(kind=typed)
    migrating.exec_driver_sql(f"CREATE TABLE cairn ({columns})")
    layers.make_layer(migrating, "cairn", kind, 4490, "敖包 cairns")
    made = beside(migrating, "cairn")
    known = beside(migrating, like)
    assert {one for one in made if "pkey" not in one[1]} == {
        one for one in known if "pkey" not in one[1]
    }
