"""GeoPackage and zipped Shapefile: what GDAL reads, and what it is not let near."""

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely import MultiPolygon, Point, Polygon

from data.errors import FileTooLarge, InvalidFile, UnknownFormat
from data.formats import Limits

from .conftest import Read, shape_of

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


def frame(crs: str | None = "EPSG:4490", **columns: list[Any]) -> Any:
    columns = columns or {"名称": ["敖包", "界桩"], "级别": [1, 2], "高程": [1.5, 2.0]}
    points = [Point(111.75 + index, 40.8) for index in range(len(next(iter(columns.values()))))]
    return geopandas.GeoDataFrame(columns, geometry=points, crs=crs)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "register.gpkg"
    frame().to_file(path, layer="界桩", engine="pyogrio")
    return path


@contextmanager
def changed(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as database, database:
        yield database


def test_a_geopackage_layer_is_read_with_its_system(read: Reader, package: Path) -> None:
    found = read(package)
    assert (found.table.format, found.table.layer) == ("gpkg", "界桩")
    assert found.table.crs == "EPSG:4490"
    assert found.table.columns == ("名称", "级别", "高程")
    assert found.cells == [("敖包", "1", "1.5"), ("界桩", "2", "2")]
    assert shape_of(found.rows[1]).wkt == "POINT (112.75 40.8)"
    assert not found.notes


def test_several_layers_one_is_read_and_said(read: Reader, refusal: Refusal, package: Path) -> None:
    frame().to_file(package, layer="other", engine="pyogrio", mode="a")
    assert read(package).notes == {"layer-chosen"}
    assert read(package, layer="other").table.layer == "other"
    assert "界桩, other" in refusal(package, layer="third").message


def test_an_empty_layer_is_passed_over(read: Reader, package: Path) -> None:
    with changed(package) as database:
        database.execute('DELETE FROM "界桩"')
    frame().to_file(package, layer="full", engine="pyogrio", mode="a")
    assert read(package).table.layer == "full"


def test_polygons_and_many_parts(read: Reader, tmp_path: Path) -> None:
    shape = MultiPolygon([Polygon([(0, 0), (1, 0), (1, 1)]), Polygon([(5, 5), (6, 5), (6, 6)])])
    path = tmp_path / "areas.gpkg"
    geopandas.GeoDataFrame({"a": ["x"]}, geometry=[shape], crs="EPSG:4490").to_file(path)
    assert shape_of(read(path).rows[0]).equals(shape)


def test_a_view_in_the_place_of_the_layer_is_refused(refusal: Refusal, package: Path) -> None:
    with changed(package) as database:
        database.execute('CREATE VIEW evil AS SELECT fid, geom, "名称" FROM "界桩"')
        database.execute("UPDATE gpkg_contents SET table_name = 'evil'")
        database.execute("UPDATE gpkg_geometry_columns SET table_name = 'evil'")
    assert "no plain table" in refusal(package).message


def test_a_view_in_the_place_of_the_contents_is_refused(refusal: Refusal, package: Path) -> None:
    with changed(package) as database:
        database.execute("ALTER TABLE gpkg_contents RENAME TO real_contents")
        database.execute(
            "CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
            " SELECT i + 1 FROM n) SELECT *, i FROM n, real_contents"
        )
    assert "no plain table" in refusal(package).message


def test_generated_columns_are_refused(refusal: Refusal, package: Path) -> None:
    with changed(package) as database:
        database.execute('ALTER TABLE "界桩" ADD COLUMN g TEXT AS (hex(zeroblob(1000000)))')
    assert "computed" in refusal(package).message


def test_triggers_never_run_and_the_file_stays_as_it_is(read: Reader, package: Path) -> None:
    with changed(package) as database:
        database.execute('CREATE TRIGGER evil AFTER UPDATE ON "界桩" BEGIN DELETE FROM "界桩"; END')
    before = hashlib.sha256(package.read_bytes()).digest()
    assert len(read(package).rows) == 2
    assert hashlib.sha256(package.read_bytes()).digest() == before
    assert [path.name for path in package.parent.iterdir()] == [package.name]


def test_another_sqlite_database_is_not_a_geopackage(refusal: Refusal, tmp_path: Path) -> None:
    path = tmp_path / "shop.gpkg"
    with changed(path) as database:
        database.execute("CREATE TABLE goods (name TEXT)")
    assert isinstance(refusal(path), UnknownFormat)


def test_a_cut_geopackage_is_refused(refusal: Refusal, package: Path) -> None:
    package.write_bytes(package.read_bytes()[:30_000])
    assert "GeoPackage" in refusal(package).message or "data set" in refusal(package).message


def test_binary_columns_are_left_out_and_said(read: Reader, package: Path) -> None:
    with changed(package) as database:
        database.execute('ALTER TABLE "界桩" ADD COLUMN photo BLOB')
    found = read(package)
    assert "photo" not in found.table.columns
    assert found.notes == {"binary-columns"}


# --- Shapefile


@pytest.fixture
def shape_parts(tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    def parts(crs: str | None = "EPSG:4529", encoding: str = "gbk") -> dict[str, bytes]:
        folder = tmp_path / "shape"
        folder.mkdir()
        made = frame(crs, 桩号=["1521001Q", "界桩二"], 高程=[1.5, 2.0])
        made.to_file(folder / "points.shp", engine="pyogrio", encoding=encoding)
        return {path.suffix: path.read_bytes() for path in folder.iterdir()}

    return parts


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def named(parts: dict[str, bytes], *without: str, stem: str = "数据/points") -> dict[str, bytes]:
    return {stem + suffix: part for suffix, part in parts.items() if suffix not in without}


class TestShapefile:
    def test_it_is_read_with_its_system_and_encoding(
        self, read: Reader, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        found = read(zipped(named(shape_parts())))
        assert (found.table.format, found.table.layer) == ("shapefile", "points")
        assert found.table.crs == "EPSG:4529"
        assert found.table.columns == ("桩号", "高程")
        assert found.cells == [("1521001Q", "1.5"), ("界桩二", "2")]
        assert not found.notes

    @pytest.mark.parametrize(("encoding", "label"), [("gbk", "GB18030"), ("utf-8", "UTF-8")])
    def test_without_a_cpg_the_encoding_is_guessed_and_said(
        self,
        read: Reader,
        shape_parts: Callable[..., dict[str, bytes]],
        encoding: str,
        label: str,
    ) -> None:
        found = read(zipped(named(shape_parts(encoding=encoding), ".cpg")))
        assert found.table.encoding == label
        assert found.cells[1][0] == "界桩二"
        assert found.notes == {"encoding-detected"}

    def test_without_a_prj_it_is_refused_until_the_system_is_given(
        self, read: Reader, refusal: Refusal, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        content = zipped(named(shape_parts(), ".prj"))
        assert ".prj" in refusal(content).message
        assert "crs" in refusal(content).zh
        assert read(content, crs="EPSG:4530").table.crs == "EPSG:4530"

    def test_a_prj_that_says_nothing_is_refused(
        self, refusal: Refusal, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        content = zipped({**named(shape_parts()), "数据/points.prj": b"nonsense"})
        assert ".prj" in refusal(content).message

    def test_missing_parts_are_named(
        self, refusal: Refusal, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        assert ".shx .dbf" in refusal(zipped(named(shape_parts(), ".shx", ".dbf"))).message

    def test_a_wrong_cpg_is_a_fault_of_the_cells_and_not_of_the_file(
        self, read: Reader, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        found = read(zipped({**named(shape_parts()), "数据/points.cpg": b"UTF-8"}))
        assert [fault[:2] for fault in found.faults] == [("undecodable-cell", 2)]

    def test_several_shapefiles_one_is_read_and_said(
        self, read: Reader, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        parts = shape_parts()
        content = zipped({**named(parts, stem="a"), **named(parts, stem="b")})
        found = read(content, layer="b")
        assert found.table.layer == "b"
        assert found.notes == {"layer-chosen"}

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("inner.zip", zipped({"a.txt": b"x"}), "another archive"),
            ("notes.txt", zipped({"a.txt": b"x"}), "another archive"),
            ("points.vrt", b"x", "VRT"),
            ("readme.txt", b"<OGRVRTDataSource/>", "VRT"),
        ],
    )
    def test_nested_archives_and_virtual_data_sets_are_refused(
        self,
        refusal: Refusal,
        shape_parts: Callable[..., dict[str, bytes]],
        name: str,
        content: bytes,
        reason: str,
    ) -> None:
        assert reason in refusal(zipped({**named(shape_parts()), name: content})).message

    def test_other_bytes_named_shp_are_refused(
        self, refusal: Refusal, shape_parts: Callable[..., dict[str, bytes]]
    ) -> None:
        virtual = b"<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>"
        nonsense = zipped({**named(shape_parts()), "数据/points.shp": b"no shape"})
        assert "no Shapefile" in refusal(nonsense).message
        assert "VRT" in refusal(zipped({"a.shp": virtual})).message

    def test_what_is_unpacked_is_counted(
        self,
        refusal: Refusal,
        tight: Callable[..., Limits],
        shape_parts: Callable[..., dict[str, bytes]],
    ) -> None:
        content = zipped({**named(shape_parts()), "big.txt": b"0" * 3_000_000})
        error = refusal(content, tight(max_unpacked_bytes=2 * 1024 * 1024))
        assert isinstance(error, FileTooLarge)
        assert "unpacked" in error.message
