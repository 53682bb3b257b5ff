"""Seal a file with a key, and open it again: Fernet of the library `cryptography`.

A sealed file is lines of Fernet tokens (AES-128-CBC with HMAC-SHA256, each with its own random
vector): the first holds a statement about the whole, among it the SHA-256 of what follows; the
others hold the file piece by piece, so that no file need fit in memory. Pieces that were dropped,
doubled or put in another order do not give that hash.
"""

import hashlib
import os
from pathlib import Path
from typing import IO, Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from data.errors import InvalidFile, InvalidValue

PIECE_BYTES = 1 << 20
_LONGEST_LINE = PIECE_BYTES * 2


def make_key(path: Path) -> None:
    """Write a new key to a file that only its owner can read.

    Raises:
        InvalidValue: the file is there already; a key is never overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InvalidValue(
            "key file", str(path), "the file exists already", "choose another name",
            f"密钥文件 {path} 已存在；请另选文件名",
        ) from error  # fmt: skip
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")


def read_key(path: Path) -> MultiFernet:
    """The keys of a file, one a line: the first seals, any of them opens.

    Raises:
        InvalidFile: it is no file of keys.
    """
    try:
        return MultiFernet([Fernet(line) for line in path.read_bytes().split()])
    except (OSError, ValueError) as error:
        raise InvalidFile(
            f"{path} holds no key: make one with ovoo backup-key",
            f"{path} 不是密钥文件；请用 ovoo backup-key 生成",
        ) from error


def seal(plain: Path, sealed: IO[bytes], statement: dict[str, Any], key: MultiFernet) -> None:
    """Write a file sealed, with a statement that names its `sha256`."""
    sealed.write(key.encrypt(orjson.dumps(statement)) + b"\n")
    with plain.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            sealed.write(key.encrypt(piece) + b"\n")


def read_statement(sealed: IO[bytes], key: MultiFernet) -> dict[str, Any]:
    """The statement of a sealed file, which is read up to the end of it.

    Raises:
        InvalidFile: the key is another, or the file was changed.
    """
    statement: dict[str, Any] = orjson.loads(_opened(sealed.readline(_LONGEST_LINE), key))
    return statement


def unseal(sealed: IO[bytes], plain: IO[bytes], key: MultiFernet) -> str:
    """Write what follows the statement, opened; its SHA-256.

    Raises:
        InvalidFile: the key is another, or the file was changed.
    """
    total = hashlib.sha256()
    while line := sealed.readline(_LONGEST_LINE):
        piece = _opened(line, key)
        total.update(piece)
        plain.write(piece)
    return total.hexdigest()


def _opened(line: bytes, key: MultiFernet) -> bytes:
    try:
        return key.decrypt(line.strip())
    except InvalidToken as error:
        raise InvalidFile(
            "the sealed file cannot be opened: the key is another one, or the file was changed",
            "无法打开加密文件：密钥不符，或文件已被改动",
        ) from error
