"""Tiles of a store: what is in them, in which order, when they change, the same on both stores."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import region
import shapely
from sqlalchemy import text

from boundary import INSPECTIONS, LINES, MARKERS
from data import servers
from data.geometry import point_wkb, to_wkb
from data.store import Store, create_store, open_store
from data.tile_rows import IMPORTANCE
from data.tiles import (
    CGCS2000_QUAD,
    EXTENT,
    GRIDS,
    WEB_MERCATOR,
    Grid,
    Question,
    Tile,
    Tiles,
    points,
)
from data.tiles.cache import Content, TileCache
from gazetteer import DIVISIONS, PLACES
from gazetteer.tables import division, place, place_name

DAY = date(2024, 5, 3)
ALL = (DIVISIONS, PLACES, LINES, MARKERS, INSPECTIONS)


class OfStore(Tiles):
    """The tiles of one store."""

    def __init__(self, store: Store) -> None:
        super().__init__((DIVISIONS, LINES))
        self.store = store

    def get(self, question: Question) -> Content:
        return self.read(self.store, question)


def tiles_of(store: Store) -> OfStore:
    return OfStore(store)


def at(grid: Grid, level: int, lon: float, lat: float) -> Tile:
    x, y = grid.steps(Tile(level, 0, 0), np.array([lon]), np.array([lat]))
    return Tile(level, int(y[0]) // EXTENT, int(x[0]) // EXTENT)


def layers(tiles: OfStore, tile: Tile, *shown: Any, **more: Any) -> dict[str, list[dict[str, Any]]]:
    asked = Question(
        tuple(shown), more.pop("grid", WEB_MERCATOR), tile, more.pop("day", DAY), **more
    )
    body = tiles.get(asked).body
    read = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in read.items()}


def names(features: list[dict[str, Any]]) -> set[str]:
    return {feature["properties"]["name"] for feature in features}


def add_place(store: Store, name: str, lon: float, lat: float, **more: Any) -> int:
    row = {"name": name, "status": "standard", "geom": point_wkb(lon, lat), "category_code": "222"}
    with store.write("tests", "add a name") as transaction:
        return transaction.insert(place, row | more)


def test_points_stand_where_they_are_with_few_typed_properties(filled: Store) -> None:
    tile = at(WEB_MERCATOR, 12, 111.25, 41.25)
    (feature,) = layers(tiles_of(filled), tile, PLACES)["places"]
    assert feature["id"] == 1
    assert feature["properties"] == {
        "name": "白音敖包", "romanization": "Bayan Oboo", "category_code": "22200",
        "status": "standard", "heritage": True, IMPORTANCE: 100,
    }  # fmt: skip
    x, y = WEB_MERCATOR.steps(tile, np.array([111.25]), np.array([41.25]))
    assert feature["geometry"]["coordinates"] == [int(x[0]), int(y[0])]


@pytest.mark.parametrize("grid", GRIDS.values(), ids=list(GRIDS))
@pytest.mark.parametrize("level", [0, 3, 7, 12, 18])
def test_every_grid_has_every_layer_at_every_level(filled: Store, grid: Grid, level: int) -> None:
    found = layers(tiles_of(filled), at(grid, level, 112.0, 41.4), *ALL, grid=grid, labels=True)
    # Counties and their lines are shown from a fineness of 4 on.
    wanted = {"divisions", "lines"} if grid.fineness(level) >= 4 else {"divisions"}
    assert wanted <= set(found)
    assert len(found["markers"]) >= 1


def test_each_point_is_in_one_tile_of_a_level(filled: Store) -> None:
    # On the very seam of two tiles, at the corner of four and at the edge of the world.
    seams = [(45.0, 41.0), (0.0, 0.0), (180.0, 10.0), (-180.0, -10.0), (90.0, 66.51326044311186)]
    for number, (lon, lat) in enumerate(seams):
        add_place(filled, f"缝{number}", lon, lat)
    tiles = tiles_of(filled)
    for grid in (WEB_MERCATOR, CGCS2000_QUAD):
        for level in (2, 3, 4):
            found = [
                feature["id"]
                for row in range(1 << level)
                for column in range(grid.columns << level)
                for feature in layers(tiles, Tile(level, row, column), PLACES, grid=grid).get(
                    "places", []
                )
            ]
            assert len(found) == len(set(found))
            seen = {f"缝{number}" for number in range(len(seams))}
            with filled.read() as connection:
                rows = connection.execute(text("SELECT id, name FROM place")).all()
            assert seen <= {row.name for row in rows if row.id in found}


@pytest.fixture
def crowded(store: Store) -> Store:
    """Two thousand names in one degree, some of them of heritage."""
    chance = random.Random(5)  # noqa: S311 - any positions will do
    rows = [
        {
            "name": f"名{number}", "status": "standard", "heritage": number % 50 == 0,
            "category_code": chance.choice(["222", "216", "121"]),
            "geom": point_wkb(111 + chance.random(), 41 + chance.random()),
        }
        for number in range(2000)
    ]  # fmt: skip
    with store.write("tests", "a crowd") as transaction:
        transaction.insert_many(place, rows)
    return store


def test_from_afar_the_important_come_first_and_stay(crowded: Store) -> None:
    tiles = tiles_of(crowded)
    shown: dict[int, set[int]] = {}
    for level in range(3, 13):
        corner, end = at(WEB_MERCATOR, level, 111, 42), at(WEB_MERCATOR, level, 112, 41)
        shown[level] = {
            feature["id"]
            for row in range(corner.row, end.row + 1)
            for column in range(corner.column, end.column + 1)
            for feature in layers(tiles, Tile(level, row, column), PLACES).get("places", [])
        }
    for level in range(3, 12):
        assert shown[level] <= shown[level + 1], "a name that was seen stays"
    assert len(shown[3]) < len(shown[6]) < 400 < len(shown[9])
    assert len(shown[12]) == 2000
    listed = {number * 50 + 1 for number in range(40)}
    assert len(shown[6] & listed) / len(shown[6]) > 3 * len(listed) / 2000


def test_the_first_in_line_is_the_first_in_the_tile(crowded: Store) -> None:
    features = layers(tiles_of(crowded), at(WEB_MERCATOR, 7, 111.5, 41.5), PLACES)["places"]
    ranks = [(-f["properties"][IMPORTANCE], f["id"]) for f in features]
    assert ranks == sorted(ranks)


def test_a_write_is_seen_at_once(filled: Store) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 12, 111.25, 41.25)
    before = tiles.get(Question((PLACES,), WEB_MERCATOR, tile, DAY))
    assert tiles.get(Question((PLACES,), WEB_MERCATOR, tile, DAY)) is before
    add_place(filled, "新村", 111.2501, 41.2501)
    assert names(layers(tiles, tile, PLACES)["places"]) == {"白音敖包", "新村"}


def messages_to_server(store: Store, record: Path, ask: Callable[[], object]) -> list[str]:
    """What a reader's connection sends while something is asked, by the names of the protocol."""
    with store.read() as connection:
        driver: Any = connection.connection.driver_connection
    with record.open("wb") as file:
        driver.pgconn.trace(file.fileno())
        ask()
        driver.pgconn.untrace()
    lines = [line.split("\t") for line in record.read_text(errors="replace").splitlines()]
    return [line[3] for line in lines if len(line) > 3 and line[1] == "F"]


