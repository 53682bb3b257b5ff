"""Repairs on both stores: opened by evidence, restored before a witness, verified anew."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from visits import LON_OF_TWO_METRES, as_csv, rows

from boundary import commit, receive
from boundary.errors import NotLawful, WrongState
from boundary.marker_tables import marker_version
from boundary.repair_tables import repair_order
from boundary.repairs import (
    RepairsQuery,
    Work,
    assign,
    cancel,
    close,
    list_repairs,
    open_order,
    read_repair,
    record_incident,
    restore,
)
from boundary.repairs.orders import days_for
from boundary.status.rejudging import judge_all
from boundary.tables import marker
from data.actors import Actor, Grant, Role
from data.errors import Conflict, Forbidden, InvalidValue, NotFound
from data.store import Store

TODAY = date(2026, 11, 23)
EDITOR = Actor("编辑", frozenset({Grant(Role.EDITOR, "990101")}))
WORK = Work("修复", date(2026, 6, 1), "施工队", "邻方见证", "990102")


def managed(store: Store) -> Store:
    with store.write("t", "who manages") as transaction:
        transaction.change_many(marker, [1, 2, 3], {"managing_party": "东旗"})
    return store


def send(store: Store, table: list[list[str]], name: str) -> None:
    commit(store, receive(store, as_csv(table), name, "巡查"), "审核", TODAY)


def order(store: Store, identity: int = 1) -> dict[str, Any]:
    with store.read() as connection:
        return read_repair(connection, identity)


def queue(store: Store, **asked: Any) -> list[dict[str, Any]]:
    with store.read() as connection:
        return list_repairs(connection, RepairsQuery(**asked), TODAY)


def on(day: str) -> list[list[str]]:
    return [[*row[:5], day, *row[6:]] for row in rows()]


def test_a_displaced_verdict_opens_an_order_to_the_managing_side(filled: Store) -> None:
    send(managed(filled), rows(LON_OF_TWO_METRES), "a.csv")
    (one,) = queue(filled)
    assert (one["marker_no"], one["reason"], one["severity"]) == ("9901002Q", "displaced", 5)
    assert (one["managing_party"], one["state"]) == ("990101", "open")
    assert (one["due_on"] - one["opened_on"]).days == days_for(5) == 60
    send(filled, [*rows(LON_OF_TWO_METRES)][:2], "again.csv")
    assert len(queue(filled)) == 1


def test_an_order_is_of_the_day_in_china(filled: Store) -> None:
    # Half past one at night in Hohhot is still the day before in UTC.
    with time_machine.travel(datetime(2026, 11, 22, 17, 30, tzinfo=UTC), tick=False):
        send(managed(filled), rows(LON_OF_TWO_METRES), "a.csv")
    assert [one["opened_on"] for one in queue(filled)] == [TODAY]


def test_it_is_restored_before_a_witness_and_closed_by_an_inspection(filled: Store) -> None:
    send(managed(filled), rows(LON_OF_TWO_METRES), "a.csv")
    assert assign(filled, EDITOR, 1, 1, "张某", None) == 2
    reset = replace(WORK, kind="重新埋设", survey_method="静态", surveyed_on=date(2026, 6, 1))
    restore(filled, EDITOR, 1, 2, reset, TODAY)
    done = order(filled)
    assert (done["state"], done["work_kind"], done["witness"]) == ("done", "reset", "邻方见证")
    with pytest.raises(NotLawful, match="inspection since the work"):
        close(filled, EDITOR, 1, 3, TODAY)
    send(filled, on("2026-06-20"), "after.csv")
    assert close(filled, EDITOR, 1, 3, TODAY) == "closed"
    closed = order(filled)
    assert (closed["closed_on"], closed["verified_by"]) == (TODAY, 7)
    with filled.read() as connection:
        version = connection.execute(select(marker_version)).one()
        shown = connection.execute(select(marker).where(marker.c.id == 2)).one()
    assert (version.kind, version.parties) == ("reset", "990101|990102")
    assert shown.status == "sound"


def test_a_restoration_that_did_not_hold_is_open_again(filled: Store) -> None:
    open_order(managed(filled), EDITOR, 1, "损坏", TODAY)
    restore(filled, EDITOR, 1, 1, WORK, TODAY)
    send(filled, [[*row[:5], "2026-06-20", "损坏", *row[7:]] for row in rows()], "a.csv")
    assert close(filled, EDITOR, 1, 2, TODAY) == "open"
    assert order(filled)["state"] == "open"


@pytest.mark.parametrize(
    ("work", "missing"),
    [
        (replace(WORK, witness=None, witness_party=None), "neighbour's witness"),
        (replace(WORK, witness=" "), "neighbour's witness"),
        (replace(WORK, witness_party=None), "neighbour's witness"),
        (replace(WORK, witness_party="990101"), "not of the managing side"),
        (replace(WORK, witness_party="980101"), "a party of this line"),
        (replace(WORK, kind="原址更换"), "the survey"),
    ],
)
def test_a_repair_without_the_neighbour_cannot_be_recorded(
    filled: Store, work: Work, missing: str
) -> None:
    open_order(managed(filled), EDITOR, 1, "damaged", TODAY)
    with pytest.raises(NotLawful, match=missing) as caught:
        restore(filled, EDITOR, 1, 1, work, TODAY)
    assert "第六条" in caught.value.zh
    assert order(filled)["state"] == "open"
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(marker_version)) == 0


def test_without_a_managing_side_nobody_can_have_repaired(filled: Store) -> None:
    open_order(filled, EDITOR, 1, "damaged", TODAY)
    with pytest.raises(NotLawful, match="managing side"):
        restore(filled, EDITOR, 1, 1, WORK, TODAY)
    assign(filled, EDITOR, 1, 1, "张某", "990101")
    restore(filled, EDITOR, 1, 2, WORK, TODAY)
    assert order(filled)["state"] == "done"


def test_two_repairs_of_one_marker_are_one(filled: Store) -> None:
    open_order(managed(filled), EDITOR, 1, "损坏", TODAY)
    with pytest.raises(Conflict, match="unfinished repair 1"):
        open_order(filled, EDITOR, 1, "移位", TODAY)
    cancel(filled, EDITOR, 1, 1, "误报")
    assert open_order(filled, EDITOR, 1, "移位", TODAY) == 2
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(repair_order)) == 2


def test_steps_out_of_turn_strangers_and_bad_values_are_refused(filled: Store) -> None:
    open_order(managed(filled), EDITOR, 1, "损坏", TODAY)
    with pytest.raises(WrongState):
        close(filled, EDITOR, 1, 1, TODAY)
    with pytest.raises(InvalidValue, match="restoration in place"):
        restore(filled, EDITOR, 1, 1, replace(WORK, kind="移位(经批准)"), TODAY)
    with pytest.raises(InvalidValue, match="worked_on"):
        restore(filled, EDITOR, 1, 1, replace(WORK, worked_on=date(2027, 1, 1)), TODAY)
    with pytest.raises(Conflict):
        restore(filled, EDITOR, 1, 9, WORK, TODAY)
    with pytest.raises(NotFound):
        restore(filled, EDITOR, 9, 1, WORK, TODAY)
    with pytest.raises(Forbidden):
        restore(filled, Actor("x", frozenset({Grant(Role.EDITOR, "990201")})), 1, 1, WORK, TODAY)
    with pytest.raises(InvalidValue, match="reason"):
        open_order(filled, EDITOR, 2, "好看", TODAY)
    assert order(filled)["version"] == 1


def test_a_fine_is_at_most_a_thousand_yuan(filled: Store) -> None:
    open_order(managed(filled), EDITOR, 1, "损坏", TODAY)
    with pytest.raises(InvalidValue, match="Art 17"):
        record_incident(filled, EDITOR, 1, 1, {"fine_yuan": 1000.5})
    said = {"fine_yuan": 1000.0, "cost_yuan": 350.0, "liable": "某人", "cause": "车辆撞击"}
    record_incident(filled, EDITOR, 1, 1, said)
    assert {name: order(filled)[name] for name in said} == said


def test_the_queue_is_by_severity_age_and_division(filled: Store) -> None:
    managed(filled)
    old = date(2026, 1, 1)
    for marker_id, reason, day in ((1, "损坏", TODAY), (2, "注记不清", old), (3, "丢失", old)):
        open_order(filled, EDITOR, marker_id, reason, day)
    assert [one["marker_id"] for one in queue(filled)] == [3, 1, 2]
    assert [one["marker_id"] for one in queue(filled, overdue=True)] == [3, 2]
    assert [one["marker_id"] for one in queue(filled, severity=4)] == [3, 1]
    assert len(queue(filled, division="990100")) == len(queue(filled, division="990101")) == 3
    assert queue(filled, division="990200") == []
    assert [one["age_days"] for one in queue(filled, marker_id=3)] == [(TODAY - old).days]


def test_repairs_over_http(client: FlaskClient, filled: Store) -> None:
    managed(filled)
    made = client.post("/repairs", json={"marker_id": 1, "reason": "损坏"})
    assert made.status_code == 201
    again = client.post("/repairs", json={"marker_id": 1, "reason": "损坏"})
    assert again.status_code == 409
    address = made.headers["Location"]
    refused = client.post(f"{address}/done", json={"version": 1, "kind": "修复"})
    assert refused.get_json()["type"].endswith("not-lawful")
    work = {"version": 1, "kind": "修复", "witness": "李某", "witness_party": "990102"}
    assert client.post(f"{address}/done", json=work).get_json()["state"] == "done"
    assert client.post(f"{address}/close", json={"version": 2}).status_code == 409
    fine = {"version": 2, "fine_yuan": 2000}
    assert client.post(f"{address}/incident", json=fine).get_json()["field"] == "fine_yuan"
    listed = client.get("/repairs?state=unfinished&division=990100&overdue=false").get_json()
    assert [one["marker_no"] for one in listed["repairs"]] == ["9901001Q"]
    assert "9901001Q" in client.get("/repairs?f=html").get_data(as_text=True)
    assert client.get("/repairs?overdue=maybe").status_code == 400
    assert client.get("/repairs/99").status_code == 404


def test_judging_all_opens_the_orders_that_are_missing_and_each_once(filled: Store) -> None:
    send(managed(filled), rows(LON_OF_TWO_METRES), "a.csv")
    cancel(filled, EDITOR, 1, 1, "误开")
    assert judge_all(filled, "op").ordered == ()
    done = judge_all(filled, "op", today=TODAY)
    assert len(done.ordered) == 1
    one = order(filled, done.ordered[0])
    assert (one["marker_no"], one["reason"], one["opened_on"]) == ("9901002Q", "displaced", TODAY)
    assert (one["managing_party"], one["parties"]) == ("990101", ["990101", "990102"])
    assert judge_all(filled, "op", today=TODAY).ordered == ()
    assert judge_all(filled, "op", today=TODAY, dry_run=True).ordered == ()
