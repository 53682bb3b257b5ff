"""What readers see of a store: levels, divisions, closed positions; on both kinds of store."""

import random
import re
from collections.abc import Callable
from datetime import date

import orjson
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from region import MARKERS as DRAWN
from sqlalchemy import func, select, text

from boundary import INSPECTIONS, LINES, MARKERS, sight_of
from boundary.tables import inspection, marker, submission
from data import (
    PUBLIC_SIGHT,
    Actor,
    Box,
    Collection,
    Forbidden,
    Grant,
    InvalidValue,
    ItemsQuery,
    Level,
    NotFound,
    Precision,
    Role,
    Rule,
    Sight,
    Store,
    open_store,
    read_extent,
    read_features,
    read_item,
    read_page,
    seen_by,
    set_level,
    set_rule,
)
from data.filters import TEXT, Scalar, parse
from data.geometry import point_wkb, point_xy
from data.journal import verify
from data.published_systems import CRS84, find_system
from data.releases import on_grid, release_of
from data.tables import journal, metadata, stored_file
from gazetteer import DIVISIONS, PLACES, SearchRequest, search_names, suggest_names, where
from gazetteer.statistics.tables import name_tally, name_year

ROOT = Actor.operator("root")
GRID_DEG = 0.05
LAYERS = ("line", "marker", "inspection")
EAST, SOUTH = "990101", "990200"


def seen(store: Store, *grants: Grant) -> Store:
    with store.read() as connection:
        return seen_by(store, sight_of(connection, Actor("reader", frozenset(grants))))


def ids(
    store: Store, query: ItemsQuery | None = None, collection: Collection = MARKERS
) -> list[int]:
    with store.read() as connection:
        page = read_page(connection, collection, query or ItemsQuery(limit=100))
        return [int(identity_of(one)) for one in page.features]


def asked_for(filter_text: str) -> Scalar:
    degrees = find_system(CRS84, 4490, "filter-crs")
    return parse(filter_text, TEXT, MARKERS.queryables, degrees.to_store)


def identity_of(feature: bytes) -> str:
    return feature.split(b'"id":', 1)[1].split(b",", 1)[0].decode()


def put_on_grid(store: Store, grid_deg: float = GRID_DEG) -> None:
    set_rule(store, ROOT, Rule("marker", Level.PUBLIC, Precision.GRID, grid_deg))


@pytest.fixture
def public(filled: Store) -> Store:
    return seen_by(filled, PUBLIC_SIGHT)


def test_every_table_says_how_it_is_released() -> None:
    silent = {
        table.name
        for table in metadata.sorted_tables
        if release_of(table) is None and table.info.get("layer_of") is None
    }
    assert silent == {
        "journal",  # by the records that it tells of
        "record_release",  # the levels themselves
        "problem_report",  # in confidence: in no view
        "problem_reporter",
        *(f"{layer}_coarse{end}" for layer in LAYERS for end in ("", "_rendered")),
        *(f"{layer}_coarse_tiled" for layer in LAYERS if layer != "line"),
    }


def test_a_table_that_nobody_knows_is_empty_for_readers(filled: Store) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER, words TEXT)"))
        connection.execute(text("INSERT INTO notes VALUES (1, 'a secret')"))
    for store in (seen_by(filled, PUBLIC_SIGHT), seen(filled, Grant(Role.EDITOR, EAST))):
        with store.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM notes")) == 0
            assert connection.scalar(text("SELECT count(*) FROM account")) == 0


def test_the_public_sees_that_markers_stand_and_not_where(public: Store) -> None:
    assert ids(public) == [1, 2, 3, 4, 5]
    with public.read() as connection:
        feature = read_item(connection, MARKERS, 1)
        assert b'"geometry":null' in feature
        assert b'"coordinate_text":null' in feature
        assert b'"witness_objects":[]' in feature
        assert read_extent(connection, marker) is None
        assert read_page(connection, MARKERS, ItemsQuery(box=Box(0, 0, 180, 90))).matched == 0
        assert connection.scalar(select(func.count()).where(marker.c.geom.is_not(None))) == 0
        assert connection.scalar(select(func.count()).select_from(journal)) == 0
    everywhere = asked_for("S_INTERSECTS(geom, BBOX(0,0,180,90))")
    assert ids(public, ItemsQuery(filter=everywhere)) == []


