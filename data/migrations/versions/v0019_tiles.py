"""What vector tiles are made of: the points of each layer in a narrow table, marks of changes."""

import sqlalchemy as sa
from alembic import op

from data import layer_marks as marks
from data import layers

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
        layers.make_tiled(connection, layer)
    for layer in POINT_LAYERS:
        op.execute(
            f"INSERT INTO {layer}_unrendered SELECT id FROM {layer}_rendered"
            f" WHERE id NOT IN (SELECT id FROM {layer}_unrendered)"
        )
        op.execute(f"DELETE FROM {layer}_rendered")
