"""What is lawfully done to a marker, on both stores: versions, relocation, refusals."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from boundary.documents import Paper
from boundary.errors import NotLawful, WrongState
from boundary.marker_tables import marker_line, marker_version
from boundary.markers import (
    Act,
    MarkerNumber,
    history_of,
    marker_parties,
    read_marker,
    record_act,
    relocate,
)
from boundary.tables import line, marker
from data.actors import Actor, Grant, Role
from data.errors import Conflict, Forbidden, Immutable, InvalidValue, NotComparable, NotFound
from data.geometry import point_xy
from data.store import Store

TODAY = date(2026, 11, 23)
EDITOR = Actor("编辑", frozenset({Grant(Role.EDITOR, "990102")}))
DAY = date(2026, 6, 1)
BOTH = ("990101", "990102")
REPAIR = Act("修复", DAY, parties=BOTH, witness="见证人")
MOVE = Act(
    "relocate", DAY, parties=BOTH, agreement="变〔2026〕1号", survey_method="静态", sigma_m=0.01,
    surveyed_on=date(2026, 5, 30), surveyor="联合测量组",
    papers=(Paper("界桩变更协议", "变更协议", "变〔2026〕1号", DAY, b"paper", "a.pdf"),),
)  # fmt: skip
PLACE = {"lon": "112.0005", "lat": "41.2"}


def count(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(marker_version)) or 0


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1521007Q", ("1521", 7, "Q")),
        ("1521007", ("1521", 7, "")),
        ("1521007E", ("1521", 7, "E")),
        ("1521007F", None),
        ("152107Q", None),
        ("１５２１００７Q", None),
        ("1521007Q ", None),
        ("兴呼007Q", None),
        ("", None),
    ],
)
def test_a_number_is_parsed_only_where_its_make_is_known(
    text: str, parts: tuple[str, int, str] | None
) -> None:
    found = MarkerNumber.parse(text)
    assert (None if found is None else (found.line, found.sequence, found.letter)) == parts


def test_an_act_is_a_version_with_parties_and_papers(filled: Store) -> None:
    paper = Paper("批复", "批复", "批〔2026〕9号")
    record_act(filled, EDITOR, 1, 1, replace(REPAIR, papers=(paper,), note="扶正"), TODAY)
    with filled.read() as connection:
        (version,) = history_of(connection, 1)
        assert read_marker(connection, 1)["status"] == "restored"
    assert (version["kind"], version["parties"], version["note"]) == ("repair", list(BOTH), "扶正")
    assert version["documents"][0]["number"] == "批〔2026〕9号"
    with pytest.raises(Immutable), filled.write("t", "x") as transaction:
        transaction.delete(marker_version, version["id"], 1)


@pytest.mark.parametrize(
    ("act", "missing"),
    [
        (Act("repair", DAY), 2),
        (Act("repair", DAY, parties=("990101",)), 1),
        (Act("原址更换", DAY, parties=BOTH), 1),
        (Act("增设", DAY), 4),
        (Act("报废", DAY, parties=BOTH), 1),
    ],
)
def test_what_the_law_asks_for_is_named_all_at_once(filled: Store, act: Act, missing: int) -> None:
    with pytest.raises(NotLawful) as caught:
        record_act(filled, EDITOR, 1, 1, act, TODAY)
    assert len(caught.value.missing) == missing
    assert "第六条" in caught.value.zh
    assert count(filled) == 0


def test_a_division_that_contains_a_party_speaks_for_it(filled: Store) -> None:
    act = Act("repair", DAY, parties=("990100",))
    record_act(filled, EDITOR, 1, 1, act, TODAY)
    assert count(filled) == 1


def test_a_repaint_needs_nobody_else(filled: Store) -> None:
    record_act(filled, EDITOR, 1, 1, Act("描红", DAY), TODAY)
    assert count(filled) == 1


def test_a_relocation_ends_one_record_and_begins_another(filled: Store) -> None:
    record_act(filled, EDITOR, 1, 1, REPAIR, TODAY)
    successor = relocate(filled, EDITOR, 1, 2, MOVE, PLACE, TODAY)
    with filled.read() as connection:
        old, new = read_marker(connection, 1), read_marker(connection, successor)
        histories = [history_of(connection, one) for one in (1, successor)]
    assert point_xy(old["geom"]) == (112.0, 41.2)
    assert old["valid_to"] == new["valid_from"] == DAY
    assert point_xy(new["geom"]) == (112.0005, 41.2)
    assert (new["marker_no"], new["predecessor_id"], new["sigma_m"]) == ("9901001Q", 1, 0.01)
    assert new["coordinate_text"] == "112.0005, 41.2"
    assert new["condition"] is None
    assert histories[0] == histories[1]
    assert [one["kind"] for one in histories[0]] == ["repair", "relocate"]
    assert histories[0][1]["successor_id"] == successor
    assert histories[0][1]["documents"][0]["file_name"] == "a.pdf"


def test_a_relocation_without_agreement_leaves_everything_as_it_was(filled: Store) -> None:
    for act in (
        replace(MOVE, agreement=None),
        replace(MOVE, agreement="  "),
        replace(MOVE, parties=("990101",)),
        replace(MOVE, surveyed_on=None),
    ):
        with pytest.raises(NotLawful):
            relocate(filled, EDITOR, 1, 1, act, PLACE, TODAY)
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(marker)) == 5
        assert read_marker(connection, 1)["valid_to"] is None
    assert count(filled) == 0


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ({}, InvalidValue),
        ({"lon": "x", "lat": "41"}, InvalidValue),
        ({"lon": "112", "lat": "41.2", "crs": "西安80"}, NotComparable),
    ],
)
def test_a_new_position_that_is_none_is_refused(
    filled: Store, place: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        relocate(filled, EDITOR, 1, 1, MOVE, place, TODAY)
    assert count(filled) == 0


def test_a_scrapped_marker_has_ended(filled: Store) -> None:
    scrap = Act("报废", DAY, parties=BOTH, agreement="同意报废")
    record_act(filled, EDITOR, 1, 1, scrap, TODAY)
    with filled.read() as connection:
        ended = read_marker(connection, 1)
    assert ended["valid_to"] == DAY
    with pytest.raises(WrongState, match="ended"):
        record_act(filled, EDITOR, 1, ended["version"], REPAIR, TODAY)


def test_two_writers_of_one_marker_do_not_both_win(filled: Store) -> None:
    relocate(filled, EDITOR, 1, 1, MOVE, PLACE, TODAY)
    with pytest.raises(Conflict):
        relocate(filled, EDITOR, 1, 1, MOVE, {"lon": "112.0009", "lat": "41.2"}, TODAY)


def test_bad_values_and_strangers_are_refused(filled: Store) -> None:
    with pytest.raises(InvalidValue, match="happened_on"):
        record_act(filled, EDITOR, 1, 1, replace(REPAIR, happened_on=date(2027, 1, 1)), TODAY)
    with pytest.raises(InvalidValue, match="kind"):
        record_act(filled, EDITOR, 1, 1, replace(REPAIR, kind="搬走"), TODAY)
    with pytest.raises(InvalidValue, match="relocation"):
        record_act(filled, EDITOR, 1, 1, MOVE, TODAY)
    with pytest.raises(InvalidValue, match="distance_m"):
        record_act(filled, EDITOR, 1, 1, replace(REPAIR, distance_m=-1.0), TODAY)
    with pytest.raises(NotFound):
        record_act(filled, EDITOR, 99, 1, REPAIR, TODAY)
    viewer = Actor("看", frozenset({Grant(Role.SURVEYOR, "990101")}))
    with pytest.raises(Forbidden):
        record_act(filled, viewer, 1, 1, REPAIR, TODAY)


def test_a_tri_junction_has_three_parties(filled: Store) -> None:
    with filled.write("t", "a third line") as transaction:
        transaction.insert(
            line,
            {"name": "三线", "code": "9903", "level": "county", "party_a": "990102"}
            | {"party_b": "990202"},
        )
        transaction.insert(marker_line, {"marker_id": 1, "line_code": "9903"})
    with filled.read() as connection:
        assert marker_parties(connection, read_marker(connection, 1)) == [*BOTH, "990202"]
    with pytest.raises(NotLawful) as caught:
        record_act(filled, EDITOR, 1, 1, REPAIR, TODAY)
    assert [one[0] for one in caught.value.missing] == ["party 990202"]
