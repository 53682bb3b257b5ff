"""Class and heritage beside the rendered points, with an index along the curve for each choice."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

_TABLE = "place_rendered"
_CHOICES = (("category_code",), ("heritage",), ("category_code", "heritage"))


def upgrade() -> None:
    """Add both columns, with what the places have."""
    op.add_column(_TABLE, sa.Column("category_code", sa.Text()))
    op.add_column(_TABLE, sa.Column("heritage", sa.Boolean()))
    op.execute(
        f"UPDATE {_TABLE} SET category_code = place.category_code, heritage = place.heritage"
        f" FROM place WHERE place.id = {_TABLE}.id"
    )
    for choice in _CHOICES:
        op.create_index(f"ix_{_TABLE}_{'_'.join(choice)}", _TABLE, [*choice, "key", "x", "y"])
