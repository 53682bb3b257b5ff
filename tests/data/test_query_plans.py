"""Every published query runs on an index: the plans of both stores are read."""

import re
import sys
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from data.asking import Interval, ItemsQuery
from data.boxes import Box
from data.collection import Collection
from data.errors import NotFound
from data.geometry import point_wkb
from data.pages import read_item, read_page
from data.store import Store
from gazetteer.collections import PLACES
from gazetteer.tables import place, place_name
from web.catalogue import COLLECTIONS

COUNT = 3000


@pytest.fixture
def crowded(filled: Store) -> Store:
    """Enough places that a planner has a reason to use an index."""
    with filled.write("tests", "crowd") as transaction:
        ids = transaction.insert_many(
            place,
            (
                {"name": f"敖包{n}", "status": "standard", "division_code": f"{990101 + n % 900}"}
                | {"category_code": ("222", "121", "134")[n % 7 % 3]}
                | {"geom": point_wkb(111 + n % 60 / 30, 40 + n // 60 / 30), "heritage": n % 9 == 0}
                for n in range(COUNT)
            ),
        )
        transaction.insert_many(
            place_name,
            (
                {"place_id": identity, "text": f"敖包{n}"}
                | {"language": "zh-Hans", "kind": "standard"}
                for n, identity in enumerate(ids)
            ),
        )
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


def plans(store: Store, connection: Connection, run: Any) -> list[tuple[str, str]]:
    """The statements that `run` sends, each with its plan."""
    sent: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    from data import hot

    plain = hot.fetch

    def watched(connection: Connection, sql: str, values: Any, *, prepared: bool = False) -> Any:
        statement = sql if store.embedded else hot._for_psycopg(sql)
        sent.append((statement, values))
        return plain(connection, sql, values, prepared=prepared)

    event.listen(connection.engine, "before_cursor_execute", remember)
    patched: list[Any] = [
        module for module in sys.modules.values() if vars(module).get("fetch") is plain
    ]
    patched.remove(hot)
    for module in patched:
        module.fetch = watched
    try:
        run()
    finally:
        event.remove(connection.engine, "before_cursor_execute", remember)
        for module in patched:
            module.fetch = plain
    explain = "EXPLAIN QUERY PLAN " if store.embedded else "EXPLAIN "
    found = []
    for statement, values in sent:
        if not statement.lstrip().upper().startswith("SELECT"):
            continue
        cursor = connection.connection.cursor()
        cursor.execute(explain + statement, values)
        lines = [str(row[-1]) for row in cursor.fetchall()]
        cursor.close()
        found.append((statement, "\n".join(lines)))
    return found


def scans(store: Store, plan: str) -> list[str]:
    """Lines of a plan that walk a whole table of records."""
    if store.embedded:
        walks = re.findall(r"SCAN (\w+)(.*)", plan)
        return [
            name
            for name, rest in walks
            if "VIRTUAL TABLE INDEX" not in rest
            and not rest.strip().startswith("USING")
            and not name.endswith("_unrendered")  # empty, or a few rows of other programs
            and "CONSTANT ROW" not in f"{name}{rest}"
            and name not in {"wanted", "counted", "w"}  # lists of what is asked, and of its answer
        ]
    return [
        name for name in re.findall(r"Seq Scan on (\w+)", plan) if not name.endswith("_unrendered")
    ]


QUERIES = {
    "first page": ItemsQuery(limit=10),
    "next page": ItemsQuery(limit=10, cursor="2000"),
    "box": ItemsQuery(limit=10, box=Box(111.1, 40.1, 111.2, 40.2)),
    "large box": ItemsQuery(limit=10, box=Box(-180, -90, 180, 90)),
    "box across 180°": ItemsQuery(limit=10, box=Box(111.9, 40, -179, 41)),
    "one value": ItemsQuery(limit=10, filters={"division_code": "990101"}),
    "rare value": ItemsQuery(limit=10, filters={"place_code": "none"}),
    "box and value": ItemsQuery(
        limit=10, box=Box(111.1, 40.1, 111.4, 40.4), filters={"heritage": True}
    ),
    "time": ItemsQuery(limit=10, when=Interval.parse("2024-01-01")),
}


def walks_in_order(plan: str) -> bool:
    """A walk in id order that a LIMIT cuts short, as a page without a condition needs."""
    return bool(re.search(r"Limit", plan)) and "Sort" not in plan


@pytest.mark.parametrize("title", QUERIES)
def test_a_page_of_places_runs_on_an_index(crowded: Store, title: str) -> None:
    with crowded.read() as connection:
        read = plans(crowded, connection, lambda: read_page(connection, PLACES, QUERIES[title]))
        assert read
        for statement, plan in read:
            allowed = not crowded.embedded and walks_in_order(plan)
            found = scans(crowded, plan)
            assert allowed or found == [], f"{title} scans {found}:\n{statement}\n{plan}"


@pytest.mark.parametrize(
    "filters",
    [
        {"heritage": True},
        {"category_code": "222"},
        {"category_code": "222", "heritage": True},
    ],
)
def test_what_places_are_often_chosen_by_is_asked_along_the_curve(
    crowded: Store, filters: dict[str, Any]
) -> None:
    query = ItemsQuery(limit=10, box=Box(-180, -90, 180, 90), filters=filters)
    with crowded.read() as connection:
        read = plans(crowded, connection, lambda: read_page(connection, PLACES, query))
    (plan,) = [plan for statement, plan in read if "place_rendered" in statement]
    assert "ix_place_rendered_" in plan, plan
    assert not re.search(r"\bplace\b", plan), f"it reads the places too:\n{plan}"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            ItemsQuery(
                limit=10,
                box=Box(-180, -90, 180, 90),
                filters={"category_code": "222", "heritage": True},
            ),
            "ix_place_rendered_heritage_texts",
        ),
        (ItemsQuery(limit=10, cursor="1000"), "ix_place_rendered_texts"),
    ],
)
def test_texts_of_a_file_that_lie_apart_are_read_side_by_side(
    crowded: Store, query: ItemsQuery, index: str
) -> None:
    if not crowded.embedded:
        pytest.skip("only a file keeps texts in indexes")
    with crowded.read() as connection:
        read = plans(crowded, connection, lambda: read_page(connection, PLACES, query))
    (plan,) = [plan for statement, plan in read if "place_rendered" in statement]
    assert f"USING COVERING INDEX {index} " in plan, plan


def test_what_is_no_heritage_is_not_looked_for_where_heritage_stands(crowded: Store) -> None:
    box = Box(-180, -90, 180, 90)
    asked = [{"heritage": flag, "category_code": "222"} for flag in (True, False)]
    with crowded.read() as connection:
        found = [
            read_page(connection, PLACES, ItemsQuery(limit=10_000, box=box, filters=one)).count
            for one in asked
        ]
        expected = [
            connection.scalar(
                text("SELECT count(*) FROM place WHERE category_code = '222' AND heritage = :flag"),
                {"flag": one["heritage"]},
            )
            for one in asked
        ]
    assert found == expected


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=list(COLLECTIONS))
def test_one_item_is_a_look_up(crowded: Store, collection: Collection) -> None:
    def look_up() -> None:
        with suppress(NotFound):  # of a layer without a record; the statements are the same
            read_item(connection, collection, 1)

    with crowded.read() as connection:
        read = plans(crowded, connection, look_up)
        for statement, plan in read:
            few_rows = collection.id != "places"  # a planner may read a table of a few rows whole
            assert few_rows or scans(crowded, plan) == [], f"{statement}\n{plan}"
