"""The store is a GeoPackage: validators accept it, GIS programs read it, and their edits count."""

import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import region
import shapely
from files import write_csv
from flask.testing import FlaskClient
from osgeo_utils.samples import validate_gpkg
from sqlalchemy import text

from data.geopackage import register_functions
from data.layer_marks import read_marks
from data.loading import LoadOptions, load_file
from data.rendering import unreadable_records
from data.store import Store, create_store, open_store
from gazetteer.following import make_searchable
from gazetteer.loading import names_loader
from gazetteer.tables import place
from web.app import create_app

LAYERS = {
    "division": 8,
    "place": 4,
    "line": 1,
    "marker": 5,
    "inspection": 0,
    "heritage": 0,
    "sign": 0,
}
OGR = [shutil.which(name) for name in ("ogrinfo", "ogr2ogr")]
needs_ogr = pytest.mark.skipif(None in OGR, reason="the GDAL programs are not installed")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A closed file with the drawn region."""
    path = tmp_path / "store.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    return path


@pytest.fixture
def client(package: Path) -> Iterator[FlaskClient]:
    """A client of a server that has the file open while others edit it."""
    with open_store(str(package)) as store:
        yield create_app(store).test_client()


def faults_of(path: Path) -> list[Any]:
    return validate_gpkg.check(
        str(path), abort_at_first_error=False, extra_checks=True, warning_msg=False
    )


def ogr(*arguments: str) -> str:
    done = subprocess.run(arguments, check=False, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def edit(path: Path, statement: str) -> None:
    """Edit as a GIS program does: plain SQL with the functions of the standard."""
    with closing(sqlite3.connect(path)) as plain, plain:
        register_functions(plain)
        plain.execute(statement)


def indexed(path: Path, layer: str) -> dict[int, tuple[float, ...]]:
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute(f"SELECT id, minx, maxx, miny, maxy FROM rtree_{layer}_geom")
        return {identity: tuple(sides) for identity, *sides in rows}


def names(client: FlaskClient, box: str) -> set[str]:
    answer = client.get(f"/collections/places/items?bbox={box}").get_json()
    return {feature["properties"]["name"] for feature in answer["features"]}


def test_the_validator_finds_nothing(package: Path) -> None:
    assert faults_of(package) == []


def test_the_validator_finds_nothing_after_a_load(package: Path, tmp_path: Path) -> None:
    rows = [(f"敖包{n}", f"{111 + n / 1500:.6f}", "41.5") for n in range(1500)]
    path = write_csv(tmp_path / "a.csv", ("名称", "经度", "纬度"), [*rows, ("无处", "", "")])
    with open_store(str(package)) as store:
        load_file(store, names_loader(), path, "tester", LoadOptions())
    assert faults_of(package) == []
    assert len(indexed(package, "place")) == 1504


def test_every_feature_is_in_the_rtree(package: Path) -> None:
    for layer, features in LAYERS.items():
        assert len(indexed(package, layer)) == features, layer


def test_pyogrio_and_geopandas_read_every_layer(package: Path) -> None:
    listed = dict(pyogrio.list_layers(package).tolist())
    assert {name for name, kind in listed.items() if kind} == set(LAYERS)
    for layer, features in LAYERS.items():
        found = geopandas.read_file(package, layer=layer)
        assert len(found) == features
        assert found.crs.to_epsg() == 4490
    boxed = pyogrio.read_dataframe(package, layer="place", bbox=(111, 41, 112, 42))
    assert boxed["name"].tolist() == ["白音敖包"]


def test_fiona_reads_every_layer(package: Path) -> None:
    program = (
        "import fiona, sys\n"
        "for layer in sys.argv[2:]:\n"
        "    with fiona.open(sys.argv[1], layer=layer) as found:\n"
        "        print(layer, len(found), found.crs.to_epsg())\n"
    )
    said = ogr(sys.executable, "-c", program, str(package), *LAYERS)
    assert said.splitlines() == [f"{layer} {count} 4490" for layer, count in LAYERS.items()]


@needs_ogr
def test_the_gdal_programs_read_and_carry_it(package: Path, tmp_path: Path) -> None:
    assert "Feature Count: 5" in ogr("ogrinfo", "-so", str(package), "marker")
    copy = tmp_path / "copy.geojson"
    ogr("ogr2ogr", "-f", "GeoJSON", str(copy), str(package), "place")
    assert len(geopandas.read_file(copy)) == 4


def test_an_edit_from_outside_is_indexed_and_shown(client: FlaskClient, package: Path) -> None:
    assert names(client, "111,41,112,42") == {"白音敖包"}
    edit(package, "UPDATE place SET name = '改名' WHERE id = 1")
    assert names(client, "111,41,112,42") == {"改名"}
    edit(package, "UPDATE place SET geom = (SELECT geom FROM marker WHERE id = 2) WHERE id = 1")
    assert indexed(package, "place")[1] == pytest.approx((112.0, 112.0, 41.4, 41.4), abs=1e-4)
    assert names(client, "111.1,41.1,111.4,41.3") == set()
    assert names(client, "111.9,41.3,112.1,41.45") == {"改名"}
    assert client.get("/collections/places/items/1").get_json()["geometry"] == {
        "type": "Point",
        "coordinates": [112.0, 41.4],
    }
    edit(package, "DELETE FROM place_name WHERE place_id = 1")
    edit(package, "DELETE FROM place WHERE id = 1")
    assert 1 not in indexed(package, "place")
    assert names(client, "111.9,41.3,112.1,41.45") == set()
    assert client.get("/collections/places/items/1").status_code == 404


def test_a_feature_that_pyogrio_adds_is_indexed_and_shown(
    client: FlaskClient, package: Path
) -> None:
    added = geopandas.GeoDataFrame(
        {"name": ["新地名"], "status": ["unverified"], "heritage": [False], "synthetic": [False]},
        geometry=[shapely.Point(111.5, 41.9)],
        crs="EPSG:4490",
    )
    pyogrio.write_dataframe(added, package, layer="place", append=True)
    assert len(indexed(package, "place")) == 5
    assert names(client, "111.4,41.8,111.6,42") == {"新地名"}


@needs_ogr
def test_edits_by_the_gdal_programs_are_indexed_and_shown(
    client: FlaskClient, package: Path
) -> None:
    moved = (
        "UPDATE place SET geom = AsGPB(ST_GeomFromText('POINT(112.25 40.25)', 4490)) WHERE id = 2"
    )
    ogr("ogrinfo", "-q", str(package), "-sql", moved)
    if indexed(package, "place")[2][0] != pytest.approx(112.25):
        pytest.skip("this build of GDAL has no SpatiaLite functions")
    assert names(client, "112.2,40.2,112.3,40.3") == {"巴彦淖尔"}
    assert faults_of(package) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE marker SET geom = (SELECT geom FROM place WHERE id = 1) WHERE id = 1",
        "UPDATE marker SET geom = NULL WHERE id = 1",
        "UPDATE marker SET coordinate_text = '0, 0' WHERE id = 1",
        "UPDATE marker SET id = 77 WHERE id = 1",
        "UPDATE marker SET marker_no = '9901009Q' WHERE id = 1",
        "DELETE FROM marker WHERE id = 1",
        "INSERT OR REPLACE INTO marker (id, marker_no, geom) SELECT 1, 'x', geom FROM place",
        "REPLACE INTO marker (id, marker_no) VALUES (1, 'x')",
    ],
)
def test_a_reference_position_does_not_move(package: Path, statement: str) -> None:
    before = indexed(package, "marker")
    with pytest.raises(sqlite3.DatabaseError, match="never"):
        edit(package, statement)
    assert indexed(package, "marker") == before


@needs_ogr
def test_a_reference_position_does_not_move_by_the_gdal_programs(package: Path) -> None:
    before = indexed(package, "marker")
    taken = "UPDATE marker SET geom = (SELECT geom FROM place WHERE id = 1) WHERE id = 1"
    assert "never changed" in ogr("ogrinfo", "-q", str(package), "-sql", taken)
    removed = "DELETE FROM marker WHERE id = 1"
    assert "never deleted" in ogr("ogrinfo", "-q", str(package), "-sql", removed)
    assert indexed(package, "marker") == before


def test_reading_gis_programs_leave_the_file_as_it_is(package: Path) -> None:
    before = package.read_bytes()
    geopandas.read_file(package, layer="marker")
    assert package.read_bytes() == before


def test_the_extent_in_the_contents_follows(filled: Store) -> None:
    if not filled.embedded:
        pytest.skip("only a GeoPackage has a table of contents")
    with filled.read() as connection:
        row = connection.execute(
            text("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'place'")
        ).one()
    assert tuple(row) == (111.25, 40.25, 112.75, 41.5)


BROKEN = {
    "a text": "'POINT(112 41)'",
    "bytes that are no geometry": "x'00'",
    "the first bytes alone": "x'4750'",
    "a geometry that is cut off": "x'4750000118110000010100000000'",
    "a line among points": "(SELECT geom FROM line WHERE id = 1)",
}


def test_a_geometry_that_is_none_is_refused(package: Path) -> None:
    for stored in ("'POINT(112 41)'", "x'0101000000'", "77"):
        for statement in (
            f"UPDATE place SET geom = {stored} WHERE id = 2",
            f"INSERT INTO marker (marker_no, geom) VALUES ('9901009Q', {stored})",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="GeoPackage binary"):
                edit(package, statement)
    assert len(indexed(package, "marker")) == 5


@pytest.mark.parametrize("stored", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_geometry_stops_nobody_and_is_named(package: Path, stored: str) -> None:
    edit(package, "DROP TRIGGER place_forbid_update_of_geom")  # as an older program would write
    edit(package, f"UPDATE place SET geom = {stored} WHERE id = 1")
    with open_store(str(package)) as store:
        client = create_app(store).test_client()
        assert names(client, "110,39,114,43") == {"巴彦淖尔", "乌兰浩特", "鄂博"}
        items = client.get("/collections/places/items").get_json()["features"]
        shown = {one["properties"]["name"]: one["geometry"] for one in items}
        assert shown["白音敖包"] is None
        assert all(geometry for name, geometry in shown.items() if name != "白音敖包")
        assert client.get("/collections/places/items/1").get_json()["geometry"] is None
        with store.read() as connection:
            (fault,) = unreadable_records(connection)
        assert (fault.code, fault.en[:7], fault.zh[:7]) == ("broken-geometry",) + ("place 1",) * 2
        assert make_index_anew(store)
    edit(package, "UPDATE place SET geom = (SELECT geom FROM marker WHERE id = 1) WHERE id = 1")
    with open_store(str(package)) as store, store.read() as connection:
        assert unreadable_records(connection) == []
        assert connection.scalar(text("SELECT count(*) FROM place_unrendered")) == 0


@pytest.mark.parametrize("stored", ["'2020/01/01'", "'2020-02-30'", "'20200101'", "2020", "x'00'"])
def test_a_date_that_is_none_stops_nobody_and_is_named(package: Path, stored: str) -> None:
    edit(package, f"UPDATE place SET valid_from = {stored} WHERE id = 1")
    with open_store(str(package)) as store:
        client = create_app(store).test_client()
        items = client.get("/collections/places/items").get_json()["features"]
        told = {one["id"]: one["properties"] for one in items}
        assert (told[1]["name"], told[1]["valid_from"]) == ("白音敖包", None)
        for asked in ("items/1", "items?bbox=110,39,114,43", "items?datetime=2021-01-01"):
            assert client.get(f"/collections/places/{asked}").status_code == 200
        with store.read() as connection:
            (fault,) = unreadable_records(connection)
        assert (fault.code, fault.column, fault.en[:7]) == ("no-date", "valid_from", "place 1")
        assert make_index_anew(store)
    edit(package, "UPDATE place SET valid_from = '2020-01-01' WHERE id = 1")
    with open_store(str(package)) as store, store.read() as connection:
        assert unreadable_records(connection) == []


def make_index_anew(store: Store) -> bool:
    with store.write("tester", "as after a load") as transaction:
        transaction.connection.execute(text("DELETE FROM store_meta WHERE key = 'search_index'"))
    return make_searchable(store)


def test_points_with_heights_or_the_other_byte_order_are_points(package: Path) -> None:
    for identity, shape in ((1, {"output_dimension": 3}), (2, {"byte_order": 0})):
        wkb = shapely.to_wkb(shapely.Point(111.5, 41.5, 900.0), **({"output_dimension": 2} | shape))
        stored = (b"GP\x00\x01" + (4490).to_bytes(4, "little") + wkb).hex()
        edit(package, f"UPDATE place SET geom = x'{stored}' WHERE id = {identity}")
    with open_store(str(package)) as store:
        assert names(create_app(store).test_client(), "111.4,41.4,111.6,41.6") == {
            "白音敖包",
            "巴彦淖尔",
        }
        with store.read() as connection:
            assert unreadable_records(connection) == []


def test_an_empty_point_is_nowhere(package: Path) -> None:
    wkb = shapely.to_wkb(shapely.Point())
    stored = (b"GP\x00\x11" + (4490).to_bytes(4, "little") + wkb).hex()
    edit(package, f"UPDATE place SET geom = x'{stored}' WHERE id = 1")
    with open_store(str(package)) as store:
        client = create_app(store).test_client()
        assert client.get("/collections/places/items/1").get_json()["geometry"] is None
        assert "白音敖包" not in names(client, "-180,-90,180,90")


def test_an_id_beyond_the_curve_waits_and_is_named(package: Path) -> None:
    edit(package, f"UPDATE place SET id = {2**31} WHERE id = 4")
    with open_store(str(package)) as store:
        client = create_app(store).test_client()
        assert "鄂博" in names(client, "112,40,113,41")
        with store.read() as connection:
            assert [one.code for one in unreadable_records(connection)] == ["id-too-high"]


def test_a_bulk_insert_leaves_every_trigger_as_it_was(package: Path) -> None:
    triggers = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    with open_store(str(package)) as store:
        with store.read() as connection:
            before = connection.execute(triggers).all()
        with store.write("tester", "many at once") as transaction:
            transaction.insert_many(place, [{"name": "敖包", "status": "standard"}] * 1_500)
        with store.read() as connection:
            assert connection.execute(triggers).all() == before
            waiting = connection.scalar(text("SELECT count(*) FROM place_unrendered"))
            assert waiting == 0


LOOKED_UP = text(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
)


def many_places(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        yield {"name": f"敖包{number}", "status": "standard"}


def broken_off(count: int) -> Iterator[dict[str, str]]:
    yield from many_places(count)
    raise OSError("the file ends here")


@pytest.mark.parametrize("filled", [False, True])
def test_a_bulk_insert_leaves_every_index_as_it_was(tmp_path: Path, *, filled: bool) -> None:
    with create_store(str(tmp_path / "store.gpkg")) as store:
        if filled:
            region.fill(store)
        with store.read() as connection:
            before = connection.execute(LOOKED_UP).all()
        with store.write("tester", "many at once") as transaction:
            transaction.insert_many(place, many_places(1_500))
        with store.read() as connection:
            assert connection.execute(LOOKED_UP).all() == before
            found = text("SELECT id FROM place INDEXED BY ix_place_name WHERE name = '敖包1499'")
            assert len(connection.execute(found).all()) == 1


def test_a_bulk_insert_that_breaks_off_leaves_indexes_and_triggers(tmp_path: Path) -> None:
    made = text("SELECT name, sql FROM sqlite_schema ORDER BY name")
    with create_store(str(tmp_path / "store.gpkg")) as store:
        with store.read() as connection:
            before = connection.execute(made).all()
        with pytest.raises(OSError, match="ends here"), store.write("tester", "many") as writing:
            writing.insert_many(place, broken_off(6_000))
        with store.read() as connection:
            assert connection.execute(made).all() == before
            assert connection.scalar(text("SELECT count(*) FROM place")) == 0


def test_a_bulk_insert_marks_its_layer_as_changed(package: Path) -> None:
    with open_store(str(package)) as store:
        with store.read() as connection:
            before = read_marks(connection, ["place", "line"])
        with store.write("tester", "many at once") as transaction:
            transaction.insert_many(place, many_places(1_500))
        with store.read() as connection:
            after = read_marks(connection, ["place", "line"])
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_records_that_wait_are_rendered_under_a_bar_on_a_terminal(package: Path) -> None:
    edit(package, "UPDATE place SET name = name || '!'")
    reader, terminal = pty.openpty()
    ask = [sys.executable, "-m", "ovoo", "search", "--store", str(package), "鄂博"]
    subprocess.run(ask, stderr=terminal, stdout=subprocess.DEVNULL, check=True)
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # a terminal without a writer ends in an error
        while part := os.read(reader, 1 << 16):
            shown += part
    os.close(reader)
    assert b"render place" in shown
