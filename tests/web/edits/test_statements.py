"""What one small write asks of a file while it holds the lock, for which all other writers wait.

Each statement is a moment in which another thread of the process may go first.
"""

from itertools import groupby
from sqlite3 import Connection

from flask import Flask
from sqlalchemy import event

from data import Store

_MOST = 30
"""It was 100 when each halving of the index and each of its terms was a statement of its own."""


def statements_of_drafts(app: Flask, store: Store, count: int) -> list[str]:
    """What the driver is told between taking the lock for the last of some drafts and its end."""
    told: list[str] = []

    def listen(connection: Connection, _record: object) -> None:
        connection.set_trace_callback(told.append)

    event.listen(store.engine, "connect", listen)
    store.close()  # the connections that there are do not tell
    client = app.test_client()
    for number in range(count):
        told.clear()
        feature = {"type": "Feature", "geometry": None, "properties": {"name": f"乌兰{number}"}}
        assert client.post("/collections/places/items", json=feature).status_code == 201
    # What triggers do is marked so, or told as the statement that began it once more.
    own = [one for one, _ in groupby(told) if not one.startswith("--")]
    begun = own.index("BEGIN IMMEDIATE")
    return own[begun : own.index("COMMIT", begun)]


def test_a_draft_is_written_with_few_statements(app: Flask, filled: Store) -> None:
    if not filled.embedded:
        return
    said = statements_of_drafts(app, filled, 3)
    assert len(said) <= _MOST, "\n".join(said)
    for what in ("INSERT INTO place ", "INSERT INTO journal ", "INSERT INTO search_term "):
        assert any(one.startswith(what) for one in said), what
