r"""Patterns of LIKE: `%` any text, `_` one character, `\` takes the next one as it is."""

from collections.abc import Iterator

MANY, ONE = object(), object()


def _parts(pattern: str) -> Iterator[object]:
    letters = iter(pattern)
    for letter in letters:
        if letter == "\\":
            yield next(letters, "\\")
        else:
            yield MANY if letter == "%" else ONE if letter == "_" else letter


def as_like(pattern: str) -> str:
    r"""The pattern for PostgreSQL's LIKE, whose last sign must not be a bare `\`.

    >>> as_like("a\\%b%\\")
    'a\\%b%\\\\'
    """
    spelled = {MANY: "%", ONE: "_", "%": r"\%", "_": r"\_", "\\": r"\\"}
    return "".join(str(spelled.get(part, part)) for part in _parts(pattern))


def as_glob(pattern: str) -> str:
    r"""The pattern for SQLite's GLOB, which heeds case.

    >>> as_glob("a\\%_*%")
    'a%?[*]*'
    """
    spelled = {MANY: "*", ONE: "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(str(spelled.get(part, part)) for part in _parts(pattern))
