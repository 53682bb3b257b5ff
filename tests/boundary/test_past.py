"""What a commit leaves behind, and what the next file is held against."""

from datetime import date, timedelta
from typing import Any

import pytest
from region import MARKERS
from sqlalchemy import insert, select
from visits import LON_OF_TWO_METRES, as_csv, rows

from boundary import commit, preview, receive
from boundary.diagnosis import DiagnosisRules
from boundary.evidence_tables import inspection_evidence, outcome
from boundary.marker_tables import marker_version
from boundary.past import read_campaign, read_experience, read_visits
from boundary.tables import inspection
from data.store import Store

TODAY = date(2026, 11, 23)
MARKER_IDS = list(range(1, len(MARKERS) + 1))


def visit(store: Store, day: date, moved: float = 0.0, **cells: str) -> int:
    """A committed visit to every marker on a day."""
    names = {"surveyor": 7, "session": 8}
    table = rows(moved)
    for one in table:
        one[5] = day.isoformat()
        for name, text in cells.items():
            one[names[name]] = text
    identity = receive(store, as_csv(table), f"{day}.csv", "巡查一组")
    commit(store, identity, "审核", TODAY)
    return identity


def test_a_commit_keeps_what_each_inspection_stands_on(filled: Store) -> None:
    visit(filled, date(2026, 5, 3), LON_OF_TWO_METRES)
    with filled.read() as connection:
        kept = connection.execute(
            select(inspection_evidence).order_by(inspection_evidence.c.inspection_id)
        ).all()
        visits = read_visits(connection, MARKER_IDS)
    assert [one.marker_id for one in kept] == MARKER_IDS
    assert kept[1].outside_p < 1e-6
    assert kept[1].remaining_east_m == pytest.approx(2.0, abs=0.02)
    assert (kept[0].grade, kept[0].cause, kept[0].session) == ("survey", "", "S1")
    assert kept[0].observation_sigma_m == 0.025
    assert visits[2][0].east_m == pytest.approx(2.0, abs=0.02)
    assert visits[2][0].survey_grade


def test_a_second_visit_of_the_store_bears_out_a_lone_displacement(filled: Store) -> None:
    alone = [rows(LON_OF_TWO_METRES)[1]]
    lone = receive(filled, as_csv(alone), "first.csv", "巡查一组")
    assert preview(filled, lone, TODAY)["results"][0]["verdict"] == "suspect"
    commit(filled, lone, "审核", TODAY)
    alone[0][5] = "2026-06-10"
    again = receive(filled, as_csv(alone), "second.csv", "巡查二组")
    assert preview(filled, again, TODAY)["results"][0]["verdict"] == "displaced"


def test_the_same_day_sent_twice_bears_nothing_out(filled: Store) -> None:
    alone = [rows(LON_OF_TWO_METRES)[1]]
    commit(filled, receive(filled, as_csv(alone), "first.csv", "甲"), "审核", TODAY)
    twice = receive(filled, as_csv(alone) + b"\r\n", "again.csv", "甲")
    assert preview(filled, twice, TODAY)["results"][0]["verdict"] == "suspect"


def test_visits_before_a_marker_was_set_again_no_longer_count(filled: Store) -> None:
    visit(filled, date(2025, 5, 3), LON_OF_TWO_METRES)
    with filled.write("tests", "set again") as transaction:
        transaction.insert(
            marker_version, {"marker_id": 2, "kind": "reset", "happened_on": date(2025, 9, 1)}
        )
    with filled.read() as connection:
        visits = read_visits(connection, MARKER_IDS)
    assert 2 not in visits
    assert 1 in visits


def test_a_marker_is_followed_through_its_visits(filled: Store) -> None:
    for year in range(2020, 2026):
        visit(filled, date(year, 5, 3), 0.02 * (year - 2020) * LON_OF_TWO_METRES)
    table = rows(0.02 * 6 * LON_OF_TWO_METRES)
    identity = receive(filled, as_csv(table), "now.csv", "巡查一组")
    found = preview(filled, identity, TODAY)["findings"]
    creeping = [one for one in found if one["code"] == "creep"]
    assert [one["marker_no"] for one in creeping] == [MARKERS[1][0]]
    assert creeping[0]["east_mm_per_year"] == pytest.approx(40, abs=4)


