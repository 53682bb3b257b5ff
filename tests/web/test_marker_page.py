"""The page of a marker with more inspections than it shows."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from boundary.tables import inspection, marker, submission
from data.store import Store
from data.stored_files import keep_file
from web.pages import markers

DAYS = (date(2020, 5, 1), date(2026, 5, 1), None, date(2023, 5, 1), date(2026, 5, 1))


def fill(store: Store) -> None:
    """Inspections that were not entered in the order of their days."""
    given: dict[str, object] = {
        "marker_id": 1,
        "marker_no": "9901001Q",
        "verdict": "in_place",
        "condition": "intact",
        "raw": "",
    }
    with store.write("tests", "inspections of one marker") as transaction:
        sent = {"sha256": keep_file(transaction, b"a"), "file_name": "a.csv", "sent_by": "甲"}
        sent |= {"received_at": "2026-05-03", "state": "committed"}
        given["submission_id"] = transaction.insert(submission, sent)
        for number, day in enumerate(DAYS):
            transaction.insert(
                inspection, given | {"row": 1, "observed_on": day, "reason_en": f"visit {number}"}
            )


def visits(page: str) -> list[str]:
    return re.findall(r"visit (\d)", page)


def test_the_newest_inspections_stand_first(client: FlaskClient, filled: Store) -> None:
    fill(filled)
    page = client.get("/markers/1?f=html&lang=en").get_data(as_text=True)
    assert visits(page) == ["4", "1", "3", "0", "2"]
    assert "newest" not in page


def test_older_ones_are_a_link_away(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(filled)
    monkeypatch.setattr(markers, "_MOST", 3)
    page = client.get("/markers/1?f=html&lang=en").get_data(as_text=True)
    assert visits(page) == ["4", "1", "3"]
    assert "newest 3 inspections" in page
    (address,) = re.findall(r'href="(/collections/inspections/items\?[^"]+)"', page)
    every = client.get(unescape(address).replace("f=html", "f=json")).get_json()["features"]
    assert [one["properties"]["reason_en"][-1] for one in every] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("status", "marks"),
    [("displaced", ["移位", "完好"]), ("lost", ["移位", "丢失", "完好"])],
)
def test_a_status_that_the_verdict_says_already_is_not_said_again(
    client: FlaskClient, filled: Store, status: str, marks: list[str]
) -> None:
    with filled.write("tests", "a marker that has moved") as transaction:
        found = {"status": status, "verdict": "displaced", "condition": "intact"}
        transaction.update(marker, 1, 1, found)
    page = client.get("/markers/1?f=html&lang=zh").get_data(as_text=True)
    (said,) = re.findall(r'<p class="entry-marks">(.*?)</p>', page, re.DOTALL)
    assert re.sub(r"<[^>]+>", " ", said).split() == marks
