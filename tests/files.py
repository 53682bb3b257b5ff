"""Write the same table as every kind of file that can be loaded."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import shapely
import xlsxwriter

Rows = Sequence[Sequence[str]]


def write_csv(path: Path, header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: Sequence[str], rows: Rows) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("登记表")
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return path


def write_geojson(
    path: Path, header: Sequence[str], rows: Rows, shapes: Sequence[Any], crs: str | None = None
) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(header, row, strict=True)),
            "geometry": json.loads(shapely.to_geojson(shape)) if shape is not None else None,
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    collection = {"type": "FeatureCollection", **member, "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def write_geopackage(
    path: Path, header: Sequence[str], rows: Rows, shapes: Sequence[Any], crs: str = "EPSG:4490"
) -> Path:
    frame(header, rows, shapes, crs).to_file(path, layer="登记", engine="pyogrio")
    return path


def write_shapefile(
    path: Path, header: Sequence[str], rows: Rows, shapes: Sequence[Any], crs: str = "EPSG:4490"
) -> Path:
    """A zipped Shapefile; its column names must be short."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    made = frame(header, rows, shapes, crs)
    made.to_file(folder / "layer.shp", engine="pyogrio", encoding="UTF-8")
    with zipfile.ZipFile(path, "w") as bundle:
        for part in sorted(folder.iterdir()):
            bundle.write(part, part.name)
    return path


def frame(header: Sequence[str], rows: Rows, shapes: Sequence[Any], crs: str) -> Any:
    columns = {name: [row[index] for row in rows] for index, name in enumerate(header)}
    return geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def as_csv(header: Sequence[str], rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()
