"""`ovoo release …`: the rules shown and set."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.actors import Actor
from data.errors import BrokenChain
from data.layer_marks import read_marks
from data.readings import Reading, verify_readings, write_readings
from data.release_commands import release
from data.release_keeping import set_level
from data.releases import Level
from data.store import Store, create_store


def run(path: str, *words: str) -> Result:
    return CliRunner().invoke(release, [words[0], "--store", path, *words[1:]])


def rules(path: str) -> dict[str, dict[str, object]]:
    shown = json.loads(run(path, "list", "--json").output)
    return {one["table"]: one for one in shown}


def test_rules_are_listed_set_and_kept(tmp_path: Path) -> None:
    path = str(tmp_path / "a.gpkg")
    create_store(path).close()
    assert rules(path)["marker"]["position"] == "withheld"
    done = run(path, "set", "marker", "--level", "internal", "--position", "grid", "--grid", "0.05")
    assert done.exit_code == 0, done.output
    assert rules(path)["marker"] | {"masked": []} == {
        "table": "marker",
        "level": "internal",
        "position": "grid",
        "grid_deg": 0.05,
        "masked": [],
        "single_records": False,
    }
    assert "marker\tinternal\tgrid 0.05°" in run(path, "list").output


def test_readings_are_listed_and_proved(tmp_path: Path) -> None:
    path = str(tmp_path / "a.gpkg")
    with create_store(path) as made:
        write_readings(made, [Reading("2026-05-03T00:00:00Z", "a", "GET /x")])
        write_readings(made, [Reading("2026-05-03T00:00:01Z", "b", "GET /y")])
        with made.read() as connection:
            assert verify_readings(connection) == 2
        with pytest.raises(IntegrityError), made.engine.begin() as connection:
            connection.execute(text("UPDATE reading SET actor = 'c'"))
        with made.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER reading_forbid_update"))
            connection.execute(text("UPDATE reading SET actor = 'c' WHERE sequence = 2"))
        with made.read() as connection, pytest.raises(BrokenChain, match="2"):
            verify_readings(connection)
    assert run(path, "readings").output.splitlines()[0].endswith("\tc\tGET /y")
    assert json.loads(run(path, "readings", "--limit", "1", "--json").output)[0]["actor"] == "c"


def test_every_record_with_a_level_of_its_own_changes_the_marks(filled: Store) -> None:
    seen = []
    for number, level in ((1, Level.CLOSED), (2, Level.CLOSED), (2, Level.PUBLIC)):
        set_level(filled, Actor.operator("test"), "place", number, level, "a spring")
        with filled.read() as connection:
            seen.append(read_marks(connection, ["place"]))
    assert len(set(seen)) == len(seen)


def test_a_record_of_its_own_level_is_told_of(filled: Store, store_url: str) -> None:
    done = run(store_url, "record", "place", "2", "closed", "--reason", "a spring")
    assert done.exit_code == 0, done.output
    assert rules(store_url)["place"]["single_records"]
    assert "place\tpublic\tfull\tsingle records otherwise" in run(store_url, "list").output
    assert run(store_url, "record", "place", "2", "default").exit_code == 0
    assert not rules(store_url)["place"]["single_records"]
    assert run(store_url, "record", "place", "99", "closed").exit_code != 0
