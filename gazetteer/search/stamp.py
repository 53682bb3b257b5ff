"""What an index depends on: the rules of this program and the tables behind them."""

import hashlib
from functools import cache
from importlib import metadata
from typing import Final

from gazetteer.names.tables import (
    everyday_names_table,
    families_table,
    generics_table,
    pinyin_exceptions_table,
)

RULES: Final = "12"
"""To be raised with every change of keys, terms or order."""


@cache
def index_stamp() -> str:
    """A text that changes when an index made before would no longer answer rightly."""
    digest = hashlib.sha256(RULES.encode())
    for package in ("pypinyin", "opencc"):
        digest.update(metadata.version(package).encode())
    tables = (families_table, generics_table, pinyin_exceptions_table, everyday_names_table)
    for rows in (table() for table in tables):
        for row in rows:
            digest.update("\x1f".join(row.values()).encode())
    return digest.hexdigest()[:16]
