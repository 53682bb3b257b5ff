"""Corrections of a submission: proposed, confirmed by a person, taken in as a derived row."""

from datetime import date

import orjson
import pytest
from sqlalchemy import select
from visits import as_csv, rows

from boundary import (
    commit,
    confirm_cause,
    confirm_corrections,
    preview,
    read_submission,
    receive,
    withdraw_corrections,
)
from boundary.evidence_tables import correction, inspection_evidence, outcome
from boundary.tables import inspection
from data import journal
from data.errors import InvalidValue, NotCommittable
from data.store import Store
from data.stored_files import read_file

TODAY = date(2026, 11, 23)


def with_a_slip() -> list[list[str]]:
    """The drawn region visited; in the second row two digits of the latitude are exchanged."""
    table = rows()
    whole, point, decimals = table[1][2].partition(".")
    table[1][2] = f"{whole}{point}{decimals[1]}{decimals[0]}{decimals[2:]}"
    return table


def with_exchanged_axes() -> list[list[str]]:
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    return table


def test_a_confirmed_correction_is_a_row_of_its_own_and_the_first_stays(filled: Store) -> None:
    content = as_csv(with_exchanged_axes())
    identity = receive(filled, content, "a.csv", "巡查一组")
    before = preview(filled, identity, TODAY)
    wrong = before["results"][1]
    assert (wrong["verdict"], wrong["proposal"]["code"]) == ("resubmit", "axes_swapped")
    report = confirm_corrections(filled, identity, [3], "甲", "checked in the field book", TODAY)
    assert [one["row"] for one in report["results"]] == [2, 4, 5, 6, 7]
    assert report["summary"] == {"in_place": 5}
    (told,) = report["corrections"]
    assert (told["row"], told["derived_row"], told["confirmed_by"]) == (3, 7, "甲")
    assert told["changes"][0]["from"] == wrong["proposal"]["changes"][0]["from"]
    assert read_submission_as_stored(filled, identity) == report
    with filled.read() as connection:
        assert read_file(connection, report["sha256"]) == content
        kept = connection.execute(select(correction)).one()
        assert (kept.row, kept.code, kept.reason) == (
            3,
            "axes_swapped",
            "checked in the field book",
        )


def read_submission_as_stored(store: Store, identity: int) -> dict[str, object]:
    with store.read() as connection:
        return read_submission(connection, identity)


def test_the_derived_observation_is_committed_with_where_it_comes_from(filled: Store) -> None:
    identity = receive(filled, as_csv(with_exchanged_axes()), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    confirm_corrections(filled, identity, [3], "甲", today=TODAY)
    commit(filled, identity, "审核", TODAY)
    with filled.read() as connection:
        derived = connection.execute(
            select(inspection.c.verdict, inspection.c.raw, inspection_evidence.c.derived_from)
            .join(inspection_evidence, inspection_evidence.c.inspection_id == inspection.c.id)
            .where(inspection.c.row == 7)
        ).one()
        journal.verify(connection)
    origin = orjson.loads(derived.derived_from)
    assert derived.verdict == "in_place"
    assert (origin["row"], origin["confirmed_by"]) == (3, "甲")
    assert orjson.loads(derived.raw)["lon"] == origin["changes"][0]["to"]


def test_a_confirmed_slip_is_learned_of_its_surveyor(filled: Store) -> None:
    identity = receive(filled, as_csv(with_a_slip()), "a.csv", "巡查一组")
    wrong = preview(filled, identity, TODAY)["results"][1]
    assert (wrong["verdict"], wrong["cause"]) == ("resubmit", "typing")
    confirm_corrections(filled, identity, [3], "甲", today=TODAY)
    with filled.read() as connection:
        learned = connection.execute(select(outcome)).one()
    assert (learned.surveyor, learned.cause, learned.rows) == ("巡查一组", "typing", 1)


def test_what_was_confirmed_can_be_taken_back_until_the_commit(filled: Store) -> None:
    identity = receive(filled, as_csv(with_a_slip()), "a.csv", "巡查一组")
    first = preview(filled, identity, TODAY)
    confirm_corrections(filled, identity, [3], "甲", today=TODAY)
    again = withdraw_corrections(filled, identity, [3], "甲", TODAY)
    assert again["results"] == first["results"]
    assert again["corrections"] == []
    with filled.read() as connection:
        assert connection.execute(select(outcome)).all() == []
    with pytest.raises(InvalidValue, match="no correction"):
        withdraw_corrections(filled, identity, [3], "甲", TODAY)
    commit(filled, identity, "审核", TODAY)
    with pytest.raises(NotCommittable):
        confirm_corrections(filled, identity, [3], "甲", today=TODAY)


def test_only_a_proposal_can_be_confirmed_and_only_once(filled: Store) -> None:
    identity = receive(filled, as_csv(with_a_slip()), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    with pytest.raises(InvalidValue, match="no proposed correction") as caught:
        confirm_corrections(filled, identity, [2], "甲", today=TODAY)
    assert "第 2 行" in caught.value.zh
    confirm_corrections(filled, identity, [3], "甲", today=TODAY)
    with pytest.raises(InvalidValue, match="no proposed correction"):
        confirm_corrections(filled, identity, [7], "甲", today=TODAY)


def test_a_confirmed_cause_is_learned_once(filled: Store) -> None:
    table = [[number, *dms(lon, lat), *rest] for number, lon, lat, *rest in rows()]
    identity = receive(filled, as_csv(table), "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    assert {one["cause"] for one in report["results"]} == {"dms"}
    assert report["results"][0]["proposal"]["code"] == "dms"
    for _ in range(2):
        confirm_cause(filled, identity, "dms", "甲", TODAY)
    with filled.read() as connection:
        learned = connection.execute(select(outcome)).one()
    assert (learned.cause, learned.rows, learned.confirmed_by) == ("dms", 5, "甲")
    with pytest.raises(InvalidValue, match="no such cause"):
        confirm_cause(filled, identity, "beijing54", "甲", TODAY)
    corrected = confirm_corrections(filled, identity, [2, 3, 4, 5, 6], "甲", today=TODAY)
    assert corrected["summary"] == {"in_place": 5}


def dms(*texts: str) -> list[str]:
    """Decimal degrees as degrees, minutes and seconds in pairs of decimals."""
    found = []
    for text in texts:
        seconds = round(float(text) * 3600, 5)
        degrees, rest = divmod(seconds, 3600)
        minutes, rest = divmod(rest, 60)
        found.append(f"{int(degrees)}.{int(minutes):02d}{round(rest * 1e5):07d}")
    return found
