"""The risk of lines on both stores: factors, index, table, map, report, command, address."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import orjson
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from boundary import risk
from boundary.line_tables import line_finding, line_section
from boundary.repair_tables import repair_order
from boundary.round_tables import joint_round, round_line
from boundary.tables import line, line_rendered
from data.errors import InvalidValue
from data.store import Store
from ovoo import cli

TODAY = date(2026, 11, 23)


def of(store: Store, **asked: str) -> list[risk.LineRisk]:
    with store.read() as connection:
        return risk.line_risks(connection, risk.RiskQuery(**asked), TODAY)


def trouble(store: Store) -> None:
    """Everything that counts, on the line between 东旗 and 西旗."""
    with store.write("tests", "trouble") as transaction:
        transaction.update(line, 1, 1, {"approved_on": date(2020, 5, 28), "state": "disputed"})
        for ordinal, state in enumerate(("agreed", "undetermined", "undetermined"), start=1):
            transaction.insert(
                line_section,
                {"line_id": 1, "ordinal": ordinal, "kind": "marker", "state": state}
                | {"length_m": 37_000.0},
            )
        for kind in ("linear_feature_changed", "dispute"):
            transaction.insert(
                line_finding, {"line_id": 1, "kind": kind, "text": "见闻", "state": "open"}
            )
        transaction.insert(
            repair_order,
            {"marker_id": 1, "marker_no": "9901001Q", "reason": "lost", "severity": 5}
            | {"state": "open", "opened_on": TODAY},
        )
        key = transaction.insert(
            joint_round,
            {"name": "洪水", "kind": "special", "state": "planned", "due_on": date(2026, 8, 1)},
        )
        transaction.insert(round_line, {"round_id": key, "line_id": 1})


def test_a_quiet_line_is_at_low_risk(filled: Store) -> None:
    (one,) = of(filled)
    assert one.grade == "low"
    assert one.values["overdue_round"] == 0.0
    assert one.values["sparse_markers"] == pytest.approx(111.0 / 5)


def test_each_factor_counts_what_is_on_record(filled: Store) -> None:
    trouble(filled)
    (one,) = of(filled)
    assert one.values["overdue_round"] == (TODAY - date(2025, 5, 28)).days
    assert one.values["open_repairs"] == 1.0
    assert one.values["disputes"] == 2.0
    assert one.values["undetermined"] == pytest.approx(2 / 3, abs=1e-3)
    assert one.values["events"] == 2.0
    assert one.grade == "high"
    assert one.index == pytest.approx(sum(one.parts.values()), abs=0.1)
    assert one.parts["disputes"] == 25.0
    assert one.parts["overdue_round"] == 25.0


def test_what_is_finished_counts_no_more(filled: Store) -> None:
    trouble(filled)
    with filled.write("tests", "done") as transaction:
        transaction.update(repair_order, 1, 1, {"state": "closed"})
        transaction.update(line_finding, 1, 1, {"state": "settled"})
    (one,) = of(filled)
    assert (one.values["open_repairs"], one.values["events"]) == (0.0, 1.0)


def test_lines_are_chosen_by_division_level_and_grade(filled: Store) -> None:
    trouble(filled)
    assert len(of(filled, within="990100")) == len(of(filled, level="county")) == 1
    assert of(filled, within="970000") == of(filled, level="province") == []
    assert len(of(filled, grade="high")) == 1
    with pytest.raises(InvalidValue, match="grade"):
        of(filled, grade="enormous")


def test_an_office_has_weights_of_its_own(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble(filled)
    (tmp_path / "risk_factors.csv").write_text(
        "code,zh,en,unit,weight,zero,full,mark,source\n"
        "events,事件,events,count,2,0,4,K,configuration of the office\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("OVOO_REFERENCE", str(tmp_path))
    (one,) = of(filled)
    assert one.index == 50.0
    assert list(one.parts) == ["events"]


@pytest.mark.parametrize("begins", ["=", "\t=", "＝", "'="])
def test_no_name_of_a_line_is_a_formula_of_the_table(filled: Store, begins: str) -> None:
    trouble(filled)
    (one, *_) = of(filled)
    table = risk.risk_csv([replace(one, name=f"{begins}1+1")]).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(table)))["name"] == f"'{begins}1+1"


def test_table_map_and_report_say_the_same(filled: Store) -> None:
    trouble(filled)
    found = of(filled)
    rows = list(csv.DictReader(io.StringIO(risk.risk_csv(found).decode("utf-8-sig"))))
    assert float(rows[0]["index"]) == found[0].index
    with filled.read() as connection:
        drawn = orjson.loads(risk.risk_features(connection, found))
        shapes = risk.line_shapes(connection, found)
    (feature,) = drawn["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["properties"]["grade"] == "high"
    made = risk.risk_docx(found, shapes, "", datetime(2026, 11, 23, tzinfo=UTC))
    document = docx.Document(io.BytesIO(made))
    assert "高风险 1 条" in "\n".join(one.text for one in document.paragraphs)
    assert len(document.inline_shapes) == 1


def test_the_address_and_the_command(
    filled: Store, client: FlaskClient, store_url: str, tmp_path: Path
) -> None:
    trouble(filled)
    document = client.get("/risk?within=990101").get_json()
    assert document["matched"] == 1
    assert "Σ" in document["formula"]
    assert document["factors"][0]["source"].startswith("configuration of the office")
    assert client.get("/risk.geojson").get_json(force=True)["features"][0]["id"] == 1
    assert client.get("/risk.csv").data.startswith("\ufeff".encode())
    assert client.get("/risk.docx").data[:2] == b"PK"
    assert client.get("/risk?grade=enormous").status_code == 400
    run = CliRunner()
    target = tmp_path / "r.geojson"
    said = run.invoke(cli, ["risk", "--store", store_url, "--report", str(target)])
    assert "高" in said.output, said.output
    assert orjson.loads(target.read_bytes())["features"]
    assert run.invoke(cli, ["risk", "--store", store_url, "--report", "x.pdf"]).exit_code == 2


def test_the_map_draws_lines_as_they_are_published(client: FlaskClient, filled: Store) -> None:
    misleading = ',"properties":{"geometry":null}'
    with filled.write("tests", "lines to draw") as transaction:
        given = {"level": "county", "name": misleading, "state": "agreed"}
        transaction.insert(line, given)
        drawn = transaction.connection.execute(select(line.c.geom).where(line.c.id == 1)).scalar()
        transaction.insert(line, given | {"geom": drawn})
        waiting = transaction.insert(line, given | {"geom": drawn})
    with filled.locked() as connection:
        connection.execute(delete(line_rendered).where(line_rendered.c.id == waiting))
    found = client.get("/risk.geojson").get_json(force=True)["features"]
    shapes = {one["id"]: one["geometry"] for one in found}
    items = client.get("/collections/lines/items?limit=10").get_json()["features"]
    published = {one["id"]: one["geometry"] for one in items}
    published[waiting] = published[1]
    assert shapes == published
    assert [key for key, shape in shapes.items() if shape is None] == [waiting - 2]
