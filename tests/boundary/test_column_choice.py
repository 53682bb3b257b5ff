"""Columns that a person names: the kept file is read anew, nothing else changes."""

from datetime import date

import pytest
from sqlalchemy import func, select
from visits import HEADER, as_csv, rows

from boundary import (
    COMMITTED,
    PREVIEW,
    REFUSED,
    commit,
    confirm_corrections,
    name_columns,
    preview,
    receive,
)
from boundary.evidence_tables import correction
from boundary.tables import inspection, submission
from data import chosen_mapping
from data.errors import InvalidValue, NotCommittable
from data.store import Store
from data.tables import journal

TODAY = date(2026, 11, 23)
STRANGE = ["桩", "甲", "乙", *HEADER[3:]]
NAMED = {"桩": "marker_no", "甲": "lon", "乙": "lat"}


def test_a_refused_file_is_read_once_its_columns_are_named(filled: Store) -> None:
    identity = receive(filled, as_csv(rows(), STRANGE), "a.csv", "巡查一组")
    refused = preview(filled, identity, TODAY)
    assert refused["state"] == REFUSED
    first = refused["columns"][0]
    assert first == {
        "number": 1, "column": "桩", "field": None, "recognised": None, "chosen": False,
        "values": ["9901001Q", "9901002Q", "9901003A"],
    }  # fmt: skip
    report = name_columns(filled, identity, NAMED, "甲", TODAY)
    assert (report["state"], report["summary"]) == (PREVIEW, {"in_place": 5})
    assert report["mapping"] == NAMED
    assert [one["field"] for one in report["columns"][:4]] == ["marker_no", "lon", "lat", "crs"]
    assert [one["chosen"] for one in report["columns"][:4]] == [True, True, True, False]
    with filled.read() as connection:
        last = connection.execute(
            select(journal.c.actor, journal.c.reason, journal.c.after)
            .where(journal.c.table_name == "submission")
            .order_by(journal.c.sequence.desc())
            .limit(1)
        ).one()
    assert (last.actor, last.reason) == ("甲", "name columns")
    assert "marker_no" in last.after


def test_the_same_file_and_names_are_one_submission(filled: Store) -> None:
    content = as_csv(rows(), STRANGE)
    identity = receive(filled, content, "a.csv", "巡查一组")
    report = name_columns(filled, identity, NAMED, "甲", TODAY)
    assert receive(filled, content, "b.csv", "另一人") == identity
    with filled.read() as connection:
        version = connection.scalar(select(submission.c.version))
    assert name_columns(filled, identity, dict(reversed(NAMED.items())), "乙", TODAY) == report
    assert preview(filled, identity, TODAY) == report
    with filled.read() as connection:
        assert connection.scalar(select(submission.c.version)) == version
        assert connection.scalar(select(func.count()).select_from(submission)) == 1


def test_exchanged_columns_are_set_right_and_committed_once(filled: Store) -> None:
    header = [HEADER[0], HEADER[2], HEADER[1], *HEADER[3:]]
    identity = receive(filled, as_csv(rows(), header), "a.csv", "巡查一组")
    assert preview(filled, identity, TODAY)["summary"] == {"resubmit": 5}
    report = name_columns(filled, identity, {"纬度": "lon", "经度": "lat"}, "甲", TODAY)
    assert report["summary"] == {"in_place": 5}
    commit(filled, identity, "审核", TODAY)
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(inspection)) == 5
    assert name_columns(filled, identity, report["mapping"], "甲")["state"] == COMMITTED
    with pytest.raises(NotCommittable, match="committed"):
        name_columns(filled, identity, {}, "甲", TODAY)


def test_what_was_confirmed_of_the_former_reading_is_taken_back(filled: Store) -> None:
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    identity = receive(filled, as_csv(table), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    confirm_corrections(filled, identity, [3], "甲", today=TODAY)
    report = name_columns(filled, identity, {"检查人": "-"}, "甲", TODAY)
    assert report["corrections"] == []
    assert {one["row"]: one["verdict"] for one in report["results"]}[3] == "resubmit"
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(correction)) == 0


@pytest.mark.parametrize("mapping", [{"甲": "no_such"}, {"": "lon"}, {"甲" * 501: "lon"}])
def test_what_is_no_mapping_is_refused(filled: Store, mapping: dict[str, str]) -> None:
    identity = receive(filled, as_csv(rows(), STRANGE), "a.csv", "巡查一组")
    with pytest.raises(InvalidValue):
        name_columns(filled, identity, mapping, "甲", TODAY)


def test_a_column_that_is_not_there_is_named(filled: Store) -> None:
    identity = receive(filled, as_csv(rows()), "a.csv", "巡查一组")
    report = name_columns(filled, identity, {"无此列": "lon"}, "甲", TODAY)
    assert [fault["code"] for fault in report["faults"]] == ["unknown-column"]


def test_a_choice_says_only_what_names_do_not_tell() -> None:
    columns = [
        {"number": 1, "column": "桩号", "recognised": "marker_no"},
        {"number": 2, "column": "", "recognised": None},
        {"number": 3, "column": "备注", "recognised": "remark"},
        {"number": 4, "column": "乙", "recognised": None},
    ]
    chosen = {1: "marker_no", 2: "lon", 3: "-", 4: "-"}
    assert chosen_mapping({"columns": columns}, chosen) == {"#2": "lon", "备注": "-"}
    assert chosen_mapping({}, {1: "lon"}) == {}
