"""Restore a backup to a new place, and prove that the place holds what was backed up."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import orjson
from cryptography.fernet import MultiFernet

from data import geopackage, journal, moving, upgrade
from data.backups.blocks import apply_blocks
from data.backups.manifest import (
    CHANGES,
    PART,
    SEALED,
    Manifest,
    manifest_path,
    sha256_of,
    sync,
)
from data.errors import InvalidFile, InvalidValue, StoresDiffer
from data.moving import Step
from data.proving import digests
from data.sealing import read_statement, unseal
from data.store import open_store, open_unfinished
from data.work_folders import work_folder

_READ_BYTES = 1 << 20


def restore(backup: Path, target_url: str, step: Step, key: MultiFernet | None = None) -> Manifest:
    """Restore a backup to an address that holds no store, and prove it; the backup stays as it is.

    Args:
        backup: a `.gpkg` or `.changes` with its manifest beside it, or a `.sealed` file.
        target_url: a file that is not there, or an empty database.
        step: told how far it is.
        key: opens a sealed backup.

    Raises:
        InvalidFile: the backup is not whole, or the key is another.
        InvalidValue: there is something at the target.
        StoresDiffer, BrokenChain: the backup does not hold what its manifest says.
    """
    if "://" in target_url:
        with work_folder("restore") as folder:
            copy = folder / "backup.gpkg"
            manifest = take_out(backup, copy, key)
            _prove(copy, manifest, step)
            moving.move_store(str(copy), target_url, step)
        return manifest
    target = Path(target_url)
    if target.exists():
        raise InvalidValue(
            "target", target_url, "the file exists already", "choose another name",
            f"文件 {target_url} 已存在；请另选文件名",
        )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(target) as copy:
        manifest = take_out(backup, copy, key)
        _prove(copy, manifest, step)
        sync(copy)
        copy.rename(target)
    return manifest


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    copy = target.with_name(f"{target.name}{PART}")
    try:
        yield copy
    finally:
        geopackage.remove_file(copy)


def drill(backup: Path, step: Step, key: MultiFernet | None = None) -> Manifest:
    """Restore a backup to a place that is removed afterwards: the proof that it can be restored."""
    with work_folder("drill") as folder:
        return restore(backup, str(folder / "drill.gpkg"), step, key)


def take_out(backup: Path, copy: Path, key: MultiFernet | None) -> Manifest:
    """The backup's GeoPackage as a file of its own, its SHA-256 held against the manifest.

    Of changes, it is made of the whole backup beside them.

    Raises:
        InvalidFile: as `restore`; also where the whole backup is another or is not there.
        InvalidValue: the backup is sealed, and there is no key.
    """
    if backup.name.removesuffix(SEALED).endswith(CHANGES):
        manifest = _put_together(backup, copy, key)
    else:
        manifest = _plain(backup, copy, key)
    found = sha256_of(copy)
    if found != manifest.sha256:
        raise InvalidFile(
            f"{backup.name} is not the file that its manifest names: its SHA-256 is {found};"
            " take another backup",
            f"{backup.name} 与清单不符（SHA-256 为 {found}）；请使用其他备份",
        )
    return manifest


def _put_together(backup: Path, copy: Path, key: MultiFernet | None) -> Manifest:
    changes = copy.with_name(copy.name + CHANGES)
    try:
        manifest = _plain(backup, changes, key)
        base = backup.with_name(manifest.base)
        if not base.exists():
            base = base.with_name(base.name + SEALED)
        whole = take_out(base, copy, key)
        if whole.sha256 != manifest.base_sha256:
            raise InvalidFile(
                f"{backup.name} changes another {manifest.base} than the one beside it; take"
                " another backup",
                f"{backup.name} 对应的完整备份与现有 {manifest.base} 不同；请使用其他备份",
            )
        with changes.open("rb") as kept:
            apply_blocks(copy, kept, manifest.size_bytes)
    finally:
        changes.unlink(missing_ok=True)
    return manifest


def _plain(backup: Path, plain: Path, key: MultiFernet | None) -> Manifest:
    """A backup's own file, opened where it is sealed, and its manifest."""
    try:
        with backup.open("rb") as source, plain.open("wb") as opened:
            if backup.suffix == SEALED:
                return _opened(source, opened, key)
            manifest = _beside(backup)
            shutil.copyfileobj(source, opened, _READ_BYTES)
    except OSError as error:
        raise InvalidFile(
            f"the backup {backup} cannot be read: {error.strerror}",
            f"无法读取备份 {backup}：{error.strerror}",
        ) from error
    return manifest


def _opened(source: IO[bytes], plain: IO[bytes], key: MultiFernet | None) -> Manifest:
    if key is None:
        raise InvalidValue(
            "key file", "", "this backup is sealed", "name its key with --key-file",
            "该备份已加密；请用 --key-file 指定密钥文件",
        )  # fmt: skip
    manifest = Manifest.parse(read_statement(source, key))
    unseal(source, plain, key)
    return manifest


def _beside(backup: Path) -> Manifest:
    try:
        return Manifest.parse(orjson.loads(manifest_path(backup).read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        raise InvalidFile(
            f"{backup} has no manifest {manifest_path(backup).name} beside it: {error}",
            f"备份 {backup} 旁没有清单 {manifest_path(backup).name}：{error}",
        ) from error


def _prove(copy: Path, manifest: Manifest, step: Step) -> None:
    """Every table has the rows that the manifest names; an older schema is brought forward."""
    as_made = manifest.schema == upgrade.newest_version()
    opened = open_unfinished(str(copy), as_it_is=True) if as_made else open_store(str(copy))
    with opened as store, store.read_long() as connection:
        head = journal.verify(connection, manifest.head if manifest.entries else None)
        if (head.sequence, head.hash) != (manifest.entries, manifest.head):
            raise StoresDiffer("journal", head.sequence, manifest.head, head.hash)
        if not as_made:
            return  # the file's own SHA-256 has been proved; its tables are newer ones now
        found = digests(connection, lambda name, rows: step("prove", name, rows, 0))
    for said, one in zip(manifest.tables, found, strict=True):
        if said != one:
            raise StoresDiffer(one.table, one.rows, said.sha256, one.sha256)
