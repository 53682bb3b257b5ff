"""A surveyor's file from receipt to inspections, on both stores."""

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from region import MARKERS
from sqlalchemy import func, select, text
from visits import LON_OF_TWO_METRES, as_csv, rows

from boundary import commit, preview, read_submission, receive
from boundary.tables import inspection, marker, submission
from data import journal
from data.errors import Conflict, NotCommittable, NotFound
from data.geometry import point_xy
from data.store import Store
from data.tables import stored_file

TODAY = date(2026, 11, 23)


def count(store: Store, table: Any) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_the_bytes_are_kept_as_they_came_and_twice_is_once(filled: Store) -> None:
    content = as_csv(rows())
    first = receive(filled, content, "巡查.csv", "巡查一组")
    again = receive(filled, content, "copy of 巡查.csv", "巡查二组")
    assert first == again
    with filled.read() as connection:
        kept = connection.execute(select(stored_file)).one()
        row = connection.execute(select(submission)).one()
    assert (kept.bytes, kept.size_bytes) == (content, len(content))
    assert (row.file_name, row.sent_by, row.state) == ("巡查.csv", "巡查一组", "received")


def test_a_preview_stores_no_inspection(filled: Store) -> None:
    identity = receive(filled, as_csv(rows()), "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    assert report["state"] == "preview"
    assert report["summary"] == {"in_place": 5}
    assert count(filled, inspection) == 0


def test_a_moved_marker_is_found_and_told_in_both_languages(filled: Store) -> None:
    identity = receive(filled, as_csv(rows(LON_OF_TWO_METRES)), "a.csv", "巡查一组")
    result = preview(filled, identity, TODAY)["results"][1]
    assert result["verdict"] == "displaced"
    assert result["distance_m"] == pytest.approx(2.0, abs=0.02)
    assert result["bearing_deg"] == pytest.approx(90, abs=1)
    assert "2.00 m" in result["en"]
    assert "移位" in result["zh"]


def test_a_commit_is_one_transaction_and_moves_no_reference(filled: Store) -> None:
    identity = receive(filled, as_csv(rows(LON_OF_TWO_METRES)), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    report = commit(filled, identity, "审核", TODAY)
    assert (report["state"], report["committed_by"]) == ("committed", "审核")
    with filled.read() as connection:
        committed = connection.execute(select(inspection).order_by(inspection.c.row)).all()
        markers = connection.execute(select(marker).order_by(marker.c.id)).all()
        journal.verify(connection)
    assert [(one.marker_no, one.verdict) for one in committed] == [
        ("9901001Q", "in_place"),
        ("9901002Q", "displaced"),
        ("9901003A", "in_place"),
        ("9901003B", "in_place"),
        ("9901004Q", "in_place"),
    ]
    assert committed[1].observed_on == date(2026, 5, 3)
    assert '"巡查一组"' in committed[1].raw
    assert [one.verdict for one in markers][:2] == ["in_place", "displaced"]
    assert [(m.marker_no, *point_xy(m.geom)) for m in markers] == [tuple(m) for m in MARKERS]


def test_a_second_commit_changes_nothing(filled: Store) -> None:
    identity = receive(filled, as_csv(rows()), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    first = commit(filled, identity, "审核", TODAY)
    assert commit(filled, identity, "另一人", TODAY) == first
    assert preview(filled, identity, TODAY) == first
    assert count(filled, inspection) == 5


def test_an_older_visit_does_not_overwrite_what_a_marker_shows(filled: Store) -> None:
    newer = receive(filled, as_csv(rows(LON_OF_TWO_METRES)), "new.csv", "巡查一组")
    commit(filled, newer, "审核", TODAY)
    older_rows = [[*row[:5], "2019-05-03", *row[6:]] for row in rows()]
    older = receive(filled, as_csv(older_rows), "old.csv", "巡查一组")
    commit(filled, older, "审核", TODAY)
    with filled.read() as connection:
        shown = connection.execute(select(marker).where(marker.c.id == 2)).one()
    assert (shown.verdict, shown.inspected_on) == ("displaced", date(2026, 5, 3))
    assert count(filled, inspection) == 10


def test_every_fault_of_a_file_is_told_at_once_and_good_rows_are_kept(filled: Store) -> None:
    table = rows()
    table[0][1] = "东经一百一十二度"
    table[2][5] = "2026-13-45"
    table[3][6] = "一般"
    table[4][5] = "2031-01-01"
    identity = receive(filled, as_csv(table), "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    assert [(f["row"], f["column"]) for f in report["faults"]] == [
        (2, "经度"),
        (4, "检查日期"),
        (5, "界桩状况"),
        (6, "检查日期"),
    ]
    assert all(f["zh"] and f["en"] for f in report["faults"])
    commit(filled, identity, "审核", TODAY)
    assert count(filled, inspection) == 1


def test_swapped_axes_are_named_with_the_exact_text_to_put_right(filled: Store) -> None:
    swapped = [[row[0], row[2], row[1], *row[3:]] for row in rows()]
    identity = receive(filled, as_csv(swapped), "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    assert report["summary"] == {"resubmit": 5}
    assert report["results"][0]["proposal"]["to"] == "112.000000000, 41.200000000"
    commit(filled, identity, "审核", TODAY)
    with filled.read() as connection:
        drawn = connection.scalars(select(inspection.c.geom)).all()
    assert drawn == [None] * 5


def test_rows_without_number_are_matched_by_nearness(filled: Store) -> None:
    unlabelled = [["", *row[1:]] for row in rows()]
    identity = receive(filled, as_csv(unlabelled), "a.csv", "巡查一组")
    results = preview(filled, identity, TODAY)["results"]
    assert [r["marker_no"] for r in results] == [number for number, *_ in MARKERS]
    assert {r["match"] for r in results} == {"nearest"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "."),
        (b"PK\x03\x04 not a zip", "."),
        ("界桩编号,经度,纬度\n".encode(), "."),
        ("甲,乙,丙\n1,2,3\n".encode(), "界桩编号"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_reason(
    filled: Store, content: bytes, said: str
) -> None:
    identity = receive(filled, content, "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    assert report["state"] == "refused"
    assert said in report["faults"][0]["zh"] or said in report["faults"][0]["en"]
    with pytest.raises(NotCommittable, match="was refused"):
        commit(filled, identity, "审核", TODAY)
    assert count(filled, inspection) == 0


def test_a_file_that_names_no_marker_cannot_be_committed(filled: Store) -> None:
    strange = [["0000999Q", "10.0", "10.0", *row[3:]] for row in rows()[:1]]
    identity = receive(filled, as_csv(strange), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    with pytest.raises(NotCommittable, match="nothing to commit"):
        commit(filled, identity, "审核", TODAY)


def test_a_register_changed_since_the_preview_is_shown_again(filled: Store) -> None:
    identity = receive(filled, as_csv(rows(LON_OF_TWO_METRES)), "a.csv", "巡查一组")
    before = preview(filled, identity, TODAY)
    with filled.write("tests", "another tolerance") as transaction:
        transaction.update(marker, 2, 1, {"tolerance_m": 5.0})
    with pytest.raises(Conflict, match="changed since"):
        commit(filled, identity, "审核", TODAY)
    with filled.read() as connection:
        shown = read_submission(connection, identity)
    assert shown["results"][1] != before["results"][1]
    assert commit(filled, identity, "审核", TODAY)["state"] == "committed"


def test_an_unknown_submission_is_not_found(filled: Store) -> None:
    with pytest.raises(NotFound, match="no submission 7"):
        preview(filled, 7)


def test_over_http_from_file_to_map(client: FlaskClient) -> None:
    content = as_csv(rows(LON_OF_TWO_METRES))
    sent = client.post("/submissions", data={"file": (io.BytesIO(content), "巡查.csv")})
    assert sent.status_code == 201, sent.get_data(as_text=True)
    report = sent.get_json()
    assert report["file_name"] == "巡查.csv"
    assert sent.headers["Location"].endswith(f"/submissions/{report['id']}")
    again = client.post("/submissions?file_name=x.csv", data=content, content_type="text/csv")
    assert again.get_json()["id"] == report["id"]
    done = client.post(f"/submissions/{report['id']}/commit")
    assert done.get_json()["state"] == "committed"
    shown = client.get("/collections/markers/items?verdict=displaced").get_json()
    assert [f["properties"]["marker_no"] for f in shown["features"]] == ["9901002Q"]
    assert client.get("/collections/inspections/items").get_json()["numberMatched"] == 5


def test_over_http_refusals_are_problems(client: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    nothing = client.post("/submissions", headers=english)
    assert (nothing.status_code, nothing.get_json()["title"]) == (400, "Invalid value")
    broken = client.post(
        "/submissions",
        data={"file": (io.BytesIO("甲,乙\n1,2\n".encode()), "../../etc/passwd")},
        headers=english,
    )
    assert (broken.status_code, broken.content_type) == (422, "application/problem+json")
    assert broken.get_json()["errors"][0]["zh"]
    kept = client.get(f"/submissions/{broken.get_json()['submission']}").get_json()
    assert (kept["state"], kept["file_name"]) == ("refused", "passwd")


def test_a_page_of_another_site_cannot_send_or_commit(client: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/submissions", data={"file": (io.BytesIO(b"x"), "a")}, headers=foreign)
    assert answer.status_code == 403
    assert client.post("/submissions/1/commit", headers=foreign).status_code == 403


def test_a_browser_without_script_is_led_to_the_report(client: FlaskClient) -> None:
    page = {"Accept": "text/html"}
    file = (io.BytesIO(as_csv(rows())), "a.csv")
    sent = client.post("/submissions", data={"file": file}, headers=page)
    assert sent.status_code == 303
    shown = client.get(sent.headers["Location"], headers=page)
    assert shown.status_code == 200
    assert "9901001Q" in shown.get_data(as_text=True)


def test_the_report_is_journalled_by_its_hash_only(filled: Store) -> None:
    identity = receive(filled, as_csv(rows()), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    with filled.read() as connection:
        entries = connection.scalars(
            text("SELECT after FROM journal WHERE table_name = 'submission' ORDER BY sequence")
        ).all()
    assert '"report_sha256":"' in entries[-1]
    assert "results" not in entries[-1]
