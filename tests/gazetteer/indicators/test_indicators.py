"""The plan's indicators: measured from the register, held against targets, told in a report."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from division_events import RENAME, TO_CITY
from sqlalchemy import select

from data.actors import Actor, Grant, Role
from data.errors import Forbidden, InvalidValue, NotFound
from data.store import Store
from data.stored_files import keep_file
from gazetteer import measures
from gazetteer.divisions import apply_event, parse_event, preview_event, settle_event
from gazetteer.indicators import (
    NewPublication,
    Stage,
    evaluate,
    indicators,
    list_publications,
    record_publication,
    write_report,
)
from gazetteer.indicators.evaluating import scope_name
from gazetteer.measures import Measure, Measured, Scope, measure, register_measure
from gazetteer.signs.tables import sign, sign_inspection, sign_submission
from gazetteer.statistics import Question, ask
from gazetteer.tables import division, place

OPERATOR = Actor.operator("tests")
TODAY = date(2024, 6, 1)
COMPLETE = {
    "status": "standard", "place_code": "99010100022200000001", "romanization": "Oboo",
    "category_code": "222", "division_code": "990101", "meaning": "敖包", "history": "久",
    "description": "村",
}  # fmt: skip


def verdicts(store: Store, scope: Scope, stage: Stage = Stage.FINAL) -> dict[str, Any]:
    with store.read() as connection:
        found = evaluate(connection, scope, stage)
    return {one.indicator.code: one.as_json() for one in found}


def test_every_indicator_has_a_measure_a_source_and_targets_that_grow() -> None:
    for one in indicators():
        assert one.measure in measures._measures
        assert one.source
        grows = one.mid_target <= one.target
        assert grows if one.direction == "at_least" else one.mid_target >= one.target


def test_complete_records_on_any_day(filled: Store) -> None:
    with filled.write("tests", "names") as transaction:
        for name, begun, ended in (
            ("甲", None, None),
            ("乙", date(2024, 2, 29), None),
            ("丙", None, date(2024, 2, 29)),
        ):
            values = {"name": name, "valid_from": begun, "valid_to": ended}
            transaction.insert(place, COMPLETE | values)

    def parts(day: date, within: str | None = None) -> tuple[int, int]:
        one = verdicts(filled, Scope(day, within=within))["complete_records"]
        return one["part"], one["whole"]

    assert parts(date(2024, 2, 28)) == (2, 6)
    assert parts(date(2024, 2, 29)) == (2, 6)
    assert parts(TODAY) == (2, 6)
    assert parts(date(2020, 1, 1)) == (2, 6)
    assert parts(TODAY, "990100") == (2, 4)
    assert parts(TODAY, "990201") == (0, 1)
    assert verdicts(filled, Scope(TODAY))["complete_records"]["verdict"] == "not_met"


def test_lists_and_chronicles_by_league(filled: Store) -> None:
    for kind, code in (("地名志", "990100"), ("protection_list", "990100"), ("保护名录", "990200")):
        new = NewPublication(kind, code, "某志", date(2024, 5, 1))
        record_publication(filled, OPERATOR, new, TODAY)
    found = verdicts(filled, Scope(TODAY))
    assert (found["heritage_lists"]["value"], found["heritage_lists"]["verdict"]) == (1.0, "met")
    assert (found["chronicles"]["part"], found["chronicles"]["whole"]) == (1, 2)
    assert found["chronicles"]["verdict"] == "not_met"
    assert verdicts(filled, Scope(TODAY), Stage.MID)["chronicles"]["verdict"] == "met"
    before = verdicts(filled, Scope(date(2024, 4, 30)))
    assert before["heritage_lists"]["value"] == 0
    with filled.read() as connection:
        assert len(list_publications(connection, None)) == 3
        assert len(list_publications(connection, "990200")) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "diary"}, "kind"),
        ({"division_code": "999999"}, "division_code"),
        ({"title": " "}, "title"),
        ({"published_on": date(2024, 6, 2)}, "published_on"),
    ],
)
def test_a_publication_that_cannot_be_is_refused(
    filled: Store, more: dict[str, Any], field: str
) -> None:
    given = {"kind": "atlas", "division_code": "990100", "title": "图集"}
    new = NewPublication(**{**given, "published_on": date(2024, 1, 1), **more})
    with pytest.raises(InvalidValue) as refused:
        record_publication(filled, OPERATOR, new, TODAY)
    assert refused.value.field == field


def test_an_editor_of_the_league_records(filled: Store) -> None:
    actor = Actor("a", frozenset({Grant(Role.EDITOR, "990200")}))
    new = NewPublication("atlas", "990100", "图集", date(2024, 1, 1))
    with pytest.raises(Forbidden):
        record_publication(filled, actor, new, TODAY)


def test_codes_are_in_time_by_order_704(filled: Store) -> None:
    def apply(document: dict[str, Any]) -> int:
        event = parse_event(document)
        with filled.read() as connection:
            basis = preview_event(connection, event, TODAY).basis
        return apply_event(filled, OPERATOR, event, basis, TODAY)

    assert verdicts(filled, Scope(TODAY))["division_codes"]["verdict"] == "nothing"
    identity = apply(TO_CITY)
    apply(RENAME)
    due = date(2024, 4, 1)
    assert verdicts(filled, Scope(due))["division_codes"]["verdict"] == "nothing"
    late = verdicts(filled, Scope(date(2024, 4, 2)))["division_codes"]
    assert (late["part"], late["whole"], late["verdict"]) == (0, 1, "not_met")
    with filled.read() as connection:
        assert measure(connection, "division_clocks_overdue", Scope(TODAY)).part == 1
        elsewhere = Scope(TODAY, within="990200")
        assert measure(connection, "division_clocks_overdue", elsewhere).part == 0
    done = {"codes_published_on": due}
    settle_event(filled, OPERATOR, identity, 1, done, TODAY)
    assert verdicts(filled, Scope(TODAY))["division_codes"]["verdict"] == "met"


def test_what_nobody_records_is_not_measured_and_says_so(filled: Store) -> None:
    known = dict(measures._measures)
    waiting = Measure(
        "joint_inspections_in_time", "联检", "inspections",
        lambda _connection, _scope: Measured.unknown("尚无记录", "no records yet"),
    )  # fmt: skip
    register_measure(waiting)
    try:
        found = verdicts(filled, Scope(TODAY))["joint_inspections"]
        assert (found["verdict"], found["value"]) == ("not_measured", None)
        assert found["told_zh"] == "尚无记录"
        register_measure(
            Measure(
                "joint_inspections_in_time", "联检", "inspections",
                lambda _connection, _scope: Measured(3, 4, "联检", "inspections"),
            )
        )  # fmt: skip
        assert verdicts(filled, Scope(TODAY))["joint_inspections"]["value"] == 0.75
    finally:
        register_measure(known["joint_inspections_in_time"])


def test_signs_checked_in_a_period_and_names_with_a_sign(filled: Store) -> None:
    with filled.write("tests", "signs") as transaction:
        submission = transaction.insert(
            sign_submission,
            {"sha256": keep_file(transaction, b"a file"), "file_name": "a.csv", "sent_by": "a"}
            | {"received_at": "2024-01-01T00:00:00Z", "state": "committed"},
        )
        for number, code, seen in (
            ("1", "990101", date(2023, 12, 31)),
            ("2", "990101", date(2024, 2, 29)),
            ("3", "990201", None),
        ):
            identity = transaction.insert(
                sign,
                {"sign_no": number, "name": "白音敖包", "division_code": code}
                | {"place_id": 1 if number == "1" else None},
            )
            if seen:
                transaction.insert(
                    sign_inspection,
                    {"submission_id": submission, "row": 1, "sign_id": identity}
                    | {"observed_on": seen, "condition": "intact", "raw": "{}"},
                )

    def parts(**scope: Any) -> tuple[int, int]:
        one = verdicts(filled, Scope(TODAY, **scope))["signs_checked"]
        return one["part"], one["whole"]

    assert parts() == (2, 3)
    assert parts(since=date(2024, 1, 1)) == (1, 3)
    assert parts(within="990200") == (0, 1)
    with filled.read() as connection:
        assert ask(connection, Question()).rows[0]["sign"] == 1
        removed = connection.execute(select(sign).where(sign.c.place_id == 1)).one()
    with filled.write("tests", "the sign is gone") as transaction:
        transaction.update(sign, removed.id, removed.version, {"valid_to": TODAY})
    with filled.read() as connection:
        assert ask(connection, Question()).rows[0]["sign"] == 0


def test_a_scope_has_the_present_name_of_its_code(store: Store) -> None:
    with store.write("test", "two names of one code") as transaction:
        for name, since, until in (("旧旗", 1950, 1999), ("新旗", 2000, None)):
            values = {
                "code": "990101",
                "name": name,
                "level": "county",
                "valid_from": date(since, 1, 1),
                "valid_to": date(until, 12, 31) if until else None,
            }
            transaction.insert(division, values)
    with store.read() as connection:
        assert scope_name(connection, Scope(TODAY, within="990101")) == "新旗"


def test_bad_scopes_are_refused(filled: Store) -> None:
    with pytest.raises(InvalidValue):
        verdicts(filled, Scope(TODAY, since=date(2024, 6, 2)))
    with pytest.raises(InvalidValue):
        verdicts(filled, Scope(TODAY, within="999999"))
    with filled.read() as connection, pytest.raises(NotFound):
        measure(connection, "luck", Scope(TODAY))


def test_the_report_is_whole_and_the_same_every_time(filled: Store) -> None:
    with filled.read() as connection:
        made = write_report(connection, Scope(TODAY, since=date(2021, 1, 1)), Stage.MID)
        again = write_report(connection, Scope(TODAY, since=date(2021, 1, 1)), Stage.MID)
        final = write_report(connection, Scope(TODAY, within="990100"), Stage.FINAL)
    assert made == again
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "试验区地名与界线管理规划执行情况中期评估报告" in text
    assert "2021年1月1日至2024年6月1日" in text
    whole, leagues, sources = document.tables
    assert [row.cells[0].text for row in whole.rows][1:] == [one.zh for one in indicators()]
    assert [row.cells[0].text for row in leagues.rows] == ["盟市", "上盟", "下盟"]
    assert len(sources.rows) == len(indicators()) + 1
    assert "上盟地名与界线管理规划执行情况终期评估报告" in "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(final)).paragraphs
    )