def test_a_surveyor_sees_positions_in_the_own_division_only(filled: Store) -> None:
    own, other = seen(filled, Grant(Role.SURVEYOR, EAST)), seen(filled, Grant(Role.SURVEYOR, SOUTH))
    box = ItemsQuery(box=Box(111.9, 41.15, 112.1, 41.3))
    assert ids(own, box) == [1]
    assert ids(other, box) == []
    with own.read() as connection:
        assert b"112.0,41.2]" in read_item(connection, MARKERS, 1)
        assert b"112.0, 41.2" in read_item(connection, MARKERS, 1)
        assert connection.scalar(select(func.count()).select_from(journal)) > 0
    with other.read() as connection:
        assert b'"geometry":null' in read_item(connection, MARKERS, 1)


def test_roles_everywhere_see_everything_and_viewers_no_positions(filled: Store) -> None:
    assert seen(filled, Grant(Role.EDITOR)) is filled
    viewer = seen(filled, Grant(Role.VIEWER))
    with viewer.read() as connection:
        assert b'"geometry":null' in read_item(connection, MARKERS, 1)
        told = connection.scalars(select(journal.c.after).where(journal.c.table_name == "marker"))
        assert not told.all()


def test_divisions_hold_those_below_them_as_for_writers(filled: Store) -> None:
    with filled.read() as connection:
        sight = sight_of(connection, Actor("a", frozenset({Grant(Role.EDITOR, "990100")})))
        unknown = sight_of(connection, Actor("a", frozenset({Grant(Role.EDITOR, "880000")})))
    assert sight.precise == {"990100", "990101", "990102"}
    assert unknown.precise == {"880000"}


def test_positions_on_a_grid_are_found_sorted_and_measured_on_it(filled: Store) -> None:
    public = seen_by(filled, PUBLIC_SIGHT)
    assert ids(public) == [1, 2, 3, 4, 5]  # the readers are there before the rule
    put_on_grid(filled)
    with public.read() as connection:
        rounded = {
            row.id: point_xy(row.geom)
            for row in connection.execute(select(marker.c.id, marker.c.geom))
        }
        extent = read_extent(connection, marker)
    assert rounded == {
        n: (on_grid(lon, GRID_DEG), on_grid(lat, GRID_DEG))
        for n, (_, lon, lat) in enumerate(DRAWN, 1)
    }
    assert extent is not None
    assert (extent.min_x, extent.max_y) == pytest.approx((112.0, 41.8))
    with filled.read() as connection:
        assert verify(connection).sequence > 0


def test_pages_hold_what_is_exact_and_what_is_on_the_grid_once_each(filled: Store) -> None:
    """Both lie in tables of their own, and a page goes along the curve through both at once."""
    put_on_grid(filled)
    chance = random.Random(3)  # noqa: S311 - the same each time
    with filled.write("tests", "draw") as transaction:
        transaction.insert_many(
            marker,
            (
                {"marker_no": f"9{number:03d}", "kind": "Q", "party_a": (EAST, SOUTH)[number % 2]}
                | {"geom": point_wkb(chance.uniform(111.6, 112.4), chance.uniform(40.6, 41.4))}
                for number in range(80)
            ),
        )
    own, box = seen(filled, Grant(Role.SURVEYOR, EAST)), Box(111.0, 40.0, 113.0, 42.0)
    whole = ids(own, ItemsQuery(box=box, limit=100))
    assert len(whole) == len(set(whole)) >= 80
    for limit in (7, 30):
        paged: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            with own.read() as connection:
                page = read_page(
                    connection, MARKERS, ItemsQuery(box=box, limit=limit, cursor=cursor)
                )
            paged += [int(identity_of(one)) for one in page.features]
            cursor = page.next_cursor
        assert paged == whole


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lon=st.floats(111.01, 112.99), lat=st.floats(40.01, 41.99))
def test_nothing_asked_of_a_grid_tells_more_than_the_grid(
    filled: Store, lon: float, lat: float
) -> None:
    with filled.write("tests", "set a marker") as transaction:
        identity = transaction.insert(
            marker, {"marker_no": "X", "line_code": "9901", "geom": point_wkb(lon, lat)}
        )
    put_on_grid(filled)
    public = seen_by(filled, PUBLIC_SIGHT)
    shown = on_grid(lon, GRID_DEG), on_grid(lat, GRID_DEG)
    for found in (
        bisected(public, identity, by_box),
        bisected(public, identity, by_filter),
        bisected(public, identity, by_distance),
    ):
        assert found == pytest.approx(shown, abs=1e-6)


Asked = Callable[[Store, int, Box], bool]


