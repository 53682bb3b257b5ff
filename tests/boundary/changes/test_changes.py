"""What changes of divisions do to lines: derived, applied on both stores, kept in time."""

import io
from datetime import UTC, date, datetime
from typing import Any

import docx
import openpyxl
import pytest
import shapely
from changed_lines import CHIEF, apply, row, seen, southern, write
from click.testing import CliRunner
from division_events import MERGE, SPLIT, TO_CITY, TRANSFER, change, event
from flask.testing import FlaskClient
from region import square

from boundary import changes
from boundary.changes.deriving import derive_changes
from boundary.changes.values import DivisionSteps, OldLine, OldMarker, Successor
from boundary.markers import read_marker
from data.actors import Actor, Grant, Role
from data.errors import Conflict, FaultsFound, Forbidden
from data.store import Store
from gazetteer.tables import division
from ovoo import cli

DAY = date(2024, 3, 1)


def history(store: Store, line_id: int, as_of: date | None = None) -> dict[str, Any]:
    with store.read() as connection:
        return changes.line_history(connection, line_id, as_of)


def test_the_inner_line_of_merged_divisions_ends_and_does_not_vanish(filled: Store) -> None:
    event_id = apply(filled, MERGE)
    found = seen(filled, event_id).changes
    (only,) = found.effects
    assert (only.kind, only.parties) == ("ends", ())
    assert [one.kind for one in only.markers] == ["loses_line"] * 5
    changes.apply_lines(filled, CHIEF, event_id, seen(filled, event_id).basis)
    record = row(filled, 1)
    assert record["valid_to"] == DAY
    assert record["code"] == "9901"
    with filled.read() as connection:
        kept = read_marker(connection, 1)
    assert (kept["marker_no"], kept["line_code"], kept["valid_to"]) == ("9901001Q", "9901", None)
    assert history(filled, 1, date(2024, 2, 29))["state"]["parties"][0]["code"] == "990101"
    assert history(filled, 1, DAY)["state"] is None


def test_a_line_goes_on_with_the_party_that_took_the_other_in(filled: Store) -> None:
    key = southern(filled)
    write(filled, MERGE)
    record = row(filled, key)
    assert (record["party_a"], record["party_b"], record["valid_to"]) == ("990102", "990201", None)
    found = history(filled, key)
    assert [
        (one["valid_from"], one["valid_to"], [p["code"] for p in one["parties"]])
        for one in found["states"]
    ] == [
        (date(1999, 1, 1), DAY, ["990101", "990201"]),
        (DAY, None, ["990102", "990201"]),
    ]
    before = history(filled, key, date(2020, 1, 1))
    assert [one["code"] for one in before["state"]["parties"]] == ["990101", "990201"]


def test_another_superior_changes_the_level(filled: Store) -> None:
    write(filled, TRANSFER)
    record = row(filled, 1)
    assert (record["party_b"], record["level"]) == ("990223", "prefecture")
    states = history(filled, 1)["states"]
    assert [one["level"] for one in states] == ["county", "prefecture"]


def test_a_new_name_and_code_leave_the_line_and_its_numbers(filled: Store) -> None:
    event_id = apply(filled, TO_CITY)
    (only,) = seen(filled, event_id).changes.effects
    assert (only.kind, only.level) == ("parties", "county")
    assert {one.kind for one in only.markers} == {"stays"}


