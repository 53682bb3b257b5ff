"""The written table of rights, walked: every address × role × own and other division."""

import csv
import io
import re
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from closed_house import (
    DIGITS,
    HEIGHT_M,
    LAT,
    LON,
    READERS,
    TIE_M,
    address,
    every_address,
    furnish,
    open_house,
    told,
)
from flask import Flask
from pictures import jpeg

from boundary import PHOTO_SENDERS
from data import Reading, Store, find_table, read_readings, verify_readings
from data.coordinates import CGCS2000, gauss_kruger_forward
from data.sight_views import FILE, State, Views
from web import rights as table_of_rights
from web.readings import readings_of
from web.rights import ANYONE, MEMBER, SIGNED_IN, Right, by_address, rights

TABLE = Path(table_of_rights.__file__).with_name("rights.csv")
Known = Mapping[str, Mapping[str, str]]
PUBLIC = {"line", "marker", "division", "heritage", "sign", "division_event", "identifier"}
INTERNAL = {"approval", "expert", "repair_order", "sign_repair"}
INTERNAL |= {"boundary_document"}
ELSEWHERE = {"/welcome/<secret>", "/static/<path:filename>"}
ELSEWHERE |= {"/sign-in/oidc", "/sign-in/oidc/callback"}
"""What a secret, a file's name or another service opens, not a reader."""
CLOSED = {"photo", "joint_round", "line_finding", "submission"}


@pytest.fixture
def house(store: Store) -> tuple[Flask, Known, dict[str, int]]:
    if not store.embedded:
        pytest.skip("the guard is the same; tests/boundary/test_sights.py reads both kinds")
    ids = furnish(store)
    app, known = open_house(store)
    return app, known, ids


def sees(reader: str, record: str) -> bool:
    """Whether a reader sees a record of the upper league."""
    role, _, place = reader.partition("@")
    if record in {*PUBLIC, "collection"} or reader == "administrator":
        return True
    if record == "sign_submission":
        return role not in {"anonymous", "viewer"}
    if reader == "anonymous" or place != "own":
        return False
    return record in INTERNAL or role != "viewer"


def expected(right: Right, reader: str) -> int:
    """401, 403, 404, or 200 for what goes on to be read."""
    role, _, place = reader.partition("@")
    if right.who != ANYONE and reader == "anonymous":
        return 401
    if right.who not in {ANYONE, SIGNED_IN, MEMBER} and role not in right.who.split("|"):
        return 403
    if right.who == "administrator" and place:
        return 403  # accounts are of no division
    if right.record not in {"", "everywhere"} and not sees(reader, right.record):
        return 404
    if right.held and place == "other":
        return 403
    return 200


def test_every_address_answers_each_reader_as_the_table_says(
    house: tuple[Flask, Known, dict[str, int]],
) -> None:
    app, known, ids = house
    wrong = []
    for number, reader in enumerate(READERS):
        client = app.test_client()
        for place, right in enumerate(rights().values()):
            if right.route in ELSEWHERE:
                continue
            answer = client.open(
                address(right.route, ids, right.record),
                method=right.method,
                headers={**known[reader], "Accept": "application/json"},
                json={} if right.method != "GET" else None,
                environ_base={"REMOTE_ADDR": f"10.0.{number}.{place}"},
            )
            wanted, got = expected(right, reader), answer.status_code
            passed = got not in {401, 403, 404} if wanted == 200 else got == wanted
            if not passed and not _judged_within(right, reader, got):
                wrong.append((reader, right.method, right.route, wanted, got))
    assert wrong == []


def _judged_within(right: Right, reader: str, got: int) -> bool:
    """What a record's own state or its list of people decides, once the table has let in."""
    if "/papers/<int:paper>" in right.route or "/pictures/<int:picture>" in right.route:
        return got == 404  # the record has none
    if right.route.startswith(("/topology/", "/uploads/")):
        return got == 404  # no such fault, no such file under way
    if right.route.startswith(("/approvals", "/accounts", "/account/tokens/", "/problem-reports")):
        return got in {403, 404} and reader != "anonymous"
    return False


def test_what_is_not_seen_is_answered_as_what_is_not_there(
    house: tuple[Flask, Known, dict[str, int]],
) -> None:
    app, known, ids = house
    client = app.test_client()
    for right in rights().values():
        if "<int:identity>" not in right.route or sees("surveyor@other", right.record):
            continue
        if expected(right, "surveyor@other") != 404:
            continue
        answers = []
        for identity in (ids[right.record], 987654):
            path = address(right.route, {right.record: identity}, right.record)
            answer = client.open(
                path, method=right.method, headers=known["surveyor@other"],
                json={} if right.method != "GET" else None,
            )  # fmt: skip
            body = re.sub(r'"request_id":"\w+"', "", answer.get_data(as_text=True))
            body = body.replace("987654", str(ids[right.record]))
            headers = {
                name: value
                for name, value in answer.headers.items()
                if "RateLimit" not in name and name not in {"Content-Length", "X-Request-ID"}
            }
            answers.append((answer.status_code, body, headers))
        assert answers[0] == answers[1], right.route
        assert answers[0][0] == 404


