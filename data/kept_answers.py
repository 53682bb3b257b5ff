"""Answers that are kept for a while, so that a request sent again is answered as it was.

A key is claimed before its request is answered and given its answer afterwards; each step is a
transaction of its own. What is kept is no record: the journal does not have it. (What spares
searches their work is a process's own and no store's: `web.kept`.)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import Column, Integer, LargeBinary, Table, Text, delete, select, update

from data.releases import Secret
from data.releases import release as release_table
from data.store import Store
from data.tables import metadata

KEPT_FOR: Final = timedelta(hours=24)
_WRITER, _REASON = "ovoo", "keep an answer for a retry"

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("expires_at", Text, nullable=False, index=True),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
)
"""`key` and `request` are hashes; without a `status` the request has not ended."""
release_table(kept_answer, Secret())


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given.

    Attributes:
        request: the hash of the request that it answers.
        status: its status; None while the request has not ended.
        headers: its headers.
        body: its body.
    """

    request: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes


def claim(store: Store, key: str, request: str, now: datetime) -> KeptAnswer | None:
    """Claim a key for a request; what is kept under it already, where something is.

    Args:
        store: the store.
        key: the hash of the key and who sent it.
        request: the hash of the request.
        now: in UTC; answers that have expired by then are forgotten.
    """
    with store.write(_WRITER, _REASON) as transaction:
        connection = transaction.connection
        connection.execute(delete(kept_answer).where(kept_answer.c.expires_at <= now.isoformat()))
        found = connection.execute(select(kept_answer).where(kept_answer.c.key == key)).first()
        if found is None:
            expires = (now + KEPT_FOR).isoformat()
            values = {"key": key, "request": request, "expires_at": expires}
            connection.execute(kept_answer.insert().values(values))
            return None
    headers = tuple((name, value) for name, value in orjson.loads(found.headers or "[]"))
    return KeptAnswer(found.request, found.status, headers, found.body or b"")


def keep(store: Store, key: str, answer: KeptAnswer) -> None:
    """Keep the answer to a claimed key."""
    with store.write(_WRITER, _REASON) as transaction:
        values = {
            "status": answer.status,
            "headers": orjson.dumps(answer.headers).decode(),
            "body": answer.body,
        }
        transaction.connection.execute(
            update(kept_answer).where(kept_answer.c.key == key).values(values)
        )


def release(store: Store, key: str) -> None:
    """Let a key go: its request was refused before anything was done."""
    with store.write(_WRITER, _REASON) as transaction:
        transaction.connection.execute(delete(kept_answer).where(kept_answer.c.key == key))
