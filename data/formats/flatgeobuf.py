"""FlatGeobuf, the one layer that a file has, through fiona."""

from data.formats.fiona_rows import crs_text, open_layer, rows
from data.formats.reading import Reading, Request


def read(request: Request) -> Reading:
    """Its features in the order in which they lie: by place, where the file has an index."""
    collection = open_layer(request.path(".fgb"), "FlatGeobuf")
    columns = list(collection.schema["properties"])
    return Reading(
        "fgb",
        columns,
        rows(collection, columns),
        crs=crs_text(collection) or request.crs,
        has_geometry=True,
    )
