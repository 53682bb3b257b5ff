"""Frames between the reading process and its caller: four bytes of length, then JSON."""

from typing import Any

import orjson

from data.errors import Fault

LENGTH_BYTES = 4
MAX_FRAME_BYTES = 64 * 1024 * 1024
"""No frame is longer; a row that would make one so is refused by the reading process."""


def pack(message: object) -> bytes:
    """The message as one frame."""
    body = orjson.dumps(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpack(body: bytes) -> Any:
    """The message of a frame without its length; `ValueError` where it is not JSON."""
    return orjson.loads(body)


def fault_to_wire(fault: Fault) -> list[str | int | None]:
    """A fault as a list, in the order of its fields."""
    return [fault.code, fault.row, fault.column, fault.value, fault.zh, fault.en]


def fault_from_wire(item: Any) -> Fault:
    """The fault of such a list; `ValueError` where it is none."""
    match item:
        case [
            str(code),
            int() | None as row,
            str() | None as column,
            str(value),
            str(zh),
            str(en),
        ]:
            return Fault(code, row, column, value, zh, en)
    raise ValueError("not a fault")