def test_a_split_divides_the_line_and_drafts_the_one_between(filled: Store) -> None:
    key = southern(filled)
    event_id = apply(filled, SPLIT)
    previewed = seen(filled, event_id)
    kinds = {one.kind: one for one in previewed.changes.effects}
    assert set(kinds) == {"divided", "begins"}
    pieces = {piece.parties: piece for piece in kinds["divided"].pieces}
    assert set(pieces) == {("990101", "990201"), ("990101", "990203")}
    assert pieces["990101", "990201"].code == "9902"
    assert pieces["990101", "990203"].code == "9902/1"
    whole = sum(piece.shape.length for piece in pieces.values())
    assert whole == pytest.approx(1.0, abs=1e-9)
    assert pieces["990101", "990203"].shape.length == pytest.approx(0.6, abs=0.006)
    (inner,) = kinds["begins"].pieces
    assert not inner.agreed
    assert inner.shape.equals(shapely.LineString([(111.6, 40), (111.6, 41)]))
    told = [zh for zh, _ in previewed.changes.surveys]
    assert any("勘定" in zh and "新旗" in zh for zh in told)
    assert any("三交点" in zh for zh in told)
    by_number = {one.marker.marker_no: one for one in kinds["divided"].markers}
    assert (by_number["9902001Q"].kind, by_number["9902001Q"].line_code) == ("other_line", "9902/1")
    assert by_number["9902002Q"].kind == "stays"

    begun = changes.apply_lines(filled, CHIEF, event_id, previewed.basis)
    assert len(begun) == 3
    assert row(filled, key)["valid_to"] == DAY
    states = [row(filled, one) for one in begun]
    assert [one["state"] for one in states] == ["agreed", "agreed", "undetermined"]
    assert all(one["valid_from"] == DAY for one in states)
    assert history(filled, key)["successors"] == begun[:2]
    assert history(filled, begun[0])["predecessors"] == [key]
    with filled.read() as connection:
        moved = read_marker(connection, 6)
    assert (moved["marker_no"], moved["line_code"]) == ("9902001Q", "9902/1")


def test_without_an_outline_nothing_is_guessed_and_nothing_written(filled: Store) -> None:
    southern(filled)
    bare = event("split", change("990201", "990201"), change("990201", "990203", name="新旗"))
    event_id = apply(filled, bare)
    previewed = seen(filled, event_id)
    assert [key for key, _, _ in previewed.changes.undecided] == [2]
    with pytest.raises(FaultsFound):
        changes.apply_lines(filled, CHIEF, event_id, previewed.basis)
    assert row(filled, 2)["valid_to"] is None


def test_townships_that_go_to_another_county_move_the_line_between(filled: Store) -> None:
    with filled.write("tests", "townships") as transaction:
        transaction.insert(
            division,
            {"code": "990101001", "name": "界乡", "level": "township", "parent_code": "990101"}
            | {"in_region": True, "valid_from": date(1980, 1, 1), "geom": square(111.9, 41.5, 0.1)},
        )
    moved = change("990101001", "990102001", parent_code="990102")
    event_id = apply(filled, event("transferred", moved))
    previewed = seen(filled, event_id).changes
    kinds = {one.kind: one for one in previewed.effects}
    (rest,) = kinds["divided"].pieces
    assert rest.parties == ("990101", "990102")
    assert rest.code == "9901"
    assert rest.shape.length == pytest.approx(0.9, abs=0.01)
    (inner,) = kinds["begins"].pieces
    assert set(inner.parties) == {"990101", "990102"}
    assert inner.shape.length == pytest.approx(0.3, abs=0.001)
    by_number = {one.marker.marker_no: one.kind for one in kinds["divided"].markers}
    assert by_number["9901001Q"] == "stays"


def test_a_change_is_written_once_by_who_may_as_it_was_seen(filled: Store) -> None:
    event_id = apply(filled, MERGE)
    basis = seen(filled, event_id).basis
    stranger = Actor("外人", frozenset({Grant(Role.APPROVER, "990201")}))
    with pytest.raises(Forbidden):
        changes.apply_lines(filled, stranger, event_id, basis)
    with pytest.raises(Conflict, match="preview"):
        changes.apply_lines(filled, CHIEF, event_id, "another")
    changes.apply_lines(filled, CHIEF, event_id, basis)
    with pytest.raises(Conflict, match="already"):
        changes.apply_lines(filled, CHIEF, event_id, basis)


