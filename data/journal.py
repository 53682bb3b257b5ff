"""The journal: who did what, when, why, before and after; append-only and hash-chained.

An entry's hash is SHA-256 over the hash before it and the entry's own fields as canonical JSON
(keys sorted, UTF-8). Both stores keep the same text, so a moved store proves the same chain.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, select

from data.errors import BrokenChain
from data.hot import execute, fetch
from data.tables import journal

GENESIS = "0" * 64
HEAD_KEY = "journal_head"

_HASHED = itemgetter(
    "sequence", "at", "actor", "reason", "action", "table_name", "row_id", "before", "after"
)
INSERT, UPDATE, DELETE = "insert", "update", "delete"
_HEAD_SQL = "SELECT value FROM store_meta WHERE key = :key"
_KEEP_HEAD_SQL = (
    "INSERT INTO store_meta (key, value) VALUES (:key, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its sequence number (0 for an empty journal) and hash."""

    sequence: int = 0
    hash: str = GENESIS

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read the stored form `sequence:hash`."""
        sequence, _, value = text.partition(":")
        return cls(int(sequence), value)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


def canonical(record: Mapping[str, Any]) -> str:
    """A record as canonical JSON: keys sorted, dates ISO, geometry as hexadecimal WKB.

    What is NULL is left out, so that a column added later changes no older entry's meaning.
    """
    known = {name: value for name, value in record.items() if value is not None}
    return orjson.dumps(known, default=_plain, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")


def entry_hash(previous_hash: str, entry: Mapping[str, Any] | RowMapping) -> str:
    """The hash of an entry after the one with `previous_hash`."""
    body = orjson.dumps(_HASHED(entry))
    return hashlib.sha256(previous_hash.encode() + body).hexdigest()


def chain(head: Head, entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Number and hash entries onto `head`; each has all fields but sequence and hashes."""
    sequence, previous = head.sequence, head.hash
    for entry in entries:
        sequence += 1
        entry["sequence"] = sequence
        entry["previous_hash"] = previous
        previous = entry["hash"] = entry_hash(previous, entry)
        yield entry


def read_head(connection: Connection) -> Head:
    """The head as the store remembers it.

    Raises:
        BrokenChain: what it remembers is none.
    """
    rows = fetch(connection, _HEAD_SQL, {"key": HEAD_KEY})
    try:
        return Head.parse(rows[0][0]) if rows else Head()
    except (ValueError, AttributeError) as error:
        raise BrokenChain(
            0, "the store's note of the newest entry has been changed", "库中所记的末条被改动"
        ) from error


def keep_head(connection: Connection, head: Head) -> None:
    """Let the store remember its newest entry."""
    execute(connection, _KEEP_HEAD_SQL, {"key": HEAD_KEY, "value": str(head)})


def verify(connection: Connection, since: str | None = None) -> Head:
    """Prove the whole chain and return its head.

    Args:
        connection: a reading connection.
        since: a hash that was written down earlier; the chain must contain it.

    Raises:
        BrokenChain: naming the first entry that is changed, missing or out of order, or that
            the store's remembered head is not the last entry (the tail was cut).
    """
    head, anchor_seen = Head(), since in (None, GENESIS)
    entries = connection.execution_options(yield_per=5000).execute(
        select(journal).order_by(journal.c.sequence)
    )
    with entries:
        for entry in entries.mappings():
            _check_link(head, entry)
            head = Head(entry["sequence"], entry["hash"])
            anchor_seen = anchor_seen or head.hash == since
    remembered = read_head(connection)
    if remembered != head:
        raise BrokenChain(
            head.sequence + 1, f"the store remembers {remembered.sequence} entries",
            f"库中记下的共 {remembered.sequence} 条",
        )  # fmt: skip
    if not anchor_seen:
        raise BrokenChain(
            head.sequence, f"the anchor {since} is not in the chain", f"链中没有所给的哈希 {since}"
        )
    return head


def head_at(connection: Connection, sequence: int) -> Head:
    """The head as it was after an entry.

    Raises:
        BrokenChain: there is no such entry.
    """
    if sequence == 0:
        return Head()
    found = connection.scalar(select(journal.c.hash).where(journal.c.sequence == sequence))
    if found is None:
        raise BrokenChain(sequence, "it is missing", "此条缺失")
    return Head(sequence, found)


def prove_stretch(connection: Connection, head: Head, most: int) -> Head:
    """Prove the entries after `head`, at most so many; the head after them.

    Raises:
        BrokenChain: as `verify`.
    """
    later = select(journal).where(journal.c.sequence > head.sequence)
    entries = connection.execute(later.order_by(journal.c.sequence).limit(most))
    for entry in entries.mappings():
        _check_link(head, entry)
        head = Head(entry["sequence"], entry["hash"])
    return head


def _check_link(head: Head, entry: RowMapping) -> None:
    expected = head.sequence + 1
    if entry["sequence"] != expected:
        raise BrokenChain(
            expected, f"it is missing; the next one is {entry['sequence']}",
            f"此条缺失；下一条是第 {entry['sequence']} 条",
        )  # fmt: skip
    if entry["previous_hash"] != head.hash:
        raise BrokenChain(expected, "it does not follow the entry before it", "与前一条不相接")
    try:
        unchanged = entry["hash"] == entry_hash(head.hash, entry)
    except TypeError:  # bytes, which no entry is written with
        unchanged = False
    if not unchanged:
        raise BrokenChain(expected, "its fields have been changed", "内容被改动")
