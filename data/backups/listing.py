"""What backups a folder holds, as far as it can be said without restoring them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from data.backups.manifest import PART, SEALED, Manifest, manifest_path, sha256_of
from data.errors import InvalidFile, NotFound

WHOLE, CHANGED, WITHOUT_MANIFEST = "whole", "changed", "without-manifest"
SEALED_STATE, UNFINISHED = "sealed", "unfinished"
_NAME: Final = "ovoo-*Z.gpkg"
_MOMENT: Final = "ovoo-%Y%m%dT%H%M%S"
_DIGITS: Final = len("ovoo-20260503T120000")


@dataclass(frozen=True, slots=True)
class BackupFound:
    """A backup as it lies in its folder.

    Attributes:
        name: of its file.
        state: `whole` (as large as its manifest says; every row was proved when it was made),
            `changed` (of another size), `sealed` (only its key tells more), `unfinished`,
            `without-manifest`.
        taken_at: when its state was read, UTC; None where its name does not tell.
        size_bytes: of the file.
        manifest: what it says of itself; None where that cannot be read without a key.
    """

    name: str
    state: str
    taken_at: datetime | None
    size_bytes: int
    manifest: Manifest | None = None


def found_backups(folder: Path) -> list[BackupFound]:
    """Every backup of a folder, the newest first; none where there is no such folder."""
    paths = (*folder.glob(_NAME), *folder.glob(_NAME + SEALED), *folder.glob(f"{_NAME}*{PART}"))
    return sorted(map(_found, paths), key=lambda one: one.name, reverse=True)


def _found(path: Path) -> BackupFound:
    size, taken_at = path.stat().st_size, _moment(path.name)
    if path.suffix == PART:
        return BackupFound(path.name, UNFINISHED, taken_at, size)
    if path.suffix == SEALED:
        return BackupFound(path.name, SEALED_STATE, taken_at, size)
    manifest = _manifest(path)
    if manifest is None:
        return BackupFound(path.name, WITHOUT_MANIFEST, taken_at, size)
    state = WHOLE if manifest.size_bytes == size else CHANGED
    return BackupFound(path.name, state, taken_at, size, manifest)


def _moment(name: str) -> datetime | None:
    try:
        return datetime.strptime(name[:_DIGITS], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _manifest(path: Path) -> Manifest | None:
    try:
        return Manifest.parse(orjson.loads(manifest_path(path).read_bytes()))
    except (OSError, orjson.JSONDecodeError, InvalidFile):
        return None


def is_as_made(folder: Path, name: str) -> bool:
    """Whether the bytes of a backup are those that were proved, by the SHA-256 of its manifest.

    Raises:
        NotFound: the folder has no such backup, or only its key could tell.
    """
    for path in folder.glob(_NAME):
        manifest = _manifest(path)
        if path.name == name and manifest is not None:
            return sha256_of(path) == manifest.sha256
    raise NotFound(
        f"no backup {name[:80]} whose manifest can be read; prove a sealed one with"
        " ovoo restore --drill",
        f"没有可读取清单的备份“{name[:80]}”；加密备份请用 ovoo restore --drill 验证",
    )
