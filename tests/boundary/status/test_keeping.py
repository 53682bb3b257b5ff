"""Statuses in the store: written with their evidence, judged again for the whole region."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from visits import HEADER, LON_OF_TWO_METRES, as_csv, rows

from boundary import commit, receive
from boundary.displacement_verdicts import VerdictRules
from boundary.markers import Act, record_act
from boundary.status.keeping import shown_values, status_of
from boundary.status.rejudging import Positions, judge_all, rejudge
from boundary.tables import inspection, marker
from data.actors import Actor
from data.errors import NotFound
from data.store import Store

TODAY = date(2026, 11, 23)
OPERATOR = Actor.operator("op")


def shown(store: Store, marker_id: int) -> Any:
    with store.read() as connection:
        return connection.execute(select(marker).where(marker.c.id == marker_id)).one()


def send(store: Store, table: list[list[str]], name: str, header: list[str] | None = None) -> None:
    commit(store, receive(store, as_csv(table, header), name, "巡查"), "审核", TODAY)


def test_a_commit_shows_what_the_evidence_bears_out(filled: Store) -> None:
    send(filled, rows(LON_OF_TWO_METRES), "a.csv")
    assert [shown(filled, one).status for one in (1, 2)] == ["sound", "displaced"]
    later = [[*row[:5], "2026-09-01", *row[6:]] for row in rows()]
    send(filled, later, "b.csv")
    second = shown(filled, 2)
    assert (second.status, second.status_open, second.status_rules) == ("conflicting", True, "S7")
    assert second.inspected_on == date(2026, 9, 1)


def test_a_repair_lapses_what_was_found(filled: Store) -> None:
    send(filled, rows(LON_OF_TWO_METRES), "a.csv")
    repair = Act("重新埋设", date(2026, 6, 1), ("990101", "990102"), survey_method="静态",
                 surveyed_on=date(2026, 6, 1))  # fmt: skip
    record_act(filled, OPERATOR, 2, shown(filled, 2).version, repair, TODAY)
    assert shown(filled, 2).status == "restored"
    send(filled, [[*row[:5], "2026-06-20", *row[6:]] for row in rows()], "b.csv")
    assert shown(filled, 2).status == "sound"
    with filled.read() as connection:
        found = status_of(connection, 2)
    assert [(one.kind, one.counts, one.rule) for one in found.evidence] == [
        ("report", False, "S1"),
        ("act", True, ""),
        ("report", True, ""),
    ]


def test_searches_with_ties_and_proof_are_told_by_the_columns(filled: Store) -> None:
    header = [
        "界桩编号",
        "检查日期",
        "界桩状况",
        "检查方",
        "方位物1距离",
        "方位物2距离",
        "实物证据",
    ]
    send(filled, [["9901001Q", "2026-05-01", "未找到", "990101", "20.1", "", ""]], "a.csv", header)
    assert shown(filled, 1).status == "not_found"
    send(filled, [["9901001Q", "2026-06-01", "丢失", "990102", "", "", ""]], "b.csv", header)
    assert shown(filled, 1).status == "not_found"
    send(filled, [["9901001Q", "2026-07-01", "丢失", "990102", "", "", "是"]], "c.csv", header)
    assert shown(filled, 1).status == "lost"
    for number, name in ((1, "d"), (2, "e")):
        row = ["9901002Q", f"2026-0{number}-01", "未找到", "990101", "20.1", "31.5", ""]
        send(filled, [row], f"{name}.csv", header)
    assert (shown(filled, 2).status, shown(filled, 2).status_rules) == ("lost", "S5")
    with filled.read() as connection:
        kept = connection.execute(select(inspection).order_by(inspection.c.id)).all()
    assert [(one.side, one.ties, one.proof) for one in kept][:3] == [
        ("990101", 1, False),
        ("990102", 0, False),
        ("990102", 0, True),
    ]


def test_what_markers_show_is_what_is_derived(filled: Store) -> None:
    send(filled, rows(LON_OF_TWO_METRES), "a.csv")
    send(filled, [[*r[:5], "2026-06-01", "损坏", *r[7:]] for r in rows()], "b.csv", HEADER)
    with filled.read() as connection:
        for row in connection.execute(select(marker)).mappings():
            derived = shown_values(status_of(connection, row["id"]))
            assert {name: row[name] for name in derived} == derived
        with pytest.raises(NotFound):
            status_of(connection, 99)


def test_the_whole_region_is_judged_again(filled: Store) -> None:
    send(filled, rows(LON_OF_TWO_METRES), "a.csv")
    with filled.write("t", "forget what is shown; widen a tolerance") as transaction:
        transaction.change_each(
            marker,
            {1: {"status": None, "tolerance_m": 0.2}, 2: {"status": None, "tolerance_m": 3.0}},
        )
    dry = judge_all(filled, "op", dry_run=True)
    assert (dry.markers, dry.inspections, dry.changed, dry.written) == (5, 5, (1, 2), False)
    assert shown(filled, 1).status is None
    done = judge_all(filled, "op")
    assert done.changed == (1, 2)
    assert [shown(filled, one).status for one in (1, 2)] == ["sound", "sound"]
    with filled.read() as connection:
        written = connection.scalars(select(inspection.c.verdict).order_by(inspection.c.id)).all()
    assert written[1] == "displaced"
    assert judge_all(filled, "op").changed == ()


def positions(count: int, **columns: Any) -> Positions:
    base: dict[str, Any] = {
        "ids": np.arange(count),
        "markers": np.arange(count),
        "days": np.zeros(count, np.int64),
        "verdicts": np.full(count, "in_place", "<U12"),
        "distance_m": np.full(count, 0.05),
        "sigma_m": np.full(count, 0.05),
        "tolerance_m": np.full(count, 0.2),
        "tolerance_now_m": np.full(count, 0.2),
        "ties": np.zeros(count, np.int64),
    }
    return Positions(**(base | columns))


def test_nothing_is_judged_otherwise_where_nothing_changed() -> None:
    assert rejudge(positions(5), VerdictRules()) == {}
    assert rejudge(positions(0), VerdictRules()) == {}


@pytest.mark.parametrize(
    ("written", "distance_m", "now_m", "expected"),
    [
        ("in_place", 0.5, 0.2, "suspect"),
        ("displaced", 1.5, 0.3, "displaced"),
        ("displaced", 1.5, 2.0, "in_place"),
        ("suspect", 1.5, 2.0, "in_place"),
        ("suspect", 1.5, 1.49, "in_place"),
        ("in_place", 0.05, 0.06, "cannot_tell"),
        ("resubmit", 50.0, 0.3, "resubmit"),
    ],
)
def test_a_new_tolerance_is_held_against_what_was_measured(
    written: str, distance_m: float, now_m: float, expected: str
) -> None:
    one = positions(
        1,
        verdicts=np.array([written], "<U12"),
        distance_m=np.array([distance_m]),
        tolerance_m=np.array([1.0]),
        tolerance_now_m=np.array([now_m]),
    )
    assert rejudge(one, VerdictRules()).get(0, written) == expected


def test_displacements_are_held_against_the_whole_region() -> None:
    """Of 5,000 sound markers one stands out by chance as a file alone would have proved it."""
    distance = np.full(5_000, 0.02)
    distance[7] = 0.2 + 3.2 * 0.05
    distance[8] = 5.0
    verdicts = np.full(5_000, "in_place", "<U12")
    verdicts[7] = verdicts[8] = "displaced"
    found = rejudge(positions(5_000, distance_m=distance, verdicts=verdicts), VerdictRules())
    assert found == {7: "suspect"}
    ties = np.zeros(5_000, np.int64)
    ties[7] = 3
    borne = positions(5_000, distance_m=distance, verdicts=verdicts, ties=ties)
    assert rejudge(borne, VerdictRules()) == {}
