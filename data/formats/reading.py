"""What a reader of one format is given, and what it gives back. Runs in the reading process."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.errors import Fault
from data.formats.limits import Limits

RawRow = tuple[int, list[str], bytes | None, list[Fault]]
"""Row number, cells, WKB or None, faults: not yet cleaned and not yet counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """One file to read: an open descriptor, what to read of it, and an empty directory."""

    descriptor: int
    work_dir: Path
    limits: Limits
    layer: str | None = None
    crs: str | None = None

    def open(self) -> BinaryIO:
        """The file from its first byte; only one such handle is read at a time."""
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        return os.fdopen(os.dup(self.descriptor), "rb")

    def path(self, suffix: str) -> Path:
        """A path to the file for libraries that want one; the sender's name is not in it."""
        link = self.work_dir / f"table{suffix}"
        link.symlink_to(f"/proc/self/fd/{self.descriptor}")
        return link


@dataclass(frozen=True, slots=True)
class Reading:
    """A table as its reader found it, before cleaning; see `data.formats.table.Table`."""

    format: str
    columns: list[str]
    rows: Iterator[RawRow]
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    has_geometry: bool = False
    notes: tuple[Fault, ...] = ()


def note(code: str, value: str, zh: str, en: str) -> Fault:
    """Something to say about the whole file."""
    return Fault(code, None, None, value, zh, en)
