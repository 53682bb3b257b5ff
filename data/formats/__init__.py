"""Files from outside, read safely and row by row (文件读取).

`open_table` recognises a file by its bytes and reads it in a confined process; `map_table` says
which of its columns is which field of a record, by the spellings of `data/reference/fields.csv`.
`read_document` reads the running text of a document the same way, `mark_document` marks it.
"""

from data.formats.column_uses import Samples, column_uses
from data.formats.columns import (
    UNREAD,
    ColumnMap,
    map_columns,
    map_table,
    one_each,
    parse_override,
    parse_overrides,
)
from data.formats.document_files import (
    DOCUMENT_FORMATS,
    MARKED_FORMATS,
    DocumentText,
    Piece,
    Place,
    mark_document,
    read_document,
)
from data.formats.documents.pieces import Mark
from data.formats.fields import RECORDS, Field, fields_of
from data.formats.json_stream import JsonText
from data.formats.limits import LOAD_LIMITS, UPLOAD_LIMITS, Limits
from data.formats.opening import open_table
from data.formats.registry import FORMATS
from data.formats.table import Row, Table

__all__ = [
    "DOCUMENT_FORMATS",
    "FORMATS",
    "LOAD_LIMITS",
    "MARKED_FORMATS",
    "RECORDS",
    "UNREAD",
    "UPLOAD_LIMITS",
    "ColumnMap",
    "DocumentText",
    "Field",
    "JsonText",
    "Limits",
    "Mark",
    "Piece",
    "Place",
    "Row",
    "Samples",
    "Table",
    "column_uses",
    "fields_of",
    "map_columns",
    "map_table",
    "mark_document",
    "one_each",
    "open_table",
    "parse_override",
    "parse_overrides",
    "read_document",
]
