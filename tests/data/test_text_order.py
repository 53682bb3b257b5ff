"""Texts stand in the order of their bytes, in whatever order the database was made."""

import random
from collections.abc import Callable

import orjson
import pytest
from sqlalchemy import Connection, insert, select, text

from data import store as module
from data import upgrade
from data.asking import ItemsQuery
from data.errors import InvalidValue
from data.geometry import point_wkb
from data.pages import read_page
from data.sorting import SortKey
from data.store import Store, open_store
from data.tables import store_meta
from gazetteer.collections import PLACES
from gazetteer.divisions.codes import codes_inside
from gazetteer.tables import place

INSIDE = ("990100", "990101", "990101001", "990199999999")
CODES = (*INSIDE, "9901:", "990200", "99", "99:", "990", "Z")
LETTERS = "aAbBzZ_-·:09 é阿白音赤敖包ᠠᠪ\U00020000"
MADE_BEFORE = "0032"


def make_old(url: str) -> Store:
    """A store as it was before the order of texts was seen to, with some places; still closed."""
    made = module._closed_store(url)
    made.crs, made.srid = "EPSG:4490", 4490
    module._tell_dialect(made)
    with made.locked() as connection:
        upgrade.upgrade(connection, 4490, MADE_BEFORE)
        connection.execute(store_meta.insert().values(key="crs", value=made.crs))
        rows = [
            {"name": f"{LETTERS[number % len(LETTERS)]}{number}", "division_code": code}
            | {"status": "standard"}
            for number, code in enumerate(CODES * 200)
        ]
        connection.execute(insert(place), rows)
    with made.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return made


def inside(connection: Connection, code: str) -> set[str]:
    """The codes of places that a range finds in a division."""
    first, last = codes_inside(code)
    column = place.c.division_code
    return set(connection.scalars(select(column).where(column >= first, column <= last)))


def test_a_store_made_before_is_brought_into_the_order_of_bytes(store_url: str) -> None:
    make_old(store_url).close()
    with open_store(store_url) as opened, opened.read() as connection:
        assert upgrade.schema_version(opened.engine) == upgrade.newest_version()
        assert inside(connection, "990100") == {*INSIDE}
        assert inside(connection, "990000") == {*CODES} - {"99:", "Z"}
        names = list(connection.scalars(select(place.c.name).order_by(place.c.name)))
        assert names == sorted(names)


@pytest.mark.postgis
def test_ranges_and_orders_of_texts_are_served_by_their_indexes(
    another_database: Callable[[str], str],
) -> None:
    url = another_database("plans")
    make_old(url).close()
    with open_store(url) as opened, opened.read() as connection:

        def plan(sql: str) -> str:
            return "\n".join(connection.scalars(text(f"EXPLAIN {sql}")))

        code = "SELECT id FROM place WHERE division_code >= 'Y' AND division_code < 'Z'"
        assert "Index Cond: ((division_code >= 'Y'" in plan(code)
        named = plan("SELECT id FROM place ORDER BY name, id LIMIT 10")
        assert "using ix_place_name" in named
        begins = plan("SELECT id FROM place WHERE name LIKE '敖12%'")
        assert "Index Cond: ((name >= '敖12'::text)" in begins
        measured = text("SELECT count(*) FROM pg_stats WHERE tablename = 'place'")
        assert connection.scalar(measured), "the planner knows nothing of the columns any more"


@pytest.mark.postgis
def test_triggers_stand_as_they_stood(another_database: Callable[[str], str]) -> None:
    url = another_database("triggers")
    made = make_old(url)
    of_tables = text(
        "SELECT tgname, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text, tgname"
    )
    with made.engine.begin() as connection:
        function = "CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS"
        connection.execute(text(f"{function} $$ BEGIN RETURN NEW; END $$"))
        trigger = "CREATE TRIGGER own_one BEFORE UPDATE OF name ON place FOR EACH ROW"
        connection.execute(text(f"{trigger} WHEN (NEW.name LIKE '敖%') EXECUTE FUNCTION own()"))
        connection.execute(text("ALTER TABLE place DISABLE TRIGGER own_one"))
        before = connection.execute(of_tables).all()
    made.close()
    with open_store(url) as opened, opened.read() as connection:
        assert connection.execute(of_tables).all() == before
    assert ("own_one", "D") in {(row[0], row[2]) for row in before}


@pytest.mark.postgis
def test_a_view_that_holds_on_to_a_column_is_named_and_nothing_is_changed(
    another_database: Callable[[str], str],
) -> None:
    url = another_database("views")
    made = make_old(url)
    with made.engine.begin() as connection:
        connection.execute(text("CREATE VIEW of_the_office AS SELECT name FROM place"))
        connection.execute(text("CREATE VIEW of_one_table AS SELECT 1 FROM spatial_ref_sys"))
    with pytest.raises(InvalidValue, match="of_the_office") as caught:
        open_store(url)
    assert "of_one_table" not in str(caught.value)
    assert upgrade.schema_version(made.engine) == MADE_BEFORE
    with made.engine.begin() as connection:
        connection.execute(text("DROP VIEW of_the_office"))
    made.close()
    open_store(url).close()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("others", [(), (SortKey("heritage", "flag"),)])
def test_pages_by_a_text_hold_every_record_once_in_the_order_of_bytes(
    store: Store,
    descending: bool,  # noqa: FBT001 - a parameter of pytest
    others: tuple[SortKey, ...],
) -> None:
    chance = random.Random(4)  # noqa: S311 - a test's names
    names = ["".join(chance.choices(LETTERS, k=chance.randint(1, 4))) for _ in range(150)]
    with store.write("tests", "names of every kind") as transaction:
        for name in names:
            values = {"name": name, "status": "standard", "geom": point_wkb(111, 41)}
            transaction.insert(place, values)
    keys = (SortKey("name", "text", descending=descending), *others)
    found: list[str] = []
    cursor: str | None = ""
    with store.read() as connection:
        while cursor is not None:
            page = read_page(connection, PLACES, ItemsQuery(limit=7, cursor=cursor, sort=keys))
            found += [orjson.loads(one)["properties"]["name"] for one in page.features]
            cursor = page.next_cursor
    assert found == sorted(names, reverse=descending)