def by_box(store: Store, identity: int, box: Box) -> bool:
    return identity in ids(store, ItemsQuery(box=box, limit=1000))


def by_filter(store: Store, identity: int, box: Box) -> bool:
    corners = f"{box.min_x},{box.min_y},{box.max_x},{box.max_y}"
    question = asked_for(f"marker_no = 'X' AND S_INTERSECTS(geom, BBOX({corners}))")
    return identity in ids(store, ItemsQuery(filter=question, limit=1000))


def by_distance(store: Store, identity: int, box: Box) -> bool:
    """By the negation, which no index of boxes serves."""
    corners = f"{box.min_x},{box.min_y},{box.max_x},{box.max_y}"
    question = asked_for(f"NOT S_DISJOINT(geom, BBOX({corners}))")
    return identity in ids(store, ItemsQuery(filter=question, limit=1000))


def bisected(store: Store, identity: int, asked: Asked) -> tuple[float, float]:
    """Where a record lies by asking again and again for halves of a box."""
    west, south, east, north = 110.9, 39.9, 113.1, 42.1
    for _ in range(22):
        middle = (west + east) / 2
        if asked(store, identity, Box(west, south, middle, north)):
            east = middle
        else:
            west = middle
        middle = (south + north) / 2
        if asked(store, identity, Box(west, south, east, middle)):
            north = middle
        else:
            south = middle
    return (west + east) / 2, (south + north) / 2


def test_lines_are_drawn_on_their_grid_for_the_public(filled: Store) -> None:
    public = seen_by(filled, PUBLIC_SIGHT)
    from boundary.tables import line
    from data.geometry import to_wkb

    exact = [(112.00012, 41.00034), (112.12345678, 41.41234567), (112.2, 41.6)]
    with filled.write("tests", "draw a line") as transaction:
        identity = transaction.insert(
            line,
            {"name": "线", "level": "county", "party_a": EAST, "start_point": "112.00012"}
            | {"geom": to_wkb(shapely.MultiLineString([exact]))},
        )
    with public.read() as connection:
        feature = read_item(connection, LINES, identity)
    assert b"[[[112.0,41.0],[112.123,41.412],[112.2,41.6]]]" in feature
    assert b"112.00012" not in feature
    with seen(filled, Grant(Role.EDITOR, EAST)).read() as connection:
        assert b"41.41234567" in read_item(connection, LINES, identity)


def add_inspection(store: Store) -> int:
    with store.write("tests", "inspect") as transaction:
        transaction.connection.execute(
            stored_file.insert().values(sha256="aa", bytes=b"x", size_bytes=1)
        )
        file = transaction.insert(
            submission,
            {"sha256": "aa", "file_name": "a.csv", "sent_by": "reader (127.0.0.1)"}
            | {"received_at": "2026-01-01", "state": "committed"},
        )
        return transaction.insert(
            inspection,
            {"submission_id": file, "row": 1, "marker_id": 1, "marker_no": DRAWN[0][0]}
            | {"verdict": "stable", "raw": "112.0000012", "reason_zh": "112.0000012"}
            | {"observed_on": date(2026, 1, 1), "geom": point_wkb(112.0000012, 41.2)},
        )


def test_inspections_are_seen_in_their_division(filled: Store) -> None:
    identity = add_inspection(filled)
    assert ids(seen_by(filled, PUBLIC_SIGHT), collection=INSPECTIONS) == []
    assert ids(seen(filled, Grant(Role.VIEWER, SOUTH)), collection=INSPECTIONS) == []
    viewer = seen(filled, Grant(Role.VIEWER, EAST))
    assert ids(viewer, collection=INSPECTIONS) == [identity]
    with viewer.read() as connection:
        assert b"112.0000012" not in read_item(connection, INSPECTIONS, identity)
    with seen(filled, Grant(Role.SURVEYOR, EAST)).read() as connection:
        assert b"112.0000012" in read_item(connection, INSPECTIONS, identity)
    with seen_by(filled, PUBLIC_SIGHT).read() as connection, pytest.raises(NotFound) as hidden:
        read_item(connection, INSPECTIONS, identity)
    with filled.read() as connection, pytest.raises(NotFound) as missing:
        read_item(connection, INSPECTIONS, 99)
    assert str(hidden.value).replace("1", "") == str(missing.value).replace("99", "")


