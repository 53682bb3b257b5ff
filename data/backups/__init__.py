"""Back a store up while it is in use, prove the backup, restore it to a new place (备份、恢复).

A backup is a GeoPackage, also that of a PostgreSQL store: one state of the store, with a manifest
beside it that names the file's SHA-256, the journal's head, and every table's rows and SHA-256.
With a key both are sealed into one file (`data.sealing`). Between two of them, changes since the
older one can be kept as often as wanted (`data.backups.changes`): states to go back to.
"""

from data.backups.changes import back_up_changes, list_changes
from data.backups.listing import BackupFound, found_backups, is_as_made, newest_until
from data.backups.making import Backup, back_up, list_backups
from data.backups.manifest import Manifest
from data.backups.restoring import drill, restore

__all__ = [
    "Backup",
    "BackupFound",
    "Manifest",
    "back_up",
    "back_up_changes",
    "drill",
    "found_backups",
    "is_as_made",
    "list_backups",
    "list_changes",
    "newest_until",
    "restore",
]
