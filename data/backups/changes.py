"""Changes since a whole backup: a state of the store between two whole backups, small (增量备份).

A state is made and proved as for a whole backup; kept is which blocks of it are other than those of
the newest whole backup in the folder. Every set of changes needs that one backup alone and no other
set (see `data.backups.blocks`).
"""

from dataclasses import replace
from pathlib import Path

from cryptography.fernet import MultiFernet

from data.backups.blocks import apply_blocks, write_blocks
from data.backups.making import (
    Backup,
    list_backups,
    proved_state,
    publish,
)
from data.backups.manifest import (
    CHANGES,
    PART,
    SEALED,
    Manifest,
    manifest_path,
    name_of_changes,
    sha256_of,
)
from data.backups.restoring import take_out
from data.errors import NotFound, StoresDiffer
from data.moving import Step
from data.store import Store


def back_up_changes(
    store: Store, folder: Path, step: Step, key: MultiFernet | None = None, keep: int = 0
) -> Backup:
    """Keep what a state of the store changes of the folder's newest whole backup.

    Args:
        store: an open store.
        folder: holds a whole backup.
        step: told how far it is.
        key: opens that one where it is sealed, and seals the changes.
        keep: older changes of the folder beyond so many are removed; 0 keeps all.

    Raises:
        NotFound: the folder holds no whole backup.
        InvalidFile: its newest is not what was proved when it was made; make a whole one.
        FaultsFound, StoresDiffer, StoreDamaged, BrokenChain: as `back_up`.
    """
    whole = list_backups(folder)
    if not whole:
        raise NotFound(
            f"{folder} holds no whole backup that changes could be kept of: make one with ovoo"
            " backup",
            f"{folder} 中没有完整备份，无法保存增量；请先用 ovoo backup 生成完整备份",
        )
    with proved_state(store, folder, step) as (state, proved):
        base = folder / f"{proved.file}.base{PART}"
        part = folder / f"{proved.file}{CHANGES}{PART}"
        try:
            of_base = take_out(whole[-1], base, key)
            write_blocks(base, state, part)
            manifest = replace(
                proved,
                base=of_base.file,
                base_sha256=of_base.sha256,
                changes_bytes=part.stat().st_size,
            )
            _prove(base, part, manifest)
            path = part.with_name(name_of_changes(manifest.base, manifest.file))
            made = publish(part, path, manifest, key)
        finally:
            part.unlink(missing_ok=True)
            base.unlink(missing_ok=True)
    if keep:
        for old in list_changes(folder)[:-keep]:
            manifest_path(old).unlink(missing_ok=True)
            old.unlink()
    return Backup(made, manifest)


def list_changes(folder: Path) -> list[Path]:
    """The changes that a folder keeps, the oldest first; unfinished ones are none."""
    plain = (path for path in folder.glob(f"ovoo-*Z{CHANGES}") if manifest_path(path).is_file())
    return sorted([*plain, *folder.glob(f"ovoo-*Z{CHANGES}{SEALED}")], key=lambda one: one.name)


def _prove(base: Path, part: Path, manifest: Manifest) -> None:
    """Make the state again of what is kept; the base is a copy and may be changed."""
    with part.open("rb") as changes:
        apply_blocks(base, changes, manifest.size_bytes)
    found = sha256_of(base)
    if found != manifest.sha256:
        raise StoresDiffer("blocks", 1, manifest.sha256, found)