def test_one_closed_name_is_nowhere(filled: Store) -> None:
    public = seen_by(filled, PUBLIC_SIGHT)
    assert len(search_names(public, SearchRequest("鄂博")).results) >= 1
    set_level(filled, ROOT, "place", 4, Level.CLOSED, "a well that is not to be found")
    assert ids(public, collection=PLACES) == [1, 2, 3]
    assert ids(public, ItemsQuery(box=Box(112, 40, 113, 41)), PLACES) == []
    assert "鄂博" not in repr(search_names(public, SearchRequest("鄂博")).results)
    assert suggest_names(public, SearchRequest("鄂")).results == ()
    assert "鄂博" not in repr(where(public, 112.75, 40.25))
    with public.read() as connection:
        assert read_features(connection, PLACES, [4]) == []
        assert connection.scalar(select(func.sum(name_tally.c.count))) == 3
        assert connection.execute(select(name_year)).all() == []
    assert ids(seen(filled, Grant(Role.EDITOR, "990202")), collection=PLACES) == [1, 2, 3, 4]
    set_level(filled, ROOT, "place", 4, None, "")
    assert ids(public, collection=PLACES) == [1, 2, 3, 4]


def test_levels_are_set_by_administrators_of_everything(filled: Store) -> None:
    half = Actor("half", frozenset({Grant(Role.ADMINISTRATOR, EAST)}))
    with pytest.raises(Forbidden):
        set_level(filled, half, "place", 1, Level.CLOSED, "")
    with pytest.raises(Forbidden):
        set_rule(filled, half, Rule("marker", Level.PUBLIC))
    with pytest.raises(NotFound):
        set_level(filled, ROOT, "place", 99, Level.CLOSED, "")
    for name in ("account", "place_name", "rivers"):
        with pytest.raises(InvalidValue):
            set_level(filled, ROOT, name, 1, Level.CLOSED, "")
    for rule in (
        Rule("place", Level.PUBLIC, Precision.WITHHELD),
        Rule("marker", Level.PUBLIC, Precision.GRID),
        Rule("marker", Level.PUBLIC, Precision.GRID, 0.0),
        Rule("marker", Level.PUBLIC, Precision.WITHHELD, 0.1),
    ):
        with pytest.raises(InvalidValue):
            set_rule(filled, ROOT, rule)
    set_level(filled, ROOT, "division", 3, Level.INTERNAL, "under discussion")
    with filled.read() as connection:
        told = connection.scalars(select(journal.c.reason)).all()
    assert "under discussion" in told
    assert 3 not in ids(seen_by(filled, PUBLIC_SIGHT), collection=DIVISIONS)


def test_a_whole_collection_can_be_closed_and_released(filled: Store) -> None:
    public = seen_by(filled, PUBLIC_SIGHT)
    set_rule(filled, ROOT, Rule("marker", Level.INTERNAL, Precision.WITHHELD))
    assert ids(public) == []
    set_level(filled, ROOT, "marker", 2, Level.PUBLIC, "beside the museum")
    assert ids(public) == [2]
    set_rule(filled, ROOT, Rule("marker", Level.PUBLIC, Precision.FULL))
    assert ids(public, ItemsQuery(box=Box(111.9, 41.1, 112.1, 41.3))) == [1]


def test_what_another_program_changes_is_not_shown_before_it_is_copied(filled: Store) -> None:
    put_on_grid(filled)
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE marker SET remark = '新' WHERE id = 2"))
    public = seen_by(filled, PUBLIC_SIGHT)
    assert ids(public) == [1, 3, 4, 5]
    with filled.write("tests", "change it") as transaction:
        transaction.update(marker, 2, 1, {"status": "normal"})
    assert ids(public) == [1, 2, 3, 4, 5]


def test_readers_write_to_the_store_itself(filled: Store) -> None:
    public = seen_by(filled, PUBLIC_SIGHT)
    with public.write("tests", "touch") as transaction:
        transaction.update(marker, 1, 1, {"status": "normal"})
    with filled.read() as connection:
        assert b'"status":"normal"' in read_item(connection, MARKERS, 1)


def test_one_reader_never_gets_the_views_of_another(filled: Store) -> None:
    readers = [
        (seen_by(filled, PUBLIC_SIGHT), b'"geometry":null'),
        (seen(filled, Grant(Role.SURVEYOR, EAST)), b"41.2]"),
        (seen(filled, Grant(Role.SURVEYOR, SOUTH)), b'"geometry":null'),
        (filled, b"41.2]"),
    ]
    dice = random.Random(7)  # noqa: S311 - an order of reading
    for _ in range(40):
        store, expected = dice.choice(readers)
        with (store.read if dice.random() < 0.7 else store.read_long)() as connection:
            assert expected in read_item(connection, MARKERS, 1)


