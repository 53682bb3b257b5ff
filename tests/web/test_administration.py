"""Administration over HTTP: who comes in, what is told, and what never is."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from closed_house import READERS, furnish, open_house
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from data import Store
from data.backups import back_up
from data.reference.tables import SHIPPED
from web.app import create_app
from web.pages.administration import configuration
from web.readings import readings_of
from web.settings import Settings

HTML = {"Accept": "text/html"}
PAGES = (
    "/administration", "/administration/journal", "/administration/backups",
    "/administration/rules",
)  # fmt: skip
PROOF = "/administration/journal/verification"


@pytest.fixture
def house(store: Store) -> Iterator[tuple[Flask, Mapping[str, Mapping[str, str]]]]:
    furnish(store)
    app, known = open_house(store)
    yield app, known
    readings_of(app).flush()  # what was read of the journal is noted while the store is there


def test_only_who_administers_everything_comes_in(
    house: tuple[Flask, Mapping[str, Mapping[str, str]]],
) -> None:
    app, known = house
    client = app.test_client()
    for reader in READERS:
        answers = [client.get(path, headers=known[reader]) for path in PAGES]
        answers.append(client.post(PROOF, headers=known[reader]))
        wanted = {"anonymous": 401, "administrator": 200}.get(reader, 403)
        assert [one.status_code for one in answers] == [wanted] * (len(PAGES) + 1), reader
        assert all("no-store" in one.headers["Cache-Control"] for one in answers)
    shown = client.get("/administration", headers=known["administrator"]).get_json()
    assert shown["people_sign_in"] is True
    assert shown["accounts"] == {"open": len(READERS) - 1, "closed": 0}
    assert len(shown["tokens"]) == len(READERS) - 1
    assert all(one["ok"] for one in shown["health"])


def test_no_token_stands_in_any_page(
    house: tuple[Flask, Mapping[str, Mapping[str, str]]],
) -> None:
    app, known = house
    client = app.test_client()
    secrets = [one["Authorization"].split()[1] for one in known.values() if one]
    for path in PAGES:
        page = client.get(path, headers={**known["administrator"], **HTML}).get_data(as_text=True)
        assert not [secret for secret in secrets if secret in page]
        assert "argon2" not in page


def test_the_journal_is_browsed_and_filtered(client: FlaskClient) -> None:
    found = client.get("/administration/journal?limit=2").get_json()
    numbers = [one["sequence"] for one in found["entries"]]
    (following,) = (one["href"] for one in found["links"] if one["rel"] == "next")
    later = client.get(following).get_json()["entries"]
    assert [*numbers, *(one["sequence"] for one in later)] == list(
        range(numbers[0], numbers[0] - 4, -1)
    )
    first = found["entries"][0]
    own = f"/administration/journal?table={first['table_name']}&record={first['row_id']}"
    for one in client.get(own).get_json()["entries"]:
        assert (one["table_name"], one["row_id"]) == (first["table_name"], first["row_id"])
    assert client.get("/administration/journal?actor=nobody").get_json()["entries"] == []
    assert client.get("/administration/journal?record=x").status_code == 400
    page = client.get(f"{own}&lang=en", headers=HTML).get_data(as_text=True)
    assert first["reason"] in page


def test_a_change_from_outside_is_found(client: FlaskClient, filled: Store) -> None:
    proved = client.post(PROOF).get_json()
    assert proved["whole"] is True
    assert client.post(PROOF, headers=HTML).status_code == 200
    with filled.engine.begin() as connection:
        if filled.embedded:
            names = connection.scalars(
                text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='journal'")
            ).all()
            for name in names:
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE journal SET actor = 'nobody' WHERE sequence = 3"))
    broken = client.post(PROOF).get_json()
    assert broken["whole"] is False
    assert "3" in broken["said"]
    assert "nobody" not in client.post(PROOF, headers=HTML).get_data(as_text=True)


def test_settings_say_where_they_came_from_and_no_secret() -> None:
    settings = Settings(store="postgresql://u:geheim@db/ovoo?sslpassword=geheim", port=9000)
    environment = {"PORT": "9000", "OVOO_REFERENCE": "/tables"}
    found = {one["setting"]: one for one in configuration(settings, environment)}
    assert found["port"]["origin"] == "environment"
    assert found["store"]["origin"] == "start"
    assert found["workers"]["origin"] == "default"
    assert "geheim" not in str(found)
    assert found["store"]["value"].startswith("postgresql://u:")
    assert (found["reference"]["value"], found["reference"]["origin"]) == ("/tables", "environment")
    assert set(found) == {*Settings.__dataclass_fields__, "reference", "datum_parameters"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_are_whole_in_both_languages(filled: Store, lang: str) -> None:
    client = create_app(filled).test_client()
    for path in PAGES:
        page = client.get(f"{path}?lang={lang}", headers=HTML).get_data(as_text=True)
        body = page.split("<main")[1]
        for family in ("administration.", "journal.", "setting.", "origin.", "check_store."):
            assert f">{family}" not in body


def test_backups_are_listed_and_their_bytes_proved(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    client = create_app(store, Settings(backups=str(folder))).test_client()
    assert client.get("/administration/backups").get_json()["backups"] == []
    made = back_up(store, folder, lambda *_: None).path
    (folder / f"{made.name}.part").write_bytes(b"half")
    sealed = made.with_name("ovoo-20200101T000000000Z.gpkg.sealed")
    sealed.write_bytes(b"closed")
    found = client.get("/administration/backups").get_json()["backups"]
    assert [one["state"] for one in found] == ["unfinished", "whole", "sealed"]
    assert (found[1]["entries_since"], found[1]["rows"] > 0, found[2]["rows"]) == (0, True, None)
    proof = "/administration/backups/verification"
    assert client.post(proof, json={"file": made.name}).get_json()["whole"] is True
    assert client.post(proof, json={"file": sealed.name}).status_code == 404
    assert client.post(proof, json={"file": "../x"}).status_code == 404
    content = bytearray(made.read_bytes())
    content[-1] ^= 1
    made.write_bytes(content)
    page = client.post(proof, data={"file": made.name}, headers=HTML).get_data(as_text=True)
    assert "不可用于恢复" in page
    made.write_bytes(content[:-1])
    states = [one["state"] for one in client.get("/administration/backups").get_json()["backups"]]
    assert states == ["unfinished", "changed", "sealed"]


def test_every_figure_of_a_rule_has_its_source(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = client.get("/administration/rules").get_json()
    assert all(row["source"] for row in shown["rows"])
    assert {one["origin"] for one in shown["tables"]} == {"default"}
    assert client.get("/administration/rules?table=none").status_code == 400
    own = SHIPPED / "repair_times.csv"
    (tmp_path / "repair_times.csv").write_text(
        own.read_text("utf-8").replace(",60,", ",30,"), "utf-8"
    )
    monkeypatch.setenv("OVOO_REFERENCE", str(tmp_path))
    shown = client.get("/administration/rules?table=repair_times").get_json()
    assert {one["table"] for one in shown["tables"] if one["origin"] == "file"} == {"repair_times"}
    assert shown["rows"][0]["days"] == "30"