def test_three_parties_of_which_two_merge_leave_a_marker_with_fewer_lines() -> None:
    steps = DivisionSteps(DAY, "", {"a": (Successor("b", "乙"),)})
    corner = OldMarker(1, 1, "交1", 112.0, 41.0, 3, ("9901", "9902"))
    shape = shapely.LineString([(112, 41), (112, 42)])
    lines = [OldLine(1, 1, "9901", "线", "county", ("a", "b"), shape, (corner,))]
    (only,) = derive_changes(steps, lines, {}).effects
    assert only.kind == "ends"
    assert [(one.kind, one.line_code) for one in only.markers] == [("fewer_faces", "9902")]


def test_a_line_goes_to_those_who_took_every_part_of_its_party() -> None:
    heir = Successor("990102", "乙", shapely.box(111, 41, 112, 42))
    left_empty = Successor("990101", "甲", shapely.Polygon())
    steps = DivisionSteps(DAY, "", {"990101": (left_empty, heir)})
    shape = shapely.LineString([(112, 41), (112, 42)])
    lines = [OldLine(1, 1, "9901", "线", "county", ("990101", "990103"), shape)]
    (only,) = derive_changes(steps, lines, {}).effects
    assert (only.kind, only.parties) == ("parties", ("990102", "990103"))


def test_papers_say_what_is_drafted(filled: Store) -> None:
    southern(filled)
    previewed = seen(filled, apply(filled, SPLIT))
    made = changes.changes_docx(previewed, datetime(2026, 11, 23, tzinfo=UTC))
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "草稿" in text
    assert "国函〔2024〕1号" in text
    assert "走向说明" in text
    book = openpyxl.load_workbook(io.BytesIO(changes.changes_xlsx(previewed)))
    assert book["界桩"].max_row == 3
    assert book["分段与新界线"].max_row == 4


def test_the_api_previews_applies_and_tells_the_history(filled: Store, client: FlaskClient) -> None:
    early = client.post("/line-changes/preview", json={"event": MERGE}).get_json()
    assert [one["kind"] for one in early["lines"]] == ["ends"]
    event_id = apply(filled, MERGE)
    path = f"/division-events/{event_id}/lines"
    document = client.get(path).get_json()
    assert document["lines"][0]["markers"][0]["marker_no"] == "9901001Q"
    assert client.get(f"{path}.docx").data[:2] == b"PK"
    assert client.get(f"{path}.xlsx").data[:2] == b"PK"
    assert client.post(path, json={"basis": "wrong"}).status_code == 409
    done = client.post(path, json={"basis": document["basis"]})
    assert (done.status_code, done.get_json()["begun"]) == (201, [])
    told = client.get("/lines/1/history?as_of=2020-01-01").get_json()
    assert told["state"]["valid_to"] == "2024-03-01"
    assert client.get("/lines/1/history?as_of=yesterday").status_code == 400
    assert client.get("/lines/99/history").status_code == 404
    assert client.get("/division-events/99/lines").status_code == 404


def test_the_commands(filled: Store, store_url: str, tmp_path: Any) -> None:
    event_id = apply(filled, MERGE)
    run, own = CliRunner(), ["--store", store_url]
    said = run.invoke(cli, ["line-changes", "preview", str(event_id), *own])
    assert "界线终止" in said.output, said.output
    paper = tmp_path / "a.docx"
    run.invoke(cli, ["line-changes", "preview", str(event_id), *own, "--papers", str(paper)])
    assert paper.read_bytes()[:2] == b"PK"
    done = run.invoke(cli, ["line-changes", "apply", str(event_id), *own, "--yes"])
    assert "1 effects written" in done.output, done.output
    told = run.invoke(cli, ["line", "history", "1", *own, "--as-of", "2020-01-01"])
    assert "990101" in told.output
    assert "not in force" in run.invoke(
        cli, ["line", "history", "1", *own, "--as-of", "2025-01-01"]
    ).output  # fmt: skip