@pytest.mark.parametrize("sight", [PUBLIC_SIGHT, Sight("a", frozenset({SOUTH}), frozenset())])
def test_reading_by_box_and_id_stays_on_indexes(filled: Store, sight: Sight) -> None:
    if not filled.embedded:
        pytest.skip("plans of small tables on a server are sequential")
    put_on_grid(filled)
    with seen_by(filled, sight).read() as connection:
        for sql in (
            "SELECT json FROM place_rendered WHERE id = 1",
            "SELECT id FROM place WHERE name = '鄂博'",
            *(("SELECT json FROM marker_rendered WHERE id = 1",
               "SELECT key FROM marker_rendered WHERE key BETWEEN 1 AND 2",
               "SELECT id FROM marker WHERE marker_no = 'x'") if sight.is_public else ()),
        ):  # fmt: skip
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
            assert not [row for row in plan if row[-1].startswith("SCAN")], (sql, plan)


def test_copies_are_there_after_a_store_is_opened_again(filled: Store, store_url: str) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE marker SET remark = '新' WHERE id = 2"))
    with open_store(store_url) as again:
        assert ids(seen_by(again, PUBLIC_SIGHT)) == [1, 2, 3, 4, 5]


def test_readers_who_take_turns_on_a_connection_see_each_their_own(filled: Store) -> None:
    put_on_grid(filled, 0.07)  # on which none of them stands
    exact = {one: read_position(filled, one) for one in ids(filled)}
    for grant in (
        Grant(Role.VIEWER, EAST), Grant(Role.SURVEYOR, EAST), Grant(Role.VIEWER, SOUTH),
        Grant(Role.SURVEYOR, SOUTH), Grant(Role.VIEWER, EAST), Grant(Role.SURVEYOR, EAST),
    ):  # fmt: skip
        reader = seen(filled, grant)
        told = {one for one in ids(reader) if read_position(reader, one) == exact[one]}
        assert bool(told) == (grant == Grant(Role.SURVEYOR, EAST))
        assert ids(reader) == list(exact)


def read_position(store: Store, identity: int) -> object:
    with store.read() as connection:
        return orjson.loads(read_item(connection, MARKERS, identity))["geometry"]


def test_who_reads_no_positions_walks_through_no_exact_ones(filled: Store) -> None:
    if not filled.embedded:
        pytest.skip("a server asks what holds for all records once")
    put_on_grid(filled)
    with seen(filled, Grant(Role.VIEWER, EAST)).read() as connection:
        plan = connection.execute(text("EXPLAIN QUERY PLAN SELECT key FROM marker_rendered"))
        told = [row.detail for row in plan]
    first = next(n for n, one in enumerate(told) if "SEARCH temp.sight_precise" in one)
    assert any(one.startswith("SCAN b") for one in told[:first])
    assert told[first + 1].startswith("SCAN b")


def test_who_reads_all_positions_walks_through_no_copies(filled: Store) -> None:
    if not filled.embedded:
        pytest.skip("a server asks what holds for all records once")
    add_inspection(filled)
    with seen(filled, Grant(Role.SURVEYOR, EAST)).read() as connection:
        for name in ("inspection", "inspection_rendered"):
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT id FROM {name}"))
            told = [row.detail for row in plan if row.detail.startswith(("SCAN", "SEARCH temp"))]
            at = next(n for n, one in enumerate(told) if "temp.sight_blurred" in one)
            assert re.match(r"SCAN [tb]\b", told[at + 1])


def test_who_reads_some_positions_sees_the_others_on_the_grid(filled: Store) -> None:
    identity = add_inspection(filled)
    mixed = seen(filled, Grant(Role.VIEWER, EAST), Grant(Role.SURVEYOR, SOUTH))
    assert ids(mixed, collection=INSPECTIONS) == [identity]
    with mixed.read() as connection:
        assert b"112.0000012" not in read_item(connection, INSPECTIONS, identity)


def test_readers_of_all_and_of_some_positions_take_turns(filled: Store) -> None:
    identity = add_inspection(filled)
    for grants in ([Grant(Role.SURVEYOR, EAST)], [Grant(Role.VIEWER, EAST)]) * 2:
        reader = seen(filled, *grants)
        assert ids(reader, collection=INSPECTIONS) == [identity]
        with reader.read() as connection:
            exact = b"112.0000012" in read_item(connection, INSPECTIONS, identity)
        assert exact == (grants[0].role == Role.SURVEYOR)
