"""Which reader reads which format; the one place that knows them all."""

from collections.abc import Callable
from importlib import import_module

from data.formats.limits import Limits
from data.formats.reading import Reading, Request
from data.formats.sniffing import recognise

FORMATS = (
    "csv",
    "xlsx",
    "geojson",
    "lpf",
    "json",
    "gpkg",
    "shapefile",
    "kml",
    "kmz",
    "gpx",
    "fgb",
)
"""The formats that are read, as `Table.format` names them."""

# By name, since each brings libraries that the others do not need.
_READERS = {
    "csv": ("data.formats.delimited", "read"),
    "xlsx": ("data.formats.workbook", "read"),
    "geojson": ("data.formats.geojson", "read"),
    "lpf": ("data.formats.lpf", "read"),
    "json": ("data.formats.json_records", "read"),
    "gpkg": ("data.formats.geopackage", "read"),
    "shapefile": ("data.formats.shapefile", "read"),
    "kml": ("data.formats.kml", "read"),
    "kmz": ("data.formats.kml", "read_zipped"),
    "gpx": ("data.formats.gpx", "read"),
    "fgb": ("data.formats.flatgeobuf", "read"),
}


def read(request: Request) -> Reading:
    """Recognise the file by its bytes and read it; errors as the readers raise them."""
    module, function = _READERS[recognise(request)]
    reader: Callable[[Request], Reading] = getattr(import_module(module), function)
    return reader(request)


__all__ = ["FORMATS", "Limits", "read"]
