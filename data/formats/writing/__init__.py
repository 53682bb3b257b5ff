"""Files that leave (文件导出): a layer's records, batch by batch, in the format that was asked for.

Writers take our own records only. Text formats are made as they are sent; the others as a
temporary file first. Memory does not grow with the number of records.
"""

from data.formats.writing.layer import (
    Attribute,
    Batch,
    Batches,
    Layer,
    MadeBatch,
    Record,
    RecordBatch,
    RenderedBatch,
)
from data.formats.writing.registry import FORMATS, Format, format_of

__all__ = [
    "FORMATS",
    "Attribute",
    "Batch",
    "Batches",
    "Format",
    "Layer",
    "MadeBatch",
    "Record",
    "RecordBatch",
    "RenderedBatch",
    "format_of",
]
