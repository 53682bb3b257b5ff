"""`ovoo release …`: the rules shown and set."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from data.release_commands import release
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


def test_a_record_of_its_own_level_is_told_of(filled: Store, store_url: str) -> None:
    done = run(store_url, "record", "place", "2", "closed", "--reason", "a spring")
    assert done.exit_code == 0, done.output
    assert rules(store_url)["place"]["single_records"]
    assert "place\tpublic\tfull\tsingle records otherwise" in run(store_url, "list").output
    assert run(store_url, "record", "place", "2", "default").exit_code == 0
    assert not rules(store_url)["place"]["single_records"]
    assert run(store_url, "record", "place", "99", "closed").exit_code != 0
