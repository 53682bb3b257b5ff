"""PostGIS reads no more for a page of many points than the page needs."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from data import Box, ItemsQuery, points, read_page
from data.geometry import point_wkb
from data.store import Store
from gazetteer import PLACES
from gazetteer.tables import place

BOX = Box(100.0, 40.0, 120.0, 50.0)


@pytest.fixture
def crowded(store: Store) -> Store:
    chance = np.random.default_rng(4)
    lons, lats = chance.uniform(97, 126, 5_000), chance.uniform(37, 53, 5_000)
    with store.write("tests", "points") as transaction:
        transaction.insert_many(
            place,
            (
                {"name": "a", "status": "standard", "geom": point_wkb(lon, lat)}
                for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)
            ),
        )
    return store


def test_a_page_reads_the_ranges_that_fill_it_and_no_more(
    crowded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowded.embedded:
        pytest.skip("of PostgreSQL's plan")
    asked: list[tuple[str, Any]] = []
    fetch = points.fetch

    def noted(connection: Any, sql: str, values: Any, *, prepared: bool) -> Any:
        asked.append((sql, values))
        return fetch(connection, sql, values, prepared=prepared)

    monkeypatch.setattr(points, "fetch", noted)
    with crowded.read() as connection:
        assert read_page(connection, PLACES, ItemsQuery(limit=10, box=BOX)).count == 10
        ((sql, values),) = asked
        assert len(values["lows"]) > 2
        ((plan,),) = fetch(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
    read = [one for one in _nodes(plan[0]["Plan"]) if one.get("Relation Name") == "place_rendered"]
    assert [one["Actual Loops"] for one in read] == [1]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in _nodes(part))]


def test_pages_follow_one_another_in_the_order_of_the_curve(crowded: Store) -> None:
    seen: list[bytes] = []
    cursor: str | None = ""
    with crowded.read() as connection:
        whole = read_page(connection, PLACES, ItemsQuery(limit=5_000, box=BOX))
        behind = read_page(connection, PLACES, ItemsQuery(limit=200, offset=700, box=BOX))
        while cursor is not None:
            page = read_page(connection, PLACES, ItemsQuery(limit=300, box=BOX, cursor=cursor))
            seen += page.features
            cursor = page.next_cursor
    assert seen == list(whole.features)
    assert list(behind.features) == seen[700:900]


def test_a_server_compiles_no_statement(store: Store) -> None:
    if store.embedded:
        return
    with store.read() as connection:
        assert connection.scalar(text("SHOW jit")) == "off"
    with store.write("tests", "look") as transaction:
        assert transaction.connection.scalar(text("SHOW jit")) == "off"
