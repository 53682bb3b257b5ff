"""One key along the curve for rendered points; broken shapes and new numbers are refused."""

import sqlalchemy as sa
from alembic import op

from data import guards, layers

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
POINT_LAYERS = ("place", "marker", "inspection")
LAYERS = ("division", "line", *POINT_LAYERS)
MOST_ID = (1 << 31) - 1
NUMBER = "a marker is never given another number; end it with valid_to and enter a new one"


def upgrade() -> None:
    """Carry the rendered texts over, without rendering any anew, and add the guards."""
    connection = op.get_bind()
    for layer in POINT_LAYERS:
        _rekey(connection, layer)
    for layer in LAYERS:
        layers.guard_shapes(connection, layer, "INSERT")
        if layer != "marker":  # whose positions are not updated at all
            layers.guard_shapes(connection, layer, "UPDATE OF geom")
    changed = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    guards.forbid(
        connection,
        "marker",
        "UPDATE OF marker_no",
        NUMBER,
        f"OLD.marker_no {changed} NEW.marker_no",
    )


def _rekey(connection: sa.Connection, layer: str) -> None:
    """From cells of 2^20 a side to cells of 2^16, whose numbers are the first bits of those."""
    table, kept = f"{layer}_rendered", f"{layer}_rendered_kept"
    connection.exec_driver_sql(
        f"CREATE TABLE {kept} AS SELECT ((cell >> 8) << 31) + id AS key, id, x, y, json"
        f" FROM {table} WHERE id <= {MOST_ID}"
    )
    connection.exec_driver_sql(
        f"INSERT INTO {layer}_unrendered SELECT id FROM {table} WHERE id > {MOST_ID}"
    )
    op.drop_table(table)
    op.create_table(
        table,
        sa.Column("key", ID, primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        sa.Column("json", sa.LargeBinary(), nullable=False),
    )
    connection.exec_driver_sql(
        f"INSERT INTO {table} (key, id, x, y, json)"
        f" SELECT key, id, x, y, json FROM {kept} ORDER BY key"
    )
    op.create_index(f"ix_{table}_id", table, ["id"], unique=True)
    op.drop_table(kept)
