"""How much of a file from outside is read before the reader stops."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one reading; passing one ends it with `FileTooLarge` or `InvalidFile`.

    `max_file_bytes` and `max_unpacked_bytes` are bytes on disk and after unzipping,
    `max_cell_chars` characters of one cell, `max_members` files inside a zip,
    `max_text_chars` characters of a document.
    `cpu_seconds` is processor time of the reading process, `wall_seconds` the time its
    caller waits for it (a slow caller is not counted), `memory_bytes` its address space.
    """

    max_file_bytes: int = 50 * _MIB
    max_unpacked_bytes: int = 200 * _MIB
    max_rows: int = 50_000
    max_columns: int = 256
    max_cell_chars: int = 32_767
    max_members: int = 1_000
    max_text_chars: int = 1_500_000
    cpu_seconds: int = 30
    wall_seconds: int = 60
    memory_bytes: int = 384 * _MIB


UPLOAD_LIMITS = Limits()
"""For a file that arrives over the network from anyone who may send one."""

LOAD_LIMITS = Limits(
    max_file_bytes=2048 * _MIB,
    max_unpacked_bytes=8192 * _MIB,
    max_rows=5_000_000,
    max_columns=1_024,
    max_cell_chars=1_000_000,
    max_members=10_000,
    max_text_chars=50_000_000,
    cpu_seconds=900,
    wall_seconds=1_800,
    memory_bytes=440 * _MIB,
)
"""For a file that the person at the command line chose to load."""
