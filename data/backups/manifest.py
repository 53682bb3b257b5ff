"""What a backup says of itself, and the names of its files."""

import hashlib
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from data.errors import Fault, InvalidFile
from data.proving import TableDigest

SEALED = ".sealed"
PART = ".part"
"""What a sealed backup's name ends in; what that of an unfinished file ends in."""
WHOLE, CHANGES = ".gpkg", ".changes"
"""What a whole backup's name ends in; what that of changes since one ends in."""
_MOMENT: Final = "%Y%m%dT%H%M%S%fZ"


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
        base, base_sha256: of changes: the whole backup that they change.
        changes_bytes: of changes: the size of their file before it is sealed.
        faults: dates of the state that are none (`data.wrong_days`), which are in it as they are.
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
    base: str = ""
    base_sha256: str = ""
    changes_bytes: int = 0
    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Read the JSON form.

        Raises:
            InvalidFile: members are missing or unknown.
        """
        try:
            tables = tuple(TableDigest(**one) for one in values.pop("tables"))
            faults = tuple(Fault(**one) for one in values.pop("faults", ()))
            return cls(**values, tables=tables, faults=faults)
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidFile(
                f"this is no manifest of a backup: {error}", f"这不是备份清单：{error}"
            ) from error

    def as_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return asdict(self)


def name_of(moment: datetime) -> str:
    """The name of a whole backup's GeoPackage of a moment, to the millisecond.

    >>> name_of(datetime(2026, 5, 3, 12, 0, 0, 7_000, UTC))
    'ovoo-20260503T120000007Z.gpkg'
    """
    milliseconds = f"{moment.microsecond // 1000:03}"
    return f"ovoo-{moment:%Y%m%dT%H%M%S}{milliseconds}Z{WHOLE}"


def name_of_changes(base: str, state: str) -> str:
    """The name of the changes that make a state of a base; both are names of GeoPackages.

    >>> name_of_changes("ovoo-20260503T010000000Z.gpkg", "ovoo-20260503T120000007Z.gpkg")
    'ovoo-20260503T010000000Z+20260503T120000007Z.changes'
    """
    return f"{base.partition(WHOLE)[0]}+{state.removeprefix('ovoo-').partition(WHOLE)[0]}{CHANGES}"


def moment_of(name: str) -> datetime | None:
    """When the state of a backup was read, by its name; None where that does not tell.

    >>> moment_of("ovoo-20260503T010000000Z+20260503T120000007Z.changes.sealed").isoformat()
    '2026-05-03T12:00:00.007000+00:00'
    """
    stem = name.removeprefix("ovoo-").partition(".")[0].rpartition("+")[2]
    try:
        return datetime.strptime(stem, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


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
