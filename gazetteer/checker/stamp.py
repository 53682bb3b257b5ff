"""What the index depends on besides the register: the rules of this program and its tables."""

import hashlib
from functools import cache
from typing import Final

from data.reference import load_table
from gazetteer.search.stamp import index_stamp

RULES: Final = "1"
"""To be raised with every change of what the index holds."""
_TABLES: Final = ("checker_words", "outside_divisions", "division_history")


@cache
def checker_stamp() -> str:
    """A text that changes when an index made before would no longer answer rightly."""
    digest = hashlib.sha256(f"{RULES} {index_stamp()}".encode())
    for table in _TABLES:
        for row in load_table(table):
            digest.update("\x1f".join(row.values()).encode())
    return digest.hexdigest()[:16]
