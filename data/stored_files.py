"""Files as they were received, untouched, under the SHA-256 of their bytes."""

import hashlib

from sqlalchemy import Connection, insert, select

from data.errors import NotFound
from data.tables import stored_file
from data.transaction import Transaction


def keep_file(transaction: Transaction, content: bytes) -> str:
    """Keep a file's bytes and return their SHA-256; the same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not has_file(transaction.connection, sha256):
        transaction.connection.execute(
            insert(stored_file).values(sha256=sha256, bytes=content, size_bytes=len(content))
        )
    return sha256


def has_file(connection: Connection, sha256: str) -> bool:
    """Whether a file of that hash is kept."""
    found = connection.scalar(select(1).where(stored_file.c.sha256 == sha256))
    return found is not None


def read_file(connection: Connection, sha256: str) -> bytes:
    """A kept file's bytes.

    Raises:
        NotFound: no file of that hash is kept.
    """
    content = connection.scalar(select(stored_file.c.bytes).where(stored_file.c.sha256 == sha256))
    if content is None:
        raise NotFound(f"no file {sha256} is kept", f"没有保存过文件 {sha256}")
    return bytes(content)
