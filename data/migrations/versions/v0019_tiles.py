"""What vector tiles are made of: the points of each layer in a narrow table, marks of changes."""

import sqlalchemy as sa
from alembic import op

from data import layer_marks as marks

revision = "0019"
down_revision = "0018"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
POINT_LAYERS = ("place", "marker", "inspection", "sign", "heritage")
LAYERS = ("division", "line", *POINT_LAYERS)
COPIED = ("marker", "inspection")


def upgrade() -> None:
    """Add the tables and their triggers; points are rendered anew as the store is opened."""
    connection = op.get_bind()
    op.create_table(
        "layer_change",
        sa.Column("layer", sa.Text(), primary_key=True),
        sa.Column("mark", ID, primary_key=True, autoincrement=False),
    )
    marks.make_marking(connection)
    for layer in LAYERS:
        marks.keep_marks(connection, layer)
    for layer in (*POINT_LAYERS, *(f"{layer}_coarse" for layer in COPIED)):
        _make_tiled(connection, layer)
    for layer in POINT_LAYERS:
        op.execute(
            f"INSERT INTO {layer}_unrendered SELECT id FROM {layer}_rendered"
            f" WHERE id NOT IN (SELECT id FROM {layer}_unrendered)"
        )
        op.execute(f"DELETE FROM {layer}_rendered")


def _make_tiled(connection: sa.Connection, layer: str) -> None:
    op.create_table(
        f"{layer}_tiled",
        sa.Column("key", ID, primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("since", sa.Text()),
        sa.Column("until", sa.Text()),
        sa.Column("place_in_line", ID, nullable=False),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
    )
    gone = f"DELETE FROM {layer}_tiled WHERE key = OLD.key"
    name = f"{layer}_tiled_gone"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER DELETE ON {layer}_rendered BEGIN {gone}; END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {gone}; RETURN NULL; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} AFTER DELETE ON {layer}_rendered FOR EACH ROW"
        f" EXECUTE FUNCTION {name}()"
    )
