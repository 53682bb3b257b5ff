"""Which writer writes which format; the one place that knows them all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.errors import InvalidValue
from data.formats.writing.layer import Batches, Layer
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT
from data.work_folders import work_folder

_CHUNK_BYTES = 256 * 1024
_LINES_AND_POINTS = frozenset({POINT, MULTILINESTRING})
_PLACED = frozenset({POINT, MULTILINESTRING, MULTIPOLYGON})
_ANY = frozenset({*_PLACED, None})


@dataclass(frozen=True, slots=True)
class Format:
    """One format that is written.

    Attributes:
        name: as `f` and `--format` name it.
        media_type: of its bytes.
        suffix: of a file's name.
        zh, en: its title.
        writer: module and function.
        streamed: whether it is made as it is sent; others are made as a file first.
        ranged: whether readers fetch parts of the file by an index in it; the same records are then
            the same bytes, whenever they are written.
        kinds: the kinds of geometry that it can hold.
        system: `store` where positions go out in any stated system, `degrees` where the format
            itself fixes longitude and latitude, `plane` where it is made for metres.
    """

    name: str
    media_type: str
    suffix: str
    zh: str
    en: str
    writer: tuple[str, str]
    streamed: bool = True
    ranged: bool = False
    kinds: frozenset[str | None] = _PLACED
    system: str = "store"

    def check(self, layer: Layer) -> None:
        """Refuse a layer that the format cannot hold.

        Raises:
            InvalidValue: naming the format and what can be used instead.
        """
        if layer.kind not in self.kinds:
            others = ", ".join(
                sorted(one.name for one in FORMATS.values() if layer.kind in one.kinds)
            )
            raise InvalidValue(
                "format", self.name, f"{self.en} cannot hold {layer.en}", f"use one of {others}",
                f"{self.zh}不能保存{layer.zh}；可用：{others}",
            )  # fmt: skip
        if self.system == "degrees" and not layer.degrees:
            raise InvalidValue(
                "crs", layer.crs, f"{self.en} is in longitude and latitude", "leave the system out",
                f"{self.zh}只能使用经纬度；请不要指定平面坐标系",
            )  # fmt: skip

    def stream(self, layer: Layer, batches: Batches) -> Iterator[bytes]:
        """The bytes of the layer in this format, piece by piece.

        A format that is no stream is made as a temporary file before the first piece.
        """
        self.check(layer)
        if self.streamed:
            pieces: Iterator[bytes] = self._function()(layer, batches)
            return pieces
        return self._sent_file(layer, batches)

    def write(self, layer: Layer, batches: Batches, path: Path) -> None:
        """Write the layer as a file; there is a whole one at `path` or none."""
        self.check(layer)
        with _finished(path) as unfinished:
            if not self.streamed:
                self._function()(layer, batches, unfinished)
                return
            with unfinished.open("wb") as file:
                for piece in self._function()(layer, batches):
                    file.write(piece)

    def _function(self) -> Callable[..., Any]:
        module, function = self.writer
        found: Callable[..., Any] = getattr(
            import_module(f"data.formats.writing.{module}"), function
        )
        return found

    def _sent_file(self, layer: Layer, batches: Batches) -> Iterator[bytes]:
        with work_folder("write") as folder:
            path = folder / f"{layer.name}{self.suffix}"
            self._function()(layer, batches, path)
            file = path.open("rb")  # an open file outlives its folder
        return _pieces(file)


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    # In a folder of its own beside the target, for some drivers of GDAL leave files beside theirs;
    # the name stays the same: GDAL looks at its ending.
    with TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        yield unfinished
        unfinished.replace(path)


FORMATS = {
    one.name: one
    for one in (
        Format(
            "geojson", "application/geo+json", ".geojson", "GeoJSON", "GeoJSON",
            ("geojson", "stream"), system="degrees",
        ),
        Format(
            "geojsonseq", "application/geo+json-seq", ".geojsons", "GeoJSON 序列",
            "GeoJSON sequence",
            ("geojson", "stream_sequence"), system="degrees",
        ),
        Format(
            "csv", "text/csv; charset=utf-8", ".csv", "CSV 表格", "CSV",
            ("delimited", "stream"), kinds=_ANY,
        ),
        Format(
            "records", "application/json", ".records.json", "JSON 记录", "JSON records",
            ("json_records", "stream"), kinds=frozenset({None}),
        ),
        Format(
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
            "Excel 工作簿", "Excel workbook", ("workbook", "write"), streamed=False, kinds=_ANY,
        ),
        Format(
            "gpkg", "application/geopackage+sqlite3", ".gpkg", "GeoPackage", "GeoPackage",
            ("ogr", "write_geopackage"), streamed=False, kinds=_ANY,
        ),
        Format(
            "fgb", "application/flatgeobuf", ".fgb", "FlatGeobuf", "FlatGeobuf",
            ("ogr", "write_flatgeobuf"), streamed=False, ranged=True,
        ),
        Format(
            "parquet", "application/vnd.apache.parquet", ".parquet", "GeoParquet", "GeoParquet",
            ("parquet", "write"), streamed=False, ranged=True, kinds=_ANY,
        ),
        Format(
            "shp", "application/zip", ".shp.zip", "Shapefile（zip）", "zipped Shapefile",
            ("shapefile", "write"), streamed=False,
        ),
        Format(
            "kml", "application/vnd.google-earth.kml+xml", ".kml", "KML", "KML",
            ("kml", "stream"), system="degrees",
        ),
        Format(
            "gpx", "application/gpx+xml", ".gpx", "GPX", "GPX",
            ("gpx", "stream"), kinds=_LINES_AND_POINTS, system="degrees",
        ),
        Format(
            "dxf", "image/vnd.dxf", ".dxf", "DXF 图形", "DXF drawing",
            ("dxf", "stream"), system="plane",
        ),
    )
}  # fmt: skip
"""Every format that is written, by its name."""


def format_of(path: Path) -> Format | None:
    """The format that a file's name ends as; None where it tells nothing.

    >>> format_of(Path("界桩.SHP.zip")).name, format_of(Path("x.txt"))
    ('shp', None)
    """
    name = path.name.lower()
    endings = (
        {".geojsonl": "geojsonseq", ".geojsonseq": "geojsonseq"}
        | {one.suffix: one.name for one in FORMATS.values()}
        | {".json": "geojson", ".jsonld": "geojson", ".zip": "shp", ".shp": "shp"}
    )
    return next(
        (FORMATS[known] for ending, known in endings.items() if name.endswith(ending)), None
    )
