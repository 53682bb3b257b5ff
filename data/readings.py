"""Readings of closed positions (涉密坐标查阅记录): who asked for what, and when.

They stand in a chain of their own, like the journal's: append-only, each entry hashed over the one
before. They are no writes of records, so the journal's mark, by which caches live, stays as it is.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Column, Connection, Table, Text, select

from data.bulk import copy_rows
from data.errors import BrokenChain
from data.releases import Secret, release
from data.store import Store
from data.tables import ID, metadata

_GENESIS = "0" * 64

reading = Table(
    "reading",
    metadata,
    Column("sequence", ID, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False, index=True),
    Column("request", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
release(reading, Secret())


class Reading(NamedTuple):
    """One reading.

    Attributes:
        at: when, in UTC, ISO 8601.
        actor: the account.
        request: method and address with its query.
    """

    at: str
    actor: str
    request: str


def write_readings(store: Store, readings: Sequence[Reading]) -> None:
    """Append readings in one transaction."""
    if not readings:
        return
    with store.write("ovoo", "journal readings") as transaction:
        connection = transaction.connection
        last = select(reading.c.sequence, reading.c.hash).order_by(reading.c.sequence.desc())
        row = connection.execute(last.limit(1)).one_or_none()
        copy_rows(connection, reading, list(_chained(row, readings)))


def _chained(
    last: Sequence[object] | None, readings: Sequence[Reading]
) -> Iterator[dict[str, object]]:
    sequence, previous = (0, _GENESIS) if last is None else (int(str(last[0])), str(last[1]))
    for one in readings:
        sequence += 1
        made = _hash(previous, sequence, one)
        yield {"sequence": sequence, **one._asdict(), "previous_hash": previous, "hash": made}
        previous = made


def _hash(previous: str, sequence: int, one: Reading) -> str:
    return hashlib.sha256(previous.encode() + orjson.dumps([sequence, *one])).hexdigest()


def read_readings(connection: Connection, limit: int, before: int | None = None) -> list[Reading]:
    """The newest readings first."""
    statement = select(reading.c.at, reading.c.actor, reading.c.request)
    if before is not None:
        statement = statement.where(reading.c.sequence < before)
    rows = connection.execute(statement.order_by(reading.c.sequence.desc()).limit(limit))
    return [Reading(*row) for row in rows]


def verify_readings(connection: Connection) -> int:
    """Prove the chain of readings; how many there are.

    Raises:
        BrokenChain: naming the first entry that is changed, missing or out of order.
    """
    sequence, previous = 0, _GENESIS
    rows = connection.execution_options(yield_per=5000).execute(
        select(reading).order_by(reading.c.sequence)
    )
    with rows:
        for row in rows:
            sequence += 1
            one = Reading(row.at, row.actor, row.request)
            if row.sequence != sequence:
                raise BrokenChain(sequence, "a reading is missing", "缺少一条读数")
            if row.previous_hash != previous or row.hash != _hash(previous, sequence, one):
                raise BrokenChain(sequence, "a reading has been changed", "一条读数被改动")
            previous = row.hash
    return sequence
