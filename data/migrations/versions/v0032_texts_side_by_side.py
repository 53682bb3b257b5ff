"""In a file: indexes that hold the rendered texts of heritage names, and of all names by id.

A page of them is then read side by side instead of from a hundred places of the file. PostgreSQL's
indexes have no room for whole texts, and its own cache holds the table.
"""

from alembic import op

revision = "0032"
down_revision = "0031"

_TABLE = "place_rendered"


def upgrade() -> None:
    """Make both from what is there; SQLite keeps them itself."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        f"CREATE INDEX ix_{_TABLE}_heritage_texts"
        f" ON {_TABLE} (category_code, heritage, key, x, y, json) WHERE heritage = 1"
    )
    op.execute(f"CREATE INDEX ix_{_TABLE}_texts ON {_TABLE} (id, json)")