def test_false_alarms_are_counted_over_the_campaign(filled: Store) -> None:
    visit(filled, TODAY - timedelta(days=30))
    visit(filled, TODAY - timedelta(days=800))
    with filled.read() as connection:
        campaign = read_campaign(connection, TODAY)
        without = read_campaign(connection, TODAY, [2])
        none = read_campaign(connection, TODAY - timedelta(days=400))
    assert len(campaign) == len(MARKERS)
    assert len(without) == len(MARKERS)
    assert none == ()


def test_a_large_clean_campaign_asks_for_more_proof(filled: Store) -> None:
    """A displacement at p = 5e-5 stands alone; among thousands of sound ones it may be chance."""
    identity = visit(filled, TODAY - timedelta(days=30))
    table = rows(0.15 * LON_OF_TWO_METRES)
    table[1][2] = f"{float(table[1][2]) + 0.31 / 111_070:.9f}"
    moved = receive(filled, as_csv(table), "moved.csv", "巡查一组")
    before = preview(filled, moved, TODAY)["results"][1]
    assert before["verdict"] == "displaced"
    fill_campaign(filled, identity, 3_000)
    after = preview(filled, moved, TODAY)["results"][1]
    assert after["outside_p"] == before["outside_p"]
    assert after["verdict"] == "suspect"
    assert "显著性" in after["zh"]


def fill_campaign(store: Store, submission_id: int, count: int) -> None:
    values: list[dict[str, Any]] = [
        {"submission_id": submission_id, "row": 100 + k, "marker_id": 1, "marker_no": "x",
         "verdict": "in_place", "raw": "{}"}
        for k in range(count)
    ]  # fmt: skip
    with store.write("tests", "a campaign") as transaction:
        ids = transaction.insert_many(inspection, values)
        transaction.connection.execute(
            insert(inspection_evidence),
            [
                {"inspection_id": one, "marker_id": 1, "outside_p": 1.0, "cause": "",
                 "observed_on": TODAY - timedelta(days=10)}
                for one in ids
            ],
        )  # fmt: skip


def test_clean_files_and_scatter_are_learned(filled: Store) -> None:
    visit(filled, date(2026, 5, 3))
    with filled.read() as connection:
        kept = connection.execute(select(outcome)).one()
        known = read_experience(connection, ["巡查一组", "nobody"])
        before = read_experience(connection, ["巡查一组"], before="2020-01-01")
    assert (kept.cause, kept.rows, kept.surveyor) == ("none", 5, "巡查一组")
    assert known.counts == {"巡查一组": {"none": 1}}
    assert before.counts == {}
    adjusted = known.adjusted(DiagnosisRules().datum_causes, {"巡查一组"})
    assert adjusted[0].prior > DiagnosisRules().datum_causes[0].prior


def test_a_surveyor_whose_files_scatter_gets_a_larger_sigma(filled: Store) -> None:
    identity = visit(filled, date(2026, 5, 3))
    with filled.write("tests", "experience") as transaction:
        transaction.insert_many(
            outcome,
            [
                {"submission_id": identity, "surveyor": "巡查九组", "cause": "none", "rows": 12,
                 "scatter": 9.0, "confirmed_by": "x", "recorded_at": f"2020-01-0{k}"}
                for k in range(1, 5)
            ],
        )  # fmt: skip
    with filled.read() as connection:
        assert read_experience(connection, ["巡查九组"]).sigma_factors["巡查九组"] == 3.0
    table = rows()
    for one in table:
        one[7] = "巡查九组"
    report = preview(filled, receive(filled, as_csv(table), "b.csv", "x"), TODAY)
    assert report["results"][0]["observation_sigma_m"] == 0.075
    assert "accuracy_learned" in {one["code"] for one in report["findings"]}


def test_what_others_confirm_meanwhile_does_not_change_a_preview(filled: Store) -> None:
    waiting = receive(filled, as_csv(rows()), "waiting.csv", "巡查一组")
    before = preview(filled, waiting, TODAY)
    visit(filled, date(2025, 5, 3))
    assert preview(filled, waiting, TODAY)["results"] == before["results"]
    assert commit(filled, waiting, "审核", TODAY)["state"] == "committed"
