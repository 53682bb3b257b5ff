"""Files that come in parts: what has come of each, until it is whole, taken, or a day old.

A part is a transaction of its own, so that an acknowledged one outlives the server. What is kept is
no record: the journal does not have it. Once a file is taken its parts are dropped; its hash stays
until it expires, so that taking it again gives the same bytes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from data.errors import Conflict, NotFound
from data.releases import Secret
from data.releases import release as release_table
from data.store import Store
from data.stored_files import read_file
from data.tables import metadata

KEPT_FOR: Final = timedelta(hours=24)
MOST_OPEN: Final = 5
"""Files that one sender may have under way at once."""
_WRITER, _REASON = "ovoo", "keep a part of a file"

partial_upload = Table(
    "partial_upload",
    metadata,
    Column("key", Text, primary_key=True),
    Column("owner", Text, nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("expires_at", Text, nullable=False, index=True),
    Column("sha256", Text),
)
"""`key` is the hash of the secret in its address; `sha256` that of the file once it was taken."""
partial_upload_part = Table(
    "partial_upload_part",
    metadata,
    Column("key", Text, primary_key=True),
    Column("begins", BigInteger, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
for _table in (partial_upload, partial_upload_part):
    release_table(_table, Secret())


@dataclass(frozen=True, slots=True)
class PartialUpload:
    """A file under way.

    Attributes:
        file_name: its sender's name for it.
        length: how many bytes it will have.
        received: how many have come.
        expires_at: when it is forgotten (UTC, ISO 8601).
    """

    file_name: str
    length: int
    received: int
    expires_at: str


def begin_upload(store: Store, owner: str, file_name: str, length: int, now: datetime) -> str:
    """Announce a file that will come in parts; returns the secret that names it.

    Raises:
        Conflict: the sender has `MOST_OPEN` files under way.
    """
    secret = secrets.token_urlsafe(24)
    with store.write(_WRITER, _REASON) as transaction:
        connection = transaction.connection
        _forget(connection, partial_upload.c.expires_at <= now.isoformat())
        waiting = connection.scalar(
            select(func.count())
            .select_from(partial_upload)
            .where(partial_upload.c.owner == owner, partial_upload.c.sha256.is_(None))
        )
        if (waiting or 0) >= MOST_OPEN:
            raise Conflict(
                f"{waiting} files are under way already: finish or delete one of them",
                f"已有 {waiting} 个文件尚未传完；请先传完或删除其中之一",
            )
        values = {
            "key": _key(secret),
            "owner": owner,
            "file_name": file_name,
            "length": length,
            "received": 0,
            "expires_at": (now + KEPT_FOR).isoformat(),
        }
        connection.execute(insert(partial_upload).values(values))
    return secret


def look_at_upload(connection: Connection, secret: str, owner: str, now: datetime) -> PartialUpload:
    """How far a file has come.

    Raises:
        NotFound: there is none of that name, it is another's, or it has expired.
    """
    row = _row(connection, secret, owner, now)
    return PartialUpload(row.file_name, row.length, row.received, row.expires_at)


def add_part(
    store: Store, secret: str, owner: str, begins: int, content: bytes, now: datetime
) -> int:
    """Keep the next part of a file; returns how many bytes have come.

    Raises:
        NotFound: as `look_at_upload`.
        Conflict: the part does not begin where the last one ended, or is longer than what is left.
    """
    with store.write(_WRITER, _REASON) as transaction:
        connection = transaction.connection
        row = _row(connection, secret, owner, now)
        if begins != row.received:
            raise Conflict(
                f"{row.received} bytes have come, so that no part begins at {begins}: ask for the"
                " offset and go on from there",
                f"已收到 {row.received} 字节，不能从 {begins} 续传；请查询进度后继续",
            )
        ends = begins + len(content)
        if ends > row.length:
            raise Conflict(
                f"the part ends at {ends}, the file at {row.length} bytes: send the rest alone",
                f"该部分止于 {ends} 字节，超出文件长度 {row.length} 字节",
            )
        if content:
            part = {"key": row.key, "begins": begins, "bytes": content}
            connection.execute(insert(partial_upload_part).values(part))
            mine = partial_upload.c.key == row.key
            connection.execute(update(partial_upload).where(mine).values(received=ends))
    return ends


def whole_upload(
    connection: Connection, secret: str, owner: str, now: datetime
) -> tuple[str, bytes]:
    """The name and the bytes of a file that has come whole, also of one that was taken before.

    Raises:
        NotFound: as `look_at_upload`.
        Conflict: it has not come whole.
    """
    row = _row(connection, secret, owner, now)
    if row.sha256:
        return row.file_name, read_file(connection, row.sha256)
    if row.received != row.length:
        raise Conflict(
            f"{row.received} of {row.length} bytes have come: send the rest first",
            f"文件共 {row.length} 字节，只收到 {row.received} 字节；请先传完",
        )
    parts = connection.scalars(
        select(partial_upload_part.c.bytes)
        .where(partial_upload_part.c.key == row.key)
        .order_by(partial_upload_part.c.begins)
    )
    return row.file_name, b"".join(parts)


def upload_taken(store: Store, secret: str, content: bytes) -> None:
    """Drop the parts of a file whose bytes are kept elsewhere under their hash."""
    key = _key(secret)
    with store.write(_WRITER, _REASON) as transaction:
        connection = transaction.connection
        connection.execute(delete(partial_upload_part).where(partial_upload_part.c.key == key))
        taken = update(partial_upload).where(partial_upload.c.key == key)
        connection.execute(taken.values(sha256=sha256(content).hexdigest()))


def drop_upload(store: Store, secret: str, owner: str, now: datetime) -> None:
    """Forget a file under way.

    Raises:
        NotFound: as `look_at_upload`.
    """
    with store.write(_WRITER, _REASON) as transaction:
        row = _row(transaction.connection, secret, owner, now)
        _forget(transaction.connection, partial_upload.c.key == row.key)


def _row(connection: Connection, secret: str, owner: str, now: datetime) -> Any:
    row = connection.execute(
        select(partial_upload).where(partial_upload.c.key == _key(secret))
    ).first()
    if row is None or row.owner != owner or row.expires_at <= now.isoformat():
        raise NotFound(
            "there is no file under way at this address: it was finished long ago, deleted, or is"
            " more than a day old",
            "没有这个未传完的文件：可能已删除，或已超过一天",
        )
    return row


def _forget(connection: Connection, which: Any) -> None:
    keys = select(partial_upload.c.key).where(which)
    connection.execute(delete(partial_upload_part).where(partial_upload_part.c.key.in_(keys)))
    connection.execute(delete(partial_upload).where(which))


def _key(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
