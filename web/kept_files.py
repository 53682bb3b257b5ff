"""Files made for readers, kept while they fetch them in parts.

A file lies in this process's own work folder under the tag of the state that it was made from; the
one used longest ago goes first. Another process makes its own, byte for byte the same.
"""

import atexit
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import BinaryIO, Final

from data.work_folders import work_folder

MOST_BYTES: Final = 500_000_000


class KeptFiles:
    """Files by their tags, `most_bytes` of them at most; for many threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._owned, self._lock = ExitStack(), Lock()
        self._folder: Path | None = None

    def size(self, tag: str) -> int | None:
        """How long a kept file is, in bytes; None where it is not kept."""
        return self._sizes.get(tag)

    def find(self, tag: str) -> BinaryIO | None:
        """A kept file, open for reading; None where it is not kept."""
        with self._lock:
            if tag not in self._sizes:
                return None
            self._sizes.move_to_end(tag)
            return self._path(tag).open("rb")

    def keep(self, tag: str, pieces: Iterable[bytes]) -> BinaryIO:
        """Write a file and open it for reading; one larger than all that is kept is not kept."""
        unfinished = self._path(f"{tag}-{token_hex(4)}")
        try:
            with unfinished.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
            return self._take_in(tag, unfinished)
        finally:
            unfinished.unlink(missing_ok=True)

    def forget(self, tag: str) -> None:
        """Keep a file no longer; who has it open reads it to its end."""
        with self._lock:
            self._drop(tag)

    def _drop(self, tag: str) -> None:
        if self._sizes.pop(tag, None) is not None:
            with suppress(PermissionError):  # Windows removes no open file; its folder goes later
                self._path(tag).unlink(missing_ok=True)

    def _take_in(self, tag: str, unfinished: Path) -> BinaryIO:
        with self._lock:
            unfinished.replace(self._path(tag))
            opened = self._path(tag).open("rb")
            self._sizes[tag] = self._path(tag).stat().st_size
            self._sizes.move_to_end(tag)
            while sum(self._sizes.values()) > self._most:
                self._drop(next(iter(self._sizes)))
        return opened

    def _path(self, name: str) -> Path:
        if self._folder is None:
            self._folder = self._owned.enter_context(work_folder("kept"))
            atexit.register(self._owned.close)
        return self._folder / name
