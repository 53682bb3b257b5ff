"""What backups a folder holds, as far as it can be said without restoring them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from data.backups.changes import list_changes
from data.backups.making import list_backups
from data.backups.manifest import (
    CHANGES,
    PART,
    SEALED,
    WHOLE,
    Manifest,
    manifest_path,
    moment_of,
    sha256_of,
)
from data.backups.restoring import take_out
from data.errors import InvalidFile, InvalidValue, NotFound
from data.work_folders import work_folder

WHOLE_STATE, CHANGED, WITHOUT_MANIFEST = "whole", "changed", "without-manifest"
SEALED_STATE, UNFINISHED = "sealed", "unfinished"
_NAMES: Final = (f"ovoo-*Z{WHOLE}", f"ovoo-*Z{CHANGES}")


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
    endings = ("", SEALED, f"*{PART}")
    paths = [path for name in _NAMES for end in endings for path in folder.glob(name + end)]
    return sorted(map(_found, paths), key=lambda one: _order(one.name), reverse=True)


def newest_until(folder: Path, moment: datetime) -> Path:
    """The backup of a folder, whole or changes, whose state is the newest not after a moment.

    Raises:
        NotFound: the folder holds no backup.
        InvalidValue: every state that it holds is a later one.
    """
    kept = sorted([*list_backups(folder), *list_changes(folder)], key=lambda one: _order(one.name))
    if not kept:
        raise NotFound(f"{folder} holds no backup", f"{folder} 中没有备份")
    before = [path for path in kept if (moment_of(path.name) or moment) <= moment]
    if not before:
        oldest = kept[0].name
        raise InvalidValue(
            "until", moment.isoformat(), f"the oldest state in {folder} is {oldest}",
            "name a later moment", f"{folder} 中最早的备份是 {oldest}；请指定更晚的时间",
        )  # fmt: skip
    return before[-1]


def _order(name: str) -> tuple[str, str]:
    """By the moment of the state; unfinished ones and others of one moment by their name."""
    moment = moment_of(name)
    return (moment.isoformat() if moment else "", name)


def _found(path: Path) -> BackupFound:
    size, taken_at = path.stat().st_size, moment_of(path.name)
    if path.suffix == PART:
        return BackupFound(path.name, UNFINISHED, taken_at, size)
    if path.suffix == SEALED:
        return BackupFound(path.name, SEALED_STATE, taken_at, size)
    manifest = _manifest(path)
    if manifest is None:
        return BackupFound(path.name, WITHOUT_MANIFEST, taken_at, size)
    written = manifest.changes_bytes if manifest.base else manifest.size_bytes
    return BackupFound(
        path.name, WHOLE_STATE if written == size else CHANGED, taken_at, size, manifest
    )


def _manifest(path: Path) -> Manifest | None:
    try:
        return Manifest.parse(orjson.loads(manifest_path(path).read_bytes()))
    except (OSError, orjson.JSONDecodeError, InvalidFile):
        return None


def is_as_made(folder: Path, name: str) -> bool:
    """Whether a backup gives the bytes that were proved, by the SHA-256 of its manifest.

    Raises:
        NotFound: the folder has no such backup, or only its key could tell.
    """
    for path in (path for pattern in _NAMES for path in folder.glob(pattern)):
        manifest = _manifest(path)
        if path.name == name and manifest is not None:
            return _gives(path, manifest)
    raise NotFound(
        f"no backup {name[:80]} whose manifest can be read; prove a sealed one with"
        " ovoo restore --drill",
        f"没有可读取清单的备份“{name[:80]}”；加密备份请用 ovoo restore --drill 验证",
    )


def _gives(path: Path, manifest: Manifest) -> bool:
    if not manifest.base:
        return sha256_of(path) == manifest.sha256
    with work_folder("changes") as work:
        try:
            take_out(path, work / "state.gpkg", None)
        except (InvalidFile, InvalidValue):
            return False
    return True
