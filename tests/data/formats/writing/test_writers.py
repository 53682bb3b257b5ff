"""Every format holds what it was given, and real programs read it: hostile texts among it."""

import json
import re
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import geopandas
import openpyxl
import pyogrio
import pytest
import shapely
from defusedxml.ElementTree import parse

from data.errors import InvalidValue
from data.formats import LOAD_LIMITS, Table, open_table
from data.formats.writing import FORMATS, Attribute, Layer, Record, RecordBatch, format_of
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT, point_wkb, to_wkb

LONG = "长" * 20_000
HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "markup": '<img src=x onerror="alert(1)">&amp;]]>',
    "nul": "a\0b\x1bc",
    "lines": "一\n二\r\n三",
    "quotes": "\"'`,;\t|",
    "vertical": "ᠬᠥᠬᠡᠬᠣᠲᠠ ᠤᠨ",
    "beyond": "𠮷野 \U0001f3d5",
}
ATTRIBUTES = (
    Attribute("name", "text", "标准名称", "name"),
    Attribute("height_m", "number", "高程", "height"),
    Attribute("faces", "integer", "面数", "faces"),
    Attribute("synthetic", "flag", "合成", "synthetic"),
    Attribute("valid_from", "date", "生效日期", "valid from"),
    Attribute("source", "text", "来源", "source"),
    Attribute("licence", "text", "许可", "licence"),
)
SHAPES: dict[str, Any] = {
    POINT: shapely.Point(111.75, 40.840123456),
    MULTILINESTRING: shapely.MultiLineString([[(111, 40), (112, 41)], [(112, 41), (113, 41)]]),
    MULTIPOLYGON: shapely.MultiPolygon(
        [
            (
                shapely.box(111, 40, 113, 42).exterior.coords,
                [shapely.box(111.5, 40.5, 112, 41).exterior.coords],
            )
        ]
    ),
}
needs_gdal = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
PLACED = [name for name, one in FORMATS.items() if POINT in one.kinds]


def layer_of(kind: str | None = POINT) -> Layer:
    return Layer(
        "things", "事物", "Things", ATTRIBUTES, kind, "EPSG:4490", attribution="某机构 CC-BY"
    )


def record(number: int, name: str, shape: Any) -> Record:
    wkb = None if shape is None else to_wkb(shape)
    values = (name, 12.5, 2, True, "1954-03-06", "drawn", "CC0")
    return Record(number, values, wkb)


def batches_of(kind: str = POINT, *, placed: bool = False) -> Iterator[RecordBatch]:
    layer = layer_of(kind)
    shape = SHAPES[kind]
    yield RecordBatch(layer, [record(i, n, shape) for i, n in enumerate(HOSTILE.values(), 1)])
    yield RecordBatch(layer, [])
    last = Record(99, (None,) * len(ATTRIBUTES), to_wkb(shape) if placed else None)
    yield RecordBatch(layer, [last])


def written(tmp_path: Path, name: str, kind: str = POINT, *, placed: bool = False) -> Path:
    form = FORMATS[name]
    path = tmp_path / f"things{form.suffix}"
    layer = layer_of(kind)
    if form.system == "plane":
        placed = True
    form.write(layer, batches_of(kind, placed=placed), path)
    assert list(tmp_path.iterdir()) == [path]
    return path


