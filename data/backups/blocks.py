"""Which blocks of a file are other than those of another; the one made of the other and of them.

A file of changed blocks is, block by block, the offset (8 bytes, the highest first) and the block;
only the last block of the whole may be shorter than the others.
"""

from pathlib import Path
from typing import IO, Final

from data.errors import InvalidFile

BLOCK_BYTES: Final = 4_096
_OFFSET_BYTES: Final = 8


def write_blocks(base: Path, state: Path, changes: Path) -> None:
    """Write what has to be changed of `base` to make `state` of it."""
    offset = 0
    with base.open("rb") as old, state.open("rb") as new, changes.open("wb") as kept:
        while block := new.read(BLOCK_BYTES):
            if block != old.read(BLOCK_BYTES):
                kept.write(offset.to_bytes(_OFFSET_BYTES) + block)
            offset += len(block)


def apply_blocks(base: Path, changes: IO[bytes], size_bytes: int) -> None:
    """Make of `base` the state that changes were written for, in place.

    Raises:
        InvalidFile: the changes are cut, or are those of a state of another size.
    """
    with base.open("r+b") as state:
        while mark := changes.read(_OFFSET_BYTES):
            offset = int.from_bytes(mark)
            length = min(BLOCK_BYTES, size_bytes - offset)
            block = changes.read(length) if length > 0 else b""
            if len(mark) < _OFFSET_BYTES or not block or len(block) < length:
                raise InvalidFile(
                    f"a file of changes breaks off or names byte {offset} of {size_bytes}; take an"
                    " earlier backup",
                    f"增量备份文件不完整（位置 {offset}，共 {size_bytes} 字节）；请使用更早的备份",
                )
            state.seek(offset)
            state.write(block)
        state.truncate(size_bytes)