def secrets() -> list[bytes]:
    """The position as text and as numbers, in degrees and metres, and what would tell it."""
    east_m, north_m = gauss_kruger_forward(LON, LAT, 111.0, CGCS2000.datum.ellipsoid)
    texts = [*DIGITS, f"{east_m:.3f}"[-7:], f"{north_m:.3f}", f"{TIE_M}", f"{HEIGHT_M}"]
    return [
        *(text.encode() for text in texts),
        *(struct.pack("<d", number) for number in (LON, LAT, TIE_M, HEIGHT_M)),
    ]


@pytest.mark.parametrize("reader", ["anonymous", "viewer@own", "surveyor@other", "editor@other"])
def test_no_answer_tells_a_closed_position(
    house: tuple[Flask, Known, dict[str, int]], reader: str
) -> None:
    app, known, ids = house
    client = app.test_client()
    leaks = []
    for path in every_address(ids):
        answer = client.get(path, headers=known[reader])
        if found := told(answer.get_data(), secrets()):
            leaks.append((path, answer.status_code, found))
    assert leaks == []


def test_who_may_read_positions_finds_them(house: tuple[Flask, Known, dict[str, int]]) -> None:
    """Or else the test above would find nothing anywhere."""
    app, known, ids = house
    client = app.test_client()
    telling = {
        path
        for path in every_address(ids)
        if told(client.get(path, headers=known["surveyor@own"]).get_data(), secrets())
    }
    parts = ("/collections/markers/items", "/markers/", "sheet.xlsx", "sheet.docx", "export")
    for part in (*parts, "/collections/inspections/items/", "f=gpkg", "f=parquet", "field.zip"):
        assert any(part in path for path in telling), part


def test_readings_of_positions_are_kept(house: tuple[Flask, Known, dict[str, int]]) -> None:
    app, known, ids = house
    client, path = app.test_client(), f"/collections/markers/items/{ids['marker']}"
    for reader in ("anonymous", "viewer@own", "surveyor@own", "administrator"):
        client.get(path, headers=known[reader])
    client.get("/collections/places/items/1", headers=known["surveyor@own"])
    client.get("/collections/markers/items/999", headers=known["surveyor@own"])
    readings_of(app).flush()
    store: Store = app.extensions["ovoo_store"]
    with store.read() as connection:
        kept = read_readings(connection, 10)
        assert verify_readings(connection) == 2
    assert [(one.actor, one.request) for one in kept] == [
        ("administrator", f"GET {path}"),
        ("surveyor-own", f"GET {path}"),
    ]
    assert isinstance(kept[0], Reading)


def test_the_table_has_no_row_too_many(house: tuple[Flask, Known, dict[str, int]]) -> None:
    app, _, _ = house
    served = {
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()
    }
    assert [key for key in rights() if key not in served] == []
    for right in rights().values():
        if right.record not in {"", "collection", "everywhere"}:
            assert Views(FILE, State({}), member=True).seen(None, find_table(right.record), "t")


def test_an_address_without_a_row_keeps_the_application_from_starting(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import rights as module
    from web.app import create_app

    known = {key: row for key, row in rights().items() if key != ("GET", "/where")}
    monkeypatch.setattr(module, "rights", lambda: known)
    with pytest.raises(LookupError, match="GET /where"):
        create_app(store)


def test_an_address_has_one_row() -> None:
    """Of two rows the last one would hold, and the first one would be read as if it did."""
    one = rights()["POST", "/photos"]
    with pytest.raises(LookupError, match="two rows for POST /photos"):
        by_address([one, replace(one, who="viewer")])
    rows = csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    told = Counter((row["method"], row["route"]) for row in rows)
    assert [address for address, times in told.items() if times > 1] == []


@pytest.mark.parametrize("route", ["/photos", "/markers/<int:identity>/photos"])
def test_who_adds_a_photograph_is_told_in_one_place(route: str) -> None:
    assert set(rights()["POST", route].roles) == set(PHOTO_SENDERS)


def test_who_may_inspect_may_photograph() -> None:
    assert set(rights()["POST", "/submissions"].roles) <= set(PHOTO_SENDERS)


@pytest.mark.parametrize("route", ["/photos", "/markers/{marker}/photos"])
def test_an_approver_adds_a_photograph(
    house: tuple[Flask, Known, dict[str, int]], route: str
) -> None:
    app, known, ids = house
    sent = {"file": (io.BytesIO(jpeg()), "9902006Q.jpg")}
    address = route.format(marker=ids["marker"])
    answer = app.test_client().post(address, data=sent, headers=known["approver@own"])
    assert answer.status_code == 201, answer.get_data(as_text=True)
