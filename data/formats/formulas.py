"""Texts that a spreadsheet would take for a formula: made harmless going out, restored coming in.

A cell that begins with one of the marks runs as a formula when a CSV is opened in a spreadsheet
(OWASP, CSV injection). An apostrophe before it makes it text. One apostrophe is added and one is
taken off, so that what went out comes back as it was, also where it had apostrophes of its own.
"""

import re

_MARKS = "=+\\-@\t\r\n＝＋－＠"
_STARTS = frozenset("'=+-@\t\r\n＝＋－＠")
_RISKY = re.compile(f"'*[{_MARKS}]")
_GUARDED = re.compile(f"'+[{_MARKS}]")


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet calculates.

    >>> guarded("=1+1"), guarded("'=1"), guarded("敖包"), guarded("'s")
    ("'=1+1", "''=1", '敖包', "'s")
    """
    if text[:1] in _STARTS and _RISKY.match(text):
        return f"'{text}"
    return text


def unguarded(cell: str) -> str:
    """A cell as the text that it stands for.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'s"), unguarded("=1")
    ('=1+1', "'=1", "'s", '=1')
    """
    if cell[:1] == "'" and _GUARDED.match(cell):
        return cell[1:]
    return cell