@pytest.mark.postgis
def test_a_tile_of_points_asks_a_server_once(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cold or warm: one statement, and no transaction begun or ended around it."""
    create_store(postgres_url).close()
    with open_store(postgres_url) as store:
        region.fill(store)
        tiles = tiles_of(store)
        monkeypatch.setattr(servers, "_TRUSTED_S", 3600.0)
        another = Question((PLACES,), WEB_MERCATOR, at(WEB_MERCATOR, 9, 110.25, 41.25), DAY)
        for _ in ("cold", "warm"):  # until the driver has prepared both statements
            tiles.get(another)
        asked = Question((PLACES,), WEB_MERCATOR, at(WEB_MERCATOR, 9, 111.25, 41.25), DAY)
        for _ in ("cold", "warm"):
            sent = messages_to_server(store, tmp_path / "sent", lambda: tiles.get(asked))
            assert sent.count("Sync") + sent.count("Query") == 1, sent
        assert tiles.get(asked).body


def test_a_write_to_another_layer_keeps_the_tile(filled: Store) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 12, 111.25, 41.25)
    asked = Question((DIVISIONS,), WEB_MERCATOR, tile, DAY)
    before = tiles.get(asked)
    add_place(filled, "新村", 111.2501, 41.2501)
    assert tiles.get(asked) is before


def test_what_another_program_writes_is_seen_at_once(filled: Store) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 12, 111.25, 41.25)
    assert names(layers(tiles, tile, PLACES)["places"]) == {"白音敖包"}
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE place SET name = '改名' WHERE id = 1"))
    assert names(layers(tiles, tile, PLACES)["places"]) == {"改名"}
    with filled.engine.begin() as connection:
        connection.execute(text("DELETE FROM place_name WHERE place_id = 1"))
        connection.execute(text("DELETE FROM place WHERE id = 1"))
    assert layers(tiles, tile, PLACES) == {}


@pytest.mark.parametrize("level", [8, 12])
def test_what_nobody_has_rendered_stands_in_line(filled: Store, level: int) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, level, 111.25, 41.25)
    with filled.engine.begin() as connection:
        for identity, name in ((2, "甲"), (3, "乙")):
            connection.execute(
                text(
                    "UPDATE place SET name = :name, heritage = :listed,"
                    " geom = (SELECT p.geom FROM place p WHERE p.id = 1) WHERE id = :id"
                ),
                {"name": name, "listed": identity == 3, "id": identity},
            )
    found = layers(tiles, tile, PLACES)["places"]
    shown = [feature["properties"]["name"] for feature in found if feature["id"] in {1, 2, 3}]
    # From afar the three share a square: of two equals the lower id is shown.
    assert shown == (["白音敖包"] if level == 8 else ["白音敖包", "乙", "甲"])


def test_lines_and_divisions_of_a_day(filled: Store) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 6, 111.5, 41.5)
    now = names(layers(tiles, tile, DIVISIONS)["divisions"])
    assert {"东旗", "试验区"} <= now
    then = names(layers(tiles, tile, DIVISIONS, day=date(1979, 1, 1), then=True)["divisions"])
    assert "试验区" in then
    assert "东旗" not in then  # its row begins in 1980


def test_names_of_a_day_are_those_of_then(filled: Store) -> None:
    with filled.write("tests", "an ended name") as transaction:
        transaction.insert(
            place_name,
            {"place_id": 1, "text": "旧敖包", "language": "zh-Hans", "kind": "former"}
            | {"status": "former", "valid_to": date(1990, 1, 1)},
        )
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 12, 111.25, 41.25)
    (then,) = layers(tiles, tile, PLACES, day=date(1985, 1, 1), then=True)["places"]
    assert then["properties"]["name"] == "旧敖包"
    assert "romanization" not in then["properties"]
    (now,) = layers(tiles, tile, PLACES, day=date(1990, 1, 1), then=True)["places"]
    assert now["properties"]["name"] == "白音敖包"


def test_what_has_ended_is_not_shown(filled: Store) -> None:
    add_place(filled, "废村", 111.26, 41.26, valid_to=date(2000, 1, 1))
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 12, 111.26, 41.26)
    assert "废村" not in names(layers(tiles, tile, PLACES).get("places", []))
    assert "废村" in names(layers(tiles, tile, PLACES, day=date(1999, 1, 1))["places"])


def test_each_division_is_named_in_one_tile(filled: Store) -> None:
    tiles = tiles_of(filled)
    level = 8
    first, last = at(WEB_MERCATOR, level, 110.9, 42.1), at(WEB_MERCATOR, level, 115.1, 39.9)
    found = [
        feature["properties"]["code"]
        for row in range(first.row, last.row + 1)
        for column in range(first.column, last.column + 1)
        for feature in layers(tiles, Tile(level, row, column), DIVISIONS, labels=True).get(
            "divisions_labels", []
        )
    ]
    assert len(found) == len(set(found)) == len(region.division_rows())


def test_areas_are_valid_and_wound_as_the_specification_says(filled: Store) -> None:
    with filled.write("tests", "an area with a hole") as transaction:
        shape = shapely.Point(112, 41).buffer(0.3).difference(shapely.Point(112, 41).buffer(0.1))
        row = {"code": "990103", "name": "环", "level": "county"}
        transaction.insert(division, row | {"geom": to_wkb(shapely.MultiPolygon([shape]))})
    for level in (6, 9, 14):
        tile = at(WEB_MERCATOR, level, 112.05, 41.05)
        for feature in layers(tiles_of(filled), tile, DIVISIONS)["divisions"]:
            shapes = shapely.get_parts(shapely.geometry.shape(feature["geometry"]))
            assert shapely.is_valid(shapes).all()
            for one in shapes:
                # y grows to the south: what is clockwise to the eye has a positive size.
                assert one.exterior.is_ccw
                assert not any(ring.is_ccw for ring in one.interiors)


def test_a_division_without_a_shape_stands_nowhere(filled: Store) -> None:
    with filled.write("tests", "no outline yet") as transaction:
        transaction.insert(division, {"code": "990104", "name": "无图", "level": "county"})
    found = layers(tiles_of(filled), Tile(0, 0, 0), DIVISIONS, labels=True)
    assert "无图" not in names(found["divisions"]) | names(found["divisions_labels"])


def test_shapes_are_kept_while_no_geometry_changes(filled: Store) -> None:
    tiles, tile = tiles_of(filled), at(WEB_MERCATOR, 6, 111.5, 41.5)
    layers(tiles, tile, DIVISIONS)
    drawn = tiles._records[None][1].drawn
    with filled.write("tests", "another name") as transaction:
        transaction.update(division, 4, 1, {"name": "新旗"})
    assert "新旗" in names(layers(tiles, tile, DIVISIONS)["divisions"])
    assert tiles._records[None][1].drawn is drawn
    with filled.write("tests", "another shape") as transaction:
        transaction.update(division, 4, 2, {"geom": region.square(111.1, 41.1, 0.5)})
    layers(tiles, tile, DIVISIONS)
    assert tiles._records[None][1].drawn is not drawn


def test_the_cache_keeps_to_its_bytes() -> None:
    cache = TileCache(most_bytes=10_000)
    for number in range(20):
        cache.put(number, (1,), Content(bytes(1000)))
        cache.get(0, (1,))  # asked for again and again: it stays
    assert cache._used <= 10_000
    assert cache.get(0, (1,)) is not None
    assert cache.get(1, (1,)) is None
    assert cache.get(19, (2,)) is None, "made of another state"


def test_points_are_read_by_their_key(crowded: Store) -> None:
    asked: list[tuple[str, Any]] = []
    plain = points.fetch

    def watched(connection: Any, statement: str, values: Any, **how: Any) -> Any:
        asked.append((statement, values))
        return plain(connection, statement, values, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "fetch", watched)
        for level in (8, 12):
            layers(tiles_of(crowded), at(WEB_MERCATOR, level, 111.5, 41.5), PLACES)
    explain = "EXPLAIN QUERY PLAN " if crowded.embedded else "EXPLAIN "
    plans = []
    with crowded.read() as connection:
        if not crowded.embedded:
            connection.execute(text("SET enable_seqscan = off"))
        for statement, values in asked:
            if "_tiled" in statement:
                rows = plain(connection, explain + statement, values)
                plans.append("\n".join(str(row[-1]) for row in rows))
    assert len(plans) == 2
    key = "SEARCH r USING INTEGER PRIMARY KEY" if crowded.embedded else "place_tiled_pkey"
    assert all(key in plan for plan in plans), plans


@pytest.mark.postgis
def test_both_stores_give_the_same_bytes(tmp_path: Path, postgres_url: str) -> None:
    found = []
    for url in (str(tmp_path / "one.gpkg"), postgres_url):
        with create_store(url) as store:
            region.fill(store)
            tiles = tiles_of(store)
            found.append(
                [
                    tiles.get(
                        Question(ALL, grid, at(grid, level, 112.0, 41.4), DAY, labels=True)
                    ).body
                    for grid in GRIDS.values()
                    for level in range(19)
                ]
            )
    assert found[0] == found[1]
    assert all(found[0])
