"""A surveyed line in the place of a drafted one: what fits, what asks, what refuses."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from changed_lines import CHIEF, row, southern, write
from click.testing import CliRunner
from division_events import SPLIT
from flask.testing import FlaskClient
from pyproj import Geod

from boundary import changes
from boundary.changes.survey_checks import Surroundings, survey_findings
from boundary.errors import WrongState
from boundary.tables import line, marker
from boundary.topology.planes import Ground
from data.actors import Actor, Grant, Role
from data.coordinates import ReferenceSystem
from data.errors import Conflict, FaultsFound, Forbidden
from data.geometry import point_wkb
from data.store import Store
from data.stored_files import has_file
from gazetteer.tables import division
from ovoo import cli

Points = list[tuple[float, float]]
FITS: Points = [(111.6, 40.0), (111.605, 40.3), (111.595, 40.7), (111.6, 41.0)]
"""From the edge of the region, where no other line is, to the lines around."""
DAY = date(2024, 3, 1)
GROUND = Ground.on(ReferenceSystem.parse("EPSG:4490").datum.ellipsoid)


def drafted(store: Store) -> int:
    """A line between 南旗 and 新旗 that a division drafted, from (111.6, 40) to (111.6, 41)."""
    southern(store)
    _, begun = write(store, SPLIT)
    return begun[-1]


def take(store: Store, key: int, points: Points, *, accept: bool = True) -> changes.Surveyed:
    survey = changes.Survey(shapely.LineString(points), "测绘院 2026")
    version = row(store, key)["version"]
    return changes.take_survey(store, CHIEF, key, version, survey, accept=accept)


def kinds(error: FaultsFound) -> set[str]:
    return {one.code for one in error.faults}


def test_the_surveyed_line_takes_the_place_of_the_draft(filled: Store) -> None:
    key = drafted(filled)
    before = row(filled, key)
    done = take(filled, key, FITS)
    assert {(one.kind, one.severity) for one in done.findings} == {("end_is_open", "asks")}
    ended = row(filled, key)
    assert (ended["valid_to"], ended["geom"]) == (DAY, before["geom"])
    after = row(filled, done.line_id)
    assert shapely.get_coordinates(shapely.from_wkb(after["geom"])).tolist() == [
        list(one) for one in FITS
    ]
    geod = Geod(a=6378137.0, rf=298.257222101)
    assert after["length_m"] == pytest.approx(
        geod.geometry_length(shapely.LineString(FITS)), abs=0.001
    )
    assert after["length_m"] > before["length_m"]
    assert (after["state"], after["valid_from"], after["valid_to"]) == ("undetermined", DAY, None)
    assert (after["party_a"], after["party_b"]) == (before["party_a"], before["party_b"])
    assert "测绘院 2026" in after["source"]
    with filled.read() as connection:
        told = changes.line_history(connection, done.line_id, DAY)
        drafted_then = changes.line_history(connection, key, DAY)
    assert told["state"]["level"] == before["level"]
    assert told["predecessors"] == [key]
    assert drafted_then["state"] is None
    assert drafted_then["successors"] == [done.line_id]


def test_a_second_survey_takes_the_place_of_the_first(filled: Store) -> None:
    first = take(filled, drafted(filled), FITS)
    second = take(filled, first.line_id, [(111.6, 40.0), (111.6, 41.0)])
    assert row(filled, first.line_id)["valid_to"] == DAY
    assert row(filled, second.line_id)["valid_to"] is None


def test_what_asks_wants_a_word(filled: Store) -> None:
    key = drafted(filled)
    with pytest.raises(FaultsFound) as refused:
        take(filled, key, FITS, accept=False)
    assert kinds(refused.value) == {"end_is_open"}
    assert row(filled, key)["version"] == 1


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ([(111.6, 40.0), (111.6, 40.9998)], "end_apart"),  # 22 m short of the lines around
        ([(111.6, 40.0), (111.62, 40.5), (111.62, 40.4), (111.6, 40.6), (111.6, 41.0)],
         "crosses_itself"),
        ([(111.6, 40.0), (111.6, 40.5), (111.3, 41.2), (111.6, 41.0)], "crosses_line"),
        ([(111.0, 41.0), (111.0, 40.0)], "party_apart"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_written(
    filled: Store, points: Points, kind: str
) -> None:
    key = drafted(filled)
    with pytest.raises(FaultsFound) as refused:
        take(filled, key, points)
    assert kind in kinds(refused.value)
    assert all(one.zh and one.en for one in refused.value.faults)
    assert row(filled, key)["version"] == 1


def test_a_registered_tri_junction_is_met_or_told(filled: Store) -> None:
    key = drafted(filled)
    with filled.write("tests", "a tri-junction at the edge") as transaction:
        transaction.insert(
            marker,
            {"marker_no": "交1", "line_code": "9902", "kind": "Q", "faces": 3}
            | {"geom": point_wkb(111.6, 40.0)},
        )
    away = [(111.6001, 40.0), *FITS[1:]]
    with pytest.raises(FaultsFound) as refused:
        take(filled, key, away)
    (only,) = refused.value.faults
    assert (only.code, float(only.value)) == ("end_apart", pytest.approx(8.53, abs=0.05))
    assert "交1" in only.zh
    assert take(filled, key, FITS, accept=False).findings == ()


def test_length_and_course_are_held_against_the_draft() -> None:
    draft = shapely.LineString([(111.6, 40.0), (111.6, 41.0)])
    around = Surroundings(draft, {}, {}, [], [("交1", 111.6, 40.0), ("交2", 111.6, 41.0)])
    wide = shapely.LineString([(111.6, 40.0), (112.2, 40.5), (111.6, 41.0)])
    found = {one.kind: one for one in survey_findings(wide, around, GROUND)}
    assert set(found) == {"length_differs", "far_from_draft"}
    assert {one.severity for one in found.values()} == {"asks"}
    assert found["length_differs"].value == pytest.approx(1.36, abs=0.02)
    assert found["far_from_draft"].value == pytest.approx(50_800, rel=0.02)
    assert survey_findings(draft, around, GROUND) == []


def test_a_party_without_an_outline_asks(filled: Store) -> None:
    key = drafted(filled)
    with filled.write("tests", "no outline") as transaction:
        code = row(filled, key)["party_a"]
        found = transaction.connection.execute(
            division.select().where(division.c.code == code, division.c.valid_to.is_(None))
        ).one()
        transaction.update(division, found.id, found.version, {"geom": None})
    told = {one.kind for one in take(filled, key, FITS).findings}
    assert told == {"end_is_open", "party_without_outline"}


def test_only_a_draft_that_waits_is_surveyed_by_who_may(filled: Store) -> None:
    key = drafted(filled)
    survey = changes.Survey(shapely.LineString(FITS), "x")
    with pytest.raises(WrongState):
        changes.take_survey(filled, CHIEF, 1, 1, survey, accept=True)
    stranger = Actor("外人", frozenset({Grant(Role.EDITOR, "990101")}))
    with pytest.raises(Forbidden):
        changes.take_survey(filled, stranger, key, 1, survey, accept=True)
    with pytest.raises(Conflict):
        changes.take_survey(filled, CHIEF, key, 7, survey, accept=True)
    with filled.write("tests", "agreed") as transaction:
        transaction.update(line, key, 1, {"state": "agreed"})
    with pytest.raises(WrongState, match="Art 7"):
        changes.take_survey(filled, CHIEF, key, 2, survey, accept=True)


def test_the_command_reads_a_file_and_keeps_it(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    key = drafted(filled)
    file = tmp_path / "勘测.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": _drawn(FITS)}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    run, own = CliRunner(), ["--store", store_url]
    tried = run.invoke(cli, ["line", "survey", str(key), str(file), *own, "--dry-run"])
    assert "end_is_open" in tried.output, tried.output
    assert row(filled, key)["version"] == 1
    refused = run.invoke(cli, ["line", "survey", str(key), str(file), *own])
    assert refused.exit_code != 0
    done = run.invoke(cli, ["line", "survey", str(key), str(file), *own, "--accept", "--json"])
    assert done.exit_code == 0, done.output
    assert row(filled, key)["valid_to"] == DAY
    record = row(filled, json.loads(done.output)["line_id"])
    sha256 = record["source"].rsplit(" ", 1)[1]
    with filled.read() as connection:
        assert has_file(connection, sha256)


def test_a_file_without_a_line_is_refused(filled: Store, store_url: str, tmp_path: Path) -> None:
    key = drafted(filled)
    file = tmp_path / "points.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": _drawn(FITS[0])}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    done = CliRunner().invoke(cli, ["line", "survey", str(key), str(file), "--store", store_url])
    assert done.exit_code != 0
    assert row(filled, key)["version"] == 1


def _drawn(points: Any) -> dict[str, Any]:
    return {"type": "LineString" if isinstance(points, list) else "Point", "coordinates": points}


def test_the_api_previews_and_takes(filled: Store, client: FlaskClient) -> None:
    key = drafted(filled)
    path = f"/lines/{key}/survey"
    sent = {"geometry": _drawn(FITS), "version": 1, "source": "测绘院"}
    seen = client.post(path, json=sent | {"preview": True}).get_json()
    assert [one["kind"] for one in seen["findings"]] == ["end_is_open"]
    refused = client.post(path, json=sent)
    assert refused.status_code == 422
    assert "end_is_open" in refused.get_data(as_text=True)
    done = client.post(path, json=sent | {"accept": True})
    assert (done.status_code, done.get_json()["version"]) == (201, 1)
    after = done.get_json()["line_id"]
    assert done.headers["Location"].endswith(f"/lines/{after}")
    assert client.post(path, json=sent | {"accept": True}).status_code == 409
    path = f"/lines/{after}/survey"
    for geometry in ({"type": "Point", "coordinates": [1, 2]}, {"type": "LineString"}):
        assert client.post(path, json=sent | {"geometry": geometry}).status_code == 400
    zone = "<http://www.opengis.net/def/crs/EPSG/0/4490>"
    turned = sent | {"geometry": _drawn([(lat, lon) for lon, lat in FITS]), "version": 1}
    again = client.post(path, json=turned | {"accept": True}, headers={"Content-Crs": zone})
    assert again.status_code == 201, again.get_data(as_text=True)
    last = row(filled, again.get_json()["line_id"])
    assert shapely.from_wkb(last["geom"]).equals(shapely.LineString(FITS))
