"""What holds for every answer: headers, cells that nothing calculates, logs without secrets."""

import csv
import io
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import openpyxl
import pytest
from closed_house import ROOT, address, every_address, furnish, open_house
from flask import Flask

from data import Conflict, Grant, OvooError, Role, Store
from data.accounts import (
    accept_invitation,
    close_account,
    find_account,
    open_account,
    read_accounts,
)
from gazetteer.tables import place, place_name
from web.rights import rights
from web.transport import SECURITY_HEADERS

FORMULAS = (
    *("=1+1", "+1+cmd", "-1+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1"),
    *("＝1+1", "＋1", "－1+1", "＠a"),
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PASSWORD = "three grey cairns stand"  # noqa: S105 - of accounts that tests make
Known = Mapping[str, Mapping[str, str]]


@pytest.fixture
def house(store: Store) -> tuple[Flask, Known, dict[str, int]]:
    if not store.embedded:
        pytest.skip("what leaves is the same whatever the store")
    ids = furnish(store)
    with store.write("tests", "names that look like formulas") as transaction:
        for text in FORMULAS:
            identity = transaction.insert(
                place,
                {"name": text, "status": "standard", "division_code": "990101", "remark": text}
                | {"category_code": "22200", "origin": text, "meaning": text, "source": text},
            )
            transaction.insert(
                place_name,
                {"place_id": identity, "text": text, "kind": "standard", "language": "zh-Hans"},
            )
    app, known = open_house(store)
    return app, known, ids


@pytest.mark.parametrize("accepted", ["application/json", "text/html"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_address_has_the_headers(
    house: tuple[Flask, Known, dict[str, int]], accepted: str, scheme: str
) -> None:
    app, known, ids = house
    client = app.test_client()
    for reader in ("anonymous", "administrator"):
        for right in rights().values():
            answer = client.open(
                address(right.route, ids, right.record),
                method=right.method if right.method == "GET" else "OPTIONS",
                headers={**known[reader], "Accept": accepted},
                base_url=f"{scheme}://localhost",
            )
            answer.close()
            for name, value in SECURITY_HEADERS:
                assert len(answer.headers.getlist(name)) == 1, (right.route, name)
                if name == "X-Content-Type-Options":
                    assert answer.headers[name] == value, right.route
            policy = answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy or "sandbox" in policy, right.route
            assert "unsafe" not in policy, right.route
            strict = answer.headers.getlist("Strict-Transport-Security")
            assert strict == (
                ["max-age=31536000; includeSubDomains"] if scheme == "https" else []
            ), right.route
            assert "Python" not in answer.headers.get("Server", "")


def test_the_policy_allows_no_script_in_pages_and_no_frame() -> None:
    policy = dict(SECURITY_HEADERS)["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                 "form-action 'self'", "default-src 'self'"):  # fmt: skip
        assert rule in policy
    assert dict(SECURITY_HEADERS)["X-Content-Type-Options"] == "nosniff"


def test_no_cell_of_any_export_is_calculated(house: tuple[Flask, Known, dict[str, int]]) -> None:
    app, known, ids = house
    client = app.test_client()
    tables = 0
    paths = [
        *every_address(ids),
        *(f"/collections/places/export?f={one}" for one in ("csv", "xlsx")),
    ]
    paths += ["/collections/places/items?f=csv&limit=100", "/books/4/list?f=xlsx"]
    paths += ["/books/4/list?f=csv"]
    for path in paths:
        answer = client.get(path, headers=known["administrator"])
        kind, content = answer.content_type or "", answer.get_data()
        if answer.status_code != 200:
            continue
        if kind.startswith("text/csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            bad = [cell for row in rows for cell in row if _calculates(cell)]
            tables += 1
        elif "spreadsheetml" in kind:
            book = openpyxl.load_workbook(io.BytesIO(content))
            bad = [
                cell.coordinate
                for sheet in book
                for row in sheet.iter_rows()
                for cell in row
                if cell.data_type == "f"
            ]
            tables += 1
        else:
            continue
        assert bad == [], path
    assert tables > 10


def _calculates(cell: str) -> bool:
    """Whether a spreadsheet may take a text for a formula; a plain number is none."""
    if not cell.startswith(STARTS):
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def test_logs_hold_no_password_token_or_session(
    store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    if not store.embedded:
        pytest.skip("logs are the same whatever the store")
    furnish(store)
    _, link = open_account(store, ROOT, "wang", [Grant(Role.EDITOR)], datetime.now(UTC))
    accept_invitation(store, link, PASSWORD, datetime.now(UTC))
    app, known = open_house(store)
    token = known["administrator"]["Authorization"].removeprefix("Bearer ")
    client = app.test_client()
    with caplog.at_level(logging.DEBUG):
        for password in (PASSWORD, f"{PASSWORD} not"):
            client.post("/sign-in", json={"name": "wang", "password": password})
        client.post(f"/welcome/{link}", json={"password": PASSWORD})
        client.get("/accounts", headers=known["administrator"])
        client.get("/accounts", headers={"Authorization": f"Bearer {token}x"})
        client.post("/account/tokens", json={"label": PASSWORD}, headers=known["administrator"])
    cookie = client.get_cookie("ovoo_session")
    assert cookie is not None
    written = caplog.text + "".join(capfd.readouterr())
    for secret in (PASSWORD, token, cookie.value, link):
        assert secret not in written
    with store.read() as connection:
        entries = connection.exec_driver_sql("SELECT * FROM journal").all()
    for secret in (PASSWORD, token, cookie.value):
        assert secret not in repr(entries)


def test_the_last_administrator_stays_however_many_try_at_once(store: Store) -> None:
    ids = []
    for name in ("first", "second"):
        identity, _ = open_account(
            store, ROOT, name, [Grant(Role.ADMINISTRATOR)], datetime.now(UTC)
        )
        ids.append(identity)

    def close(identity: int) -> str:
        try:
            close_account(store, ROOT, identity)
        except OvooError as error:
            return error.code
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(close, ids))
    assert outcomes == ["closed", Conflict.code]
    with store.read() as connection:
        left = [one for one in read_accounts(connection) if not one.closed]
        assert len(left) == 1
        assert find_account(connection, left[0].name).grants == {Grant(Role.ADMINISTRATOR)}
