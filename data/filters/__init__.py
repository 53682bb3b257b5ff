"""CQL2 filters (OGC 21-065r2): text or JSON in, one condition in SQL with bound values out. Pure.

`parse` reads and checks, `compile_filter` writes for either store. Limits are checked before the
parser sees a filter.
"""

from data.filters.nodes import Kind, Queryable, Scalar, equality, joined
from data.filters.reading import JSON, LANGUAGES, TEXT, parse
from data.filters.sql import Condition, compile_filter

__all__ = [
    "JSON",
    "LANGUAGES",
    "TEXT",
    "Condition",
    "Kind",
    "Queryable",
    "Scalar",
    "compile_filter",
    "equality",
    "joined",
    "parse",
]
