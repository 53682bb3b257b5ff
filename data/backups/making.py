"""Make a backup: one state of a store, proved row by row, under its name only when it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from cryptography.fernet import MultiFernet
from sqlalchemy import Connection

from data import geopackage, journal, moving, upgrade
from data.backups.manifest import (
    CHANGES,
    PART,
    SEALED,
    WHOLE,
    Manifest,
    manifest_path,
    name_of,
    sha256_of,
    sync,
)
from data.errors import FaultsFound, StoresDiffer
from data.moving import Step
from data.proving import TableDigest, prove_same
from data.rendering import unreadable_records
from data.sealing import seal
from data.store import Store, create_store, open_unfinished
from data.wrong_days import wrong_days

_PAGES_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where it is, and what it says of itself."""

    path: Path
    manifest: Manifest


def back_up(
    store: Store, folder: Path, step: Step, key: MultiFernet | None = None, keep: int = 0
) -> Backup:
    """Back up one state of a store while others read and write it; prove the backup row by row.

    Args:
        store: an open store.
        folder: where backups are kept; made where it is not there.
        step: told how far it is.
        key: seals the backup.
        keep: after success, older backups of the folder beyond so many are removed; 0 keeps all.

    Raises:
        FaultsFound: a PostgreSQL store's records cannot be carried; all are named.
        StoresDiffer, StoreDamaged, BrokenChain: the backup is not what the store is; it is removed.
    """
    with proved_state(store, folder, step) as (part, manifest):
        path = folder / manifest.file
        made = publish(part, path, manifest, key)
    if keep:
        for old in list_backups(folder)[:-keep]:
            remove(old)
    return Backup(made, manifest)


@contextmanager
def proved_state(store: Store, folder: Path, step: Step) -> Iterator[tuple[Path, Manifest]]:
    """One state of a store as a GeoPackage in a folder, proved row by row; it goes again."""
    folder.mkdir(parents=True, exist_ok=True)
    with store.read_long() as snapshot:
        journal.read_head(snapshot)  # from here on the state stands; nothing later is in it
        moment = datetime.now(UTC)
        part = folder / (name_of(moment) + PART)
        try:
            yield part, _make(store, snapshot, part, moment, step)
        finally:
            geopackage.remove_file(part)


def remove(old: Path) -> None:
    """Remove a backup, and the changes that need it."""
    for dependent in old.parent.glob(f"{old.name.partition(WHOLE)[0]}+*Z{CHANGES}*"):
        dependent.unlink()
    manifest_path(old).unlink(missing_ok=True)
    old.unlink()


def list_backups(folder: Path) -> list[Path]:
    """The backups of a folder, the oldest first; unfinished ones are none."""
    whole = (path for path in folder.glob("ovoo-*Z.gpkg") if manifest_path(path).is_file())
    return sorted([*whole, *folder.glob(f"ovoo-*Z.gpkg{SEALED}")], key=lambda one: one.name)


def _make(store: Store, snapshot: Connection, part: Path, moment: datetime, step: Step) -> Manifest:
    head = journal.verify(snapshot)
    if store.embedded:
        tables = _copy_file(snapshot, part, step)
    else:
        tables = _copy_server(store, snapshot, part, head, step)
    return Manifest(
        name_of(moment),
        f"{moment.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}",
        store.url,
        upgrade.newest_version(),
        store.crs,
        head.sequence,
        head.hash,
        part.stat().st_size,
        sha256_of(part),
        tuple(tables),
        faults=tuple(wrong_days(snapshot)),
    )


def _copy_file(snapshot: Connection, part: Path, step: Step) -> list[TableDigest]:
    """Page by page by SQLite's online backup; the snapshot stands still while others write."""
    import sqlite3

    source: Any = snapshot.connection.driver_connection
    copy = sqlite3.connect(part)
    try:
        source.backup(
            copy,
            pages=_PAGES_AT_ONCE,
            progress=lambda _status, left, total: step("copy", "pages", total - left, total),
        )
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    finally:
        copy.close()
    if found != "ok":
        raise StoresDiffer("pages", 1, "integrity_check", str(found))
    with open_unfinished(str(part), as_it_is=True) as arrived, arrived.read_long() as connection:
        tables = prove_same(snapshot, connection, lambda name, n: step("prove", name, n, 0))
        journal.verify(connection)
    return tables


def _copy_server(
    store: Store, snapshot: Connection, part: Path, head: journal.Head, step: Step
) -> list[TableDigest]:
    if faults := unreadable_records(snapshot):
        raise FaultsFound(faults)
    with create_store(str(part), store.crs) as copy:
        moving.mark(copy, head)
        return list(moving.carry(snapshot, copy, head, step).tables)


def publish(part: Path, path: Path, manifest: Manifest, key: MultiFernet | None) -> Path:
    """Give a finished file its name once all of it is on the disk; its path, sealed or not."""
    if key is not None:
        return _publish_sealed(part, path, manifest, key)
    sync(part)
    part.rename(path)
    _write_whole(manifest_path(path), orjson.dumps(manifest.as_json(), option=2))
    return path


def _publish_sealed(part: Path, path: Path, manifest: Manifest, key: MultiFernet) -> Path:
    """Seal a file and its manifest into one; its path."""
    sealed = path.with_name(path.name + SEALED)
    unfinished = sealed.with_name(sealed.name + PART)
    try:
        with unfinished.open("wb") as file:
            seal(part, file, manifest.as_json(), key)
        sync(unfinished)
        unfinished.rename(sealed)
    finally:
        unfinished.unlink(missing_ok=True)
    return sealed


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that gets its name once all of it is on the disk."""
    unfinished = path.with_name(path.name + PART)
    unfinished.write_bytes(content)
    sync(unfinished)
    unfinished.rename(path)
