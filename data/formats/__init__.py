"""Files from outside, read safely and row by row (文件读取).

`open_table` recognises a file by its bytes and reads it in a confined process; `map_table` says
which of its columns is which field of a record, by the spellings of `data/reference/fields.csv`.
"""

from data.formats.columns import ColumnMap, map_columns, map_table, parse_override
from data.formats.fields import RECORDS, Field, fields_of
from data.formats.limits import LOAD_LIMITS, UPLOAD_LIMITS, Limits
from data.formats.opening import open_table
from data.formats.registry import FORMATS
from data.formats.table import Row, Table

__all__ = [
    "FORMATS",
    "LOAD_LIMITS",
    "RECORDS",
    "UPLOAD_LIMITS",
    "ColumnMap",
    "Field",
    "Limits",
    "Row",
    "Table",
    "fields_of",
    "map_columns",
    "map_table",
    "open_table",
    "parse_override",
]