def fit(text: str) -> str:
    """A text as formats hold it that take no control characters."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text)


@pytest.mark.parametrize("kind", [POINT, MULTILINESTRING, MULTIPOLYGON])
@pytest.mark.parametrize("name", ["geojson", "geojsonseq", "gpkg", "fgb", "parquet"])
def test_gis_formats_give_every_value_back(tmp_path: Path, name: str, kind: str) -> None:
    path = written(tmp_path, name, kind)
    read = geopandas.read_parquet if name == "parquet" else geopandas.read_file
    frame = read(path)
    exact = name.startswith("geojson")
    # GDAL ends a text at a NUL; our own GeoJSON holds it (see the sequence below).
    expected = [text.split("\0")[0] if exact else fit(text) for text in HOSTILE.values()]
    assert frame["name"].tolist()[:-1] == expected
    assert frame["name"].isna().tolist()[-1]
    assert frame["height_m"].tolist()[0] == 12.5
    assert frame["faces"].tolist()[0] == 2
    assert bool(frame["synthetic"].tolist()[0]) is True
    assert str(frame["valid_from"].tolist()[0])[:10] == "1954-03-06"
    assert (frame["source"].tolist()[0], frame["licence"].tolist()[0]) == ("drawn", "CC0")
    shape = frame.geometry.tolist()[0]
    assert shapely.equals_exact(shapely.normalize(shape), shapely.normalize(SHAPES[kind]), 1e-9)
    assert frame.geometry.tolist()[-1] is None
    if not exact:
        assert frame.crs.to_epsg() == 4490


@needs_gdal
@pytest.mark.parametrize("name", [name for name in PLACED if name != "parquet"])
def test_gdal_counts_the_records(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, placed=True)
    source = f"/vsizip/{path}" if name == "shp" else str(path)
    shown = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-al", source], capture_output=True, text=True, check=True
    ).stdout
    counts = [int(count) for count in re.findall(r"Feature Count: (\d+)", shown)]
    labels = 2 if name == "dxf" else 1
    assert max(counts) == labels * (len(HOSTILE) + 1)


def test_geojson_keeps_rfc_7946(tmp_path: Path) -> None:
    for kind in SHAPES:
        path = written(tmp_path, "geojson", kind)
        raw = path.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        found = json.loads(raw)
        assert found["type"] == "FeatureCollection"
        assert found["attribution"] == "某机构 CC-BY"
        assert "crs" not in found
        for feature in found["features"]:
            assert set(feature) == {"type", "id", "geometry", "properties"}
            if kind == MULTIPOLYGON and feature["geometry"]:
                outer, inner = feature["geometry"]["coordinates"][0]
                assert shapely.LinearRing(outer).is_ccw
                assert not shapely.LinearRing(inner).is_ccw
        path.unlink()


def test_a_sequence_is_rfc_8142(tmp_path: Path) -> None:
    raw = written(tmp_path, "geojsonseq").read_bytes()
    parts = raw.split(b"\x1e")
    assert parts[0] == b""
    assert all(part.endswith(b"\n") and part.count(b"\n") == 1 for part in parts[1:])
    texts = [json.loads(part)["properties"]["name"] for part in parts[1:]]
    assert texts == [*HOSTILE.values(), None]


def table_of(path: Path) -> tuple[Table, list[tuple[str, ...]]]:
    with open_table(path, limits=LOAD_LIMITS) as table:
        rows = list(table.rows)
        assert not [fault for row in rows for fault in row.faults]
        return table, [row.cells for row in rows]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_our_own_reader_takes_tables_back(tmp_path: Path, name: str) -> None:
    table, rows = table_of(written(tmp_path, name))
    assert table.columns[:2] == ("ovoo_id", "name")
    assert table.columns[-3:] == ("lon", "lat", "crs")
    # Blanks at the ends of a cell are never kept; a workbook has one kind of line end.
    expected = [fit(text).strip() for text in HOSTILE.values()]
    found = [row[1] for row in rows]
    if name == "xlsx":
        found = [text.replace("\r\n", "\n") for text in found]
        expected = [text.replace("\r\n", "\n") for text in expected]
    assert found == [*expected, ""]
    assert rows[0][2:8] == ("12.5", "2", "true", "1954-03-06", "drawn", "CC0")
    assert rows[0][-3:] == ("111.75", "40.840123456", "EPSG:4490")
    assert rows[-1][-3:] == ("", "", "")


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    text = written(tmp_path, "csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "\r\n1,'=cmd" in text.decode("utf-8-sig")


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, "xlsx")).active
    assert sheet is not None
    cell = sheet["B2"]
    assert (cell.value, cell.data_type) == (HOSTILE["formula"], "s")
    assert not [c for row in sheet.iter_rows() for c in row if c.hyperlink or c.data_type == "f"]


@pytest.mark.parametrize("kind", [MULTILINESTRING, MULTIPOLYGON])
def test_shapes_of_a_csv_come_back(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, "csv", kind)
    with open_table(path) as table:
        rows = list(table.rows)
    assert table.crs == "EPSG:4490"
    assert table.has_geometry
    assert "geometry_wkt" not in table.columns
    shape = shapely.from_wkb(rows[0].geometry)
    assert shapely.equals_exact(shapely.normalize(shape), shapely.normalize(SHAPES[kind]), 1e-9)
    assert rows[-1].geometry is None


def test_a_workbook_refuses_what_a_cell_cannot_hold(tmp_path: Path) -> None:
    layer = layer_of()
    batch = RecordBatch(layer, [record(1, LONG * 2, SHAPES[POINT])])
    with pytest.raises(InvalidValue, match=r"40,000 characters.*CSV"):
        FORMATS["xlsx"].write(layer, [batch], tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_shapefile_tells_its_short_names_and_its_cuts(tmp_path: Path) -> None:
    attributes = (Attribute("romanization"), Attribute("romanization_mark"), Attribute("界桩编号"))
    layer = Layer("things", "事物", "Things", attributes, POINT, "EPSG:4490")
    path = tmp_path / "things.shp.zip"
    values = ("Bayan", LONG, "=1")
    batch = RecordBatch(layer, [Record(7, values, point_wkb(111.5, 40.5))])
    FORMATS["shp"].write(layer, [batch], path)
    with zipfile.ZipFile(path) as bundle:
        endings = {name.rpartition(".")[2] for name in bundle.namelist()}
        assert endings == {"shp", "shx", "dbf", "prj", "cpg", "csv"}
        assert bundle.read("things.cpg").strip() == b"UTF-8"
        told = bundle.read("fields.csv").decode("utf-8-sig").splitlines()
    assert told[2].startswith("romanizati,romanization,")
    assert told[3] == "romaniza_2,romanization_mark,,,text,1"
    assert told[4].startswith("field_4,界桩编号")
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 4490
    assert frame["romaniza_2"].tolist() == ["长" * 84]
    assert frame["field_4"].tolist() == ["=1"]
    assert frame["ovoo_id"].tolist() == [7]


def elements(path: Path, name: str) -> list[Element]:
    return [one for one in parse(path).iter() if one.tag.rpartition("}")[2] == name]


def test_kml_escapes_everything_and_links_to_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "kml")
    assert b"href" not in path.read_bytes()
    assert b"<img" not in path.read_bytes()
    names = [one.findtext("{*}name") for one in elements(path, "Placemark")]
    assert names == [*map(fit, HOSTILE.values()), "99"]
    table, rows = table_of(path)
    assert dict(zip(table.columns, rows[0], strict=True))["licence"] == "CC0"


def test_gpx_names_its_points_and_keeps_their_values(tmp_path: Path) -> None:
    path = written(tmp_path, "gpx")
    points = elements(path, "wpt")
    assert len(points) == len(HOSTILE)  # one record has no position
    assert points[0].attrib == {"lat": "40.840123456", "lon": "111.75"}
    assert points[0].findtext("{*}ele") == "12.5"
    kept = {one.get("name"): one.text for one in points[0].iter() if one.get("name")}
    assert kept["licence"] == "CC0"
    assert kept["synthetic"] == "true"
    path.unlink()
    tracks = elements(written(tmp_path, "gpx", MULTILINESTRING), "trkseg")
    assert len(tracks) == 2 * len(HOSTILE)


def test_dxf_shows_every_character_to_a_cad_program(tmp_path: Path) -> None:
    path = written(tmp_path, "dxf")
    labels = pyogrio.read_dataframe(path, where="Layer = 'THINGS_LABELS'")["Text"].tolist()
    assert labels[0] == HOSTILE["formula"]
    assert labels[3] == "一 二  三"
    assert labels[4] == HOSTILE["quotes"].replace("\t", " ")
    # What the code page lacks is written as CAD programs read it; GDAL shows it as it is written.
    assert labels[5].startswith(r"\U+182C\U+1825")
    assert b"1000\r\nlicence=CC0\r\n" in path.read_bytes()


@pytest.mark.parametrize("name", ["dxf", "kml"])
def test_areas_become_rings(tmp_path: Path, name: str) -> None:
    frame = pyogrio.read_dataframe(written(tmp_path, name, MULTIPOLYGON))
    assert shapely.bounds(frame.geometry.tolist()[0]).tolist() == [111, 40, 113, 42]


def test_a_format_refuses_what_it_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"GPX cannot hold Things; use one of csv"):
        FORMATS["gpx"].write(layer_of(MULTIPOLYGON), [], tmp_path / "x.gpx")
    plane = Layer("things", "事物", "Things", ATTRIBUTES, POINT, "EPSG:4547", degrees=False)
    with pytest.raises(InvalidValue, match="longitude and latitude"):
        FORMATS["kml"].write(plane, [], tmp_path / "x.kml")


HOLDING_POINTS = [name for name, one in FORMATS.items() if POINT in one.kinds]


@pytest.mark.parametrize("name", HOLDING_POINTS)
def test_an_empty_layer_is_a_whole_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"things{FORMATS[name].suffix}"
    FORMATS[name].write(layer_of(), [], path)
    assert path.stat().st_size > 0 or name == "geojsonseq"


@pytest.mark.parametrize("name", ["geojson", "geojsonseq", "csv", "kml", "gpx", "dxf"])
def test_memory_does_not_grow_with_the_records(name: str) -> None:
    layer = layer_of()

    def batches(count: int) -> Iterator[RecordBatch]:
        for start in range(0, count, 500):
            yield RecordBatch(
                layer, [record(i, "名", SHAPES[POINT]) for i in range(start, start + 500)]
            )

    def peak(count: int) -> int:
        tracemalloc.start()
        for piece in FORMATS[name].stream(layer, batches(count)):
            assert piece
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(500)
    assert peak(5_000) < 1.5 * peak(1_000)


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[RecordBatch]:
        yield from batches_of()
        raise RuntimeError

    for name in HOLDING_POINTS:
        with pytest.raises(RuntimeError):
            FORMATS[name].write(layer_of(), broken(), tmp_path / f"x{FORMATS[name].suffix}")
        assert not list(tmp_path.iterdir()), name


def test_what_a_driver_leaves_beside_its_file_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_layer: Layer, _batches: Iterator[RecordBatch], path: Path) -> None:
        path.write_bytes(b"whole")
        path.with_suffix(".xsd").write_bytes(b"beside")

    monkeypatch.setattr("data.formats.writing.ogr.write_geopackage", write)
    target = tmp_path / "x.gpkg"
    FORMATS["gpkg"].write(layer_of(), batches_of(), target)
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"whole"


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.geojson", "geojson"), ("A.GEOJSONL", "geojsonseq"), ("x.shp.zip", "shp"), ("x.txt", None)],
)
def test_a_files_ending_names_its_format(name: str, found: str | None) -> None:
    known = format_of(Path(name))
    assert (known and known.name) == found


def test_an_entity_of_a_drawing_holds_no_more_than_its_extended_data() -> None:
    """Counted in bytes of the code page, of which a Chinese character has two."""
    layer = Layer("a", "a", "a", tuple(map(Attribute, "abc")), "POINT", "EPSG:4490")
    record = Record(1, ("敖" * 7_000,) * 3, point_wkb(111.0, 41.0))
    drawn = b"".join(FORMATS["dxf"].stream(layer, [RecordBatch(layer, [record])]))
    lines = drawn.split(b"\r\n")
    held = [text for code, text in zip(lines[::2], lines[1::2], strict=False) if code == b"1000"]
    assert sum(map(len, held)) < 16_000
    assert held[-1] == b"b: too long for a drawing"
