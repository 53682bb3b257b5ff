"""The check of a store on both kinds: read, asked, drawn, reported, on the command line, served."""

import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from PIL import Image

from boundary import topology
from boundary.tables import line, marker
from data.errors import InvalidValue
from data.geometry import point_wkb
from data.store import Store
from ovoo import cli

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def check(store: Store) -> tuple[topology.Inputs, topology.Checked]:
    with store.read() as connection:
        inputs = topology.read_inputs(connection, store.crs)
    return inputs, topology.check_inputs(inputs)


def stray(store: Store) -> None:
    """A marker 40 m east of the line."""
    with store.write("tests", "stray") as transaction:
        transaction.insert(
            marker,
            {"marker_no": "9901005Q", "line_code": "9901", "kind": "Q", "sequence": 5}
            | {"sigma_m": 0.05, "geom": point_wkb(112.00048, 41.9)},
        )


def test_what_is_registered_is_read_as_it_is(filled: Store) -> None:
    inputs, checked = check(filled)
    assert [area.code for area in inputs.areas] == [
        "980101",
        "990101",
        "990102",
        "990201",
        "990202",
    ]
    assert (checked.areas, checked.lines, checked.markers) == (5, 1, 5)
    kinds = {one.kind for one in checked.findings}
    assert "banks_same_side" not in kinds
    assert "marker_off_line" not in kinds


def test_findings_are_chosen_by_division_kind_grade_and_line(filled: Store) -> None:
    stray(filled)
    inputs, checked = check(filled)
    ask = topology.TopologyQuery
    (found,) = topology.select_findings(checked, inputs, ask(kind="界桩偏离界线"))
    assert found[1].markers == ("9901005Q",)
    assert found[1].nearest[0].marker_no == "9901005Q"
    for query in (ask(within="990101"), ask(within="990100"), ask(line="9901"), ask(grade="grave")):
        assert found in topology.select_findings(checked, inputs, query)
    assert topology.select_findings(checked, inputs, ask(within="970000")) == []
    with pytest.raises(InvalidValue, match="kind"):
        topology.select_findings(checked, inputs, ask(kind="wormhole"))
    with filled.read() as connection, pytest.raises(InvalidValue, match="level"):
        topology.read_inputs(connection, filled.crs, "planet")


def test_a_report_has_words_numbers_and_pictures(filled: Store) -> None:
    stray(filled)
    inputs, checked = check(filled)
    papers = topology.TopologyPapers(inputs, checked, checked.findings, "东旗")
    document = docx.Document(io.BytesIO(topology.topology_docx(papers, NOON, lambda *_: None)))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "9901005Q 号界桩偏离界线" in text
    assert len(document.inline_shapes) == min(len(checked.findings), 24)
    book = openpyxl.load_workbook(io.BytesIO(topology.topology_xlsx(papers)))
    assert book["问题"].max_row == len(checked.findings) + 1


def test_what_was_found_is_kept_until_the_next_write(filled: Store) -> None:
    first = topology.current_topology(filled, "county", 60.0)
    assert topology.current_topology(filled, "county", 60.0)[1] is first[1]
    stray(filled)
    second = topology.current_topology(filled, "county", 60.0)[1]
    assert second is not first[1]
    assert "marker_off_line" in {one.kind for one in second.findings}


def test_lines_that_ended_are_not_looked_at(filled: Store) -> None:
    with filled.write("tests", "end") as transaction:
        transaction.update(line, 1, 1, {"valid_to": NOON.date()})
    _, checked = check(filled)
    assert checked.lines == 0


def test_the_command_says_and_writes(filled: Store, tmp_path: Path, store_url: str) -> None:
    stray(filled)
    run = CliRunner()
    said = run.invoke(cli, ["topology", "--store", store_url, "--grade", "grave"])
    assert said.exit_code == 0, said.output
    assert "marker_off_line" in said.output
    target = tmp_path / "out.docx"
    ask = ["topology", "--store", store_url, "--within", "990101", "--json"]
    told = run.invoke(cli, [*ask, "--report", str(target)])
    assert '"checked"' in told.output
    assert target.read_bytes()[:2] == b"PK"
    wrong = run.invoke(cli, [*ask, "--report", str(tmp_path / "out.pdf")])
    assert wrong.exit_code == 2


def test_the_api_pages_findings_and_draws_them(filled: Store, client: FlaskClient) -> None:
    stray(filled)
    found = client.get("/topology?kind=marker_off_line").get_json()
    assert found["matched"] == 1
    assert found["summary"][0]["grave"] == 1
    (one,) = found["findings"]
    assert one["figures"]["off_m"] == pytest.approx(40.0, abs=0.5)
    picture = client.get(one["links"][0]["href"])
    assert picture.mimetype == "image/png"
    assert Image.open(io.BytesIO(picture.data)).width > 400
    first = client.get("/topology?limit=1").get_json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    second = client.get(following).get_json()
    assert second["findings"][0] != first["findings"][0]
    assert client.get("/topology?kind=wormhole").status_code == 400
    assert client.get("/topology?level=planet").status_code == 400
    assert client.get("/topology/9999/picture.png").status_code == 404
    assert client.get("/topology.xlsx?within=990101").data[:2] == b"PK"
    assert client.get("/topology.docx?grade=grave").data[:2] == b"PK"
    assert b"<html" in client.get("/topology?f=html").data
