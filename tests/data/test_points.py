"""Pages of a box: their union is the whole, in one order, on both stores."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data.asking import ItemsQuery
from data.curve import DEGREES, cells_of
from data.errors import InvalidValue
from data.geometry import Box, point_wkb
from data.pages import Page, page_of, read_page
from data.points import key_of, parse_key
from data.store import Store
from gazetteer.collections import PLACES
from gazetteer.tables import place

SIDES = 7
TOGETHER = 40
"""So many places stand on one point, as where positions are those of their division."""


STATES = ("standard", "former")
CLASSES = ("222", "121", None, "222")


def points() -> list[tuple[float, float]]:
    """A grid whose rows fall on the edges of boxes, a crowded point, both ends of the earth."""
    grid = [(110.0 + x / 2, 40.0 + y / 2) for x in range(SIDES) for y in range(SIDES)]
    return [*grid, *[(111.0, 41.0)] * TOGETHER, (-180.0, 0.0), (180.0, 0.0), (179.9, 89.9)]


@pytest.fixture
def spread(store: Store) -> Store:
    """A store of each kind with the points, loaded in no order of theirs."""
    with store.write("tests", "points") as transaction:
        transaction.insert_many(
            place,
            (
                {"name": f"地{n}", "status": STATES[n % 2], "heritage": n % 3 == 0}
                | {"category_code": CLASSES[n % 4]}
                | {"geom": point_wkb(*point)}
                for n, point in enumerate(reversed(points()))
            ),
        )
    return store


def meets(n: int, filters: dict[str, Any]) -> bool:
    """Whether the place of a number has these values."""
    own = {"heritage": n % 3 == 0, "category_code": CLASSES[n % 4], "status": STATES[n % 2]}
    return filters.items() <= own.items()


def expected(box: Box, filters: dict[str, Any]) -> list[int]:
    """Ids in the order of the curve, found by looking at every point."""
    listed = list(enumerate(reversed(points()), 1))
    inside = [
        (identity, point)
        for identity, point in listed
        if box.holds(*point) and meets(identity - 1, filters)
    ]
    cells = cells_of(DEGREES, *zip(*[p for _, p in inside], strict=True)) if inside else []
    keys = [key_of(int(c), identity) for c, (identity, _) in zip(cells, inside, strict=True)]
    return [identity for _, (identity, _) in sorted(zip(keys, inside, strict=True))]


def ids(page: Page) -> list[int]:
    found = [feature["id"] for feature in orjson.loads(b"[" + page.text + b"]")]
    assert len(found) == page.count
    assert [orjson.loads(feature)["id"] for feature in page.features] == found
    return found


def pages(store: Store, query: ItemsQuery) -> Iterator[list[int]]:
    with store.read() as connection:
        while True:
            page = read_page(connection, PLACES, query)
            yield ids(page)
            if page.next_cursor is None:
                return
            assert page.count == query.limit
            query = replace(query, cursor=page.next_cursor)


LON = st.integers(219, 230).map(lambda n: n / 2) | st.floats(-180, 180)
LAT = st.integers(79, 88).map(lambda n: n / 2) | st.floats(-90, 90)
WHOLE = Box(-180, -90, 180, 90)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    LON,
    LON,
    LAT,
    LAT,
    st.integers(1, 60),
    st.fixed_dictionaries(
        {},
        optional={
            "heritage": st.booleans(),
            "category_code": st.sampled_from(("222", "121", "none")),
            "status": st.sampled_from(STATES),
        },
    ),
)
@example(-180.0, 180.0, -90.0, 90.0, 7, {})
@example(179.0, -179.0, -1.0, 1.0, 1, {})
@example(111.0, 111.0, 41.0, 41.0, 3, {})
@example(111.0, 111.0, 41.0, 41.0, TOGETHER + 1, {})
def test_the_union_of_the_pages_is_the_whole(
    spread: Store,
    west: float,
    east: float,
    a: float,
    b: float,
    limit: int,
    filters: dict[str, Any],
) -> None:
    box = Box(west, min(a, b), east, max(a, b))
    query = ItemsQuery(limit=limit, box=box, filters=filters)
    whole = expected(box, filters)
    assert [one for page in pages(spread, query) for one in page] == whole
    with spread.read() as connection:
        for offset in {0, 1, limit, len(whole)}:
            page = read_page(connection, PLACES, replace(query, offset=offset))
            assert ids(page) == whole[offset : offset + limit]
            assert (page.next_cursor is not None) == (len(whole) > offset + limit)
        if len(whole) <= limit:
            assert read_page(connection, PLACES, query).matched == len(whole)


def test_a_changed_choice_shows_at_once(spread: Store) -> None:
    query = ItemsQuery(limit=5, box=WHOLE, filters={"category_code": "134"})
    assert list(pages(spread, query)) == [[]]
    with spread.write("tests", "another class") as transaction:
        transaction.update(place, 3, 1, {"category_code": "134"})
    assert list(pages(spread, query)) == [[3]]
    with spread.engine.begin() as connection:
        connection.execute(text("UPDATE place SET category_code = '134' WHERE id IN (2, 9)"))
    assert sorted(one for page in pages(spread, query) for one in page) == [2, 3, 9]


def test_later_pages_of_a_whole_layer_go_on_where_the_first_ended(spread: Store) -> None:
    with spread.write("tests", "gaps") as transaction:
        for identity in (4, 5, 40, 41, 42):
            transaction.delete(place, identity, 1)
    left = [n for n in range(1, len(points()) + 1) if n not in {4, 5, 40, 41, 42}]
    for limit in (1, 3, 39):
        assert [one for page in pages(spread, ItemsQuery(limit=limit)) for one in page] == left
        with spread.read() as connection:
            page = read_page(connection, PLACES, ItemsQuery(limit=limit, offset=50))
            assert ids(page) == left[50 : 50 + limit]
            assert read_page(connection, PLACES, ItemsQuery(limit=200)).matched == len(left)
    with spread.engine.begin() as connection:
        connection.execute(text("UPDATE place SET remark = 'by hand' WHERE id % 4 = 0"))
    assert [one for page in pages(spread, ItemsQuery(limit=7)) for one in page] == left


@pytest.mark.parametrize("limit", [1, 5, 50, 200])
def test_what_nobody_has_rendered_stands_in_its_place(spread: Store, limit: int) -> None:
    written = ItemsQuery(limit=limit, box=WHOLE)
    before = [one for page in pages(spread, written) for one in page]
    with spread.engine.begin() as connection:
        connection.execute(text("UPDATE place SET remark = 'by hand' WHERE id % 4 = 0"))
        connection.execute(text("DELETE FROM place WHERE id = 60"))
    after = [one for page in pages(spread, written) for one in page]
    assert after == [identity for identity in before if identity != 60]
    with spread.read() as connection:
        page = read_page(connection, PLACES, replace(written, limit=9, offset=11))
    assert ids(page) == after[11:20]


def test_a_cursor_is_a_place_on_the_curve(spread: Store) -> None:
    with spread.read() as connection:
        for cursor in ("x", "-x", "--1", "1.5", "٣", str(2**63), "9" * 400):
            with pytest.raises(InvalidValue, match="cursor"):
                read_page(connection, PLACES, ItemsQuery(box=WHOLE, cursor=cursor))
        end = read_page(connection, PLACES, ItemsQuery(box=WHOLE, cursor=str(2**63 - 1)))
        assert (end.count, end.next_cursor) == (0, None)


def test_features_of_a_page_come_apart_whatever_their_names_hold(store: Store) -> None:
    names = ['a,{"type":"Feature","id":1', "},{", ',{\\"type\\":\\"Feature\\",\\"id\\":', "敖包"]
    with store.write("tests", "odd names") as transaction:
        transaction.insert_many(
            place, ({"name": n, "status": "standard", "geom": point_wkb(111, 41)} for n in names)
        )
    with store.read() as connection:
        for query in (ItemsQuery(offset=1), ItemsQuery(box=WHOLE, offset=1)):
            page = read_page(connection, PLACES, query)
            found = [orjson.loads(one)["properties"]["name"] for one in page.features]
            assert found == names[1:]


@pytest.mark.parametrize("text", ["9" * 5000, "9" * 19, "-1", "x", ""])
def test_what_is_no_key_of_a_page_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="page's link"):
        parse_key(text)


IN_A_BOX = ItemsQuery(limit=5, box=Box(110.0, 40.0, 112.0, 42.0))
BY_ONE_STATEMENT = (
    IN_A_BOX,
    replace(IN_A_BOX, limit=1000),
    replace(IN_A_BOX, offset=3, filters={"heritage": True, "category_code": "222"}),
    replace(IN_A_BOX, filters={"status": "former"}),
    replace(IN_A_BOX, box=Box(170.0, -10.0, -170.0, 10.0)),
    ItemsQuery(limit=5, cursor="40"),
    ItemsQuery(limit=5, offset=7),
    ItemsQuery(limit=5, cursor="100000"),
)
BY_MORE = (
    ItemsQuery(limit=5),
    ItemsQuery(limit=5, filters={"status": "former"}),
    ItemsQuery(limit=5, cursor="40", filters={"status": "former"}),
    ItemsQuery(limit=5, cursor="-40"),
)


@pytest.mark.parametrize("query", [*BY_ONE_STATEMENT, *BY_MORE], ids=str)
def test_a_page_of_a_store_is_that_of_a_reader(
    spread: Store, query: ItemsQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spread.read() as connection:
        expected_page = read_page(connection, PLACES, query)
    if query in BY_ONE_STATEMENT and not spread.embedded:
        monkeypatch.setattr(Store, "read", None)
    assert page_of(spread, PLACES, query) == expected_page


@pytest.mark.parametrize("query", [IN_A_BOX, replace(IN_A_BOX, box=None, offset=1)], ids=str)
def test_a_page_has_what_another_program_has_written(spread: Store, query: ItemsQuery) -> None:
    before = page_of(spread, PLACES, replace(query, limit=1000))
    with spread.engine.begin() as connection:
        connection.execute(text("UPDATE place SET name = '改' WHERE id = 9"))
    assert page_of(spread, PLACES, replace(query, limit=1000)) != before


@pytest.mark.parametrize("query", [replace(IN_A_BOX, cursor="x"), ItemsQuery(cursor="x")], ids=str)
def test_a_cursor_of_no_page_is_refused(spread: Store, query: ItemsQuery) -> None:
    with pytest.raises(InvalidValue, match="cursor"):
        page_of(spread, PLACES, query)
