"""Loading: every format, all faults before anything is kept, nothing twice, on both stores."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from files import write_csv, write_geojson, write_geopackage, write_shapefile, write_xlsx
from sqlalchemy import func, select, text

from boundary.lines.loading import lines_loader
from boundary.markers.loading import markers_loader
from boundary.tables import marker
from data import journal
from data.errors import FaultsFound, InvalidFile, InvalidValue
from data.formats import LOAD_LIMITS
from data.geometry import point_xy
from data.load_checks import MOST_FAULTS
from data.loading import Loaded, Loader, LoadOptions, load_file
from data.store import Store, create_store, open_store
from data.tables import journal as journal_table
from gazetteer.loading import divisions_loader, names_loader
from gazetteer.tables import place, place_name

CHINESE = ("标准名称", "罗马字母拼写", "类别名称", "经度", "纬度")
ENGLISH = ("standard_name", "romanization", "category_name", "longitude", "latitude")
SHORT = ("name", "pinyin", "category", "lon", "lat")  # a Shapefile has ten bytes for a name
ROWS = (
    ("白音敖包", "Bayan Oboo", "山地", "111.25", "41.25"),
    ("乌兰浩特", "Ulan Hot", "河流", "122.05", "46.07"),
)
POINTS = tuple(shapely.Point(float(row[3]), float(row[4])) for row in ROWS)
BARE = tuple(row[:3] for row in ROWS)


def load(store: Store, loader: Loader, path: Path, **options: Any) -> Loaded:
    return load_file(store, loader, path, "tester", LoadOptions(**options))


def count(store: Store, table: Any) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def places(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        rows = connection.execute(select(place).order_by(place.c.id)).all()
    return [(row.name, row.romanization, row.category_code, point_xy(row.geom)) for row in rows]


FILES: dict[str, Callable[[Path], Path]] = {
    "csv": lambda folder: write_csv(folder / "a.csv", CHINESE, ROWS),
    "csv-gb18030": lambda folder: write_csv(folder / "a.csv", CHINESE, ROWS, "gb18030"),
    "csv-english": lambda folder: write_csv(folder / "a.csv", ENGLISH, ROWS),
    "xlsx": lambda folder: write_xlsx(folder / "a.xlsx", CHINESE, ROWS),
    "geojson": lambda folder: write_geojson(folder / "a.geojson", CHINESE[:3], BARE, POINTS),
    "geopackage": lambda folder: write_geopackage(folder / "a.gpkg", CHINESE[:3], BARE, POINTS),
    "shapefile": lambda folder: write_shapefile(folder / "a.zip", SHORT[:3], BARE, POINTS),
}


@pytest.mark.parametrize("kind", FILES)
def test_names_are_loaded_from_every_format(store: Store, tmp_path: Path, kind: str) -> None:
    loaded = load(store, names_loader(), FILES[kind](tmp_path))
    assert (loaded.rows, loaded.written) == (2, 2)
    assert places(store) == [
        ("白音敖包", "Bayan Oboo", "134", (111.25, 41.25)),
        ("乌兰浩特", "Ulan Hot", "121", (122.05, 46.07)),
    ]
    with store.read() as connection:
        assert journal.verify(connection).sequence == count(store, place) + count(store, place_name)


def test_a_projected_geopackage_comes_out_in_degrees(store: Store, tmp_path: Path) -> None:
    plane = [shapely.Point(563254.0, 4523075.654)] * 2
    path = write_geopackage(tmp_path / "a.gpkg", CHINESE[:3], BARE, plane, "EPSG:4546")
    load(store, names_loader(), path)
    assert places(store)[0][3] == pytest.approx((111.75, 40.84), abs=1e-8)


def test_an_override_outranks_every_spelling(store: Store, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", ("叫法", "名称", "E", "N"), [("敖包", "旧名", "111", "41")]
    )
    load(
        store, names_loader(), path,
        overrides={"叫法": "name", "名称": "former_name", "E": "lon", "N": "lat"},
    )  # fmt: skip
    with store.read() as connection:
        kinds = connection.execute(select(place_name.c.text, place_name.c.kind)).all()
    assert set(map(tuple, kinds)) == {("敖包", "standard"), ("旧名", "former")}


def test_columns_that_are_not_read_are_said(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("名称", "天气"), [("敖包", "晴")])
    notes = load(store, names_loader(), path).notes
    assert [note.column for note in notes if note.code == "unread-column"] == ["天气"]


def test_a_dry_run_checks_and_keeps_nothing(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", CHINESE, ROWS)
    loaded = load(store, names_loader(), path, dry_run=True)
    assert (loaded.rows, loaded.written) == (2, 0)
    assert count(store, place) == count(store, journal_table) == 0
    assert load(store, names_loader(), path).written == 2


def test_all_faults_are_told_and_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    good = [("敖包", "", "", "111.1", "41.1")] * 6000  # more than one batch
    bad = [("", "", "", "111.1", "95"), ("鄂博", "", "", "111度", "")]
    path = write_csv(tmp_path / "a.csv", CHINESE, [*good, bad[0], *good, bad[1]])
    with pytest.raises(FaultsFound) as caught:
        load(store, names_loader(), path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (6002, "标准名称"),
        (6002, "纬度"),
        (12003, "纬度"),
    ]
    assert count(store, place) == count(store, place_name) == count(store, journal_table) == 0
    with pytest.raises(FaultsFound):
        load(store, names_loader(), path, dry_run=True)


def test_after_a_refused_file_the_next_one_is_loaded_whole(store: Store, tmp_path: Path) -> None:
    good = [("敖包", "", "", "111.1", "41.1")] * 1500
    wrong = write_csv(tmp_path / "a.csv", CHINESE, [*good, ("", "", "", "", "5")])
    with pytest.raises(FaultsFound):
        load(store, names_loader(), wrong)
    load(store, names_loader(), write_csv(tmp_path / "b.csv", CHINESE, good))
    with store.write("tester", "move one") as transaction:
        row = transaction.connection.execute(select(place).limit(1)).one()
        transaction.update(place, row.id, 1, {"remark": "x"})
    if store.embedded:
        with store.read() as connection:
            boxes = connection.exec_driver_sql("SELECT count(*) FROM rtree_place_geom").scalar()
        assert boxes == 1500


def test_a_thousand_faults_are_enough(store: Store, tmp_path: Path) -> None:
    rows = [(f"敖包{n}", "", "", "999", "41") for n in range(MOST_FAULTS + 500)]
    with pytest.raises(FaultsFound) as caught:
        load(store, names_loader(), write_csv(tmp_path / "a.csv", CHINESE, rows))
    assert len(caught.value.faults) == MOST_FAULTS + 1
    assert caught.value.faults[-1].code == "more-faults"


def test_the_same_file_is_loaded_once(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", CHINESE, ROWS)
    load(store, names_loader(), path)
    copy = write_csv(tmp_path / "copy.csv", CHINESE, ROWS)
    with pytest.raises(InvalidValue, match="--again") as caught:
        load(store, names_loader(), copy)
    assert "已于" in caught.value.zh
    assert count(store, place) == 2
    assert load(store, names_loader(), copy, again=True).written == 2


MARKERS = ("界桩编号", "界线代码", "经度", "纬度")


def test_a_marker_stands_once_in_a_file_and_in_the_register(store: Store, tmp_path: Path) -> None:
    rows = [("1Q", "9901", "111", "41"), ("2Q", "9901", "111", "41"), ("1Q", "9902", "111", "41")]
    repeated = write_csv(tmp_path / "a.csv", MARKERS, [*rows, rows[1]])
    with pytest.raises(FaultsFound) as caught:
        load(store, markers_loader(), repeated)
    assert [(f.code, f.row, f.column) for f in caught.value.faults] == [("repeated", 5, "界桩编号")]
    load(store, markers_loader(), write_csv(tmp_path / "b.csv", MARKERS, rows))
    more = write_csv(tmp_path / "c.csv", MARKERS, [("3Q", "9901", "111", "41"), rows[0]])
    for dry_run in (True, False):
        with pytest.raises(FaultsFound) as caught:
            load(store, markers_loader(), more, dry_run=dry_run)
        assert [(f.code, f.row) for f in caught.value.faults] == [("already-registered", 3)]
    assert count(store, marker) == 3


def test_a_place_code_stands_once_and_homonyms_are_kept(store: Store, tmp_path: Path) -> None:
    header = ("名称", "地名代码", "经度", "纬度")
    homonyms = [("敖包", "", "111", "41"), ("敖包", "", "112", "41"), ("敖包", "", "111", "41")]
    loaded = load(store, names_loader(), write_csv(tmp_path / "a.csv", header, homonyms))
    assert loaded.written == 3
    (note,) = [note for note in loaded.notes if note.code == "repeated-rows"]
    assert "4" in note.en
    coded = [("敖包", "15052610520000000001", "111", "41")] * 2
    with pytest.raises(FaultsFound) as caught:
        load(store, names_loader(), write_csv(tmp_path / "b.csv", header, coded))
    assert [(f.code, f.column) for f in caught.value.faults] == [("repeated", "地名代码")]


def test_limits_hold_for_loads_too(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", CHINESE, ROWS)
    with pytest.raises(InvalidFile, match="more than 1 rows"):
        load(store, names_loader(), path, limits=replace(LOAD_LIMITS, max_rows=1))
    assert count(store, place) == 0


@pytest.mark.parametrize(
    ("loader", "missing"),
    [
        (names_loader, "name"),
        (divisions_loader, "code"),
        (lines_loader, "name"),
        (markers_loader, "marker_no"),
    ],
)
def test_a_file_without_its_main_column_is_refused(
    store: Store, tmp_path: Path, loader: Callable[[], Loader], missing: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ("甲乙丙", "lon", "lat"), [("1", "111", "41")])
    with pytest.raises(FaultsFound, match="nothing was written") as caught:
        load(store, loader(), path)
    assert any(missing in fault.en for fault in caught.value.faults)


def test_an_unknown_system_on_the_command_line_is_refused(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", CHINESE, ROWS)
    with pytest.raises(InvalidValue, match="crs"):
        load(store, names_loader(), path, crs="地球")


def test_progress_is_told(store: Store, tmp_path: Path) -> None:
    rows = [(f"敖包{n}", "", "", "111.1", "41.1") for n in range(2500)]
    told: list[int] = []
    path = write_csv(tmp_path / "a.csv", CHINESE, rows)
    load_file(store, names_loader(), path, "tester", LoadOptions(), told.append)
    assert told == [1000, 2000]


def test_positions_are_not_loaded_into_a_store_of_metres(tmp_path: Path) -> None:
    path, old = write_csv(tmp_path / "a.csv", CHINESE, ROWS), str(tmp_path / "s.gpkg")
    with create_store(old) as store, store.write("an older program", "made it") as transaction:
        crs = "UPDATE store_meta SET value = 'EPSG:27700' WHERE key = 'crs'"
        transaction.connection.execute(text(crs))
    with open_store(old) as store:
        with pytest.raises(InvalidValue, match="keeps degrees"):
            load(store, names_loader(), path)
        assert count(store, place) == 0
