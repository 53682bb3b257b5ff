"""Temporary folders and files that a killed program does not leave behind for ever.

Each folder's owner holds a lock on it, which the kernel frees with the process, however that ends.
So the next start can tell what nobody owns any more from what another process is working in.
"""

import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

PREFIX: Final = "ovoo-work-"
_FILE: Final = "content"
_HAS_LOCKS = hasattr(os, "geteuid")
"""Windows locks no folders: there nothing is taken for abandoned."""


@contextmanager
def work_folder(purpose: str) -> Iterator[Path]:
    """An empty folder of this process's own, removed at the end of the block.

    Args:
        purpose: a word of its name, for who looks into the temporary folder.
    """
    with ExitStack() as owned:
        yield _owned_folder(owned, purpose)


@contextmanager
def work_file(content: bytes) -> Iterator[Path]:
    """Bytes as a file, for what reads by path; removed at the end of the block."""
    with work_folder("file") as folder:
        path = folder / _FILE
        path.write_bytes(content)
        yield path


def read_left(path: Path, most_bytes: int) -> bytes | None:
    """What a process that reads from outside has left in its folder; it may have been taken over.

    Args:
        path: where the file should be.
        most_bytes: how much is taken at most.

    Returns:
        The file's bytes; None where there is none, where it is larger, and where it is a link, a
        pipe or a device: no link is followed, and nothing is waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = file.read(most_bytes + 1)
    return content if len(content) <= most_bytes else None


def remove_abandoned_folders() -> int:
    """Remove the work folders of this user whose owners are gone; how many there were.

    Never one that a process still works in, another user's, or a link to elsewhere.
    """
    if not _HAS_LOCKS:
        return 0
    return sum(_removed(path) for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def _owned_folder(owned: ExitStack, purpose: str) -> Path:
    while True:
        name = owned.enter_context(tempfile.TemporaryDirectory(prefix=f"{PREFIX}{purpose}-"))
        path = Path(name)
        # Who starts at this moment may have removed it before it was locked.
        if not _HAS_LOCKS or (_locked(owned, path) and path.exists()):
            return path


def _removed(path: Path) -> bool:
    with ExitStack() as owned:
        if not _locked(owned, path):
            return False
        shutil.rmtree(path, ignore_errors=True)
    _log.info("removed %s, which a program that is gone left behind", path.name)
    return not path.exists()


def _locked(owned: ExitStack, path: Path) -> bool:
    """Lock a folder of this user's; False where it is none, or another process has it."""
    import fcntl

    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    owned.callback(os.close, folder)
    if os.fstat(folder).st_uid != os.geteuid():
        return False
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
