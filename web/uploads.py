"""A file that comes with a form, and its name for people to read."""

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request: its name for people to read, and its bytes."""

    name: str
    content: bytes


def upload(name: str = "file") -> Upload | None:
    """A file of this request's form; None where it brings none of that name."""
    sent = request.files.get(name)
    if sent is None:
        return None
    return Upload(plain_name(sent.filename or "upload"), sent.read())


def uploads(name: str) -> list[Upload | None]:
    """The files of this request's form that bear one name, in their order; None for a blank one."""
    return [
        Upload(plain_name(sent.filename), sent.read()) if sent.filename else None
        for sent in request.files.getlist(name)
    ]


def plain_name(name: str) -> str:
    r"""A file's name for people to read: no folders, no control characters, not long.

    >>> plain_name("C:\\a\\界桩.jpg"), plain_name("../../x")
    ('界桩.jpg', 'x')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "upload"
