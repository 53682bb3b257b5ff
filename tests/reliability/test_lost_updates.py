"""Nobody's change is overwritten: fifty clients at one record, two offices at one file."""

import threading
from collections.abc import Callable
from datetime import date

import region
from flask import Flask
from sqlalchemy import func, select
from visits import as_csv, rows

from boundary import commit, preview, receive
from boundary.tables import inspection
from data import journal
from data.errors import Conflict
from data.store import Store
from gazetteer.tables import place

CLIENTS = 50
TODAY = date(2026, 6, 1)


def together(count: int, act: Callable[[int], None]) -> None:
    """Do something in many threads at once; the first fault is raised."""
    faults: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            faults.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_fifty_clients_edit_one_record(app: Flask, filled: Store) -> None:
    with filled.write("tests", "a draft") as transaction:
        identity = transaction.insert(place, {"name": "新泉", "status": "unverified"})
    path = f"/collections/places/items/{identity}"
    refused: list[int] = []

    def add_one(number: int) -> None:
        client = app.test_client()
        while True:
            seen = client.get(path)
            known = seen.get_json(force=True)["properties"].get("meaning") or ""
            answer = client.patch(
                path,
                json={"properties": {"meaning": f"{known}[{number}]"}},
                headers={"If-Match": seen.headers["ETag"]},
                content_type="application/merge-patch+json",
            )
            if answer.status_code in {200, 204}:
                return
            assert answer.status_code == 412
            refused.append(number)

    together(CLIENTS, add_one)
    with filled.read() as connection:
        record = connection.execute(select(place).where(place.c.id == identity)).one()
        journal.verify(connection)
    assert all(f"[{number}]" in record.meaning for number in range(CLIENTS))
    assert record.version == CLIENTS + 1
    assert refused


def test_two_offices_commit_one_file(filled: Store) -> None:
    identity = receive(filled, as_csv(rows()), "visit.csv", "甲")
    preview(filled, identity, TODAY)
    reports = {}

    def act(number: int) -> None:
        reports[number] = commit(filled, identity, f"office {number}", TODAY)

    together(2, act)
    assert reports[0] == reports[1]
    with filled.read() as connection:
        found = connection.scalar(select(func.count()).select_from(inspection))
    assert found == len(region.MARKERS)


def test_two_writers_of_one_version(filled: Store) -> None:
    outcomes: list[str] = []

    def act(number: int) -> None:
        try:
            with filled.write(f"office {number}", "edit") as transaction:
                transaction.update(place, 1, 1, {"meaning": str(number)})
            outcomes.append("kept")
        except Conflict:
            outcomes.append("told")

    together(8, act)
    assert sorted(outcomes) == ["kept", *["told"] * 7]
