"""What a backup says of itself, and the names of its files."""

import hashlib
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from data.errors import InvalidFile
from data.proving import TableDigest

SEALED = ".sealed"
PART = ".part"
"""What a sealed backup's name ends in; what that of an unfinished file ends in."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        file: the backup's name, of the GeoPackage within where it is sealed.
        taken_at: when its state was read, UTC.
        store: the address that was backed up, without a password.
        schema: the schema's version.
        crs: the store's reference system.
        entries, head: the journal's newest entry: its number and hash.
        size_bytes, sha256: of the GeoPackage.
        tables: the proof of every table.
    """

    file: str
    taken_at: str
    store: str
    schema: str
    crs: str
    entries: int
    head: str
    size_bytes: int
    sha256: str
    tables: tuple[TableDigest, ...] = field(default_factory=tuple)

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Read the JSON form.

        Raises:
            InvalidFile: members are missing or unknown.
        """
        try:
            tables = tuple(TableDigest(**one) for one in values.pop("tables"))
            return cls(**values, tables=tables)
        except (KeyError, TypeError) as error:
            raise InvalidFile(
                f"this is no manifest of a backup: {error}", f"这不是备份清单：{error}"
            ) from error

    def as_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return asdict(self)


def manifest_path(path: Path) -> Path:
    """Where the manifest of a backup stands."""
    return path.with_name(path.name + ".json")


def sync(path: Path) -> None:
    """Return once a file's bytes are on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
